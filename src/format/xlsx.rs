//! A workbook for spreadsheet programs. Numbers, exact days and truths are such cells; everything else is text, and no text
//! is ever a formula or a link. The rows go through a file, so that a million of them need little memory. What a workbook
//! cannot hold is told.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr as _;

use super::text::shown;
use super::{Remark, Sink, Tally, spool};
use crate::base::date::Date;
use crate::base::value::{Column, Value};

/// Limits of the file format (ECMA-376 and what Excel opens).
const ROWS: u32 = 1_048_576;
const COLUMNS: usize = 16_384;
/// In units of UTF-16.
const CELL: usize = 32_767;
/// Integers up to this are exact as a number of a workbook.
const EXACT: u64 = 1 << 53;
/// The first day that all programs count alike.
const FIRST_DAY: i64 = 19_000_301;
/// Columns are between so and so many letters wide.
const NARROW: usize = 8;
const WIDE: usize = 60;
/// The arrow of the filter takes so many letters in a heading.
const ARROW: usize = 3;

/// Writes a workbook.
pub struct Xlsx<'w> {
    out: &'w mut dyn Write,
    workbook: Workbook,
    columns: Vec<Column>,
    widths: Vec<usize>,
    styles: Styles,
    /// How many rows a sheet takes, the heading included.
    most: u32,
    sheets: usize,
    /// The next row in the last sheet.
    row: u32,
    rows: usize,
    lost: Lost,
}

struct Styles {
    heading: Format,
    whole: Format,
    day: Format,
}

/// What cannot be kept as it is.
#[derive(Default)]
struct Lost {
    cut: usize,
    /// Where the first one is: its row and its column.
    first_cut: Option<(usize, String)>,
    large: usize,
}

impl<'w> Xlsx<'w> {
    /// Writes to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self::with_rows(out, ROWS)
    }

    fn with_rows(out: &'w mut dyn Write, most: u32) -> Self {
        let styles = Styles {
            heading: Format::new().set_bold(),
            whole: Format::new().set_num_format("0"),
            day: Format::new().set_num_format("yyyy\\-mm\\-dd"),
        };
        let (workbook, columns, widths) = (Workbook::new(), Vec::new(), Vec::new());
        let lost = Lost::default();
        Self { out, workbook, columns, widths, styles, most, sheets: 0, row: 0, rows: 0, lost }
    }

    /// Begins another sheet, with the heading.
    fn sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name =
            if self.sheets == 1 { "Answer".to_owned() } else { format!("Answer {}", self.sheets) };
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (at, column) in (0_u16..).zip(&self.columns) {
            let (name, _) = fitting(&column.name);
            sheet.write_string_with_format(0, at, name, &self.styles.heading)?;
        }
        self.row = 1;
        Ok(())
    }

    fn write(&mut self, row: &[Value]) -> Result<(), XlsxError> {
        if self.row >= self.most {
            self.sheet()?;
        }
        let Self { workbook, styles, sheets, row: number, lost, .. } = self;
        let sheet = workbook.worksheet_from_index(*sheets - 1)?;
        for (at, value) in (0_u16..).zip(row) {
            let width = lost.write(sheet, (*number, at), value, styles)?;
            if let Some(widest) = self.widths.get_mut(usize::from(at)) {
                *widest = width.max(*widest);
            }
            if let (None, 1..) = (&lost.first_cut, lost.cut) {
                let column = self.columns.get(usize::from(at));
                let name = column.map(|column| column.name.clone()).unwrap_or_default();
                lost.first_cut = Some((self.rows + 1, name));
            }
        }
        self.row += 1;
        self.rows += 1;
        Ok(())
    }

    /// Sets what is known only now, and makes the file.
    fn finish(&mut self) -> Result<std::fs::File, XlsxError> {
        // The time would make two files of the same answer differ.
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(0);
        for index in 0..self.sheets {
            let last_row = if index + 1 == self.sheets { self.row } else { self.most } - 1;
            let sheet = self.workbook.worksheet_from_index(index)?;
            if !self.columns.is_empty() {
                sheet.autofilter(0, 0, last_row, last_column)?;
            }
            for (at, width) in (0_u16..).zip(&self.widths) {
                let width = u16::try_from((*width).clamp(NARROW, WIDE) + 1).unwrap_or(u16::MAX);
                sheet.set_column_width(at, width)?;
            }
        }
        let file = spool::file()?;
        self.workbook.save_to_writer(io::BufWriter::new(&file))?;
        Ok(file)
    }
}

impl Sink for Xlsx<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        if columns.len() > COLUMNS {
            let what = format!("a sheet holds {COLUMNS} columns, and these are {}", columns.len());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        self.columns = columns.to_vec();
        self.widths = columns.iter().map(|column| column.name.width() + ARROW).collect();
        spool::caught(|| self.sheet().map_err(failed))
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        spool::caught(|| self.write(row).map_err(failed))
    }

    fn end(&mut self) -> io::Result<Tally> {
        let file = spool::caught(|| self.finish().map_err(failed))?;
        spool::copy(file, self.out)?;
        Ok(Tally { cut: 0, remarks: self.lost.remarks(self.sheets) })
    }
}

