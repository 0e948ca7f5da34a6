//! There is too little memory: what is done fails in words, and the store holds all or nothing.

use crate::{DIXIT, FAULTS, History, many};
use dixit_faults::{
    changes::CHANGES,
    judge,
    measure::{self, End},
    random::Random,
};
use std::{collections::BTreeMap, process::Command};

#[test]
fn a_database_without_memory_says_so() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let mut random = Random::new(11);
    let (mut wrong, mut ends) = (Vec::new(), BTreeMap::<String, usize>::new());
    let asked = ("ask", 1);
    let changes = CHANGES.iter().enumerate().map(|(number, (name, _))| (*name, number));
    for (name, number) in changes.chain([asked]) {
        for _ in 0..many(6, 60) {
            let most = if random.percent(50) { 1500 } else { 8000 };
            let kilobytes = 100 + random.below(most);
            let path = history.put(number, folder.path());
            let mut child = Command::new(FAULTS);
            let out =
                child.args(["heap", &kilobytes.to_string(), name]).arg(&path).output().unwrap();
            let said = String::from_utf8_lossy(&out.stderr)
                .replace(&folder.path().display().to_string(), "…");
            let content = judge::sound(&path);
            let (before, after) =
                (history.stores[number].1, history.stores.get(number + 1).map(|after| after.1));
            let fair = match (out.status.code(), &content) {
                (Some(0), Ok(content)) => name == asked.0 || Some(*content) == after,
                (Some(4), Ok(content)) => {
                    !said.trim().is_empty() && (*content == before || Some(*content) == after)
                }
                _ => false,
            };
            if !fair {
                wrong.push(format!(
                    "{name} with {kilobytes} kB: {:?} {said} {content:?}",
                    out.status
                ));
            }
            *ends
                .entry(if out.status.success() {
                    "done".to_owned()
                } else {
                    said.trim().to_owned()
                })
                .or_default() += 1;
        }
    }
    println!("memory: {} runs, {} wrong", ends.values().sum::<usize>(), wrong.len());
    for (end, times) in ends {
        println!("  {times:6} × {end}");
    }
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(20)].join("\n"));
}

/// The whole process has little room. It may end by force where Rust itself gets no memory; the store stays whole.
#[test]
fn a_process_without_room_leaves_the_store_whole() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let mut ends = BTreeMap::<String, usize>::new();
    let write = "match (s:Statement) set s.note = 'seen'";
    for megabytes in (20..200).step_by(many(20, 2)) {
        for line in [&["check", "--db"][..], &["write", write, "--why", "a test", "--db"][..]] {
            let path = history.put(1, folder.path());
            let report = folder.path().join("report");
            let mut child = Command::new(FAULTS);
            child.arg("measure").arg(&report).args(["20", &megabytes.to_string(), DIXIT]);
            let out = child.args(line).arg(&path).output().unwrap();
            let end = measure::read(&report).map(|taken| taken.end);
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            assert!(!said.contains("panicked"), "{megabytes} MB: {said}");
            // A program that does not fit is not started, or its loader says so with code 127.
            let fair = matches!(end, None | Some(End::Code(0 | 4 | 127) | End::Signal(6 | 9 | 11)));
            assert!(fair, "{megabytes} MB: {end:?} {said}");
            judge::sound(&path).unwrap();
            *ends.entry(format!("{end:?}")).or_default() += 1;
        }
    }
    println!("room: {ends:?}");
}
