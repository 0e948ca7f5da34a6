//! A store that lives: small worlds come in one after another, actors are judged to be one, names and nodes change, changes
//! are undone. After each step a copy is kept, and in the end each of them is held against what was recorded then.

use super::check::TODAY;
use super::random::Random;
use super::worlds::World;
use dixit::base::date::Date;
use dixit::base::instant::Instant;
use dixit::base::source::Source;
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Arguments, World as Meanings};
use dixit::store::backup::{self, Place};
use dixit::store::batch::{Batch, Plan};
use dixit::store::difference::{self, Detail, Difference, What};
use dixit::store::log::{Action, Change};
use dixit::store::{self, Limits, Reader};
use dixit::{compile, compile_writing, import, lang};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// How often each sort of step was taken and kept, and how many moments were held against copies.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    imports: usize,
    judgements: usize,
    names: usize,
    writes: usize,
    undos: usize,
    refused: usize,
    moments: usize,
}

impl Count {
    pub(crate) fn add(&mut self, other: Self) {
        let Self { imports, judgements, names, writes, undos, refused, moments } = other;
        self.imports += imports;
        self.judgements += judgements;
        self.names += names;
        self.writes += writes;
        self.undos += undos;
        self.refused += refused;
        self.moments += moments;
    }

    /// Every sort of step came, and more were taken than refused.
    pub(crate) fn is_enough(&self, sequences: usize) {
        let kept = [self.imports, self.judgements, self.names, self.writes, self.undos];
        assert!(kept.iter().all(|count| *count > 0), "{self:?}");
        assert!(self.refused < kept.iter().sum::<usize>() * 2, "{self:?}");
        assert!(self.moments >= sequences * 5, "{self:?}");
    }
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Import,
    Judgement,
    Name,
    Write,
    Undo,
}

/// A step was kept as this change, changed nothing, or was refused.
type Outcome = Result<Option<i64>, String>;

struct Live {
    folder: TempDir,
    path: PathBuf,
    clock: i64,
    last: i64,
    /// When something was changed, the copy made then, and what was done.
    moments: Vec<(Instant, PathBuf, String)>,
}

/// Lives one random life and holds each of its moments against the copy made then.
pub(crate) fn sequence(seed: u64) -> Count {
    let mut random = Random::new(seed);
    let mut live = Live::new();
    let mut count = Count::default();
    live.import(&persons(&mut random), false).expect("a random world comes in");
    live.remember("the first import");
    for _ in 0..14 {
        let (sort, what, outcome) = live.step(&mut random);
        match outcome {
            Ok(Some(_)) => {
                live.remember(&what);
                match sort {
                    Sort::Import => count.imports += 1,
                    Sort::Judgement => count.judgements += 1,
                    Sort::Name => count.names += 1,
                    Sort::Write => count.writes += 1,
                    Sort::Undo => count.undos += 1,
                }
            }
            Ok(None) => {}
            Err(_) => count.refused += 1,
        }
        let wrong = store::check::check(&open(&live.path)).unwrap();
        assert_eq!(wrong, [], "after {what}, seed {seed}");
    }
    for (moment, copy, what) in &live.moments {
        let (now, copy) = (open(&live.path), open(copy));
        let then = store::past::at(&now, moment).unwrap().unwrap_or(now);
        let told = differences(&copy, &then);
        assert!(told.is_empty(), "as recorded after {what}, seed {seed}: {told:#?}");
        let catalog = Catalog::new(copy.catalogue().unwrap()).unwrap();
        for query in questions(&catalog) {
            assert_eq!(ask(&then, &query), ask(&copy, &query), "{query} after {what}, seed {seed}");
        }
        count.moments += 1;
    }
    count
}

/// Everything that a person may see, and what depends on who is judged to be who.
fn questions(catalog: &Catalog) -> Vec<String> {
    let mut all: Vec<String> =
        catalog.kind_names().map(|kind| format!("match (x:{kind}) return x")).collect();
    let more = [
        "match (a)-[e]->(b) return type(e), a, e, b",
        "match (a:Actor) return a.key, a.name, a.aliases",
        "match (a:Actor)-[s:said]->(c) return a.key, count(*) as n, count(distinct c) as m",
        "match (a:Actor)-[:clashes_with]->(b:Actor) return a.key, b.key",
        "match (a:Actor 'lee') return a.key",
        "match (c:Claim) return c.key, independent_origins(c), contested(c)",
        "match any shortest path (a:Actor 'a0')-[]-{1,4}(b:Actor) return b.key, length(path)",
    ];
    all.extend(more.iter().map(|query| (*query).to_owned()));
    all
}

