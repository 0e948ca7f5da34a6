//! What can go wrong with a store, in words for the person who owns the file.

use std::{fmt, io, path::PathBuf};

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
    /// The store was written by a newer version of this program.
    Newer(PathBuf, i64),
    /// The store's tables, views or triggers are not those of its version.
    ForeignSchema(PathBuf),
    /// The file ends before its last page.
    CutShort(PathBuf, u64, u64),
    /// Another process is writing.
    Busy(PathBuf),
    /// The question took longer than allowed, or the user stopped it.
    Stopped(Stopped),
    /// The database reports damage.
    Damaged(PathBuf, rusqlite::Error),
    /// Anything else the database has to say.
    Database(PathBuf, rusqlite::Error),
    /// The operating system refused.
    Io(PathBuf, io::Error),
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
    /// Files an error of the database under the kind that says what to do about it.
    pub(crate) fn database(path: impl Into<PathBuf>, error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.into();
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(path),
            Some(Code::DatabaseCorrupt) => Self::Damaged(path, error),
            Some(Code::NotADatabase) => Self::NotAStore(path, "not a SQLite file"),
            Some(Code::OperationInterrupted) => Self::Stopped(Stopped::Interrupted),
            Some(_) | None => Self::Database(path, error),
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
            Self::Newer(path, version) => write!(
                f,
                "{} was written by a newer dixit (store version {version}); please update dixit to open it",
                path.display()
            ),
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
            Self::Busy(path) => {
                write!(
                    f,
                    "{} is being written by another process; try again in a moment",
                    path.display()
                )
            }
            Self::Stopped(Stopped::Timeout) => f.write_str("stopped: the time allowed is over"),
            Self::Stopped(Stopped::Interrupted) => f.write_str("stopped"),
            Self::Damaged(path, error) => {
                write!(
                    f,
                    "{} is damaged ({error}); take a backup, or copy it again",
                    path.display()
                )
            }
            Self::Database(path, error) => write!(f, "{}: {error}", path.display()),
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
            | Self::ForeignSchema(_)
            | Self::CutShort(..)
            | Self::Busy(_)
            | Self::Stopped(_) => None,
        }
    }
}
