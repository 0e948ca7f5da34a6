//! Judgements about who is who, as the log tells them: in words, with the keys of those that they are about.

use std::collections::BTreeMap;

use rusqlite::{Connection, Result};
use serde_json::Value as Json;

use super::history::key;
use super::layout::{Layout, Table};
use super::undo::{LOGGED, Logged};

/// How a judgement is told: added, changed and deleted. `{a}` and `{b}` are keys, `{c}` is what `{a}` was read as before.
struct Told {
    table: &'static str,
    ends: [&'static str; 2],
    added: &'static str,
    changed: &'static str,
    deleted: &'static str,
}

const TOLD: &[Told] = &[
    Told {
        table: "same_as",
        ends: ["node", "same"],
        added: "{a} is {b}",
        changed: "{a} is {b}, no longer {c}",
        deleted: "{a} is no longer {b}",
    },
    Told {
        table: "not_same",
        ends: ["one", "other"],
        added: "{a} is not {b}",
        changed: "{a} is not {b}",
        deleted: "{a} may be {b} again",
    },
];

/// So many judgements of one change are told.
const MOST: usize = 3;

/// What a row of the log says of a judgement, in words; nothing where the row is of something else.
pub(super) fn words(
    connection: &Connection,
    layout: &Layout,
    row: &Logged,
) -> Result<Option<String>> {
    let Some(told) = TOLD.iter().find(|told| told.table == row.table) else { return Ok(None) };
    let Some(image) = row.after.as_deref().or(row.before.as_deref()) else { return Ok(None) };
    let words = match (&row.before, &row.after) {
        (None, _) => told.added,
        (Some(_), Some(_)) => told.changed,
        (Some(_), None) => told.deleted,
    };
    let [a, b] = ends(connection, layout, told, image)?;
    let [_, c] = match &row.before {
        Some(before) => ends(connection, layout, told, before)?,
        None => [String::new(), String::new()],
    };
    // Keys come last, one by one, so that a key that looks like a place for another one stays a key.
    let parts = words.split('{').map(|part| match part.split_once('}') {
        Some(("a", rest)) => format!("{a}{rest}"),
        Some(("b", rest)) => format!("{b}{rest}"),
        Some((_, rest)) => format!("{c}{rest}"),
        None => part.to_owned(),
    });
    Ok(Some(parts.collect()))
}

/// Which judgement a row of a table is, in words: that about two keys. Nothing where it is something else.
pub(super) fn about(
    connection: &Connection,
    layout: &Layout,
    table: &str,
    image: &str,
) -> Option<String> {
    let told = TOLD.iter().find(|told| told.table == table)?;
    let [a, b] = ends(connection, layout, told, image).ok()?;
    Some(format!("the judgement about '{a}' and '{b}'"))
}

/// The keys of the two that a judgement is about.
fn ends(connection: &Connection, layout: &Layout, told: &Told, image: &str) -> Result<[String; 2]> {
    let values: Json = serde_json::from_str(image).unwrap_or_default();
    let number = |column: &str| values.get(column).and_then(Json::as_i64);
    let table: Option<&Table> = number("kind").and_then(|kind| layout.of_kind(kind));
    let mut keys = [String::new(), String::new()];
    for (place, column) in keys.iter_mut().zip(told.ends) {
        if let (Some(table), Some(id)) = (table, number(column)) {
            *place = key(connection, table, id)?;
        }
    }
    Ok(keys)
}

/// What each change judged, in words; of many judgements the first, and how many more there are.
pub(super) fn by_change(connection: &Connection) -> Result<BTreeMap<i64, Vec<String>>> {
    let layout = Layout::read(connection)?;
    let sql = format!(
        "{LOGGED} WHERE table_name IN ('same_as', 'not_same') AND key IS NOT NULL ORDER BY change, place"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], Logged::read)?;
    let mut told: BTreeMap<i64, (Vec<String>, usize)> = BTreeMap::new();
    for row in rows {
        let row = row?;
        let (parts, more) = told.entry(row.change).or_default();
        if parts.len() >= MOST {
            *more += 1;
        } else if let Some(part) = words(connection, &layout, &row)? {
            parts.push(part);
        }
    }
    let whole = |(change, (mut parts, more)): (i64, (Vec<String>, usize))| {
        if more > 0 {
            parts.push(format!("and {more} more"));
        }
        (change, parts)
    };
    Ok(told.into_iter().map(whole).collect())
}
