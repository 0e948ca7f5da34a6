//! Nodes are found by their names: the table of folded names holds just what keys, names and other names come to, and the
//! indexes for words hold just the rows that there are.

use super::{Finding, Rule, Search, Weight};
use crate::record::catalogue::Kind;
use crate::store::catalogue::{self, quoted};
use crate::store::error::Error;
use crate::store::log::text;

const NEXT: &str = "another program wrote here: set the name anew, and it is found again";

static LOST: Rule =
    Rule { code: "S08", weight: Weight::Wrong, what: "cannot be found by its name", next: NEXT };
static STALE: Rule = Rule {
    code: "S15",
    weight: Weight::Wrong,
    what: "is found by a name that it does not have",
    next: NEXT,
};
static WORDS: Rule = Rule {
    code: "S21",
    weight: Weight::Wrong,
    what: "the index of words is not in step",
    next: "another program wrote here: set the text anew, and its words are found again",
};

impl Search<'_> {
    pub(super) fn names(&mut self) -> Result<(), Error> {
        let kinds = catalogue::kinds(self.reader.connection());
        for kind in kinds.map_err(|error| self.reader.failed(error))? {
            self.folded(&kind)?;
        }
        for property in self.reader.catalogue()?.properties {
            if let (Some(index), Some(column)) = (&property.search, &property.column) {
                self.words(index, &property.table, column)?;
            }
        }
        self.texts()
    }

    /// The words in the indexes are those of the texts, which only a connection that could write may ask. Where the file
    /// cannot be written or somebody else is writing, the rows alone are compared.
    fn texts(&mut self) -> Result<(), Error> {
        let mut found = Vec::new();
        let indexes = self.reader.catalogue()?.properties.into_iter();
        let indexes = indexes.filter_map(|property| Some((property.search?, property.table)));
        let Some(connection) = self.reader.second() else { return Ok(()) };
        for (index, table) in indexes {
            let index = quoted(&index);
            let sql = format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
            if let Err(error) = connection.execute_batch(&sql)
                && error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt)
                && self.findings.iter().all(|known| known.rule != &WORDS || known.kind != table)
            {
                let detail = Some("it holds other words than the texts".to_owned());
                found.push(Finding { rule: &WORDS, kind: table, key: index, detail });
            }
        }
        self.findings.append(&mut found);
        Ok(())
    }

    fn folded(&mut self, kind: &Kind) -> Result<(), Error> {
        let Some(key) = kind.key_column.as_deref() else { return Ok(()) };
        let (number, noun) = (kind.id, text(&kind.name.to_lowercase()));
        let (table, key) = (quoted(&kind.table), quoted(key));
        let shown = kind.shown.as_deref().map(quoted).filter(|shown| *shown != key);
        let there = |name: &str| {
            format!(
                "EXISTS (SELECT 1 FROM lookup AS l WHERE l.kind = {number} AND l.folded = dixit_lookup({name}) AND l.node = n.id)"
            )
        };
        let by_key = format!("n.{key}");
        // A key is found by itself, folded, and in capital letters without being kept for look-up.
        let mut lost = format!(
            "({by_key} NOT IN (dixit_fold({by_key}), dixit_capital({by_key}), dixit_lookup({by_key})) AND NOT {})",
            there(&by_key)
        );
        let mut held = format!("dixit_lookup({by_key}) = l.folded");
        if let Some(shown) = shown {
            let name = format!("n.{shown}");
            lost = format!("{lost} OR ({name} IS NOT NULL AND NOT {})", there(&name));
            held = format!("{held} OR dixit_lookup({name}) = l.folded");
        }
        self.ask(&LOST, &format!("SELECT {noun}, n.{key} FROM {table} AS n WHERE {lost}"))?;
        let others = format!(
            "SELECT {noun}, n.{key}, a.name FROM alias AS a CROSS JOIN {table} AS n ON n.id = a.node
             WHERE a.kind = {number} AND NOT {}",
            there("a.name")
        );
        self.ask(&LOST, &others)?;
        let stale = format!(
            "SELECT {noun}, coalesce((SELECT n.{key} FROM {table} AS n WHERE n.id = l.node), 'id ' || l.node), l.folded
             FROM lookup AS l WHERE l.kind = {number}
               AND NOT EXISTS (SELECT 1 FROM {table} AS n WHERE n.id = l.node AND ({held}))
               AND NOT EXISTS (SELECT 1 FROM alias AS a WHERE a.kind = {number} AND a.node = l.node
                 AND dixit_lookup(a.name) = l.folded)"
        );
        self.ask(&STALE, &stale)
    }

    /// Each row is in the index and nothing else is.
    fn words(&mut self, index: &str, table: &str, column: &str) -> Result<(), Error> {
        let (noun, sizes) = (text(table), quoted(&format!("{index}_docsize")));
        let (table, column) = (quoted(table), quoted(column));
        let sql = format!(
            "SELECT {noun}, 'row ' || n.id, 'not in it' FROM {table} AS n
             WHERE n.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {sizes} AS d WHERE d.id = n.id)
             UNION ALL SELECT {noun}, 'row ' || d.id, 'in it, and not there' FROM {sizes} AS d
             WHERE NOT EXISTS (SELECT 1 FROM {table} AS n WHERE n.id = d.id)"
        );
        self.ask(&WORDS, &sql)
    }
}
