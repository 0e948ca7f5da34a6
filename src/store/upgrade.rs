//! Brings a store of an earlier version to the present one: in one transaction, after a backup beside it, and kept only
//! where the store keeps every rule afterwards.

use std::path::Path;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::backup::{self, Copied, Place, Progress};
use super::check::{self, Finding};
use super::error::Error;
use super::forms::{self, Keyed};
use super::guard::Watch;
use super::hold::Hold;
use super::versions::{Past, since};
use super::{
    Limits, Reader, bulk, catalogue, connect, declared, functions, guard, header, reader, rebuild,
    schema,
};
use crate::base::instant::Instant;

/// When and by whom, for the log.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    /// When, in the notation of RFC 3339.
    pub at: &'a str,
    /// Who.
    pub who: Option<&'a str>,
}

/// What an upgrade came to.
#[derive(Debug)]
pub struct Upgraded {
    /// The version before and after.
    pub versions: (i64, i64),
    /// What it brought, in words.
    pub told: Vec<&'static str>,
    /// The copy of the store as it was.
    pub backup: Copied,
}

/// What stands against an upgrade.
#[derive(Debug)]
pub enum Refused {
    /// It cannot be done.
    Error(Error),
    /// The store would break rules, so it was left as it was; the backup stays.
    Findings(Vec<Finding>),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Upgrades a store of an earlier version. Nobody else can write from before the backup until the end.
pub fn upgrade(
    path: &Path,
    place: &Place,
    mark: Mark<'_>,
    progress: Progress<'_>,
) -> Result<Upgraded, Refused> {
    let from = super::version(path)?;
    let steps = steps(path, from)?;
    let failed = |error| Error::database(path, error);
    // Opened before anything is locked: where a process closes a file, it loses all its locks on it.
    let source = backup::source(path)?;
    let mut connection = opened(path)?;
    let hold = Hold::over(&mut connection).map_err(failed)?;
    connection.query_row("PRAGMA journal_mode = wal", [], |_| Ok(())).map_err(failed)?;
    connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    hold.set(true);
    let done = is_of(&connection, path, from)
        .and_then(|()| backup::copied(&source, path, place, progress))
        .and_then(|copy| brought(&connection, path, steps, mark).map(|()| copy))
        .and_then(|copy| checked(connection, path).map(|outcome| (copy, outcome)));
    drop(source);
    let (backup, (connection, findings)) = done.inspect_err(|_| rest(path))?;
    if !findings.is_empty() {
        drop(connection);
        rest(path);
        return Err(Refused::Findings(findings));
    }
    hold.set(false);
    connection.execute_batch("COMMIT").map_err(failed)?;
    drop(connection);
    rest(path);
    let told = steps.iter().flat_map(|step| step.told).copied().collect();
    Ok(Upgraded { versions: (from, header::VERSION), told, backup })
}

/// Opens a store of an earlier version to ask it: through a private copy that is upgraded. What breaks a rule is left.
pub fn open_upgraded(path: &Path, limits: &Limits) -> Result<Reader, Error> {
    let (reader, _) = tried(path, limits, |connection| Ok((connection, Vec::new())))?;
    Ok(reader)
}

/// Upgrades a private copy: what a store would be, what the upgrade would bring, and what would break a rule.
pub fn try_out(path: &Path) -> Result<(Vec<&'static str>, Vec<Finding>), Error> {
    let check = |connection| checked(connection, path);
    let (reader, findings) = tried(path, &Limits::default(), check)?;
    let told = steps(path, reader.version)?.iter().flat_map(|step| step.told).copied();
    Ok((told.collect(), findings))
}

/// A connection inside its transaction, and what breaks a rule there.
type Checked = (Connection, Vec<Finding>);

fn tried(
    path: &Path,
    limits: &Limits,
    check: impl FnOnce(Connection) -> Result<Checked, Error>,
) -> Result<(Reader, Vec<Finding>), Error> {
    let from = super::version(path)?;
    let steps = steps(path, from)?;
    let source = backup::source(path)?;
    is_of(&source, path, from)?;
    let copy = backup::private(&source, path)?;
    drop(source);
    let failed = |error| Error::database(path, error);
    let connection = opened(&copy)?;
    backup::carelessly(&connection).map_err(failed)?;
    connection.execute_batch("BEGIN").map_err(failed)?;
    let mark = Mark { at: "", who: None };
    brought(&connection, path, steps, mark)?;
    let (connection, findings) = check(connection)?;
    connection.execute_batch("COMMIT").map_err(failed)?;
    drop(connection);
    let connection = connect(&copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut reader = reader(connection, path, limits)?;
    reader.version = from;
    reader.copy = Some(copy);
    Ok((reader, findings))
}

fn steps(path: &Path, from: i64) -> Result<&'static [Past], Error> {
    let steps = since(from);
    if from > header::VERSION {
        return Err(Error::Newer(path.into(), from));
    }
    if steps.is_empty() && from != header::VERSION {
        return Err(Error::NotAStore(path.into(), "of a version that no dixit made"));
    }
    Ok(steps)
}

fn opened(path: &Path) -> Result<Connection, Error> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let prepared = || {
        guard::harden(&connection, Limits::default().heap)?;
        connection.execute_batch(
            "PRAGMA foreign_keys = off; PRAGMA legacy_alter_table = on; PRAGMA cache_size = -65536;
             PRAGMA synchronous = full",
        )
    };
    prepared().map_err(|error| Error::database(path, error))?;
    Ok(connection)
}

