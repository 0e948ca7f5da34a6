//! `dixit help [TOPIC]`: help for a command, or a topic of its own.

use clap::CommandFactory as _;

use super::topics::{TOPICS, Topic};
use crate::base::clean::Safe;
use crate::base::closest::closest;
use crate::cli::args::{Args, Help, fit};
use crate::cli::failure::{Failure, Message};
use crate::cli::gallery;
use crate::cli::page::Paper;
use crate::cli::world::World;

/// Lines of text are not longer, however wide the terminal.
const WIDEST: usize = 100;

pub(super) fn run(args: &Help, world: &World<'_>) -> Result<(), Failure> {
    let look = world.terminal.look();
    let width = look.width.unwrap_or(WIDEST).min(WIDEST);
    let Some(name) = args.topic.as_deref() else {
        return world.terminal.print(&Safe::styled(contents()));
    };
    let wanted = name.to_lowercase().replace('_', "-");
    let is_command = Args::command().find_subcommand(&wanted).is_some();
    if let Some(topic) = TOPICS.iter().find(|topic| topic.name == wanted) {
        let page = topic.page(Paper { width, colour: look.colour });
        let more = format!("\n`dixit {wanted} --help` lists the options of the command.\n");
        let page = if is_command { page + &more } else { page };
        let screen = world.screen();
        let printed = screen.print(&Safe::styled(page));
        screen.rest();
        return printed;
    }
    match gallery::about(&wanted) {
        Some(Ok(text)) => return world.terminal.print(&Safe::clean(&text)),
        Some(Err(near)) => {
            let message = Message::new(format!("there is no message with the code `{name}`"));
            let next = "`dixit help messages` lists every code";
            return Err(Failure::Usage(message.meant(near, next)));
        }
        None => {}
    }
    if !is_command {
        return Err(unknown(name));
    }
    let line = ["dixit", &wanted, "--help"];
    match fit(Args::command(), world.terminal, &[]).try_get_matches_from(line) {
        Err(error) => Err(Failure::CommandLine { error, dirty: false }),
        Ok(_) => Ok(()),
    }
}

/// What there is help on.
fn contents() -> String {
    let line = |name: &str, about: &str| format!("  {name:<14} {about}\n");
    let command = Args::command();
    let commands: String = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            line(command.get_name(), &about)
        })
        .collect();
    let topics: String = TOPICS.iter().map(|Topic { name, about, .. }| line(name, about)).collect();
    format!(
        "`dixit help TOPIC` explains a topic, `dixit help COMMAND` a command.\n\nTopics:\n{topics}\nCommands:\n{commands}"
    )
}

fn unknown(topic: &str) -> Failure {
    let command = Args::command();
    let commands = command.get_subcommands().map(clap::Command::get_name);
    let known: Vec<&str> = commands.chain(TOPICS.iter().map(|topic| topic.name)).collect();
    let message = Message::new(format!("there is no help on `{topic}`"));
    Failure::Usage(message.meant(closest(topic, known), "`dixit help` lists commands and topics"))
}
