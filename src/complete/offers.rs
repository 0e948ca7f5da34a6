//! Candidates by sort: kinds, edges, properties, terms, functions, each with what it is.

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Sort};
use crate::lang::ast::{Definition, Direction, Label, Meaning, Node};
use crate::lang::{signature, written_parameter, written_text, written_variable, written_word};
use crate::meaning::catalog::{
    Attribute, Catalog, EdgeId, KindId, KindSet, Property, Storage, TermId,
};
use crate::meaning::functions::{self, AGGREGATES, Takes};
use crate::meaning::question::Alternative;
use crate::meaning::types::Type;

pub(super) fn candidate(text: &str, label: &str, gloss: &str, sort: Sort) -> Candidate {
    Candidate { text: text.to_owned(), label: label.to_owned(), gloss: gloss.to_owned(), sort }
}

/// The labels by which nodes of these kinds are asked.
pub(super) fn kinds(catalog: &Catalog, fit: &KindSet) -> Vec<Candidate> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for kind in catalog.kinds().filter(|(id, _)| fit.contains(id)).map(|(_, kind)| kind) {
        for label in std::iter::once(&kind.name).chain(&kind.labels) {
            let shown = kind.labels.is_empty() || kind.labels.contains(label);
            if shown && seen.insert(label) {
                found.push(candidate(&written_word(label), label, &kind.doc, Sort::Kind));
            }
        }
    }
    found
}

/// All kinds that a node without a label may be.
pub(super) fn all_kinds(catalog: &Catalog) -> KindSet {
    catalog.nodes().collect()
}

/// The names of edges that some alternative allows.
pub(super) fn edges(catalog: &Catalog, fit: &[Alternative]) -> Vec<Candidate> {
    let shared =
        |terms: Option<&BTreeSet<TermId>>, other: Option<&BTreeSet<TermId>>| match (terms, other) {
            (Some(terms), Some(other)) => !terms.is_disjoint(other),
            _ => true,
        };
    let mut found = Vec::new();
    for name in catalog.edge_names() {
        let labels = catalog.edge_labels(name);
        let meant = labels.iter().find(|label| {
            fit.iter().any(|one| {
                one.edge == label.edge && shared(one.terms.as_ref(), label.terms.as_ref())
            })
        });
        if let Some(label) = meant {
            let several = label.terms.as_ref().is_none_or(|terms| terms.len() > 1);
            let gloss = edge_gloss(catalog, label.edge, name, label.terms.as_ref());
            found.push((!several, candidate(&written_word(name), name, &gloss, Sort::Edge)));
        }
    }
    // What stands for several comes before the single acts.
    found.sort_by_key(|(single, _)| *single);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Every edge there is, either way.
pub(super) fn all_edges(catalog: &Catalog) -> Vec<Alternative> {
    let alternative = |edge| Alternative { edge, terms: None, reversed: false, symmetric: false };
    catalog.edges().map(|(id, _)| alternative(id)).collect()
}

fn edge_gloss(
    catalog: &Catalog,
    id: EdgeId,
    name: &str,
    terms: Option<&BTreeSet<TermId>>,
) -> String {
    let edge = catalog.edge(id);
    let term = terms.filter(|terms| terms.len() == 1).and_then(|terms| terms.first());
    let defined = term.and_then(|term| catalog.term(*term)?.definition.as_deref());
    let about = defined.or(catalog.label_doc(name)).unwrap_or(&edge.doc);
    let end = |kinds: &KindSet| match kinds.first() {
        Some(kind) if kinds.len() == 1 => catalog.kind(*kind).name.clone(),
        _ => "…".to_owned(),
    };
    with_about(&format!("{} → {}", end(&edge.from.kinds), end(&edge.to.kinds)), about)
}

/// What a thing is, and what is said about it, if anything is.
fn with_about(what: &str, about: &str) -> String {
    if about.is_empty() { what.to_owned() } else { format!("{what}: {about}") }
}

/// The defined edges that may lead from a node of one type to one of another.
pub(super) fn defined_edges(
    catalog: &Catalog,
    definitions: &[&Definition],
    direction: Direction,
    [left, right]: &[Type; 2],
) -> Vec<Candidate> {
    let fits = |node: &Node, ty: &Type| match (&node.label, ty) {
        (Some(Label::Name(name)), Type::Node(kinds)) => {
            !catalog.kinds_named(&name.text).is_disjoint(kinds)
        }
        _ => true,
    };
    let along = |from: &Node, to: &Node| match direction {
        Direction::Right => fits(from, left) && fits(to, right),
        Direction::Left => fits(from, right) && fits(to, left),
        Direction::Either => {
            (fits(from, left) && fits(to, right)) || (fits(from, right) && fits(to, left))
        }
    };
    let drawn = definitions.iter().filter(|one| match &one.meaning {
        Meaning::Edge { left, variable: _, right, body: _ } => along(left, right),
        Meaning::Value { .. } => false,
    });
    drawn
        .map(|one| {
            let gloss = one.help.clone().unwrap_or_else(|| signature(one));
            candidate(&written_word(&one.name.text), &one.name.text, &gloss, Sort::Edge)
        })
        .collect()
}

/// The properties of what has this type.
pub(super) fn properties(catalog: &Catalog, ty: &Type) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for property in properties_of(catalog, ty) {
        if found.iter().all(|known| known.label != property.name) {
            let gloss = with_about(&type_word(&property.ty), &property.doc);
            let text = written_word(&property.name);
            found.push(candidate(&text, &property.name, &gloss, Sort::Property));
        }
    }
    found
}

