//! What is worth saying besides the rows: a text that names nobody, and what emptied an answer.
//! Asks the store small questions of its own; the answer itself never depends on them.

pub mod counts;
mod growth;

use std::ops::ControlFlow;
use std::time::Duration;

use crate::base::closest::closest;
use crate::base::date::{NO_FIRST, day_text};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::Span;
use crate::base::value::Value;
use crate::meaning::catalog::Catalog;
use crate::meaning::errors;
use crate::meaning::question::{
    Comparison, Constant, Expr, ExprKind, Lookup, Match, Part, Projection, Query, Question, Step,
    TextTest,
};
use crate::meaning::show::Names;
use crate::meaning::types::Type;
use crate::plan::build;
use crate::sql::{self, Statement};
use crate::store::{Reader, error::Error};

/// How many names of a kind are looked through for one that is near.
const NAMES: usize = 50_000;

/// How long finding out what emptied an answer may take, for each question asked.
const PATIENCE: Duration = Duration::from_millis(100);

/// What is worth saying about an answer of so many rows.
pub fn about(
    question: &Question,
    rows: usize,
    catalog: &Catalog,
    reader: &Reader,
) -> Result<Diagnostics, Error> {
    let mut notes = question.remarks.clone();
    notes.extend(unnamed(question, catalog, reader)?);
    if !notes.is_empty() {
        return Ok(notes);
    }
    // A count of nothing is a row as well.
    let whole = stands_for_all(question);
    let emptied = if rows == 0 || whole { emptied(question, catalog, reader) } else { None };
    match emptied {
        Some(note) => notes.push(note),
        None => notes.extend(left_open(question, catalog, reader)),
    }
    Ok(notes)
}

/// Whether an answer is one row that stands for all others, be there any or not.
pub fn stands_for_all(question: &Question) -> bool {
    matches!(steps_of(question).last(), Some(Step::Project(Projection { group: Some(keys), .. })) if keys.is_empty())
}

/// The texts of a query that name no node, each with the nearest name there is.
fn unnamed(question: &Question, catalog: &Catalog, reader: &Reader) -> Result<Diagnostics, Error> {
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
    Ok(errors::names::names_nobody(lookup, near, catalog))
}

fn finds(statement: &Statement, reader: &Reader) -> Result<bool, Error> {
    let mut found = false;
    reader.run(statement, &mut |row| {
        found = row.first().is_some_and(|value| *value != Value::Int(0));
        ControlFlow::Break(())
    })?;
    Ok(found)
}

/// The steps of a question of one part; of several, no single step can be to blame.
fn steps_of(question: &Question) -> &[Step] {
    question.query.only().map_or(&[], |part| &part.steps)
}

/// Which pattern or condition emptied an answer without rows, where that is quickly found out.
fn emptied(question: &Question, catalog: &Catalog, reader: &Reader) -> Option<Diagnostic> {
    let inquiry = Inquiry { question, catalog, reader };
    let steps = steps_of(question);
    for (at, step) in steps.iter().enumerate() {
        let before = steps.get(..at)?;
        match step {
            Step::Match(found) if !found.optional => {
                if inquiry.is_empty(before, step.clone())? {
                    return inquiry.culprit(before, found);
                }
            }
            Step::Filter(condition) => {
                if inquiry.is_empty(before, step.clone())? {
                    let possibly = Step::Filter(possibly(condition));
                    return inquiry.left_nothing(before, condition, possibly);
                }
            }
            // What none of these leaves is nobody's fault further on.
            Step::Project(_) | Step::For(_) | Step::Call(_) => {
                if inquiry.is_empty(before, step.clone())? {
                    return None;
                }
            }
            Step::Match(_) | Step::Let(_) => {}
        }
    }
    None
}

