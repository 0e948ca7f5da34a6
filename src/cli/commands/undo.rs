//! `dixit undo N`: takes a change back, all of it or nothing.

use super::write::told;
use crate::cli::args::Undo;
use crate::cli::change::{self, Done, Reason};
use crate::cli::failure::Failure;
use crate::cli::world::World;

pub(super) fn run(args: &Undo, world: &World<'_>) -> Result<(), Failure> {
    let Undo { number, why, who, dry_run } = args;
    let reason = Reason { who: who.clone(), why: why.clone(), dry_run: *dry_run };
    change::need_why(&reason)?;
    let Done { number, counts, .. } = change::undo(&world.store()?, *number, &reason)?;
    world.terminal.remark(&told(&counts, number, *dry_run));
    Ok(())
}
