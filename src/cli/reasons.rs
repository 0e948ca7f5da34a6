//! `--why` and `--cite`: what the rows of an answer rest on, and the sources it comes from.

use unicode_width::UnicodeWidthStr as _;

use super::answer::{Asked, Lost, Rows};
use super::engine::{Prepared, Store};
use super::failure::{Failure, Message};
use super::output::{Output, Target};
use crate::base::clean::{self, Safe};
use crate::base::value::{Column, Row, Value};
use crate::format::{Besides, below};
use crate::lang::ast;
use crate::notes::counts::Counted;
use crate::why::cite::Numbers;
use crate::why::findings::{Basis, Findings, Nodes};
use crate::why::{tell, value};

/// Longer parts of a question do not push the counts of the others to the right.
const WIDEST: usize = 60;
/// Of each kind of thing, so many are told of a row below a table, and in its object.
const BELOW: usize = 5;
const INSIDE: usize = 100;

/// What the command line wants to be told besides the rows.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Reasons {
    /// Tell what each row rests on: who said it, who tells of it, where it was read; or what left no row
    #[arg(long)]
    pub(crate) why: bool,
    /// Give each row the numbers of its sources, and list the sources below
    #[arg(long)]
    pub(crate) cite: bool,
}

impl Reasons {
    /// Whether anything is to be told.
    pub(crate) fn are_wanted(self) -> bool {
        self.why || self.cite
    }

    /// These, with what a later part of the command line says.
    pub(crate) fn with(self, later: Self) -> Self {
        Self { why: self.why || later.why, cite: self.cite || later.cite }
    }

    /// Refuses a format that has no place for them.
    pub(crate) fn fit(self, output: &Output) -> Result<(), Failure> {
        let option = if self.why { "--why" } else { "--cite" };
        if self.are_wanted() && output.shape.chart.is_some() {
            let message = Message::new(format!("a chart has no place for what {option} tells"));
            return Err(Failure::Usage(message.next("leave out `--chart`")));
        }
        if !self.are_wanted() || output.format()?.besides.is_some() {
            return Ok(());
        }
        let format = output.format()?;
        let message = Message::new(format!("{} has no place for what {option} tells", format.name));
        Err(Failure::Usage(message.next("use --format table, markdown, json or jsonl")))
    }
}

/// Writes an answer with what its rows rest on; gives how many rows it has.
pub(crate) fn stream(
    store: &Store,
    (asked, query): (&Asked<'_>, &ast::Query),
    prepared: &Prepared,
    target: &mut Target,
) -> Result<(Rows, Lost), Failure> {
    let Some(besides) = target.format.besides else { return Ok(Default::default()) };
    let (mut rows, mut words) = store.traced(prepared, asked.reasons)?;
    let found = rows.len();
    rows.truncate(target.most.unwrap_or(found));
    words.truncate(rows.len());
    let most = if besides == Besides::Inside { INSIDE } else { BELOW };
    let nodes: Vec<Nodes> = words.iter().map(|words| store.nodes_in(words, most)).collect();
    let findings = store.findings(&nodes, query, asked.arguments)?;
    let bases: Vec<Basis> = nodes.iter().map(|nodes| findings.basis(nodes)).collect();
    let told = Told { findings, bases, reasons: asked.reasons };
    let mut columns = prepared.columns.clone();
    let entries = told.add(besides, &mut columns, &mut rows);
    let (format, look) = (target.format, target.look);
    let mut sink = format.start(target.writer(), look);
    let written = sink.begin(&columns).and_then(|()| {
        rows.iter().try_for_each(|row| sink.row(row))?;
        sink.end()
    });
    drop(sink);
    let written = written.and_then(|tally| {
        for (heading, entries) in &entries {
            below::write(heading, entries, format, (target.writer(), look))?;
        }
        target.writer().flush().map(|()| tally)
    });
    let tally = written.map_err(|error| target.failed(error))?;
    let rows = Rows { shown: rows.len(), left: found - rows.len(), uncounted: false };
    Ok((rows, Lost { cells: tally.cut, ..Lost::of(rows) }))
}

/// The parts of a question that has no answer, each with how many rows it leaves.
pub(crate) fn emptied(parts: &[Counted]) -> Safe {
    let labels: Vec<String> =
        parts.iter().map(|part| clean::line(&part.label).into_owned()).collect();
    let counts: Vec<String> =
        parts.iter().map(|part| part.rows.map_or(String::new(), |rows| rows.to_string())).collect();
    let widest = labels.iter().map(|label| label.width()).filter(|width| *width <= WIDEST).max();
    let (widest, digits) = (widest.unwrap_or(0), counts.iter().map(String::len).max().unwrap_or(0));
    let mut text = "how many rows each part of the question leaves:\n".to_owned();
    for ((part, label), count) in parts.iter().zip(&labels).zip(&counts) {
        let blanks = " ".repeat(widest.saturating_sub(label.width()));
        let line = match part.rows {
            None => format!(" {label}"),
            Some(rows) => {
                let this = if rows == 0 { "  ← this leaves nothing" } else { "" };
                format!("   {label}{blanks}  {count:>digits$}{this}")
            }
        };
        text.push_str(&line);
        text.push('\n');
    }
    Safe::styled(text)
}

/// What was found out, row by row.
struct Told {
    findings: Findings,
    bases: Vec<Basis>,
    reasons: Reasons,
}

impl Told {
    /// Adds columns to the rows, and gives what is to stand below them.
    fn add(
        &self,
        besides: Besides,
        columns: &mut Vec<Column>,
        rows: &mut [Row],
    ) -> Vec<(&'static str, Vec<below::Entry>)> {
        let Self { findings, bases, reasons } = self;
        let mut numbers = Numbers::default();
        let column = |name: &str| Column { name: name.to_owned(), numeric: false };
        if besides == Besides::Inside {
            columns.extend(reasons.why.then(|| column("why")));
            columns.extend(reasons.cite.then(|| column("cite")));
            for (row, basis) in rows.iter_mut().zip(bases) {
                row.extend(reasons.why.then(|| value::why(basis, findings)));
                if reasons.cite {
                    let keys = numbers.keys(basis, findings);
                    row.push(value::cite(&keys, findings, &numbers));
                }
            }
            return Vec::new();
        }
        if reasons.cite {
            columns.push(column("cite"));
            for (row, basis) in rows.iter_mut().zip(bases) {
                let keys = numbers.keys(basis, findings);
                let keys: Vec<String> = keys.iter().map(|key| format!("[{key}]")).collect();
                row.push(Value::Text(keys.join(" ")));
            }
        }
        let mut entries = Vec::new();
        if reasons.why {
            let told = bases.iter().enumerate();
            let told = told.map(|(at, basis)| tell::entry(at + 1, basis, findings, &mut numbers));
            entries.push(("Why", told.collect()));
        }
        entries.push(("Sources", tell::sources(findings, &numbers)));
        entries
    }
}
