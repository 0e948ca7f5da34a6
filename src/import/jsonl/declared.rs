//! Lines about what users declared: kinds and edges, then their nodes and edges, which go to their tables at once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, RandomState};

use super::{Members, Wrong, refuse};
use crate::base::any::Any;
use crate::base::closest::closest;
use crate::base::date::Date;
use crate::base::time;
use crate::import::Error;
use crate::import::draft::Draft;
use crate::import::graph::line::Json;
use crate::import::graph::value::{Kept, put};
use crate::record::catalogue::{Catalogue, Property};
use crate::record::declared::{FIRST, columns};
use crate::record::graph::{self, EdgeType, GraphType, KindType, Part, PropertyType, ValueType};
use crate::record::lines::INFINITE;
use crate::store::load::{Field, Outcome, Target};

/// What the lines of one file declare, and the tables it goes to.
#[derive(Default)]
pub(super) struct Declared {
    wanted: GraphType,
    /// What the file calls its kinds, with their labels.
    names: BTreeMap<String, Vec<String>>,
    /// The lines of kinds and of edges.
    lines: [Vec<u64>; 2],
    graph: Option<String>,
    state: State,
    nodes: BTreeMap<String, Table>,
    edges: BTreeMap<[String; 3], Joined>,
    catalogue: Catalogue,
    /// How many edges without a key say just the same, known by two numbers that nobody can foresee.
    alike: HashMap<[u64; 2], u64>,
    states: [RandomState; 2],
}

#[derive(Default, PartialEq, Eq)]
enum State {
    #[default]
    Collecting,
    Declared,
    /// It contradicts the store, which was said.
    Broken,
}

/// A table being written.
struct Table {
    target: Target,
    properties: Vec<Property>,
}

/// A table of edges, and those of the kinds that it joins.
struct Joined {
    table: Table,
    ends: [String; 2],
}

fn wrong(column: &str, why: impl Into<String>) -> Wrong {
    (Some(column.to_owned()), why.into(), None)
}

/// Takes a member out of a line.
fn take<'a>(members: &mut Members<'a>, name: &str) -> Json<'a> {
    let at = members.iter().position(|(known, _)| known == name);
    at.map_or(Json::Null, |at| members.remove(at).1)
}

fn text<'a>(members: &mut Members<'a>, name: &str) -> Result<Cow<'a, str>, Wrong> {
    match take(members, name) {
        Json::Text(text) if !text.is_empty() && !text.contains('\0') => Ok(text),
        _ => Err(wrong(name, "this is to be a text that is not empty")),
    }
}

/// A kind and the key of one of its nodes.
fn end(members: &mut Members<'_>, name: &str) -> Result<(String, String), Wrong> {
    if let Json::Object(inner) = take(members, name)
        && let Ok([(kind, Json::Text(key))]) = <[_; 1]>::try_from(inner)
    {
        return Ok((kind.into_owned(), key.into_owned()));
    }
    Err(wrong(name, "this is to be a kind with a key, such as {\"Person\":\"p1\"}"))
}

/// Refuses members that mean nothing.
fn nothing_left(members: &Members<'_>) -> Result<(), Wrong> {
    match members.first() {
        None => Ok(()),
        Some((name, _)) => Err(wrong(name, format!("a line of this sort has no member '{name}'"))),
    }
}

/// The types of properties.
fn types(members: &mut Members<'_>) -> Result<Vec<PropertyType>, Wrong> {
    let list = match take(members, "properties") {
        Json::List(list) => list,
        Json::Null => Vec::new(),
        _ => return Err(wrong("properties", "this is to be a list")),
    };
    let mut types = Vec::new();
    for one in list {
        let Json::Object(mut members) = one else {
            return Err(wrong("properties", "a property is an object with `name` and `type`"));
        };
        let name = text(&mut members, "name")?.into_owned();
        let named = text(&mut members, "type")?;
        let ty = ValueType::named(&named)
            .ok_or_else(|| wrong("type", format!("there is no type '{named}'")))?;
        let required = take(&mut members, "required") == Json::Bool(true);
        nothing_left(&members)?;
        types.push(PropertyType { name, ty, required });
    }
    Ok(types)
}

impl Declared {
    /// Whether what is declared contradicts the store.
    pub(super) fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// Takes over what the graph is called and whether it is open, for a store that has nothing declared yet.
    pub(super) fn name_graph(&mut self, name: Option<&str>, open: bool) {
        self.graph = name.filter(|name| graph::bad_name(name).is_none()).map(str::to_owned);
        self.wanted.open = open;
    }

