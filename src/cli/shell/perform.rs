//! Takes the steps of a session: asks, changes, explains, runs commands. What a step comes to is printed as on the command
//! line; where it fails, the shell goes on.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::options::{self, Options};
use super::session::{self, Answers, Question, Session, Step};
use crate::base::clean::Safe;
use crate::base::source::{Source, Span, read_text};
use crate::cli::answer::{Asked, answer};
use crate::cli::args::Args;
use crate::cli::change::Reason;
use crate::cli::commands::{self, explain, query::Read, write};
use crate::cli::explain_args::Stage;
use crate::cli::failure::{Failure, Message};
use crate::cli::stores;
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
    /// How deep files read files.
    reading: usize,
    /// Whether there is an answer above, from which the next of a file is to stand apart.
    below: bool,
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
        drop(world.open_at(&store)?);
        let mut session = Session::default();
        session.library = world.library.clone();
        Ok(Self { session, world, store, reading: 0, below: false })
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
                // What is asked for again says itself how it is to be written.
                let options = self.again(options)?;
                answered(&question, &options::read(&options, world)?, world)?;
            }
            Step::Explain(question, stage) => explained(question, stage, world)?,
            Step::Command(line, answers) => self.command(line, answers, world)?,
            Step::Shape(option, value) => self.shape(option, value, world)?,
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
        if self.session.learns_from(saved) {
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
            self.to_place(|options| {
                write::carry_out(read, &options.output, &reason, world.clone())
            })?;
            return Ok(Then::Reopened);
        }
        if self.session.settings.file.is_none() {
            if std::mem::replace(&mut self.below, self.session.file.is_some()) {
                world.terminal.print(&Safe::clean("\n"))?;
            }
            self.to_place(|options| answered(&question, options, world))?;
            return Ok(Then::GoOn);
        }
        for query in &question.saved.queries {
            let queries = vec![query.clone()];
            let saved = crate::script::Saved { queries, ..question.saved.clone() };
            let one = Question { saved, ..question.clone() };
            self.to_place(|options| answered(&one, options, world))?;
        }
        Ok(Then::GoOn)
    }

    /// What would stand on a command line to have answers as the session wants them.
    fn options(&self) -> Vec<String> {
        let format = self.session.settings.format.map(|name| format!("--format={name}"));
        let table = self.session.settings.has_tables();
        format.into_iter().chain(self.shape_words(|_| table)).collect()
    }

    /// The same for an answer that says itself how it is to be written.
    fn again(&self, options: Vec<String>) -> Result<Vec<String>, Failure> {
        let is_chart = options.iter().any(|word| word == "--chart");
        let output = options::read(&options, &self.world)?.output;
        let table = is_chart || output.format().is_ok_and(|format| format.shaped);
        let fits = |of_charts: bool| table && (of_charts || !is_chart);
        Ok(self.shape_words(fits).chain(options).collect())
    }

    /// How answers are shaped. What is for tables is left out unless it `fits`, told whether it is for charts as well.
    fn shape_words(&self, fits: impl Fn(bool) -> bool) -> impl Iterator<Item = String> {
        let fits = move |option: &str| {
            let row = options::FOR_TABLES.iter().find(|(name, _)| *name == option);
            row.is_none_or(|(_, of_charts)| fits(*of_charts))
        };
        let shape = self.session.settings.shape.iter();
        shape
            .filter(move |(option, _)| fits(option))
            .map(|(option, value)| format!("{option}={value}"))
    }

    fn shape(
        &mut self,
        option: &'static str,
        value: String,
        world: &World<'_>,
    ) -> Result<(), Failure> {
        options::read(&[format!("{option}={value}")], world)?;
        let idle = options::FOR_TABLES.iter().any(|(name, _)| *name == option)
            && !self.session.settings.has_tables();
        let but = if idle { ", once answers are tables: `.format table`" } else { "" };
        world.terminal.remark(&format!("{} is {value}{but}", option.replace('-', "")));
        self.session.settings.shape.insert(option, value);
        Ok(())
    }

    /// Writes an answer to the screen, or behind what is in the file that was chosen.
    fn to_place(&self, write: impl FnOnce(&Options) -> Result<(), Failure>) -> Result<(), Failure> {
        let Some(file) = &self.session.settings.file else {
            return write(&options::read(&self.options(), &self.world)?);
        };
        let failed = |error| Failure::file("write", file, error);
        let draft = tempfile::NamedTempFile::new().map_err(failed)?.into_temp_path();
        write(&options::read(&self.options_for(file, &draft), &self.world)?)?;
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
        let own = ["-o".to_owned(), file.display().to_string()];
        let by_ending = options::read(&own, &self.world)
            .and_then(|options| options.output.format().map(|format| format.name));
        let format = by_ending.ok().or(self.session.settings.format).unwrap_or("table");
        [vec!["--format".to_owned(), format.to_owned()], draft.to_vec()].concat()
    }

    /// Begins a file for answers.
    fn output(&mut self, file: &Path, world: &World<'_>) -> Result<(), Failure> {
        stores::spare(file)?;
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
            let line = std::iter::once("dixit".to_owned()).chain(line);
            let Args { global, command } = options::command(line, world)?;
            commands::run(command, world.clone().with(global))
        };
        if answers == Answers::No {
            return run(line);
        }
        let rest = line.split_off(1);
        match &self.session.settings.file {
            None => run([line, self.options(), rest].concat()),
            Some(file) => self.to_place(|options| {
                let draft = options.output.output.clone().unwrap_or_default();
                run([line, self.options_for(file, &draft), rest].concat())
            }),
        }
    }

    fn open(&mut self, file: PathBuf, world: &World<'_>) -> Result<Then, Failure> {
        let path = world.clone().about(Some(file)).store()?;
        drop(world.open_at(&path)?);
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
        let name = Some(file.display().to_string());
        self.reading += 1;
        let before = std::mem::replace(&mut self.session.file, name);
        let outcome = self.take_all(&text, terminal);
        self.session.file = before;
        self.reading -= 1;
        outcome
    }

    /// Takes the commands and queries of a text one after the other, up to the first that fails or ends the shell.
    pub(super) fn take_all(&mut self, text: &str, terminal: &Terminal) -> Result<Then, Failure> {
        let mut then = Then::GoOn;
        self.below = false;
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

/// The commands and queries of a text: a line with a dot is a command where no query is under way. Each query has as many
/// empty lines in front as stand before it, so that its mistakes are told by their lines in the text.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut open) = (Vec::new(), String::new());
    let text = text.trim_start_matches('\u{feff}');
    for (at, line) in text.lines().enumerate() {
        let starts = session::command_in(line).is_some()
            && !lang::is_unfinished(&Source::inline(open.as_str()));
        if starts {
            pieces.extend(statements(&std::mem::replace(&mut open, "\n".repeat(at + 1))));
            pieces.push(line.to_owned());
        } else {
            open.push_str(line);
            open.push('\n');
        }
    }
    pieces.extend(statements(&open));
    pieces
}

