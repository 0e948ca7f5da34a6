//! What one import keeps while it runs: the batch, what was refused, what was counted, and bounded caches.

use super::{Refusal, exact, records::Blame};
use crate::{
    base::{closest::closest, date::Date, fold::fold},
    record::catalogue::Term,
    store::{
        batch::{Batch, Cell, Outcome},
        error::Error,
        search::Found,
        table::Shape,
    },
};
use std::collections::{BTreeMap, HashMap};

/// How many refusals a report keeps; all are counted.
const KEPT: usize = 100;
/// How many entries a cache holds before it starts again.
pub(crate) const CACHE: usize = 100_000;

/// Why a cell or a row is not taken.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It is wrong.
    Refused(String, Option<String>),
    /// It points to a row that was refused itself, which was said already.
    Known,
    /// The store failed.
    Store(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// The suggestion of a name that is near.
pub(crate) fn near<'c>(name: &str, known: impl IntoIterator<Item = &'c str>) -> Option<String> {
    closest(name, known).map(|near| format!("closest: {near}"))
}

/// A refusal without a suggestion.
pub(crate) fn refuse<T>(reason: impl Into<String>) -> Result<T, Trouble> {
    Err(Trouble::Refused(reason.into(), None))
}

/// What is given out as an edge is no end of another one: no question could reach it there.
fn joins_an_edge(key: &str) -> Trouble {
    let reason = format!("'{key}' is a relation, which is an edge, and no edge leads to an edge");
    Trouble::Refused(reason, Some("name one of the two that it joins".to_owned()))
}

/// A place in the files being read: the file's number and the line.
pub(crate) type Place = (usize, u64);

/// A node that was made on the way because a cell names it.
pub(crate) struct Created {
    pub(crate) kind: usize,
    pub(crate) noun: &'static str,
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// An import in progress.
pub(crate) struct Session<'w> {
    pub(crate) batch: Batch<'w>,
    pub(crate) files: Vec<String>,
    pub(crate) added: BTreeMap<&'static str, u64>,
    pub(crate) changed: BTreeMap<&'static str, u64>,
    pub(crate) unchanged: u64,
    /// Rows that are equal to an earlier row of their file.
    pub(crate) repeated: u64,
    /// Rows that the mapping told to skip.
    pub(crate) skipped: u64,
    /// Nodes that were made on the way, as far as they are few.
    pub(crate) created: Vec<Created>,
    pub(crate) refused: Vec<Refusal>,
    pub(crate) refused_count: u64,
    /// What is worth saying of the files.
    pub(crate) remarks: Vec<String>,
    /// Whether nodes that a sheet names but nothing declares are made on the way.
    pub(crate) create_missing: bool,
    /// Whether some link of a kind points forward, as far as is known.
    pub(crate) forward_links: BTreeMap<i64, bool>,
    dates: HashMap<String, Option<Date>>,
}

impl<'w> Session<'w> {
    pub(crate) fn new(batch: Batch<'w>, create_missing: bool) -> Self {
        Self {
            batch,
            files: Vec::new(),
            added: BTreeMap::new(),
            changed: BTreeMap::new(),
            unchanged: 0,
            repeated: 0,
            skipped: 0,
            created: Vec::new(),
            refused: Vec::new(),
            refused_count: 0,
            remarks: Vec::new(),
            create_missing,
            forward_links: BTreeMap::new(),
            dates: HashMap::new(),
        }
    }

    /// Begins another file.
    pub(crate) fn open_file(&mut self, name: &str) -> Result<usize, Error> {
        self.batch.next_file()?;
        self.files.push(name.to_owned());
        Ok(self.files.len() - 1)
    }

    /// Writes down a refusal.
    pub(crate) fn refuse(
        &mut self,
        place: Place,
        column: Option<&str>,
        reason: String,
        suggestion: Option<String>,
    ) {
        self.refused_count += 1;
        if self.refused.len() < KEPT {
            let file = self.files.get(place.0).cloned().unwrap_or_default();
            let column = column.map(str::to_owned);
            self.refused.push(Refusal { file, line: place.1, column, reason, suggestion });
        }
    }

    /// Writes down what a reader found wrong.
    pub(crate) fn blame(&mut self, file: usize, blame: Blame) {
        self.refuse((file, blame.line), None, blame.reason, blame.suggestion);
    }

