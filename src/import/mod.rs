//! Takes files into a store: everything or nothing, and telling what was refused and why.

mod alike;
mod beside;
mod bibtex;
mod csl;
mod dna;
mod draft;
mod entity;
mod exact;
mod extras;
mod fields;
mod files;
mod folder;
mod ftm;
mod gauge;
mod graph;
pub mod guide;
pub mod importers;
mod json;
mod jsonl;
mod later;
mod lines;
mod map;
mod names;
mod order;
mod plan;
mod records;
mod relay;
mod remembered;
mod row;
mod session;
mod sheet;
mod slot;
mod sparql;
mod stage;
pub mod standard;
mod stix;
mod template;
mod tex;
mod value;
mod wikidata;
mod workbook;
mod works;

use crate::{
    base::{
        diagnostic::Diagnostics,
        source::{Source, read_text},
    },
    store::{
        self,
        batch::Plan,
        log::{Action, Change},
    },
};
use draft::{Draft, LeftOut};
use importers::How;
use map::Mapping;
use plan::{Input, Job};
use records::Rows;
use session::Session;
use stage::Stage;
use std::{collections::BTreeMap, fmt, fs, io, path::PathBuf};

/// What to import, and how.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Request {
    /// Folders of CSV files, single files of such a folder, and coding sheets.
    pub paths: Vec<PathBuf>,
    /// The form of the files, where their content is not to decide; one of [`importers::IMPORTERS`].
    pub format: Option<String>,
    /// The mapping of the sheets.
    pub map: Option<PathBuf>,
    /// Whether a sheet may name actors, venues, sources, topics and claims that are not there yet.
    pub create_missing: bool,
    /// The declared kind whose nodes the rows are.
    pub kind: Option<String>,
    /// The declared edge that the rows are.
    pub edge: Option<String>,
    /// The column of their keys.
    pub key: Option<String>,
    /// The column of the nodes that edges start from.
    pub from: Option<String>,
    /// The column of the nodes that edges lead to.
    pub to: Option<String>,
    /// Whether a graph may bring kinds, edges and properties that are not declared.
    pub infer: bool,
    /// Whether the graph then becomes open: unknown labels and properties are no mistake.
    pub open: bool,
    /// Whether a property whose texts are all days becomes a date.
    pub dates: bool,
    /// Whether to only tell what would happen.
    pub dry_run: bool,
    /// Who imports.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// The time, in the notation of RFC 3339.
    pub now: String,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was added: a noun in the singular, and how many.
    pub added: Vec<(String, u64)>,
    /// What was changed.
    pub changed: Vec<(String, u64)>,
    /// How many rows were there just so.
    pub unchanged: u64,
    /// How many rows are equal to an earlier row of the same file.
    pub repeated: u64,
    /// How many rows a mapping told to skip.
    pub skipped: u64,
    /// New nodes whose name is close to an earlier one: a noun, the new name, the earlier one. At most ten.
    pub near: Vec<(String, String, String)>,
    /// What the store has no place for and was left out: a noun in the singular, and how many.
    pub left_out: Vec<(String, u64)>,
    /// What else is worth saying.
    pub remarks: Vec<String>,
    /// What was refused, the first hundred, by file and line.
    pub refused: Vec<Refusal>,
    /// How much was refused. Where it is not 0, nothing was changed.
    pub refused_count: u64,
    /// Whether it was only a try.
    pub dry_run: bool,
}

/// A row or cell that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file, as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, where it is one cell's fault.
    pub column: Option<String>,
    /// Why.
    pub reason: String,
    /// What was probably meant, or what to do.
    pub suggestion: Option<String>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub done_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
    /// Rows read.
    pub rows: u64,
}

/// Why an import could not be tried at all.
#[derive(Debug)]
#[expect(clippy::error_impl_error, reason = "read as import::Error")]
pub enum Error {
    /// The store failed.
    Store(store::error::Error),
    /// The mapping has mistakes.
    Mapping(Source, Diagnostics),
    /// There is nothing to import at this path; the text says why.
    Nothing(PathBuf, String),
    /// The operating system refused.
    Io(PathBuf, io::Error),
}

impl From<store::error::Error> for Error {
    fn from(error: store::error::Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Mapping(source, wrong) => {
                let name = source.name().unwrap_or("the mapping");
                write!(f, "{name} has {} mistake(s)", wrong.len())?;
                for diagnostic in wrong {
                    let offset = diagnostic.labels.first().map_or(0, |label| label.span.start);
                    write!(f, "; line {}: {}", source.line_column(offset).0, diagnostic.message)?;
                }
                Ok(())
            }
            Self::Nothing(path, why) => write!(f, "{}: {why}", standard::shown(path)),
            Self::Io(path, error) => write!(f, "{}: {error}", standard::shown(path)),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Io(_, error) => Some(error),
            Self::Mapping(..) | Self::Nothing(..) => None,
        }
    }
}

