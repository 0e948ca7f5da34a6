//! Files that are written anew in one step.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::failure::Failure;

/// Puts the new text in the file's place in one step, so that it is never half written.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let wrong = |error: io::Error| Failure::file("write", path, error);
    let real = fs::canonicalize(path).map_err(wrong)?;
    let folder = real.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)?;
    let mode = fs::metadata(&real).map_err(wrong)?.permissions();
    file.as_file().set_permissions(mode).map_err(wrong)?;
    file.persist(&real).map_err(|error| wrong(error.error))?;
    Ok(())
}
