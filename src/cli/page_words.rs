//! Running text of a page: broken into lines, with `code`, **bold** and links shown as a terminal can.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

const BOLD: &str = "\u{1b}[1m";
const CODE: &str = "\u{1b}[36m";
const PLAIN: &str = "\u{1b}[0m";

/// What may be used to set words off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inks {
    /// Whether colours may be.
    pub(crate) colour: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Plain,
    Bold,
    Code,
}

/// A word: its characters, each with its ink.
type Word = Vec<(char, Ink)>;

impl Inks {
    /// A text that is bold where that can be shown.
    pub(crate) fn bold(self, text: &str) -> String {
        if self.colour { format!("{BOLD}{text}{PLAIN}") } else { text.to_owned() }
    }

    /// A text on one line.
    pub(crate) fn line(self, text: &str) -> String {
        wrapped(text, usize::MAX, self).join(" ")
    }
}

/// How many cells a line takes; what sets words off takes none.
pub(crate) fn cells(line: &str) -> usize {
    let plain = [BOLD, CODE, PLAIN].iter().fold(line.to_owned(), |line, ink| line.replace(ink, ""));
    plain.width()
}

/// Breaks a text into lines of at most `width` cells; a word that is longer keeps its length.
pub(crate) fn wrapped(text: &str, width: usize, inks: Inks) -> Vec<String> {
    let mut lines: Vec<Word> = vec![Word::new()];
    let mut used = 0;
    for word in words(text, inks) {
        let cells = word.iter().map(|(c, _)| c.width().unwrap_or(0)).sum::<usize>();
        let fits = used == 0 || used + 1 + cells <= width;
        match lines.last_mut() {
            Some(line) if fits => {
                let between = line.last().map(|(_, ink)| (' ', *ink));
                let same = word.first().map(|(_, ink)| *ink) == between.map(|(_, ink)| ink);
                line.extend(between.map(|(c, ink)| (c, if same { ink } else { Ink::Plain })));
                line.extend(word);
                used += cells + usize::from(used > 0);
            }
            _ => {
                lines.push(word);
                used = cells;
            }
        }
    }
    lines.iter().map(written).collect()
}

fn written(line: &Word) -> String {
    let mut text = String::new();
    let mut last = Ink::Plain;
    for (c, ink) in line.iter().copied().chain(std::iter::once(('\0', Ink::Plain))) {
        if ink != last {
            text += if last == Ink::Plain { "" } else { PLAIN };
            text += match ink {
                Ink::Plain => "",
                Ink::Bold => BOLD,
                Ink::Code => CODE,
            };
            last = ink;
        }
        if c != '\0' {
            text.push(c);
        }
    }
    text
}

/// The words of a text. Without colours the marks around code stay.
fn words(text: &str, inks: Inks) -> Vec<Word> {
    let text = without_links(text);
    let (mut words, mut word, mut ink) = (Vec::new(), Word::new(), Ink::Plain);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '`' => {
                ink = if ink == Ink::Code { Ink::Plain } else { Ink::Code };
                if !inks.colour {
                    word.push((c, Ink::Plain));
                }
            }
            '*' if ink != Ink::Code && rest.next_if_eq(&'*').is_some() => {
                ink = if ink == Ink::Bold { Ink::Plain } else { Ink::Bold };
            }
            c if c.is_whitespace() => words.push(std::mem::take(&mut word)),
            c => word.push((c, if inks.colour { ink } else { Ink::Plain })),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// `[text](place)` as its text.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let link = after.split_once("](").and_then(|(shown, place)| {
            let (_, behind) = place.split_once(')')?;
            (!shown.contains([']', '`']) && before.matches('`').count() % 2 == 0)
                .then_some((shown, behind))
        });
        out += before;
        let (shown, behind) = link.unwrap_or(("[", after));
        out += shown;
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let lines = wrapped("one two three `a b` four", 9, Inks { colour: false });
        assert_eq!(lines, ["one two", "three `a", "b` four"]);
        assert_eq!(wrapped("", 9, Inks { colour: false }), [""]);
    }

    #[test]
    fn colours_go_on_over_the_end_of_a_line() {
        let lines = wrapped("x `a b` **c** y", 3, Inks { colour: true });
        let expected = ["x \u{1b}[36ma\u{1b}[0m", "\u{1b}[36mb\u{1b}[0m \u{1b}[1mc\u{1b}[0m", "y"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn only_links_lose_their_brackets() {
        assert_eq!(
            without_links("see [a b](c.md), `list[0](x)` and [x]"),
            "see a b, `list[0](x)` and [x]"
        );
    }
}
