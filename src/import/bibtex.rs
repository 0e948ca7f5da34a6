//! BibTeX and BibLaTeX: every entry is a source. The library that reads them holds the whole file, so its size is limited, and
//! it follows cross-references and braces without a limit, so those are looked at before.

use std::{collections::BTreeMap, io::Read as _};

use biblatex::{
    Bibliography, ChunksExt as _, Entry, Pair, Person, RawBibliography, RawChunk, Spanned,
};

use super::{
    Error,
    draft::Draft,
    entity::date,
    importers::Head,
    tex::{plain, usual},
    works::{self, Work},
};
use crate::base::date::Date;

/// The longest file.
const LONGEST: u64 = 64 << 20;
/// The deepest braces.
const DEEPEST: usize = 60;
/// How many other entries one may draw on, each counted as often as it is needed.
const MOST_NEEDED: u64 = 200;

/// How long the text of an abbreviation may be, and those of all that entries use.
const LONGEST_ABBREVIATION: u64 = 64 << 10;
const ALL_ABBREVIATIONS: u64 = 16 << 20;

/// Types of entries that are a kind of source of their own; all others are documents.
const KINDS: &[(&str, &str)] = &[
    ("article", "article"),
    ("suppperiodical", "article"),
    ("inproceedings", "article"),
    ("conference", "article"),
    ("review", "article"),
    ("dataset", "dataset"),
    ("audio", "broadcast"),
    ("video", "broadcast"),
    ("movie", "broadcast"),
    ("music", "broadcast"),
    ("performance", "broadcast"),
];

/// Fields that go into the source, and those that only help to cite or to sort it.
const KEPT: &[&str] = &[
    "title",
    "subtitle",
    "author",
    "publisher",
    "institution",
    "organization",
    "school",
    "journal",
    "journaltitle",
    "booktitle",
    "url",
    "doi",
    "date",
    "year",
    "month",
    "day",
    "note",
    "howpublished",
    "annote",
    "annotation",
    "crossref",
    "xdata",
    "keywords",
    "urldate",
    "file",
    "langid",
    "language",
    "options",
    "shorttitle",
    "sortkey",
    "timestamp",
    "owner",
];

/// Whether a file holds entries: the first thing in it that is no comment is one.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let is_bib = head.ending() == "bib";
    let text = head.text();
    let begins = |text: &str| {
        let rest = text.strip_prefix('@').unwrap_or_default();
        let name: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        let behind = rest.get(name.len()..).unwrap_or_default().trim_start();
        !name.is_empty() && behind.starts_with(['{', '('])
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    if is_bib {
        return text
            .split('@')
            .skip(1)
            .any(|rest| begins(&format!("@{}", rest.get(..60).unwrap_or(rest))));
    }
    lines.find(|line| !line.starts_with('%')).is_some_and(begins)
}

/// Reads a file.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    let Some(text) = whole(draft)? else { return Ok(()) };
    let lines = Lines::new(&text);
    if let Some(at) = too_deep(&text) {
        let reason = format!("braces are nested more than {DEEPEST} deep");
        draft.refuse(lines.of(at), None, reason, Some("close the braces before".to_owned()));
        return Ok(());
    }
    let text = usual(&text);
    let raw = match RawBibliography::parse(&text) {
        Ok(raw) => raw,
        Err(error) => {
            let reason = format!("this cannot be read as BibTeX: {}", error.kind);
            let help = "a comma, a brace or a quotation mark may be missing before".to_owned();
            draft.refuse(lines.of(error.span.start), None, reason, Some(help));
            return Ok(());
        }
    };
    if let Some((at, reason)) = grows(&raw) {
        draft.refuse(lines.of(at), None, reason, None);
        return Ok(());
    }
    let places = places(draft, &raw, &lines);
    if draft.is_refused() {
        return Ok(());
    }
    let entries = match Bibliography::from_raw(raw) {
        Ok(entries) => entries,
        Err(error) => {
            draft.refuse(lines.of(error.span.start), None, error.kind.to_string(), None);
            return Ok(());
        }
    };
    for entry in entries.iter() {
        let line = places.get(&entry.key).copied().unwrap_or(1);
        add(draft, entry, line)?;
    }
    Ok(())
}

/// The text of the file.
fn whole(draft: &mut Draft<'_, '_>) -> Result<Option<String>, Error> {
    let mut bytes = Vec::new();
    let read = draft.open()?.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| draft.failed(error))?;
    if bytes.len() as u64 > LONGEST {
        let help = "split it into several files".to_owned();
        draft.refuse(
            1,
            None,
            "a bibliography may be 64 MiB long, and this one is longer",
            Some(help),
        );
        return Ok(None);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF".as_slice()).unwrap_or(&bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Some(text.to_owned()));
    }
    let good = String::from_utf8_lossy(bytes);
    let before = good.split('\u{FFFD}').next().unwrap_or_default();
    let line = Lines::new(before).of(before.len());
    draft.refuse(line, None, "the file is not UTF-8", Some("save it as UTF-8".to_owned()));
    Ok(None)
}

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect(),
        )
    }

    /// The line, from 1, of a place in the text.
    fn of(&self, at: usize) -> u64 {
        self.0.partition_point(|end| *end < at) as u64 + 1
    }
}