    /// Writes down the trouble, if there is one, and goes on with nothing in its place.
    pub(crate) fn settle<T>(
        &mut self,
        place: Place,
        column: &str,
        result: Result<T, Trouble>,
    ) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Trouble::Known) => Ok(None),
            Err(Trouble::Store(error)) => Err(error),
            Err(Trouble::Refused(reason, suggestion)) => {
                self.refuse(
                    place,
                    Some(column).filter(|column| !column.is_empty()),
                    reason,
                    suggestion,
                );
                Ok(None)
            }
        }
    }

    /// Counts what became of a row.
    pub(crate) fn count(&mut self, noun: &'static str, outcome: Outcome) -> Result<(), Trouble> {
        match outcome {
            Outcome::Added => *self.added.entry(noun).or_default() += 1,
            Outcome::Changed => *self.changed.entry(noun).or_default() += 1,
            Outcome::Same => self.unchanged += 1,
            Outcome::Clash => {
                let reason =
                    format!("this {noun} stands further up in the same file, with other content");
                return Err(Trouble::Refused(
                    reason,
                    Some("keep one of the two, or give one another key".to_owned()),
                ));
            }
        }
        Ok(())
    }

    /// A term of a vocabulary.
    pub(crate) fn term(&self, vocabulary: &str, text: &str) -> Result<&Term, Trouble> {
        if let Some(term) = self.batch.term(vocabulary, text) {
            return Ok(term);
        }
        let folded = fold(text);
        let same = self.batch.terms_of(vocabulary).find(|term| fold(term) == folded);
        if let Some(term) = same.and_then(|same| self.batch.term(vocabulary, same)) {
            return Ok(term);
        }
        if self.batch.terms_of(vocabulary).next().is_none() {
            let near = near(vocabulary, self.batch.vocabularies());
            return Err(Trouble::Refused(format!("there is no vocabulary '{vocabulary}'"), near));
        }
        let near = near(text, self.batch.terms_of(vocabulary));
        let suggestion = near.or_else(|| Some(self.some_terms(vocabulary)));
        Err(Trouble::Refused(format!("no {} '{text}'", vocabulary.replace('-', " ")), suggestion))
    }

    fn some_terms(&self, vocabulary: &str) -> String {
        let some: Vec<&str> = self.batch.terms_of(vocabulary).take(4).collect();
        format!("one of {}, … or a new term in vocab.csv", some.join(", "))
    }

    /// A date, read once however often it stands in the files.
    pub(crate) fn date(&mut self, text: &str) -> Result<Date, Trouble> {
        if self.dates.len() > CACHE {
            self.dates.clear();
        }
        if let Some(Some(date)) = self.dates.get(text) {
            return Ok(date.clone());
        }
        let date = Date::parse(text).map_err(|bad| {
            let reason = format!("'{text}' is not a date");
            match bad.suggestion {
                Some(meant) => Trouble::Refused(reason, Some(format!("write {meant}"))),
                None => Trouble::Refused(
                    format!("{reason}: {}", bad.reason),
                    Some("write it as in 2025-11-22, 2025-11 or [..2025-11-22]".to_owned()),
                ),
            }
        })?;
        if date.first > date.last {
            return refuse(format!("'{text}' ends before it starts"));
        }
        self.dates.insert(text.to_owned(), Some(date.clone()));
        Ok(date)
    }

    /// The node of a kind with this key, which has to be there.
    pub(crate) fn node(&self, kind: usize, key: &str) -> Result<i64, Trouble> {
        if let Some(id) = self.batch.by_key(kind, key)? {
            return Ok(id);
        }
        Err(self.missing(kind, key)?)
    }

    /// The trouble with a node that is not there, with the closest key that is.
    pub(crate) fn missing(&self, kind: usize, key: &str) -> Result<Trouble, Error> {
        if self.batch.was_refused(kind, key)? {
            return Ok(Trouble::Known);
        }
        let some = self.refused.len() < KEPT;
        let known = if some { self.batch.neighbours(kind, key)? } else { Vec::new() };
        let near = near(key, known.iter().map(String::as_str));
        Ok(Trouble::Refused(format!("no {} '{key}'", self.kind_name(kind)), near))
    }

    /// The trouble with a name that finds nothing, with the closest name, or key where it looks like one.
    pub(crate) fn nameless(&self, kind: usize, text: &str) -> Result<Trouble, Error> {
        let is_name = text.chars().any(|c| c.is_uppercase() || c.is_whitespace());
        if !is_name || self.refused.len() >= KEPT {
            return self.missing(kind, text);
        }
        let known = self.batch.near_names(kind, text)?;
        match near(text, known.iter().map(String::as_str)) {
            Some(near) => {
                Ok(Trouble::Refused(format!("no {} '{text}'", self.kind_name(kind)), Some(near)))
            }
            None => self.missing(kind, text),
        }
    }

    /// The name of a kind in running text.
    pub(crate) fn kind_name(&self, kind: usize) -> String {
        self.batch.kinds().get(kind).map(|kind| kind.name.to_lowercase()).unwrap_or_default()
    }

    /// A node of any kind: its kind's number and its id.
    pub(crate) fn any(&self, text: &str) -> Result<(i64, i64), Trouble> {
        if let Some((name, key)) = exact::of_kind(text) {
            let kinds = self.batch.kinds();
            let found = kinds.iter().enumerate().find(|(_, kind)| kind.name == name);
            let Some((index, kind)) = found else {
                let known = kinds.iter().map(|kind| kind.name.as_str());
                let suggestion = near(name, known);
                return Err(Trouble::Refused(format!("there is no kind '{name}'"), suggestion));
            };
            if kind.as_edge {
                return Err(joins_an_edge(key));
            }
            return Ok((kind.id, self.node(index, key)?));
        }
        let mut found = Vec::new();
        for (index, kind) in self.batch.kinds().iter().enumerate() {
            if kind.as_edge {
                continue;
            }
            if let Some(id) = self.batch.by_key(index, text)? {
                found.push((kind.id, id, kind.name.to_lowercase()));
            }
        }
        match found.as_slice() {
            [(kind, id, _)] => Ok((*kind, *id)),
            [] => self.any_of_kind(text),
            several => {
                let kinds: Vec<String> =
                    several.iter().map(|(_, _, name)| format!("{name}:{text}")).collect();
                Err(Trouble::Refused(
                    format!("'{text}' may mean several things"),
                    Some(kinds.join(" or ")),
                ))
            }
        }
    }

    fn any_of_kind(&self, text: &str) -> Result<(i64, i64), Trouble> {
        if let Some((name, key)) = text.split_once(':') {
            let kinds = self.batch.kinds();
            let index = kinds.iter().position(|kind| kind.name.eq_ignore_ascii_case(name.trim()));
            if let Some((index, kind)) = index.and_then(|index| Some((index, kinds.get(index)?))) {
                if kind.as_edge {
                    return Err(joins_an_edge(key.trim()));
                }
                return Ok((kind.id, self.node(index, key.trim())?));
            }
        }
        let mut known = Vec::new();
        for (index, kind) in self.batch.kinds().iter().enumerate() {
            if kind.as_edge && self.batch.by_key(index, text)?.is_some() {
                return Err(joins_an_edge(text));
            }
            if self.batch.was_refused(index, text)? {
                return Err(Trouble::Known);
            }
            known.extend(self.batch.neighbours(index, text)?);
        }
        let near = near(text, known.iter().map(String::as_str));
        Err(Trouble::Refused(format!("nothing has the key '{text}'"), near))
    }

    /// The statement or claim that a link's end means.
    pub(crate) fn one(
        &self,
        kind: usize,
        text: &str,
        found: Found,
    ) -> Result<Option<i64>, Trouble> {
        match found {
            Found::One(id) => Ok(Some(id)),
            Found::Nothing => Ok(None),
            Found::Several(keys) => Err(Trouble::Refused(
                format!("'{text}' may be more than one {}", self.kind_name(kind)),
                Some(format!("write the key: {}", keys.join(" or "))),
            )),
        }
    }

    /// Keeps a link between two statements, once it is seen to be possible.
    pub(crate) fn link_statements(
        &mut self,
        link: &Term,
        ends: (i64, i64),
        basis: Option<i64>,
        note: Option<&str>,
    ) -> Result<(), Trouble> {
        let (from, to) = ends;
        if link.term == "reverses" && self.batch.speaker(from)? != self.batch.speaker(to)? {
            return refuse(
                "a reversal has one speaker, but these two statements have different ones",
            );
        }
        if link.term == "reports" {
            self.refuse_circle(link.id, from, to)?;
        }
        let shape = statement_links();
        let mut outcome = Outcome::Same;
        for (from, to) in
            [(from, to), (to, from)].into_iter().take(if link.symmetric { 2 } else { 1 })
        {
            let cells = [
                Cell::Int(from),
                Cell::Int(link.id),
                Cell::Int(to),
                Cell::int(basis),
                Cell::text(note),
            ];
            outcome = self.batch.put(shape, &cells)?;
        }
        self.count("link", outcome)
    }

    /// A circle needs a link to a statement that was added later; without one there is nothing to look for.
    fn refuse_circle(&mut self, link: i64, from: i64, to: i64) -> Result<(), Trouble> {
        let forward = match self.forward_links.get(&link) {
            Some(forward) => *forward,
            None => self.batch.has_forward_link(link)?,
        };
        self.forward_links.insert(link, forward || from <= to);
        if from == to || ((forward || from <= to) && self.batch.reaches(to, from, link)?) {
            let reason = "the statement would report itself";
            return refuse(if from == to {
                reason.to_owned()
            } else {
                format!("{reason} through others: {}", self.circle(from, to, link)?)
            });
        }
        Ok(())
    }
}

impl Session<'_> {
    /// The statements of a circle by their rows, where they are of this sheet, else by their keys.
    fn circle(&self, from: i64, to: i64, link: i64) -> Result<String, Error> {
        const NAMED: usize = 8;
        let mut names = Vec::new();
        let chain = self.batch.chain(to, from, link)?;
        for id in std::iter::once(&from).chain(&chain).take(NAMED) {
            names.push(match self.batch.row_of_statement(*id)? {
                Some(row) => format!("row {row}"),
                None => format!("'{}'", self.batch.statement_key(*id)?),
            });
        }
        if chain.len() >= NAMED {
            names.push("…".to_owned());
        }
        Ok(names.join(" → "))
    }
}

fn statement_links() -> &'static Shape {
    static SHAPE: std::sync::OnceLock<Shape> = std::sync::OnceLock::new();
    SHAPE.get_or_init(|| {
        Shape::set(
            "statement_link",
            &["from_statement", "link", "to_statement"],
            &["basis", "note"],
        )
    })
}
