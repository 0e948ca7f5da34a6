//! A file without a name that a library writes to, and that is copied to its place when it is complete: such libraries want
//! to own what they write to, and a result goes to whatever is open for it.

use std::any::Any;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Copies all of `file` to `out`.
pub(super) fn copy(mut file: File, out: &mut dyn Write) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut file, out).map(drop)
}

/// An empty file without a name, which is gone when it is closed.
pub(super) fn file() -> io::Result<File> {
    tempfile::tempfile()
}

thread_local! {
    /// Whether a panic of this thread is caught and told in other words.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Calls a library that panics where its temporary file cannot be written, as on a full disk; that is an error then.
/// What was being written is not to be used any more.
pub(super) fn caught<T>(work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CAUGHT.get() {
                told(info);
            }
        }));
    });
    CAUGHT.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(false);
    done.unwrap_or_else(|reason| Err(io::Error::other(why(reason.as_ref()))))
}

fn why(reason: &(dyn Any + Send)) -> String {
    let text = reason.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| reason.downcast_ref::<&str>().copied()).unwrap_or_default();
    let folder = std::env::temp_dir();
    if text.contains("StorageFull") {
        format!("no space left for its temporary file in {}", folder.display())
    } else {
        format!("its temporary file in {} cannot be written: {text}", folder.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_panics_gives_an_error() {
        let full = caught(|| -> io::Result<()> { panic!("Couldn't write: {}", "StorageFull") });
        assert!(full.unwrap_err().to_string().starts_with("no space left for its temporary file"));
        let other = caught(|| -> io::Result<()> { panic!("so it is") });
        assert!(other.unwrap_err().to_string().ends_with("cannot be written: so it is"));
        assert_eq!(caught(|| Ok(1)).unwrap(), 1);
    }
}
