//! Ways to write a result. Each reads a stream of rows and knows neither store nor terminal; [`FORMATS`] lists them.

pub mod below;
pub mod cell;
pub mod chart;
pub mod delimited;
pub mod json;
pub mod layout;
pub mod markdown;
pub mod png;
#[cfg(test)]
mod samples;
pub mod table;
pub mod text;

use std::io::{self, Write};

use crate::base::value::{Column, Value};

/// Writes one result, row by row.
pub trait Sink {
    /// Takes the columns; called once, before any row.
    fn begin(&mut self, columns: &[Column]) -> io::Result<()>;
    /// Takes one row, in column order.
    fn row(&mut self, row: &[Value]) -> io::Result<()>;
    /// Finishes, and says what could not be shown.
    fn end(&mut self) -> io::Result<Tally>;
}

/// What a format has to say about its work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells that were cut to fit.
    pub cut: usize,
}

/// How a result may look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// How many cells a line has; nothing where lines may be as long as they like.
    pub width: Option<usize>,
    /// Whether colours may be used.
    pub colour: bool,
    /// Whether addresses may be links.
    pub links: bool,
    /// Whether somebody is watching, so that the first rows should not wait for more.
    pub live: bool,
    /// What lines, bars and marks are made of.
    pub strokes: Strokes,
    /// When each row becomes a record.
    pub expanded: Expanded,
    /// Whether the names of the columns stand above.
    pub heading: Heading,
}

impl Look {
    /// For files and pipes: any width, nothing but text.
    pub const PLAIN: Self = Self {
        width: None,
        colour: false,
        links: false,
        live: false,
        strokes: Strokes::Unicode,
        expanded: Expanded::Auto,
        heading: Heading::Shown,
    };
}

/// What is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strokes {
    /// Line and block characters.
    Unicode,
    /// What every terminal has.
    Ascii,
}

/// When a table becomes records, one property a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Expanded {
    /// Where its text would be squeezed.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// Whether the names of the columns are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Heading {
    /// As usual.
    #[default]
    Shown,
    /// For programs that count columns.
    Hidden,
}

/// How more than its cells can be told of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Besides {
    /// Below all rows, as it is to be read.
    Below,
    /// Below all rows, as a list in Markdown.
    Listed,
    /// As a member of its object.
    Inside,
}

/// A way to write a result.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a format")]
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// File endings that mean it.
    pub endings: &'static [&'static str],
    /// What it is, in one line.
    pub about: &'static str,
    /// Whether what it writes may go to a terminal as it is.
    pub safe: bool,
    /// Whether lists with different columns read well one after the other.
    pub several: bool,
    /// Whether it reads well without the names of its columns.
    pub headless: bool,
    /// Whether it has a width, and records.
    pub shaped: bool,
    /// How what a row rests on can be told besides its cells, if at all.
    pub besides: Option<Besides>,
    start: for<'w> fn(&'w mut dyn Write, Look) -> Box<dyn Sink + 'w>,
}

impl Format {
    /// Starts writing to `out`.
    pub fn start<'w>(&self, out: &'w mut dyn Write, look: Look) -> Box<dyn Sink + 'w> {
        (self.start)(out, look)
    }
}

/// Every format; the first is what people get who do not ask for one.
pub const FORMATS: &[Format] = &[
    Format {
        name: "table",
        aliases: &["text"],
        endings: &["txt"],
        about: "for reading; fits the terminal",
        safe: true,
        several: true,
        headless: true,
        shaped: true,
        besides: Some(Besides::Below),
        start: |out, look| Box::new(table::Table::new(out, look)),
    },
    Format {
        name: "csv",
        aliases: &[],
        endings: &["csv"],
        about: "comma-separated, for spreadsheets",
        safe: false,
        several: false,
        headless: true,
        shaped: false,
        start: |out, look| Box::new(delimited::Delimited::new(out, delimited::CSV, look.heading)),
        besides: None,
    },
    Format {
        name: "tsv",
        aliases: &["tab"],
        endings: &["tsv", "tab"],
        about: "tab-separated; \\t, \\n and \\\\ stand for tab, line end and backslash",
        safe: false,
        several: false,
        headless: true,
        shaped: false,
        start: |out, look| Box::new(delimited::Delimited::new(out, delimited::TSV, look.heading)),
        besides: None,
    },
    Format {
        name: "json",
        aliases: &[],
        endings: &["json"],
        about: "one array of objects",
        safe: true,
        several: false,
        headless: false,
        shaped: false,
        besides: Some(Besides::Inside),
        start: |out, _| Box::new(json::Json::array(out)),
    },
    Format {
        name: "jsonl",
        aliases: &["ndjson"],
        endings: &["jsonl", "ndjson"],
        about: "one object a line",
        safe: true,
        several: false,
        headless: false,
        shaped: false,
        besides: Some(Besides::Inside),
        start: |out, _| Box::new(json::Json::lines(out)),
    },
    Format {
        name: "markdown",
        aliases: &["md"],
        endings: &["md", "markdown"],
        about: "a table for notes and issues",
        safe: true,
        several: true,
        headless: false,
        shaped: false,
        besides: Some(Besides::Listed),
        start: |out, _| Box::new(markdown::Markdown::new(out)),
    },
];

/// The format of that name, in any case.
pub fn named(name: &str) -> Option<&'static Format> {
    let wanted = name.to_lowercase();
    FORMATS.iter().find(|f| f.name == wanted || f.aliases.contains(&wanted.as_str()))
}

/// The format that a file ending means, in any case.
pub fn for_ending(ending: &str) -> Option<&'static Format> {
    let wanted = ending.to_lowercase();
    FORMATS.iter().find(|f| f.endings.contains(&wanted.as_str()))
}

/// The names of all formats, as a sentence lists them.
pub fn names() -> String {
    FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_aliases_and_endings_are_unique() {
        let names: Vec<&str> =
            FORMATS.iter().flat_map(|f| f.aliases.iter().copied().chain([f.name])).collect();
        let endings: Vec<&str> = FORMATS.iter().flat_map(|f| f.endings.iter().copied()).collect();
        for list in [names, endings] {
            let mut unique = list.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), list.len(), "{list:?}");
        }
    }

    #[test]
    fn a_format_is_found_by_name_alias_and_ending() {
        assert_eq!(named("Markdown").map(|f| f.name), Some("markdown"));
        assert_eq!(named("md").map(|f| f.name), Some("markdown"));
        assert_eq!(for_ending("CSV").map(|f| f.name), Some("csv"));
        assert!(named("xlsx").is_none());
    }
}
