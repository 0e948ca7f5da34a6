//! What notes tell besides statements: ties, links and judgements of what they are about, from both ends. It is asked for
//! first, in the order of the notes, and waits in files, so that a large store needs no more memory.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, Write as _};
use std::iter::Peekable;

use super::markup::plain;
use super::note::link;
use super::rows::{text, truth};
use super::{Among, Error, Report, World};
use crate::base::value::{Node, Value};
use crate::record::catalogue::Catalogue;

/// What there is to tell, in the order in which it stands in a note.
const PARTS: &[Part] = &[
    Part {
        heading: "Ties",
        noun: "tie",
        question: include_str!("queries/note_ties.dixit"),
        vocabulary: "relation",
        tell: tie,
    },
    Part {
        heading: "Links of what was said",
        noun: "link",
        question: include_str!("queries/note_acts_linked.dixit"),
        vocabulary: "link",
        tell: acts,
    },
    Part {
        heading: "What statements mean for claims",
        noun: "link",
        question: include_str!("queries/note_evidence.dixit"),
        vocabulary: "link",
        tell: evidence,
    },
    Part {
        heading: "Links",
        noun: "link",
        question: include_str!("queries/note_claims_linked.dixit"),
        vocabulary: "link",
        tell: linked,
    },
    Part {
        heading: "Links",
        noun: "link",
        question: include_str!("queries/note_sources_linked.dixit"),
        vocabulary: "source-link",
        tell: linked,
    },
    Part {
        heading: "Judgements",
        noun: "judgement",
        question: include_str!("queries/note_judgements.dixit"),
        vocabulary: "",
        tell: judgement,
    },
];

struct Part {
    heading: &'static str,
    noun: &'static str,
    /// Its rows begin with the node whose note it is for, and come in the order of the keys.
    question: &'static str,
    /// Of the terms; those of them that hold both ways come from both ends already.
    vocabulary: &'static str,
    tell: fn(&[Value]) -> String,
}

/// The folders of notes, by kind.
const FOLDERS: &[(&str, &str)] = &[
    ("actor", "actors"),
    ("claim", "claims"),
    ("source", "sources"),
    ("venue", "venues"),
    ("event", "events"),
    ("topic", "topics"),
];

/// The folder that has the notes of a kind.
fn folder_of(node: &Node) -> Option<&'static str> {
    let known = FOLDERS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(&node.kind));
    known.map(|(_, folder)| *folder)
}

/// A link to the note of a node; its key where it has none.
pub(super) fn shown(node: &Node) -> String {
    match folder_of(node) {
        Some(folder) => link(folder, &node.key, &node.shown),
        None => plain(&node.key),
    }
}

/// What is to be told in the notes of one folder.
pub(super) struct Beside {
    folder: &'static str,
    /// What each part has left.
    parts: Vec<(&'static str, Peekable<Waiting>)>,
}

/// Asks for all that there is; counts it in the report.
pub(super) fn beside(world: &dyn World, report: &mut Report) -> Result<Vec<Beside>, Error> {
    let mut all: Vec<Beside> =
        FOLDERS.iter().map(|(_, folder)| Beside { folder, parts: Vec::new() }).collect();
    for part in PARTS {
        let mut files = Vec::new();
        for _ in FOLDERS {
            files.push(BufWriter::new(tempfile::tempfile()?));
        }
        let (mut told, mut left) = (0, 0);
        world.ask_among(Among::BuiltIn, part.question, &[], &mut |row| {
            let Some(Value::Node(here)) = row.first() else { return Ok(()) };
            let other = match row.get(3) {
                Some(Value::Node(other)) => Some(other),
                _ => None,
            };
            if let Some(other) = other {
                let both = is_symmetric(world.catalogue(), part, row);
                let same = (&here.kind, &here.key) == (&other.kind, &other.key);
                // Nothing is told twice in one note, and what holds both ways comes from both ends anyway.
                if !truth(row, 1) && (both || same) {
                    return Ok(());
                }
                let is_new = truth(row, 1) && !(both && here.key > other.key);
                let has_note = folder_of(here).or(folder_of(other)).is_some();
                *(if has_note { &mut told } else { &mut left }) += u64::from(is_new);
            } else {
                *(if folder_of(here).is_some() { &mut told } else { &mut left }) += 1;
            }
            let place = FOLDERS.iter().position(|(kind, _)| kind.eq_ignore_ascii_case(&here.kind));
            let Some(file) = place.and_then(|at| files.get_mut(at)) else { return Ok(()) };
            let line = serde_json::json!([here.key, (part.tell)(row)]);
            Ok(writeln!(file, "{line}")?)
        })?;
        report.wrote(part.noun, told);
        report.leave_out(&format!("unplaced {}", part.noun), left);
        for (beside, file) in all.iter_mut().zip(files) {
            let waiting = Waiting::of(file)?;
            beside.parts.push((part.heading, waiting.peekable()));
        }
    }
    Ok(all)
}

/// Whether the term of a row holds both ways.
fn is_symmetric(catalogue: &Catalogue, part: &Part, row: &[Value]) -> bool {
    let term = text(row, 2).unwrap_or_default();
    let mut terms = catalogue.terms.iter();
    let known = terms.find(|one| one.vocabulary == part.vocabulary && one.term == term);
    known.is_some_and(|one| one.symmetric)
}

impl Beside {
    /// The sections of a note, given in the order of the keys.
    pub(super) fn sections(&mut self, key: &str) -> Result<String, Error> {
        let mut note = String::new();
        for (heading, waiting) in &mut self.parts {
            let mut is_first = true;
            while let Some(next) = waiting.next_if(|next| is_due(next, key)) {
                let (of, told) = next?;
                if of != key {
                    continue;
                }
                if is_first && !note.contains(&format!("\n## {heading}\n")) {
                    note.extend([format!("\n## {heading}\n\n")]);
                }
                is_first = false;
                note.extend([format!("- {told}\n")]);
            }
        }
        Ok(note)
    }
}

fn is_due(next: &Result<(String, String), Error>, key: &str) -> bool {
    next.as_ref().map_or(true, |(of, _)| of.as_str() <= key)
}

/// The parts that belong to a folder.
pub(super) fn of_folder<'b>(all: &'b mut [Beside], folder: &str) -> Option<&'b mut Beside> {
    all.iter_mut().find(|beside| beside.folder == folder)
}

