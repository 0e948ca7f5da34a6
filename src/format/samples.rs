//! Results to try formats on.

use super::{Look, named};
use crate::base::value::{Column, Edge, Holds, Node, Value};

/// Everything a text from outside may contain.
pub(super) const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}gnp\u{2066}\u{200b}\u{e0041}\u{0}\r\n\t\"',;|日本 👩\u{200d}🔬";

pub(super) const PIPED: Look = Look::PLAIN;
pub(super) const TERMINAL: Look = Look { width: Some(80), ..Look::PLAIN };

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn node(key: &str, name: &str) -> Node {
    Node {
        kind: "Actor".to_owned(),
        key: key.to_owned(),
        shown: name.to_owned(),
        properties: vec![("name".to_owned(), text(name))],
    }
}

pub(super) fn edge(from: &str, name: &str, to: &str) -> Edge {
    Edge { name: name.to_owned(), from: from.to_owned(), to: to.to_owned(), properties: Vec::new() }
}

/// What the format writes; the first row tells what a column holds.
pub(super) fn write_as(
    look: Look,
    format: &str,
    names: &[&str],
    rows: &[Vec<Value>],
) -> (String, usize) {
    let holds = |i: usize| match rows.first().map(|row| &row[i]) {
        Some(Value::Int(_)) => Holds::Int,
        Some(Value::Float(_)) => Holds::Float,
        Some(Value::Bool(_)) => Holds::Bool,
        Some(Value::Text(_) | Value::Date(_)) => Holds::Text,
        _ => Holds::Any,
    };
    let columns: Vec<Column> = names
        .iter()
        .enumerate()
        .map(|(i, name)| Column { name: (*name).to_owned(), holds: holds(i) })
        .collect();
    let mut out = Vec::new();
    let mut sink = named(format).unwrap().start(&mut out, look);
    sink.begin(&columns).unwrap();
    for row in rows {
        sink.row(row).unwrap();
    }
    let tally = sink.end().unwrap();
    drop(sink);
    (String::from_utf8(out).unwrap(), tally.cut)
}

pub(super) fn write(format: &str, names: &[&str], rows: &[Vec<Value>]) -> String {
    write_as(PIPED, format, names, rows).0
}

/// Writes a small result with an awkward heading, a number, a date, nulls and an empty text.
pub(super) fn check(format: &str, expected: &str) {
    let names = ["a.name", "n", "date", "c.\"text\""];
    let rows = [
        vec![
            text("Marco Rubio"),
            Value::Int(3),
            Value::Date("2025-11-22".to_owned()),
            text("The plan, \"theirs\""),
        ],
        vec![Value::Null, Value::Int(-1), Value::Null, text("")],
    ];
    assert_eq!(write(format, &names, &rows), expected);
}
