//! `dixit` alone: the shell, where there is a store and somebody sits at a terminal; else what to do next.

use crate::base::clean::Safe;
use crate::cli::failure::Failure;
use crate::cli::shell;
use crate::cli::stores;
use crate::cli::world::World;

const FIRST: &str = "\
There is no store in this folder yet.

  dixit demo                 makes geneva.dixit, a small store to try
  dixit init FILE            makes an empty store
  dixit import PATH…         adds coded data to it

`dixit --help` lists every command.
";

const NEXT: &str = "
  dixit query \"match (a:Actor)-[s:said]->(c:Claim) return a.name, s.act, c.text\"
  dixit queries              lists the saved questions
  dixit run NAME             asks one of them
  dixit shell                asks at a prompt
  dixit schema               shows what there is to ask about

`dixit --help` lists every command.
";

pub(super) fn run(world: &World<'_>) -> Result<(), Failure> {
    if world.terminal.is_interactive() && world.store().is_ok() {
        return shell::run(world);
    }
    let stores = stores::all_in(&world.folder);
    let Some(first) = stores.first().and_then(|path| path.file_name()) else {
        return world.terminal.print(&Safe::clean(FIRST));
    };
    let others = if stores.len() > 1 { " and others (choose with --db)" } else { "" };
    let text = format!("Here is {}{others}. Ask it something:\n{NEXT}", first.to_string_lossy());
    world.terminal.print(&Safe::clean(&text))
}
