//! The first hundred bytes of a file: enough to tell a store from everything else before `SQLite` reads it.

use super::beside;
use super::error::Error;
use std::{cmp::Ordering, fs::File, io, io::Read as _, path::Path};

/// Kept in the file's header: `dixt`.
pub(crate) const APPLICATION_ID: i64 = 1_684_633_716;
/// The newest layout of the store that this program knows.
pub(crate) const VERSION: i64 = 3;

const MAGIC: &[u8] = b"SQLite format 3\0";

/// Refuses files that are no whole stores, and what beside one is not its own; gives the version of one.
pub(crate) fn check(path: &Path) -> Result<i64, Error> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing(path.into()),
        _ => Error::Io(path.into(), error),
    })?;
    let meta = file.metadata().map_err(|error| Error::Io(path.into(), error))?;
    if meta.is_dir() {
        return Err(Error::NotAStore(path.into(), "a folder"));
    }
    let mut head = Vec::with_capacity(100);
    let read = file.by_ref().take(100).read_to_end(&mut head);
    read.map_err(|error| Error::Io(path.into(), error))?;
    if head.is_empty() {
        return Err(Error::NotAStore(path.into(), "an empty file"));
    }
    if !head.starts_with(MAGIC) || head.len() < 100 {
        return Err(Error::NotAStore(path.into(), "not a SQLite file"));
    }
    if number(&head, 68, 4) != APPLICATION_ID {
        return Err(Error::NotAStore(path.into(), "another program's SQLite file"));
    }
    beside::check(path)?;
    whole(path, &head, meta.len())?;
    match number(&head, 60, 4) {
        0 => Err(Error::NotAStore(path.into(), "of a version that no dixit made")),
        version => Ok(version),
    }
}

/// Refuses to go on with a store of another version than ours.
pub(crate) fn current(path: &Path, version: i64) -> Result<(), Error> {
    match version.cmp(&VERSION) {
        Ordering::Less => Err(Error::Older(path.into(), version)),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(Error::Newer(path.into(), version)),
    }
}

/// Whether the store was left in the mode of writing, as by a writer that died.
pub(crate) fn is_in_wal(path: &Path) -> bool {
    let mut head = Vec::with_capacity(20);
    let read = File::open(path).and_then(|file| file.take(20).read_to_end(&mut head));
    read.is_ok() && number(&head, 18, 1) == 2
}

/// The header tells how many pages there are, unless a write-ahead log may hold more, or a change was broken off that the
/// journal beside the file takes back.
fn whole(path: &Path, head: &[u8], have: u64) -> Result<(), Error> {
    let in_wal = number(head, 18, 1) == 2;
    let current = number(head, 24, 4) == number(head, 92, 4);
    let page = match number(head, 16, 2) {
        1 => 65_536,
        size => size,
    };
    let want = u64::try_from(page * number(head, 28, 4)).unwrap_or(0);
    if current && !in_wal && have < want && !has_journal(path) {
        return Err(Error::CutShort(path.into(), have, want));
    }
    Ok(())
}

/// Whether a change was broken off and is yet to be taken back.
fn has_journal(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push("-journal");
    std::fs::metadata(name).is_ok_and(|meta| meta.len() > 0)
}

/// A big-endian number of the header.
fn number(head: &[u8], at: usize, bytes: usize) -> i64 {
    head.iter().skip(at).take(bytes).fold(0, |number, byte| number << 8 | i64::from(*byte))
}
