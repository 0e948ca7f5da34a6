//! Eight processes write into one store at once, and others read. Each change is done or refused as busy; each that was
//! acknowledged is in the log once.

use crate::{DIXIT, History, many};
use dixit_faults::judge;
use rusqlite::Connection;
use std::{
    path::Path,
    process::{Command, Output},
    thread,
};

const WRITERS: usize = 8;

fn write(path: &Path, name: &str) -> Output {
    let query = format!(
        "insert (:Actor {{key: '{name}', name: '{name}', kind: 'person', identity: 'named'}})"
    );
    Command::new(DIXIT).args(["write", "--why", name, &query, "--db"]).arg(path).output().unwrap()
}

fn import(path: &Path, folder: &Path, name: &str) -> Output {
    let sheet = folder.join(format!("{name}.csv"));
    let text = format!(
        "speaker,act,claim,source,mode\n{name},asserts,Claim of {name},Some Paper,direct\n"
    );
    std::fs::write(&sheet, text).unwrap();
    let mut command = Command::new(DIXIT);
    command.arg("import").arg(&sheet).args(["--why", name, "--db"]).arg(path).output().unwrap()
}

/// Names of the changes that were acknowledged, and how many were refused as busy.
fn writer(path: &Path, folder: &Path, number: usize, rounds: usize) -> (Vec<String>, usize) {
    let (mut done, mut busy) = (Vec::new(), 0);
    for round in 0..rounds {
        let name = format!("w{number}-{round}");
        let out = if round % 2 == 0 { write(path, &name) } else { import(path, folder, &name) };
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        match out.status.code() {
            Some(0) => done.push(name),
            Some(4) if said.contains("is being written by another process") => busy += 1,
            _ => panic!("{name}: {} {said}", out.status),
        }
    }
    (done, busy)
}

#[test]
fn eight_writers_at_once_lose_nothing() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let path = history.put(1, folder.path());
    let rounds = many(4, 30);
    let (done, busy, read) = thread::scope(|scope| {
        let run = |number| {
            let (path, folder) = (&path, folder.path());
            scope.spawn(move || writer(path, folder, number, rounds))
        };
        let writers: Vec<_> = (0..WRITERS).map(run).collect();
        let mut read = 0;
        while !writers.iter().all(thread::ScopedJoinHandle::is_finished) {
            let query = "match (a:Actor) return count(*) as actors";
            let out =
                Command::new(DIXIT).args(["query", query, "--db"]).arg(&path).output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            read += 1;
        }
        let (mut done, mut busy) = (Vec::new(), 0);
        for writer in writers {
            let (names, refused) = writer.join().unwrap();
            done.extend(names);
            busy += refused;
        }
        (done, busy, read)
    });
    println!(
        "together: {} changes done, {busy} refused as busy, {read} readings between",
        done.len()
    );
    judge::sound(&path).unwrap();
    let connection = Connection::open(&path).unwrap();
    let mut count = connection.prepare("SELECT count(*) FROM change WHERE why = ?1").unwrap();
    for name in &done {
        let times: i64 = count.query_row([name], |row| row.get(0)).unwrap();
        assert_eq!(times, 1, "{name}");
    }
    let changes: i64 =
        connection.query_row("SELECT count(*) FROM change", [], |row| row.get(0)).unwrap();
    assert_eq!(
        usize::try_from(changes).unwrap(),
        done.len() + 1,
        "nothing is in the log that was refused"
    );
    assert!(busy <= done.len() / 4, "{busy} of {} waited in vain", done.len() + busy);
}
