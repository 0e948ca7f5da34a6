//! CSL-JSON, as Zotero and other reference managers write it: every item is a source.

use std::collections::BTreeMap;

use super::{
    Error,
    draft::Draft,
    entity::date,
    importers::Head,
    json::{
        Json, Node,
        glimpse::glimpse,
        stream::{self, Part},
    },
    works::{self, Work},
};

/// Types of CSL that are a kind of source of their own; all others are documents.
const KINDS: &[(&str, &str)] = &[
    ("article", "article"),
    ("article-journal", "article"),
    ("article-magazine", "article"),
    ("article-newspaper", "article"),
    ("paper-conference", "article"),
    ("entry", "article"),
    ("entry-dictionary", "article"),
    ("entry-encyclopedia", "article"),
    ("review", "article"),
    ("review-book", "article"),
    ("post", "post"),
    ("post-weblog", "post"),
    ("speech", "speech"),
    ("interview", "interview"),
    ("broadcast", "broadcast"),
    ("motion_picture", "broadcast"),
    ("song", "broadcast"),
    ("performance", "broadcast"),
    ("dataset", "dataset"),
];

/// The other types.
const DOCUMENTS: &[&str] = &[
    "bill",
    "book",
    "chapter",
    "classic",
    "collection",
    "document",
    "event",
    "figure",
    "graphic",
    "hearing",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "musical_score",
    "pamphlet",
    "patent",
    "periodical",
    "personal_communication",
    "regulation",
    "report",
    "software",
    "standard",
    "thesis",
    "treaty",
    "webpage",
];

/// Variables that go into the source. Those that only help to cite it are not counted either.
const KEPT: &[&str] = &[
    "id",
    "type",
    "title",
    "author",
    "publisher",
    "container-title",
    "URL",
    "DOI",
    "issued",
    "note",
    "annote",
    "citation-key",
    "title-short",
    "container-title-short",
    "language",
    "accessed",
];

/// Whether a file holds items: the first has a type of CSL.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let seen = glimpse(head.text());
    ["/[]", "/items/[]", ""].iter().any(|at| {
        let known = |name: &str| kind(name).is_some();
        let has = |name: &str| seen.text(&format!("{at}/{name}")).is_some();
        let others = ["title", "URL", "container-title", "publisher"].iter().any(|name| has(name));
        let dated = seen.map(&format!("{at}/issued")) || seen.list(&format!("{at}/author"));
        seen.text(&format!("{at}/type")).is_some_and(known) && (others || dated)
    })
}

fn kind(name: &str) -> Option<&'static str> {
    let own = KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    own.or_else(|| DOCUMENTS.contains(&name).then_some("document"))
}

/// Reads a file.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    let mut keys = BTreeMap::new();
    stream::each(draft, &["items"], &mut |draft, part| match part {
        Part::Rest(node) if node.get("type").is_none() => Ok(()),
        Part::Element(node) | Part::Rest(node) => item(draft, &node, &mut keys),
    })
}

fn item(
    draft: &mut Draft<'_, '_>,
    node: &Node,
    keys: &mut BTreeMap<String, u64>,
) -> Result<(), Error> {
    let Some(key) = node.text_of("citation-key").or_else(|| node.text_of("id")) else {
        draft.refuse(node.line, Some("id"), "the item has no id", None);
        return Ok(());
    };
    if let Some(before) = keys.insert(key.to_owned(), node.line) {
        let reason = format!("the id '{key}' stands in line {before}, too");
        draft.refuse(node.line_of("id"), Some("id"), reason, Some("give one another id".into()));
        return Ok(());
    }
    let sort = node.text_of("type").unwrap_or_default();
    let Some(kind) = kind(sort) else {
        let known = KINDS.iter().map(|(name, _)| *name).chain(DOCUMENTS.iter().copied());
        let near = crate::base::closest::closest(sort, known);
        let near = near.map(|near| format!("closest: {near}"));
        let reason = format!("'{sort}' is no type of CSL");
        draft.refuse(node.line_of("type"), Some("type"), reason, near);
        return Ok(());
    };
    let mut notes: Vec<String> =
        ["note", "annote"].iter().filter_map(|name| Some(node.text_of(name)?.to_owned())).collect();
    let published = issued(draft, node, &mut notes);
    for (name, value) in node.members() {
        if !KEPT.contains(&name.as_str()) && value.json != Json::Null {
            draft.leave_out_property(name);
        }
    }
    let text = |name: &str| node.text_of(name).map(str::to_owned);
    let title = text("title").or_else(|| text("container-title"));
    let title = title.map_or_else(|| key.to_owned(), |title| without_marks(&title));
    works::add(
        draft,
        Work {
            key: key.to_owned(),
            line: node.line,
            title,
            kind,
            authors: authors(node),
            publisher: text("publisher"),
            container: text("container-title").map(|name| without_marks(&name)),
            url: text("URL"),
            doi: text("DOI"),
            published,
            notes,
        },
    )
}

