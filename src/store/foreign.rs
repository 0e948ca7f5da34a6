//! Databases of other programs, opened for reading. Such a file is input like any other: nothing in it runs, nothing but
//! the tables that were asked for is read, and no question takes forever.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

use super::catalogue::quoted;
use super::guard;

/// How many steps one question may take, in thousands.
const STEPS: u64 = 2_000_000;

/// A database of another program.
#[derive(Debug)]
pub struct Foreign {
    connection: Connection,
    steps: Arc<AtomicU64>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// A text; what is not UTF-8 in it is replaced visibly.
    Text(String),
    /// Something else: a floating point number or bytes.
    Other,
}

impl Held {
    /// Its text; empty where it is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Null | Self::Int(_) | Self::Other => "",
        }
    }

    /// Its number, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Null | Self::Text(_) | Self::Other => None,
        }
    }
}

impl Foreign {
    /// Opens a file of which only these tables are read; the names as `SQLite` has them. Rows are looked up by the columns
    /// that come next, so a table that has no index for that is read from a copy. Says in plain words what is wrong.
    pub fn open(
        path: &Path,
        tables: &'static [&'static str],
        looked_up: &[(&str, &str)],
    ) -> Result<Self, String> {
        if !is_whole(path) {
            return Err("another program has it open, or did not finish writing it; \
                        close it there and import again"
                .to_owned());
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let mut connection = Connection::open_with_flags(address(path)?, flags).map_err(said)?;
        let steps = Arc::new(AtomicU64::new(0));
        let handler = Arc::clone(&steps);
        let tired = move || handler.fetch_add(1, Ordering::Relaxed) > STEPS;
        connection.progress_handler(1000, Some(tired)).map_err(said)?;
        guard::strict(&connection).map_err(said)?;
        connection.execute_batch("PRAGMA mmap_size = 0").map_err(said)?;
        let foreign = Self { connection, steps };
        foreign.only_tables(tables)?;
        for (table, column) in looked_up {
            foreign.index(table, column)?;
        }
        foreign.connection.execute_batch("PRAGMA query_only = on").map_err(said)?;
        foreign.close_the_rest(tables)
    }

    /// Puts a temporary copy with an index in front of a table, if looking for rows by a column would read all of it.
    fn index(&self, table: &str, column: &str) -> Result<(), String> {
        let (table, column) = (quoted(table), quoted(column));
        let look = format!("EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = ?1");
        let plan = self
            .connection
            .prepare(&look)
            .and_then(|mut plan| plan.query_row([0], |row| row.get::<_, String>("detail")));
        // What is not there in this version is not looked for either.
        if plan.is_ok_and(|detail| detail.starts_with("SCAN")) {
            let copy = format!(
                "CREATE TEMP TABLE {table} AS SELECT * FROM main.{table};
                 CREATE INDEX temp.looked_up_{} ON {table} ({column})",
                table.trim_matches('"')
            );
            self.steps.store(0, Ordering::Relaxed);
            self.connection.execute_batch(&copy).map_err(said)?;
        }
        Ok(())
    }

    /// What is asked for has to be tables that hold what they show: a view or a virtual table could be anything.
    fn only_tables(&self, tables: &[&str]) -> Result<(), String> {
        const VIEWS: &str = "SELECT name FROM sqlite_schema
          WHERE type = 'view' OR (type = 'table' AND sql LIKE 'create virtual%')";
        const COMPUTED: &str = "SELECT m.name FROM sqlite_schema m, pragma_table_xinfo(m.name) c
          WHERE m.type = 'table' AND m.sql NOT LIKE 'create virtual%' AND c.hidden > 1";
        let mut wrong = None;
        for (sql, what) in [(VIEWS, "is no table in it"), (COMPUTED, "is computed in part")] {
            self.each(sql, &[], &mut |row| {
                let name = row.first().map_or("", Held::text);
                if tables.iter().any(|table| table.eq_ignore_ascii_case(name)) {
                    wrong.get_or_insert_with(|| format!("{name} {what}"));
                }
            })?;
        }
        wrong.map_or(Ok(()), Err)
    }

    fn close_the_rest(mut self, tables: &'static [&'static str]) -> Result<Self, String> {
        let guard = move |context: AuthContext<'_>| match (context.action, context.accessor) {
            (AuthAction::Select, None) => Authorization::Allow,
            (AuthAction::Read { table_name, .. }, None) if tables.contains(&table_name) => {
                Authorization::Allow
            }
            _ => Authorization::Deny,
        };
        self.connection.authorizer(Some(guard)).map_err(said)?;
        Ok(self)
    }

    /// Whether a table is there with these columns.
    pub fn has(&self, sql: &'static str) -> bool {
        self.connection.prepare(sql).is_ok()
    }

    /// Gives every row of an answer to a function.
    pub fn each(
        &self,
        sql: &'static str,
        values: &[i64],
        take: &mut dyn FnMut(&[Held]),
    ) -> Result<(), String> {
        self.steps.store(0, Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached(sql).map_err(said)?;
        let width = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(said)?;
        while let Some(row) = rows.next().map_err(said)? {
            let cells: Result<Vec<Held>, String> = (0..width).map(|at| held(row, at)).collect();
            take(&cells?);
        }
        Ok(())
    }
}

fn held(row: &Row<'_>, at: usize) -> Result<Held, String> {
    Ok(match row.get_ref(at).map_err(said)? {
        ValueRef::Null => Held::Null,
        ValueRef::Integer(number) => Held::Int(number),
        ValueRef::Text(text) => Held::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Real(_) | ValueRef::Blob(_) => Held::Other,
    })
}

/// Whether nothing beside the file waits to be written into it.
fn is_whole(path: &Path) -> bool {
    ["-wal", "-journal"].iter().all(|ending| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        std::fs::metadata(beside).map_or(0, |meta| meta.len()) == 0
    })
}

/// The file as an address that says: it does not change, leave it alone.
fn address(path: &Path) -> Result<String, String> {
    let path = path.canonicalize().map_err(|error| error.to_string())?;
    let text = path.to_str().ok_or("its path is not UTF-8")?;
    let letter = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    let bytes: Vec<String> = text.bytes().map(letter).collect();
    Ok(format!("file:{}?mode=ro&immutable=1", bytes.concat()))
}

/// What the database says, without the statement.
fn said(error: rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, _)
            if code.code == rusqlite::ErrorCode::OperationInterrupted =>
        {
            "it takes too long to read".to_owned()
        }
        rusqlite::Error::SqliteFailure(code, _) if code.code == rusqlite::ErrorCode::TooBig => {
            "one of its records is longer than 16 MiB".to_owned()
        }
        rusqlite::Error::SqliteFailure(code, told) => {
            format!("it cannot be read: {}", told.unwrap_or_else(|| code.to_string()))
        }
        rusqlite::Error::SqlInputError { msg, .. } => format!("it cannot be read: {msg}"),
        other => format!("it cannot be read: {other}"),
    }
}
