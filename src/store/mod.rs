//! The one `SQLite` file that a user owns: making it, opening it, reading and writing it.
//! The only module that knows the database library.

pub mod aliases;
mod aside;
pub mod backup;
pub mod batch;
mod beside;
mod bulk;
mod catalogue;
pub mod check;
mod conflicts;
mod declared;
pub mod difference;
pub mod edit;
mod elsewhere;
pub mod error;
pub mod foreign;
mod forms;
mod functions;
mod guard;
mod header;
pub mod history;
mod hold;
pub mod judge;
mod known;
mod layout;
pub mod load;
pub mod log;
pub mod making;
pub mod names;
mod newer;
mod overlap;
pub mod past;
pub mod pending;
mod rebuild;
mod run;
mod schema;
pub mod search;
pub mod stats;
pub mod table;
pub mod twins;
mod undeclare;
mod undo;
pub mod upgrade;
mod verdicts;
mod versions;

use crate::record;
use error::{Error, Stopped};
use guard::Watch;
use hold::Hold;
use making::Making;
use rusqlite::{Connection, OpenFlags, config::DbConfig, ffi};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What one query may use.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long one query may run; as long as it likes where nothing is said.
    pub timeout: Option<Duration>,
    /// How many bytes of memory the database may use, for the whole process.
    pub heap: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: None, heap: 1 << 30 }
    }
}

/// A connection that can only read.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    watch: Arc<Watch>,
    searches: functions::Searches,
    timeout: Option<Duration>,
    /// The copy it reads, which goes with it.
    copy: Option<tempfile::TempPath>,
    /// The version of the store.
    version: i64,
}

/// A connection that can write: to make a store and to import.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
    path: PathBuf,
    hold: Hold,
    watch: Arc<Watch>,
}

/// The version of a store, as its header tells.
pub fn version(path: &Path) -> Result<i64, Error> {
    let version = header::check(path)?;
    // Where an upgrade was kept and then broken off, the newer header is in the log yet.
    if version < header::VERSION && header::is_in_wal(path) {
        tidy(path).unwrap_or_default();
        return header::check(path);
    }
    Ok(version)
}

/// The version of the stores that this program makes.
pub fn newest_version() -> i64 {
    header::VERSION
}

/// Stops the query that a reader is running, or the change that a writer makes; may be used from another thread.
#[derive(Debug, Clone)]
pub struct Interrupt(Arc<Watch>);

