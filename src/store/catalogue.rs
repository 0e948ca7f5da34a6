//! Reads the catalogue and what is counted and named by it.

use crate::record::catalogue::{Catalogue, Edge, End, Graph, Kind, Label, Property, Term};
use crate::record::declared;
use rusqlite::{Connection, OptionalExtension as _, Result, Row, types::ValueRef};
use std::collections::BTreeSet;

/// The whole catalogue.
pub(crate) fn read(connection: &Connection) -> Result<Catalogue> {
    let graph = "SELECT name, open, claims FROM dixit_graph WHERE id = 1";
    let graph = connection
        .query_row(graph, [], |row| {
            Ok(Graph { name: row.get(0)?, open: row.get(1)?, claims: row.get(2)? })
        })
        .optional()?;
    let mut catalogue = Catalogue {
        required: BTreeSet::new(),
        graph: graph.unwrap_or_default(),
        kinds: kinds(connection)?,
        properties: all(
            connection,
            "SELECT table_name, name, type, storage, column_name, attribute, vocabulary, search, required, doc
             FROM dixit_property ORDER BY table_name, position",
            property,
        )?,
        edges: all(
            connection,
            "SELECT id, name, table_name, from_kind, from_kind_column, from_column, to_kind, to_kind_column, to_column,
               term_column, vocabulary, family, term, stands_as, numbered, symmetric, doc FROM dixit_edge ORDER BY id",
            edge,
        )?,
        labels: all(connection, "SELECT edge, name, polarity, doc FROM dixit_label ORDER BY edge, name", label)?,
        terms: all(
            connection,
            "SELECT id, vocabulary, term, family, polarity, symmetric, definition, maps_to FROM term ORDER BY id",
            term,
        )?,
        used: (used(connection, "dixit_kind")?, used(connection, "dixit_edge")?),
        judged: judged(connection)?,
    };
    let tables = catalogue.kinds.iter().map(|kind| kind.table.clone());
    let tables: BTreeSet<String> =
        tables.chain(catalogue.edges.iter().map(|edge| edge.table.clone())).collect();
    for table in tables {
        required(connection, &table, &mut catalogue.required)?;
    }
    Ok(catalogue)
}

/// The highest id of a table of the catalogue, now or as far as the log tells.
fn used(connection: &Connection, table: &str) -> Result<i64> {
    let sql =
        "SELECT coalesce(max(last), 0) FROM change_row WHERE table_name = ?1 AND last IS NOT NULL";
    connection.query_row(sql, [table], |row| row.get(0))
}

/// The kinds of which some nodes are judged to be one with another.
fn judged(connection: &Connection) -> Result<BTreeSet<i64>> {
    let sql = "SELECT DISTINCT kind FROM same_as";
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// The columns of a table that must hold something, apart from the id.
fn required(
    connection: &Connection,
    table: &str,
    into: &mut BTreeSet<(String, String)>,
) -> Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA table_info({})", quoted(table)))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if row.get::<_, bool>(3)? && row.get_ref(4)? == ValueRef::Null {
            into.insert((table.to_owned(), row.get(1)?));
        }
    }
    Ok(())
}

fn all<T>(connection: &Connection, sql: &str, read: fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    connection.prepare(sql)?.query_map([], read)?.collect()
}

fn kind(row: &Row<'_>) -> Result<Kind> {
    Ok(Kind {
        id: row.get(0)?,
        name: row.get(1)?,
        table: row.get(2)?,
        key_column: row.get(3)?,
        shown: row.get(4)?,
        as_edge: row.get(5)?,
        labels: row.get::<_, Option<String>>(6)?.map(|text| labels(&text)),
        doc: row.get(7)?,
    })
}

