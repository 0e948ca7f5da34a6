//! One value as plain text: what a cell shows in every format that has cells.

use crate::base::value::{Edge, Node, Path, Value};

/// The text of a value; nothing for null. A node shows by its name, a list is joined by `; `.
pub fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(float(*number)),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => {
            Some(text.clone())
        }
        Value::List(items) => Some(items.iter().map(inner).collect::<Vec<_>>().join("; ")),
        Value::Map(entries) => Some(map(entries)),
        Value::Node(node) => Some(node.shown.clone()),
        Value::Edge(edge) => Some(one_edge(edge)),
        Value::Path(path) => Some(whole_path(path)),
    }
}

/// The keys in a cell of citations.
pub fn citations(value: &Value) -> Vec<String> {
    match value {
        Value::List(keys) => keys.iter().filter_map(shown).collect(),
        _ => Vec::new(),
    }
}

/// A floating point number, as short as possible without losing anything.
fn float(number: f64) -> String {
    format!("{number:?}")
}

/// A value within another one, where null has to be said.
fn inner(value: &Value) -> String {
    match value {
        Value::List(items) => {
            format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", "))
        }
        value => shown(value).unwrap_or_else(|| "null".to_owned()),
    }
}

fn map(entries: &[(String, Value)]) -> String {
    let entries: Vec<String> =
        entries.iter().map(|(name, value)| format!("{name}: {}", inner(value))).collect();
    format!("{{{}}}", entries.join(", "))
}

fn one_edge(edge: &Edge) -> String {
    format!("({})-[:{}]->({})", edge.from, edge.name, edge.to)
}

/// `(a)-[:reports]->(b)`, each arrow the way its edge goes.
fn whole_path(path: &Path) -> String {
    let mut text = path.nodes.first().map(one_node).unwrap_or_default();
    for ((edge, next), previous) in
        path.edges.iter().zip(path.nodes.iter().skip(1)).zip(&path.nodes)
    {
        let against = edge.from == next.key && edge.from != previous.key;
        let (tail, head) = if against { ("<-", "-") } else { ("-", "->") };
        text.extend([tail, "[:", &edge.name, "]", head, &one_node(next)]);
    }
    text
}

fn one_node(node: &Node) -> String {
    format!("({})", node.shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::samples::{edge, node};

    fn check(value: &Value, expected: &str) {
        assert_eq!(shown(value).as_deref().unwrap_or("null"), expected);
    }

    #[test]
    fn values_show_as_people_write_them() {
        check(&Value::Null, "null");
        check(&Value::Bool(true), "true");
        check(&Value::Int(-3), "-3");
        check(&Value::Float(0.1), "0.1");
        check(&Value::Float(2.0), "2.0");
        check(&Value::Float(1e300), "1e300");
        check(&Value::Date("[..2025-11-22]".into()), "[..2025-11-22]");
        check(
            &Value::List(vec![Value::Text("a".into()), Value::Null, Value::Int(1)]),
            "a; null; 1",
        );
        check(&Value::Map(vec![("a".into(), Value::Int(1))]), "{a: 1}");
        check(
            &Value::List(vec![Value::List(vec![Value::Int(1), Value::Null]), Value::Int(2)]),
            "[1, null]; 2",
        );
        check(&Value::Node(node("rubio", "Marco Rubio")), "Marco Rubio");
        check(&Value::Edge(edge("a", "reports", "b")), "(a)-[:reports]->(b)");
    }

    #[test]
    fn a_path_shows_each_arrow_the_way_its_edge_goes() {
        let path = Path {
            nodes: vec![node("a", "A"), node("b", "B"), node("c", "C")],
            edges: vec![edge("a", "reports", "b"), edge("c", "follows", "b")],
        };
        check(&Value::Path(path), "(A)-[:reports]->(B)<-[:follows]-(C)");
    }
}
