//! The disk fails or is full at any one call, once or from then on. The change then fails in words or is done, and the
//! store holds all of it or nothing; the same change can be made afterwards.

use crate::{FAULTS, History, many};
use dixit_faults::{
    changes::{Act, CHANGES, example},
    judge,
    random::Random,
    shim,
    watch::{self, Fault, Plan},
};
use std::{
    collections::BTreeMap,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::Command,
    thread,
};

/// Every way in which a run of so many calls can fail, or some of them.
fn plans(calls: [usize; 2], most: usize, random: &mut Random) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (fault, calls) in [Fault::Broken, Fault::Full].into_iter().zip(calls) {
        for at in 0..calls {
            plans.extend([false, true].map(|sticky| Plan { fault, at, sticky }));
        }
    }
    while plans.len() > most {
        plans.swap_remove(random.below(plans.len()));
    }
    plans
}

/// How many calls can fail in a change: of a broken disk, and of a full one.
fn calls(history: &History, change: usize, act: Act, folder: &Path) -> [usize; 2] {
    [Fault::Broken, Fault::Full].map(|fault| {
        let path = history.put(change, folder);
        watch::start(Some(Plan { fault, at: usize::MAX, sticky: false }));
        act(&path).unwrap();
        watch::stop().0
    })
}

/// What is wrong with how a change fails, if anything is; else what it said.
fn tried(
    history: &History,
    change: usize,
    act: Act,
    plan: Plan,
    folder: &Path,
) -> Result<Option<String>, String> {
    let (before, after) = (history.stores[change].1, history.stores[change + 1].1);
    let path = history.put(change, folder);
    watch::start(Some(plan));
    let done = catch_unwind(AssertUnwindSafe(|| act(&path)));
    watch::stop();
    let done = done.map_err(|_| "a panic")?;
    let content = judge::sound(&path)?;
    match &done {
        Ok(()) if content != after => return Err("said to be done and is not".to_owned()),
        Err(said) if said.trim().is_empty() => return Err("failed without a word".to_owned()),
        _ if content != before && content != after => {
            return Err("a part of it is there".to_owned());
        }
        _ => {}
    }
    if content == before {
        act(&path).map_err(|error| format!("cannot be done again: {error}"))?;
        let again = judge::sound(&path)?;
        if again != after {
            return Err("comes out otherwise when done again".to_owned());
        }
    }
    Ok(done.err())
}

/// A message without what differs from run to run.
fn kind_of(said: &str, folder: &Path) -> String {
    said.replace(&folder.display().to_string(), "…")
}

/// What came of all ways in which one change can fail: what is wrong, and how often it said what.
fn all_tried(history: &History, change: usize) -> (Vec<String>, BTreeMap<String, usize>) {
    let folder = crate::folder();
    let (name, act) = CHANGES[change];
    let mut random = Random::new(change as u64);
    let (mut wrong, mut messages) = (Vec::new(), BTreeMap::new());
    let calls = calls(history, change, act, folder.path());
    for plan in plans(calls, many(24, 100_000), &mut random) {
        match tried(history, change, act, plan, folder.path()) {
            Ok(said) => {
                let kind = said.map_or("done".to_owned(), |said| kind_of(&said, folder.path()));
                *messages.entry(kind).or_default() += 1;
            }
            Err(error) => wrong.push(format!("{name} with {plan:?}: {error}")),
        }
    }
    (wrong, messages)
}

#[test]
fn a_disk_that_fails_at_any_call_leaves_all_or_nothing() {
    let folder = crate::folder();
    let history = &History::of(folder.path());
    let (mut wrong, mut messages) = (Vec::new(), BTreeMap::<String, usize>::new());
    thread::scope(|scope| {
        let run = |change| scope.spawn(move || all_tried(history, change));
        let running: Vec<_> = (0..CHANGES.len()).map(run).collect();
        for thread in running {
            let (bad, said) = thread.join().unwrap();
            wrong.extend(bad);
            for (message, times) in said {
                *messages.entry(message).or_default() += times;
            }
        }
    });
    let count = messages.values().sum::<usize>() + wrong.len();
    println!("disk: {count} failures, {} wrong", wrong.len());
    for (message, times) in messages {
        println!("  {times:6} × {message}");
    }
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(30)].join("\n"));
}

