//! Asks the resolver what is known of names: their types, and which edges fit between two nodes. A clause that the resolver
//! refuses is left out, so that a mistake elsewhere costs no more than the names it would have given.

use super::pattern::is_made;
use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::base::value::Value;
use crate::lang::ast::{
    Clause, Definition, Expr, ExprKind, Item, Label, Linear, Name, Pattern, Projection, Query, Step,
};
use crate::lang::prelude;
use crate::meaning::catalog::Catalog;
use crate::meaning::question::{self, Alternative, Question};
use crate::meaning::resolve::{Argument, Arguments, World, resolve};
use crate::meaning::types::Type;

/// How many mistakes are worked around.
const MOST_MISTAKES: usize = 6;

/// What is known where a question is asked.
pub(super) struct Resolver<'c> {
    catalog: &'c Catalog,
    arguments: Arguments,
    today: Date,
}

impl<'c> Resolver<'c> {
    /// Of a catalogue, definitions and parameters, whose values are not known.
    pub(super) fn new(
        catalog: &'c Catalog,
        definitions: &[Definition],
        parameters: impl Iterator<Item = String>,
    ) -> Option<Self> {
        let mut arguments = Arguments::default();
        arguments.define(definitions.to_vec());
        for name in parameters {
            arguments.set(&name, Argument::Value(Value::Null));
        }
        Some(Self { catalog, arguments, today: Date::parse("2000-01-01").ok()? })
    }

    /// The variables that clauses give, with their types.
    pub(super) fn variables(&self, clauses: &[Clause]) -> Vec<(String, Type)> {
        let star = projection(Some(Span::default()), Vec::new());
        let Some(question) = self.question(clauses, &star) else { return Vec::new() };
        let columns = question.query.columns.into_iter();
        let written = columns.filter(|column| !is_made(&column.name));
        written.map(|column| (column.name, column.ty)).collect()
    }

    /// The type of a value behind clauses.
    pub(super) fn type_of(&self, value: &Expr, clauses: &[Clause]) -> Option<Type> {
        let name = Name { text: "value".to_owned(), span: value.span };
        let item = Item { value: value.clone(), alias: Some(name), heading: String::new() };
        let question = self.question(clauses, &projection(None, vec![item]))?;
        question.query.columns.into_iter().next().map(|column| column.ty)
    }

    /// The type of a variable that clauses give, be it inside a path that repeats.
    pub(super) fn type_of_name(&self, name: &str, clauses: &[Clause]) -> Option<Type> {
        let question = self.question(clauses, &projection(Some(Span::default()), Vec::new()))?;
        let found = question.vars.into_iter().rfind(|var| var.name.as_deref() == Some(name));
        found.map(|var| var.ty)
    }

    /// What an edge of a pattern may be, and the types of its ends.
    pub(super) fn alternatives(
        &self,
        edge: &str,
        clauses: &[Clause],
    ) -> Option<(Vec<Alternative>, [Type; 2])> {
        let question = self.question(clauses, &projection(Some(Span::default()), Vec::new()))?;
        let Question { vars, query, .. } = &question;
        let is_it = |at: question::VarId| {
            vars.get(at.0).is_some_and(|var| var.name.as_deref() == Some(edge))
        };
        let matches = query.first.steps.iter().filter_map(|step| match step {
            question::Step::Match(found) => Some(found),
            question::Step::Filter(_)
            | question::Step::Project(_)
            | question::Step::Let(_)
            | question::Step::For(_)
            | question::Step::Call(_) => None,
        });
        let pattern = matches.flat_map(edges).find(|pattern| is_it(pattern.var))?;
        let ty = |at: question::VarId| vars.get(at.0).map(|var| var.ty.clone());
        Some((pattern.alternatives.clone(), [ty(pattern.left)?, ty(pattern.right)?]))
    }

