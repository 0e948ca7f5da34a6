//! What was found out about the nodes that rows rest on, and which of it belongs to which row.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::base::value::{Row, Value};
use crate::cite::{Entry, Name, Venue};
use crate::format::text::shown;

/// What was found out.
#[derive(Debug, Default)]
pub struct Findings {
    /// By element id.
    pub statements: BTreeMap<String, Statement>,
    /// By element id.
    pub sources: BTreeMap<String, Entry>,
    /// Ties and sources that rows name themselves, by element id.
    pub others: BTreeMap<String, Vec<Other>>,
    /// Whose reading it is, by the reading's element id.
    owners: BTreeMap<String, String>,
}

/// Somebody's act.
#[derive(Debug, Default)]
pub struct Statement {
    /// Its key.
    pub key: String,
    /// Who spoke.
    pub speaker: String,
    /// For whom it was written down, where that is judged to be the speaker under another name.
    pub coded_as: Option<String>,
    /// Whether by name.
    pub identity: Option<String>,
    /// How one who is not named is described.
    pub described: Option<String>,
    /// What the speaker did.
    pub act: String,
    /// What it was about.
    pub claim: Option<String>,
    /// When.
    pub date: Option<String>,
    /// On what terms.
    pub record: Option<String>,
    /// To whom.
    pub audience: Vec<String>,
    /// The statements it tells of.
    pub tells: Vec<String>,
    /// The statements that tell of it.
    pub told_by: Vec<String>,
    /// Where it was read.
    pub readings: Vec<Reading>,
}

/// A place where a statement was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its own element id.
    pub id: String,
    /// The element id of the source.
    pub source: String,
    /// Where in it.
    pub locator: Option<String>,
    /// In which way it is told there.
    pub mode: Option<String>,
    /// The words.
    pub quote: Option<String>,
    /// The source that it relies on there.
    pub cites: Option<String>,
}

/// A source that a row names, or one that a tie rests on.
#[derive(Debug)]
pub struct Other {
    /// The tie, if it is one.
    pub tie: Option<Value>,
    /// The element id of the source.
    pub source: String,
}

/// What one row rests on.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The element ids of its statements.
    pub statements: Vec<String>,
    /// The readings it names; without any of a statement's, all of them count.
    pub readings: BTreeSet<String>,
    /// The element ids of its ties and sources.
    pub others: Vec<String>,
    /// How many statements are not told of.
    pub more: usize,
}

impl Findings {
    /// Takes in one row of an answer; columns are known by their headings.
    pub fn add(&mut self, columns: &[String], row: &Row) {
        let of = |name: &str| {
            columns.iter().position(|column| column == name).and_then(|at| row.get(at))
        };
        let text = |name: &str| of(name).and_then(shown);
        let Some(id) = text("id") else { return };
        let source = text("source");
        if let Some(source) = &source {
            self.sources.insert(source.clone(), self::source(&text));
        }
        if columns.iter().any(|column| column == "tie") {
            let tie = of("tie").filter(|tie| **tie != Value::Null).cloned();
            let other = source.map(|source| Other { tie, source });
            self.others.entry(id).or_default().extend(other);
            return;
        }
        let statement = self.statements.entry(id.clone()).or_insert_with(|| Statement {
            key: text("key").unwrap_or_default(),
            speaker: text("speaker").unwrap_or_default(),
            coded_as: None,
            identity: text("identity"),
            described: text("described"),
            act: text("act").unwrap_or_default(),
            claim: text("claim"),
            date: text("date"),
            record: text("record"),
            audience: list(of("audience")),
            tells: list(of("tells")),
            told_by: Vec::new(),
            readings: Vec::new(),
        });
        if let (Some(reading), Some(source)) = (text("reading"), source) {
            self.owners.insert(reading.clone(), id);
            statement.readings.push(Reading {
                id: reading,
                source,
                locator: text("locator"),
                mode: text("mode"),
                quote: text("quote"),
                cites: text("cites"),
            });
        }
    }