fn statements(text: &str) -> Vec<String> {
    let source = Source::inline(text);
    let spans = lang::statements(&source).into_iter();
    let padded = |span: Span| {
        let (line, _) = source.line_column(span.start);
        format!("{}{}", "\n".repeat(line - 1), source.slice(span))
    };
    spans.map(padded).filter(|one| !one.trim().is_empty()).collect()
}

fn only_at_a_prompt(line: &str) -> Failure {
    Failure::Usage(Message::new(format!("`{}` works only at a prompt", line.trim())))
}

/// Shows that what a question declares makes sense in this store, whether it is used or not.
fn prove(question: &Question, world: &World<'_>) -> Result<(), Failure> {
    let store = world.open()?;
    let trial = Source::inline("return 1 as one");
    let Ok(script) = lang::parse(&trial) else { return Ok(()) };
    let Some(query) = script.queries.first() else { return Ok(()) };
    store.prepare(query, &question.source, &question.arguments).map(drop)
}

fn answered(question: &Question, options: &Options, world: &World<'_>) -> Result<(), Failure> {
    let Question { source, saved, arguments } = question;
    let Options { output, reasons } = options;
    let asked = Asked { source, queries: &saved.queries, arguments, reasons: reasons.clone() };
    answer(&asked, output, world)
}

fn explained(question: Question, stage: Option<Stage>, world: &World<'_>) -> Result<(), Failure> {
    explain::show(read_of(question), stage, world.clone())
}

fn read_of(question: Question) -> Read {
    let Question { source, saved, arguments } = question;
    Read { store: None, source, queries: saved.queries, arguments }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_commands_and_queries_that_keep_their_lines() {
        let text = ".timer off\nmatch (a)\n.name\n-- x\n; return 1;\n.quit\nreturn 2";
        let expected = [
            ".timer off",
            "\nmatch (a)\n.name\n-- x\n;",
            "\n\n\n\n return 1;",
            ".quit",
            "\n\n\n\n\n\nreturn 2\n",
        ];
        let found = pieces(text);
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}