    fn question(&self, clauses: &[Clause], result: &Projection) -> Option<Question> {
        let mut clauses = clauses.to_vec();
        let world = |arguments| World { catalog: self.catalog, arguments, today: &self.today };
        let undefined = Arguments::default();
        let mut arguments = &self.arguments;
        for _ in 0..MOST_MISTAKES {
            let query = whole(clauses.clone(), result.clone());
            let mistakes = match resolve(&query, world(arguments), prelude()) {
                Ok(question) => return Some(question),
                Err(mistakes) => mistakes,
            };
            let before = clauses.clone();
            mistakes.iter().filter_map(main_place).for_each(|place| leave_out(&mut clauses, place));
            if clauses == before {
                if std::ptr::eq(arguments, &raw const undefined) {
                    return None;
                }
                arguments = &undefined;
            }
        }
        None
    }
}

/// The edges of a match, those inside repeated paths and searches too.
fn edges(found: &question::Match) -> Vec<&question::EdgePattern> {
    let groups = found.edges.iter().filter_map(|edge| edge.repeat.as_ref()?.group.as_ref());
    let inner = groups.map(|group| &group.body).chain(found.picks.iter().map(|pick| &pick.found));
    let mut all: Vec<&question::EdgePattern> = inner.flat_map(edges).collect();
    all.extend(&found.edges);
    all
}

fn main_place(mistake: &Diagnostic) -> Option<Span> {
    mistake.labels.first().map(|label| label.span)
}

/// Takes away what has its mistake at this place: a label, a pattern, a clause.
fn leave_out(clauses: &mut Vec<Clause>, place: Span) {
    let covers = |span: Span| span.start <= place.start && place.end <= span.end;
    clauses.retain_mut(|clause| match clause {
        Clause::Match(found) if covers(found.span) => {
            let mut labeled = false;
            for pattern in &mut found.patterns {
                labeled |= unlabel(pattern, place);
            }
            if !labeled {
                found.patterns.retain(|pattern| !covers(pattern.span));
            }
            !found.patterns.is_empty()
        }
        Clause::With { projection, filter: _ } if covers(projection.span) => {
            for item in &mut projection.items {
                if covers(item.value.span) {
                    item.value.kind = ExprKind::Null;
                }
            }
            true
        }
        Clause::Let(bindings, span) if covers(*span) => {
            for (_, value) in bindings.iter_mut().filter(|(_, value)| covers(value.span)) {
                value.kind = ExprKind::Null;
            }
            true
        }
        Clause::For { list, span, .. } if covers(*span) => {
            list.kind = ExprKind::List(Vec::new());
            true
        }
        Clause::Call { span, .. } => !covers(*span),
        Clause::Match(_)
        | Clause::Optional(..)
        | Clause::With { .. }
        | Clause::Let(..)
        | Clause::For { .. } => true,
    });
}

/// Drops the label at this place; says whether there was one.
fn unlabel(pattern: &mut Pattern, place: Span) -> bool {
    let nodes = std::iter::once(&mut pattern.start.label);
    let steps = pattern.steps.iter_mut().flat_map(|(step, to)| {
        let edge = match step {
            Step::Edge(edge) => Some(&mut edge.label),
            Step::Group(_) => None,
        };
        edge.into_iter().chain([&mut to.label])
    });
    let mut any = false;
    for label in nodes.chain(steps) {
        if label.as_ref().is_some_and(|label| names_at(label, place)) {
            *label = None;
            any = true;
        }
    }
    any
}

fn names_at(label: &Label, place: Span) -> bool {
    match label {
        Label::Name(name) => name.span == place,
        Label::Any(_) => false,
        Label::Not(inner, _) => names_at(inner, place),
        Label::And(a, b) | Label::Or(a, b) => names_at(a, place) || names_at(b, place),
    }
}

fn projection(star: Option<Span>, items: Vec<Item>) -> Projection {
    let span = Span::default();
    Projection {
        distinct: false,
        star,
        items,
        group: None,
        order: Vec::new(),
        offset: None,
        limit: None,
        span,
    }
}

fn whole(clauses: Vec<Clause>, result: Projection) -> Query {
    let span = Span::default();
    let linear = Linear { clauses, writes: Vec::new(), result: Some(result), span };
    Query { explain: None, as_of: None, linear, others: Vec::new(), span }
}