/// A random world; in most, all actors are persons with a name, who may be judged to be one.
fn persons(random: &mut Random) -> World {
    let mut world = World::random(random);
    if random.chance(80)
        && let Some(actors) = world.tables.get_mut("actors")
    {
        for row in &mut actors.rows {
            (row[2], row[3]) = ("person".to_owned(), "named".to_owned());
        }
    }
    world
}

fn open(path: &Path) -> Reader {
    store::open(path, &Limits::default()).unwrap()
}

/// What differs, besides what was declared later: that stays, without rows.
fn differences(one: &Reader, other: &Reader) -> Vec<String> {
    let mut told = Vec::new();
    let receive = &mut |found: Difference| {
        if !(found.kind.starts_with("declared ") && found.what == What::Added) {
            told.push(format!("{found:?}"));
        }
        ControlFlow::Continue(())
    };
    difference::between(one, other, Detail::All, receive).unwrap();
    told
}

fn ask(reader: &Reader, text: &str) -> Result<Vec<String>, String> {
    let script = lang::parse(&Source::inline(text)).map_err(|wrong| wrong[0].message.clone())?;
    let catalog = Catalog::new(reader.catalogue().unwrap()).unwrap();
    let (arguments, today) = (Arguments::default(), Date::parse(TODAY).unwrap());
    let world = Meanings { catalog: &catalog, arguments: &arguments, today: &today };
    let compiled = compile(&script.queries[0], world).map_err(|wrong| wrong[0].message.clone())?;
    let mut rows = Vec::new();
    reader.start();
    reader
        .run(&compiled.statement, &mut |row| {
            rows.push(format!("{row:?}"));
            ControlFlow::Continue(())
        })
        .map_err(|error| error.to_string())?;
    rows.sort();
    Ok(rows)
}

