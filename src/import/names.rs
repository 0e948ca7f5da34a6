//! Finds the node that a cell of a sheet means, or makes it, with a readable key.

use super::{
    Error,
    alike::MOST_CREATED,
    map::Mapping,
    remembered::Remembered,
    session::{Created, Session, Trouble, refuse},
};
use crate::{
    base::fold::digest,
    record::key::{candidates, slug},
    store::{
        batch::{Cell, Outcome},
        search::{Found, Matching},
        table::{Row, Shape},
    },
};

/// Finds and makes the nodes of one kind.
pub(crate) struct Finder {
    kind: usize,
    noun: &'static str,
    shape: Shape,
    given: Vec<(String, i64)>,
    /// What cells meant, by the way of matching.
    remembered: Remembered,
}

/// What a cell says about the node it means.
pub(crate) struct Wanted<'a> {
    /// The cell.
    pub(crate) text: &'a str,
    /// How it finds a node that is there.
    pub(crate) matching: Matching,
    /// For an unnamed actor: its source, and the term for how far it is known. Such actors are never found by name.
    pub(crate) unnamed: Option<(&'a str, i64)>,
    /// Whether the row says that the actor is known by name.
    pub(crate) is_named: bool,
}

impl Finder {
    /// For the kind in `table`; a new node has these terms in these columns.
    pub(crate) fn new(
        session: &Session<'_>,
        table: &str,
        noun: &'static str,
        given: Vec<(String, i64)>,
    ) -> Self {
        let kind = session.batch.kind(table).unwrap_or(usize::MAX);
        let shown =
            session.batch.kinds().get(kind).and_then(|kind| kind.shown.clone()).unwrap_or_default();
        let mut columns = vec![shown.as_str()];
        columns.extend(given.iter().map(|(column, _)| column.as_str()));
        let shape = Shape::keyed(table, &columns);
        Self { kind, noun, shape, given, remembered: Remembered::default() }
    }

