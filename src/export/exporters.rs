//! All forms in which the graph leaves, one row each. An exporter is one file here and one row in [`EXPORTERS`].

use super::projection::PROJECTIONS;
use super::{Exporter, Takes, dot, folder, gexf, graphml, lines};

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
];

/// What forms take that are made of a projection.
const PROJECTED: &[Takes] = &[Takes::Projection, Takes::Actor, Takes::Claim];

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
