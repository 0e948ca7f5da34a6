//! All forms of data that come in, one row each. An importer is one file here and one row in [`IMPORTERS`].

use std::path::{Path, PathBuf};

use super::Error;
use super::draft::Draft;
use super::{bibtex, csl, dna, ftm, jsonl, sparql, stix, wikidata};

/// A form of data.
#[derive(Debug)]
pub struct Importer {
    /// What `--format` calls it.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    pub(super) how: How,
}

/// How a form of data is read.
#[derive(Debug)]
pub(super) enum How {
    /// A file of a folder of CSV files, or such a folder.
    Folder,
    /// Rows of a coding sheet.
    Sheet,
    /// A workbook, whose worksheets are files of a folder or coding sheets.
    Workbook,
    /// A graph, whose kinds may be declared on the way.
    Graph,
    /// Another program's form, which becomes rows of the files of a folder.
    Draft {
        /// Whether a file is of this form, by its name and how it begins.
        recognise: fn(&Head<'_>) -> bool,
        /// Reads a file.
        read: fn(&mut Draft<'_, '_>) -> Result<(), Error>,
    },
}

/// How a file begins.
#[derive(Debug)]
pub(super) struct Head<'h> {
    /// Where it is.
    pub(super) path: &'h Path,
    /// Its first bytes, at most 64 KiB.
    pub(super) bytes: &'h [u8],
}

impl Head<'_> {
    /// The ending of its name, in small letters.
    pub(super) fn ending(&self) -> String {
        let ending = self.path.extension().and_then(|ending| ending.to_str());
        ending.unwrap_or_default().to_lowercase()
    }

    /// Its first bytes as text, without a mark of UTF-8 and the blanks before what is written.
    pub(super) fn text(&self) -> &str {
        let text = match std::str::from_utf8(self.bytes) {
            Ok(text) => text,
            Err(error) => {
                let good = self.bytes.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(good).unwrap_or_default()
            }
        };
        text.trim_start_matches('\u{FEFF}').trim_start()
    }
}

/// Every form, in the order in which the content of a file is held against them.
pub const IMPORTERS: &[Importer] = &[
    Importer {
        name: "folder",
        about: "a folder of CSV files, one a kind, or one of its files",
        how: How::Folder,
    },
    Importer {
        name: "sheet",
        about: "a coding sheet: one row a statement, as CSV or TSV",
        how: How::Sheet,
    },
    Importer {
        name: "ftm",
        about: "FollowTheMoney entities as JSON, one a line or as a list",
        how: How::Draft { recognise: ftm::recognise, read: ftm::read },
    },
    Importer {
        name: WHOLE_STORE,
        about: "a whole store as JSON lines, as `dixit export jsonl` writes them",
        how: How::Draft { recognise: jsonl::recognise, read: jsonl::read },
    },
    Importer {
        name: "wikidata",
        about: "items of Wikidata as JSON: answers of its API, plain items, lines of a dump",
        how: How::Draft { recognise: wikidata::recognise, read: wikidata::read },
    },
    Importer {
        name: "sparql",
        about: "answers to SPARQL queries as JSON, a column a variable",
        how: How::Draft { recognise: sparql::recognise, read: sparql::read },
    },
    Importer {
        name: "csl",
        about: "CSL-JSON, the bibliography of a reference manager",
        how: How::Draft { recognise: csl::recognise, read: csl::read },
    },
    Importer {
        name: "bibtex",
        about: "a bibliography as BibTeX or BibLaTeX",
        how: How::Draft { recognise: bibtex::recognise, read: bibtex::read },
    },
    Importer {
        name: "stix",
        about: "STIX 2.1 bundles: who says what of whom in threat reports",
        how: How::Draft { recognise: stix::recognise, read: stix::read },
    },
    Importer {
        name: "xlsx",
        about: "a workbook: a coding sheet, or the files of a folder as its worksheets",
        how: How::Workbook,
    },
    Importer {
        name: "dna",
        about: "statements of Discourse Network Analyzer (.dna)",
        how: How::Draft { recognise: dna::recognise, read: dna::read },
    },
    Importer {
        name: "graph",
        about: "nodes and relationships as JSON lines, as GraphML, or as tables of bulk loaders",
        how: How::Graph,
    },
];

impl Importer {
    /// Whether it brings whole stores, also those without the claims model.
    pub(super) fn is_whole_store(&self) -> bool {
        self.name == WHOLE_STORE
    }
}

/// The form that a whole store leaves in, and comes back in.
const WHOLE_STORE: &str = "jsonl";

/// The form of that name, in any case.
pub fn named(name: &str) -> Option<&'static Importer> {
    IMPORTERS.iter().find(|importer| importer.name.eq_ignore_ascii_case(name))
}

/// The form that the content of a file shows, of those that another program makes.
pub(super) fn recognised(path: &Path, bytes: &[u8]) -> Option<&'static Importer> {
    let head = Head { path, bytes };
    IMPORTERS.iter().find(|importer| match importer.how {
        How::Draft { recognise, .. } => recognise(&head),
        How::Folder | How::Sheet | How::Workbook | How::Graph => false,
    })
}

/// Refuses a form that is none.
pub(super) fn unknown(name: &str, paths: &[PathBuf]) -> Error {
    let known: Vec<&str> = IMPORTERS.iter().map(|importer| importer.name).collect();
    let near = crate::base::closest::closest(name, known.iter().copied());
    let near = near.map(|near| format!(" (did you mean {near}?)")).unwrap_or_default();
    let why =
        format!("there is no format '{name}' to import{near}; known are {}", known.join(", "));
    Error::Nothing(paths.first().cloned().unwrap_or_default(), why)
}

#[cfg(test)]
mod tests {
    use super::IMPORTERS;

    #[test]
    fn the_document_lists_every_form() {
        const HEAD: &str = "| form | what it is |\n|---|---|\n";
        let document = include_str!("../../docs/import.md");
        let rows = IMPORTERS.iter().map(|form| format!("| `{}` | {} |\n", form.name, form.about));
        let table = format!("{HEAD}{}\n", rows.collect::<String>());
        let (before, behind) = document.split_once(HEAD).unwrap();
        let (_, behind) = behind.split_once("\n\n").or(behind.split_once('\n')).unwrap();
        if std::env::var_os("BLESS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/import.md");
            std::fs::write(path, format!("{before}{table}{behind}")).unwrap();
        } else {
            let stale = "docs/import.md is stale: `BLESS=1 cargo test --lib importers`";
            assert!(document.contains(&table), "{stale}");
        }
    }
}
