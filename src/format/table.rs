//! The table people read. The first rows fix the widths, so that any number of rows needs little memory; a table too
//! wide to read becomes records, one property a line.

use std::io::{self, Write};

use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, LineStyle, Row, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use super::layout::{Layout, Measure, PADDING, lay_out};
use super::text::shown;
use super::{Look, Sink, Tally};
use crate::base::clean;
use crate::base::value::{Column, Value};

/// Rows that fix the widths, and rows laid out at a time after them.
const CHUNK: usize = 1000;
/// Lines a cell may have.
const LINES: usize = 2;
/// Marks a cut cell until it is counted. Cleaned text never contains it.
const CUT: char = '\u{fdd0}';
const NULL: &str = "∅";
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// Writes a table, or records.
pub struct Table<'w> {
    out: &'w mut dyn Write,
    look: Look,
    columns: Vec<Column>,
    waiting: Vec<Vec<Option<String>>>,
    layout: Option<Layout>,
    rows: usize,
    cut: usize,
}

impl<'w> Table<'w> {
    /// Writes to `out`, as wide as `look` allows.
    pub fn new(out: &'w mut dyn Write, look: Look) -> Self {
        Self { out, look, columns: Vec::new(), waiting: Vec::new(), layout: None, rows: 0, cut: 0 }
    }

    /// Writes the rows that wait.
    fn flush(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let first = self.layout.is_none();
        let layout = match self.layout.take() {
            Some(Layout::Columns(widths)) if self.look.width.is_none() => {
                Layout::Columns(self.grown(widths, &rows))
            }
            Some(layout) => layout,
            None => lay_out(&self.measure(&rows), self.look.width),
        };
        match &layout {
            Layout::Columns(widths) => self.write_table(&rows, widths, first)?,
            Layout::Records => self.write_records(&rows)?,
        }
        self.rows += rows.len();
        self.layout = Some(layout);
        Ok(())
    }

    fn measure(&self, rows: &[Vec<Option<String>>]) -> Vec<Measure> {
        let measure = |(index, column): (usize, &Column)| Measure {
            heading: column.name.width(),
            content: rows.iter().map(|row| cell_width(row.get(index))).max().unwrap_or(0),
            word: rows.iter().map(|row| word_width(row.get(index))).max().unwrap_or(0),
        };
        self.columns.iter().enumerate().map(measure).collect()
    }

    /// Where lines may have any length, a later cell that is wider makes its column wider instead of being wrapped.
    fn grown(&self, widths: Vec<usize>, rows: &[Vec<Option<String>>]) -> Vec<usize> {
        let measures = self.measure(rows);
        widths
            .into_iter()
            .zip(measures)
            .map(|(width, measure)| width.max(measure.content))
            .collect()
    }

    fn write_table(
        &mut self,
        rows: &[Vec<Option<String>>],
        widths: &[usize],
        header: bool,
    ) -> io::Result<()> {
        let mut table = self.sheet(STYLE);
        if header {
            let cells = self.columns.iter().map(|column| self.heading(&column.name));
            table.set_header(Row::from(cells.collect::<Vec<Cell>>()));
        }
        for row in rows {
            let mut cells =
                Row::from(row.iter().map(|text| self.cell(text.as_deref())).collect::<Vec<Cell>>());
            if self.look.width.is_some() {
                cells.max_height(LINES);
            }
            table.add_row(cells);
        }
        for ((column, content), of) in table.column_iter_mut().zip(widths).zip(&self.columns) {
            column.set_constraint(absolute(content + PADDING));
            if of.numeric {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        self.write(&table)
    }

    fn write_records(&mut self, rows: &[Vec<Option<String>>]) -> io::Result<()> {
        let width = self.look.width.unwrap_or(80);
        let names =
            self.columns.iter().map(|column| column.name.width()).max().unwrap_or(0).min(width / 3);
        for (index, row) in rows.iter().enumerate() {
            self.write_rule(self.rows + index + 1, width)?;
            let mut table = self.sheet(NOTHING);
            for (column, text) in self.columns.iter().zip(row) {
                table.add_row(vec![self.heading(&column.name), self.cell(text.as_deref())]);
            }
            let widths = [names + PADDING, width.saturating_sub(names + PADDING)];
            for (column, width) in table.column_iter_mut().zip(widths) {
                column.set_constraint(absolute(width));
            }
            self.write(&table)?;
        }
        Ok(())
    }

    /// The line above a record, with its number.
    fn write_rule(&mut self, number: usize, width: usize) -> io::Result<()> {
        let start = format!("─── {number} ");
        let rule = "─".repeat(width.saturating_sub(start.width()));
        let (dim, plain) = if self.look.colour { ("\u{1b}[2m", "\u{1b}[0m") } else { ("", "") };
        writeln!(self.out, "{dim}{start}{rule}{plain}")
    }

    /// An empty sheet that knows whether to use colours; the library is never to find out by itself.
    fn sheet(&self, style: TableStyle) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(style).set_truncation_indicator(CUT.encode_utf8(&mut [0; 4]));
        table.force_no_tty();
        if self.look.colour {
            table.enforce_styling().style_text_only();
        }
        table
    }

    fn heading(&self, name: &str) -> Cell {
        let cell = Cell::new(name);
        if self.look.colour { cell.add_attribute(Attribute::Bold) } else { cell }
    }

    fn cell(&self, text: Option<&str>) -> Cell {
        match text {
            Some(text) => Cell::new(text),
            None if self.look.colour => Cell::new(NULL).add_attribute(Attribute::Dim),
            None => Cell::new(NULL),
        }
    }

    fn write(&mut self, table: &comfy_table::Table) -> io::Result<()> {
        for line in table.lines() {
            self.cut += line.matches(CUT).count();
            writeln!(self.out, "{}", line.replace(CUT, "…").trim_end())?;
        }
        Ok(())
    }
}

impl Sink for Table<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        let clean = |column: &Column| Column {
            name: clean::line(&column.name).into_owned(),
            ..column.clone()
        };
        self.columns = columns.iter().map(clean).collect();
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        let clean = |value: &Value| shown(value).map(|text| clean::line(&text).into_owned());
        self.waiting.push(row.iter().map(clean).collect());
        if self.waiting.len() < CHUNK { Ok(()) } else { self.flush() }
    }

    fn end(&mut self) -> io::Result<Tally> {
        if !self.waiting.is_empty() {
            self.flush()?;
        }
        Ok(Tally { cut: self.cut })
    }
}

