//! The command line: arguments in, text and an exit code out. May use every other module; none uses it.

mod answer;
mod args;
mod arguments;
mod change;
mod clock;
mod colour;
mod commands;
mod engine;
mod failure;
mod gallery;
mod output;
mod stores;
mod terminal;
mod world;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use args::Args;
use failure::Failure;
use terminal::Terminal;
use world::World;

/// Does what the command line says, the program's name first.
pub fn run(line: Vec<OsString>) -> ExitCode {
    let terminal = Terminal::new(colour::chosen_in(&line));
    let outcome = parse(line, &terminal).and_then(|args| {
        let Args { global, command } = args;
        commands::run(command, World::new(&terminal, global))
    });
    terminal.finish(outcome)
}

fn parse(line: Vec<OsString>, terminal: &Terminal) -> Result<Args, Failure> {
    let dirty = failure::is_dirty(&line);
    let command = args::fit(Args::command(), terminal, &line);
    command
        .try_get_matches_from(line)
        .and_then(|matches| Args::from_arg_matches(&matches))
        .map_err(|error| Failure::CommandLine { error, dirty })
}
