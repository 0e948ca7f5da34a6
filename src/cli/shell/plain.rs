//! Reads lines from a terminal that knows nothing but text: a prompt, no escapes, no menus. Lines are put together until
//! the session takes them.

use std::io::{self, BufRead as _};

use super::session::is_complete;
use super::typed::Typed;
use crate::base::clean::Safe;
use crate::cli::engine::was_interrupted;
use crate::cli::terminal::Terminal;

/// The lines typed in this session.
#[derive(Debug, Default)]
pub(super) struct Plain {
    taken: Vec<String>,
}

impl Plain {
    /// Reads until what was typed is complete.
    pub(super) fn read(&mut self, prompt: &str, terminal: &Terminal) -> io::Result<Typed> {
        let mut text = String::new();
        was_interrupted();
        loop {
            let shown = if text.is_empty() { format!("{prompt}> ") } else { "...> ".to_owned() };
            terminal.say(&Safe::clean(&shown));
            let mut line = String::new();
            if io::stdin().lock().read_line(&mut line)? == 0 {
                return Ok(Typed::End);
            }
            if was_interrupted() {
                text.clear();
            }
            let is_last = line.trim().is_empty();
            text.push_str(&line);
            if is_last || is_complete(text.trim_end_matches(['\n', '\r'])) {
                self.taken.push(text.trim_end().to_owned());
                return Ok(Typed::Line(text));
            }
        }
    }

    /// What was typed, the latest last.
    pub(super) fn history(&self) -> &[String] {
        &self.taken
    }
}