    /// A line that declares a kind.
    pub(super) fn kind(&mut self, draft: &mut Draft<'_, '_>, line: u64, mut members: Members<'_>) {
        let read = |members: &mut Members<'_>| {
            let name = text(members, "name")?.into_owned();
            let labels = match take(members, "labels") {
                Json::Null => vec![name.clone()],
                Json::List(list) => list
                    .into_iter()
                    .map(|label| match label {
                        Json::Text(label) => Ok(label.into_owned()),
                        _ => Err(wrong("labels", "labels are texts")),
                    })
                    .collect::<Result<_, _>>()?,
                _ => return Err(wrong("labels", "this is to be a list of texts")),
            };
            let properties = types(members)?;
            nothing_left(members)?;
            Ok((name, KindType { labels, properties }))
        };
        match read(&mut members) {
            Err(wrong) => refuse(draft, line, wrong),
            Ok(_) if self.state != State::Collecting => refuse(draft, line, late()),
            Ok((name, kind)) => {
                self.names.insert(name, kind.labels.clone());
                self.lines[0].push(line);
                self.wanted.kinds.push(kind);
            }
        }
    }

    /// A line that declares an edge.
    pub(super) fn edge_kind(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        mut members: Members<'_>,
    ) {
        let names = &self.names;
        // A kind that the file does not declare is one that every store has.
        let labels = |name: &str| names.get(name).cloned().unwrap_or_else(|| vec![name.to_owned()]);
        let read = |members: &mut Members<'_>| {
            let edge = EdgeType {
                name: text(members, "name")?.into_owned(),
                from: labels(&text(members, "from")?),
                to: labels(&text(members, "to")?),
                symmetric: take(members, "symmetric") == Json::Bool(true),
                properties: types(members)?,
            };
            nothing_left(members)?;
            Ok(edge)
        };
        match read(&mut members) {
            Err(wrong) => refuse(draft, line, wrong),
            Ok(_) if self.state != State::Collecting => refuse(draft, line, late()),
            Ok(edge) => {
                self.lines[1].push(line);
                self.wanted.edges.push(edge);
            }
        }
    }

    /// Declares what the lines so far say; once.
    pub(super) fn declare(&mut self, draft: &mut Draft<'_, '_>) -> Result<(), Error> {
        if self.state != State::Collecting {
            return Ok(());
        }
        self.state = State::Declared;
        let catalogue = draft.session().batch.catalogue()?;
        let fresh = catalogue.graph.name == graph_name()
            && catalogue.kinds.iter().all(|kind| kind.id < FIRST)
            && catalogue.edges.iter().all(|edge| edge.id < FIRST);
        match graph::additions(&catalogue, &self.wanted) {
            Ok(additions) => {
                let batch = &mut draft.session_mut().batch;
                let mut load = batch.load();
                if !additions.is_empty() {
                    load.add(&additions)?;
                }
                if let Some(name) = self.graph.as_deref().filter(|_| fresh) {
                    load.name_graph(name, self.wanted.open)?;
                }
                drop(load);
                batch.reload_kinds()?;
                self.catalogue = batch.catalogue()?;
            }
            Err(contradictions) => {
                self.state = State::Broken;
                for (part, reason) in contradictions {
                    draft.refuse(self.line_of(part), None, reason.to_string(), None);
                }
            }
        }
        Ok(())
    }

    fn line_of(&self, part: Part) -> u64 {
        let [kinds, edges] = &self.lines;
        let line = match part {
            Part::Kind(at) | Part::KindProperty(at, _) => kinds.get(at),
            Part::Edge(at) | Part::From(at) | Part::To(at) | Part::EdgeProperty(at, _) => {
                edges.get(at)
            }
        };
        line.copied().unwrap_or(1)
    }

    /// A line that is a node.
    pub(super) fn node(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        mut members: Members<'_>,
    ) -> Result<(), Error> {
        draft.tick();
        let read = |members: &mut Members<'_>| {
            let kind = text(members, "kind")?.into_owned();
            Ok((kind, text(members, "key")?.into_owned()))
        };
        let (name, key) = match read(&mut members) {
            Ok(read) => read,
            Err(wrong) => return Ok(refuse(draft, line, wrong)),
        };
        let load = draft.session_mut().batch.load();
        if !self.nodes.contains_key(&name) {
            let labels = self.names.get(&name).cloned().unwrap_or_else(|| vec![name.clone()]);
            let kind = graph::kind_with(&self.catalogue, &labels).filter(|kind| kind.id >= FIRST);
            let Some(kind) = kind else {
                drop(load);
                let near = closest(&name, self.names.keys().map(String::as_str));
                let near = near.map(|near| format!("closest: {near}"));
                let why = format!("there is no declared kind '{name}'");
                refuse(draft, line, (Some("kind".to_owned()), why, near));
                return Ok(());
            };
            let properties = own(&self.catalogue, &kind.table);
            let target = load.nodes(kind.id, &kind.table, &properties, kind.shown.as_deref())?;
            self.nodes.insert(name.clone(), Table { target, properties });
        }
        let Some(table) = self.nodes.get_mut(&name) else { return Ok(()) };
        let known = load.find(&table.target, &key)?;
        let row = match table.row(members, known.is_none()) {
            Ok(row) => row,
            Err(wrong) => {
                drop(load);
                return Ok(refuse(draft, line, wrong));
            }
        };
        let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
        let (_, outcome) = load.node(&mut table.target, &key, &fields)?;
        drop(load);
        count(draft, "node", outcome);
        Ok(())
    }

    /// A line that is an edge; what it joins is there by now.
    pub(super) fn edge(
        &mut self,
        draft: &mut Draft<'_, '_>,
        line: u64,
        mut members: Members<'_>,
    ) -> Result<(), Error> {
        draft.tick();
        let read = |members: &mut Members<'_>| {
            let name = text(members, "name")?.into_owned();
            let ends = [end(members, "from")?, end(members, "to")?];
            let key = match take(members, "key") {
                Json::Null => None,
                Json::Text(key) if !key.is_empty() && !key.contains('\0') => Some(key.into_owned()),
                _ => return Err(wrong("key", "this is to be a text that is not empty")),
            };
            Ok((name, ends, key))
        };
        let (name, [from, to], key) = match read(&mut members) {
            Ok(read) => read,
            Err(wrong) => return Ok(refuse(draft, line, wrong)),
        };
        let sort = [name, from.0, to.0];
        if !self.edges.contains_key(&sort)
            && let Err(wrong) = self.find_edge(draft, &sort)?
        {
            return Ok(refuse(draft, line, wrong));
        }
        let Some(Joined { table, ends }) = self.edges.get_mut(&sort) else { return Ok(()) };
        let load = draft.session_mut().batch.load();
        let mut ids = [0, 0];
        for (id, (at, key)) in ids.iter_mut().zip([(0, from.1), (1, to.1)]) {
            let place = ends.get(at).map_or("", String::as_str);
            match load.id_of(place, &key)? {
                Some(found) => *id = found,
                None => {
                    drop(load);
                    let column = if at == 0 { "from" } else { "to" };
                    let kind = sort.get(at + 1).map_or("", String::as_str);
                    refuse(draft, line, wrong(column, format!("there is no {kind} '{key}'")));
                    return Ok(());
                }
            }
        }
        let known = match &key {
            Some(key) => load.find(&table.target, key)?,
            None => None,
        };
        let row = match table.row(members, known.is_none()) {
            Ok(row) => row,
            Err(wrong) => {
                drop(load);
                return Ok(refuse(draft, line, wrong));
            }
        };
        let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
        let outcome = match &key {
            Some(key) => load.edge(&mut table.target, key, ids, &fields)?,
            None => {
                let said = format!("{sort:?} {ids:?} {row:?}");
                let hashes = self.states.each_ref().map(|state| state.hash_one(&said));
                let count = self.alike.entry(hashes).or_default();
                let before = *count;
                *count += 1;
                load.edge_without_key(&mut table.target, || before, ids, &fields)?
            }
        };
        drop(load);
        count(draft, "edge", outcome);
        Ok(())
    }

    /// Finds the table of a sort of edges.
    fn find_edge(
        &mut self,
        draft: &mut Draft<'_, '_>,
        sort: &[String; 3],
    ) -> Result<Result<(), Wrong>, Error> {
        let [name, from, to] = sort;
        let kind = |name: &String| {
            let labels = self.names.get(name).cloned().unwrap_or_else(|| vec![name.clone()]);
            graph::kind_with(&self.catalogue, &labels)
        };
        let ends = kind(from).zip(kind(to));
        let found = ends.and_then(|(from, to)| {
            let edges = self.catalogue.edges.iter().filter(|edge| edge.id >= FIRST);
            let fits = edges.filter(|edge| edge.name.as_ref() == Some(name));
            let mut fits =
                fits.filter(|edge| (edge.from.kind, edge.to.kind) == (Some(from.id), Some(to.id)));
            Some((fits.next()?, [from.table.clone(), to.table.clone()]))
        });
        let Some((edge, ends)) = found else {
            let why = format!("no edge '{name}' is declared from {from} to {to}");
            return Ok(Err(wrong("name", why)));
        };
        let properties = own(&self.catalogue, &edge.table);
        let load = draft.session_mut().batch.load();
        let target = load.edges(&edge.table, &properties)?;
        let table = Table { target, properties };
        self.edges.insert(sort.clone(), Joined { table, ends });
        Ok(Ok(()))
    }
}

