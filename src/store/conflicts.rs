//! What stands against undoing a change: rows that later changes made something else, and rows that rest on what would go.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::batch::Batch;
use super::catalogue::quoted;
use super::error::Error;
use super::layout::{Table, To};
use super::log::image;
use super::undo::{LOGGED, Logged, Rows, alike, by_key};
use crate::base::count::{counted, with_article};

impl Batch<'_> {
    /// Refuses where a row is no longer as the change left it. What later changes did to other columns of it is kept.
    pub(super) fn refuse_conflicts(&self, number: i64) -> Result<Rows, Error> {
        let mut rows = Rows { change: number, kept: BTreeMap::new() };
        let later = "SELECT 1 FROM change WHERE id > ?1";
        if self.first(later, [number], |_| Ok(()))?.is_none() {
            return Ok(rows);
        }
        let standing = self.standing(number)?;
        let mut kept = BTreeMap::new();
        self.each(&rows, |place, row| {
            let Some(table) = self.log.layout.table(&row.table) else { return Ok(()) };
            let mut since = match (&row.key, row.ids) {
                (Some(key), _) => {
                    let sql = format!(
                        "{LOGGED} WHERE table_name = ?1 AND key = ?2 AND change > ?3 ORDER BY change"
                    );
                    self.all(&sql, (&row.table, key, number), Logged::read)?
                }
                (None, Some((first, last))) => {
                    let sql = format!(
                        "{LOGGED} WHERE table_name = ?1 AND last BETWEEN ?2 AND ?3 AND change > ?4 ORDER BY change"
                    );
                    self.all(&sql, (&row.table, first, last, number), Logged::read)?
                }
                (None, None) => Vec::new(),
            };
            let is_changed = row.before.is_some() && row.after.is_some();
            if is_changed || row.key.is_some() {
                since.retain(|later| standing.contains(&later.change));
            }
            if is_changed {
                if let Some(image) = self.keep_the_rest(number, table, &row, &since)? {
                    kept.insert(place, image);
                }
                return Ok(());
            }
            if let (Some(later), Some(_)) = (since.last(), &row.key) {
                return Err(self.changed_since(number, table, later)?);
            }
            self.refuse_changed(number, table, &since)?;
            if row.is_range() {
                self.refuse_changed_links(number, table, row.ids.unwrap_or_default())?;
            }
            Ok(())
        })?;
        rows.kept = kept;
        Ok(rows)
    }

    /// The same of the links that belong to rows which the change added.
    fn refuse_changed_links(
        &self,
        number: i64,
        owner: &Table,
        (first, last): (i64, i64),
    ) -> Result<(), Error> {
        let links: Vec<Table> =
            self.log.layout.tables.iter().filter(|link| !link.has_ids).cloned().collect();
        for link in links {
            let Some((id, kind)) = owner_places(&link, owner) else { continue };
            let of_kind = kind.map_or_else(String::new, |(place, kind)| {
                format!(" AND json_extract(key, '$[{place}]') = {kind}")
            });
            let sql = format!(
                "{LOGGED} WHERE change > ?1 AND table_name = ?2 AND key IS NOT NULL
                   AND json_extract(key, '$[{id}]') BETWEEN ?3 AND ?4{of_kind} ORDER BY change"
            );
            let since = self.all(&sql, (number, &link.name, first, last), Logged::read)?;
            self.refuse_changed(number, &link, &since)?;
        }
        Ok(())
    }

    /// What later changes found is what this one left: it must be there again.
    pub(super) fn refuse_changed(
        &self,
        number: i64,
        table: &Table,
        since: &[Logged],
    ) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for row in since {
            if !seen.insert((row.ids, row.key.clone())) {
                continue;
            }
            let now = self.image_now(table, row)?;
            if alike(now.as_deref(), row.before.as_deref()) {
                continue;
            }
            let same = |other: &&Logged| other.ids == row.ids && other.key == row.key;
            let by = since.iter().filter(same).max_by_key(|row| row.change);
            return Err(self.changed_since(number, table, by.unwrap_or(row))?);
        }
        Ok(())
    }

    pub(super) fn image_now(&self, table: &Table, row: &Logged) -> Result<Option<String>, Error> {
        let name = quoted(&table.name);
        let image = image(table, "x");
        match (&row.key, row.ids) {
            (Some(key), _) => {
                let sql = format!("SELECT {image} FROM {name} AS x WHERE {}", by_key(table, "?1"));
                self.first(&sql, [key], |row| row.get(0))
            }
            (None, Some((id, _))) => {
                let sql = format!("SELECT {image} FROM {name} AS x WHERE x.{} = ?1", table.id());
                self.first(&sql, [id], |row| row.get(0))
            }
            (None, None) => Ok(None),
        }
    }

    /// A row in words: `actor 'marco-rubio'`, `an edge of statement 'x'`.
    pub(super) fn described(&self, table: &Table, image: Option<&str>) -> String {
        let values = image.and_then(|image| serde_json::from_str::<Json>(image).ok());
        let key = values.as_ref().and_then(|values| values.get("key")?.as_str().map(str::to_owned));
        if let Some(key) = key {
            return format!("{} '{key}'", table.noun);
        }
        let first = table.references.iter().find_map(|reference| {
            let To::Table(to) = &reference.to else { return None };
            let id = values.as_ref()?.get(&reference.column)?.as_i64()?;
            let noun = self.log.layout.table(to)?.noun.clone();
            let sql = format!("SELECT key FROM {} WHERE id = ?1", quoted(to));
            let key: Option<String> = self.first(&sql, [id], |row| row.get(0)).ok().flatten();
            Some(format!(" of {noun} '{}'", key?))
        });
        format!("{}{}", with_article(&table.noun), first.unwrap_or_default())
    }

    /// Refuses where something added since rests on what went, or what came back rests on something that is gone.
    pub(super) fn refuse_dangling(&self, rows: &Rows) -> Result<(), Error> {
        let number = rows.change;
        self.each(rows, |_, row| {
            if let (Some(table), Some(ids), None) =
                (self.log.layout.table(&row.table), row.ids, &row.before)
            {
                self.refuse_needed(number, table, ids)?;
            }
            self.refuse_lost(number, &row)
        })
    }

    fn refuse_needed(
        &self,
        number: i64,
        gone: &Table,
        (first, last): (i64, i64),
    ) -> Result<(), Error> {
        for table in &self.log.layout.tables {
            for reference in &table.references {
                let column = quoted(&reference.column);
                let of = match (&reference.to, gone.kind) {
                    (To::Table(to), _) if *to == gone.name => String::new(),
                    (To::Kind(of), Some(kind)) => format!("{} = {kind} AND ", quoted(of)),
                    (To::Table(_) | To::Kind(_), _) => continue,
                };
                // A row that was added and deleted in one change was never there.
                let sql = format!(
                    "SELECT count(*) FROM {} WHERE {of}{column} BETWEEN ?1 AND ?2
                       AND NOT EXISTS (SELECT 1 FROM {} AS n WHERE n.{} = {column})",
                    quoted(&table.name),
                    quoted(&gone.name),
                    gone.id()
                );
                let count: i64 =
                    self.first(&sql, [first, last], |row| row.get(0))?.unwrap_or_default();
                if count > 0 {
                    let what = format!(
                        "change {number} cannot be undone: {} that came since rests on what it added",
                        counted(count, &table.noun)
                    );
                    let next = "undo the later change first: `dixit log` lists them".to_owned();
                    return Err(Error::Rule(what, Some(next)));
                }
            }
        }
        Ok(())
    }

    fn refuse_lost(&self, number: i64, row: &Logged) -> Result<(), Error> {
        let (Some(before), Some(table)) = (&row.before, self.log.layout.table(&row.table)) else {
            return Ok(());
        };
        let Ok(Json::Object(values)) = serde_json::from_str::<Json>(before) else {
            return Ok(());
        };
        for reference in &table.references {
            let int = |column: &str| values.get(column).and_then(Json::as_i64);
            let Some(id) = int(&reference.column) else { continue };
            let target = match &reference.to {
                To::Table(to) => self.log.layout.table(to),
                To::Kind(kind) => int(kind).and_then(|kind| self.log.layout.of_kind(kind)),
            };
            let Some(target) = target else { continue };
            let sql = format!("SELECT 1 FROM {} WHERE {} = ?1", quoted(&target.name), target.id());
            if self.first(&sql, [id], |_| Ok(()))?.is_none() {
                let what = format!(
                    "change {number} cannot be undone: {} rests on a {} that is gone since",
                    self.described(table, Some(before)),
                    target.noun
                );
                let next = "undo the later change first: `dixit log` lists them".to_owned();
                return Err(Error::Rule(what, Some(next)));
            }
        }
        Ok(())
    }
}

/// Where the owner's id stands in the key of a link, and its kind if that may be any: place and number.
fn owner_places(link: &Table, owner: &Table) -> Option<(usize, Option<(usize, i64)>)> {
    let reference = link.owner()?;
    let place = |column: &str| link.key.iter().position(|known| known == column);
    let id = place(&reference.column)?;
    match &reference.to {
        To::Table(to) if *to == owner.name => Some((id, None)),
        To::Kind(of) => Some((id, Some((place(of)?, owner.kind?)))),
        To::Table(_) => None,
    }
}
