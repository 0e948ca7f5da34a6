//! The shipped program is killed at any moment of what it does. What is left opens, is sound and holds all or nothing; doing
//! it again comes to the same as doing it once.

use crate::{DIXIT, FAULTS, History, many};
use dixit_faults::{judge, random::Random};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What is killed: a command on a store that holds something; `STORE` and `SHEET` stand for the files.
struct Victim {
    name: &'static str,
    line: &'static [&'static str],
    /// The store it starts from, as a number of the history.
    from: usize,
    /// Whether it makes the store, so that nothing means no file.
    makes: bool,
}

const VICTIMS: &[Victim] = &[
    Victim { name: "import", line: &["import", "SHEET", "--db", "STORE"], from: 1, makes: false },
    Victim {
        name: "undo",
        line: &["undo", "1", "--db", "STORE", "--why", "a test"],
        from: 1,
        makes: false,
    },
    Victim {
        name: "write",
        line: &[
            "write",
            "--db",
            "STORE",
            "--why",
            "a test",
            "match (s:Statement) set s.note = 'seen'",
        ],
        from: 1,
        makes: false,
    },
    Victim {
        name: "merge",
        line: &["merge", "marco-rubio", "mike-rounds", "--db", "STORE", "--why", "a test"],
        from: 1,
        makes: false,
    },
    Victim { name: "demo", line: &["demo", "--db", "STORE"], from: 0, makes: true },
    Victim { name: "init", line: &["init", "STORE"], from: 0, makes: true },
];

/// A store to try on, and how it is before and after.
struct Trial<'t> {
    victim: &'t Victim,
    history: &'t History,
    folder: &'t Path,
    sheet: &'t Path,
    before: Option<u64>,
    after: u64,
    takes: Duration,
    /// How large the write-ahead log grows.
    log: u64,
}

impl<'t> Trial<'t> {
    fn new(victim: &'t Victim, history: &'t History, folder: &'t Path, sheet: &'t Path) -> Self {
        let before = (!victim.makes).then(|| history.stores[victim.from].1);
        let mut trial = Self {
            victim,
            history,
            folder,
            sheet,
            before,
            after: 0,
            takes: Duration::ZERO,
            log: 0,
        };
        let path = trial.put();
        let begun = Instant::now();
        let mut child = trial.command(&path).spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            trial.log = trial.log.max(size(&path, "-wal"));
            thread::sleep(Duration::from_micros(200));
        }
        assert!(child.wait().unwrap().success(), "{}", victim.name);
        trial.takes = begun.elapsed();
        trial.after = judge::sound(&path).unwrap();
        trial
    }

    /// The store as it is before.
    fn put(&self) -> PathBuf {
        let path = self.history.put(self.victim.from, self.folder);
        if self.victim.makes {
            fs::remove_file(&path).unwrap();
        }
        path
    }

    fn command(&self, path: &Path) -> Command {
        let mut command = Command::new(DIXIT);
        for word in self.victim.line {
            match *word {
                "STORE" => command.arg(path),
                "SHEET" => command.arg(self.sheet),
                word => command.arg(word),
            };
        }
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Kills it at some moment; gives whether it was too late, or what is wrong.
    fn cycle(&self, random: &mut Random) -> Result<bool, String> {
        let path = self.put();
        let mut child = self.command(&path).spawn().unwrap();
        if self.log > 0 && random.percent(50) {
            let most = usize::try_from(self.log).unwrap() / 4096 + 1;
            let enough = random.below(most) as u64 * 4096;
            while size(&path, "-wal") < enough.max(1) && child.try_wait().unwrap().is_none() {
                thread::sleep(Duration::from_micros(50));
            }
            // The last pages are written close to the moment when the change is kept.
            thread::sleep(Duration::from_micros(random.below(3000) as u64));
        } else {
            let micros = usize::try_from(self.takes.as_micros()).unwrap();
            thread::sleep(Duration::from_micros(random.below(micros + micros / 10) as u64));
        }
        child.kill().unwrap();
        let late = child.wait().unwrap().success();
        self.all_or_nothing(&path)?;
        Ok(late)
    }

    fn all_or_nothing(&self, path: &Path) -> Result<(), String> {
        let found = if path.exists() { Some(judge::sound(path)?) } else { None };
        if found == Some(self.after) {
            return Ok(());
        }
        if found != self.before {
            return Err("a part of it is there".to_owned());
        }
        let again = self.command(path).status().unwrap();
        let content = judge::sound(path)?;
        if again.success() && content == self.after {
            return Ok(());
        }
        Err(format!("done again it ends with {again} and comes out otherwise"))
    }
}

fn size(path: &Path, ending: &str) -> u64 {
    fs::metadata(format!("{}{ending}", path.display())).map_or(0, |meta| meta.len())
}

/// A coding sheet of so many rows.
fn sheet(folder: &Path, rows: usize) -> PathBuf {
    let path = folder.join("sheet.csv");
    let row = |row| {
        format!("Speaker {},asserts,Something number {row} is so,Some Paper,direct\n", row % 97)
    };
    let text = "speaker,act,claim,source,mode\n".to_owned();
    fs::write(&path, text + &(0..rows).map(row).collect::<String>()).unwrap();
    path
}

#[test]
fn a_killed_program_leaves_all_or_nothing() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let sheet = sheet(folder.path(), 600);
    let mut random = Random::new(9);
    for victim in VICTIMS {
        let trial = Trial::new(victim, &history, folder.path(), &sheet);
        let (mut wrong, mut late) = (Vec::new(), 0);
        let cycles = many(6, 200);
        for cycle in 0..cycles {
            match trial.cycle(&mut random) {
                Ok(was_late) => late += usize::from(was_late),
                Err(error) => wrong.push(format!("{}, cycle {cycle}: {error}", victim.name)),
            }
        }
        let Trial { takes, log, .. } = trial;
        println!(
            "killed: {} {cycles} times, {late} of them after its end; it takes {takes:?} and {log} bytes of log; {} wrong",
            victim.name,
            wrong.len()
        );
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// The same judge, and a program that keeps each row by itself.
#[test]
fn a_program_without_transactions_is_caught() {
    let folder = crate::folder();
    let history = History::of(folder.path());
    let sheet = sheet(folder.path(), 4000);
    let run =
        |path: &Path| Command::new(FAULTS).arg("careless").arg(path).arg(&sheet).spawn().unwrap();
    let path = history.put(1, folder.path());
    let before = judge::content(&path, false).unwrap();
    let begun = Instant::now();
    assert!(run(&path).wait().unwrap().success());
    let takes = usize::try_from(begun.elapsed().as_micros()).unwrap();
    let after = judge::content(&path, false).unwrap();
    let mut random = Random::new(10);
    let mut caught = 0;
    for _ in 0..12 {
        let path = history.put(1, folder.path());
        let mut child = run(&path);
        thread::sleep(Duration::from_micros(random.below(takes) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let content = judge::content(&path, false).unwrap();
        caught += usize::from(content != before && content != after);
    }
    println!("killed: a program without transactions is caught {caught} times of 12");
    assert!(caught > 0);
}
