//! `dixit help [TOPIC]`: help for a command, or a topic of its own.

use clap::CommandFactory as _;

use crate::base::clean::Safe;
use crate::base::closest::closest;
use crate::cli::args::{Args, Help, fit};
use crate::cli::failure::{EXIT_CODES, Failure, Message};
use crate::cli::gallery;
use crate::cli::world::World;
use crate::meaning::functions::{self, AGGREGATES, Aggregate, Function, Takes};

type Topic = fn() -> String;

const TOPICS: &[(&str, Topic)] = &[
    ("exit-codes", exit_codes),
    ("functions", functions),
    ("language", language),
    ("messages", gallery::list),
];

pub(super) fn run(args: &Help, world: &World<'_>) -> Result<(), Failure> {
    let mut line = vec!["dixit"];
    if let Some(topic) = args.topic.as_deref() {
        if let Some((_, text)) = TOPICS.iter().find(|(name, _)| *name == topic) {
            return world.terminal.print(&Safe::clean(&text()));
        }
        match gallery::about(topic) {
            Some(Ok(text)) => return world.terminal.print(&Safe::clean(&text)),
            Some(Err(near)) => {
                let message = Message::new(format!("there is no message with the code `{topic}`"));
                let next = "`dixit help messages` lists every code";
                return Err(Failure::Usage(message.meant(near, next)));
            }
            None => {}
        }
        if Args::command().find_subcommand(topic).is_none() {
            return Err(unknown(topic));
        }
        line.push(topic);
    }
    line.push("--help");
    match fit(Args::command(), world.terminal, &[]).try_get_matches_from(line) {
        Err(error) => Err(Failure::CommandLine { error, dirty: false }),
        Ok(_) => Ok(()),
    }
}

fn unknown(topic: &str) -> Failure {
    let command = Args::command();
    let commands = command.get_subcommands().map(clap::Command::get_name);
    let known: Vec<&str> = commands.chain(TOPICS.iter().map(|(name, _)| *name)).collect();
    let message = Message::new(format!("there is no help on `{topic}`"));
    Failure::Usage(message.meant(closest(topic, known), "`dixit --help` lists every command"))
}

/// Every function and aggregate, with what it takes and what it is for.
fn functions() -> String {
    let mut text = "Functions of the language; a part in brackets may be left out:\n\n".to_owned();
    for Function { name, aliases, takes, optional, repeats, doc, gives: _, means: _ } in
        functions::all()
    {
        let repeats = if *repeats { ", …" } else { "" };
        text += &function_line(
            &format!("{name}({}{repeats})", arguments(takes, *optional)),
            aliases,
            doc,
        );
    }
    text += "\nAggregates, one value for each group; `distinct` may stand before the argument:\n\n";
    for Aggregate { name, aliases, takes, optional, doc, gives: _, sql: _ } in AGGREGATES {
        text += &function_line(&format!("{name}({})", arguments(takes, *optional)), aliases, doc);
    }
    text
}

fn function_line(call: &str, aliases: &[&str], doc: &str) -> String {
    let also =
        if aliases.is_empty() { String::new() } else { format!(" (also {})", aliases.join(", ")) };
    format!("  {call:<34} {doc}{also}\n")
}

fn arguments(takes: &[Takes], optional: usize) -> String {
    let needed = takes.len() - optional;
    let words: Vec<String> = takes
        .iter()
        .enumerate()
        .map(
            |(at, takes)| {
                if at < needed { takes.word().to_owned() } else { format!("[{}]", takes.word()) }
            },
        )
        .collect();
    words.join(", ")
}

fn language() -> String {
    include_str!("../../../docs/language.txt").to_owned()
}

fn exit_codes() -> String {
    let line = |(code, meaning): &(u8, &str)| format!("{code:>5}  {meaning}\n");
    let lines: String = EXIT_CODES.iter().map(line).collect();
    format!(
        "The exit code of dixit:\n\n{lines}\nA closed pipe, as in `dixit queries | head`, is a quiet end with 0.\n"
    )
}
