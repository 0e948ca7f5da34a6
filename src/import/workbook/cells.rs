//! The cells of a worksheet as rows of text, one row at a time. A day becomes a day, a number is written as people do; what
//! has no text of its own, such as an error, is refused with the name of its cell.

use std::cell::Cell;
use std::io::{Read, Seek};
use std::rc::Rc;

use calamine::{DataRef, ExcelDateTime, XlsxCellFormulaMetadataRecord as Told, XlsxCellReader};

use super::layout::{Layout, Shown};
use super::range;
use crate::base::count::counted;
use crate::import::records::{Blame, Fault, Record, Rows};

/// The most columns that are read.
const COLUMNS: u32 = 1024;
/// The longest cell, as in delimited text.
const MAX_CELL: usize = 1 << 20;
/// The longest row.
const MAX_ROW: usize = 8 << 20;

/// The rows of one worksheet.
pub(super) struct Cells<'b, R: Read + Seek> {
    reader: XlsxCellReader<'b, R>,
    /// The first cell of the next row.
    ahead: Option<Told<'b>>,
    ended: bool,
    /// What was met while looking for the end of a row.
    fault: Option<Fault>,
    record: Record,
    /// How many cells the first row has.
    width: Option<usize>,
    /// The row read last, from 1.
    last: u64,
    /// Cells whose time of day was left out.
    times: u64,
    /// Cells that show a month or a year, and of which no more was taken.
    coarse: u64,
    layout: Layout,
    read: Rc<Cell<u64>>,
    before: u64,
}

/// A text, and whether a time of day was left out of it; or why there is none.
type Written = Result<(String, bool), (String, &'static str)>;

impl<'b, R: Read + Seek> Cells<'b, R> {
    pub(super) fn new(reader: XlsxCellReader<'b, R>, layout: Layout, read: Rc<Cell<u64>>) -> Self {
        let (record, before) = (Record::default(), read.get());
        Self {
            reader,
            ahead: None,
            ended: false,
            fault: None,
            record,
            width: None,
            last: 0,
            times: 0,
            coarse: 0,
            layout,
            read,
            before,
        }
    }

    /// The next cell that holds something.
    fn next(&mut self) -> Result<Option<Told<'b>>, Fault> {
        if let Some(told) = self.ahead.take() {
            return Ok(Some(told));
        }
        while !self.ended {
            match self.reader.next_cell_with_formula_metadata() {
                Ok(Some(told)) if is_blank(&told) => {}
                Ok(Some(told)) => return Ok(Some(told)),
                Ok(None) => self.ended = true,
                Err(error) => {
                    let reason = format!("the worksheet cannot be read from here: {error}");
                    return Err(broken(self.last + 1, reason));
                }
            }
        }
        Ok(None)
    }

    /// Reads the row that begins with this cell.
    fn row(&mut self, first: Told<'b>) -> Result<(), Fault> {
        let row = first.pos.0;
        let line = u64::from(row) + 1;
        if line <= self.last {
            return Err(broken(line, "the rows of the worksheet are out of order".to_owned()));
        }
        self.last = line;
        self.record = Record::at(line, line);
        let (mut size, mut blame) = (0, None);
        let mut next = Some(first);
        while let Some(told) = next {
            if told.pos.0 != row {
                self.ahead = Some(told);
                break;
            }
            let name = range::name(row, told.pos.1);
            let text = self.fit(line, &told, &name)?;
            let text = text.unwrap_or_else(|wrong| {
                blame.get_or_insert(wrong);
                String::new()
            });
            size += text.len();
            if size > MAX_ROW {
                return Err(broken(line, "a row is longer than 8 MiB".to_owned()));
            }
            self.record.push(&text);
            next = self.next().unwrap_or_else(|fault| {
                self.fault = Some(fault);
                None
            });
        }
        let is_first = self.width.is_none();
        let width = *self.width.get_or_insert(self.record.len());
        while self.record.len() < width {
            self.record.push("");
        }
        let hidden = self.layout.hidden(row, u32::try_from(width).unwrap_or(COLUMNS));
        if let Some((cells, first)) = hidden.filter(|_| !is_first) {
            blame.get_or_insert_with(|| Blame {
                line,
                reason: format!(
                    "the cells {cells} are merged, so that only {first} holds their content"
                ),
                suggestion: Some("part them, and write it into each".to_owned()),
            });
        }
        match blame {
            None => Ok(()),
            // Without a heading, nothing behind it can be understood.
            Some(blame) if is_first => Err(Fault::File(blame)),
            Some(blame) => Err(Fault::Record(blame)),
        }
    }

    /// The text of a cell, with the empty ones before it filled in; or what is wrong with it.
    fn fit(
        &mut self,
        line: u64,
        told: &Told<'b>,
        name: &str,
    ) -> Result<Result<String, Blame>, Fault> {
        let column = usize::try_from(told.pos.1).unwrap_or(usize::MAX);
        if told.pos.1 >= COLUMNS {
            let reason =
                format!("the cell {name} is too far to the right: {COLUMNS} columns are read");
            return Err(broken(line, reason));
        }
        if column < self.record.len() {
            return Err(broken(line, format!("the cell {name} is out of order")));
        }
        let blame = |reason: String, suggestion: &str| {
            Ok(Err(Blame { line, reason, suggestion: Some(suggestion.to_owned()) }))
        };
        if self.width.is_some_and(|width| column >= width) {
            let reason = format!("the cell {name} stands right of the last cell of the first row");
            return blame(reason, "give its column a heading, or empty it");
        }
        while self.record.len() < column {
            self.record.push("");
        }
        match written(told) {
            Ok((text, _)) if self.layout.shown(told.pos).is_some() => {
                Ok(Ok(self.as_shown(told.pos, text)))
            }
            Ok((text, _)) if text.len() > MAX_CELL => {
                blame(format!("the cell {name} is longer than 1 MiB"), "shorten it")
            }
            Ok((text, _)) if text.contains('\0') => {
                blame(format!("the cell {name} holds a NUL character"), "remove it")
            }
            Ok((text, had_time)) => {
                self.times += u64::from(had_time);
                Ok(Ok(text))
            }
            Err((what, help)) => blame(format!("the cell {name} holds {what}"), help),
        }
    }
}

