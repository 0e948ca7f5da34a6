//! A store that a newer program made: whether it can be read by what its own catalogue tells. Its tables cannot be held
//! to a definition that this program does not know, so they are held to what reading needs: plain tables with the columns
//! that the catalogue names, nothing that computes, nothing that acts.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

use super::catalogue::{self, quoted};
use super::error::Error;
use super::schema;
use crate::record::catalogue::Catalogue;

/// Tables that reading needs besides those of kinds and edges, with the columns it asks for.
const NEEDED: &[(&str, &[&str])] = &[
    ("alias", &["kind", "node", "name"]),
    ("lookup", &["kind", "folded", "node"]),
    ("change", &["id", "at", "who", "why", "action", "undoes", "summary"]),
    ("change_row", &["change", "place", "table_name", "first", "last", "key", "before", "after"]),
    ("same_as", &["kind", "node", "same"]),
    ("not_same", &["kind", "one", "other"]),
    ("dixit_nothing", &["id", "source_kind", "source", "target_kind", "target"]),
];

/// How a property may be kept, as far as this program knows.
const STORAGES: [&str; 4] = ["column", "date", "term", "alias"];

/// Refuses a store that cannot be read safely.
pub(crate) fn may_be_read(connection: &Connection, path: &Path, version: i64) -> Result<(), Error> {
    let refused = |why: String| Err(Error::TooNew(path.into(), version, why));
    let failed = |error| Error::database(path, error);
    let (fixed, declared) = schema::objects(connection).map_err(failed)?;
    let trigger = fixed.iter().chain(&declared).find(|[what, ..]| what == "trigger");
    if let Some([_, name, ..]) = trigger {
        return refused(format!("it has a trigger, {name}"));
    }
    // The catalogue's tables are asked for columns that a later one may not have.
    let Ok(catalogue) = catalogue::read(connection) else {
        return refused("its catalogue is kept in another way".to_owned());
    };
    if let Some(odd) =
        catalogue.properties.iter().find(|row| !STORAGES.contains(&row.storage.as_str()))
    {
        return refused(format!("`{}` is kept in a way that this one does not know", odd.name));
    }
    let mut tables: BTreeSet<(&str, String)> = wanted(&catalogue);
    for (table, columns) in NEEDED {
        tables.extend(columns.iter().map(|column| (*table, (*column).to_owned())));
    }
    let mut seen = BTreeSet::new();
    for (table, column) in &tables {
        if seen.insert(*table) && !is_plain(connection, table).map_err(failed)? {
            return refused(format!("`{table}` is no plain table"));
        }
        if !has(connection, table, column).map_err(failed)? {
            return refused(format!("`{table}` lacks the column `{column}`"));
        }
    }
    Ok(())
}

/// The tables and columns that a catalogue names.
fn wanted(catalogue: &Catalogue) -> BTreeSet<(&str, String)> {
    let mut tables = BTreeSet::new();
    for kind in &catalogue.kinds {
        tables.insert((kind.table.as_str(), "id".to_owned()));
        let columns = kind.key_column.iter().chain(&kind.shown);
        tables.extend(columns.map(|column| (kind.table.as_str(), column.clone())));
    }
    for row in &catalogue.properties {
        let Some(column) = &row.column else { continue };
        if row.storage == "date" {
            let parts = ["first", "last", "text"].map(|part| format!("{column}_{part}"));
            tables.extend(parts.map(|part| (row.table.as_str(), part)));
        } else {
            tables.insert((row.table.as_str(), column.clone()));
        }
    }
    for edge in &catalogue.edges {
        let table = edge.table.as_str();
        let ends = [&edge.from, &edge.to];
        tables.extend(ends.map(|end| (table, end.column.clone())));
        let kinds = ends.into_iter().filter_map(|end| end.kind_column.clone());
        tables.extend(kinds.chain(edge.term_column.clone()).map(|column| (table, column)));
    }
    tables
}

/// Whether a name is one of a table that only holds values: no view, nothing virtual, nothing that is computed.
fn is_plain(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let kind = format!("PRAGMA main.table_list({})", quoted(table));
    let kind: Option<String> = connection.query_row(&kind, [], |row| row.get(2)).optional()?;
    let name = quoted(table);
    let computed = format!("PRAGMA main.table_xinfo({name})");
    let mut computed = connection.prepare(&computed)?;
    let hidden: Vec<i64> = computed.query_map([], |row| row.get(6))?.collect::<Result<_, _>>()?;
    Ok(kind.as_deref() == Some("table")
        && hidden.iter().all(|hidden| *hidden == 0)
        && !is_indexed_by_expression(connection, table)?)
}

fn is_indexed_by_expression(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let mut indexes = connection.prepare(&format!("PRAGMA main.index_list({})", quoted(table)))?;
    let names: Vec<String> = indexes.query_map([], |row| row.get(1))?.collect::<Result<_, _>>()?;
    for name in names {
        let mut parts =
            connection.prepare(&format!("PRAGMA main.index_xinfo({})", quoted(&name)))?;
        let places: Vec<i64> = parts.query_map([], |row| row.get(1))?.collect::<Result<_, _>>()?;
        // The number of a column, -1 for the id, -2 for what is computed.
        if places.contains(&-2) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has(connection: &Connection, table: &str, column: &str) -> rusqlite::Result<bool> {
    let columns = super::rebuild::columns(connection, table)?;
    Ok(columns.iter().any(|known| known == column))
}
