//! What an exporter sees of a store, and how what it says becomes a failure.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use super::clock;
use super::columns::columns_of;
use super::engine::{self, Prepared, Store, of_store};
use super::failure::{Failure, Message};
use super::output::Target;
use super::terminal::Progress;
use super::world::World;
use crate::base::render::render;
use crate::base::source::Source;
use crate::base::value::Value;
use crate::export::{self, ALIASES, Among, Error, KEY, Receive};
use crate::lang::ast;
use crate::meaning::catalog::Catalog;
use crate::meaning::resolve::{Argument, Arguments};
use crate::record::catalogue::{Catalogue, Edge, Kind, Property};
use crate::record::declared;
use crate::script;
use crate::store::{self, Limits};
use crate::{compile, meaning};

impl Store {
    /// Opens a store for reading; every question is answered from the state that it has now. One that an older dixit made
    /// is read through a copy, which nobody else writes.
    pub(crate) fn open_held(path: &Path, timeout: Option<Duration>) -> Result<Self, Failure> {
        let limits = Limits { timeout, ..Limits::default() };
        let reader = match store::open_held(path, &limits) {
            Err(store::error::Error::Older(..)) => store::upgrade::open_upgraded(path, &limits),
            other => other,
        };
        Self::of(reader.map_err(of_store)?, path)
    }
}

/// Compiles a query whose names mean what a part of the catalogue says.
fn prepare(
    catalog: &Catalog,
    query: &ast::Query,
    source: &Source,
    arguments: &Arguments,
) -> Result<Prepared, Failure> {
    let today = clock::today();
    let world = meaning::resolve::World { catalog, arguments, today: &today };
    let compiled =
        compile(query, world).map_err(|wrong| Failure::Question(wrong, source.clone()))?;
    Ok(Prepared { columns: columns_of(&compiled), compiled, source: source.clone() })
}

/// A store that is asked by an exporter.
pub(crate) struct Asked<'w> {
    store: &'w Store,
    catalogue: Catalogue,
    world: &'w World<'w>,
    /// Why a question failed.
    failure: RefCell<Option<Failure>>,
    /// What was said of names that mean nobody; several questions may ask for them.
    said: RefCell<Vec<String>>,
    course: Course,
}

/// How far an export has come.
struct Course {
    /// Whether it is shown.
    watched: bool,
    expected: Cell<u64>,
    done: Cell<u64>,
    bar: RefCell<Option<Progress>>,
}

/// So many rows pass before the bar moves.
const STRIDE: u64 = 256;

impl<'w> Asked<'w> {
    /// `watched` says whether a bar may show how far it is.
    pub(crate) fn new(
        store: &'w Store,
        world: &'w World<'w>,
        watched: bool,
    ) -> Result<Self, Failure> {
        Ok(Self {
            store,
            catalogue: store.catalogue()?,
            world,
            failure: RefCell::new(None),
            said: RefCell::default(),
            course: Course {
                watched,
                expected: Cell::new(0),
                done: Cell::new(0),
                bar: RefCell::new(None),
            },
        })
    }

    /// Takes the bar away, so that something can be said.
    pub(crate) fn clear(&self) {
        drop(self.course.bar.borrow_mut().take());
    }

    /// Counts rows, and moves the bar now and then.
    fn passed(&self, rows: u64) {
        let Course { watched, expected, done, bar } = &self.course;
        let before = done.replace(done.get() + rows);
        if !watched || before / STRIDE == done.get() / STRIDE {
            return;
        }
        let mut bar = bar.borrow_mut();
        let bar = bar.get_or_insert_with(|| self.world.terminal.progress(expected.get()));
        bar.set_rows(done.get(), done.get());
    }

    /// What an exporter's error means; `target` is where its one file goes.
    pub(crate) fn failure(&self, error: Error, target: Option<&Target>) -> Failure {
        let told = |what: String, next: Option<String>| match next {
            Some(next) => Message::new(what).next(next),
            None => Message::new(what),
        };
        match error {
            Error::Asked => {
                let known = self.failure.borrow_mut().take();
                known.unwrap_or_else(|| Failure::Machine(Message::new("a question failed")))
            }
            Error::Usage(what, next) => Failure::Usage(told(what, next)),
            Error::Name(what, next) => Failure::Name(told(what, next)),
            Error::Write(error) => match target {
                Some(target) => target.failed(error),
                None => Failure::writing(error),
            },
            Error::File(path, error) => Failure::file("write", &path, error),
            Error::Taken(path, why, next) => {
                Failure::Machine(Message::new(format!("{} {why}", path.display())).next(next))
            }
        }
    }

