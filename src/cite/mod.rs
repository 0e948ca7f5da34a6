//! A source as programs for bibliographies want it: an [`Entry`], written as CSL-JSON or as BibTeX. Pure: what a store says
//! of a source comes in, text or JSON goes out.

pub mod bibtex;
pub mod csl;
mod when;

use crate::base::fold::{digest, fold};

/// What is known of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its key in the store; [`citation_key`] makes of it what stands in a `\cite`.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it is, as the vocabulary `source-kind` has it: `article`, `post`, …
    pub kind: Option<String>,
    /// Who wrote or spoke it.
    pub author: Option<Name>,
    /// Who brought it out.
    pub publisher: Option<String>,
    /// Where it appeared.
    pub venue: Option<Venue>,
    /// When it came out, as EDTF text.
    pub published: Option<String>,
    /// Where to find it.
    pub url: Option<String>,
    /// How it is known, as the vocabulary `access` has it: `read`, `cited`, `background`.
    pub access: Option<String>,
}

/// The name of an actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// As the store has it.
    pub text: String,
    /// What the actor is, as the vocabulary `actor-kind` has it: `person`, `organization`, …
    pub kind: Option<String>,
    /// Whether the actor is named, as the vocabulary `identity` has it: `named`, `described`, `unidentified`.
    pub identity: Option<String>,
}

/// Where a source appeared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Venue {
    /// Its name.
    pub name: String,
    /// What it is, as the vocabulary `venue-kind` has it: `city`, `platform`, `outlet`, …
    pub kind: Option<String>,
}

/// Given name and family name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts<'n> {
    given: &'n str,
    family: &'n str,
}

impl Name {
    /// The parts of the name of a person who is named, where they are sure enough: two to four words of Latin letters, the
    /// last one the family name, or what begins with a small letter (`von der Leyen`). Any other name stays whole.
    fn parts(&self) -> Option<Parts<'_>> {
        let Self { text, kind, identity } = self;
        let named = identity.as_deref().is_none_or(|identity| identity == "named");
        if kind.as_deref() != Some("person") || !named {
            return None;
        }
        let words: Vec<&str> = text.split(' ').collect();
        let letter = |c: char| c < '\u{250}' && c.is_alphabetic() || matches!(c, '-' | '\'' | '’');
        let initial = |word: &str| word.len() == 2 && word.ends_with('.');
        let fine = |word: &&str| word.chars().all(letter) || initial(word);
        let last_is_word =
            words.last().is_some_and(|word| word.chars().all(letter) && word.len() > 2);
        if !(2..=4).contains(&words.len())
            || !words.iter().all(|word| !word.is_empty() && fine(word))
            || !last_is_word
        {
            return None;
        }
        let small = |word: &&str| word.starts_with(char::is_lowercase);
        let family_at = words.iter().position(small).unwrap_or(words.len() - 1);
        let given: usize = words.iter().take(family_at).map(|word| word.len() + 1).sum();
        let family = text.get(given..)?;
        let given = text.get(..given)?.trim_end();
        (!given.is_empty()).then_some(Parts { given, family })
    }
}

impl Venue {
    /// Whether it is what a source appeared in, rather than where something took place.
    fn carries(&self) -> bool {
        matches!(self.kind.as_deref(), Some("outlet" | "platform" | "network"))
    }
}

/// What a kind of source is called elsewhere.
struct Sort {
    /// The term of the vocabulary `source-kind`.
    term: &'static str,
    /// The type in CSL 1.0.2.
    csl: &'static str,
    /// What a bibliography says it is, where the type does not say it already.
    told: Option<&'static str>,
}

const SORTS: &[Sort] = &[
    Sort { term: "article", csl: "article-newspaper", told: None },
    Sort { term: "post", csl: "post", told: Some("Post") },
    Sort { term: "speech", csl: "speech", told: Some("Speech") },
    Sort { term: "interview", csl: "interview", told: Some("Interview") },
    Sort { term: "transcript", csl: "document", told: Some("Transcript") },
    Sort { term: "broadcast", csl: "broadcast", told: Some("Broadcast") },
    Sort { term: "document", csl: "document", told: None },
    Sort { term: "dataset", csl: "dataset", told: Some("Data set") },
    Sort { term: "background", csl: "document", told: None },
];

