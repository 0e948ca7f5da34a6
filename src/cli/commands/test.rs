//! `dixit test`: whether saved queries give what the examples in their files say; `--bless` writes what they give.

use std::path::{Path, PathBuf};

use crate::base::clean::Safe;
use crate::base::source::Source;
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::engine::was_interrupted;
use crate::cli::examples::{Asked, GENEVA, Stores};
use crate::cli::failure::{Failure, Message};
use crate::cli::files::replace;
use crate::cli::saved;
use crate::cli::saved_args::Test;
use crate::cli::stores::is_store;
use crate::cli::world::World;
use crate::script::Saved;
use crate::script::example::{self, Difference};
use crate::script::library::{Found, Place, in_folder};

/// So many rows of a difference are shown.
const SHOWN: usize = 5;
/// So many mistakes are told with their places; the others are in the list.
const TOLD: usize = 20;

pub(super) fn run(args: &Test, world: &World<'_>) -> Result<(), Failure> {
    let Test { targets, bless, output } = args;
    let mut stores = Stores::new(world.timeout)?;
    let mut reports = Vec::new();
    was_interrupted();
    for found in chosen(targets, world)? {
        if was_interrupted() {
            return Err(Failure::Interrupted);
        }
        let tested = Tested::read(found, world);
        reports.extend(match (tested, bless) {
            (Ok(None), _) => Vec::new(),
            (Ok(Some(tested)), false) => tested.compare(&mut stores)?,
            (Ok(Some(tested)), true) => tested.bless(&mut stores)?,
            (Err(report), _) => vec![*report],
        });
    }
    let mistakes = reports.iter().filter_map(|report| match &report.verdict {
        Verdict::Mistake(failure @ Failure::Question(..)) => Some(failure),
        _ => None,
    });
    for failure in mistakes.take(TOLD) {
        let style = world.terminal.style();
        world.terminal.say(&failure.text(style.colour, style));
    }
    if output.format()?.several && !output.is_file() {
        world.terminal.print(&Safe::clean(&text(&reports)))?;
    } else {
        lists(&[list(&reports)], output, world)?;
    }
    world.terminal.remark(&summary(&reports));
    let is_good =
        |report: &Report| !matches!(report.verdict, Verdict::Differs(_) | Verdict::Mistake(_));
    if reports.iter().all(is_good) { Ok(()) } else { Err(Failure::Check) }
}

/// The saved queries that are meant: files, those in folders, those with a name, or all.
fn chosen(targets: &[PathBuf], world: &World<'_>) -> Result<Vec<Found>, Failure> {
    if targets.is_empty() {
        return Ok(world.library.all());
    }
    let mut found = Vec::new();
    for target in targets {
        let files = if target.is_dir() { in_folder(target) } else { vec![target.clone()] };
        if files.is_empty() {
            let what = format!("the folder {} has no saved queries", target.display());
            return Err(Failure::Machine(Message::new(what)));
        }
        for file in files {
            if is_store(&file) {
                let what = format!("{} is a store and no saved query", file.display());
                return Err(Failure::Usage(
                    Message::new(what).next("name files or folders of queries"),
                ));
            }
            found.push(super::run::find(&file.to_string_lossy(), world)?);
        }
    }
    Ok(found)
}

/// What became of one example.
struct Report {
    /// The file, as it was named.
    file: String,
    /// Where the example begins; nothing where there is none.
    line: Option<usize>,
    store: String,
    verdict: Verdict,
}

enum Verdict {
    Same,
    Differs(Difference),
    Mistake(Failure),
    NoExample,
    Written,
    NotWritten(&'static str),
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs(_) => "differs",
            Self::Mistake(_) => "mistake",
            Self::NoExample => "no example",
            Self::Written => "written",
            Self::NotWritten(_) => "not written",
        }
    }
}

/// A saved query that was read.
struct Tested {
    file: String,
    place: Place,
    saved: Saved,
    source: Source,
}

