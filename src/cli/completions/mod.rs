//! Completion in other shells: the script that a shell loads, and what is answered when that script asks. Nothing is
//! written, and whatever goes wrong is a quiet end without candidates.

mod bash;
pub(super) mod values;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, Command, CommandFactory as _};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Zsh};

use super::args::{Args, Global};
use super::commands::run;
use super::saved;
use super::settings::Settings;
use super::terminal::Terminal;
use super::world::World;
use crate::base::clean::{self, Safe};
use crate::script::library::{Found, Library};
use bash::Bash;
use values::{VALUES, Values};

/// The variable by which a script asks.
const VARIABLE: &str = "DIXIT_COMPLETE";

/// `dixit completions`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// The shells that can be completed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shell {
    /// The GNU shell
    Bash,
    /// The Z shell
    Zsh,
    /// The friendly interactive shell
    Fish,
    /// `PowerShell`, on any system
    Powershell,
    /// The Elvish shell
    Elvish,
}

impl Shell {
    fn completer(self) -> &'static dyn EnvCompleter {
        match self {
            Self::Bash => &Bash,
            Self::Zsh => &Zsh,
            Self::Fish => &Fish,
            Self::Powershell => &Powershell,
            Self::Elvish => &Elvish,
        }
    }

    fn named(name: &OsStr) -> Option<Self> {
        let all = [Self::Bash, Self::Zsh, Self::Fish, Self::Powershell, Self::Elvish];
        all.into_iter().find(|shell| name.to_str().is_some_and(|name| shell.completer().is(name)))
    }
}

/// The script that makes a shell ask.
pub(crate) fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    let made =
        shell.completer().write_registration(VARIABLE, "dixit", "dixit", "dixit", &mut script);
    made.ok().and_then(|()| String::from_utf8(script).ok()).unwrap_or_default()
}

/// Answers a shell that asks what may come next; nothing where none does.
pub(super) fn answered(line: &[OsString], settings: &Settings, terminal: &Terminal) -> Option<()> {
    let shell = Shell::named(&std::env::var_os(VARIABLE)?)?;
    let escape = line.iter().position(|word| word == "--")?;
    let words = line.get(escape + 1..)?.to_vec();
    let mut command = command(&Around::new(&words, settings, terminal), &words);
    let mut out = Vec::new();
    let folder = std::env::current_dir().ok();
    let found = shell.completer().write_complete(&mut command, words, folder.as_deref(), &mut out);
    if let (Ok(()), Ok(text)) = (found, String::from_utf8(out)) {
        // A shell that went away needs no answer.
        drop(terminal.print(&Safe::styled(text)));
    }
    Some(())
}

/// What candidates are taken from.
pub(super) struct Around {
    store: Option<PathBuf>,
    library: Library,
}

impl Around {
    fn new(words: &[OsString], settings: &Settings, terminal: &Terminal) -> Arc<Self> {
        let global = Global { db: named_store(words), ..Global::default() };
        let world = World::new(terminal, global, settings.clone());
        Arc::new(Self { store: world.store().ok(), library: world.library })
    }
}

/// The store that a line names, finished or not.
fn named_store(words: &[OsString]) -> Option<PathBuf> {
    let behind = words.iter().zip(words.iter().skip(1)).find(|(word, _)| *word == "--db");
    let inside = || words.iter().find_map(|word| word.to_str()?.strip_prefix("--db="));
    behind.map(|(_, path)| PathBuf::from(path)).or_else(|| inside().map(PathBuf::from))
}

/// The command line with what its values may be.
fn command(around: &Arc<Around>, words: &[OsString]) -> Command {
    let mut command = valued("", Args::command(), around);
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in &names {
        command = command.mut_subcommand(name, |command| valued(name, command, around));
    }
    // The saved questions are read only where one of them is wanted, and only that one if it is named already.
    if let Some(at) = words.iter().position(|word| word == "run") {
        let behind = words.get(at + 1..).unwrap_or_default();
        let chosen = behind.split_last().and_then(|(_, before)| before.first());
        let wanted = match chosen.and_then(|name| name.to_str()) {
            Some(name) => around.library.find(name).into_iter().collect(),
            None => around.library.beginning(begun(behind)),
        };
        command = command.mut_subcommand("run", |run| with_saved(&run, wanted, around));
    }
    command
}

/// What is there of the name of a saved question; nothing of one in quotes, which each shell reads in its own way.
fn begun(words: &[OsString]) -> &str {
    let begun = words.first().and_then(|word| word.to_str()).unwrap_or_default();
    if begun.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)) { begun } else { "" }
}

/// A command whose arguments know their values.
fn valued(name: &str, command: Command, around: &Arc<Around>) -> Command {
    command.mut_args(|arg| {
        let is_it = |(command, id, _): &&(&str, &str, Values)| {
            (command.is_empty() || *command == name) && arg.get_id() == id
        };
        match VALUES.iter().find(is_it) {
            Some((_, _, values)) => with_values(arg, around, *values),
            None => arg,
        }
    })
}

fn with_values(
    arg: Arg,
    around: &Arc<Around>,
    values: impl Fn(&Around, &str) -> Vec<(String, String)> + Send + Sync + 'static,
) -> Arg {
    let around = Arc::clone(around);
    arg.add(ArgValueCompleter::new(move |begun: &OsStr| {
        let begun = begun.to_str().unwrap_or_default();
        values(&around, begun).into_iter().filter_map(candidate).collect::<Vec<_>>()
    }))
}

/// A value with its help; nothing where it holds what acts on a terminal.
fn candidate((value, help): (String, String)) -> Option<CompletionCandidate> {
    let help = (!help.is_empty()).then(|| clean::line(&help).into_owned().into());
    is_plain(&value).then(|| CompletionCandidate::new(value).help(help))
}

fn is_plain(text: &str) -> bool {
    !text.chars().any(clean::acts)
}

/// `dixit run` with a command for each of these questions.
fn with_saved(run: &Command, wanted: Vec<Found>, around: &Arc<Around>) -> Command {
    let about = run.get_about().cloned().unwrap_or_default();
    let saved = wanted.into_iter().filter(|found| is_plain(&found.name));
    let commands = saved.filter_map(|found| {
        let name = found.name.clone();
        let (saved, source) = saved::read_found(found, &around.library).ok()?;
        let about = clean::line(&saved.question).into_owned();
        let mut command = valued("run", run::command(&name, &saved, "", &[]), around);
        let asked = Arc::new((saved, source));
        for parameter in run::flags(&asked.0) {
            let (asked, parameter) = (Arc::clone(&asked), parameter.clone());
            command = command.mut_arg(run::id(&parameter), |arg| {
                with_values(arg, around, move |around, begun| {
                    let store = values::store(around);
                    let asked = (&asked.0, &asked.1);
                    values::of_parameter(store.as_ref(), asked, &parameter, begun)
                })
            });
        }
        Some(command.name(name).about(about))
    });
    Command::new("run").about(about).subcommands(commands)
}
