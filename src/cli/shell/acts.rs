//! What the dot commands do: each reads what stands behind it and makes a step of it, or changes what the session holds.

use std::path::PathBuf;

use clap::ValueEnum as _;

use super::commands::{COMMANDS, Command, named, words};
use super::options::FOR_TABLES;
use super::session::{Answers, Question, Session, Step};
use crate::base::closest::closest;
use crate::cli::explain_args::Stage;
use crate::cli::failure::{Failure, Message};
use crate::format::{self, FORMATS};
use crate::lang;

fn usage(name: &str, what: String) -> Failure {
    let next = named(name).map(|one| format!("write `.{} {}`", one.name, one.takes));
    let message = Message::new(what);
    Failure::Usage(next.map_or(message.clone(), |next| message.next(next.trim_end())))
}

pub(super) fn nothing_behind(name: &str, rest: &str) -> Result<(), Failure> {
    if rest.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(Message::new(format!("`.{name}` takes nothing behind it"))))
}

pub(super) fn command(name: &str, rest: &str) -> Result<Step, Failure> {
    let line = [vec![name.to_owned()], words(rest)?].concat();
    Ok(Step::Command(line, Answers::Yes))
}

pub(super) fn one_file(name: &str, rest: &str) -> Result<PathBuf, Failure> {
    match words(rest)?.as_slice() {
        [file] => Ok(PathBuf::from(file)),
        [] => Err(usage(name, format!("`.{name}` needs a file"))),
        _ => Err(usage(name, "a name with blanks stands in quotes".to_owned())),
    }
}

/// Turns a switch on or off; alone, it tells how it is.
pub(super) fn switch(name: &str, rest: &str, switch: &mut bool) -> Result<Step, Failure> {
    *switch = match rest.to_lowercase().as_str() {
        "" => *switch,
        "on" | "yes" | "true" | "1" => true,
        "off" | "no" | "false" | "0" => false,
        other => return Err(usage(name, format!("`{other}` is neither on nor off"))),
    };
    Ok(Step::Say(format!("{name} is {}", if *switch { "on" } else { "off" })))
}

pub(super) fn help(rest: &str) -> Step {
    let name = rest.trim_start_matches('.');
    if name.is_empty() {
        let head = |one: &Command| format!(".{} {}", one.name, one.takes).trim_end().to_owned();
        let width = COMMANDS.iter().map(|one| head(one).chars().count()).max().unwrap_or(0);
        let line = |one: &Command| format!("{:width$}  {}\n", head(one), one.about);
        let keys = "\n`.help COMMAND` tells more. Tab completes, → takes the grey hint, ↑ and Ctrl-R bring\nback what you typed, Alt-Enter begins a new line, Ctrl-C stops, Ctrl-D leaves.\n";
        return Step::Print(COMMANDS.iter().map(line).collect::<String>() + keys);
    }
    let Some(one) = named(name) else {
        let line = vec!["help".to_owned(), name.to_owned()];
        return Step::Command(line, Answers::No);
    };
    let Command { name, aliases, takes, about, more, example, wants: _, does: _ } = one;
    let head = format!(".{name} {takes}");
    let also: Vec<String> = aliases.iter().map(|alias| format!(".{alias}")).collect();
    let also = if also.is_empty() { String::new() } else { format!("Also: {}\n", also.join(", ")) };
    let more = if more.is_empty() { String::new() } else { format!("{more}\n") };
    Step::Print(format!("{}  {about}\n{more}Example: {example}\n{also}", head.trim_end()))
}

