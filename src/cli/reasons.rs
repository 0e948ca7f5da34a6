//! `--why` and `--cite`: what the rows of an answer rest on, and the sources it comes from.

use std::collections::BTreeSet;
use std::path::PathBuf;

use unicode_width::UnicodeWidthStr as _;

use super::answer::{Asked, Lost, Rows};
use super::engine::{Prepared, Store};
use super::failure::{Failure, Message};
use super::output::{Output, Target};
use crate::base::clean::{self, Safe};
use crate::base::value::{Column, Holds, Row, Value};
use crate::cite;
use crate::format::{self, Besides, below};
use crate::lang::ast;
use crate::notes::counts::Counted;
use crate::why::cite::Labels;
use crate::why::findings::{Basis, Findings, Nodes};
use crate::why::{tell, value};

/// Longer parts of a question do not push the counts of the others to the right.
const WIDEST: usize = 60;
/// Of each kind of thing, so many are told of a row below a table, and in its object.
const BELOW: usize = 5;
const INSIDE: usize = 100;
/// So many things are looked into for one answer.
const MOST: usize = 50_000;

/// What the command line wants to be told besides the rows.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Reasons {
    /// Tell what each row rests on: who said it, who tells of it, where it was read; or what left no row
    #[arg(long)]
    pub(crate) why: bool,
    /// Give each row the keys of its sources; they are listed below, or in a bibliography beside the file of -o
    #[arg(long)]
    pub(crate) cite: bool,
    /// Write exactly the sources that the answer rests on: BibTeX (.bib) or CSL-JSON (.json)
    #[arg(long, value_name = "FILE")]
    pub(crate) bibliography: Option<PathBuf>,
}

impl Reasons {
    /// Whether anything is to be told.
    pub(crate) fn are_wanted(&self) -> bool {
        self.why || self.are_cited()
    }

    /// Whether sources are to be told, in cells or in a file.
    fn are_cited(&self) -> bool {
        self.cite || self.bibliography.is_some()
    }

    fn option(&self) -> &'static str {
        match self {
            Self { why: true, .. } => "--why",
            Self { cite: true, .. } => "--cite",
            Self { .. } => "--bibliography",
        }
    }

    /// These, with what a later part of the command line says.
    pub(crate) fn with(self, later: Self) -> Self {
        Self {
            why: self.why || later.why,
            cite: self.cite || later.cite,
            bibliography: later.bibliography.or(self.bibliography),
        }
    }

    /// Refuses a format that has no place for them.
    pub(crate) fn fit(&self, output: &Output) -> Result<(), Failure> {
        if self.are_wanted() && output.shape.chart.is_some() {
            let option = self.option();
            let message = Message::new(format!("a chart has no place for what {option} tells"));
            return Err(Failure::Usage(message.next("leave out `--chart`")));
        }
        if !self.why || output.format()?.besides.is_some() {
            return Ok(());
        }
        let format = output.format()?;
        let message = Message::new(format!("{} has no place for what --why tells", format.name));
        let names = format::names_of(|format| format.besides.is_some(), "or");
        Err(Failure::Usage(message.next(format!("use --format {names}"))))
    }
}

