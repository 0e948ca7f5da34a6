//! A copy of a store, made while others may read and write it: what was there at one moment. The copy is proven, and it
//! stands at its place only when it is complete. Works for stores of every version.

use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::aside::Aside;
use super::catalogue::quoted;
use super::error::{Error, Stopped};
use super::{Limits, connect, guard, header, schema};

/// Where a copy goes.
#[derive(Debug, Clone)]
pub enum Place {
    /// To this file, which must not be there yet.
    File(PathBuf),
    /// Into a folder under this name and `.backup`, with a number in between where that is taken.
    Folder(PathBuf, String),
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many rows it holds in all its tables, counted in the store and in the copy.
    pub rows: u64,
}

/// Hears how many pages are copied, of how many, and may end it.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Pages between two reports.
const PAGES: i32 = 1024;

/// Copies a store.
pub fn backup(path: &Path, place: &Place, progress: Progress<'_>) -> Result<Copied, Error> {
    let ours = super::version(path)? == header::VERSION;
    let opened = ours.then(|| open_to_writers(path).ok()).flatten();
    let outcome = source(path).and_then(|source| copied(&source, path, place, progress));
    if let Some(connection) = opened {
        // One file again, unless others are at it yet; then the last of them does so.
        let left = connection.query_row("PRAGMA journal_mode = delete", [], |_| Ok(()));
        left.unwrap_or_default();
    }
    outcome
}

/// Brings a store into the write-ahead log while the connection is there: else whoever wants to write would wait for the end
/// of the copy. Where that cannot be, as on read-only media or beside somebody who reads, the copy is made all the same.
fn open_to_writers(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    guard::harden(&connection, Limits::default().heap)?;
    connection.busy_timeout(Duration::ZERO)?;
    if schema::is_ours(&connection)? {
        connection.query_row("PRAGMA journal_mode = wal", [], |_| Ok(()))?;
        // Only who reads has entered it.
        connection.query_row("SELECT count(*) FROM dixit_graph", [], |_| Ok(()))?;
    }
    Ok(connection)
}

/// A connection to copy from.
pub(crate) fn source(path: &Path) -> Result<Connection, Error> {
    let source = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    guard::harden(&source, Limits::default().heap).map_err(|error| Error::database(path, error))?;
    Ok(source)
}

/// Copies what a connection sees; the path is the store's, for messages and rights.
pub(crate) fn copied(
    source: &Connection,
    path: &Path,
    place: &Place,
    progress: Progress<'_>,
) -> Result<Copied, Error> {
    let failed = |error| Error::database(path, error);
    let (Place::File(file) | Place::Folder(file, _)) = place;
    let folder = match place {
        Place::File(file) => file.parent().filter(|folder| !folder.as_os_str().is_empty()),
        Place::Folder(folder, _) => Some(folder.as_path()),
    };
    let folder = folder.unwrap_or(Path::new("."));
    if matches!(place, Place::File(_)) && file.exists() {
        return Err(Error::Exists(file.clone()));
    }
    let unwritable = |error| Error::Io(folder.into(), error);
    let aside = match place {
        Place::File(file) => Aside::of(file),
        Place::Folder(folder, name) => Aside::named(folder, name),
    };
    let aside = aside.map_err(unwritable)?;
    let draft = aside.file().map_err(unwritable)?;
    // One moment: what is read from here on does not change, whoever writes meanwhile.
    source.execute_batch("BEGIN").map_err(failed)?;
    let sums = sums(source).map_err(failed)?;
    let outcome = pages(source, draft.path(), progress);
    source.execute_batch("COMMIT").map_err(failed)?;
    outcome.map_err(|error| error.of(path))?;
    let found = proven(draft.path()).map_err(|error| Error::database(path, error))?;
    if found.as_ref() != Some(&sums) {
        let what = "the copy is not what the store holds, so it was thrown away".to_owned();
        return Err(Error::Rule(what, Some("try again, on another disk if you can".to_owned())));
    }
    let rights = fs::metadata(path).map_err(unwritable)?.permissions();
    fs::set_permissions(draft.path(), rights).map_err(unwritable)?;
    draft.as_file().sync_all().map_err(unwritable)?;
    let bytes = draft.as_file().metadata().map_err(unwritable)?.len();
    let path = put(draft, place)?;
    aside.close();
    // The name is safe once the folder is; not every system lets a folder be synced.
    File::open(folder).and_then(|folder| folder.sync_all()).unwrap_or_default();
    Ok(Copied { path, bytes, rows: sums.rows.iter().map(|(_, count)| count).sum() })
}

