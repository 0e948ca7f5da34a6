//! What the commands need of the library: open a store, ask, explain, import, check. Turns its errors into failures.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::args::Import;
use super::change::{self, Reason};
use super::clock;
use super::columns::columns_of;
use super::explain_args::Stage;
use super::failure::{Failure, Message, without_number};
use crate::base::diagnostic::Diagnostics;
use crate::base::source::Source;
use crate::base::value::{Column, Row};
use crate::import;
use crate::lang::{self, ast};
use crate::meaning::{
    self,
    catalog::Catalog,
    resolve::{Arguments, World},
    types::Type,
};
use crate::notes::counts::Counted;
use crate::record::catalogue::{Catalogue, Graph, Term};
use crate::record::graph::{self, Addition};
use crate::sql::{self, Statement};
use crate::store::log::{Action, Change};
use crate::store::making::Making;
use crate::store::stats::EdgeCount;
use crate::store::{self, Interrupt, Limits, Reader, error::Error, error::Stopped};
use crate::{Compiled, compile, compile_writing, mistakes};
use crate::{notes, plan};

/// A store open for reading.
pub(crate) struct Store {
    pub(super) reader: Reader,
    pub(super) catalog: Catalog,
    /// How many nodes of each kind there are, in words.
    pub(super) few_counts: OnceCell<BTreeMap<String, String>>,
}

/// A query ready to run.
pub(crate) struct Prepared {
    /// What it returns.
    pub(crate) columns: Vec<Column>,
    pub(super) compiled: Compiled,
    pub(super) source: Source,
}

impl Prepared {
    /// Whether its answer is one row that stands for all, be there any or not.
    pub(crate) fn counts_all(&self) -> bool {
        notes::stands_for_all(&self.compiled.question)
    }
}

impl Store {
    /// Opens a store for reading; Ctrl-C and the time limit stop its queries.
    pub(crate) fn open(path: &Path, timeout: Option<Duration>) -> Result<Self, Failure> {
        let limits = Limits { timeout, ..Limits::default() };
        let reader = store::open(path, &limits).map_err(of_store)?;
        Self::of(reader, path)
    }

    /// The same for a store of whatever version; one that an older dixit made is read through a copy.
    pub(crate) fn open_any(path: &Path, timeout: Option<Duration>) -> Result<Self, Failure> {
        let limits = Limits { timeout, ..Limits::default() };
        let reader = match store::open(path, &limits) {
            Err(Error::Older(..)) => store::upgrade::open_upgraded(path, &limits),
            other => other,
        };
        Self::of(reader.map_err(of_store)?, path)
    }

    /// The store's version, where it is not the one that this program makes.
    pub(crate) fn other_version(&self) -> Option<i64> {
        self.reader.other_version()
    }

    pub(super) fn of(reader: Reader, path: &Path) -> Result<Self, Failure> {
        stop_on_request(reader.interrupt());
        let stored = reader.catalogue().map_err(of_store)?;
        let catalog = Catalog::new(stored).map_err(|wrong| damaged(path, &wrong))?;
        Ok(Self { reader, catalog, few_counts: OnceCell::new() })
    }

    /// Which kinds, edges, properties and terms it has.
    pub(crate) fn catalogue(&self) -> Result<Catalogue, Failure> {
        self.reader.catalogue().map_err(of_store)
    }

    /// Forgets that Ctrl-C was pressed while something else ran.
    pub(crate) fn start(&self) {
        self.reader.start();
    }

    /// How many nodes of each kind it has.
    pub(crate) fn counts(&self) -> Result<Vec<(String, u64)>, Failure> {
        self.reader.counts().map_err(of_store)
    }

    /// This store as it was at the moment that a query asks about, where it does not ask about now.
    pub(crate) fn at_moment(
        &self,
        query: &ast::Query,
        source: &Source,
        arguments: &Arguments,
    ) -> Result<Option<Self>, Failure> {
        let today = clock::today();
        let world = World { catalog: &self.catalog, arguments, today: &today };
        let moment = meaning::resolve::recorded(query, world)
            .map_err(|mistakes| Failure::Question(mistakes, source.clone()))?;
        let Some(moment) = moment else { return Ok(None) };
        let earlier = store::past::at(&self.reader, &moment).map_err(of_store)?;
        earlier.map(|reader| Self::of(reader, self.reader.path())).transpose()
    }

    /// Refuses a script in which anything is wrong, before any of it is asked.
    pub(crate) fn refuse_mistakes(
        &self,
        queries: &[ast::Query],
        source: &Source,
        arguments: &Arguments,
    ) -> Result<(), Failure> {
        let writes = queries.iter().any(|query| !query.linear.writes.is_empty());
        let today = clock::today();
        let world = World { catalog: &self.catalog, arguments, today: &today };
        let mistakes = mistakes(queries, world);
        // What only reads may not write; that is told where it is met.
        if mistakes.is_empty() || writes {
            return Ok(());
        }
        Err(Failure::Question(mistakes, source.clone()))
    }

