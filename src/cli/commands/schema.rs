//! `dixit schema [NAME]`: which kinds, edges, properties and terms there are to ask about.

use super::definitions;
use std::path::Path;

use crate::base::clean::Safe;
use crate::base::closest::closest;
use crate::base::source::{Source, read_text};
use crate::base::value::{Row, Value};
use crate::cli::answer::{self, List};
use crate::cli::args::Schema;
use crate::cli::change::Reason;
use crate::cli::engine::{self, Declared};
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;
use crate::record::catalogue::{Catalogue, Edge, End, Kind, Property, Term};
use crate::record::notation;

/// So many names of an edge, or terms of a vocabulary, stand for all of them, if they are not longer than this.
const SHOWN: usize = 3;
const LONGEST: usize = 24;

pub(super) fn run(args: &Schema, world: &World<'_>) -> Result<(), Failure> {
    let Schema { name, file, dry_run, why, who, graph_type, output } = args;
    match (name.as_deref(), file) {
        (Some("apply"), Some(file)) => {
            let who = who.clone().or_else(|| world.settings.who.clone());
            let reason = Reason { why: why.clone(), who, dry_run: *dry_run };
            return apply(file, &reason, world);
        }
        (_, Some(file)) => return Err(no_file(file)),
        (Some("apply"), None) => return Err(nothing_to_apply()),
        (_, None) => {}
    }
    if *graph_type {
        let store = world.open()?;
        let text = notation::graph_type(&store.catalogue()?);
        return world.terminal.print(&Safe::clean(&text));
    }
    let store = world.open()?;
    let page = Page { catalogue: store.catalogue()?, counts: store.counts()? };
    let sections = match name {
        None => vec![page.kinds(), page.edges(), page.vocabularies(), page.definitions()],
        Some(name) => page.about(name).ok_or_else(|| page.unknown(name))?,
    };
    let lists = if output.format()?.several {
        let filled = sections.into_iter().filter(|section| !section.entries.is_empty());
        filled.map(Section::list).collect()
    } else {
        vec![in_one(sections)]
    };
    answer::lists(&lists, output, world)?;
    if name.is_none() {
        world.terminal.remark(&page.next());
    }
    Ok(())
}

/// `dixit schema apply FILE`: adds what a graph type has and the store has not.
fn apply(file: &Path, reason: &Reason, world: &World<'_>) -> Result<(), Failure> {
    let store = world.store()?;
    let read = std::fs::File::open(file).and_then(read_text);
    let text = read.map_err(|error| Failure::file("read", file, error))?;
    let source = Source::file(file.display().to_string(), text);
    let Declared { kinds, properties, edges, opened } = engine::declare(&store, &source, reason)?;
    let dry_run = reason.dry_run;
    let counts = [
        (kinds, "kind", "kinds"),
        (properties, "property", "properties"),
        (edges, "edge", "edges"),
    ];
    let counts = counts.iter().filter(|(count, ..)| *count > 0);
    let told: Vec<String> = counts
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let (added, nothing) =
        if dry_run { ("would add", "nothing would change") } else { ("added", "nothing changed") };
    let mut said = Vec::new();
    said.extend((!told.is_empty()).then(|| format!("{added} {}", told.join(", "))));
    said.extend(opened.map(|open| {
        let state = if open { "open" } else { "closed" };
        format!("the graph {} {state}", if dry_run { "would be" } else { "is now" })
    }));
    let said = if said.is_empty() { nothing.to_owned() } else { said.join("; ") };
    world.terminal.remark(&said);
    Ok(())
}

fn no_file(file: &Path) -> Failure {
    let message = Message::new(format!("what is {} for?", file.display()));
    Failure::Usage(message.next("`dixit schema apply FILE` adds what a file declares"))
}

fn nothing_to_apply() -> Failure {
    let message = Message::new("name the file to apply");
    Failure::Usage(message.next("write `dixit schema apply FILE`"))
}

/// Things of one sort.
struct Section {
    /// What they are.
    what: &'static str,
    entries: Vec<Entry>,
}

#[derive(Default)]
struct Entry {
    name: String,
    ty: Option<String>,
    count: Option<u64>,
    about: String,
}

