//! What the database itself can tell: damaged pages, indexes that miss rows, ids that lead nowhere.

use super::{Finding, Rule, Search, Weight};
use crate::store::error::Error;

const SOUND: Rule = Rule {
    code: "S12",
    weight: Weight::Wrong,
    what: "the file is damaged",
    next: "go back to a backup; `sqlite3 FILE .recover` saves what can still be read",
};
const LEADS: Rule = Rule {
    code: "S13",
    weight: Weight::Wrong,
    what: "an id leads to no row",
    next: "another program wrote here: bring back what was deleted, or go back to a backup",
};
static RULES: [Rule; 2] = [SOUND, LEADS];

impl Search<'_> {
    pub(super) fn engine(&mut self) -> Result<(), Error> {
        let [sound, leads] = &RULES;
        let mut found = Vec::new();
        self.rows("PRAGMA integrity_check", |row| {
            let text: String = row.get(0)?;
            if text != "ok" {
                let (kind, key) = ("file".to_owned(), text);
                found.push(Finding { rule: sound, kind, key, detail: None });
            }
            Ok(true)
        })?;
        self.rows("PRAGMA foreign_key_check", |row| {
            let (table, id): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
            let parent: String = row.get(2)?;
            let key = id.map_or_else(|| "a row".to_owned(), |id| format!("row {id}"));
            let detail = Some(format!("to {parent}"));
            found.push(Finding { rule: leads, kind: table, key, detail });
            Ok(found.len() < 2 * super::MOST)
        })?;
        self.findings.append(&mut found);
        Ok(())
    }
}