    /// Compiles a query.
    pub(crate) fn prepare(
        &self,
        query: &ast::Query,
        source: &Source,
        arguments: &Arguments,
    ) -> Result<Prepared, Failure> {
        let today = clock::today();
        let world = World { catalog: &self.catalog, arguments, today: &today };
        let compiled = compile(query, world)
            .map_err(|mistakes| Failure::Question(mistakes, source.clone()))?;
        Ok(Prepared { columns: columns_of(&compiled), compiled, source: source.clone() })
    }

    /// The columns of what a query returns, each with its type.
    pub(crate) fn column_types(&self, prepared: &Prepared) -> Vec<(String, String)> {
        let columns = &prepared.compiled.question.query.columns;
        let shown = |ty| type_name(ty, &self.catalog);
        columns.iter().map(|column| (column.name.clone(), shown(&column.ty))).collect()
    }

    /// Runs a query; the receiver may stop it.
    pub(crate) fn run(
        &self,
        prepared: &Prepared,
        receive: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let Prepared { compiled, source, columns: _ } = prepared;
        self.ran(&compiled.statement, source, receive)
    }

    /// Runs a statement that stands for a query in that text.
    pub(super) fn ran(
        &self,
        statement: &Statement,
        source: &Source,
        receive: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        self.reader.start();
        let ran = self.reader.run(statement, receive);
        ran.map_err(|error| match error.in_query(statement) {
            Some(mistake) => Failure::Question(vec![mistake], source.clone()),
            None => of_store(error),
        })
    }

    /// What is to say about a query besides its answer: the texts in it that name nobody, and why there are no rows.
    pub(crate) fn notes(&self, prepared: &Prepared, rows: usize) -> Result<Diagnostics, Failure> {
        self.notes_about(&prepared.compiled, rows)
    }

    /// The same of a query that was compiled elsewhere.
    pub(crate) fn notes_about(
        &self,
        compiled: &Compiled,
        rows: usize,
    ) -> Result<Diagnostics, Failure> {
        notes::about(&compiled.question, rows, &self.catalog, &self.reader).map_err(of_store)
    }

    /// How many rows each part of a query leaves.
    pub(crate) fn left_by_parts(&self, prepared: &Prepared) -> Result<Vec<Counted>, Failure> {
        let question = &prepared.compiled.question;
        let asked = (&self.catalog, &self.reader);
        notes::counts::counts(question, &prepared.source, asked).map_err(of_store)
    }

    /// A stage of a query as text.
    pub(crate) fn explain(
        &self,
        query: &ast::Query,
        source: &Source,
        arguments: &Arguments,
        stage: Stage,
    ) -> Result<String, Failure> {
        if stage == Stage::Ast {
            return Ok(lang::show(query));
        }
        let (compiled, edits) = if query.linear.writes.is_empty() {
            (self.prepare(query, source, arguments)?.compiled, None)
        } else {
            let today = clock::today();
            let world = World { catalog: &self.catalog, arguments, today: &today };
            let writing = compile_writing(query, world)
                .map_err(|mistakes| Failure::Question(mistakes, source.clone()))?;
            (writing.reading, Some(writing.edits))
        };
        let Compiled { question, plan, statement } = &compiled;
        Ok(match stage {
            Stage::Ast => String::new(),
            Stage::Meaning => meaning::show::show(question, &self.catalog),
            Stage::Plan => plan::show::show(plan, question, &self.catalog),
            Stage::Sql => sql::show::show(statement),
            Stage::Sqlite => self.reader.query_plan(statement).map_err(of_store)?,
            Stage::Changes => edits.map_or_else(
                || "nothing\n".to_owned(),
                |edits| meaning::show::writing::show(question, &edits, &self.catalog),
            ),
        })
    }

    /// How many edges it has, by name.
    pub(crate) fn edge_counts(&self, catalogue: &Catalogue) -> Result<Vec<EdgeCount>, Failure> {
        self.reader.start();
        self.reader.edge_counts(catalogue).map_err(of_store)
    }

    /// All rows of a question of ours.
    pub(crate) fn ask(&self, text: &'static str) -> Result<Vec<Row>, Failure> {
        let source = Source::inline(text);
        let script =
            lang::parse(&source).map_err(|mistakes| Failure::Question(mistakes, source.clone()))?;
        let mut rows = Vec::new();
        for query in &script.queries {
            let prepared = self.prepare(query, &source, &Arguments::default())?;
            self.run(&prepared, &mut |row| {
                rows.push(row);
                ControlFlow::Continue(())
            })?;
        }
        Ok(rows)
    }
}

