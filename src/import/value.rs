//! Values on their way from the cells of a folder's files to the tables.

use super::exact;
use super::session::{Trouble, refuse};
use std::borrow::Cow;

use crate::{base::date::Date, record::key, store::batch::Cell};

/// A value on its way from a cell to the table.
pub(super) enum Value<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Owned(String),
}

impl Value<'_> {
    /// As the table takes it.
    pub(super) fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(number) => Cell::Int(*number),
            Self::Text(text) => Cell::Text(text),
            Self::Owned(text) => Cell::Text(text),
        }
    }

    /// Its text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Owned(text) => Some(text),
            Self::Null | Self::Int(_) => None,
        }
    }

    /// Its number; 0 where it is none.
    pub(super) fn int(&self) -> i64 {
        if let Self::Int(number) = self { *number } else { 0 }
    }
}

/// Puts the key columns first, the others in their order.
pub(super) fn arranged<'v>(named: &'v [(String, Value<'_>)], keys: &[&str]) -> Vec<Cell<'v>> {
    let is_key = |name: &str| keys.contains(&name);
    let first = keys.iter().filter_map(|key| named.iter().find(|(name, _)| name == key));
    let rest = named.iter().filter(|(name, _)| !is_key(name));
    first.chain(rest).map(|(_, value)| value.cell()).collect()
}

/// Refuses what ends before it starts.
pub(super) fn ordered(named: &[(String, Value<'_>)]) -> Result<(), Trouble> {
    let day = |name: &str| {
        named.iter().find(|(column, _)| column == name).map_or(0, |(_, value)| value.int())
    };
    let (from, to) = (day("valid_from_first"), day("valid_to_last"));
    if to > 0 && from > to { refuse("it ends before it starts") } else { Ok(()) }
}

/// The three columns of a date.
pub(super) fn date_values<'r>(date: &Date) -> [Value<'r>; 3] {
    let text = if date.exact().is_some() { Value::Null } else { Value::Owned(date.text.clone()) };
    [Value::Int(date.first), Value::Int(date.last), text]
}

/// For, against or neither.
pub(super) fn sign(text: &str) -> Result<i64, Trouble> {
    match text {
        "1" | "+1" | "+" => Ok(1),
        "0" => Ok(0),
        "-1" | "−1" | "-" => Ok(-1),
        _ => refuse(format!("'{text}' is not 1, 0 or -1")),
    }
}

/// The parts of a list; a semicolon behind a backslash belongs to its part.
pub(super) fn listed(text: &str) -> Vec<Cow<'_, str>> {
    if let Some(parts) = exact::listed(text) {
        return parts;
    }
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    let mut goes_on = false;
    for part in text.split(';') {
        match parts.last_mut().filter(|_| goes_on) {
            Some(last) => {
                let last = last.to_mut();
                last.pop();
                last.push(';');
                last.push_str(part);
            }
            None => parts.push(Cow::Borrowed(part)),
        }
        goes_on = part.ends_with('\\');
    }
    let trimmed = parts.into_iter().map(|part| match part {
        Cow::Borrowed(part) => Cow::Borrowed(part.trim()),
        Cow::Owned(part) => Cow::Owned(part.trim().to_owned()),
    });
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// A key can be typed and read: no control characters, not too long.
pub(super) fn valid_key(text: &str) -> Result<&str, Trouble> {
    key::wrong(text).map_or(Ok(text), refuse)
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_may_hold_semicolons_behind_a_backslash() {
        assert_eq!(listed(" a ;b;; c;"), ["a", "b", "c"]);
        assert_eq!(listed("Smith\\; Sons;b"), ["Smith; Sons", "b"]);
        assert!(listed(" ; ").is_empty());
    }
}
