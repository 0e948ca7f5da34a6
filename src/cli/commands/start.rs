//! `dixit` alone: the shell, where there is a store and somebody sits at a terminal; else what to do next.

use crate::base::clean::Safe;
use crate::cli::engine::Store;
use crate::cli::failure::Failure;
use crate::cli::shell;
use crate::cli::stores;
use crate::cli::world::World;

const FIRST: &str = "\
There is no store in this folder yet.

  dixit demo                 makes geneva.dixit, a small store to try
  dixit new-sheet            makes an empty coding sheet, with a guide
  dixit init FILE            makes an empty store
  dixit import PATH…         adds coded data to it

`dixit help first-hour` leads you through, `dixit --help` lists every command.
";

/// Of a store that has claims.
const OF_CLAIMS: &str =
    "  dixit query \"match (a:Actor)-[s:said]->(c:Claim) return a.name, s.act, c.text\"
  dixit queries              lists the saved questions
  dixit run NAME             asks one of them
";
/// Of a store that has only kinds of the user's own.
const OF_OTHERS: &str = "  dixit query \"match (x) return kind(x), count(*)\"\n";
/// Of a store that has no kinds yet.
const OF_NONE: &str = "  dixit schema apply FILE    declares kinds and edges
  dixit import FILE --infer  takes in a graph and declares what is in it
";
const NEXT: &str = "  dixit shell                asks at a prompt
  dixit schema               shows what there is to ask about
  dixit stats                shows in figures what it holds

`dixit help first-hour` leads you through, `dixit --help` lists every command.
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
    let store = world.folder.join(first);
    let catalogue = Store::open(&store, world.timeout).and_then(|store| store.catalogue());
    let (what, first_steps) = match catalogue {
        Ok(catalogue) if catalogue.kinds.is_empty() => ("It has no kinds yet", OF_NONE),
        Ok(catalogue) if !catalogue.graph.claims => ("Ask it something", OF_OTHERS),
        Ok(_) | Err(_) => ("Ask it something", OF_CLAIMS),
    };
    let name = first.to_string_lossy();
    let text = format!("Here is {name}{others}. {what}:\n\n{first_steps}{NEXT}");
    world.terminal.print(&Safe::clean(&text))
}
