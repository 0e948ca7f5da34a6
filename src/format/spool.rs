//! A file without a name that a library writes to, and that is copied to its place when it is complete: such libraries want
//! to own what they write to, and a result goes to whatever is open for it.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};

/// Copies all of `file` to `out`.
pub(super) fn copy(mut file: File, out: &mut dyn Write) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, out).map(drop)
}

/// An empty file without a name, which is gone when it is closed.
pub(super) fn file() -> io::Result<File> {
    tempfile::tempfile()
}
