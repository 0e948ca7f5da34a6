//! The log of changes. While a transaction runs, temporary triggers write down what it does to rows that were there
//! before; rows it adds have ids above all earlier ones, so that a range of ids tells them. An id is never used twice.

use super::{
    catalogue::quoted,
    layout::{Layout, Table, To},
};
use crate::base::instant::Instant;
use crate::record::graph::Addition;
use rusqlite::{Connection, OptionalExtension as _, Result};
use std::collections::BTreeMap;

/// What is kept of a change besides its rows.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// When, in the notation of RFC 3339.
    pub at: &'a str,
    /// Who.
    pub who: Option<&'a str>,
    /// Why.
    pub why: Option<&'a str>,
    /// What was done.
    pub action: Action,
    /// The files that were read.
    pub files: &'a [String],
}

/// What changes a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Files were imported.
    Import,
    /// A query wrote.
    Write,
    /// This change was undone.
    Undo(i64),
    /// Kinds, edges or properties were declared.
    Schema,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Write => "write",
            Self::Undo(_) => "undo",
            Self::Schema => "schema",
        }
    }
}

/// What a change did, counted: a noun in the singular, and how many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// What was added.
    pub added: Vec<(String, u64)>,
    /// What was changed.
    pub changed: Vec<(String, u64)>,
    /// What was deleted.
    pub deleted: Vec<(String, u64)>,
}

/// The log of a transaction that is running.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) layout: Layout,
    /// Of each table with ids: none above this was ever used before.
    bases: BTreeMap<String, i64>,
    /// What was declared: nouns and how many.
    declared: BTreeMap<&'static str, u64>,
    /// What was declared and is no longer, likewise.
    withdrawn: BTreeMap<&'static str, u64>,
    /// Tables that went with it.
    gone: Vec<Table>,
}

/// How the log begins the nouns of what is declared.
pub const DECLARED: &str = "declared ";

const LOGGED: &str = "
CREATE TEMP TABLE IF NOT EXISTS logged (seq INTEGER PRIMARY KEY, table_name TEXT, id INTEGER, key TEXT, before TEXT, after TEXT);
CREATE INDEX IF NOT EXISTS temp.logged_row ON logged (table_name, id, key);
DELETE FROM temp.logged;";

impl Log {
    /// Starts to watch; the transaction must have begun.
    pub(crate) fn start(connection: &Connection) -> Result<Self> {
        connection.execute_batch(LOGGED)?;
        let layout = Layout::read(connection)?;
        let (bases, declared, withdrawn) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut log = Self { layout, bases, declared, withdrawn, gone: Vec::new() };
        for table in log.layout.all().filter(|table| table.has_ids) {
            log.bases.insert(table.name.clone(), highest(connection, table)?);
        }
        log.watch(connection)?;
        Ok(log)
    }

    /// Watches the tables that there are now: some were made since, some went.
    pub(crate) fn look_again(&mut self, connection: &Connection) -> Result<()> {
        let before = std::mem::replace(&mut self.layout, Layout::read(connection)?);
        let gone =
            before.tables.into_iter().filter(|table| self.layout.table(&table.name).is_none());
        self.gone.extend(gone);
        self.watch(connection)
    }

    fn watch(&mut self, connection: &Connection) -> Result<()> {
        for table in self.layout.all().filter(|table| table.has_ids) {
            if !self.bases.contains_key(&table.name) {
                // A table that was made since has only rows that are new, unless it comes back by an undo.
                let known = connection.query_row(LAST, [&table.name], |row| row.get(0))?;
                self.bases.insert(table.name.clone(), known);
            }
        }
        for (number, table) in self.layout.all().enumerate() {
            connection.execute_batch(&self.triggers(number, table))?;
        }
        Ok(())
    }

    /// Stops to watch, for tables are about to be changed; [`Log::look_again`] goes on.
    pub(crate) fn look_away(connection: &Connection) -> Result<()> {
        let names = "SELECT name FROM temp.sqlite_schema WHERE type = 'trigger' AND name LIKE 'log\\_%' ESCAPE '\\'";
        let mut statement = connection.prepare(names)?;
        let names: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
        drop(statement);
        let drop = |name: &String| {
            connection.execute_batch(&format!("DROP TRIGGER temp.{}", quoted(name)))
        };
        names.iter().try_for_each(drop)
    }

