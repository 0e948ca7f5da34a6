//! A change to the graph as a store takes it: what to make, join, set and delete for each row that was read. Tables and
//! columns are named as the catalogue names them; values are columns of the rows.
//!
//! `match (c:Claim) insert (c)-[:on]->(:Topic 'peace')` becomes one found node, the topic, and one [`Link`] from what
//! stands in the first column of each row to it.

use crate::base::source::Span;

/// What a writing query does, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edits {
    /// Nodes that are there already, named by a text; all are found before anything changes.
    pub found: Vec<Found>,
    /// What is done for every row, one after the other.
    pub steps: Vec<Edit>,
    /// How many nodes and edges each row makes.
    pub made: usize,
    /// What each row hands to the answer, if there is one.
    pub given: Vec<Place>,
}

/// Where a node, an edge or a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// From this column of the row.
    Read(usize),
    /// It was found by a text.
    Found(usize),
    /// It was made.
    Made(usize),
}

/// A node of a kind, named by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The kind's number.
    pub kind: i64,
    /// The column of the text.
    pub text: usize,
    /// Where it stands.
    pub span: Span,
}

/// One thing that is done.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A row of a kind's table: a node, or an edge that is one.
    Make(Make),
    /// A node's own column leads to another node.
    Join(Join),
    /// A row of a link table.
    Link(Link),
    /// A property gets a value, or none.
    Set(Set),
    /// Nodes and edges go.
    Delete(Delete),
}

/// A node to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Make {
    /// Its number among what is made.
    pub number: usize,
    /// The kind's number.
    pub kind: i64,
    /// Its properties.
    pub cells: Vec<Assign>,
    /// The nodes its own columns lead to.
    pub ends: Vec<End>,
    /// The term that its label says: column, number and name.
    pub term: Option<Term>,
    /// Where it stands.
    pub span: Span,
}

/// A term in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The column.
    pub column: String,
    /// The term's number.
    pub id: i64,
    /// The term.
    pub name: String,
}

/// A column that leads to a node.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The column of its id.
    pub column: String,
    /// The column of its kind, where it may be any.
    pub kind_column: Option<String>,
    /// The kind it must be, where only one may stand there.
    pub kind: Option<i64>,
    /// The node.
    pub node: Place,
}

/// A column of a node that is to lead to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The node.
    pub from: Place,
    /// Its column and where that leads.
    pub to: End,
    /// The edge's name.
    pub edge: String,
    /// The edge's number, and its own number among what is made.
    pub number: (i64, usize),
    /// Where it stands.
    pub span: Span,
}

/// A link to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The link's table.
    pub table: String,
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// Its term.
    pub term: Option<Term>,
    /// Whether it is kept in both directions.
    pub symmetric: bool,
    /// Its properties.
    pub cells: Vec<Assign>,
    /// The edge's name.
    pub edge: String,
    /// The edge's number, and its own number among what is made.
    pub number: (i64, usize),
    /// Where it stands.
    pub span: Span,
}

/// A property and its new value.
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    /// The property's name.
    pub property: String,
    /// How it is kept.
    pub slot: Slot,
    /// The column of the value; null where there is none.
    pub value: Option<usize>,
    /// Where it stands.
    pub span: Span,
}

/// How a property is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// In a column.
    Column(String),
    /// In three columns with this prefix.
    Date(String),
    /// As the number of a term.
    Term {
        /// The column.
        column: String,
        /// The vocabulary the term is of.
        vocabulary: Vocabulary,
    },
    /// In the table of other names.
    Aliases,
}

/// Which vocabulary a term is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vocabulary {
    /// This one.
    Named(String),
    /// The one that this column of the row names.
    Read(usize),
    /// That of the term which is there now.
    Kept,
}

/// A property of a node or an edge gets a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// Whose.
    pub of: Place,
    /// Which, for every kind of node or edge that it may be.
    pub choices: Vec<(Owner, Assign)>,
    /// Where it stands.
    pub span: Span,
}

/// Whose property is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Of nodes of the kind with this number.
    Kind(i64),
    /// Of the edge with this number.
    Edge(i64),
}

/// What goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// Nodes, and edges that are nodes, each with its place in the text.
    pub nodes: Vec<(Place, Span)>,
    /// Other edges.
    pub edges: Vec<(Place, Span)>,
    /// Whether edges that end there go as well.
    pub detach: bool,
}
