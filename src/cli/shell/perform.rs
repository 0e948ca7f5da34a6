//! Takes the steps of a session: asks, changes, explains, runs commands. What a step comes to is printed as on the command
//! line; where it fails, the shell goes on.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::session::{self, Answers, Question, Session, Step};
use crate::base::clean::Safe;
use crate::base::source::{Source, read_text};
use crate::cli::answer::{Asked, answer};
use crate::cli::args::{self, Args, Stage};
use crate::cli::change::Reason;
use crate::cli::commands::{self, explain, query::Read, write};
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::parse;
use crate::cli::terminal::Terminal;
use crate::cli::world::World;
use crate::lang;

/// How deep files may read files.
const DEEPEST: usize = 8;

/// A session with the store it is about.
pub(super) struct Shell<'t> {
    pub(super) session: Session,
    world: World<'t>,
    /// Where the store is.
    pub(super) store: PathBuf,
    reading: usize,
}

/// What the loop around the shell has to do after a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    /// The store is another one, or may have changed.
    Reopened,
    History(usize),
    Edit(String),
    End,
}

impl<'t> Shell<'t> {
    /// A shell about the store of this world.
    pub(super) fn new(world: World<'t>) -> Result<Self, Failure> {
        let store = world.store()?;
        drop(Store::open(&store, world.timeout)?);
        Ok(Self { session: Session::default(), world, store, reading: 0 })
    }

    /// Does what a line says.
    pub(super) fn take(&mut self, line: &str, terminal: &Terminal) -> Result<Then, Failure> {
        let step = self.session.take(line)?;
        let mut world = self.world.clone().about(Some(self.store.clone())).on(terminal);
        world.timed = self.session.settings.timer;
        let values = self.session.values.iter();
        world.remembered = values.map(|(name, value)| (name.clone(), value.clone())).collect();
        self.step(step, &world)
    }

    fn step(&mut self, step: Step, world: &World<'_>) -> Result<Then, Failure> {
        match step {
            Step::Nothing => {}
            Step::Say(text) => world.terminal.remark(&text),
            Step::Print(text) => world.terminal.print(&Safe::clean(&text))?,
            Step::Ask(question) => return self.ask(question, world),
            Step::Again(question, options) => {
                let options = [self.options(), options].concat();
                answered(&question, &Output::of_words(&options, &world.settings)?, world)?;
            }
            Step::Explain(question, stage) => explained(question, stage, world)?,
            Step::Command(line, answers) => self.command(line, answers, world)?,
            Step::Into(file) => self.output(&file, world)?,
            Step::Open(file) => return self.open(file, world),
            Step::Read(file) => return self.read(&file, world.terminal),
            Step::History(count) => return Ok(Then::History(count)),
            Step::Edit(text) => return Ok(Then::Edit(text)),
            Step::End => return Ok(Then::End),
        }
        Ok(Then::GoOn)
    }

    fn ask(&mut self, question: Question, world: &World<'_>) -> Result<Then, Failure> {
        let saved = &question.saved;
        if !saved.parameters.is_empty() || !saved.definitions.is_empty() {
            prove(&question, world)?;
            if let Some(told) = self.session.keep(&question) {
                world.terminal.remark(&told);
            }
        }
        if saved.queries.is_empty() {
            return Ok(Then::GoOn);
        }
        self.session.last = Some(question.clone());
        if question.explains() {
            return explained(question, None, world).map(|()| Then::GoOn);
        }
        if question.writes() {
            let why = self.session.settings.why.clone();
            let reason = Reason { who: world.settings.who.clone(), why, dry_run: false };
            let read = read_of(question);
            self.into_place(|output| write::carry_out(read, output, &reason, world.clone()))?;
            return Ok(Then::Reopened);
        }
        if self.session.settings.file.is_none() {
            self.into_place(|output| answered(&question, output, world))?;
            return Ok(Then::GoOn);
        }
        for query in &question.saved.queries {
            let queries = vec![query.clone()];
            let saved = crate::script::Saved { queries, ..question.saved.clone() };
            let one = Question { saved, ..question.clone() };
            self.into_place(|output| answered(&one, output, world))?;
        }
        Ok(Then::GoOn)
    }

    /// What would stand on a command line to have answers as the session wants them.
    fn options(&self) -> Vec<String> {
        let format = self.session.settings.format;
        format.map(|name| vec!["--format".to_owned(), name.to_owned()]).unwrap_or_default()
    }

    /// Writes an answer to the screen, or behind what is in the file that was chosen.
    fn into_place(
        &self,
        write: impl FnOnce(&Output) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some(file) = &self.session.settings.file else {
            return write(&Output::of_words(&self.options(), &self.world.settings)?);
        };
        let failed = |error| Failure::file("write", file, error);
        let draft = tempfile::NamedTempFile::new().map_err(failed)?.into_temp_path();
        write(&Output::of_words(&self.options_for(file, &draft), &self.world.settings)?)?;
        let mut answer = Vec::new();
        File::open(&draft).and_then(|mut draft| draft.read_to_end(&mut answer)).map_err(failed)?;
        let mut out = OpenOptions::new().append(true).create(true).open(file).map_err(failed)?;
        let is_first = out.metadata().map_err(failed)?.len() == 0;
        let blank: &[u8] = if is_first || answer.is_empty() { b"" } else { b"\n" };
        out.write_all(blank).and_then(|()| out.write_all(&answer)).map_err(failed)
    }