    /// Says of every statement who tells of it; to be called when all is taken in.
    pub fn link(&mut self) {
        let all = self.statements.iter();
        let pairs: Vec<(String, String)> = all
            .flat_map(|(id, one)| one.tells.iter().map(|told| (told.clone(), id.clone())))
            .collect();
        for (told, teller) in pairs {
            if let Some(told) = self.statements.get_mut(&told) {
                told.told_by.push(teller);
            }
        }
    }

    /// What a row rests on, of the nodes it names and of those left out.
    pub fn basis(&self, nodes: &Nodes) -> Basis {
        let (mut basis, mut known) = (Basis::default(), HashSet::new());
        for id in &nodes.shown {
            let owner = self.owners.get(id);
            if self.others.contains_key(id) {
                basis.others.push(id.clone());
            }
            if owner.is_some() {
                basis.readings.insert(id.clone());
            }
            let statement = owner.unwrap_or(id);
            if self.statements.contains_key(statement) && known.insert(statement) {
                basis.statements.push(statement.clone());
            }
        }
        let kind = basis.statements.first().map(|id| kind_of(id));
        basis.more = kind.and_then(|kind| nodes.left_out.get(kind)).copied().unwrap_or(0);
        basis
    }
}

/// The nodes a row names: the first of each kind, and how many further ones there are.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Nodes {
    /// Element ids.
    pub shown: Vec<String>,
    /// By what their element ids begin with.
    pub left_out: BTreeMap<String, usize>,
}

impl Nodes {
    /// Reads the words that name what a row rests on; `stands` tells the kind that the rows of an edge are.
    pub fn read(words: &str, most: usize, stands: &dyn Fn(i64) -> Option<i64>) -> Self {
        let (mut nodes, mut seen) = (Self::default(), HashSet::new());
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for word in words.split_ascii_whitespace() {
            let Some((kind, number)) = node(word, stands) else { continue };
            if !seen.insert((kind, number)) {
                continue;
            }
            let count = counts.entry(kind).or_default();
            *count += 1;
            if *count <= most {
                nodes.shown.push(format!("n:{kind}:{number}"));
            }
        }
        let more = counts.into_iter().filter(|(_, count)| *count > most);
        nodes.left_out = more.map(|(kind, count)| (format!("n:{kind}"), count - most)).collect();
        nodes
    }
}

/// `n7:12` is the node 12 of the kind 7; `e1:12` is one, where the rows of the edge 1 are nodes.
fn node(word: &str, stands: &dyn Fn(i64) -> Option<i64>) -> Option<(i64, i64)> {
    let (kind, number) = word.get(1..)?.split_once(':')?;
    let (kind, number) = (kind.parse().ok()?, number.parse().ok()?);
    if word.starts_with('n') { Some((kind, number)) } else { Some((stands(kind)?, number)) }
}

/// What the element ids of one kind begin with.
pub fn kind_of(id: &str) -> &str {
    id.rsplit_once(':').map_or(id, |(kind, _)| kind)
}

fn source(text: &dyn Fn(&str) -> Option<String>) -> Entry {
    let author =
        |name| Name { text: name, kind: text("author_kind"), identity: text("author_identity") };
    let venue = |name| Venue { name, kind: text("venue_kind") };
    Entry {
        key: text("source_key").unwrap_or_default(),
        title: text("title").unwrap_or_default(),
        kind: text("source_kind"),
        author: text("author").map(author),
        publisher: text("publisher"),
        venue: text("venue").map(venue),
        published: text("published"),
        url: text("url"),
        access: text("access"),
    }
}

fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::List(members)) => members.iter().filter_map(shown).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_kind_only_the_first_are_shown_and_the_others_counted() {
        let stands = |edge| (edge == 1).then_some(7);
        let nodes = Nodes::read("n7:1 e1:2 e1:1 e4:9 n7:3 n7:4 n5:1", 2, &stands);
        assert_eq!(nodes.shown, ["n:7:1", "n:7:2", "n:5:1"]);
        assert_eq!(nodes.left_out, BTreeMap::from([("n:7".to_owned(), 2)]));
    }
}