pub(super) fn explain(session: &mut Session, rest: &str) -> Result<Step, Failure> {
    let (first, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (stage, text) = match Stage::from_str(first, true) {
        Ok(stage) => (Some(stage), behind.trim()),
        Err(_) => (None, rest),
    };
    let question = if text.is_empty() { last(session)? } else { session.understood(text)? };
    Ok(Step::Explain(question, stage))
}

fn last(session: &Session) -> Result<Question, Failure> {
    let nothing = || Failure::Usage(Message::new("nothing was asked yet in this session"));
    session.last.clone().ok_or_else(nothing)
}

pub(super) fn param(session: &mut Session, rest: &str) -> Result<Step, Failure> {
    if rest.is_empty() {
        let lines = session.parameters();
        if lines.is_empty() {
            let next = "no parameter has a value; `.param since 2025-11-01` gives $since one";
            return Ok(Step::Say(next.to_owned()));
        }
        return Ok(Step::Print(lines.join("\n") + "\n"));
    }
    let (name, value) =
        rest.split_once(|c: char| c.is_whitespace() || c == '=').unwrap_or((rest, ""));
    let value = value.trim().trim_start_matches('=').trim();
    if name == "-d" {
        let name = value.trim_start_matches('$');
        if session.forget_parameter(name) {
            return Ok(Step::Say(format!("${name} is forgotten")));
        }
        let near = session.parameter_names();
        let near = closest(name, near.iter().map(String::as_str)).map(|near| format!("${near}"));
        let message = Message::new(format!("there is no ${name} to forget"));
        return Err(Failure::Usage(message.meant(near.as_deref(), "`.param` lists them")));
    }
    let name = name.trim_start_matches('$');
    if value.is_empty() || !lang::is_parameter(name) {
        return Err(usage("param", format!("`.param {rest}` gives no parameter a value")));
    }
    let value = match words(value) {
        Ok(words) if words.len() == 1 => words.concat(),
        _ => value.to_owned(),
    };
    let told = format!("${name} = {value}");
    session.values.insert(name.to_owned(), value);
    Ok(Step::Say(told))
}

pub(super) fn definitions(session: &mut Session, rest: &str) -> Result<Step, Failure> {
    if let Some(name) = rest.strip_prefix("-d ").map(str::trim) {
        if session.forget_definition(name) {
            return Ok(Step::Say(format!("{name} is forgotten")));
        }
        let message = Message::new(format!("you have not defined `{name}` in this session"));
        return Err(Failure::Usage(message.next("`.definitions` lists what you have")));
    }
    nothing_behind("definitions", rest)?;
    let texts: Vec<String> =
        session.definitions().iter().map(|one| lang::definition_text(one) + "\n").collect();
    if texts.is_empty() {
        let next = "nothing is defined; try `define is_old(s: Statement) as s.date < 2025-11-20`";
        return Ok(Step::Say(next.to_owned()));
    }
    Ok(Step::Print(texts.concat()))
}

pub(super) fn choose_format(session: &mut Session, rest: &str) -> Result<Step, Failure> {
    if rest.is_empty() {
        let now = session.settings.format.unwrap_or(FORMATS[0].name);
        return Ok(Step::Say(format!("format is {now}; there are {}", format::names())));
    }
    let Some(found) = format::named(rest) else {
        let near = closest(rest, FORMATS.iter().map(|one| one.name));
        let message = Message::new(format!("there is no format `{rest}`"));
        let all = format!("the formats are {}", format::names());
        return Err(Failure::Usage(message.meant(near, &all)));
    };
    session.settings.format = Some(found.name);
    let shape = &session.settings.shape;
    let idle = FOR_TABLES.iter().filter(|(name, _)| !found.shaped && shape.contains_key(name));
    let idle: Vec<String> = idle.map(|(name, _)| name.replace("--", ".")).collect();
    let but = match idle.as_slice() {
        [] => String::new(),
        [one] => format!("; {one} is for tables and rests"),
        _ => format!("; {} are for tables and rest", idle.join(" and ")),
    };
    Ok(Step::Say(format!("format is {}{but}", found.name)))
}

/// An option of the command line that holds for the answers that follow; alone, it tells how it is.
pub(super) fn shape(option: &'static str, session: &Session, rest: &str) -> Step {
    if rest.is_empty() {
        let now = session.settings.shape.get(option).map_or("as usual", String::as_str);
        return Step::Say(format!("{} is {now}", option.replace('-', "")));
    }
    Step::Shape(option, rest.to_owned())
}

pub(super) fn output(session: &mut Session, rest: &str) -> Result<Step, Failure> {
    if matches!(rest, "" | "stdout" | "-") {
        let was = session.settings.file.take();
        let was = was.map(|file| format!("; {} is complete", file.display())).unwrap_or_default();
        return Ok(Step::Say(format!("answers go to the screen{was}")));
    }
    one_file("output", rest).map(Step::Into)
}

pub(super) fn save(session: &mut Session, rest: &str) -> Result<Step, Failure> {
    let file = one_file("save", rest)?.display().to_string();
    again(session, &["-o", &file])
}

/// Asks the last question again, with more options.
pub(super) fn again(session: &Session, options: &[&str]) -> Result<Step, Failure> {
    let question = last(session)?;
    if question.writes() {
        let message = Message::new("the last query changed the store; it is not done again");
        return Err(Failure::Usage(message.next("ask for what you want to see first")));
    }
    Ok(Step::Again(question, options.iter().map(|word| (*word).to_owned()).collect()))
}

/// A chart of the last question, on the screen or in a file.
pub(super) fn chart(session: &Session, rest: &str) -> Result<Step, Failure> {
    match words(rest)?.as_slice() {
        [kind] => again(session, &["--chart", kind]),
        [kind, file] => again(session, &["--chart", kind, "-o", file]),
        _ => Err(usage("chart", "`.chart` needs the name of a chart".to_owned())),
    }
}

/// A picture of the last question, where only a file is named; else what the words say.
pub(super) fn picture(name: &str, session: &Session, rest: &str) -> Result<Step, Failure> {
    let words = words(rest)?;
    let start = vec![name.to_owned()];
    let [file] = words.as_slice() else {
        return Ok(Step::Command([start, words].concat(), Answers::No));
    };
    if std::path::Path::new(file).extension().is_none() {
        return Err(usage(name, format!("{file} does not tell what to draw: svg, png or html")));
    }
    let question = last(session)?;
    let (text, values) = session.whole(&question);
    let given = values.into_iter().flat_map(|value| ["-p".to_owned(), value]);
    let output = ["-o".to_owned(), file.clone()].into_iter().chain(given);
    let line = start.into_iter().chain(output).chain(["--".to_owned(), text]).collect();
    Ok(Step::Command(line, Answers::No))
}

pub(super) fn why(session: &mut Session, rest: &str) -> Step {
    if !rest.is_empty() {
        session.settings.why = Some(unquoted(rest));
    }
    Step::Say(match &session.settings.why {
        Some(why) => format!("the reason for changes is: {why}"),
        None => {
            "no reason for changes is given yet; say it as in `.why names as in the protocol`. \
                 What an answer rests on is told by `.evidence`"
                .to_owned()
        }
    })
}

/// A text without the quotes around all of it.
fn unquoted(text: &str) -> String {
    match words(text) {
        Ok(words) if words.len() == 1 && text.starts_with(['\'', '"']) => words.concat(),
        _ => text.to_owned(),
    }
}

pub(super) fn history(_: &mut Session, rest: &str) -> Result<Step, Failure> {
    if rest.is_empty() {
        return Ok(Step::History(20));
    }
    let count = rest.parse();
    count.map(Step::History).map_err(|_| usage("history", format!("`{rest}` is no count")))
}
