//! A store as it was at an earlier moment: a private copy in a temporary file, from which every later change is taken back.
//! The copy costs as much as reading and writing the whole file, and then as much as the later changes did.

use std::path::Path;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension as _};

use super::batch::Plan;
use super::error::Error;
use super::{Limits, Reader, open, open_for_writing};
use crate::base::instant::Instant;

/// Opens a store as it was at a moment.
pub fn open_at(path: &Path, moment: &Instant, limits: &Limits) -> Result<Reader, Error> {
    let now = open(path, limits)?;
    let (first, later) = ends(&now, moment).map_err(|error| now.failed(error))?;
    let Some(first) = first else {
        let next = "nothing was ever written into it".to_owned();
        return Err(Error::Rule("the log of this store is empty".to_owned(), Some(next)));
    };
    if first.as_str() > moment.as_str() {
        let next = format!("ask for a time from then on, as in `as recorded datetime '{first}'`");
        return Err(Error::Rule(format!("the log of this store begins at {first}"), Some(next)));
    }
    if later.is_empty() {
        return Ok(now);
    }
    let copy = tempfile::Builder::new()
        .prefix("dixit-")
        .suffix(".dixit")
        .tempfile()
        .map_err(|error| Error::Io(std::env::temp_dir(), error))?
        .into_temp_path();
    let failed = |error| Error::database(path, error);
    let mut target = Connection::open(&copy).map_err(failed)?;
    let pages = std::time::Duration::ZERO;
    Backup::new(now.connection(), &mut target)
        .and_then(|backup| backup.run_to_completion(4096, pages, None))
        .map_err(failed)?;
    drop((target, now));
    let mut writer = open_for_writing(&copy)?;
    // What goes wrong is told of the store, not of the copy.
    writer.path = path.into();
    let mut batch = writer.begin(Plan { dry_run: true, large: false })?;
    for change in later {
        batch.revert(change)?;
    }
    batch.settle()?;
    drop(writer);
    let mut reader = open(&copy, limits)?;
    reader.path = path.into();
    reader.copy = Some(copy);
    Ok(reader)
}

/// When the log begins, and the changes after a moment, the latest first.
fn ends(reader: &Reader, moment: &Instant) -> rusqlite::Result<(Option<String>, Vec<i64>)> {
    let connection = reader.connection();
    let first = "SELECT at FROM change ORDER BY id LIMIT 1";
    let first = connection.query_row(first, [], |row| row.get(0)).optional()?;
    let mut later = connection.prepare("SELECT id FROM change WHERE at > ?1 ORDER BY id DESC")?;
    let later = later.query_map([moment.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok((first, later))
}
