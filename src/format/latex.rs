//! A table for LaTeX, to be taken in by `\input`: the rules of booktabs, a `longtable` where it is long. What stands in the
//! data is printed and never obeyed (see `base::tex`).

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::text::{citations, shown};
use super::{Sink, Tally};
use crate::base::tex::Tex;
use crate::base::value::{Column, Holds, Value};

/// Tables of more rows may break between pages.
const SHORT: usize = 30;
/// So many rows settle how wide the columns are.
const MEASURED: usize = 1000;
/// A column with a wider text gets lines of text.
const NARROW: usize = 28;
/// So many letters stand in a line of a page.
const PAGE: usize = 90;
/// Columns of text share at least this much of a line, in hundredths.
const LEAST: usize = 30;

/// Writes a table.
pub struct Latex<'w> {
    out: &'w mut dyn Write,
    columns: Vec<Column>,
    /// Rows that wait until it is known how wide the columns are.
    waiting: Vec<Vec<Value>>,
    begun: bool,
}

impl<'w> Latex<'w> {
    /// Writes to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out, columns: Vec::new(), waiting: Vec::new(), begun: false }
    }

    /// Writes the head of a table that may break between pages, and the rows that wait.
    fn begin_long(&mut self) -> io::Result<()> {
        let heads = self.heads();
        writeln!(self.out, "% Needs \\usepackage{{array,booktabs,longtable}}")?;
        writeln!(self.out, "\\begin{{longtable}}{{@{{}}{}@{{}}}}", self.widths())?;
        writeln!(self.out, "\\toprule\n{heads} \\\\\n\\midrule\n\\endhead")?;
        writeln!(self.out, "\\bottomrule\n\\endfoot")?;
        self.begun = true;
        self.rows()
    }

    /// Writes the rows that wait.
    fn rows(&mut self) -> io::Result<()> {
        for row in std::mem::take(&mut self.waiting) {
            let cells = self.columns.iter().zip(&row).map(|(column, value)| cell(column, value));
            let cells: Vec<String> = cells.map(|cell| cell.to_string()).collect();
            writeln!(self.out, "{} \\\\", cells.join(" & "))?;
        }
        Ok(())
    }

    fn heads(&self) -> String {
        let heads = self.columns.iter().map(|column| Tex::text(&column.name).to_string());
        heads.collect::<Vec<_>>().join(" & ")
    }

    /// How the columns are set: numbers at the right, short texts as wide as they are, long ones in lines.
    fn widths(&self) -> String {
        let measured: Vec<usize> = (0..self.columns.len()).map(|at| self.width(at)).collect();
        let long = measured.iter().filter(|width| **width > NARROW).count();
        let taken: usize =
            measured.iter().filter(|width| **width <= NARROW).map(|width| width + 2).sum();
        let left = 100_usize.saturating_sub(taken * 100 / PAGE + 2 * long).max(LEAST);
        let share = left / long.max(1);
        let set = |(column, width): (&Column, &usize)| match (column.is_numeric(), *width > NARROW)
        {
            (true, _) => "r".to_owned(),
            (false, false) => "l".to_owned(),
            (false, true) => {
                format!(">{{\\raggedright\\arraybackslash}}p{{0.{share:02}\\linewidth}}")
            }
        };
        self.columns.iter().zip(&measured).map(set).collect()
    }

    /// The widest of the rows that wait; a text of several lines is always wide.
    fn width(&self, at: usize) -> usize {
        let texts = self.waiting.iter().filter_map(|row| row.get(at).and_then(shown));
        let wide = |text: String| if text.contains('\n') { usize::MAX / 4 } else { text.width() };
        let heading = self.columns.get(at).map_or(0, |column| column.name.width());
        texts.map(wide).max().unwrap_or(0).max(heading)
    }
}

