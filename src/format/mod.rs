//! Ways to write a result. Each reads a stream of rows and knows neither store nor terminal; [`FORMATS`] lists them.

pub mod below;
pub mod cell;
pub mod chart;
pub mod delimited;
pub mod html;
pub mod json;
pub mod latex;
pub mod layout;
pub mod markdown;
pub mod parquet;
pub mod png;
#[cfg(test)]
mod samples;
mod sheet;
mod spool;
pub mod table;
pub mod text;
pub mod xlsx;

use std::io::{self, Write};

use crate::base::value::{Column, Value};

/// Writes one result, row by row.
pub trait Sink {
    /// Takes the columns; called once, before any row.
    fn begin(&mut self, columns: &[Column]) -> io::Result<()>;
    /// Takes one row, in column order.
    fn row(&mut self, row: &[Value]) -> io::Result<()>;
    /// Takes what is to be told below all rows, under a heading, such as a list of sources; called before the end.
    /// A format whose [`Format::besides`] is not `Below` or `Listed` has no place for it.
    fn below(&mut self, _heading: &'static str, _entries: Vec<below::Entry>) {}
    /// Finishes, and says what could not be shown.
    fn end(&mut self) -> io::Result<Tally>;
}

/// What a format has to say about its work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells that were cut to fit.
    pub cut: usize,
    /// What else the reader has to know.
    pub remarks: Vec<Remark>,
}

/// Something that a format could not write as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is.
    pub what: String,
    /// What to do about it.
    pub next: Option<&'static str>,
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
    /// What becomes of texts that spreadsheet programs would run.
    pub formulas: Formulas,
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
        formulas: Formulas::AsTheyAre,
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

/// What becomes of texts that a spreadsheet program would run as formulas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Formulas {
    /// They stay as they are, for programs that read values.
    #[default]
    AsTheyAre,
    /// They get a `'` in front.
    Guarded,
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
    /// Whether spreadsheet programs read it as text, and so run what looks like a formula.
    pub guarded: bool,
    /// Whether it is one whole, so that nothing can follow it.
    pub whole: bool,
    /// Whether it is bytes rather than text.
    pub binary: bool,
    /// What to do where this program is built without it.
    pub missing: Option<&'static str>,
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

/// What most formats have in common.
const USUAL: Format = Format {
    name: "",
    aliases: &[],
    endings: &[],
    about: "",
    safe: true,
    several: false,
    headless: false,
    shaped: false,
    guarded: false,
    whole: false,
    binary: false,
    missing: None,
    besides: None,
    start: |out, look| Box::new(table::Table::new(out, look)),
};

/// Every format; the first is what people get who do not ask for one.
pub const FORMATS: &[Format] = &[
    Format {
        name: "table",
        aliases: &["text"],
        endings: &["txt"],
        about: "for reading; fits the terminal",
        several: true,
        headless: true,
        shaped: true,
        besides: Some(Besides::Below),
        ..USUAL
    },
    Format {
        name: "csv",
        endings: &["csv"],
        about: "comma-separated, for spreadsheets",
        safe: false,
        headless: true,
        guarded: true,
        start: |out, look| Box::new(delimited::Delimited::new(out, delimited::CSV, look)),
        ..USUAL
    },
    Format {
        name: "tsv",
        aliases: &["tab"],
        endings: &["tsv", "tab"],
        about: "tab-separated; \\t, \\n and \\\\ stand for tab, line end and backslash",
        safe: false,
        headless: true,
        guarded: true,
        start: |out, look| Box::new(delimited::Delimited::new(out, delimited::TSV, look)),
        ..USUAL
    },
    Format {
        name: "json",
        endings: &["json"],
        about: "one array of objects",
        besides: Some(Besides::Inside),
        start: |out, _| Box::new(json::Json::array(out)),
        ..USUAL
    },
    Format {
        name: "jsonl",
        aliases: &["ndjson"],
        endings: &["jsonl", "ndjson"],
        about: "one object a line",
        besides: Some(Besides::Inside),
        start: |out, _| Box::new(json::Json::lines(out)),
        ..USUAL
    },
    Format {
        name: "markdown",
        aliases: &["md"],
        endings: &["md", "markdown"],
        about: "a table for notes and issues",
        several: true,
        besides: Some(Besides::Listed),
        start: |out, _| Box::new(markdown::Markdown::new(out)),
        ..USUAL
    },
    Format {
        name: "html",
        aliases: &["htm"],
        endings: &["html", "htm"],
        about: "a page of its own, with no script and nothing from elsewhere",
        whole: true,
        besides: Some(Besides::Below),
        start: |out, _| Box::new(html::Html::new(out)),
        ..USUAL
    },
    Format {
        name: "latex",
        aliases: &["tex"],
        endings: &["tex"],
        about: "a table for LaTeX, with the rules of booktabs",
        several: true,
        start: |out, _| Box::new(latex::Latex::new(out)),
        ..USUAL
    },
    Format {
        name: "xlsx",
        aliases: &["excel"],
        endings: &["xlsx"],
        about: "a workbook: numbers, days and truths as such, the heading frozen, a filter",
        whole: true,
        binary: true,
        start: |out, _| Box::new(xlsx::Xlsx::new(out)),
        ..USUAL
    },
    Format {
        name: "parquet",
        endings: &["parquet"],
        about: "typed columns, for data frames and DuckDB; only where dixit is built with it",
        whole: true,
        binary: true,
        missing: parquet::MISSING,
        start: parquet::start,
        ..USUAL
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

/// The names of those formats, with a word before the last: `csv and tsv`.
pub fn names_of(which: impl Fn(&Format) -> bool, word: &str) -> String {
    let names: Vec<&str> =
        FORMATS.iter().filter(|format| which(format)).map(|format| format.name).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => String::new(),
    }
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
    fn some_formats_are_listed_as_in_a_sentence() {
        assert_eq!(names_of(|format| format.guarded, "and"), "csv and tsv");
        assert_eq!(names_of(|format| format.name == "csv", "and"), "csv");
        assert_eq!(names_of(|format| format.binary, "or"), "xlsx or parquet");
    }

    #[test]
    fn a_format_is_found_by_name_alias_and_ending() {
        assert_eq!(named("Markdown").map(|f| f.name), Some("markdown"));
        assert_eq!(named("md").map(|f| f.name), Some("markdown"));
        assert_eq!(for_ending("CSV").map(|f| f.name), Some("csv"));
        assert!(named("docx").is_none());
    }
}