/// What a graph is called that nobody has named.
fn graph_name() -> String {
    crate::record::catalogue::Graph::default().name
}

fn late() -> Wrong {
    let why = "kinds and edges are declared before the first node";
    (None, why.to_owned(), Some("move this line up".to_owned()))
}

fn own(catalogue: &Catalogue, table: &str) -> Vec<Property> {
    catalogue.properties.iter().filter(|row| row.table == table).cloned().collect()
}

fn count(draft: &mut Draft<'_, '_>, noun: &'static str, outcome: Outcome) {
    let session = draft.session_mut();
    match outcome {
        Outcome::Added => *session.added.entry(noun).or_default() += 1,
        Outcome::Changed => *session.changed.entry(noun).or_default() += 1,
        Outcome::Same => session.unchanged += 1,
    }
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

/// Brings a value into the columns of its property.
fn keep<'a>(value: Json<'a>, ty: &ValueType, columns: &mut [Kept<'a>]) -> Result<(), String> {
    if has_nul(&value) {
        return Err("the text holds a NUL character".to_owned());
    }
    let kept = match (ty, value) {
        (ValueType::Any, Json::Object(members)) => {
            Kept::Json(typed(Json::Object(members))?.to_json().to_string())
        }
        (ValueType::Any, Json::List(members)) => {
            Kept::Json(typed(Json::List(members))?.to_json().to_string())
        }
        (ValueType::Float, Json::Text(name)) => match infinite(&name) {
            Some(value) => Kept::Float(value),
            None => return Err(format!("'{name}' is no float")),
        },
        (ty, value) => return put(value, ty, columns),
    };
    if let Some(column) = columns.first_mut() {
        *column = kept;
    }
    Ok(())
}

fn infinite(name: &str) -> Option<f64> {
    INFINITE.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// A value that says its type where JSON has none for it.
fn typed(value: Json<'_>) -> Result<Any, String> {
    Ok(match value {
        Json::Null => Any::Null,
        Json::Bool(value) => Any::Bool(value),
        Json::Int(value) => Any::Int(value),
        Json::Float(value) => Any::Float(value),
        Json::Text(text) => Any::Text(text.into_owned()),
        Json::List(members) => Any::List(members.into_iter().map(typed).collect::<Result<_, _>>()?),
        Json::Object(members) => match <[_; 1]>::try_from(members) {
            Ok([(name, value)]) => named(&name, value)?,
            Err(_) => return Err("an object has one member here, which names a type".to_owned()),
        },
    })
}

fn named(name: &str, value: Json<'_>) -> Result<Any, String> {
    let wrong = |text: &str| format!("'{text}' is no {name}");
    Ok(match (name, value) {
        ("date", Json::Text(text)) => {
            Any::Date(Date::parse(&text).map_err(|_| wrong(&text))?.packed())
        }
        ("datetime", Json::Text(text)) => {
            Any::DateTime(time::datetime(&text).ok_or_else(|| wrong(&text))?)
        }
        ("duration", Json::Text(text)) => {
            Any::Duration(time::duration(&text).ok_or_else(|| wrong(&text))?)
        }
        ("float", Json::Text(text)) => Any::Float(infinite(&text).ok_or_else(|| wrong(&text))?),
        ("map", Json::Object(members)) => {
            let entries = members.into_iter();
            let entries = entries.map(|(name, value)| Ok((name.into_owned(), typed(value)?)));
            Any::Map(entries.collect::<Result<_, String>>()?)
        }
        (other, _) => return Err(format!("there is no type '{other}' for such a value")),
    })
}

fn has_nul(value: &Json<'_>) -> bool {
    match value {
        Json::Text(text) => text.contains('\0'),
        Json::List(members) => members.iter().any(has_nul),
        Json::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || has_nul(value))
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) => false,
    }
}
