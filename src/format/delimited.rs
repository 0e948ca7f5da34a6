//! CSV and TSV: the values as they are, for other programs. Nothing is cleaned or cut.

use std::io::{self, Write};

use super::text::shown;
use super::{Heading, Sink, Tally};
use crate::base::value::{Column, Value};

/// How fields are kept apart.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    separator: char,
    escape: fn(&str) -> String,
    /// What an empty text is written as, so that it is not taken for null.
    empty: &'static str,
}

/// Commas, quotes as in RFC 4180; an empty text is `""`, null is nothing.
pub const CSV: Dialect = Dialect { separator: ',', escape: quote, empty: "\"\"" };
/// Tabs, with backslash escapes; empty text and null are both nothing.
pub const TSV: Dialect = Dialect { separator: '\t', escape: backslash, empty: "" };

/// Writes one line a row below a line of headings.
pub struct Delimited<'w> {
    out: &'w mut dyn Write,
    dialect: Dialect,
    heading: Heading,
}

impl<'w> Delimited<'w> {
    /// Writes to `out` in that dialect.
    pub fn new(out: &'w mut dyn Write, dialect: Dialect, heading: Heading) -> Self {
        Self { out, dialect, heading }
    }

    fn line(&mut self, fields: impl Iterator<Item = Option<String>>) -> io::Result<()> {
        let mut text = String::new();
        for (index, field) in fields.enumerate() {
            if index > 0 {
                text.push(self.dialect.separator);
            }
            match field.as_deref() {
                None => {}
                Some("") => text.push_str(self.dialect.empty),
                Some(field) => text.push_str(&(self.dialect.escape)(field)),
            }
        }
        text.push('\n');
        self.out.write_all(text.as_bytes())
    }
}

impl Sink for Delimited<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        if self.heading == Heading::Hidden {
            return Ok(());
        }
        self.line(columns.iter().map(|column| Some(column.name.clone())))
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.line(row.iter().map(shown))
    }

    fn end(&mut self) -> io::Result<Tally> {
        Ok(Tally::default())
    }
}

fn quote(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn backslash(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    for c in field.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::format::samples::{HOSTILE, check, text, write};

    #[test]
    fn csv_quotes_where_it_must() {
        check(
            "csv",
            "a.name,n,date,\"c.\"\"text\"\"\"\nMarco Rubio,3,2025-11-22,\"The plan, \"\"theirs\"\"\"\n,-1,,\"\"\n",
        );
    }

    #[test]
    fn tsv_escapes_where_it_must() {
        check(
            "tsv",
            "a.name\tn\tdate\tc.\"text\"\nMarco Rubio\t3\t2025-11-22\tThe plan, \"theirs\"\n\t-1\t\t\n",
        );
        assert_eq!(write("tsv", &["x"], &[vec![text("a\tb\nc\\d\r")]]), "x\na\\tb\\nc\\\\d\\r\n");
    }

    #[test]
    fn csv_gives_hostile_text_back_unchanged() {
        let written = write("csv", &["x"], &[vec![text(HOSTILE)]]);
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.get(0), Some(HOSTILE));
    }
}
