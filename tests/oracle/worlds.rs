//! Tiny random worlds: rows of CSV files, which the tool imports and the oracle reads.

use super::{declared, graph, random::Random};
use std::{collections::BTreeMap, fs, path::Path};

/// The rows of the files of a folder, by file.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) tables: BTreeMap<&'static str, Table>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Vec<String>>,
}

#[derive(Clone, Copy)]
pub(crate) struct Row<'w> {
    columns: &'static [&'static str],
    cells: &'w [String],
}

impl<'w> Row<'w> {
    pub(crate) fn get(&self, column: &str) -> &'w str {
        let at = self.columns.iter().position(|name| *name == column);
        at.map_or("", |at| &self.cells[at])
    }
}

const FILES: &[(&str, &[&str])] = &[
    ("actors", &["key", "name", "kind", "identity", "described_as", "wikidata", "aliases", "note"]),
    ("venues", &["key", "name", "kind", "within", "basis", "aliases", "note"]),
    ("topics", &["key", "name", "kind", "within", "aliases", "note"]),
    ("events", &["key", "name", "kind", "date", "venue", "within", "basis", "aliases", "note"]),
    (
        "sources",
        &[
            "key",
            "title",
            "kind",
            "access",
            "publisher",
            "author",
            "venue",
            "url",
            "published",
            "aliases",
            "note",
        ],
    ),
    ("claims", &["key", "text", "kind", "topic", "subject", "predicate", "object", "note"]),
    (
        "statements",
        &[
            "key",
            "speaker",
            "act",
            "claim",
            "certainty",
            "record",
            "date",
            "venue",
            "event",
            "utterance",
            "note",
        ],
    ),
    ("claim_about", &["claim", "about"]),
    ("statement_actors", &["statement", "role", "actor"]),
    ("attestations", &["statement", "source", "locator", "mode", "quote", "cites", "note"]),
    ("links", &["from", "relation", "to", "basis", "note"]),
    ("source_links", &["from", "relation", "to", "note"]),
    (
        "relations",
        &[
            "key",
            "from",
            "relation",
            "to",
            "role",
            "valid_from",
            "valid_to",
            "as_of",
            "source",
            "note",
        ],
    ),
    // Not files of their own: these come in as JSON lines.
    ("people", &["key", "name", "age", "score", "alive", "born", "tags", "levels", "extra"]),
    ("places", &["key", "title", "size"]),
    ("knows", &["key", "from", "to", "since", "trust", "how"]),
    ("lives_in", &["key", "from", "to"]),
    ("assessments", &["key", "target", "scale", "value", "assessor", "date", "note"]),
    // Judged by whoever works with the store.
    ("same_as", &["actor", "same"]),
];

const NO_FILES: &[&str] = &["people", "places", "knows", "lives_in", "same_as"];

pub(crate) const DATES: &[&str] = &[
    "2025-11-22",
    "2025-11-23",
    "2025-11-22",
    "2025-11",
    "2025",
    "2025?",
    "[..2025-11-22]",
    "2025-11-22/2025-11-24",
    "2025-12-01/..",
    "2024-02",
    "2026-01-05",
    "2025-10-31",
];
const NOTES: &[&str] = &["", "", "", "x", "y", "seen"];
const NAMES: &[&str] =
    &["Ann Lee", "Bob Ray", "Ann Lee", "Zoë Ång", "State Dept", "El Niño", "ann lee"];
const PLACES: &[&str] = &["Geneva", "Genève", "Halifax", "Europe", "Canada", "The Forum", "Kyiv"];
const WORDS: &[&str] = &["the plan", "was", "written", "by", "them", "is", "Fair", "war", "peace"];

fn cells<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

