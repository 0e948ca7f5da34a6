//! Standard input, put aside as a file so that its content can tell its form and so that it can be read twice; what is said
//! of it calls it `<stdin>`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// What messages call it, and the folder that it is put aside in.
const SHOWN: &str = "<stdin>";
/// The name of the file, from which the keys are made that begin with the name of a file.
const NAME: &str = "stdin";

/// What came by standard input. Dropped, it is gone.
#[derive(Debug)]
pub struct Aside {
    folder: TempDir,
}

impl Aside {
    /// An empty file, to be filled with what comes.
    pub fn new() -> io::Result<(Self, File)> {
        let aside = Self { folder: tempfile::tempdir()? };
        fs::create_dir(aside.folder.path().join(SHOWN))?;
        let file = File::create_new(aside.path())?;
        Ok((aside, file))
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(SHOWN).join(NAME)
    }
}

/// A path as messages and the log have it.
pub(super) fn shown(path: &Path) -> String {
    let is_aside = path.parent().is_some_and(|folder| folder.ends_with(SHOWN));
    if is_aside { SHOWN.to_owned() } else { path.display().to_string() }
}
