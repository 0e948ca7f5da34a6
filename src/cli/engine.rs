//! What the commands need of the library: open a store, ask, explain, import, check. Turns its errors into failures.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::Stage;
use super::arguments::Arguments;
use super::failure::{Failure, Message};
use crate::base::diagnostic::Diagnostics;
use crate::base::source::Source;
use crate::base::value::{Column, Row};
use crate::lang::ast;
use crate::record::catalogue::Catalogue;

/// A store open for reading.
#[derive(Debug)]
pub(crate) struct Store {}

/// A query ready to run.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// What it returns.
    pub(crate) columns: Vec<Column>,
    /// What is worth knowing before it runs.
    pub(crate) notes: Diagnostics,
}

/// What to import, and how.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) map: Option<PathBuf>,
    pub(crate) dry_run: bool,
    pub(crate) no_create: bool,
    pub(crate) why: Option<String>,
}

/// What an import did.
#[derive(Debug)]
pub(crate) struct Report {
    /// One line a table that changed, in the user's words.
    pub(crate) changes: Vec<String>,
    /// Rows refused: file, line, column and reason.
    pub(crate) refused: Vec<String>,
}

impl Store {
    /// Opens a store for reading; Ctrl-C and the time limit stop its queries.
    pub(crate) fn open(_path: &Path, _timeout: Option<Duration>) -> Result<Self, Failure> {
        Err(not_wired())
    }

    /// Which kinds, edges, properties and terms it has.
    pub(crate) fn catalogue(&self) -> Result<Catalogue, Failure> {
        Err(not_wired())
    }

    /// Compiles a query.
    pub(crate) fn prepare(
        &self,
        _query: &ast::Query,
        _source: &Source,
        _arguments: &Arguments,
    ) -> Result<Prepared, Failure> {
        Err(not_wired())
    }

    /// Runs a query; the receiver may stop it.
    pub(crate) fn run(
        &self,
        _prepared: &Prepared,
        _receive: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        Err(not_wired())
    }

    /// A stage of a query as text.
    pub(crate) fn explain(
        &self,
        _query: &ast::Query,
        _source: &Source,
        _arguments: &Arguments,
        _stage: Stage,
    ) -> Result<String, Failure> {
        Err(not_wired())
    }

    /// Everything that breaks a rule of the store, one line each.
    pub(crate) fn check(&self) -> Result<Vec<String>, Failure> {
        Err(not_wired())
    }
}

/// Makes an empty store.
pub(crate) fn create(_path: &Path) -> Result<(), Failure> {
    Err(not_wired())
}

/// Makes a store with the embedded example; gives what it holds, in the user's words.
pub(crate) fn create_example(_path: &Path) -> Result<String, Failure> {
    Err(not_wired())
}

/// Imports; `progress` is told how many bytes are read.
pub(crate) fn import(
    _path: &Path,
    _request: &Request,
    _progress: &mut dyn FnMut(u64),
) -> Result<Report, Failure> {
    Err(not_wired())
}

fn not_wired() -> Failure {
    Failure::Machine(Message::new("the engine is not wired yet"))
}
