//! The whole graph, part by part, for forms that know nodes, edges and properties: every kind of node, then every sort of
//! edge, with the properties that each shows. The questions are made of the catalogue's names, in back-ticks.

use super::amount::count;
use super::declared::quoted;
use super::lines::typed;
use super::{ALIASES, Among, Error, KEY, World};
use crate::base::value::Value;
use crate::record::catalogue::{Catalogue, Edge, Kind, Property};
use crate::record::declared::FIRST;

/// A property as it is shown.
pub(super) struct Shown {
    /// Its name.
    pub(super) name: String,
    /// Its type: `string`, `long`, `double` or `boolean`.
    pub(super) ty: &'static str,
}

/// The nodes of one kind.
pub(super) struct Nodes {
    /// Its name.
    pub(super) kind: String,
    /// Its properties.
    pub(super) shown: Vec<Shown>,
    part: Among,
    question: String,
}

/// Tells how many rows a part will give.
fn expect(world: &dyn World, part: Among, question: &str) -> Result<(), Error> {
    world.ask_among(part, question, &[], &mut |row| {
        world.expect(count(row.first()));
        Ok(())
    })
}

/// Edges of one sort.
pub(super) struct Edges {
    /// Their properties.
    pub(super) shown: Vec<Shown>,
    part: Among,
    question: String,
    /// Asks how many there are.
    how_many: String,
    /// Names for terms.
    names: Vec<(String, String)>,
    /// Terms whose edges hold both ways; all edges where there is nothing else to tell.
    symmetric: Vec<String>,
}

/// An edge.
pub(super) struct Joined<'r> {
    /// The kind and the key of the node it leaves.
    pub(super) from: (&'r str, &'r str),
    /// The kind and the key of the node it enters.
    pub(super) to: (&'r str, &'r str),
    /// Its name.
    pub(super) name: &'r str,
    /// Whether it holds both ways; then it comes once.
    pub(super) symmetric: bool,
    /// Its properties.
    pub(super) values: &'r [Value],
}

/// All kinds of node. Those that are given out as edges are among the edges.
pub(super) fn nodes(catalogue: &Catalogue) -> Vec<Nodes> {
    let kinds = catalogue.kinds.iter().filter(|kind| kind.key_column.is_some() && !kind.as_edge);
    kinds.map(|kind| nodes_of(catalogue, kind)).collect()
}

fn nodes_of(catalogue: &Catalogue, kind: &Kind) -> Nodes {
    let own = properties(catalogue, &kind.table);
    let names_seen = own.iter().any(|property| property.storage == "alias");
    // The key of a built-in kind is a property of that name, which every node has anyway.
    let is_key = |property: &&&Property| kind.id < FIRST && property.name == "key";
    let own: Vec<&Property> = own.iter().filter(|one| !is_key(one)).copied().collect();
    let mut columns: Vec<String> = vec![quoted(KEY)];
    columns.extend(own.iter().map(|property| quoted(&property.name)));
    let mut shown = shown(&own, &["type", "key"]);
    if kind.id < FIRST && !names_seen {
        columns.push(quoted(ALIASES));
        shown.push(Shown { name: "aliases".to_owned(), ty: "string" });
    }
    let question = format!("match (e) return {} order by c0", listed("e", &columns));
    Nodes { kind: kind.name.clone(), shown, part: Among::Kind(kind.id), question }
}

/// All sorts of edges.
pub(super) fn edges(catalogue: &Catalogue) -> Vec<Edges> {
    let mut all = Vec::new();
    let kind = |id: Option<i64>| catalogue.kinds.iter().find(|kind| Some(kind.id) == id);
    let mut widened: Vec<&str> = Vec::new();
    for edge in &catalogue.edges {
        let stands_as = kind(edge.stands_as);
        if stands_as.is_some_and(|kind| !kind.as_edge)
            || kind(edge.from.kind).is_some_and(|kind| kind.as_edge)
        {
            continue;
        }
        if edge.term.is_some() {
            if widened.contains(&edge.table.as_str()) {
                continue;
            }
            widened.push(&edge.table);
        }
        all.push(match stands_as {
            Some(kind) => standing(catalogue, edge, kind),
            None => plain(catalogue, edge),
        });
    }
    all
}

