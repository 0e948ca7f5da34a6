//! A store of an earlier version is upgraded, or any store copied, while the power goes, the disk fails or the program is
//! killed. The old store is there or the new one, never something between; a copy is whole or not there.

use crate::{DIXIT, many, put_at};
use dixit::store::{
    backup::{self, Place},
    upgrade::{Mark, Refused, upgrade},
};
use dixit_faults::{
    disk::{Disk, lay_out},
    judge,
    random::Random,
    shim,
    watch::{self, Fault, Op, Plan},
};
use rusqlite::Connection;
use std::{
    fs,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A store of the first version, and what it holds before and after its upgrade.
pub struct Old {
    pub bytes: Vec<u8>,
    pub before: u64,
    after: u64,
}

impl Old {
    pub fn make() -> Self {
        shim::install();
        let folder = crate::folder();
        let path = folder.path().join("store.dixit");
        let sql = include_str!("../../../stores/geneva-1.sql");
        let made = format!("PRAGMA foreign_keys = off; {sql}");
        Connection::open(&path).unwrap().execute_batch(&made).unwrap();
        let bytes = fs::read(&path).unwrap();
        let before = judge::content(&path, false).unwrap();
        upgraded(&path).unwrap();
        Self { bytes, before, after: judge::sound(&path).unwrap() }
    }

    /// Whether the store is the new one; an error where it is neither.
    pub fn is_new(&self, path: &Path) -> Result<bool, String> {
        match judge::sound(path) {
            Ok(content) if content == self.after => Ok(true),
            Ok(_) => Err("a content that never was".to_owned()),
            Err(refused) => {
                let content = judge::content(path, false).map_err(|error| error.to_string())?;
                if content == self.before { Ok(false) } else { Err(refused) }
            }
        }
    }
}

fn upgraded(path: &Path) -> Result<(), String> {
    let copies = crate::folder();
    let place = Place::Folder(copies.path().into(), "copy".to_owned());
    let mark = Mark { at: "2026-01-02T00:00:00Z", who: None };
    match upgrade(path, &place, mark, &mut |_, _| ControlFlow::Continue(())) {
        Ok(_) => Ok(()),
        Err(Refused::Error(error)) => Err(error.to_string()),
        Err(Refused::Findings(findings)) => Err(format!("{findings:?}")),
    }
}

fn copied(path: &Path, to: &Path) -> Result<(), String> {
    let place = Place::File(to.into());
    let done = backup::backup(path, &place, &mut |_, _| ControlFlow::Continue(()));
    done.map(drop).map_err(|error| error.to_string())
}

#[test]
fn the_power_goes_during_an_upgrade() {
    let old = Old::make();
    let folder = crate::folder();
    let path = put_at(folder.path(), &old.bytes);
    watch::record();
    upgraded(&path).unwrap();
    watch::acknowledge();
    let ops: Vec<Op> = watch::recorded().into_iter().filter(|op| op.is_about(&path)).collect();
    let mut disk = Disk::with(path.to_str().unwrap(), old.bytes.clone());
    let mut random = Random::new(21);
    let images = many(80, 2_000);
    let place = crate::folder();
    let mut wrong = Vec::new();
    let mut drawn = 0;
    for (cut, op) in ops.iter().enumerate() {
        while drawn * ops.len() < cut * images {
            drawn += 1;
            lay_out(&disk.image(&mut random), place.path()).unwrap();
            match old.is_new(&place.path().join("store.dixit")) {
                Ok(false) if disk.acknowledged > 0 => wrong.push(format!("cut {cut}: lost")),
                Ok(_) => {}
                Err(error) => wrong.push(format!("cut {cut}, before `{op}`: {error}")),
            }
        }
        disk.apply(op);
    }
    println!("upgrade: {drawn} images over {} operations, {} wrong", ops.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_disk_fails_during_an_upgrade_or_a_copy() {
    let old = Old::make();
    let folder = crate::folder();
    let mut random = Random::new(22);
    let (mut wrong, mut failed) = (Vec::new(), 0);
    let most = many(30, 600);
    for number in 0..most {
        let path = put_at(folder.path(), &old.bytes);
        let copy = folder.path().join("copy.backup");
        drop(fs::remove_file(&copy));
        let fault = if random.percent(70) { Fault::Broken } else { Fault::Full };
        let plan = Plan { fault, at: random.below(1500), sticky: random.percent(50) };
        let copies = number % 3 == 0;
        watch::start(Some(plan));
        let done = catch_unwind(AssertUnwindSafe(|| {
            if copies { copied(&path, &copy) } else { upgraded(&path) }
        }));
        failed += usize::from(watch::stop().1 > 0);
        let mut told = |what: String| wrong.push(format!("{plan:?}, copy {copies}: {what}"));
        let Ok(done) = done else {
            told("a panic".to_owned());
            continue;
        };
        match old.is_new(&path) {
            Ok(new) if new == (done.is_ok() && !copies) => {}
            // The change was kept, and only what follows failed.
            Ok(true) if !copies => {}
            Ok(new) => told(format!("{done:?}, and the store is new: {new}")),
            Err(error) => told(error),
        }
        if copies && copy.exists() != done.is_ok() {
            told(format!("{done:?}, and the copy is there: {}", copy.exists()));
        }
        if copies && copy.exists() && judge::content(&copy, false).ok() != Some(old.before) {
            told("the copy is another one".to_owned());
        }
    }
    println!("upgrade: {failed} of {most} runs with failures, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_program_is_killed_during_a_copy() {
    let old = Old::make();
    let folder = crate::folder();
    let mut random = Random::new(23);
    let copy = folder.path().join("copy.backup");
    let command = |path: &Path| {
        let mut command = Command::new(DIXIT);
        command.arg("backup").arg(&copy).arg("--db").arg(path);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let path = put_at(folder.path(), &old.bytes);
    let begun = Instant::now();
    assert!(command(&path).wait().unwrap().success());
    let takes = usize::try_from(begun.elapsed().as_micros()).unwrap();
    let (mut wrong, mut copies) = (Vec::new(), 0);
    let cycles = many(8, 200);
    for cycle in 0..cycles {
        drop(fs::remove_file(&copy));
        let path = put_at(folder.path(), &old.bytes);
        let mut child = command(&path);
        thread::sleep(Duration::from_micros(random.below(takes + takes / 10) as u64));
        child.kill().unwrap();
        let ended = child.wait().unwrap().success();
        match old.is_new(&path) {
            Ok(true) => wrong.push(format!("cycle {cycle}: was upgraded")),
            Ok(false) => {}
            Err(error) => wrong.push(format!("cycle {cycle}: {error}")),
        }
        copies += usize::from(copy.exists());
        if ended && !copy.exists() {
            wrong.push(format!("cycle {cycle}: no copy"));
        }
        if copy.exists() && judge::content(&copy, false).ok() != Some(old.before) {
            wrong.push(format!("cycle {cycle}: half a copy"));
        }
    }
    println!("killed: backup {cycles} times, {copies} copies; {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
