//! Cells of an answer as texts.

use crate::base::value::Value;

/// The text in a place of a row; nothing where there is none, or an empty one.
pub(super) fn text(row: &[Value], at: usize) -> Option<&str> {
    match row.get(at) {
        Some(
            Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text),
        ) => Some(text.as_str()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// The same, to keep.
pub(super) fn owned(row: &[Value], at: usize) -> Option<String> {
    text(row, at).map(str::to_owned)
}

/// The texts of a list in a place of a row.
pub(super) fn texts(row: &[Value], at: usize) -> Vec<&str> {
    let Some(Value::List(members)) = row.get(at) else { return Vec::new() };
    let text = |member| match member {
        &Value::Text(ref text) => Some(text.as_str()),
        _ => None,
    };
    members.iter().filter_map(text).collect()
}

/// Whether a place of a row holds true.
pub(super) fn truth(row: &[Value], at: usize) -> bool {
    matches!(row.get(at), Some(Value::Bool(true)))
}

/// A parameter that may be missing.
pub(super) fn given(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.clone()))
}
