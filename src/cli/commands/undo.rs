//! `dixit undo N`: takes a change back, all of it or nothing.

use std::path::{Path, PathBuf};

use super::write::told;
use crate::cli::args::Undo;
use crate::cli::change::{self, Done};
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;

pub(super) fn run(args: &Undo, world: World<'_>) -> Result<(), Failure> {
    let Undo { words, reason } = args;
    if let [one, other] = words.as_slice()
        && [one, other].iter().all(|word| word.parse::<i64>().is_ok())
        && !Path::new(one).exists()
    {
        let message = Message::new("changes are undone one at a time");
        let next = "undo the later one first, each with a line of its own";
        return Err(Failure::Usage(message.next(next)));
    }
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