impl Interrupt {
    /// Asks the running query to end.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Whether its reader or writer is closed, so that there is nothing left to stop.
    pub fn is_idle(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

/// Makes a new, empty store. An existing file is left alone.
pub fn create(path: &Path) -> Result<Writer, Error> {
    made(Making::start(path)?, path)
}

/// Makes a new store whose catalogue is empty: it has just the kinds that will be declared.
pub fn create_bare(path: &Path) -> Result<Writer, Error> {
    made(Making::start_bare(path)?, path)
}

fn made(making: Making, path: &Path) -> Result<Writer, Error> {
    making.keep()?;
    writer(connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?, path)
}

/// Opens a store to ask it. Works on read-only media. One that a newer program made is read as far as its catalogue
/// tells; one that an older program made is refused: see
/// [`upgrade::open_upgraded`].
pub fn open(path: &Path, limits: &Limits) -> Result<Reader, Error> {
    open_as(path, limits, reader)
}

/// The same, and whatever is asked is answered from the state that the store has now, whoever writes meanwhile. A writer
/// that cannot use the write-ahead log, because this reader was there first, waits for it and then gives up.
pub fn open_held(path: &Path, limits: &Limits) -> Result<Reader, Error> {
    open_as(path, limits, |connection, path, limits| {
        let held = connection.execute_batch("BEGIN; SELECT 1 FROM dixit_graph");
        held.map_err(|error| Error::database(path, error))?;
        reader(connection, path, limits)
    })
}

/// Makes a reader of a connection.
type Make = fn(Connection, &Path, &Limits) -> Result<Reader, Error>;

fn open_as(path: &Path, limits: &Limits, reader: Make) -> Result<Reader, Error> {
    let version = version(path)?;
    if version < header::VERSION {
        return Err(Error::Older(path.into(), version));
    }
    if header::is_in_wal(path) {
        tidy(path).unwrap_or_default();
    }
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let opened = match reader(connection, path, limits) {
        Err(Error::Database(_, error)) if needs_recovery(&error) => recover(path)
            .and_then(|()| reader(connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?, path, limits)),
        other => other,
    };
    match opened {
        Err(error) if elsewhere::is_wanted(&error) && version == header::VERSION => {
            elsewhere::open(path, limits, reader).map_err(|_| error)
        }
        other => other,
    }
}

/// Lets a writer tidy up what another one left.
fn recover(path: &Path) -> Result<(), Error> {
    let writable = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    schema::is_ours(&writable).map_err(|error| Error::database(path, error))?;
    Ok(())
}

/// Makes one file again of a store whose writer died. Where somebody is writing, or nothing may be written, it stays.
fn tidy(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    guard::harden(&connection, Limits::default().heap)?;
    connection.busy_timeout(Duration::ZERO)?;
    if schema::is_ours(&connection)? {
        connection.pragma_update(None, "journal_mode", "delete")?;
    }
    Ok(())
}

/// Opens a store to write in it.
pub fn open_for_writing(path: &Path) -> Result<Writer, Error> {
    header::current(path, version(path)?)?;
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let heap = Limits::default().heap;
    guard::harden(&connection, heap).map_err(|error| Error::database(path, error))?;
    same_schema(&connection, path)?;
    writer(connection, path)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| Error::database(path, error))?;
    connection
        .busy_timeout(Duration::from_secs(5))
        .map_err(|error| Error::database(path, error))?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn reader(mut connection: Connection, path: &Path, limits: &Limits) -> Result<Reader, Error> {
    let failed = |error| Error::database(path, error);
    guard::harden(&connection, limits.heap).map_err(failed)?;
    let version = schema::version(&connection).map_err(failed)?;
    if version > header::VERSION {
        newer::may_be_read(&connection, path, version)?;
    } else {
        same_schema(&connection, path)?;
    }
    connection
        .execute_batch("PRAGMA cache_size = -65536; PRAGMA query_only = on")
        .map_err(failed)?;
    let searches = functions::register(&connection).map_err(failed)?;
    let watch = Watch::over(&mut connection).map_err(failed)?;
    guard::read_only(&mut connection).map_err(failed)?;
    let timeout = limits.timeout;
    let (path, copy) = (path.into(), None);
    let reader = Reader { connection, path, watch, searches, timeout, copy, version };
    reader.start();
    Ok(reader)
}

fn writer(mut connection: Connection, path: &Path) -> Result<Writer, Error> {
    // Without this, statements are planned anew whenever their values change.
    let settled = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    settled.map_err(|error| Error::database(path, error))?;
    let settings =
        "PRAGMA cache_size = -65536; PRAGMA foreign_keys = on; PRAGMA synchronous = full";
    connection.execute_batch(settings).map_err(|error| Error::database(path, error))?;
    functions::register(&connection).map_err(|error| Error::database(path, error))?;
    let hold = Hold::over(&mut connection).map_err(|error| Error::database(path, error))?;
    let watch = Watch::over(&mut connection).map_err(|error| Error::database(path, error))?;
    Ok(Writer { connection, path: path.into(), hold, watch })
}

fn same_schema(connection: &Connection, path: &Path) -> Result<(), Error> {
    let ours = schema::is_ours(connection).map_err(|error| Error::database(path, error))?;
    if ours { Ok(()) } else { Err(Error::ForeignSchema(path.into())) }
}

/// Whether a writer that died left something behind that only a writer can tidy up.
fn needs_recovery(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    matches!(code, Some(ffi::SQLITE_READONLY_ROLLBACK | ffi::SQLITE_READONLY_RECOVERY))
}

impl Reader {
    /// The kinds, edges, properties and terms of this store.
    pub fn catalogue(&self) -> Result<record::catalogue::Catalogue, Error> {
        catalogue::read(&self.connection).map_err(|error| self.failed(error))
    }

    /// A handle to stop the running query from elsewhere.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(Arc::clone(&self.watch))
    }

    /// Starts the clock of a new query and forgets an earlier request to stop.
    pub fn start(&self) {
        self.watch.start(self.timeout);
    }

    /// The same with a limit of its own.
    pub fn start_for(&self, patience: Duration) {
        self.watch.start(Some(patience));
    }

    /// How long a query may run.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Why the last query ended early, if it did.
    pub fn stopped(&self) -> Option<Stopped> {
        self.watch.stopped()
    }

    /// How many nodes of each kind there are, by the kind's name.
    pub fn counts(&self) -> Result<Vec<(String, u64)>, Error> {
        catalogue::counts(&self.connection).map_err(|error| self.failed(error))
    }

    /// Likewise, but none is counted further than `most`.
    pub fn counts_up_to(&self, most: u64) -> Result<Vec<(String, u64)>, Error> {
        catalogue::counts_up_to(&self.connection, most).map_err(|error| self.failed(error))
    }

    /// Keys, names and aliases of a kind, at most `limit` of each, to suggest one that is near.
    pub fn names(&self, kind_id: i64, limit: usize) -> Result<Vec<String>, Error> {
        catalogue::names(&self.connection, kind_id, limit).map_err(|error| self.failed(error))
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The store's version, where that is not the one of this program.
    pub fn other_version(&self) -> Option<i64> {
        Some(self.version).filter(|version| *version != header::VERSION)
    }

    /// Forgets what statements searched for.
    pub(crate) fn forget_searches(&self) {
        self.searches.forget();
    }

    /// A second connection to the same file that could write, inside a transaction that is never kept; nothing where there
    /// cannot be one.
    pub(crate) fn second(&self) -> Option<Connection> {
        let path: &Path = self.copy.as_ref().map_or(&self.path, AsRef::as_ref);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).ok()?;
        guard::harden(&connection, Limits::default().heap).ok()?;
        connection.busy_timeout(Duration::ZERO).ok()?;
        connection.execute_batch("BEGIN IMMEDIATE").ok()?;
        schema::is_ours(&connection).ok().filter(|ours| *ours).map(|_| connection)
    }

    /// The connection, for the modules of the store.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Names the reason an error of the database really has.
    pub(crate) fn failed(&self, error: rusqlite::Error) -> Error {
        match (Error::database(&self.path, error), self.stopped()) {
            (Error::Stopped(_), Some(why)) => Error::Stopped(why),
            (other, _) => other,
        }
    }
}

impl Writer {
    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A handle to stop from elsewhere what it does; then the change it is making is taken back.
    pub fn interrupt(&self) -> Interrupt {
        Interrupt(Arc::clone(&self.watch))
    }