/// Conditions on dates that hold for some rows only perhaps: those rows are not in the answer, which is worth knowing.
fn left_open(question: &Question, catalog: &Catalog, reader: &Reader) -> Diagnostics {
    let inquiry = Inquiry { question, catalog, reader };
    let mut notes = Vec::new();
    let all = steps_of(question);
    for (at, step) in all.iter().enumerate() {
        let before = all.get(..at).unwrap_or_default();
        match step {
            Step::Match(found) if !found.optional => {
                for (at, condition) in
                    found.conditions.iter().enumerate().filter(|(_, one)| is_dated(one))
                {
                    let mut open = found.clone();
                    open.conditions.splice(at..=at, unsure(condition));
                    notes.extend(inquiry.open(before, Step::Match(open), condition));
                }
            }
            Step::Filter(condition) if is_dated(condition) => {
                let [possible, unknown] = unsure(condition);
                let steps: Vec<Step> =
                    before.iter().cloned().chain([Step::Filter(possible)]).collect();
                notes.extend(inquiry.open(&steps, Step::Filter(unknown), condition));
            }
            Step::Match(_)
            | Step::Filter(_)
            | Step::Project(_)
            | Step::Let(_)
            | Step::For(_)
            | Step::Call(_) => {}
        }
    }
    notes
}

/// What a date that is not one day means in a comparison, where a condition has one.
fn of_span(condition: &Expr) -> String {
    let ExprKind::Compare(_, a, b) = &condition.kind else { return String::new() };
    let dates = [a, b].into_iter().filter_map(|side| match side.as_constant() {
        Some(Constant::Date(date)) if date.first != date.last && date.first != NO_FIRST => {
            Some(date)
        }
        _ => None,
    });
    let told = dates.map(|date| {
        format!(
            "; {} is some day within it: for its start write {}",
            date.text,
            day_text(date.first)
        )
    });
    told.collect()
}

/// Whether a condition compares dates.
fn is_dated(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Compare(_, a, b) | ExprKind::Within(a, b) => {
            a.ty == Type::Date || b.ty == Type::Date
        }
        ExprKind::In(value, list) => {
            value.ty == Type::Date || list.ty.member() == Some(&Type::Date)
        }
        ExprKind::Not(inner) => is_dated(inner),
        _ => false,
    }
}

/// It can hold, but is neither true nor false.
fn unsure(condition: &Expr) -> [Expr; 2] {
    let unknown = ExprKind::IsNull(Box::new(condition.clone()));
    [possibly(condition), Expr::truth(unknown)]
}

/// Asks a store about parts of a question.
struct Inquiry<'q> {
    question: &'q Question,
    catalog: &'q Catalog,
    reader: &'q Reader,
}