fn cell_width(cell: Option<&Option<String>>) -> usize {
    cell.map_or(0, |text| text.as_deref().unwrap_or(NULL).width())
}

fn word_width(cell: Option<&Option<String>>) -> usize {
    let text = cell.and_then(Option::as_deref).unwrap_or_default();
    text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0)
}

fn absolute(width: usize) -> ColumnConstraint {
    ColumnConstraint::Absolute(Width::Fixed(u16::try_from(width).unwrap_or(u16::MAX)))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::format::samples::{HOSTILE, PIPED, TERMINAL, check, text, write, write_as};

    const PLAN: &str = "The United States wrote the twenty-eight-point peace plan for Ukraine";

    #[test]
    fn a_table_has_a_rule_under_its_headings_and_aligns_numbers_right() {
        check(
            "table",
            " a.name        n  date        c.\"text\"
─────────────────────────────────────────────────
 Marco Rubio   3  2025-11-22  The plan, \"theirs\"
 ∅            -1  ∅
",
        );
    }

    #[test]
    fn wide_characters_and_emoji_align() {
        let rows = [
            vec![text("日本 👩\u{200d}🔬"), Value::Int(1)],
            vec![text("e\u{301}tat ❤\u{fe0f}"), Value::Int(10)],
        ];
        let written = write("table", &["x", "n"], &rows);
        let widths: Vec<usize> = written.lines().skip(2).map(UnicodeWidthStr::width).collect();
        assert_eq!(widths[0], widths[1], "{written}");
    }

    #[test]
    fn text_is_wrapped_to_two_lines_and_cut_cells_are_counted() {
        let rows = [vec![
            text("marco-rubio"),
            text("The US wrote it, says the State Department"),
            text(&PLAN.repeat(3)),
        ]];
        let (written, cut) = write_as(TERMINAL, "table", &["key", "short", "long"], &rows);
        assert_eq!(
            written,
            " key          short                            long
────────────────────────────────────────────────────────────────────────────────
 marco-rubio  The US wrote it, says the State  The United States wrote the
              Department                       twenty-eight-point peace plan…
"
        );
        assert_eq!(cut, 1);
    }

    #[test]
    fn a_piped_table_is_never_wrapped_and_grows_when_a_later_row_needs_it() {
        let mut rows = vec![vec![text("a"), Value::Int(1)]; CHUNK];
        rows.push(vec![text(PLAN), Value::Int(2)]);
        let (written, cut) = write_as(PIPED, "table", &["x", "n"], &rows);
        assert!(written.ends_with(&format!(" {PLAN}  2\n")), "{}", written.lines().last().unwrap());
        assert_eq!((written.lines().count(), cut), (CHUNK + 3, 0));
    }

    #[test]
    fn a_result_too_wide_to_read_is_shown_as_records() {
        let rows = [vec![text(PLAN), Value::Null, text(PLAN), text(PLAN)]];
        let (written, cut) = write_as(TERMINAL, "table", &["a.first", "b", "c", "d"], &rows);
        assert_eq!(
            written,
            "─── 1 ──────────────────────────────────────────────────────────────────────────
 a.first  The United States wrote the twenty-eight-point peace plan for Ukraine
 b        ∅
 c        The United States wrote the twenty-eight-point peace plan for Ukraine
 d        The United States wrote the twenty-eight-point peace plan for Ukraine
"
        );
        assert_eq!(cut, 0);
    }

    #[test]
    fn nothing_hostile_is_left() {
        let written = write("table", &[HOSTILE], &[vec![text(HOSTILE)]]);
        assert!(!written.chars().any(|c| c != '\n' && clean::acts(c)), "{written}");
        assert_eq!(written.lines().count(), 3, "{written}");
    }

    #[test]
    fn colour_is_used_only_when_told() {
        let look = Look { colour: true, ..PIPED };
        let (written, _) = write_as(look, "table", &["x"], &[vec![Value::Null]]);
        assert_eq!(written, " \u{1b}[1mx\u{1b}[0m\n───\n \u{1b}[2m∅\u{1b}[0m\n");
    }

    #[test]
    fn an_empty_result_shows_nothing() {
        assert_eq!(write("table", &["x"], &[]), "");
    }
}