/// Writes an answer with what its rows rest on, and gathers the sources; gives how many rows it has.
pub(crate) fn stream(
    store: &Store,
    (asked, query): (&Asked<'_>, &ast::Query),
    prepared: &Prepared,
    (target, cited): (&mut Target, &mut Vec<cite::Entry>),
) -> Result<(Rows, Lost), Failure> {
    let reasons = &asked.reasons;
    let (mut rows, mut words) = store.traced(prepared, reasons.option())?;
    let found = rows.len();
    rows.truncate(target.most.unwrap_or(found));
    words.truncate(rows.len());
    let format = target.format;
    let told = Told::find(store, (asked, query), &words, format.besides)?;
    let mut columns = prepared.columns.clone();
    let (parts, labels) = told.add(format.besides, &mut columns, &mut rows);
    cited.extend(labels.list(&told.findings).map(|(_, source, _)| source.clone()));
    let look = target.look;
    let mut sink = format.start(target.writer(), look);
    let written = sink.begin(&columns).and_then(|()| {
        rows.iter().try_for_each(|row| sink.row(row))?;
        for (heading, entries) in parts {
            sink.below(heading, entries);
        }
        sink.end()
    });
    drop(sink);
    let written = written.and_then(|tally| target.writer().flush().map(|()| tally));
    let tally = written.map_err(|error| target.failed(error))?;
    let rows = Rows { shown: rows.len(), left: found - rows.len(), uncounted: false };
    Ok((rows, Lost::of(rows).and(tally)))
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
    /// What is told of each row, if that was asked for.
    why: Vec<Basis>,
    /// What each row rests on, all of it, if sources are to be cited.
    cite: Vec<Basis>,
    /// Whether the keys go into cells.
    in_cells: bool,
}

impl Told {
    fn find(
        store: &Store,
        (asked, query): (&Asked<'_>, &ast::Query),
        words: &[String],
        besides: Option<Besides>,
    ) -> Result<Self, Failure> {
        let reasons = &asked.reasons;
        let most = if besides == Some(Besides::Inside) { INSIDE } else { BELOW };
        let nodes = |wanted: bool, most: usize| -> Vec<Nodes> {
            let words = words.iter().filter(|_| wanted);
            words.map(|words| store.nodes_in(words, most)).collect()
        };
        let (why, cite) = (nodes(reasons.why, most), nodes(reasons.are_cited(), usize::MAX));
        let all = why.iter().chain(&cite).flat_map(|nodes| &nodes.shown);
        let ids: BTreeSet<&str> = all.map(String::as_str).collect();
        if ids.len() > MOST {
            let option = reasons.option();
            let what = format!(
                "{option} looks into {MOST} statements and readings at most, and this answer rests on {}",
                ids.len()
            );
            return Err(Failure::Usage(Message::new(what).next("add `limit`, or ask for less")));
        }
        let findings = store.findings(&ids, query, asked.arguments)?;
        let bases =
            |nodes: &[Nodes]| nodes.iter().map(|nodes| findings.basis(nodes)).collect::<Vec<_>>();
        let (why, cite) = (bases(&why), bases(&cite));
        Ok(Self { findings, why, cite, in_cells: reasons.cite })
    }

    /// Adds columns to the rows, and gives what is to stand below them and the sources.
    fn add(
        &self,
        besides: Option<Besides>,
        columns: &mut Vec<Column>,
        rows: &mut [Row],
    ) -> (Vec<(&'static str, Vec<below::Entry>)>, Labels) {
        let Self { findings, why, cite, in_cells } = self;
        let inside = besides == Some(Besides::Inside);
        let mut labels = if cite.is_empty() { Labels::default() } else { Labels::keys(findings) };
        if inside && !why.is_empty() {
            columns.push(Column::any("why"));
            let told = rows.iter_mut().zip(why);
            told.for_each(|(row, basis)| row.push(value::why(basis, findings)));
        }
        if *in_cells {
            let holds = if inside { Holds::Any } else { Holds::Citations };
            columns.push(Column { name: "cite".to_owned(), holds });
        }
        for (row, basis) in rows.iter_mut().zip(cite) {
            let keys = labels.of_row(basis, findings);
            if *in_cells {
                row.push(if inside {
                    value::cite(&keys, findings, &labels)
                } else {
                    Value::List(keys.into_iter().map(Value::Text).collect())
                });
            }
        }
        let mut parts = Vec::new();
        if !inside && !why.is_empty() {
            let told = why.iter().enumerate();
            let told = told.map(|(at, basis)| tell::entry(at + 1, basis, findings, &mut labels));
            parts.push(("Why", told.collect()));
        }
        if !inside && (*in_cells || !why.is_empty()) {
            parts.push(("Sources", tell::sources(findings, &labels)));
        }
        (parts, labels)
    }
}
