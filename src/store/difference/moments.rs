//! Two moments of one store: only what the log knows of the changes between them is looked at. What a row held at a moment
//! is what the first change after it found there, or what it holds now; a row whose number was given out later was not there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rusqlite::types::Value as Raw;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Map, Value as Json};

use super::super::Reader;
use super::super::catalogue::quoted;
use super::super::error::Error;
use super::super::layout::{Layout, Symmetric, Table, To};
use super::super::log::{image, key_of, text};
use super::super::undo::by_key;
use super::cells::{Kept, has_key, kept};
use super::files::{label, part};
use super::sorts::{self, Known, Label, Sort};
use super::{Detail, End, Receive, Row, compare, ended};
use crate::base::instant::Instant;
use crate::record::catalogue::Catalogue;

/// So many keys of nodes are kept in mind.
const KEYS: usize = 50_000;

impl Reader {
    /// The last change at a moment; 0 before the first.
    pub fn change_at(&self, moment: &Instant) -> Result<i64, Error> {
        let sql = "SELECT coalesce(max(id), 0) FROM change WHERE at <= ?1";
        let found = self.connection().query_row(sql, [moment.as_str()], |row| row.get(0));
        found.map_err(|error| self.failed(error))
    }

    /// The first change whose rows the log does not keep, and the last one: nothing is known of before that.
    pub fn last_without_rows(&self) -> Result<Option<i64>, Error> {
        let sql = "SELECT max(id) FROM change WHERE json_extract(summary, '$.without_rows')";
        let found = self.connection().query_row(sql, [], |row| row.get(0));
        found.map_err(|error| self.failed(error))
    }

    /// Hands on what the changes after one number up to another did, taken together.
    pub fn difference(
        &self,
        (from, to): (i64, i64),
        detail: Detail,
        receive: Receive<'_>,
    ) -> Result<(), Error> {
        let (catalogue, layout) =
            sorts::read(self.connection()).map_err(|error| self.failed(error))?;
        let between = Between {
            connection: self.connection(),
            catalogue: &catalogue,
            layout: &layout,
            span: (from, to),
            keys: BTreeMap::new(),
        };
        ended(self.compared(between, detail, receive))
    }

    fn compared(
        &self,
        mut between: Between<'_>,
        detail: Detail,
        receive: Receive<'_>,
    ) -> Result<(), End> {
        let known = Known { catalogue: between.catalogue, layout: between.layout };
        for sort in known.sorts() {
            let touched = between.touched(&sort.table).map_err(|error| self.failed(error))?;
            let Some(touched) = touched else { continue };
            let failed = |error| End::Error(self.failed(error));
            let mut statement = self.connection().prepare(&touched).map_err(failed)?;
            let mut rows = statement.query([]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let read = |at| row.get::<_, Option<String>>(at);
                let (before, after) = (read(0).map_err(failed)?, read(1).map_err(failed)?);
                if before == after {
                    continue;
                }
                let mut told = |image: Option<String>| between.row(&sort, image);
                let (before, after) = (told(before).map_err(failed)?, told(after).map_err(failed)?);
                let told = compare(&sort, (before.as_ref(), after.as_ref()), detail, receive);
                if told == ControlFlow::Break(()) {
                    return Err(End::Enough);
                }
            }
        }
        Ok(())
    }
}

/// The changes between two moments.
struct Between<'c> {
    connection: &'c Connection,
    catalogue: &'c Catalogue,
    layout: &'c Layout,
    /// After this change, up to that one.
    span: (i64, i64),
    keys: BTreeMap<(String, i64), String>,
}

