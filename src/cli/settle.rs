//! What the settings say is put in where the command line says nothing. A new command tells here whether it has an output
//! or makes changes.

use super::args::{Command, Config, Only};
use super::settings::Settings;

/// Whether a command is of use where the settings are wrong: it helps to mend them.
pub(crate) fn needs_no_settings(command: Option<&Command>) -> bool {
    matches!(
        command,
        Some(Command::Help(_) | Command::Config(Config { only: Some(Only::Path), .. }))
    )
}

/// Fills in what the user settled once for all.
pub(crate) fn settle(command: &mut Command, settings: &Settings) {
    let (output, who) = match command {
        Command::Import(args) => (None, Some(&mut args.reason.who)),
        Command::Upgrade(args) => (None, Some(&mut args.who)),
        Command::Undo(args) => (None, Some(&mut args.reason.who)),
        Command::Write(args) => (Some(&mut args.output), Some(&mut args.reason.who)),
        Command::Check(args) => (Some(&mut args.output), None),
        Command::Duplicates(args) => (Some(&mut args.output), Some(&mut args.reason.who)),
        Command::Aliases(args) => (Some(&mut args.output), Some(&mut args.reason.who)),
        Command::Merge(args) => (Some(&mut args.output), Some(&mut args.reason.who)),
        Command::Query(args) => (Some(&mut args.output), None),
        Command::Log(args) => (Some(&mut args.output), None),
        Command::Diff(args) => (Some(&mut args.output), None),
        Command::Run(args) => (Some(&mut args.output), None),
        Command::Queries(args) => (Some(&mut args.output), None),
        Command::Test(args) => (Some(&mut args.output), None),
        Command::Schema(args) => (Some(&mut args.output), None),
        Command::Stats(args) => (Some(&mut args.output), None),
        Command::Config(args) => (Some(&mut args.output), None),
        Command::Demo
        | Command::Init(_)
        | Command::Export(_)
        | Command::NewSheet(_)
        | Command::Explain(_)
        | Command::Fmt(_)
        | Command::Backup(_)
        | Command::Timeline(_)
        | Command::Graph(_)
        | Command::Shell(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Help(_) => (None, None),
    };
    if let Some(output) = output {
        output.settle(settings);
    }
    if let Some(who) = who.filter(|who| who.is_none()) {
        who.clone_from(&settings.who);
    }
}
