//! Random queries that fit a world: each pattern follows edges that are there, and what is asked of a value is taken from
//! values that are there, so that most answers are not empty.

mod clause;
mod condition;
mod define;
mod inner;
mod list;
mod pattern;
mod project;
mod repeat;
mod value;

use super::{eval, graph::Graph, random::Random, value::Value};
use dixit::base::source::Source;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ty {
    Node,
    /// An edge that may be of several families, or that does not stand as a node.
    Edge,
    Group,
    Path,
    Text,
    Int,
    Date,
    Bool,
    Float,
    Texts,
    Ints,
    /// Lists gathered from rows, whose order may be any.
    TextBag,
    IntBag,
    Map,
    /// A value that carries its type.
    Any,
    Other,
}

impl Ty {
    /// Whether values have an order.
    fn sorts(self) -> bool {
        matches!(self, Self::Text | Self::Int | Self::Date | Self::Bool)
    }

    /// What a list of these is.
    fn list(self) -> Option<Self> {
        match self {
            Self::Text => Some(Self::Texts),
            Self::Int => Some(Self::Ints),
            _ => None,
        }
    }

    /// What the members of such a list are.
    fn member(self) -> Option<Self> {
        match self {
            Self::Texts | Self::TextBag => Some(Self::Text),
            Self::Ints | Self::IntBag => Some(Self::Int),
            _ => None,
        }
    }
}

/// A written expression, its type, and what it is worth in the match that was followed, where that is known.
struct Written {
    text: String,
    ty: Ty,
    sample: Value,
}

#[derive(Debug, Clone)]
struct Var {
    name: String,
    ty: Ty,
    /// What it holds in the match that was followed, where that is known.
    sample: Value,
}

pub(crate) struct Maker<'g> {
    graph: &'g Graph,
    random: Random,
    scope: Vec<Var>,
    next: usize,
    /// How many queries are around what is written.
    depth: usize,
    /// The edges followed in the match at hand.
    passed: Vec<usize>,
    /// The parameters so far, each with its declaration.
    params: Vec<String>,
    /// Whether the body of a definition is written.
    within_definition: bool,
    /// Whether some edge may be of several families.
    mixed: bool,
}

/// A random query as text.
pub(crate) fn query(graph: &Graph, random: Random) -> String {
    Maker {
        graph,
        random,
        scope: Vec::new(),
        next: 0,
        depth: 0,
        passed: Vec::new(),
        params: Vec::new(),
        within_definition: false,
        mixed: false,
    }
    .query()
}

/// Whether values that carry their types are asked for: maps, comprehensions, conditions over lists.
const VALUES: bool = true;

/// Whether names are defined, and days asked for.
const DEFINED: bool = true;

/// Whether parts of a path repeat and paths are chosen.
const PATHS: bool = true;

const SHARED: &[&str] = &["reports", "disowns", "supports", "cites", "retracts", "corrects"];

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn constant(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Date(date) => format!("date '{}'", date.text),
        Value::Bool(value) => value.to_string(),
        _ => "null".to_owned(),
    }
}

impl Maker<'_> {
    /// A constant, sometimes as a parameter.
    fn given(&mut self, value: &Value) -> String {
        let ty = match value {
            Value::Text(_) => "text",
            Value::Int(_) => "int",
            Value::Date(_) => "date",
            _ => return constant(value),
        };
        if self.within_definition || !self.random.chance(6) {
            return constant(value);
        }
        let name = self.fresh("q");
        self.params.push(format!("param ${name}: {ty} = {}\n", constant(value)));
        format!("${name}")
    }
}

fn type_of(property: &str) -> Ty {
    match property {
        "polarity" | "age" | "size" | "trust" => Ty::Int,
        "date" | "published" | "valid_from" | "valid_to" | "as_of" | "born" | "since" => Ty::Date,
        "aliases" | "tags" => Ty::Texts,
        "levels" => Ty::Ints,
        "score" => Ty::Float,
        "alive" => Ty::Bool,
        "extra" => Ty::Any,
        _ => Ty::Text,
    }
}

impl Maker<'_> {
    /// A condition that holds of what was followed, most often.
    fn fitting(&mut self, depth: usize) -> String {
        let mut condition = self.condition(depth);
        for _ in 0..4 {
            if self.random.chance(12) || self.holds_in_sample(&condition) {
                break;
            }
            condition = self.condition(depth);
        }
        condition
    }

    fn holds_in_sample(&self, condition: &str) -> bool {
        let text = format!("{}filter {condition} return 1", self.params.concat());
        let Ok(script) = dixit::lang::parse(&Source::inline(&text)) else { return false };
        let sample = self.scope.iter().map(|var| (var.name.clone(), var.sample.clone())).collect();
        eval::holds(self.graph, &sample, &script)
    }

    fn fresh(&mut self, letter: &str) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }
}

/// Whether a repeated edge has no limit, which a walk needs.
fn endless(text: &str) -> bool {
    ["->*", "->+", "-*", "-+", ",}", "]-*", "]-+", "))*", "))+"]
        .iter()
        .any(|sign| text.contains(sign))
}
