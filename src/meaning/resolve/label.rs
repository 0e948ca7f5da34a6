//! Label expressions: which kinds of node, or which edges, they stand for.

use std::collections::BTreeSet;

use super::{Resolved, Resolver};
use crate::base::source::Span;
use crate::lang::ast::{Direction, Label, Name};
use crate::meaning::{
    catalog::{Catalog, EdgeId, EdgeLabel, KindSet, TermId},
    errors,
    question::Alternative,
};

/// The smallest thing a label can tell apart: an edge, and one of the terms that name it.
type Atom = (EdgeId, Option<TermId>);
type Atoms = BTreeSet<Atom>;

impl Resolver<'_> {
    /// The kinds a label expression allows. At least one, or a mistake is noted.
    pub(super) fn kinds(&mut self, label: &Label) -> Resolved<KindSet> {
        let kinds = self.kinds_of(label)?;
        match self.catalog.no_kind() {
            None if kinds.is_empty() => self.wrong(errors::patterns::impossible_label(span(label))),
            Some(none) if kinds.is_empty() => Ok(KindSet::from([none])),
            Some(_) | None => Ok(kinds),
        }
    }

    fn kinds_of(&mut self, label: &Label) -> Resolved<KindSet> {
        match label {
            Label::Name(name) => {
                let kinds = self.catalog.kinds_named(&name.text);
                if kinds.is_empty() { self.unknown_kind(name) } else { Ok(kinds) }
            }
            Label::Any(_) => Ok(self.catalog.kinds().map(|(id, _)| id).collect()),
            Label::Not(inner, _) => {
                let without = self.kinds_of(inner)?;
                let all = self.catalog.kinds().map(|(id, _)| id);
                Ok(all.filter(|kind| !without.contains(kind)).collect())
            }
            Label::And(a, b) => self.both(a, b, Self::kinds_of).map(|(a, b)| &a & &b),
            Label::Or(a, b) => self.both(a, b, Self::kinds_of).map(|(a, b)| &a | &b),
        }
    }

    /// A mistake, or in an open graph no kind and a note.
    fn unknown_kind(&mut self, name: &Name) -> Resolved<KindSet> {
        if self.catalog.is_open() {
            self.remark(errors::open::unknown_kind(name, self.catalog));
            return Ok(KindSet::new());
        }
        self.wrong(errors::names::unknown_kind(name, self.catalog))
    }

    /// Evaluates both sides before giving up, so that mistakes in both are told.
    fn both<T>(
        &mut self,
        a: &Label,
        b: &Label,
        of: fn(&mut Self, &Label) -> Resolved<T>,
    ) -> Resolved<(T, T)> {
        let (a, b) = (of(self, a), of(self, b));
        Ok((a?, b?))
    }

    /// The edges a label expression allows; all where there is none.
    pub(super) fn edge_labels(&mut self, label: Option<&Label>) -> Resolved<Vec<EdgeLabel>> {
        let atoms = match label {
            Some(label) => self.atoms(label)?,
            None => all_atoms(self.catalog),
        };
        match (label, self.catalog.no_edge()) {
            (_, Some(edge)) if atoms.is_empty() => Ok(vec![EdgeLabel { edge, terms: None }]),
            (Some(label), _) if atoms.is_empty() => {
                self.wrong(errors::patterns::impossible_label(span(label)))
            }
            _ => Ok(grouped(self.catalog, &atoms)),
        }
    }

    fn atoms(&mut self, label: &Label) -> Resolved<Atoms> {
        match label {
            Label::Name(name) => self.named_atoms(name),
            Label::Any(_) => Ok(all_atoms(self.catalog)),
            Label::Not(inner, _) => Ok(&all_atoms(self.catalog) - &self.atoms(inner)?),
            Label::And(a, b) => self.both(a, b, Self::atoms).map(|(a, b)| &a & &b),
            Label::Or(a, b) => self.both(a, b, Self::atoms).map(|(a, b)| &a | &b),
        }
    }

    fn named_atoms(&mut self, name: &Name) -> Resolved<Atoms> {
        let catalog = self.catalog;
        let found = catalog.edge_labels(&name.text);
        if found.is_empty() {
            if catalog.is_open() {
                self.remark(errors::open::unknown_edge(name, catalog));
                return Ok(Atoms::new());
            }
            if self.definitions.edge(&name.text).is_some_and(|one| self.lacks_kinds_of(one)) {
                return self.wrong(errors::names::edge_without_kinds(name));
            }
            let is_kind = !catalog.kinds_named(&name.text).is_empty();
            let known = catalog.edge_names().chain(self.definitions.names(false));
            return self.wrong(errors::names::unknown_edge(name, known, is_kind));
        }
        let atoms = found.iter().flat_map(|label| match &label.terms {
            None => vec![(label.edge, None)],
            Some(terms) => terms.iter().map(|&term| (label.edge, Some(term))).collect(),
        });
        Ok(atoms.collect())
    }
}

