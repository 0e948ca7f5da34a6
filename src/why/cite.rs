//! Sources with numbers, by first appearance, and how they are cited.

use std::collections::BTreeSet;

use super::findings::{Basis, Findings, Reading, Source};

/// The sources that are cited, in the order of their numbers.
#[derive(Debug, Default)]
pub struct Numbers {
    sources: Vec<Cited>,
}

/// A source that is cited.
#[derive(Debug)]
struct Cited {
    id: String,
    locators: Vec<String>,
}

impl Numbers {
    /// The number of a source, which counts from 1; the places in it are gathered.
    pub fn of(&mut self, id: &str, locator: Option<&str>) -> usize {
        let at = self.sources.iter().position(|cited| cited.id == id).unwrap_or_else(|| {
            self.sources.push(Cited { id: id.to_owned(), locators: Vec::new() });
            self.sources.len() - 1
        });
        if let (Some(cited), Some(locator)) = (self.sources.get_mut(at), locator)
            && !cited.locators.iter().any(|known| known == locator)
        {
            cited.locators.push(locator.to_owned());
        }
        at + 1
    }

    /// The keys of the sources that a row rests on: `[1]`, `[2]`.
    pub fn keys(&mut self, basis: &Basis, findings: &Findings) -> Vec<usize> {
        let mut keys = Vec::new();
        for id in &basis.statements {
            for reading in findings.where_read(id, basis) {
                keys.push(self.of(&reading.source, reading.locator.as_deref()));
            }
        }
        for other in basis.others.iter().filter_map(|id| findings.others.get(id)).flatten() {
            keys.push(self.of(&other.source, None));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Every source that was numbered, with its number and the places in it.
    pub fn list<'f>(
        &'f self,
        findings: &'f Findings,
    ) -> impl Iterator<Item = (usize, &'f Source, &'f [String])> {
        self.sources.iter().enumerate().filter_map(|(at, cited)| {
            Some((at + 1, findings.sources.get(&cited.id)?, cited.locators.as_slice()))
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
pub fn citation(source: &Source, locators: &[String]) -> String {
    let Source { key: _, title, publisher, author, published, url } = source;
    let by: Vec<&str> = [author, publisher].into_iter().flatten().map(String::as_str).collect();
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
