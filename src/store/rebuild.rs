//! Makes the tables, indexes and views of a store those that are wanted, inside a transaction: what is the same stays, a
//! table whose text differs is made anew and takes over the columns that both have. Foreign keys must be off.

use std::collections::BTreeSet;

use rusqlite::{Connection, Result};

use super::catalogue::quoted;
use super::declared::Object;

/// What a table is called while its rows move to the new one; no table of a store is called so.
const OLD: &str = "old table";

/// Makes what is found into what is wanted. The order of what is wanted does not matter.
pub(crate) fn rebuild(connection: &Connection, found: &[Object], wanted: &[Object]) -> Result<()> {
    let (found, wanted) = (without_shadows(found), without_shadows(wanted));
    let gone: Vec<&Object> =
        found.iter().copied().filter(|object| !wanted.contains(object)).collect();
    for (what, drop) in [("view", "DROP VIEW"), ("index", "DROP INDEX")] {
        for object in gone.iter().filter(|object| object[0] == what) {
            connection.execute_batch(&format!("{drop} {}", quoted(&object[1])))?;
        }
    }
    let mut moved = BTreeSet::new();
    for object in wanted.iter().filter(|object| object[0] == "table") {
        let [_, name, _, sql] = object;
        match found.iter().find(|known| known[0] == "table" && known[1] == *name) {
            Some(known) if known[3] == *sql => continue,
            Some(_) if is_virtual(object) => search_again(connection, name, sql)?,
            Some(_) => move_rows(connection, name, sql)?,
            None => connection.execute_batch(sql)?,
        }
        moved.insert(name.as_str());
    }
    let kept: BTreeSet<&str> = wanted.iter().map(|object| object[1].as_str()).collect();
    let tables = gone.iter().filter(|object| object[0] == "table");
    for object in tables.filter(|object| !kept.contains(object[1].as_str())) {
        connection.execute_batch(&format!("DROP TABLE {}", quoted(&object[1])))?;
    }
    for what in ["index", "view"] {
        let missing = wanted
            .iter()
            .filter(|object| object[0] == what)
            .filter(|object| moved.contains(object[2].as_str()) || !found.contains(object));
        for object in missing {
            connection.execute_batch(&object[3])?;
        }
    }
    Ok(())
}

fn is_virtual(object: &Object) -> bool {
    object[3].starts_with("CREATE VIRTUAL TABLE")
}

/// Leaves out the tables that full-text search keeps for itself, which come and go with it.
fn without_shadows(objects: &[Object]) -> Vec<&Object> {
    let owners: Vec<String> = objects
        .iter()
        .filter(|object| is_virtual(object))
        .map(|object| format!("{}_", object[1]))
        .collect();
    let is_shadow = |object: &&Object| owners.iter().any(|owner| object[2].starts_with(owner));
    objects.iter().filter(|object| !is_shadow(object)).collect()
}

/// Makes a full-text index anew from the table it is over.
fn search_again(connection: &Connection, name: &str, sql: &str) -> Result<()> {
    let name = quoted(name);
    connection.execute_batch(&format!(
        "DROP TABLE {name}; {sql}; INSERT INTO {name} ({name}) VALUES ('rebuild')"
    ))
}

/// Makes a table anew and moves its rows.
fn move_rows(connection: &Connection, name: &str, sql: &str) -> Result<()> {
    let (new, old) = (quoted(name), quoted(OLD));
    connection.execute_batch(&format!("ALTER TABLE {new} RENAME TO {old}; {sql}"))?;
    let before = columns(connection, OLD)?;
    let both: Vec<String> = columns(connection, name)?
        .into_iter()
        .filter(|column| before.contains(column))
        .map(|column| quoted(&column))
        .collect();
    let both = both.join(", ");
    connection.execute_batch(&format!(
        "INSERT INTO {new} ({both}) SELECT {both} FROM {old}; DROP TABLE {old}"
    ))
}

/// The names of a table's columns.
pub(crate) fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("PRAGMA table_info({})", quoted(table)))?;
    statement.query_map([], |row| row.get(1))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    const OLDER: &str = "
CREATE TABLE same (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE grown (id INTEGER PRIMARY KEY, a TEXT, gone TEXT, same INTEGER REFERENCES same) STRICT;
CREATE TABLE dropped (id INTEGER PRIMARY KEY) STRICT;
CREATE INDEX grown_a ON grown (a);
CREATE INDEX grown_gone ON grown (gone);
CREATE VIEW v AS SELECT gone FROM grown;
INSERT INTO same VALUES (1);
INSERT INTO grown VALUES (7, 'x', 'y', 1);
INSERT INTO dropped VALUES (1);";

    const NEWER: &str = "
CREATE TABLE same (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE grown (
  id INTEGER PRIMARY KEY,
  a TEXT,
  b INTEGER NOT NULL DEFAULT 5,
  same INTEGER REFERENCES same
) STRICT;
CREATE TABLE fresh (id INTEGER PRIMARY KEY, a TEXT) STRICT;
CREATE VIRTUAL TABLE grown_search USING fts5 (a, content = 'fresh', content_rowid = 'id');
CREATE INDEX grown_a ON grown (a);
CREATE INDEX grown_b ON grown (b, a);
CREATE VIEW v AS SELECT b FROM grown;";

    #[test]
    fn a_store_becomes_what_is_wanted_and_keeps_its_rows() {
        let open = |script: &str| {
            let connection = Connection::open_in_memory().unwrap();
            let off = "PRAGMA foreign_keys = off; PRAGMA legacy_alter_table = on;";
            connection.execute_batch(&format!("{off} {script}")).unwrap();
            connection
        };
        let (older, newer) = (open(OLDER), open(NEWER));
        let objects = |of: &Connection| schema::objects(of).unwrap().0;
        rebuild(&older, &objects(&older), &objects(&newer)).unwrap();
        assert_eq!(objects(&older), objects(&newer));
        let row: (i64, String, i64, i64) =
            older.query_row("SELECT id, a, b, same FROM grown", [], |row| row.try_into()).unwrap();
        assert_eq!(row, (7, "x".to_owned(), 5, 1));
    }
}
