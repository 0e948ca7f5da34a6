//! One file a command.

mod aliases;
mod backup;
mod check;
mod completions;
mod config;
mod definitions;
mod demo;
mod diff;
mod duplicates;
pub(super) mod explain;
mod export;
mod fmt;
pub(super) mod graph;
mod help;
mod import;
mod init;
mod log;
pub(super) mod man;
mod merge;
mod new_sheet;
mod queries;
pub(super) mod query;
pub(super) mod run;
mod schema;
mod start;
mod stats;
mod test;
mod timeline;
pub(super) mod topics;
mod undo;
mod upgrade;
pub(super) mod write;

use super::args::Command;
use super::failure::Failure;
use super::shell;
use super::world::World;

/// Does what a command says; without one, says what to do next.
pub(crate) fn run(command: Option<Command>, world: World<'_>) -> Result<(), Failure> {
    match command {
        None => start::run(&world),
        Some(Command::Demo) => demo::run(world),
        Some(Command::Init(args)) => init::run(&args, &world),
        Some(Command::Import(args)) => import::run(args, &world),
        Some(Command::Export(args)) => export::run(&args, world),
        Some(Command::NewSheet(args)) => new_sheet::run(&args, &world),
        Some(Command::Query(args)) => query::run(&args, world),
        Some(Command::Log(args)) => log::run(&args, world),
        Some(Command::Diff(args)) => diff::run(&args, &world),
        Some(Command::Undo(args)) => undo::run(&args, world),
        Some(Command::Write(args)) => write::run(&args, world),
        Some(Command::Run(args)) => run::run(args, world),
        Some(Command::Shell(args)) => shell::run(&world.about(args.store)),
        Some(Command::Queries(args)) => queries::run(&args, &world),
        Some(Command::Test(args)) => test::run(&args, &world),
        Some(Command::Explain(args)) => explain::run(&args, world),
        Some(Command::Fmt(args)) => fmt::run(&args, &world),
        Some(Command::Schema(args)) => schema::run(&args, &world),
        Some(Command::Timeline(args)) => timeline::run(&args, &world),
        Some(Command::Graph(args)) => graph::run(&args, &world),
        Some(Command::Stats(args)) => stats::run(args, world),
        Some(Command::Aliases(args)) => aliases::run(&args, &world),
        Some(Command::Merge(args)) => merge::run(&args, &world),
        Some(Command::Duplicates(args)) => duplicates::run(&args, &world),
        Some(Command::Check(args)) => check::run(&args, &world),
        Some(Command::Backup(args)) => backup::run(&args, &world),
        Some(Command::Upgrade(args)) => upgrade::run(args, world),
        Some(Command::Config(args)) => config::run(&args, &world),
        Some(Command::Completions(args)) => completions::run(&args, &world),
        Some(Command::Man(args)) => man::run(&args, &world),
        Some(Command::Help(args)) => help::run(&args, &world),
    }
}
