//! What is worth saying besides the rows: a text that names nobody, and what emptied an answer.
//! Asks the store small questions of its own; the answer itself never depends on them.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::base::closest::closest;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::value::Value;
use crate::meaning::catalog::Catalog;
use crate::meaning::errors;
use crate::meaning::question::{Lookup, Match, Question, Step};
use crate::meaning::show::Names;
use crate::plan::build;
use crate::sql::{self, Statement};
use crate::store::{Reader, error::Error};

/// How many names of a kind are looked through for one that is near.
const NAMES: usize = 50_000;

/// How long finding out what emptied an answer may take, for each question asked.
const PATIENCE: Duration = Duration::from_millis(150);

/// The texts of a query that name no node, each with the nearest name there is.
pub fn unnamed(
    question: &Question,
    catalog: &Catalog,
    reader: &Reader,
) -> Result<Diagnostics, Error> {
    let mut notes = Vec::new();
    for lookup in &question.lookups {
        if !finds(&sql::lower::count_named(catalog, &lookup.kinds, &lookup.text), reader)? {
            notes.push(nobody(lookup, catalog, reader)?);
        }
    }
    Ok(notes)
}

fn nobody(lookup: &Lookup, catalog: &Catalog, reader: &Reader) -> Result<Diagnostic, Error> {
    let mut names = Vec::new();
    for &kind in &lookup.kinds {
        names.extend(reader.names(catalog.kind(kind).id, NAMES)?);
    }
    let near = closest(&lookup.text, names.iter().map(String::as_str));
    Ok(errors::names_nobody(lookup, near, catalog))
}

fn finds(statement: &Statement, reader: &Reader) -> Result<bool, Error> {
    let mut found = false;
    reader.run(statement, &mut |row| {
        found = row.first().is_some_and(|value| *value != Value::Int(0));
        ControlFlow::Break(())
    })?;
    Ok(found)
}

/// Which pattern or condition emptied an answer without rows, where that is quickly found out.
pub fn emptied(question: &Question, catalog: &Catalog, reader: &Reader) -> Option<Diagnostic> {
    for (at, step) in question.steps.iter().enumerate() {
        let before = question.steps.get(..at)?;
        match step {
            Step::Match(found) if !found.optional => {
                if is_empty(question, before, Some(found.clone()), catalog, reader)? {
                    return culprit(question, before, found, catalog, reader);
                }
            }
            Step::Filter(condition) => {
                let with = question.steps.get(..=at)?;
                if is_empty(question, with, None, catalog, reader)? {
                    return Some(left_nothing(&Names::of(&question.vars, catalog).expr(condition)));
                }
            }
            Step::Match(_) | Step::Project(_) => {}
        }
    }
    None
}

/// Adds the conditions of a match one by one: the first one that leaves nothing is to blame, or else the pattern is.
fn culprit(
    question: &Question,
    before: &[Step],
    found: &Match,
    catalog: &Catalog,
    reader: &Reader,
) -> Option<Diagnostic> {
    let mut partial = Match { conditions: Vec::new(), ..found.clone() };
    if is_empty(question, before, Some(partial.clone()), catalog, reader)? {
        let message = "the store holds nothing that fits the pattern, even without its conditions";
        return Some(note(message.to_owned()));
    }
    for condition in &found.conditions {
        partial.conditions.push(condition.clone());
        if is_empty(question, before, Some(partial.clone()), catalog, reader)? {
            return Some(left_nothing(&Names::of(&question.vars, catalog).expr(condition)));
        }
    }
    None
}

/// D0402: what emptied an answer.
fn left_nothing(condition: &str) -> Diagnostic {
    note(format!("the pattern is there, but nothing is left once `{condition}` must hold"))
}

fn note(message: String) -> Diagnostic {
    Diagnostic {
        labels: Vec::new(),
        ..Diagnostic::note("D0402", crate::base::source::Span::default(), message)
    }
}

/// Whether nothing is found by some steps and perhaps one more match; nothing said where it takes too long.
fn is_empty(
    question: &Question,
    steps: &[Step],
    last: Option<Match>,
    catalog: &Catalog,
    reader: &Reader,
) -> Option<bool> {
    let steps = steps.iter().cloned().chain(last.map(Step::Match)).collect();
    let partial = Question { steps, columns: Vec::new(), ..question.clone() };
    let select = sql::lower::existence(&build::plan(&partial), catalog);
    let statement = sql::writer::write(&select, Vec::new());
    reader.start_for(PATIENCE);
    let mut empty = true;
    let ran = reader.run(&statement, &mut |_| {
        empty = false;
        ControlFlow::Break(())
    });
    ran.ok().map(|()| empty)
}
