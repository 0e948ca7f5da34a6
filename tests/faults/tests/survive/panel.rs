//! A hundred inputs that are meant to hurt. Each ends by itself, in time, in little memory, with the code it always has.

use crate::{DIXIT, FAULTS, History, is_full};
use dixit_faults::{
    inputs, judge,
    measure::{self, End, Taken},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use tempfile::TempDir;

#[path = "panel_rows.rs"]
mod panel_rows;
use panel_rows::{HEAVY, ROWS};

/// A row of the panel: its name, its code, what is set in the environment, and the command line. `A=B` words in front set
/// the environment; `< FILE` and `> FILE` behind stand for where it reads from and writes to.
pub type Row = (&'static str, i32, &'static [&'static str]);

/// Names a program as it is shipped, for which the panel then holds.
const RELEASED: &str = "DIXIT_RELEASED";
const MEGABYTES: u64 = 256;
/// So many run at once.
const THREADS: usize = 3;

struct Ended {
    taken: Option<Taken>,
    said: String,
    /// What is wrong with the store afterwards.
    harm: Option<String>,
}

/// What is tried, and how many milliseconds of the processor one input may take: a program with checks in it is slower.
fn program() -> (PathBuf, u64) {
    match env::var_os(RELEASED) {
        Some(path) => (fs::canonicalize(path).unwrap(), 2_000),
        None => (DIXIT.into(), if cfg!(debug_assertions) { 8_000 } else { 2_000 }),
    }
}

fn run(number: usize, (_, _, words): &Row, folder: &Path, history: &History) -> Ended {
    // A store of its own, so that one row does not change what another finds.
    let place = folder.join(format!("place-{number}"));
    fs::create_dir(&place).unwrap();
    let store = history.put(1, &place);
    let report = place.join("report");
    let mut command = Command::new(FAULTS);
    command.arg("measure").arg(&report).args(["60", "8192"]).arg(program().0).current_dir(folder);
    command
        .env("HOME", &place)
        .env("XDG_CONFIG_HOME", place.join("none"))
        .env("RUST_BACKTRACE", "0");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut words = words.iter().peekable();
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        if !name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_') {
            break;
        }
        command.env(name, value.replace("HERE", &folder.display().to_string()));
        words.next();
    }
    while let Some(word) = words.next() {
        match *word {
            "STORE" => command.arg(&store),
            "LONG" => command.arg("x".repeat(100_000)),
            "PLACE" => command.arg(place.join("out.csv")),
            "BYTES" => command.arg(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(
                b"\xff\xfe.dixit",
            )),
            "<" => command.stdin(fs::File::open(folder.join(words.next().unwrap())).unwrap()),
            ">" => {
                let path = folder.join(words.next().unwrap());
                command.stdout(fs::OpenOptions::new().write(true).open(path).unwrap())
            }
            word => command.arg(word),
        };
    }
    let out = command.output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let harm = judge::sound(&store).err();
    let taken = measure::read(&report);
    fs::remove_dir_all(&place).unwrap();
    Ended { taken, said, harm }
}

/// What is wrong with how a row ended, if anything is.
fn verdict((name, code, _): &Row, Ended { taken, said, harm }: &Ended) -> Result<(), String> {
    let told: String = said.chars().take(300).collect();
    let Some(taken) = taken else { return Err(format!("{name}: was not run: {told}")) };
    let wrong = match taken.end {
        _ if harm.is_some() => format!("leaves the store as {harm:?}"),
        _ if said.contains("panicked") => "panics".to_owned(),
        End::Signal(signal) => format!("ends by signal {signal}"),
        End::Late => "does not end".to_owned(),
        End::Code(found) if found != *code => format!("ends with {found}, not {code}"),
        End::Code(_) if taken.megabytes >= MEGABYTES => format!("takes {} MB", taken.megabytes),
        End::Code(_) if taken.cpu_millis >= program().1 => format!("takes {} ms", taken.cpu_millis),
        End::Code(code) if code > 0 && said.trim().is_empty() => "says nothing".to_owned(),
        End::Code(_) if has_controls(said) => "lets through what a terminal obeys".to_owned(),
        End::Code(_) => return Ok(()),
    };
    Err(format!("{name}: {wrong} ({} ms, {} MB): {told}", taken.cpu_millis, taken.megabytes))
}

fn has_controls(said: &str) -> bool {
    said.chars().any(|letter| {
        letter.is_control() && letter != '\n' && letter != '\t' || letter == '\u{202e}'
    })
}

#[test]
fn a_hundred_hostile_inputs_end_in_order() {
    let rows: Vec<&Row> = ROWS.iter().filter(|row| is_full() || !HEAVY.contains(&row.0)).collect();
    assert!(rows.len() >= 100);
    let folder = TempDir::new().unwrap();
    let history = History::of(folder.path());
    inputs::make(folder.path()).unwrap();
    let next = AtomicUsize::new(0);
    let ended = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(number) else { break };
                    let one = run(number, row, folder.path(), &history);
                    ended.lock().unwrap().push((*row, one));
                }
            });
        }
    });
    let ended = ended.into_inner().unwrap();
    assert_eq!(ended.len(), rows.len());
    let wrong: Vec<String> =
        ended.iter().filter_map(|(row, one)| verdict(row, one).err()).collect();
    let taken = |part: fn(&Taken) -> u64| {
        let of = |(row, one): &(&Row, Ended)| one.taken.as_ref().map(|taken| (part(taken), row.0));
        ended.iter().filter_map(of).max().unwrap()
    };
    println!(
        "panel of {}: {} inputs, {} wrong; most memory {:?} MB, most time {:?} ms CPU, {:?} ms wall",
        program().0.display(),
        ended.len(),
        wrong.len(),
        taken(|taken| taken.megabytes),
        taken(|taken| taken.cpu_millis),
        taken(|taken| taken.millis)
    );
    if is_full() || !wrong.is_empty() {
        for ((name, code, _), Ended { taken, said, .. }) in &ended {
            let first = said.lines().next().unwrap_or_default();
            println!(
                "  {name}: {code}, {:?}: {}",
                taken,
                first.chars().take(160).collect::<String>()
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
