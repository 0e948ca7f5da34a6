//! Saved queries as commands read them: with the files they use, and with what their parameters may be.

use std::ops::ControlFlow;
use std::path::Path;

use super::engine::Store;
use super::failure::Failure;
use crate::base::diagnostic::Diagnostics;
use crate::base::source::Source;
use crate::base::value::{Row, Value};
use crate::format::text;
use crate::meaning::resolve::Arguments;
use crate::script::library::{Found, Library, Place};
use crate::script::parameter::{Choices, Parameter};
use crate::script::uses::with_used;
use crate::script::{self, Saved};

/// Reads a script that lies in that folder; gives its text with those of the files it uses.
pub(crate) fn read(
    source: Source,
    folder: Option<&Path>,
    library: &Library,
) -> Result<(Saved, Source), Failure> {
    read_as(script::read, source, folder, library)
}

fn read_as(
    reads: fn(&Source) -> Result<Saved, Diagnostics>,
    source: Source,
    folder: Option<&Path>,
    library: &Library,
) -> Result<(Saved, Source), Failure> {
    let (source, mistakes) = with_used(source, folder, library);
    if !mistakes.is_empty() {
        return Err(Failure::Question(mistakes, source));
    }
    match reads(&source) {
        Ok(saved) => Ok((saved, source)),
        Err(mistakes) => Err(Failure::Question(mistakes, source)),
    }
}

/// Reads a saved query.
pub(crate) fn read_found(found: Found, library: &Library) -> Result<(Saved, Source), Failure> {
    let Found { name: _, place, source } = found;
    read(source, folder_of(&place), library)
}

/// Reads a saved query or a file of definitions alone, which has no query.
pub(crate) fn read_any(found: Found, library: &Library) -> Result<(Saved, Source), Failure> {
    let Found { name: _, place, source } = found;
    read_as(script::read_all, source, folder_of(&place), library)
}

fn folder_of(place: &Place) -> Option<&Path> {
    match place {
        Place::File(path) => path.parent(),
        Place::Shipped => None,
    }
}

/// A value that a parameter may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// As it is typed.
    pub(crate) value: String,
    /// What it means.
    pub(crate) meaning: Option<String>,
}

/// Values that a parameter may have, at most so many; those that a query finds need a store.
pub(crate) fn choices(
    parameter: &Parameter,
    saved: &Saved,
    source: &Source,
    store: Option<&Store>,
    most: usize,
) -> Result<Vec<Choice>, Failure> {
    let mut found = Vec::new();
    match (&parameter.choices, store) {
        (Some(Choices::Values(values)), _) => {
            found.extend(
                values.iter().take(most).filter_map(|value| choice(std::slice::from_ref(value))),
            );
        }
        (Some(Choices::Query(query)), Some(store)) => {
            let mut arguments = Arguments::default();
            arguments.define(saved.definitions.clone());
            let prepared = store.prepare(query, source, &arguments)?;
            store.run(&prepared, &mut |row: Row| {
                found.extend(choice(&row));
                if found.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
        }
        _ => {}
    }
    Ok(found)
}

fn choice(row: &[Value]) -> Option<Choice> {
    let value = text::shown(row.first()?)?;
    Some(Choice { value, meaning: row.get(1).and_then(text::shown) })
}
