//! The log of changes can be read, and tells how everything came to be as it is: so that every change can be undone.

use rusqlite::OptionalExtension as _;
use serde_json::Value as Json;

use super::{Finding, MOST, Rule, Search, Weight};
use crate::store::catalogue::quoted;
use crate::store::error::Error;
use crate::store::layout::{Layout, Table};
use crate::store::log::{image, text};
use crate::store::undo::{alike, by_key};

const fn rule(code: &'static str, what: &'static str, next: &'static str) -> Rule {
    Rule { code, weight: Weight::Wrong, what, next }
}

static READABLE: Rule = rule(
    "S22",
    "a line of the log cannot be read",
    "another program wrote here: go back to a backup, or do without undoing it",
);
static TOLD: Rule = rule(
    "S23",
    "is not as the log left it",
    "another program wrote here, so this change is in no log and cannot be undone",
);

/// Lines that cannot be what this program writes.
const LINES: &[&str] = &[
    "SELECT 'change', c.id, 'it is ' || c.action FROM change AS c WHERE c.action NOT IN ('import', 'write', 'undo', 'schema', 'upgrade')",
    "SELECT 'change', c.id, 'its summary is no JSON' FROM change AS c WHERE NOT json_valid(c.summary)",
    "SELECT 'change', c.id, 'it is not in the order of time' FROM change AS c
     WHERE EXISTS (SELECT 1 FROM change AS d WHERE d.id < c.id AND d.at > c.at)",
    "SELECT 'change', c.id, 'it undoes no earlier one' FROM change AS c WHERE (c.action = 'undo') <> (c.undoes IS NOT NULL)
       OR c.undoes >= c.id",
    "SELECT 'change', c.id, 'it tells of no row' FROM change AS c
     WHERE NOT EXISTS (SELECT 1 FROM change_row AS r WHERE r.change = c.id)
       AND json_valid(c.summary) AND json_extract(c.summary, '$.without_rows') IS NULL
       AND EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(c.summary) THEN c.summary ELSE '{}' END) AS v,
         json_each(CASE v.type WHEN 'object' THEN v.value ELSE '{}' END) AS n
         WHERE v.key IN ('added', 'changed', 'deleted') AND n.key NOT LIKE 'declared %')",
    "SELECT 'change', r.change, 'line ' || r.place || ' tells of no change' FROM change_row AS r
     WHERE NOT EXISTS (SELECT 1 FROM change AS c WHERE c.id = r.change)",
    "SELECT 'change', r.change, 'line ' || r.place FROM change_row AS r
     WHERE (r.before IS NOT NULL AND NOT json_valid(r.before)) OR (r.after IS NOT NULL AND NOT json_valid(r.after))
       OR (r.key IS NOT NULL AND NOT json_valid(r.key)) OR (r.first IS NULL) <> (r.last IS NULL) OR r.first > r.last
       OR (r.key IS NULL) = (r.first IS NULL) OR (r.key IS NOT NULL AND r.before IS NULL AND r.after IS NULL)",
];

impl Search<'_> {
    pub(super) fn log(&mut self) -> Result<(), Error> {
        LINES.iter().try_for_each(|sql| self.ask(&READABLE, sql))?;
        if self.count(&READABLE) > 0 {
            return Ok(());
        }
        let layout = Layout::read(self.reader.connection());
        let layout = layout.map_err(|error| self.reader.failed(error))?;
        // A store that was made before the log kept rows has rows that no line tells of.
        let is_whole = self.reader.last_without_rows()?.is_none();
        for table in &layout.tables {
            self.as_left(table)?;
            if table.has_ids && table.kind.is_some() && is_whole {
                self.unlogged(table)?;
            }
        }
        Ok(())
    }

    /// Rows that the log names one by one hold what the last change left in them.
    fn as_left(&mut self, table: &Table) -> Result<(), Error> {
        let sql = format!(
            "SELECT r.first, r.key, r.after FROM change_row AS r WHERE r.table_name = {name}
               AND (r.before IS NOT NULL OR r.after IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM change_row AS n WHERE n.table_name = r.table_name AND n.change > r.change
                 AND n.key IS NULL AND r.key IS NULL AND n.last = r.last)
               AND NOT EXISTS (SELECT 1 FROM change_row AS n WHERE n.table_name = r.table_name AND n.change > r.change
                 AND n.key = r.key)
             ORDER BY r.change, r.place",
            name = text(&table.name)
        );
        let shown = image(table, "x");
        let condition =
            if table.has_ids { format!("x.{} = ?1", table.id()) } else { by_key(table, "?1") };
        let now = format!("SELECT {shown} FROM {} AS x WHERE {condition}", quoted(&table.name));
        let mut found = Vec::new();
        self.rows(&sql, |row| {
            let (id, key): (Option<i64>, Option<String>) = (row.get(0)?, row.get(1)?);
            let after: Option<String> = row.get(2)?;
            let mut statement = self.reader.connection().prepare_cached(&now)?;
            let held: Option<String> = match (&key, id) {
                (Some(key), _) => statement.query_row([key], |row| row.get(0)).optional()?,
                (None, id) => statement.query_row([id], |row| row.get(0)).optional()?,
            };
            if !alike(held.as_deref(), after.as_deref()) {
                let named = held.as_deref().or(after.as_deref()).and_then(key_in);
                let place = key.or_else(|| id.map(|id| format!("row {id}"))).unwrap_or_default();
                found.push(Finding {
                    rule: &TOLD,
                    kind: table.noun.clone(),
                    key: named.unwrap_or(place),
                    detail: None,
                });
            }
            Ok(found.len() < MOST)
        })?;
        self.findings.append(&mut found);
        Ok(())
    }

    /// Rows that no change added.
    fn unlogged(&mut self, table: &Table) -> Result<(), Error> {
        let ranges = format!(
            "SELECT first, last FROM change_row WHERE table_name = {} AND last IS NOT NULL ORDER BY first, last",
            text(&table.name)
        );
        let (mut gaps, mut next) = (Vec::new(), i64::MIN);
        self.rows(&ranges, |row| {
            let (first, last): (i64, i64) = (row.get(0)?, row.get(1)?);
            if first > next {
                gaps.push((next, first));
            }
            next = next.max(last.saturating_add(1));
            Ok(true)
        })?;
        gaps.push((next, i64::MAX));
        let key = if table.columns.iter().any(|column| column.name == "key") {
            "CAST(key AS TEXT)".to_owned()
        } else {
            format!("'row ' || {}", table.id())
        };
        for (from, before) in gaps {
            if self.count(&TOLD) >= MOST {
                break;
            }
            let sql = format!(
                "SELECT {}, {key}, 'no change added it' FROM {} WHERE {id} >= {from} AND {id} < {before}",
                text(&table.noun),
                quoted(&table.name),
                id = table.id()
            );
            self.ask(&TOLD, &sql)?;
        }
        Ok(())
    }
}

/// The key in a row of the log.
fn key_in(image: &str) -> Option<String> {
    let values: Json = serde_json::from_str(image).ok()?;
    values.get("key")?.as_str().map(str::to_owned)
}
