//! The folder cannot be written, or has little room.

use crate::{DIXIT, FAULTS, History, many};
use dixit_faults::judge;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rusqlite::Connection;
use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

fn read_only(folder: &Path, line: &[&str]) -> Output {
    let path = folder.join("store.dixit");
    let mut command = Command::new(FAULTS);
    command.arg("read-only").arg(folder).arg(DIXIT).args(line).arg("--db").arg(path);
    command.output().unwrap()
}

/// Lines that read, and lines that write.
const READING: &[&[&str]] = &[
    &["query", "match (a:Actor) return a.name"],
    &["check"],
    &["stats"],
    &["log"],
    &["run", "denials"],
];
const WRITING: &[&[&str]] = &[
    &["write", "--dry-run", "match (a:Actor) set a.note = 'x'"],
    &["write", "--why", "a test", "match (a:Actor) set a.note = 'x'"],
    &["undo", "1", "--why", "a test"],
];

#[test]
fn a_store_on_read_only_media_is_read_and_not_written() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let media = crate::folder();
    let path = history.put(1, media.path());
    let before = fs::read(&path).unwrap();
    for line in READING {
        let out = read_only(media.path(), line);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{line:?}: {} {said}", out.status);
    }
    for line in WRITING {
        let out = read_only(media.path(), line);
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(4), "{line:?}: {said}");
        assert!(said.contains("may be read but not written"), "{line:?}: {said}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(media.path()).unwrap().count(), 1);
}

/// A writer died there before: what it kept is in the log beside the store.
#[test]
fn a_store_that_was_left_in_the_middle_is_read_on_read_only_media() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    for (what, with_log) in [("with its log", true), ("without one", false)] {
        let (work, media) = (crate::folder(), crate::folder());
        let path = history.put(1, work.path());
        let connection = Connection::open(&path).unwrap();
        connection.query_row("PRAGMA journal_mode = wal", [], |_| Ok(())).unwrap();
        connection.execute_batch("UPDATE actor SET note = 'kept' WHERE id = 1").unwrap();
        if !with_log {
            connection.execute_batch("PRAGMA wal_checkpoint(truncate)").unwrap();
        }
        fs::copy(&path, media.path().join("store.dixit")).unwrap();
        if with_log {
            fs::copy(work.path().join("store.dixit-wal"), media.path().join("store.dixit-wal"))
                .unwrap();
        }
        let out = read_only(
            media.path(),
            &["query", "match (a:Actor) where a.note = 'kept' return a.key"],
        );
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{what}: {} {said}", out.status);
        assert!(said.contains("1 row"), "{what}: the kept change is missing: {said}");
    }
}

/// A real file system that runs full, where the system lets us mount one.
#[test]
fn a_full_disk_is_told_and_leaves_all_or_nothing() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let (mut full, mut done) = (0, 0);
    let sizes = history.stores[1].0.len() / 1024;
    for extra in (0..1200).step_by(many(120, 8)) {
        let disk = crate::folder();
        let path = history.put(1, disk.path());
        let mut command = Command::new(FAULTS);
        command.arg("small").arg(disk.path()).arg((sizes + extra).to_string()).arg(DIXIT);
        command.args(["undo", "1", "--why", "a test", "--db"]).arg(&path);
        let out = command.output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        if out.status.code() == Some(99) {
            println!("media: no disk of our own can be mounted here: {said}");
            return;
        }
        let content = judge::sound(&path).unwrap();
        match out.status.code() {
            Some(0) => done += 1,
            Some(4) => {
                full += 1;
                // Where memory to share needs room, the disk is said to fail.
                assert!(said.contains("the disk"), "{said}");
                assert_eq!(content, history.stores[1].1, "{said}");
            }
            _ => panic!("{} {said}", out.status),
        }
    }
    println!("media: {full} times the disk was full, {done} times there was room");
    assert!(full > 0 && done > 0);
}

/// Whether a process minds Ctrl-C itself: bit 1 of the signals that it catches.
fn heeds_interrupts(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|bits| u64::from_str_radix(bits.trim(), 16).is_ok_and(|bits| bits & 2 > 0))
}

#[test]
fn who_waits_for_somebody_to_read_a_pipe_can_be_stopped() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let path = history.put(1, folder.path());
    let pipe = folder.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let query = ["query", "return 1", "--format", "csv"];
    let export = ["export", "--format", "jsonl"];
    for line in [&query[..], &export] {
        let mut command = Command::new(DIXIT);
        command.args(line).arg("--db").arg(&path).arg("-o").arg(&pipe);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        while !heeds_interrupts(child.id()) {
            assert_eq!(child.try_wait().unwrap(), None, "{line:?}");
            thread::sleep(Duration::from_millis(5));
        }
        let begun = Instant::now();
        kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
        while child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(30), "{line:?} does not end");
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(child.wait().unwrap().code(), Some(130), "{line:?}");
    }
}
