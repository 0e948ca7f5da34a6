//! Reads the log: what changed the store, and what became of one node in words.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value as Json;

use super::catalogue::quoted;
use super::error::Error;
use super::layout::{Layout, Reference, Table, To};
use super::log::text;
use super::undo::{LOGGED, Logged};
use super::{Reader, verdicts};
use crate::base::date::{Date, day_text};
use crate::base::fold::{key_forms, lookup_form};
use crate::record::catalogue::Catalogue;

/// A change as the log tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub number: i64,
    /// When, in the notation of RFC 3339.
    pub at: String,
    /// Who.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// `import`, `write`, `undo`, `schema` or `upgrade`.
    pub action: String,
    /// The change it took back.
    pub undoes: Option<i64>,
    /// The change that took it back, and was not taken back itself.
    pub undone_by: Option<i64>,
    /// Added, changed and deleted: nouns and how many.
    pub counts: [Vec<(String, u64)>; 3],
    /// What was judged about who is who, in words, as far as that is told.
    pub judged: Vec<String>,
}

/// A node that is or was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    table: String,
    pub(crate) id: i64,
}

/// What one change did to one node, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The change.
    pub change: i64,
    /// What it did.
    pub what: String,
}

impl Reader {
    /// All changes, the latest first.
    pub fn changes(&self) -> Result<Vec<Entry>, Error> {
        self.entries().map_err(|error| self.failed(error))
    }

    fn entries(&self) -> rusqlite::Result<Vec<Entry>> {
        let connection = self.connection();
        let mut judged = verdicts::by_change(connection)?;
        let mut undone = BTreeMap::new();
        let mut entries = Vec::new();
        let sql = "SELECT id, at, who, why, action, undoes, summary FROM change ORDER BY id DESC";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, undoes) = (row.get(0)?, row.get(5)?);
            let undone_by = undone.get(&number).copied();
            if let Some(other) = undoes {
                note_undo(&mut undone, (number, other));
            }
            entries.push(Entry {
                number,
                at: row.get(1)?,
                who: row.get(2)?,
                why: row.get(3)?,
                action: row.get(4)?,
                undoes,
                undone_by,
                counts: counts(&row.get::<_, String>(6)?),
                judged: judged.remove(&number).unwrap_or_default(),
            });
        }
        Ok(entries)
    }

    /// The nodes that go by a key, a name or another name, or did before they were deleted.
    pub fn known(&self, text: &str) -> Result<Vec<Known>, Error> {
        self.known_by(text).map_err(|error| self.failed(error))
    }

    fn known_by(&self, text: &str) -> rusqlite::Result<Vec<Known>> {
        let connection = self.connection();
        let (mut by_key, mut by_name) = (Vec::new(), Vec::new());
        for kind in super::catalogue::kinds(connection)? {
            let Some(column) = &kind.key_column else { continue };
            let (table, key) = (quoted(&kind.table), quoted(column));
            let known = |(id, key): (i64, String)| Known {
                kind: kind.name.clone(),
                key,
                table: kind.table.clone(),
                id,
            };
            let both = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let sql = format!("SELECT id, {key} FROM {table} WHERE {key} = ?1");
            let [folded, capital] = key_forms(text);
            for form in [text, &folded, &capital] {
                let found = connection.query_row(&sql, [form], both).optional()?;
                if let Some(found) = found.map(known) {
                    by_key.push(found);
                    break;
                }
            }
            let sql = format!(
                "SELECT n.id, n.{key} FROM lookup AS l CROSS JOIN {table} AS n ON n.id = l.node
                 WHERE l.kind = {} AND l.folded = ?1 LIMIT 5",
                kind.id
            );
            let mut statement = connection.prepare(&sql)?;
            for row in statement.query_map([lookup_form(text)], both)? {
                by_name.push(known(row?));
            }
        }
        for found in [by_key, by_name] {
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.gone(text)
    }

    /// Nodes that had a key when they were deleted.
    fn gone(&self, key: &str) -> rusqlite::Result<Vec<Known>> {
        let connection = self.connection();
        let kinds = super::catalogue::kinds(connection)?;
        let sql = "SELECT DISTINCT table_name, first FROM change_row
          WHERE after IS NULL AND before IS NOT NULL AND first IS NOT NULL AND json_extract(before, '$.key') = ?1 LIMIT 50";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([key])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let table: String = row.get(0)?;
            if let Some(kind) = kinds.iter().find(|kind| kind.table == table) {
                let (kind, key) = (kind.name.clone(), key.to_owned());
                found.push(Known { kind, key, table, id: row.get(1)? });
            }
        }
        Ok(found)
    }

    /// What became of a node, the latest first.
    pub fn history(&self, node: &Known) -> Result<Vec<Event>, Error> {
        let told = || {
            let connection = self.connection();
            let history = History {
                reader: self,
                catalogue: super::catalogue::read(connection)?,
                layout: Layout::read(connection)?,
            };
            history.of(node)
        };
        told().map_err(|error| self.failed(error))
    }
}