impl<R: Read + Seek> Cells<'_, R> {
    /// A day as far as its cell shows it. A day that is not the first says more than the cell, and stays.
    fn as_shown(&mut self, place: (u32, u32), day: String) -> String {
        let kept = match self.layout.shown(place) {
            Some(Shown::Month) => day.strip_suffix("-01"),
            Some(Shown::Year) => day.strip_suffix("-01-01"),
            None => None,
        };
        self.coarse += u64::from(kept.is_some());
        kept.map(str::to_owned).unwrap_or(day)
    }
}

impl<R: Read + Seek> Rows for Cells<'_, R> {
    fn advance(&mut self) -> Result<bool, Fault> {
        if let Some(fault) = self.fault.take() {
            self.ended = true;
            return Err(fault);
        }
        match self.next()? {
            None => Ok(false),
            Some(first) => self.row(first).map(|()| true),
        }
    }

    fn record(&self) -> &Record {
        &self.record
    }

    fn bytes_read(&self) -> u64 {
        self.read.get().saturating_sub(self.before)
    }

    fn remark(&self) -> Option<String> {
        let (times, coarse) = (self.times, self.coarse);
        let has = |count: u64, one: &str, several: &str, rest: &str| {
            let verb = if count == 1 { one } else { several };
            (count > 0).then(|| format!("{} {verb} {rest}", counted(count, "cell")))
        };
        let told = [
            has(times, "holds", "hold", "a time of day besides the day; only the day was taken"),
            has(coarse, "shows", "show", "a month or a year only, and no more was taken"),
        ];
        let told: Vec<String> = told.into_iter().flatten().collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

/// Nothing behind this line can be trusted.
fn broken(line: u64, reason: String) -> Fault {
    Fault::File(Blame { line, reason, suggestion: None })
}

/// Whether a cell holds nothing, not even a formula.
fn is_blank(told: &Told<'_>) -> bool {
    let no_text = match &told.value {
        DataRef::Empty => true,
        DataRef::String(text) => text.is_empty(),
        DataRef::SharedString(text) => text.is_empty(),
        _ => return false,
    };
    no_text && (told.formula.is_none() || told.value != DataRef::Empty)
}

/// The text of a cell.
fn written(told: &Told<'_>) -> Written {
    let plain = |text: String| Ok((text, false));
    match &told.value {
        DataRef::String(text) => plain(text.clone()),
        DataRef::SharedString(text) => plain((*text).to_owned()),
        DataRef::Int(number) => plain(number.to_string()),
        DataRef::Float(number) => plain(number_text(*number)),
        DataRef::Bool(value) => plain(value.to_string()),
        DataRef::DateTime(moment) => day(moment),
        DataRef::DateTimeIso(text) => iso_day(text),
        DataRef::DurationIso(text) => {
            Err((format!("a length of time, {text}"), "write it as text"))
        }
        DataRef::Error(error) => {
            Err((format!("the error {error}"), "mend the formula, or write what is meant"))
        }
        DataRef::Empty => Err((
            "a formula without its result".to_owned(),
            "open the workbook in a spreadsheet program and save it, so that results are kept",
        )),
    }
}

/// A number as people write it: no `.0`, all its digits.
fn number_text(number: f64) -> String {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.abs() < WHOLE { number.to_string() } else { format!("{number:e}") }
}

/// A day that a spreadsheet keeps as a number, in EDTF. The calendar from 1900 has a 29 February 1900, which never was.
fn day(moment: &ExcelDateTime) -> Written {
    let value = moment.as_f64();
    if moment.is_duration() {
        return Err(("a length of time, which is no day".to_owned(), "write it as text"));
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let has_time = (hour, minute, second, milli) != (0, 0, 0, 0);
    if value < 1.0 && has_time {
        return Err(("a time of day without a day".to_owned(), "write it as text"));
    }
    let is_none =
        !(0.0..2_958_466.0).contains(&value) || (year, month, day) == (1900, 2, 29) || year < 1900;
    if is_none {
        let what = format!("{} as a day, which is none", number_text(value));
        return Err((what, "write it as in 2025-11-22"));
    }
    Ok((format!("{year:04}-{month:02}-{day:02}"), has_time))
}

/// The day of a moment that is written in ISO 8601.
fn iso_day(text: &str) -> Written {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let zero = time.trim_end_matches('Z').chars().all(|c| matches!(c, '0' | ':' | '.'));
    if day.is_empty() {
        return Err(("a time of day without a day".to_owned(), "write it as text"));
    }
    Ok((day.to_owned(), !zero))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn numbers_are_written_as_people_do() {
        for (number, expected) in [
            (12.0, "12"),
            (-3.0, "-3"),
            (0.1, "0.1"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
            (1e300, "1e300"),
        ] {
            assert_eq!(number_text(number), expected);
        }
    }

    fn check(value: f64, is_1904: bool, expected: Result<(&str, bool), &str>) {
        let found = day(&ExcelDateTime::new(value, DateTime, is_1904));
        let found = found.map_err(|(what, _)| what);
        let expected = expected.map(|(day, cut)| (day.to_owned(), cut));
        assert_eq!(found, expected.map_err(str::to_owned), "{value} {is_1904}");
    }

    #[test]
    fn days_of_both_calendars_are_days() {
        check(45983.0, false, Ok(("2025-11-22", false)));
        check(45983.5, false, Ok(("2025-11-22", true)));
        check(44521.0, true, Ok(("2025-11-22", false)));
        check(1.0, false, Ok(("1900-01-01", false)));
        check(59.0, false, Ok(("1900-02-28", false)));
        check(60.0, false, Err("60 as a day, which is none"));
        check(61.0, false, Ok(("1900-03-01", false)));
        check(0.0, true, Ok(("1904-01-01", false)));
        check(0.5, false, Err("a time of day without a day"));
        check(0.0, false, Err("0 as a day, which is none"));
        check(-1.0, false, Err("-1 as a day, which is none"));
        check(1e12, false, Err("1000000000000 as a day, which is none"));
        let length = day(&ExcelDateTime::new(1.5, TimeDelta, false));
        assert!(length.is_err());
    }

    #[test]
    fn moments_as_text_are_cut_to_their_day() {
        assert_eq!(iso_day("2025-11-22T00:00:00Z"), Ok(("2025-11-22".to_owned(), false)));
        assert_eq!(iso_day("2025-11-22T10:30:00"), Ok(("2025-11-22".to_owned(), true)));
        assert_eq!(iso_day("2025-11"), Ok(("2025-11".to_owned(), false)));
        assert!(iso_day("T10:30").is_err());
    }
}
