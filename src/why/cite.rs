//! Sources with labels, in the order they come up: numbers, or the keys that they are cited by.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{Basis, Findings, Reading};
use crate::cite::{Entry, citation_key};

/// The sources that are cited, in the order they came up.
#[derive(Debug, Default)]
pub struct Labels {
    cited: Vec<Cited>,
    /// Where in `cited` a source is.
    places: BTreeMap<String, usize>,
    /// What a source is cited by; those that are not here get numbers.
    keys: BTreeMap<String, String>,
}

/// A source that is cited.
#[derive(Debug)]
struct Cited {
    id: String,
    locators: Vec<String>,
}

impl Labels {
    /// Labels that are the keys of the sources.
    pub fn keys(findings: &Findings) -> Self {
        let key = |(id, source): (&String, &Entry)| (id.clone(), citation_key(&source.key));
        Self { keys: findings.sources.iter().map(key).collect(), ..Self::default() }
    }

    /// The label of a source; the places in it are gathered.
    pub fn of(&mut self, id: &str, locator: Option<&str>) -> String {
        let at = self.place(id, locator);
        self.label(at)
    }

    fn place(&mut self, id: &str, locator: Option<&str>) -> usize {
        let next = self.cited.len();
        let at = *self.places.entry(id.to_owned()).or_insert(next);
        if at == next {
            self.cited.push(Cited { id: id.to_owned(), locators: Vec::new() });
        }
        if let (Some(cited), Some(locator)) = (self.cited.get_mut(at), locator)
            && !cited.locators.iter().any(|known| known == locator)
        {
            cited.locators.push(locator.to_owned());
        }
        at
    }

    fn label(&self, at: usize) -> String {
        let key = self.cited.get(at).and_then(|cited| self.keys.get(&cited.id));
        key.cloned().unwrap_or_else(|| (at + 1).to_string())
    }

    /// The labels of the sources that a row rests on.
    pub fn of_row(&mut self, basis: &Basis, findings: &Findings) -> Vec<String> {
        let mut places = BTreeSet::new();
        for id in &basis.statements {
            for reading in findings.where_read(id, basis) {
                places.insert(self.place(&reading.source, reading.locator.as_deref()));
            }
        }
        for other in basis.others.iter().filter_map(|id| findings.others.get(id)).flatten() {
            places.insert(self.place(&other.source, None));
        }
        places.into_iter().map(|at| self.label(at)).collect()
    }

    /// Every source that was cited, with its label and the places in it.
    pub fn list<'f>(
        &'f self,
        findings: &'f Findings,
    ) -> impl Iterator<Item = (String, &'f Entry, &'f [String])> {
        self.cited.iter().enumerate().filter_map(|(at, cited)| {
            let source = findings.sources.get(&cited.id)?;
            Some((self.label(at), source, cited.locators.as_slice()))
        })
    }
}

impl Findings {
    /// Where a statement of a row was read: the readings that the row names, or else all; where there are none, those of
    /// who tells of it.
    pub fn where_read(&self, id: &str, basis: &Basis) -> Vec<&Reading> {
        let Some(statement) = self.statements.get(id) else { return Vec::new() };
        let named = statement.readings.iter().filter(|one| basis.readings.contains(&one.id));
        let named: Vec<&Reading> = named.collect();
        if !named.is_empty() {
            return named;
        }
        if !statement.readings.is_empty() {
            return statement.readings.iter().collect();
        }
        let tellers = self.chains_of(id, basis).into_iter().flatten();
        tellers.flat_map(|teller| &teller.readings).collect()
    }

    /// The sources in which a row asks for a statement to be read; none where it does not ask.
    pub fn named_sources(&self, id: &str, basis: &Basis) -> BTreeSet<&str> {
        let readings = self.statements.get(id).map_or(&[][..], |one| one.readings.as_slice());
        let named = readings.iter().filter(|one| basis.readings.contains(&one.id));
        named.map(|one| one.source.as_str()).collect()
    }
}

/// Who brought a source out, or else who wrote it, its title, its date and where it is.
pub fn citation(source: &Entry, locators: &[String]) -> String {
    let Entry { title, publisher, author, published, url, .. } = source;
    let author = author.as_ref().map(|author| &author.text);
    let by: Vec<&str> =
        [author, publisher.as_ref()].into_iter().flatten().map(String::as_str).collect();
    let by = if by.is_empty() { String::new() } else { format!("{}: ", by.join(", ")) };
    let mut text = format!("{by}{title}");
    for part in [published, url].into_iter().flatten() {
        text.push_str(", ");
        text.push_str(part);
    }
    if !locators.is_empty() {
        text.push_str("; ");
        text.push_str(&locators.join(", "));
    }
    text
}
