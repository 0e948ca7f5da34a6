//! What undoing does with declared kinds, edges and properties: those that a change declared go again, unless something
//! rests on them by now; those that an undo took away come back.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::batch::Batch;
use super::catalogue::{self, quoted};
use super::declared;
use super::error::Error;
use super::log::Log;
use super::schema;
use super::undo::Logged;
use crate::base::count::counted;
use crate::record::catalogue::{Catalogue, Edge, Kind, Property};
use crate::record::declared::{FIRST, columns};

/// What a change declared, by ids and by table and name.
#[derive(Debug, Default)]
struct Declared {
    kinds: BTreeSet<i64>,
    edges: BTreeSet<i64>,
    properties: BTreeSet<(String, String)>,
    /// Rows of the catalogue that it changed, as they were.
    changed: Vec<(String, Json)>,
}

impl Declared {
    fn of(rows: &[Logged]) -> Self {
        let mut found = Self::default();
        for row in rows {
            let added = row.is_range() || (row.before.is_none() && row.after.is_some());
            match (row.table.as_str(), row.ids) {
                ("dixit_kind", Some((first, last))) if added => found.kinds.extend(first..=last),
                ("dixit_edge", Some((first, last))) if added => found.edges.extend(first..=last),
                ("dixit_property", _) if added => found.properties.extend(key_of(row)),
                ("dixit_kind" | "dixit_graph", Some(_)) => {
                    let before = row.before.as_deref().filter(|_| row.after.is_some());
                    let before = before.and_then(|before| serde_json::from_str(before).ok());
                    found.changed.extend(before.map(|before| (row.table.clone(), before)));
                }
                _ => {}
            }
        }
        found
    }

    fn is_empty(&self) -> bool {
        let Self { kinds, edges, properties, changed } = self;
        kinds.is_empty() && edges.is_empty() && properties.is_empty() && changed.is_empty()
    }

    /// Kinds and edges with their tables.
    fn tables<'c>(&self, catalogue: &'c Catalogue) -> (Vec<&'c Kind>, Vec<&'c Edge>) {
        let kinds = catalogue.kinds.iter().filter(|kind| self.kinds.contains(&kind.id));
        let edges = catalogue.edges.iter().filter(|edge| self.edges.contains(&edge.id));
        (
            kinds.filter(|kind| kind.id >= FIRST).collect(),
            edges.filter(|edge| edge.id >= FIRST).collect(),
        )
    }

    fn has(&self, row: &Property) -> bool {
        self.properties.contains(&(row.table.clone(), row.name.clone()))
    }
}

/// The table and the name of a property.
fn key_of(row: &Logged) -> Option<(String, String)> {
    serde_json::from_str(row.key.as_deref()?).ok()
}

