//! Somebody reads while somebody else writes: each answer is the one before, until it is the one after, and none is an error.

use crate::{DIXIT, History, many};
use dixit::{
    import::{self, Request},
    store::{
        self, Limits,
        backup::{self, Place},
    },
};
use dixit_faults::{changes, judge};
use rusqlite::Connection;
use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

const READERS: usize = 3;

fn dixit(line: &[&str], path: &Path) -> Output {
    Command::new(DIXIT).args(line).arg("--db").arg(path).output().unwrap()
}

fn told(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

/// How many statements there are, as another process is told.
fn asked(path: &Path) -> Result<u64, String> {
    let query = "match (s:Statement) return count(*) as n";
    let out = dixit(&["query", "--format", "csv", query], path);
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let number = said.lines().nth(1).and_then(|line| line.parse().ok());
    number.filter(|_| out.status.success()).ok_or_else(|| format!("{} {}", out.status, told(&out)))
}

/// The same of a connection.
fn counted(connection: &Connection) -> u64 {
    let sql = "SELECT count(*) FROM statement";
    let count: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    u64::try_from(count).unwrap()
}

fn write(path: &Path, note: &str) -> Output {
    let query = format!("match (v:Venue) set v.note = '{note}'");
    dixit(&["write", "--why", note, &query], path)
}

/// Asks until the import is over and once more; gives how often the answer was the one before and the one after.
fn ask_along(path: &Path, answers: [u64; 2], over: &AtomicBool) -> Result<[usize; 2], String> {
    let mut seen = [0, 0];
    loop {
        let last = over.load(Ordering::SeqCst);
        let answer = asked(path)?;
        match answers.iter().position(|known| *known == answer) {
            Some(0) if seen[1] > 0 => return Err("the answer went back".to_owned()),
            Some(0) if last => return Err("it is over, and nothing is there".to_owned()),
            Some(which) => seen[which] += 1,
            None => return Err(format!("{answer}, which is neither of {answers:?}")),
        }
        if last {
            return Ok(seen);
        }
    }
}

/// Waits until somebody writes, and keeps what is there then in view until the import is over.
fn hold(path: &Path, before: u64, over: &AtomicBool) {
    while !log_of(path).exists() {
        assert!(!over.load(Ordering::SeqCst), "the import was faster than the eye");
        thread::sleep(Duration::from_micros(100));
    }
    let reader = store::open_held(path, &Limits::default()).unwrap();
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    assert_eq!(counted(&connection), before);
    while !over.load(Ordering::SeqCst) {
        assert_eq!(counted(&connection), before);
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(counted(&connection), before, "a view that was held has changed");
    drop(reader);
}

fn log_of(path: &Path) -> PathBuf {
    format!("{}-wal", path.display()).into()
}

#[test]
fn who_reads_during_an_import_is_never_disturbed() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let sheet = folder.path().join("sheet.csv");
    let rows = many(4_000, 60_000);
    fs::write(&sheet, changes::large_sheet(rows)).unwrap();
    for (what, from) in [("an empty store", 0), ("a store with content", 1)] {
        let path = &history.put(from, folder.path());
        let before = asked(path).unwrap();
        let answers = [before, before + rows as u64];
        let over = &AtomicBool::new(false);
        let seen = thread::scope(|scope| {
            let ask = || scope.spawn(move || ask_along(path, answers, over));
            let readers: Vec<_> = (0..READERS).map(|_| ask()).collect();
            let holder = scope.spawn(move || hold(path, before, over));
            let mut import = Command::new(DIXIT);
            import.arg("import").arg(&sheet).arg("--db").arg(path);
            let out = import.stdin(Stdio::null()).output().unwrap();
            over.store(true, Ordering::SeqCst);
            holder.join().unwrap();
            assert!(out.status.success(), "{what}: {}", told(&out));
            readers.into_iter().map(|one| one.join().unwrap()).collect::<Result<Vec<_>, _>>()
        });
        let seen = seen.unwrap_or_else(|error| panic!("{what}: {error}"));
        let [old, new] = [0, 1].map(|which| seen.iter().map(|one| one[which]).sum::<usize>());
        println!(
            "reading during an import into {what}: {old} answers before, {new} after, none wrong"
        );
        assert!(old > 5 && new >= READERS);
        // The next one who reads makes one file of it again.
        asked(path).unwrap();
        assert!(!log_of(path).exists());
        judge::sound(path).unwrap();
    }
}

#[test]
fn who_writes_during_an_import_is_told_so() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let sheet = folder.path().join("sheet.csv");
    fs::write(&sheet, changes::large_sheet(3_000)).unwrap();
    let path = history.put(1, folder.path());
    let before = asked(&path).unwrap();
    let mut refused = 0;
    let mut writer = store::open_for_writing(&path).unwrap();
    let request = Request {
        paths: vec![sheet],
        create_missing: true,
        now: "2026-01-02T00:00:00Z".into(),
        ..Default::default()
    };
    let report = import::import(&mut writer, &request, &mut |_| {
        if refused == 0 {
            let begun = Instant::now();
            let out = write(&path, "too early");
            let took = begun.elapsed();
            assert_eq!(out.status.code(), Some(4), "{}", told(&out));
            assert!(told(&out).contains("is being written by another process"), "{}", told(&out));
            assert!((4..20).contains(&took.as_secs()), "{took:?}");
            refused += 1;
        }
        assert_eq!(asked(&path), Ok(before));
    });
    assert_eq!(report.unwrap().refused_count, 0);
    drop(writer);
    assert_eq!((refused, asked(&path)), (1, Ok(before + 3_000)));
    let out = write(&path, "now");
    assert!(out.status.success(), "{}", told(&out));
    judge::sound(&path).unwrap();
}

#[test]
fn who_writes_while_an_older_view_is_held_is_told_so() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let path = history.put(1, folder.path());
    let reader = store::open_held(&path, &Limits::default()).unwrap();
    let out = write(&path, "too early");
    assert_eq!(out.status.code(), Some(4), "{}", told(&out));
    assert!(told(&out).contains("is being read by another process"), "{}", told(&out));
    drop(reader);
    assert_eq!(judge::sound(&path), Ok(history.stores[1].1));
    assert!(write(&path, "now").status.success());
}

/// What was there when it began is in the copy, and nobody waits for it.
#[test]
fn who_writes_during_a_backup_does_not_wait() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let path = history.put(1, folder.path());
    let copy = folder.path().join("copy.backup");
    let mut written = 0;
    let place = Place::File(copy.clone());
    let done = backup::backup(&path, &place, &mut |_, _| {
        if written == 0 {
            let begun = Instant::now();
            let out = write(&path, "meanwhile");
            assert!(out.status.success(), "{}", told(&out));
            assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
            written += 1;
        }
        ControlFlow::Continue(())
    });
    done.unwrap();
    assert_eq!(written, 1);
    assert_eq!(fs::read(&path).unwrap()[18..20], [1, 1], "one file again");
    assert!(!log_of(&path).exists());
    assert_eq!(judge::sound(&copy), Ok(history.stores[1].1));
    assert_ne!(judge::sound(&path), Ok(history.stores[1].1));
}
