//! Values as they leave a query: what rows are made of, whatever format shows them.

/// One value of a result or a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing known.
    Null,
    /// True or false.
    Bool(bool),
    /// A signed 64-bit integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    Text(String),
    /// A date as EDTF text.
    Date(String),
    /// An instant, in UTC.
    DateTime(String),
    /// A length of time, as ISO 8601 writes it.
    Duration(String),
    /// A list.
    List(Vec<Value>),
    /// Names and values, in order.
    Map(Vec<(String, Value)>),
    /// A node of the graph.
    Node(Node),
    /// An edge of the graph.
    Edge(Edge),
    /// A path: one more node than edges.
    Path(Path),
}

/// A node with what is needed to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Name of its kind, as declared.
    pub kind: String,
    /// Its key, unique within the kind.
    pub key: String,
    /// What a table shows: its name, title or text.
    pub shown: String,
    /// Properties that are not null, in the catalogue's order.
    pub properties: Vec<(String, Value)>,
}

/// An edge with what is needed to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Its name, such as `reports`.
    pub name: String,
    /// Key of the node it leaves.
    pub from: String,
    /// Key of the node it enters.
    pub to: String,
    /// Properties that are not null, in the catalogue's order.
    pub properties: Vec<(String, Value)>,
}

/// An alternating sequence of nodes and edges.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Its nodes, from start to end.
    pub nodes: Vec<Node>,
    /// Its edges; each keeps its own direction, whichever way the path runs along it.
    pub edges: Vec<Edge>,
}

/// One row of a result, in column order.
pub type Row = Vec<Value>;

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// What is in it.
    pub holds: Holds,
}

/// What a column holds, besides null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Whatever comes: lists, nodes, values of different types.
    Any,
    /// True or false.
    Bool,
    /// Integers.
    Int,
    /// Numbers with a fraction.
    Float,
    /// Texts, dates, instants, lengths of time.
    Text,
    /// Lists of the keys that sources are cited by.
    Citations,
}

impl Column {
    /// A column of anything but numbers, without a promise.
    pub fn any(name: &str) -> Self {
        Self { name: name.to_owned(), holds: Holds::Any }
    }

    /// Whether it holds numbers, which tables align to the right.
    pub fn is_numeric(&self) -> bool {
        matches!(self.holds, Holds::Int | Holds::Float)
    }
}
