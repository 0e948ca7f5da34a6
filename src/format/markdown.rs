//! A Markdown table, as GitHub and most note tools read it.

use std::io::{self, Write};

use super::below::{Entry, Part};
use super::text::{citations, shown};
use super::{Sink, Tally};
use crate::base::clean;
use crate::base::value::{Column, Holds, Value};

/// Writes one line a row.
pub struct Markdown<'w> {
    out: &'w mut dyn Write,
    columns: Vec<Column>,
    below: Vec<Part>,
}

impl<'w> Markdown<'w> {
    /// Writes to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out, columns: Vec::new(), below: Vec::new() }
    }

    fn line(&mut self, cells: impl Iterator<Item = String>) -> io::Result<()> {
        writeln!(self.out, "| {} |", cells.collect::<Vec<_>>().join(" | "))
    }
}

impl Sink for Markdown<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.to_vec();
        self.line(columns.iter().map(|column| escape(&column.name)))?;
        let rule = |column: &Column| if column.is_numeric() { "---:" } else { "---" };
        self.line(columns.iter().map(|column| rule(column).to_owned()))
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        let cells: Vec<String> =
            self.columns.iter().zip(row).map(|(column, value)| cell(column, value)).collect();
        self.line(cells.into_iter())
    }

    fn below(&mut self, heading: &'static str, entries: Vec<Entry>) {
        self.below.push(Part { heading, entries });
    }

    fn end(&mut self) -> io::Result<Tally> {
        for part in &self.below {
            part.write_list(self.out)?;
        }
        Ok(Tally::default())
    }
}

/// A cell; keys of sources are written as pandoc reads them.
fn cell(column: &Column, value: &Value) -> String {
    if column.holds == Holds::Citations {
        let keys: Vec<String> =
            citations(value).iter().map(|key| format!("@{}", escape(key))).collect();
        return if keys.is_empty() { String::new() } else { format!("[{}]", keys.join("; ")) };
    }
    escape(&shown(value).unwrap_or_default())
}

/// Keeps a text from being taken for markup or for the end of its cell.
pub(super) fn escape(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| escape_line(&clean::line(line))).collect();
    lines.join("<br>")
}

fn escape_line(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for c in line.chars() {
        if matches!(c, '|' | '\\' | '<' | '[' | '*' | '`') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use crate::format::samples::{check, text, write};

    #[test]
    fn markdown_is_a_table() {
        check(
            "markdown",
            "| a.name | n | date | c.\"text\" |
| --- | ---: | --- | --- |
| Marco Rubio | 3 | 2025-11-22 | The plan, \"theirs\" |
|  | -1 |  |  |
",
        );
    }

    #[test]
    fn text_cannot_leave_its_cell_or_become_markup() {
        let written = write("markdown", &["x"], &[vec![text("a|b\n<img> [x](y) \u{1b}")]]);
        assert!(written.ends_with("| a\\|b<br>\\<img> \\[x](y) ␛ |\n"), "{written}");
    }
}