impl Section {
    /// As rows; what none of them has is no column.
    fn list(self) -> List {
        let Self { what, entries } = self;
        let typed = entries.iter().any(|entry| entry.ty.is_some());
        let counted = entries.iter().any(|entry| entry.count.is_some());
        let mut columns = vec![(what, false)];
        columns.extend(typed.then_some(("type", false)));
        columns.extend(counted.then_some(("count", true)));
        let told = entries.iter().any(|entry| !entry.about.is_empty());
        columns.extend(told.then_some(("about", false)));
        let row = |entry: Entry| -> Row {
            let Entry { name, ty, count, about } = entry;
            let mut row = vec![Value::Text(name)];
            row.extend(typed.then(|| ty.map_or(Value::Null, Value::Text)));
            row.extend(counted.then(|| count.map_or(Value::Null, number)));
            row.extend(told.then_some(Value::Text(about)));
            row
        };
        List { columns, rows: entries.into_iter().map(row).collect() }
    }
}

/// All sections as one list, for programs.
fn in_one(sections: Vec<Section>) -> List {
    let entries = sections
        .into_iter()
        .flat_map(|Section { what, entries }| entries.into_iter().map(move |entry| (what, entry)));
    let row = |(what, entry): (&str, Entry)| -> Row {
        let Entry { name, ty, count, about } = entry;
        let count = count.map_or(Value::Null, number);
        let ty = ty.map_or(Value::Null, Value::Text);
        vec![Value::Text(what.to_owned()), Value::Text(name), ty, count, Value::Text(about)]
    };
    let columns = ["what", "name", "type", "count", "about"];
    List {
        columns: columns.map(|name| (name, name == "count")).to_vec(),
        rows: entries.map(row).collect(),
    }
}

fn number(count: u64) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What a store knows of itself.
struct Page {
    catalogue: Catalogue,
    /// How many nodes there are, by kind.
    counts: Vec<(String, u64)>,
}

impl Page {
    /// What to do next: ask about a kind, or declare one where there is none.
    fn next(&self) -> String {
        let Some(kind) = self.catalogue.kinds.first() else {
            return "nothing is declared yet: `dixit schema apply FILE`, or `dixit import FILE --infer`".to_owned();
        };
        format!(
            "`dixit schema NAME` tells more about any of these, as in `dixit schema {}`",
            kind.name
        )
    }

    fn kinds(&self) -> Section {
        let entries = self.catalogue.kinds.iter().map(|kind| self.kind(kind)).collect();
        Section { what: "kind", entries }
    }

    fn kind(&self, kind: &Kind) -> Entry {
        let count = self.counts.iter().find(|(name, _)| *name == kind.name);
        Entry {
            name: format!("({})", kind.name),
            count: count.map(|(_, count)| *count),
            about: kind.doc.clone(),
            ..Entry::default()
        }
    }

    fn edges(&self) -> Section {
        let entries = self.catalogue.edges.iter().map(|edge| self.edge(edge)).collect();
        Section { what: "edge", entries }
    }

    /// An edge with some of its names.
    fn edge(&self, edge: &Edge) -> Entry {
        let names = some(&self.names(edge), "|");
        Entry { name: self.pattern(edge, &names), about: edge.doc.clone(), ..Entry::default() }
    }

    fn vocabularies(&self) -> Section {
        let mut names: Vec<&str> = Vec::new();
        for term in &self.catalogue.terms {
            if !names.contains(&term.vocabulary.as_str()) {
                names.push(&term.vocabulary);
            }
        }
        let entries = names.into_iter().map(|name| self.vocabulary(name)).collect();
        Section { what: "vocabulary", entries }
    }

    fn vocabulary(&self, name: &str) -> Entry {
        let terms: Vec<&str> = self.terms_of(name).map(|term| term.term.as_str()).collect();
        let count = u64::try_from(terms.len()).ok();
        Entry { name: name.to_owned(), count, about: some(&terms, ", "), ..Entry::default() }
    }

    fn definitions(&self) -> Section {
        let entry = |one: definitions::Shown| Entry {
            name: one.signature,
            about: one.about,
            ..Entry::default()
        };
        let entries = definitions::all(&self.catalogue).into_iter().map(entry).collect();
        Section { what: "definition", entries }
    }