    /// The node that a cell means; made where it is not there and may be made.
    pub(crate) fn find(
        &mut self,
        session: &mut Session<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<i64, Trouble> {
        let scoped = match wanted.unnamed {
            Some((source, _)) => Some(format!("{source}\u{1f}{}", wanted.text)),
            None => wanted.is_named.then(|| format!("\u{1f}{}", wanted.text)),
        };
        let cached = scoped.as_deref().unwrap_or(wanted.text);
        let way = wanted.matching as i64;
        if let Some(id) = self.remembered.get(way, cached) {
            return Ok(id);
        }
        let id = if wanted.unnamed.is_some() {
            self.unnamed(session, wanted)
        } else {
            self.named(session, wanted)
        }?;
        self.remembered.keep(way, cached, id);
        Ok(id)
    }

    fn named(&self, session: &mut Session<'_>, wanted: &Wanted<'_>) -> Result<i64, Trouble> {
        let named = wanted.is_named && session.batch.by_key(self.kind, wanted.text)?.is_none();
        let found = if named {
            session.batch.find_named(wanted.text, wanted.matching)?
        } else {
            session.batch.find(self.kind, wanted.text, wanted.matching)?
        };
        if let Some(id) = session.one(self.kind, wanted.text, found)? {
            return Ok(id);
        }
        if !session.create_missing {
            return Err(match wanted.matching {
                Matching::Key => session.missing(self.kind, wanted.text)?,
                Matching::Exact | Matching::Folded => session.nameless(self.kind, wanted.text)?,
            });
        }
        let text = wanted.text;
        let id = match wanted.matching {
            Matching::Key => {
                let key = super::value::valid_key(text)?.to_owned();
                self.make(session, [key], text, &[])?
            }
            // The slug, with the next free number behind it where it is taken; with a digest where many share it.
            Matching::Exact | Matching::Folded => {
                self.make(session, candidates(&slug(text), text), text, &[])?
            }
        };
        if session.created.len() <= MOST_CREATED {
            let (kind, noun, name) = (self.kind, self.noun, wanted.text.to_owned());
            session.created.push(Created { kind, noun, id, name });
        }
        Ok(id)
    }

    /// An actor who is not named belongs to the source that does not name them.
    fn unnamed(&self, session: &mut Session<'_>, wanted: &Wanted<'_>) -> Result<i64, Trouble> {
        let (source, identity) = wanted.unnamed.unwrap_or_default();
        if let Found::One(id) = session.batch.find(self.kind, wanted.text, Matching::Key)? {
            return Ok(id);
        }
        let text = if wanted.text.is_empty() { "unidentified speaker" } else { wanted.text };
        let key = format!(
            "{}-in-{}-{}",
            slug(text),
            slug(source),
            digest(&format!("{text}\u{1f}{source}"), 6)
        );
        if let Some(id) = session.batch.by_key(self.kind, &key)? {
            return Ok(id);
        }
        if !session.create_missing {
            return Err(session.missing(self.kind, &key)?);
        }
        self.make(session, [key], text, &[("identity", identity)])
    }

    /// Makes a node under the first of these keys that is free.
    fn make(
        &self,
        session: &mut Session<'_>,
        keys: impl IntoIterator<Item = String>,
        text: &str,
        terms: &[(&str, i64)],
    ) -> Result<i64, Trouble> {
        let mut cells = vec![Cell::Null, Cell::Text(text)];
        cells.extend(self.given.iter().map(|(column, id)| {
            let told = terms.iter().find(|(name, _)| name == column);
            Cell::Int(told.map_or(*id, |(_, id)| *id))
        }));
        let mut last = String::new();
        for key in keys {
            let cells = with_key(&key, &cells);
            if let Some(id) = session.batch.try_add(&self.row(text, &cells))? {
                session.count(self.noun, Outcome::Added)?;
                return Ok(id);
            }
            last = key;
        }
        refuse(format!("the key '{last}' is taken by another {}", self.noun))
    }

    fn row<'r>(&'r self, text: &'r str, cells: &'r [Cell<'r>]) -> Row<'r> {
        Row { shape: &self.shape, kind: self.kind, shown: Some(text), cells }
    }
}

/// Cells with this key, which is the first of them.
fn with_key<'c>(key: &'c str, cells: &[Cell<'c>]) -> Vec<Cell<'c>> {
    [Cell::Text(key)].into_iter().chain(cells.iter().skip(1).copied()).collect()
}

/// One finder for each kind that a sheet may make on the way.
pub(crate) struct Finders {
    pub(crate) actor: Finder,
    pub(crate) venue: Finder,
    pub(crate) event: Finder,
    pub(crate) source: Finder,
    pub(crate) topic: Finder,
    pub(crate) claim: Finder,
}

/// The finders of a sheet, with what its mapping says about new nodes.
pub(crate) fn finders(
    session: &mut Session<'_>,
    mapping: Option<&Mapping>,
) -> Result<Finders, Error> {
    let mut finder = |table: &'static str, wanted: &[(&'static str, &str)]| {
        let mut given: Vec<(String, i64)> = Vec::new();
        for (column, text) in wanted {
            let vocabulary =
                if *column == "kind" { format!("{table}-kind") } else { (*column).to_owned() };
            let told = mapping
                .and_then(|mapping| mapping.new.iter().find(|(name, _)| name.get_ref() == table));
            let told =
                told.and_then(|(_, terms)| terms.get(*column)).map(|text| text.get_ref().as_str());
            let Some(text) = told.or(Some(*text).filter(|text| !text.is_empty())) else { continue };
            let place = (session.files.len().saturating_sub(1), 1);
            let term = session.term(&vocabulary, text).map(|term| term.id);
            if let Some(id) = session.settle(place, column, term)? {
                given.push(((*column).to_owned(), id));
            }
        }
        Ok::<Finder, Error>(Finder::new(session, table, table, given))
    };
    Ok(Finders {
        actor: finder("actor", &[("kind", ""), ("identity", "named")])?,
        venue: finder("venue", &[("kind", "")])?,
        event: finder("event", &[("kind", "")])?,
        source: finder("source", &[("kind", ""), ("access", "")])?,
        topic: finder("topic", &[("kind", "")])?,
        claim: finder("claim", &[("kind", "")])?,
    })
}
