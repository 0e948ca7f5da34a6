//! What the values of arguments may be: one row of [`VALUES`] for each, with the function that lists them.

use std::time::Duration;

use clap::CommandFactory as _;

use super::Around;
use crate::base::fold::fold;
use crate::base::source::Source;
use crate::cli::args::Args;
use crate::cli::commands::graph::{ATTRIBUTION, DISPUTES};
use crate::cli::commands::topics::TOPICS;
use crate::cli::engine::Store;
use crate::cli::saved::choices;
use crate::cli::shell::behind;
use crate::export::exporters::{EXPORTERS, projections};
use crate::format::FORMATS;
use crate::format::chart::CHARTS;
use crate::import::importers::IMPORTERS;
use crate::lang;
use crate::script::parameter::{Parameter, Type};
use crate::script::{self, Saved, TOPICS as SUBJECTS};
use crate::store::history::Entry;

/// Lists values that begin as given, each with its help.
pub(super) type Values = fn(&Around, &str) -> Vec<(String, String)>;

/// The command, or all; the argument; its values.
pub(super) const VALUES: &[(&str, &str, Values)] = &[
    ("", "db", stores),
    ("timeline", "format", |_, begun| told(PICTURES, begun)),
    ("graph", "format", |_, begun| told(&[PICTURES, DOT].concat(), begun)),
    ("export", "format", exports),
    ("export", "words", exports),
    ("export", "projection", |_, begun| told(&projections(), begun)),
    ("import", "format", forms),
    ("", "format", formats),
    ("", "chart", charts),
    ("", "expanded", |_, begun| told(RECORDS, begun)),
    ("timeline", "by", |_, begun| told(LANES, begun)),
    ("help", "topic", topics),
    ("schema", "name", schema),
    ("shell", "store", stores),
    ("stats", "store", stores),
    ("queries", "word", subjects),
    ("test", "targets", saved_or_files),
    ("timeline", "query", saved),
    ("graph", "query", saved),
    ("graph", "words", pictures),
    ("", "claim", |around, begun| nodes(around, "Claim", begun)),
    ("", "actor", |around, begun| nodes(around, "Actor", begun)),
    ("", "topic", |around, begun| nodes(around, "Topic", begun)),
    ("log", "words", keys),
    ("undo", "words", changes),
];

const PICTURES: &[(&str, &str)] = &[
    ("html", "a page: the picture, and below it a table"),
    ("svg", "the picture alone, sharp at any size"),
    ("png", "the picture in points"),
];
const DOT: &[(&str, &str)] = &[("dot", "nodes and edges for Graphviz")];
const RECORDS: &[(&str, &str)] = &[
    ("on", "each row as a record"),
    ("off", "always a table"),
    ("auto", "records where a table would squeeze its text"),
];
const LANES: &[(&str, &str)] = &[
    ("speaker", "who speaks"),
    ("claim", "what is claimed"),
    ("venue", "where it was said"),
    ("topic", "what it is about"),
];

/// No query takes longer; where a file's own list does, names are looked up instead, which needs no search.
const PATIENCE: Duration = Duration::from_millis(150);
/// How many values a file's own list gives.
const MOST_CHOICES: usize = 1000;
/// How many names are listed.
const MOST: usize = 50;

pub(super) fn store(around: &Around) -> Option<Store> {
    Store::open(around.store.as_deref()?, Some(PATIENCE)).ok()
}

fn stores(_: &Around, begun: &str) -> Vec<(String, String)> {
    behind::paths(begun, true)
}

fn told(all: &[(&str, &str)], begun: &str) -> Vec<(String, String)> {
    let fitting = all.iter().filter(|(name, _)| name.starts_with(begun));
    fitting.map(|(name, about)| ((*name).to_owned(), (*about).to_owned())).collect()
}

fn charts(_: &Around, begun: &str) -> Vec<(String, String)> {
    let all: Vec<(&str, &str)> = CHARTS.iter().map(|one| (one.name, one.about)).collect();
    told(&all, begun)
}

fn exports(_: &Around, begun: &str) -> Vec<(String, String)> {
    let all: Vec<(&str, &str)> = EXPORTERS.iter().map(|one| (one.name, one.about)).collect();
    told(&all, begun)
}

fn forms(_: &Around, begun: &str) -> Vec<(String, String)> {
    let all: Vec<(&str, &str)> = IMPORTERS.iter().map(|one| (one.name, one.about)).collect();
    told(&all, begun)
}

fn formats(_: &Around, begun: &str) -> Vec<(String, String)> {
    let all: Vec<(&str, &str)> = FORMATS.iter().map(|one| (one.name, one.about)).collect();
    told(&all, begun)
}

fn topics(_: &Around, begun: &str) -> Vec<(String, String)> {
    let topics = TOPICS.iter().map(|topic| (topic.name.to_owned(), topic.about.to_owned()));
    let command = Args::command();
    let commands = command.get_subcommands().filter(|one| !one.is_hide_set()).map(|one| {
        let about = one.get_about().map(ToString::to_string).unwrap_or_default();
        (one.get_name().to_owned(), about)
    });
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, about) in topics.chain(commands) {
        if name.starts_with(begun) && all.iter().all(|(known, _)| *known != name) {
            all.push((name, about));
        }
    }
    all
}

