//! The sorts of rows that are compared: of each table of the graph, by what a row is known, what it is called, and which
//! values it has, as the catalogue tells.

use std::collections::BTreeMap;

use super::super::catalogue;
use super::super::layout::{Layout, Reference, Table, To};
use super::cells::Told;
use crate::record::catalogue::{Catalogue, Edge, End};
use crate::record::declared;

/// Rows of one table.
#[derive(Debug)]
pub(super) struct Sort {
    /// What it is called in every store that has it.
    pub(super) name: String,
    /// The table.
    pub(super) table: Table,
    /// What tells the kind or edge of a row.
    pub(super) label: Label,
    /// By what a row is known in every store.
    pub(super) identity: Vec<Told>,
    /// Whether no two rows are known by the same.
    pub(super) unique: bool,
    /// What makes its key, and how.
    pub(super) shown: (Vec<Told>, Show),
    /// Names and values.
    pub(super) values: Vec<(String, Told)>,
    /// The value that stands for a whole row.
    pub(super) title: Option<usize>,
    /// Whether a row is told as a value of the node it belongs to.
    pub(super) belongs: bool,
    /// Which rows of the table, as SQL about a row `x`.
    pub(super) only: &'static str,
}

/// Makes the key of a row from what it is shown by.
pub(super) type Show = fn(&[String]) -> String;

/// What tells the kind or edge of a row.
#[derive(Debug)]
pub(super) enum Label {
    /// All rows have it.
    Fixed(String),
    /// The number in a column does.
    By(String, BTreeMap<i64, String>),
}

/// What stores know of themselves, for all sorts.
pub(super) struct Known<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) layout: &'c Layout,
}

