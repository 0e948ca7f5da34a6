//! A store as it was at an earlier moment: a private copy in a temporary file, from which every later change is taken back.
//! The copy costs as much as reading and writing the whole file, and then as much as the later changes did.

use rusqlite::OptionalExtension as _;

use super::batch::Plan;
use super::error::Error;
use super::{Limits, Reader, backup, header, open, open_for_writing};
use crate::base::instant::Instant;

/// The store that a reader sees as it was at a moment; none where that is how it is now.
pub fn at(now: &Reader, moment: &Instant) -> Result<Option<Reader>, Error> {
    let (first, later) = ends(now, moment).map_err(|error| now.failed(error))?;
    let Some(first) = first else {
        let next = "nothing was ever written into it".to_owned();
        return Err(Error::Rule("the log of this store is empty".to_owned(), Some(next)));
    };
    if first.as_str() > moment.as_str() {
        let next = format!("ask for a time from then on, as in `as recorded datetime '{first}'`");
        return Err(Error::Rule(format!("the log of this store begins at {first}"), Some(next)));
    }
    if later.is_empty() {
        return Ok(None);
    }
    if now.version > header::VERSION {
        return Err(Error::Newer(now.path.clone(), now.version));
    }
    let copy = backup::private(now.connection(), &now.path)?;
    let mut writer = open_for_writing(&copy)?;
    backup::carelessly(&writer.connection).map_err(|error| now.failed(error))?;
    // What goes wrong is told of the store, not of the copy.
    writer.path.clone_from(&now.path);
    let mut batch = writer.begin(Plan { dry_run: true, large: false })?;
    // What is declared only by now stays, so that it can be asked about; but not where something else was declared then
    // that has gone since.
    let kept = batch.first(GONE, [moment.as_str()], |_| Ok(()))?.is_none();
    for change in later {
        batch.revert(change, kept)?;
    }
    batch.settle()?;
    drop(writer);
    let limits = Limits { timeout: now.timeout, ..Limits::default() };
    let mut reader = open(&copy, &limits)?;
    reader.path.clone_from(&now.path);
    reader.copy = Some(copy);
    Ok(Some(reader))
}

/// Whether an undo after a moment took something away that was declared.
const GONE: &str = "SELECT 1 FROM change_row AS r JOIN change AS c ON c.id = r.change
  WHERE r.table_name IN ('dixit_kind', 'dixit_edge', 'dixit_property') AND r.after IS NULL AND r.before IS NOT NULL
    AND c.at > ?1 LIMIT 1";

/// When the log begins, and the changes after a moment, the latest first.
fn ends(reader: &Reader, moment: &Instant) -> rusqlite::Result<(Option<String>, Vec<i64>)> {
    let connection = reader.connection();
    // What stores of version 1 logged has no rows, and cannot be taken back.
    let first = "SELECT at FROM change
      WHERE id >= coalesce((SELECT max(id) FROM change WHERE json_extract(summary, '$.without_rows')), 0) ORDER BY id LIMIT 1";
    let first = connection.query_row(first, [], |row| row.get(0)).optional()?;
    let mut later = connection.prepare("SELECT id FROM change WHERE at > ?1 ORDER BY id DESC")?;
    let later = later.query_map([moment.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok((first, later))
}