impl World {
    pub(crate) fn rows(&self, stem: &str) -> impl Iterator<Item = Row<'_>> {
        self.tables
            .get(stem)
            .into_iter()
            .flat_map(|table| table.rows.iter().map(|cells| Row { columns: table.columns, cells }))
    }

    pub(super) fn add(&mut self, stem: &'static str, row: Vec<String>) {
        let columns = FILES.iter().find(|file| file.0 == stem).unwrap().1;
        assert_eq!(columns.len(), row.len(), "{stem}");
        let table = self.tables.entry(stem).or_insert(Table { columns, rows: Vec::new() });
        if !table.rows.contains(&row) {
            table.rows.push(row);
        }
    }

    /// Writes the files into a folder.
    pub(crate) fn write(&self, folder: &Path) {
        for (stem, text) in self.files().filter(|(stem, _)| !NO_FILES.contains(stem)) {
            fs::write(folder.join(format!("{stem}.csv")), text).unwrap();
        }
    }

    /// What it declares, as JSON lines.
    pub(crate) fn lines(&self) -> Option<String> {
        declared::lines(self)
    }

    /// The files' texts.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        self.tables.iter().map(|(stem, table)| {
            let mut text = table.columns.join(",") + "\n";
            for row in &table.rows {
                let cells: Vec<String> = row
                    .iter()
                    .map(|cell| {
                        if cell.contains([',', '"']) {
                            format!("\"{}\"", cell.replace('"', "\"\""))
                        } else {
                            cell.clone()
                        }
                    })
                    .collect();
                text.push_str(&cells.join(","));
                text.push('\n');
            }
            (*stem, text)
        })
    }

    /// Reads the files back, as [`Self::show`] writes them.
    pub(crate) fn parse(text: &str) -> Self {
        let mut world = Self::default();
        let mut stem = "";
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix("## ") {
                let file = FILES.iter().find(|file| file.0 == name);
                stem = file.unwrap_or_else(|| panic!("there is no file {name}")).0;
                continue;
            }
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            world.add(stem, record.iter().map(str::to_owned).collect());
        }
        world
    }

    /// The same rows in another order.
    pub(crate) fn shuffled(&self, random: &mut Random) -> Self {
        let mut world = self.clone();
        for table in world.tables.values_mut() {
            for at in (1..table.rows.len()).rev() {
                table.rows.swap(at, random.below(at + 1));
            }
        }
        world
    }

    /// All rows, file after file, without headings.
    pub(crate) fn show(&self) -> String {
        let mut out = String::new();
        for (stem, text) in self.files() {
            let rows: Vec<&str> = text.lines().skip(1).collect();
            if !rows.is_empty() {
                out.push_str(&format!("## {stem}\n{}\n", rows.join("\n")));
            }
        }
        out
    }

    /// A random world.
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut world = Self::default();
        let counts = Counts {
            actors: random.between(3, 6),
            venues: random.between(2, 5),
            topics: random.between(1, 3),
            events: random.between(0, 3),
            sources: random.between(2, 3),
            claims: random.between(3, 5),
            statements: random.between(5, 10),
        };
        counts.nodes(&mut world, random);
        counts.sources_and_claims(&mut world, random);
        counts.statements(&mut world, random);
        counts.links(&mut world, random);
        counts.judgements(&mut world, random);
        if random.chance(40) {
            declared::add(&mut world, random);
        }
        if random.chance(40) {
            counts.same(&mut world, random);
        }
        world
    }
}

struct Counts {
    actors: usize,
    venues: usize,
    topics: usize,
    events: usize,
    sources: usize,
    claims: usize,
    statements: usize,
}

/// A key such as `a3`, or none for that share of cases.
fn key(random: &mut Random, letter: &str, count: usize, none: usize) -> String {
    if count == 0 || random.chance(none) {
        return String::new();
    }
    format!("{letter}{}", random.below(count))
}

