//! Nothing is ever lost: the power goes, disks fail, processes are killed, files are hostile. Quick unless
//! `DIXIT_FAULTS=full` is set; what was done is printed with `--nocapture`.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "survive/crafted.rs"]
mod crafted;
#[path = "survive/io.rs"]
mod io;
#[path = "survive/kill.rs"]
mod kill;
#[path = "survive/media.rs"]
mod media;
#[path = "survive/memory.rs"]
mod memory;
#[path = "survive/mutants.rs"]
mod mutants;
#[path = "survive/panel.rs"]
mod panel;
#[path = "survive/power.rs"]
mod power;
#[path = "survive/reading.rs"]
mod reading;
#[path = "survive/together.rs"]
mod together;
#[path = "survive/upgrade.rs"]
mod upgrade;

/// Runs things in a process of their own.
const DIXIT: &str = env!("CARGO_BIN_EXE_dixit-under-test");
const FAULTS: &str = env!("CARGO_BIN_EXE_faults");

use dixit_faults::{
    changes::{Act, CHANGES, create},
    judge, shim,
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// So many in the quick mode, and in the full one.
fn many(quick: usize, full: usize) -> usize {
    if is_full() { full } else { quick }
}

fn is_full() -> bool {
    std::env::var("DIXIT_FAULTS").is_ok_and(|mode| mode == "full")
}

/// A store as it is before each change and after the last, and what it holds then.
struct History {
    stores: Vec<(Vec<u8>, u64)>,
}

impl History {
    fn of(folder: &Path) -> Self {
        Self::of_changes(folder, CHANGES)
    }

    fn of_changes(folder: &Path, changes: &[(&str, Act)]) -> Self {
        shim::install();
        let path = folder.join("history.dixit");
        create(&path).unwrap();
        let mut stores = vec![Self::now(&path)];
        for (name, act) in changes {
            act(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            stores.push(Self::now(&path));
        }
        Self { stores }
    }

    fn now(path: &Path) -> (Vec<u8>, u64) {
        (fs::read(path).unwrap(), judge::sound(path).unwrap())
    }

    /// Puts the store as it was before a change into a folder.
    fn put(&self, change: usize, folder: &Path) -> PathBuf {
        put_at(folder, &self.stores[change].0)
    }
}

/// Puts a store into a folder, in place of the one that was there and all that belonged to it.
fn put_at(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("store.dixit");
    for ending in ["", "-journal", "-wal", "-shm"] {
        let name = format!("{}{ending}", path.display());
        if Path::new(&name).exists() {
            fs::remove_file(name).unwrap();
        }
    }
    fs::write(&path, bytes).unwrap();
    path
}

/// A folder of its own; in memory where there is such a place, since a hundred thousand syncs take a disk long.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.or_else(|_| TempDir::new()).unwrap()
}
