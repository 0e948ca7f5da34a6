//! One import: a transaction in which rows are found, added and changed, and which is kept or taken back as a whole.

use super::declared::is_declared;
use super::{
    Writer, bulk, catalogue,
    error::Error,
    forms::{self, Keyed},
    known::Known,
    load::Load,
    log::{Action, Change, Counts, Log},
    pending::RunOfRows,
    search::{self, MOST_CALLED, Search},
};
use crate::record::catalogue::Term;
use crate::sql::Statement;
use rusqlite::{
    Connection, OptionalExtension as _, Params, Row,
    types::{ToSql, ToSqlOutput, ValueRef},
};
use std::{
    cell::{self, RefCell},
    collections::BTreeMap,
    ops::ControlFlow,
};

/// A value on its way into a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing known.
    Null,
    /// A number: an id, a term or a day.
    Int(i64),
    /// A text.
    Text(&'a str),
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl<'a> Cell<'a> {
    /// The text, or null where there is none.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    /// The number, or null where there is none.
    pub fn int(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Int)
    }
}

/// A kind of node as an import needs it: its table and the statements that look things up there.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its number in kind columns.
    pub id: i64,
    /// As declared: `Actor`.
    pub name: String,
    /// Its table.
    pub table: String,
    /// Whether its nodes are given out as edges.
    pub as_edge: bool,
    /// The column of its name, title or text, where it has one besides the key.
    pub shown: Option<String>,
    pub(crate) by_key: String,
    pub(super) has_key: String,
    pub(super) names: String,
    pub(super) by_name: String,
    pub(super) by_exact_name: String,
    pub(crate) keys: String,
    /// Highest id before this import, and before the file being read.
    pub(crate) before: (i64, i64),
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// It was there with other content.
    Changed,
    /// It was there just so.
    Same,
    /// It was written by an earlier row of the same file, with other content.
    Clash,
}

/// How a batch is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Everything is taken back at the end.
    pub dry_run: bool,
    /// So much is coming that indexes are better made afterwards.
    pub large: bool,
}

/// An import in progress. Dropped without `keep`, it takes everything back.
#[derive(Debug)]
pub struct Batch<'w> {
    pub(crate) writer: &'w mut Writer,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) searches: Vec<Search>,
    /// Highest id of an attestation before the file being read.
    pub(crate) attestations_before: i64,
    terms: BTreeMap<String, BTreeMap<String, Term>>,
    dropped: Vec<String>,
    pub(crate) log: Log,
    /// The next free id of each table with ids.
    next: RefCell<BTreeMap<String, i64>>,
    /// The rows of the sheet that were noted last.
    pub(crate) run_of_rows: cell::Cell<Option<RunOfRows>>,
    /// What nodes are found by, while the database is not to be asked.
    pub(super) known: RefCell<Option<Known>>,
    /// Whether the database was told not to look up what rows refer to.
    unproven: bool,
    open: bool,
}

