//! Lines of cells side by side, drawn by comfy-table. It is told widths, folded lines and colours, and finds out
//! nothing for itself. What it cannot hold has a stand-in while it draws: a link, a text wider than its column, a column
//! wider than it counts.

use std::collections::VecDeque;
use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, LineStyle, Row, Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr as _;

use super::layout::PADDING;

/// Stands for what is put in its place when a line is drawn. It is one cell wide, and cleaned text never has it.
const STAND_IN: char = '\u{fdd0}';
/// The widest column that can be drawn.
const WIDEST: usize = u16::MAX as usize - PADDING;
/// Cells of a terminal that wait to be written, blanks included.
const MOST: usize = 1 << 18;

/// A column of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    /// How wide it is, padding not counted.
    pub(super) width: usize,
    /// Whether its text stands at the right.
    pub(super) right: bool,
}

/// A folded cell.
pub(super) struct Block {
    pub(super) lines: Vec<String>,
    pub(super) cut: bool,
    pub(super) style: Style,
}

/// How a text looks.
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    /// A link, by OSC 8, to this address.
    Link(String),
}

impl Style {
    /// Writes `text` as it looks.
    pub(super) fn put(&self, line: &mut String, text: &str) {
        let (before, after) = match self {
            _ if text.is_empty() => ("", ""),
            Self::Plain => ("", ""),
            Self::Bold => ("\u{1b}[1m", "\u{1b}[0m"),
            Self::Dim => ("\u{1b}[2m", "\u{1b}[0m"),
            Self::Link(address) => {
                line.extend(["\u{1b}]8;;", address, "\u{1b}\\", text, "\u{1b}]8;;\u{1b}\\"]);
                return;
            }
        };
        line.extend([before, text, after]);
    }

    fn attribute(&self) -> Option<Attribute> {
        match self {
            Self::Plain | Self::Link(_) => None,
            Self::Bold => Some(Attribute::Bold),
            Self::Dim => Some(Attribute::Dim),
        }
    }
}

/// Rows that are drawn together.
pub(super) struct Sheet {
    lanes: Vec<Lane>,
    rule: char,
    table: Table,
    /// What belongs in the place of the stand-ins, in the order they are read.
    apart: VecDeque<String>,
}

impl Sheet {
    /// An empty sheet, with what lines are made of.
    pub(super) fn new(lanes: Vec<Lane>, rule: char) -> Self {
        Self { lanes, rule, table: blank(rule), apart: VecDeque::new() }
    }

    /// Starts with a heading; a rule goes under it.
    pub(super) fn head(&mut self, blocks: &[Block], out: &mut dyn Write) -> io::Result<()> {
        let last = height(blocks).saturating_sub(1);
        for at in 0..last {
            let row = self.line(blocks, at);
            self.table.add_row(row);
        }
        self.write(out)?;
        let row = self.line(blocks, last);
        self.table.set_header(row);
        Ok(())
    }

    /// Adds a row, and writes what is there if it is much.
    pub(super) fn add(&mut self, blocks: &[Block], out: &mut dyn Write) -> io::Result<()> {
        for at in 0..height(blocks) {
            let row = self.line(blocks, at);
            self.table.add_row(row);
        }
        let across: usize = self.lanes.iter().map(|lane| lane.drawn() + PADDING).sum();
        if self.table.row_count() * across >= MOST { self.write(out) } else { Ok(()) }
    }

