//! Files that are known by how they begin, and not read: what they are, and in which form to ask for them instead.

use std::path::Path;

use super::{Error, Head};

/// How texts begin that are read in another form only, and what to do.
const ELSEWHERE: &[(&str, &str)] = &[
    ("<sparql", "these are answers to a SPARQL query as XML; ask for them as JSON"),
    ("<rdf:rdf", "this is linked data as XML, which is not read"),
    ("<!doctype html", PAGE),
    ("<html", PAGE),
    ("@prefix", "this is linked data as Turtle, which is not read"),
    ("{\\rtf", "this is a text document; a coding sheet is a CSV file in UTF-8"),
    ("ty  - ", "this is a bibliography in the form RIS; export it as BibTeX or CSL-JSON"),
    ("%0 ", "this is a bibliography of EndNote; export it as BibTeX or CSL-JSON"),
];
const PAGE: &str = "this is a page of the web; save the file itself that it shows or links to";

/// Refuses text that is known, but not read, and JSON that is not in UTF-8, before anything else is said of it.
pub(super) fn refuse(path: &Path, start: &[u8]) -> Result<(), Error> {
    let refused = |why: &str| Err(Error::Nothing(path.into(), why.to_owned()));
    let head = Head { path, bytes: start };
    let text = head.text();
    let begins = |text: &str| {
        let begin: String = text.chars().take(20).collect();
        let begin = begin.to_lowercase();
        ELSEWHERE.iter().find(|(sign, _)| begin.starts_with(sign))
    };
    let behind = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let behind = behind.map_or(text, |(_, rest)| rest.trim_start());
    if let Some((_, why)) = begins(behind) {
        return refused(why);
    }
    if text.starts_with("<?xml") {
        return refused("this is XML, but of no form that is known");
    }
    let is_cut = |error: std::str::Utf8Error| error.error_len().is_none();
    match std::str::from_utf8(start) {
        Err(error) if text.starts_with(['{', '[']) && !is_cut(error) => {
            let line =
                start.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
            refused(&format!("line {line} is not UTF-8; save the file as UTF-8"))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}