/// The place where braces are nested too deep.
fn too_deep(text: &str) -> Option<usize> {
    let mut deep = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => deep += 1,
            b'}' => deep = deep.saturating_sub(1),
            _ => {}
        }
        if deep > DEEPEST {
            return Some(at);
        }
    }
    None
}

/// Where abbreviations have no end or become too long, and why; what they stand for is put in wherever they are used.
fn grows(raw: &RawBibliography<'_>) -> Option<(usize, &'static str)> {
    let mut lengths: BTreeMap<&str, Option<u64>> =
        raw.abbreviations.iter().map(|pair| (pair.key.v, None)).collect();
    for _ in 0..DEEPEST {
        // Each time those are known that draw only on known ones: so often, so deep.
        let known = |pair: &Pair<'_>| length(&pair.value.v, &lengths);
        lengths = raw.abbreviations.iter().map(|pair| (pair.key.v, known(pair))).collect();
        if lengths.values().all(Option::is_some) {
            break;
        }
    }
    for pair in &raw.abbreviations {
        match lengths.get(pair.key.v).copied().flatten() {
            None => {
                return Some((
                    pair.key.span.start,
                    "this abbreviation leads back to itself, or through too many others",
                ));
            }
            Some(length) if length > LONGEST_ABBREVIATION => {
                return Some((
                    pair.key.span.start,
                    "this abbreviation stands for more than 64 KiB",
                ));
            }
            Some(_) => {}
        }
    }
    let mut all = 0_u64;
    for entry in &raw.entries {
        for pair in &entry.v.fields {
            let is_reference =
                ["crossref", "xdata"].iter().any(|name| pair.key.v.eq_ignore_ascii_case(name));
            let abbreviated =
                pair.value.v.iter().any(|part| matches!(part.v, RawChunk::Abbreviation(_)));
            if is_reference && abbreviated {
                return Some((
                    pair.key.span.start,
                    "a cross-reference is written out, not abbreviated",
                ));
            }
            if abbreviated {
                all = all.saturating_add(length(&pair.value.v, &lengths).unwrap_or(0));
            }
            if all > ALL_ABBREVIATIONS {
                return Some((
                    pair.key.span.start,
                    "up to here abbreviations stand for more than 16 MiB",
                ));
            }
        }
    }
    None
}

