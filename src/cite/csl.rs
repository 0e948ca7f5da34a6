//! Sources as CSL-JSON, for Zotero, pandoc and whatever else knows citation styles (CSL 1.0.2).

use serde_json::{Map, Value, json};

use super::when::{Days, Parts, When};
use super::{Entry, Name, citation_key};

/// One item. A file is an array of them.
pub fn csl(entry: &Entry) -> Value {
    let text = |text: &str| json!(text);
    let author = entry.author.as_ref().map(|author| json!([name(author)]));
    let place = if matches!(entry.csl_type(), "speech" | "interview" | "broadcast") {
        "event-place"
    } else {
        "publisher-place"
    };
    let members = [
        ("id", Some(json!(citation_key(&entry.key)))),
        ("type", Some(text(entry.csl_type()))),
        ("title", Some(text(&entry.title))),
        ("author", author),
        ("container-title", entry.container().map(text)),
        ("publisher", entry.brought_out_by().map(text)),
        (place, entry.place().map(text)),
        ("genre", genre(entry).map(text)),
        ("issued", entry.published.as_deref().map(issued)),
        ("URL", entry.url.as_deref().map(text)),
        ("note", entry.remark().map(text)),
    ];
    let known = members.into_iter().filter_map(|(name, member)| Some((name.to_owned(), member?)));
    Value::Object(known.collect::<Map<_, _>>())
}

/// What a document is, where its type does not say it.
fn genre(entry: &Entry) -> Option<&str> {
    entry.told().filter(|_| entry.csl_type() == "document")
}

fn name(name: &Name) -> Value {
    match name.parts() {
        Some(parts) => json!({"family": parts.family, "given": parts.given}),
        None => json!({"literal": name.text}),
    }
}

fn issued(text: &str) -> Value {
    let When { days, circa, biblatex: _ } = When::read(text);
    let mut date = match days {
        Days::One(one) => json!({"date-parts": [parts(one)]}),
        Days::Span(first, last) => json!({"date-parts": [parts(first), parts(last)]}),
        Days::Words(words) => return json!({"literal": words}),
    };
    if let Some(members) = date.as_object_mut().filter(|_| circa) {
        members.insert("circa".to_owned(), json!(true));
    }
    date
}

fn parts(parts: Parts) -> Vec<u16> {
    let Parts { year, month, day } = parts;
    [Some(year), month, day].into_iter().map_while(|part| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cite::Venue;
    use crate::cite::tests::{news, person};

    #[test]
    fn an_article_is_an_item() {
        assert_eq!(
            csl(&news()),
            json!({
                "id": "post-report",
                "type": "article-newspaper",
                "title": "Report on R&D: 100 % {sure}",
                "author": [{"family": "Ignatius", "given": "David"}],
                "container-title": "The Washington Post",
                "issued": {"date-parts": [[2025, 11, 22]]},
                "URL": "https://example.org/a_b?c=d%20e&f",
                "note": "known through another source",
            })
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let entry = Entry { key: "x".to_owned(), title: "X".to_owned(), ..Entry::default() };
        assert_eq!(csl(&entry), json!({"id": "x", "type": "document", "title": "X"}));
    }

    #[test]
    fn a_speech_has_a_place_and_a_post_a_platform() {
        let venue = |name: &str, kind: &str| {
            Some(Venue { name: name.to_owned(), kind: Some(kind.to_owned()) })
        };
        let of_kind = |kind: &str, venue| Entry {
            kind: Some(kind.to_owned()),
            author: Some(person("Halifax Forum of Nations and Peoples")),
            venue,
            ..Entry::default()
        };
        let speech = csl(&of_kind("speech", venue("Halifax", "city")));
        assert_eq!(
            (&speech["type"], &speech["event-place"]),
            (&json!("speech"), &json!("Halifax"))
        );
        assert_eq!(speech["author"][0]["literal"], "Halifax Forum of Nations and Peoples");
        let post = csl(&of_kind("post", venue("X", "platform")));
        assert_eq!(post["container-title"], "X");
        let leaflet = csl(&of_kind("leaflet", None));
        assert_eq!((&leaflet["type"], &leaflet["genre"]), (&json!("document"), &json!("leaflet")));
    }

    #[test]
    fn uncertain_dates_are_told_as_such() {
        assert_eq!(issued("2025-11~"), json!({"date-parts": [[2025, 11]], "circa": true}));
        assert_eq!(issued("[..2025-11-22]"), json!({"literal": "by 2025-11-22"}));
        assert_eq!(
            issued("2025-11-22/2025-11-24"),
            json!({"date-parts": [[2025, 11, 22], [2025, 11, 24]]})
        );
    }
}