impl Tested {
    /// Nothing for a file that only defines.
    fn read(found: Found, world: &World<'_>) -> Result<Option<Self>, Box<Report>> {
        let file = found.source.name().unwrap_or(&found.name).to_owned();
        let place = found.place.clone();
        match saved::read_any(found, &world.library) {
            Ok((saved, _)) if saved.queries.is_empty() => Ok(None),
            Ok((saved, source)) => Ok(Some(Self { file, place, saved, source })),
            Err(failure) => Err(Box::new(Report {
                file,
                line: None,
                store: String::new(),
                verdict: Verdict::Mistake(failure),
            })),
        }
    }

    fn asked(&self) -> Asked<'_> {
        let folder = match &self.place {
            Place::File(path) => path
                .parent()
                .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder }),
            Place::Shipped => None,
        };
        Asked { saved: &self.saved, source: &self.source, folder }
    }

    fn report(&self, example: Option<&example::Example>, verdict: Verdict) -> Report {
        let line = example.map(|example| self.source.line_column(example.store_at.start).0);
        let store = example.map(|example| example.store.clone()).unwrap_or_default();
        Report { file: self.file.clone(), line, store, verdict }
    }

    fn compare(&self, stores: &mut Stores) -> Result<Vec<Report>, Failure> {
        let Some(first) = self.saved.examples.first() else {
            return Ok(vec![self.report(None, Verdict::NoExample)]);
        };
        let mut reports = Vec::new();
        if let Err(failure) = self.asked().list(first, stores) {
            reports.push(self.report(None, mistake(failure)?));
        }
        for example in &self.saved.examples {
            let verdict = match self.asked().difference(example, stores) {
                Ok(None) => Verdict::Same,
                Ok(Some(difference)) => Verdict::Differs(difference),
                Err(failure) => mistake(failure)?,
            };
            reports.push(self.report(Some(example), verdict));
        }
        Ok(reports)
    }

    /// Writes what comes now into the file.
    fn bless(&self, stores: &mut Stores) -> Result<Vec<Report>, Failure> {
        let Place::File(path) = &self.place else {
            return Ok(vec![self.report(None, Verdict::NotWritten("it ships with the tool"))]);
        };
        let asked = self.asked();
        if self.saved.queries.len() != 1 {
            let why = "an example tests one query, and the file has several";
            return Ok(vec![self.report(None, Verdict::NotWritten(why))]);
        }
        if self.saved.examples.is_empty() {
            return Ok(vec![match asked.plain_table(stores) {
                Ok(table) => {
                    replace(path, &example::added(&self.source, GENEVA, &table))?;
                    self.report(None, Verdict::Written)
                }
                Err(failure) => self.report(None, mistake(failure)?),
            }]);
        }
        let (mut reports, mut tables) = (Vec::new(), Vec::new());
        for example in &self.saved.examples {
            let (table, verdict) = match asked.table(example, stores) {
                Ok(table) if is_same(example, &table) => (None, Verdict::Same),
                Ok(table) => (Some(table), Verdict::Written),
                Err(failure) => (None, mistake(failure)?),
            };
            reports.push(self.report(Some(example), verdict));
            tables.push((example, table));
        }
        let text = example::rewritten(&self.source, &tables);
        if text != self.source.text() {
            replace(path, &text)?;
        }
        Ok(reports)
    }
}

fn is_same(example: &example::Example, came: &example::Table) -> bool {
    example.table.as_ref().is_some_and(|table| {
        table.columns == came.columns && table.difference(&came.rows, true).is_none()
    })
}

/// A failure of one example; one that ends everything is none.
fn mistake(failure: Failure) -> Result<Verdict, Failure> {
    match failure {
        Failure::Interrupted | Failure::ClosedPipe => Err(failure),
        failure => Ok(Verdict::Mistake(failure)),
    }
}