const TEMPORARY: &str = "
CREATE TEMP TABLE IF NOT EXISTS pending (id INTEGER PRIMARY KEY, task INTEGER, node INTEGER, text TEXT, file INTEGER, line INTEGER);
CREATE TEMP TABLE IF NOT EXISTS origin (statement INTEGER PRIMARY KEY, file INTEGER, line INTEGER);
CREATE TEMP TABLE IF NOT EXISTS sheet_row (number INTEGER PRIMARY KEY, statement INTEGER, rows INTEGER);
CREATE TEMP TABLE IF NOT EXISTS touched (kind INTEGER, id INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS refused (kind INTEGER, key TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS staged (rank INTEGER, place INTEGER, sort INTEGER, file INTEGER, line INTEGER, cells BLOB, PRIMARY KEY (rank, place)) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS item (name TEXT, item TEXT, key TEXT, PRIMARY KEY (name, item)) WITHOUT ROWID;
DELETE FROM item; DELETE FROM staged; DELETE FROM pending; DELETE FROM origin; DELETE FROM sheet_row; DELETE FROM touched; DELETE FROM refused;";

/// To sort an index takes as much memory as there is cache, besides that.
const SORTING: &str = "PRAGMA cache_size = -40960; PRAGMA shrink_memory";

impl Writer {
    /// Starts an import.
    pub fn begin(&mut self, plan: Plan) -> Result<Batch<'_>, Error> {
        Batch::start(self, plan)
    }

    fn holds_no_statement(&self) -> Result<bool, Error> {
        let any = self.connection.prepare("SELECT 1 FROM statement LIMIT 1");
        let any = any.and_then(|mut any| any.exists([]));
        any.map(|any| !any).map_err(|error| self.failed(error))
    }
}

impl<'w> Batch<'w> {
    fn start(writer: &'w mut Writer, plan: Plan) -> Result<Self, Error> {
        if !plan.dry_run {
            writer.enter_wal()?;
        }
        let made = writer.connection.execute_batch(TEMPORARY);
        made.map_err(|error| writer.failed(error))?;
        // What a row refers to was looked up before it is written. For a store that is filled from nothing, that all of
        // it is there is proven once at the end, which is far cheaper than for each row.
        let unproven = plan.large && !plan.dry_run && writer.holds_no_statement()?;
        if unproven {
            let set = writer.connection.execute_batch("PRAGMA foreign_keys = off");
            set.map_err(|error| writer.failed(error))?;
        }
        let known = writer.hold(looked_up);
        if known.is_err() {
            writer.connection.execute_batch("PRAGMA foreign_keys = on").unwrap_or_default();
        }
        let (log, kinds, searches, terms) = known?;
        let mut batch = Self {
            writer,
            kinds,
            searches,
            attestations_before: 0,
            terms,
            dropped: Vec::new(),
            log,
            next: RefCell::default(),
            run_of_rows: cell::Cell::default(),
            known: RefCell::default(),
            unproven,
            open: true,
        };
        if plan.large && batch.is_empty() {
            batch.leave_out_indexes()?;
        }
        Ok(batch)
    }

    /// Drops the indexes that are better made at the end, those of keys where there are no rows yet.
    fn leave_out_indexes(&mut self) -> Result<(), Error> {
        let connection = &self.writer.connection;
        let empty =
            self.kinds.iter().filter(|kind| kind.before.0 == 0 && !is_declared(&kind.table));
        let keys: BTreeMap<String, i64> =
            empty.map(|kind| (format!("{}_key", kind.table), kind.id)).collect();
        let dropped = self.done(bulk::drop_indexes(connection, |name| keys.contains_key(name)))?;
        self.done(connection.execute_batch("PRAGMA cache_size = -32768"))?;
        let (of_keys, rest): (Vec<_>, Vec<_>) =
            dropped.into_iter().partition(|(name, _)| keys.contains_key(name));
        let kinds = of_keys.iter().filter_map(|(name, _)| keys.get(name).copied()).collect();
        let indexes = of_keys.into_iter().map(|(_, sql)| sql).collect();
        self.dropped = rest.into_iter().map(|(_, sql)| sql).collect();
        self.known.replace(Some(Known::new(kinds, indexes)));
        Ok(())
    }

    /// Makes what was not kept of keys and names so far. From here on, the database is asked.
    pub(super) fn index_names(&self) -> Result<(), Error> {
        let Some((kinds, indexes)) = self.known.take().map(Known::into_indexes) else {
            return Ok(());
        };
        let connection = &self.writer.connection;
        self.done(connection.execute_batch(SORTING))?;
        self.done(bulk::make_indexes(connection, &indexes))?;
        for kind in self.kinds.iter().filter(|kind| kinds.contains(&kind.id)) {
            let Kind { id, table, .. } = kind;
            let keyed = Keyed { id: *id, table, key: "key", shown: kind.shown.as_deref() };
            self.done(forms::fill(connection, keyed))?;
        }
        self.done(connection.execute_batch("PRAGMA cache_size = -163840"))
    }

    fn is_empty(&self) -> bool {
        self.kinds.iter().all(|kind| kind.table != "statement" || kind.before.0 == 0)
    }

    /// The kinds of node there are.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The place of a kind, by its table's name, in `kinds`.
    pub fn kind(&self, table: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.table == table)
    }

    /// A term of a vocabulary.
    pub fn term(&self, vocabulary: &str, term: &str) -> Option<&Term> {
        self.terms.get(vocabulary)?.get(term)
    }

    /// The terms of a vocabulary; none where there is no such vocabulary.
    pub fn terms_of(&self, vocabulary: &str) -> impl Iterator<Item = &str> {
        self.terms.get(vocabulary).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// The names of all vocabularies.
    pub fn vocabularies(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().map(String::as_str)
    }

    /// Reads the vocabulary again after a term was added.
    pub fn reload_terms(&mut self) -> Result<(), Error> {
        self.terms = self.done(terms(&self.writer.connection))?;
        Ok(())
    }

    /// Looks again which kinds there are, after some were declared.
    pub fn reload_kinds(&mut self) -> Result<(), Error> {
        self.kinds = self.done(kinds(&self.writer.connection, &self.log))?;
        Ok(())
    }

    /// This transaction, to load nodes and edges of declared kinds in it. It is kept or taken back with all else.
    pub fn load(&mut self) -> Result<Load<'_>, Error> {
        self.index_names()?;
        Ok(Load::lent(self.writer, &mut self.log))
    }

    /// Tells that another file begins: rows from here on may not contradict one another.
    pub fn next_file(&mut self) -> Result<(), Error> {
        self.run("DELETE FROM temp.touched", [])?;
        self.run("DELETE FROM temp.sheet_row", [])?;
        self.run_of_rows.set(None);
        let attestations =
            self.writer.connection.query_row(&highest("attestation"), [], |row| row.get(0));
        self.attestations_before = self.done(attestations)?;
        for index in 0..self.kinds.len() {
            let sql = self.kinds.get(index).map(|kind| highest(&kind.table)).unwrap_or_default();
            let highest: i64 =
                self.done(self.writer.connection.query_row(&sql, [], |row| row.get(0)))?;
            if let Some(kind) = self.kinds.get_mut(index) {
                kind.before.1 = highest;
            }
        }
        Ok(())
    }

    /// Keeps everything, and what was done in the log of changes; gives the number of the change, where anything was
    /// done.
    pub fn keep(mut self, change: &Change<'_>) -> Result<Option<(i64, Counts)>, Error> {
        self.index_names()?;
        for index in &self.searches {
            self.done(index.add_new(&self.writer.connection))?;
        }
        if !self.dropped.is_empty() {
            self.done(self.writer.connection.execute_batch(SORTING))?;
        }
        self.done(bulk::make_indexes(&self.writer.connection, &self.dropped))?;
        if self.unproven && !self.done(bulk::is_whole(&self.writer.connection))? {
            return Err(Error::Bug("a row refers to something that is not there".to_owned()));
        }
        let kept = self.done(self.log.keep(&self.writer.connection, change))?;
        if kept.is_some() && change.action == Action::Import {
            self.done(bulk::analyze(&self.writer.connection))?;
        }
        self.done(self.writer.keep_held())?;
        self.open = false;
        self.rest();
        Ok(kept)
    }

    /// Keeps everything without a log; only for a private copy.
    pub(crate) fn settle(mut self) -> Result<(), Error> {
        self.done(self.writer.keep_held())?;
        self.open = false;
        Ok(())
    }

    /// Tells what would be kept, and takes everything back.
    pub fn weigh(self, change: &Change<'_>) -> Result<Option<(i64, Counts)>, Error> {
        self.done(self.log.keep(&self.writer.connection, change))
    }

    /// The kinds, edges, properties and terms of the store.
    pub fn catalogue(&self) -> Result<crate::record::catalogue::Catalogue, Error> {
        self.done(catalogue::read(&self.writer.connection))
    }

    /// Asks a question about the graph as it is now, inside the transaction.
    pub fn ask(
        &self,
        statement: &Statement,
        receive: &mut dyn FnMut(crate::base::value::Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.index_names()?;
        super::run::each(&self.writer.connection, statement, receive, |error| {
            self.writer.failed(error)
        })
    }

    /// The id of the next row of a table; none is ever given twice.
    pub(crate) fn next_id(&self, table: &str) -> i64 {
        let known = self.next.borrow().get(table).copied();
        known.unwrap_or_else(|| self.log.base(table) + 1)
    }

    /// Tells that the id given last was used.
    pub(crate) fn use_id(&self, table: &str, id: i64) {
        let mut next = self.next.borrow_mut();
        match next.get_mut(table) {
            Some(free) => *free = id + 1,
            None => drop(next.insert(table.to_owned(), id + 1)),
        }
    }

    /// Leaves the write-ahead log, so that the store is one file again. Another reader may delay that.
    fn rest(&self) {
        let settings = "PRAGMA cache_size = -65536; PRAGMA foreign_keys = on";
        self.writer.connection.execute_batch(settings).unwrap_or_default();
        let left = self.writer.connection.query_row("PRAGMA journal_mode = delete", [], |_| Ok(()));
        left.unwrap_or_default();
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) fn run(&self, sql: &str, values: impl Params) -> Result<usize, Error> {
        let changed =
            self.writer.connection.prepare_cached(sql).and_then(|mut sql| sql.execute(values));
        self.done(changed)
    }

    /// The first row, if there is one.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let statement = self.writer.connection.prepare_cached(sql);
        self.done(statement.and_then(|mut sql| sql.query_row(values, read).optional()))
    }

    /// All rows; only for questions with few.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let statement = self.writer.connection.prepare_cached(sql);
        self.done(statement.and_then(|mut sql| sql.query_map(values, read)?.collect()))
    }

    /// Names the file in an error.
    pub(crate) fn done<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| self.writer.failed(error))
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if self.open {
            self.writer.let_go();
            self.rest();
        }
    }
}

