//! Undoing a change to a row that later changes touched as well: only the columns that it changed go back, and only where
//! they still hold what it left there.

use serde_json::{Map, Value as Json};

use super::batch::Batch;
use super::error::Error;
use super::layout::Table;
use super::undo::Logged;

impl Batch<'_> {
    /// Makes what a changed row is to hold again: what it holds now, with what the change replaced. Refuses where a later
    /// change replaced that as well.
    pub(super) fn keep_the_rest(
        &self,
        number: i64,
        table: &Table,
        row: &mut Logged,
        since: &[Logged],
    ) -> Result<(), Error> {
        if since.is_empty() {
            return Ok(());
        }
        let now = self.image_now(table, row)?;
        let (Some(mut held), Some(before), Some(after)) =
            (object(now.as_deref()), object(row.before.as_deref()), object(row.after.as_deref()))
        else {
            return self.refuse_changed(number, table, since);
        };
        for column in table.columns.iter().map(|column| &column.name) {
            let (was, left) = (value(&before, column), value(&after, column));
            if was == left {
                continue;
            }
            if value(&held, column) != left {
                return Err(self.replaced(number, table, column, (now.as_deref(), since)));
            }
            held.insert(column.clone(), was);
        }
        row.before = Some(Json::Object(held).to_string());
        Ok(())
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
        let replaces = |row: &&Logged| {
            let of =
                |image: &Option<String>| object(image.as_deref()).map(|row| value(&row, column));
            of(&row.before) != of(&row.after)
        };
        let by = since.iter().filter(replaces).map(|row| row.change).max().unwrap_or_default();
        let what = format!(
            "change {number} cannot be undone: `{name}` of {} was changed since, by change {by}",
            self.described(table, now)
        );
        Error::Rule(what, Some(format!("undo change {by} first")))
    }
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
