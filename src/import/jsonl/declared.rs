//! Lines that say what users declared, kinds and edges, and what becomes of that in the store.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::RandomState;

use super::tables::{Joined, Table};
use super::{Members, Wrong, refuse};
use crate::import::Error;
use crate::import::draft::Draft;
use crate::import::graph::line::Json;
use crate::record::catalogue::{Catalogue, Graph};
use crate::record::declared::FIRST;
use crate::record::graph::{self, EdgeType, GraphType, KindType, Part, PropertyType, ValueType};

/// What the lines of one file declare, and the tables it goes to.
#[derive(Default)]
pub(super) struct Declared {
    wanted: GraphType,
    /// What the file calls its kinds, with their labels.
    pub(super) names: BTreeMap<String, Vec<String>>,
    /// The lines of kinds and of edges.
    lines: [Vec<u64>; 2],
    graph: Option<String>,
    state: State,
    pub(super) nodes: BTreeMap<String, Table>,
    pub(super) edges: BTreeMap<[String; 3], Joined>,
    pub(super) catalogue: Catalogue,
    /// How many edges without a key say just the same, known by two numbers that nobody can foresee.
    pub(super) alike: HashMap<[u64; 2], u64>,
    pub(super) states: [RandomState; 2],
}

#[derive(Default, PartialEq, Eq)]
enum State {
    #[default]
    Collecting,
    Declared,
    /// It contradicts the store, which was said.
    Broken,
}

pub(super) fn wrong(column: &str, why: impl Into<String>) -> Wrong {
    (Some(column.to_owned()), why.into(), None)
}

/// Takes a member out of a line.
pub(super) fn take<'a>(members: &mut Members<'a>, name: &str) -> Json<'a> {
    let at = members.iter().position(|(known, _)| known == name);
    at.map_or(Json::Null, |at| members.remove(at).1)
}

pub(super) fn text<'a>(members: &mut Members<'a>, name: &str) -> Result<Cow<'a, str>, Wrong> {
    match take(members, name) {
        Json::Text(text) if !text.is_empty() && !text.contains('\0') => Ok(text),
        _ => Err(wrong(name, "this is to be a text that is not empty")),
    }
}

/// A kind and the key of one of its nodes.
pub(super) fn end(members: &mut Members<'_>, name: &str) -> Result<(String, String), Wrong> {
    if let Json::Object(inner) = take(members, name)
        && let Ok([(kind, Json::Text(key))]) = <[_; 1]>::try_from(inner)
    {
        return Ok((kind.into_owned(), key.into_owned()));
    }
    Err(wrong(name, "this is to be a kind with a key, such as {\"Person\":\"p1\"}"))
}

/// Refuses members that mean nothing.
pub(super) fn nothing_left(members: &Members<'_>) -> Result<(), Wrong> {
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

    /// The labels of a kind that the file names. One that it does not declare is one that every store has.
    pub(super) fn labels_of(&self, name: &str) -> Vec<String> {
        self.names.get(name).cloned().unwrap_or_else(|| vec![name.to_owned()])
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
                let mut load = batch.load()?;
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
}

/// What a graph is called that nobody has named.
fn graph_name() -> String {
    Graph::default().name
}

fn late() -> Wrong {
    let why = "kinds and edges are declared before the first node";
    (None, why.to_owned(), Some("move this line up".to_owned()))
}
