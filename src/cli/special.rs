//! What is there and is no file, such as a pipe or a device, opened to write into it.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::engine;
use super::failure::Failure;

/// How often it is looked whether Ctrl-C was pressed.
const PATIENCE: Duration = Duration::from_millis(50);

/// Opens what is there and is no file. A pipe is only open when somebody reads it; until then, Ctrl-C ends the wait.
pub(crate) fn opened(path: &Path) -> Result<File, Failure> {
    let (send, receive) = mpsc::channel();
    let place = path.to_owned();
    thread::spawn(move || send.send(OpenOptions::new().write(true).open(place)));
    loop {
        match receive.recv_timeout(PATIENCE) {
            Ok(opened) => return opened.map_err(|error| Failure::file("write", path, error)),
            Err(mpsc::RecvTimeoutError::Timeout) if !engine::was_interrupted() => {}
            Err(_) => return Err(Failure::Interrupted),
        }
    }
}
