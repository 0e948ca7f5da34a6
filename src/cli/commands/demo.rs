//! `dixit demo`: a small store to try, and four answers from it.

use std::path::{Path, PathBuf};

use crate::base::clean::Safe;
use crate::cli::answer::{Asked, answer};
use crate::cli::arguments;
use crate::cli::engine;
use crate::cli::failure::{Failure, Message};
use crate::cli::output::Output;
use crate::cli::reasons::Reasons;
use crate::cli::saved;
use crate::cli::world::World;
use crate::script::library::Library;

const STORE: &str = "geneva.dixit";

/// Saved queries that show what the tool is for, and a question to go on with.
const SHOWN: &[(&str, &str)] = &[
    ("sides", "dixit run sides --claim plan-is-us-position"),
    ("known-only-by-relay", "dixit run what-did-they-say --speaker Pigott"),
    ("changes-of-position", "dixit run disputed-accounts"),
    ("cited-not-read", "dixit run taken-from --publisher 'The Washington Post'"),
];

const NEXT: &str = "
Your turn:
  dixit query \"match (a:Actor)-[s:denies]->(c:Claim) return a.name, c.text\"
  dixit run denials --why         asks a saved question, and tells what each row rests on
  dixit timeline -o talks.html    draws who said what when, to look at in a browser
  dixit shell                     asks at a prompt, where Tab shows what fits
  dixit queries                   lists the saved questions
  dixit schema                    shows what there is to ask about
  dixit help first-hour           leads on from here
";

pub(super) fn run(world: World<'_>) -> Result<(), Failure> {
    let path = world.named().map_or_else(|| world.folder.join(STORE), PathBuf::from);
    make(&path, &world)?;
    let world = world.about(Some(path));
    for (name, next) in SHOWN {
        show(name, next, &world)?;
    }
    world.terminal.print(&Safe::clean(NEXT))
}

fn make(path: &Path, world: &World<'_>) -> Result<(), Failure> {
    let name = path.strip_prefix(".").unwrap_or(path).display();
    if path.exists() {
        world.terminal.remark(&format!("{name} is here already; it stays as it is."));
        return Ok(());
    }
    let held = engine::create_example(path)?;
    world.terminal.remark(&format!("Made {name}: {held}."));
    Ok(())
}

/// Question, text, answer, and what to try next.
fn show(name: &str, next: &str, world: &World<'_>) -> Result<(), Failure> {
    let shipped = Library::default().find(name);
    let found =
        shipped.map_err(|_| Failure::Machine(Message::new(format!("{name} is not shipped"))))?;
    let (saved, source) = saved::read_found(found, &Library::default())?;
    let lines = source.text().lines().filter(|line| {
        !line.starts_with("--") && !line.starts_with("  in ") && !line.trim().is_empty()
    });
    let text = lines.map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat();
    world.terminal.print(&Safe::clean(&format!("\n{}\n{text}\n", saved.question)))?;
    let arguments = arguments::read(&[], &saved)?;
    let asked = Asked {
        source: &source,
        queries: &saved.queries,
        arguments: &arguments,
        reasons: Reasons::default(),
    };
    answer(&asked, &Output::default(), world)?;
    world.terminal.remark(&format!("try next:  {next}"));
    Ok(())
}