/// Edges that are just edges.
fn plain(catalogue: &Catalogue, edge: &Edge) -> Edges {
    // The table of a node has no properties of its edges.
    let is_link = catalogue.kinds.iter().all(|kind| kind.table != edge.table);
    let own = if is_link { properties(catalogue, &edge.table) } else { Vec::new() };
    let mut columns: Vec<String> = own.iter().map(|property| quoted(&property.name)).collect();
    let mut shown = shown(&own, &["type"]);
    if edge.id >= FIRST {
        columns.push(quoted(KEY));
        shown.push(Shown { name: free("key", &shown), ty: "string" });
    }
    let part = if edge.term.is_some() { Among::AllTerms(edge.id) } else { Among::Edge(edge.id) };
    let mut rest = listed_behind("e", &columns, &[]);
    if edge.id >= FIRST {
        // Tells edges apart that say the same.
        rest.push_str(", id(e) as i");
    }
    let question = asked("match (a)-[e]->(b)", &rest);
    let same = |other: &&Edge| other.table == edge.table;
    let names = catalogue.edges.iter().filter(same);
    let names = names.filter_map(|other| Some((other.term.clone()?, other.name.clone()?)));
    let how_many = "match ()-[e]->() return count(*)".to_owned();
    let symmetric = symmetric(catalogue, edge);
    Edges { shown, part, question, how_many, names: names.collect(), symmetric }
}

/// Edges that are nodes of a kind as well, with what leads from these.
fn standing(catalogue: &Catalogue, edge: &Edge, kind: &Kind) -> Edges {
    let own = properties(catalogue, &kind.table);
    let columns: Vec<String> = own.iter().map(|property| quoted(&property.name)).collect();
    let mut shown = shown(&own, &["type"]);
    let more = catalogue.edges.iter().filter(|other| other.from.kind == Some(kind.id));
    let mut pattern = format!("match (e:{}) match (a)-[e]->(b)", quoted(&kind.name));
    let mut behind = Vec::new();
    for (at, name) in more.filter_map(|other| other.name.as_deref()).enumerate() {
        pattern = format!("{pattern} optional match (e)-[:{}]->(z{at})", quoted(name));
        behind.push(format!("z{at}.{}", quoted(KEY)));
        shown.push(Shown { name: free(name, &shown), ty: "string" });
    }
    let question = asked(&pattern, &listed_behind("e", &columns, &behind));
    let how_many = format!("match (e:{}) return count(*)", quoted(&kind.name));
    let symmetric = symmetric(catalogue, edge);
    Edges { shown, part: Among::BuiltIn, question, how_many, names: Vec::new(), symmetric }
}

/// Which of the names of an edge hold both ways.
fn symmetric(catalogue: &Catalogue, edge: &Edge) -> Vec<String> {
    if let Some(name) = edge.name.clone().filter(|_| edge.symmetric) {
        return vec![name];
    }
    let terms = catalogue.terms.iter().filter(|term| term.symmetric);
    let own = terms.filter(|term| Some(&term.vocabulary) == edge.vocabulary.as_ref());
    own.map(|term| term.term.clone()).collect()
}

/// The properties of a table, with the names under which they are shown.
fn shown(own: &[&Property], taken: &[&str]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for property in own {
        let mut name = property.name.clone();
        while taken.contains(&name.as_str()) {
            name.push('_');
        }
        let ty = match property.ty.as_str() {
            "int" => "long",
            "float" => "double",
            "bool" => "boolean",
            _ => "string",
        };
        all.push(Shown { name: free(&name, &all), ty });
    }
    all
}

/// A name that no other property has.
fn free(name: &str, shown: &[Shown]) -> String {
    let mut name = name.to_owned();
    while shown.iter().any(|one| one.name == name) {
        name.push('_');
    }
    name
}

