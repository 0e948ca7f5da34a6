//! Works of a bibliography, as CSL-JSON and BibTeX both have them: each becomes a source, with its authors and its publisher as
//! actors.

use super::{
    Error,
    draft::Draft,
    entity::{WROTE, fitting, named_actor},
};

/// A work.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// Its citation key.
    pub(super) key: String,
    pub(super) line: u64,
    pub(super) title: String,
    /// A term of `source-kind`.
    pub(super) kind: &'static str,
    /// Who wrote it: a name and a kind of actor.
    pub(super) authors: Vec<(String, &'static str)>,
    /// Who brought it out.
    pub(super) publisher: Option<String>,
    /// What it is part of: a journal, a newspaper, a book.
    pub(super) container: Option<String>,
    pub(super) url: Option<String>,
    pub(super) doi: Option<String>,
    /// In EDTF.
    pub(super) published: Option<String>,
    pub(super) notes: Vec<String>,
}

/// Adds a work. What it is part of counts as its publisher where none is named, as with newspapers.
pub(super) fn add(draft: &mut Draft<'_, '_>, mut work: Work) -> Result<(), Error> {
    let line = work.line;
    let publisher = match (work.publisher.take(), work.container.take()) {
        (Some(publisher), container) => {
            work.notes.extend(container.map(|container| format!("in {container}")));
            Some((publisher, "organization"))
        }
        (None, Some(container)) => Some((container, "media")),
        (None, None) => None,
    };
    let publisher =
        publisher.map(|(name, kind)| named_actor(draft, line, &name, kind)).transpose()?;
    let mut authors = Vec::new();
    for (name, kind) in &work.authors {
        authors.push(named_actor(draft, line, name, kind)?);
    }
    let url = work.url.or_else(|| work.doi.as_deref().map(address));
    let key = fitting(&work.key);
    let notes = work.notes.join("; ");
    let mut cells = vec![("key", key.as_str()), ("title", &work.title), ("kind", work.kind)];
    for (column, cell) in [
        ("publisher", publisher.as_deref()),
        ("author", authors.first().map(String::as_str)),
        ("url", url.as_deref()),
        ("published", work.published.as_deref()),
        ("note", Some(notes.as_str()).filter(|notes| !notes.is_empty())),
    ] {
        cells.extend(cell.map(|cell| (column, cell)));
    }
    draft.row("sources", line, &cells)?;
    // A source has one author; the others are tied to it.
    let mut others: Vec<&String> = authors.iter().skip(1).collect();
    others.sort();
    others.dedup();
    for author in others.into_iter().filter(|other| Some(*other) != authors.first()) {
        draft.term(line, &WROTE)?;
        let (from, to) = (format!("actor:{author}"), format!("source:{key}"));
        let cells =
            [("from", from.as_str()), ("relation", WROTE.name), ("to", &to), ("source", &key)];
        draft.row("relations", line, &cells)?;
    }
    Ok(())
}

/// The address of a DOI on the web.
fn address(doi: &str) -> String {
    let bare = doi.trim().trim_start_matches("https://doi.org/").trim_start_matches("doi:");
    format!("https://doi.org/{}", bare.trim())
}
