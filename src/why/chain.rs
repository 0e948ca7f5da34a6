//! Who tells of a statement: the chains of tellers, from the one we have it from to the one who told last.

use super::findings::{Basis, Findings, Statement};

/// So many chains are told, and so long they may be.
const MOST: usize = 10;

impl Findings {
    /// The chains of tellers that a row rests on: those with a teller whom the row names, else those that the sources it
    /// names carry, else all.
    pub fn chains_of(&self, id: &str, basis: &Basis) -> Vec<Vec<&Statement>> {
        let chains = self.chains(id);
        let named = |chain: &&Vec<&Statement>| {
            let own = basis.statements.iter().filter(|other| *other != id);
            let mut own = own.filter_map(|id| self.statements.get(id));
            own.any(|own| chain.iter().any(|teller| teller.key == own.key))
        };
        let sources = self.named_sources(id, basis);
        let carried = |chain: &&Vec<&Statement>| {
            let read = chain.first().map_or(&[][..], |teller| teller.readings.as_slice());
            read.iter().any(|reading| sources.contains(reading.source.as_str()))
        };
        for kept in [
            chains.iter().filter(named).cloned().collect::<Vec<_>>(),
            chains.iter().filter(carried).cloned().collect(),
        ] {
            if !kept.is_empty() {
                return kept;
            }
        }
        chains
    }

    /// The chains of tellers, the outermost first in each; none where nobody tells of it.
    pub fn chains(&self, id: &str) -> Vec<Vec<&Statement>> {
        let mut found = Vec::new();
        self.climb(&mut vec![id.to_owned()], &mut found);
        let statements = |way: &Vec<String>| {
            let tellers = way.iter().skip(1).rev();
            tellers.filter_map(|id| self.statements.get(id)).collect()
        };
        found.iter().map(statements).collect()
    }

    fn climb(&self, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        let last = way.last().and_then(|id| self.statements.get(id));
        let tellers = last.map_or(&[][..], |one| one.told_by.as_slice());
        let mut outermost = true;
        for teller in tellers {
            if way.contains(teller) || way.len() > MOST || found.len() >= MOST {
                continue;
            }
            outermost = false;
            way.push(teller.clone());
            self.climb(way, found);
            way.pop();
        }
        if outermost && way.len() > 1 {
            found.push(way.clone());
        }
    }

    /// What a statement without a claim of its own tells of, and what that tells of in turn.
    pub fn told(&self, id: &str) -> Vec<&Statement> {
        let (mut found, mut waiting, mut seen) = (Vec::new(), vec![id], vec![id]);
        while let Some(id) = waiting.pop() {
            let Some(statement) = self.statements.get(id) else { continue };
            if seen.len() > 1 && id != seen.first().copied().unwrap_or_default() {
                found.push(statement);
            }
            if statement.claim.is_some() {
                continue;
            }
            for told in statement.tells.iter().rev().map(String::as_str) {
                if !seen.contains(&told) {
                    seen.push(told);
                    waiting.push(told);
                }
            }
        }
        found
    }

    /// Whether a statement is told of anyway, as what stands behind another one of the same row.
    pub fn is_teller_of(&self, id: &str, others: &[String]) -> bool {
        let Some(teller) = self.statements.get(id) else { return false };
        let stands_behind = |other: &String| {
            let chains = self.chains(other);
            other != id && chains.iter().flatten().any(|one| one.key == teller.key)
        };
        teller.claim.is_none() && others.iter().any(stands_behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Statements that tell of each other, by key.
    fn findings(tells: &[(&str, &[&str])]) -> Findings {
        let mut findings = Findings::default();
        for (key, told) in tells {
            let tells = told.iter().map(|told| (*told).to_owned()).collect();
            let claim = told.is_empty().then(|| "so it is".to_owned());
            let one = Statement { key: (*key).to_owned(), tells, claim, ..Statement::default() };
            findings.statements.insert((*key).to_owned(), one);
        }
        findings.link();
        findings
    }

    fn keys(chains: &[Vec<&Statement>]) -> Vec<String> {
        let keys = |chain: &Vec<&Statement>| {
            chain.iter().map(|one| one.key.as_str()).collect::<Vec<_>>().join(" ")
        };
        chains.iter().map(keys).collect()
    }

    #[test]
    fn each_chain_starts_with_the_outermost_teller() {
        let findings = findings(&[("a", &["b"]), ("b", &["c"]), ("d", &["c"]), ("c", &[])]);
        assert_eq!(keys(&findings.chains("c")), ["a b", "d"]);
        assert!(findings.chains("a").is_empty());
        let told: Vec<&str> = findings.told("a").iter().map(|one| one.key.as_str()).collect();
        assert_eq!(told, ["b", "c"]);
    }

    #[test]
    fn a_row_that_names_a_teller_rests_on_that_one() {
        let findings = findings(&[("a", &["b"]), ("b", &["c"]), ("d", &["c"]), ("c", &[])]);
        let statements = vec!["c".to_owned(), "d".to_owned()];
        let basis = Basis { statements, ..Basis::default() };
        assert_eq!(keys(&findings.chains_of("c", &basis)), ["d"]);
        assert!(findings.is_teller_of("d", &basis.statements));
        assert!(!findings.is_teller_of("c", &basis.statements));
    }

    #[test]
    fn who_tells_in_a_circle_is_told_once() {
        let findings = findings(&[("a", &["b"]), ("b", &["a", "c"]), ("c", &[])]);
        assert_eq!(keys(&findings.chains("c")), ["a b"]);
        assert_eq!(findings.told("a").len(), 2);
    }
}
