//! The queries behind the standard pictures. A line that names a parameter, be it in a remark, is left out where none is
//! given, so each file holds everything that may be asked.

/// A query by what its picture is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// Who said what when: first how many statements there are, then the statements.
    Timeline,
    /// The tellers of a statement, its claim and its sources.
    Attribution,
    /// Who stands on which side of contested claims.
    Disputes,
    /// Which actors contradict or agree with each other.
    Opponents,
}

const TEXTS: &[(Standard, &str, &str)] = &[
    (Standard::Timeline, "timeline.dixit", include_str!("queries/timeline.dixit")),
    (Standard::Attribution, "attribution.dixit", include_str!("queries/attribution.dixit")),
    (Standard::Disputes, "disputes.dixit", include_str!("queries/disputes.dixit")),
    (Standard::Opponents, "opponents.dixit", include_str!("queries/opponents.dixit")),
];

impl Standard {
    /// Its name, and its text for these parameters.
    pub fn text(self, given: &[&str]) -> (&'static str, String) {
        let found = TEXTS.iter().find(|(standard, ..)| *standard == self);
        let (name, text) = found.map_or(("", ""), |(_, name, text)| (*name, *text));
        let lines = text.lines().filter(|line| speaks_only_of(line, given));
        (name, lines.flat_map(|line| [line, "\n"]).collect())
    }
}

fn speaks_only_of(line: &str, given: &[&str]) -> bool {
    line.split('$').skip(1).all(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).is_some_and(|name| given.contains(&name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_what_is_not_given_are_left_out() {
        assert!(speaks_only_of("match (a:Actor $who)", &["who"]));
        assert!(!speaks_only_of("match (a:Actor $who) where a.n = $n", &["who"]));
        assert!(!speaks_only_of(", a.name as who -- $who", &[]));
        assert!(speaks_only_of("match (s)-[:by]->(a)", &[]));
    }

    #[test]
    fn every_standard_picture_has_a_query_that_can_be_read() {
        for (standard, name, text) in TEXTS {
            let whole = crate::base::source::Source::file(*name, *text);
            let saved = crate::script::read(&whole).unwrap();
            let all: Vec<&str> = saved.parameters.iter().map(|one| one.name.as_str()).collect();
            assert_eq!(standard.text(&all).1, *text);
            assert!(saved.question.ends_with('?'), "{name}");
            assert!(!standard.text(&[]).1.contains('$'), "{name}");
        }
    }
}
