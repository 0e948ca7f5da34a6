//! Sources as BibTeX, in the way that both BibTeX and BibLaTeX read: `date` is for BibLaTeX, `year` for BibTeX.

use std::fmt::Write as _;

use super::when::When;
use super::{Entry, Name, citation_key};
use crate::base::clean;
use crate::base::tex::Tex;

/// One entry, with a line end behind it.
pub fn bibtex(entry: &Entry) -> String {
    let article = entry.kind.as_deref() == Some("article") && entry.container().is_some();
    let published = entry.published.as_deref();
    let date = published.and_then(|text| When::read(text).biblatex);
    // Where there is no way to write a date, a note tells it.
    let dated = published.filter(|_| date.is_none()).map(When::words);
    let dated = dated.map(|words| format!("published {words}"));
    let note: Vec<&str> = [dated.as_deref(), entry.remark()].into_iter().flatten().collect();
    let told =
        if entry.kind.as_deref() == Some("article") { Some("Article") } else { entry.told() };
    let how: Vec<&str> = [told, entry.container()].into_iter().flatten().collect();
    let fields = [
        ("author", entry.author.as_ref().map(author)),
        // The second braces keep capital letters.
        ("title", Some(Tex::own(format!("{{{}}}", Tex::field(&entry.title))))),
        ("journal", entry.container().filter(|_| article).map(Tex::field)),
        ("howpublished", (!article && !how.is_empty()).then(|| Tex::field(&how.join(", ")))),
        ("organization", entry.brought_out_by().map(Tex::field)),
        ("address", entry.place().map(Tex::field)),
        ("date", date.map(Tex::own)),
        ("year", published.and_then(When::year).map(|year| Tex::own(year.to_string()))),
        ("url", entry.url.as_deref().map(address)),
        ("note", (!note.is_empty()).then(|| Tex::field(&note.join("; ")))),
    ];
    let sort = if article { "article" } else { "misc" };
    let mut text = format!("@{sort}{{{},\n", citation_key(&entry.key));
    for (name, value) in fields {
        if let Some(value) = value {
            let _infallible = writeln!(text, "  {name} = {{{value}}},");
        }
    }
    text + "}\n"
}

/// The family name in front; a name that is not taken apart is in braces, so that nobody else does.
fn author(name: &Name) -> Tex {
    match name.parts() {
        Some(parts) => {
            Tex::own(format!("{}, {}", Tex::field(parts.family), Tex::field(parts.given)))
        }
        None => Tex::own(format!("{{{}}}", Tex::field(&name.text))),
    }
}

/// An address, which stands in its field as it is: what could end the field or begin a command is written as `%..`.
fn address(url: &str) -> Tex {
    let mut text = String::with_capacity(url.len());
    for c in url.trim().chars() {
        if c == '%'
            || (c.is_ascii_graphic()
                && !matches!(c, '{' | '}' | '\\' | '"' | '<' | '>' | '^' | '`' | '|'))
        {
            text.push(c);
        } else if c.is_ascii() || clean::acts(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _infallible = write!(text, "%{byte:02X}");
            }
        } else {
            text.push(c);
        }
    }
    Tex::own(text)
}

#[cfg(test)]
mod tests {
    use biblatex::{Bibliography, ChunksExt as _, DateValue, PermissiveType};

    use super::*;
    use crate::cite::Venue;
    use crate::cite::tests::{news, person};

    /// The one entry of a bibliography that a library for it reads.
    fn back(entry: &Entry) -> biblatex::Entry {
        let text = bibtex(entry);
        let read = Bibliography::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(read.len(), 1, "{text}");
        read.into_vec().remove(0)
    }

    fn field(entry: &biblatex::Entry, name: &str) -> String {
        entry.get(name).unwrap_or_else(|| panic!("no {name}")).format_verbatim()
    }

    #[test]
    fn an_article_is_an_entry() {
        assert_eq!(
            bibtex(&news()),
            "@article{post-report,
  author = {Ignatius, David},
  title = {{Report on R\\&D: 100 \\% \\textbraceleft{}sure\\textbraceright{}}},
  journal = {The Washington Post},
  date = {2025-11-22},
  year = {2025},
  url = {https://example.org/a_b?c=d%20e&f},
  note = {known through another source},
}
"
        );
    }

    #[test]
    fn a_library_reads_back_what_was_written() {
        let entry = news();
        let read = back(&entry);
        assert_eq!(read.key, "post-report");
        assert_eq!(field(&read, "title"), entry.title);
        let author = read.author().unwrap();
        assert_eq!((author[0].name.as_str(), author[0].given_name.as_str()), ("Ignatius", "David"));
        assert_eq!(read.url().unwrap(), "https://example.org/a_b?c=d%20e&f");
        let PermissiveType::Typed(date) = read.date().unwrap() else { panic!("a date") };
        let DateValue::At(day) = date.value else { panic!("a day") };
        assert_eq!((day.year, day.month, day.day), (2025, Some(10), Some(21)));
    }

    #[test]
    fn hostile_texts_stay_texts() {
        let long = "& % _ # $ ".repeat(4000);
        for hostile in [
            "}\n@article{evil, title={x}",
            "\\input{/etc/passwd}",
            "a & b % c _ d # e $ f ~ g ^ h",
            "{{{",
            "}}}\"\\",
            "-- --- '' `` \"q\" ?` !`",
            "</script><b>",
            "A and B",
            "日本 👩\u{200d}🔬 é",
            long.trim(),
        ] {
            let entry = Entry {
                key: hostile.chars().take(300).collect(),
                title: hostile.to_owned(),
                author: Some(person(hostile)),
                publisher: Some(hostile.to_owned()),
                venue: Some(Venue { name: hostile.to_owned(), kind: None }),
                published: Some("2025".to_owned()),
                url: Some(hostile.to_owned()),
                ..Entry::default()
            };
            let read = back(&entry);
            let plain = hostile.split_whitespace().collect::<Vec<_>>().join(" ");
            for name in ["title", "organization", "address"] {
                assert_eq!(field(&read, name), plain, "{name}");
            }
            assert_eq!(read.author().unwrap().len(), 1, "{hostile}");
            assert!(!read.url().unwrap().contains(['{', '}', '\\', ' ']), "{hostile}");
        }
    }

    #[test]
    fn what_would_act_is_shown() {
        let entry = Entry { title: "a\u{202e}b\u{1b}\0".to_owned(), ..news() };
        assert_eq!(field(&back(&entry), "title"), "a⟨U+202E⟩b␛␀");
    }

    #[test]
    fn dates_are_written_as_far_as_they_can_be() {
        let dated =
            |text: &str| back(&Entry { published: Some(text.to_owned()), access: None, ..news() });
        let range = dated("2025-11-22/2025-11-24");
        let PermissiveType::Typed(date) = range.date().unwrap() else { panic!("a date") };
        assert!(matches!(date.value, DateValue::Between(..)));
        let unsure = dated("2025-11?");
        let PermissiveType::Typed(date) = unsure.date().unwrap() else { panic!("a date") };
        assert!(date.uncertain);
        let set = dated("[2025-11-22..2025-11-23]");
        assert!(set.get("date").is_none());
        assert_eq!(field(&set, "year"), "2025");
        assert_eq!(field(&set, "note"), "published between 2025-11-22 and 2025-11-23");
        assert_eq!(field(&dated("[..2025-11-22]"), "note"), "published by 2025-11-22");
    }
}
