//! What makes a large import fast: indexes that are made once, after the rows, and statistics for the planner.

use rusqlite::{Connection, Result};

/// Indexes that an import itself uses.
const NEEDED: &[&str] = &["attestation_statement"];

/// Drops the secondary indexes; returns the statements that make them again, word for word.
pub(crate) fn drop_indexes(connection: &Connection) -> Result<Vec<String>> {
    let mut statement =
        connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")?;
    let indexes: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
    drop(statement);
    let mut dropped = Vec::new();
    for (name, sql) in indexes {
        if !NEEDED.contains(&name.as_str()) {
            connection.execute_batch(&format!("DROP INDEX {}", super::catalogue::quoted(&name)))?;
            dropped.push(sql);
        }
    }
    Ok(dropped)
}

/// Makes the dropped indexes again.
pub(crate) fn make_indexes(connection: &Connection, statements: &[String]) -> Result<()> {
    statements.iter().try_for_each(|sql| connection.execute_batch(sql))
}

/// Gathers the planner's statistics from a sample.
pub(crate) fn analyze(connection: &Connection) -> Result<()> {
    connection.execute_batch("PRAGMA analysis_limit = 2000; ANALYZE")
}
