//! Values of an answer as pictures need them: as a line of clean text, a number, a flag, several texts.

use crate::base::clean;
use crate::base::value::Value;

/// As one line; nothing for null.
pub fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => {
            text.clone()
        }
        Value::List(_) => texts(value).join("; "),
        Value::Map(entries) => {
            let parts = entries
                .iter()
                .filter_map(|(name, value)| Some(format!("{name}: {}", shown(value)?)));
            parts.collect::<Vec<_>>().join(", ")
        }
        Value::Node(node) => node.shown.clone(),
        Value::Edge(edge) => edge.name.clone(),
        Value::Path(path) => {
            path.nodes.iter().map(|node| node.shown.as_str()).collect::<Vec<_>>().join(" – ")
        }
    };
    let line = clean::line(text.trim()).into_owned();
    (!line.is_empty()).then_some(line)
}

/// The members of a list, or the one value.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(members) => members.iter().filter_map(shown).collect(),
        other => shown(other).into_iter().collect(),
    }
}

/// A whole number.
pub fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

/// Whether it is true.
pub fn flag(value: &Value) -> bool {
    *value == Value::Bool(true)
}