impl Entry {
    fn sort(&self) -> Option<&'static Sort> {
        SORTS.iter().find(|sort| Some(sort.term) == self.kind.as_deref())
    }

    /// The type in CSL; a kind that users added is a document.
    fn csl_type(&self) -> &'static str {
        self.sort().map_or("document", |sort| sort.csl)
    }

    /// What it is, in a word.
    fn told(&self) -> Option<&str> {
        match self.sort() {
            Some(sort) => sort.told,
            None => self.kind.as_deref(),
        }
    }

    /// What it appeared in: an outlet, a platform; for an article else who brought it out.
    fn container(&self) -> Option<&str> {
        let venue = self.venue.as_ref().filter(|venue| venue.carries());
        let article = self.kind.as_deref() == Some("article");
        let publisher = self.publisher.as_deref().filter(|_| article);
        venue.map(|venue| venue.name.as_str()).or(publisher)
    }

    /// Who brought it out, unless that is what it appeared in.
    fn brought_out_by(&self) -> Option<&str> {
        self.publisher.as_deref().filter(|publisher| Some(*publisher) != self.container())
    }

    /// The place where it was said or came out.
    fn place(&self) -> Option<&str> {
        self.venue.as_ref().filter(|venue| !venue.carries()).map(|venue| venue.name.as_str())
    }

    /// What a reader of the bibliography has to know besides.
    fn remark(&self) -> Option<&'static str> {
        (self.access.as_deref() == Some("cited")).then_some("known through another source")
    }
}

/// Longer keys are cut.
const LONGEST: usize = 80;

/// The key to cite a source by: its own key where that is safe in BibTeX, LaTeX and pandoc (letters and digits of ASCII,
/// `-`, `_`, `:` and `.`); otherwise what is readable of it, and a digest that keeps it apart from others. The same key
/// always gives the same. Two keys that differ only in the case of letters stay two, which the oldest BibTeX warns of.
pub fn citation_key(key: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    let ends = |c: char| c.is_ascii_alphanumeric();
    if key.len() <= LONGEST && key.chars().all(safe) && key.starts_with(ends) && key.ends_with(ends)
    {
        return key.to_owned();
    }
    let plain = |c: char| if safe(c) { c.to_string() } else { fold(&c.to_string()) };
    let readable: String = key.chars().map(plain).collect();
    let words = readable.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let readable: String = words.join("-").chars().take(LONGEST).collect();
    let readable = readable.trim_matches(['-', '_']);
    let before = if readable.is_empty() { "source" } else { readable };
    format!("{before}-{}", digest(key, 6))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn news() -> Entry {
        Entry {
            key: "post-report".to_owned(),
            title: "Report on R&D: 100 % {sure}".to_owned(),
            kind: Some("article".to_owned()),
            author: Some(person("David Ignatius")),
            publisher: Some("The Washington Post".to_owned()),
            venue: None,
            published: Some("2025-11-22".to_owned()),
            url: Some("https://example.org/a_b?c=d%20e&f".to_owned()),
            access: Some("cited".to_owned()),
        }
    }

    pub(crate) fn person(name: &str) -> Name {
        Name {
            text: name.to_owned(),
            kind: Some("person".to_owned()),
            identity: Some("named".to_owned()),
        }
    }

    #[test]
    fn a_key_stays_readable_and_becomes_safe() {
        assert_eq!(citation_key("news-2025-11-23"), "news-2025-11-23");
        assert_eq!(
            citation_key("Zürich, 2025"),
            format!("Zurich-2025-{}", digest("Zürich, 2025", 6))
        );
        assert!(citation_key("}\\input{x").starts_with("input-x-"));
        assert!(citation_key("日本").starts_with("source-"));
        assert_ne!(citation_key("a b"), citation_key("a  b"));
        let long = citation_key(&"x".repeat(300));
        assert!(long.len() < 100 && long != citation_key(&"x".repeat(299)), "{long}");
    }

    #[test]
    fn only_a_sure_name_is_taken_apart() {
        let parts = |name: &str| {
            person(name).parts().map(|parts| (parts.given.to_owned(), parts.family.to_owned()))
        };
        let two = |given: &str, family: &str| Some((given.to_owned(), family.to_owned()));
        assert_eq!(parts("Marco Rubio"), two("Marco", "Rubio"));
        assert_eq!(parts("Ursula von der Leyen"), two("Ursula", "von der Leyen"));
        assert_eq!(parts("Donald J. Trump"), two("Donald J.", "Trump"));
        for whole in [
            "Putin",
            "安倍 晋三",
            "Senators Rubio talked to on Friday",
            "Martin King Jr.",
            "a group",
            "X (unnamed)",
        ] {
            assert_eq!(parts(whole), None, "{whole}");
        }
        let described =
            Name { identity: Some("described".to_owned()), ..person("Senior Official") };
        assert_eq!(described.parts(), None);
    }
}
