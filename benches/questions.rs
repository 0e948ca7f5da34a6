//! Questions against hand-written SQL on one generated store, in one run: `cargo bench`.
//!
//! Prints for each question the median time of dixit (parsing, compiling and running) and of the SQL a person who knows
//! the tables would write, and the median of their ratios. The two run in turn, so that a machine that is busy for a
//! moment slows both down. `DIXIT_BENCH_ROWS` says how many statements to generate (200,000 unless told). Both must give
//! the same number of rows.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[expect(dead_code, reason = "its main is for the command line")]
#[path = "../examples/generate.rs"]
mod generate;

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use dixit::base::{date::Date, source::Source};
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Arguments, World};
use dixit::store::{self, Limits, Reader};
use dixit::{compile, import, lang};
use rusqlite::{Connection, OpenFlags};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often each is asked.
const ROUNDS: usize = 21;

/// Name, question, hand-written SQL.
const QUESTIONS: &[(&str, &str, &str)] = &[
    (
        "what one actor said",
        "match (:Actor 'Vedi Tiho 2136')-[s:said]->(c:Claim) return s.key, s.act, c.text",
        "select s.key, t.term, c.text from actor a join statement s on s.speaker = a.id
           join claim c on c.id = s.claim join term t on t.id = s.act where a.name = 'Vedi Tiho 2136'",
    ),
    (
        "who speaks most",
        "match (a:Actor)-[s:said]->(c:Claim) return a.name, count(*) as n order by n desc limit 10",
        "select a.name, n from (select speaker, count(*) as n from statement where claim is not null group by speaker) g
           join actor a on a.id = g.speaker order by n desc limit 10",
    ),
    (
        "statements of a month",
        "match (s:Statement) where s.date in 2020-05 return s.key",
        "select key from statement where date_first >= 20200501 and date_last <= 20200531",
    ),
    (
        "chains of tellers",
        "match (t:Statement)-[:reports]->+(s:Statement)-[:by]->(:Actor 'Vedi Tiho 2136') return t.key, s.key",
        "with recursive up(origin, id) as (
           select s.id, l.from_statement from actor a join statement s on s.speaker = a.id
             join statement_link l on l.to_statement = s.id
             where a.name = 'Vedi Tiho 2136' and l.link = (select id from term where vocabulary = 'link' and term = 'reports')
           union all
           select up.origin, l.from_statement from up cross join statement_link l on l.to_statement = up.id
             where l.link = (select id from term where vocabulary = 'link' and term = 'reports'))
         select t.key, s.key from up join statement t on t.id = up.id join statement s on s.id = up.origin",
    ),
    (
        "contested claims",
        "match (c:Claim) where exists { (c)<-[:affirms]-() } and exists { (c)<-[:disputes]-() } return c.key",
        "select key from claim c where
           exists (select 1 from statement s join term t on t.id = s.act where s.claim = c.id and t.polarity = 1) and
           exists (select 1 from statement s join term t on t.id = s.act where s.claim = c.id and t.polarity = -1)",
    ),
    (
        "full text",
        "match (c:Claim)<-[:of]-(s:Statement) where c.text matches 'stonai AND hitire' return s.key",
        "select s.key from claim_search f join statement s on s.claim = f.rowid where claim_search match 'stonai AND hitire'",
    ),
    (
        "statements by venue",
        "match (s:Statement)-[:at]->(v:Venue) return v.name, count(*) as n order by n desc limit 10",
        "select v.name, n from (select venue, count(*) as n from statement where venue is not null group by venue) g
           join venue v on v.id = g.venue order by n desc limit 10",
    ),
];

fn main() -> Outcome<()> {
    let rows = std::env::var("DIXIT_BENCH_ROWS")
        .ok()
        .and_then(|rows| rows.parse().ok())
        .unwrap_or(200_000);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.dixit");
    let started = Instant::now();
    make(rows, folder.path(), &path)?;
    println!(
        "{rows} statements generated and imported in {:.1} s\n",
        started.elapsed().as_secs_f64()
    );
    let reader = store::open(&path, &Limits::default())?;
    let catalog = Catalog::new(reader.catalogue()?)?;
    let plain = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    plain.execute_batch("pragma cache_size = -65536")?;
    println!("{:<24} {:>10} {:>10} {:>7} {:>9}", "question", "dixit", "by hand", "ratio", "rows");
    for (name, question, sql) in QUESTIONS {
        let mut rounds = Vec::new();
        let mut rows = 0;
        for _ in 0..ROUNDS {
            let ours = timed(|| ask(question, &catalog, &reader))?;
            let by_hand = timed(|| run(&plain, sql))?;
            if ours.1 != by_hand.1 {
                return Err(format!("{name}: {} rows, but {} by hand", ours.1, by_hand.1).into());
            }
            rows = ours.1;
            rounds.push((ours.0, by_hand.0, ours.0 / by_hand.0));
        }
        let [ours, by_hand, ratio] = [
            median(rounds.iter().map(|round| round.0)),
            median(rounds.iter().map(|round| round.1)),
            median(rounds.iter().map(|round| round.2)),
        ];
        println!("{name:<24} {:>10} {:>10} {ratio:>7.2} {:>9}", shown(ours), shown(by_hand), rows);
    }
    Ok(())
}

fn make(rows: u64, folder: &Path, path: &Path) -> Outcome<()> {
    let sheet = folder.join("sheet.csv");
    let mut out = BufWriter::new(File::create(&sheet)?);
    generate::generate(rows, &mut out)?;
    drop(out);
    let mut writer = store::create(path)?;
    let request = import::Request {
        paths: vec![sheet],
        create_missing: true,
        now: "2026-01-01T00:00:00Z".to_owned(),
        ..import::Request::default()
    };
    import::import(&mut writer, &request, &mut |_| {})?;
    Ok(())
}

/// How long it takes, in seconds, and the number of rows.
fn timed(run: impl FnOnce() -> Outcome<usize>) -> Outcome<(f64, usize)> {
    let started = Instant::now();
    let rows = run()?;
    Ok((started.elapsed().as_secs_f64(), rows))
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn ask(text: &str, catalog: &Catalog, reader: &Reader) -> Outcome<usize> {
    let script = lang::parse(&Source::inline(text)).map_err(|wrong| format!("{wrong:?}"))?;
    let (arguments, today) = (Arguments::default(), Date::of_day(20_260_101));
    let world = World { catalog, arguments: &arguments, today: &today };
    let mut rows = 0;
    for query in &script.queries {
        let compiled = compile(query, world).map_err(|wrong| format!("{wrong:?}"))?;
        reader.run(&compiled.statement, &mut |_| {
            rows += 1;
            ControlFlow::Continue(())
        })?;
    }
    Ok(rows)
}

fn run(connection: &Connection, sql: &str) -> Outcome<usize> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        for at in 0..columns {
            std::hint::black_box(row.get_ref(at)?);
        }
        count += 1;
    }
    Ok(count)
}

fn shown(seconds: f64) -> String {
    format!("{:.3} ms", seconds * 1000.0)
}