/// The type of a column, as a `param` line names it; of a node, its kind.
fn type_name(ty: &Type, catalog: &Catalog) -> String {
    match ty {
        Type::List(of) => format!("list<{}>", type_name(of, catalog)),
        Type::Node(kinds) => match kinds.first() {
            Some(&kind) if kinds.len() == 1 => catalog.kind(kind).name.clone(),
            _ => ty.word().to_owned(),
        },
        _ => ty.word().to_owned(),
    }
}

/// Lets Ctrl-C stop what a reader or a writer runs, besides what others do.
fn stop_on_request(interrupt: Interrupt) {
    if let Ok(mut all) = ALL.lock() {
        all.retain(|one| !one.is_idle());
        all.push(interrupt);
    }
    heed_interrupts();
}

/// Remembers Ctrl-C instead of ending at once; [`was_interrupted`] tells.
pub(crate) fn heed_interrupts() {
    // A second handler in one process is refused; the first one serves all then.
    drop(ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::Relaxed);
        if let Ok(all) = ALL.lock() {
            all.iter().for_each(Interrupt::stop);
        }
    }));
}

/// What Ctrl-C stops.
static ALL: Mutex<Vec<Interrupt>> = Mutex::new(Vec::new());

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C was pressed since this was last asked.
pub(crate) fn was_interrupted() -> bool {
    INTERRUPTED.swap(false, Ordering::Relaxed)
}

/// Makes an empty store; a bare one has no kinds at all.
pub(crate) fn create(path: &Path, bare: bool) -> Result<(), Failure> {
    let made = if bare { store::create_bare(path) } else { store::create(path) };
    made.map(drop).map_err(of_store)
}

/// The terms of a store, or without one those that every new store has.
pub(crate) fn terms(path: Option<&Path>) -> Result<Vec<Term>, Failure> {
    let of_path = path.map(|path| Store::open(path, None).and_then(|store| store.catalogue()));
    // A store without the kinds of claims has none of the terms that a coding sheet takes.
    if let Some(catalogue) = of_path.transpose()?.filter(|catalogue| catalogue.graph.claims) {
        return Ok(catalogue.terms);
    }
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::file("write", Path::new("a new store"), error))?;
    let path = folder.path().join("empty.dixit");
    create(&path, false)?;
    Ok(Store::open(&path, None)?.catalogue()?.terms)
}

/// Makes a store with the embedded example; gives what it holds, in the user's words.
pub(crate) fn create_example(path: &Path) -> Result<String, Failure> {
    let mut making = Making::start(path).map_err(of_store)?;
    let report = import::import_geneva(making.writer(), &clock::now()).map_err(of_import)?;
    making.keep().map_err(of_store)?;
    let shown = ["actor", "venue", "claim", "statement", "source"];
    let counts =
        shown.iter().filter_map(|noun| report.added.iter().find(|(added, _)| added == noun));
    Ok(counts.map(|(noun, count)| format!("{count} {noun}s")).collect::<Vec<_>>().join(", "))
}

/// Makes a store and fills it from a file or a folder.
pub(crate) fn create_from(path: &Path, files: PathBuf) -> Result<(), Failure> {
    let mut writer = store::create(path).map_err(of_store)?;
    let request = import::Request {
        paths: vec![files],
        create_missing: true,
        now: clock::now(),
        ..import::Request::default()
    };
    let report = import::import(&mut writer, &request, &mut |_| {}).map_err(of_import)?;
    match report.refused.first() {
        None => Ok(()),
        Some(refused) => {
            let import::Refusal { file, line, column: _, reason, suggestion: _ } = refused;
            let what = format!("{file}:{line} is refused: {reason}");
            Err(Failure::Machine(Message::new(what)))
        }
    }
}

/// What declaring a graph type added.
pub(crate) struct Declared {
    pub(crate) kinds: u64,
    pub(crate) properties: u64,
    pub(crate) edges: u64,
    /// Whether the graph is open now, where it was not before, or the other way round.
    pub(crate) opened: Option<bool>,
}

/// Adds what a graph type has and the store has not.
pub(crate) fn declare(path: &Path, source: &Source, reason: &Reason) -> Result<Declared, Failure> {
    let wrong = |mistakes| Failure::Data(mistakes, source.clone());
    let written = lang::graph_type::parse(source).map_err(wrong)?;
    let wanted = meaning::declare::graph_type(&written).map_err(wrong)?;
    let mut writer = store::open_for_writing(path).map_err(of_store)?;
    let catalogue = writer.catalogue().map_err(of_store)?;
    let additions = graph::additions(&catalogue, &wanted)
        .map_err(|found| wrong(meaning::declare::contradictions(&written, &found)))?;
    let mut load = writer.load(reason.dry_run).map_err(of_store)?;
    load.add(&additions).map_err(of_store)?;
    let first = catalogue.graph.name == Graph::default().name;
    let name = if first { &wanted.name } else { &catalogue.graph.name };
    load.name_graph(name, wanted.open).map_err(of_store)?;
    if !reason.dry_run {
        let (at, who) = (clock::now(), change::who(reason.who.clone()));
        let (who, why) = (who.as_deref(), reason.why.as_deref());
        let change = Change { at: &at, who, why, action: Action::Schema, files: &[] };
        load.keep(&change).map_err(of_store)?;
    }
    let mut added = Declared { kinds: 0, properties: 0, edges: 0, opened: None };
    for addition in &additions {
        match addition {
            Addition::Kind(..) => added.kinds += 1,
            Addition::Edge(..) => added.edges += 1,
            Addition::Property(_) => added.properties += 1,
        }
    }
    added.opened = (wanted.open != catalogue.graph.open).then_some(wanted.open);
    Ok(added)
}