    /// Keeps in mind that something was declared again.
    pub(crate) fn declare_one(&mut self, noun: &'static str) {
        *self.declared.entry(noun).or_default() += 1;
    }

    /// Keeps in mind that something declared went.
    pub(crate) fn withdraw(&mut self, noun: &'static str) {
        *self.withdrawn.entry(noun).or_default() += 1;
    }

    /// Keeps in mind what is declared.
    pub(crate) fn declare(&mut self, additions: &[Addition]) {
        for addition in additions {
            let noun = match addition {
                Addition::Kind(..) => "declared kind",
                Addition::Edge(..) => "declared edge",
                Addition::Property(_) => "declared property",
            };
            self.declare_one(noun);
        }
    }

    /// The highest id that was ever used in a table before this transaction.
    pub(crate) fn base(&self, table: &str) -> i64 {
        self.bases.get(table).copied().unwrap_or(0)
    }

    /// Writes the log of everything done so far. Nothing where nothing was.
    pub(crate) fn keep(
        &self,
        connection: &Connection,
        change: &Change<'_>,
    ) -> Result<Option<(i64, Counts)>> {
        let last: Option<(i64, String)> = connection
            .query_row("SELECT id, at FROM change ORDER BY id DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let number = last.as_ref().map_or(1, |(id, _)| id + 1);
        // A clock that was set back must not put a change before those it rests on.
        let given = Instant::parse(change.at);
        let given = given.as_ref().map_or(change.at, Instant::as_str);
        let at = last.map(|(_, at)| at).filter(|last| last.as_str() > given);
        let at = at.as_deref().unwrap_or(given);
        let undoes = if let Action::Undo(undone) = change.action { Some(undone) } else { None };
        connection.execute(
            "INSERT INTO change (id, at, who, why, action, undoes, summary) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '{}')",
            (number, at, change.who, change.why, change.action.name(), undoes),
        )?;
        connection.execute(GATHER, [number])?;
        self.keep_ranges(connection, number)?;
        let any = "SELECT EXISTS (SELECT 1 FROM change_row WHERE change = ?1)";
        if !connection.query_row(any, [number], |row| row.get(0))? {
            connection.execute("DELETE FROM change WHERE id = ?1", [number])?;
            return Ok(None);
        }
        let mut counts = self.counts(connection, number)?;
        let nouns = |of: &BTreeMap<&'static str, u64>| -> Vec<(String, u64)> {
            of.iter().map(|(noun, count)| ((*noun).to_owned(), *count)).collect()
        };
        counts.deleted.extend(nouns(&self.withdrawn));
        let mut told = counts.clone();
        told.added.extend(nouns(&self.declared));
        if undoes.is_some() {
            counts.added.extend(nouns(&self.declared));
        }
        let summary = summary(&told, change.files);
        connection.execute("UPDATE change SET summary = ?2 WHERE id = ?1", (number, summary))?;
        Ok(Some((number, counts)))
    }

    /// The rows that were added, by the range of their ids.
    fn keep_ranges(&self, connection: &Connection, number: i64) -> Result<()> {
        for table in self.layout.all().filter(|table| table.has_ids) {
            let id = table.id();
            let sql = format!(
                "INSERT INTO change_row (change, place, table_name, first, last)
                 SELECT ?1, (SELECT coalesce(max(place), 0) + 1 FROM change_row WHERE change = ?1), ?2, min({id}), max({id})
                 FROM {} WHERE {id} > ?3 HAVING count(*) > 0",
                quoted(&table.name)
            );
            connection.execute(&sql, (number, &table.name, self.base(&table.name)))?;
        }
        Ok(())
    }

    /// Watches over rows that come back under the ids they had, as only undoing brings them.
    pub(crate) fn watch_returns(&self, connection: &Connection) -> Result<()> {
        for (number, table) in self.layout.all().enumerate() {
            if table.has_ids {
                connection.execute_batch(&self.trigger(number, table, INSERT))?;
            }
        }
        Ok(())
    }

    fn triggers(&self, number: usize, table: &Table) -> String {
        let insert = if table.has_ids {
            format!("DROP TRIGGER IF EXISTS {};", trigger_name(number, INSERT))
        } else {
            self.trigger(number, table, INSERT)
        };
        [insert, self.trigger(number, table, UPDATE), self.trigger(number, table, DELETE)].concat()
    }