/// What is wrong after a store was to be made while something failed; else whether it was made.
fn making(plan: Plan, content: u64) -> Result<bool, String> {
    let folder = crate::folder();
    let path = folder.path().join("store.dixit");
    watch::start(Some(plan));
    let done = catch_unwind(AssertUnwindSafe(|| example(&path)));
    watch::stop();
    let done = done.map_err(|_| "a panic")?;
    let names = fs::read_dir(folder.path()).unwrap().count();
    match done {
        Ok(()) if judge::sound(&path)? != content => Err("said to be made, and is another".into()),
        Ok(()) if names > 1 => Err("something is left beside it".to_owned()),
        Ok(()) => Ok(true),
        Err(said) if names > 0 => Err(format!("{said}, and something is there")),
        Err(_) => Ok(false),
    }
}

#[test]
fn a_disk_that_fails_while_a_store_is_made_leaves_all_or_nothing() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let content = history.stores[1].1;
    let calls = [Fault::Broken, Fault::Full].map(|fault| {
        let path = folder.path().join(format!("{fault:?}.dixit"));
        watch::start(Some(Plan { fault, at: usize::MAX, sticky: false }));
        example(&path).unwrap();
        watch::stop().0
    });
    let mut random = Random::new(24);
    // Where everything is kept already and only has to become one file.
    let last = (1..=30).flat_map(|back| {
        let at = calls[0] - back;
        [false, true].map(|sticky| Plan { fault: Fault::Broken, at, sticky })
    });
    let plans: Vec<Plan> =
        plans(calls, many(40, 100_000), &mut random).into_iter().chain(last).collect();
    let tried = plans.iter().map(|plan| (plan, making(*plan, content)));
    let (made, failed): (Vec<_>, Vec<_>) = tried.partition(|(_, ended)| *ended == Ok(true));
    let wrong: Vec<String> = failed
        .iter()
        .filter_map(|(plan, ended)| ended.as_ref().err().map(|error| format!("{plan:?}: {error}")))
        .collect();
    println!(
        "disk: {} failures while a store is made, it was made in {} cases, {} wrong",
        plans.len(),
        made.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(30)].join("\n"));
}

/// Command lines that read and write, `STORE` standing for the store.
const COMMANDS: &[&[&str]] = &[
    &["query", "--db", "STORE", "match (a:Actor) return a.name"],
    &["check", "--db", "STORE"],
    &[
        "write",
        "--db",
        "STORE",
        "--why",
        "a test",
        "insert (:Actor {key: 'x', name: 'X', kind: 'person', identity: 'named'})",
    ],
    &["undo", "1", "--db", "STORE", "--why", "a test"],
];

#[test]
fn a_command_on_a_failing_disk_says_so_with_code_4() {
    let folder = crate::folder();
    shim::install();
    let history = History::of(folder.path());
    let mut random = Random::new(6);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for command in COMMANDS {
        for _ in 0..many(12, 150) {
            count += 1;
            let path = history.put(1, folder.path());
            let most = if random.percent(50) { 40 } else { 400 };
            let at = random.below(most).to_string();
            let fault = if random.percent(60) { "broken" } else { "full" };
            let sticky = if random.percent(50) { "sticky" } else { "once" };
            let mut child = Command::new(FAULTS);
            child.args(["fail", fault, &at, sticky, "--"]);
            child.args(
                command
                    .iter()
                    .map(|word| if *word == "STORE" { path.as_os_str() } else { word.as_ref() }),
            );
            let out = child.output().unwrap();
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            let fair = match out.status.code() {
                Some(0) => true,
                // `dixit check` may find that the file is not sound.
                Some(1) => command[0] == "check",
                Some(4) => said.starts_with("error: ") && !said.contains("panicked"),
                _ => false,
            };
            if !fair {
                wrong.push(format!(
                    "{} with {fault} {at} {sticky}: {:?} {said}",
                    command[0],
                    out.status.code()
                ));
            }
            if let Err(error) = judge::sound(&path) {
                wrong.push(format!("{} with {fault} {at} {sticky}: {error}", command[0]));
            }
        }
    }
    println!("disk: {count} commands, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(30)].join("\n"));
    drop(fs::remove_dir_all(folder.path()));
}
