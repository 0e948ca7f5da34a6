//! What can go wrong with a store, in words for the person who owns the file.

use std::{fmt, io, path::PathBuf};

use super::header::VERSION;
use crate::base::diagnostic::Diagnostic;
use crate::sql::Statement;

/// Why a store could not be made, opened, read or written.
#[derive(Debug)]
#[expect(clippy::error_impl_error, reason = "read as store::error::Error")]
pub enum Error {
    /// There is no such file.
    Missing(PathBuf),
    /// The file to be made is there already.
    Exists(PathBuf),
    /// The file is not a store of ours; the text says what it is instead.
    NotAStore(PathBuf, &'static str),
    /// The store was made by a newer version of this program, so that it is only read.
    Newer(PathBuf, i64),
    /// The store was made by a newer version of this program in a way that cannot be read; the text says why.
    TooNew(PathBuf, i64, String),
    /// The store was made by an older version of this program.
    Older(PathBuf, i64),
    /// The store's tables, views or triggers are not those of its version.
    ForeignSchema(PathBuf),
    /// The file ends before its last page.
    CutShort(PathBuf, u64, u64),
    /// What stands beside the store under its name is not its own.
    Beside(PathBuf, PathBuf),
    /// Another process is writing.
    Busy(PathBuf),
    /// Another process began to read before anybody wrote, and has not ended.
    Read(PathBuf),
    /// The question took longer than allowed, or the user stopped it.
    Stopped(Stopped),
    /// A change that the store does not allow, with its place in the query.
    Refused(Box<Diagnostic>),
    /// A change that the store does not allow as a whole: why, and what to do about it.
    Rule(String, Option<String>),
    /// Nothing goes by a name, or too much: what is wrong, and what to do next.
    Unknown(String, Option<String>),
    /// The question asks for something that cannot be computed.
    Question(Wrong),
    /// The question is larger than the database takes.
    TooLarge(&'static str, &'static str),
    /// The question needs more memory than it may have.
    Memory,
    /// The database refused a statement that we made: our mistake. What it said, without the statement.
    Bug(String),
    /// The database reports damage.
    Damaged(PathBuf, rusqlite::Error),
    /// The database broke a change off by itself, for want of a sound disk or of memory.
    BrokenOff(PathBuf),
    /// Anything else the database has to say.
    Database(PathBuf, rusqlite::Error),
    /// The operating system refused.
    Io(PathBuf, io::Error),
}

/// What cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The code of the message.
    pub code: &'static str,
    /// What is wrong, in plain words.
    pub what: String,
    /// What to do about it.
    pub next: Option<&'static str>,
    /// Which of the statement's places.
    pub place: Option<usize>,
}

/// Why a query ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The time allowed was over.
    Timeout,
    /// Somebody asked for it.
    Interrupted,
}

impl Error {
    /// A value is nested deeper than it can be read.
    pub(crate) fn too_deep() -> Self {
        Self::Question(Wrong::new(Mistake::TooLong, "a list or a map is nested too deep here"))
    }

    /// A mistake that showed while a statement ran, at its place in the query where that is known.
    pub fn in_query(&self, statement: &Statement) -> Option<Diagnostic> {
        let Self::Question(wrong) = self else { return None };
        let searched = (wrong.code == Mistake::Search.code()).then_some(&*statement.searches);
        let place = wrong.place.and_then(|place| statement.places.get(place));
        let (span, others) = place.map(|one| (one, &[][..])).or_else(|| searched?.split_first())?;
        let note = Diagnostic::error(wrong.code, *span, wrong.what.clone())
            .help_if(wrong.next.map(str::to_owned));
        Some(others.iter().fold(note, |note, other| note.also(*other, "or this one")))
    }

    /// Files an error of the database under the kind that says what to do about it.
    pub(crate) fn database(path: impl Into<PathBuf>, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.into();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(path),
            Some(Code::DatabaseCorrupt) => Self::Damaged(path, error),
            Some(Code::NotADatabase) => Self::NotAStore(path, "not a SQLite file"),
            Some(Code::OperationInterrupted) => Self::Stopped(Stopped::Interrupted),
            Some(Code::OutOfMemory) => Self::Memory,
            Some(Code::TooBig) => Self::Question(Wrong::new(
                Mistake::TooLong,
                "a text or list grows longer than 16 MB here",
            )),
            Some(Code::Unknown) if error.to_string().contains(NO_SEARCH) => {
                Self::Database(path, error)
            }
            Some(Code::Unknown) => Self::refused(error),
            Some(_) | None => Self::Database(path, error),
        }
    }

    /// The database refused to prepare a statement or to go on with it.
    fn refused(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::SqlInputError { msg, .. } => too_large(&msg).unwrap_or(Self::Bug(msg)),
            rusqlite::Error::SqliteFailure(_, Some(message)) => of_running(message),
            other => Self::Bug(other.to_string()),
        }
    }
}

/// What to do where somebody else is at it.
const MOMENT: &str = "by another process; try again in a moment";

