//! Names from the data as candidates: what is put in, what is shown, what is said of them.

use crate::base::clean;
use crate::complete::{Candidate, Sort, Wanted};
use crate::lang::written_text;
use crate::store::names::{MOST_COUNTED, Name};

/// A longer name is put in as its key.
const LONGEST: usize = 60;

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
    let count = about.as_ref().map(|(noun, count)| format!(", {}", counted(*count, noun)));
    let what = format!("{}{}", kind.to_lowercase(), count.unwrap_or_default());
    let (label, gloss) = match alias {
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

fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        MOST_COUNTED.. => format!("{MOST_COUNTED} {noun}s or more"),
        _ => format!("{count} {noun}s"),
    }
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