/// What a batch knows of the store when it starts.
type Start = (Log, Vec<Kind>, Vec<Search>, BTreeMap<String, BTreeMap<String, Term>>);

fn looked_up(connection: &Connection) -> rusqlite::Result<Start> {
    let log = Log::start(connection)?;
    let (kinds, searches) = (kinds(connection, &log)?, search::all(connection, &log)?);
    Ok((log, kinds, searches, terms(connection)?))
}

fn highest(table: &str) -> String {
    format!("SELECT coalesce(max(id), 0) FROM {}", catalogue::quoted(table))
}

fn kinds(connection: &Connection, log: &Log) -> rusqlite::Result<Vec<Kind>> {
    let with_keys =
        catalogue::kinds(connection)?.into_iter().filter(|kind| kind.key_column.is_some());
    with_keys
        .map(|kind| {
            let before = log.base(&kind.table);
            let table = catalogue::quoted(&kind.table);
            let shown = kind.shown.filter(|shown| shown != "key");
            let column = catalogue::quoted(shown.as_deref().unwrap_or("key"));
            let named = format!(
                "SELECT l.node, n.key FROM lookup AS l CROSS JOIN {table} AS n ON n.id = l.node
                 WHERE l.kind = {} AND l.folded = ?1",
                kind.id
            );
            let aliased = format!(
                "SELECT 1 FROM alias AS a WHERE a.kind = {} AND a.node = l.node AND a.name = ?2",
                kind.id
            );
            Ok(Kind {
                id: kind.id,
                name: kind.name,
                as_edge: kind.as_edge,
                shown,
                by_key: format!("SELECT id FROM {table} WHERE key = ?1"),
                has_key: format!("SELECT 1 FROM {table} WHERE id = ?1 AND key = ?2"),
                names: format!("SELECT key, {column} FROM {table} WHERE id = ?1"),
                by_name: format!("{named} ORDER BY l.node LIMIT {MOST_CALLED}"),
                by_exact_name: format!(
                    "{named} AND (n.{column} = ?2 OR EXISTS ({aliased})) ORDER BY l.node LIMIT 1"
                ),
                keys: format!("SELECT key FROM {table} WHERE key >= ?1 LIMIT ?2"),
                table: kind.table,
                before: (before, before),
            })
        })
        .collect()
}

fn terms(connection: &Connection) -> rusqlite::Result<BTreeMap<String, BTreeMap<String, Term>>> {
    let mut terms: BTreeMap<String, BTreeMap<String, Term>> = BTreeMap::new();
    for term in catalogue::read(connection)?.terms {
        terms.entry(term.vocabulary.clone()).or_default().insert(term.term.clone(), term);
    }
    Ok(terms)
}
