//! `dixit stats`: what is in a store, in figures. What is counted of claims is asked in the language, in `QUESTIONS`.

use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::args::Stats;
use crate::cli::engine::Store;
use crate::cli::failure::Failure;
use crate::cli::world::World;
use crate::record::catalogue::{Catalogue, End};
use crate::store::stats::EdgeCount;
use std::path::Path;

/// Up to so many months are told one by one; of more, the years.
const MONTHS: usize = 24;
/// So many edges are told in a table.
const EDGES: usize = 20;

/// What is asked of a store that has claims.
struct Questions {
    acts: &'static str,
    speakers: &'static str,
    sources: &'static str,
    times: &'static str,
    relayed: &'static str,
    unnamed: &'static str,
    contested: &'static str,
}

const QUESTIONS: Questions = Questions {
    acts: "match (s:Statement) return s.act as act, count(*) as n order by n desc, act",
    speakers: "match (s:Statement)-[:by]->(a:Actor) with a, count(*) as n order by n desc, a.key limit 10 return a.name, n",
    sources: "match (s:Statement)-[:in]->(o:Source) with o, count(distinct s) as n order by n desc, o.key limit 5 return o.title, n",
    times: "match (s:Statement) return year(s.date) as y, month(s.date) as m, count(*), count(s.date), count(day(s.date)) order by y, m",
    relayed: "match (s:Statement)<-[:reports]-(:Statement) return count(distinct s)",
    unnamed: "match (:Statement)-[:by]->(a:Actor) where unnamed(a) return count(*)",
    contested: "match (c:Claim) where contested(c) return count(*)",
};

const NOTHING_DECLARED: &str =
    "nothing is declared yet: `dixit schema apply FILE`, or `dixit import FILE --infer`";
const NOTHING_HELD: &str = "it is empty: `dixit import PATH` fills it";

/// How many questions there are, and the counting of edges.
const STEPS: u64 = 8;

/// One figure.
struct Figure {
    name: String,
    count: Option<i64>,
    /// What it is a part of.
    of: Option<i64>,
    value: Option<String>,
}

/// Figures of one sort.
struct Section {
    what: &'static str,
    figures: Vec<Figure>,
}

pub(super) fn run(args: Stats, world: World<'_>) -> Result<(), Failure> {
    let Stats { store, output } = args;
    let world = world.about(store);
    let path = world.store()?;
    let store = world.open_at(&path)?;
    let catalogue = store.catalogue()?;
    let kinds = store.counts()?;
    let mut progress = world.terminal.progress(STEPS);
    let mut asked = 0;
    let mut tick = || {
        asked += 1;
        progress.set(asked);
    };
    let mut sections = vec![about(&path, &store)?, counted("kind", kinds.clone())];
    sections.push(edges(store.edge_counts(&catalogue)?, &catalogue));
    tick();
    if catalogue.graph.claims {
        sections.extend(of_claims(&store, &kinds, &mut tick)?);
    }
    drop(progress);
    sections.retain(|section| !section.figures.is_empty());
    let together = !output.format()?.several;
    let all = if together {
        vec![in_one(sections)]
    } else {
        sections.into_iter().map(Section::list).collect()
    };
    lists(&all, &output, &world)?;
    let is_empty = kinds.iter().all(|(_, count)| *count == 0);
    match (catalogue.kinds.is_empty(), is_empty) {
        (true, _) => world.terminal.remark(NOTHING_DECLARED),
        (false, true) => world.terminal.remark(NOTHING_HELD),
        (false, false) => {}
    }
    Ok(())
}

/// The file and its log.
fn about(path: &Path, store: &Store) -> Result<Section, Failure> {
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    let changes = store.changes()?;
    let last = changes.first().map(|entry| {
        let who = entry.who.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
        let day = entry.at.split_once('T').map_or(entry.at.as_str(), |(day, _)| day);
        format!("{day}{who}: {} {}", entry.action, entry.number)
    });
    let fact = |name: &str, value: String| Figure {
        name: name.to_owned(),
        count: None,
        of: None,
        value: Some(value),
    };
    let mut figures = vec![
        fact("file", path.display().to_string()),
        fact("size", size(bytes)),
        fact("changes", changes.len().to_string()),
    ];
    figures.extend(last.map(|last| fact("last change", last)));
    Ok(Section { what: "store", figures })
}

/// `438 kB`
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["bytes", "kB", "MB", "GB"];
    let (mut value, mut unit) = (bytes, 0);
    while value >= 10_000 && unit + 1 < UNITS.len() {
        (value, unit) = ((value + 500) / 1000, unit + 1);
    }
    format!("{value} {}", UNITS.get(unit).unwrap_or(&""))
}

