//! Loading a graph: declared kinds and edges are added, then their rows as fast as the database takes them, in one
//! transaction that is kept or taken back as a whole.

pub(crate) mod fresh;

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use rusqlite::{
    OptionalExtension as _, Params, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::{
    Writer, bulk,
    catalogue::{self, quoted},
    declared,
    error::Error,
    log::{Change, Counts, Log},
};
use crate::base::fold::{kept_form, lookup_form};
use crate::record::catalogue::{Catalogue, Property};
use crate::record::declared::columns;
use crate::record::graph::Addition;

/// A value on its way into a column of a declared property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field<'a> {
    /// Nothing known: what is there stays.
    Null,
    /// An integer, a truth value or a day.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text, or a list as JSON.
    Text(&'a str),
    /// In a column of any type: what the database has no type for, as JSON.
    Json(&'a str),
}

impl ToSql for Field<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Float(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Json(text) => ValueRef::Blob(text.as_bytes()),
        }))
    }
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
}

/// How rows of one table are written.
#[derive(Debug, Clone)]
pub struct Target {
    find: String,
    /// Edges without a key that join the same ends and say the same, in the order they came.
    find_alike: String,
    insert: String,
    update: String,
    /// The next free id.
    next: i64,
    /// Whether all rows are new.
    is_new: bool,
    /// The kind whose nodes these are, and which field stands for one.
    kind: Option<(i64, Option<usize>)>,
    /// Asks for the text that stands for a node now, where one does.
    shown: Option<String>,
}

impl Target {
    /// Whether all rows of its table are new, so that none is looked for.
    pub fn is_fresh(&self) -> bool {
        self.is_new
    }
}

/// Makes a node findable by a text.
const NAME: &str = "INSERT OR IGNORE INTO lookup (kind, folded, node) VALUES (?1, ?2, ?3)";

/// A load in progress. Dropped without `keep`, it takes everything back.
#[derive(Debug)]
pub struct Load<'w> {
    writer: &'w mut Writer,
    log: Kept<'w>,
    later: Vec<String>,
    /// Tables made by this load.
    made: BTreeSet<String>,
    open: bool,
}

/// The log of the transaction: its own, or that of a batch which ends it.
#[derive(Debug)]
enum Kept<'w> {
    Own(Box<Log>),
    Lent(&'w mut Log),
}

impl Deref for Kept<'_> {
    type Target = Log;

    fn deref(&self) -> &Log {
        match self {
            Self::Own(log) => log,
            Self::Lent(log) => log,
        }
    }
}

impl DerefMut for Kept<'_> {
    fn deref_mut(&mut self) -> &mut Log {
        match self {
            Self::Own(log) => log,
            Self::Lent(log) => log,
        }
    }
}

impl Writer {
    /// What the store knows of itself.
    pub fn catalogue(&self) -> Result<Catalogue, Error> {
        catalogue::read(&self.connection).map_err(|error| Error::database(&self.path, error))
    }

    /// Starts a load.
    pub fn load(&mut self, dry_run: bool) -> Result<Load<'_>, Error> {
        Load::start(self, dry_run)
    }
}

impl<'w> Load<'w> {
    fn start(writer: &'w mut Writer, dry_run: bool) -> Result<Self, Error> {
        if !dry_run {
            writer.enter_wal()?;
        }
        // Every end is looked up before it is written; the database need not do that again.
        let settings = "PRAGMA foreign_keys = off; PRAGMA cache_size = -196608";
        let set = writer.connection.execute_batch(settings);
        set.map_err(|error| writer.failed(error))?;
        let log = writer.hold(Log::start)?;
        let log = Kept::Own(Box::new(log));
        Ok(Self { writer, log, later: Vec::new(), made: BTreeSet::new(), open: true })
    }

    /// Loads within a transaction that somebody else ends. Rows are looked for by their keys, be their table new or not.
    pub(crate) fn lent(writer: &'w mut Writer, log: &'w mut Log) -> Self {
        let log = Kept::Lent(log);
        Self { writer, log, later: Vec::new(), made: BTreeSet::new(), open: false }
    }

    /// Ends a load that was asked to stop, where the database itself has nothing to do for long.
    pub(crate) fn go_on(&self) -> Result<(), Error> {
        self.writer.go_on()
    }

    fn is_lent(&self) -> bool {
        matches!(self.log, Kept::Lent(_))
    }

