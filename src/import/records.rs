//! Reads delimited text in a stream: one record at a time, with true line numbers and firm limits.
//! Knows nothing of what the cells mean.

use std::io::{self, BufRead};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// What stands between cells.
    pub(crate) delimiter: u8,
    /// Whether a cell may stand in quotation marks.
    pub(crate) quoting: bool,
    /// Whether the first record names the columns, so that empty cells at its end are none.
    pub(crate) heading: bool,
}

impl Dialect {
    /// Cells between which this stands, below a heading, in quotation marks where they need them.
    pub(crate) const fn between(delimiter: u8) -> Self {
        Self { delimiter, quoting: true, heading: true }
    }
}

/// Why a record cannot be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The record is no good; the next one may be.
    Record(Blame),
    /// Nothing behind this place can be trusted.
    File(Blame),
    /// The operating system refused.
    Io(io::Error),
}

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Blame {
    pub(crate) line: u64,
    pub(crate) reason: String,
    pub(crate) suggestion: Option<String>,
}

/// The longest cell.
const MAX_FIELD: usize = 1 << 20;
/// The longest record.
const MAX_RECORD: usize = 8 << 20;

/// Anything that gives records one after the other: delimited text, a worksheet, lines of JSON.
pub(crate) trait Rows {
    /// Reads the next record that is not blank; false at the end.
    fn advance(&mut self) -> Result<bool, Fault>;
    /// The record read last.
    fn record(&self) -> &Record;
    /// How many bytes of the file were read so far.
    fn bytes_read(&self) -> u64;
    /// What is worth saying of the whole once it was read.
    fn remark(&self) -> Option<String> {
        None
    }
}

impl<R: BufRead> Rows for Records<R> {
    fn advance(&mut self) -> Result<bool, Fault> {
        self.next()
    }

    fn record(&self) -> &Record {
        &self.record
    }

    fn bytes_read(&self) -> u64 {
        self.read
    }
}

/// A file of delimited text being read.
pub(crate) struct Records<R> {
    input: R,
    dialect: Dialect,
    record: Record,
    bytes: Vec<u8>,
    next_line: u64,
    read: u64,
    started: bool,
    /// Whether the last record ended with a carriage return, so that a line feed behind it belongs to that end.
    returned: bool,
    /// How many cells the first record has.
    width: Option<usize>,
}

/// The record read last.
#[derive(Debug, Default)]
pub(crate) struct Record {
    text: String,
    ends: Vec<usize>,
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    /// Its number among the records, as a spreadsheet counts rows.
    pub(crate) row: u64,
    /// Whether blanks around a cell belong to it.
    exact: bool,
}

impl Record {
    /// An empty record with this place, to be filled by `push`.
    pub(crate) fn at(line: u64, row: u64) -> Self {
        Self { line, row, ..Self::default() }
    }

