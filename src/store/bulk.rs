//! What makes a large import fast: indexes that are made once, after the rows, and statistics for the planner.

use rusqlite::{Connection, Result};
use std::collections::BTreeMap;

/// Indexes that an import itself uses.
const NEEDED: &[&str] = &["attestation_statement"];

/// Drops the secondary indexes, and of unique ones those that a function tells by their name. Gives the name of each and the
/// statement that makes it again, word for word.
pub(crate) fn drop_indexes(
    connection: &Connection,
    unique: impl Fn(&str) -> bool,
) -> Result<Vec<(String, String)>> {
    let mut statement =
        connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")?;
    let indexes: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
    drop(statement);
    let mut dropped = Vec::new();
    for (name, sql) in indexes {
        let is_unique = sql.starts_with("CREATE UNIQUE");
        if !NEEDED.contains(&name.as_str()) && (!is_unique || unique(&name)) {
            connection.execute_batch(&format!("DROP INDEX {}", super::catalogue::quoted(&name)))?;
            dropped.push((name, sql));
        }
    }
    Ok(dropped)
}

/// Makes the dropped indexes again.
pub(crate) fn make_indexes(connection: &Connection, statements: &[String]) -> Result<()> {
    statements.iter().try_for_each(|sql| connection.execute_batch(sql))
}

/// Whether everything that rows refer to is there. Where the rows of a table have the ids from 1 on without a gap, a column
/// that refers to it is right when no value lies outside of them, so that one look at each table is enough; otherwise the
/// database looks up row by row.
pub(crate) fn is_whole(connection: &Connection) -> Result<bool> {
    let sql = "SELECT m.name, f.\"from\", f.\"table\" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f
      WHERE m.type = 'table' ORDER BY m.name, f.id";
    let mut references: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        references.entry(row.get(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    let mut known = BTreeMap::new();
    for (table, columns) in &references {
        for (_, other) in columns {
            if !known.contains_key(other.as_str()) {
                known.insert(other.as_str(), without_gap(connection, other)?);
            }
        }
        if !lies_within(connection, table, columns, &known)? && !looked_up(connection, table)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The highest id of a table that has all from 1 on.
fn without_gap(connection: &Connection, table: &str) -> Result<Option<i64>> {
    let sql =
        format!("SELECT count(*), min(id) >= 1, max(id) FROM {}", super::catalogue::quoted(table));
    connection.query_row(&sql, [], |row| {
        let (count, positive, highest): (i64, Option<bool>, Option<i64>) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let whole = count == 0 || (positive == Some(true) && highest == Some(count));
        Ok(whole.then_some(count))
    })
}

/// Whether the values of these columns of a table are ids that the tables have which they refer to.
fn lies_within(
    connection: &Connection,
    table: &str,
    columns: &[(String, String)],
    known: &BTreeMap<&str, Option<i64>>,
) -> Result<bool> {
    let mut conditions = Vec::new();
    for (column, other) in columns {
        let Some(highest) = known.get(other.as_str()).copied().flatten() else { return Ok(false) };
        let column = super::catalogue::quoted(column);
        conditions.push(format!("coalesce(min({column}) >= 1 AND max({column}) <= {highest}, 1)"));
    }
    let table = super::catalogue::quoted(table);
    let sql = format!("SELECT {} FROM {table}", conditions.join(" AND "));
    connection.query_row(&sql, [], |row| row.get(0))
}

fn looked_up(connection: &Connection, table: &str) -> Result<bool> {
    let sql = format!("PRAGMA foreign_key_check({})", super::catalogue::quoted(table));
    Ok(!connection.prepare(&sql)?.exists([])?)
}

/// Gathers the planner's statistics from a sample.
pub(crate) fn analyze(connection: &Connection) -> Result<()> {
    connection.execute_batch("PRAGMA analysis_limit = 2000; ANALYZE")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema::SCHEMA;

    fn filled(rows: &str) -> bool {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = off").unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        connection.execute_batch(rows).unwrap();
        is_whole(&connection).unwrap()
    }

    #[test]
    fn what_is_referred_to_has_to_be_there() {
        let claim = "INSERT INTO claim (id, key, text) VALUES (1, 'a', 'a');";
        let topic = |id| format!("INSERT INTO topic (id, key, name) VALUES ({id}, 't{id}', 't');");
        let on = |topic| format!("INSERT INTO claim_topic (claim, topic) VALUES (1, {topic});");
        assert!(filled(""));
        assert!(filled(&format!("{claim}{}{}", topic(1), on(1))));
        assert!(!filled(&format!("{claim}{}", on(1))));
        assert!(!filled(&format!("{claim}{}{}", topic(1), on(2))));
        assert!(!filled(&format!("{claim}{}{}", topic(1), on(-1))));
        assert!(!filled(&format!("{}{}", topic(1), on(1))));
        // Ids with a gap are looked up one by one.
        assert!(filled(&format!("{claim}{}{}{}", topic(1), topic(3), on(3))));
        assert!(!filled(&format!("{claim}{}{}{}", topic(1), topic(3), on(2))));
    }
}
