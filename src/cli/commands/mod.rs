//! One file a command.

mod check;
mod config;
mod definitions;
mod demo;
mod explain;
mod fmt;
mod help;
mod import;
mod init;
mod log;
mod queries;
mod query;
mod run;
mod schema;
mod start;
mod topics;
mod undo;
mod write;

use super::args::Command;
use super::failure::Failure;
use super::world::World;

/// Does what a command says; without one, says what to do next.
pub(crate) fn run(command: Option<Command>, world: World<'_>) -> Result<(), Failure> {
    match command {
        None => start::run(&world),
        Some(Command::Demo) => demo::run(world),
        Some(Command::Init(args)) => init::run(&args, &world),
        Some(Command::Import(args)) => import::run(args, &world),
        Some(Command::Query(args)) => query::run(&args, world),
        Some(Command::Log(args)) => log::run(&args, world),
        Some(Command::Undo(args)) => undo::run(&args, world),
        Some(Command::Write(args)) => write::run(&args, world),
        Some(Command::Run(args)) => run::run(args, world),
        Some(Command::Queries(args)) => queries::run(&args, &world),
        Some(Command::Explain(args)) => explain::run(&args, world),
        Some(Command::Fmt(args)) => fmt::run(&args, &world),
        Some(Command::Schema(args)) => schema::run(&args, &world),
        Some(Command::Check) => check::run(&world),
        Some(Command::Config(args)) => config::run(&args, &world),
        Some(Command::Help(args)) => help::run(&args, &world),
    }
}
