//! Nodes and edges as a picture: laid out in layers, written as SVG or DOT. Kinds are told by colour and shape in the order
//! they come; none is known by name.

pub mod dot;
mod draw;
mod layers;
mod layout;
pub mod read;
mod relax;
mod shape;

use super::frame::Caption;
use super::page::Table;
use super::side::Side;
use super::svg::Drawing;

/// What is to be drawn, with at least one node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// The kinds, as they come.
    pub kinds: Vec<String>,
    /// The nodes, as they come.
    pub nodes: Vec<Node>,
    /// The edges, as they come.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The number of its kind.
    pub kind: usize,
    /// Unique within its kind.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What stands below that.
    pub note: String,
    /// Which side it takes.
    pub side: Side,
    /// Whether it stands for somebody not known by name.
    pub unnamed: bool,
    /// Whether the picture is about it.
    pub focus: bool,
    /// What is shown under the mouse, line by line.
    pub details: Vec<String>,
}

/// An edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The number of the node it leaves.
    pub from: usize,
    /// The number of the node it enters.
    pub to: usize,
    /// What stands on it.
    pub label: String,
    /// Which side it takes.
    pub side: Side,
    /// Whether all of it is only known because somebody else tells of it.
    pub relayed: bool,
    /// Whether it leads back as well.
    pub both: bool,
    /// How many it stands for.
    pub count: usize,
}

/// How many nodes a picture takes unless more are asked for.
pub const MOST_NODES: usize = 150;

impl Edge {
    /// What is written on it.
    pub fn written(&self) -> String {
        if self.count > 1 { format!("{} ×{}", self.label, self.count) } else { self.label.clone() }
    }
}

/// Draws it.
pub fn draw(graph: &Graph, caption: &Caption) -> Drawing {
    draw::draw(&layout::arrange(graph), graph, caption)
}

/// The same as a table: a row for each edge, and for each node without one.
pub fn table(graph: &Graph) -> Table {
    let Graph { nodes, edges, .. } = graph;
    let name = |at: usize| {
        let node = nodes.get(at)?;
        let below = if node.note.is_empty() { String::new() } else { format!(" ({})", node.note) };
        Some(format!("{}{below}", node.label))
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for edge in edges {
        let mut how = edge.written();
        if edge.relayed {
            how.push_str(" (known only because somebody else tells of it)");
        }
        let cells = [name(edge.from), Some(how), name(edge.to)];
        rows.push(cells.into_iter().map(Option::unwrap_or_default).collect());
    }
    for at in (0..nodes.len()).filter(|at| !edges.iter().any(|e| e.from == *at || e.to == *at)) {
        rows.push(vec![name(at).unwrap_or_default(), String::new(), String::new()]);
    }
    let heads = ["from", "edge", "to"].map(str::to_owned).to_vec();
    Table { heads, rows }
}