impl Between<'_> {
    /// The first number that was given out after a change, of a table's rows.
    fn fresh(&self, table: &str, change: i64) -> rusqlite::Result<i64> {
        let sql = "SELECT min(first) FROM change_row
          WHERE table_name = ?1 AND change > ?2 AND before IS NULL AND after IS NULL";
        let found: Option<i64> =
            self.connection.query_row(sql, (table, change), |row| row.get(0))?;
        Ok(found.unwrap_or(i64::MAX))
    }

    /// SQL that gives what the touched rows of a table held at both moments, as the log writes rows.
    fn touched(&self, table: &Table) -> rusqlite::Result<Option<String>> {
        if table.has_ids { self.touched_rows(table).map(Some) } else { self.touched_links(table) }
    }

    fn touched_rows(&self, table: &Table) -> rusqlite::Result<String> {
        let (from, to) = self.span;
        let (low, high) = (self.fresh(&table.name, from)?, self.fresh(&table.name, to)?);
        let (name, of, id) = (quoted(&table.name), text(&table.name), table.id());
        let now = format!("(SELECT {} FROM {name} AS x WHERE x.{id} = t.k)", image(table, "x"));
        let logged = format!(
            "change_row AS r WHERE r.table_name = {of} AND r.last = t.k AND (r.before IS NOT NULL OR r.after IS NOT NULL)"
        );
        let single = format!(
            "table_name = {of} AND last IS NOT NULL AND (before IS NOT NULL OR after IS NOT NULL)"
        );
        let at = |change: i64, fresh: i64| held(&format!("t.k >= {fresh}"), &logged, change, &now);
        Ok(format!(
            "SELECT {}, {} FROM (SELECT {id} AS k FROM {name} WHERE {id} >= {low} AND {id} < {high}
               UNION SELECT last FROM change_row WHERE {single} AND change > {from} AND change <= {to}
               UNION SELECT last FROM change_row WHERE {single} AND change > {to} AND last >= {low} AND last < {high}) AS t",
            at(from, low),
            at(to, high)
        ))
    }

    /// Links are logged by their key, unless they came with the node they belong to.
    fn touched_links(&self, table: &Table) -> rusqlite::Result<Option<String>> {
        let (from, to) = self.span;
        let (name, of) = (quoted(&table.name), text(&table.name));
        let now = format!(
            "(SELECT {} FROM {name} AS x WHERE {})",
            image(table, "x"),
            by_key(table, "t.k")
        );
        let logged = format!("change_row AS r WHERE r.table_name = {of} AND r.key = t.k");
        let (mut parts, mut fresh) = (Vec::new(), [Vec::new(), Vec::new()]);
        parts.push(format!(
            "SELECT key FROM change_row WHERE table_name = {of} AND key IS NOT NULL AND change > {from} AND change <= {to}"
        ));
        for (owner, column, kind) in self.owners(table) {
            let (low, high) = (self.fresh(&owner, from)?, self.fresh(&owner, to)?);
            let place =
                |column: &str| table.key.iter().position(|known| known == column).unwrap_or(0);
            let id = format!("json_extract(t.k, '$[{}]')", place(&column));
            let of_kind = kind.as_ref().map_or_else(
                || "1".to_owned(),
                |(column, kind)| format!("json_extract(t.k, '$[{}]') = {kind}", place(column)),
            );
            fresh[0].push(format!("({of_kind} AND {id} >= {low})"));
            fresh[1].push(format!("({of_kind} AND {id} >= {high})"));
            if low == high {
                continue;
            }
            let of_row = kind.map_or_else(
                || "1".to_owned(),
                |(column, kind)| format!("x.{} = {kind}", quoted(&column)),
            );
            let column = quoted(&column);
            parts.push(format!(
                "SELECT {} FROM {name} AS x WHERE {of_row} AND x.{column} >= {low} AND x.{column} < {high}",
                key_of(table, "x")
            ));
            parts.push(format!(
                "SELECT t.k FROM (SELECT key AS k FROM change_row WHERE table_name = {of} AND key IS NOT NULL
                   AND change > {to}) AS t WHERE {of_kind} AND {id} >= {low} AND {id} < {high}"
            ));
        }
        let at = |change: i64, fresh: &[String]| {
            let absent = if fresh.is_empty() { "0".to_owned() } else { fresh.join(" OR ") };
            held(&absent, &logged, change, &now)
        };
        let mirrored = table.mirrored_key("t.k");
        Ok(Some(format!(
            "SELECT {}, {} FROM (SELECT DISTINCT key AS k FROM ({})) AS t WHERE NOT ({mirrored})",
            at(from, &fresh[0]),
            at(to, &fresh[1]),
            parts.join(" UNION ALL ")
        )))
    }

    /// What links belong to: the owner's table, the column of its number, and where it may be of any kind, its kind.
    fn owners(&self, table: &Table) -> Vec<Owner> {
        let Some(owner) = table.owner() else { return Vec::new() };
        match &owner.to {
            To::Table(to) => vec![(to.clone(), owner.column.clone(), None)],
            To::Kind(kind) => {
                let of_kind = |table: &Table| {
                    Some((
                        table.name.clone(),
                        owner.column.clone(),
                        Some((kind.clone(), table.kind?)),
                    ))
                };
                self.layout.tables.iter().filter_map(of_kind).collect()
            }
        }
    }

    /// A row as the log kept it, by what it is called.
    fn row(&mut self, sort: &Sort, image: Option<String>) -> rusqlite::Result<Option<Row>> {
        let Some(image) = image else { return Ok(None) };
        let Ok(Json::Object(held)) = serde_json::from_str(&image) else { return Ok(None) };
        if !is_of(sort, &held) {
            return Ok(None);
        }
        let by = match &sort.label {
            Label::Fixed(_) => None,
            Label::By(column, _) => held.get(column).and_then(Json::as_i64),
        };
        let mut read = |told| self.found(kept(told, &held, self.layout));
        let mut shown: Vec<String> = sort
            .shown
            .0
            .iter()
            .map(|told| read(told).map(|raw| part(&raw)))
            .collect::<Result<_, _>>()?;
        let both_ways = |by: &Symmetric| {
            held.get(&by.term).and_then(Json::as_i64).is_some_and(|term| by.terms.contains(&term))
        };
        if sort.table.symmetric.as_ref().is_some_and(both_ways) {
            shown.sort_unstable();
        }
        let values = sort.values.iter().map(|(_, told)| read(told)).collect::<Result<_, _>>()?;
        Ok(Some(Row { label: label(sort, by).to_owned(), key: (sort.shown.1)(&shown), values }))
    }

    fn found(&mut self, kept: Kept) -> rusqlite::Result<Raw> {
        let text = |found: Option<String>, id: i64| {
            Raw::Text(found.unwrap_or_else(|| format!("no. {id}")))
        };
        Ok(match kept {
            Kept::Raw(raw) => raw,
            Kept::Term(id) => {
                let term = self.catalogue.terms.iter().find(|term| term.id == id);
                text(term.map(|term| term.term.clone()), id)
            }
            Kept::Kind(id) => {
                let kind = self.catalogue.kinds.iter().find(|kind| kind.id == id);
                text(kind.map(|kind| kind.name.clone()), id)
            }
            Kept::Node(table, id) => Raw::Text(self.key(table, id)?),
        })
    }

    /// The key of a node as it was at the later moment, or as it was last before that.
    fn key(&mut self, table: String, id: i64) -> rusqlite::Result<String> {
        let known = (table, id);
        if let Some(key) = self.keys.get(&known) {
            return Ok(key.clone());
        }
        let noun = match self.layout.table(&known.0) {
            Some(table) if has_key(table) => table.noun.clone(),
            Some(table) => return Ok(format!("{} {id}", table.noun)),
            None => known.0.clone(),
        };
        let logged = |sql: &str| -> rusqlite::Result<Option<String>> {
            let mut sql = self.connection.prepare_cached(sql)?;
            let found = sql.query_row((&known.0, id, self.span.1), |row| row.get(0)).optional();
            found.map(Option::flatten)
        };
        let now = format!("SELECT key FROM {} WHERE id = ?1", quoted(&known.0));
        let mut key = logged(NEXT_KEY)?;
        if key.is_none() {
            let mut now = self.connection.prepare_cached(&now)?;
            key = now.query_row([id], |row| row.get(0)).optional()?;
        }
        let key = key.map_or_else(|| logged(LAST_KEY), |key| Ok(Some(key)))?;
        let key = key.unwrap_or_else(|| format!("{noun} {id}"));
        if self.keys.len() >= KEYS {
            self.keys.clear();
        }
        self.keys.insert(known, key.clone());
        Ok(key)
    }
}

