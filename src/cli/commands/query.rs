//! `dixit query`: asks what stands on the command line, in a file or on standard input.

use super::explain;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use crate::base::source::{Source, read_text};
use crate::cli::answer::{Asked, answer};
use crate::cli::args::{Query, Question};
use crate::cli::arguments;
use crate::cli::failure::{Failure, Message};
use crate::cli::saved;
use crate::cli::world::World;
use crate::lang::ast;
use crate::meaning::resolve::Arguments;

pub(super) fn run(args: &Query, world: World<'_>) -> Result<(), Failure> {
    let Query { question, output, reasons } = args;
    let read = read(question, &world)?;
    if explain::is_asked_for(&read) {
        return explain::show(read, None, world);
    }
    let Read { store, source, queries, arguments } = read;
    let world = world.about(store);
    let asked = Asked {
        source: &source,
        queries: &queries,
        arguments: &arguments,
        reasons: reasons.clone(),
    };
    answer(&asked, output, &world)
}

/// A question that was read.
pub(in crate::cli) struct Read {
    /// The store named in front of it.
    pub(in crate::cli) store: Option<PathBuf>,
    pub(in crate::cli) source: Source,
    pub(in crate::cli) queries: Vec<ast::Query>,
    pub(in crate::cli) arguments: Arguments,
}

/// Reads a question and the values for its parameters.
pub(super) fn read(question: &Question, world: &World<'_>) -> Result<Read, Failure> {
    let store = match question.words.as_slice() {
        [store, _, ..] => Some(PathBuf::from(store)),
        _ => None,
    };
    let source = source_of(question)?;
    let folder = question.file.as_deref().and_then(Path::parent).unwrap_or(&world.folder);
    let (saved, source) = saved::read(source, Some(folder), &world.library)?;
    let arguments = arguments::read(&question.params.param, &saved)?;
    Ok(Read { store, source, queries: saved.queries, arguments })
}

/// The text of a question: the last word, a file, or standard input.
pub(crate) fn source_of(question: &Question) -> Result<Source, Failure> {
    match (question.words.last().map(String::as_str), question.file.as_deref()) {
        (Some("-"), _) | (None, None) => from_stdin(),
        (Some(text), _) => Ok(Source::inline(text)),
        (None, Some(path)) if path == Path::new("-") => from_stdin(),
        (None, Some(path)) => from_file(path),
    }
}

pub(in crate::cli) fn from_file(path: &Path) -> Result<Source, Failure> {
    let read = fs::File::open(path).and_then(read_text);
    let text = read.map_err(|error| Failure::file("read", path, error))?;
    Ok(Source::file(path.display().to_string(), without_mark(text)))
}

pub(in crate::cli) fn from_stdin() -> Result<Source, Failure> {
    let mut text = String::new();
    if !io::stdin().is_terminal() {
        let read = read_text(io::stdin());
        text = read.map_err(|error| Failure::file("read", Path::new("standard input"), error))?;
    }
    if text.trim().is_empty() {
        let next = "write the query behind it: dixit query \"match (a:Actor) return a.name\"";
        return Err(Failure::Usage(Message::new("there is nothing to ask").next(next)));
    }
    Ok(Source::file("stdin", without_mark(text)))
}

/// Some editors start a file with a byte order mark.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}
