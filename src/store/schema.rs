//! The store's definition and its fingerprint, by which a changed schema is noticed.

use crate::base::fold::digest;
use rusqlite::Connection;

/// `schema.sql`: the only definition of the store.
pub(crate) const SCHEMA: &str = include_str!("../../schema.sql");

/// The fingerprint of what `schema.sql` makes. A test tells the right value after a change.
pub(crate) const FINGERPRINT: &str = "88e1220ee2baa6583317513e8d66dac3";

const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_autoindex%' ESCAPE '\\'
  ORDER BY type, name";

/// The fingerprint of the tables, indexes, views and triggers that a connection sees.
pub(crate) fn fingerprint(connection: &Connection) -> rusqlite::Result<String> {
    let mut text = String::with_capacity(32 << 10);
    let mut statement = connection.prepare(OBJECTS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            text.push_str(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default());
            text.push('\0');
        }
    }
    Ok(digest(&text, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_schema() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        let right = fingerprint(&connection).unwrap();
        assert_eq!(FINGERPRINT, right, "schema.sql changed: set FINGERPRINT to \"{right}\"");
    }
}