    /// Adds kinds, edges and properties.
    pub fn add(&mut self, additions: &[Addition]) -> Result<(), Error> {
        for addition in additions {
            match addition {
                Addition::Kind(kind, _) => drop(self.made.insert(kind.table.clone())),
                Addition::Edge(edge, _) => drop(self.made.insert(edge.table.clone())),
                Addition::Property(_) => {}
            }
        }
        self.log.declare(additions);
        let later = self.done(declared::add(&self.writer.connection, additions))?;
        if self.is_lent() {
            self.done(bulk::make_indexes(&self.writer.connection, &later))?;
            let seen = self.log.look_again(&self.writer.connection);
            return self.done(seen);
        }
        self.later.extend(later);
        Ok(())
    }

    /// Names the graph and says whether it is open.
    pub fn name_graph(&self, name: &str, open: bool) -> Result<(), Error> {
        let sql = "UPDATE dixit_graph SET name = ?1, open = ?2 WHERE name <> ?1 OR open <> ?2";
        self.done(self.writer.connection.execute(sql, (name, open))).map(|_| ())
    }

    /// What the store knows of itself by now.
    pub fn catalogue(&self) -> Result<Catalogue, Error> {
        self.done(catalogue::read(&self.writer.connection))
    }

    /// How nodes of a kind with these properties are written. `shown` is the column that stands for one.
    pub fn nodes(
        &self,
        kind: i64,
        table: &str,
        properties: &[Property],
        shown: Option<&str>,
    ) -> Result<Target, Error> {
        let fields: Vec<String> = properties.iter().flat_map(columns).collect();
        let at = shown.and_then(|shown| fields.iter().position(|field| field == shown));
        let target = self.target(table, &["key"], properties)?;
        let asked =
            |shown| format!("SELECT {} FROM {} WHERE id = ?1", quoted(shown), quoted(table));
        Ok(Target { kind: Some((kind, at)), shown: shown.map(asked), ..target })
    }

    /// How edges with these properties are written.
    pub fn edges(&self, table: &str, properties: &[Property]) -> Result<Target, Error> {
        self.target(table, &["key", "source", "target"], properties)
    }

    fn target(&self, table: &str, own: &[&str], properties: &[Property]) -> Result<Target, Error> {
        let own = own.iter().map(|name| vec![(*name).to_owned()]);
        let groups: Vec<Vec<String>> = own.chain(properties.iter().map(columns)).collect();
        let name = quoted(table);
        let (mut all, mut sets, mut news) = (Vec::new(), Vec::new(), Vec::new());
        for group in &groups {
            let lead = all.len() + 2;
            for column in group {
                let (place, column) = (all.len() + 2, quoted(column));
                // Where nothing is given, what is there stays.
                let new = format!("CASE WHEN ?{lead} IS NULL THEN {column} ELSE ?{place} END");
                sets.push(format!("{column} = {new}"));
                news.push(new);
                all.push(column);
            }
        }
        let places: Vec<String> = (1..=all.len() + 1).map(|place| format!("?{place}")).collect();
        let alike = alike(&name, &all);
        let (columns, places, news) = (all.join(", "), places.join(", "), news.join(", "));
        let is_new = !self.is_lent() && (self.made.contains(table) || self.is_empty(table)?);
        Ok(Target {
            find: format!("SELECT id FROM {name} WHERE key = ?1"),
            find_alike: alike,
            insert: format!("INSERT INTO {name} (id, {columns}) VALUES ({places})"),
            update: format!(
                "UPDATE {name} SET {} WHERE id = ?1 AND ({columns}) IS NOT ({news})",
                sets.join(", ")
            ),
            next: self.log.base(table).max(self.highest(table)?) + 1,
            is_new,
            kind: None,
            shown: None,
        })
    }

    /// Leaves the indexes of a table for later, where it is empty: they are made faster of all rows at once.
    pub fn postpone_indexes(&mut self, table: &str) -> Result<(), Error> {
        if self.is_lent() || self.made.contains(table) || !self.is_empty(table)? {
            return Ok(());
        }
        let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL";
        let connection = &self.writer.connection;
        let indexes = connection.prepare(sql).and_then(|mut statement| {
            let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            statement.query_map([table], pair)?.collect::<Result<Vec<(String, String)>, _>>()
        });
        for (name, sql) in self.done(indexes)? {
            self.done(
                self.writer.connection.execute_batch(&format!("DROP INDEX {}", quoted(&name))),
            )?;
            self.later.push(sql);
        }
        self.made.insert(table.to_owned());
        Ok(())
    }

