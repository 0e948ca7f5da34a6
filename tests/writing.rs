//! Writing, undoing and asking of earlier times, at random: after every step the store keeps its rules, a refused step has
//! changed nothing, every earlier moment can be asked about, and undoing everything brings the start back.
//! `DIXIT_RANDOM` says how many sequences, `DIXIT_SEED` where to start.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run fails")]

mod house;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use dixit::base::date::Date;
use dixit::base::instant::Instant;
use dixit::base::source::Source;
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Arguments, World};
use dixit::store::batch::Plan;
use dixit::store::difference::{self, Detail, Difference};
use dixit::store::log::{Action, Change};
use dixit::store::{self, Limits, Reader};
use dixit::{answered, compile, compile_writing, import, lang};
use tempfile::TempDir;

/// A small generator, so that a seed gives the same sequence everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }

    fn pick<'a>(&mut self, list: &'a [String]) -> &'a str {
        let at = self.roll(list.len());
        list.get(at).map_or("none", String::as_str)
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 10] = [
            "zebra",
            "Ångström",
            "quick brown",
            "O'Brien",
            "plan",
            "Geneva",
            "ROBIN",
            "lake",
            "ß",
            "winter",
        ];
        WORDS[self.roll(WORDS.len())]
    }
}

struct Store {
    _folder: TempDir,
    path: std::path::PathBuf,
    clock: i64,
}

type Content = BTreeMap<String, Vec<String>>;

