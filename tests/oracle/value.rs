//! Values of the oracle, and the one form in which its answers and the compiler's are compared.

use super::graph::Graph;
use dixit::base::{date::Date, value as given};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value; nodes and edges are places in the graph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Date(Date),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    Node(usize),
    Edge(usize),
    Path(Vec<usize>, Vec<usize>),
}

impl Value {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// What a copy takes: one, and one more for each value inside and for every few letters.
    pub(crate) fn weight(&self) -> usize {
        1 + match self {
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Date(_)
            | Self::Node(_)
            | Self::Edge(_) => 0,
            Self::Text(text) => text.len() / 64,
            Self::List(members) => members.iter().map(Self::weight).sum(),
            Self::Map(pairs) => pairs.values().map(Self::weight).sum(),
            Self::Path(nodes, edges) => nodes.len() + edges.len(),
        }
    }

    /// An edge that stands as a node is that node.
    pub(crate) fn plain(&self, graph: &Graph) -> Self {
        match self {
            Self::Edge(edge) => graph.edges[*edge].node.map_or(self.clone(), Self::Node),
            other => other.clone(),
        }
    }
}

/// The order of two values that are not null, where they have one.
pub(crate) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Some(number(a).total_cmp(&number(b)))
        }
        (Value::Text(a), Value::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.packed().cmp(&b.packed())),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "the numbers of tests are small")]
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::Int(number) => *number as f64,
        Value::Float(number) => *number,
        other => panic!("{other:?} is not a number"),
    }
}

fn float(number: f64) -> String {
    let rounded = (number * 1e6).round() / 1e6;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// Whether lists keep their order when shown; without, they are compared as bags.
pub(crate) type Ordered = bool;

fn list(mut members: Vec<String>, ordered: Ordered) -> String {
    if !ordered {
        members.sort();
    }
    format!("[{}]", members.join(", "))
}

fn map(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort();
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn edge(name: &str, from: &str, to: &str, properties: &[String]) -> String {
    let symmetric = matches!(name, "contradicts" | "tension" | "equivalent");
    let (from, to) = if symmetric && from > to { (to, from) } else { (from, to) };
    format!("{name}({from} {to}){{{}}}", properties.join(", "))
}

/// An answer of the oracle as text.
pub(crate) fn show(value: &Value, graph: &Graph, ordered: Ordered) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Text(text) => format!("{text:?}"),
        Value::Date(date) => format!("date {}", date.text),
        Value::List(members) => {
            list(members.iter().map(|member| show(member, graph, ordered)).collect(), ordered)
        }
        Value::Map(pairs) => map(pairs
            .iter()
            .map(|(name, value)| (name.clone(), show(value, graph, ordered)))
            .collect()),
        Value::Node(node) => show_node(*node, graph),
        Value::Edge(at) => match graph.edges[*at].node {
            Some(node) => show_node(node, graph),
            None => show_edge(*at, graph),
        },
        Value::Path(nodes, edges) => {
            // A node that is only an edge is given out as one.
            let (mut shown, mut passed) = (Vec::new(), Vec::new());
            for (at, node) in nodes.iter().enumerate() {
                let kept = if graph.nodes[*node].as_edge { &mut passed } else { &mut shown };
                kept.push(show_node(*node, graph));
                passed.extend(edges.get(at).map(|edge| show_edge(*edge, graph)));
            }
            let (nodes, edges) = (shown, passed);
            format!("path {} {}", nodes.join(" "), edges.join(" "))
        }
    }
}

fn show_node(at: usize, graph: &Graph) -> String {
    let node = &graph.nodes[at];
    match node.edge {
        Some(edge) if node.as_edge => show_edge(edge, graph),
        _ => format!("{} {}", node.kind, node.key),
    }
}

fn show_edge(at: usize, graph: &Graph) -> String {
    let found = &graph.edges[at];
    let owner = found.node.map_or(&found.properties, |node| &graph.nodes[node].properties);
    let properties: Vec<String> = owner
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{name}={}", show(value, graph, true)))
        .collect();
    edge(&found.name, &graph.nodes[found.from].key, &graph.nodes[found.to].key, &properties)
}

/// An answer of the compiler as text.
pub(crate) fn show_given(value: &given::Value, graph: &Graph, ordered: Ordered) -> String {
    match value {
        given::Value::Null => "null".to_owned(),
        given::Value::Bool(value) => value.to_string(),
        given::Value::Int(number) => number.to_string(),
        given::Value::Float(number) => float(*number),
        given::Value::Text(text) => format!("{text:?}"),
        given::Value::Date(text) => format!("date {text}"),
        given::Value::DateTime(text) => format!("datetime {text}"),
        given::Value::Duration(text) => format!("duration {text}"),
        given::Value::List(members) => {
            list(members.iter().map(|member| show_given(member, graph, ordered)).collect(), ordered)
        }
        given::Value::Map(pairs) => map(pairs
            .iter()
            .map(|(name, value)| (name.clone(), show_given(value, graph, ordered)))
            .collect()),
        given::Value::Node(node) => format!("{} {}", node.kind, node.key),
        given::Value::Edge(edge) => show_given_edge(edge, graph, false),
        given::Value::Path(path) => {
            let nodes: Vec<String> = path
                .nodes
                .iter()
                .map(|node| show_given(&given::Value::Node(node.clone()), graph, true))
                .collect();
            let edges: Vec<String> =
                path.edges.iter().map(|edge| show_given_edge(edge, graph, true)).collect();
            format!("path {} {}", nodes.join(" "), edges.join(" "))
        }
    }
}

/// An edge between actor and claim is a statement, and shown as one outside of paths.
fn show_given_edge(given: &given::Edge, graph: &Graph, in_path: bool) -> String {
    let key = given.properties.iter().find(|(name, _)| name == "key");
    if let (Some((_, given::Value::Text(key))), false) = (key, in_path)
        && graph.nodes.iter().any(|node| node.kind == "Statement" && node.key == *key)
    {
        return format!("Statement {key}");
    }
    let mut properties: Vec<(&str, String)> = given
        .properties
        .iter()
        .map(|(name, value)| (name.as_str(), show_property(name, value, graph)))
        .collect();
    properties.sort();
    let properties: Vec<String> =
        properties.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    // An attestation has no key; its number is given in its place.
    let numbered = !given.from.is_empty() && given.from.chars().all(|c| c.is_ascii_digit());
    edge(&given.name, if numbered { "" } else { &given.from }, &given.to, &properties)
}

/// Inside an edge a date comes as its text.
fn show_property(name: &str, value: &given::Value, graph: &Graph) -> String {
    match value {
        given::Value::Text(text)
            if matches!(name, "date" | "valid_from" | "valid_to" | "as_of" | "since") =>
        {
            format!("date {text}")
        }
        other => show_given(other, graph, true),
    }
}