    /// The same, of cells that are taken as they are, blanks around them included.
    pub(crate) fn exact(line: u64) -> Self {
        Self { exact: true, ..Self::at(line, line) }
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// How many cells it has.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, as written.
    pub(crate) fn raw(&self, index: usize) -> &str {
        let start =
            index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    /// A cell, without blanks around it unless they belong to it.
    pub(crate) fn cell(&self, index: usize) -> &str {
        let raw = self.raw(index);
        if self.exact { raw } else { raw.trim() }
    }

    /// All cells, without blanks around them.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.cell(index))
    }

    /// Whether all of its cells are empty.
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it is the line before the first record by which a spreadsheet program is told what stands between cells.
    fn tells_delimiter(&self) -> bool {
        let (first, second) = (self.raw(0), self.raw(1));
        self.line == 1
            && second.is_empty()
            && match self.len() {
                1 => told_delimiter(first.as_bytes()).is_some(),
                2 => first.eq_ignore_ascii_case(TELLS),
                _ => false,
            }
    }

    /// Drops empty cells at the end, as spreadsheet programs write them, but for the first so many.
    fn drop_empty_tail(&mut self, keep: usize) {
        while self.len() > keep && self.cell(self.len() - 1).is_empty() {
            self.ends.pop();
            self.text.truncate(self.ends.last().copied().unwrap_or(0));
        }
    }
}

const TELLS: &str = "sep=";

/// The delimiter that a first line tells, such as `sep=;`: European spreadsheet programs write it.
pub(crate) fn told_delimiter(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line.split_at_checked(TELLS.len())? {
        (tells, [delimiter])
            if tells.eq_ignore_ascii_case(TELLS.as_bytes())
                && (delimiter.is_ascii_punctuation() || matches!(delimiter, b'\t' | b' ')) =>
        {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// Where the reader stands inside a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first character of a cell.
    Start,
    /// In a cell without quotation marks.
    Plain,
    /// In a cell that was opened by a quotation mark on this line.
    Quoted(u64),
    /// Behind a quotation mark in such a cell.
    Closed(u64),
}

/// What the bytes seen so far amount to.
enum Step {
    More(State),
    Done,
    Failed(Fault),
}

impl<R: BufRead> Records<R> {
    /// Starts at the first record.
    pub(crate) fn new(input: R, dialect: Dialect) -> Self {
        let (record, bytes) = (Record::default(), Vec::new());
        Self {
            input,
            dialect,
            record,
            bytes,
            next_line: 1,
            read: 0,
            started: false,
            returned: false,
            width: None,
        }
    }

    fn next(&mut self) -> Result<bool, Fault> {
        loop {
            if !self.read_one()? {
                return Ok(false);
            }
            if !self.record.is_blank() && !self.record.tells_delimiter() {
                let keep = self.width.unwrap_or(if self.dialect.heading { 0 } else { usize::MAX });
                self.record.drop_empty_tail(keep);
                self.width.get_or_insert(self.record.len());
                return Ok(true);
            }
        }
    }

    fn read_one(&mut self) -> Result<bool, Fault> {
        if !self.started {
            self.started = true;
            self.skip_mark()?;
        }
        self.skip_line_feed()?;
        self.bytes.clear();
        self.record.ends.clear();
        self.record.text.clear();
        self.record.line = self.next_line;
        self.record.row += 1;
        let mut state = State::Start;
        loop {
            let chunk = self.input.fill_buf().map_err(Fault::Io)?;
            if chunk.is_empty() {
                return self.at_end(state);
            }
            let mut scan = Scan {
                dialect: self.dialect,
                bytes: &mut self.bytes,
                ends: &mut self.record.ends,
                line: &mut self.next_line,
                returned: &mut self.returned,
            };
            let (used, step) = scan.run(chunk, state);
            self.input.consume(used);
            self.read += u64::try_from(used).unwrap_or(0);
            match step {
                Step::More(next) => state = next,
                Step::Done => return self.finish(),
                Step::Failed(fault) => return Err(fault),
            }
        }
    }

    /// Skips the second half of the end of a line.
    fn skip_line_feed(&mut self) -> Result<(), Fault> {
        if std::mem::take(&mut self.returned)
            && self.input.fill_buf().map_err(Fault::Io)?.first() == Some(&b'\n')
        {
            self.input.consume(1);
            self.read += 1;
        }
        Ok(())
    }

    /// Skips a byte order mark of UTF-8; names UTF-16.
    fn skip_mark(&mut self) -> Result<(), Fault> {
        let chunk = self.input.fill_buf().map_err(Fault::Io)?;
        let pairs = chunk.iter().take(64);
        let nuls = pairs.clone().filter(|byte| **byte == 0).count();
        let wide = chunk.starts_with(&[0xFF, 0xFE])
            || chunk.starts_with(&[0xFE, 0xFF])
            || nuls * 3 > pairs.len();
        if wide {
            return Err(Fault::File(Blame {
                line: 1,
                reason: "the file is UTF-16, not UTF-8".to_owned(),
                suggestion: Some("save it as UTF-8 (in Excel: CSV UTF-8)".to_owned()),
            }));
        }
        if chunk.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.input.consume(3);
            self.read += 3;
        }
        Ok(())
    }

    fn at_end(&mut self, state: State) -> Result<bool, Fault> {
        match state {
            State::Quoted(line) => Err(Fault::File(unterminated(line))),
            State::Start if self.bytes.is_empty() && self.record.ends.is_empty() => Ok(false),
            State::Start | State::Plain | State::Closed(_) => {
                self.record.ends.push(self.bytes.len());
                self.finish()
            }
        }
    }

    fn finish(&mut self) -> Result<bool, Fault> {
        let line = self.record.line;
        let blame = |reason: &str, suggestion: &str| {
            let suggestion = Some(suggestion.to_owned());
            Err(Fault::Record(Blame { line, reason: reason.to_owned(), suggestion }))
        };
        if self.bytes.contains(&0) {
            return blame("the row holds a NUL character", "remove it");
        }
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => self.record.text.push_str(text),
            Err(_) => return blame("the row is not valid UTF-8", "save the file as UTF-8"),
        }
        Ok(true)
    }
}

fn unterminated(line: u64) -> Blame {
    Blame {
        line,
        reason: "a quotation mark is opened here and never closed".to_owned(),
        suggestion: Some("close it, or write two for one that is meant as such".to_owned()),
    }
}

/// Works through one chunk of bytes.
struct Scan<'a> {
    dialect: Dialect,
    bytes: &'a mut Vec<u8>,
    ends: &'a mut Vec<usize>,
    line: &'a mut u64,
    returned: &'a mut bool,
}