impl Batch<'_> {
    /// Takes what a change declared away, or says what rests on it.
    pub(super) fn undeclare(&mut self, number: i64, rows: &[Logged]) -> Result<(), Error> {
        let declared = Declared::of(rows);
        if declared.is_empty() {
            return Ok(());
        }
        let catalogue = self.catalogue()?;
        let (kinds, edges) = declared.tables(&catalogue);
        let tables: BTreeSet<&str> = kinds
            .iter()
            .map(|kind| kind.table.as_str())
            .chain(edges.iter().map(|edge| edge.table.as_str()))
            .collect();
        let left: Vec<&Property> = catalogue
            .properties
            .iter()
            .filter(|row| declared.has(row) && !tables.contains(row.table.as_str()))
            .collect();
        self.refuse_used(number, &catalogue, &declared)?;
        for row in catalogue.properties.iter().filter(|row| declared.has(row)) {
            let sql = "DELETE FROM dixit_property WHERE table_name = ?1 AND name = ?2";
            self.run(sql, [&row.table, &row.name])?;
        }
        for edge in &edges {
            self.run("DELETE FROM dixit_edge WHERE id = ?1", [edge.id])?;
            self.log.withdraw("declared edge");
        }
        for kind in &kinds {
            self.run("DELETE FROM dixit_kind WHERE id = ?1", [kind.id])?;
            self.log.withdraw("declared kind");
        }
        for _ in &left {
            self.log.withdraw("declared property");
        }
        self.settle_catalogue(&declared)?;
        self.restructure(|batch| {
            let edges = edges.iter().map(|edge| &edge.table);
            for table in edges.chain(kinds.iter().map(|kind| &kind.table)) {
                batch.run(&format!("DROP TABLE {}", quoted(table)), [])?;
            }
            for row in &left {
                for column in columns(row) {
                    let (table, column) = (quoted(&row.table), quoted(&column));
                    batch.run(&format!("ALTER TABLE {table} DROP COLUMN {column}"), [])?;
                }
            }
            Ok(())
        })
    }

    /// Gives rows of the catalogue that a change altered what they held before.
    fn settle_catalogue(&self, declared: &Declared) -> Result<(), Error> {
        for (table, before) in &declared.changed {
            let text = |name: &str| before.get(name).and_then(Json::as_str);
            let number = |name: &str| before.get(name).and_then(Json::as_i64);
            if table == "dixit_kind" {
                self.run(
                    "UPDATE dixit_kind SET shown = ?2 WHERE id = ?1",
                    (number("id"), text("shown")),
                )?;
            } else {
                self.run(
                    "UPDATE dixit_graph SET name = coalesce(?1, name), open = coalesce(?2, open)",
                    (text("name"), number("open")),
                )?;
            }
        }
        Ok(())
    }

    /// Changes tables while the log looks away, and proves that they are what the catalogue says then.
    fn restructure(&mut self, work: impl FnOnce(&Self) -> Result<(), Error>) -> Result<(), Error> {
        self.done(Log::look_away(&self.writer.connection))?;
        work(self)?;
        let seen = self.log.look_again(&self.writer.connection);
        self.done(seen)?;
        self.done(self.log.watch_returns(&self.writer.connection))?;
        self.reload_kinds()?;
        if self.done(schema::is_ours(&self.writer.connection))? {
            return Ok(());
        }
        let what = "something was declared since that what this change declared stands before";
        Err(Error::Rule(what.to_owned(), Some(LATER.to_owned())))
    }

    /// Refuses where nodes, edges or later declarations rest on what a change declared.
    fn refuse_used(
        &self,
        number: i64,
        catalogue: &Catalogue,
        declared: &Declared,
    ) -> Result<(), Error> {
        let refused = |what: String| {
            Err(Error::Rule(
                format!("change {number} cannot be undone: {what}"),
                Some(LATER.to_owned()),
            ))
        };
        let (kinds, edges) = declared.tables(catalogue);
        for kind in &kinds {
            let ends =
                |edge: &&Edge| edge.from.kind == Some(kind.id) || edge.to.kind == Some(kind.id);
            let later =
                catalogue.edges.iter().filter(|edge| !declared.edges.contains(&edge.id)).find(ends);
            if let Some(edge) = later {
                let edge = edge.name.as_deref().unwrap_or_default();
                return refused(format!(
                    "the edge `{edge}`, declared since, joins `{}`",
                    kind.name
                ));
            }
        }
        let kinds = kinds.iter().map(|kind| (&kind.table, kind.name.as_str()));
        let edges =
            edges.iter().map(|edge| (&edge.table, edge.name.as_deref().unwrap_or_default()));
        for (table, name) in kinds.chain(edges) {
            let rows = self.count(table, "1")?;
            if rows > 0 {
                return refused(format!("`{name}` has {} by now", counted(rows, "row")));
            }
            let own = |row: &&Property| row.table == *table && !declared.has(row);
            if let Some(row) = catalogue.properties.iter().find(own) {
                return refused(format!("`{}` was declared of `{name}` since", row.name));
            }
        }
        for row in catalogue.properties.iter().filter(|row| declared.has(row)) {
            let Some(column) = columns(row).into_iter().next() else { continue };
            let rows = self.count(&row.table, &format!("{} IS NOT NULL", quoted(&column)))?;
            if rows > 0 {
                return refused(format!(
                    "`{}` is set in {} by now",
                    row.name,
                    counted(rows, "row")
                ));
            }
        }
        Ok(())
    }

    fn count(&self, table: &str, condition: &str) -> Result<u64, Error> {
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", quoted(table));
        let count: Option<i64> = self.first(&sql, [], |row| row.get(0))?;
        Ok(u64::try_from(count.unwrap_or(0)).unwrap_or(0))
    }

    /// Declares again what a change took away.
    pub(super) fn declare_again(&mut self, rows: &[Logged]) -> Result<(), Error> {
        let gone = |row: &&Logged| row.table.starts_with("dixit_") && row.after.is_none();
        let gone: Vec<&Logged> =
            rows.iter().filter(gone).filter(|row| row.before.is_some()).collect();
        if gone.is_empty() {
            return Ok(());
        }
        let before = self.catalogue()?;
        for row in &gone {
            let table =
                self.log.layout.catalogue.iter().find(|table| table.name == row.table).cloned();
            if let (Some(table), Some(image)) = (table, &row.before) {
                self.restore(&table, image)?;
                match row.table.as_str() {
                    "dixit_kind" => self.log.declare_one("declared kind"),
                    "dixit_edge" => self.log.declare_one("declared edge"),
                    _ => {}
                }
            }
        }
        self.restructure(|batch| {
            let after = batch.done(catalogue::read(&batch.writer.connection))?;
            let wanted = declared::expected(&after).unwrap_or_default();
            let (_, found) = batch.done(schema::objects(&batch.writer.connection))?;
            let there = |name: &str| found.iter().any(|object| object[1] == name);
            let known =
                |table: &str| found.iter().any(|object| object[0] == "table" && object[1] == table);
            for row in after.properties.iter().filter(|row| known(&row.table)) {
                if before
                    .properties
                    .iter()
                    .any(|old| old.table == row.table && old.name == row.name)
                {
                    continue;
                }
                for column in declared::column_sql(row) {
                    batch.run(
                        &format!("ALTER TABLE {} ADD COLUMN {column}", quoted(&row.table)),
                        [],
                    )?;
                }
            }
            // Tables come before their indexes.
            for [_, _, _, sql] in wanted.iter().filter(|object| !there(&object[1])) {
                batch.run(sql, [])?;
            }
            Ok(())
        })
    }
}

const LATER: &str = "undo what came since first: `dixit log` lists it";
