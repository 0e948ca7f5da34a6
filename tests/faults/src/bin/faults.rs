//! Runs what has to be in a process of its own:
//!
//! * `faults fail broken|full AT once|sticky -- ARGUMENTS…`: dixit on a disk whose call number AT fails;
//! * `faults die AT REPORT ARGUMENTS…`: dixit that is killed before call number AT of those that leave something behind;
//!   how many there were is written into REPORT where it comes to its end;
//! * `faults careless STORE FILE`: imports a file as a program without transactions would;
//! * `faults open FOLDER FROM TO`: opens, checks and asks damaged stores, see `mutants`;
//! * `faults heap KILOBYTES CHANGE STORE`: makes a change, or asks, while the database may use so much memory;
//! * `faults read-only FOLDER PROGRAM ARGUMENTS…` and `faults small FOLDER KILOBYTES PROGRAM ARGUMENTS…`: see `media`;
//! * `faults measure REPORT SECONDS MEGABYTES PROGRAM ARGUMENTS…`: runs a program under limits and tells what it took.

use dixit_faults::{
    careless, changes, measure, media, mutants, shim,
    watch::{self, Fault, Plan},
};
use std::{env, ffi::OsString, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let line: Vec<OsString> = env::args_os().skip(1).collect();
    let words: Vec<&str> = line.iter().map(|word| word.to_str().unwrap_or("")).collect();
    match words.as_slice() {
        ["fail", fault, at, sticky, "--", ..] => {
            let fault = if *fault == "full" { Fault::Full } else { Fault::Broken };
            let plan = Plan { fault, at: at.parse().unwrap_or(0), sticky: *sticky == "sticky" };
            run(plan, &line[5..])
        }
        ["die", at, report, ..] => {
            let plan = Plan { fault: Fault::Killed, at: at.parse().unwrap_or(0), sticky: false };
            let code = run(plan, &line[3..]);
            match std::fs::write(report, watch::stop().0.to_string()) {
                Ok(()) => code,
                Err(error) => told(Err(error.to_string())),
            }
        }
        ["careless", store, file] => told(careless::import(Path::new(store), Path::new(file))),
        ["open", folder, from, to] => {
            let range = from.parse().unwrap_or(0)..to.parse().unwrap_or(0);
            told(mutants::open_all(Path::new(folder), range))
        }
        ["measure", report, seconds, megabytes, ..] => {
            let limits = (seconds.parse().unwrap_or(10), megabytes.parse().unwrap_or(4096));
            told(measure::run(Path::new(report), limits, &line[4..]))
        }
        ["heap", kilobytes, change, store] => told(heap(kilobytes, change, Path::new(store))),
        ["read-only", folder, ..] => code(media::read_only(Path::new(folder), &line[2..])),
        ["small", folder, kilobytes, ..] => {
            code(media::small(Path::new(folder), kilobytes.parse().unwrap_or(0), &line[3..]))
        }
        _ => told(Err("no such thing".to_owned())),
    }
}

/// dixit on files that do as planned.
fn run(plan: Plan, arguments: &[OsString]) -> ExitCode {
    shim::install();
    watch::start(Some(plan));
    let program = OsString::from("dixit");
    dixit::cli::run(std::iter::once(program).chain(arguments.iter().cloned()).collect())
}

/// The limit holds for the whole process, and nothing can raise it again.
fn heap(kilobytes: &str, change: &str, store: &Path) -> Result<(), String> {
    let said = |error: rusqlite::Error| error.to_string();
    let connection = rusqlite::Connection::open_in_memory().map_err(said)?;
    let limit: u64 = kilobytes.parse().unwrap_or(0) * 1024;
    let sql = format!("PRAGMA hard_heap_limit = {limit}");
    connection.query_row(&sql, [], |_| Ok(())).map_err(said)?;
    match changes::CHANGES.iter().find(|(name, _)| *name == change) {
        Some((_, act)) => act(store),
        None => mutants::asked(store),
    }
}

fn code(ended: Result<u8, String>) -> ExitCode {
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(99)
        }
    }
}

fn told(done: Result<(), String>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(4)
        }
    }
}