/// What is worth reading: all but what is as it should be.
fn text(reports: &[Report]) -> String {
    let line = |Report { file, line, store, verdict }: &Report| {
        let place = line.map(|line| format!(":{line} ({store})")).unwrap_or_default();
        match verdict {
            Verdict::Same => String::new(),
            Verdict::Differs(difference) => format!("differs: {file}{place}\n{}", told(difference)),
            Verdict::Mistake(failure) => {
                format!("mistake: {file}{place}: {}\n", failure.message())
            }
            Verdict::NotWritten(why) => format!("not written: {file}: {why}\n"),
            Verdict::NoExample | Verdict::Written => format!("{}: {file}{place}\n", verdict.word()),
        }
    };
    reports.iter().map(line).collect::<Vec<_>>().concat()
}

fn told(difference: &Difference) -> String {
    let Difference { missing, unexpected, order } = difference;
    let line = |head: &str, row: &Vec<String>| format!("  {head:<11} {}\n", row.join(" | "));
    let rows = |head: &str, rows: &[Vec<String>]| {
        let more = rows.len().saturating_sub(SHOWN);
        let shown: String = rows.iter().take(SHOWN).map(|row| line(head, row)).collect();
        let more = (more > 0).then(|| format!("  and {more} more\n"));
        shown + &more.unwrap_or_default()
    };
    let order = order.as_ref().map(|(at, should, is)| {
        format!(
            "  the same rows in another order; row {at}\n{}{}",
            line("should be", should),
            line("is", is)
        )
    });
    rows("missing", missing) + &rows("unexpected", unexpected) + &order.unwrap_or_default()
}

fn list(reports: &[Report]) -> List {
    let texts = |rows: &[Vec<String>]| {
        Value::List(rows.iter().map(|row| Value::Text(row.join(" | "))).collect())
    };
    let row = |Report { file, line, store, verdict }: &Report| -> Row {
        let (mut missing, mut unexpected, mut why) = (Value::Null, Value::Null, Value::Null);
        match verdict {
            Verdict::Differs(difference) => {
                (missing, unexpected) = (texts(&difference.missing), texts(&difference.unexpected));
                why = difference.order.as_ref().map_or(Value::Null, |(at, _, _)| {
                    Value::Text(format!("the same rows in another order from row {at} on"))
                });
            }
            Verdict::Mistake(failure) => why = Value::Text(failure.message()),
            Verdict::NotWritten(reason) => why = Value::Text((*reason).to_owned()),
            Verdict::Same | Verdict::NoExample | Verdict::Written => {}
        }
        let line = line.and_then(|line| i64::try_from(line).ok()).map_or(Value::Null, Value::Int);
        let store = if store.is_empty() { Value::Null } else { Value::Text(store.clone()) };
        let result = Value::Text(verdict.word().to_owned());
        vec![Value::Text(file.clone()), line, store, result, missing, unexpected, why]
    };
    let columns = ["file", "line", "store", "result", "missing", "unexpected", "why"];
    let columns = columns.map(|name| (name, name == "line")).to_vec();
    List { columns, rows: reports.iter().map(row).collect() }
}

/// `43 saved queries, 60 examples: 1 differs, 2 without an example`
fn summary(reports: &[Report]) -> String {
    let count =
        |is: fn(&Verdict) -> bool| reports.iter().filter(|report| is(&report.verdict)).count();
    let mut files: Vec<&str> = reports.iter().map(|report| report.file.as_str()).collect();
    files.dedup();
    let examples = reports.iter().filter(|report| report.line.is_some()).count();
    let plural = |count: usize, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    let parts: Vec<String> = [
        (count(|verdict| matches!(verdict, Verdict::Differs(_))), "differs", "differ"),
        (count(|verdict| matches!(verdict, Verdict::Mistake(_))), "mistake", "mistakes"),
        (count(|verdict| matches!(verdict, Verdict::Written)), "written", "written"),
        (count(|verdict| matches!(verdict, Verdict::NotWritten(_))), "not written", "not written"),
        (
            count(|verdict| matches!(verdict, Verdict::NoExample)),
            "without an example",
            "without examples",
        ),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, one, many)| plural(count, one, many))
    .collect();
    let said = if parts.is_empty() { "all as they should be".to_owned() } else { parts.join(", ") };
    format!(
        "{}, {}: {said}",
        plural(files.len(), "saved query", "saved queries"),
        plural(examples, "example", "examples")
    )
}