impl Inquiry<'_> {
    /// Adds the conditions of a match one by one: the first that leaves nothing is to blame, or else the pattern is.
    fn culprit(&self, before: &[Step], found: &Match) -> Option<Diagnostic> {
        let mut partial = Match { conditions: Vec::new(), ..found.clone() };
        if self.is_empty(before, Step::Match(partial.clone()))? {
            let message =
                "the store holds nothing that fits the pattern, even without its conditions";
            return Some(note(message.to_owned()));
        }
        for condition in &found.conditions {
            let mut possible = partial.clone();
            possible.conditions.push(possibly(condition));
            partial.conditions.push(condition.clone());
            if self.is_empty(before, Step::Match(partial.clone()))? {
                return self.left_nothing(before, condition, Step::Match(possible));
            }
        }
        None
    }

    /// D0402: what emptied an answer, and whether uncertain dates leave it open.
    fn left_nothing(
        &self,
        before: &[Step],
        condition: &Expr,
        possible: Step,
    ) -> Option<Diagnostic> {
        let (span, loosely) = (of_span(condition), self.loosely(before, condition, &possible));
        let condition = Names::given(&self.question.vars, self.catalog).expr(condition);
        // What a definition stands for is not what was written.
        let written = !condition.contains(", known)");
        let message = match (self.is_empty(before, possible)?, written) {
            (true, true) => format!(
                "the pattern is there, but nothing is left once `{condition}` must hold{loosely}"
            ),
            (true, false) => {
                "the pattern is there, but nothing is left once what is asked of it must hold"
                    .to_owned()
            }
            (false, true) => format!(
                "`{condition}` is certain for none, but some dates leave it open: ask `possibly({condition})`{span}"
            ),
            (false, false) => {
                "what is asked is certain for none, but some dates leave it open".to_owned()
            }
        };
        Some(note(message))
    }

    /// Where texts are not equal, but are but for case and accents, that is worth knowing.
    fn loosely(&self, before: &[Step], condition: &Expr, possible: &Step) -> String {
        let ExprKind::Compare(Comparison::Equal, a, b) = &condition.kind else {
            return String::new();
        };
        if a.ty != Type::Text || b.ty != Type::Text {
            return String::new();
        }
        if let Some(other) = [a, b].into_iter().find_map(|side| self.read_as(side)) {
            return other;
        }
        let alike = Expr::truth(ExprKind::TextTest(TextTest::Alike, a.clone(), b.clone()));
        let step = match possible {
            Step::Match(found) => {
                let mut found = found.clone();
                found.conditions.pop();
                found.conditions.push(alike);
                Step::Match(found)
            }
            Step::Filter(_) | Step::Project(_) | Step::Let(_) | Step::For(_) | Step::Call(_) => {
                Step::Filter(alike)
            }
        };
        match self.is_empty(before, step) {
            Some(false) => "; `~=` leaves case and accents aside and finds some",
            _ => "; `(:Kind '…')` in the pattern finds names and aliases whatever their case",
        }
        .to_owned()
    }

    /// A text that is the key or the name of somebody who is judged to be somebody else.
    fn read_as(&self, side: &Expr) -> Option<String> {
        let Some(Constant::Text(text)) = side.as_constant() else { return None };
        let (_, kind) = self.catalog.kinds().find(|(_, kind)| kind.judged)?;
        let other = self.reader.read_as_other(text).ok()??;
        Some(format!(
            "; '{text}' is judged to be '{other}', so `(:{} '{text}')` finds that one",
            kind.name
        ))
    }

    /// D0403: a condition that some dates leave open.
    fn open(&self, before: &[Step], unsure: Step, condition: &Expr) -> Option<Diagnostic> {
        if self.is_empty(before, unsure)? {
            return None;
        }
        let span = of_span(condition);
        let condition = Names::given(&self.question.vars, self.catalog).expr(condition);
        let message = format!(
            "some rows are left out because their dates leave `{condition}` open; `possibly({condition})` takes them \
             in{span}"
        );
        Some(Diagnostic {
            labels: Vec::new(),
            ..Diagnostic::note("D0403", Span::default(), message)
        })
    }

    /// Whether nothing is found by some steps and one more; nothing said where it takes too long.
    fn is_empty(&self, steps: &[Step], last: Step) -> Option<bool> {
        let steps = steps.iter().cloned().chain([last]).collect();
        let first = Part { steps, gives: Vec::new() };
        let query = Query { first, others: Vec::new(), columns: Vec::new() };
        let plan = build::query(&query, &self.question.vars);
        let select = sql::lower::existence(&plan, self.question, self.catalog);
        let statement = sql::writer::write(&select, Vec::new());
        self.reader.start_for(PATIENCE);
        let mut empty = true;
        let ran = self.reader.run(&statement, &mut |_| {
            empty = false;
            ControlFlow::Break(())
        });
        ran.ok().map(|()| empty)
    }
}

fn possibly(condition: &Expr) -> Expr {
    Expr::truth(ExprKind::Possibly(Box::new(condition.clone())))
}

fn note(message: String) -> Diagnostic {
    Diagnostic { labels: Vec::new(), ..Diagnostic::note("D0402", Span::default(), message) }
}
