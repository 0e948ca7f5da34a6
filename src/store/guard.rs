//! How a connection is kept from harm: what a hostile file or a runaway query could do is switched off here.

use super::error::Stopped;
use rusqlite::{
    Connection,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
    limits::Limit,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const SWITCHES: &[(DbConfig, bool)] = &[
    (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
];

const LIMITS: &[(Limit, i32)] = &[
    (Limit::SQLITE_LIMIT_LENGTH, 16 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1000),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 500),
    (Limit::SQLITE_LIMIT_VDBE_OP, 2_000_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 32_766),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 8),
];

/// Functions of the database that a query may use. None of them sees the clock, files or the connection.
const BUILT_INS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "bm25",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "fts5",
    "glob",
    "group_concat",
    "hex",
    "highlight",
    "ifnull",
    "iif",
    "if",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_tree",
    "json_type",
    "json_valid",
    "jsonb",
    "jsonb_array",
    "jsonb_each",
    "jsonb_extract",
    "jsonb_group_array",
    "jsonb_group_object",
    "jsonb_insert",
    "jsonb_object",
    "jsonb_patch",
    "jsonb_remove",
    "jsonb_replace",
    "jsonb_set",
    "jsonb_tree",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "match",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "rank",
    "regexp",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "snippet",
    "sqrt",
    "string_agg",
    "substr",
    "substring",
    "subtype",
    "sum",
    "tan",
    "tanh",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "unistr",
    "unistr_quote",
    "unlikely",
    "upper",
];

/// Pragmas that only look: full-text search asks for the first, `dixit check` for the others.
const PRAGMAS: &[&str] = &["data_version", "integrity_check", "foreign_key_check"];

/// Pragmas that describe a table.
const DESCRIBING: &[&str] = &["table_info", "table_list", "foreign_key_list"];

/// Virtual tables that show the engine instead of our data.
const HIDDEN_TABLES: &[&str] = &["sqlite_", "pragma_", "dbstat"];

/// Switches off what a hostile file could use, and caps what a query may ask for.
pub(crate) fn harden(connection: &Connection, heap_limit: u64) -> rusqlite::Result<()> {
    strict(connection)?;
    let heap = i64::try_from(heap_limit).unwrap_or(i64::MAX);
    connection.query_row(&format!("PRAGMA hard_heap_limit = {heap}"), [], |_| Ok(()))
}

/// The same, apart from the memory of the whole process.
pub(crate) fn strict(connection: &Connection) -> rusqlite::Result<()> {
    for (switch, on) in SWITCHES {
        connection.set_db_config(*switch, *on)?;
    }
    for (limit, value) in LIMITS {
        connection.set_limit(*limit, *value)?;
    }
    connection.pragma_update(None, "cell_size_check", true)
}

/// Lets a connection read our tables and nothing else.
pub(crate) fn read_only(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Read { table_name, .. } => allow_if(!hidden(table_name)),
        AuthAction::Function { function_name } => allow_if(allowed_function(function_name)),
        AuthAction::Pragma { pragma_name, pragma_value: None } => {
            allow_if(PRAGMAS.contains(&pragma_name))
        }
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) } => {
            allow_if(DESCRIBING.contains(&pragma_name))
        }
        _ => Authorization::Deny,
    }))
}

fn hidden(table: &str) -> bool {
    HIDDEN_TABLES.iter().any(|prefix| table.starts_with(prefix))
}

fn allowed_function(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("dixit_") || BUILT_INS.contains(&name.as_str())
}

fn allow_if(condition: bool) -> Authorization {
    if condition { Authorization::Allow } else { Authorization::Deny }
}

/// Watches over a running query: ends it when its time is over or when asked to.
#[derive(Debug)]
pub(crate) struct Watch {
    stop: AtomicBool,
    born: Instant,
    /// Milliseconds after `born`; no deadline where zero.
    deadline: AtomicU64,
}

impl Watch {
    /// Sets a watch over everything this connection runs.
    pub(crate) fn over(connection: &mut Connection) -> rusqlite::Result<Arc<Self>> {
        let watch = Arc::new(Self {
            stop: AtomicBool::new(false),
            born: Instant::now(),
            deadline: AtomicU64::new(0),
        });
        let handler = Arc::clone(&watch);
        connection.progress_handler(2000, Some(move || handler.stopped().is_some()))?;
        Ok(watch)
    }

    /// Starts the time of a new query; an earlier request to stop is forgotten.
    pub(crate) fn start(&self, timeout: Option<Duration>) {
        self.stop.store(false, Ordering::Relaxed);
        let deadline = timeout.map_or(0, |timeout| millis(self.born.elapsed() + timeout).max(1));
        self.deadline.store(deadline, Ordering::Relaxed);
    }

    /// Why the running query has to end, if it has to.
    pub(crate) fn stopped(&self) -> Option<Stopped> {
        if self.stop.load(Ordering::Relaxed) {
            return Some(Stopped::Interrupted);
        }
        let deadline = self.deadline.load(Ordering::Relaxed);
        (deadline > 0 && millis(self.born.elapsed()) >= deadline).then_some(Stopped::Timeout)
    }

    /// Asks the running query to end.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
