//! Standard input as a file that can be imported: `-` among the paths of an import.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::engine;
use super::failure::{Failure, Message};
use crate::import::standard::Aside;

/// How often is looked whether somebody pressed Ctrl-C.
const PAUSE: Duration = Duration::from_millis(50);

/// Puts standard input aside where one of the paths is `-`, which then is the path of that file. It goes when what is
/// given back is dropped.
pub(crate) fn aside(paths: &mut [PathBuf]) -> Result<Option<Aside>, Failure> {
    let mut named = paths.iter_mut().filter(|path| path.as_path() == Path::new("-"));
    let Some(path) = named.next() else { return Ok(None) };
    if named.next().is_some() {
        return Err(Failure::Usage(Message::new(
            "- stands for standard input, and that is there once",
        )));
    }
    let read = read()?;
    *path = read.path();
    Ok(Some(read))
}

/// Reads all of standard input. Nothing can end a read that waits, so another thread does it.
fn read() -> Result<Aside, Failure> {
    let failed = |error| Failure::file("read", Path::new("standard input"), error);
    engine::heed_interrupts();
    let (aside, mut file) = Aside::new().map_err(failed)?;
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(io::copy(&mut io::stdin().lock(), &mut file)));
    loop {
        match told.recv_timeout(PAUSE) {
            Ok(read) => return read.map(|_| aside).map_err(failed),
            Err(RecvTimeoutError::Timeout) if !engine::was_interrupted() => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Err(Failure::Interrupted);
            }
        }
    }
}