    /// Makes the indexes that were left for later. Gives keys of a table that stand twice, at most a hundred: then the
    /// load cannot be kept.
    pub fn make_indexes(&mut self, table: &str) -> Result<Vec<String>, Error> {
        let later = std::mem::take(&mut self.later);
        let made = bulk::make_indexes(&self.writer.connection, &later);
        let code = made.as_ref().err().and_then(rusqlite::Error::sqlite_error_code);
        if code != Some(rusqlite::ErrorCode::ConstraintViolation) {
            return self.done(made).map(|()| Vec::new());
        }
        let sql = format!(
            "SELECT key FROM {} WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1 LIMIT 100",
            quoted(table)
        );
        let twice = self.writer.connection.prepare(&sql).and_then(|mut statement| {
            statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()
        });
        self.done(twice)
    }

    fn highest(&self, table: &str) -> Result<i64, Error> {
        let sql = format!("SELECT coalesce(max(id), 0) FROM {}", quoted(table));
        self.done(self.writer.connection.query_row(&sql, [], |row| row.get(0)))
    }

    fn is_empty(&self, table: &str) -> Result<bool, Error> {
        let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {})", quoted(table));
        self.done(self.writer.connection.query_row(&sql, [], |row| row.get(0)))
    }

    /// The id of a row by its key.
    pub fn id_of(&self, table: &str, key: &str) -> Result<Option<i64>, Error> {
        let sql = format!("SELECT id FROM {} WHERE key = ?1", quoted(table));
        let found = self
            .writer
            .connection
            .prepare_cached(&sql)
            .and_then(|mut sql| sql.query_row([key], |row| row.get(0)).optional());
        self.done(found)
    }

    /// The node with this key, where the table had rows before.
    pub fn find(&self, target: &Target, key: &str) -> Result<Option<i64>, Error> {
        if target.is_new {
            return Ok(None);
        }
        let found = self
            .writer
            .connection
            .prepare_cached(&target.find)
            .and_then(|mut sql| sql.query_row([key], |row| row.get(0)).optional());
        self.done(found)
    }

    /// Writes a node: its key and its fields.
    pub fn node(
        &self,
        target: &mut Target,
        key: &str,
        fields: &[Field<'_>],
    ) -> Result<(i64, Outcome), Error> {
        let known = self.find(target, key)?;
        let own = [Field::Text(key)];
        let shown = target.kind.and_then(|(_, at)| match fields.get(at?) {
            Some(Field::Text(text)) => Some(*text),
            _ => None,
        });
        if let (Some(id), Some(shown)) = (known, shown) {
            self.forget_name(target, id, shown)?;
        }
        let (id, outcome) = self.write(target, known, &own, fields)?;
        if outcome != Outcome::Same
            && let Some((kind, _)) = target.kind
        {
            self.name_node((kind, id), outcome, key, shown)?;
        }
        Ok((id, outcome))
    }

    /// Writes an edge with a key: that, the ids of its ends and its fields.
    pub fn edge(
        &self,
        target: &mut Target,
        key: &str,
        ends: [i64; 2],
        fields: &[Field<'_>],
    ) -> Result<Outcome, Error> {
        self.edge_row(target, key, ends, fields).map(|(_, outcome)| outcome)
    }

    /// The same, with the id of the edge.
    pub fn edge_row(
        &self,
        target: &mut Target,
        key: &str,
        ends: [i64; 2],
        fields: &[Field<'_>],
    ) -> Result<(i64, Outcome), Error> {
        let known = self.find(target, key)?;
        let own = [Field::Text(key), Field::Int(ends[0]), Field::Int(ends[1])];
        self.write(target, known, &own, fields)
    }

    /// Writes an edge without a key, unless it is there. Several may say the same: `before` is how many of those came
    /// before this one in what is loaded; it is not asked where all rows of the table are new.
    pub fn edge_without_key(
        &self,
        target: &mut Target,
        before: impl FnOnce() -> u64,
        ends: [i64; 2],
        fields: &[Field<'_>],
    ) -> Result<Outcome, Error> {
        let own = [Field::Null, Field::Int(ends[0]), Field::Int(ends[1])];
        if !target.is_new {
            let before = Field::Int(i64::try_from(before()).unwrap_or(i64::MAX));
            let values = own.iter().skip(1).chain(fields).chain([&before]);
            let connection = &self.writer.connection;
            let found = connection.prepare_cached(&target.find_alike).and_then(|mut sql| {
                sql.query_row(params_from_iter(values), |row| row.get::<_, i64>(0)).optional()
            });
            if self.done(found)?.is_some() {
                return Ok(Outcome::Same);
            }
        }
        Ok(self.write(target, None, &own, fields)?.1)
    }

    fn write(
        &self,
        target: &mut Target,
        known: Option<i64>,
        own: &[Field<'_>],
        fields: &[Field<'_>],
    ) -> Result<(i64, Outcome), Error> {
        let id = known.unwrap_or(target.next);
        let sql = if known.is_some() { &target.update } else { &target.insert };
        let number = Field::Int(id);
        let values = std::iter::once(&number).chain(own).chain(fields);
        let rows = self.run(sql, params_from_iter(values))?;
        let outcome = match known {
            None => {
                target.next += 1;
                Outcome::Added
            }
            Some(_) if rows > 0 => Outcome::Changed,
            Some(_) => Outcome::Same,
        };
        Ok((id, outcome))
    }

    /// Takes away what a node is found by because of the text that stands for it, where that becomes another one.
    fn forget_name(&self, target: &Target, id: i64, next: &str) -> Result<(), Error> {
        let (Some((kind, _)), Some(sql)) = (target.kind, &target.shown) else { return Ok(()) };
        let before = self.writer.connection.prepare_cached(sql);
        let before = before.and_then(|mut sql| sql.query_row([id], |row| row.get(0)));
        let before: Option<String> = self.done(before)?;
        let Some(before) = before.filter(|before| before != next) else { return Ok(()) };
        let sql = "DELETE FROM lookup WHERE kind = ?1 AND folded = ?2 AND node = ?3";
        self.run(sql, (kind, lookup_form(&before), id)).map(|_| ())
    }

    /// Makes a node findable: by its key, where folding changes that, by the text that stands for it, by its other names.
    fn name_node(
        &self,
        (kind, id): (i64, i64),
        outcome: Outcome,
        key: &str,
        shown: Option<&str>,
    ) -> Result<(), Error> {
        let mut forms: Vec<String> = shown.map(lookup_form).into_iter().collect();
        forms.extend(kept_form(key));
        if outcome == Outcome::Changed {
            if shown.is_none() {
                return Ok(());
            }
            let sql = "SELECT name FROM alias WHERE kind = ?1 AND node = ?2";
            let aliases = self.writer.connection.prepare_cached(sql).and_then(|mut sql| {
                sql.query_map((kind, id), |row| row.get::<_, String>(0))?
                    .collect::<Result<Vec<_>, _>>()
            });
            forms.extend(self.done(aliases)?.iter().map(|name| lookup_form(name)));
        }
        for form in forms {
            self.run(NAME, (kind, form, id))?;
        }
        Ok(())
    }

    fn run(&self, sql: &str, values: impl Params) -> Result<usize, Error> {
        let done =
            self.writer.connection.prepare_cached(sql).and_then(|mut sql| sql.execute(values));
        self.done(done)
    }

    /// Keeps everything, and what was done in the log of changes.
    pub fn keep(mut self, change: &Change<'_>) -> Result<Option<(i64, Counts)>, Error> {
        self.done(bulk::make_indexes(&self.writer.connection, &self.later))?;
        let seen = self.log.look_again(&self.writer.connection);
        self.done(seen)?;
        let kept = self.done(self.log.keep(&self.writer.connection, change))?;
        if kept.is_some() {
            self.done(bulk::analyze(&self.writer.connection))?;
        }
        self.done(self.writer.keep_held())?;
        self.open = false;
        self.rest();
        Ok(kept)
    }

    /// Leaves the write-ahead log, so that the store is one file again. Another reader may delay that.
    fn rest(&self) {
        let settings = "PRAGMA cache_size = -65536; PRAGMA foreign_keys = on";
        self.writer.connection.execute_batch(settings).unwrap_or_default();
        let left = self.writer.connection.query_row("PRAGMA journal_mode = delete", [], |_| Ok(()));
        left.unwrap_or_default();
    }

    fn done<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| self.writer.failed(error))
    }
}

impl Drop for Load<'_> {
    fn drop(&mut self) {
        if self.open {
            self.writer.let_go();
            self.rest();
        }
    }
}

/// Asks for an edge without a key by its columns behind the key, which are bound in their order, and then by how many of
/// them come before it.
fn alike(table: &str, columns: &[String]) -> String {
    let own = columns.iter().skip(1).zip(1..);
    // The ends are never null, so that their index serves.
    let same = |place| if place <= 2 { "=" } else { "IS" };
    let same: Vec<String> =
        own.map(|(column, place)| format!("{column} {} ?{place}", same(place))).collect();
    format!(
        "SELECT id FROM {table} WHERE \"key\" IS NULL AND {} ORDER BY id LIMIT 1 OFFSET ?{}",
        same.join(" AND "),
        columns.len()
    )
}
