//! Finds out what each path is and in which order the files are read. The content decides, not the name alone.

mod books;
mod elsewhere;

use super::{
    Error,
    draft::Draft,
    fields::{self, NEEDED},
    files::{self, FILES, File, SHEET_RANK},
    graph,
    importers::{self, Head, How, Importer},
    json::glimpse::glimpse,
    lines::Lines,
    map::Mapping,
    records::{Dialect, Records, Rows, told_delimiter},
    session::Session,
    standard::shown,
    workbook::Book,
};
use crate::base::closest::closest;
use std::{
    fs,
    io::{BufRead, BufReader, Cursor, Read as _},
    path::{Path, PathBuf},
    rc::Rc,
};

/// A file to read.
pub(super) struct Job {
    /// As it is shown.
    pub(super) name: String,
    from: From,
    /// What it is.
    pub(super) input: Input,
    /// How long it is.
    pub(super) bytes: u64,
}

/// Where rows come from.
enum From {
    /// A file, of delimited text unless an importer reads it.
    Path(PathBuf, Dialect),
    /// What comes with the program.
    Text(&'static str),
    /// Lines of JSON, and what of them stands in which column.
    Lines(PathBuf, Vec<String>),
    /// A worksheet.
    Sheet(Rc<Book>, String),
}

/// What there is to read.
pub(super) struct Found {
    pub(super) jobs: Vec<Job>,
    /// What is worth saying of what is not read.
    pub(super) remarks: Vec<String>,
}

/// What a file is.
pub(super) enum Input {
    /// A file of a folder of CSV files.
    File(&'static File),
    /// A coding sheet.
    Sheet,
    /// A file of another program's form.
    Foreign(fn(&mut Draft<'_, '_>) -> Result<(), Error>),
    /// A file in a folder of another program's files that is of no known form.
    Other,
    /// A file in a folder of CSV files that has no meaning there, with the name that was probably meant.
    Unknown(Option<String>),
}

impl Job {
    /// Its place in the order of reading.
    pub(super) fn rank(&self) -> u8 {
        match self.input {
            Input::File(file) => file.rank,
            Input::Sheet => SHEET_RANK,
            Input::Foreign(_) | Input::Other | Input::Unknown(_) => 0,
        }
    }

    /// Where it is; empty for what comes with the program.
    pub(super) fn path(&self) -> &Path {
        match &self.from {
            From::Text(_) | From::Sheet(..) => Path::new(""),
            From::Path(path, _) | From::Lines(path, _) => path,
        }
    }

    /// Gives its rows to a function.
    pub(super) fn with_rows(
        &self,
        take: &mut dyn FnMut(&mut dyn Rows) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match &self.from {
            From::Text(text) => take(&mut Records::new(Cursor::new(*text), PLAIN)),
            From::Path(path, dialect) => take(&mut Records::new(buffered(path)?, *dialect)),
            From::Lines(path, columns) => take(&mut Lines::new(buffered(path)?, columns)),
            From::Sheet(book, sheet) => book.with_rows(sheet, take),
        }
    }
}

fn buffered(path: &Path) -> Result<impl BufRead, Error> {
    let file = fs::File::open(path).map_err(|error| Error::Io(path.into(), error))?;
    Ok(BufReader::with_capacity(256 << 10, file))
}

/// Recognises an input by the cells of its first row and its name without the ending.
type Recognise = fn(&str, &[String]) -> Option<Input>;

/// What a single file of delimited text may be, in the order in which it is asked.
const TABLES: &[(&str, Recognise)] =
    &[("file of a folder", folder_file), ("coding sheet", coding_sheet)];

fn folder_file(stem: &str, heading: &[String]) -> Option<Input> {
    let fits = |file: &&'static File| {
        let known = heading
            .iter()
            .filter(|name| file.columns.iter().any(|column| column.name == *name))
            .count();
        known >= 2 && known * 2 > heading.len()
    };
    let has_all = |file: &&'static File| {
        let required = |column: &&files::Column| column.required;
        file.columns
            .iter()
            .filter(required)
            .all(|column| heading.iter().any(|name| name == column.name))
    };
    let named = files::by_stem(stem).filter(fits);
    named
        .or_else(|| FILES.iter().filter(fits).find(has_all).filter(|_| !is_sheet(heading)))
        .map(Input::File)
}

