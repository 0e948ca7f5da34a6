//! What fits at a place of a text, with what a store knows: names from the data, and how many nodes of a kind there are.

use std::collections::BTreeMap;

use super::engine::{Store, of_store};
use super::failure::Failure;
use crate::base::clean;
use crate::base::count::counted;
use crate::base::fold::fold;
use crate::complete::{Candidate, Fits, Known, Sort, Wanted, fits_among};
use crate::lang::{ast, written_text};
use crate::store::names::{MOST_COUNTED, Name};

/// How many names are offered at once.
const MOST_NAMES: usize = 50;
/// Nodes of a kind are counted no further.
const MOST_NODES: u64 = 10_000;
/// A longer name is put in as its key.
const LONGEST: usize = 60;

impl Store {
    /// What fits at a place of a text, names from the data too.
    pub(crate) fn fits(
        &self,
        text: &str,
        cursor: usize,
        known: (&[Known], &[ast::Definition]),
    ) -> Fits {
        let mut fits = fits_among(text, cursor, &self.catalog, known);
        if let Some(wanted) = &fits.names {
            fits.candidates.extend(self.names(wanted, MOST_NAMES).unwrap_or_default());
        }
        let kinds = fits.candidates.iter_mut().filter(|one| one.sort == Sort::Kind);
        for kind in kinds {
            if let Some(count) = self.few_counts().get(&kind.label) {
                let about = if kind.gloss.is_empty() { "" } else { " · " };
                kind.gloss = format!("{count}{about}{}", kind.gloss);
            }
        }
        fits
    }

    /// The nodes of any kind that a text begins, by key.
    pub(crate) fn nodes_like(&self, begun: &str, limit: usize) -> Result<Vec<Candidate>, Failure> {
        let kinds = self.catalog.kinds().filter(|(_, kind)| kind.key.is_some());
        let kinds = kinds.map(|(id, _)| id).collect();
        let wanted = Wanted { kinds, begun: begun.to_owned(), quote: '\'', by_key: true };
        self.names(&wanted, limit)
    }

    /// The values that fit in a text at a place of a question, each with what it is. A node stands as its key, unless its
    /// name is what is begun.
    pub(crate) fn values_at(&self, text: &str, cursor: usize) -> Vec<(String, String)> {
        let Fits { span: _, candidates, names } =
            fits_among(text, cursor, &self.catalog, (&[], &[]));
        let terms = candidates.into_iter().filter(|one| one.sort == Sort::Term);
        let mut found: Vec<(String, String)> = terms.map(|term| (term.label, term.gloss)).collect();
        if let Some(wanted) = names {
            let begun = fold(&wanted.begun);
            let by_name = self.names(&wanted, MOST_NAMES).unwrap_or_default();
            let by_key = self.names(&Wanted { by_key: true, ..wanted }, MOST_NAMES);
            for (key, name) in by_key.unwrap_or_default().into_iter().zip(by_name) {
                let is_named = !begun.is_empty() && fold(&name.label).starts_with(&begun);
                let one = if is_named && !key.label.starts_with(&begun) { name } else { key };
                found.push((one.label, one.gloss));
            }
        }
        found
    }

    /// How many nodes of each kind there are, in words, if that is quickly counted; counted once.
    fn few_counts(&self) -> &BTreeMap<String, String> {
        self.few_counts.get_or_init(|| {
            let counts = self.reader.counts_up_to(MOST_NODES).unwrap_or_default().into_iter();
            let in_words = |count: u64| match count {
                MOST_NODES.. => format!("{MOST_NODES} or more"),
                _ => count.to_string(),
            };
            counts.map(|(kind, count)| (kind, in_words(count))).collect()
        })
    }

    /// The names of nodes that are wanted, the likeliest first.
    pub(crate) fn names(&self, wanted: &Wanted, limit: usize) -> Result<Vec<Candidate>, Failure> {
        let kinds: Vec<i64> = wanted.kinds.iter().map(|kind| self.catalog.kind(*kind).id).collect();
        let found = self.reader.begun(&kinds, &wanted.begun, limit).map_err(of_store)?;
        let kind = |id: i64| self.catalog.kinds().find(|(_, kind)| kind.id == id);
        let named = found.iter().filter_map(|name| {
            let (_, kind) = kind(name.kind)?;
            candidate(name, &kind.name, wanted)
        });
        Ok(named.collect())
    }
}

/// What a node is offered as; nothing where its key and its name hold what acts on a terminal.
pub(super) fn candidate(name: &Name, kind: &str, wanted: &Wanted) -> Option<Candidate> {
    let Name { kind: _, key, shown, alias, about } = name;
    let is_long = shown.chars().count() > LONGEST;
    let by_key = wanted.by_key || is_long || !is_plain(shown);
    let put_in = if by_key { key } else { shown };
    if !is_plain(put_in) {
        return None;
    }
    let shown_clean = clean::line(shown).into_owned();
    let count = about.as_ref().map(|(noun, count)| format!(", {}", roughly(*count, noun)));
    let what = format!("{}{}", kind.to_lowercase(), count.unwrap_or_default());
    let (label, gloss) = match alias {
        _ if wanted.by_key && key == shown => (key.clone(), what),
        _ if wanted.by_key => (key.clone(), format!("{shown_clean} — {what}")),
        Some(alias) => (shown_clean, format!("{what}; also {}", clean::line(alias))),
        None => (shown_clean, what),
    };
    Some(Candidate { text: written_text(put_in, wanted.quote), label, gloss, sort: Sort::Name })
}

/// Whether nothing in it acts on a terminal or breaks the line.
fn is_plain(text: &str) -> bool {
    clean::line(text) == text
}

fn roughly(count: u64, noun: &str) -> String {
    let text = counted(count.min(MOST_COUNTED), noun);
    if count >= MOST_COUNTED { format!("{text} or more") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(by_key: bool) -> Wanted {
        Wanted { kinds: Vec::new(), begun: String::new(), quote: '\'', by_key }
    }

    fn name(shown: &str) -> Name {
        let about = Some(("statement".to_owned(), 9));
        Name { kind: 1, key: "mike-rounds".into(), shown: shown.into(), alias: None, about }
    }

    #[test]
    fn a_name_is_put_in_between_quotes() {
        let made = candidate(&name("Mike O'Rounds"), "Actor", &wanted(false)).unwrap();
        assert_eq!(made.text, "'Mike O''Rounds'");
        assert_eq!(
            (made.label.as_str(), made.gloss.as_str()),
            ("Mike O'Rounds", "actor, 9 statements")
        );
        let made = candidate(&name("Mike Rounds"), "Actor", &wanted(true)).unwrap();
        assert_eq!((made.text.as_str(), made.label.as_str()), ("'mike-rounds'", "mike-rounds"));
        assert_eq!(made.gloss, "Mike Rounds — actor, 9 statements");
    }

    #[test]
    fn what_acts_on_a_terminal_is_neither_put_in_nor_shown() {
        let made = candidate(&name("Mike\u{1b}[31m"), "Actor", &wanted(false)).unwrap();
        assert_eq!(made.text, "'mike-rounds'");
        assert!(!made.label.contains('\u{1b}'));
        let hostile = Name { key: "a\u{7}".into(), ..name("b\u{7}") };
        assert_eq!(candidate(&hostile, "Actor", &wanted(false)), None);
        let long = candidate(&name(&"x".repeat(80)), "Actor", &wanted(false)).unwrap();
        assert_eq!(long.text, "'mike-rounds'");
    }
}
