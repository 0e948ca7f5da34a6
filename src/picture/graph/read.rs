//! Makes a graph of the rows of an answer. Paths, edges and nodes are taken as they are; a map with a `label` is a node as
//! well. A row without edges joins its nodes, or else its first two texts, and what else it has stands on the line.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edge, Graph, Node};
use crate::base::value::{self, Column, Row, Value};
use crate::picture::side::Side;
use crate::picture::values::{flag, shown, whole};

/// Columns and properties that tell a side.
const SIDES: &[&str] = &["side", "polarity"];

/// The graph in an answer; nothing where no row holds a node. Edges of these names have no direction.
pub fn read(columns: &[Column], rows: &[Row], symmetric: &[String]) -> Option<Graph> {
    let mut reader = Reader {
        graph: Graph::default(),
        nodes: BTreeMap::new(),
        edges: BTreeMap::new(),
        seen: BTreeSet::new(),
        lone: Vec::new(),
        symmetric,
    };
    for row in rows {
        reader.row(columns, row);
    }
    reader.join_lone();
    let graph = reader.graph;
    (!graph.nodes.is_empty()).then_some(graph)
}

/// Reads row by row. Edges that come without their nodes wait until all nodes are known.
struct Reader<'s> {
    graph: Graph,
    /// Nodes by kind and key.
    nodes: BTreeMap<(usize, String), usize>,
    /// Edges by their ends and how they look.
    edges: BTreeMap<(usize, usize, String, Side, bool), usize>,
    /// Edges by their ends and all that is known of them: a second path along one does not count it again.
    seen: BTreeSet<(usize, usize, String)>,
    lone: Vec<(value::Edge, Vec<usize>)>,
    symmetric: &'s [String],
}

/// What of a row is no node and no edge.
#[derive(Default)]
struct Rest {
    label: Vec<String>,
    side: Option<i64>,
    relayed: bool,
    both: bool,
}

impl Reader<'_> {
    fn row(&mut self, columns: &[Column], row: &Row) {
        let mut nodes = Vec::new();
        let mut edges = Vec::new();
        let mut has_edge = false;
        for value in row {
            has_edge |= self.take(value, &mut nodes, &mut edges);
        }
        for edge in edges {
            self.lone.push((edge, nodes.clone()));
        }
        if has_edge {
            return;
        }
        let mut used = Vec::new();
        if nodes.is_empty() {
            let texts = columns.iter().zip(row).enumerate();
            let texts = texts.filter_map(|(at, (column, value))| match value {
                Value::Text(_) if !is_said(&column.name) => Some((at, &column.name, shown(value)?)),
                _ => None,
            });
            let ends: Vec<_> = texts.take(2).collect();
            if let [_, _] = ends.as_slice() {
                for (at, name, text) in ends {
                    used.push(at);
                    nodes.push(self.node(plain(name, &text), name));
                }
            }
        }
        let rest = rest(columns, row, &used);
        for pair in nodes.windows(2) {
            if let [from, to] = pair {
                self.edge((*from, *to), &rest);
            }
        }
    }

    /// Takes the nodes and edges of a value; tells whether there were edges.
    fn take(
        &mut self,
        value: &Value,
        nodes: &mut Vec<usize>,
        edges: &mut Vec<value::Edge>,
    ) -> bool {
        match value {
            Value::Node(node) => {
                nodes.push(self.node(of_node(node), &node.kind));
                false
            }
            Value::Map(entries) => {
                if let Some((node, kind)) = of_map(entries) {
                    nodes.push(self.node(node, &kind));
                }
                false
            }
            Value::Edge(edge) => {
                edges.push(edge.clone());
                true
            }
            Value::Path(path) => {
                self.path(path);
                true
            }
            Value::List(members) => {
                let mut any = false;
                for member in members {
                    any |= self.take(member, nodes, edges);
                }
                any
            }
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Date(_)
            | Value::DateTime(_)
            | Value::Duration(_) => false,
        }
    }

    fn path(&mut self, path: &value::Path) {
        let nodes: Vec<usize> =
            path.nodes.iter().map(|node| self.node(of_node(node), &node.kind)).collect();
        for (edge, pair) in path.edges.iter().zip(nodes.windows(2)) {
            let [one, other] = pair else { continue };
            let forward = self.graph.nodes.get(*one).is_none_or(|node| node.key == edge.from);
            let ends = if forward { (*one, *other) } else { (*other, *one) };
            self.known_edge(ends, edge);
        }
    }

    /// The number of a node, which is added where it is new.
    fn node(&mut self, node: Node, kind: &str) -> usize {
        let Graph { kinds, nodes, .. } = &mut self.graph;
        let kind = kinds.iter().position(|known| known == kind).unwrap_or_else(|| {
            kinds.push(kind.to_owned());
            kinds.len() - 1
        });
        *self.nodes.entry((kind, node.key.clone())).or_insert_with(|| {
            nodes.push(Node { kind, ..node });
            nodes.len() - 1
        })
    }

    /// Adds an edge of the store, unless it was there already.
    fn known_edge(&mut self, (from, to): (usize, usize), edge: &value::Edge) {
        let value::Edge { name, properties, .. } = edge;
        if self.seen.insert((from, to, format!("{name} {properties:?}"))) {
            let both = self.symmetric.contains(name);
            let (label, side) = (vec![name.clone()], side_of(edge));
            self.edge((from, to), &Rest { label, side, relayed: false, both });
        }
    }

    /// Adds an edge, or one to those that look the same.
    fn edge(&mut self, (from, to): (usize, usize), rest: &Rest) {
        let Rest { label, side, relayed, both } = rest;
        let side = side.map_or(Side::None, Side::of);
        let (label, relayed, both) = (label.join(" · "), *relayed, *both);
        let look = |from, to| (from, to, label.clone(), side, relayed);
        let edges = &mut self.graph.edges;
        if let Some(known) = self.edges.get(&look(from, to)).and_then(|at| edges.get_mut(*at)) {
            known.count += 1;
            return;
        }
        if let Some(known) = self.edges.get(&look(to, from)).and_then(|at| edges.get_mut(*at)) {
            known.count += usize::from(known.both);
            known.both = true;
            return;
        }
        self.edges.insert(look(from, to), edges.len());
        edges.push(Edge { from, to, label, side, relayed, both, count: 1 });
    }

    /// Edges know their ends by key alone: they are looked for in the row first, then everywhere.
    fn join_lone(&mut self) {
        for (edge, row) in std::mem::take(&mut self.lone) {
            let from = self.end(&edge.from, &row);
            let to = self.end(&edge.to, &row);
            self.known_edge((from, to), &edge);
        }
    }

    fn end(&mut self, key: &str, row: &[usize]) -> usize {
        let nodes = &self.graph.nodes;
        let has_key = |at: &usize| nodes.get(*at).is_some_and(|node| node.key == key);
        let near = row.iter().copied().find(has_key);
        match near.or_else(|| (0..nodes.len()).find(has_key)) {
            Some(at) => at,
            None => self.node(plain("", key), ""),
        }
    }
}