fn some(random: &mut Random, from: &[&'static str], none: usize) -> &'static str {
    if random.chance(none) { "" } else { random.word(from) }
}

fn sentence(random: &mut Random) -> String {
    let words: Vec<&str> = (0..random.between(1, 3)).map(|_| random.word(WORDS)).collect();
    words.join(" ")
}

impl Counts {
    fn nodes(&self, world: &mut World, random: &mut Random) {
        for at in 0..self.actors {
            world.add(
                "actors",
                cells([
                    &format!("a{at}"),
                    random.word(NAMES),
                    some(random, &["person", "group", "state"], 20),
                    some(random, &["named", "described"], 30),
                    some(random, &["an aide", "a source"], 70),
                    some(random, &["Q1", "Q2"], 60),
                    some(random, &["Lee", "Bobby;Lee", "Zoe", "The  Dept"], 50),
                    random.word(NOTES),
                ]),
            );
        }
        for at in 0..self.venues {
            world.add(
                "venues",
                cells([
                    &format!("v{at}"),
                    random.word(PLACES),
                    some(random, &["city", "country", "forum"], 20),
                    &key(random, "v", at, 25),
                    &key(random, "s", self.sources, 60),
                    some(random, &["Genf", "Kiew;Kiev"], 70),
                    random.word(NOTES),
                ]),
            );
        }
        for at in 0..self.topics {
            world.add(
                "topics",
                cells([
                    &format!("t{at}"),
                    some(random, &["war", "peace"], 0),
                    some(random, &["issue", "law"], 20),
                    &key(random, "t", at, 30),
                    some(random, &["truce"], 70),
                    random.word(NOTES),
                ]),
            );
        }
        for at in 0..self.events {
            world.add(
                "events",
                cells([
                    &format!("e{at}"),
                    some(random, &["Talks", "Speech"], 0),
                    some(random, &["talks", "speech"], 30),
                    some(random, DATES, 30),
                    &key(random, "v", self.venues, 30),
                    &key(random, "e", at, 40),
                    &key(random, "s", self.sources, 60),
                    "",
                    random.word(NOTES),
                ]),
            );
        }
    }

    fn sources_and_claims(&self, world: &mut World, random: &mut Random) {
        for at in 0..self.sources {
            world.add(
                "sources",
                cells([
                    &format!("s{at}"),
                    some(random, &["Post", "News", "Post"], 0),
                    some(random, &["article", "speech"], 20),
                    some(random, &["read", "cited"], 20),
                    &key(random, "a", self.actors, 40),
                    &key(random, "a", self.actors, 40),
                    &key(random, "v", self.venues, 50),
                    some(random, &["http://x.y"], 60),
                    some(random, DATES, 25),
                    some(random, &["WaPo"], 60),
                    random.word(NOTES),
                ]),
            );
        }
        for at in 0..self.claims {
            let first = key(random, "t", self.topics, 25);
            let second = key(random, "t", self.topics, 60);
            let topics = if second.is_empty() || second == first {
                first
            } else {
                format!("{first};{second}").trim_matches(';').to_owned()
            };
            world.add(
                "claims",
                cells([
                    &format!("c{at}"),
                    &sentence(random),
                    some(random, &["fact", "norm"], 20),
                    &topics,
                    some(random, &["plan", "war"], 50),
                    some(random, &["is", "was"], 50),
                    some(random, &["fair", "x"], 50),
                    random.word(NOTES),
                ]),
            );
        }
    }

    fn statements(&self, world: &mut World, random: &mut Random) {
        for at in 0..self.statements {
            let act = random.pick(graph::ACTS).0;
            world.add(
                "statements",
                cells([
                    &format!("m{at}"),
                    &key(random, "a", self.actors, 0),
                    act,
                    &key(random, "c", self.claims, 20),
                    some(random, &["certain", "probable"], 30),
                    some(random, &["private", "on-record"], 40),
                    some(random, DATES, 25),
                    &key(random, "v", self.venues, 30),
                    &key(random, "e", self.events, 50),
                    some(random, &["u1", "u2"], 50),
                    random.word(NOTES),
                ]),
            );
            for _ in 0..random.between(1, 2) {
                world.add(
                    "attestations",
                    cells([
                        &format!("m{at}"),
                        &key(random, "s", self.sources, 0),
                        some(random, &["p1", "p2"], 30),
                        some(random, &["direct", "indirect", "unseen"], 30),
                        some(random, &["so he said", "the plan"], 50),
                        &key(random, "s", self.sources, 60),
                        random.word(NOTES),
                    ]),
                );
            }
        }
        let mut seen = Vec::new();
        for _ in 0..random.between(0, 7) {
            let row = cells([
                &key(random, "m", self.statements, 0),
                some(random, &["audience", "on-behalf-of", "co-speaker"], 0),
                &key(random, "a", self.actors, 0),
            ]);
            if !seen.contains(&row) {
                seen.push(row.clone());
                world.add("statement_actors", row);
            }
        }
    }

    fn links(&self, world: &mut World, random: &mut Random) {
        let mut seen: Vec<(String, String, String)> = Vec::new();
        for _ in 0..random.between(3, 12) {
            let (from, name, to) = match random.below(10) {
                0..5 => {
                    let name = random.word(graph::STATEMENT_LINKS);
                    let (from, to) = (random.below(self.statements), random.below(self.statements));
                    let same = Self::speaker(world, from) == Self::speaker(world, to);
                    if name == "reverses" && !same || name == "reports" && from <= to {
                        continue;
                    }
                    (format!("m{from}"), name, format!("m{to}"))
                }
                5 => (
                    key(random, "m", self.statements, 0),
                    random.word(graph::STATEMENT_CLAIM_LINKS),
                    key(random, "c", self.claims, 0),
                ),
                _ => (
                    key(random, "c", self.claims, 0),
                    random.word(graph::CLAIM_LINKS),
                    key(random, "c", self.claims, 0),
                ),
            };
            let same = |(f, n, t): &(String, String, String)| {
                n == name && (*f == from && *t == to || *f == to && *t == from)
            };
            if seen.iter().any(same) {
                continue;
            }
            seen.push((from.clone(), name.to_owned(), to.clone()));
            let basis = some(random, &["stated", "analyst"], 30);
            world.add("links", cells([&from, name, &to, basis, random.word(NOTES)]));
        }
        self.give_claims(world, random);
        let mut seen = Vec::new();
        for _ in 0..random.between(0, 4) {
            let row = [
                key(random, "s", self.sources, 0),
                random.word(graph::SOURCE_LINKS).to_owned(),
                key(random, "s", self.sources, 0),
            ];
            if !seen.contains(&row) {
                world.add("source_links", cells([&row[0], &row[1], &row[2], random.word(NOTES)]));
                seen.push(row);
            }
        }
    }

    /// A statement that is about no other one is about a claim.
    fn give_claims(&self, world: &mut World, random: &mut Random) {
        let linked: Vec<String> = world
            .rows("links")
            .filter(|row| graph::STATEMENT_LINKS.contains(&row.get("relation")))
            .map(|row| row.get("from").to_owned())
            .collect();
        let Some(table) = world.tables.get_mut("statements") else { return };
        let claim = table.columns.iter().position(|column| *column == "claim").unwrap();
        for row in &mut table.rows {
            if row[claim].is_empty() && !linked.contains(&row[0]) {
                row[claim] = key(random, "c", self.claims, 0);
            }
        }
    }

    fn speaker(world: &World, statement: usize) -> &str {
        world.rows("statements").nth(statement).unwrap().get("speaker")
    }

    fn any(&self, random: &mut Random) -> String {
        match random.below(12) {
            0..6 => key(random, "a", self.actors, 0),
            6 => key(random, "v", self.venues, 0),
            7 => key(random, "t", self.topics, 0),
            8 => key(random, "s", self.sources, 0),
            9 => key(random, "c", self.claims, 0),
            10 if self.events > 0 => key(random, "e", self.events, 0),
            _ => key(random, "m", self.statements, 0),
        }
    }

    /// Actors that are judged to be one, two or three at a time.
    fn same(&self, world: &mut World, random: &mut Random) {
        let mut actors: Vec<usize> = (0..self.actors).collect();
        for at in (1..actors.len()).rev() {
            actors.swap(at, random.below(at + 1));
        }
        while actors.len() > 1 {
            let most = actors.len().min(3);
            let group = actors.split_off(actors.len() - random.between(2, most));
            for other in &group[1..] {
                world.add("same_as", cells([&format!("a{other}"), &format!("a{}", group[0])]));
            }
            if random.chance(60) {
                break;
            }
        }
    }

    fn judgements(&self, world: &mut World, random: &mut Random) {
        let mut seen = Vec::new();
        for _ in 0..random.between(0, 4) {
            let row = [key(random, "c", self.claims, 0), self.any(random)];
            if !seen.contains(&row) {
                world.add("claim_about", cells([&row[0], &row[1]]));
                seen.push(row);
            }
        }
        for at in 0..random.between(0, 5) {
            let early = ["", "2024", "2024-02", "2025-11-22", "2025?"];
            let late = ["", "2026", "2025-11/..", "2026-01-05"];
            let (from, to) = (self.any(random), self.any(random));
            world.add(
                "relations",
                cells([
                    &format!("r{at}"),
                    &from,
                    random.word(graph::RELATIONS),
                    &to,
                    some(random, &["head", "member"], 40),
                    random.word(&early),
                    random.word(&late),
                    some(random, DATES, 70),
                    &key(random, "s", self.sources, 0),
                    random.word(NOTES),
                ]),
            );
        }
        for at in 0..random.between(0, 3) {
            let target = self.any(random);
            let scale = *random.pick(&[("credibility", "2"), ("source-reliability", "B")]);
            world.add(
                "assessments",
                cells([
                    &format!("x{at}"),
                    &target,
                    scale.0,
                    scale.1,
                    some(random, &["me", "them"], 40),
                    some(random, DATES, 40),
                    random.word(NOTES),
                ]),
            );
        }
    }
}