    /// What the prelude defines by that name, and the text of it.
    fn defined(&self, name: &str) -> Vec<Section> {
        let all = definitions::all(&self.catalogue);
        let (mut heads, mut lines) = (Vec::new(), Vec::new());
        for one in all.into_iter().filter(|one| one.name.eq_ignore_ascii_case(name)) {
            let line = |text: &str| Entry { name: text.to_owned(), ..Entry::default() };
            lines.extend(one.text.lines().map(line));
            heads.push(Entry { name: one.signature, about: one.about, ..Entry::default() });
        }
        if heads.is_empty() {
            return Vec::new();
        }
        vec![
            Section { what: "definition", entries: heads },
            Section { what: "text", entries: lines },
        ]
    }

    /// What is to know about everything of that name.
    fn about(&self, name: &str) -> Option<Vec<Section>> {
        let is = |other: &str| other.to_lowercase() == name.to_lowercase();
        let mut found = Vec::new();
        for kind in self.catalogue.kinds.iter().filter(|kind| is(&kind.name)) {
            found.extend(self.about_kind(kind));
        }
        for edge in &self.catalogue.edges {
            if let Some(name) = self.names(edge).into_iter().find(|name| is(name)) {
                add(&mut found, self.about_edge(edge, name));
            }
        }
        if let Some(term) = self.catalogue.terms.iter().find(|term| is(&term.vocabulary)) {
            let terms = self.terms_of(&term.vocabulary).map(term_entry).collect();
            found.push(Section { what: "term", entries: terms });
        }
        found.extend(self.defined(name));
        if found.is_empty() {
            found.extend(self.properties_called(name));
            let terms: Vec<Entry> =
                self.catalogue.terms.iter().filter(|term| is(&term.term)).map(term_entry).collect();
            found.extend((!terms.is_empty()).then_some(Section { what: "term", entries: terms }));
        }
        (!found.is_empty()).then_some(found)
    }

    fn about_kind(&self, kind: &Kind) -> Vec<Section> {
        let touches = |end: &End| end.kind.is_none_or(|id| id == kind.id);
        let edges = self.catalogue.edges.iter();
        let touching = edges.filter(|edge| touches(&edge.from) || touches(&edge.to));
        let mut sections = vec![Section { what: "kind", entries: vec![self.kind(kind)] }];
        sections.extend(self.properties(&kind.table));
        let entries = touching.map(|edge| self.edge(edge)).collect();
        sections.push(Section { what: "edge", entries });
        sections
    }

    fn about_edge(&self, edge: &Edge, name: &str) -> Vec<Section> {
        let meaning = self
            .terms(edge)
            .find(|term| term.term == name)
            .and_then(|term| term.definition.as_deref());
        let labels = &self.catalogue.labels;
        let label = labels.iter().find(|label| label.edge == edge.id && label.name == name);
        let doc = meaning.or(label.map(|label| label.doc.as_str())).unwrap_or(&edge.doc);
        let entry =
            Entry { name: self.pattern(edge, name), about: doc.to_owned(), ..Entry::default() };
        let stands_as = self.catalogue.kinds.iter().find(|kind| Some(kind.id) == edge.stands_as);
        let table = stands_as.map_or(&edge.table, |kind| &kind.table);
        // The table of a kind holds the kind's properties; an edge that is a column there has none of them.
        let own =
            stands_as.is_some() || self.catalogue.kinds.iter().all(|kind| kind.table != edge.table);
        let mut sections = vec![Section { what: "edge", entries: vec![entry] }];
        sections.extend(own.then(|| self.properties(table)).flatten());
        sections
    }

    fn properties(&self, table: &str) -> Option<Section> {
        let of_table = self.catalogue.properties.iter().filter(|property| property.table == table);
        let entries: Vec<Entry> = of_table
            .map(|property| property_entry(property, &format!(".{}", property.name)))
            .collect();
        (!entries.is_empty()).then_some(Section { what: "property", entries })
    }

    /// The properties of that name, each with the kind that has it.
    fn properties_called(&self, name: &str) -> Option<Section> {
        let named = |property: &&Property| property.name.to_lowercase() == name.to_lowercase();
        let entry = |property: &Property| {
            let kind = self.catalogue.kinds.iter().find(|kind| kind.table == property.table)?;
            Some(property_entry(property, &format!("{}.{}", kind.name, property.name)))
        };
        let entries: Vec<Entry> =
            self.catalogue.properties.iter().filter(named).filter_map(entry).collect();
        (!entries.is_empty()).then_some(Section { what: "property", entries })
    }

