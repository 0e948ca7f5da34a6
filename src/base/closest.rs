//! The nearest known name to one that was not found.

use super::fold::fold;

/// The candidate that is most likely meant by `name`, if any is near enough to be worth saying.
///
/// Nearness is Damerau–Levenshtein distance after folding case and accents: at most a third of the longer name,
/// and never more than three. A candidate that starts with what was typed (three letters or more) counts as near.
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = fold(name);
    candidates
        .into_iter()
        .filter_map(|candidate| score(&wanted, &fold(candidate)).map(|score| (score, candidate)))
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, candidate)| candidate)
}

/// Smaller is nearer; nothing when too far.
fn score(wanted: &str, candidate: &str) -> Option<usize> {
    let (wanted_len, candidate_len) = (wanted.chars().count(), candidate.chars().count());
    let longer = wanted_len.max(candidate_len);
    let allowed = (longer / 3).clamp(1, 3);
    if wanted_len.abs_diff(candidate_len) <= allowed {
        let distance = strsim::damerau_levenshtein(wanted, candidate);
        if distance <= allowed && distance < longer {
            return Some(distance * 2);
        }
    }
    (wanted_len >= 3 && candidate.starts_with(wanted)).then_some(7)
}

#[cfg(test)]
mod tests {
    use super::closest;

    fn check(name: &str, expected: Option<&str>) {
        let known = ["Actor", "Venue", "Statement", "name", "kind"];
        assert_eq!(closest(name, known), expected, "{name}");
    }

    #[test]
    fn names_that_are_near_are_found_and_others_are_not() {
        check("Actr", Some("Actor"));
        check("VENUE", Some("Venue"));
        check("Statment", Some("Statement"));
        check("nme", Some("name"));
        check("zebra", None);
        check("x", None);
        check("State", Some("Statement"));
    }
}