/// Keeps in mind that a change took another one back, unless it was taken back itself. Changes come the latest first.
pub(super) fn note_undo(undone: &mut BTreeMap<i64, i64>, (number, other): (i64, i64)) {
    if !undone.contains_key(&number) {
        undone.entry(other).or_insert(number);
    }
}

fn counts(summary: &str) -> [Vec<(String, u64)>; 3] {
    let summary: Json = serde_json::from_str(summary).unwrap_or_default();
    ["added", "changed", "deleted"].map(|verb| match summary.get(verb) {
        Some(Json::Object(counts)) => counts
            .iter()
            .filter_map(|(noun, count)| Some((noun.clone(), count.as_u64()?)))
            .collect(),
        _ => Vec::new(),
    })
}

struct History<'r> {
    reader: &'r Reader,
    catalogue: Catalogue,
    layout: Layout,
}

impl History<'_> {
    fn of(&self, node: &Known) -> rusqlite::Result<Vec<Event>> {
        let Some(table) = self.layout.table(&node.table) else { return Ok(Vec::new()) };
        let mut events = Vec::new();
        let sql = format!("{LOGGED} WHERE table_name = ?1 AND last >= ?2 AND first <= ?2");
        for row in self.logged(&sql, (&node.table, node.id))? {
            let what = self.told(table, &row)?;
            events.extend(what.map(|what| Event { change: row.change, what }));
        }
        self.ties((table, node.id), &mut events)?;
        events.sort_by(|a, b| b.change.cmp(&a.change).then_with(|| a.what.cmp(&b.what)));
        events.dedup();
        Ok(events)
    }

    fn logged(&self, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<Logged>> {
        self.reader.connection().prepare(sql)?.query_map(values, Logged::read)?.collect()
    }

    /// What a change did to the node's own row.
    fn told(&self, table: &Table, row: &Logged) -> rusqlite::Result<Option<String>> {
        Ok(match (&row.before, &row.after) {
            (None, None) => Some("added".to_owned()),
            (None, Some(_)) => Some("brought back".to_owned()),
            (Some(_), None) => Some("deleted".to_owned()),
            (Some(before), Some(after)) => {
                let (before, after) = (self.values(table, before)?, self.values(table, after)?);
                let changed =
                    after.iter().filter(|(name, value)| before.get(*name) != Some(*value));
                let parts: Vec<String> = changed
                    .map(|(name, value)| {
                        let was = before.get(name).map_or("∅", String::as_str);
                        format!("{name}: {was} → {value}")
                    })
                    .collect();
                (!parts.is_empty()).then(|| parts.join("; "))
            }
        })
    }

    /// What changes did to rows that refer to the node: its edges and its other names. All that may refer to it is looked
    /// for at once, since the log may be long.
    fn ties(&self, (to, id): (&Table, i64), events: &mut Vec<Event>) -> rusqlite::Result<()> {
        let others = self.layout.tables.iter().filter(|other| other.name != to.name);
        let cases: String = others.filter_map(|other| refers_case(other, to)).collect();
        if cases.is_empty() {
            return Ok(());
        }
        // An image that lacks the digits of the number is not read as JSON, which would take far longer.
        let sql = format!(
            "{LOGGED} WHERE coalesce(after, before) IS NOT NULL
               AND instr(coalesce(after, before), CAST(?1 AS TEXT)) > 0 AND CASE table_name{cases} ELSE 0 END"
        );
        for row in self.logged(&sql, [id])? {
            if let Some(table) = self.layout.table(&row.table) {
                let what = self.tied(table, &row)?;
                events.push(Event { change: row.change, what });
            }
        }
        Ok(())
    }

    /// What a change did to one row that ties nodes together, in words.
    fn tied(&self, table: &Table, row: &Logged) -> rusqlite::Result<String> {
        let done = match (&row.before, &row.after) {
            (None, _) => "added",
            (Some(_), None) => "deleted",
            (Some(_), Some(_)) => "changed",
        };
        if let Some(judged) = verdicts::words(self.reader.connection(), &self.layout, row)? {
            return Ok(format!("{done} {}: {judged}", table.noun));
        }
        let image = row.after.as_ref().or(row.before.as_ref());
        let tie = image.map(|image| self.tie(table, image)).transpose()?.unwrap_or_default();
        let changed = if done == "changed" { self.told(table, row)? } else { None };
        Ok(match changed {
            Some(changed) => format!("{done} {tie}: {changed}"),
            None => format!("{done} {tie}"),
        })
    }

    /// A row that ties nodes together, in words: `edge contradicts: 'a', 'b'`.
    fn tie(&self, table: &Table, image: &str) -> rusqlite::Result<String> {
        let values: Json = serde_json::from_str(image).unwrap_or_default();
        if table.name == "alias" {
            let name = values.get("name").and_then(Json::as_str).unwrap_or_default();
            return Ok(format!("the other name '{name}'"));
        }
        let edge = self.catalogue.edges.iter().find(|edge| edge.table == table.name);
        let term = edge.and_then(|edge| edge.term_column.as_ref());
        let term = term.and_then(|column| values.get(column)?.as_i64());
        let term = term.and_then(|id| self.catalogue.terms.iter().find(|term| term.id == id));
        let name = term.map(|term| term.term.clone());
        let name = name.or_else(|| edge.and_then(|edge| edge.name.clone()));
        let mut ends = Vec::new();
        let mut references: Vec<&Reference> = table.references.iter().collect();
        let joins = edge.filter(|_| table.kind.is_none());
        if let Some(edge) = joins {
            references.sort_by_key(|reference| reference.column != edge.from.column);
        }
        for reference in references {
            let Some(id) = values.get(&reference.column).and_then(Json::as_i64) else { continue };
            let target = match &reference.to {
                To::Table(to) if to == "term" => continue,
                To::Table(to) => self.layout.table(to),
                To::Kind(of) => {
                    values.get(of).and_then(Json::as_i64).and_then(|kind| self.layout.of_kind(kind))
                }
            };
            if let Some(target) = target {
                ends.push(self.key(target, id)?);
            }
        }
        let joined = ends.join(if joins.is_some() { " → " } else { ", " });
        Ok(format!("{} {}: {joined}", table.noun, name.unwrap_or_default()))
    }

    fn key(&self, table: &Table, id: i64) -> rusqlite::Result<String> {
        key(self.reader.connection(), table, id)
    }

    /// The values of a row by the names of its properties and edges, as people write them.
    fn values(&self, table: &Table, image: &str) -> rusqlite::Result<BTreeMap<String, String>> {
        let values: Json = serde_json::from_str(image).unwrap_or_default();
        let mut told = BTreeMap::new();
        let mut put = |name: &str, value: Option<String>| {
            told.insert(name.to_owned(), value.unwrap_or_else(|| "∅".to_owned()));
        };
        for property in self.catalogue.properties.iter().filter(|row| row.table == table.name) {
            let Some(column) = &property.column else { continue };
            let value = match property.storage.as_str() {
                "date" => day(&values, column),
                "term" if property.attribute.as_deref() == Some("term") => {
                    let id = values.get(column).and_then(Json::as_i64);
                    let term = self.catalogue.terms.iter().find(|term| Some(term.id) == id);
                    term.map(|term| term.term.clone())
                }
                "column" => values.get(column).and_then(shown),
                _ => continue,
            };
            put(&property.name, value);
        }
        for edge in self.catalogue.edges.iter().filter(|edge| edge.table == table.name) {
            let Some(name) = edge.name.as_ref().filter(|_| edge.from.column == "id") else {
                continue;
            };
            let reference =
                table.references.iter().find(|reference| reference.column == edge.to.column);
            let id = values.get(&edge.to.column).and_then(Json::as_i64);
            let target = reference.and_then(|reference| match &reference.to {
                To::Table(to) => self.layout.table(to),
                To::Kind(of) => self.layout.of_kind(values.get(of)?.as_i64()?),
            });
            let value = match target.zip(id) {
                Some((target, id)) => Some(self.key(target, id)?),
                None => None,
            };
            put(name, value);
        }
        Ok(told)
    }
}