/// What links may belong to: its table, the column of its number, and where it may be of any kind, the column of that and
/// the kind.
type Owner = (String, String, Option<(String, i64)>);

/// The key that the next change after a moment found.
const NEXT_KEY: &str = "SELECT json_extract(before, '$.key') FROM change_row
  WHERE table_name = ?1 AND last = ?2 AND before IS NOT NULL AND change > ?3 ORDER BY change LIMIT 1";

/// The key that a row had when it was last seen.
const LAST_KEY: &str = "SELECT json_extract(before, '$.key') FROM change_row
  WHERE table_name = ?1 AND last = ?2 AND before IS NOT NULL AND change <= ?3 ORDER BY change DESC LIMIT 1";

/// SQL for what a row held after a change: nothing where it was not there yet, else what the next change to it found,
/// else what it holds now.
fn held(absent: &str, logged: &str, change: i64, now: &str) -> String {
    format!(
        "CASE WHEN {absent} THEN NULL
           WHEN EXISTS (SELECT 1 FROM {logged} AND r.change > {change})
           THEN (SELECT r.before FROM {logged} AND r.change > {change} ORDER BY r.change LIMIT 1)
           ELSE {now} END"
    )
}

/// Whether a row of the catalogue is one of something declared.
fn is_of(sort: &Sort, held: &Map<String, Json>) -> bool {
    match sort.table.name.as_str() {
        "dixit_kind" | "dixit_edge" => {
            held.get("id").and_then(Json::as_i64).is_some_and(|id| id >= 1000)
        }
        _ => true,
    }
}
