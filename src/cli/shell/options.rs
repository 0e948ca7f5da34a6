//! What the settings of a session, and the words of a command, would say on a command line: read by the command line's own
//! parser, so that the shell has every option that `dixit query` has.

use crate::cli::args::{Args, Command};
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::parse;
use crate::cli::reasons::Reasons;
use crate::cli::settle;
use crate::cli::world::World;

/// What says nothing about an answer that is no table, and whether it says something about a chart.
pub(super) const FOR_TABLES: &[(&str, bool)] = &[("--expanded", false), ("--width", true)];

/// How an answer is wanted.
#[derive(Debug)]
pub(super) struct Options {
    pub(super) output: Output,
    pub(super) reasons: Reasons,
}

/// Reads options as `dixit query` would.
pub(super) fn read(words: &[String], world: &World<'_>) -> Result<Options, Failure> {
    let start = ["dixit", "query"].into_iter().map(str::to_owned);
    match command(start.chain(words.iter().cloned()), world)?.command {
        Some(Command::Query(query)) => Ok(Options { output: query.output, reasons: query.reasons }),
        _ => Err(Failure::Usage(Message::new("these are no options of an answer"))),
    }
}

/// Reads a whole command line, with what the user settled once for all.
pub(super) fn command(
    line: impl Iterator<Item = String>,
    world: &World<'_>,
) -> Result<Args, Failure> {
    let mut read = parse(line.map(Into::into).collect(), world.terminal)?;
    if let Some(command) = &mut read.command {
        settle::settle(command, &world.settings);
    }
    Ok(read)
}