    /// The same for an answer that goes to a draft first; the file's ending tells the format, if it tells one.
    fn options_for(&self, file: &Path, draft: &Path) -> Vec<String> {
        let draft = ["-o".to_owned(), draft.display().to_string()];
        let by_ending =
            Output::of_words(&["-o".to_owned(), file.display().to_string()], &self.world.settings)
                .and_then(|output| output.format().map(|format| format.name));
        let format = by_ending.ok().or(self.session.settings.format).unwrap_or("table");
        [vec!["--format".to_owned(), format.to_owned()], draft.to_vec()].concat()
    }

    /// Begins a file for answers.
    fn output(&mut self, file: &Path, world: &World<'_>) -> Result<(), Failure> {
        if crate::cli::stores::is_store(file) {
            let message = Message::new(format!("{} is a store", file.display()));
            return Err(Failure::Usage(message.next("choose another name for the answers")));
        }
        File::create(file).map_err(|error| Failure::file("write", file, error))?;
        self.session.settings.file = Some(file.to_owned());
        let told = format!("answers go to {}; `.output` alone ends it", file.display());
        world.terminal.remark(&told);
        Ok(())
    }

    fn command(
        &self,
        mut line: Vec<String>,
        answers: Answers,
        world: &World<'_>,
    ) -> Result<(), Failure> {
        let run = |line: Vec<String>| {
            let line = std::iter::once("dixit".to_owned()).chain(line).map(Into::into).collect();
            let Args { global, mut command } = parse(line, world.terminal)?;
            if let Some(command) = &mut command {
                args::settle(command, &world.settings);
            }
            commands::run(command, world.clone().with(global))
        };
        if answers == Answers::No {
            return run(line);
        }
        let rest = line.split_off(1);
        match &self.session.settings.file {
            None => run([line, self.options(), rest].concat()),
            Some(file) => self.into_place(|output| {
                let draft = output.output.clone().unwrap_or_default();
                run([line, self.options_for(file, &draft), rest].concat())
            }),
        }
    }

    fn open(&mut self, file: PathBuf, world: &World<'_>) -> Result<Then, Failure> {
        let path = world.clone().about(Some(file)).store()?;
        drop(Store::open(&path, world.timeout)?);
        world.terminal.remark(&format!("this is {}", path.display()));
        self.store = path;
        Ok(Then::Reopened)
    }

    /// Takes the lines of a file, up to the first that fails.
    fn read(&mut self, file: &Path, terminal: &Terminal) -> Result<Then, Failure> {
        if self.reading == DEEPEST {
            let message = format!("{} is read by itself, or by {DEEPEST} others", file.display());
            return Err(Failure::Usage(Message::new(message)));
        }
        let text = File::open(file).and_then(read_text);
        let text = text.map_err(|error| Failure::file("read", file, error))?;
        self.reading += 1;
        let outcome = self.take_all(&text, terminal);
        self.reading -= 1;
        outcome
    }

    /// Takes the commands and queries of a text one after the other, up to the first that fails or ends the shell.
    pub(super) fn take_all(&mut self, text: &str, terminal: &Terminal) -> Result<Then, Failure> {
        let mut then = Then::GoOn;
        for piece in pieces(text) {
            match self.take(&piece, terminal)? {
                Then::GoOn => {}
                Then::Reopened => then = Then::Reopened,
                Then::History(_) | Then::Edit(_) => return Err(only_at_a_prompt(&piece)),
                Then::End => return Ok(Then::End),
            }
        }
        Ok(then)
    }
}

/// The commands and queries of a text: a line with a dot is a command where no query is under way.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut open) = (Vec::new(), String::new());
    for line in text.trim_start_matches('\u{feff}').lines() {
        let starts = session::command_in(line).is_some()
            && !lang::is_unfinished(&Source::inline(open.as_str()));
        if starts {
            pieces.extend([std::mem::take(&mut open), line.to_owned()]);
        } else {
            open.push_str(line);
            open.push('\n');
        }
    }
    pieces.push(open);
    pieces
}

fn only_at_a_prompt(line: &str) -> Failure {
    Failure::Usage(Message::new(format!("`{}` works only at a prompt", line.trim())))
}

/// Shows that what a question declares makes sense in this store, whether it is used or not.
fn prove(question: &Question, world: &World<'_>) -> Result<(), Failure> {
    let store = Store::open(&world.store()?, world.timeout)?;
    let trial = Source::inline("return 1 as one");
    let Ok(script) = lang::parse(&trial) else { return Ok(()) };
    let Some(query) = script.queries.first() else { return Ok(()) };
    store.prepare(query, &question.source, &question.arguments).map(drop)
}

fn answered(question: &Question, output: &Output, world: &World<'_>) -> Result<(), Failure> {
    let Question { source, saved, arguments } = question;
    let reasons = crate::cli::reasons::Reasons::default();
    answer(&Asked { source, queries: &saved.queries, arguments, reasons }, output, world)
}

fn explained(question: Question, stage: Option<Stage>, world: &World<'_>) -> Result<(), Failure> {
    explain::show(read_of(question), stage, world.clone())
}

fn read_of(question: Question) -> Read {
    let Question { source, saved, arguments } = question;
    Read { store: None, source, queries: saved.queries, arguments }
}
