//! The forms in which graphs are written, each read as nodes and edges one after the other.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::infer::Place;
use super::line::{self, Item};
use super::lines::{self, Counter};
use super::{graphml, headed};
use crate::import::Error;

/// What takes the nodes and edges of a file, or why one cannot be read.
pub(super) type Take<'t> = dyn FnMut(Place, Result<Item<'_>, String>) -> Result<(), Error> + 't;

/// How a graph is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON, one node or edge a line.
    Lines,
    /// `GraphML`.
    GraphMl,
    /// Delimited text whose heading says what its columns are to a graph, such as `:ID`.
    Headed,
}

/// A file with its form.
#[derive(Debug, Clone)]
pub(super) struct Part {
    path: PathBuf,
    form: Form,
}

impl Part {
    /// What is none of the forms is read as lines, so that it is told line by line.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.into(), form: form(path).unwrap_or(Form::Lines) }
    }
}

/// The form of a file, by how it begins.
pub(super) fn form(path: &Path) -> Option<Form> {
    if path.is_dir() {
        return None;
    }
    let mut head = Vec::new();
    let file = File::open(path).ok()?;
    BufReader::new(file).take(64 << 10).read_to_end(&mut head).ok()?;
    if graphml::begins(&head) {
        Some(Form::GraphMl)
    } else if headed::begins(&head) {
        Some(Form::Headed)
    } else {
        lines::holds_graph(path).then_some(Form::Lines)
    }
}

/// Gives every node and edge of all files.
pub(super) fn each(
    parts: &[Part],
    counter: &mut Counter<'_>,
    take: &mut Take<'_>,
) -> Result<(), Error> {
    for (file, part) in parts.iter().enumerate() {
        match part.form {
            Form::Lines => lines::each(&part.path, file, counter, &mut |place, line| {
                take(place, line.and_then(line::read))
            })?,
            Form::GraphMl => graphml::each(&part.path, file, counter, take)?,
            Form::Headed => headed::each(&part.path, file, counter, take)?,
        }
    }
    Ok(())
}
