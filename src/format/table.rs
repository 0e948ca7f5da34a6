//! The table people read. The first rows fix the widths, so that any number of rows needs little memory; a table too
//! wide to read becomes records, one property a line.

use std::io::{self, Write};
use std::iter::repeat_n;
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

use super::below::{Entry, Part};
use super::cell::{Cell, Sort, fold};
use super::layout::{Layout, Measure, PADDING, lay_out};
use super::sheet::{Block, Lane, Sheet, Style};
use super::{Heading, Look, Sink, Strokes, Tally};
use crate::base::clean;
use crate::base::value::{Column, Value};

/// Rows that fix the widths, and rows laid out at a time after them.
const CHUNK: usize = 1000;
/// Who watches waits no longer than this for rows that are there.
const PATIENCE: Duration = Duration::from_millis(200);
/// Lines a cell may have, and one with members, such as a list.
const LINES: usize = 2;
const MEMBERS: usize = 6;
/// How wide the lines between records are where lines have no end.
const RULE: usize = 80;

/// What a table is drawn with.
struct Marks {
    null: &'static str,
    ellipsis: &'static str,
    rule: char,
}

const UNICODE: Marks = Marks { null: "∅", ellipsis: "…", rule: '─' };
const ASCII: Marks = Marks { null: "NULL", ellipsis: "...", rule: '-' };

/// Writes a table, or records.
pub struct Table<'w> {
    out: &'w mut dyn Write,
    look: Look,
    marks: &'static Marks,
    columns: Vec<Column>,
    waiting: Vec<Vec<Cell>>,
    written: Instant,
    layout: Option<Layout>,
    rows: usize,
    cut: usize,
    below: Vec<Part>,
}

impl<'w> Table<'w> {
    /// Writes to `out`, as wide as `look` allows.
    pub fn new(out: &'w mut dyn Write, look: Look) -> Self {
        let marks = match look.strokes {
            Strokes::Unicode => &UNICODE,
            Strokes::Ascii => &ASCII,
        };
        let (columns, waiting, below) = (Vec::new(), Vec::new(), Vec::new());
        let written = Instant::now();
        Self { out, look, marks, columns, waiting, written, layout: None, rows: 0, cut: 0, below }
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
            None => lay_out(&self.measure(&rows), self.look.width, self.look.expanded),
        };
        match &layout {
            Layout::Columns(widths) => self.write_table(&rows, widths, first)?,
            Layout::Records => self.write_records(&rows)?,
        }
        self.rows += rows.len();
        self.layout = Some(layout);
        if self.look.live {
            self.out.flush()?;
        }
        self.written = Instant::now();
        Ok(())
    }

    fn shown<'c>(&self, cell: &'c Cell) -> &'c str {
        cell.text.as_deref().unwrap_or(self.marks.null)
    }

    fn measure(&self, rows: &[Vec<Cell>]) -> Vec<Measure> {
        let measure = |(index, column): (usize, &Column)| {
            let cells = || rows.iter().filter_map(|row| row.get(index));
            let texts = || cells().map(|cell| self.shown(cell));
            Measure {
                heading: if self.has_heading() { column.name.width() } else { 0 },
                content: texts().map(UnicodeWidthStr::width).max().unwrap_or(0),
                word: texts().map(longest_word).max().unwrap_or(0),
                rigid: cells().all(|cell| cell.text.is_none() || cell.sort == Sort::Rigid),
            }
        };
        self.columns.iter().enumerate().map(measure).collect()
    }

    fn has_heading(&self) -> bool {
        self.look.heading == Heading::Shown
    }

    /// Where lines may have any length, a later cell that is wider makes its column wider instead of being folded.
    fn grown(&self, widths: Vec<usize>, rows: &[Vec<Cell>]) -> Vec<usize> {
        let measures = self.measure(rows);
        widths
            .into_iter()
            .zip(measures)
            .map(|(width, measure)| width.max(measure.content))
            .collect()
    }

    fn write_table(
        &mut self,
        rows: &[Vec<Cell>],
        widths: &[usize],
        heading: bool,
    ) -> io::Result<()> {
        let lane =
            |(column, width): (&Column, &usize)| Lane { width: *width, right: column.is_numeric() };
        let lanes = self.columns.iter().zip(widths).map(lane).collect();
        let mut sheet = Sheet::new(lanes, self.marks.rule);
        if heading && self.has_heading() {
            let names: Vec<Block> =
                self.columns.iter().zip(widths).map(|(c, w)| self.heading(&c.name, *w)).collect();
            sheet.head(&names, self.out)?;
        }
        for row in rows {
            let blocks: Vec<Block> = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| self.block(cell, *width, most(cell.sort)))
                .collect();
            sheet.add(&blocks, self.out)?;
            self.cut += blocks.iter().filter(|block| block.cut).count();
        }
        sheet.write(self.out)
    }

    fn write_records(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        let width = self.look.width.unwrap_or(RULE);
        let longest = self.columns.iter().map(|column| column.name.width()).max().unwrap_or(0);
        let names = if self.look.width.is_some() { longest.min(width / 3) } else { longest };
        let values = match self.look.width {
            Some(width) => width.saturating_sub(names + 2 * PADDING).max(1),
            None => usize::MAX,
        };
        for (index, row) in rows.iter().enumerate() {
            self.write_rule(self.rows + index + 1, width)?;
            self.write_record(row, names.max(1), values)?;
        }
        Ok(())
    }

    /// A record: beside each name its value, in lines where it is long.
    fn write_record(&mut self, row: &[Cell], names: usize, most: usize) -> io::Result<()> {
        let properties: Vec<[Block; 2]> = (self.columns.iter().zip(row))
            .map(|(column, cell)| {
                [self.heading(&column.name, names), self.block(cell, most, usize::MAX)]
            })
            .collect();
        let texts = properties.iter().flat_map(|[_, value]| &value.lines);
        let values = texts.map(|text| text.width()).max().unwrap_or(0);
        let lanes = [names, values].map(|width| Lane { width, right: false });
        let mut sheet = Sheet::new(lanes.to_vec(), self.marks.rule);
        for property in &properties {
            sheet.add(property, self.out)?;
        }
        sheet.write(self.out)
    }

    /// The line above a record, with its number.
    fn write_rule(&mut self, number: usize, width: usize) -> io::Result<()> {
        let rule = |length: usize| -> String { repeat_n(self.marks.rule, length).collect() };
        let start = format!("{} {number} ", rule(3));
        let mut line = String::new();
        let rule = rule(width.saturating_sub(start.width()));
        self.style(Style::Dim).put(&mut line, &format!("{start}{rule}"));
        writeln!(self.out, "{line}")
    }

    fn style(&self, style: Style) -> Style {
        if self.look.colour { style } else { Style::Plain }
    }

    fn heading(&self, name: &str, width: usize) -> Block {
        let lines = fold(name, Sort::Words, width.max(1), usize::MAX, "").lines;
        Block { lines, cut: false, style: self.style(Style::Bold) }
    }

    fn block(&self, cell: &Cell, width: usize, most: usize) -> Block {
        let text = self.shown(cell);
        let style = match cell.sort {
            _ if cell.text.is_none() => self.style(Style::Dim),
            Sort::Link if self.look.links => Style::Link(text.to_owned()),
            _ => Style::Plain,
        };
        // A number or a date is never split: its line is longer then.
        if cell.sort == Sort::Rigid {
            return Block { lines: vec![text.to_owned()], cut: false, style };
        }
        let folded = fold(text, cell.sort, width.max(1), most, self.marks.ellipsis);
        Block { lines: folded.lines, cut: folded.cut, style }
    }
}

