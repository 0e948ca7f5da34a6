//! What stands below a table: entries with a label, such as what each row rests on; their lines are wrapped to the width,
//! or become a list in Markdown.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::markdown::escape;
use super::{Besides, Format, Look};
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
    /// A line at a depth.
    pub fn new(depth: usize, text: String) -> Self {
        Self { depth, text }
    }
}

/// Writes a heading and the entries under it.
pub fn write(
    heading: &str,
    entries: &[Entry],
    format: &Format,
    (out, look): (&mut dyn Write, Look),
) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    if format.besides == Some(Besides::Listed) {
        writeln!(out, "**{heading}**\n")?;
        return entries.iter().try_for_each(|entry| write_list(entry, out));
    }
    let (bold, plain) = if look.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    writeln!(out, "{bold}{heading}{plain}")?;
    let labels = entries.iter().map(|entry| entry.label.width()).max().unwrap_or(0);
    entries.iter().try_for_each(|entry| write_entry(entry, labels, look, out))
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
    use crate::format::named;

    fn check(format: &str, width: Option<usize>, expected: &str) {
        let lines = vec![
            Line::new(0, "key\u{1b}".to_owned()),
            Line::new(1, "one two three four five six".to_owned()),
        ];
        let entries = [Entry { label: "1".to_owned(), lines }];
        let mut out = Vec::new();
        let look = Look { width, ..Look::PLAIN };
        let format = named(format).unwrap();
        write("Why", &entries, format, (&mut out, look)).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn lines_hang_under_their_label_and_are_cleaned() {
        check("table", None, "\nWhy\n 1  key␛\n      one two three four five six\n");
        let narrow = "\nWhy\n 1  key␛\n      one two three four\n          five six\n";
        check("table", Some(26), narrow);
        check("markdown", None, "\n**Why**\n\n- 1 key␛\n    - one two three four five six\n");
    }
}