    fn trigger(&self, number: usize, table: &Table, event: Event) -> String {
        let [_, known, before, after] = event;
        let (trigger, name) = (trigger_name(number, event), quoted(&table.name));
        let condition = self.was_there(table, known);
        let (id, key) = if table.has_ids {
            (format!("{known}.{}", table.id()), "NULL".to_owned())
        } else {
            ("NULL".to_owned(), key_of(table, known))
        };
        let (before, after) = (image_or_null(table, before), image_or_null(table, after));
        format!(
            "DROP TRIGGER IF EXISTS {trigger};
             CREATE TEMP TRIGGER {} AFTER {} ON main.{name} WHEN {condition} BEGIN
               INSERT INTO logged (table_name, id, key, before, after)
               VALUES ({}, {id}, {key}, {before}, {after});
             END;\n",
            trigger.trim_start_matches("temp."),
            event[0],
            text(&table.name)
        )
    }

    /// The condition that a row was there before, or belongs to one that was.
    fn was_there(&self, table: &Table, row: &str) -> String {
        if table.has_ids {
            return format!("{row}.{} <= {}", table.id(), self.base(&table.name));
        }
        let Some(owner) = table.owner() else { return "1".to_owned() };
        let column = quoted(&owner.column);
        match &owner.to {
            To::Table(to) => format!("{row}.{column} <= {}", self.base(to)),
            To::Kind(kind) => {
                let kinds = self.layout.tables.iter().filter_map(|table| {
                    let kind = table.kind?;
                    Some(format!(" WHEN {kind} THEN {}", self.base(&table.name)))
                });
                let kinds: Vec<String> = kinds.collect();
                format!(
                    "{row}.{column} <= CASE {row}.{} WHEN 0 THEN 0{} END",
                    quoted(kind),
                    kinds.concat()
                )
            }
        }
    }
}

/// What happens to a row: its name, the row that tells whether it was there, and the rows before and afterwards.
type Event = [&'static str; 4];
const INSERT: Event = ["INSERT", "new", "NULL", "new"];
const UPDATE: Event = ["UPDATE", "old", "old", "new"];
const DELETE: Event = ["DELETE", "old", "old", "NULL"];

fn trigger_name(number: usize, event: Event) -> String {
    format!("temp.log_{number}_{}", event[0].to_lowercase())
}

/// A row that was touched several times counts once: as it was first and as it was last.
const GATHER: &str = "
INSERT INTO change_row (change, place, table_name, first, last, key, before, after)
SELECT ?1, row_number() OVER (ORDER BY g.a), g.table_name, g.id, g.id, g.key, f.before, l.after
FROM (SELECT table_name, id, key, min(seq) AS a, max(seq) AS z FROM temp.logged GROUP BY table_name, id, key) AS g
CROSS JOIN temp.logged AS f ON f.seq = g.a CROSS JOIN temp.logged AS l ON l.seq = g.z
WHERE f.before IS NOT l.after";

/// The highest id of a table that the log knows.
const LAST: &str =
    "SELECT coalesce(max(last), 0) FROM change_row WHERE table_name = ?1 AND last IS NOT NULL";

/// The highest id that a table has or that the log knows.
fn highest(connection: &Connection, table: &Table) -> Result<i64> {
    let sql = format!(
        "SELECT max(coalesce((SELECT max({}) FROM {}), 0),
           coalesce((SELECT max(last) FROM change_row WHERE table_name = ?1 AND last IS NOT NULL), 0))",
        table.id(),
        quoted(&table.name)
    );
    connection.query_row(&sql, [&table.name], |row| row.get(0))
}

/// SQL that gives a row as a JSON object.
pub(crate) fn image(table: &Table, row: &str) -> String {
    let pairs = table.columns.iter().map(|column| {
        let value = format!("{row}.{}", quoted(&column.name));
        let value = if column.plain { value } else { format!("quote({value})") };
        format!("{}, {value}", text(&column.name))
    });
    format!("json_object({})", pairs.collect::<Vec<_>>().join(", "))
}

fn image_or_null(table: &Table, row: &str) -> String {
    if row == "NULL" { row.to_owned() } else { image(table, row) }
}

/// SQL that gives the key of a row as a JSON array.
pub(crate) fn key_of(table: &Table, row: &str) -> String {
    let parts: Vec<String> =
        table.key.iter().map(|column| format!("{row}.{}", quoted(column))).collect();
    format!("json_array({})", parts.join(", "))
}