impl Lost {
    /// Writes a cell; gives how wide it is.
    fn write(
        &mut self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        value: &Value,
        styles: &Styles,
    ) -> Result<usize, XlsxError> {
        match value {
            Value::Bool(yes) => sheet.write_boolean(row, at, *yes)?,
            #[expect(clippy::cast_precision_loss, reason = "it is exact up to there")]
            Value::Int(number) if number.unsigned_abs() <= EXACT => {
                sheet.write_number_with_format(row, at, *number as f64, &styles.whole)?
            }
            Value::Float(number) if number.is_finite() => sheet.write_number(row, at, *number)?,
            Value::Date(text) => match day(text) {
                Some(day) => sheet.write_datetime_with_format(row, at, &day, &styles.day)?,
                None => sheet.write_string(row, at, text)?,
            },
            Value::Null
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::DateTime(_)
            | Value::Duration(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Node(_)
            | Value::Edge(_)
            | Value::Path(_) => return self.write_text(sheet, (row, at), value),
        };
        Ok(shown(value).map_or(0, |text| text.len()))
    }

    fn write_text(
        &mut self,
        sheet: &mut Worksheet,
        (row, at): (u32, u16),
        value: &Value,
    ) -> Result<usize, XlsxError> {
        self.large += usize::from(matches!(value, Value::Int(_)));
        let Some(text) = shown(value) else { return Ok(0) };
        let (fits, cut) = fitting(&text);
        self.cut += usize::from(cut);
        sheet.write_string(row, at, fits)?;
        Ok(text.lines().map(|line| line.get(..WIDE).unwrap_or(line).width()).max().unwrap_or(0))
    }

    /// What the reader has to know.
    fn remarks(&self, sheets: usize) -> Vec<Remark> {
        let Self { cut, first_cut, large } = self;
        let mut remarks = Vec::new();
        if let Some((row, column)) = first_cut {
            let cells = if *cut == 1 {
                "1 text was cut".to_owned()
            } else {
                format!("{cut} texts were cut")
            };
            remarks.push(Remark {
                what: format!(
                    "{cells} to {CELL} characters, the most that a cell of xlsx holds: `{column}` in row {row}{}",
                    if *cut == 1 { "" } else { " first" }
                ),
                next: Some("csv and json hold texts of any length"),
            });
        }
        if *large > 0 {
            let numbers = if *large == 1 { "1 number is" } else { &format!("{large} numbers are") };
            remarks.push(Remark {
                what: format!(
                    "{numbers} written as text: beyond {EXACT} a cell of xlsx is not exact"
                ),
                next: None,
            });
        }
        if sheets > 1 {
            remarks.push(Remark {
                what: format!("the rows go over {sheets} sheets: one holds {} of them", ROWS - 1),
                next: None,
            });
        }
        remarks
    }
}

/// As much of a text as a cell holds, and whether something is cut.
fn fitting(text: &str) -> (String, bool) {
    let mut units = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        units += c.len_utf16();
        (units > CELL).then_some(at)
    });
    match end.and_then(|end| text.get(..end)) {
        Some(fits) => (fits.to_owned(), true),
        None => (text.to_owned(), false),
    }
}

