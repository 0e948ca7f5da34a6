//! Thousands of damaged stores are opened, checked, asked and opened for writing: each is refused, or what is wrong with it is
//! found, or it answers. None brings the program down. They run in processes of their own, so that a crash is one.

use crate::{FAULTS, History, is_full, many};
use std::{collections::BTreeMap, fs, process::Command, time::Instant};

#[test]
fn a_damaged_store_is_refused_or_answers_and_never_brings_the_program_down() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let path = folder.path().join("store.dixit");
    fs::write(path, &history.stores[1].0).unwrap();
    let (mutants, each) = (many(600, 5_000), 100);
    let begun = Instant::now();
    let mut became: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for from in (0..mutants).step_by(each) {
        let mut child = Command::new(FAULTS);
        let range = [from, from + each].map(|number| number.to_string());
        let out = child.arg("open").arg(folder.path()).args(range).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        for line in text.lines() {
            let (number, word) = line.split_once(' ').unwrap_or((line, ""));
            *became.entry(word.to_owned()).or_default() += 1;
            if ["panicked", "", "late"].contains(&word) {
                wrong.push(format!(
                    "mutant {number}: {word} {}",
                    String::from_utf8_lossy(&out.stderr)
                ));
            }
        }
        if !out.status.success() {
            wrong.push(format!("from {from}: {}", out.status));
        }
    }
    println!("mutants: {mutants} in {:?}, {} wrong: {became:?}", begun.elapsed(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(30)].join("\n"));
    let count = |word: &str| became.get(word).copied().unwrap_or(0);
    assert!(count("refused") > mutants / 10 && count("unchanged") > 0, "{became:?}");
    if is_full() {
        assert_eq!(became.values().sum::<usize>(), mutants);
    }
}
