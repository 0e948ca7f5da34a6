//! Why a command could not do what it was asked, how that is told, and the exit code it gives.

use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::path::Path;

use annotate_snippets::{Group, Level, Renderer};

use crate::base::clean::{self, Safe};
use crate::base::diagnostic::Diagnostics;
use crate::base::render::{Style, render};
use crate::base::source::Source;
use crate::format::Remark;

/// What every exit code means; `dixit help exit-codes` prints it.
pub(crate) const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done, also where nothing was found"),
    (1, "a check found something wrong"),
    (2, "the command line is wrong"),
    (3, "the question is wrong: its syntax, a name, a type, a parameter"),
    (4, "the data, the store or the machine does not allow it"),
    (130, "interrupted"),
];

/// A reason to stop.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A check found something wrong, and has said so.
    Check,
    /// The command line; also help and the version, which are answers.
    CommandLine {
        /// What the parser says.
        error: clap::Error,
        /// Whether the line contains what a terminal would obey.
        dirty: bool,
    },
    /// The command line, found wrong by ourselves.
    Usage(Message),
    /// Mistakes in a query.
    Question(Diagnostics, Source),
    /// A file that says how to read data has mistakes.
    Data(Diagnostics, Source),
    /// A name or a parameter that does not fit, outside a query's text.
    Name(Message),
    /// The data, the store or the machine.
    Machine(Message),
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// Nobody reads our output any more.
    ClosedPipe,
}

/// What is wrong and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    what: String,
    next: Option<String>,
}

impl Message {
    /// Only what is wrong.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None }
    }

    /// Adds what to do next.
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// What a format has to say about its work.
    pub(crate) fn of_remark(remark: Remark) -> Self {
        let Remark { what, next } = remark;
        Self { what, next: next.map(str::to_owned) }
    }

    /// Adds the name that was probably meant, or else something to do.
    pub(crate) fn meant(self, name: Option<&str>, otherwise: &str) -> Self {
        match name {
            Some(name) => self.next(format!("did you mean `{name}`?")),
            None => self.next(otherwise),
        }
    }
}

impl Failure {
    /// A file that cannot be read or written.
    pub(crate) fn file(doing: &str, path: &Path, error: impl Display) -> Self {
        let folder =
            path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        if let Some(folder) = folder {
            let message = format!(
                "cannot {doing} {}: the folder {} does not exist",
                path.display(),
                folder.display()
            );
            return Self::Machine(Message::new(message));
        }
        let error = error.to_string();
        let error = without_number(&error);
        Self::Machine(Message::new(format!("cannot {doing} {}: {error}", path.display())))
    }

    /// A result that cannot be written to stdout.
    #[expect(clippy::needless_pass_by_value, reason = "stands in `map_err`")]
    pub(crate) fn writing(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ClosedPipe;
        }
        let error = error.to_string();
        let error = without_number(&error);
        Self::Machine(Message::new(format!("cannot write the result: {error}")))
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Check => 1,
            Self::CommandLine { error, .. } => u8::try_from(error.exit_code()).unwrap_or(2),
            Self::Usage(_) => 2,
            Self::Question(..) | Self::Name(_) => 3,
            Self::Machine(_) | Self::Data(..) => 4,
            Self::Interrupted => 130,
        }
    }

    /// Whether it is what was asked for: help or the version.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(self, Self::CommandLine { error, .. } if !error.use_stderr())
    }

    /// What is wrong, in one line.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Check => "a check found something wrong".to_owned(),
            Self::ClosedPipe => "nobody reads the output".to_owned(),
            Self::Interrupted => "interrupted".to_owned(),
            Self::CommandLine { error, .. } => error.kind().to_string(),
            Self::Usage(message) | Self::Name(message) | Self::Machine(message) => {
                message.what.clone()
            }
            Self::Question(diagnostics, source) | Self::Data(diagnostics, source) => {
                let told = diagnostics.first().map(|first| first.message.clone());
                let place = diagnostics.first().and_then(|first| first.labels.first());
                let line = place.map(|label| line_of(label.span.start, source));
                told.unwrap_or_default() + &line.unwrap_or_default()
            }
        }
    }

    /// What to tell.
    pub(crate) fn text(&self, colour: bool, style: Style) -> Safe {
        match self {
            Self::Check | Self::ClosedPipe => Safe::clean(""),
            Self::Interrupted => Safe::clean("interrupted\n"),
            Self::CommandLine { error, dirty } => command_line(error, *dirty, colour),
            Self::Question(diagnostics, source) | Self::Data(diagnostics, source) => {
                render(diagnostics, source, style)
            }
            Self::Usage(message) | Self::Name(message) | Self::Machine(message) => {
                told(message, &Level::ERROR, colour)
            }
        }
    }
}

/// ` (line 3)`, or where the place is in a file that is used, ` (defs.dixit, line 3)`.
fn line_of(place: usize, source: &Source) -> String {
    let inside =
        |(begin, file): &(usize, &Source)| (*begin..=begin + file.text().len()).contains(&place);
    match source.used().find(inside) {
        Some((begin, file)) => {
            let name = file.name().map(|name| format!("{name}, ")).unwrap_or_default();
            format!(" ({name}line {})", file.line_column(place - begin).0)
        }
        None => format!(" (line {})", source.line_column(place).0),
    }
}

/// What the operating system says, without the number it has for it.
pub(crate) fn without_number(error: &str) -> &str {
    error.split_once(" (os error ").map_or(error, |(said, _)| said)
}

/// A remark that is no failure.
pub(crate) fn note(message: &Message, colour: bool) -> Safe {
    told(message, &Level::NOTE, colour)
}

fn told(message: &Message, level: &Level<'static>, colour: bool) -> Safe {
    let Message { what, next } = message;
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut groups = vec![Group::with_title(level.clone().primary_title(clean::block(what)))];
    if let Some(next) = next {
        groups.push(Group::with_title(Level::HELP.primary_title(clean::block(next))));
    }
    let parts: Vec<String> =
        groups.into_iter().map(|group| renderer.render(&[group]) + "\n").collect();
    Safe::styled(parts.concat())
}

/// The parser repeats what was typed, so it may be coloured only where that is harmless.
fn command_line(error: &clap::Error, dirty: bool, colour: bool) -> Safe {
    let text = error.render();
    match (dirty, colour) {
        (true, _) => Safe::clean(&text.ansi().to_string()),
        (false, true) => Safe::styled(text.ansi().to_string()),
        (false, false) => Safe::clean(&text.to_string()),
    }
}

/// Whether a command line contains what a terminal would obey or hide.
pub(crate) fn is_dirty(line: &[OsString]) -> bool {
    line.iter().any(|word| word.to_string_lossy().chars().any(clean::acts))
}