/// Imports what the request names. A report with refusals means that nothing was changed.
pub fn import(
    writer: &mut store::Writer,
    request: &Request,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    if request.kind.is_some() || request.edge.is_some() {
        return graph::table::import(writer, request, progress);
    }
    // An empty file is a graph without nodes where one is asked for.
    let format = match &request.format {
        Some(name) => {
            Some(importers::named(name).ok_or_else(|| importers::unknown(name, &request.paths))?)
        }
        None => None,
    };
    if request.infer && format.is_none() {
        plan::refuse_tables(&request.paths)?;
    }
    let said = request.infer && request.paths.iter().all(|path| path.is_file());
    let is_graph = match format {
        Some(format) => matches!(format.how, How::Graph),
        None => said || !plan::is_foreign(&request.paths)? && graph::is_graph(&request.paths)?,
    };
    if is_graph {
        return graph::import(writer, request, progress);
    }
    for path in &request.paths {
        path.metadata().map_err(|error| Error::Io(path.clone(), error))?;
    }
    let whole = |path: &PathBuf| match format {
        Some(format) => format.is_whole_store(),
        None => plan::is_whole_store(path),
    };
    let bare = !writer.catalogue()?.graph.claims;
    if let Some(path) = request.paths.iter().find(|path| bare && !whole(path)) {
        let why = "this is for a store of claims, and the store has only declared kinds; \
                   `dixit init FILE` makes one for claims";
        return Err(Error::Nothing(path.clone(), why.to_owned()));
    }
    let mapping = request.map.as_ref().map(read_mapping).transpose()?;
    let found = plan::jobs(&request.paths, mapping.as_ref().map(|(_, mapping)| mapping), format)?;
    let mut report = run(writer, request, mapping.as_ref(), &found.jobs, progress)?;
    report.remarks.extend(found.remarks);
    Ok(report)
}

/// Imports the example that comes with the program.
pub fn import_geneva(writer: &mut store::Writer, now: &str) -> Result<Report, Error> {
    let why = Some("the example that comes with dixit".to_owned());
    let request = Request { now: now.to_owned(), why, ..Request::default() };
    run(writer, &request, None, &plan::geneva(), &mut |_| ())
}

fn read_mapping(path: &PathBuf) -> Result<(Source, Mapping), Error> {
    let read = fs::File::open(path).and_then(read_text);
    let text = read.map_err(|error| Error::Io(path.clone(), error))?;
    let source = Source::file(path.display().to_string(), text);
    match Mapping::read(&source) {
        Ok(mapping) => Ok((source, mapping)),
        Err(wrong) => Err(Error::Mapping(source, wrong)),
    }
}

/// A file being read, with the report of how far it is.
struct Tick<'t> {
    records: &'t mut dyn Rows,
    tell: &'t mut dyn FnMut(u64, u64),
    rows: &'t mut u64,
}

impl Tick<'_> {
    /// Counts a row, and now and then tells.
    fn row(&mut self) {
        *self.rows += 1;
        if self.rows.is_multiple_of(1000) {
            (self.tell)(self.records.bytes_read(), *self.rows);
        }
    }
}

/// Above this size, an import into an empty store makes the indexes afterwards.
const LARGE: u64 = 8 << 20;

fn run(
    writer: &mut store::Writer,
    request: &Request,
    mapping: Option<&(Source, Mapping)>,
    jobs: &[Job],
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let mut course = Course::new(jobs, progress);
    let batch = writer.begin(Plan { dry_run: request.dry_run, large: course.total > LARGE })?;
    let mut session = Session::new(batch, request.create_missing);
    if let Some((source, mapping)) = mapping {
        sheet::declare(&mut session, source, mapping)?;
    }
    let mut rows = 0;
    let mut stage = Stage::default();
    let mut left_out = LeftOut::default();
    for job in jobs {
        stage.read_before(job.rank(), &mut session, &mut |done, all| course.wrote(done, all))?;
        if job.rank() >= files::SHEET_RANK {
            later::resolve(&mut session)?;
        }
        let mut tell = |read: u64, rows: u64| course.tell(read, rows);
        if let Input::Other = job.input {
            *left_out.things.entry("other file".to_owned()).or_default() += 1;
        } else if let Input::Foreign(read) = job.input {
            let mut tick = |bytes| {
                rows += 1;
                if rows % 1000 == 0 {
                    tell(bytes, rows);
                }
            };
            let file = (job.path(), job.name.as_str());
            read(&mut Draft::new(&mut session, &mut stage, &mut left_out, file, &mut tick)?)?;
        } else {
            job.with_rows(&mut |records| {
                let tick = &mut Tick { records, tell: &mut tell, rows: &mut rows };
                read(&mut session, mapping.map(|(_, mapping)| mapping), job, tick)
            })?;
        }
        course.read += job.bytes;
    }
    for rank in [files::SHEET_RANK, u8::MAX] {
        stage.read_before(rank, &mut session, &mut |done, all| course.wrote(done, all))?;
        later::resolve(&mut session)?;
    }
    refuse_unattested(&mut session)?;
    refuse_about_nothing(&mut session)?;
    course.finished(rows);
    finish(session, request, left_out)
}

