//! Ways for the graph to leave the store, listed in [`exporters`]. What is written is asked for in dixit's own language;
//! nothing here knows the database or the terminal, and kinds are named only in `queries/`.

mod amount;
mod beside;
mod bibliography;
mod clash;
mod declared;
mod dossier;
mod dot;
pub mod exporters;
mod folder;
mod ftm;
mod gexf;
mod graphml;
mod iri;
mod jsonld;
mod lines;
mod links;
mod markup;
mod note;
pub mod out;
mod parts;
mod projection;
mod rows;
mod sheets;
mod trig;
mod vault;
mod xml;

use std::path::PathBuf;
use std::{fmt, io};

use crate::base::value::Value;
use crate::record::catalogue::Catalogue;
use crate::record::judged::Judgement;
use out::Out;

/// A form in which the graph leaves.
#[derive(Debug)]
pub struct Exporter {
    /// What `--format` calls it.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// File endings that mean it, in small letters.
    pub endings: &'static [&'static str],
    /// What it is, in one line.
    pub about: &'static str,
    /// Whether it is a folder of files; otherwise it is one file.
    pub folder: bool,
    /// The options it takes; others are refused before it starts.
    pub takes: &'static [Takes],
    /// Writes it. What it writes appears only where it gives a report.
    pub write: fn(&dyn World, &Options, &mut Out<'_>) -> Result<Report, Error>,
}

/// An option that not all forms take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// `--projection`
    Projection,
    /// `--actor`
    Actor,
    /// `--claim`
    Claim,
    /// `--min`
    Min,
}

impl Takes {
    /// The option, without its dashes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Projection => "projection",
            Self::Actor => "actor",
            Self::Claim => "claim",
            Self::Min => "min",
        }
    }
}

/// What the command line says besides the form.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which graph is made of the statements; its name is not looked up yet.
    pub projection: Option<String>,
    /// The key, name or alias of an actor.
    pub actor: Option<String>,
    /// The key or text of a claim.
    pub claim: Option<String>,
    /// How much an edge of a projection has to stand for.
    pub min: Option<u64>,
    /// The name of the store's file.
    pub store: String,
    /// The time, in the notation of RFC 3339.
    pub now: String,
}

/// Takes one row of an answer, in column order; a mistake ends the question.
pub type Receive<'r> = &'r mut dyn FnMut(&[Value]) -> Result<(), Error>;

/// Which part of the graph a question is about: names mean only what is in that part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// All of it.
    All,
    /// All kinds, and of the edges only those that every store of claims has: declared ones may share their names.
    BuiltIn,
    /// The same without those that terms name, since users add terms, and may choose any name for them.
    Named,
    /// The nodes of one kind of the catalogue, so that `match (n)` finds just them, and no edges.
    Kind(i64),
    /// All kinds, and one edge of the catalogue, so that `match (a)-[e]->(b)` finds just its edges.
    Edge(i64),
    /// The same of an edge whose term is fixed, with all terms of its vocabulary: those that no edge is named after too.
    AllTerms(i64),
    /// All kinds, and judgements about who is who as the only edges.
    Judgements(Judgement),
}

/// In a part of the graph, nodes and declared edges have their key as a property of this name.
pub const KEY: &str = "~key";
/// In a part of the graph, nodes whose kind does not show their other names have them as a property of this name.
pub const ALIASES: &str = "~aliases";

/// What an exporter may ask. All its questions are answered from one state of the store, whoever writes meanwhile.
pub trait World {
    /// Which kinds, edges, properties and terms there are.
    fn catalogue(&self) -> &Catalogue;

    /// Asks one question in dixit's language; rows are handed on as they come. Each parameter of the question needs its
    /// value: of text, a list of text, or null, which asks for nothing where it stands for a node: `(a:Actor $actor)`. A
    /// question may be asked while the rows of another one come.
    fn ask(
        &self,
        question: &str,
        values: &[(&str, Value)],
        receive: Receive<'_>,
    ) -> Result<(), Error> {
        self.ask_among(Among::All, question, values, receive)
    }

    /// The same about a part of the graph.
    fn ask_among(
        &self,
        part: Among,
        question: &str,
        values: &[(&str, Value)],
        receive: Receive<'_>,
    ) -> Result<(), Error>;

    /// The same of what was written down: nodes that are judged to be one stand for themselves.
    fn ask_written(&self, part: Among, question: &str, receive: Receive<'_>) -> Result<(), Error>;

    /// Tells that about so many more rows will come, so that it can be said how far it is.
    fn expect(&self, rows: u64);

    /// Tells that so many rows are done that no question gave; 0 in long work between them. An error where the user
    /// wants it to end.
    fn advance(&self, rows: u64) -> Result<(), Error>;
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// A noun in the singular, and how many.
    pub written: Vec<(String, u64)>,
    /// What the form cannot represent: likewise.
    pub left_out: Vec<(String, u64)>,
    /// What else is worth saying, a sentence each without its full stop.
    pub remarks: Vec<String>,
}

impl Report {
    /// Counts what was written.
    pub fn wrote(&mut self, noun: &str, count: u64) {
        add(&mut self.written, noun, count);
    }

    /// Counts what the form cannot represent.
    pub fn leave_out(&mut self, noun: &str, count: u64) {
        add(&mut self.left_out, noun, count);
    }

    /// Says something once.
    pub fn remark(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.remarks.contains(&text) {
            self.remarks.push(text);
        }
    }
}

fn add(counts: &mut Vec<(String, u64)>, noun: &str, count: u64) {
    match counts.iter_mut().find(|(known, _)| known == noun) {
        Some((_, sum)) => *sum += count,
        None if count > 0 => counts.push((noun.to_owned(), count)),
        None => {}
    }
}

/// Why nothing was exported.
#[derive(Debug)]
#[expect(clippy::error_impl_error, reason = "read as export::Error")]
pub enum Error {
    /// A question failed; the world that was asked knows why.
    Asked,
    /// The options do not fit: what is wrong, and what to do.
    Usage(String, Option<String>),
    /// A name means nothing, or there is nothing of what was asked for: what is wrong, and what to do.
    Name(String, Option<String>),
    /// The one file cannot be written.
    Write(io::Error),
    /// This file or folder cannot be written.
    File(PathBuf, io::Error),
    /// What is there is not ours to replace: where, why, and what to do.
    Taken(PathBuf, String, String),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("a question failed"),
            Self::Usage(what, _) | Self::Name(what, _) => f.write_str(what),
            Self::Write(error) => error.fmt(f),
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Taken(path, why, _) => write!(f, "{} {why}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Write(error) | Self::File(_, error) => Some(error),
            Self::Asked | Self::Usage(..) | Self::Name(..) | Self::Taken(..) => None,
        }
    }
}
