//! `dixit completions SHELL`: the script that a shell loads to complete command lines of dixit.

use crate::base::clean::Safe;
use crate::cli::completions::{Completions, script};
use crate::cli::failure::Failure;
use crate::cli::world::World;

pub(super) fn run(args: &Completions, world: &World<'_>) -> Result<(), Failure> {
    world.terminal.print(&Safe::styled(script(args.shell)))
}
