//! Judges what is left: a store that opens, passes `dixit check`, whose indexes for search are whole, and what it holds.

use dixit::store::{
    self, Limits,
    check::{Weight, check},
};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use std::{
    fmt::Display,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
};

fn said(error: impl Display) -> String {
    error.to_string()
}

/// What a sound store holds, as a number that differs where any row does; else what is wrong with it.
pub fn sound(path: &Path) -> Result<u64, String> {
    let reader = store::open(path, &Limits::default()).map_err(said)?;
    let findings = check(&reader).map_err(said)?;
    drop(reader);
    // What may be meant so is no damage.
    if let Some(found) = findings.iter().find(|found| found.rule.weight == Weight::Wrong) {
        return Err(format!("{} findings, such as {found:?}", findings.len()));
    }
    content(path, true).map_err(said)
}

/// A number for all rows of all tables. Times of changes are left out, and who made them: they come from the world.
pub fn content(path: &Path, search: bool) -> rusqlite::Result<u64> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut hash = DefaultHasher::new();
    for (name, virtual_table) in tables(&connection)? {
        if !virtual_table {
            rows(&connection, &name, &mut hash)?;
        } else if search {
            // Compares the index with the table it is about.
            let sql = format!("INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)");
            connection.execute_batch(&sql)?;
        }
    }
    Ok(hash.finish())
}

/// Names of tables and whether they are virtual, without those that are inside of virtual ones.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<(String, bool)>> {
    let sql = "SELECT name, type = 'virtual' FROM pragma_table_list
      WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite%' ORDER BY name";
    connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn rows(connection: &Connection, table: &str, hash: &mut DefaultHasher) -> rusqlite::Result<()> {
    table.hash(hash);
    let sql = format!("SELECT * FROM \"{table}\"");
    let mut statement = connection.prepare(&sql)?;
    let left_out: Vec<bool> = statement
        .column_names()
        .map(|name| table == "change" && ["at", "who", "summary"].contains(&name))
        .collect();
    let mut rows = statement.query([])?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        let mut one = DefaultHasher::new();
        for (column, left_out) in left_out.iter().enumerate() {
            if *left_out {
                continue;
            }
            match row.get_ref(column)? {
                ValueRef::Null => 0.hash(&mut one),
                ValueRef::Integer(number) => (1, number).hash(&mut one),
                ValueRef::Real(number) => (2, number.to_bits()).hash(&mut one),
                ValueRef::Text(text) => (3, text).hash(&mut one),
                ValueRef::Blob(bytes) => (4, bytes).hash(&mut one),
            }
        }
        // In whatever order they come.
        sum = sum.wrapping_add(one.finish());
    }
    sum.hash(hash);
    Ok(())
}
