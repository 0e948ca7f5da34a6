//! What a worksheet shows of its cells besides their values: which of them are merged, and which days are shown as a month
//! or a year only. A spreadsheet program makes the first of March of `2025-03`, and shows `Mar-25`.

use std::collections::HashMap;
use std::io::{Read, Seek};

use calamine::{DataRef, Dimensions, XlsxCellReader, XlsxError};

use super::range;

/// How much of a day a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Its month and year.
    Month,
    /// Its year.
    Year,
}

/// The most cells that show less than their day.
const MOST: usize = 1_000_000;

/// What is known of a worksheet.
#[derive(Debug, Default)]
pub(super) struct Layout {
    shown: HashMap<(u32, u32), Shown>,
    /// Cells that are merged with those below or beside them, by the row they begin in, the last first.
    merged: Vec<Dimensions>,
    /// Those of them that reach the row read last.
    open: Vec<Dimensions>,
}

impl Layout {
    /// Of a worksheet with these merged cells; the others are read from its cells, where some may show less than their day.
    pub(super) fn new<R: Read + Seek>(
        mut reader: XlsxCellReader<'_, R>,
        mut merged: Vec<Dimensions>,
    ) -> Result<Self, XlsxError> {
        merged.sort_by_key(|cells| std::cmp::Reverse(cells.start.0));
        let code = |style: &calamine::Style| {
            style.number_format.as_ref().map(|format| format.format_code.clone())
        };
        let styles: Vec<Option<Shown>> =
            reader.styles().iter().map(|style| shown(&code(style)?)).collect();
        let mut found = HashMap::new();
        if styles.iter().any(Option::is_some) {
            while let Some((cell, style)) = reader.next_cell_with_style_id()? {
                let is_day = matches!(cell.get_value(), DataRef::DateTime(_));
                if let Some(shown) = styles.get(style).copied().flatten().filter(|_| is_day)
                    && found.len() < MOST
                {
                    found.insert(cell.get_position(), shown);
                }
            }
        }
        Ok(Self { shown: found, merged, open: Vec::new() })
    }

    /// How much of a day a cell shows, where that is less than all.
    pub(super) fn shown(&self, place: (u32, u32)) -> Option<Shown> {
        self.shown.get(&place).copied()
    }

    /// Cells of a row, left of a column, that hold nothing because they are merged with others: their name, and that of the
    /// one that holds the content. Rows are asked for in their order.
    pub(super) fn hidden(&mut self, row: u32, width: u32) -> Option<(String, String)> {
        while self.merged.last().is_some_and(|cells| cells.start.0 <= row) {
            self.open.extend(self.merged.pop());
        }
        self.open.retain(|cells| cells.end.0 >= row);
        let hides = |cells: &&Dimensions| {
            let beside = cells.end.1.min(width.saturating_sub(1)) > cells.start.1;
            cells.start.1 < width && (cells.start.0 < row || beside)
        };
        let cells = self.open.iter().find(hides)?;
        let first = range::name(cells.start.0, cells.start.1);
        Some((format!("{first}:{}", range::name(cells.end.0, cells.end.1)), first))
    }
}

/// How much of a day a format shows (ECMA-376, part 1, 18.8.31), where that is less than all.
fn shown(format: &str) -> Option<Shown> {
    let mut letters = String::new();
    let mut rest = format.chars();
    while let Some(letter) = rest.next() {
        match letter {
            ';' => break,
            // The next one stands for itself, or says how wide a blank is.
            '\\' | '_' | '*' => drop(rest.next()),
            '"' => drop(rest.find(|letter| *letter == '"')),
            '[' => drop(rest.find(|letter| *letter == ']')),
            _ => letters.extend(letter.to_lowercase()),
        }
    }
    let has = |letter: char| letters.contains(letter);
    if !has('y') || has('d') || has('h') || has('s') {
        return None;
    }
    Some(if has('m') { Shown::Month } else { Shown::Year })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_tells_how_much_of_a_day_it_shows() {
        for (format, expected) in [
            ("mmm-yy", Some(Shown::Month)),
            ("yyyy\\-mm", Some(Shown::Month)),
            ("[$-407]mmmm\\ yyyy;@", Some(Shown::Month)),
            ("yyyy", Some(Shown::Year)),
            ("\"day \"yyyy", Some(Shown::Year)),
            ("dd.mm.yyyy", None),
            ("mm-dd-yy", None),
            ("yyyy-mm-dd hh:mm", None),
            ("mmmm", None),
            ("General", None),
        ] {
            assert_eq!(shown(format), expected, "{format}");
        }
    }
}
