//! Links between statements, claims and sources, and ties between nodes of any kind, for forms in which they stand alone.

use super::rows::text;
use super::sheets::is_return;
use super::{Among, Error, World};
use crate::base::value::{Node, Value};
use crate::record::catalogue::{Catalogue, Edge, End, Term};

/// The vocabulary and the family of links, and the question that gives them.
const LINKS: &[(&str, Option<&str>, &str)] = &[
    ("link", Some("S>S"), include_str!("queries/acts_linked.dixit")),
    ("link", Some("S>C"), include_str!("queries/evidence_links.dixit")),
    ("link", Some("C>C"), include_str!("queries/claim_links.dixit")),
    ("source-link", None, include_str!("queries/source_links.dixit")),
];
const TIES: &str = include_str!("queries/ties_of_all.dixit");

/// A link. One that holds both ways comes once.
pub(super) struct Link<'r> {
    /// The kind in small letters, and the key.
    pub(super) from: (&'r str, &'r str),
    /// The term.
    pub(super) relation: &'r str,
    pub(super) to: (&'r str, &'r str),
    /// Whether it holds both ways.
    pub(super) symmetric: bool,
    /// Whether a source states it, or an analyst sees it.
    pub(super) basis: Option<&'r str>,
    pub(super) note: Option<&'r str>,
}

/// Hands on all links but those of statements that tell of others.
pub(super) fn links(
    world: &dyn World,
    receive: &mut dyn FnMut(&Link<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let catalogue = world.catalogue();
    for (vocabulary, family, question) in LINKS {
        let is_it = |edge: &&Edge| {
            edge.vocabulary.as_deref() == Some(*vocabulary) && edge.family.as_deref() == *family
        };
        let Some(edge) = catalogue.edges.iter().find(is_it) else { continue };
        let (from_kind, to_kind) = (kind(catalogue, &edge.from), kind(catalogue, &edge.to));
        world.ask_among(Among::Edge(edge.id), question, &[], &mut |row| {
            let (Some(from), Some(relation), Some(to)) = (text(row, 0), text(row, 1), text(row, 2))
            else {
                return Ok(());
            };
            if is_return(catalogue, vocabulary, row) {
                return Ok(());
            }
            let known = |term: &&Term| is_term(term, vocabulary, relation);
            let symmetric = catalogue.terms.iter().find(known).is_some_and(|term| term.symmetric);
            // Links of sources have no basis.
            let basis = if row.len() > 4 { text(row, 3) } else { None };
            let note = text(row, row.len() - 1);
            let (from, to) = ((from_kind.as_str(), from), (to_kind.as_str(), to));
            receive(&Link { from, relation, to, symmetric, basis, note })
        })?;
    }
    Ok(())
}

fn is_term(term: &Term, vocabulary: &str, name: &str) -> bool {
    term.vocabulary == vocabulary && term.term == name
}

/// The kind of an end, in small letters.
fn kind(catalogue: &Catalogue, end: &End) -> String {
    let kind = catalogue.kinds.iter().find(|kind| Some(kind.id) == end.kind);
    kind.map(|kind| kind.name.to_lowercase()).unwrap_or_default()
}

/// A tie.
pub(super) struct Tie<'r> {
    pub(super) key: &'r str,
    pub(super) from: &'r Node,
    /// The term.
    pub(super) relation: &'r str,
    pub(super) to: &'r Node,
    pub(super) role: Option<&'r str>,
    pub(super) valid_from: Option<&'r str>,
    pub(super) valid_to: Option<&'r str>,
    /// For when it is known.
    pub(super) as_of: Option<&'r str>,
    /// The key and the title of the source that it rests on.
    pub(super) source: (&'r str, &'r str),
    pub(super) note: Option<&'r str>,
    /// What kinds of actors the two are, where they are actors.
    pub(super) sorts: [Option<&'r str>; 2],
}

/// Hands on all ties between nodes, in the order of their keys.
pub(super) fn ties(
    world: &dyn World,
    receive: &mut dyn FnMut(&Tie<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    world.ask_among(Among::BuiltIn, TIES, &[], &mut |row| {
        let (Some(key), Some(relation), Some(source)) = (text(row, 0), text(row, 2), text(row, 8))
        else {
            return Ok(());
        };
        let (Some(Value::Node(from)), Some(Value::Node(to))) = (row.get(1), row.get(3)) else {
            return Ok(());
        };
        receive(&Tie {
            key,
            from,
            relation,
            to,
            role: text(row, 4),
            valid_from: text(row, 5),
            valid_to: text(row, 6),
            as_of: text(row, 7),
            source: (source, text(row, 12).unwrap_or(source)),
            note: text(row, 9),
            sorts: [text(row, 10), text(row, 11)],
        })
    })
}