/// What the database says where it cannot read the tables behind full-text search.
const NO_SEARCH: &str = "vtable constructor failed";

/// What the database says of the machine, in our words.
const MACHINE: &[(rusqlite::ErrorCode, &str)] = &[
    (rusqlite::ErrorCode::SystemIoFailure, "the disk could not be read or written"),
    (rusqlite::ErrorCode::DiskFull, "the disk is full"),
    (rusqlite::ErrorCode::CannotOpen, "the file, or one beside it, cannot be opened"),
    (rusqlite::ErrorCode::ReadOnly, "it may be read but not written"),
    (rusqlite::ErrorCode::PermissionDenied, "it may not be opened"),
];

/// What the database says, in our words where we have some.
fn of_machine(error: &rusqlite::Error) -> String {
    let code = error.sqlite_error_code();
    let said = error.to_string();
    if said.contains(NO_SEARCH) {
        return "its index for search cannot be read".to_owned();
    }
    let known = MACHINE.iter().find(|(known, _)| code == Some(*known));
    known.map_or(said, |(_, words)| (*words).to_owned())
}

/// What the database says of a statement that is too large, of what there is too much, and what to do about it.
const TOO_LARGE: &[(&str, &str, &str)] = &[
    ("Expression tree is too large", "conditions in one another", SPLIT),
    ("parser stack overflow", "conditions in one another", SPLIT),
    ("tables in a join", "nodes and edges in one pattern", SPLIT),
    ("terms in compound SELECT", "kinds and edges that a pattern may be", NAME_THEM),
    ("too many SQL variables", "values", SPLIT),
    ("too many columns", "columns", SPLIT),
    ("nested too deep", "repeated edges and optional patterns", SPLIT),
    ("too many FROM clause terms", "nodes and edges", SPLIT),
    ("too many arguments on function", "values", SPLIT),
];

const SPLIT: &str = "split it into several questions";
const NAME_THEM: &str = "say which are meant, as in `(a:Actor)-[:said]->(c:Claim)`";

fn too_large(message: &str) -> Option<Error> {
    let (_, what, next) = TOO_LARGE.iter().find(|(sign, ..)| message.contains(sign))?;
    Some(Error::TooLarge(what, next))
}

/// Signs of a statement that we made wrongly, in what the database says while it runs.
const OURS: &[&str] = &["JSON", "misuse", "ambiguous column", "no such function", "no such table"];

/// Signs of a full-text query that cannot be read.
const SEARCH: &[&str] =
    &["fts5:", "unterminated string", "no such column", "unknown special query"];

/// An error of a running statement: of our functions, of full-text search, or of the database itself.
fn of_running(message: String) -> Error {
    if let Some(wrong) = received(&message) {
        return Error::Question(wrong);
    }
    if let Some(error) = too_large(&message) {
        return error;
    }
    let shows = |signs: &[&str]| signs.iter().any(|sign| message.contains(sign));
    if shows(OURS) {
        return Error::Bug(message);
    }
    let wrong = if shows(SEARCH) {
        Wrong::new(Mistake::Search, "the text behind `matches` is not a search")
    } else if message.contains("integer overflow") {
        Wrong::new(Mistake::TooLarge, "a number grows too large for an integer here")
    } else {
        Wrong::new(Mistake::Argument, message)
    };
    Error::Question(wrong)
}

/// Stands around the parts of a message that one of our functions sends; no text has it.
const MARK: char = '\u{1}';

/// A mistake of one of our functions as the text that the database carries, which ends where it holds a NUL.
pub(crate) fn sent(mistake: Mistake, place: i64, what: &str) -> String {
    let what = what.replace('\0', "␀");
    format!("{MARK}{}{MARK}{place}{MARK}{what}", mistake.code())
}

/// Reads such a text back.
fn received(message: &str) -> Option<Wrong> {
    let (code, rest) = message.strip_prefix(MARK)?.split_once(MARK)?;
    let (place, what) = rest.split_once(MARK)?;
    let mistake = Mistake::ALL.iter().find(|mistake| mistake.code() == code)?;
    Some(Wrong { place: place.parse().ok(), ..Wrong::new(*mistake, what) })
}

/// What can be wrong with a question that only shows when it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// D0361: a value whose type is known only when it runs is not what is needed.
    Type,
    /// D0362: a division by zero.
    Zero,
    /// D0363: a number too large for an integer, or a time outside the years there are.
    TooLarge,
    /// D0364: a regular expression that is none.
    Pattern,
    /// D0365: a full-text query that cannot be read.
    Search,
    /// D0366: an argument that a function cannot take.
    Argument,
    /// D0410: a query that stands for one value and gives several.
    Several,
    /// D0367: a text or list that is too long.
    TooLong,
    /// D0383: a search for paths that takes more memory than it may.
    SearchSize,
}