impl Known<'_> {
    /// Every sort: what is declared first, then the vocabulary, nodes, edges and what belongs to them.
    pub(super) fn sorts(&self) -> Vec<Sort> {
        let mut sorts: Vec<Sort> =
            self.layout.catalogue.iter().filter_map(|table| self.declared(table)).collect();
        let (mut nodes, mut edges, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for table in &self.layout.tables {
            match (table.name.as_str(), table.kind) {
                ("term", _) => sorts.push(self.terms(table)),
                ("alias" | "same_as", _) => others.push(self.belonging(table)),
                (_, Some(_)) => nodes.push(self.nodes(table)),
                (_, None) => edges.push(self.edges(table)),
            }
        }
        sorts.extend(nodes.into_iter().chain(edges).chain(others));
        sorts
    }

    fn base(&self, table: &Table, label: &str) -> Sort {
        Sort {
            name: label.to_owned(),
            table: table.clone(),
            label: Label::Fixed(label.to_owned()),
            identity: Vec::new(),
            unique: true,
            shown: (Vec::new(), one),
            values: self.values(table),
            title: None,
            belongs: false,
            only: "1",
        }
    }

    fn plain(table: &Table, column: &str) -> Told {
        let plain = table.columns.iter().any(|known| known.name == column && known.plain);
        Told::Column { column: column.to_owned(), plain, ty: "text".to_owned() }
    }

    fn nodes(&self, table: &Table) -> Sort {
        let kind = self.catalogue.kinds.iter().find(|kind| Some(kind.id) == table.kind);
        let Some(kind) = kind else { return self.base(table, &table.name) };
        let mut sort = self.base(table, &kind.name);
        let edge = self.catalogue.edges.iter().find(|edge| edge.stands_as == Some(kind.id));
        let ends = edge.filter(|_| kind.as_edge).map(|edge| [&edge.from, &edge.to]);
        let ends = ends.map(|ends| ends.map(|end| self.node(end)));
        if let Some(key) = &kind.key_column {
            sort.identity = vec![Self::plain(table, key)];
            sort.shown = (sort.identity.clone(), one);
            let named =
                |names: [&str; 2], ends: [Told; 2]| names.map(str::to_owned).into_iter().zip(ends);
            sort.values.extend(ends.into_iter().flat_map(|ends| named(["from", "to"], ends)));
        } else {
            let ends: Vec<Told> = ends.into_iter().flatten().collect();
            sort.shown = (ends.clone(), arrow);
            sort.identity = ends;
            let locator = table.columns.iter().find(|column| column.name == "locator");
            sort.identity.extend(locator.map(|column| Self::plain(table, &column.name)));
            sort.unique = false;
        }
        let is_title = |(_, told): &(String, Told)| matches!(told, Told::Column { column, .. } if Some(column) == kind.shown.as_ref() && column != "key");
        sort.title = sort.values.iter().position(is_title);
        sort
    }

    fn edges(&self, table: &Table) -> Sort {
        let of_table = self.catalogue.edges.iter().filter(|edge| edge.table == table.name);
        let Some(edge) = of_table.clone().next() else { return self.belonging_to_none(table) };
        let ends = vec![self.node(&edge.from), self.node(&edge.to)];
        let mut sort = self.base(table, edge.name.as_deref().unwrap_or(&table.name));
        if table.has_ids {
            let kind = |end: &End| self.kind_name(end.kind);
            let (name, from, to) = (sort.name.clone(), kind(&edge.from), kind(&edge.to));
            sort.label = Label::Fixed(name);
            sort.name = edge_name(&[sort.name, from, to]);
            sort.identity = vec![Self::plain(table, "key")];
        } else {
            sort.name.clone_from(&table.name);
            sort.identity = table.key.iter().map(|column| Self::told(table, column)).collect();
            if let Some(column) = &edge.term_column {
                sort.label = Label::By(column.clone(), self.names(of_table));
            }
        }
        sort.shown = (ends, arrow);
        sort
    }

    /// What edges are called by their terms.
    fn names<'e>(&self, edges: impl Iterator<Item = &'e Edge>) -> BTreeMap<i64, String> {
        let mut names = BTreeMap::new();
        for edge in edges {
            for term in &self.catalogue.terms {
                let right = Some(&term.vocabulary) == edge.vocabulary.as_ref()
                    && edge.term.as_ref().is_none_or(|only| *only == term.term);
                if right {
                    let name = edge.name.clone().unwrap_or_else(|| term.term.clone());
                    names.insert(term.id, name);
                }
            }
        }
        names
    }

    /// Other names and what nodes are judged to be: told as values of a node.
    fn belonging(&self, table: &Table) -> Sort {
        let mut sort = self.base(table, &table.name);
        let kinds = self.catalogue.kinds.iter().map(|kind| (kind.id, kind.name.clone()));
        sort.label = Label::By("kind".to_owned(), kinds.collect());
        sort.identity = table.key.iter().map(|column| Self::told(table, column)).collect();
        sort.shown = (vec![Self::told(table, "node")], one);
        let value = if table.name == "alias" { ("aliases", "name") } else { ("same_as", "same") };
        sort.values = vec![(value.0.to_owned(), Self::told(table, value.1))];
        sort.belongs = true;
        sort
    }

    /// Two nodes that are judged not to be one.
    fn belonging_to_none(&self, table: &Table) -> Sort {
        let mut sort = self.base(table, &table.name);
        sort.identity = table.key.iter().map(|column| Self::told(table, column)).collect();
        let nodes = sort.identity.iter().filter(|told| matches!(told, Told::Node { .. }));
        sort.shown = (nodes.cloned().collect(), arrow);
        sort
    }

    fn terms(&self, table: &Table) -> Sort {
        let mut sort = self.base(table, "term");
        sort.identity = ["vocabulary", "term"].map(|column| Self::plain(table, column)).to_vec();
        sort.shown = (sort.identity.clone(), term_name);
        let columns = ["family", "polarity", "definition", "maps_to"];
        let value = |column: &str| (column.to_owned(), Self::plain(table, column));
        sort.values = columns.into_iter().map(value).collect();
        sort.title = Some(2);
        sort
    }

    /// What was declared: rows of the catalogue.
    fn declared(&self, table: &Table) -> Option<Sort> {
        let plain = |column: &str| Self::plain(table, column);
        let (label, shown, show, values, only): (_, _, Show, &[&str], _) = match table.name.as_str()
        {
            "dixit_kind" => ("declared kind", vec![plain("name")], one, &["shown"], "x.id >= 1000"),
            "dixit_edge" => {
                let kind = |column: &str| Told::Kind { column: column.to_owned() };
                let shown = vec![plain("name"), kind("from_kind"), kind("to_kind")];
                ("declared edge", shown, edge_name, &[], "x.id >= 1000")
            }
            "dixit_property" => {
                let owner = Told::Owner { column: "table_name".to_owned(), owners: self.owners() };
                let shown = vec![owner, plain("name")];
                ("declared property", shown, property_name, &["type"], OF_DECLARED)
            }
            "dixit_graph" => ("graph", Vec::new(), one, &["name", "open"], "1"),
            _ => return None,
        };
        let mut sort = self.base(table, label);
        sort.identity.clone_from(&shown);
        sort.shown = (shown, show);
        sort.values = values.iter().map(|column| ((*column).to_owned(), plain(column))).collect();
        sort.title = values.iter().position(|column| *column == "type");
        sort.only = only;
        Some(sort)
    }

    /// What the tables of declared kinds and edges are called.
    fn owners(&self) -> BTreeMap<String, String> {
        let kinds = self.catalogue.kinds.iter().filter(|kind| kind.id >= declared::FIRST);
        let edges = self.catalogue.edges.iter().filter(|edge| edge.id >= declared::FIRST);
        let edges = edges.map(|edge| {
            let name = edge.name.clone().unwrap_or_default();
            (
                edge.table.clone(),
                edge_name(&[name, self.kind_name(edge.from.kind), self.kind_name(edge.to.kind)]),
            )
        });
        kinds.map(|kind| (kind.table.clone(), kind.name.clone())).chain(edges).collect()
    }

    fn kind_name(&self, id: Option<i64>) -> String {
        let kind = self.catalogue.kinds.iter().find(|kind| Some(kind.id) == id);
        kind.map(|kind| kind.name.clone()).unwrap_or_default()
    }

    fn node(&self, end: &End) -> Told {
        let table = || {
            let kind = self.catalogue.kinds.iter().find(|kind| Some(kind.id) == end.kind);
            To::Table(kind.map(|kind| kind.table.clone()).unwrap_or_default())
        };
        let to = end.kind_column.clone().map_or_else(table, To::Kind);
        Told::Node { column: end.column.clone(), to }
    }

    /// A column by what it refers to.
    fn told(table: &Table, column: &str) -> Told {
        let column = column.to_owned();
        let is_kind =
            |reference: &Reference| matches!(&reference.to, To::Kind(of) if *of == column);
        if table.references.iter().any(is_kind) {
            return Told::Kind { column };
        }
        match table.references.iter().find(|reference| reference.column == column) {
            Some(Reference { to: To::Table(to), .. }) if to == "term" => Told::Term { column },
            Some(Reference { to, .. }) => Told::Node { column, to: to.clone() },
            None => Self::plain(table, &column),
        }
    }

    /// The properties of a table and the edges that are columns of it.
    fn values(&self, table: &Table) -> Vec<(String, Told)> {
        let mut values = Vec::new();
        for row in self.catalogue.properties.iter().filter(|row| row.table == table.name) {
            let Some(column) = row.column.clone() else { continue };
            let plain = table.columns.iter().any(|known| known.name == column && known.plain);
            let told = match row.storage.as_str() {
                "date" => Told::Day { prefix: column },
                "term" if row.attribute.as_deref() == Some("term") => Told::Term { column },
                "column" => Told::Column { column, plain, ty: row.ty.clone() },
                _ => continue,
            };
            values.push((row.name.clone(), told));
        }
        for edge in self.catalogue.edges.iter().filter(|edge| edge.table == table.name) {
            if let Some(name) = edge.name.as_ref().filter(|_| edge.from.column == "id") {
                values.push((name.clone(), self.node(&edge.to)));
            }
        }
        values
    }
}

/// Properties of what users declared.
const OF_DECLARED: &str =
    "(x.table_name LIKE 'kind\\_%' ESCAPE '\\' OR x.table_name LIKE 'edge\\_%' ESCAPE '\\')";

fn one(parts: &[String]) -> String {
    parts.join(" ")
}

fn arrow(parts: &[String]) -> String {
    parts.join(" → ")
}

fn term_name(parts: &[String]) -> String {
    parts.join(" ")
}

fn property_name(parts: &[String]) -> String {
    parts.join(".")
}

fn edge_name(parts: &[String]) -> String {
    match parts {
        [name, from, to] => format!("(:{from})-[:{name}]->(:{to})"),
        _ => parts.join(" "),
    }
}

/// What a connection's store knows of itself.
pub(super) fn read(connection: &rusqlite::Connection) -> rusqlite::Result<(Catalogue, Layout)> {
    Ok((catalogue::read(connection)?, Layout::read(connection)?))
}