/// The key that a node has or had, or its number.
pub(super) fn key(connection: &Connection, table: &Table, id: i64) -> rusqlite::Result<String> {
    if !table.columns.iter().any(|column| column.name == "key") {
        return Ok(format!("{} {id}", table.noun));
    }
    let sql = format!("SELECT key FROM {} WHERE id = ?1", quoted(&table.name));
    let now = connection.prepare_cached(&sql)?.query_row([id], |row| row.get(0)).optional()?;
    if let Some(key) = Option::<Option<String>>::flatten(now) {
        return Ok(key);
    }
    let sql = "SELECT json_extract(before, '$.key') FROM change_row
      WHERE table_name = ?1 AND last = ?2 AND before IS NOT NULL ORDER BY change DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let then = statement.query_row((&table.name, id), |row| row.get(0)).optional()?;
    Ok(Option::<Option<String>>::flatten(then).unwrap_or_else(|| format!("{} {id}", table.noun)))
}

/// What tells, in a `CASE` over tables, that the image of a row of one refers to a node whose number is the parameter.
fn refers_case(table: &Table, to: &Table) -> Option<String> {
    let value = |column: &str| {
        let path = format!("$.\"{}\"", column.replace('"', ""));
        format!("json_extract(coalesce(after, before), {})", text(&path))
    };
    let references = table.references.iter().filter(|reference| refers(reference, to));
    let conditions: Vec<String> = references
        .map(|reference| match (&reference.to, to.kind) {
            (To::Kind(of), Some(kind)) => {
                format!("{} = ?1 AND {} = {kind}", value(&reference.column), value(of))
            }
            (To::Kind(_) | To::Table(_), _) => format!("{} = ?1", value(&reference.column)),
        })
        .collect();
    let any = conditions.join(" OR ");
    (!any.is_empty()).then(|| format!(" WHEN {} THEN {any}", text(&table.name)))
}

fn refers(reference: &Reference, table: &Table) -> bool {
    match &reference.to {
        To::Table(to) => *to == table.name,
        To::Kind(_) => table.kind.is_some(),
    }
}

fn day(values: &Json, prefix: &str) -> Option<String> {
    let part = |part: &str| values.get(format!("{prefix}_{part}"));
    if let Some(text) = part("text").and_then(Json::as_str) {
        return Some(Date::parse(text).map_or_else(|_| text.to_owned(), |date| date.text));
    }
    part("first").and_then(Json::as_i64).map(day_text)
}

fn shown(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(format!("'{text}'")),
        other => Some(other.to_string()),
    }
}
