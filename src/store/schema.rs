//! The store's definition and its fingerprint, by which a changed schema is noticed.

use super::catalogue;
use super::declared::{self, Object};
use crate::base::fold::digest;
use rusqlite::{Connection, types::ValueRef};

/// `schema.sql`: the only definition of the store.
pub(crate) const SCHEMA: &str = include_str!("../../schema.sql");

/// The fingerprint of what `schema.sql` makes. A test tells the right value after a change.
const FINGERPRINT: &str = "435e2c26f1e635e8ea096eaa0a76224d";
/// The same of the rows it writes into the catalogue.
const CATALOGUE: &str = "95dc91875b18e94267b6676290e29c43";

const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_autoindex%' ESCAPE '\\'
  ORDER BY type, name";

/// The catalogue's rows that `schema.sql` writes; a store without the claims model has none of them.
const ROWS: &[&str] = &[
    "SELECT * FROM dixit_kind WHERE id < 1000 ORDER BY id",
    "SELECT * FROM dixit_property WHERE table_name NOT LIKE 'kind\\_%' ESCAPE '\\'
       AND table_name NOT LIKE 'edge\\_%' ESCAPE '\\' ORDER BY table_name, position, name",
    "SELECT * FROM dixit_edge WHERE id < 1000 ORDER BY id",
    "SELECT * FROM dixit_label ORDER BY edge, name",
];

/// Empties the catalogue of what `schema.sql` writes into it.
pub(crate) const WITHOUT_CLAIMS: &str =
    "DELETE FROM dixit_label; DELETE FROM dixit_edge; DELETE FROM dixit_property; DELETE FROM dixit_kind;
     DELETE FROM term; UPDATE dixit_graph SET claims = 0;";

/// The version of the store that a connection sees.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The fingerprint of the tables, indexes and views that are not of declared things.
pub(crate) fn fingerprint(connection: &Connection) -> rusqlite::Result<String> {
    Ok(digest(&text_of(&objects(connection)?.0), 32))
}

/// Whether a connection sees a store of ours: the tables, indexes, views and catalogue of `schema.sql`, and besides only
/// what the catalogue's declared kinds and edges imply.
pub(crate) fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let (fixed, declared) = objects(connection)?;
    if digest(&text_of(&fixed), 32) != FINGERPRINT {
        return Ok(false);
    }
    let catalogue = catalogue::read(connection)?;
    let rows = rows(connection)?;
    let right =
        if catalogue.graph.claims { digest(&rows, 32) == CATALOGUE } else { rows.is_empty() };
    Ok(right && declared::implied(&catalogue, declared))
}

/// All tables, indexes, views and triggers: those of every store, and those of tables that only declared things have.
pub(crate) fn objects(connection: &Connection) -> rusqlite::Result<(Vec<Object>, Vec<Object>)> {
    let (mut fixed, mut declared) = (Vec::new(), Vec::new());
    let mut statement = connection.prepare(OBJECTS)?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let mut object = Object::default();
        for (column, text) in object.iter_mut().enumerate() {
            text.push_str(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default());
        }
        if declared::is_declared(&object[2]) {
            declared.push(object);
        } else {
            fixed.push(object);
        }
    }
    Ok((fixed, declared))
}

fn text_of(objects: &[Object]) -> String {
    objects.iter().flatten().flat_map(|text| [text, "\0"]).collect()
}

/// The text of the catalogue's own rows.
fn rows(connection: &Connection) -> rusqlite::Result<String> {
    let mut text = String::with_capacity(32 << 10);
    for sql in ROWS {
        let mut statement = connection.prepare(sql)?;
        let columns = statement.column_count();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => {}
                    ValueRef::Integer(number) => text.push_str(&number.to_string()),
                    ValueRef::Real(number) => text.push_str(&number.to_string()),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                        text.push_str(&String::from_utf8_lossy(bytes));
                    }
                }
                text.push('\0');
            }
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprints_are_those_of_the_schema() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        let right = fingerprint(&connection).unwrap();
        assert_eq!(FINGERPRINT, right, "schema.sql changed: set FINGERPRINT to \"{right}\"");
        let right = digest(&rows(&connection).unwrap(), 32);
        assert_eq!(CATALOGUE, right, "schema.sql changed: set CATALOGUE to \"{right}\"");
    }
}
