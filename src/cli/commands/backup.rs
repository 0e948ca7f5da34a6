//! `dixit backup [FILE]`: a copy of the store, made while others may read and write it.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::stats::size;
use crate::base::count::counted;
use crate::cli::args::Backup;
use crate::cli::clock;
use crate::cli::engine::{self, of_store};
use crate::cli::failure::Failure;
use crate::cli::world::World;
use crate::store::backup::{self, Copied, Place};

pub(super) fn run(args: &Backup, world: &World<'_>) -> Result<(), Failure> {
    let Backup { file } = args;
    let store = world.store()?;
    let name = format!("{}-{}", stem(&store), clock::today().text);
    let place = match file {
        Some(folder) if folder.is_dir() => Place::Folder(folder.clone(), name),
        Some(file) => Place::File(file.clone()),
        None => Place::Folder(folder_of(&store), name),
    };
    let copied = watched(world, |progress| backup::backup(&store, &place, progress));
    let Copied { path, bytes, rows } = copied.map_err(of_store)?;
    let rows = counted(rows, "row");
    world.terminal.remark(&format!(
        "copied {} to {}: {rows} in {}, read again and found the same",
        store.display(),
        path.display(),
        size(bytes)
    ));
    let shown = path.display();
    world.terminal.remark(&format!(
        "the copy is a store: `dixit stats {shown}` looks into it, and copied over the old file it is the store again"
    ));
    Ok(())
}

/// Does something that copies, with a bar where it takes a while and an end at Ctrl-C.
pub(super) fn watched<T>(world: &World<'_>, work: impl FnOnce(backup::Progress<'_>) -> T) -> T {
    engine::heed_interrupts();
    let mut bar = None;
    work(&mut |done, all| {
        bar.get_or_insert_with(|| world.terminal.progress(all)).set(done);
        if engine::was_interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

/// The name of a store without its ending.
pub(super) fn stem(store: &Path) -> String {
    store.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The folder that a store is in.
pub(super) fn folder_of(store: &Path) -> PathBuf {
    store.parent().map(Path::to_owned).unwrap_or_default()
}
