//! Writes the nodes, then the edges, of a graph whose kinds and edges are all declared.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, RandomState};

use super::ids::Ids;
use super::infer::Place;
use super::line::{self, Item, Json};
use super::value::{Kept, put};
use super::{Session, edge_between, forms, lines};
use crate::import::{Error, Request};
use crate::record::catalogue::Property;
use crate::record::declared::columns;
use crate::record::graph::{self, ValueType};
use crate::store::load::{Field, Load, Outcome, Target};

/// A table being written.
struct Table {
    target: Target,
    /// Properties by name: their type and which columns they take.
    slots: HashMap<String, (ValueType, usize, usize)>,
    /// Properties that are never null: their name and first column.
    required: Vec<(String, usize)>,
    width: usize,
    counts: [u64; 2],
}

/// All tables being written, in the order of what was seen.
struct Tables {
    kinds: Vec<Table>,
    /// Tables of edges.
    links: Vec<Table>,
    /// By name and kinds: which of them, and whether it keeps these edges the other way round.
    edges: HashMap<(Box<str>, u32, u32), (usize, bool)>,
    keys: Keys,
}

pub(super) fn write(
    session: &mut Session,
    load: &Load<'_>,
    _request: &Request,
    counter: &mut lines::Counter<'_>,
) -> Result<(), Error> {
    let mut tables = tables(session, load)?;
    let parts = session.parts.clone();
    let late = session.late;
    forms::each(&parts, counter, &mut |place, item| match item {
        Ok(Item::Node(node)) => write_node(session, load, &mut tables, node, place),
        Ok(Item::Edge(edge)) if !late => write_edge(session, load, &mut tables, edge, place),
        Ok(Item::Edge(_)) | Err(_) => Ok(()),
    })?;
    if late {
        forms::each(&parts, counter, &mut |place, item| match item {
            Ok(Item::Edge(edge)) => write_edge(session, load, &mut tables, edge, place),
            Ok(Item::Node(_)) | Err(_) => Ok(()),
        })?;
    }
    count(session, &tables);
    Ok(())
}

fn tables(session: &Session, load: &Load<'_>) -> Result<Tables, Error> {
    let catalogue = load.catalogue()?;
    let mut own: BTreeMap<&str, Vec<Property>> = BTreeMap::new();
    for row in &catalogue.properties {
        own.entry(&row.table).or_default().push(row.clone());
    }
    let of = |table: &str| own.get(table).cloned().unwrap_or_default();
    let mut tables = Tables {
        kinds: Vec::new(),
        links: Vec::new(),
        edges: HashMap::new(),
        keys: Keys::default(),
    };
    for seen in &session.seen.kinds {
        let Some(kind) = graph::kind_with(&catalogue, &seen.labels) else { continue };
        let properties = of(&kind.table);
        let target = load.nodes(kind.id, &kind.table, &properties, kind.shown.as_deref())?;
        tables.kinds.push(table(target, &properties));
    }
    // Edges that hold both ways may be seen in both directions and are kept in one table.
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for seen in &session.seen.edges {
        let wanted = session.seen.edge_type(seen, false);
        let Some((edge, turned)) = edge_between(&catalogue, &wanted) else { continue };
        let place = if let Some(place) = places.get(edge.table.as_str()) {
            *place
        } else {
            let properties = of(&edge.table);
            tables.links.push(table(load.edges(&edge.table, &properties)?, &properties));
            tables.links.len() - 1
        };
        places.insert(&edge.table, place);
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let key = (seen.name.as_str().into(), number(seen.from), number(seen.to));
        tables.edges.insert(key, (place, turned));
    }
    Ok(tables)
}

fn table(target: Target, properties: &[Property]) -> Table {
    let (mut slots, mut required, mut width) = (HashMap::new(), Vec::new(), 0);
    for property in properties {
        let taken = columns(property).len();
        let ty = ValueType::named(&property.ty).unwrap_or(ValueType::Text);
        slots.insert(property.name.clone(), (ty, width, taken));
        if property.required {
            required.push((property.name.clone(), width));
        }
        width += taken;
    }
    Table { target, slots, required, width, counts: [0, 0] }
}

impl Table {
    /// The columns of a row, or what is wrong with it.
    fn row<'a>(
        &self,
        properties: Vec<(Cow<'a, str>, Json<'a>)>,
        is_new: bool,
    ) -> Result<Vec<Kept<'a>>, Vec<String>> {
        let mut row = vec![Kept::Null; self.width];
        let mut wrong = Vec::new();
        for (name, value) in properties {
            let slot = self.slots.get(name.as_ref());
            let columns =
                slot.and_then(|(ty, from, taken)| Some((ty, row.get_mut(*from..from + taken)?)));
            let Some((ty, columns)) = columns else {
                wrong.push(format!("there is no property `{name}`"));
                continue;
            };
            if let Err(why) = put(value, ty, columns) {
                wrong.push(format!("`{name}`: {why}"));
            }
        }
        if is_new {
            let missing = self.required.iter().filter(|(_, at)| row.get(*at) == Some(&Kept::Null));
            wrong.extend(missing.map(|(name, _)| format!("`{name}` is missing")));
        }
        if wrong.is_empty() { Ok(row) } else { Err(wrong) }
    }

    fn count(&mut self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Added => self.counts[0] += 1,
            Outcome::Changed => self.counts[1] += 1,
            Outcome::Same => return 1,
        }
        0
    }
}