/// Counts with the largest first; what there is none of comes last, in the catalogue's order.
fn counted(what: &'static str, counts: Vec<(String, u64)>) -> Section {
    let mut counts = counts;
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let figure =
        |(name, count): (String, u64)| figure(name, i64::try_from(count).unwrap_or(i64::MAX), None);
    Section { what, figures: counts.into_iter().map(figure).collect() }
}

fn figure(name: String, count: i64, of: Option<i64>) -> Figure {
    Figure { name, count: Some(count), of, value: None }
}

/// Edges that are there, the most frequent first.
fn edges(counts: Vec<EdgeCount>, catalogue: &Catalogue) -> Section {
    let end = |end: &End| {
        let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == end.kind);
        kind.map_or(String::new(), |kind| kind.name.clone())
    };
    let drawn = |EdgeCount { edge, name, count }: EdgeCount| {
        let row = catalogue.edges.iter().find(|row| row.id == edge)?;
        Some((format!("({})-[:{name}]->({})", end(&row.from), end(&row.to)), count))
    };
    let there = counts.into_iter().filter(|counted| counted.count > 0);
    counted("edge", there.filter_map(drawn).collect())
}

/// What is said, by whom, when, and how well we know.
fn of_claims(
    store: &Store,
    kinds: &[(String, u64)],
    tick: &mut dyn FnMut(),
) -> Result<Vec<Section>, Failure> {
    let count = |kind: &str| {
        let count = kinds.iter().find(|(name, _)| name == kind).map_or(0, |(_, count)| *count);
        i64::try_from(count).unwrap_or(i64::MAX)
    };
    let (statements, claims) = (count("Statement"), count("Claim"));
    if statements == 0 {
        return Ok(Vec::new());
    }
    let mut ask = |text: &'static str| {
        let rows = store.ask(text);
        tick();
        rows
    };
    let acts = shares("act", ask(QUESTIONS.acts)?, statements);
    let speakers = shares("speaker", ask(QUESTIONS.speakers)?, statements);
    let sources = shares("source", ask(QUESTIONS.sources)?, statements);
    let (times, unsure, undated) = times(&ask(QUESTIONS.times)?, statements);
    let knowledge = [
        ("statements told only by others", one(&ask(QUESTIONS.relayed)?), statements),
        ("statements of somebody unnamed", one(&ask(QUESTIONS.unnamed)?), statements),
        ("statements whose day is not sure", unsure, statements),
        ("statements without a date", undated, statements),
        ("claims that some affirm and others dispute", one(&ask(QUESTIONS.contested)?), claims),
    ];
    let figures =
        knowledge.map(|(name, count, of)| figure(name.to_owned(), count, Some(of))).into();
    Ok(vec![acts, speakers, times, sources, Section { what: "knowledge", figures }])
}

/// Names with counts, as shares of all.
fn shares(what: &'static str, rows: Vec<Row>, of: i64) -> Section {
    let figures = rows.into_iter().filter_map(|row| match <[Value; 2]>::try_from(row) {
        Ok([Value::Text(name), Value::Int(count)]) => Some(figure(name, count, Some(of))),
        _ => None,
    });
    Section { what, figures: figures.collect() }
}

/// The number that is all of an answer.
fn one(rows: &[Row]) -> i64 {
    match rows.first().and_then(|row| row.first()) {
        Some(Value::Int(count)) => *count,
        _ => 0,
    }
}

/// When it was said: by month or by year; with it, how many dates are not one day, and how many are missing.
fn times(rows: &[Row], of: i64) -> (Section, i64, i64) {
    let (mut unsure, mut undated) = (0, 0);
    let mut periods: Vec<(Option<i64>, Option<i64>, i64)> = Vec::new();
    for row in rows {
        if let [year, month, Value::Int(all), Value::Int(dated), Value::Int(exact)] = row.as_slice()
        {
            unsure += dated - exact;
            undated += all - dated;
            periods.push((whole(year), whole(month), *dated));
        }
    }
    let by_month = periods.iter().filter(|(_, month, _)| month.is_some()).count() <= MONTHS;
    let mut figures: Vec<Figure> = Vec::new();
    for (year, month, count) in periods.into_iter().filter(|(.., count)| *count > 0) {
        let name = match (year, month.filter(|_| by_month)) {
            (Some(year), Some(month)) => format!("{year:04}-{month:02}"),
            (Some(year), None) if by_month => format!("{year:04}, month not sure"),
            (Some(year), None) => format!("{year:04}"),
            (None, _) => "year not sure".to_owned(),
        };
        match figures.last_mut().filter(|last| last.name == name) {
            Some(last) => last.count = last.count.map(|sum| sum + count),
            None => figures.push(figure(name, count, Some(of))),
        }
    }
    (Section { what: if by_month { "month" } else { "year" }, figures }, unsure, undated)
}