/// All properties, kind by kind.
pub(super) fn properties_of<'c>(catalog: &'c Catalog, ty: &Type) -> Vec<&'c Property> {
    match ty {
        Type::Node(kinds) => {
            kinds.iter().flat_map(|kind| &catalog.kind(*kind).properties).collect()
        }
        Type::Edge(edges) => edges
            .iter()
            .flat_map(|edge| match catalog.edge(*edge).stands_as {
                Some(kind) => &catalog.kind(kind).properties,
                None => &catalog.edge(*edge).properties,
            })
            .collect(),
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Text
        | Type::Date
        | Type::DateTime
        | Type::Duration
        | Type::Map
        | Type::Any
        | Type::List(_)
        | Type::Path => Vec::new(),
    }
}

/// A type in one word.
fn type_word(ty: &Type) -> String {
    match ty {
        Type::List(of) => format!("list of {}", type_word(of)),
        _ => ty.word().to_owned(),
    }
}

/// A variable with what it holds.
pub(super) fn variable(catalog: &Catalog, name: &str, ty: &Type) -> Candidate {
    let gloss = match ty {
        Type::Node(kinds) => {
            let names: Vec<&str> =
                kinds.iter().map(|kind| catalog.kind(*kind).name.as_str()).collect();
            if names.len() > 3 { "a node".to_owned() } else { names.join(" or ") }
        }
        other => type_word(other),
    };
    candidate(&written_variable(name), name, &gloss, Sort::Variable)
}

/// The terms that a property may have, between quotes of this sort; nothing where it has no vocabulary.
pub(super) fn terms(catalog: &Catalog, ty: &Type, property: &str, quote: char) -> Vec<Candidate> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut add = |term: &str, about: Option<&str>| {
        if !found.contains_key(term) {
            order.push(term.to_owned());
            found.insert(term.to_owned(), about.unwrap_or_default().to_owned());
        }
    };
    for owner in owners(ty) {
        let (properties, own_terms) = match owner {
            Owner::Kind(kind) => (&catalog.kind(kind).properties, Vec::new()),
            Owner::Edge(edge) => {
                let edge = catalog.edge(edge);
                let kind = edge.stands_as.map(|kind| &catalog.kind(kind).properties);
                (kind.unwrap_or(&edge.properties), edge.terms.clone())
            }
        };
        let Some((_, property)) = Catalog::property(properties, property) else { continue };
        let Storage::Term { column: _, attribute, vocabulary } = &property.storage else {
            continue;
        };
        let listed = vocabulary.iter().flat_map(|name| catalog.vocabulary(name));
        for term in listed.chain(own_terms.iter().filter_map(|term| catalog.term(*term))) {
            match attribute {
                Attribute::Term => add(&term.term, term.definition.as_deref()),
                Attribute::Family => add(term.family.as_deref().unwrap_or_default(), None),
                Attribute::Vocabulary => add(&term.vocabulary, None),
                Attribute::Polarity => {}
            }
        }
    }
    let made = order.iter().filter(|term| !term.is_empty()).map(|term| {
        let gloss = found.get(term).map_or("", String::as_str);
        candidate(&written_text(term, quote), term, gloss, Sort::Term)
    });
    made.collect()
}

enum Owner {
    Kind(KindId),
    Edge(EdgeId),
}

fn owners(ty: &Type) -> Vec<Owner> {
    match ty {
        Type::Node(kinds) => kinds.iter().map(|kind| Owner::Kind(*kind)).collect(),
        Type::Edge(edges) => edges.iter().map(|edge| Owner::Edge(*edge)).collect(),
        _ => Vec::new(),
    }
}

/// The kinds whose nodes go by what this property holds: by key, or by what they are shown as.
pub(super) fn named_by(catalog: &Catalog, ty: &Type, property: &str) -> Vec<(KindId, bool)> {
    let Type::Node(kinds) = ty else { return Vec::new() };
    let by = |id: &KindId| {
        let kind = catalog.kind(*id);
        let (_, property) = Catalog::property(&kind.properties, property)?;
        let Storage::Column(column) = &property.storage else { return None };
        let is_key = kind.key.as_ref() == Some(column);
        (is_key || property.name == "name").then_some((*id, is_key))
    };
    kinds.iter().filter_map(by).collect()
}

/// Every function, aggregate and defined value with what it takes; the parenthesis is there unless it follows already.
pub(super) fn functions(definitions: &[&Definition], opens: bool) -> Vec<Candidate> {
    let open = if opens { "(" } else { "" };
    let made = |name: &str, takes: &[Takes], doc: &str| {
        let words: Vec<&str> = takes.iter().map(|takes| takes.word()).collect();
        let text = format!("{name}{open}");
        candidate(&text, &format!("{name}({})", words.join(", ")), doc, Sort::Function)
    };
    let defined = definitions.iter().filter(|one| matches!(one.meaning, Meaning::Value { .. }));
    let mut found: Vec<Candidate> = Vec::new();
    for one in defined {
        let text = format!("{}{open}", written_word(&one.name.text));
        let gloss = one.help.as_deref().unwrap_or_default();
        found.push(candidate(&text, &signature(one), gloss, Sort::Function));
    }
    found.extend(AGGREGATES.iter().map(|row| made(row.name, row.takes, row.doc)));
    found.extend(functions::all().map(|row| made(row.name, row.takes, row.doc)));
    found
}

/// A parameter with what is known of it.
pub(super) fn parameter(name: &str, gloss: &str) -> Candidate {
    let text = written_parameter(name);
    candidate(&text, &text, gloss, Sort::Parameter)
}

/// What a parameter of a script may be.
pub(super) const TYPES: &[(&str, &str)] = &[
    ("text", "any text"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("bool", "true or false"),
    ("date", "a date, as exact as it is known"),
    ("datetime", "an instant"),
    ("duration", "a length of time"),
    ("map", "names with values"),
    ("any", "whatever it looks like"),
    ("list", "several of a type: list<text>"),
];
