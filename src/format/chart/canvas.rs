//! A field of cells in a terminal that text and marks are put on. What is put here is clean.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::palette;

/// How a cell looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Ink {
    #[default]
    Plain,
    Dim,
    Bold,
    /// One of the 256 colours.
    Colour(u8),
    /// Text on a ground: both are of the 256 colours.
    Ground(u8, u8),
}

/// Cells in lines.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    lines: Vec<Vec<(String, Ink)>>,
}

impl Canvas {
    /// Puts a text on the canvas; what was there is covered.
    pub(super) fn put(&mut self, x: usize, y: usize, text: &str, ink: Ink) {
        if self.lines.len() <= y {
            self.lines.resize(y + 1, Vec::new());
        }
        let line = &mut self.lines[y];
        let mut at = x;
        for piece in text.graphemes(true) {
            let cells = piece.width().max(1);
            if line.len() < at + cells {
                line.resize(at + cells, (" ".to_owned(), Ink::Plain));
            }
            line[at] = (piece.to_owned(), ink);
            for behind in line.iter_mut().skip(at + 1).take(cells - 1) {
                // A wide character covers the cells behind it.
                *behind = (String::new(), ink);
            }
            at += cells;
        }
    }

    /// Puts a character on the canvas if nothing is there.
    pub(super) fn put_below(&mut self, x: usize, y: usize, c: char, ink: Ink) {
        if self.is_free(x, y) {
            self.put(x, y, c.encode_utf8(&mut [0; 4]), ink);
        }
    }

    fn is_free(&self, x: usize, y: usize) -> bool {
        let cell = self.lines.get(y).and_then(|line| line.get(x));
        cell.is_none_or(|(text, _)| text == " ")
    }

    /// The number of lines.
    pub(super) fn height(&self) -> usize {
        self.lines.len()
    }

    /// All lines as text, each ended.
    pub(super) fn text(&self, colour: bool) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let blank =
                |(text, ink): &&(String, Ink)| text == " " && !matches!(ink, Ink::Ground(..));
            let ends = line.len() - line.iter().rev().take_while(blank).count();
            let mut last = Ink::Plain;
            for (piece, ink) in line.iter().take(ends) {
                if colour && *ink != last {
                    text.push_str(&change(last, *ink));
                    last = *ink;
                }
                text.push_str(piece);
            }
            if last != Ink::Plain {
                text.push_str("\u{1b}[0m");
            }
            text.push('\n');
        }
        text
    }
}

fn change(last: Ink, ink: Ink) -> String {
    let reset = if last == Ink::Plain { "" } else { "\u{1b}[0m" };
    let set = match ink {
        Ink::Plain => String::new(),
        Ink::Dim => "\u{1b}[2m".to_owned(),
        Ink::Bold => "\u{1b}[1m".to_owned(),
        Ink::Colour(code) => format!("\u{1b}[38;5;{code}m"),
        Ink::Ground(text, ground) => format!("\u{1b}[38;5;{text};48;5;{ground}m"),
    };
    format!("{reset}{set}")
}

/// Which series are which, in lines at the top from `left` on, each with its mark and its colour; gives the last line.
pub(super) fn legend<'n>(
    canvas: &mut Canvas,
    names: impl Iterator<Item = &'n str>,
    (left, width): (usize, usize),
    mark: impl Fn(&palette::Look) -> String,
) -> usize {
    let (mut x, mut y) = (left, 0);
    for (at, name) in names.enumerate() {
        let look = palette::series(at);
        let mark = mark(look);
        let before = mark.width() + 1;
        let name = clipped(name, width.saturating_sub(left + before + 1));
        if x + before + name.width() > width && x > left {
            (x, y) = (left, y + 1);
        }
        canvas.put(x, y, &mark, Ink::Colour(look.code));
        canvas.put(x + before, y, &name, Ink::Plain);
        x += before + name.width() + 3;
    }
    y
}

/// A line of bold text.
pub(super) fn bold(line: &str, colour: bool) -> String {
    if colour { format!("\u{1b}[1m{line}\u{1b}[0m\n") } else { format!("{line}\n") }
}

/// At most so many cells of a text; what is left out shows.
pub(super) fn clipped(text: &str, cells: usize) -> String {
    use crate::format::cell::{Sort, fold};
    fold(text, Sort::Words, cells.max(1), 1, "…").lines.concat()
}

/// So many cells of a text, filled up on the left.
pub(super) fn right(text: &str, cells: usize) -> String {
    let text = clipped(text, cells);
    format!("{}{text}", " ".repeat(cells.saturating_sub(text.width())))
}

/// A share of a length, in whole cells.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share is from 0 to 1, a length a few hundred"
)]
pub(super) fn part(share: f64, length: usize) -> usize {
    (share * length as f64).round() as usize
}
