//! What importers of other programs' forms have in common: actors that are the same as one in the store, dates, sources that
//! stand for a file, an address on the web or a name.

use super::{
    Error,
    draft::{Draft, Term},
};
use crate::{
    base::{date::Date, fold::digest},
    record::key::{self, slug},
};

/// An actor as another program knows it.
#[derive(Debug, Default)]
pub(super) struct Actor<'a> {
    /// Its id there.
    pub(super) id: &'a str,
    /// Its item of Wikidata.
    pub(super) item: Option<&'a str>,
    pub(super) name: &'a str,
    /// A term of `actor-kind`.
    pub(super) kind: &'a str,
    /// Its other names.
    pub(super) names: Vec<&'a str>,
    pub(super) note: &'a str,
    pub(super) line: u64,
}

/// Adds an actor. One that is there already, known by the same id or the same item of Wikidata, keeps its name, its kind and
/// its note, and gets further names.
pub(super) fn actor(draft: &mut Draft<'_, '_>, actor: &Actor<'_>) -> Result<(), Error> {
    let Actor { id, item, name, kind, ref names, note, line } = *actor;
    let key = known(draft, line, id, item)?;
    let mut cells = vec![("key", key.as_str()), ("name", name), ("kind", kind)];
    cells.push(("identity", "named"));
    cells.extend(item.map(|item| ("wikidata", item)));
    if !note.is_empty() {
        cells.push(("note", note));
    }
    draft.add("actors", line, &cells)?;
    draft.name("actors", line, &cells)?;
    draft.also("actors", line, &key, names.iter().copied().chain([name]))
}

/// The key of an actor: that of the one in the store with the same item of Wikidata, else the item, else its id.
fn known(
    draft: &mut Draft<'_, '_>,
    line: u64,
    id: &str,
    item: Option<&str>,
) -> Result<String, Error> {
    let Some(item) = item else { return Ok(id.to_owned()) };
    let by_item = draft.with_item("actor", item)?;
    let batch = &draft.session().batch;
    let kind = batch.kind("actor").unwrap_or(usize::MAX);
    let key = match by_item {
        Some(key) => key,
        None if id != item && batch.by_key(kind, id)?.is_some() => {
            draft.row("actors", line, &[("key", id), ("wikidata", item)])?;
            id.to_owned()
        }
        None => item.to_owned(),
    };
    draft.same("actor", id, &key);
    draft.same("actor", item, &key);
    Ok(key)
}

/// Adds an actor that is only pointed to, called by its id until something names it.
pub(super) fn mention_actor(
    draft: &mut Draft<'_, '_>,
    line: u64,
    id: &str,
    kind: &str,
) -> Result<String, Error> {
    let item = Some(id).filter(|id| is_item(id));
    let key = known(draft, line, id, item)?;
    let mut cells = vec![("key", key.as_str()), ("name", key.as_str()), ("kind", kind)];
    cells.push(("identity", "named"));
    cells.extend(item.map(|item| ("wikidata", item)));
    draft.mention("actors", line, &cells)?;
    Ok(key)
}

/// Whether a text is the id of an item of Wikidata.
pub(super) fn is_item(text: &str) -> bool {
    let digits = text.strip_prefix('Q').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// An actor of whom a file tells only the name. The same name, case aside, is the same actor within one file and never beyond
/// it, so the key begins with the name of the file.
pub(super) fn named_actor(
    draft: &mut Draft<'_, '_>,
    line: u64,
    name: &str,
    kind: &str,
) -> Result<String, Error> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '-';
    let mut key = format!("{}:{}", slug(&file_name(draft)), slug(name));
    if !name.chars().all(is_plain) {
        // Names that differ in an accent or a point only are two names.
        key = format!("{key}-{}", digest(name, 6));
    }
    let cells = [("key", key.as_str()), ("name", name), ("kind", kind), ("identity", "named")];
    draft.mention("actors", line, &cells)?;
    Ok(key)
}

/// The name of the file, without its ending.
pub(super) fn file_name(draft: &Draft<'_, '_>) -> String {
    let name = draft.path().file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    name.split('.').find(|part| !part.is_empty()).unwrap_or("file").to_owned()
}

