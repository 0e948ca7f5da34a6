//! The power goes at every operation of every change. Whatever part of what was not yet on the disk is lost: the store is
//! sound, and every change that was acknowledged is in it.

use crate::{History, many};
use dixit_faults::{
    changes::{CHANGES, create},
    disk::{Disk, lay_out},
    judge,
    random::Random,
    shim,
    watch::{self, Op, Role},
};
use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

/// What is done to a store from nothing on, with a mark where each change was acknowledged.
fn record(folder: &Path) -> (PathBuf, Vec<Op>) {
    shim::install();
    let path = folder.join("store.dixit");
    watch::record();
    create(&path).unwrap();
    watch::acknowledge();
    for (name, act) in CHANGES {
        act(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        watch::acknowledge();
    }
    (path, watch::recorded())
}

/// What is wrong with an image, if anything is.
fn verdict(
    folder: &Path,
    path: &Path,
    acknowledged: usize,
    history: &History,
) -> Result<(), String> {
    let path = folder.join(path.file_name().unwrap());
    let found = judge::sound(&path);
    let Some(done) = acknowledged.checked_sub(1) else {
        // A store that was not yet acknowledged may be there or not; another one may not.
        return match found {
            Ok(content) if content == history.stores[0].1 => Ok(()),
            Ok(_) => Err("an unknown content".to_owned()),
            Err(_) if !path.exists() || fs::metadata(&path).is_ok_and(|meta| meta.len() == 0) => {
                Ok(())
            }
            Err(error) => Err(error),
        };
    };
    let content = found?;
    let allowed = history.stores.iter().skip(done).take(2);
    if allowed.into_iter().any(|(_, known)| *known == content) {
        return Ok(());
    }
    let which = history.stores.iter().position(|(_, known)| *known == content);
    Err(match which {
        Some(which) => format!("{done} changes were acknowledged, {which} are there"),
        None => format!("after {done} changes, a content that never was"),
    })
}

/// Judges images drawn over all cuts; gives how many there were and what is wrong with which.
fn judged(ops: &[Op], path: &Path, history: &History, images: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    // Every operation is a cut; what is left over falls where much is at risk.
    let mut drawn: Vec<usize> = (0..images).map(|image| image * ops.len() / images).collect();
    drawn.sort_unstable();
    let folder = crate::folder();
    let mut wrong = Vec::new();
    let mut disk = Disk::default();
    let mut cuts = drawn.into_iter().peekable();
    for (cut, op) in ops.iter().enumerate() {
        while cuts.next_if_eq(&cut).is_some() {
            lay_out(&disk.image(&mut random), folder.path()).unwrap();
            if let Err(error) = verdict(folder.path(), path, disk.acknowledged, history) {
                wrong.push(format!(
                    "seed {seed}, cut {cut} of {}, before `{op}`: {error}",
                    ops.len()
                ));
            }
        }
        disk.apply(op);
    }
    wrong
}

fn all_judged(ops: &[Op], path: &Path, history: &History, images: usize) -> Vec<String> {
    let threads = many(2, 4);
    thread::scope(|scope| {
        let run = |seed| scope.spawn(move || judged(ops, path, history, images / threads, seed));
        let running: Vec<_> = (1..=threads as u64).map(run).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn no_acknowledged_change_is_lost_when_the_power_goes() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let (path, ops) = record(folder.path());
    let images = many(300, 10_000);
    let wrong = all_judged(&ops, &path, &history, images);
    println!("power: {images} images over {} operations, {} wrong", ops.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(20)].join("\n"));
}

/// A disk that says "done" and has done nothing, which is what `synchronous = off` comes to.
#[test]
fn a_disk_that_never_syncs_is_caught() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let (path, ops) = record(folder.path());
    let lying: Vec<Op> = ops.into_iter().filter(|op| !matches!(op, Op::Sync(_))).collect();
    // The store itself was on the disk before, else there is nothing to lose.
    assert!(matches!(lying[0], Op::Open(_, Role::Store, _)));
    let wrong = judged(&lying, &path, &history, 60, 1);
    println!("power, without syncs: {} of 60 images wrong", wrong.len());
    assert!(wrong.len() > 10, "{wrong:?}");
}
