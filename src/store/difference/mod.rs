//! What differs between two moments of a store, or between two stores: nodes, edges and other names that were added,
//! changed or deleted, and of what was changed each property before and after. Everything is known by its key, not by its
//! number, and handed on row by row.

mod cells;
mod files;
mod moments;
mod sorts;

use std::ops::ControlFlow;

use rusqlite::types::Value as Raw;

use super::error::Error;
use crate::base::value::Value;
use cells::display;
pub use files::between;
use sorts::Sort;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What happened to it.
    pub what: What,
    /// Its kind, or the name of the edge: `Actor`, `contradicts`.
    pub kind: String,
    /// Its key; of an edge, the keys of its ends: `a → b`.
    pub key: String,
    /// The property that differs; none where a whole node or edge came or went.
    pub property: Option<String>,
    /// What was there before.
    pub before: Value,
    /// What was there afterwards. Of a whole node, its name, title or text.
    pub after: Value,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is there only afterwards.
    Added,
    /// It is there before and afterwards.
    Changed,
    /// It is there only before.
    Deleted,
}

impl What {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        }
    }
}

/// How much is told of what was added or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// That it was, and its name.
    Names,
    /// Every property as well.
    All,
}

/// Takes what differs; may end it.
pub type Receive<'r> = &'r mut dyn FnMut(Difference) -> ControlFlow<()>;

/// A row of a sort as one side has it.
#[derive(Debug, Clone, Default)]
struct Row {
    /// Its kind or edge.
    label: String,
    /// Its key.
    key: String,
    /// The values of the sort, in order.
    values: Vec<Raw>,
}

/// Hands on what differs between two rows of a sort.
fn compare(
    sort: &Sort,
    (before, after): (Option<&Row>, Option<&Row>),
    detail: Detail,
    receive: Receive<'_>,
) -> ControlFlow<()> {
    let what = match (before, after) {
        (Some(_), Some(_)) => What::Changed,
        (None, Some(_)) => What::Added,
        (Some(_), None) => What::Deleted,
        (None, None) => return ControlFlow::Continue(()),
    };
    let Some(row) = after.or(before) else { return ControlFlow::Continue(()) };
    let value = |row: Option<&Row>, place: usize| {
        let (raw, told) = (row.and_then(|row| row.values.get(place)), sort.values.get(place));
        raw.zip(told).map_or(Value::Null, |(raw, (_, told))| display(raw, told))
    };
    let told = |property: Option<&String>, place: Option<usize>| Difference {
        what,
        kind: row.label.clone(),
        key: row.key.clone(),
        property: property.cloned(),
        before: place.map_or(Value::Null, |place| value(before, place)),
        after: place.map_or(Value::Null, |place| value(after, place)),
    };
    let whole = what != What::Changed && !sort.belongs;
    if whole {
        receive(told(None, sort.title))?;
    }
    if whole && detail == Detail::Names {
        return ControlFlow::Continue(());
    }
    for (place, (name, _)) in sort.values.iter().enumerate() {
        let raw = |row: Option<&Row>| row.and_then(|row| row.values.get(place)).cloned();
        let (was, is) = (raw(before), raw(after));
        let same = was.unwrap_or(Raw::Null) == is.unwrap_or(Raw::Null);
        let is_known = whole && name == "key";
        if !same && !is_known {
            receive(told(Some(name), Some(place)))?;
        }
    }
    ControlFlow::Continue(())
}

/// What ends a comparison: its receiver, or an error.
enum End {
    Enough,
    Error(Error),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Where a receiver has enough, that is no mistake.
fn ended(outcome: Result<(), End>) -> Result<(), Error> {
    match outcome {
        Ok(()) | Err(End::Enough) => Ok(()),
        Err(End::Error(error)) => Err(error),
    }
}