impl Store {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("world.dixit");
        let mut writer = store::create(&path).unwrap();
        import::import_geneva(&mut writer, "2026-01-01T00:00:00Z").unwrap();
        Self { _folder: folder, path, clock: 0 }
    }

    fn now(&mut self) -> Instant {
        self.clock += 60_000;
        Instant::at(20_260_102, self.clock)
    }

    /// Carries out a query; the number of the change, or nothing where nothing changed, or why it was refused.
    fn write(&mut self, text: &str) -> Result<Option<i64>, String> {
        let now = self.now();
        let script =
            lang::parse(&Source::inline(text)).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
        let mut writer = store::open_for_writing(&self.path).unwrap();
        let mut batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
        let catalog = Catalog::new(batch.catalogue().unwrap()).unwrap();
        let (arguments, today) = (Arguments::default(), Date::parse("2026-01-01").unwrap());
        for query in &script.queries {
            let world = World { catalog: &catalog, arguments: &arguments, today: &today };
            let written =
                compile_writing(query, world).map_err(|wrong| wrong[0].message.clone())?;
            let rows = batch
                .edit(&written.reading.statement, &written.edits)
                .map_err(|error| error.to_string())?;
            if let Some(answer) = written.answer {
                let answer = answered(answer.about(rows), &catalog).unwrap();
                batch.ask(&answer.statement, &mut |_| ControlFlow::Continue(())).unwrap();
            }
        }
        batch.prove().map_err(|error| error.to_string())?;
        let change = Change {
            at: now.as_str(),
            who: None,
            why: Some(text),
            action: Action::Write,
            files: &[],
        };
        Ok(batch.keep(&change).unwrap().map(|(number, _)| number))
    }

    fn undo(&mut self, number: i64) -> Result<Option<i64>, String> {
        let now = self.now();
        let mut writer = store::open_for_writing(&self.path).unwrap();
        let mut batch = writer.begin(Plan { dry_run: false, large: false }).unwrap();
        batch.undo(number).map_err(|error| error.to_string())?;
        batch.prove().map_err(|error| error.to_string())?;
        let action = Action::Undo(number);
        let change = Change { at: now.as_str(), who: None, why: None, action, files: &[] };
        Ok(batch.keep(&change).unwrap().map(|(number, _)| number))
    }

    /// Every row of every table but the log.
    fn content(&self) -> Content {
        let connection = rusqlite::Connection::open(&self.path).unwrap();
        let tables =
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'
            and name not like '%_search%' and name not in ('change', 'change_row') order by name";
        let mut statement = connection.prepare(tables).unwrap();
        let names: Vec<String> =
            statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let rows = |name: &String| {
            let mut statement = connection.prepare(&format!("select * from \"{name}\"")).unwrap();
            let width = statement.column_count();
            let mut rows: Vec<String> = statement
                .query_map([], |row| {
                    let values: Vec<rusqlite::types::Value> =
                        (0..width).map(|at| row.get(at)).collect::<Result<_, _>>()?;
                    Ok(format!("{values:?}"))
                })
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            rows.sort();
            rows
        };
        names.iter().map(|name| (name.clone(), rows(name))).collect()
    }

    /// What a person sees of a store: every node and every edge with its properties, what texts find.
    fn seen(reader: &Reader) -> Vec<String> {
        let catalog = Catalog::new(reader.catalogue().unwrap()).unwrap();
        let kinds = catalog.kind_names().map(|kind| format!("match (x:{kind}) return x"));
        let others = [
            "match (a)-[e]->(b) return type(e), a, e, b",
            "match (a:Actor) return a.key, a.aliases",
            "match (c:Claim) where c.text matches 'zebra OR plan OR winter' return c.key",
            "match (a:Actor) where a.name matches 'zebra OR brown OR winter' return a.key",
            "match ()-[x:in]->() where x.quote matches 'zebra OR lake' return x",
            "match (a:Actor 'ZEBRA') return a",
            "match (a:Actor 'angstrom') return a",
        ];
        let queries = kinds.chain(others.map(str::to_owned));
        queries.map(|text| Self::ask(reader, &catalog, &text)).collect()
    }

    fn ask(reader: &Reader, catalog: &Catalog, text: &str) -> String {
        let script = lang::parse(&Source::inline(text)).unwrap();
        let (arguments, today) = (Arguments::default(), Date::parse("2026-01-01").unwrap());
        let world = World { catalog, arguments: &arguments, today: &today };
        let compiled = compile(&script.queries[0], world).unwrap();
        let mut rows = Vec::new();
        reader.start();
        reader
            .run(&compiled.statement, &mut |row| {
                rows.push(format!("{row:?}"));
                ControlFlow::Continue(())
            })
            .unwrap();
        rows.sort();
        format!("{text}: {}", rows.join("\n"))
    }

    fn open(&self) -> Reader {
        store::open(&self.path, &Limits::default()).unwrap()
    }

    /// The store as it is, as a file.
    fn copy(&self) -> std::path::PathBuf {
        let path = self.path.with_file_name(format!("{}.dixit", self.clock));
        std::fs::copy(&self.path, &path).unwrap();
        path
    }

    /// What the log tells of the changes between two.
    fn between(&self, from: i64, to: i64) -> Vec<String> {
        let mut told = Vec::new();
        let receive = &mut |one| put(&mut told, &one);
        self.open().difference((from, to), Detail::All, receive).unwrap();
        told.sort();
        told
    }

    /// What two files show of the same.
    fn differs(from: &Path, to: &Path) -> Vec<String> {
        let open = |path: &Path| store::open(path, &Limits::default()).unwrap();
        let mut told = Vec::new();
        let receive = &mut |one| put(&mut told, &one);
        difference::between(&open(from), &open(to), Detail::All, receive).unwrap();
        told.sort();
        told
    }

    /// The keys of a kind.
    fn keys(&self, table: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(&self.path).unwrap();
        let mut statement =
            connection.prepare(&format!("select key from {table} order by key")).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Every rule holds, and the full-text indexes hold just what the tables do.
    fn check(&self) {
        assert_eq!(store::check::check(&self.open()).unwrap(), [], "the rules of the store");
        let connection = rusqlite::Connection::open(&self.path).unwrap();
        for index in ["actor_search", "source_search", "claim_search", "attestation_search"] {
            let sql = format!("insert into {index} ({index}, rank) values ('integrity-check', 1)");
            connection.execute(&sql, []).unwrap_or_else(|error| panic!("{index}: {error}"));
        }
    }
}

/// Whether the log knows something by its number that files know by its key: one that got another key, or was deleted and
/// came again.
fn is_known_otherwise(told: &[String]) -> bool {
    let came: Vec<&str> = told.iter().filter_map(|one| one.strip_prefix("added ")).collect();
    let whole = |one: &str| one.split_once(" None: ").map(|(node, _)| node.to_owned());
    let is_back = |one: &str| {
        let node = whole(one);
        node.is_some() && came.iter().any(|came| whole(came) == node)
    };
    let gone = told.iter().filter_map(|one| one.strip_prefix("deleted "));
    told.iter().any(|one| one.contains(" Some(\"key\"): ")) || gone.clone().any(is_back)
}

fn put(told: &mut Vec<String>, one: &Difference) -> ControlFlow<()> {
    let Difference { what, kind, key, property, before, after } = one;
    told.push(format!("{} {kind} {key} {property:?}: {before:?} → {after:?}", what.name()));
    ControlFlow::Continue(())
}

