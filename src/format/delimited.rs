//! CSV and TSV: the values as they are, for other programs. Nothing is cleaned or cut. Where it is asked for, texts that a
//! spreadsheet program would run as formulas get a `'` in front.

use std::io::{self, Write};

use super::text::shown;
use super::{Formulas, Heading, Look, Sink, Tally};
use crate::base::clean;
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
    formulas: Formulas,
}

impl<'w> Delimited<'w> {
    /// Writes to `out` in that dialect.
    pub fn new(out: &'w mut dyn Write, dialect: Dialect, look: Look) -> Self {
        Self { out, dialect, heading: look.heading, formulas: look.formulas }
    }

    /// A text, guarded if it is to be.
    fn text(&self, text: String) -> String {
        match self.formulas {
            Formulas::AsTheyAre => text,
            Formulas::Guarded => guarded(&text),
        }
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
        let names: Vec<Option<String>> =
            columns.iter().map(|column| Some(self.text(column.name.clone()))).collect();
        self.line(names.into_iter())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        let cell = |value: &Value| match value {
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => shown(value),
            Value::Text(_) | Value::Date(_) | Value::DateTime(_) | Value::Duration(_) => {
                shown(value).map(|text| self.text(text))
            }
            Value::List(_) | Value::Map(_) | Value::Node(_) | Value::Edge(_) | Value::Path(_) => {
                shown(value).map(|text| self.text(text))
            }
        };
        let cells: Vec<Option<String>> = row.iter().map(cell).collect();
        self.line(cells.into_iter())
    }

    fn end(&mut self) -> io::Result<Tally> {
        Ok(Tally::default())
    }
}

/// Puts a `'` before what would begin a formula: at the start of the text, and behind whatever a program may take for the
/// end of a cell (it splits at semicolons where the comma is the decimal sign). Blanks and what does not show are no start.
/// The signs are those that OWASP lists for CSV injection, also in full width.
fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len() + 1);
    let (mut at_start, mut waiting) = (true, String::new());
    for c in text.chars() {
        if at_start && (c == ' ' || (clean::acts(c) && !ends_cell(c))) {
            waiting.push(c);
            continue;
        }
        let runs = matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r');
        if at_start && runs {
            guarded.push('\'');
        }
        guarded.push_str(&waiting);
        waiting.clear();
        guarded.push(c);
        at_start = ends_cell(c);
    }
    guarded + &waiting
}

fn ends_cell(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
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
    use super::*;
    use crate::format::samples::{HOSTILE, PIPED, check, text, write, write_as};

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

    #[test]
    fn what_would_be_run_is_guarded_only_where_it_is_asked_for() {
        for (written, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("＝1", "'＝1"),
            ("－1", "'－1"),
            (" =1", "' =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("a;=1;b", "a;'=1;b"),
            ("a\n=1", "a\n'=1"),
            ("a-b=c", "a-b=c"),
            ("[..2025-11-22]", "[..2025-11-22]"),
            ("", ""),
        ] {
            assert_eq!(guarded(written), expected);
        }
        let look = Look { formulas: Formulas::Guarded, ..PIPED };
        let rows = [vec![text("=1+1"), Value::Int(-1), Value::Float(-0.5)]];
        let names = ["=x", "n", "f"];
        assert_eq!(write_as(look, "csv", &names, &rows).0, "'=x,n,f\n'=1+1,-1,-0.5\n");
        assert_eq!(write_as(look, "tsv", &names, &rows).0, "'=x\tn\tf\n'=1+1\t-1\t-0.5\n");
        assert_eq!(write("csv", &names, &rows), "=x,n,f\n=1+1,-1,-0.5\n");
    }
}