impl Scan<'_> {
    /// How many bytes were used, and what they amount to.
    fn run(&mut self, chunk: &[u8], mut state: State) -> (usize, Step) {
        let mut at = 0;
        while let Some(byte) = chunk.get(at).copied() {
            if let Some(fault) = self.too_long(state) {
                return (at, Step::Failed(fault));
            }
            match state {
                State::Quoted(opened) => {
                    let rest = chunk.get(at..).unwrap_or_default();
                    let run = rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len());
                    self.take(rest.get(..run).unwrap_or_default());
                    at += run;
                    if run < rest.len() {
                        state = State::Closed(opened);
                        at += 1;
                    }
                }
                State::Closed(opened) if byte == b'"' => {
                    self.bytes.push(b'"');
                    state = State::Quoted(opened);
                    at += 1;
                }
                State::Start if byte == b'"' && self.dialect.quoting => {
                    state = State::Quoted(*self.line);
                    at += 1;
                }
                State::Start | State::Plain | State::Closed(_)
                    if byte == self.dialect.delimiter =>
                {
                    self.ends.push(self.bytes.len());
                    state = State::Start;
                    at += 1;
                }
                State::Start | State::Plain | State::Closed(_) if matches!(byte, b'\n' | b'\r') => {
                    self.ends.push(self.bytes.len());
                    *self.line += 1;
                    *self.returned = byte == b'\r';
                    return (at + 1, Step::Done);
                }
                State::Closed(opened) => return (at, Step::Failed(Fault::File(stray(opened)))),
                State::Start | State::Plain => {
                    let rest = chunk.get(at..).unwrap_or_default();
                    let delimiter = self.dialect.delimiter;
                    let special =
                        |byte: &u8| *byte == delimiter || *byte == b'\n' || *byte == b'\r';
                    let run = rest.iter().position(special).unwrap_or(rest.len());
                    self.bytes.extend_from_slice(rest.get(..run).unwrap_or_default());
                    state = State::Plain;
                    at += run;
                }
            }
        }
        (at, self.too_long(state).map_or(Step::More(state), Step::Failed))
    }

    fn take(&mut self, run: &[u8]) {
        let breaks = run.split(|byte| *byte == b'\n').count() - 1;
        *self.line += u64::try_from(breaks).unwrap_or(0);
        self.bytes.extend_from_slice(run);
    }

    fn too_long(&self, state: State) -> Option<Fault> {
        let line = if let State::Quoted(line) = state { line } else { *self.line };
        let field = self.bytes.len() - self.ends.last().copied().unwrap_or(0);
        let what = match (field > MAX_FIELD, self.bytes.len() > MAX_RECORD) {
            (true, _) => "a cell is longer than 1 MiB",
            (_, true) => "a row is longer than 8 MiB",
            (false, false) => return None,
        };
        let suggestion = Some("a quotation mark that is not closed may be the reason".to_owned());
        Some(Fault::File(Blame { line, reason: what.to_owned(), suggestion }))
    }
}

