//! The types of the language, and which may stand for which.

use std::collections::BTreeSet;

use super::catalog::{Catalog, EdgeId, KindSet};

/// What an expression gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Only null.
    Null,
    /// True or false.
    Bool,
    /// Signed 64-bit.
    Int,
    /// Floating point.
    Float,
    /// Text.
    Text,
    /// A date with its uncertainty.
    Date,
    /// An instant.
    DateTime,
    /// A length of time.
    Duration,
    /// Names with values.
    Map,
    /// Known only when it runs.
    Any,
    /// A list of one type.
    List(Box<Type>),
    /// A node of one of these kinds.
    Node(KindSet),
    /// One of these edges, where no kind of node stands for it.
    Edge(BTreeSet<EdgeId>),
    /// A path.
    Path,
}

impl Type {
    /// The type called so in a catalogue or a `param` line, whatever the case.
    pub fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        if let Some(of) = lower.strip_prefix("list<").and_then(|rest| rest.strip_suffix('>')) {
            return Self::named(of).map(|of| Self::List(Box::new(of)));
        }
        match lower.as_str() {
            "text" | "string" => Some(Self::Text),
            "int" | "integer" => Some(Self::Int),
            "float" | "number" => Some(Self::Float),
            "bool" | "boolean" => Some(Self::Bool),
            "date" => Some(Self::Date),
            "datetime" => Some(Self::DateTime),
            "duration" => Some(Self::Duration),
            "map" => Some(Self::Map),
            "any" => Some(Self::Any),
            _ => None,
        }
    }

    /// In one word, as a `param` line names it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "text",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Duration => "duration",
            Self::Map => "map",
            Self::Any => "any",
            Self::List(_) => "list",
            Self::Node(_) => "node",
            Self::Edge(_) => "edge",
            Self::Path => "path",
        }
    }

    /// What the members of a list are.
    pub fn member(&self) -> Option<&Self> {
        if let Self::List(of) = self { Some(of) } else { None }
    }

    /// The edges an edge may be.
    pub fn edges(&self) -> Option<&BTreeSet<EdgeId>> {
        if let Self::Edge(edges) = self { Some(edges) } else { None }
    }

    /// Whether it counts.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }

    /// The type both can be seen as, if there is one: what is known only when it runs may be anything.
    pub fn join(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Null, any) | (any, Self::Null) => Some(any.clone()),
            (Self::Any, _) | (_, Self::Any) => Some(Self::Any),
            (Self::Int, Self::Float) | (Self::Float, Self::Int) => Some(Self::Float),
            (Self::List(a), Self::List(b)) => a.join(b).map(|of| Self::List(Box::new(of))),
            (Self::Node(a), Self::Node(b)) => Some(Self::Node(a | b)),
            (Self::Edge(a), Self::Edge(b)) => Some(Self::Edge(a | b)),
            (a, b) if a == b => Some(a.clone()),
            _ => None,
        }
    }

    /// The type that both are, be it only [`Type::Any`].
    #[must_use]
    pub fn unite(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.unite(b))),
            _ => self.join(other).unwrap_or(Self::Any),
        }
    }

    /// In words, with an article: `a date`, `an Actor`.
    pub fn words(&self, catalog: &Catalog) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool => "a truth value".to_owned(),
            Self::Int | Self::Float => "a number".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Date => "a date".to_owned(),
            Self::DateTime => "a datetime".to_owned(),
            Self::Duration => "a duration".to_owned(),
            Self::Map => "a map".to_owned(),
            Self::Any => "a value whose type is known only when it runs".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Node(kinds) => match kinds.first() {
                Some(&kind) if kinds.len() == 1 => with_article(&catalog.kind(kind).name),
                _ => "a node".to_owned(),
            },
            Self::Edge(_) => "an edge".to_owned(),
            Self::Path => "a path".to_owned(),
        }
    }
}

/// `Actor` → `an Actor`.
pub(crate) fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['A', 'E', 'I', 'O', 'U', 'a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