/// Leaves the write-ahead log, so that the store is one file again.
fn rest(path: &Path) {
    let left = opened(path).map(|connection| {
        connection.query_row("PRAGMA journal_mode = delete", [], |_| Ok(())).unwrap_or_default();
    });
    left.unwrap_or_default();
}

/// Refuses a store that is not just as its version was made.
fn is_of(connection: &Connection, path: &Path, version: i64) -> Result<(), Error> {
    let right = since(version).first().is_some_and(|past| {
        schema::fingerprint(connection).is_ok_and(|found| found == past.fingerprint)
    });
    let same = schema::version(connection).is_ok_and(|found| found == version);
    if right && same { Ok(()) } else { Err(Error::ForeignSchema(path.into())) }
}

/// Does what there is to do, inside the transaction.
fn brought(
    connection: &Connection,
    path: &Path,
    steps: &[Past],
    mark: Mark<'_>,
) -> Result<(), Error> {
    let failed = |error| Error::database(path, error);
    moved(connection, steps).map_err(failed)?;
    let from = steps.first().map_or(header::VERSION, |step| step.version);
    log(connection, from, mark).map_err(failed)?;
    let ours = schema::is_ours(connection).map_err(failed)?;
    if ours { Ok(()) } else { Err(Error::ForeignSchema(path.into())) }
}

fn moved(connection: &Connection, steps: &[Past]) -> rusqlite::Result<()> {
    for step in steps {
        connection.execute_batch(step.sql)?;
    }
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(schema::SCHEMA)?;
    let (wanted, _) = schema::objects(&fresh)?;
    let (found, _) = schema::objects(connection)?;
    rebuild::rebuild(connection, &found, &wanted)?;
    take_over(connection, &fresh)?;
    // Tables of declared kinds and edges are held to what the catalogue implies now.
    if let Some(wanted) = declared::expected(&catalogue::read(connection)?) {
        let (_, found) = schema::objects(connection)?;
        rebuild::rebuild(connection, &found, &wanted)?;
    }
    if steps.iter().any(|step| step.version <= KEPT_KEYS) {
        leave_out_keys(connection)?;
    }
    connection.pragma_update(None, "user_version", header::VERSION)?;
    bulk::analyze(connection)
}

/// The last version that made keys for edges without one, and kept every key as it is looked up, too.
const KEPT_KEYS: i64 = 2;

/// Takes away the keys that were made for edges, and makes what nodes are looked up by anew.
fn leave_out_keys(connection: &Connection) -> rusqlite::Result<()> {
    functions::register(connection)?;
    let catalogue = catalogue::read(connection)?;
    for edge in catalogue.edges.iter().filter(|edge| declared::is_declared(&edge.table)) {
        let table = catalogue::quoted(&edge.table);
        let made = "key GLOB '~[0-9a-f]*' AND length(key) >= 25";
        connection.execute_batch(&format!("UPDATE {table} SET key = NULL WHERE {made}"))?;
    }
    connection.execute_batch("DELETE FROM lookup")?;
    for kind in &catalogue.kinds {
        let Some(key) = kind.key_column.as_deref() else { continue };
        let shown = kind.shown.as_deref().filter(|shown| *shown != key);
        forms::fill(connection, Keyed { id: kind.id, table: &kind.table, key, shown })?;
    }
    Ok(())
}