fn write_node(
    session: &mut Session,
    load: &Load<'_>,
    tables: &mut Tables,
    node: line::Node<'_>,
    place: Place,
) -> Result<(), Error> {
    let Some(at) = session.nodes.get_mut(&node.id) else { return Ok(()) };
    let Some(table) = tables.kinds.get_mut(at.kind as usize) else { return Ok(()) };
    let is_new = load.find(&table.target, &node.id)?.is_none();
    let row = match table.row(node.properties, is_new) {
        Ok(row) => row,
        Err(wrong) => {
            session.refuse_all(place, wrong);
            return Ok(());
        }
    };
    let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
    let (id, outcome) = load.node(&mut table.target, &node.id, &fields)?;
    at.id = id;
    session.unchanged += table.count(outcome);
    Ok(())
}

/// What edges were known by so far.
#[derive(Default)]
struct Keys {
    given: Ids<Place>,
    alike: Alike,
}

/// How many edges without an id say just the same, by a digest of two halves whose keys are drawn at random.
#[derive(Default)]
pub(super) struct Alike {
    counts: HashMap<[u64; 2], u64>,
    states: [RandomState; 2],
}

fn write_edge(
    session: &mut Session,
    load: &Load<'_>,
    tables: &mut Tables,
    mut edge: line::Edge<'_>,
    place: Place,
) -> Result<(), Error> {
    session.turn(&mut edge);
    let ends = (session.nodes.get(&edge.from).copied(), session.nodes.get(&edge.to).copied());
    let (Some(from), Some(to)) = ends else { return Ok(()) };
    let key = (edge.name.as_ref().into(), from.kind, to.kind);
    let Some(&(place_of_table, turned)) = tables.edges.get(&key) else { return Ok(()) };
    let Some(table) = tables.links.get_mut(place_of_table) else { return Ok(()) };
    if let Some(id) = &edge.id
        && let Some(before) = tables.keys.given.insert(id, place)
    {
        let file = session.files.get(before.0).cloned().unwrap_or_default();
        let reason = format!("the edge '{id}' is there already: {file}:{}", before.1);
        session.refuse(place, reason, None);
        return Ok(());
    }
    let is_new = match &edge.id {
        Some(id) if !table.required.is_empty() => load.find(&table.target, id)?.is_none(),
        Some(_) | None => true,
    };
    let row = match table.row(edge.properties, is_new) {
        Ok(row) => row,
        Err(wrong) => {
            session.refuse_all(place, wrong);
            return Ok(());
        }
    };
    let fields: Vec<Field<'_>> = row.iter().map(Kept::field).collect();
    let ids = if turned { [to.id, from.id] } else { [from.id, to.id] };
    let keys = &mut tables.keys;
    let outcome = if let Some(id) = &edge.id {
        load.edge(&mut table.target, id, ids, &fields)
    } else {
        let before = || keys.alike.before((place_of_table, ids), &row);
        load.edge_without_key(&mut table.target, before, ids, &fields)
    }?;
    session.unchanged += table.count(outcome);
    Ok(())
}

impl Alike {
    /// How many edges without an id came before that join the same nodes in the same table and say the same.
    pub(super) fn before(&mut self, joined: (usize, [i64; 2]), row: &[Kept<'_>]) -> u64 {
        let said = format!("{row:?}");
        let digest = self.states.each_ref().map(|state| state.hash_one((joined, &said)));
        let count = self.counts.entry(digest).or_default();
        *count += 1;
        *count - 1
    }
}

/// What was added and changed.
fn count(session: &mut Session, tables: &Tables) {
    let sum = |tables: &mut dyn Iterator<Item = &Table>| {
        tables.fold([0, 0], |sum, table| [sum[0] + table.counts[0], sum[1] + table.counts[1]])
    };
    let nodes: [u64; 2] = sum(&mut tables.kinds.iter());
    let edges: [u64; 2] = sum(&mut tables.links.iter());
    let told = |at: usize| {
        let counts = [("node", nodes), ("edge", edges)];
        let counts =
            counts.map(|(noun, counts)| (noun.to_owned(), counts.get(at).copied().unwrap_or(0)));
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    };
    (session.added, session.changed) = (told(0), told(1));
}