/// What a store and its copy must have in common.
#[derive(Debug, PartialEq, Eq)]
struct Sums {
    application: i64,
    version: i64,
    fingerprint: String,
    rows: Vec<(String, u64)>,
}

fn sums(connection: &Connection) -> rusqlite::Result<Sums> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
    let (fixed, declared) = schema::objects(connection)?;
    let tables = fixed.iter().chain(&declared).filter(|object| object[0] == "table");
    let mut rows = Vec::new();
    for [_, name, _, sql] in tables {
        if !sql.starts_with("CREATE VIRTUAL") {
            let count: i64 = number(&format!("SELECT count(*) FROM {}", quoted(name)))?;
            rows.push((name.clone(), u64::try_from(count).unwrap_or(0)));
        }
    }
    Ok(Sums {
        application: number("PRAGMA application_id")?,
        version: number("PRAGMA user_version")?,
        fingerprint: schema::fingerprint(connection)?,
        rows,
    })
}

/// What goes wrong while pages are copied.
enum Trouble {
    Database(rusqlite::Error),
    Ended,
}

impl Trouble {
    fn of(self, path: &Path) -> Error {
        match self {
            Self::Database(error) => Error::database(path, error),
            Self::Ended => Error::Stopped(Stopped::Interrupted),
        }
    }
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn pages(source: &Connection, draft: &Path, progress: Progress<'_>) -> Result<(), Trouble> {
    let mut target = Connection::open(draft)?;
    in_haste(&target)?;
    let backup = Backup::new(source, &mut target)?;
    loop {
        let step = backup.step(PAGES)?;
        let told = backup.progress();
        let [all, left] =
            [told.pagecount, told.remaining].map(|pages| u64::try_from(pages).unwrap_or(0));
        if progress(all.saturating_sub(left), all).is_break() {
            return Err(Trouble::Ended);
        }
        match step {
            StepResult::Done => break,
            StepResult::Busy | StepResult::Locked => std::thread::sleep(Duration::from_millis(20)),
            _ => {}
        }
    }
    drop(backup);
    drop(target);
    // The copy of a store that is being written would else wait for a write-ahead log.
    let target = Connection::open(draft)?;
    target.query_row("PRAGMA journal_mode = delete", [], |_| Ok(()))?;
    Ok(())
}

/// Writes without care for a loss of power: for files that count only when they are complete.
fn in_haste(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA synchronous = off; PRAGMA journal_mode = off")
}

/// The same for changes that may fail, and are then thrown away with the file.
pub(crate) fn carelessly(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA synchronous = off; PRAGMA journal_mode = memory")
}

/// Copies what a connection sees into a new private file, as fast as that goes.
pub(crate) fn private(source: &Connection, path: &Path) -> Result<tempfile::TempPath, Error> {
    let copy = tempfile::Builder::new()
        .prefix("dixit-")
        .suffix(".dixit")
        .tempfile()
        .map_err(|error| Error::Io(std::env::temp_dir(), error))?
        .into_temp_path();
    let copied = pages(source, &copy, &mut |_, _| ControlFlow::Continue(()));
    copied.map_err(|error| error.of(path))?;
    Ok(copy)
}

/// What a copy holds, if it is sound.
fn proven(draft: &Path) -> rusqlite::Result<Option<Sums>> {
    let copy = Connection::open_with_flags(draft, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    guard::harden(&copy, Limits::default().heap)?;
    let sound: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if sound == "ok" { sums(&copy).map(Some) } else { Ok(None) }
}

/// Gives the copy its name, unless something has it.
fn put(draft: tempfile::NamedTempFile, place: &Place) -> Result<PathBuf, Error> {
    let taken = |error: &io::Error| error.kind() == io::ErrorKind::AlreadyExists;
    let (folder, name) = match place {
        Place::File(file) => {
            return match draft.persist_noclobber(file) {
                Ok(_) => Ok(file.clone()),
                Err(error) if taken(&error.error) => Err(Error::Exists(file.clone())),
                Err(error) => Err(Error::Io(file.clone(), error.error)),
            };
        }
        Place::Folder(folder, name) => (folder, name),
    };
    let mut draft = draft;
    for number in 1.. {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let file = folder.join(format!("{name}{number}.backup"));
        match draft.persist_noclobber(&file) {
            Ok(_) => return Ok(file),
            Err(error) if taken(&error.error) => draft = error.file,
            Err(error) => return Err(Error::Io(file, error.error)),
        }
    }
    Err(Error::Exists(folder.join(name)))
}
