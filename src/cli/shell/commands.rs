//! The commands that begin with a dot: one row each. A row says what it takes and what it is for; its function makes of
//! that what the shell is to do.

use super::acts;
use super::session::{Session, Step};
use crate::base::closest::closest;
use crate::cli::failure::{Failure, Message};

/// A command.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// What other shells call it.
    pub(super) aliases: &'static [&'static str],
    /// What it takes, as help shows it.
    pub(super) takes: &'static str,
    pub(super) about: &'static str,
    /// A line that shows it at work.
    pub(super) example: &'static str,
    /// What may be completed behind it.
    pub(super) wants: Wants,
    pub(super) does: fn(&mut Session, &str) -> Result<Step, Failure>,
}

/// What stands behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Nothing,
    OnOff,
    Format,
    File,
    Command,
    SavedQuery,
    Schema,
    Parameter,
    Query,
}

/// Every command, in the order in which help shows them.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        aliases: &["h", "?"],
        takes: "[COMMAND]",
        about: "what the commands do, or more about one; `.help language` shows the language",
        example: ".help param",
        wants: Wants::Command,
        does: acts::help,
    },
    Command {
        name: "schema",
        aliases: &["tables", "describe"],
        takes: "[NAME]",
        about: "what there is to ask about: kinds, edges, properties, terms",
        example: ".schema Statement",
        wants: Wants::Schema,
        does: |_, rest| acts::command("schema", rest),
    },
    Command {
        name: "queries",
        aliases: &[],
        takes: "[WORD]",
        about: "the saved questions",
        example: ".queries",
        wants: Wants::Nothing,
        does: |_, rest| acts::command("queries", rest),
    },
    Command {
        name: "run",
        aliases: &[],
        takes: "NAME [--PARAMETER VALUE…]",
        about: "asks a saved question; `.run NAME --help` explains it",
        example: ".run what-did-they-say --speaker Pigott",
        wants: Wants::SavedQuery,
        does: |_, rest| acts::command("run", rest),
    },
    Command {
        name: "explain",
        aliases: &[],
        takes: "[STAGE] [QUERY]",
        about: "how a question is understood and answered; without one, the last",
        example: ".explain sql match (a:Actor) return a.name",
        wants: Wants::Query,
        does: acts::explain,
    },
    Command {
        name: "param",
        aliases: &["parameter", "params"],
        takes: "[NAME VALUE | -d NAME]",
        about: "gives $NAME a value for the questions that use it; `-d` forgets it",
        example: ".param since 2025-11-01",
        wants: Wants::Parameter,
        does: acts::param,
    },
    Command {
        name: "definitions",
        aliases: &["defs"],
        takes: "[-d NAME]",
        about: "what you have defined in this session; `-d` forgets it",
        example: ".definitions -d is_old",
        wants: Wants::Nothing,
        does: acts::definitions,
    },
    Command {
        name: "format",
        aliases: &["mode"],
        takes: "[FORMAT]",
        about: "how answers are written: table, csv, tsv, json, jsonl, markdown",
        example: ".format csv",
        wants: Wants::Format,
        does: acts::choose_format,
    },
    Command {
        name: "output",
        aliases: &[],
        takes: "[FILE]",
        about: "writes answers to a file; without one, to the screen again",
        example: ".output answers.csv",
        wants: Wants::File,
        does: acts::output,
    },
    Command {
        name: "save",
        aliases: &[],
        takes: "FILE",
        about: "asks the last question again and writes the answer to a file, as its ending says",
        example: ".save answer.csv",
        wants: Wants::File,
        does: acts::save,
    },
    Command {
        name: "timer",
        aliases: &[],
        takes: "on|off",
        about: "whether to say how long an answer took",
        example: ".timer off",
        wants: Wants::OnOff,
        does: |session, rest| acts::switch("timer", rest, &mut session.settings.timer),
    },
    Command {
        name: "write",
        aliases: &[],
        takes: "on|off",
        about: "whether queries may change the store; off at the start",
        example: ".write on",
        wants: Wants::OnOff,
        does: |session, rest| acts::switch("write", rest, &mut session.settings.write),
    },
    Command {
        name: "why",
        aliases: &[],
        takes: "[TEXT]",
        about: "the reason for the changes that follow, which the log keeps",
        example: ".why names as in the protocol",
        wants: Wants::Nothing,
        does: acts::why,
    },
    Command {
        name: "log",
        aliases: &[],
        takes: "[KEY]",
        about: "who changed what, when and why; with a key, what became of that node",
        example: ".log marco-rubio",
        wants: Wants::Nothing,
        does: |_, rest| acts::command("log", rest),
    },
    Command {
        name: "open",
        aliases: &[],
        takes: "FILE",
        about: "goes on with another store",
        example: ".open talks.dixit",
        wants: Wants::File,
        does: |_, rest| acts::one_file("open", rest).map(Step::Open),
    },
    Command {
        name: "read",
        aliases: &[],
        takes: "FILE",
        about: "takes queries and commands from a file, as if you had typed them",
        example: ".read mine.dixit",
        wants: Wants::File,
        does: |_, rest| acts::one_file("read", rest).map(Step::Read),
    },
    Command {
        name: "edit",
        aliases: &["e"],
        takes: "",
        about: "the last question in your editor ($VISUAL, $EDITOR)",
        example: ".edit",
        wants: Wants::Nothing,
        does: |session, rest| {
            acts::nothing_behind("edit", rest).map(|()| Step::Edit(session.typed.clone()))
        },
    },
    Command {
        name: "history",
        aliases: &[],
        takes: "[COUNT]",
        about: "what you typed, the last 20 of it or as many as you say; Ctrl-R searches",
        example: ".history 50",
        wants: Wants::Nothing,
        does: acts::history,
    },
    Command {
        name: "quit",
        aliases: &["exit", "q"],
        takes: "",
        about: "leaves; so does Ctrl-D",
        example: ".quit",
        wants: Wants::Nothing,
        does: |_, rest| acts::nothing_behind("quit", rest).map(|()| Step::End),
    },
];

/// Does what stands behind a dot.
pub(super) fn take(session: &mut Session, text: &str) -> Result<Step, Failure> {
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = name.trim_end_matches(';');
    let Some(command) = named(name) else { return Err(unknown(name)) };
    let rest = if command.wants == Wants::Query { rest } else { rest.trim_end_matches(';') };
    (command.does)(session, rest.trim())
}

/// The command of that name.
pub(super) fn named(name: &str) -> Option<&'static Command> {
    let wanted = name.to_lowercase();
    COMMANDS.iter().find(|one| one.name == wanted || one.aliases.contains(&wanted.as_str()))
}

/// The words of a line; what stands in quotes is one.
pub(super) fn words(text: &str) -> Result<Vec<String>, Failure> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    if let Some(open) = quote {
        return Err(Failure::Usage(Message::new(format!("the {open} is never closed"))));
    }
    words.extend(word);
    Ok(words)
}

fn unknown(name: &str) -> Failure {
    let near = closest(name, COMMANDS.iter().map(|one| one.name)).map(|near| format!(".{near}"));
    let message = Message::new(format!("there is no command `.{name}`"));
    Failure::Usage(message.meant(near.as_deref(), "`.help` lists the commands"))
}
