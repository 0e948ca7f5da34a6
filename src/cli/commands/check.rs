//! `dixit check`: proves that the store keeps its rules.

use crate::base::clean::Safe;
use crate::cli::failure::Failure;
use crate::cli::world::World;

pub(super) fn run(world: &World<'_>) -> Result<(), Failure> {
    let path = world.store()?;
    let wrong = world.open_at(&path)?.check()?;
    if wrong.is_empty() {
        world.terminal.remark(&format!("{} keeps every rule", path.display()));
        return Ok(());
    }
    for line in wrong {
        world.terminal.print(&Safe::clean(&format!("{line}\n")))?;
    }
    Err(Failure::Check)
}
