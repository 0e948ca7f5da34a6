//! The functions and aggregates of the language: one row each, in tables by subject, with what they take, what they give
//! and what computes them. Names prefixed `dixit_` are functions the store registers; others are the database's own.

mod aggregates;
mod graph;
mod lists;
mod numbers;
mod texts;
mod times;
mod values;

pub use aggregates::AGGREGATES;

/// What an argument may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// An integer.
    Int,
    /// Any number.
    Number,
    /// A date.
    Date,
    /// A truth value.
    Bool,
    /// A list.
    List,
    /// A text or a list.
    TextOrList,
    /// A node.
    Node,
    /// An edge, or a node that is one.
    Edge,
    /// A path.
    Path,
    /// A path, a text or a list.
    Sized,
    /// A text, number, truth value, date, datetime or duration.
    Simple,
    /// A text, a number or a truth value.
    Scalar,
    /// A text or a number.
    TextOrNumber,
    /// What can be sorted: such a value, or a list.
    Sortable,
    /// A node or an edge.
    Element,
    /// A map, or a node or an edge, whose properties are one.
    Keyed,
    /// A text, or a map of the parts of a time, or a time.
    Time,
    /// Anything that goes with the other such arguments.
    Same,
}

impl Takes {
    /// In one word, for a list of functions.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Number => "number",
            Self::Date => "date",
            Self::Bool => "condition",
            Self::List => "list",
            Self::TextOrList => "text or list",
            Self::Node => "node",
            Self::Edge => "edge",
            Self::Path => "path",
            Self::Sized => "text, list, map or path",
            Self::Simple | Self::Sortable => "value",
            Self::Scalar => "text, number or condition",
            Self::TextOrNumber => "text or number",
            Self::Element => "node or edge",
            Self::Keyed => "map, node or edge",
            Self::Time => "text or map",
            Self::Same => "anything",
        }
    }
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// An integer.
    Int,
    /// A float.
    Float,
    /// A text.
    Text,
    /// A truth value.
    Bool,
    /// A date.
    Date,
    /// A list of texts.
    Texts,
    /// A list of integers.
    Ints,
    /// An instant.
    DateTime,
    /// A length of time.
    Duration,
    /// A map.
    Map,
    /// A value that carries its type.
    Any,
    /// What its first argument is.
    First,
    /// What the members of its first argument are.
    Member,
    /// What all [`Takes::Same`] arguments can be seen as.
    Joined,
    /// The nodes of a path.
    Nodes,
    /// The edges of a path.
    Edges,
}

/// How a function is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// By this function of the database, with the arguments as they are.
    Sql(&'static str),
    /// Likewise, by one that can fail: it is told its place as its last argument.
    Checked(&'static str),
    /// `coalesce`
    Coalesce,
    /// `nullif`
    NullIf,
    /// The length of a text, a list or a path, by its type.
    Size,
    /// Whether that length is 0.
    IsEmpty,
    /// The member of a list at this place.
    At(i64),
    /// The kind of a node.
    Kind,
    /// The kind of a node, as a list.
    Labels,
    /// The properties of a node or an edge; a map is itself.
    Properties,
    /// The names of a map's values, or of those properties that are not null.
    Keys,
    /// What tells a node or an edge from all others.
    ElementId,
    /// The name of an edge.
    EdgeName,
    /// Its text form, by its type.
    ToText,
    /// By the first function, or by the second where the type is known only when it runs.
    Convert(&'static str, &'static str),
    /// The members of a path.
    PathPart,
    /// The rank of the full-text match on this node.
    Score,
    /// Reverses a text or a list.
    Reverse,
    /// `possibly`
    Possibly,
    /// The current day, as the command line tells it.
    Today,
    /// The nodes and edges in its arguments, as short words.
    Evidence,
}

/// A function.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub takes: &'static [Takes],
    /// How many of these, from the end, may be left out.
    pub optional: usize,
    /// Whether the last argument may repeat.
    pub repeats: bool,
    /// What it gives.
    pub gives: Gives,
    /// How it is computed.
    pub means: Means,
    /// What it is for.
    pub doc: &'static str,
}

/// What an aggregate gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// A count.
    Count,
    /// A sum of the argument's type.
    Sum,
    /// A float.
    Float,
    /// The least or the greatest of the values.
    Value,
    /// A value like the first argument's.
    First,
    /// A list of the values.
    List,
    /// A text.
    Text,
    /// The nodes and edges in all arguments, as short words.
    Evidence,
}

/// An aggregate.
#[derive(Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Its name.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub takes: &'static [Takes],
    /// How many of these, from the end, may be left out.
    pub optional: usize,
    /// What it gives.
    pub gives: Sum,
    /// The function of the database.
    pub sql: &'static str,
    /// What it is for.
    pub doc: &'static str,
}

/// Every function, by subject.
pub const FUNCTIONS: &[&[Function]] = &[
    texts::FUNCTIONS,
    numbers::FUNCTIONS,
    values::FUNCTIONS,
    lists::FUNCTIONS,
    times::FUNCTIONS,
    graph::FUNCTIONS,
];

/// A part of a date, an instant or a length of time.
pub(crate) static PART: Function = row(
    "part",
    &[Takes::Time, Takes::Text],
    Gives::Int,
    Means::Sql("dixit_part"),
    "a part of a time",
);

/// What is known only when it runs, where it is a text; else null.
pub(crate) static TEXT_OR_NULL: Function =
    row("text", &[Takes::Same], Gives::Text, Means::Sql("dixit_text_or_null"), "if it is a text");

/// Holds what is known only when it runs to be a number.
pub(crate) static NUMBER: Function =
    row("number", &[Takes::Number], Gives::Any, Means::Checked("dixit_number"), "as a number");

/// The properties of a node or an edge as a map.
pub(crate) static PROPERTIES: Function = row(
    "properties",
    &[Takes::Keyed],
    Gives::Map,
    Means::Properties,
    "the properties of a node or an edge, as a map",
);

/// What a row rests on: the nodes and edges in its arguments. No query calls it by name.
pub(crate) static EVIDENCE: Function =
    row("evidence", &[Takes::Same], Gives::Text, Means::Evidence, "what a row rests on");

/// What all rows of a group rest on.
pub(crate) static ALL_EVIDENCE: Aggregate = Aggregate {
    name: "evidence",
    aliases: &[],
    takes: &[Takes::Same],
    optional: 0,
    gives: Sum::Evidence,
    sql: "dixit_evidence_all",
    doc: "what the rows of a group rest on",
};

const fn row(
    name: &'static str,
    takes: &'static [Takes],
    gives: Gives,
    means: Means,
    doc: &'static str,
) -> Function {
    Function { name, aliases: &[], takes, optional: 0, repeats: false, gives, means, doc }
}

/// Every function.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().copied().flatten()
}

/// The function called so, whatever the case.
pub fn function(name: &str) -> Option<&'static Function> {
    all().find(|row| is_called(name, row.name, row.aliases))
}

/// The aggregate called so, whatever the case.
pub fn aggregate(name: &str) -> Option<&'static Aggregate> {
    AGGREGATES.iter().find(|row| is_called(name, row.name, row.aliases))
}

/// Names of all functions and aggregates.
pub fn names() -> impl Iterator<Item = &'static str> {
    let functions =
        all().flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()));
    let aggregates = AGGREGATES
        .iter()
        .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()));
    functions.chain(aggregates)
}

fn is_called(name: &str, own: &str, aliases: &[&str]) -> bool {
    own.eq_ignore_ascii_case(name) || aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once() {
        let mut all: Vec<&str> = names().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
