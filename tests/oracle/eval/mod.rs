//! Answers a query by trying everything: every node for every place of a pattern, every trail for a repeated edge.

mod aggregate;
mod clause;
mod date;
mod define;
mod expr;
mod function;
mod label;
mod pattern;
mod project;
mod repeat;
mod text;
mod truth;

use super::graph::Graph;
use super::value::Value;
use dixit::lang::ast::{Definition, Expr, ExprKind, Param, Script};
use std::cell::Cell;
use std::collections::BTreeMap;

/// What the variables hold.
pub(crate) type Env = BTreeMap<String, Value>;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The query asks for too much to try everything.
    TooMuch,
    /// A value does not allow what is done with it: a number too large, a division by zero, a second row where there may
    /// be one.
    Fails,
}

pub(crate) type Tried<T> = Result<T, Stop>;

/// True, false or unknown.
type Truth = Option<bool>;

/// Rows under the names of their columns, in an order that counts only where the query fixes it.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Vec<Value>>,
}

/// How far trying goes: so many steps, so many rows, and so much copied on the way, which is what takes memory.
const STEPS: u64 = 200_000;
const ROWS: usize = 4_000;
const COPIED: usize = 10_000_000;

pub(crate) struct Oracle<'g> {
    graph: &'g Graph,
    parameters: BTreeMap<String, Value>,
    definitions: Vec<Definition>,
    /// The first and last day of the `as of` in force.
    day: Cell<Option<(i64, i64)>>,
    steps: Cell<u64>,
    copied: Cell<usize>,
}

/// The rows an aggregate is about.
#[derive(Clone, Copy)]
struct Group<'e> {
    rows: &'e [Env],
}

/// What is asked of a condition over uncertain dates.
#[derive(Clone, Copy, PartialEq)]
enum Ask {
    Value,
    Certain,
    Possible,
}

impl Ask {
    /// What is asked of the inside of a `not`.
    fn turned(self) -> Self {
        match self {
            Self::Value => Self::Value,
            Self::Certain => Self::Possible,
            Self::Possible => Self::Certain,
        }
    }
}

impl<'g> Oracle<'g> {
    /// An oracle that knows a script's definitions, and its parameters with their defaults.
    fn new(graph: &'g Graph, script: &Script) -> Self {
        let definitions = script.definitions.iter().chain(dixit::prelude()).cloned().collect();
        let mut oracle = Self {
            graph,
            parameters: BTreeMap::new(),
            definitions,
            day: Cell::new(None),
            steps: Cell::new(0),
            copied: Cell::new(0),
        };
        let value = |param: &Param| {
            oracle.value(&Env::new(), param.default.as_ref().unwrap(), None).unwrap()
        };
        oracle.parameters =
            script.params.iter().map(|param| (param.name.text.clone(), value(param))).collect();
        oracle
    }
}

/// Answers the query of a script.
pub(crate) fn answer(graph: &Graph, script: &Script) -> Tried<Answer> {
    Oracle::new(graph, script).query(&script.queries[0], &Env::new())
}

/// The parameters of a script with their defaults.
pub(crate) fn parameters(graph: &Graph, script: &Script) -> BTreeMap<String, Value> {
    Oracle::new(graph, script).parameters
}

/// Whether a script's query gives a row where these variables hold these values.
pub(crate) fn holds(graph: &Graph, sample: &Env, script: &Script) -> bool {
    let answer = Oracle::new(graph, script).query(&script.queries[0], sample);
    answer.is_ok_and(|answer| !answer.rows.is_empty())
}

impl Oracle<'_> {
    fn step(&self) -> Tried<()> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > STEPS { Err(Stop::TooMuch) } else { Ok(()) }
    }

    /// Counts what a copy takes: one for each member of a list, of a path and of what is left to be looked at, whatever
    /// becomes of the copy.
    fn copies(&self, weight: usize) -> Tried<()> {
        self.copied.set(self.copied.get() + weight);
        if self.copied.get() > COPIED { Err(Stop::TooMuch) } else { Ok(()) }
    }
}

/// What a copy of a row takes.
fn weight(env: &Env) -> usize {
    env.values().map(Value::weight).sum()
}

/// Stops where there are too many rows to go on.
fn bounded<T>(rows: Vec<T>, most: usize) -> Tried<Vec<T>> {
    if rows.len() > most { Err(Stop::TooMuch) } else { Ok(rows) }
}

/// The expressions directly inside, those of inner patterns and queries left out.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Property(a, _) | ExprKind::Unary(_, a) => vec![a],
        ExprKind::Is { value, .. } | ExprKind::IsLabeled { value, .. } => vec![value],
        ExprKind::Call { args, .. } | ExprKind::List(args) => args.iter().collect(),
        ExprKind::Binary(_, _, a, b) | ExprKind::Index(a, b) => vec![a, b],
        ExprKind::Map(pairs) => pairs.iter().map(|(_, value)| value).collect(),
        ExprKind::Case { subject, branches, otherwise } => subject
            .as_deref()
            .into_iter()
            .chain(branches.iter().flat_map(|(when, then)| [when, then]))
            .chain(otherwise.as_deref())
            .collect(),
        ExprKind::Slice(a, from, to) => {
            std::iter::once(&**a).chain(from.as_deref()).chain(to.as_deref()).collect()
        }
        ExprKind::Comprehension { name: _, list, filter, value } => {
            std::iter::once(&**list).chain(filter.as_deref()).chain(value.as_deref()).collect()
        }
        ExprKind::Quantified { which: _, name: _, list, filter } => vec![list, filter],
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::DateTime(_)
        | ExprKind::Duration(_)
        | ExprKind::Param(_)
        | ExprKind::Variable(_)
        | ExprKind::Exists(_)
        | ExprKind::Subquery(..) => Vec::new(),
    }
}