/// Lines that wait in a file.
struct Waiting(std::io::Lines<BufReader<File>>);

impl Waiting {
    fn of(file: BufWriter<File>) -> Result<Self, Error> {
        let mut file = file.into_inner().map_err(|error| Error::Write(error.into_error()))?;
        file.rewind()?;
        Ok(Self(BufReader::new(file).lines()))
    }
}

impl Iterator for Waiting {
    type Item = Result<(String, String), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.0.next()?;
        let read = line.and_then(|line| serde_json::from_str(&line).map_err(Into::into));
        Some(read.map_err(Error::Write))
    }
}

/// A term as words.
fn term(row: &[Value]) -> String {
    plain(&text(row, 2).unwrap_or_default().replace('_', " "))
}

fn other(row: &[Value]) -> String {
    let Some(Value::Node(other)) = row.get(3) else { return String::new() };
    shown(other)
}

/// `member of` and where it leads, or who leads here by it.
fn joined(row: &[Value]) -> String {
    let (term, other) = (term(row), other(row));
    if truth(row, 1) { format!("*{term}* {other}") } else { format!("{other} *{term}* this") }
}

/// In brackets what there is of it.
fn words(row: &[Value], all: &[(&str, usize)]) -> String {
    let all = all.iter().filter_map(|(name, at)| Some(format!("{name}{}", plain(text(row, *at)?))));
    let all: Vec<String> = all.collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// A claim, and when that was said. What others relay is no word of the speaker's own.
fn said(row: &[Value], date: usize, claim: usize, relayed: usize) -> String {
    let what = if truth(row, relayed) { "what others say was said" } else { "what was said" };
    let mut said = what.to_owned();
    said.extend(text(row, date).map(|date| format!(" {}", plain(date))));
    let of = text(row, claim);
    said.extend(
        of.map(|key| format!(" of {}", link("claims", key, text(row, claim + 1).unwrap_or(key)))),
    );
    said
}

fn tie(row: &[Value]) -> String {
    let dates = [("", 4), ("from ", 5), ("until ", 6), ("as of ", 7), ("note: ", 10)];
    let source = text(row, 8);
    let source = source.map(|key| link("sources", key, text(row, 9).unwrap_or(key)));
    let source = source.map(|source| format!(" ({source})")).unwrap_or_default();
    format!("{}{}{source}", joined(row), words(row, &dates))
}

fn acts(row: &[Value]) -> String {
    let (own, others) = (said(row, 4, 5, 12), said(row, 7, 8, 13));
    let (term, other) = (term(row), other(row));
    let told = if truth(row, 1) {
        format!("*{term}*, by {own}: {others}, by {other}")
    } else {
        format!("*{term}*, by {other}, {own}: {others}")
    };
    format!("{told}{}", words(row, &[("", 10), ("note: ", 11)]))
}

fn evidence(row: &[Value]) -> String {
    let (own, more) = (said(row, 4, 5, 9), words(row, &[("", 7), ("note: ", 8)]));
    if truth(row, 1) {
        return format!("{own} *{}* {}{more}", term(row), other(row));
    }
    format!("*{}*: {own}, by {}{more}", term(row), other(row))
}

fn linked(row: &[Value]) -> String {
    format!("{}{}", joined(row), words(row, &[("", 4), ("note: ", 5)]))
}

fn judgement(row: &[Value]) -> String {
    let [scale, value] = [1, 2].map(|at| plain(text(row, at).unwrap_or_default()));
    format!("{scale}: {value}{}", words(row, &[("", 3), ("", 4), ("note: ", 5)]))
}