fn authors(node: &Node) -> Vec<(String, &'static str)> {
    let all = node.get("author").map(Node::list).unwrap_or_default();
    let name = |name: &Node| {
        if let Some(literal) = name.text_of("literal") {
            return Some((literal.to_owned(), "organization"));
        }
        let parts = ["given", "dropping-particle", "non-dropping-particle", "family", "suffix"];
        let parts: Vec<&str> = parts.iter().filter_map(|part| name.text_of(part)).collect();
        let sort = if parts.len() == 1 { "unknown" } else { "person" };
        (!parts.is_empty()).then(|| (parts.join(" "), sort))
    };
    all.iter().filter_map(name).collect()
}

/// When the item came out, in EDTF. What is told in words goes into the notes.
fn issued(draft: &mut Draft<'_, '_>, node: &Node, notes: &mut Vec<String>) -> Option<String> {
    let issued = node.get("issued")?;
    if let Some(text) = issued.text() {
        return date(draft, issued.line, "issued", text);
    }
    let words = ["raw", "literal"].iter().find_map(|name| issued.text_of(name));
    let parts = issued.get("date-parts").map(Node::list).unwrap_or_default();
    let parts: Vec<&Node> = parts.iter().filter(|part| !part.list().is_empty()).collect();
    let (Some(first), last) = (parts.first(), parts.get(1)) else {
        let words = words?;
        let edtf = crate::base::date::Date::parse(words).ok().map(|date| date.text);
        if edtf.is_none() {
            notes.push(format!("dated: {words}"));
        }
        return edtf;
    };
    let season = issued.text_of("season");
    let mut text = written(first, season)?;
    let about = if issued.get("circa").is_some_and(|circa| !is_false(circa)) { "~" } else { "" };
    text.push_str(about);
    if let Some(last) = last {
        text = format!("{text}/{}{about}", written(last, None)?);
    }
    date(draft, issued.line, "issued.date-parts", &text)
}

fn is_false(node: &Node) -> bool {
    matches!(node.json, Json::Null | Json::Bool(false))
        || node.text().is_some_and(|text| text.is_empty() || text == "0" || text == "false")
}

/// Year, month and day as EDTF; a season stands in the place of the month, as 21 for spring to 24 for winter.
fn written(parts: &Node, season: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = parts.list().iter().filter_map(Node::text).collect();
    let number = |text: &str| text.trim().parse::<i64>().ok();
    let year =
        number(parts.first()?).map_or_else(|| (*parts.first().unwrap_or(&"")).to_owned(), year);
    let two = |text: &&str| number(text).map_or_else(|| (*text).to_owned(), |n| format!("{n:02}"));
    let season = season.and_then(named_season).filter(|_| parts.len() == 1);
    let rest = parts.iter().skip(1).map(two).chain(season.map(|season| season.to_string()));
    Some(std::iter::once(year).chain(rest).collect::<Vec<_>>().join("-"))
}

/// A year as EDTF has it.
fn year(year: i64) -> String {
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}", year.unsigned_abs())
}

/// A text without the marks that CSL sets its parts apart with.
fn without_marks(text: &str) -> String {
    const MARKS: &[&str] = &[
        "<i>", "</i>", "<b>", "</b>", "<sub>", "</sub>", "<sup>", "</sup>", "<sc>", "</sc>",
        "</span>",
    ];
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('<') {
        let (before, mark) = rest.split_at(at);
        plain.push_str(before);
        let known = MARKS.iter().find(|known| mark.starts_with(**known)).map(|known| known.len());
        let span = mark.strip_prefix("<span ").and_then(|_| mark.find('>')).map(|end| end + 1);
        let length = known.or(span);
        if length.is_none() {
            plain.push('<');
        }
        rest = mark.get(length.unwrap_or(1)..).unwrap_or_default();
    }
    plain + rest
}

fn named_season(text: &str) -> Option<u8> {
    let names = [["1", "spring"], ["2", "summer"], ["3", "autumn"], ["4", "winter"]];
    let text = text.trim().to_lowercase();
    let text = if text == "fall" { "autumn".to_owned() } else { text };
    let known = names.iter().position(|names| names.contains(&text.as_str()))?;
    Some(21 + u8::try_from(known).unwrap_or(0))
}