    /// The names an edge may have: its own, or the labels for several of its terms, then the terms.
    fn names<'c>(&'c self, edge: &'c Edge) -> Vec<&'c str> {
        if let Some(name) = &edge.name {
            return vec![name];
        }
        let labels = self.catalogue.labels.iter().filter(|label| label.edge == edge.id);
        let terms = self.terms(edge).map(|term| term.term.as_str());
        labels.map(|label| label.name.as_str()).chain(terms).collect()
    }

    fn terms<'c>(&'c self, edge: &'c Edge) -> impl Iterator<Item = &'c Term> {
        let named_by_terms = edge.name.is_none();
        self.catalogue.terms.iter().filter(move |term| {
            named_by_terms
                && edge.vocabulary.as_ref() == Some(&term.vocabulary)
                && (edge.family.is_none() || edge.family == term.family)
        })
    }

    fn terms_of<'c>(&'c self, vocabulary: &'c str) -> impl Iterator<Item = &'c Term> {
        self.catalogue.terms.iter().filter(move |term| term.vocabulary == vocabulary)
    }

    fn pattern(&self, edge: &Edge, names: &str) -> String {
        let head = if edge.symmetric { "" } else { ">" };
        format!("({})-[:{names}]-{head}({})", self.end(&edge.from), self.end(&edge.to))
    }

    /// The kind at an end; nothing where any kind may stand there.
    fn end(&self, end: &End) -> &str {
        let kind = self.catalogue.kinds.iter().find(|kind| Some(kind.id) == end.kind);
        kind.map_or("", |kind| &kind.name)
    }

    fn unknown(&self, name: &str) -> Failure {
        let Catalogue {
            graph: _,
            kinds,
            properties,
            edges,
            labels: _,
            terms,
            required: _,
            judged: _,
            used: _,
        } = &self.catalogue;
        let known = kinds.iter().map(|kind| kind.name.as_str());
        let known = known.chain(edges.iter().flat_map(|edge| self.names(edge)));
        let known = known.chain(terms.iter().map(|term| term.vocabulary.as_str()));
        let known = known.chain(properties.iter().map(|property| property.name.as_str()));
        let known = known.chain(terms.iter().map(|term| term.term.as_str()));
        let defined = definitions::all(&self.catalogue);
        let near = closest(name, known.chain(defined.iter().map(|one| one.name)));
        let what = "there is no kind, edge, property, vocabulary, term or definition called";
        Failure::Name(
            Message::new(format!("{what} `{name}`")).meant(near, "`dixit schema` lists them"),
        )
    }
}

/// Adds sections; edges that stand next to each other are listed together.
fn add(found: &mut Vec<Section>, sections: Vec<Section>) {
    for section in sections {
        match found.last_mut() {
            Some(last) if last.what == "edge" && section.what == "edge" => {
                last.entries.extend(section.entries);
            }
            _ => found.push(section),
        }
    }
}

fn property_entry(property: &Property, name: &str) -> Entry {
    let Property { ty, vocabulary, doc, .. } = property;
    let of = vocabulary.as_ref().filter(|_| property.storage == "term");
    let ty = of.map_or(ty.clone(), |vocabulary| format!("{ty} ({vocabulary})"));
    Entry { name: name.to_owned(), ty: Some(ty), about: doc.clone(), ..Entry::default() }
}

/// A term with its group, and for an act on which side it is.
fn term_entry(term: &Term) -> Entry {
    let Term { term: name, family, polarity, definition, vocabulary, .. } = term;
    let side = polarity.map(|side| match side {
        1.. => "for",
        0 => "neither",
        ..0 => "against",
    });
    let ty: Vec<&str> = family.as_deref().into_iter().chain(side).collect();
    let ty = if ty.is_empty() { vocabulary.clone() } else { ty.join(", ") };
    let about = definition.clone().unwrap_or_default();
    Entry { name: name.clone(), ty: Some(ty), about, ..Entry::default() }
}

/// The first few, and a sign that there are more.
fn some(names: &[&str], between: &str) -> String {
    let mut width = 0;
    let fits = |name: &&str| {
        width += name.len();
        width <= LONGEST
    };
    let mut shown: Vec<&str> = names.iter().copied().take(SHOWN).take_while(fits).collect();
    shown.extend((names.len() > shown.len()).then_some("…"));
    shown.join(between)
}
