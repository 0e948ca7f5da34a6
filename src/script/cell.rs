//! Values as they stand in the table of an example: short, and different values always differently. A text stands as it
//! is unless it would read as something else; then it stands in double quotes, as JSON writes it.

use crate::base::date::Date;
use crate::base::time;
use crate::base::value::{Edge, Node, Path, Value};

/// A value as it is written.
pub fn written(value: &Value) -> String {
    match value {
        Value::Text(text) if is_plain(text) => text.clone(),
        Value::Text(text) => quoted(text),
        other => other_than_text(other),
    }
}

/// A cell as [`written`] writes the value that it stands for.
pub fn settled(cell: &str) -> String {
    let cell = cell.trim();
    if cell.is_empty() {
        return written(&Value::Null);
    }
    if let Some(members) = cell.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let members = split(members, ',');
        let empty = members.iter().all(|member| member.trim().is_empty());
        let members = if empty { Vec::new() } else { members };
        let members = members.into_iter().map(|member| settled_inside(member.trim()));
        return format!("[{}]", members.collect::<Vec<_>>().join(", "));
    }
    match unquoted(cell) {
        Some(text) => written(&Value::Text(text)),
        None => cell.to_owned(),
    }
}

fn settled_inside(cell: &str) -> String {
    match unquoted(cell) {
        Some(text) => member(&Value::Text(text)),
        None => settled(cell),
    }
}

/// What a cell in quotes says.
pub fn unquoted(cell: &str) -> Option<String> {
    cell.starts_with('"').then(|| serde_json::from_str(cell).ok()).flatten()
}

/// The parts of a line between marks; a mark in double quotes or in brackets parts nothing.
pub fn split(line: &str, mark: char) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut in_quotes, mut escaped, mut depth) = (false, false, 0_usize);
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '[' | '{' if mark == ',' => depth += 1,
            ']' | '}' if mark == ',' => depth = depth.saturating_sub(1),
            c if c == mark && depth == 0 => {
                parts.extend(line.get(start..at));
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(line.get(start..));
    parts
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn other_than_text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) => quoted(text),
        Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => text.clone(),
        Value::List(members) => {
            format!("[{}]", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Map(entries) => {
            let entry = |(name, value): &(String, Value)| {
                format!("{}: {}", member(&Value::Text(name.clone())), member(value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Node(node) => one_node(node),
        Value::Edge(edge) => one_edge(edge),
        Value::Path(path) => whole_path(path),
    }
}

/// A value within a list or map, where more has a meaning.
fn member(value: &Value) -> String {
    let joins = |text: &str| text.contains([',', ':', '[', ']', '{', '}']);
    match value {
        Value::Text(text) if joins(text) => quoted(text),
        value => written(value),
    }
}

fn one_node(node: &Node) -> String {
    format!("({} {})", node.kind, node.key)
}

fn one_edge(edge: &Edge) -> String {
    format!("({})-[{}]->({})", edge.from, edge.name, edge.to)
}

fn whole_path(path: &Path) -> String {
    let nodes: Vec<String> = path.nodes.iter().map(one_node).collect();
    let edges: Vec<String> = path.edges.iter().map(one_edge).collect();
    format!("({}; {})", nodes.join(" "), edges.join(" "))
}

/// Whether a text reads as itself.
fn is_plain(text: &str) -> bool {
    let is_other = matches!(text, "null" | "true" | "false")
        || text.parse::<f64>().is_ok()
        || Date::parse(text).is_ok()
        || time::datetime(text).is_some()
        || time::duration(text).is_some();
    let is_ruled = text.chars().all(|c| matches!(c, '-' | ':' | '+' | ' '));
    !is_other
        && !is_ruled
        && text.trim() == text
        && !text.starts_with(['[', '{', '(', '$'])
        && !text.starts_with("example:")
        && !text.contains(['|', '"'])
        && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn different_values_are_written_differently() {
        let values = [
            Value::Null,
            text("null"),
            text(""),
            Value::Bool(true),
            text("true"),
            Value::Int(1),
            text("1"),
            Value::Float(1.0),
            Value::Date("2025-11".into()),
            text("2025-11"),
            text("a | b"),
            text("say \"no\""),
            text("two\nlines"),
            text("---"),
            text(" a"),
            text("[a]"),
            Value::List(vec![]),
            Value::List(vec![text("a")]),
            Value::List(vec![text("a, b")]),
            Value::List(vec![text("a"), text("b")]),
            Value::List(vec![Value::Null]),
            Value::List(vec![text("")]),
            Value::Map(vec![("a".into(), Value::Int(1))]),
        ];
        for (at, one) in values.iter().enumerate() {
            let cell = written(one);
            assert_eq!(settled(&cell), cell, "{one:?}");
            assert_eq!(split(&cell, '|'), [cell.as_str()], "{one:?}");
            assert!(!cell.contains('\n'), "{one:?}");
            for other in values.iter().skip(at + 1) {
                assert_ne!(written(other), cell, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn needless_quotes_mean_nothing() {
        for (cell, expected) in [
            ("\"marco-rubio\"", "marco-rubio"),
            ("\"true\"", "\"true\""),
            ("", "null"),
            ("[\"a\",b , \"c, d\"]", "[a, b, \"c, d\"]"),
            ("[ ]", "[]"),
            ("The plan is ours.", "The plan is ours."),
        ] {
            assert_eq!(settled(cell), expected, "{cell}");
        }
    }

    #[test]
    fn marks_in_quotes_part_nothing() {
        assert_eq!(split("a | \"b | \\\" c\" | d", '|'), ["a ", " \"b | \\\" c\" ", " d"]);
    }
}