fn is_said(name: &str) -> bool {
    SIDES.contains(&name) || ["relayed", "both", "edge", "key"].contains(&name)
}

fn rest(columns: &[Column], row: &Row, used: &[usize]) -> Rest {
    let mut rest = Rest::default();
    let cells = columns.iter().zip(row).enumerate().filter(|(at, _)| !used.contains(at));
    for (_, (column, value)) in cells {
        match (column.name.as_str(), value) {
            (name, value) if SIDES.contains(&name) => rest.side = whole(value),
            ("relayed", value) => rest.relayed = flag(value),
            ("both", value) => rest.both = flag(value),
            ("key", _) | (_, Value::Node(_) | Value::Map(_) | Value::List(_)) => {}
            (name, Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
                rest.label.extend(shown(value).map(|value| format!("{name}: {value}")));
            }
            (_, value) => rest.label.extend(shown(value)),
        }
    }
    rest
}

fn side_of(edge: &value::Edge) -> Option<i64> {
    let found = edge.properties.iter().find(|(name, _)| SIDES.contains(&name.as_str()));
    found.and_then(|(_, value)| whole(value))
}

fn plain(kind: &str, text: &str) -> Node {
    let details = vec![format!("{kind}: {text}")];
    Node {
        kind: 0,
        key: text.to_owned(),
        label: text.to_owned(),
        note: String::new(),
        side: Side::None,
        unnamed: false,
        focus: false,
        details: if kind.is_empty() { Vec::new() } else { details },
    }
}

fn of_node(node: &value::Node) -> Node {
    let value::Node { kind, key, shown: label, properties } = node;
    let mut details = vec![format!("{kind}: {key}")];
    let others = properties.iter().filter(|(name, _)| name != "key");
    details.extend(others.filter_map(|(name, value)| Some(format!("{name}: {}", shown(value)?))));
    let side = properties.iter().find(|(name, _)| SIDES.contains(&name.as_str()));
    let side = side.and_then(|(_, value)| whole(value)).map_or(Side::None, Side::of);
    Node { key: key.clone(), side, details, ..plain("", label) }
}