impl Mistake {
    const ALL: &[Self] = &[
        Self::Type,
        Self::Zero,
        Self::TooLarge,
        Self::Pattern,
        Self::Search,
        Self::Argument,
        Self::Several,
        Self::TooLong,
        Self::SearchSize,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Type => "D0361",
            Self::Zero => "D0362",
            Self::TooLarge => "D0363",
            Self::Pattern => "D0364",
            Self::Search => "D0365",
            Self::Argument => "D0366",
            Self::Several => "D0410",
            Self::TooLong => "D0367",
            Self::SearchSize => "D0383",
        }
    }

    fn next(self) -> Option<&'static str> {
        match self {
            Self::Zero => Some("leave these rows out, or write `nullif(…, 0)` for the divisor"),
            Self::Search => Some(
                "search for words as in 'peace plan', for a phrase as in '\"peace plan\"', and join them with AND, OR or NOT",
            ),
            Self::Several => Some(
                "take one with `order by … limit 1`, put them together with `max(…)`, or take all with `collect { … }`",
            ),
            Self::TooLong => Some("ask for less at once"),
            Self::SearchSize => Some("name both ends, or take one path with `any shortest`"),
            Self::Type | Self::TooLarge | Self::Pattern | Self::Argument => None,
        }
    }
}

impl Wrong {
    fn new(mistake: Mistake, what: impl Into<String>) -> Self {
        let (code, next) = (mistake.code(), mistake.next());
        Self { code, what: what.into(), next, place: None }
    }
}

impl Error {
    /// What is to say of a store of another version.
    fn of_version(&self) -> String {
        let made = |path: &PathBuf, by: &str, version: i64| {
            format!("{} was made by {by} dixit (store version {version}", path.display())
        };
        match self {
            Self::Newer(path, version) => {
                let made = made(path, "a newer", *version);
                format!("{made}, this one knows {VERSION}): it can be read, but not changed")
            }
            Self::TooNew(path, version, why) => {
                let made = made(path, "a newer", *version);
                format!("{made}, this one knows {VERSION}) and cannot be read: {why}")
            }
            Self::Older(path, version) => {
                format!("{}, now it is {VERSION})", made(path, "an older", *version))
            }
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "there is no store at {}", path.display()),
            Self::Exists(path) => {
                write!(f, "{} is there already and was left as it is", path.display())
            }
            Self::NotAStore(path, what) => {
                write!(f, "{} is {what}, so it is not a dixit store", path.display())
            }
            Self::Newer(..) | Self::TooNew(..) | Self::Older(..) => f.write_str(&self.of_version()),
            Self::ForeignSchema(path) => write!(
                f,
                "{} holds tables, views or triggers that dixit did not make, so it is not opened; \
                 export the data with the program that changed it and import it into a new store",
                path.display()
            ),
            Self::CutShort(path, have, want) => write!(
                f,
                "{} is cut short: {have} of {want} bytes are there; copy it again or take a backup",
                path.display()
            ),
            Self::Beside(path, other) => write!(
                f,
                "{} does not belong to {}, and would destroy it; move it away, then open the store again",
                other.display(),
                path.display()
            ),
            Self::Busy(path) => {
                write!(f, "{} is being written {MOMENT}", path.display())
            }
            Self::Read(path) => write!(f, "{} is being read {MOMENT}", path.display()),
            Self::Stopped(Stopped::Timeout) => f.write_str("stopped: the time allowed is over"),
            Self::Stopped(Stopped::Interrupted) => f.write_str("stopped"),
            Self::Refused(why) => f.write_str(&why.message),
            Self::Question(wrong) => f.write_str(&wrong.what),
            Self::Rule(what, _) | Self::Unknown(what, _) => f.write_str(what),
            Self::TooLarge(what, _) => write!(f, "the question is too large: too many {what}"),
            Self::Memory => f.write_str("this needs more memory than it may have (1 GB)"),
            Self::Bug(said) => {
                write!(f, "dixit asked its database something it did not understand: {said}")
            }
            Self::Damaged(path, error) => write!(
                f,
                "{} is damaged ({error}); take a backup, or copy it again",
                path.display()
            ),
            Self::BrokenOff(path) => write!(
                f,
                "{}: the disk or the memory failed while it was changed, so nothing was changed",
                path.display()
            ),
            Self::Database(path, error) => write!(f, "{}: {}", path.display(), of_machine(error)),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Damaged(_, error) | Self::Database(_, error) => Some(error),
            Self::Io(_, error) => Some(error),
            Self::Missing(_)
            | Self::Exists(_)
            | Self::NotAStore(..)
            | Self::Newer(..)
            | Self::TooNew(..)
            | Self::Older(..)
            | Self::ForeignSchema(_)
            | Self::CutShort(..)
            | Self::Beside(..)
            | Self::Busy(_)
            | Self::Read(_)
            | Self::Question(..)
            | Self::Refused(_)
            | Self::Rule(..)
            | Self::Unknown(..)
            | Self::TooLarge(..)
            | Self::Memory
            | Self::Bug(_)
            | Self::BrokenOff(_)
            | Self::Stopped(_) => None,
        }
    }
}
