//! Keeps names findable: folded look-up entries, aliases and the full-text indexes.

use super::{
    batch::{Batch, Kind},
    catalogue::quoted,
    error::Error,
    known::Text,
    log::Log,
};
use crate::base::fold::{fold, kept_form, key_forms, lookup_form};
use crate::record::key;
use rusqlite::{Connection, Result as Outcome, Row};
use std::collections::BTreeSet;

/// How many nodes of one name are told.
pub(super) const MOST_CALLED: usize = 5;

/// How a text finds a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// By key, name or alias; case, accents and width do not count.
    Folded,
    /// By key, name or alias, where every character counts.
    Exact,
    /// By key only.
    Key,
}

/// What a text found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Just one.
    One(i64),
    /// None.
    Nothing,
    /// Several, with their keys.
    Several(Vec<String>),
}

/// A full-text index over one column.
#[derive(Debug)]
pub(crate) struct Search {
    index: String,
    table: String,
    pub(crate) column: String,
    /// Highest id before this import; rows above it are indexed at the end.
    before: i64,
}

/// All full-text indexes of a store.
pub(crate) fn all(connection: &Connection, log: &Log) -> Outcome<Vec<Search>> {
    let sql = "SELECT search, table_name, column_name FROM dixit_property WHERE search IS NOT NULL ORDER BY search";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let table: String = row.get(1)?;
        let before = log.base(&table);
        Ok(Search { index: row.get(0)?, table, column: row.get(2)?, before })
    })?;
    rows.collect()
}

impl Search {
    /// Indexes the rows that this import added.
    pub(crate) fn add_new(&self, connection: &Connection) -> Outcome<()> {
        let (index, column) = (quoted(&self.index), quoted(&self.column));
        let sql = format!(
            "INSERT INTO {index} (rowid, {column}) SELECT id, {column} FROM {} WHERE id > ?1",
            quoted(&self.table)
        );
        connection.execute(&sql, [self.before]).map(|_| ())
    }
}

impl Search {
    /// Whether it is over a column of this table.
    pub(crate) fn is_of(&self, table: &str) -> bool {
        self.table == table
    }

    /// SQL that takes the rows with ids between two parameters out.
    pub(crate) fn forget_range(&self) -> String {
        let (index, column) = (quoted(&self.index), quoted(&self.column));
        format!(
            "INSERT INTO {index} ({index}, rowid, {column}) SELECT 'delete', id, {column} FROM {} WHERE id BETWEEN ?1 AND ?2",
            quoted(&self.table)
        )
    }
}