/// A map with a label, or at least a key, and its kind.
fn of_map(entries: &[(String, Value)]) -> Option<(Node, String)> {
    let entry =
        |name: &str| entries.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let text = |name: &str| entry(name).and_then(shown);
    let label = text("label").or_else(|| text("key"))?;
    let known = ["kind", "label", "side", "unnamed", "focus"];
    let others = entries.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    let details = [label.clone()]
        .into_iter()
        .chain(others.filter_map(|(name, value)| Some(format!("{name}: {}", shown(value)?))));
    let node = Node {
        key: text("key").unwrap_or_else(|| label.clone()),
        note: text("note").unwrap_or_default(),
        side: entry("side").and_then(whole).map_or(Side::None, Side::of),
        unnamed: entry("unnamed").is_some_and(flag),
        focus: entry("focus").is_some_and(flag),
        details: details.collect(),
        ..plain("", &label)
    };
    Some((node, text("kind").unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(kind: &str, key: &str) -> value::Node {
        let (kind, key, shown) = (kind.to_owned(), key.to_owned(), key.to_uppercase());
        value::Node { kind, key, shown, properties: Vec::new() }
    }

    fn edge(from: &str, name: &str, to: &str) -> value::Edge {
        let [from, name, to] = [from, name, to].map(str::to_owned);
        value::Edge { name, from, to, properties: vec![("polarity".into(), Value::Int(-1))] }
    }

    /// The same with a key of its own, as a statement has one.
    fn keyed(edge: value::Edge, key: &str) -> value::Edge {
        let key = ("key".to_owned(), Value::Text(key.to_owned()));
        let properties = edge.properties.iter().cloned().chain([key]).collect();
        value::Edge { properties, ..edge }
    }

    fn columns(names: &[&str]) -> Vec<Column> {
        names.iter().map(|name| Column::any(name)).collect()
    }

    fn check(names: &[&str], rows: &[Row], expected: &[&str]) -> Graph {
        let graph = read(&columns(names), rows, &["same".to_owned()]).unwrap();
        let label = |at: usize| graph.nodes[at].label.as_str();
        let edges: Vec<String> = graph
            .edges
            .iter()
            .map(|edge| {
                let arrow = if edge.both { "<->" } else { "->" };
                format!("{} -{}{arrow} {}", label(edge.from), edge.written(), label(edge.to))
            })
            .collect();
        assert_eq!(edges, expected);
        graph
    }

    #[test]
    fn paths_keep_the_direction_of_their_edges() {
        let path = value::Path {
            nodes: vec![node("A", "a"), node("B", "a"), node("A", "c")],
            edges: vec![edge("a", "x", "a"), edge("c", "y", "a")],
        };
        let graph = check(&["p"], &[vec![Value::Path(path)]], &["A -x-> A", "C -y-> A"]);
        assert_eq!(graph.kinds, ["A", "B"], "a key is unique only within its kind");
        assert_eq!(graph.edges[0].side, Side::Against);
    }

    #[test]
    fn edges_find_their_ends_and_equal_ones_are_counted() {
        let rows = [
            vec![Value::Edge(edge("a", "x", "b")), Value::Null],
            vec![Value::Edge(edge("a", "x", "b")), Value::Null],
            vec![Value::Edge(keyed(edge("a", "x", "b"), "k")), Value::Node(node("B", "b"))],
            vec![Value::Edge(edge("a", "same", "b")), Value::Null],
            vec![Value::Edge(edge("c", "y", "b")), Value::Null],
            vec![Value::Edge(edge("b", "y", "c")), Value::Null],
        ];
        check(&["e", "n"], &rows, &["a -x ×2-> B", "a -same<-> B", "c -y<-> B"]);
    }

    #[test]
    fn rows_without_edges_join_what_they_have() {
        let text = |text: &str| Value::Text(text.to_owned());
        let rows = [vec![text("Rounds"), Value::Int(3), text("Rubio"), text("at odds")]];
        check(&["one", "claims", "other", "how"], &rows, &["Rounds -claims: 3 · at odds-> Rubio"]);
        let map = |label: &str| Value::Map(vec![("label".into(), text(label))]);
        let rows = [vec![map("x"), text("reports"), Value::Int(-1), map("y")]];
        let graph = check(&["from", "edge", "side", "to"], &rows, &["x -reports-> y"]);
        assert_eq!(graph.edges[0].side, Side::Against);
    }

    #[test]
    fn numbers_alone_make_no_graph() {
        assert_eq!(read(&columns(&["n"]), &[vec![Value::Int(1)]], &[]), None);
        assert_eq!(read(&columns(&["n"]), &[vec![Value::Text("a".into())]], &[]), None);
    }
}
