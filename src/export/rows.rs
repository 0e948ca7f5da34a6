//! Cells of an answer as texts.

use super::{Error, World};
use crate::base::value::Value;
use crate::record::catalogue::Catalogue;

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
    let texts = members.iter().map(|member| match member {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.flatten().collect()
}

/// Whether a place of a row holds true.
pub(super) fn truth(row: &[Value], at: usize) -> bool {
    matches!(row.get(at), Some(Value::Bool(true)))
}

/// A parameter that may be missing.
pub(super) fn given(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.clone()))
}

/// Refuses a store that has no kinds for claims.
pub(super) fn claims_held(world: &dyn World) -> Result<(), Error> {
    if world.catalogue().graph.claims {
        return Ok(());
    }
    let what = "this form is of claims and statements, and this store has no such kinds";
    let next = "`dixit export graphml` writes what it has".to_owned();
    Err(Error::Name(what.to_owned(), Some(next)))
}

/// What a term maps to elsewhere: of `CSL post; FtM Message` what follows the given beginning, first come.
pub(super) fn mapped(
    catalogue: &Catalogue,
    vocabulary: &str,
    term: Option<&str>,
    beginning: &str,
) -> Option<String> {
    let mut terms = catalogue.terms.iter();
    let term = terms.find(|row| row.vocabulary == vocabulary && Some(row.term.as_str()) == term)?;
    let mut all = term.maps_to.as_deref()?.split(';');
    all.find_map(|one| one.trim().strip_prefix(beginning)).map(|name| name.trim().to_owned())
}