impl Batch<'_> {
    /// The node of a kind with this key.
    pub fn by_key(&self, kind: usize, key: &str) -> Result<Option<i64>, Error> {
        let Some(kind) = self.kinds.get(kind) else { return Ok(None) };
        let Some(nodes) = self.remembered(kind, Text::Key(key))? else {
            return self.first(&kind.by_key, [key], |row| row.get(0));
        };
        for node in nodes {
            if self.first(&kind.has_key, (node, key), |_| Ok(()))?.is_some() {
                return Ok(Some(node));
            }
        }
        Ok(None)
    }

    /// The nodes that a text may stand for, where a large import has them all in memory.
    fn remembered(&self, kind: &Kind, text: Text<'_>) -> Result<Option<Vec<i64>>, Error> {
        {
            let known = self.known.borrow();
            let Some(known) = known.as_ref().filter(|known| known.holds(kind.id)) else {
                return Ok(None);
            };
            if let Some(nodes) = known.nodes(kind.id, text) {
                return Ok(Some(nodes));
            }
        }
        self.index_names()?;
        Ok(None)
    }

    /// Remembers what a node is found by, where all of its kind are in memory; whether they are.
    fn remember(&self, kind: i64, node: i64, texts: &[Text<'_>]) -> Result<bool, Error> {
        let mut has_room = true;
        {
            let mut known = self.known.borrow_mut();
            let Some(known) = known.as_mut().filter(|known| known.holds(kind)) else {
                return Ok(false);
            };
            for text in texts {
                has_room &= known.meet(kind, *text, node);
            }
        }
        if !has_room {
            self.index_names()?;
        }
        Ok(true)
    }

    /// A key that no node of a kind has yet: `base`, or that with something behind it.
    pub fn free_key(&self, kind: usize, base: &str, content: &str) -> Result<String, Error> {
        let mut last = base.to_owned();
        for key in key::candidates(base, content) {
            if self.by_key(kind, &key)?.is_none() {
                return Ok(key);
            }
            last = key;
        }
        Ok(last)
    }

    /// The node of a kind that a text means.
    pub fn find(&self, kind: usize, text: &str, matching: Matching) -> Result<Found, Error> {
        if let Some(id) = self.by_key(kind, text)? {
            return Ok(Found::One(id));
        }
        let Some(known) = self.kinds.get(kind) else { return Ok(Found::Nothing) };
        match matching {
            Matching::Key => Ok(Found::Nothing),
            Matching::Exact => {
                let exact = self.called(known, text, true)?;
                Ok(exact.first().map_or(Found::Nothing, |(id, _)| Found::One(*id)))
            }
            Matching::Folded => self.find_folded(kind, known, text),
        }
    }

    /// The first nodes of a kind that go by a name, with their keys; in every character where `exact`.
    pub(super) fn called(
        &self,
        kind: &Kind,
        text: &str,
        exact: bool,
    ) -> Result<Vec<(i64, String)>, Error> {
        let form = lookup_form(text);
        if let Some(mut nodes) = self.called_in_memory(kind, (&form, text), exact)? {
            nodes.truncate(MOST_CALLED);
            return Ok(nodes);
        }
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        if exact {
            return self.all(&kind.by_exact_name, (form, text), read);
        }
        self.all(&kind.by_name, [form], read)
    }

    /// All of them, where a large import has them in memory.
    fn called_in_memory(
        &self,
        kind: &Kind,
        (form, text): (&str, &str),
        exact: bool,
    ) -> Result<Option<Vec<(i64, String)>>, Error> {
        let Some(nodes) = self.remembered(kind, Text::Form(form))? else { return Ok(None) };
        let mut called = Vec::new();
        for node in nodes {
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let Some((key, shown)): Option<(String, Option<String>)> =
                self.first(&kind.names, [node], read)?
            else {
                continue;
            };
            let aliases = "SELECT name FROM alias WHERE kind = ?1 AND node = ?2";
            let mut names: Vec<String> = self.all(aliases, [kind.id, node], |row| row.get(0))?;
            names.extend(shown.filter(|_| kind.shown.is_some()));
            let is_called = if exact {
                names.iter().any(|name| name == text)
            } else {
                let mut forms = names.iter().map(|name| lookup_form(name)).chain(kept_form(&key));
                forms.any(|known| known == form)
            };
            if is_called {
                called.push((node, key));
            }
        }
        Ok(Some(called))
    }

    /// The actor that a text names, of those who are known by name: others belong to their source, even where somebody
    /// has a name that reads like their description.
    pub fn find_named(&self, text: &str, matching: Matching) -> Result<Found, Error> {
        let named = "a.identity IS NOT (SELECT id FROM term
            WHERE vocabulary = 'identity' AND term = 'described')
          AND a.identity IS NOT (SELECT id FROM term
            WHERE vocabulary = 'identity' AND term = 'unidentified')";
        let sql = format!(
            "SELECT DISTINCT a.id, a.key FROM lookup l JOIN actor a ON a.id = l.node
          WHERE l.kind = ?1 AND l.folded = ?2 AND {named}
          AND (?3 IS NULL OR a.name = ?3 OR EXISTS (SELECT 1 FROM alias o
            WHERE o.kind = l.kind AND o.node = a.id AND o.name = ?3)) ORDER BY l.node LIMIT {MOST_CALLED}"
        );
        let Some(index) = self.kind("actor") else { return Ok(Found::Nothing) };
        if matching == Matching::Key {
            return self.find(index, text, matching);
        }
        let Some(kind) = self.kinds.get(index) else { return Ok(Found::Nothing) };
        let exact = matching == Matching::Exact;
        let form = lookup_form(text);
        let found = if let Some(all) = self.called_in_memory(kind, (&form, text), exact)? {
            let sql = format!("SELECT 1 FROM actor a WHERE a.id = ?1 AND {named}");
            let mut found = Vec::new();
            for (id, key) in all {
                if self.first(&sql, [id], |_| Ok(()))?.is_some() {
                    found.push((id, key));
                }
            }
            found
        } else {
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            self.all(&sql, (kind.id, form, exact.then_some(text)), read)?
        };
        Ok(match found.as_slice() {
            [] => Found::Nothing,
            [(id, _)] => Found::One(*id),
            _ => Found::Several(found.into_iter().map(|(_, key)| key).collect()),
        })
    }

    fn find_folded(&self, at: usize, kind: &Kind, text: &str) -> Result<Found, Error> {
        let found = self.called(kind, text, false)?;
        match found.as_slice() {
            [] => {
                for form in key_forms(text).iter().filter(|form| *form != text) {
                    if let Some(id) = self.by_key(at, form)? {
                        return Ok(Found::One(id));
                    }
                }
                Ok(Found::Nothing)
            }
            [(id, _)] => Ok(Found::One(*id)),
            several => match self.judged_one(kind.id, several)? {
                Some(id) => Ok(Found::One(id)),
                None => Ok(Found::Several(found.into_iter().map(|(_, key)| key).collect())),
            },
        }
    }

    /// The node that all of several are judged to be, if they are one.
    fn judged_one(&self, kind: i64, several: &[(i64, String)]) -> Result<Option<i64>, Error> {
        let mut all = BTreeSet::new();
        for (id, _) in several {
            all.insert(self.read_as(kind, *id)?);
        }
        let one = if all.len() == 1 { all.pop_first() } else { None };
        Ok(one)
    }

    /// The node that a node is judged to be, or itself.
    pub(crate) fn read_as(&self, kind: i64, node: i64) -> Result<i64, Error> {
        let sql = "SELECT same FROM same_as WHERE kind = ?1 AND node = ?2";
        Ok(self.first(sql, [kind, node], |row| row.get(0))?.unwrap_or(node))
    }

    /// Keys of a kind near the place of `key` in the alphabet, to suggest one.
    pub fn neighbours(&self, kind: usize, key: &str) -> Result<Vec<String>, Error> {
        self.index_names()?;
        let Some(kind) = self.kinds.get(kind) else { return Ok(Vec::new()) };
        let mut near = Vec::new();
        let starts = [3, 1, 0].map(|letters| key.chars().take(letters).collect::<String>());
        for (start, limit) in starts.iter().zip([500, 2000, 2000]) {
            near.extend(self.all(&kind.keys, (start, limit), |row| row.get::<_, String>(0))?);
        }
        Ok(near)
    }

    /// Names of a kind near the place of `name` in the alphabet, to suggest one.
    pub fn near_names(&self, kind: usize, name: &str) -> Result<Vec<String>, Error> {
        self.index_names()?;
        let Some((kind, column)) =
            self.kinds.get(kind).and_then(|kind| Some((kind, quoted(kind.shown.as_ref()?))))
        else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT n.{column} FROM lookup AS l CROSS JOIN {} AS n ON n.id = l.node
             WHERE l.kind = {} AND l.folded >= ?1 ORDER BY l.folded LIMIT ?2",
            quoted(&kind.table),
            kind.id
        );
        let folded = fold(name);
        let mut near = Vec::new();
        for (letters, limit) in [(3, 500), (1, 2000), (0, 2000)] {
            let start: String = folded.chars().take(letters).collect();
            near.extend(self.all(&sql, (start, limit), |row| row.get::<_, String>(0))?);
        }
        Ok(near)
    }

    /// The names of a kind with their nodes, at most `limit`.
    pub fn shown_names(&self, kind: usize, limit: usize) -> Result<Vec<(i64, String)>, Error> {
        let Some((kind, column)) =
            self.kinds.get(kind).and_then(|kind| Some((kind, quoted(kind.shown.as_ref()?))))
        else {
            return Ok(Vec::new());
        };
        let sql = format!("SELECT id, {column} FROM {} ORDER BY id LIMIT ?1", quoted(&kind.table));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.all(&sql, [limit], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Makes a new node findable by its key, where folding changes it, and by its name.
    pub(crate) fn add_names(
        &self,
        kind: i64,
        node: i64,
        key: &str,
        shown: Option<&str>,
    ) -> Result<(), Error> {
        let forms: Vec<String> = kept_form(key).into_iter().chain(shown.map(lookup_form)).collect();
        let texts: Vec<Text<'_>> =
            [Text::Key(key)].into_iter().chain(forms.iter().map(|form| Text::Form(form))).collect();
        if self.remember(kind, node, &texts)? {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO lookup (kind, folded, node) VALUES (?1, ?2, ?3)";
        forms.iter().try_for_each(|form| self.run(sql, (kind, form, node)).map(|_| ()))
    }

    /// Makes the look-up entries of a node anew after its name or its aliases changed; `forget_names` came before that.
    pub(crate) fn renew_names(&self, kind: usize, node: i64) -> Result<(), Error> {
        let Some(kind) = self.kinds.get(kind) else { return Ok(()) };
        let sql = "INSERT OR IGNORE INTO lookup (kind, folded, node) VALUES (?1, ?2, ?3)";
        self.each_form(kind, node, sql)
    }

    /// Takes the look-up entries of a node away, before its name or its aliases change. They follow from what it has.
    pub(crate) fn forget_names(&self, kind: usize, node: i64) -> Result<(), Error> {
        let Some(kind) = self.kinds.get(kind) else { return Ok(()) };
        let sql = "DELETE FROM lookup WHERE kind = ?1 AND folded = ?2 AND node = ?3";
        self.each_form(kind, node, sql)
    }

    /// Runs a statement for all that a node is looked up by.
    fn each_form(&self, kind: &Kind, node: i64, sql: &str) -> Result<(), Error> {
        let shown = quoted(kind.shown.as_deref().unwrap_or("key"));
        let names = format!("SELECT key, {shown} FROM {} WHERE id = ?1", quoted(&kind.table));
        let names: Option<(String, Option<String>)> =
            self.first(&names, [node], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((key, shown)) = names else { return Ok(()) };
        let mut forms: Vec<String> = kept_form(&key).into_iter().collect();
        forms.extend(shown.filter(|_| kind.shown.is_some()).as_deref().map(lookup_form));
        let aliases = "SELECT name FROM alias WHERE kind = ?1 AND node = ?2";
        for alias in self.all(aliases, (kind.id, node), |row| row.get::<_, String>(0))? {
            forms.push(lookup_form(&alias));
        }
        // What is in memory is always compared with what the node is called now, so that nothing need be forgotten.
        let texts: Vec<Text<'_>> = forms.iter().map(|form| Text::Form(form)).collect();
        if self.remember(kind.id, node, &texts)? {
            return Ok(());
        }
        forms.iter().try_for_each(|form| self.run(sql, (kind.id, form, node)).map(|_| ()))
    }

    /// Gives a node exactly these other names; tells whether that changed anything.
    pub fn set_aliases(&self, kind: usize, node: i64, names: &[&str]) -> Result<bool, Error> {
        let Some(id) = self.kinds.get(kind).map(|kind| kind.id) else { return Ok(false) };
        let known: Vec<String> =
            self.all("SELECT name FROM alias WHERE kind = ?1 AND node = ?2", (id, node), |row| {
                row.get(0)
            })?;
        let gone: Vec<&String> =
            known.iter().filter(|name| !names.contains(&name.as_str())).collect();
        let new: Vec<&&str> =
            names.iter().filter(|name| !known.iter().any(|known| known == *name)).collect();
        if gone.is_empty() && new.is_empty() {
            return Ok(false);
        }
        self.forget_names(kind, node)?;
        for name in gone {
            let sql = "DELETE FROM alias WHERE kind = ?1 AND node = ?2 AND name = ?3";
            self.run(sql, (id, node, name))?;
        }
        for name in new {
            let sql = "INSERT OR IGNORE INTO alias (kind, node, name) VALUES (?1, ?2, ?3)";
            self.run(sql, (id, node, name))?;
        }
        self.renew_names(kind, node)?;
        Ok(true)
    }

    /// The other names of a node.
    pub fn aliases(&self, kind: usize, node: i64) -> Result<Vec<String>, Error> {
        let Some(kind) = self.kinds.get(kind) else { return Ok(Vec::new()) };
        let sql = "SELECT name FROM alias WHERE kind = ?1 AND node = ?2 ORDER BY name";
        self.all(sql, (kind.id, node), |row| row.get(0))
    }

    /// Takes a row's text out of its full-text index before it changes, if it was there before this import.
    pub(crate) fn forget_text(&self, table: &str, id: i64) -> Result<(), Error> {
        self.search_row(table, id, |index, column, table| {
            format!("INSERT INTO {index} ({index}, rowid, {column}) SELECT 'delete', id, {column} FROM {table} WHERE id = ?1")
        })
    }

    /// Puts a changed row's text into its full-text index again.
    pub(crate) fn index_text(&self, table: &str, id: i64) -> Result<(), Error> {
        self.search_row(table, id, |index, column, table| {
            format!("INSERT INTO {index} (rowid, {column}) SELECT id, {column} FROM {table} WHERE id = ?1")
        })
    }

    /// Indexes the texts of rows that were added so far.
    pub(crate) fn index_new(&mut self) -> Result<(), Error> {
        for at in 0..self.searches.len() {
            let Some(search) = self.searches.get(at) else { continue };
            self.done(search.add_new(&self.writer.connection))?;
            let last = self.next_id(&search.table) - 1;
            if let Some(search) = self.searches.get_mut(at) {
                search.before = last;
            }
        }
        Ok(())
    }

    fn search_row(
        &self,
        table: &str,
        id: i64,
        sql: fn(&str, &str, &str) -> String,
    ) -> Result<(), Error> {
        let known =
            self.searches.iter().find(|search| search.table == table && id <= search.before);
        let Some(Search { index, table, column, .. }) = known else { return Ok(()) };
        self.run(&sql(&quoted(index), &quoted(column), &quoted(table)), [id]).map(|_| ())
    }
}
