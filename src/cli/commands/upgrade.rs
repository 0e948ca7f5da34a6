//! `dixit upgrade [STORE]`: brings a store that an older dixit made up to date, after a backup.

use std::path::Path;

use super::backup::{folder_of, stem, watched};
use crate::base::clean::Safe;
use crate::cli::args::Upgrade;
use crate::cli::engine::of_store;
use crate::cli::failure::{Failure, Message};
use crate::cli::identity::finding_line;
use crate::cli::world::World;
use crate::cli::{change, clock};
use crate::store::backup::Place;
use crate::store::check::Finding;
use crate::store::error::Error;
use crate::store::upgrade::{Mark, Refused, Upgraded, try_out, upgrade};
use crate::store::{newest_version, version};

pub(super) fn run(args: Upgrade, world: World<'_>) -> Result<(), Failure> {
    let Upgrade { store, dry_run, who } = args;
    let world = world.about(store);
    let path = world.store()?;
    let from = version(&path).map_err(of_store)?;
    if from == newest_version() {
        // A store of this version that is not ours is told as what it is.
        drop(world.open_at(&path)?);
        world.terminal.remark(&format!("{} is up to date (store version {from})", path.display()));
        return Ok(());
    }
    if dry_run {
        return tried(&path, from, &world);
    }
    let place = Place::Folder(folder_of(&path), format!("{}-version-{from}", stem(&path)));
    let (at, who) = (clock::now(), change::who(who));
    let mark = Mark { at: &at, who: who.as_deref() };
    let done = watched(&world, |progress| upgrade(&path, &place, mark, progress));
    let Upgraded { versions: (from, to), told, backup } = match done {
        Ok(done) => done,
        // Who only reads stands in the way as well.
        Err(Refused::Error(Error::Busy(path))) => {
            let message = format!("{} is in use by another process", path.display());
            let next = "an upgrade needs it alone for a moment: try again";
            return Err(Failure::Machine(Message::new(message).next(next)));
        }
        Err(Refused::Error(error)) => return Err(of_store(error)),
        Err(Refused::Findings(findings)) => return broken(&path, &findings, &world),
    };
    let copy = backup.path.display();
    world.terminal.remark(&format!("copied {} to {copy}", path.display()));
    tell(&told, &world);
    world.terminal.remark(&format!(
        "{} is of store version {to} now, it was {from}, and keeps every rule; {copy} may go when you do not need it",
        path.display()
    ));
    Ok(())
}

/// Says what it would come to.
fn tried(path: &Path, from: i64, world: &World<'_>) -> Result<(), Failure> {
    let (told, findings) = try_out(path).map_err(of_store)?;
    if !findings.is_empty() {
        return broken(path, &findings, world);
    }
    tell(&told, world);
    world.terminal.remark(&format!(
        "{} would go from store version {from} to {}, after a backup; tried out on a copy, and every rule is kept",
        path.display(),
        newest_version()
    ));
    Ok(())
}

fn tell(told: &[&str], world: &World<'_>) {
    for line in told {
        world.terminal.remark(&format!("  {line}"));
    }
}

fn broken(path: &Path, findings: &[Finding], world: &World<'_>) -> Result<(), Failure> {
    for finding in findings {
        world.terminal.print(&Safe::clean(&format!("{}\n", finding_line(finding))))?;
    }
    let message = Message::new(format!(
        "{} would break these rules, so it was left as it is",
        path.display()
    ));
    Err(Failure::Machine(message.next("mend them with the dixit that made it, then upgrade again")))
}
