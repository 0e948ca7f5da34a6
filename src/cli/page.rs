//! A document of `docs/` as a terminal shows it: paragraphs and tables fitted to the width, marks of Markdown taken away.
//! Reads the little of Markdown that these documents use; the text is ours, so nothing in it is cleaned.

use unicode_width::UnicodeWidthStr as _;

use super::page_words::{self, Inks, wrapped};

/// How a page may look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paper {
    /// How many cells a line has.
    pub(crate) width: usize,
    /// Whether colours may be used.
    pub(crate) colour: bool,
}

/// The part of a document that begins with this heading and ends before the next one of its rank.
pub(crate) fn section<'t>(document: &'t str, heading: &str) -> Option<&'t str> {
    let is_heading = |line: &str| line.strip_prefix("## ").is_some_and(|text| text == heading);
    let mut at = 0;
    let mut start = None;
    for line in document.split_inclusive('\n') {
        match start {
            None if is_heading(line.trim_end()) => start = Some(at),
            Some(_) if line.starts_with("## ") || line.starts_with("# ") => break,
            _ => {}
        }
        at += line.len();
    }
    document.get(start?..at)
}

/// Lays a document out.
pub(crate) fn lay_out(document: &str, paper: Paper) -> String {
    let mut page = Page { paper, lines: Vec::new() };
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            page.code(info, &code);
        } else if let Some(heading) = line.strip_prefix('#') {
            page.heading(heading);
        } else if line.starts_with('|') {
            let mut rows = vec![line];
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(row);
            }
            page.table(&rows);
        } else if line.trim().is_empty() {
            page.blank();
        } else {
            let mut text = line.to_owned();
            while let Some(more) = lines.next_if(|line| goes_on(line)) {
                text = format!("{text} {}", more.trim());
            }
            page.paragraph(&text);
        }
    }
    page.lines.join("\n").trim_end().to_owned() + "\n"
}

/// Whether a line belongs to the paragraph before it.
fn goes_on(line: &str) -> bool {
    let starts = ["#", "|", "```", "* ", "- "];
    !line.trim().is_empty()
        && !starts.iter().any(|start| line.starts_with(start))
        && number(line) == 0
}

/// How many characters a number such as `1. ` takes at the start of a line; 0 where there is none.
fn number(line: &str) -> usize {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    if digits > 0 && line.chars().skip(digits).take(2).eq(['.', ' ']) { digits + 2 } else { 0 }
}

struct Page {
    paper: Paper,
    lines: Vec<String>,
}

impl Page {
    fn inks(&self) -> Inks {
        Inks { colour: self.paper.colour }
    }

    /// An empty line, unless there is one.
    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// A heading without its first mark.
    fn heading(&mut self, text: &str) {
        let line = if text.starts_with('#') { "─" } else { "═" };
        let text = text.trim_start_matches('#').trim();
        self.blank();
        self.lines.push(self.inks().bold(text));
        self.lines.push(line.repeat(text.width()));
    }

    /// Examples stand in by two cells, files under their name.
    fn code(&mut self, info: &str, code: &[&str]) {
        let file = info.split_once(' ').map(|(_, name)| name);
        self.blank();
        self.lines.extend(file.map(|name| format!("  {}", self.inks().bold(&format!("{name}:")))));
        let margin = if file.is_some() { "    " } else { "  " };
        for line in code {
            let line = if line.is_empty() { String::new() } else { format!("{margin}{line}") };
            let typed = line.trim_start().starts_with("$ ");
            self.lines.push(if typed { self.inks().bold(&line) } else { line });
        }
        self.blank();
    }

    fn paragraph(&mut self, text: &str) {
        let mark = if text.starts_with("* ") || text.starts_with("- ") { 2 } else { number(text) };
        let (head, rest) = text.split_at_checked(mark).unwrap_or(("", text));
        let indent = " ".repeat(mark);
        for (index, line) in wrapped(rest, self.width(mark), self.inks()).iter().enumerate() {
            self.lines.push(format!("{}{line}", if index == 0 { head } else { &indent }));
        }
    }

    /// Columns side by side; the last one takes what is left.
    fn table(&mut self, rows: &[&str]) {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row)).collect();
        let rule =
            |row: &&Vec<String>| row.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)));
        let rows: Vec<&Vec<String>> = rows.iter().filter(|row| !rule(row)).collect();
        let last = rows.iter().map(|row| row.len()).max().unwrap_or(1) - 1;
        let inks = self.inks();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let widest = cells.map(|cell| page_words::cells(&inks.line(cell))).max().unwrap_or(0);
            widest.min(self.paper.width / 3)
        };
        let widths: Vec<usize> = (0..last).map(width).collect();
        let used: usize = widths.iter().map(|width| width + 2).sum();
        let rest = self.width(used + 2).max(20);
        let mut lines = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            let column = |at: usize| {
                let width = widths.get(at).copied().unwrap_or(rest);
                wrapped(row.get(at).map_or("", String::as_str), width, inks)
            };
            let columns: Vec<Vec<String>> = (0..=last).map(column).collect();
            lines.extend(side_by_side(&columns, &widths));
            if index == 0 {
                lines.push(String::new());
            }
        }
        let longest = lines.iter().map(|line| page_words::cells(line)).max().unwrap_or(0);
        let rule = format!("  {}", "─".repeat(longest.saturating_sub(2)));
        let rules = |line: String| if line.is_empty() { rule.clone() } else { line };
        self.lines.extend(lines.into_iter().map(rules));
    }

    fn width(&self, taken: usize) -> usize {
        self.paper.width.saturating_sub(taken).max(20)
    }
}

/// The lines of cells, each padded to the width of its column.
fn side_by_side(columns: &[Vec<String>], widths: &[usize]) -> Vec<String> {
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let mut line = "  ".to_owned();
        for (index, column) in columns.iter().enumerate() {
            let cell = column.get(at).map_or("", String::as_str);
            let pad = widths
                .get(index)
                .map_or(0, |width| width.saturating_sub(page_words::cells(cell)) + 2);
            line += cell;
            line += &" ".repeat(pad);
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// The cells of a row; `\|` is a bar.
fn cells(row: &str) -> Vec<String> {
    let bar = "\u{1}";
    let row = row.replace("\\|", bar);
    let inner = row.trim().trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(|cell| cell.trim().replace(bar, "|")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# Title\n\nSome `code` and **bold** words,\nand a [link](else.md).\n\n* one\n* two\n  words\n\n\
        ```csv a.csv\na,b\n```\n\n```console\n$ dixit\n```\n\n## Part\n\n| a | b |\n|---|---|\n| `x\\|y` | what it is |\n\n## Other\n\nend\n";

    #[test]
    fn marks_go_and_what_they_mean_stays() {
        let expected = "Title\n═════\n\nSome `code` and bold\nwords, and a link.\n\n* one\n* two words\n\n  a.csv:\n    a,b\n\n  \
            $ dixit\n\nPart\n────\n\n  a      b\n  ─────────────────\n  `x|y`  what it is\n\nOther\n─────\n\nend\n";
        assert_eq!(lay_out(DOCUMENT, Paper { width: 20, colour: false }), expected);
    }

    #[test]
    fn a_section_ends_before_the_next() {
        assert!(section(DOCUMENT, "Part").unwrap().ends_with("what it is |\n\n"));
        assert_eq!(section(DOCUMENT, "Other"), Some("## Other\n\nend\n"));
        assert_eq!(section(DOCUMENT, "Title"), None);
    }
}
