//! The shipped program is killed at any moment of what it does. What is left opens, is sound and holds all or nothing; doing
//! it again comes to the same as doing it once.

use crate::{DIXIT, FAULTS, History, many, upgrade::Old};
use dixit_faults::{changes, judge, random::Random};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What a command starts from.
#[derive(Clone, Copy)]
enum Start {
    /// No store: it makes one.
    Nothing,
    /// A store, as a number of the history.
    Store(usize),
    /// A store of an earlier version.
    Old,
}

/// What is killed: a command; `STORE`, `SHEET` and `LARGE` stand for the files.
struct Victim {
    name: &'static str,
    line: &'static [&'static str],
    start: Start,
    /// How often it is killed in the full mode.
    times: usize,
}

const VICTIMS: &[Victim] = &[
    Victim {
        name: "import",
        line: &["import", "SHEET", "--db", "STORE"],
        start: Start::Store(1),
        times: 200,
    },
    Victim {
        name: "large import",
        line: &["import", "LARGE", "--db", "STORE"],
        start: Start::Store(0),
        times: 200,
    },
    Victim {
        name: "undo",
        line: &["undo", "1", "--db", "STORE", "--why", "a test"],
        start: Start::Store(1),
        times: 200,
    },
    Victim {
        name: "merge",
        line: &["merge", "marco-rubio", "mike-rounds", "--db", "STORE", "--why", "a test"],
        start: Start::Store(1),
        times: 200,
    },
    Victim { name: "upgrade", line: &["upgrade", "STORE"], start: Start::Old, times: 200 },
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
        start: Start::Store(1),
        times: 60,
    },
    Victim { name: "demo", line: &["demo", "--db", "STORE"], start: Start::Nothing, times: 60 },
    Victim { name: "init", line: &["init", "STORE"], start: Start::Nothing, times: 60 },
    Victim {
        name: "import into a new store",
        line: &["import", "GRAPH", "--infer", "--bare", "--db", "STORE"],
        start: Start::Nothing,
        times: 60,
    },
];

/// What the commands are about.
struct Scene {
    history: History,
    old: Old,
    folder: PathBuf,
}

impl Scene {
    fn new(folder: &Path) -> Self {
        for (name, text) in [
            ("SHEET", sheet(600)),
            ("LARGE", changes::large_sheet(1_000)),
            ("GRAPH", changes::graph_lines(300)),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        let history = History::of(folder);
        Self { history, old: Old::make(), folder: folder.to_owned() }
    }

    /// Words of a command line, with files in place of names.
    fn line(&self, words: &[&str], store: &Path) -> Vec<PathBuf> {
        let word = |word: &&str| match *word {
            "STORE" => store.to_owned(),
            "SHEET" | "LARGE" | "GRAPH" => self.folder.join(word),
            word => word.into(),
        };
        words.iter().map(word).collect()
    }
}

/// How many ended how.
#[derive(Debug, Default)]
struct Ends {
    before: usize,
    after: usize,
    /// Of those, how many were through when the kill came.
    late: usize,
}

/// A command to kill, and how the store is before and after.
struct Trial<'t> {
    victim: &'t Victim,
    scene: &'t Scene,
    before: Option<u64>,
    after: u64,
    takes: Duration,
    /// How many calls it makes that leave something behind.
    calls: usize,
    /// How large the write-ahead log grows.
    log: u64,
}

impl<'t> Trial<'t> {
    fn new(victim: &'t Victim, scene: &'t Scene) -> Self {
        let before = match victim.start {
            Start::Nothing => None,
            Start::Store(number) => Some(scene.history.stores[number].1),
            Start::Old => Some(scene.old.before),
        };
        let (takes, calls) = (Duration::MAX, 0);
        let mut trial = Self { victim, scene, before, after: 0, takes, calls, log: 0 };
        // The first time, the program has yet to be read.
        for _ in 0..2 {
            let path = trial.put();
            let begun = Instant::now();
            let mut child = trial.command(&path).spawn().unwrap();
            while child.try_wait().unwrap().is_none() {
                trial.log = trial.log.max(size(&path, "-wal"));
                thread::sleep(Duration::from_micros(200));
            }
            assert!(child.wait().unwrap().success(), "{}", victim.name);
            trial.takes = trial.takes.min(begun.elapsed());
            trial.after = judge::sound(&path).unwrap();
        }
        let path = trial.put();
        assert!(trial.dying(&path, usize::MAX).status().unwrap().success(), "{}", victim.name);
        trial.calls = fs::read_to_string(scene.folder.join("calls")).unwrap().parse().unwrap();
        assert!(trial.calls > 0 && judge::sound(&path).unwrap() == trial.after, "{}", victim.name);
        trial
    }

