//! Names that were made on the way and look like a slip of the pen for one that was there before.

use super::{
    Error,
    session::{Created, Session},
};
use crate::base::fold::fold;
use std::collections::BTreeMap;

/// Above so many new nodes nobody reads the notes; so many names of a kind are compared at most.
pub(super) const MOST_CREATED: usize = 2_000;
const MOST_KNOWN: usize = 20_000;
/// How many are told.
const TOLD: usize = 10;
/// Shorter texts differ by one letter without being the same.
const LONG: usize = 13;
/// In shorter ones still, a letter that is missing inside is no sign of a slip.
const SHORT: usize = 7;

struct Known {
    id: i64,
    name: String,
    bare: Vec<char>,
}

/// New nodes whose name is close to an earlier one: noun, new name, earlier name.
pub(super) fn near(session: &Session<'_>) -> Result<Vec<(String, String, String)>, Error> {
    let mut kinds: BTreeMap<usize, Vec<Known>> = BTreeMap::new();
    let mut found = Vec::new();
    if session.created.len() > MOST_CREATED {
        return Ok(found);
    }
    for Created { kind, noun, id, name } in &session.created {
        if !kinds.contains_key(kind) {
            let names = session.batch.shown_names(*kind, MOST_KNOWN + 1)?;
            let names = if names.len() > MOST_KNOWN { Vec::new() } else { names };
            let known = names.into_iter().map(|(id, name)| Known { id, bare: bare(&name), name });
            kinds.insert(*kind, known.collect());
        }
        let new = bare(name);
        let earlier = kinds.get(kind).into_iter().flatten().filter(|known| known.id < *id);
        if let Some(old) = earlier.into_iter().find(|known| is_slip(&new, &known.bare)) {
            found.push(((*noun).to_owned(), name.clone(), old.name.clone()));
        }
        if found.len() >= TOLD {
            break;
        }
    }
    Ok(found)
}

/// Without case, accents and the punctuation at the end.
fn bare(text: &str) -> Vec<char> {
    fold(text).trim_end_matches(|c: char| !c.is_alphanumeric()).chars().collect()
}

/// Whether two texts are the same but for one letter: another one, one too many or two changed about.
fn is_slip(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 || short.is_empty() {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    if start == long.len() {
        return true;
    }
    let rest = short.len() - start;
    let end = short.iter().rev().zip(long.iter().rev()).take(rest).take_while(|(a, b)| a == b);
    let end = end.count();
    let middle = |text: &[char]| text.get(start..text.len() - end).unwrap_or_default().to_vec();
    let is_long = long.len() >= LONG;
    match (middle(short).as_slice(), middle(long).as_slice()) {
        ([], [extra]) => {
            let inside = start > 0 && end > 0 && long.len() >= SHORT;
            extra.is_alphabetic() && (is_long || inside)
        }
        ([one], [other]) => is_long && one.is_alphabetic() && other.is_alphabetic(),
        ([a, b], [c, d]) => is_long && a == d && b == c && a.is_alphabetic() && b.is_alphabetic(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{bare, is_slip};

    fn check(a: &str, b: &str, expected: bool) {
        assert_eq!(is_slip(&bare(a), &bare(b)), expected, "{a} {b}");
        assert_eq!(is_slip(&bare(b), &bare(a)), expected, "{b} {a}");
    }

    #[test]
    fn a_slip_is_one_letter_in_a_text_that_is_long_enough() {
        check("The plan is ours", "The plan is ours.", true);
        check("Éclair", "eclair!", true);
        check("Halifx", "Halifax", true);
        check("Annalena Baerbock", "Annalena Bärbock", true);
        check("Annalena Baerbock", "Annalena Bearbock", true);
        check("Annalena Baerbock", "Annalena Baerbocks", true);
        check("The plan is ours.", "The plan is outs.", true);
        check("Martin", "Martina", false);
        check("Bern", "Kern", false);
        check("Ann", "Anna", false);
        check("Protocol 20/1 of the panel", "Protocol 20/2 of the panel", false);
        check("It rains in Bern.", "It snows in Bern.", false);
        check("?", "!", false);
    }
}
