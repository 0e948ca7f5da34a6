//! The power goes at every operation of every change. Whatever part of what was not yet on the disk is lost: the store is
//! sound, and every change that was acknowledged is in it.

use crate::{History, many};
use dixit_faults::{
    changes::{self, Act, CHANGES, LARGE, create},
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
fn record(folder: &Path, changes: &[(&str, Act)]) -> (PathBuf, Vec<Op>) {
    shim::install();
    let path = folder.join("store.dixit");
    watch::record();
    create(&path).unwrap();
    watch::acknowledge();
    for (name, act) in changes {
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
    let (path, ops) = record(folder.path(), CHANGES);
    let images = many(300, 10_000);
    let wrong = all_judged(&ops, &path, &history, images);
    println!("power: {images} images over {} operations, {} wrong", ops.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(20)].join("\n"));
}

/// The same for large imports, which do much before they are kept: indexes are dropped and made again, and where memory is
/// short, what does not fit goes to the disk early.
#[test]
fn nor_of_a_large_import() {
    let folder = crate::folder();
    let history = History::of_changes(folder.path(), LARGE);
    let before = soft_heap_limit(1);
    let (path, ops) = record(folder.path(), LARGE);
    soft_heap_limit(before);
    let spilled = rewritten(&ops);
    assert!(spilled > 20, "only {spilled} pages went to the disk early and again at the end");
    let images = many(80, 3_000);
    let wrong = all_judged(&ops, &path, &history, images);
    println!(
        "power, large: {images} images over {} operations, {spilled} pages went to the disk early and again, {} wrong",
        ops.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(20)].join("\n"));
}

/// So many bytes are to be enough for the database; gives how many it was before, where 0 is any number.
fn soft_heap_limit(bytes: i64) -> i64 {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let ask = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).unwrap();
    let before = ask("PRAGMA soft_heap_limit");
    let _: i64 = ask(&format!("PRAGMA soft_heap_limit = {bytes}"));
    before
}

/// How many pages in the log were written over by the change that had written them.
fn rewritten(ops: &[Op]) -> usize {
    let (mut end, mut count) = (0, 0);
    for op in ops {
        match op {
            Op::Write(path, at, bytes) if path.ends_with("-wal") => {
                count += usize::from(*at < end && bytes.len() > 24);
                end = end.max(at + bytes.len());
            }
            Op::Acknowledged | Op::Delete(..) | Op::Truncate(..) => end = 0,
            Op::Write(..) | Op::Open(..) | Op::Sync(_) => {}
        }
    }
    count
}

/// A program that does not wait for the disk, on a disk that is sound.
#[test]
fn a_program_that_does_not_sync_is_caught() {
    const CARELESS: &[(&str, Act)] =
        &[("import", changes::geneva), ("without syncs", changes::without_syncs)];
    let folder = crate::folder();
    let history = History::of_changes(folder.path(), CARELESS);
    let (path, ops) = record(folder.path(), CARELESS);
    // It has said that it is done, and then the power goes.
    let mut disk = Disk::default();
    for op in &ops {
        disk.apply(op);
    }
    let (mut random, place) = (Random::new(3), crate::folder());
    let wrong = (0..100).filter(|_| {
        lay_out(&disk.image(&mut random), place.path()).unwrap();
        verdict(place.path(), &path, disk.acknowledged, &history).is_err()
    });
    let wrong = wrong.count();
    println!("power, synchronous = off: {wrong} of 100 images wrong");
    assert!(wrong > 10);
}

/// A disk that says "done" and has done nothing, which is what `synchronous = off` comes to.
#[test]
fn a_disk_that_never_syncs_is_caught() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let (path, ops) = record(folder.path(), CHANGES);
    let lying: Vec<Op> = ops.into_iter().filter(|op| !matches!(op, Op::Sync(_))).collect();
    // The store itself was on the disk before, else there is nothing to lose.
    assert!(matches!(lying[0], Op::Open(_, Role::Store, _)));
    let wrong = judged(&lying, &path, &history, 60, 1);
    println!("power, without syncs: {} of 60 images wrong", wrong.len());
    assert!(wrong.len() > 10, "{wrong:?}");
}
