//! The one transaction a change is made in. When a disk fails or memory is short, the database may take a transaction back
//! by itself and go on without one; then each statement would be kept alone, and a change in part. So while a change is
//! held, nothing is kept but by [`Writer::keep_held`].

use super::{Writer, error::Error};
use rusqlite::Connection;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether a change is being made, so that no statement may be kept by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Hold(Arc<AtomicBool>);

impl Hold {
    /// Holds everything that a connection does while it is on.
    pub(super) fn over(connection: &mut Connection) -> rusqlite::Result<Self> {
        let hold = Self::default();
        let refuses = hold.clone();
        connection.commit_hook(Some(move || refuses.is_on()))?;
        Ok(hold)
    }

    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Begins or ends to hold.
    pub(super) fn set(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }
}

impl Writer {
    /// Begins a change, with what is to be known of the store from its first moment on.
    pub(super) fn hold<T>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(|error| self.failed(error))?;
        self.hold.set(true);
        let seen = look(&self.connection).map_err(|error| self.failed(error));
        seen.inspect_err(|_| self.let_go())
    }

    /// Enters the write-ahead log, so that others can read meanwhile.
    pub(super) fn enter_wal(&self) -> Result<(), Error> {
        let entered = self.connection.query_row("PRAGMA journal_mode = wal", [], |_| Ok(()));
        entered.map_err(|error| match self.failed(error) {
            Error::Busy(path) => Error::Read(path),
            other => other,
        })
    }

    /// Keeps the change. Where that fails, it is still held.
    pub(super) fn keep_held(&self) -> rusqlite::Result<()> {
        self.hold.set(false);
        let kept = self.connection.execute_batch("COMMIT");
        self.hold.set(kept.is_err());
        kept
    }

    /// Closes the store, with nothing of it in files beside it.
    pub(super) fn whole(self) -> Result<(), Error> {
        let Self { connection, path, .. } = self;
        let mode = connection.query_row("PRAGMA journal_mode = delete", [], |row| row.get(0));
        let mode: String = mode.map_err(|error| Error::database(&path, error))?;
        if mode != "delete" {
            return Err(Error::BrokenOff(path));
        }
        connection.close().map_err(|(_, error)| Error::database(&path, error))
    }

    /// Takes the change back.
    pub(super) fn let_go(&self) {
        self.connection.execute_batch("ROLLBACK").unwrap_or_default();
        self.hold.set(false);
    }

    /// Names the file in an error, and the reason where the change was broken off.
    pub(super) fn failed(&self, error: rusqlite::Error) -> Error {
        let lost = self.hold.is_on() && self.connection.is_autocommit();
        let follows = error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation);
        match Error::database(&self.path, error) {
            Error::Bug(_) if lost => Error::BrokenOff(self.path.clone()),
            Error::Database(..) if lost && follows => Error::BrokenOff(self.path.clone()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{self, batch::Plan};

    #[test]
    fn nothing_is_kept_of_a_change_that_the_database_took_back_by_itself() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut writer = store::create(&folder.path().join("test.dixit")).unwrap();
        let batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
        batch.run("INSERT INTO claim (key, text) VALUES ('a', 'one')", []).unwrap();
        batch.writer.connection.execute_batch("ROLLBACK").unwrap();
        let after = batch.run("INSERT INTO claim (key, text) VALUES ('b', 'two')", []);
        assert!(matches!(after, Err(Error::BrokenOff(_))), "{after:?}");
        drop(batch);
        let claims = "SELECT count(*) FROM claim";
        let count: i64 = writer.connection.query_row(claims, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0);
        let batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
        batch.run("INSERT INTO claim (key, text) VALUES ('c', 'three')", []).unwrap();
    }
}