/// How far an import is. Files of other programs count twice: once while they are read, and once while what they became is
/// written.
struct Course<'p> {
    progress: &'p mut dyn FnMut(Progress),
    total: u64,
    /// Bytes of the files of other programs.
    aside: u64,
    /// Bytes of the files that were read.
    read: u64,
    /// The part of `aside` that was written.
    written: u64,
}

impl<'p> Course<'p> {
    fn new(jobs: &[Job], progress: &'p mut dyn FnMut(Progress)) -> Self {
        let is_foreign = |job: &&Job| matches!(job.input, Input::Foreign(_));
        let aside: u64 = jobs.iter().filter(is_foreign).map(|job| job.bytes).sum();
        let all: u64 = jobs.iter().map(|job| job.bytes).sum();
        Self { progress, total: all + aside, aside, read: 0, written: 0 }
    }

    /// Tells how far the file is that is being read.
    fn tell(&mut self, bytes: u64, rows: u64) {
        let done_bytes = (self.read + self.written + bytes).min(self.total);
        (self.progress)(Progress { done_bytes, total_bytes: self.total, rows });
    }

    /// Tells how many of all rows that were kept aside are written.
    fn wrote(&mut self, done: u64, all: u64) {
        let written = u128::from(self.aside) * u128::from(done) / u128::from(all.max(1));
        self.written = u64::try_from(written).unwrap_or(self.aside);
        self.tell(0, done);
    }

    fn finished(&mut self, rows: u64) {
        let total = self.total;
        (self.progress)(Progress { done_bytes: total, total_bytes: total, rows });
    }
}

/// Reads one file of rows.
fn read(
    session: &mut Session<'_>,
    mapping: Option<&Mapping>,
    job: &Job,
    tick: &mut Tick<'_>,
) -> Result<(), Error> {
    match &job.input {
        Input::File(file) => folder::read(session, file, &job.name, tick)?,
        Input::Sheet => sheet::read(session, mapping, &job.name, tick)?,
        Input::Unknown(suggestion) => {
            plan::refuse_unknown(session, &job.name, suggestion.as_deref())?;
        }
        Input::Foreign(_) | Input::Other => {}
    }
    let remark = tick.records.remark();
    session.remarks.extend(remark.map(|remark| format!("{}: {remark}", job.name)));
    Ok(())
}

/// No statement without an attestation.
fn refuse_unattested(session: &mut Session<'_>) -> Result<(), Error> {
    for (key, file, line) in session.batch.unattested(1_000_000)? {
        let reason = format!("nothing says where the statement '{key}' was read");
        session.refuse(
            (file, line),
            Some("key"),
            reason,
            Some("add a row to attestations.csv".to_owned()),
        );
    }
    Ok(())
}

/// No statement about nothing: without a claim, it is about another statement.
fn refuse_about_nothing(session: &mut Session<'_>) -> Result<(), Error> {
    for (key, file, line) in session.batch.about_nothing(1_000_000)? {
        let reason = format!("the statement '{key}' has neither a claim nor a link to a statement");
        session.refuse(
            (file, line),
            Some("claim"),
            reason,
            Some("write the claim, or add a row such as `reports` to links.csv".to_owned()),
        );
    }
    Ok(())
}

fn finish(mut session: Session<'_>, request: &Request, left_out: LeftOut) -> Result<Report, Error> {
    if session.refused_count == 0 {
        session.batch.prove_changed()?;
    }
    let owned = |counts: &BTreeMap<&str, u64>| {
        counts.iter().map(|(noun, count)| ((*noun).to_owned(), *count)).collect::<Vec<_>>()
    };
    let files = &session.files;
    let place = |name: &str| files.iter().position(|file| file == name);
    session.refused.sort_by_key(|refusal| (place(&refusal.file), refusal.line));
    let report = Report {
        added: owned(&session.added),
        changed: owned(&session.changed),
        unchanged: session.unchanged,
        repeated: session.repeated,
        near: alike::near(&session)?,
        remarks: session.remarks.into_iter().chain(left_out.remark()).collect(),
        left_out: left_out.things.into_iter().collect(),
        skipped: session.skipped,
        refused: session.refused,
        refused_count: session.refused_count,
        dry_run: request.dry_run,
    };
    if request.dry_run || report.refused_count > 0 {
        drop(session.batch);
        return Ok(report);
    }
    let (who, why) = (request.who.as_deref(), request.why.as_deref());
    let (at, files) = (request.now.as_str(), session.files.as_slice());
    session.batch.keep(&Change { at, who, why, action: Action::Import, files })?;
    Ok(report)
}
