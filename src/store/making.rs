//! A store that is being made. It is filled in a folder aside and gets its name when it is whole, so that whatever happens
//! meanwhile, there is no half of one.

use super::{
    Writer,
    aside::{Aside, folder_of},
    connect,
    error::Error,
    schema, writer,
};
use rusqlite::OpenFlags;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// A store that is not there yet. Dropped without `keep`, it leaves nothing behind.
#[derive(Debug)]
pub struct Making {
    writer: Writer,
    file: NamedTempFile,
    /// Holds the file, so it goes after it.
    aside: Aside,
    path: PathBuf,
}

impl Making {
    /// Starts a store for claims; an existing file is left alone.
    pub fn start(path: &Path) -> Result<Self, Error> {
        Self::with(path, schema::SCHEMA)
    }

    /// Starts a store whose catalogue is empty: it has just the kinds that will be declared.
    pub fn start_bare(path: &Path) -> Result<Self, Error> {
        Self::with(path, &format!("{}\n{}", schema::SCHEMA, schema::WITHOUT_CLAIMS))
    }

    fn with(path: &Path, script: &str) -> Result<Self, Error> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(Error::Exists(path.into()));
        }
        let failed = |error| Error::Io(path.into(), error);
        let aside = Aside::of(path).map_err(failed)?;
        let file = aside.file().map_err(failed)?;
        let connection = connect(file.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let script = format!("BEGIN IMMEDIATE;\n{script}\nCOMMIT;");
        connection.execute_batch(&script).map_err(|error| Error::database(path, error))?;
        Ok(Self { writer: writer(connection, path)?, file, aside, path: path.into() })
    }

    /// To fill it.
    pub fn writer(&mut self) -> &mut Writer {
        &mut self.writer
    }

    /// Gives it its name. If a file of that name came in between, that one stays.
    pub fn keep(self) -> Result<(), Error> {
        let Self { writer, file, aside, path } = self;
        writer.whole()?;
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists(path.clone()),
            _ => Error::Io(path.clone(), error),
        };
        if let Err(refused) = file.persist_noclobber(&path) {
            // Some file systems cannot name a file only where none is.
            if refused.error.kind() == io::ErrorKind::AlreadyExists || path.exists() {
                return Err(failed(refused.error));
            }
            refused.file.persist(&path).map_err(|refused| failed(refused.error))?;
        }
        aside.close();
        sync_folder(&path);
        Ok(())
    }
}

/// Brings a new name to the disk, where the system can.
fn sync_folder(path: &Path) {
    File::open(folder_of(path)).and_then(|folder| folder.sync_all()).unwrap_or_default();
}
