//! From a plan to one SQL statement: a tree first, text last, every value bound. Pure: no database, no clock.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod lower;
pub mod select;
pub mod show;
pub mod writer;

use crate::base::any::Form;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::meaning::types::Type;

/// SQL text, the values bound in it, and what its columns hold. Nothing is left to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text; parameters are `?1`, `?2`, …
    pub text: String,
    /// Their values, in that order.
    pub values: Vec<Bound>,
    /// The result's columns.
    pub columns: Vec<ResultColumn>,
    /// Places in the query that an error can name while it runs.
    pub places: Vec<Span>,
    /// Where the query searches for words: what cannot be searched for shows while it runs, and names no place.
    pub searches: Vec<Span>,
}

/// A value bound in a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// An integer; truth values too.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    Text(String),
}

/// A column of a result: its heading and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultColumn {
    /// Its heading.
    pub name: String,
    /// How to read its values.
    pub shape: Shape,
}

/// How a value that comes out of the database is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// As it is.
    Plain,
    /// 0 or 1.
    Truth,
    /// A date: first and last day in eight digits each, then the text if it is not one exact day.
    Date,
    /// JSON of a node or an edge.
    Element,
    /// JSON of a path: nodes and edges in turn.
    Path,
    /// A JSON array.
    List(Box<Shape>),
    /// A number with a fraction.
    Float,
    /// An instant in UTC.
    DateTime,
    /// A length of time.
    Duration,
    /// A value that carries its type.
    Any,
}

/// How values of a type are kept.
pub(crate) fn form(ty: &Type) -> Form {
    match ty {
        Type::Null | Type::Any => Form::Any,
        Type::Bool => Form::Bool,
        Type::Int => Form::Int,
        Type::Float => Form::Float,
        Type::Text => Form::Text,
        Type::Date => Form::Date,
        Type::DateTime => Form::DateTime,
        Type::Duration => Form::Duration,
        Type::Map => Form::Map,
        Type::Node(_) => Form::Node,
        Type::Edge(_) => Form::Edge,
        Type::Path => Form::Path,
        Type::List(of) => Form::List(Box::new(form(of))),
    }
}

impl Shape {
    /// Whether such values leave the database as JSON.
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Element | Self::Path | Self::List(_))
    }

    /// How values of a type leave the database.
    pub fn of(ty: &Type) -> Self {
        match ty {
            Type::Null | Type::Int | Type::Text => Self::Plain,
            Type::Float => Self::Float,
            Type::Bool => Self::Truth,
            Type::Date => Self::Date,
            Type::DateTime => Self::DateTime,
            Type::Duration => Self::Duration,
            Type::Map | Type::Any => Self::Any,
            Type::Node(_) | Type::Edge(_) => Self::Element,
            Type::Path => Self::Path,
            Type::List(of) => Self::List(Box::new(Self::of(of))),
        }
    }
}

/// D0501: the statement would take a value from nowhere; rather than answer with null, it is not made.
pub(crate) fn lost_value() -> Diagnostic {
    let what = "dixit lost a value of this query on its way to the database";
    Diagnostic::error("D0501", Span::default(), what)
        .help("this is a mistake in dixit: please report the query")
}
