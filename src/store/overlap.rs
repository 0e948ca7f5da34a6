//! Undoing a change to a row that later changes touched as well: only the columns that it changed go back, and only where
//! no later change that stands has set them again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::batch::Batch;
use super::error::Error;
use super::history::note_undo;
use super::layout::Table;
use super::undo::Logged;
use super::verdicts;

/// Numbers of changes, each with that of another one.
type Pairs = BTreeMap<i64, i64>;

impl Batch<'_> {
    /// What a changed row is to hold again where later changes have a part in it: what it holds now, with what the change
    /// replaced. Refuses where a later change replaced that as well.
    pub(super) fn keep_the_rest(
        &self,
        number: i64,
        table: &Table,
        row: &Logged,
        since: &[Logged],
    ) -> Result<Option<String>, Error> {
        if since.is_empty() {
            return Ok(None);
        }
        let now = self.image_now(table, row)?;
        let (Some(mut held), Some(before), Some(after)) =
            (object(now.as_deref()), object(row.before.as_deref()), object(row.after.as_deref()))
        else {
            return self.refuse_changed(number, table, since).map(|()| None);
        };
        for column in table.columns.iter().map(|column| &column.name) {
            let (was, left) = (value(&before, column), value(&after, column));
            if was == left {
                continue;
            }
            let is_set_again = |row: &Logged| {
                cell(row.before.as_ref(), column) != cell(row.after.as_ref(), column)
            };
            if value(&held, column) != left || since.iter().any(is_set_again) {
                return Err(self.replaced(number, table, column, (now.as_deref(), since)));
            }
            held.insert(column.clone(), was);
        }
        Ok(Some(Json::Object(held).to_string()))
    }

    /// The changes after one that stand: not undone, and more than the undo of one of them.
    pub(super) fn standing(&self, number: i64) -> Result<BTreeSet<i64>, Error> {
        let (undone, undos) = self.undone()?;
        let sql = "SELECT id FROM change WHERE id > ?1";
        let later = self.all(sql, [number], |row| row.get::<_, i64>(0))?.into_iter();
        let stands = |change: &i64| {
            !undone.contains_key(change) && undos.get(change).is_none_or(|other| *other <= number)
        };
        Ok(later.filter(stands).collect())
    }

    /// The changes that are undone, each with the one that took it back and stands, and what each undo took back.
    pub(super) fn undone(&self) -> Result<(Pairs, Pairs), Error> {
        let sql = "SELECT id, undoes FROM change WHERE undoes IS NOT NULL ORDER BY id DESC";
        let (mut undone, mut undos) = (BTreeMap::new(), BTreeMap::new());
        for undo in self.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))? {
            note_undo(&mut undone, undo);
            undos.insert(undo.0, undo.1);
        }
        Ok((undone, undos))
    }

    /// What stands against an undo: a later change of a row.
    pub(super) fn changed_since(
        &self,
        number: i64,
        table: &Table,
        later: &Logged,
    ) -> Result<Error, Error> {
        let (now, by) = (self.image_now(table, later)?, later.change);
        let what = format!(
            "change {number} cannot be undone: {} was changed since, by change {by}",
            self.named_in(table, later, now.as_deref())
        );
        Ok(Error::Rule(what, Some(format!("undo change {by} first"))))
    }

    /// A row that later changes touched, in words; of a judgement, what it is about.
    fn named_in(&self, table: &Table, row: &Logged, now: Option<&str>) -> String {
        let image = now.or(row.before.as_deref()).or(row.after.as_deref());
        let about = image.and_then(|image| {
            verdicts::about(&self.writer.connection, &self.log.layout, &row.table, image)
        });
        about.unwrap_or_else(|| self.described(table, now.or(row.before.as_deref())))
    }

    fn replaced(
        &self,
        number: i64,
        table: &Table,
        column: &str,
        (now, since): (Option<&str>, &[Logged]),
    ) -> Error {
        let parts = ["_first", "_last", "_text"];
        let name = parts.iter().find_map(|part| column.strip_suffix(part)).unwrap_or(column);
        let replaces =
            |row: &&Logged| cell(row.before.as_ref(), column) != cell(row.after.as_ref(), column);
        let by = since.iter().filter(replaces).map(|row| row.change).max().unwrap_or_default();
        let what = format!(
            "change {number} cannot be undone: `{name}` of {} was changed since, by change {by}",
            self.described(table, now)
        );
        Error::Rule(what, Some(format!("undo change {by} first")))
    }
}

/// What a column of a row holds that was there.
fn cell(image: Option<&String>, column: &str) -> Option<Json> {
    object(image.map(String::as_str)).map(|row| value(&row, column))
}

fn object(image: Option<&str>) -> Option<Map<String, Json>> {
    match serde_json::from_str(image?) {
        Ok(Json::Object(row)) => Some(row),
        _ => None,
    }
}

/// What a column holds; one that a row lacks is null there.
fn value(row: &Map<String, Json>, column: &str) -> Json {
    row.get(column).cloned().unwrap_or(Json::Null)
}