impl Sink for Table<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        let clean = |column: &Column| Column {
            name: clean::line(&column.name).into_owned(),
            ..column.clone()
        };
        self.columns = columns.iter().map(clean).collect();
        self.written = Instant::now();
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.waiting.push(row.iter().map(Cell::of).collect());
        let late = self.look.live && self.written.elapsed() >= PATIENCE;
        if late || self.waiting.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn below(&mut self, heading: &'static str, entries: Vec<Entry>) {
        self.below.push(Part { heading, entries });
    }

    fn end(&mut self) -> io::Result<Tally> {
        if !self.waiting.is_empty() {
            self.flush()?;
        }
        for part in &self.below {
            part.write(self.look, self.out)?;
        }
        Ok(Tally { cut: self.cut, ..Tally::default() })
    }
}

fn most(sort: Sort) -> usize {
    match sort {
        Sort::List | Sort::Path => MEMBERS,
        Sort::Words | Sort::Rigid | Sort::Link => LINES,
    }
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::format::Expanded;
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
              Department                       twenty-eight-point peace plan f…
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

    #[test]
    fn an_address_is_a_link_where_links_are_followed_also_when_it_is_folded() {
        let rows = [vec![text("https://example.org/a-long-path/to-a-page"), text(&PLAN.repeat(2))]];
        let look = Look { links: true, width: Some(60), ..PIPED };
        let (written, _) = write_as(look, "table", &["url", "text"], &rows);
        let start = "\u{1b}]8;;https://example.org/a-long-path/to-a-page\u{1b}\\";
        assert_eq!(written.matches(start).count(), 2, "{written}");
        assert_eq!(written.matches("\u{1b}]8;;\u{1b}\\").count(), 2, "{written}");
        assert!(!write("table", &["url", "text"], &rows).contains('\u{1b}'));
    }

    #[test]
    fn every_line_keeps_to_the_width() {
        let rows = [
            vec![
                text("marco-rubio"),
                text("日本の👩\u{200d}🔬e\u{301}tat"),
                text(&PLAN.repeat(3)),
                Value::Int(7),
            ],
            vec![Value::Null, text(PLAN), text("a"), Value::Int(-12)],
        ];
        for width in 20..=300 {
            for expanded in [Expanded::Auto, Expanded::On] {
                let look = Look { width: Some(width), expanded, ..PIPED };
                let (written, _) = write_as(look, "table", &["key", "a", "b", "n"], &rows);
                let widest = written.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
                assert!(widest <= width, "{width}: {written}");
            }
        }
    }

    #[test]
    fn who_watches_does_not_wait_for_a_thousand_rows() {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, Look { live: true, ..TERMINAL });
        table.begin(&[Column::any("x")]).unwrap();
        table.row(&[text("soon")]).unwrap();
        table.written = table.written.checked_sub(PATIENCE).unwrap();
        table.row(&[text("now")]).unwrap();
        assert!(table.waiting.is_empty());
        drop(table);
        assert!(String::from_utf8(out).unwrap().ends_with(" soon\n now\n"));
    }
}