/// A name of the catalogue as a text in SQL.
pub(crate) fn text(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

fn summary(counts: &Counts, files: &[String]) -> String {
    let Counts { added, changed, deleted } = counts;
    let object = |counts: &[(String, u64)]| {
        let pairs = counts.iter().map(|(noun, count)| (noun.clone(), (*count).into()));
        serde_json::Value::Object(pairs.collect())
    };
    let mut all = serde_json::Map::new();
    if !files.is_empty() {
        all.insert("files".to_owned(), files.into());
    }
    for (verb, counts) in [("added", added), ("changed", changed), ("deleted", deleted)] {
        if !counts.is_empty() {
            all.insert(verb.to_owned(), object(counts));
        }
    }
    serde_json::Value::Object(all).to_string()
}

impl Log {
    /// What a change did, counted by what the rows are. A link that is kept in both directions counts once.
    fn counts(&self, connection: &Connection, number: i64) -> Result<Counts> {
        let mut counts: [BTreeMap<&str, i64>; 3] = Default::default();
        for table in &self.layout.tables {
            let found = if table.has_ids {
                counted(connection, number, table, self.base(&table.name))?
            } else {
                self.counted_links(connection, number, table)?
            };
            for (sum, found) in counts.iter_mut().zip(found) {
                *sum.entry(table.noun.as_str()).or_default() += found;
            }
        }
        for table in &self.gone {
            for (sum, found) in counts.iter_mut().zip(logged(connection, number, table)?) {
                *sum.entry(table.noun.as_str()).or_default() += found;
            }
        }
        let [added, changed, deleted] = counts.map(|counts| {
            let some = counts.into_iter().filter(|(_, count)| *count > 0);
            some.map(|(noun, count)| (noun.to_owned(), u64::try_from(count).unwrap_or(0))).collect()
        });
        Ok(Counts { added, changed, deleted })
    }

    fn counted_links(
        &self,
        connection: &Connection,
        number: i64,
        table: &Table,
    ) -> Result<[i64; 3]> {
        let mut counts = logged(connection, number, table)?;
        let Some(owner) = table.owner() else { return Ok(counts) };
        let ranges: Vec<(Option<(&str, i64)>, i64)> = match &owner.to {
            To::Table(to) => vec![(None, self.base(to))],
            To::Kind(kind) => {
                let kinds = self.layout.tables.iter();
                kinds
                    .filter_map(|table| {
                        Some((Some((kind.as_str(), table.kind?)), self.base(&table.name)))
                    })
                    .collect()
            }
        };
        for (kind, base) in ranges {
            let of_kind = kind.map(|(column, kind)| format!("{} = {kind} AND ", quoted(column)));
            let sql = format!(
                "SELECT count(*) FROM {} AS x WHERE {}{} > ?1 AND NOT ({})",
                quoted(&table.name),
                of_kind.unwrap_or_default(),
                quoted(&owner.column),
                table.mirrored("x")
            );
            counts[0] += connection.query_row(&sql, [base], |row| row.get::<_, i64>(0))?;
        }
        Ok(counts)
    }
}

/// Rows of a table with ids: added, changed, deleted.
fn counted(connection: &Connection, number: i64, table: &Table, base: i64) -> Result<[i64; 3]> {
    let mut counts = logged(connection, number, table)?;
    let sql = format!("SELECT count(*) FROM {} WHERE {} > ?1", quoted(&table.name), table.id());
    counts[0] += connection.query_row(&sql, [base], |row| row.get::<_, i64>(0))?;
    Ok(counts)
}

/// Rows of a table that the log names one by one.
fn logged(connection: &Connection, number: i64, table: &Table) -> Result<[i64; 3]> {
    let mirrored = table.mirrored_key("key");
    let sql = format!(
        "SELECT count(*) FILTER (WHERE before IS NULL), count(*) FILTER (WHERE before IS NOT NULL AND after IS NOT NULL),
           count(*) FILTER (WHERE after IS NULL)
         FROM change_row WHERE change = ?1 AND table_name = ?2 AND (before IS NOT NULL OR after IS NOT NULL) AND NOT ({mirrored})"
    );
    connection
        .query_row(&sql, (number, &table.name), |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
}
