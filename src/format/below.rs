//! What stands below a table: entries with a label, such as what each row rests on; their lines are wrapped to the width,
//! or become a list in Markdown.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::Look;
use super::markdown::escape;
use crate::base::clean;

/// Blanks for each depth.
const STEP: usize = 2;
/// Blanks before what is wrapped, besides those of its line: more than a step, so that it is no line of its own.
const HANGING: usize = 4;
/// Lines get at least so many cells, however narrow the terminal.
const LEAST: usize = 20;

/// Lines under a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called: `1`, `[1]`.
    pub label: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of text, indented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    depth: usize,
    text: String,
}

impl Line {
    /// How far it stands in, and its text.
    pub(super) fn parts(&self) -> (usize, &str) {
        (self.depth, &self.text)
    }

    /// A line at a depth.
    pub fn new(depth: usize, text: String) -> Self {
        Self { depth, text }
    }
}

/// Entries under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) heading: &'static str,
    pub(super) entries: Vec<Entry>,
}

impl Part {
    /// Writes the heading and the entries under it; nothing where there are none.
    pub(super) fn write(&self, look: Look, out: &mut dyn Write) -> io::Result<()> {
        let Self { heading, entries } = self;
        if entries.is_empty() {
            return Ok(());
        }
        let (bold, plain) = if look.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        writeln!(out, "\n{bold}{heading}{plain}")?;
        let labels = entries.iter().map(|entry| entry.label.width()).max().unwrap_or(0);
        entries.iter().try_for_each(|entry| write_entry(entry, labels, look, out))
    }

    /// Writes them as a list in Markdown.
    pub(super) fn write_list(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { heading, entries } = self;
        if entries.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n**{heading}**\n")?;
        entries.iter().try_for_each(|entry| write_list(entry, out))
    }
}

fn write_entry(entry: &Entry, labels: usize, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut label = entry.label.as_str();
    for Line { depth, text } in &entry.lines {
        let before = labels + 1 + STEP * (depth + 1);
        let width = look.width.map(|width| width.saturating_sub(before).max(LEAST));
        for (at, line) in wrapped(&clean::line(text), width).iter().enumerate() {
            let hanging = if at > 0 { HANGING } else { 0 };
            let blanks = " ".repeat(before - labels - 1 + hanging);
            writeln!(out, " {label:>labels$}{blanks}{line}")?;
            label = "";
        }
    }
    Ok(())
}

fn write_list(entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    let mut label = escape(&format!("{} ", entry.label));
    for Line { depth, text } in &entry.lines {
        let first = !label.is_empty();
        let blanks = " ".repeat(STEP * if first { 0 } else { depth + 1 });
        writeln!(out, "{blanks}- {label}{}", escape(text))?;
        label.clear();
    }
    Ok(())
}

/// Lines of at most so many cells, broken between words; the ones after the first are told to hang in.
fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let room = if lines.len() > 1 { width.saturating_sub(HANGING) } else { width };
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: Option<usize>, expected: &str, listed: &str) {
        let lines = vec![
            Line::new(0, "key\u{1b}".to_owned()),
            Line::new(1, "one two three four five six".to_owned()),
        ];
        let entries = [Entry { label: "1".to_owned(), lines }];
        let part = Part { heading: "Why", entries: entries.to_vec() };
        let (mut below, mut list) = (Vec::new(), Vec::new());
        part.write(Look { width, ..Look::PLAIN }, &mut below).unwrap();
        part.write_list(&mut list).unwrap();
        assert_eq!(String::from_utf8(below).unwrap(), expected);
        assert_eq!(String::from_utf8(list).unwrap(), listed);
    }

    #[test]
    fn lines_hang_under_their_label_and_are_cleaned() {
        let list = "\n**Why**\n\n- 1 key␛\n    - one two three four five six\n";
        check(None, "\nWhy\n 1  key␛\n      one two three four five six\n", list);
        let narrow = "\nWhy\n 1  key␛\n      one two three four\n          five six\n";
        check(Some(26), narrow, list);
    }
}
