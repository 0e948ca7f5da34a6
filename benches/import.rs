//! Importing against a loader written by hand, in one run: `cargo bench --bench import`.
//!
//! Prints for a coding sheet and for the nodes and edges of a graph the median time of dixit, that of a program that
//! knows the tables it fills, the median of their ratios, and how large the file is against that of the other. The
//! loader by hand believes its input: it has the same rows and indexes, but no keys, no search, no log of changes, and it
//! looks at no term, date or length. The two run in turn. `DIXIT_BENCH_ROWS` says how many rows there are (200,000 unless
//! told).

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[expect(dead_code, reason = "its main is for the command line")]
#[path = "../examples/generate.rs"]
mod generate;

use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use dixit::{import, store};
use rusqlite::{Connection, OpenFlags, Statement, params};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often each is done.
const ROUNDS: usize = 5;

const CLAIMS: &str = "
create table actor (id integer primary key, name text not null unique);
create table claim (id integer primary key, name text not null unique);
create table source (id integer primary key, name text not null unique);
create table venue (id integer primary key, name text not null unique);
create table statement (id integer primary key, speaker integer not null, act text not null, claim integer, date text,
  venue integer, source integer not null, quote text, locator text);";

const CLAIM_INDEXES: &str = "
create index statement_speaker on statement (speaker, claim, act, date);
create index statement_claim on statement (claim, act, speaker, date);
create index statement_venue on statement (venue, act, date);
create index statement_source on statement (source);
create index statement_date on statement (date);";

const GRAPH: &str = "
create table town (id integer primary key, key text not null unique, people integer);
create table road (id integer primary key, start integer not null, end integer not null);";

const GRAPH_INDEXES: &str = "
create index road_start on road (start, end);
create index road_end on road (end, start);";

fn main() -> Outcome<()> {
    let told = std::env::var("DIXIT_BENCH_ROWS").ok().and_then(|rows| rows.parse().ok());
    let rows: u64 = told.unwrap_or(200_000);
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    let (sheet, towns) = (at("sheet.csv"), at("towns.jsonl"));
    let mut out = BufWriter::new(File::create(&sheet)?);
    generate::generate(rows, &mut out)?;
    drop(out);
    graph(rows, &towns)?;
    println!(
        "{:<28} {:>10} {:>10} {:>7} {:>12} {:>7}",
        "what comes in", "dixit", "by hand", "ratio", "rows/s", "size"
    );
    let (path, other) = (at("ours.dixit"), at("by-hand.db"));
    let paths = (path.as_path(), other.as_path());
    compare("a sheet", rows, paths, &|path| ours(path, &sheet, false), &|path| {
        claims_by_hand(path, &sheet)
    })?;
    compare(
        "a graph, nodes and edges",
        rows * 2,
        paths,
        &|path| ours(path, &towns, true),
        &|path| graph_by_hand(path, &towns),
    )
}

/// Fills a file and tells how many rows came in.
type Fill<'f> = &'f dyn Fn(&Path) -> Outcome<u64>;

fn compare(
    name: &str,
    rows: u64,
    (path, other): (&Path, &Path),
    ours: Fill<'_>,
    by_hand: Fill<'_>,
) -> Outcome<()> {
    let (mut times, mut others, mut ratios, mut sizes) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
    for _ in 0..ROUNDS {
        let (time, size, count) = timed(path, ours)?;
        let (by_hand, other_size, by_hand_count) = timed(other, by_hand)?;
        if count != by_hand_count {
            return Err(format!("{name}: {count} rows, but {by_hand_count} by hand").into());
        }
        times.push(time);
        others.push(by_hand);
        ratios.push(time / by_hand);
        sizes = size / other_size;
    }
    let (time, by_hand, ratio) = (median(times), median(others), median(ratios));
    #[expect(clippy::cast_precision_loss, reason = "it is shown without decimals")]
    let speed = rows as f64 / time;
    println!("{name:<28} {time:>8.2} s {by_hand:>8.2} s {ratio:>7.2} {speed:>12.0} {sizes:>7.2}");
    Ok(())
}

/// How long it takes to fill a new file, in seconds, how large it is, and how many rows came in.
fn timed(path: &Path, fill: Fill<'_>) -> Outcome<(f64, f64, u64)> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    let started = Instant::now();
    let count = fill(path)?;
    let time = started.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "only the ratio is shown")]
    let size = fs::metadata(path)?.len() as f64;
    Ok((time, size, count))
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// Towns with a number of people, and a road from each to another.
fn graph(rows: u64, path: &Path) -> Outcome<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let spread = |number: u64, most: u64| number.wrapping_mul(2_654_435_761) % most;
    for town in 0..rows {
        let people = spread(town, 1_000_000);
        writeln!(
            out,
            r#"{{"type":"node","id":"town-{town}","labels":["Town"],"properties":{{"people":{people}}}}}"#
        )?;
    }
    for town in 0..rows {
        let other = spread(town + 1, rows);
        writeln!(
            out,
            r#"{{"type":"relationship","label":"road","start":{{"id":"town-{town}","labels":["Town"]}},"end":{{"id":"town-{other}","labels":["Town"]}}}}"#
        )?;
    }
    out.flush()?;
    Ok(())
}

