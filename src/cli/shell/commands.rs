//! The commands that begin with a dot: one row each. A row says what it takes and what it is for; its function makes of
//! that what the shell is to do.

use super::acts;
use super::session::{Session, Step};
use crate::base::closest::closest;
use crate::cli::failure::{Failure, Message};
use crate::cli::words;

/// A command.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// What other shells call it.
    pub(super) aliases: &'static [&'static str],
    /// What it takes, as help shows it.
    pub(super) takes: &'static str,
    /// What it is for, short enough for the list of all.
    pub(super) about: &'static str,
    /// The rest of what is worth saying.
    pub(super) more: &'static str,
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
    Chart,
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
        about: "what the commands do; `.help language` the language",
        more: "Also a topic: `.help functions`, `.help exit-codes`.",
        example: ".help param",
        wants: Wants::Command,
        does: |_, rest| Ok(acts::help(rest)),
    },
    Command {
        name: "schema",
        aliases: &["tables", "describe"],
        takes: "[NAME]",
        about: "what there is to ask about",
        more: "Kinds, edges, properties, vocabularies and terms; with a name, all about it.",
        example: ".schema Statement",
        wants: Wants::Schema,
        does: |_, rest| acts::command("schema", rest),
    },
    Command {
        name: "queries",
        aliases: &[],
        takes: "[WORD]",
        about: "the saved questions",
        more: "",
        example: ".queries",
        wants: Wants::Nothing,
        does: |_, rest| acts::command("queries", rest),
    },
    Command {
        name: "run",
        aliases: &[],
        takes: "NAME [--FLAG VALUE…]",
        about: "asks a saved question; `--help` explains it",
        more: "Its parameters are flags; those given with `.param` count where no flag says otherwise.",
        example: ".run what-did-they-say --speaker Pigott",
        wants: Wants::SavedQuery,
        does: |_, rest| acts::command("run", rest),
    },
    Command {
        name: "explain",
        aliases: &[],
        takes: "[STAGE] [QUERY]",
        about: "how a question, or the last, is understood",
        more: "The stages are ast, meaning, plan, sql and sqlite.",
        example: ".explain sql match (a:Actor) return a.name",
        wants: Wants::Query,
        does: acts::explain,
    },
    Command {
        name: "param",
        aliases: &["parameter", "params"],
        takes: "[NAME VALUE]",
        about: "gives $NAME a value, or forgets it",
        more: "It counts in every question that uses $NAME; `.param -d NAME` forgets it. Alone, it lists what is remembered; a typed line such as `param $since: date = 2025-11-01` gives it a type.",
        example: ".param since 2025-11-01",
        wants: Wants::Parameter,
        does: acts::param,
    },
    Command {
        name: "definitions",
        aliases: &["defs"],
        takes: "[-d NAME]",
        about: "what you have defined here, or forgets it",
        more: "A typed line such as `define is_old(s: Statement) as s.date < 2025-11-20` is remembered.",
        example: ".definitions -d is_old",
        wants: Wants::Nothing,
        does: acts::definitions,
    },
    Command {
        name: "format",
        aliases: &["mode"],
        takes: "[FORMAT]",
        about: "how answers are written",
        more: "The same as --format on the command line. Alone, it tells which one holds.",
        example: ".format csv",
        wants: Wants::Format,
        does: acts::choose_format,
    },
    Command {
        name: "expanded",
        aliases: &["x"],
        takes: "on|off|auto",
        about: "whether each row becomes a record",
        more: "A record shows one property a line. At the start it is auto: where a table would squeeze its text.",
        example: ".expanded on",
        wants: Wants::OnOff,
        does: |session, rest| Ok(acts::shape("--expanded", session, rest)),
    },
    Command {
        name: "maxrows",
        aliases: &["limit"],
        takes: "NUMBER|all",
        about: "how many rows are shown",
        more: "The rest is counted and told. As --max-rows.",
        example: ".maxrows all",
        wants: Wants::Nothing,
        does: |session, rest| Ok(acts::shape("--max-rows", session, rest)),
    },
    Command {
        name: "width",
        aliases: &[],
        takes: "CELLS|full",
        about: "how wide tables and charts are",
        more: "At the start, as wide as the screen. As --width.",
        example: ".width full",
        wants: Wants::Nothing,
        does: |session, rest| Ok(acts::shape("--width", session, rest)),
    },
    Command {
        name: "output",
        aliases: &[],
        takes: "[FILE]",
        about: "writes answers to a file, or again to the screen",
        more: "The file begins empty; each answer is added to it, in the format its ending tells.",
        example: ".output answers.csv",
        wants: Wants::File,
        does: acts::output,
    },
    Command {
        name: "save",
        aliases: &[],
        takes: "FILE",
        about: "asks the last question again, into a file",
        more: "The file's ending tells the format.",
        example: ".save answer.csv",
        wants: Wants::File,
        does: acts::save,
    },
    Command {
        name: "evidence",
        aliases: &["rests"],
        takes: "",
        about: "what each row of the last answer rests on",
        more: "Who said it, who tells of it, where it was read; of an empty answer, what left no row. As --why.",
        example: ".evidence",
        wants: Wants::Nothing,
        does: |session, rest| {
            acts::nothing_behind("evidence", rest)?;
            acts::again(session, &["--why"])
        },
    },
    Command {
        name: "cite",
        aliases: &["sources"],
        takes: "",
        about: "the last answer with its sources",
        more: "Each row gets the keys of its sources, which are listed below. As --cite.",
        example: ".cite",
        wants: Wants::Nothing,
        does: |session, rest| {
            acts::nothing_behind("cite", rest)?;
            acts::again(session, &["--cite"])
        },
    },
    Command {
        name: "chart",
        aliases: &[],
        takes: "CHART [FILE]",
        about: "draws the last answer as a chart",
        more: "The charts are bar, line, timeline and heatmap; a file that ends in svg or png gets a picture.",
        example: ".chart bar",
        wants: Wants::Chart,
        does: |session, rest| acts::chart(session, rest),
    },
    Command {
        name: "graph",
        aliases: &[],
        takes: "FILE",
        about: "draws what the last question found",
        more: "It returns paths, edges or nodes. WHAT is as for `dixit graph`: `.graph disputes -o who.svg`.",
        example: ".graph found.svg",
        wants: Wants::File,
        does: |session, rest| acts::picture("graph", session, rest),
    },
    Command {
        name: "timeline",
        aliases: &[],
        takes: "FILE",
        about: "draws when the statements found were made",
        more: "They are those of the last question. WHAT is as for `dixit timeline`: `.timeline --actor Rubio -o r.svg`.",
        example: ".timeline found.html",
        wants: Wants::File,
        does: |session, rest| acts::picture("timeline", session, rest),
    },
    Command {
        name: "timer",
        aliases: &[],
        takes: "on|off",
        about: "whether to say how long an answer took",
        more: "",
        example: ".timer off",
        wants: Wants::OnOff,
        does: |session, rest| acts::switch("timer", rest, &mut session.settings.timer),
    },
    Command {
        name: "write",
        aliases: &[],
        takes: "on|off",
        about: "whether queries may change the store",
        more: "It is off at the start. Then a query that inserts, sets, removes or deletes is carried out at once.",
        example: ".write on",
        wants: Wants::OnOff,
        does: |session, rest| acts::switch("write", rest, &mut session.settings.write),
    },
    Command {
        name: "why",
        aliases: &[],
        takes: "[TEXT]",
        about: "the reason for the changes that follow",
        more: "The log keeps it. It holds until you say another.",
        example: ".why names as in the protocol",
        wants: Wants::Nothing,
        does: |session, rest| Ok(acts::why(session, rest)),
    },
    Command {
        name: "log",
        aliases: &[],
        takes: "[KEY]",
        about: "who changed what, when and why",
        more: "With a key or a name, what became of that node.",
        example: ".log marco-rubio",
        wants: Wants::Nothing,
        does: |_, rest| acts::command("log", rest),
    },
    Command {
        name: "open",
        aliases: &[],
        takes: "FILE",
        about: "goes on with another store",
        more: "Parameters, definitions and settings stay.",
        example: ".open talks.dixit",
        wants: Wants::File,
        does: |_, rest| acts::one_file("open", rest).map(Step::Open),
    },
    Command {
        name: "read",
        aliases: &[],
        takes: "FILE",
        about: "takes questions and commands from a file",
        more: "It ends at the first mistake.",
        example: ".read mine.dixit",
        wants: Wants::File,
        does: |_, rest| acts::one_file("read", rest).map(Step::Read),
    },
    Command {
        name: "edit",
        aliases: &["e"],
        takes: "",
        about: "what you typed last, in your editor",
        more: "The editor is $VISUAL, $EDITOR or vi, parted at blanks outside quotes; what you leave there comes back to the prompt.",
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
        about: "what you typed before",
        more: "The last 20, or as many as you say; Ctrl-R searches all of it.",
        example: ".history 50",
        wants: Wants::Nothing,
        does: acts::history,
    },
    Command {
        name: "quit",
        aliases: &["exit", "q"],
        takes: "",
        about: "leaves; so does Ctrl-D",
        more: "",
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
    words::words(text)
        .map_err(|open| Failure::Usage(Message::new(format!("the {open} is never closed"))))
}

fn unknown(name: &str) -> Failure {
    let near = closest(name, COMMANDS.iter().map(|one| one.name)).map(|near| format!(".{near}"));
    let message = Message::new(format!("there is no command `.{name}`"));
    Failure::Usage(message.meant(near.as_deref(), "`.help` lists the commands"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_commands_fits_an_old_terminal_and_names_each_once() {
        let mut names: Vec<&str> = Vec::new();
        for one in COMMANDS {
            let head = one.name.chars().count() + one.takes.chars().count() + 2;
            assert!(head <= 26 && one.about.chars().count() <= 52, "{}", one.name);
            assert!(one.example.starts_with(&format!(".{}", one.name)), "{}", one.example);
            names.extend(one.aliases.iter().chain([&one.name]));
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