    /// The store as it is before, in a folder that holds nothing else.
    fn put(&self) -> PathBuf {
        let folder = self.scene.folder.join("trial");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir(&folder).unwrap();
        match self.victim.start {
            Start::Nothing => folder.join("store.dixit"),
            Start::Store(number) => self.scene.history.put(number, &folder),
            Start::Old => crate::put_at(&folder, &self.scene.old.bytes),
        }
    }

    fn command(&self, path: &Path) -> Command {
        let mut command = Command::new(DIXIT);
        command.args(self.scene.line(self.victim.line, path));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// The same, and it is killed before one of its calls.
    fn dying(&self, path: &Path, at: usize) -> Command {
        let mut command = Command::new(FAULTS);
        command.arg("die").arg(at.to_string()).arg(self.scene.folder.join("calls"));
        command.args(self.scene.line(self.victim.line, path));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Kills it at some moment.
    fn cycle(&self, random: &mut Random, ends: &mut Ends) -> Result<(), String> {
        let path = self.put();
        let ended = if random.percent(50) {
            let at = random.below(self.calls);
            self.dying(&path, at).status().unwrap()
        } else {
            let mut child = self.command(&path).spawn().unwrap();
            self.wait(&path, random, || child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap()
        };
        ends.late += usize::from(ended.success());
        let after = self.all_or_nothing(&path)?;
        if ended.success() && !after {
            return Err("it said that it was done, and nothing is there".to_owned());
        }
        ends.after += usize::from(after);
        ends.before += usize::from(!after);
        Ok(())
    }

    /// Until some moment of its time, or one close to that when the change is kept.
    fn wait(&self, path: &Path, random: &mut Random, mut runs: impl FnMut() -> bool) {
        if self.log > 0 && random.percent(50) {
            let most = usize::try_from(self.log).unwrap() / 4096 + 1;
            let enough = random.below(most) as u64 * 4096;
            while size(path, "-wal") < enough.max(1) && runs() {
                thread::sleep(Duration::from_micros(50));
            }
            thread::sleep(Duration::from_micros(random.below(3000) as u64));
        } else {
            let micros = usize::try_from(self.takes.as_micros()).unwrap();
            thread::sleep(Duration::from_micros(random.below(micros + micros / 10) as u64));
        }
    }

    /// What is there: nothing, or a store with a content.
    fn found(&self, path: &Path) -> Result<Option<u64>, String> {
        match self.victim.start {
            _ if !path.exists() => Ok(None),
            Start::Old if !self.scene.old.is_new(path)? => Ok(self.before),
            Start::Old | Start::Nothing | Start::Store(_) => judge::sound(path).map(Some),
        }
    }

    /// Whether all is there; an error where it is neither all nor nothing, or cannot be done again.
    fn all_or_nothing(&self, path: &Path) -> Result<bool, String> {
        let found = self.found(path)?;
        if found == Some(self.after) {
            return Ok(true);
        }
        if found != self.before {
            return Err("a part of it is there".to_owned());
        }
        let again = self.command(path).status().unwrap();
        if !again.success() || judge::sound(path)? != self.after {
            return Err(format!("done again it ends with {again} and comes out otherwise"));
        }
        let names = fs::read_dir(path.parent().unwrap()).unwrap();
        let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let known = |name: &String| name == "store.dixit" || name.ends_with(".backup");
        names.find(|name| !known(name)).map_or(Ok(false), |name| Err(format!("{name} is left")))
    }
}

fn size(path: &Path, ending: &str) -> u64 {
    fs::metadata(format!("{}{ending}", path.display())).map_or(0, |meta| meta.len())
}

/// A coding sheet of so many rows.
fn sheet(rows: usize) -> String {
    let row = |row| {
        format!("Speaker {},asserts,Something number {row} is so,Some Paper,direct\n", row % 97)
    };
    "speaker,act,claim,source,mode\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

#[test]
fn a_killed_program_leaves_all_or_nothing() {
    let folder = crate::folder();
    let scene = Scene::new(folder.path());
    let mut random = Random::new(9);
    for victim in VICTIMS {
        let trial = Trial::new(victim, &scene);
        let (mut wrong, mut ends) = (Vec::new(), Ends::default());
        let cycles = many(8, victim.times);
        for cycle in 0..cycles {
            if let Err(error) = trial.cycle(&mut random, &mut ends) {
                wrong.push(format!("{}, cycle {cycle}: {error}", victim.name));
            }
        }
        let Trial { takes, calls, .. } = trial;
        let Ends { before, after, late } = ends;
        println!(
            "killed: {} {cycles} times in {calls} calls and {takes:?}: {before} as before, {after} as after, {late} of them \
             at its end; {} wrong",
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
    let file = folder.path().join("sheet.csv");
    fs::write(&file, sheet(4000)).unwrap();
    let run =
        |path: &Path| Command::new(FAULTS).arg("careless").arg(path).arg(&file).spawn().unwrap();
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