/// Statements or nodes that came in.
fn ours(path: &Path, file: &Path, graph: bool) -> Outcome<u64> {
    let mut writer = if graph { store::create_bare(path)? } else { store::create(path)? };
    let request = import::Request {
        paths: vec![file.to_owned()],
        create_missing: true,
        infer: graph,
        now: "2026-01-01T00:00:00Z".to_owned(),
        ..import::Request::default()
    };
    import::import(&mut writer, &request, &mut |_| {})?;
    drop(writer);
    let kind = if graph { "Town" } else { "Statement" };
    let counts = store::open(path, &store::Limits::default())?.counts()?;
    Ok(counts.into_iter().find_map(|(name, count)| (name == kind).then_some(count)).unwrap_or(0))
}

fn count(path: &Path, table: &str) -> rusqlite::Result<u64> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let sql = format!("select count(*) from {table}");
    connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
}

fn by_hand(path: &Path, tables: &str) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch("pragma cache_size = -163840; pragma foreign_keys = off")?;
    connection.execute_batch(&format!("begin; {tables}"))?;
    Ok(connection)
}

/// The ids of names in a table, which are added where they are new.
struct Names<'c> {
    insert: Statement<'c>,
    known: HashMap<String, i64>,
}

impl<'c> Names<'c> {
    fn of(connection: &'c Connection, table: &str) -> rusqlite::Result<Self> {
        let insert =
            connection.prepare(&format!("insert into {table} (id, name) values (?1, ?2)"))?;
        Ok(Self { insert, known: HashMap::new() })
    }

    fn id(&mut self, name: &str) -> rusqlite::Result<Option<i64>> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(id) = self.known.get(name) {
            return Ok(Some(*id));
        }
        let id = i64::try_from(self.known.len()).unwrap_or(i64::MAX) + 1;
        self.insert.execute((id, name))?;
        self.known.insert(name.to_owned(), id);
        Ok(Some(id))
    }
}

fn claims_by_hand(path: &Path, sheet: &Path) -> Outcome<u64> {
    let connection = by_hand(path, CLAIMS)?;
    {
        let names = |table| Names::of(&connection, table);
        let (mut actors, mut claims) = (names("actor")?, names("claim")?);
        let (mut sources, mut venues) = (names("source")?, names("venue")?);
        let mut insert = connection.prepare(
            "insert into statement (speaker, act, claim, date, venue, source, quote, locator)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let mut reader = csv::Reader::from_path(sheet)?;
        let headings = reader.headers()?.clone();
        let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap_or(0);
        let places =
            ["speaker", "act", "claim", "date", "venue", "source", "quote", "locator"].map(at);
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record)? {
            let [speaker, act, claim, date, venue, source, quote, locator] =
                places.map(|place| record.get(place).unwrap_or_default());
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            insert.execute(params![
                actors.id(speaker)?,
                act,
                claims.id(claim)?,
                some(date),
                venues.id(venue)?,
                sources.id(source)?,
                some(quote),
                some(locator),
            ])?;
        }
    }
    connection.execute_batch(&format!("{CLAIM_INDEXES} commit"))?;
    drop(connection);
    Ok(count(path, "statement")?)
}

fn graph_by_hand(path: &Path, file: &Path) -> Outcome<u64> {
    let connection = by_hand(path, GRAPH)?;
    {
        let mut town =
            connection.prepare("insert into town (id, key, people) values (?1, ?2, ?3)")?;
        let mut road = connection.prepare("insert into road (start, end) values (?1, ?2)")?;
        // The number of a town is in its key, so nothing has to be looked up.
        let id =
            |value: &serde_json::Value| value.as_str()?.strip_prefix("town-")?.parse::<i64>().ok();
        for line in BufReader::new(File::open(file)?).lines() {
            let row: serde_json::Value = serde_json::from_str(&line?)?;
            if row["type"] == "node" {
                let properties = &row["properties"];
                let values = (id(&row["id"]), row["id"].as_str(), properties["people"].as_i64());
                town.execute(values)?;
            } else {
                road.execute((id(&row["start"]["id"]), id(&row["end"]["id"])))?;
            }
        }
    }
    connection.execute_batch(&format!("{GRAPH_INDEXES} commit"))?;
    drop(connection);
    Ok(count(path, "town")?)
}