fn whole(value: &Value) -> Option<i64> {
    if let Value::Int(number) = value { Some(*number) } else { None }
}

impl Figure {
    fn share(&self) -> Option<f64> {
        let (count, of) = (self.count?, self.of.filter(|of| *of > 0)?);
        #[expect(clippy::cast_precision_loss, reason = "a share is told in thousandths")]
        Some(count as f64 / of as f64)
    }
}

impl Section {
    /// For reading: what it has, with shares in percent.
    fn list(self) -> List {
        let Self { what, figures } = self;
        if what == "store" {
            let row =
                |figure: Figure| vec![text(figure.name), figure.value.map_or(Value::Null, text)];
            let columns = vec![(what, false), ("", false)];
            return List { columns, rows: figures.into_iter().map(row).collect() };
        }
        let shared = figures.iter().any(|figure| figure.of.is_some());
        let hidden = figures.len().saturating_sub(EDGES);
        let rest: i64 = figures.iter().skip(EDGES).filter_map(|figure| figure.count).sum();
        let short = what == "edge" && hidden > 1;
        let row = |figure: Figure| {
            let share = figure.share().map(|share| format!("{:.1} %", share * 100.0));
            let mut row = vec![text(figure.name), figure.count.map_or(Value::Null, Value::Int)];
            row.extend(shared.then(|| share.map_or(Value::Null, text)));
            row
        };
        let mut columns = vec![(what, false), ("count", true)];
        columns.extend(shared.then_some(("share", true)));
        let most = if short { EDGES } else { usize::MAX };
        let mut rows: Vec<Row> = figures.into_iter().take(most).map(row).collect();
        let more =
            || vec![text(format!("{hidden} more; --format json lists them")), Value::Int(rest)];
        rows.extend(short.then(more));
        List { columns, rows }
    }
}

fn text(text: String) -> Value {
    Value::Text(text)
}

/// All sections as one list, for programs.
fn in_one(sections: Vec<Section>) -> List {
    let columns = ["of", "name", "count", "share", "value"];
    let row = |(what, figure): (&str, Figure)| {
        let share = figure.share().map_or(Value::Null, Value::Float);
        let Figure { name, count, of: _, value } = figure;
        let count = count.map_or(Value::Null, Value::Int);
        vec![text(what.to_owned()), text(name), count, share, value.map_or(Value::Null, text)]
    };
    let figures = sections.into_iter().flat_map(|Section { what, figures }| {
        figures.into_iter().map(move |figure| (what, figure))
    });
    List {
        columns: columns.map(|name| (name, matches!(name, "count" | "share"))).to_vec(),
        rows: figures.map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(year: i64, month: i64, counts: [i64; 3]) -> Row {
        let part = |part: i64| if part == 0 { Value::Null } else { Value::Int(part) };
        let mut row = vec![part(year), part(month)];
        row.extend(counts.map(Value::Int));
        row
    }

    #[test]
    fn sizes_are_told_in_a_few_digits() {
        let check = |bytes, expected: &str| assert_eq!(size(bytes), expected);
        check(9_999, "9999 bytes");
        check(446_464, "446 kB");
        check(449_454_080, "449 MB");
    }

    #[test]
    fn months_are_told_with_what_is_not_sure() {
        let rows = [row(2025, 11, [5, 5, 3]), row(2025, 0, [2, 2, 0]), row(0, 0, [4, 1, 0])];
        let (section, unsure, undated) = times(&rows, 11);
        let told: Vec<(&str, Option<i64>)> =
            section.figures.iter().map(|figure| (figure.name.as_str(), figure.count)).collect();
        let expected =
            [("2025-11", Some(5)), ("2025, month not sure", Some(2)), ("year not sure", Some(1))];
        assert_eq!((told.as_slice(), unsure, undated), (expected.as_slice(), 5, 3));
    }

    #[test]
    fn of_many_months_the_years_are_told() {
        let rows: Vec<Row> = (2023..2026)
            .flat_map(|year| (1..13).map(move |month| row(year, month, [1, 1, 1])))
            .collect();
        let (section, ..) = times(&rows, 36);
        assert_eq!((section.what, section.figures.len()), ("year", 3));
        assert!(section.figures.iter().all(|figure| figure.count == Some(12)));
    }
}
