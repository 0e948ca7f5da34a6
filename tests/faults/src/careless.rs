//! What a program without a transaction would do: the control by which the judges show that they can find something.

use rusqlite::Connection;
use std::{fs, path::Path};

/// Adds the rows of a coding sheet as actors, each for itself.
pub fn import(store: &Path, sheet: &Path) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let text = fs::read_to_string(sheet).map_err(|error| said(&error))?;
    let connection = Connection::open(store).map_err(|error| said(&error))?;
    connection.execute_batch("PRAGMA synchronous = off").map_err(|error| said(&error))?;
    let sql = "INSERT OR IGNORE INTO actor (key, name, kind, identity) SELECT ?1, ?1, kind, identity FROM actor LIMIT 1";
    let mut insert = connection.prepare(sql).map_err(|error| said(&error))?;
    for line in text.lines().skip(1) {
        insert.execute([line]).map_err(|error| said(&error))?;
    }
    Ok(())
}
