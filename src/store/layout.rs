//! The tables that hold the graph, as the database itself describes them: columns, keys, and what refers to what.
//! Everything that treats all tables alike starts from here: the log of changes, undo, deleting.

use super::catalogue::{self, quoted};
use crate::record::catalogue::{Edge, End, Kind, Term};
use rusqlite::{Connection, Result};
use std::collections::BTreeSet;

/// A table that holds a part of the graph.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// Whether a row is known by its id; otherwise by its key.
    pub(crate) has_ids: bool,
    /// The columns of the primary key, in its order.
    pub(crate) key: Vec<String>,
    /// What the rows refer to.
    pub(crate) references: Vec<Reference>,
    /// The number of the kind whose nodes these rows are.
    pub(crate) kind: Option<i64>,
    /// What these rows are called in a report, in the singular.
    pub(crate) noun: String,
    /// For links that may hold both ways: the columns of the ends and of the term, and the terms that do.
    pub(crate) symmetric: Option<Symmetric>,
}

/// How a link that holds both ways is told: it is kept in both directions.
#[derive(Debug, Clone)]
pub(crate) struct Symmetric {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) term: String,
    pub(crate) terms: Vec<i64>,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Whether its values keep their type as JSON.
    pub(crate) plain: bool,
    /// Whether it must hold something.
    pub(crate) required: bool,
}

/// A column that holds the id of another row.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) column: String,
    pub(crate) to: To,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum To {
    /// To a row of this table.
    Table(String),
    /// To a row of the kind whose number this column holds.
    Kind(String),
}

/// All tables of the graph.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) tables: Vec<Table>,
    /// The tables of the catalogue that declaring writes into.
    pub(crate) catalogue: Vec<Table>,
}

/// The tables of the catalogue that declaring writes into.
const CATALOGUE: [&str; 4] = ["dixit_kind", "dixit_edge", "dixit_property", "dixit_graph"];

impl Layout {
    /// Reads it from the catalogue and the database.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let stored = catalogue::read(connection)?;
        let mut names: Vec<&str> = stored.kinds.iter().map(|kind| kind.table.as_str()).collect();
        names.extend(stored.edges.iter().map(|edge| edge.table.as_str()));
        names.extend(["alias", "term", "same_as", "not_same"]);
        let mut seen = BTreeSet::new();
        let mut tables = Vec::new();
        for name in names {
            if seen.insert(name.to_owned()) {
                tables.push(table(connection, name)?);
            }
        }
        for table in &mut tables {
            if let Some(kind) = stored.kinds.iter().find(|kind| kind.table == table.name) {
                table.kind = Some(kind.id);
                table.noun = kind.name.to_lowercase();
            }
            let name = table.name.clone();
            for edge in stored.edges.iter().filter(|edge| edge.table == name) {
                table.add_ends([&edge.from, &edge.to], &stored.kinds);
                table.symmetric = table.symmetric.take().or_else(|| symmetric(edge, &stored.terms));
            }
        }
        let catalogue =
            CATALOGUE.iter().map(|name| table(connection, name)).collect::<Result<_>>()?;
        Ok(Self { tables, catalogue })
    }

    /// The tables of the graph, then those of the catalogue.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().chain(&self.catalogue)
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    pub(crate) fn of_kind(&self, kind: i64) -> Option<&Table> {
        self.tables.iter().find(|table| table.kind == Some(kind))
    }
}

impl Table {
    /// Whether each of its rows has a key.
    pub(crate) fn needs_key(&self) -> bool {
        self.columns.iter().any(|column| column.name == "key" && column.required)
    }

    /// Ends that may be of any kind are not known to the database as references.
    fn add_ends(&mut self, ends: [&End; 2], kinds: &[Kind]) {
        for end in ends.into_iter().filter(|end| end.column != "id") {
            let table = || kinds.iter().find(|kind| Some(kind.id) == end.kind);
            let to = match &end.kind_column {
                Some(kind) => To::Kind(kind.clone()),
                None => match table() {
                    Some(kind) => To::Table(kind.table.clone()),
                    None => continue,
                },
            };
            if self.references.iter().all(|known| known.column != end.column) {
                self.references.push(Reference { column: end.column.clone(), to });
            }
        }
    }