/// A date that is one certain day.
fn day(text: &str) -> Option<ExcelDateTime> {
    let day = Date::parse(text).ok()?.exact().filter(|day| *day >= FIRST_DAY)?;
    let part = |number: i64| u8::try_from(number).ok();
    let year = u16::try_from(day / 10_000).ok()?;
    ExcelDateTime::from_ymd(year, part(day / 100 % 100)?, part(day % 100)?).ok()
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _};

    use super::*;
    use crate::base::value::Holds;
    use crate::format::samples::{HOSTILE, text};

    fn written(most: u32, names: &[&str], rows: &[Vec<Value>]) -> (Vec<u8>, Vec<Remark>) {
        let mut out = Vec::new();
        let columns: Vec<Column> = names.iter().map(|name| Column::any(name)).collect();
        let mut sink = Xlsx::with_rows(&mut out, most);
        sink.begin(&columns).unwrap();
        for row in rows {
            sink.row(row).unwrap();
        }
        let tally = sink.end().unwrap();
        drop(sink);
        (out, tally.remarks)
    }

    fn read(bytes: &[u8], sheet: &str) -> Vec<Vec<Data>> {
        let mut workbook = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = workbook.worksheet_range(sheet).unwrap();
        range.rows().map(<[Data]>::to_vec).collect()
    }

    #[test]
    fn values_come_back_with_their_types() {
        let rows = [vec![
            text("Marco Rubio"),
            Value::Int(-3),
            Value::Float(0.5),
            Value::Bool(true),
            Value::Date("2025-11-22".to_owned()),
            Value::Date("[..2025-11-22]".to_owned()),
            Value::Date("1899-12-31".to_owned()),
            Value::Null,
            text("007"),
            Value::List(vec![text("a"), text("b")]),
            Value::Float(f64::INFINITY),
        ]];
        let (bytes, remarks) =
            written(ROWS, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"], &rows);
        let sheet = read(&bytes, "Answer");
        let string = |text: &str| Data::String(text.to_owned());
        assert_eq!(sheet[0][0], string("a"));
        let row = &sheet[1];
        assert_eq!(
            (&row[0], &row[1], &row[2]),
            (&string("Marco Rubio"), &Data::Float(-3.0), &Data::Float(0.5))
        );
        assert_eq!(row[3], Data::Bool(true));
        let Data::DateTime(day) = &row[4] else { panic!("a day: {:?}", row[4]) };
        assert_eq!(day.to_ymd_hms_milli(), (2025, 11, 22, 0, 0, 0, 0));
        assert_eq!((&row[5], &row[6]), (&string("[..2025-11-22]"), &string("1899-12-31")));
        assert_eq!((&row[7], &row[8], &row[9]), (&Data::Empty, &string("007"), &string("a; b")));
        assert_eq!(row[10], string("inf"));
        assert!(remarks.is_empty());
    }

    #[test]
    fn no_text_is_a_formula_or_a_link() {
        let texts = [
            "=1+1",
            "{=1}",
            "https://example.org",
            "mailto:a@b",
            "'x",
            "_x0041_",
            "</script>&amp;",
            HOSTILE,
        ];
        let rows: Vec<Vec<Value>> = texts.iter().map(|one| vec![text(one)]).collect();
        let (bytes, _) = written(ROWS, &["=x"], &rows);
        let sheet = read(&bytes, "Answer");
        for (row, expected) in sheet.iter().zip(["=x"].iter().chain(&texts)) {
            assert_eq!(row[0], Data::String((*expected).to_owned()));
        }
        let mut workbook = calamine::Xlsx::new(Cursor::new(&bytes)).unwrap();
        let formulas = workbook.worksheet_formula("Answer").unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty));
    }

    #[test]
    fn what_a_cell_cannot_hold_is_told() {
        let large = i64::try_from(EXACT).unwrap();
        let rows = [
            vec![Value::Int(large), text("short")],
            vec![Value::Int(large + 1), text(&"👩".repeat(20_000))],
        ];
        let (bytes, remarks) = written(ROWS, &["n", "c.text"], &rows);
        let sheet = read(&bytes, "Answer");
        assert_eq!(sheet[1][0], Data::Float(9_007_199_254_740_992.0));
        assert_eq!(sheet[2][0], Data::String("9007199254740993".to_owned()));
        let Data::String(cut) = &sheet[2][1] else { panic!("a text") };
        assert_eq!(cut.chars().count(), CELL / 2, "no character is cut in two");
        let told: Vec<&str> = remarks.iter().map(|remark| remark.what.as_str()).collect();
        assert_eq!(
            told,
            [
                "1 text was cut to 32767 characters, the most that a cell of xlsx holds: `c.text` in row 2",
                "1 number is written as text: beyond 9007199254740992 a cell of xlsx is not exact",
            ]
        );
    }

    #[test]
    fn rows_beyond_a_sheet_go_into_the_next_one() {
        let rows: Vec<Vec<Value>> = (0..7).map(|number| vec![Value::Int(number)]).collect();
        let (bytes, remarks) = written(4, &["n"], &rows);
        for (sheet, expected) in [
            ("Answer", vec![0.0, 1.0, 2.0]),
            ("Answer 2", vec![3.0, 4.0, 5.0]),
            ("Answer 3", vec![6.0]),
        ] {
            let rows = read(&bytes, sheet);
            assert_eq!(rows[0][0], Data::String("n".to_owned()));
            let numbers: Vec<Data> = rows[1..].iter().map(|row| row[0].clone()).collect();
            assert_eq!(numbers, expected.into_iter().map(Data::Float).collect::<Vec<_>>());
        }
        assert!(remarks[0].what.contains("3 sheets"));
    }

    #[test]
    fn two_files_of_one_answer_are_the_same() {
        let rows = [vec![text("a"), Value::Int(1)]];
        assert_eq!(written(ROWS, &["x", "y"], &rows).0, written(ROWS, &["x", "y"], &rows).0);
        assert!(written(ROWS, &[], &[]).0.starts_with(b"PK"));
    }

    #[test]
    fn a_long_text_is_measured_at_a_letter() {
        let (bytes, _) = written(ROWS, &["x"], &[vec![text(&"é👩".repeat(100))]]);
        assert_eq!(read(&bytes, "Answer")[1][0], Data::String("é👩".repeat(100)));
    }

    #[test]
    fn too_many_columns_are_refused() {
        let mut out = Vec::new();
        let columns: Vec<Column> =
            (0..=COLUMNS).map(|at| Column { name: at.to_string(), holds: Holds::Any }).collect();
        assert!(Xlsx::new(&mut out).begin(&columns).is_err());
    }
}