/// The source that stands for the file itself.
pub(super) fn file_source(draft: &mut Draft<'_, '_>, line: u64) -> Result<String, Error> {
    let name = draft.path().file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let cells = [("key", name.as_str()), ("title", name.as_str()), ("kind", "dataset")];
    draft.mention("sources", line, &cells)?;
    Ok(name)
}

/// The source at an address on the web, with what is known of it besides.
pub(super) fn web_source(
    draft: &mut Draft<'_, '_>,
    line: u64,
    url: &str,
    more: &[(&'static str, &str)],
) -> Result<String, Error> {
    let bare = url.split_once("://").map_or(url, |(_, bare)| bare).trim_end_matches('/');
    let key = fitting(bare);
    let mut cells = vec![("key", key.as_str()), ("url", url)];
    if !more.iter().any(|(column, _)| *column == "title") {
        cells.push(("title", bare));
    }
    if !more.iter().any(|(column, _)| *column == "kind") {
        cells.push(("kind", "document"));
    }
    cells.extend(more);
    draft.mention("sources", line, &cells)?;
    Ok(key)
}

/// A text as a key: as it is, where it can be one.
pub(super) fn fitting(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    if key::wrong(&plain).is_none() && plain.len() <= 200 {
        return plain;
    }
    let head: String = plain.chars().take(100).collect();
    format!("{head}…{}", digest(text, 12))
}

/// The text as EDTF, where it is a date; a time behind a day is cut off. What is none is refused.
pub(super) fn date(
    draft: &mut Draft<'_, '_>,
    line: u64,
    column: &str,
    text: &str,
) -> Option<String> {
    let day = day_of(text);
    match Date::parse(day) {
        Ok(date) if date.first <= date.last => Some(date.text),
        Ok(_) => {
            draft.refuse(line, Some(column), format!("'{text}' ends before it starts"), None);
            None
        }
        Err(bad) => {
            let help = match bad.suggestion {
                Some(meant) => format!("write {meant}"),
                None => "write it as in 2025-11-22, 2025-11 or 2025".to_owned(),
            };
            draft.refuse(line, Some(column), format!("'{text}' is not a date"), Some(help));
            None
        }
    }
}

/// The day of a text that tells a time behind it.
pub(super) fn day_of(text: &str) -> &str {
    let text = text.trim();
    match text.get(..10).zip(text.get(10..11)) {
        Some((day, "T" | " ")) => day,
        Some(_) | None => text,
    }
}

/// Whether a date ends before another one begins.
pub(super) fn is_before(end: &str, start: &str) -> bool {
    match (Date::parse(end), Date::parse(start)) {
        (Ok(end), Ok(start)) => end.last < start.first,
        _ => false,
    }
}

/// Kinds and relations that the vocabulary of a store does not have from the start.
pub(super) const OFFICE: Term = Term {
    vocabulary: "actor-kind",
    name: "office",
    definition: "a post or seat, for which whoever holds it speaks",
    maps_to: "FtM Position",
};
/// Somebody has something.
pub(super) const OWNS: Term =
    relation("owns", "has it, or shares in it, as property", "FtM Ownership");
/// Somebody is of a family.
pub(super) const FAMILY_OF: Term = relation(
    "family_of",
    "is of one family with; the role tells what the second is to the first",
    "FtM Family",
);
/// Somebody is tied to somebody, somehow.
pub(super) const ASSOCIATED_WITH: Term = relation(
    "associated_with",
    "is tied to, in a way that the role tells or the source leaves open",
    "FtM Associate; FtM UnknownLink",
);
/// Money went from one to the other.
pub(super) const PAYS: Term =
    relation("pays", "gives money, or something worth money, to", "FtM Payment");
/// One comes after the other in the same place.
pub(super) const SUCCEEDS: Term =
    relation("succeeds", "takes the place of the one before", "FtM Succession; Wikidata P1365");
/// One of those who wrote something.
pub(super) const WROTE: Term =
    relation("wrote", "is one of those who wrote it, besides the author it is listed under", "");

const fn relation(name: &'static str, definition: &'static str, maps_to: &'static str) -> Term {
    Term { vocabulary: "relation", name, definition, maps_to }
}
