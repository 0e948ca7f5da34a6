//! All forms in which the graph leaves, one row each. An exporter is one file here and one row in [`EXPORTERS`].

use super::projection::PROJECTIONS;
use super::{
    Exporter, Takes, bibliography, dossier, dot, folder, ftm, gexf, graphml, jsonld, lines, trig,
    vault,
};

/// Every form, in the order in which they are listed.
pub const EXPORTERS: &[Exporter] = &[
    Exporter {
        name: "jsonl",
        aliases: &["lines", "ndjson"],
        endings: &["jsonl", "ndjson"],
        about: "everything the store holds, one object a line; `dixit import` reads it back",
        folder: false,
        takes: &[],
        write: lines::write,
    },
    Exporter {
        name: "folder",
        aliases: &["csv"],
        endings: &[],
        about: "the CSV files that `dixit import FOLDER` reads back",
        folder: true,
        takes: &[],
        write: folder::write,
    },
    Exporter {
        name: "graphml",
        aliases: &[],
        endings: &["graphml"],
        about: "the whole graph, all kinds and edges, for graph programs",
        folder: false,
        takes: &[],
        write: graphml::write,
    },
    Exporter {
        name: "gexf",
        aliases: &[],
        endings: &["gexf"],
        about: "a projection with signs, weights and days, for Gephi",
        folder: false,
        takes: PROJECTED,
        write: gexf::write,
    },
    Exporter {
        name: "dot",
        aliases: &["gv", "graphviz"],
        endings: &["dot", "gv"],
        about: "a projection for Graphviz",
        folder: false,
        takes: PROJECTED,
        write: dot::write,
    },
    Exporter {
        name: "ftm",
        aliases: &["followthemoney"],
        endings: &["ijson"],
        about: "actors, their ties and the sources as FollowTheMoney entities",
        folder: false,
        takes: &[],
        write: ftm::write,
    },
    Exporter {
        name: "csl",
        aliases: &["csl-json"],
        endings: &[],
        about: "the sources as CSL-JSON, for reference managers",
        folder: false,
        takes: &[Takes::Actor, Takes::Claim],
        write: bibliography::csl,
    },
    Exporter {
        name: "bibtex",
        aliases: &["biblatex", "bib"],
        endings: &["bib"],
        about: "the sources as BibTeX, for LaTeX",
        folder: false,
        takes: &[Takes::Actor, Takes::Claim],
        write: bibliography::bibtex,
    },
    Exporter {
        name: "dossier",
        aliases: &[],
        endings: &["md"],
        about: "what there is on one actor or claim, as a document with citations",
        folder: false,
        takes: &[Takes::Actor, Takes::Claim],
        write: dossier::write,
    },
    Exporter {
        name: "jsonld",
        aliases: &["json-ld", "schema.org"],
        endings: &["jsonld"],
        about: "claims, acts and sources in the words of schema.org",
        folder: false,
        takes: &[],
        write: jsonld::write,
    },
    Exporter {
        name: "vault",
        aliases: &["notes", "obsidian"],
        endings: &[],
        about: "notes in Markdown that link to each other, in a folder",
        folder: true,
        takes: &[],
        write: vault::write,
    },
    Exporter {
        name: "trig",
        aliases: &["prov", "rdf"],
        endings: &["trig"],
        about: "what was read where, as RDF in the words of PROV",
        folder: false,
        takes: &[],
        write: trig::write,
    },
];

/// What forms take that are made of a projection.
const PROJECTED: &[Takes] = &[Takes::Projection, Takes::Actor, Takes::Claim, Takes::Min];

/// The projections, each with what it shows.
pub fn projections() -> Vec<(&'static str, &'static str)> {
    PROJECTIONS.iter().map(|one| (one.name, one.about)).collect()
}

/// The form of that name or alias, in any case.
pub fn named(name: &str) -> Option<&'static Exporter> {
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    EXPORTERS.iter().find(|one| is(one.name) || one.aliases.iter().any(|alias| is(alias)))
}

/// The form that a file ending means, in any case.
pub fn of_ending(ending: &str) -> Option<&'static Exporter> {
    EXPORTERS.iter().find(|one| one.endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_and_no_ending_means_two_forms() {
        let names = EXPORTERS.iter().flat_map(|one| [&[one.name], one.aliases].concat());
        let endings = EXPORTERS.iter().flat_map(|one| one.endings.iter().copied());
        let (mut seen, mut ends) = (BTreeSet::new(), BTreeSet::new());
        assert!(names.into_iter().all(|name| seen.insert(name.to_lowercase())));
        assert!(endings.into_iter().all(|ending| ends.insert(ending)));
    }

    #[test]
    fn a_form_is_found_by_name_alias_and_ending_in_any_case() {
        for one in EXPORTERS {
            for name in [&[one.name], one.aliases].concat() {
                assert!(named(&name.to_uppercase()).is_some_and(|found| found.name == one.name));
            }
            for ending in one.endings {
                assert!(of_ending(ending).is_some_and(|found| found.name == one.name));
                assert!(!one.folder, "{} is a folder, and folders have no ending", one.name);
            }
        }
    }
}
