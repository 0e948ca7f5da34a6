//! `dixit import PATH…`: adds coded data, everything or nothing.

use std::fs;
use std::path::Path;

use crate::cli::args::Import;
use crate::cli::engine::{self, Report, Request};
use crate::cli::failure::{Failure, Message};
use crate::cli::world::World;

pub(super) fn run(args: Import, world: &World<'_>) -> Result<(), Failure> {
    let Import { paths, map, dry_run, no_create, why } = args;
    let store = world.store()?;
    let mut progress = world.terminal.progress(paths.iter().map(|path| size(path)).sum());
    let request = Request { paths, map, dry_run, no_create, why };
    let report = engine::import(&store, &request, &mut |done| progress.set(done))?;
    drop(progress);
    tell(&report, dry_run, world)
}

fn tell(report: &Report, dry_run: bool, world: &World<'_>) -> Result<(), Failure> {
    let Report { changes, refused } = report;
    for line in refused {
        world.terminal.remark(line);
    }
    if !refused.is_empty() {
        let rows =
            if refused.len() == 1 { "1 row".to_owned() } else { format!("{} rows", refused.len()) };
        let message = Message::new(format!("{rows} cannot be imported, so nothing was changed"));
        return Err(Failure::Machine(message.next("correct them and import again")));
    }
    let what = if changes.is_empty() { "nothing".to_owned() } else { changes.join(", ") };
    let verb = if dry_run { "would change" } else { "changed" };
    world.terminal.remark(&format!("{verb} {what}"));
    Ok(())
}

/// How many bytes a file, or the files of a folder, have.
fn size(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else {
        return fs::metadata(path).map_or(0, |file| file.len());
    };
    let files = entries.filter_map(|entry| entry.ok()?.metadata().ok());
    files.filter(fs::Metadata::is_file).map(|file| file.len()).sum()
}
