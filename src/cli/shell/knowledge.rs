//! What completion and hints know: the store, the saved questions, the session's parameters. The store is opened when it is
//! first needed, and looked at anew where it may have changed.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::behind;
use super::commands::{COMMANDS, named};
use super::session::{Session, command_in};
use crate::base::clean;
use crate::cli::engine::Store;
use crate::complete::{Candidate, Fits, Known};
use crate::lang::ast::Definition;
use crate::record::catalogue::Catalogue;
use crate::script::library::Library;

/// Questions to try on an empty line, with the kinds that they need.
const EXAMPLES: &[(&[&str], &str)] = &[
    (&["Actor", "Claim"], "match (a:Actor)-[s:said]->(c:Claim) return a.name, s.act, c.text"),
    (&[], ".help"),
    (&["Actor", "Claim"], "match (a:Actor)-[s:denies]->(c:Claim) return a.name, c.text, s.date"),
    (&[], ".schema"),
    (
        &["Actor"],
        "match (a:Actor)<-[:by]-(s:Statement) return a.name, count(*) as n order by n desc",
    ),
    (&[], ".queries"),
];

/// No menu is longer.
const MOST: usize = 200;

/// Something that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    /// The bytes it replaces.
    pub(super) span: Range<usize>,
    pub(super) text: String,
    pub(super) label: String,
    pub(super) gloss: String,
}

/// What is known.
pub(super) struct Knowledge {
    path: PathBuf,
    pub(super) library: Library,
    store: Option<Store>,
    pub(super) parameters: Vec<Known>,
    definitions: Vec<Definition>,
    /// What is worth trying in this store.
    examples: Option<Vec<&'static str>>,
    taken: usize,
}

impl Knowledge {
    pub(super) fn new(path: &Path, library: Library) -> Self {
        Self {
            path: path.to_owned(),
            library,
            store: None,
            parameters: Vec::new(),
            definitions: Vec::new(),
            examples: None,
            taken: 0,
        }
    }

    /// Takes over what the session knows after another line.
    pub(super) fn learn(&mut self, session: &Session) {
        self.parameters = session.known();
        self.definitions = session.definitions().to_vec();
        self.taken += 1;
    }

    /// Whether this is about that store.
    pub(super) fn is_about(&self, path: &Path) -> bool {
        self.path == path
    }

    /// Forgets the store, which may have changed.
    pub(super) fn forget(&mut self) {
        self.store = None;
        self.examples = None;
    }

    /// What there is to ask about, if the store can be opened.
    pub(super) fn catalogue(&mut self) -> Option<Catalogue> {
        self.store()?.catalogue().ok()
    }

    /// The store, if it can be opened.
    pub(super) fn store(&mut self) -> Option<&Store> {
        if self.store.is_none() {
            self.store = Store::open(&self.path, None).ok();
        }
        let store = self.store.as_ref()?;
        store.start();
        Some(store)
    }

    /// What fits at a place of a text, the best first.
    pub(super) fn choices(&mut self, text: &str, cursor: usize) -> Vec<Choice> {
        let Some(before) = text.get(..cursor) else { return Vec::new() };
        if command_in(text).is_none() {
            return self.of_query(text, cursor);
        }
        let start = text.len() - text.trim_start().len() + 1;
        match before.get(start..).and_then(|typed| typed.split_once(char::is_whitespace)) {
            None => commands_like(before.get(start..).unwrap_or_default(), start..cursor),
            Some((name, rest)) => {
                let Some(command) = named(name) else { return Vec::new() };
                behind::choices(self, command, rest, start + name.len() + 1)
            }
        }
    }

    /// What fits in a query.
    pub(super) fn of_query(&mut self, text: &str, cursor: usize) -> Vec<Choice> {
        let (known, defined) = (self.parameters.clone(), self.definitions.clone());
        let Some(store) = self.store() else { return Vec::new() };
        let fits = store.fits(text, cursor, (&known, &defined));
        let Fits { span, mut candidates, names: _ } = fits;
        candidates.truncate(MOST);
        candidates.into_iter().map(|one| choice(one, &span)).collect()
    }

    /// Something to try, another one after each line.
    pub(super) fn example(&mut self) -> Option<String> {
        if self.examples.is_none() {
            let catalogue = self.catalogue()?;
            let has = |kind: &str| catalogue.kinds.iter().any(|one| one.name == kind);
            let fit = EXAMPLES.iter().filter(|(kinds, _)| kinds.iter().all(|kind| has(kind)));
            self.examples = Some(fit.map(|(_, text)| *text).collect());
        }
        let examples = self.examples.as_ref()?;
        examples.get(self.taken % examples.len().max(1)).map(|text| (*text).to_owned())
    }
}

/// A candidate as a choice: what it puts into the text holds nothing that a terminal would obey.
fn choice(candidate: Candidate, span: &Range<usize>) -> Choice {
    let Candidate { text, label, gloss, sort: _ } = candidate;
    let text = if text.chars().any(clean::acts) { escaped(&text) } else { text };
    Choice { span: span.clone(), text, label, gloss }
}

fn escaped(text: &str) -> String {
    let shown = |c: char| match u32::from(c) {
        _ if !clean::acts(c) => c.to_string(),
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    };
    text.chars().map(shown).collect()
}

/// The commands that begin so.
pub(super) fn commands_like(begun: &str, span: Range<usize>) -> Vec<Choice> {
    let begun = begun.to_lowercase();
    let fits = COMMANDS.iter().filter(|one| one.name.starts_with(&begun));
    let choice = |one: &super::commands::Command| Choice {
        span: span.clone(),
        text: if one.takes.is_empty() { one.name.to_owned() } else { format!("{} ", one.name) },
        label: format!(".{}", one.name),
        gloss: one.about.to_owned(),
    };
    fits.map(choice).collect()
}