fn schema(around: &Around, begun: &str) -> Vec<(String, String)> {
    let catalogue = store(around).and_then(|store| store.catalogue().ok());
    let names = catalogue.as_ref().map(behind::schema).unwrap_or_default();
    beginning(names, begun)
}

/// The keys of nodes of any kind.
fn keys(around: &Around, begun: &str) -> Vec<(String, String)> {
    let found = store(around).and_then(|store| store.nodes_like(begun, MOST).ok());
    let nodes = found.unwrap_or_default().into_iter().map(|node| (node.label, node.gloss));
    beginning(nodes.collect(), begun)
}

/// The nodes of a kind, by key or by the name that is begun.
fn nodes(around: &Around, kind: &str, begun: &str) -> Vec<(String, String)> {
    let text = format!("match (:{kind} {})", lang::written_text(begun, '\''));
    let found = store(around).map(|store| store.values_at(&text, text.len() - 2));
    beginning(found.unwrap_or_default(), begun)
}

/// The saved questions.
fn saved(around: &Around, begun: &str) -> Vec<(String, String)> {
    let all = around.library.beginning(begun).into_iter();
    all.map(|found| {
        let question = script::read_all(&found.source).map(|saved| saved.question);
        (found.name, question.unwrap_or_default())
    })
    .collect()
}

fn saved_or_files(around: &Around, begun: &str) -> Vec<(String, String)> {
    [saved(around, begun), behind::paths(begun, false)].concat()
}

/// What saved questions are about.
fn subjects(_: &Around, begun: &str) -> Vec<(String, String)> {
    beginning(words(SUBJECTS), begun)
}

/// What `graph` draws without a query; behind `attribution` the keys of statements.
fn pictures(around: &Around, begun: &str) -> Vec<(String, String)> {
    let own = beginning(words(&[ATTRIBUTION, DISPUTES]), begun);
    if begun.is_empty() || !own.is_empty() { own } else { nodes(around, "Statement", begun) }
}

/// The numbers of changes, the latest first.
fn changes(around: &Around, begun: &str) -> Vec<(String, String)> {
    let changes = store(around).and_then(|store| store.changes().ok()).unwrap_or_default();
    let line = |entry: Entry| {
        let why = entry.why.map(|why| format!(": {why}")).unwrap_or_default();
        (entry.number.to_string(), format!("{} {}{why}", entry.at, entry.action))
    };
    changes
        .into_iter()
        .map(line)
        .filter(|(number, _)| number.starts_with(begun))
        .take(MOST)
        .collect()
}

/// What a parameter of a saved question may be: what its file lists, or else what the question could have in its place.
pub(in crate::cli) fn of_parameter(
    store: Option<&Store>,
    (saved, source): (&Saved, &Source),
    parameter: &Parameter,
    begun: &str,
) -> Vec<(String, String)> {
    if parameter.choices.is_some() {
        let listed = choices(parameter, saved, source, store, MOST_CHOICES);
        let listed = listed.unwrap_or_default().into_iter();
        let listed = beginning(
            listed.map(|one| (one.value, one.meaning.unwrap_or_default())).collect(),
            begun,
        );
        if !listed.is_empty() {
            return listed;
        }
    }
    match &parameter.ty {
        Type::Bool => beginning(words(&["true", "false"]), begun),
        Type::Text => in_its_place(store, source, &parameter.name, begun),
        Type::List(of) if **of == Type::Text => in_its_place(store, source, &parameter.name, begun),
        _ => Vec::new(),
    }
}

fn words(words: &[&str]) -> Vec<(String, String)> {
    words.iter().map(|word| ((*word).to_owned(), String::new())).collect()
}

/// What fits in a question where it speaks of a parameter, as if the text begun stood there.
fn in_its_place(
    store: Option<&Store>,
    source: &Source,
    parameter: &str,
    begun: &str,
) -> Vec<(String, String)> {
    let Some(store) = store else { return Vec::new() };
    for place in lang::places_of_parameter(source, parameter) {
        let text = source.text();
        let (Some(before), Some(after)) = (text.get(..place.start), text.get(place.end..)) else {
            continue;
        };
        let quoted = lang::written_text(begun, '\'');
        let cursor = before.len() + quoted.len() - 1;
        let found = store.values_at(&format!("{before}{quoted}{after}"), cursor);
        if !found.is_empty() {
            return beginning(found, begun);
        }
    }
    Vec::new()
}

/// Those that begin so, whatever the case.
fn beginning(all: Vec<(String, String)>, begun: &str) -> Vec<(String, String)> {
    let begun = fold(begun);
    all.into_iter().filter(|(value, _)| fold(value).starts_with(&begun)).collect()
}