/// How long a text is with its abbreviations written out; none where that of one is not known yet.
fn length(parts: &[Spanned<RawChunk<'_>>], lengths: &BTreeMap<&str, Option<u64>>) -> Option<u64> {
    let mut all = 0_u64;
    for part in parts {
        let more = match part.v {
            RawChunk::Normal(text) => text.len() as u64,
            // Months, and what nobody explained.
            RawChunk::Abbreviation(name) => lengths.get(name).copied().unwrap_or(Some(16))?,
        };
        all = all.saturating_add(more);
    }
    Some(all)
}

/// The lines of all entries. Keys that stand twice are refused, and entries that draw on themselves.
fn places(
    draft: &mut Draft<'_, '_>,
    raw: &RawBibliography<'_>,
    lines: &Lines,
) -> BTreeMap<String, u64> {
    let mut places = BTreeMap::new();
    let mut needs: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for entry in &raw.entries {
        let (key, line) = (entry.v.key.v, lines.of(entry.span.start));
        if key.trim().is_empty() {
            draft.refuse(line, Some("key"), "the entry has no key", None);
        }
        if let Some(before) = places.insert(key.to_owned(), line) {
            let reason = format!("the key '{key}' stands in line {before}, too");
            let help = "give one of the two another key".to_owned();
            draft.refuse(line, Some("key"), reason, Some(help));
        }
        needs.insert(key, needed(&entry.v));
    }
    for _ in needs.values().flatten().filter(|key| !places.contains_key(key.as_str())) {
        draft.leave_out("dangling cross-reference");
    }
    let mut costs = BTreeMap::new();
    for (key, line) in &places {
        if cost(key, &needs, &mut costs, 0).is_none() {
            let reason = "its cross-references lead back to it, or are too many";
            draft.refuse(*line, Some("crossref"), reason, None);
        }
    }
    places
}

/// The keys that an entry draws on.
fn needed(entry: &biblatex::RawEntry<'_>) -> Vec<String> {
    let drawn = entry.fields.iter().filter(|pair| {
        ["crossref", "xdata"].iter().any(|name| pair.key.v.eq_ignore_ascii_case(name))
    });
    let chunks = drawn.flat_map(|pair| pair.value.v.iter());
    let texts = chunks.filter_map(|chunk| match chunk.v {
        RawChunk::Normal(text) => Some(text),
        RawChunk::Abbreviation(_) => None,
    });
    texts.flat_map(|text| text.split(',')).map(|key| key.trim().to_owned()).collect()
}

/// How many entries are read to complete one; none where that has no end.
fn cost(
    key: &str,
    needs: &BTreeMap<&str, Vec<String>>,
    costs: &mut BTreeMap<String, u64>,
    deep: usize,
) -> Option<u64> {
    if let Some(cost) = costs.get(key) {
        return Some(*cost);
    }
    if deep > DEEPEST {
        return None;
    }
    let mut all = 1;
    for need in needs.get(key).into_iter().flatten() {
        all += cost(need, needs, costs, deep + 1)?;
    }
    costs.insert(key.to_owned(), all);
    (all <= MOST_NEEDED).then_some(all)
}

fn add(draft: &mut Draft<'_, '_>, entry: &Entry, line: u64) -> Result<(), Error> {
    let sort = entry.entry_type.to_string().to_lowercase();
    if sort == "xdata" || sort == "set" {
        return Ok(());
    }
    let field = |name: &str| {
        let is_address = ["url", "doi"].contains(&name);
        let text = plain(&entry.get(name)?.format_verbatim(), is_address).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let first = |names: &[&str]| names.iter().find_map(|name| field(name));
    let mut notes: Vec<String> = ["note", "howpublished", "annote", "annotation"]
        .iter()
        .filter_map(|name| field(name))
        .collect();
    let published = published(draft, &field, line, &mut notes);
    for name in entry.fields.keys().filter(|name| !KEPT.contains(&name.as_str())) {
        draft.leave_out_property(name);
    }
    let title = match (field("title"), field("subtitle")) {
        (Some(title), Some(subtitle)) => format!("{title}: {subtitle}"),
        (title, subtitle) => title.or(subtitle).unwrap_or_else(|| entry.key.clone()),
    };
    let kind = KINDS.iter().find(|(known, _)| *known == sort).map_or("document", |(_, kind)| kind);
    let authors = entry.author().unwrap_or_default();
    if authors.iter().any(is_rest) {
        draft.leave_out("unnamed author");
    }
    works::add(
        draft,
        Work {
            key: entry.key.clone(),
            line,
            title,
            kind,
            authors: authors.iter().filter_map(named).collect(),
            publisher: first(&["publisher", "institution", "organization", "school"]),
            container: first(&["journaltitle", "journal", "booktitle"]),
            url: field("url"),
            doi: field("doi"),
            published,
            notes,
        },
    )
}

/// A name as it is spoken. Who has only one is a person or not.
fn named(person: &Person) -> Option<(String, &'static str)> {
    let Person { given_name, prefix, name, suffix, .. } = person;
    let parts = [given_name, prefix, name, suffix];
    let parts: Vec<&str> =
        parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let kind = if given_name.is_empty() { "unknown" } else { "person" };
    (!parts.is_empty() && !is_rest(person)).then(|| (parts.join(" "), kind))
}

/// Whether it stands for authors who are not named.
fn is_rest(person: &Person) -> bool {
    let Person { given_name, prefix, name, suffix, .. } = person;
    name == "others" && [given_name, prefix, suffix].iter().all(|part| part.is_empty())
}

/// When an entry came out, in EDTF. What is told in words goes into the notes.
fn published(
    draft: &mut Draft<'_, '_>,
    field: &dyn Fn(&str) -> Option<String>,
    line: u64,
    notes: &mut Vec<String>,
) -> Option<String> {
    let (column, text) = match (field("date"), field("year")) {
        (Some(date), _) => ("date", date),
        (None, Some(year)) => ("year", with_month(&year, field("month"), field("day"))),
        (None, None) => return None,
    };
    let text = text.replace('–', "/").replace("--", "/");
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    if is_number && text.split_whitespace().count() == 1 {
        return date(draft, line, column, &text);
    }
    let edtf = Date::parse(&text).ok().map(|date| date.text);
    if edtf.is_none() {
        notes.push(format!("dated: {text}"));
    }
    edtf
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A year with its month and day, as far as they can be read.
fn with_month(year: &str, month: Option<String>, day: Option<String>) -> String {
    let number = |text: String| text.trim().parse::<u8>().ok();
    let month = month.and_then(|month| {
        let named = MONTHS.iter().position(|name| month.to_lowercase().starts_with(name));
        named.and_then(|at| u8::try_from(at + 1).ok()).or_else(|| number(month))
    });
    match (month, day.and_then(number)) {
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        (None, _) => year.to_owned(),
    }
}
