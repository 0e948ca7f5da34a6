//! JSON: objects in column order, as one array or one a line. What a terminal would obey is escaped, so it is both
//! lossless and safe.

use std::io::{self, Write};

use serde_json::{Map, Value as Json_, json};

use super::{Sink, Tally};
use crate::base::clean;
use crate::base::value::{Column, Edge, Node, Path, Value};

/// Writes objects.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    shape: Shape,
    names: Vec<String>,
    rows: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Array,
    Lines,
}

impl<'w> Json<'w> {
    /// One array of all rows.
    pub fn array(out: &'w mut dyn Write) -> Self {
        Self { out, shape: Shape::Array, names: Vec::new(), rows: 0 }
    }

    /// One object a line.
    pub fn lines(out: &'w mut dyn Write) -> Self {
        Self { out, shape: Shape::Lines, names: Vec::new(), rows: 0 }
    }

    fn before(&self) -> &'static str {
        match (self.shape, self.rows) {
            (Shape::Lines, _) => "",
            (Shape::Array, 0) => "[\n  ",
            (Shape::Array, _) => ",\n  ",
        }
    }
}

impl Sink for Json<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.names = unique(columns);
        Ok(())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        let object: Map<String, Json_> =
            self.names.iter().cloned().zip(row.iter().map(value)).collect();
        let after = if self.shape == Shape::Lines { "\n" } else { "" };
        let text = escape(&Json_::Object(object).to_string());
        write!(self.out, "{}{text}{after}", self.before())?;
        self.rows += 1;
        Ok(())
    }

    fn end(&mut self) -> io::Result<Tally> {
        match (self.shape, self.rows) {
            (Shape::Lines, _) => {}
            (Shape::Array, 0) => self.out.write_all(b"[]\n")?,
            (Shape::Array, _) => self.out.write_all(b"\n]\n")?,
        }
        Ok(Tally::default())
    }
}

/// The headings, the second of a name with `_2` behind it, so that no object loses a member.
pub(super) fn unique(columns: &[Column]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let mut name = column.name.clone();
        let mut number = 2;
        while names.contains(&name) || (number > 2 && columns.iter().any(|c| c.name == name)) {
            name = format!("{}_{number}", column.name);
            number += 1;
        }
        names.push(name);
    }
    names
}

pub(super) fn value(value: &Value) -> Json_ {
    match value {
        Value::Null => Json_::Null,
        Value::Bool(yes) => json!(yes),
        Value::Int(number) => json!(number),
        Value::Float(number) if number.is_finite() => json!(number),
        // JSON has no number for it.
        Value::Float(number) => json!(number.to_string()),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => {
            json!(text)
        }
        Value::List(items) => items.iter().map(self::value).collect(),
        Value::Map(entries) => object(entries),
        Value::Node(node) => self::node(node),
        Value::Edge(edge) => self::edge(edge),
        Value::Path(path) => self::path(path),
    }
}

fn object(entries: &[(String, Value)]) -> Json_ {
    entries.iter().map(|(name, entry)| (name.clone(), value(entry))).collect::<Map<_, _>>().into()
}

fn node(node: &Node) -> Json_ {
    json!({"kind": node.kind, "key": node.key, "properties": object(&node.properties)})
}

fn edge(edge: &Edge) -> Json_ {
    json!({"edge": edge.name, "from": edge.from, "to": edge.to, "properties": object(&edge.properties)})
}

fn path(path: &Path) -> Json_ {
    let nodes: Vec<Json_> = path.nodes.iter().map(node).collect();
    let edges: Vec<Json_> = path.edges.iter().map(edge).collect();
    json!({"nodes": nodes, "edges": edges})
}

/// Escapes what acts on a terminal. Such characters stand only inside strings, where `\u` is allowed.
fn escape(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if clean::acts(c) {
            text.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::samples::{HOSTILE, check, edge, node, text, write};

    #[test]
    fn json_is_one_array_in_column_order() {
        check(
            "json",
            r#"[
  {"a.name":"Marco Rubio","n":3,"date":"2025-11-22","c.\"text\"":"The plan, \"theirs\""},
  {"a.name":null,"n":-1,"date":null,"c.\"text\"":""}
]
"#,
        );
        assert_eq!(write("json", &["x"], &[]), "[]\n");
        assert_eq!(
            write("jsonl", &["x"], &[vec![Value::Int(1)], vec![Value::Int(2)]]),
            "{\"x\":1}\n{\"x\":2}\n"
        );
    }

    #[test]
    fn nodes_edges_and_paths_are_objects() {
        let path = Path {
            nodes: vec![node("a", "A"), node("b", "B")],
            edges: vec![edge("a", "reports", "b")],
        };
        assert_eq!(
            write("jsonl", &["p"], &[vec![Value::Path(path)]]),
            concat!(
                r#"{"p":{"nodes":[{"kind":"Actor","key":"a","properties":{"name":"A"}},"#,
                r#"{"kind":"Actor","key":"b","properties":{"name":"B"}}],"#,
                r#""edges":[{"edge":"reports","from":"a","to":"b","properties":{}}]}}"#,
                "\n"
            )
        );
    }

    #[test]
    fn equal_headings_lose_nothing() {
        let row = vec![Value::Int(1), Value::Int(2), Value::Int(3), Value::Int(4)];
        let written = write("jsonl", &["x", "x", "x_2", "x"], &[row]);
        assert_eq!(written, "{\"x\":1,\"x_3\":2,\"x_2\":3,\"x_4\":4}\n");
    }

    #[test]
    fn hostile_text_is_escaped_and_comes_back_unchanged() {
        let written = write("jsonl", &["x"], &[vec![text(HOSTILE)]]);
        assert!(!written.trim_end().chars().any(clean::acts), "{written}");
        let back: Json_ = serde_json::from_str(&written).unwrap();
        assert_eq!(back["x"], HOSTILE);
    }
}