/// The catalogue's own rows, as conditions on what is replaced.
const OWN: &[(&str, &str)] = &[
    ("dixit_label", "1"),
    (
        "dixit_property",
        "table_name NOT LIKE 'kind\\_%' ESCAPE '\\' AND table_name NOT LIKE 'edge\\_%' ESCAPE '\\'",
    ),
    ("dixit_edge", "id < 1000"),
    ("dixit_kind", "id < 1000"),
];

/// Makes the catalogue's own rows those of a fresh store, and adds the terms that are missing.
fn take_over(connection: &Connection, fresh: &Connection) -> rusqlite::Result<()> {
    let known = "SELECT claims FROM dixit_graph WHERE id = 1";
    let claims: Option<bool> = connection.query_row(known, [], |row| row.get(0)).optional()?;
    if claims.is_none() {
        copy_rows(fresh, connection, ("dixit_graph", "1"), "")?;
    }
    if claims == Some(false) {
        return Ok(());
    }
    for (table, own) in OWN {
        connection.execute_batch(&format!("DELETE FROM {table} WHERE {own}"))?;
        copy_rows(fresh, connection, (table, own), "")?;
    }
    connection.execute_batch("CREATE TEMP TABLE new_term AS SELECT * FROM term LIMIT 0")?;
    copy_rows(fresh, connection, ("term", "1"), "new_")?;
    connection.execute_batch(TERMS)
}

/// A term that is new keeps its number, unless one at or above it was ever given to a term of the user's.
const TERMS: &str = "
DELETE FROM temp.new_term WHERE EXISTS
  (SELECT 1 FROM main.term AS t WHERE t.vocabulary = new_term.vocabulary AND t.term = new_term.term);
UPDATE temp.new_term SET id = 1 + (SELECT max(n) FROM (SELECT id AS n FROM main.term
    UNION ALL SELECT id FROM temp.new_term UNION ALL SELECT last FROM change_row WHERE table_name = 'term'))
  WHERE id <= (SELECT max(n) FROM (SELECT id AS n FROM main.term
    UNION ALL SELECT last FROM change_row WHERE table_name = 'term'));
INSERT INTO main.term SELECT * FROM temp.new_term;
DROP TABLE temp.new_term;";

/// Copies rows of a table into the table of the same name, or of that name behind a prefix.
fn copy_rows(
    from: &Connection,
    to: &Connection,
    (table, which): (&str, &str),
    prefix: &str,
) -> rusqlite::Result<()> {
    let columns = rebuild::columns(from, table)?;
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    let names = columns.join(", ");
    let insert = format!("INSERT INTO {prefix}{table} ({names}) VALUES ({})", places.join(", "));
    let mut insert = to.prepare(&insert)?;
    let mut select = from.prepare(&format!("SELECT {names} FROM {table} WHERE {which}"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        for place in 0..columns.len() {
            insert.raw_bind_parameter(place + 1, ToSqlOutput::Borrowed(row.get_ref(place)?))?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

/// Writes the upgrade into the log; it has no rows, since nothing that it does is asked about.
fn log(connection: &Connection, from: i64, mark: Mark<'_>) -> rusqlite::Result<()> {
    let last = "SELECT coalesce(max(id), 0), max(at) FROM change";
    let (number, last): (i64, Option<String>) =
        connection.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let at = Instant::parse(mark.at).map(|at| at.as_str().to_owned()).unwrap_or_default();
    let at = last.filter(|last| *last > at).unwrap_or(at);
    let why = format!("from store version {from} to {}", header::VERSION);
    connection
        .execute(
            "INSERT INTO change (id, at, who, why, action, summary) VALUES (?1, ?2, ?3, ?4, 'upgrade', '{}')",
            (number + 1, at, mark.who, why),
        )
        .map(|_| ())
}

/// What breaks a rule of the store as it is inside the transaction.
fn checked(mut connection: Connection, path: &Path) -> Result<Checked, Error> {
    let failed = |error| Error::database(path, error);
    let watch = Watch::over(&mut connection).map_err(failed)?;
    let searches = functions::register(&connection).map_err(failed)?;
    let reader = Reader {
        connection,
        path: path.into(),
        watch,
        searches,
        timeout: None,
        copy: None,
        version: header::VERSION,
    };
    let findings = check::check(&reader)?;
    Ok((reader.connection, findings))
}
