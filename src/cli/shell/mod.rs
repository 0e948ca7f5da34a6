//! `dixit shell`: questions and commands one after the other, at a prompt or from standard input. [`session`] turns a line
//! into a step, [`perform`] takes it, [`editor`] is the one module that knows the line editor.

mod acts;
pub(super) mod behind;
mod commands;
mod editor;
mod knowledge;
mod memory;
mod options;
mod perform;
mod plain;
mod session;
mod typed;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use super::failure::{Failure, Message};
use super::terminal::{Terminal, is_dumb};
use super::world::World;
use crate::base::clean::{self, Safe};
use crate::base::source::read_text;
use editor::Editor;
use knowledge::Knowledge;
use perform::{Shell, Then};
use plain::Plain;
use typed::Typed;

/// `dixit shell`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The store, as with --db
    #[arg(value_name = "STORE")]
    pub(crate) store: Option<PathBuf>,
}

/// A prompt shows so much of a store's name.
const LONGEST_NAME: usize = 24;

/// Reads lines and does what they say, up to the end.
pub(super) fn run(world: &World<'_>) -> Result<(), Failure> {
    let terminal = world.terminal;
    let mut shell = Shell::new(world.clone())?;
    if !io::stdin().is_terminal() {
        let text = read_text(io::stdin());
        let text =
            text.map_err(|error| Failure::file("read", Path::new("standard input"), error))?;
        shell.session.file = Some("stdin".to_owned());
        return shell.take_all(&text, terminal).map(drop);
    }
    let version = env!("CARGO_PKG_VERSION");
    let keys = if terminal.is_interactive() && !is_dumb() { "Tab completes, " } else { "" };
    let name = shell.store.display();
    terminal.remark(&format!("dixit {version} · {name} · {keys}.help helps, Ctrl-D leaves"));
    let mut lines = Lines::new(&shell, world);
    loop {
        let typed = match lines.read(&shell, terminal) {
            Ok(typed) => typed,
            Err(_) if lines.are_edited() => {
                terminal.remark("this terminal does not answer; going on with plain lines");
                lines = Lines::Plain(Plain::default(), Vec::new());
                continue;
            }
            Err(error) => return Err(Failure::file("read", Path::new("the terminal"), error)),
        };
        let line = match typed {
            Typed::Line(line) => line,
            Typed::Cleared => continue,
            Typed::End => return Ok(()),
        };
        let screen = world.screen();
        let outcome = shell.take(&line, &screen);
        screen.rest();
        lines.tell(&shell);
        match outcome {
            Ok(Then::GoOn) => {}
            Ok(Then::Reopened) => lines.reopen(&shell, world),
            Ok(Then::History(count)) => screen.print(&Safe::clean(&lines.history(count)))?,
            Ok(Then::Edit(text)) => match edited(&text) {
                Ok(text) => lines.begin_with(text),
                Err(failure) => tell(&failure, &screen),
            },
            Ok(Then::End) => return Ok(()),
            Err(failure) => tell(&failure, &screen),
        }
        screen.rest();
    }
}

/// Says what went wrong. That the pager was left early is none of it.
fn tell(failure: &Failure, screen: &Terminal) {
    match failure {
        Failure::ClosedPipe => {}
        // Behind the ^C that the terminal shows.
        Failure::Interrupted => screen.say(&Safe::clean("\ninterrupted\n")),
        other => {
            screen.tell(other);
        }
    }
}

/// Where lines come from.
enum Lines {
    Edited(Box<Editor>, Arc<Mutex<Knowledge>>),
    Plain(Plain, Vec<String>),
}

impl Lines {
    fn new(shell: &Shell<'_>, world: &World<'_>) -> Self {
        if is_dumb() || !world.terminal.is_interactive() {
            return Self::Plain(Plain::default(), Vec::new());
        }
        let knowledge = Knowledge::new(&shell.store, world.library.clone());
        let knowledge = Arc::new(Mutex::new(knowledge));
        let colour = world.terminal.look().colour;
        let (history, wrong) = memory::file_for(&shell.store);
        if let Some(wrong) = wrong {
            world.terminal.remark(&wrong);
        }
        let editor = Editor::new(&knowledge, colour, history);
        Self::Edited(Box::new(editor), knowledge)
    }

    fn read(&mut self, shell: &Shell<'_>, terminal: &Terminal) -> io::Result<Typed> {
        let name = shell.store.file_stem().map(|name| name.to_string_lossy().into_owned());
        let name: String =
            clean::line(&name.unwrap_or_default()).chars().take(LONGEST_NAME).collect();
        let name = if shell.session.settings.write { format!("{name} (write)") } else { name };
        match self {
            Self::Edited(editor, _) => editor.read(&name),
            Self::Plain(plain, waiting) => match waiting.pop() {
                Some(line) => Ok(Typed::Line(line)),
                None => plain.read(&name, terminal),
            },
        }
    }

    fn are_edited(&self) -> bool {
        matches!(self, Self::Edited(..))
    }

    /// Tells what completes lines what the session knows now.
    fn tell(&self, shell: &Shell<'_>) {
        if let Self::Edited(_, knowledge) = self
            && let Ok(mut knowledge) = knowledge.lock()
        {
            knowledge.learn(&shell.session);
        }
    }

    /// Looks at the store anew; another store has a history of its own.
    fn reopen(&mut self, shell: &Shell<'_>, world: &World<'_>) {
        match self {
            Self::Edited(_, knowledge)
                if knowledge.lock().is_ok_and(|one| one.is_about(&shell.store)) =>
            {
                if let Ok(mut knowledge) = knowledge.lock() {
                    knowledge.forget();
                }
            }
            Self::Edited(..) => *self = Self::new(shell, world),
            Self::Plain(..) => {}
        }
    }

    fn history(&self, count: usize) -> String {
        let lines = match self {
            Self::Edited(editor, _) => editor.history(),
            Self::Plain(plain, _) => plain.history().to_vec(),
        };
        let from = lines.len().saturating_sub(count);
        let last: Vec<&str> = lines.iter().skip(from).map(String::as_str).collect();
        last.join("\n") + "\n"
    }

    fn begin_with(&mut self, text: String) {
        match self {
            Self::Edited(editor, _) => editor.begin_with(&text),
            Self::Plain(_, waiting) => waiting.push(text),
        }
    }
}

/// What a text becomes in the user's editor.
fn edited(text: &str) -> Result<String, Failure> {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
    let named = named.filter(|named| !named.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    let mut words = commands::words(&named)?.into_iter();
    let program = words.next().unwrap_or_default();
    let failed = |error: io::Error| {
        let message = Message::new(format!("the editor `{named}` cannot be used: {error}"));
        Failure::Machine(message.next("set EDITOR to one that is there"))
    };
    let mut file = tempfile::Builder::new().suffix(".dixit").tempfile().map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    let path = file.into_temp_path();
    let ended = Command::new(program).args(words).arg(&path).status().map_err(failed)?;
    if !ended.success() {
        return Err(Failure::Machine(Message::new(format!("the editor `{named}` failed"))));
    }
    let read = std::fs::File::open(&path).and_then(read_text).map_err(failed)?;
    Ok(clean::block(read.trim_end()).into_owned())
}
