//! A store that was left in the middle of a change, on media that cannot be written: what was kept is put together in a
//! private copy, and that is read. It costs as much as reading and writing the whole file.

use super::{Limits, Make, Reader, connect, error::Error, schema};
use rusqlite::{ErrorCode, OpenFlags};
use std::{env, ffi::OsString, fs, path::Path};

/// What a change that was broken off leaves beside a store.
const BESIDE: [&str; 2] = ["-wal", "-journal"];

/// Whether an error is that of a store which would have to be written before it can be read.
pub(super) fn is_wanted(error: &Error) -> bool {
    let Error::Database(_, error) = error else { return false };
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// Reads a copy in the folder for temporary files. Messages are about the store.
pub(super) fn open(path: &Path, limits: &Limits, reader: Make) -> Result<Reader, Error> {
    let failed = |error| Error::Io(env::temp_dir(), error);
    let copy = tempfile::Builder::new().prefix("dixit-").suffix(".dixit").tempfile();
    let copy = copy.map_err(failed)?.into_temp_path();
    let mut others = Vec::new();
    fs::copy(path, &copy).map_err(failed)?;
    writable(&copy).map_err(failed)?;
    for ending in BESIDE {
        let [from, to] = [path, &copy].map(|path| with(path, ending));
        if Path::new(&from).exists() {
            fs::copy(from, &to).map_err(failed)?;
            writable(Path::new(&to)).map_err(failed)?;
            others.push(tempfile::TempPath::try_from_path(to).map_err(failed)?);
        }
    }
    let named = |error| Error::database(path, error);
    let connection = connect(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if !schema::is_ours(&connection).map_err(named)? {
        return Err(Error::ForeignSchema(path.into()));
    }
    connection.pragma_update(None, "journal_mode", "delete").map_err(named)?;
    drop((connection, others));
    let mut reader = reader(connect(&copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?, path, limits)?;
    reader.copy = Some(copy);
    Ok(reader)
}

/// A copy has the permissions of what it was made of, which may be to read only.
#[expect(clippy::permissions_set_readonly_false, reason = "a private file in a private place")]
fn writable(path: &Path) -> std::io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_readonly(false);
    fs::set_permissions(path, permissions)
}

fn with(path: &Path, ending: &str) -> OsString {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name
}
