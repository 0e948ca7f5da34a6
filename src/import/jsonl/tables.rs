//! Lines that are nodes of declared kinds or edges between any nodes: each goes to its table at once.

use std::hash::BuildHasher as _;

use super::declared::{Declared, end, nothing_left, take, text, wrong};
use super::value::keep;
use super::{Members, Wrong, refuse};
use crate::base::closest::closest;
use crate::import::Error;
use crate::import::draft::Draft;
use crate::import::graph::line::Json;
use crate::import::graph::value::Kept;
use crate::record::catalogue::{Catalogue, Property};
use crate::record::declared::{FIRST, columns};
use crate::record::graph::{self, ValueType};
use crate::store;
use crate::store::load::{Field, Load, Outcome, Target};

/// A table being written.
pub(super) struct Table {
    target: Target,
    properties: Vec<Property>,
}

/// A table of edges, and those of the kinds that it joins.
pub(super) struct Joined {
    table: Table,
    ends: [String; 2],
}

/// Why a line is not kept.
enum Stop {
    /// It is wrong.
    Wrong(Wrong),
    /// The store failed.
    Failed(Error),
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<store::error::Error> for Stop {
    fn from(error: store::error::Error) -> Self {
        Self::Failed(Error::Store(error))
    }
}

/// Counts a row, or writes down what is wrong with its line.
fn settle(
    draft: &mut Draft<'_, '_>,
    line: u64,
    noun: &'static str,
    kept: Result<Outcome, Stop>,
) -> Result<(), Error> {
    let session = draft.session_mut();
    match kept {
        Ok(Outcome::Added) => *session.added.entry(noun).or_default() += 1,
        Ok(Outcome::Changed) => *session.changed.entry(noun).or_default() += 1,
        Ok(Outcome::Same) => session.unchanged += 1,
        Err(Stop::Wrong(wrong)) => refuse(draft, line, wrong),
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(())
}

impl Declared {
    /// A line that is a node.
    pub(super) fn node(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        members: Members<'_>,
    ) -> Result<(), Error> {
        draft.tick();
        let kept = self.keep_node(&draft.session_mut().batch.load()?, members);
        settle(draft, line, "node", kept)
    }

    fn keep_node(&mut self, load: &Load<'_>, mut members: Members<'_>) -> Result<Outcome, Stop> {
        let name = text(&mut members, "kind")?.into_owned();
        let key = text(&mut members, "key")?.into_owned();
        if !self.nodes.contains_key(&name) {
            let table = self.table_of_kind(load, &name)?;
            self.nodes.insert(name.clone(), table);
        }
        let Some(table) = self.nodes.get_mut(&name) else { return Ok(Outcome::Same) };
        let known = load.find(&table.target, &key)?;
        let row = table.row(members, known.is_none())?;
        let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
        Ok(load.node(&mut table.target, &key, &fields)?.1)
    }

    /// The table of a declared kind.
    fn table_of_kind(&self, load: &Load<'_>, name: &str) -> Result<Table, Stop> {
        let kind = graph::kind_with(&self.catalogue, &self.labels_of(name));
        let Some(kind) = kind.filter(|kind| kind.id >= FIRST) else {
            let near = closest(name, self.names.keys().map(String::as_str));
            let near = near.map(|near| format!("closest: {near}"));
            let why = format!("there is no declared kind '{name}'");
            return Err((Some("kind".to_owned()), why, near).into());
        };
        let properties = own(&self.catalogue, &kind.table);
        let target = load.nodes(kind.id, &kind.table, &properties, kind.shown.as_deref())?;
        Ok(Table { target, properties })
    }

    /// A line that is an edge; what it joins is there by now.
    pub(super) fn edge(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        members: Members<'_>,
    ) -> Result<(), Error> {
        draft.tick();
        let kept = self.keep_edge(&draft.session_mut().batch.load()?, members);
        settle(draft, line, "edge", kept)
    }

    fn keep_edge(&mut self, load: &Load<'_>, mut members: Members<'_>) -> Result<Outcome, Stop> {
        let name = text(&mut members, "name")?.into_owned();
        let (from, to) = (end(&mut members, "from")?, end(&mut members, "to")?);
        let key = match take(&mut members, "key") {
            Json::Null => None,
            Json::Text(key) if !key.is_empty() && !key.contains('\0') => Some(key.into_owned()),
            _ => return Err(wrong("key", "this is to be a text that is not empty").into()),
        };
        let sort = [name, from.0, to.0];
        if !self.edges.contains_key(&sort) {
            let joined = self.table_of_edge(load, &sort)?;
            self.edges.insert(sort.clone(), joined);
        }
        let Some(Joined { table, ends }) = self.edges.get_mut(&sort) else {
            return Ok(Outcome::Same);
        };
        let [from_table, to_table] = ends;
        let missing = |column: &str, kind: &str, key: &str| {
            Stop::from(wrong(column, format!("there is no {kind} '{key}'")))
        };
        let [_, from_kind, to_kind] = &sort;
        let ids = [
            load.id_of(from_table, &from.1)?.ok_or_else(|| missing("from", from_kind, &from.1))?,
            load.id_of(to_table, &to.1)?.ok_or_else(|| missing("to", to_kind, &to.1))?,
        ];
        let known = key.as_ref().map(|key| load.find(&table.target, key)).transpose()?.flatten();
        let row = table.row(members, known.is_none())?;
        let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
        if let Some(key) = &key {
            return Ok(load.edge(&mut table.target, key, ids, &fields)?);
        }
        let said = format!("{sort:?} {ids:?} {row:?}");
        let hashes = self.states.each_ref().map(|state| state.hash_one(&said));
        let count = self.alike.entry(hashes).or_default();
        let before = *count;
        *count += 1;
        Ok(load.edge_without_key(&mut table.target, || before, ids, &fields)?)
    }

    /// The table of a sort of edges: their name, and the kinds that they join.
    fn table_of_edge(&self, load: &Load<'_>, sort: &[String; 3]) -> Result<Joined, Stop> {
        let [name, from, to] = sort;
        let kind = |name: &str| graph::kind_with(&self.catalogue, &self.labels_of(name));
        let found = kind(from).zip(kind(to)).and_then(|(from, to)| {
            let ends = (Some(from.id), Some(to.id));
            let mut edges = self.catalogue.edges.iter().filter(|edge| edge.id >= FIRST);
            let edge = edges.find(|edge| {
                edge.name.as_ref() == Some(name) && (edge.from.kind, edge.to.kind) == ends
            })?;
            Some((edge, [from.table.clone(), to.table.clone()]))
        });
        let Some((edge, ends)) = found else {
            let why = format!("no edge '{name}' is declared from {from} to {to}");
            return Err(wrong("name", why).into());
        };
        let properties = own(&self.catalogue, &edge.table);
        let target = load.edges(&edge.table, &properties)?;
        Ok(Joined { table: Table { target, properties }, ends })
    }
}

fn own(catalogue: &Catalogue, table: &str) -> Vec<Property> {
    catalogue.properties.iter().filter(|row| row.table == table).cloned().collect()
}

impl Table {
    /// The columns of a row, in the order of the properties.
    fn row<'a>(&self, mut members: Members<'a>, is_new: bool) -> Result<Vec<Kept<'a>>, Wrong> {
        let mut given = match take(&mut members, "properties") {
            Json::Null => Vec::new(),
            Json::Object(given) => given,
            _ => return Err(wrong("properties", "this is to be an object")),
        };
        nothing_left(&members)?;
        let mut row = Vec::new();
        for property in &self.properties {
            let from = row.len();
            row.resize(from + columns(property).len(), Kept::Null);
            let value = take(&mut given, &property.name);
            if value == Json::Null {
                if property.required && is_new {
                    return Err(wrong(&property.name, "it is missing, and every new one needs it"));
                }
                continue;
            }
            let ty = ValueType::named(&property.ty).unwrap_or(ValueType::Text);
            let columns = row.get_mut(from..).unwrap_or_default();
            keep(value, &ty, columns).map_err(|why| wrong(&property.name, why))?;
        }
        match given.first() {
            None => Ok(row),
            Some((name, _)) => {
                let near = closest(name, self.properties.iter().map(|row| row.name.as_str()));
                let near = near.map(|near| format!("closest: {near}"));
                let why = format!("there is no property `{name}`, or it stands twice");
                Err((Some(name.to_string()), why, near))
            }
        }
    }
}