impl Sink for Latex<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.to_vec();
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.waiting.push(row.to_vec());
        match (self.begun, self.waiting.len() >= MEASURED) {
            (true, _) => self.rows(),
            (false, true) => self.begin_long(),
            (false, false) => Ok(()),
        }
    }

    fn end(&mut self) -> io::Result<Tally> {
        if !self.begun && self.waiting.len() > SHORT {
            self.begin_long()?;
        }
        if self.begun {
            writeln!(self.out, "\\end{{longtable}}")?;
            return Ok(Tally::default());
        }
        writeln!(self.out, "% Needs \\usepackage{{array,booktabs}}")?;
        writeln!(self.out, "\\begin{{tabular}}{{@{{}}{}@{{}}}}", self.widths())?;
        writeln!(self.out, "\\toprule\n{} \\\\\n\\midrule", self.heads())?;
        self.rows()?;
        writeln!(self.out, "\\bottomrule\n\\end{{tabular}}")?;
        Ok(Tally::default())
    }
}

/// A cell: a number with a sign that is a minus, citations as commands, anything else as text.
fn cell(column: &Column, value: &Value) -> Tex {
    if column.holds == Holds::Citations {
        let keys = citations(value);
        // The keys are safe by themselves: letters, digits and `-_:.`, see `cite::citation_key`.
        let safe =
            |key: &String| key.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
        let all = keys.iter().all(safe) && !keys.is_empty();
        return if all {
            Tex::own(format!("\\cite{{{}}}", keys.join(",")))
        } else {
            Tex::text(&keys.join("; "))
        };
    }
    let text = shown(value).unwrap_or_default();
    match value {
        Value::Int(_) | Value::Float(_) => match text.strip_prefix('-') {
            Some(digits) => Tex::own(format!("$-${}", Tex::text(digits))),
            None => Tex::text(&text),
        },
        Value::Null
        | Value::Bool(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Duration(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Node(_)
        | Value::Edge(_)
        | Value::Path(_) => Tex::text(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::samples::{check, text, write};

    #[test]
    fn a_short_table_is_a_tabular() {
        check(
            "latex",
            "% Needs \\usepackage{array,booktabs}
\\begin{tabular}{@{}lrll@{}}
\\toprule
a.name & n & date & c.\\char34{}text\\char34{} \\\\
\\midrule
Marco Rubio & 3 & 2025-11-22 & The plan, \\char34{}theirs\\char34{} \\\\
 & $-$1 &  &  \\\\
\\bottomrule
\\end{tabular}
",
        );
    }

    #[test]
    fn a_long_table_breaks_between_pages_and_repeats_its_head() {
        let rows: Vec<Vec<Value>> = (0..100).map(|number| vec![Value::Int(number)]).collect();
        let written = write("latex", &["n"], &rows);
        assert!(
            written
                .contains("\\begin{longtable}{@{}r@{}}\n\\toprule\nn \\\\\n\\midrule\n\\endhead")
        );
        assert!(written.ends_with("98 \\\\\n99 \\\\\n\\end{longtable}\n"), "{written}");
        assert_eq!(written.matches(" \\\\\n").count(), 101);
        let rows: Vec<Vec<Value>> = (0..5000).map(|number| vec![Value::Int(number)]).collect();
        assert_eq!(write("latex", &["n"], &rows).matches(" \\\\\n").count(), 5001);
    }

    #[test]
    fn long_texts_get_lines_and_share_what_is_left() {
        let long = "a text of many words ".repeat(9);
        let written =
            write("latex", &["x", "y", "z"], &[vec![text(&long), text("a"), text("a\nb")]]);
        let column = ">{\\raggedright\\arraybackslash}p{0.46\\linewidth}";
        assert!(written.contains(&format!("{{@{{}}{column}l{column}@{{}}}}")), "{written}");
        assert!(written.contains("& a\\newline{}b \\\\"));
    }

    #[test]
    fn citations_are_commands_and_only_safe_keys_are() {
        let columns = [Column { name: "cite".to_owned(), holds: Holds::Citations }];
        let of = |keys: &[&str]| {
            let keys = keys.iter().map(|key| text(key)).collect();
            cell(&columns[0], &Value::List(keys)).to_string()
        };
        assert_eq!(of(&["a-1", "b_2:c.d"]), "\\cite{a-1,b_2:c.d}");
        assert_eq!(of(&[]), "");
        assert_eq!(of(&["a}\\x"]), "a\\textbraceright{}\\textbackslash{}x");
    }
}