/// A random query that writes; it may well be refused.
#[expect(clippy::too_many_lines, reason = "one flat list of queries")]
fn random_write(store: &Store, dice: &mut Dice) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut key = |table: &str| quoted(dice.pick(&store.keys(table)));
    let (actor, other, claim, rival) = (key("actor"), key("actor"), key("claim"), key("claim"));
    let (statement, later) = (key("statement"), key("statement"));
    let (source, venue, topic, relation) =
        (key("source"), key("venue"), key("topic"), key("relation"));
    let (word, more) = (quoted(dice.word()), quoted(dice.word()));
    let act = ["asserts", "denies", "asks"][dice.roll(3)];
    let day = 1 + dice.roll(28);
    match dice.roll(31) {
        0 => {
            format!("insert (a:Actor {{name: {word}, kind: 'person', aliases: [{more}]}}) return a")
        }
        1 => format!(
            "insert (c:Claim {{text: {word} || ' ' || {more}}})-[:on]->(:Topic {{name: {word}}}), (c)-[:about]->(:Actor {actor})"
        ),
        2 => format!(
            "insert (:Actor {actor})-[s:{act} {{date: 2025-11-{day:02}}}]->(:Claim {claim}), (s)-[:in {{quote: {word}}}]->(:Source {source}), (s)-[:at]->(:Venue {venue}), (s)-[:to]->(:Actor {other}) return s.key"
        ),
        3 => format!("insert (:Actor {actor})-[s:{act}]->(:Claim {claim})"),
        4 => format!("match (a:Actor {{key: {actor}}}) set a.name = {word}, a.note = a.name"),
        5 => format!("match (a:Actor {{key: {actor}}}) set a.aliases = [{word}, {more}]"),
        6 => format!("match (a:Actor {{key: {actor}}}) set a.key = lower({word}) || '-{day}'"),
        7 => format!("match (a:Actor) set a.note = a.key || {word}"),
        8 => format!("match (c:Claim {{key: {claim}}}) set c.text = {word} || c.text"),
        9 => format!(
            "insert (:Claim {claim})-[:contradicts {{basis: 'analyst', note: {word}}}]->(:Claim {rival})"
        ),
        10 => "match (c:Claim)-[e:contradicts|tension]-(d) delete e".to_owned(),
        11 => format!("match (c:Claim {{key: {claim}}})-[e:contradicts]-() set e.note = {word}"),
        12 => format!("insert (:Claim {claim})-[:on]->(:Topic {topic})"),
        13 => format!("match (:Claim {{key: {claim}}})-[e:on]->() delete e"),
        14 => format!(
            "match (s:Statement {{key: {statement}}}), (t:Statement {{key: {later}}}) insert (s)-[:reports]->(t)"
        ),
        15 => format!(
            "match (s:Statement {{key: {statement}}})-[e:reports|follows|repeats]->() delete e"
        ),
        16 => format!("match (s:Statement {{key: {statement}}})-[x:in]->() delete x"),
        17 => format!(
            "match (s:Statement {{key: {statement}}})-[x:in]->() set x.quote = {word}, x.mode = 'direct'"
        ),
        18 => format!("match (s:Statement {{key: {statement}}}) detach delete s"),
        19 => format!("match (c:Claim {{key: {claim}}}) detach delete c"),
        20 => format!("match (c:Claim {{key: {claim}}})<-[:of]-(s) detach delete s, c"),
        21 => format!("match (a:Actor {{key: {actor}}}) detach delete a"),
        22 => format!("match (v:Venue {{key: {venue}}}) detach delete v"),
        23 => format!("match (t:Topic {{key: {topic}}}) delete t"),
        24 => format!(
            "insert (:Actor {actor})-[r:member_of {{role: {word}, valid_from: 2025-01-{day:02}}}]->(:Actor {other}), (r)-[:known_from]->(:Source {source})"
        ),
        25 => format!("match (r:Relation {{key: {relation}}}) delete r"),
        26 => format!(
            "match (s:Statement {{key: {statement}}}) set s.date = date '[..2025-11-{day:02}]', s.certainty = 'certain', s.act = '{act}'"
        ),
        27 => format!("match (s:Statement {{key: {statement}}}) remove s.date, s.note"),
        28 => format!(
            "match (s:Statement {{key: {statement}}})-[e:at]->() delete e; match (s:Statement {{key: {statement}}}) insert (s)-[:at]->(:Venue {venue})"
        ),
        29 => format!(
            "match (s:Statement {{key: {statement}}}) insert (x:Assessment {{scale: 'credibility', value: '{}', assessor: {word}}})-[:rates]->(s)",
            1 + day % 6
        ),
        _ => format!(
            "match (a:Actor {{key: {actor}}}) match (s:Statement)-[:by]->(a) insert (s)-[:with]->(:Actor {other})"
        ),
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Holds what the log says of the time between two changes against what copies show; how many pairs differed.
fn compare_moments(store: &Store, copies: &[std::path::PathBuf], every: usize, seed: u64) -> usize {
    let mut compared = 0;
    for (at, old) in copies.iter().enumerate() {
        for (later, new) in copies.iter().enumerate().skip(at).step_by(every) {
            let [from, to] = [at, later].map(|place| i64::try_from(place + 1).unwrap());
            let told = store.between(from, to);
            if is_known_otherwise(&told) {
                continue;
            }
            compared += usize::from(!told.is_empty());
            assert_eq!(told, Store::differs(old, new), "from change {from} to {to}, seed {seed}");
        }
    }
    compared
}

#[test]
fn random_changes_can_be_asked_about_and_undone() {
    let (sequences, seed) = (setting("DIXIT_RANDOM", 3000) / 500, setting("DIXIT_SEED", 1));
    let (mut done, mut refused, mut undone, mut compared) = (0, 0, 0, 0);
    for number in 0..sequences {
        let mut dice = Dice((seed + number).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut store = Store::new();
        let start = store.content();
        let mut before = start.clone();
        let mut moments = Vec::new();
        let mut copies = vec![store.copy()];
        let mut last = 1;
        for _ in 0..14 {
            let undoing = dice.roll(5) == 0;
            let (what, outcome) = if undoing {
                let number = i64::try_from(1 + dice.roll(usize::try_from(last).unwrap())).unwrap();
                (format!("undo {number}"), store.undo(number))
            } else {
                let text = random_write(&store, &mut dice);
                let outcome = store.write(&text);
                (text, outcome)
            };
            let now = store.content();
            match &outcome {
                Ok(Some(number)) => {
                    last = *number;
                    done += 1;
                    undone += u64::from(undoing);
                    let moment = Instant::at(20_260_102, store.clock);
                    moments.push((moment, Store::seen(&store.open()), what.clone()));
                    copies.push(store.copy());
                }
                Ok(None) => assert_eq!(now, before, "nothing changed, but: {what}"),
                Err(why) => {
                    refused += 1;
                    assert_eq!(now, before, "refused ({why}), but: {what}");
                }
            }
            store.check();
            before = now;
        }
        // All moments take long; in a short run every third is asked about.
        let every = if sequences > 10 { 1 } else { 3 };
        for (moment, seen, what) in moments.iter().step_by(every) {
            let now = store.open();
            let then = store::past::at(&now, moment).unwrap().unwrap_or(now);
            assert_eq!(Store::seen(&then), *seen, "as recorded after: {what}");
        }
        assert_eq!(copies.len(), usize::try_from(last).unwrap());
        compared += compare_moments(&store, &copies, every, seed + number);
        house::leaving::round_trip(&store.path);
        for number in (2..=last).rev() {
            store.undo(number).unwrap_or_else(|why| panic!("undoing {number}: {why}"));
        }
        store.check();
        assert_eq!(store.content(), start, "undoing everything, seed {}", seed + number);
    }
    assert!(done > refused / 4 && undone > 0, "{done} done, {refused} refused, {undone} undone");
    assert!(compared > 20, "{compared} pairs of moments were compared");
}

#[test]
fn a_write_that_is_killed_has_changed_nothing_or_everything() {
    let store = Store::new();
    let count = || store.content().get("actor").map_or(0, Vec::len);
    let before = count();
    for number in 0..8_u64 {
        let text = "for n in range(1, 3000) insert (:Actor {name: 'Actor ' || to_text(n)})";
        let mut child = Command::new(env!("CARGO_BIN_EXE_dixit"))
            .args(["write", text, "--why", "test", "--db"])
            .arg(&store.path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(40 * number));
        child.kill().unwrap();
        child.wait().unwrap();
        let added = count() - before;
        assert_eq!(added % 3000, 0, "{added} of 3000 actors are there");
        store.check();
    }
}
