//! `dixit undo N`: takes a change back, all of it or nothing.

use std::path::PathBuf;

use super::write::told;
use crate::cli::args::Undo;
use crate::cli::change::{self, Done};
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;

pub(super) fn run(args: &Undo, world: World<'_>) -> Result<(), Failure> {
    let Undo { words, reason } = args;
    let (store, number) = match words.as_slice() {
        [store, number, ..] => (Some(PathBuf::from(store)), number.as_str()),
        [number] => (None, number.as_str()),
        [] => (None, ""),
    };
    let Ok(number) = number.parse() else {
        let message = Message::new(format!("'{number}' is not the number of a change"));
        return Err(Failure::Usage(message.next("`dixit log` lists the changes")));
    };
    let world = world.about(store);
    change::need_why(reason)?;
    let Done { number, counts, .. } = change::undo(&world.store()?, number, reason)?;
    world.terminal.remark(&told(&counts, number, reason.dry_run));
    Ok(())
}