fn coding_sheet(_stem: &str, heading: &[String]) -> Option<Input> {
    is_sheet(heading).then_some(Input::Sheet)
}

fn is_sheet(heading: &[String]) -> bool {
    let known: Vec<_> = heading.iter().filter_map(|name| fields::by_name(name)).collect();
    NEEDED.iter().all(|field| known.contains(field))
}

/// The files to read, in order.
pub(super) fn jobs(
    paths: &[PathBuf],
    mapping: Option<&Mapping>,
    format: Option<&Importer>,
) -> Result<Found, Error> {
    let mut found = Found { jobs: Vec::new(), remarks: Vec::new() };
    for path in paths {
        if path.is_dir() {
            folder(path, &mut found)?;
        } else if books::is_one(path, format)? {
            books::jobs(path, mapping, &stem(path), &mut found)?;
        } else {
            found.jobs.push(single(path, mapping, format)?);
        }
    }
    found.jobs.sort_by_key(Job::rank);
    Ok(found)
}

fn folder(path: &Path, found: &mut Found) -> Result<(), Error> {
    let failed = |error| Error::Io(path.into(), error);
    let entries =
        fs::read_dir(path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut all: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    all.sort();
    let tables: Vec<&PathBuf> = all.iter().filter(|path| is_table(path)).collect();
    let is_book = |path: &Path| has_ending(path, &["xlsx", "xlsm"]);
    if !tables.iter().any(|table| is_book(table) || files::by_stem(&stem(table)).is_some()) {
        let foreign = foreign_folder(&all)?;
        if foreign.iter().any(|job| matches!(job.input, Input::Foreign(_))) {
            found.jobs.extend(foreign);
            return Ok(());
        }
        let names: Vec<&str> = FILES.iter().take(4).map(|file| file.stem).collect();
        let why = format!(
            "no file of this folder is known; expected some of {}.csv, …",
            names.join(".csv, ")
        );
        return Err(Error::Nothing(path.into(), why));
    }
    for table in tables {
        let name = stem(table);
        if is_book(table) {
            books::jobs(table, None, &name, found)?;
            continue;
        }
        let input = match files::by_stem(&name) {
            Some(file) => Input::File(file),
            None => Input::Unknown(
                closest(&name, FILES.iter().map(|file| file.stem))
                    .map(|near| format!("closest: {near}.csv")),
            ),
        };
        let dialect = guess(table, &text_head(table)?);
        found.jobs.push(job(table, dialect, input)?);
    }
    Ok(())
}

/// The files of a folder that other programs made. Hidden ones do not count.
fn foreign_folder(paths: &[PathBuf]) -> Result<Vec<Job>, Error> {
    let is_hidden = |path: &Path| stem(path).starts_with('.');
    let files = paths.iter().filter(|path| path.is_file() && !is_hidden(path));
    let job = |path: &PathBuf| {
        let input = match importers::recognised(path, &head(path)?).map(|known| &known.how) {
            Some(How::Draft { read, .. }) => Input::Foreign(*read),
            Some(How::Folder | How::Sheet | How::Workbook | How::Graph) | None => Input::Other,
        };
        job(path, PLAIN, input)
    };
    files.map(job).collect()
}

/// Refuses tables that are to be a graph, whose headings do not say what is a node in them.
pub(super) fn refuse_tables(paths: &[PathBuf]) -> Result<(), Error> {
    let is_named = |path: &&PathBuf| is_table(path) && !has_ending(path, &["xlsx", "xlsm"]);
    for path in paths.iter().filter(is_named) {
        let start = head(path)?;
        if !graph::is_graph(std::slice::from_ref(path))?
            && !is_json(path, &start)
            && !start.is_empty()
        {
            let why = "this is a table; `--kind NAME` says what its rows are";
            return Err(Error::Nothing(path.clone(), why.to_owned()));
        }
    }
    Ok(())
}

/// Whether a file is of a form that another program makes.
pub(super) fn is_foreign(paths: &[PathBuf]) -> Result<bool, Error> {
    for path in paths.iter().filter(|path| path.is_file()) {
        if importers::recognised(path, &head(path)?).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A table by its name; a file that a spreadsheet program keeps while it is open is none.
fn is_table(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let ours = !name.starts_with("~$") && !name.starts_with('.');
    path.is_file() && ours && has_ending(path, &["csv", "tsv", "tab", "xlsx", "xlsm"])
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn single(path: &Path, mapping: Option<&Mapping>, format: Option<&Importer>) -> Result<Job, Error> {
    let start = head(path)?;
    let told = format.map(|format| &format.how);
    let shown = || importers::recognised(path, &start).map(|importer| &importer.how);
    let foreign = match told {
        Some(how) => Some(how),
        None if mapping.is_none() => shown(),
        None => None,
    };
    if let Some(How::Draft { read, .. }) = foreign {
        return job(path, PLAIN, Input::Foreign(*read));
    }
    if told.is_none() && mapping.is_none() {
        elsewhere::refuse(path, &start)?;
    }
    if told.is_none() && mapping.is_none() && is_json(path, &start) {
        let why = "this is JSON, but of no form that is known; `--format` tells which one it is, or a \
                   mapping what its parts mean";
        return Err(Error::Nothing(path.into(), why.to_owned()));
    }
    let head = text_head(path)?;
    let dialect = guess(path, &head);
    if let Some(mapping) = mapping {
        if is_json(path, &head) {
            return lines(path, mapping);
        }
        return job(path, mapping.dialect(dialect), Input::Sheet);
    }
    if let Some(How::Sheet) = told {
        return job(path, dialect, Input::Sheet);
    }
    let mut records = Records::new(head.as_slice(), dialect);
    let heading: Vec<String> = match records.advance() {
        Ok(true) => records.record().cells().map(str::to_owned).collect(),
        Ok(false) => return Err(Error::Nothing(path.into(), "the file is empty".to_owned())),
        Err(_) => {
            return job(
                path,
                dialect,
                files::by_stem(&stem(path)).map_or(Input::Sheet, Input::File),
            );
        }
    };
    let stem = stem(path);
    match TABLES.iter().find_map(|(_, recognise)| recognise(&stem, &heading)) {
        Some(input) => job(path, dialect, input),
        None => Err(Error::Nothing(path.into(), unrecognised(&heading))),
    }
}

/// Whether a file begins with an object of JSON, or with a list of them.
fn is_json(path: &Path, bytes: &[u8]) -> bool {
    let seen = glimpse(Head { path, bytes }.text());
    seen.map("") || seen.map("/[]")
}

/// Lines of JSON, of which the mapping names what counts.
fn lines(path: &Path, mapping: &Mapping) -> Result<Job, Error> {
    let columns = mapping.columns().map_err(|number| {
        let why = format!(
            "these are lines of JSON, so a column is a path such as source.text; the mapping has {number}"
        );
        Error::Nothing(path.into(), why)
    })?;
    let job = job(path, PLAIN, Input::Sheet)?;
    Ok(Job { from: From::Lines(path.into(), columns), ..job })
}

fn unrecognised(heading: &[String]) -> String {
    let close = heading.iter().find_map(|name| {
        let near = closest(name, fields::FIELDS.iter().map(|(known, _)| *known))?;
        (fields::by_name(name).is_none()).then(|| format!("; did you mean `{near}` by '{name}'?"))
    });
    let wanted = "the first row does not name the columns of a coding sheet (speaker, act, claim, source, …)";
    match close {
        Some(close) => format!("{wanted}{close}"),
        None => {
            format!("{wanted} or of a file that is known; a mapping can tell what its columns are")
        }
    }
}

fn job(path: &Path, dialect: Dialect, input: Input) -> Result<Job, Error> {
    let meta = fs::metadata(path).map_err(|error| Error::Io(path.into(), error))?;
    Ok(Job { name: shown(path), from: From::Path(path.into(), dialect), input, bytes: meta.len() })
}

/// How files begin that hold no text, and what they are.
const MAGIC: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "this is a workbook or another packed file, not CSV; save it as CSV (UTF-8) and import that",
    ),
    (&[0xD0, 0xCF, 0x11, 0xE0], OLD),
    (b"SQLite format 3\0", "this is a database; save its table as CSV (UTF-8) and import that"),
    (b"%PDF-", "this is a PDF; a coding sheet is a CSV file in UTF-8"),
];
const PLAIN: Dialect = Dialect::between(b',');
const OLD: &str = "this is a workbook in the old form .xls, or one with a password; save it as .xlsx without a password, \
                   or as CSV (UTF-8), and import that";

/// The first bytes of a file, which has to be text.
pub(super) fn text_head(path: &Path) -> Result<Vec<u8>, Error> {
    let head = head(path)?;
    let magic = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what);
    let other =
        is_binary(&head).then_some("this is no text; a coding sheet is a CSV file in UTF-8");
    match magic.or(other) {
        Some(why) => Err(Error::Nothing(path.into(), why.to_owned())),
        None => Ok(head),
    }
}

/// Text has no NUL, apart from a stray one; in UTF-16, which is refused with its name, NULs stand in every other place.
fn is_binary(head: &[u8]) -> bool {
    let nuls = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let marked = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    !marked && nuls(0).min(nuls(1)) > 2
}

/// Whether a file holds a whole store, declared kinds and all.
pub(super) fn is_whole_store(path: &Path) -> bool {
    let found = head(path).ok().and_then(|head| importers::recognised(path, &head));
    found.is_some_and(Importer::is_whole_store)
}

/// The first bytes of a file.
pub(super) fn head(path: &Path) -> Result<Vec<u8>, Error> {
    let mut head = Vec::new();
    let file = fs::File::open(path).map_err(|error| Error::Io(path.into(), error))?;
    file.take(64 << 10).read_to_end(&mut head).map_err(|error| Error::Io(path.into(), error))?;
    Ok(head)
}

/// The delimiter that the first line tells, or that stands most often in it; a tab where the name says so.
pub(super) fn guess(path: &Path, head: &[u8]) -> Dialect {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let count = |delimiter: u8| line.split(|byte| *byte == delimiter).count() - 1;
    let most = [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|byte| count(*byte));
    let tab = ["tsv", "tab"].iter().any(|known| ending.eq_ignore_ascii_case(known));
    let counted =
        if tab { b'\t' } else { most.filter(|delimiter| count(*delimiter) > 0).unwrap_or(b',') };
    Dialect::between(told_delimiter(line).unwrap_or(counted))
}

/// Refuses a file whose name is not known in a folder.
pub(super) fn refuse_unknown(
    session: &mut Session<'_>,
    name: &str,
    suggestion: Option<&str>,
) -> Result<(), Error> {
    let number = session.open_file(name)?;
    let known: Vec<&str> = FILES.iter().map(|file| file.stem).collect();
    let suggestion =
        suggestion.map_or_else(|| format!("known are {}", known.join(", ")), str::to_owned);
    session.refuse(
        (number, 1),
        None,
        "no file of this name belongs to a folder".to_owned(),
        Some(suggestion),
    );
    Ok(())
}

/// The files of the example that comes with the program.
pub(super) fn geneva() -> Vec<Job> {
    let jobs = GENEVA.iter().filter_map(|(stem, text)| {
        let input = Input::File(files::by_stem(stem)?);
        let bytes = u64::try_from(text.len()).unwrap_or(0);
        Some(Job { name: format!("geneva/{stem}.csv"), from: From::Text(text), input, bytes })
    });
    let mut jobs: Vec<Job> = jobs.collect();
    jobs.sort_by_key(Job::rank);
    jobs
}

const GENEVA: &[(&str, &str)] = &[
    ("vocab", include_str!("../../../examples/geneva/vocab.csv")),
    ("actors", include_str!("../../../examples/geneva/actors.csv")),
    ("venues", include_str!("../../../examples/geneva/venues.csv")),
    ("topics", include_str!("../../../examples/geneva/topics.csv")),
    ("events", include_str!("../../../examples/geneva/events.csv")),
    ("sources", include_str!("../../../examples/geneva/sources.csv")),
    ("claims", include_str!("../../../examples/geneva/claims.csv")),
    ("statements", include_str!("../../../examples/geneva/statements.csv")),
    ("claim_about", include_str!("../../../examples/geneva/claim_about.csv")),
    ("statement_actors", include_str!("../../../examples/geneva/statement_actors.csv")),
    ("attestations", include_str!("../../../examples/geneva/attestations.csv")),
    ("links", include_str!("../../../examples/geneva/links.csv")),
    ("source_links", include_str!("../../../examples/geneva/source_links.csv")),
    ("relations", include_str!("../../../examples/geneva/relations.csv")),
    ("assessments", include_str!("../../../examples/geneva/assessments.csv")),
];