fn properties<'c>(catalogue: &'c Catalogue, table: &str) -> Vec<&'c Property> {
    catalogue.properties.iter().filter(|property| property.table == table).collect()
}

/// `e.x as c0, e.y as c1`
fn listed(element: &str, columns: &[String]) -> String {
    let columns = columns.iter().enumerate();
    let columns: Vec<String> =
        columns.map(|(at, column)| format!("{element}.{column} as c{at}")).collect();
    columns.join(", ")
}

fn listed_behind(element: &str, columns: &[String], behind: &[String]) -> String {
    let mut all = listed(element, columns);
    for (at, column) in behind.iter().enumerate() {
        if !all.is_empty() {
            all.push_str(", ");
        }
        all = format!("{all}{column} as z{at}");
    }
    all
}

/// A question for edges: the kinds and keys of both ends, the name, and the rest.
fn asked(pattern: &str, rest: &str) -> String {
    let key = quoted(KEY);
    let between = if rest.is_empty() { "" } else { ", " };
    format!(
        "{pattern} return kind(a) as fk, a.{key} as f, kind(b) as tk, b.{key} as t, type(e) as n{between}{rest} \
         order by fk, f, n, tk, t"
    )
}

/// Takes one node: its key and its properties.
type TakeNode<'t> = &'t mut dyn FnMut(&str, &[Value]) -> Result<(), Error>;

impl Nodes {
    /// Tells how many will come.
    pub(super) fn expect(&self, world: &dyn World) -> Result<(), Error> {
        expect(world, self.part, "match (e) return count(*)")
    }

    /// Hands on the nodes: the key and the properties.
    pub(super) fn rows(&self, world: &dyn World, receive: TakeNode<'_>) -> Result<(), Error> {
        world.ask_among(self.part, &self.question, &[], &mut |row| match row {
            [Value::Text(key), values @ ..] => receive(key, values),
            _ => Ok(()),
        })
    }
}

/// Takes one edge.
type Take<'t> = &'t mut dyn FnMut(&Joined<'_>) -> Result<(), Error>;

impl Edges {
    /// Tells how many will come.
    pub(super) fn expect(&self, world: &dyn World) -> Result<(), Error> {
        expect(world, self.part, &self.how_many)
    }

    /// Hands on the edges.
    pub(super) fn rows(&self, world: &dyn World, receive: Take<'_>) -> Result<(), Error> {
        let mut before: Vec<Value> = Vec::new();
        world.ask_among(self.part, &self.question, &[], &mut |row| {
            let [
                Value::Text(from_kind),
                Value::Text(from),
                Value::Text(to_kind),
                Value::Text(to),
                Value::Text(name),
                values @ ..,
            ] = row
            else {
                return Ok(());
            };
            let symmetric = self.symmetric.contains(name);
            let (from, to) = ((from_kind.as_str(), from.as_str()), (to_kind.as_str(), to.as_str()));
            // The other way of an edge that holds both ways, which a circle has as well.
            if symmetric && (from > to || (from == to && before == row)) {
                return Ok(());
            }
            if symmetric {
                before.clear();
                before.extend_from_slice(row);
            }
            let known = self.names.iter().find(|(term, _)| term == name);
            let name = known.map_or(name.as_str(), |(_, known)| known.as_str());
            receive(&Joined { from, to, name, symmetric, values })
        })
    }
}

/// A value as a text; a list or a map as JSON. Nothing where there is none.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Node(_) | Value::Edge(_) | Value::Path(_) => None,
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Float(value) if value.is_infinite() => {
            Some(if *value > 0.0 { "INF" } else { "-INF" }.to_owned())
        }
        Value::Float(value) => Some(value.to_string()),
        Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Duration(text) => {
            Some(text.clone())
        }
        Value::List(members) if members.is_empty() => None,
        Value::List(_) | Value::Map(_) => Some(typed(value).to_string()),
    }
}