/// Whether a label expression means kinds that it does not name.
pub(super) fn is_broad(label: &Label) -> bool {
    match label {
        Label::Name(_) => false,
        Label::Any(_) | Label::Not(..) => true,
        Label::And(a, b) | Label::Or(a, b) => is_broad(a) || is_broad(b),
    }
}

/// Where a label expression stands.
pub(super) fn span(label: &Label) -> Span {
    match label {
        Label::Name(name) => name.span,
        Label::Any(place) | Label::Not(_, place) => *place,
        Label::And(a, b) | Label::Or(a, b) => span(a).to(span(b)),
    }
}

fn all_atoms(catalog: &Catalog) -> Atoms {
    catalog.edges().flat_map(|(id, _)| atoms_of(catalog, id)).collect()
}

fn atoms_of(catalog: &Catalog, id: EdgeId) -> Vec<Atom> {
    let edge = catalog.edge(id);
    match edge.name {
        Some(_) => vec![(id, None)],
        None => edge.terms.iter().map(|&term| (id, Some(term))).collect(),
    }
}

/// Brings the atoms of one edge together again; an edge of which all are there needs no terms named.
fn grouped(catalog: &Catalog, atoms: &Atoms) -> Vec<EdgeLabel> {
    let edges: BTreeSet<EdgeId> = atoms.iter().map(|(edge, _)| *edge).collect();
    edges
        .into_iter()
        .map(|edge| {
            let terms: BTreeSet<TermId> =
                atoms.iter().filter(|atom| atom.0 == edge).filter_map(|atom| atom.1).collect();
            let all = terms.len() == atoms_of(catalog, edge).len() || terms.is_empty();
            EdgeLabel { edge, terms: (!all).then_some(terms) }
        })
        .collect()
}

/// The alternatives an edge of a pattern has, given what its label allows and which way it is written.
pub(super) fn alternatives(
    catalog: &Catalog,
    labels: &[EdgeLabel],
    direction: Direction,
) -> Vec<Alternative> {
    let directions: &[bool] = match direction {
        Direction::Right => &[false],
        Direction::Left => &[true],
        Direction::Either => &[false, true],
    };
    labels
        .iter()
        .flat_map(|label| by_symmetry(catalog, label))
        .flat_map(|(label, symmetric)| {
            let ways: &[bool] = match (symmetric, catalog.edge(label.edge).symmetric) {
                (true, _) => &[false],
                (false, true) => &[false, true],
                (false, false) => directions,
            };
            ways.iter().map(move |&reversed| Alternative {
                edge: label.edge,
                terms: label.terms.clone(),
                reversed,
                symmetric,
            })
        })
        .collect()
}

/// Splits a label into the terms that hold one way and those that are stored both ways.
fn by_symmetry(catalog: &Catalog, label: &EdgeLabel) -> Vec<(EdgeLabel, bool)> {
    let edge = catalog.edge(label.edge);
    let terms: BTreeSet<TermId> =
        label.terms.clone().unwrap_or_else(|| edge.terms.iter().copied().collect());
    let symmetric = |term: &TermId| catalog.term(*term).is_some_and(|row| row.symmetric);
    let (both, one): (BTreeSet<TermId>, BTreeSet<TermId>) = terms.into_iter().partition(symmetric);
    let fixed = edge.name.is_some() && edge.term_column.is_some();
    if both.is_empty() {
        let terms = if fixed { Some(one) } else { label.terms.clone() };
        return vec![(EdgeLabel { edge: label.edge, terms }, false)];
    }
    [(one, false), (both, true)]
        .into_iter()
        .filter(|(terms, _)| !terms.is_empty())
        .map(|(terms, symmetric)| (EdgeLabel { edge: label.edge, terms: Some(terms) }, symmetric))
        .collect()
}
