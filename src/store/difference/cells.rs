//! The cells of rows that are compared: read by the database for whole tables, or from what the log keeps, and shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::types::Value as Raw;
use serde_json::Value as Json;

use super::super::catalogue::quoted;
use super::super::layout::{Layout, Table, To};
use super::super::log::text;
use super::super::run::{of_plain, of_tagged};
use super::super::undo::{literal, plain};
use crate::base::date::{Date, day_text};
use crate::base::time;
use crate::base::value::Value;

/// How a value is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// In a column of its own; one that is not plain is compared as the database writes it.
    Column { column: String, plain: bool, ty: String },
    /// In three columns with a prefix.
    Day { prefix: String },
    /// As the number of a term.
    Term { column: String },
    /// As the number of a kind.
    Kind { column: String },
    /// As the number of a node.
    Node { column: String, to: To },
    /// As the name of a table of something declared.
    Owner { column: String, owners: BTreeMap<String, String> },
}

/// SQL that gives a value of a row `x` of a whole table.
pub(super) fn sql(told: &Told, layout: &Layout) -> String {
    let of = |column: &str| format!("x.{}", quoted(column));
    match told {
        Told::Column { column, plain: true, .. } => of(column),
        Told::Column { column, .. } => format!("quote({})", of(column)),
        Told::Day { prefix } => {
            format!(
                "coalesce({}, {})",
                of(&format!("{prefix}_text")),
                of(&format!("{prefix}_first"))
            )
        }
        Told::Term { column } => {
            format!("(SELECT t.term FROM term AS t WHERE t.id = {})", of(column))
        }
        Told::Kind { column } => {
            format!("(SELECT k.name FROM dixit_kind AS k WHERE k.id = {})", of(column))
        }
        Told::Node { column, to: To::Table(table) } => {
            layout.table(table).map_or_else(|| of(column), |table| key_sql(table, &of(column)))
        }
        Told::Node { column, to: To::Kind(kind) } => {
            let mut cases = format!("CASE {}", of(kind));
            for table in &layout.tables {
                if let Some(kind) = table.kind {
                    let key = key_sql(table, &of(column));
                    write!(cases, " WHEN {kind} THEN {key}").unwrap_or_default();
                }
            }
            // Without any kind there is no `WHEN`, which the database does not take.
            cases + " WHEN -1 THEN NULL END"
        }
        Told::Owner { column, owners } => {
            let mut cases = format!("CASE {}", of(column));
            for (table, owner) in owners {
                write!(cases, " WHEN {} THEN {}", text(table), text(owner)).unwrap_or_default();
            }
            cases + " WHEN '' THEN NULL END"
        }
    }
}

/// SQL for the key of the row of a table that has a number.
fn key_sql(table: &Table, id: &str) -> String {
    if has_key(table) {
        format!("(SELECT n.key FROM {} AS n WHERE n.id = {id})", quoted(&table.name))
    } else {
        format!("({} || {id})", text(&format!("{} ", table.noun)))
    }
}

pub(super) fn has_key(table: &Table) -> bool {
    table.columns.iter().any(|column| column.name == "key")
}

/// What a value is as the log keeps it; nodes and names are found by the reader.
pub(super) enum Kept {
    /// As the database would give it.
    Raw(Raw),
    /// The term with this number.
    Term(i64),
    /// The kind with this number.
    Kind(i64),
    /// The node of this table with this number.
    Node(String, i64),
}

/// The value of a row that the log kept as JSON.
pub(super) fn kept(told: &Told, row: &serde_json::Map<String, Json>, layout: &Layout) -> Kept {
    let raw = |column: &str| row.get(column).map_or(Raw::Null, plain);
    let number = |column: &str| row.get(column).and_then(Json::as_i64);
    let nothing = Kept::Raw(Raw::Null);
    match told {
        Told::Column { column, .. } => Kept::Raw(raw(column)),
        Told::Day { prefix } => Kept::Raw(match raw(&format!("{prefix}_text")) {
            Raw::Null => raw(&format!("{prefix}_first")),
            text => text,
        }),
        Told::Term { column } => number(column).map_or(nothing, Kept::Term),
        Told::Kind { column } => number(column).map_or(nothing, Kept::Kind),
        Told::Node { column, to } => {
            let table = match to {
                To::Table(table) => Some(table.clone()),
                To::Kind(kind) => number(kind)
                    .and_then(|kind| layout.of_kind(kind))
                    .map(|table| table.name.clone()),
            };
            table.zip(number(column)).map_or(nothing, |(table, id)| Kept::Node(table, id))
        }
        Told::Owner { column, owners } => {
            let table = row.get(column).and_then(Json::as_str).unwrap_or_default();
            let owner = owners.get(table).map_or(table, String::as_str);
            Kept::Raw(Raw::Text(owner.to_owned()))
        }
    }
}

/// A value as it is told.
pub(super) fn display(raw: &Raw, told: &Told) -> Value {
    match (told, raw) {
        (_, Raw::Null) => Value::Null,
        (Told::Day { .. }, Raw::Integer(day)) => Value::Date(day_text(*day)),
        (Told::Day { .. }, Raw::Text(text)) => {
            Value::Date(Date::parse(text).map_or_else(|_| text.clone(), |date| date.text))
        }
        (Told::Column { plain: false, ty, .. }, Raw::Text(text)) => {
            typed(&literal(&Json::String(text.clone())), ty)
        }
        (Told::Column { ty, .. }, raw) => typed(raw, ty),
        (_, raw) => typed(raw, "text"),
    }
}

fn typed(raw: &Raw, ty: &str) -> Value {
    match (raw, ty) {
        (Raw::Null, _) => Value::Null,
        (Raw::Integer(number), "bool") => Value::Bool(*number != 0),
        (Raw::Integer(number), _) => Value::Int(*number),
        (Raw::Real(number), _) => Value::Float(*number),
        (Raw::Text(text), "datetime") => Value::DateTime(time::shown(text)),
        (Raw::Text(text), "duration") => Value::Duration(text.clone()),
        (Raw::Text(text), ty) if ty.starts_with("list<") => {
            serde_json::from_str(text).map_or_else(|_| Value::Text(text.clone()), of_plain)
        }
        (Raw::Text(text), _) => Value::Text(text.clone()),
        (Raw::Blob(bytes), _) => serde_json::from_slice(bytes).map_or(Value::Null, of_tagged),
    }
}