    /// What a link belongs to and goes with: what it leads away from.
    pub(crate) fn owner(&self) -> Option<&Reference> {
        let first = |reference: &&Reference| match &reference.to {
            To::Table(_) => self.key.first() == Some(&reference.column),
            To::Kind(kind) => self.key.first() == Some(kind),
        };
        if self.has_ids { None } else { self.references.iter().find(first) }
    }

    /// SQL that tells whether a row is the second one of a link that is kept in both directions.
    pub(crate) fn mirrored(&self, row: &str) -> String {
        self.second(|column| format!("{row}.{}", quoted(column)))
    }

    /// The same of a key in the log.
    pub(crate) fn mirrored_key(&self, key: &str) -> String {
        let place = |column: &str| self.key.iter().position(|known| known == column).unwrap_or(0);
        self.second(|column| format!("json_extract({key}, '$[{}]')", place(column)))
    }

    fn second(&self, value: impl Fn(&str) -> String) -> String {
        let Some(Symmetric { from, to, term, terms }) = &self.symmetric else {
            return "0".to_owned();
        };
        let terms: Vec<String> = terms.iter().map(i64::to_string).collect();
        let (from, to, term) = (value(from), value(to), value(term));
        format!("{from} > {to} AND {term} IN ({})", terms.join(", "))
    }

    /// The name of the column by which a row is known to the database.
    pub(crate) fn id(&self) -> &'static str {
        if self.columns.iter().any(|column| column.name == "id") { "id" } else { "rowid" }
    }
}

fn symmetric(edge: &Edge, terms: &[Term]) -> Option<Symmetric> {
    let vocabulary = edge.vocabulary.as_ref()?;
    let of_edge = terms.iter().filter(|term| {
        term.symmetric
            && term.vocabulary == *vocabulary
            && (edge.family.is_none() || term.family == edge.family)
    });
    let terms: Vec<i64> = of_edge.map(|term| term.id).collect();
    let term = edge.term_column.clone().filter(|_| !terms.is_empty())?;
    Some(Symmetric { from: edge.from.column.clone(), to: edge.to.column.clone(), term, terms })
}

/// Tables that are no edges and refer to nodes of any kind, which the column `kind` tells.
const OF_ANY: &[(&str, &[&str])] =
    &[("alias", &["node"]), ("same_as", &["node", "same"]), ("not_same", &["one", "other"])];

fn table(connection: &Connection, name: &str) -> Result<Table> {
    let mut key: Vec<(i64, String)> = Vec::new();
    let mut columns = Vec::new();
    let sql = format!("PRAGMA table_info({})", quoted(name));
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (name, kind): (String, String) = (row.get(1)?, row.get(2)?);
        let place: i64 = row.get(5)?;
        if place > 0 {
            key.push((place, name.clone()));
        }
        let plain = ["TEXT", "INTEGER", "INT"].contains(&kind.to_uppercase().as_str());
        columns.push(Column { name, plain, required: row.get(3)? });
    }
    key.sort_unstable();
    let has_ids = !is_without_ids(connection, name)?;
    let key: Vec<String> = key.into_iter().map(|(_, name)| name).collect();
    let mut references = foreign_keys(connection, name)?;
    let of_any =
        OF_ANY.iter().filter(|(table, _)| *table == name).flat_map(|(_, columns)| *columns);
    references.extend(of_any.map(|column| {
        let to = To::Kind("kind".to_owned());
        Reference { column: (*column).to_owned(), to }
    }));
    let noun = match name {
        "alias" => "other name",
        "term" => "term",
        "same_as" | "not_same" => "judgement",
        "dixit_kind" => "declared kind",
        "dixit_edge" => "declared edge",
        "dixit_property" => "declared property",
        _ => "edge",
    };
    let noun = noun.to_owned();
    Ok(Table {
        name: name.to_owned(),
        columns,
        has_ids,
        key,
        references,
        kind: None,
        noun,
        symmetric: None,
    })
}

fn is_without_ids(connection: &Connection, name: &str) -> Result<bool> {
    let sql = format!("PRAGMA main.table_list({})", quoted(name));
    connection.query_row(&sql, [], |row| row.get(4))
}

fn foreign_keys(connection: &Connection, name: &str) -> Result<Vec<Reference>> {
    let sql = format!("PRAGMA foreign_key_list({})", quoted(name));
    let mut statement = connection.prepare(&sql)?;
    let rows = statement
        .query_map([], |row| Ok(Reference { column: row.get(3)?, to: To::Table(row.get(2)?) }))?;
    rows.collect()
}