    /// Ends a change that was asked to stop, where the database itself has nothing to do for long.
    pub(crate) fn go_on(&self) -> Result<(), Error> {
        self.watch.stopped().map_or(Ok(()), |why| Err(Error::Stopped(why)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: &str =
        "INSERT INTO claim (key, text) VALUES ('a', 'the plan'), ('b', 'a plan'), ('c', 'rain');
        INSERT INTO claim_search (rowid, text) SELECT id, text FROM claim";

    fn store(limits: &Limits) -> (tempfile::TempDir, Reader) {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("test.dixit");
        create(&path).unwrap().connection.execute_batch(CLAIMS).unwrap();
        let reader = open(&path, limits).unwrap();
        (folder, reader)
    }

    fn numbers(reader: &Reader, sql: &str) -> rusqlite::Result<Vec<i64>> {
        reader.connection().prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    }

    const ENDLESS: &str =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    #[test]
    fn a_reader_searches_and_recurses() {
        let (_folder, reader) = store(&Limits::default());
        let found = "SELECT rowid FROM claim_search WHERE claim_search MATCH 'plan' ORDER BY bm25(claim_search)";
        assert_eq!(numbers(&reader, found).unwrap().len(), 2);
        let listed = "SELECT value FROM json_each('[1,2]') UNION ALL SELECT count(*) OVER () FROM v_claim LIMIT 3";
        assert_eq!(numbers(&reader, listed).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_reader_can_do_nothing_else() {
        let (_folder, reader) = store(&Limits::default());
        for sql in [
            "DELETE FROM claim",
            "CREATE TEMP TABLE t (x)",
            "ATTACH ':memory:' AS other",
            "PRAGMA writable_schema = on",
            "PRAGMA journal_mode = wal",
            "SELECT sql FROM sqlite_schema",
            "SELECT load_extension('x')",
            "SELECT sqlite_version()",
            "SELECT random()",
            "SELECT date('now')",
            "SELECT name FROM pragma_database_list",
            "SELECT zeroblob(10)",
        ] {
            assert!(reader.connection().prepare(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn a_query_ends_when_its_time_is_over_or_on_request() {
        let limits = Limits { timeout: Some(Duration::from_millis(20)), ..Limits::default() };
        let (_folder, reader) = store(&limits);
        let error = numbers(&reader, ENDLESS).unwrap_err();
        assert!(matches!(reader.failed(error), Error::Stopped(Stopped::Timeout)));
        let (_folder, reader) = store(&Limits::default());
        reader.interrupt().stop();
        let error = numbers(&reader, ENDLESS).unwrap_err();
        assert!(matches!(reader.failed(error), Error::Stopped(Stopped::Interrupted)));
        reader.start();
        assert_eq!(numbers(&reader, "SELECT 1").unwrap(), [1]);
    }
}