fn stray(line: u64) -> Blame {
    Blame {
        line,
        reason: "text follows a closing quotation mark".to_owned(),
        suggestion: Some(
            "write a quotation mark inside a cell twice, or set `quoting = false` in a mapping"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Dialect = Dialect::between(b',');

    fn read(text: &[u8]) -> Result<Vec<(u64, Vec<String>)>, String> {
        let mut records = Records::new(io::BufReader::with_capacity(3, text), CSV);
        let mut all = Vec::new();
        loop {
            match records.advance() {
                Ok(false) => return Ok(all),
                Ok(true) => {
                    let record = records.record();
                    let cells =
                        (0..record.len()).map(|index| record.raw(index).to_owned()).collect();
                    all.push((record.line, cells));
                }
                Err(Fault::File(blame) | Fault::Record(blame)) => {
                    return Err(format!("{}: {}", blame.line, blame.reason));
                }
                Err(Fault::Io(error)) => return Err(error.to_string()),
            }
        }
    }

    fn check(text: &str, expected: &[(u64, &[&str])]) {
        let expected: Vec<(u64, Vec<String>)> = expected
            .iter()
            .map(|(line, cells)| (*line, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect();
        assert_eq!(read(text.as_bytes()), Ok(expected), "{text}");
    }

    #[test]
    fn cells_lines_and_quotation_marks_are_read() {
        check("a,b\nc,d\n", &[(1, &["a", "b"]), (2, &["c", "d"])]);
        check(
            "\u{FEFF}a,\r\n\r\n\"x\ny\",\"say \"\"so\"\"\"\nlast",
            &[(1, &["a"]), (3, &["x\ny", "say \"so\""]), (5, &["last"])],
        );
        check("a\"b,c\n,\"\"\nx,\"\"", &[(1, &["a\"b", "c"]), (3, &["x", ""])]);
        check("", &[]);
    }

    #[test]
    fn empty_cells_at_the_end_are_none_where_the_heading_has_none() {
        check(
            "a,b,,\n1,,,\n,,,\n1,2,3,\n",
            &[(1, &["a", "b"]), (2, &["1", ""]), (4, &["1", "2", "3"])],
        );
        let plain = Dialect { heading: false, ..CSV };
        let mut records = Records::new("1,,\n1,2,3,,\n".as_bytes(), plain);
        for _ in 0..2 {
            assert!(matches!(records.advance(), Ok(true)));
            assert_eq!(records.record().len(), 3);
        }
    }

    #[test]
    fn a_line_may_end_with_a_carriage_return_alone() {
        check(
            "a,b\rc,d\r\r\ne,\"f\rg\"\r",
            &[(1, &["a", "b"]), (2, &["c", "d"]), (4, &["e", "f\rg"])],
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        assert_eq!(
            read(b"a\n\"b\nc"),
            Err("2: a quotation mark is opened here and never closed".to_owned())
        );
        assert_eq!(read(b"a\n\"b\"c"), Err("2: text follows a closing quotation mark".to_owned()));
        assert_eq!(read(b"a\nb\0"), Err("2: the row holds a NUL character".to_owned()));
        assert_eq!(read(b"a\n\xFF"), Err("2: the row is not valid UTF-8".to_owned()));
        assert_eq!(read(b"\xFF\xFEa\0"), Err("1: the file is UTF-16, not UTF-8".to_owned()));
        assert_eq!(read(&vec![b'x'; 2 << 20]), Err("1: a cell is longer than 1 MiB".to_owned()));
    }
}
