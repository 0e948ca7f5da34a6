//! `dixit schema [NAME]`: which kinds, edges and properties there are to ask about.

use crate::base::closest::closest;
use crate::base::value::{Row, Value};
use crate::cli::answer::list;
use crate::cli::args::Schema;
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;
use crate::record::catalogue::{Catalogue, Edge, End, Kind, Term};

/// So many names of an edge stand for all of them.
const NAMES_SHOWN: usize = 3;

pub(super) fn run(args: &Schema, world: &World<'_>) -> Result<(), Failure> {
    let Schema { name, output } = args;
    let catalogue = Store::open(&world.store()?, world.timeout)?.catalogue()?;
    let rows = match name {
        None => overview(&catalogue),
        Some(name) => about(name, &catalogue).ok_or_else(|| unknown(name, &catalogue))?,
    };
    list(&["what", "type", "about"], &rows, output, world)?;
    if name.is_none() {
        world.terminal.remark("`dixit schema NAME` shows the properties of a kind or an edge");
    }
    Ok(())
}

/// All kinds, then all edges.
fn overview(catalogue: &Catalogue) -> Vec<Row> {
    let kinds =
        catalogue.kinds.iter().map(|kind| row(&format!("({})", kind.name), "kind", &kind.doc));
    let edges = catalogue.edges.iter().map(|edge| {
        let mut names = names(edge, catalogue);
        if names.len() > NAMES_SHOWN {
            names.truncate(NAMES_SHOWN);
            names.push("…");
        }
        row(&pattern(edge, &names.join("|"), catalogue), "edge", &edge.doc)
    });
    kinds.chain(edges).collect()
}

/// What is to know about a kind, or about every edge of that name.
fn about(name: &str, catalogue: &Catalogue) -> Option<Vec<Row>> {
    let is = |other: &str| other.to_lowercase() == name.to_lowercase();
    let kind = catalogue.kinds.iter().find(|kind| is(&kind.name));
    let edges = catalogue.edges.iter().filter_map(|edge| {
        let name = names(edge, catalogue).into_iter().find(|name| is(name))?;
        Some((edge, name))
    });
    let rows: Vec<Row> = match kind {
        Some(kind) => about_kind(kind, catalogue),
        None => edges.flat_map(|(edge, name)| about_edge(edge, name, catalogue)).collect(),
    };
    (!rows.is_empty()).then_some(rows)
}

fn about_kind(kind: &Kind, catalogue: &Catalogue) -> Vec<Row> {
    let mut rows = vec![row(&format!("({})", kind.name), "kind", &kind.doc)];
    rows.extend(properties(&kind.table, catalogue));
    let touches = |end: &End| end.kind.is_none_or(|id| id == kind.id);
    for edge in catalogue.edges.iter().filter(|edge| touches(&edge.from) || touches(&edge.to)) {
        let names = names(edge, catalogue).join("|");
        rows.push(row(&pattern(edge, &names, catalogue), "edge", &edge.doc));
    }
    rows
}

fn about_edge(edge: &Edge, name: &str, catalogue: &Catalogue) -> Vec<Row> {
    let meaning = terms(edge, catalogue)
        .find(|term| term.term == name)
        .and_then(|term| term.definition.as_deref());
    let label = catalogue.labels.iter().find(|label| label.edge == edge.id && label.name == name);
    let doc = meaning.or(label.map(|label| label.doc.as_str())).unwrap_or(&edge.doc);
    let mut rows = vec![row(&pattern(edge, name, catalogue), "edge", doc)];
    let stands_as = catalogue.kinds.iter().find(|kind| Some(kind.id) == edge.stands_as);
    rows.extend(properties(stands_as.map_or(&edge.table, |kind| &kind.table), catalogue));
    rows
}

fn properties<'c>(table: &'c str, catalogue: &'c Catalogue) -> impl Iterator<Item = Row> + 'c {
    let of_table = catalogue.properties.iter().filter(move |property| property.table == table);
    of_table.map(|property| row(&format!(".{}", property.name), &property.ty, &property.doc))
}

/// The names an edge may have: its own, or those of its terms, the labels for several of them first.
fn names<'c>(edge: &'c Edge, catalogue: &'c Catalogue) -> Vec<&'c str> {
    if let Some(name) = &edge.name {
        return vec![name];
    }
    let labels = catalogue.labels.iter().filter(|label| label.edge == edge.id);
    let terms = terms(edge, catalogue).map(|term| term.term.as_str());
    labels.map(|label| label.name.as_str()).chain(terms).collect()
}

fn terms<'c>(edge: &'c Edge, catalogue: &'c Catalogue) -> impl Iterator<Item = &'c Term> {
    let named_by_terms = edge.name.is_none();
    catalogue.terms.iter().filter(move |term| {
        named_by_terms
            && edge.vocabulary.as_ref() == Some(&term.vocabulary)
            && (edge.family.is_none() || edge.family == term.family)
    })
}

fn pattern(edge: &Edge, names: &str, catalogue: &Catalogue) -> String {
    format!("({})-[:{names}]->({})", end(&edge.from, catalogue), end(&edge.to, catalogue))
}

/// The kind at an end; nothing where any kind may stand there.
fn end<'c>(end: &End, catalogue: &'c Catalogue) -> &'c str {
    let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == end.kind);
    kind.map_or("", |kind| &kind.name)
}

fn row(what: &str, ty: &str, about: &str) -> Row {
    [what, ty, about].map(|text| Value::Text(text.to_owned())).to_vec()
}

fn unknown(name: &str, catalogue: &Catalogue) -> Failure {
    let kinds = catalogue.kinds.iter().map(|kind| kind.name.as_str());
    let edges = catalogue.edges.iter().flat_map(|edge| names(edge, catalogue));
    let near = closest(name, kinds.chain(edges));
    let message = Message::new(format!("there is no kind and no edge called `{name}`"));
    Failure::Name(message.meant(near, "`dixit schema` lists them"))
}
