//! How many rows each part of a question leaves, up to the one that leaves none.

use std::ops::ControlFlow;

use super::growth::stages;
use crate::base::source::{PRELUDE, Source, prelude};
use crate::base::value::Value;
use crate::meaning::catalog::Catalog;
use crate::meaning::question::{Expr, Part, Projection, Query, Question, SetOperator, Step};
use crate::meaning::show::{Names, set_operator};
use crate::plan::build;
use crate::sql;
use crate::store::Reader;
use crate::store::error::Error;

/// A part of a question, and how many rows there are with it and all before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The part as it is written, or nearly so.
    pub label: String,
    /// How many rows; nothing for a heading.
    pub rows: Option<u64>,
}

/// Counts the rows after each part of a question that gives none.
pub fn counts(
    question: &Question,
    source: &Source,
    (catalog, reader): (&Catalog, &Reader),
) -> Result<Vec<Counted>, Error> {
    let words = Words { names: Names::given(&question.vars, catalog), source };
    let counting = Counting { question, catalog, reader, words };
    counting.query(&question.query)
}

/// How the parts of a question are called: as they were written, or as they are meant.
pub(super) struct Words<'q> {
    pub(super) names: Names<'q>,
    source: &'q Source,
}

impl Words<'_> {
    /// A condition as it was written; one that a definition stands for, as the definition says.
    pub(super) fn condition(&self, condition: &Expr) -> String {
        let written = condition.place.0.and_then(|span| match span.start.checked_sub(PRELUDE) {
            Some(start) => {
                prelude().text().get(start..span.end.checked_sub(PRELUDE)?).map(str::to_owned)
            }
            None => self.source.text().get(span.start..span.end).map(str::to_owned),
        });
        let text = match written {
            Some(written) => written.split_whitespace().collect::<Vec<_>>().join(" "),
            None => self.names.expr(condition),
        };
        // What `as of` asks was not written.
        if text.contains(", known)") {
            "as of: known by then".to_owned()
        } else {
            format!("where {text}")
        }
    }
}

struct Counting<'q> {
    question: &'q Question,
    catalog: &'q Catalog,
    reader: &'q Reader,
    words: Words<'q>,
}

impl Counting<'_> {
    /// The only part, or each of several under its own heading.
    fn query(&self, query: &Query) -> Result<Vec<Counted>, Error> {
        if let Some(only) = query.only() {
            return self.part(only);
        }
        let heading = |label: String| Counted { label, rows: None };
        let mut all = vec![heading("the first part".to_owned())];
        all.extend(self.part(&query.first)?);
        for (at, (how, part)) in query.others.iter().enumerate() {
            all.push(heading(set_operator(*how).to_owned()));
            all.extend(self.part(part)?);
            let combines = match how {
                SetOperator::Union { .. } | SetOperator::Otherwise => false,
                SetOperator::Except { .. } | SetOperator::Intersect { .. } => true,
            };
            if combines {
                let others = query.others.iter().take(at + 1).cloned().collect();
                let sofar = Query { others, ..query.clone() };
                let rows = self.count(&sofar)?;
                all.push(Counted {
                    label: format!("all {}", set_operator(*how)),
                    rows: Some(rows),
                });
            }
        }
        Ok(all)
    }

    fn part(&self, part: &Part) -> Result<Vec<Counted>, Error> {
        let mut all = Vec::new();
        // A count of nothing is a row again.
        let whole = |step: &Step| matches!(step, Step::Project(Projection { group: Some(keys), .. }) if keys.is_empty());
        let again = part.steps.iter().rposition(whole);
        for (at, step) in part.steps.iter().enumerate() {
            let before = part.steps.get(..at).unwrap_or_default();
            for (label, step) in self.stages(step, at + 1 == part.steps.len()) {
                let steps = before.iter().cloned().chain([step]).collect();
                let first = Part { steps, gives: Vec::new() };
                let query = Query { first, others: Vec::new(), columns: Vec::new() };
                let rows = self.count(&query)?;
                all.push(Counted { label, rows: Some(rows) });
                if rows == 0 && again.is_none_or(|again| again <= at) {
                    return Ok(all);
                }
            }
        }
        Ok(all)
    }

    /// What a step may take rows away with, one after the other.
    fn stages(&self, step: &Step, last: bool) -> Vec<(String, Step)> {
        let whole = |label: String| vec![(label, step.clone())];
        match step {
            Step::Match(found) if found.optional => Vec::new(),
            Step::Match(found) => {
                let stages = stages(found, &self.words).into_iter();
                stages.map(|grown| (grown.label, Step::Match(grown.found))).collect()
            }
            Step::Filter(condition) => whole(self.words.condition(condition)),
            Step::Project(projection) => {
                let Projection { distinct: _, items: _, group, order: _, offset, limit } =
                    projection;
                if last && offset.is_none() && limit.is_none() {
                    return Vec::new();
                }
                let drops = offset.is_some() || limit.is_some() || group.is_some();
                let word = if last { "return" } else { "with" };
                if drops {
                    whole(format!("{word} {}", self.words.names.projection(projection, " ")))
                } else {
                    Vec::new()
                }
            }
            Step::Let(_) => Vec::new(),
            Step::For(unfolding) => whole(self.words.names.unfolding(unfolding)),
            Step::Call(call) if call.optional => Vec::new(),
            Step::Call(_) => whole("call { … }".to_owned()),
        }
    }

    fn count(&self, query: &Query) -> Result<u64, Error> {
        let plan = build::query(query, &self.question.vars);
        let select = sql::lower::count(&plan, self.question, self.catalog);
        let statement = sql::writer::write(&select, vec![sql::lower::counted()]);
        self.reader.start();
        let mut rows = 0;
        self.reader.run(&statement, &mut |row| {
            if let Some(Value::Int(count)) = row.first() {
                rows = u64::try_from(*count).unwrap_or(0);
            }
            ControlFlow::Break(())
        })?;
        Ok(rows)
    }
}