impl Live {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("live.dixit");
        drop(store::create(&path).unwrap());
        Self { folder, path, clock: 0, last: 0, moments: Vec::new() }
    }

    fn now(&mut self) -> Instant {
        self.clock += 60_000;
        Instant::at(20_260_102, self.clock)
    }

    /// Copies the store as `dixit backup` does.
    fn remember(&mut self, what: &str) {
        let copy = self.folder.path().join(format!("{}.dixit", self.clock));
        let place = Place::File(copy.clone());
        backup::backup(&self.path, &place, &mut |_, _| ControlFlow::Continue(())).unwrap();
        let moment = Instant::at(20_260_102, self.clock);
        self.moments.push((moment, copy, what.to_owned()));
        self.last = open(&self.path).changes().unwrap()[0].number;
    }

    fn step(&mut self, random: &mut Random) -> (Sort, String, Outcome) {
        let (one, other) = (format!("a{}", random.below(6)), format!("a{}", random.below(6)));
        match random.below(14) {
            0..3 => {
                let world = persons(random);
                let declared = random.chance(50) && world.lines().is_some();
                let outcome = self.import(&world, declared);
                (Sort::Import, format!("an import:\n{}", world.show()), outcome)
            }
            3..6 => {
                let what = format!("merge {one} {other}");
                let act = |batch: &Batch<'_>| {
                    let (one, other) = (batch.actor(&one)?, batch.actor(&other)?);
                    batch.judge_same(&one, &other).map(drop)
                };
                (Sort::Judgement, what, self.change(act))
            }
            6 => {
                let act = |batch: &Batch<'_>| {
                    let one = batch.actor(&one)?;
                    batch.judge_alone(&one).map(drop)
                };
                (Sort::Judgement, format!("merge --undo {one}"), self.change(act))
            }
            7 => {
                let act = |batch: &Batch<'_>| {
                    let (one, other) = (batch.actor(&one)?, batch.actor(&other)?);
                    batch.judge_different(&one, &other).map(drop)
                };
                (Sort::Judgement, format!("two: {one} {other}"), self.change(act))
            }
            8 => {
                let name = [random.word(&["Lee", "Zed", "The  Dept", "Zoe"]).to_owned()];
                let act = |batch: &Batch<'_>| {
                    let (kind, node) = batch.any(&one)?;
                    batch.rename((kind, &node), &name, &[]).map(drop)
                };
                (Sort::Name, format!("{one} goes by {name:?}"), self.change(act))
            }
            9..12 => {
                let text = write(random, &one);
                let outcome = self.write(&text);
                (Sort::Write, text, outcome)
            }
            _ => {
                let back = i64::try_from(random.below(3)).unwrap();
                let number = (self.last - back).max(1);
                (Sort::Undo, format!("undo {number}"), self.undo(number))
            }
        }
    }

    fn import(&mut self, world: &World, declared: bool) -> Outcome {
        let now = self.now();
        let files = self.folder.path().join(format!("files-{}", self.clock));
        let path = if let Some(lines) = world.lines().filter(|_| declared) {
            let path = files.with_extension("jsonl");
            std::fs::write(&path, lines).unwrap();
            path
        } else {
            std::fs::create_dir(&files).unwrap();
            world.write(&files);
            files
        };
        let request = import::Request {
            paths: vec![path],
            infer: declared,
            dates: declared,
            now: now.as_str().to_owned(),
            ..import::Request::default()
        };
        let mut writer = store::open_for_writing(&self.path).unwrap();
        let report = import::import(&mut writer, &request, &mut |_| ())
            .map_err(|error| error.to_string())?;
        match report.refused.first() {
            Some(refusal) => Err(refusal.reason.clone()),
            None => Ok(self.newest()),
        }
    }

    /// The number of the newest change, where that is a new one.
    fn newest(&self) -> Option<i64> {
        let newest = open(&self.path).changes().unwrap().first().map(|entry| entry.number);
        newest.filter(|number| *number > self.last)
    }

    fn change(
        &mut self,
        act: impl FnOnce(&Batch<'_>) -> Result<(), store::error::Error>,
    ) -> Outcome {
        self.done(Action::Write, |batch| act(batch).map_err(|error| error.to_string()))
    }

    fn undo(&mut self, number: i64) -> Outcome {
        let undo = |batch: &mut Batch<'_>| batch.undo(number).map_err(|error| error.to_string());
        self.done(Action::Undo(number), undo)
    }

    fn write(&mut self, text: &str) -> Outcome {
        let script =
            lang::parse(&Source::inline(text)).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
        self.done(Action::Write, |batch| {
            let catalog = Catalog::new(batch.catalogue().unwrap()).unwrap();
            let (arguments, today) = (Arguments::default(), Date::parse(TODAY).unwrap());
            let world = Meanings { catalog: &catalog, arguments: &arguments, today: &today };
            let written = compile_writing(&script.queries[0], world)
                .map_err(|wrong| wrong[0].message.clone())?;
            let done = batch.edit(&written.reading.statement, &written.edits);
            done.map(drop).map_err(|error| error.to_string())
        })
    }

    fn done(
        &mut self,
        action: Action,
        act: impl FnOnce(&mut Batch<'_>) -> Result<(), String>,
    ) -> Outcome {
        let now = self.now();
        let mut writer = store::open_for_writing(&self.path).unwrap();
        let mut batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
        act(&mut batch)?;
        batch.prove().map_err(|error| error.to_string())?;
        let change = Change { at: now.as_str(), who: None, why: None, action, files: &[] };
        Ok(batch.keep(&change).unwrap().map(|(number, _)| number))
    }
}

/// A random query that writes; it may well be refused.
fn write(random: &mut Random, actor: &str) -> String {
    let (statement, claim) = (random.below(8), random.below(4));
    let day = random.between(1, 28);
    match random.below(11) {
        0 => format!("match (a:Actor {{key: '{actor}'}}) set a.note = 'day {day}', a.name = 'Zed'"),
        1 => format!("match (a:Actor {{key: '{actor}'}}) set a.key = '{actor}-{day}'"),
        2 => format!("match (s:Statement 'm{statement}') set s.date = date '2025-12-{day:02}'"),
        3 => format!("match (s:Statement 'm{statement}') detach delete s"),
        4 => format!("match (a:Actor '{actor}') detach delete a"),
        5 => "match (c:Claim)-[e:contradicts|tension|implies]-(d) delete e".to_owned(),
        6 => format!(
            "match (a:Actor '{actor}') insert (a)-[:asserts {{note: '{day}'}}]->(:Claim 'c{claim}')"
        ),
        7 => format!("match (p:Person) set p.age = {day}"),
        8 => "match (p:Person)-[e:knows]->(q) delete e".to_owned(),
        9 => "match (p:Person 'p0') detach delete p".to_owned(),
        _ => format!("match (r:Relation)-[:known_from]->(:Source) set r.role = 'day {day}'"),
    }
}