    fn asked(
        &self,
        (part, reading): (Among, Reading),
        question: &str,
        values: &[(&str, Value)],
        receive: Receive<'_>,
    ) -> Result<Option<Error>, Failure> {
        let narrowed = match (part, reading) {
            (Among::All, Reading::AsOne) => None,
            (part, reading) => Some(narrowed(&self.catalogue, part, reading)?),
        };
        let catalog = narrowed.as_ref().unwrap_or(&self.store.catalog);
        let source = Source::inline(question);
        let saved = script::read(&source);
        let saved = saved.map_err(|mistakes| Failure::Question(mistakes, source.clone()))?;
        let mut arguments = Arguments::default();
        arguments.define(saved.definitions);
        for (name, value) in values {
            arguments.set(name, Argument::Value(value.clone()));
        }
        let mut stopped = None;
        for query in &saved.queries {
            let prepared = prepare(catalog, query, &source, &arguments)?;
            let mut rows = 0;
            self.store.run(&prepared, &mut |row| {
                rows += 1;
                self.passed(1);
                match receive(&row) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => {
                        stopped = Some(error);
                        ControlFlow::Break(())
                    }
                }
            })?;
            if stopped.is_some() {
                break;
            }
            if rows == 0 && values.iter().any(|(_, value)| *value != Value::Null) {
                self.say_who_is_not_there(&prepared, &source)?;
            }
        }
        Ok(stopped)
    }

    /// Keeps why a question failed, which an exporter need not know.
    fn told(&self, asked: Result<Option<Error>, Failure>) -> Result<(), Error> {
        match asked {
            Ok(None) => Ok(()),
            Ok(Some(error)) => Err(error),
            Err(failure) => {
                *self.failure.borrow_mut() = Some(failure);
                Err(Error::Asked)
            }
        }
    }

    /// Of a question that the user has not written, only what is said of the user's words is of use.
    fn say_who_is_not_there(&self, prepared: &Prepared, source: &Source) -> Result<(), Failure> {
        let mut notes = self.store.notes(prepared, 0)?;
        let mut said = self.said.borrow_mut();
        notes.retain(|note| {
            let is_new = note.message.starts_with("no ") && !said.contains(&note.message);
            said.extend(is_new.then(|| note.message.clone()));
            is_new
        });
        self.clear();
        let terminal = self.world.terminal;
        terminal.say(&render(&notes, source, terminal.style()));
        Ok(())
    }
}

impl export::World for Asked<'_> {
    fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn ask_among(
        &self,
        part: Among,
        question: &str,
        values: &[(&str, Value)],
        receive: Receive<'_>,
    ) -> Result<(), Error> {
        self.told(self.asked((part, Reading::AsOne), question, values, receive))
    }

    fn ask_written(&self, part: Among, question: &str, receive: Receive<'_>) -> Result<(), Error> {
        self.told(self.asked((part, Reading::AsWritten), question, &[], receive))
    }

    fn expect(&self, rows: u64) {
        let expected = &self.course.expected;
        expected.set(expected.get() + rows);
        // What is shown knew of less.
        self.clear();
    }

    fn advance(&self, rows: u64) -> Result<(), Error> {
        self.passed(rows);
        if engine::was_interrupted() {
            return self.told(Err(Failure::Interrupted));
        }
        Ok(())
    }
}

/// Whether nodes that are judged to be one are read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    AsOne,
    AsWritten,
}

/// A catalogue in which names mean only what is in a part of the graph, and what is kept is shown.
fn narrowed(catalogue: &Catalogue, part: Among, reading: Reading) -> Result<Catalog, Failure> {
    let has_kind = |kind: &Kind| match part {
        Among::All
        | Among::BuiltIn
        | Among::Named
        | Among::Edge(_)
        | Among::AllTerms(_)
        | Among::Judgements(_) => true,
        Among::Kind(id) => kind.id == id,
    };
    let has_edge = |edge: &Edge| match part {
        Among::All => true,
        Among::BuiltIn => edge.id < declared::FIRST,
        Among::Named => edge.id < declared::FIRST && edge.name.is_some(),
        Among::Kind(_) | Among::Judgements(_) => false,
        Among::Edge(id) | Among::AllTerms(id) => edge.id == id,
    };
    let mut own = catalogue.clone();
    own.kinds.retain(has_kind);
    own.edges.retain(has_edge);
    if let Among::AllTerms(_) = part {
        own.edges.iter_mut().for_each(|edge| (edge.name, edge.term) = (None, None));
    }
    if let Among::Judgements(judgement) = part {
        own.edges.push(judgement.edge());
    }
    if reading == Reading::AsWritten {
        own.judged.clear();
    }
    own.labels.retain(|label| own.edges.iter().any(|edge| edge.id == label.edge));
    own.properties.extend(unseen(&own));
    Catalog::new(own).map_err(|wrong| {
        Failure::Machine(Message::new(format!("the catalogue contradicts itself: {wrong}")))
    })
}

/// The properties that a catalogue does not show: the keys of what is declared, other names of built-in nodes.
fn unseen(catalogue: &Catalogue) -> Vec<Property> {
    let mut unseen = Vec::new();
    let shows_names = |table: &str| {
        let mut own = catalogue.properties.iter().filter(|property| property.table == table);
        own.any(|property| property.storage == "alias")
    };
    for kind in &catalogue.kinds {
        let Some(key) = &kind.key_column else { continue };
        unseen.push(property(&kind.table, KEY, ("text", "column"), Some(key)));
        if kind.id < declared::FIRST && !shows_names(&kind.table) {
            unseen.push(property(&kind.table, ALIASES, ("list<text>", "alias"), None));
        }
    }
    let edges = catalogue.edges.iter().filter(|edge| edge.id >= declared::FIRST);
    unseen.extend(edges.map(|edge| property(&edge.table, KEY, ("text", "column"), Some("key"))));
    unseen
}

fn property(
    table: &str,
    name: &str,
    (ty, storage): (&str, &str),
    column: Option<&str>,
) -> Property {
    Property {
        table: table.to_owned(),
        name: name.to_owned(),
        ty: ty.to_owned(),
        storage: storage.to_owned(),
        column: column.map(str::to_owned),
        attribute: None,
        vocabulary: None,
        search: None,
        required: false,
        doc: String::new(),
    }
}