/// Imports; `progress` is told how many bytes are read, of how many.
pub(crate) fn import(
    path: &Path,
    asked: Import,
    progress: &mut dyn FnMut(import::Progress),
) -> Result<import::Report, Failure> {
    let Import { paths, format, map, no_create, kind, edge, key, from, to, .. } = asked;
    let (infer, open, dates, bare, reason) =
        (asked.infer, asked.open, asked.dates, asked.bare, asked.reason);
    let Reason { why, who, dry_run } = reason;
    let who = change::who(who);
    let request = import::Request {
        paths,
        format,
        map,
        dry_run,
        create_missing: !no_create,
        kind,
        edge,
        key,
        from,
        to,
        infer,
        open,
        dates,
        who,
        why,
        now: clock::now(),
    };
    if !bare {
        let mut writer = store::open_for_writing(path).map_err(of_store)?;
        stop_on_request(writer.interrupt());
        return import::import(&mut writer, &request, progress).map_err(of_import);
    }
    let mut making = Making::start_bare(path).map_err(of_store)?;
    stop_on_request(making.writer().interrupt());
    let report = import::import(making.writer(), &request, progress).map_err(of_import)?;
    if report.refused_count == 0 && !dry_run {
        making.keep().map_err(of_store)?;
    }
    Ok(report)
}

pub(crate) fn of_store(error: Error) -> Failure {
    match error {
        Error::Stopped(Stopped::Interrupted) => Failure::Interrupted,
        Error::Stopped(Stopped::Timeout) => {
            let message = Message::new("the question took longer than allowed");
            Failure::Machine(message.next("allow more with `--timeout SECONDS`, or ask for less"))
        }
        Error::Question(wrong) => {
            let message = Message::new(wrong.what);
            Failure::Name(wrong.next.map_or(message.clone(), |next| message.next(next)))
        }
        Error::Unknown(what, next) => {
            let message = Message::new(what);
            Failure::Name(next.map_or(message.clone(), |next| message.next(next)))
        }
        Error::Rule(what, next) => {
            let message = Message::new(what);
            Failure::Machine(next.map_or(message.clone(), |next| message.next(next)))
        }
        Error::TooLarge(_, next) => Failure::Name(Message::new(error.to_string()).next(next)),
        Error::Memory => Failure::Machine(
            Message::new(error.to_string()).next("ask for less at once, or add a limit"),
        ),
        Error::Bug(_) => {
            Failure::Machine(Message::new(error.to_string()).next(
                "this is a mistake of dixit, not of yours: please report it with the question",
            ))
        }
        Error::Older(ref path, _) => {
            let next =
                format!("`dixit upgrade {}` brings it up to date, after a backup", path.display());
            Failure::Machine(Message::new(error.to_string()).next(next))
        }
        Error::Newer(..) | Error::TooNew(..) => {
            let next = "use a newer dixit; `dixit --version` tells which one this is";
            Failure::Machine(Message::new(error.to_string()).next(next))
        }
        Error::Missing(_)
        | Error::Exists(_)
        | Error::NotAStore(..)
        | Error::ForeignSchema(_)
        | Error::CutShort(..)
        | Error::Beside(..)
        | Error::Busy(_)
        | Error::Read(_)
        | Error::Damaged(..)
        | Error::BrokenOff(_)
        | Error::Database(..)
        | Error::Refused(_)
        | Error::Io(..) => Failure::Machine(Message::new(without_number(&error.to_string()))),
    }
}

fn of_import(error: import::Error) -> Failure {
    match error {
        import::Error::Store(error) => of_store(error),
        import::Error::Mapping(source, mistakes) => Failure::Data(mistakes, source),
        other => Failure::Machine(Message::new(without_number(&other.to_string()))),
    }
}

pub(crate) fn damaged(path: &Path, wrong: &str) -> Failure {
    let message =
        Message::new(format!("the catalogue of {} contradicts itself: {wrong}", path.display()));
    Failure::Machine(message.next("import the data into a new store"))
}
