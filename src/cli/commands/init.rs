//! `dixit init FILE`: an empty store.

use crate::cli::args::Init;
use crate::cli::engine;
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;

pub(super) fn run(args: &Init, world: &World<'_>) -> Result<(), Failure> {
    let Init { file, bare } = args;
    if file.exists() {
        let message = Message::new(format!("{} is there already", file.display()));
        return Err(Failure::Machine(message.next("choose another name; nothing was changed")));
    }
    engine::create(file, *bare)?;
    let next = if *bare { "schema apply" } else { "import" };
    let what = if *bare { "FILE" } else { "PATH" };
    world.terminal.remark(&format!("Made {}. Next: dixit {next} {what} --db {0}", file.display()));
    Ok(())
}