/// The labels kept as a JSON list; one that cannot be read has none.
fn labels(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

fn property(row: &Row<'_>) -> Result<Property> {
    Ok(Property {
        table: row.get(0)?,
        name: row.get(1)?,
        ty: row.get(2)?,
        storage: row.get(3)?,
        column: row.get(4)?,
        attribute: row.get(5)?,
        vocabulary: row.get(6)?,
        search: row.get(7)?,
        required: row.get(8)?,
        doc: row.get(9)?,
    })
}

fn edge(row: &Row<'_>) -> Result<Edge> {
    Ok(Edge {
        id: row.get(0)?,
        name: row.get(1)?,
        table: row.get(2)?,
        from: End { kind: row.get(3)?, kind_column: row.get(4)?, column: row.get(5)? },
        to: End { kind: row.get(6)?, kind_column: row.get(7)?, column: row.get(8)? },
        term_column: row.get(9)?,
        vocabulary: row.get(10)?,
        family: row.get(11)?,
        term: row.get(12)?,
        stands_as: row.get(13)?,
        numbered: row.get(14)?,
        symmetric: row.get(15)?,
        doc: row.get(16)?,
    })
}

fn label(row: &Row<'_>) -> Result<Label> {
    Ok(Label { edge: row.get(0)?, name: row.get(1)?, polarity: row.get(2)?, doc: row.get(3)? })
}

fn term(row: &Row<'_>) -> Result<Term> {
    Ok(Term {
        id: row.get(0)?,
        vocabulary: row.get(1)?,
        term: row.get(2)?,
        family: row.get(3)?,
        polarity: row.get(4)?,
        symmetric: row.get(5)?,
        definition: row.get(6)?,
        maps_to: row.get(7)?,
    })
}

/// Adds the row of a declared kind.
pub(crate) fn add_kind(connection: &Connection, kind: &Kind) -> Result<()> {
    let labels = kind.labels.as_ref().map(|labels| serde_json::json!(labels).to_string());
    let Kind { id, name, table, key_column, shown, as_edge, labels: _, doc } = kind;
    let sql =
        "INSERT INTO dixit_kind (id, name, table_name, key_column, shown, as_edge, labels, doc)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = (id, name, table, key_column, shown, as_edge, labels, doc);
    connection.prepare_cached(sql)?.execute(values).map(|_| ())
}

/// Adds the row of a declared edge.
pub(crate) fn add_edge(connection: &Connection, edge: &Edge) -> Result<()> {
    let sql = "INSERT INTO dixit_edge (id, name, table_name, from_kind, from_column, to_kind, to_column, numbered, symmetric, doc)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let Edge { id, name, table, from, to, numbered, symmetric, doc, .. } = edge;
    let values =
        (id, name, table, from.kind, &from.column, to.kind, &to.column, numbered, symmetric, doc);
    connection.prepare_cached(sql)?.execute(values).map(|_| ())
}

/// Adds the row of a declared property behind those of its table.
pub(crate) fn add_property(connection: &Connection, property: &Property) -> Result<()> {
    let sql = "INSERT INTO dixit_property (table_name, position, name, type, storage, column_name, required, doc)
      SELECT ?1, coalesce(max(position), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM dixit_property WHERE table_name = ?1";
    let Property { table, name, ty, storage, column, required, doc, .. } = property;
    let values = (table, name, ty, storage, column, required, doc);
    connection.prepare_cached(sql)?.execute(values).map(|_| ())
}

/// Lets a new property stand for the nodes of its kind, if it can and nothing else does.
pub(crate) fn stand_for(connection: &Connection, property: &Property) -> Result<()> {
    let Some(shown) = declared::shown(std::slice::from_ref(property)) else { return Ok(()) };
    let sql = "UPDATE dixit_kind SET shown = ?2 WHERE table_name = ?1 AND shown IS NULL";
    connection.execute(sql, (&property.table, shown)).map(|_| ())
}

/// All kinds, with their tables.
pub(crate) fn kinds(connection: &Connection) -> Result<Vec<Kind>> {
    let sql = "SELECT id, name, table_name, key_column, shown, as_edge, labels, doc FROM dixit_kind ORDER BY id";
    all(connection, sql, kind)
}

/// How many nodes of each kind there are; those judged to be one count once.
pub(crate) fn counts(connection: &Connection) -> Result<Vec<(String, u64)>> {
    counts_up_to(connection, u64::MAX)
}

/// The same, but none is counted further than `most`.
pub(crate) fn counts_up_to(connection: &Connection, most: u64) -> Result<Vec<(String, u64)>> {
    let most = i64::try_from(most).unwrap_or(-1);
    let count = |kind: Kind| {
        let table = quoted(&kind.table);
        let sql = match most {
            -1 => format!("SELECT count(*) FROM {table}"),
            _ => format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT {most})"),
        };
        let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        let others = "SELECT count(*) FROM same_as WHERE kind = ?1";
        let others: i64 = connection.query_row(others, [kind.id], |row| row.get(0))?;
        let count = if count == most { count } else { count - others };
        Ok((kind.name, u64::try_from(count).unwrap_or(0)))
    };
    kinds(connection)?.into_iter().map(count).collect()
}

/// Keys, names and aliases of a kind, at most `limit` of each.
pub(crate) fn names(connection: &Connection, kind_id: i64, limit: usize) -> Result<Vec<String>> {
    let Some(kind) = kinds(connection)?.into_iter().find(|kind| kind.id == kind_id) else {
        return Ok(Vec::new());
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut names = Vec::new();
    for column in kind.key_column.iter().chain(&kind.shown) {
        let sql = format!("SELECT {} FROM {} LIMIT {limit}", quoted(column), quoted(&kind.table));
        collect(connection, &sql, &mut names)?;
    }
    collect(
        connection,
        &format!("SELECT name FROM alias WHERE kind = {kind_id} LIMIT {limit}"),
        &mut names,
    )?;
    Ok(names)
}

fn collect(connection: &Connection, sql: &str, into: &mut Vec<String>) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        into.push(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned());
    }
    Ok(())
}

/// A name from the catalogue as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
