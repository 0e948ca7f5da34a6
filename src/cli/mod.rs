//! The command line: arguments in, text and an exit code out. May use every other module; none uses it.

mod answer;
mod args;
mod arguments;
mod bibliography;
mod change;
mod clock;
mod colour;
mod columns;
mod commands;
mod completions;
mod config;
mod drawing;
mod engine;
mod evidence;
mod examples;
mod explain_args;
mod export;
mod failure;
mod files;
mod gallery;
mod history;
mod identity;
mod identity_args;
mod names;
mod output;
mod page;
mod page_words;
mod pager;
mod picture;
mod picture_args;
mod reasons;
mod reference;
mod saved;
mod saved_args;
mod settings;
mod settle;
mod shape;
mod shell;
mod special;
mod standard;
mod stores;
mod terminal;
mod words;
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
    let (settings, wrong) = settings::read(&line);
    let terminal = Terminal::new(colour::chosen_in(&line).unwrap_or(settings.color));
    if completions::answered(&line, &settings, &terminal).is_some() {
        return ExitCode::SUCCESS;
    }
    let outcome = parse(line, &terminal).and_then(|args| {
        let Args { global, mut command } = args;
        if let Some(wrong) = wrong.filter(|_| !settle::needs_no_settings(command.as_ref())) {
            return Err(wrong);
        }
        if let Some(command) = &mut command {
            settle::settle(command, &settings);
        }
        commands::run(command, World::new(&terminal, global, settings))
    });
    terminal.finish(outcome)
}

/// Reads a command line.
pub(crate) fn parse(line: Vec<OsString>, terminal: &Terminal) -> Result<Args, Failure> {
    let dirty = failure::is_dirty(&line);
    let command = args::fit(Args::command(), terminal, &line);
    command
        .try_get_matches_from(line)
        .and_then(|matches| Args::from_arg_matches(&matches))
        .map_err(|error| Failure::CommandLine { error, dirty })
}
