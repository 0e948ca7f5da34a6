//! Functions of our own that queries use inside the database.

use rusqlite::Connection;

/// Names of functions that queries may use besides those of the database and those starting with `dixit_`.
pub(crate) const ALLOWED: &[&str] = &[];

/// Makes our functions known to a connection.
#[expect(clippy::unnecessary_wraps, reason = "registering a function can fail")]
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let _: &Connection = connection;
    Ok(())
}
