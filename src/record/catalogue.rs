//! The catalogue as it is stored: which kinds, edges, properties and terms a store has, and where each lives.
//! Plain rows; `meaning` gives them their sense.

use std::collections::BTreeSet;

/// The whole catalogue of one store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The graph as a whole.
    pub graph: Graph,
    /// Kinds of node, by id.
    pub kinds: Vec<Kind>,
    /// Properties of kinds and of link tables, by table and position.
    pub properties: Vec<Property>,
    /// Edges, by id.
    pub edges: Vec<Edge>,
    /// Names for several terms of an edge at once.
    pub labels: Vec<Label>,
    /// The controlled vocabulary, by id.
    pub terms: Vec<Term>,
    /// Columns that must hold something: table and column.
    pub required: BTreeSet<(String, String)>,
    /// The highest ids that a kind and an edge ever had.
    pub used: (i64, i64),
    /// Kinds of which some nodes are judged to be one with another.
    pub judged: BTreeSet<i64>,
}

/// The row of `dixit_graph`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// What users call it.
    pub name: String,
    /// Whether unknown labels match nothing and unknown properties are null.
    pub open: bool,
    /// Whether the kinds of claims and statements are in the catalogue.
    pub claims: bool,
}

impl Default for Graph {
    fn default() -> Self {
        Self { name: "graph".to_owned(), open: false, claims: true }
    }
}

/// A row of `dixit_kind`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// Its number, kept in kind columns.
    pub id: i64,
    /// As declared: `Actor`.
    pub name: String,
    /// Its table.
    pub table: String,
    /// The column of its key; kinds without keys are only given out as edges.
    pub key_column: Option<String>,
    /// The column that stands for a node in a table.
    pub shown: Option<String>,
    /// Whether its nodes are given out as edges.
    pub as_edge: bool,
    /// The labels it is asked by, where that is not just its name.
    pub labels: Option<Vec<String>>,
    /// What it is, in a few words.
    pub doc: String,
}

/// A row of `dixit_property`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The table it belongs to: a kind's or a link's.
    pub table: String,
    /// As declared: `name`.
    pub name: String,
    /// `text`, `int`, `float`, `bool`, `date`, `datetime`, `any`, or `list<…>` of one of these.
    pub ty: String,
    /// `column`, `date`, `term` or `alias`.
    pub storage: String,
    /// The column, or the prefix of three columns for a date.
    pub column: Option<String>,
    /// For a term: the column of the term table that is meant.
    pub attribute: Option<String>,
    /// For a term: its vocabulary, where that is fixed.
    pub vocabulary: Option<String>,
    /// The full-text index over it.
    pub search: Option<String>,
    /// Whether it is never null.
    pub required: bool,
    /// What it is, in a few words.
    pub doc: String,
}

/// A row of `dixit_edge`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Its number.
    pub id: i64,
    /// Its name, unless terms name it.
    pub name: Option<String>,
    /// The table that holds it.
    pub table: String,
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// The column of the term that names it or is fixed.
    pub term_column: Option<String>,
    /// The vocabulary of that term.
    pub vocabulary: Option<String>,
    /// Only terms of this family.
    pub family: Option<String>,
    /// The one term all these edges have.
    pub term: Option<String>,
    /// The kind whose nodes these edges are.
    pub stands_as: Option<i64>,
    /// Whether its rows are known by their id, so that several may join the same two nodes.
    pub numbered: bool,
    /// Whether it holds both ways.
    pub symmetric: bool,
    /// What it is, in a few words.
    pub doc: String,
}

/// One end of an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The kind found there; nothing where it may be any.
    pub kind: Option<i64>,
    /// The column that tells the kind where it may be any.
    pub kind_column: Option<String>,
    /// The column of the node's id.
    pub column: String,
}

/// A row of `dixit_label`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The edge it is for.
    pub edge: i64,
    /// As declared: `affirms`.
    pub name: String,
    /// Which terms: those of this polarity, or all.
    pub polarity: Option<i64>,
    /// What it is, in a few words.
    pub doc: String,
}

/// A row of `term`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its number, kept wherever it is used.
    pub id: i64,
    /// The vocabulary it belongs to.
    pub vocabulary: String,
    /// The term itself.
    pub term: String,
    /// Its group, or for a link what it joins.
    pub family: Option<String>,
    /// For an act: for, against or neither.
    pub polarity: Option<i64>,
    /// For a link: whether it holds both ways.
    pub symmetric: bool,
    /// What it means.
    pub definition: Option<String>,
    /// Its counterpart elsewhere.
    pub maps_to: Option<String>,
}
