//! How wide text is and where its lines break.

use std::fmt;

use unicode_width::UnicodeWidthChar as _;

use crate::base::letters;

/// The fonts a picture asks for, in this order.
pub const FAMILY: &str =
    "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', 'Noto Sans', sans-serif";

/// A size in pixels and a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Font {
    /// Height of the letters' box.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
}

impl Font {
    /// An ordinary font.
    pub const fn plain(size: f64) -> Self {
        Self { size, bold: false }
    }

    /// A bold font.
    pub const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    /// From one line to the next.
    pub fn line(self) -> f64 {
        (self.size * 1.3).round()
    }

    /// How wide `text` is at most.
    pub fn width(self, text: &str) -> f64 {
        let heavier = if self.bold { 1.12 } else { 1.0 };
        letters::width(text) * self.size / 1000.0 * heavier
    }

    /// Breaks `text` into lines no wider than `room`; what is left after `most` lines becomes an ellipsis.
    pub fn wrap(self, text: &str, room: f64, most: usize) -> Vec<String> {
        let mut lines = self.lines(text, room);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && self.width(last) + self.width("…") > room {
                    last.pop();
                }
                last.truncate(last.trim_end().len());
                last.push('…');
            }
        }
        lines
    }

    fn lines(self, text: &str, room: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let blank = if line.is_empty() { "" } else { " " };
            if self.width(&line) + self.width(blank) + self.width(word) <= room {
                line.push_str(blank);
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let mut pieces = self.pieces(word, room);
            line = pieces.pop().unwrap_or_default();
            lines.extend(pieces);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// A word in parts that each fit, broken behind a hyphen where there is one; marks stay with their letter.
    fn pieces(self, word: &str, room: f64) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for c in word.chars() {
            let Some(piece) = pieces.last_mut() else { break };
            let fits = self.width(piece) + self.width(c.encode_utf8(&mut [0; 4])) <= room;
            if fits || piece.is_empty() || c.width() == Some(0) {
                piece.push(c);
                continue;
            }
            let end = piece.rfind(['-', '_', '/', '.']).map_or(piece.len(), |at| at + 1);
            let mut next = piece.split_off(end);
            next.push(c);
            pieces.push(next);
        }
        pieces
    }
}

/// A length in a picture, with one decimal at most.
#[derive(Debug, Clone, Copy)]
pub struct Px(pub f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        // Without the sign of a zero.
        write!(f, "{}", tenths + 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font::plain(10.0);

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text =
            "The plan was handed over to the United States for Russia by Donaudampfschifffahrts…";
        for room in [30.0, 60.0, 121.0, 400.0] {
            let lines = FONT.wrap(text, room, 99);
            assert!(lines.iter().all(|line| FONT.width(line) <= room), "{lines:?}");
            let letters = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text), "nothing is lost");
        }
    }

    #[test]
    fn what_does_not_fit_becomes_an_ellipsis() {
        assert_eq!(FONT.wrap("one two three", 30.0, 2), ["one", "two…"]);
        assert_eq!(FONT.wrap("one", 30.0, 2), ["one"]);
        assert_eq!(FONT.wrap(" ", 30.0, 2), [""; 0]);
    }

    #[test]
    fn keys_break_behind_a_hyphen() {
        let room = FONT.width("senators-relay-n");
        assert_eq!(FONT.wrap("senators-relay-not", room, 9), ["senators-relay-", "not"]);
    }

    #[test]
    fn marks_stay_with_their_letter_and_wide_letters_count_double() {
        let lines = FONT.wrap("e\u{301}e\u{301}e\u{301}", 6.0, 9);
        assert_eq!(lines, ["e\u{301}", "e\u{301}", "e\u{301}"]);
        assert!(FONT.width("日") > FONT.width("M"));
    }

    #[test]
    fn lengths_have_one_decimal() {
        assert_eq!([Px(1.0), Px(0.25), Px(-0.01)].map(|px| px.to_string()), ["1", "0.3", "0"]);
    }
}
