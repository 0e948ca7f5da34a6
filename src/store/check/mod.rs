//! Proves what every store promises, and lists what a reader should look at. Each promise is a row: a code, a sentence, what
//! to do next, and the query that finds breaches. Rows are read one by one, so that a large store takes no more memory.

mod engine;
mod kept;
mod logged;
mod looks;
mod names;
mod quotes;
mod rules;
mod stake;

use rusqlite::Row;

use super::Reader;
use super::error::Error;

/// Something wrong with a store, or something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule: its code, its words, and what to do.
    pub rule: &'static Rule,
    /// The kind of what it is about, in lower case; otherwise a table.
    pub kind: String,
    /// The key of it, or what else tells it from others.
    pub key: String,
    /// What is the matter with this one, where the rule does not say all.
    pub detail: Option<String>,
}

/// A promise, or what a reader should look at.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable and unique, such as `S01`.
    pub code: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// What is the matter where it is broken, in words.
    pub what: &'static str,
    /// What to do then.
    pub next: &'static str,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A store must not have it: questions may be answered wrongly.
    Wrong,
    /// It may be meant; somebody should look.
    Look,
}

impl Weight {
    /// One word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Look => "look",
        }
    }
}

/// So many findings of one rule are told.
pub const MOST: usize = 100;

/// What is found while a store is looked through.
struct Search<'r> {
    reader: &'r Reader,
    findings: Vec<Finding>,
}

/// Everything wrong with a store: at most [`MOST`] findings a rule.
pub fn check(reader: &Reader) -> Result<Vec<Finding>, Error> {
    let mut search = Search { reader, findings: Vec::new() };
    search.everything_wrong()?;
    Ok(search.sorted())
}

/// Everything wrong with a store, and what somebody should look at.
pub fn look_through(reader: &Reader) -> Result<Vec<Finding>, Error> {
    let mut search = Search { reader, findings: Vec::new() };
    search.everything_wrong()?;
    search.looks()?;
    search.mixed_names()?;
    search.quotes()?;
    Ok(search.sorted())
}

impl Search<'_> {
    fn everything_wrong(&mut self) -> Result<(), Error> {
        self.engine()?;
        self.rules()?;
        self.kept()?;
        self.names()?;
        self.log()
    }

    fn sorted(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings
            .sort_by(|a, b| (a.rule.code, &a.kind, &a.key).cmp(&(b.rule.code, &b.kind, &b.key)));
        findings
    }
}

impl Search<'_> {
    /// Asks a query whose columns are the kind, the key and, if there is a third, what is the matter.
    fn ask(&mut self, rule: &'static Rule, sql: &str) -> Result<(), Error> {
        let left = MOST.saturating_sub(self.count(rule));
        let mut found = Vec::new();
        self.rows(&format!("{sql} LIMIT {left}"), |row| {
            let text = |at: usize| -> rusqlite::Result<String> {
                Ok(match row.get_ref(at)? {
                    rusqlite::types::ValueRef::Null => "∅".to_owned(),
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    rusqlite::types::ValueRef::Real(number) => number.to_string(),
                    rusqlite::types::ValueRef::Text(bytes)
                    | rusqlite::types::ValueRef::Blob(bytes) => {
                        String::from_utf8_lossy(bytes).into_owned()
                    }
                })
            };
            let detail = if row.as_ref().column_count() > 2 { Some(text(2)?) } else { None };
            found.push(Finding { rule, kind: text(0)?, key: text(1)?, detail });
            Ok(true)
        })?;
        self.findings.append(&mut found);
        Ok(())
    }

    /// How many findings of a rule there are.
    fn count(&self, rule: &'static Rule) -> usize {
        self.findings.iter().filter(|found| found.rule == rule).count()
    }

    /// Reads rows as long as they are wanted.
    fn rows(
        &self,
        sql: &str,
        mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<(), Error> {
        let mut run = || {
            let mut statement = self.reader.connection().prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if !each(row)? {
                    break;
                }
            }
            Ok(())
        };
        run().map_err(|error| self.reader.failed(error))
    }
}