    /// Writes what is there.
    pub(super) fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = std::mem::replace(&mut self.table, blank(self.rule));
        for (column, lane) in table.column_iter_mut().zip(&self.lanes) {
            column.set_constraint(lane.constraint());
            if lane.right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let rule = table.header().map(|_| 1);
        for (at, line) in table.lines().enumerate() {
            let mut line = self.put_back(line);
            if rule == Some(at) {
                let missing = self.lanes.iter().map(|lane| lane.width.max(1) - lane.drawn());
                line.extend(std::iter::repeat_n(self.rule, missing.sum()));
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// One line of a row.
    fn line(&mut self, blocks: &[Block], at: usize) -> Row {
        let mut cells = Vec::with_capacity(blocks.len());
        for (block, lane) in blocks.iter().zip(&self.lanes) {
            let text = block.lines.get(at).map_or("", String::as_str);
            let Some(width) = stand_in(text, &block.style, *lane) else {
                cells.push(drawn(text, &block.style));
                continue;
            };
            self.apart.push_back(lane.whole(text, &block.style));
            cells.push(Cell::new_owned(std::iter::repeat_n(STAND_IN, width).collect()));
        }
        Row::from(cells)
    }

    /// Puts what stood apart in the place of its stand-ins.
    fn put_back(&mut self, line: String) -> String {
        if self.apart.is_empty() {
            return line;
        }
        let (mut whole, mut rest) = (String::with_capacity(line.len()), line.as_str());
        while let Some((before, behind)) = rest.split_once(STAND_IN) {
            whole.push_str(before);
            whole.extend(self.apart.pop_front());
            rest = behind.trim_start_matches(STAND_IN);
        }
        whole + rest
    }
}

impl Lane {
    /// How wide it is drawn: as good as not at all if it is too wide.
    fn drawn(self) -> usize {
        if self.width > WIDEST { 1 } else { self.width.max(1) }
    }

    fn constraint(self) -> ColumnConstraint {
        let width = u16::try_from(self.drawn() + PADDING).unwrap_or(u16::MAX);
        ColumnConstraint::Absolute(Width::Fixed(width))
    }

    /// What a stand-in stands for: the text, and in a column that cannot be drawn the blanks beside it as well.
    fn whole(self, text: &str, style: &Style) -> String {
        let blanks = if self.width > WIDEST { self.width.saturating_sub(text.width()) } else { 0 };
        let blanks = " ".repeat(blanks);
        let (before, after) = if self.right { (blanks.as_str(), "") } else { ("", &*blanks) };
        let mut whole = before.to_owned();
        style.put(&mut whole, text);
        whole + after
    }
}

/// How many stand-ins a text needs, if it cannot be drawn itself.
fn stand_in(text: &str, style: &Style, lane: Lane) -> Option<usize> {
    let width = text.width();
    match style {
        _ if lane.width > WIDEST => Some(lane.drawn()),
        _ if width > lane.width => Some(lane.drawn()),
        Style::Link(_) if width > 0 => Some(width),
        Style::Plain | Style::Bold | Style::Dim | Style::Link(_) => None,
    }
}

fn drawn(text: &str, style: &Style) -> Cell {
    let cell = Cell::new(text);
    match style.attribute().filter(|_| !text.is_empty()) {
        Some(attribute) => cell.add_attribute(attribute),
        None => cell,
    }
}

/// A table that looks for no terminal and draws the styles it is given, and nothing but a rule under its heading.
fn blank(rule: char) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill(rule)));
    table.force_no_tty().enforce_styling().style_text_only();
    table
}

fn height(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.lines.len()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, style: Style) -> Block {
        Block { lines: text.split('|').map(str::to_owned).collect(), cut: false, style }
    }

    fn check(widths: [usize; 2], rows: Vec<[Block; 2]>, expected: &str) {
        let right = [false, true];
        let lanes = widths.into_iter().zip(right).map(|(width, right)| Lane { width, right });
        let mut sheet = Sheet::new(lanes.collect(), '-');
        let mut out = Vec::new();
        sheet.head(&[block("a|b", Style::Bold), block("n", Style::Plain)], &mut out).unwrap();
        for row in rows {
            sheet.add(&row, &mut out).unwrap();
        }
        sheet.write(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn lines_stand_side_by_side_in_the_styles_they_are_given() {
        let row = [block("one|two", Style::Dim), block("7", Style::Plain)];
        check(
            [3, 2],
            vec![row],
            " \u{1b}[1ma\u{1b}[0m     n\n \u{1b}[1mb\u{1b}[0m\n---------\n \u{1b}[2mone\u{1b}[0m   7\n \
             \u{1b}[2mtwo\u{1b}[0m\n",
        );
    }

    #[test]
    fn a_link_takes_no_room_for_its_address() {
        let link = || Style::Link("http://x".to_owned());
        let row = || [block("ab|c", link()), block("7", Style::Plain)];
        let lines = " \u{1b}]8;;http://x\u{1b}\\ab\u{1b}]8;;\u{1b}\\    7\n \
                     \u{1b}]8;;http://x\u{1b}\\c\u{1b}]8;;\u{1b}\\\n";
        let head = " \u{1b}[1ma\u{1b}[0m     n\n \u{1b}[1mb\u{1b}[0m\n---------\n";
        check([3, 2], vec![row(), row()], &format!("{head}{lines}{lines}"));
    }

    #[test]
    fn a_text_wider_than_its_column_makes_only_its_line_longer() {
        let row = |text| [block(text, Style::Plain), block("1234", Style::Plain)];
        let head = " \u{1b}[1ma\u{1b}[0m     n\n \u{1b}[1mb\u{1b}[0m\n---------\n";
        check([3, 2], vec![row("日本|x")], &format!("{head} 日本  1234\n x\n"));
    }

    #[test]
    fn a_column_wider_than_can_be_counted_keeps_its_width() {
        let (width, long) = (WIDEST + 3, "x".repeat(WIDEST + 3));
        let row = |text: &str| [block(text, Style::Plain), block("7", Style::Plain)];
        let blanks = |count: usize| " ".repeat(count);
        let expected = format!(
            " \u{1b}[1ma\u{1b}[0m{0}   n\n \u{1b}[1mb\u{1b}[0m\n{1}\n {long}   7\n y{0}   7\n",
            blanks(width - 1),
            "-".repeat(width + 2 + 2 * PADDING)
        );
        check([width, 2], vec![row(&long), row("y")], &expected);
    }
}
