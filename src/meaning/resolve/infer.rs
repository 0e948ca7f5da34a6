//! Which kinds and edges can be meant: labels, arrows and the catalogue narrow each other down until nothing changes.

use std::collections::BTreeMap;

use crate::meaning::{
    catalog::{Catalog, End, KindSet},
    question::{Alternative, VarId},
};

/// An edge of a pattern while it is being narrowed down.
#[derive(Debug, Clone)]
pub(super) struct OpenEdge {
    pub(super) left: VarId,
    pub(super) right: VarId,
    pub(super) alternatives: Vec<Alternative>,
    /// The least number of repeats, where it repeats.
    pub(super) repeats: Option<u32>,
    /// The variable it binds, where that also stands as a node.
    pub(super) as_node: Option<VarId>,
}

/// The kinds of each node variable.
pub(super) type Kinds = BTreeMap<VarId, KindSet>;

/// Narrows kinds and alternatives until they agree. The error is the place of an edge that nothing fits.
pub(super) fn narrow(
    catalog: &Catalog,
    kinds: &mut Kinds,
    edges: &mut [OpenEdge],
) -> Result<(), usize> {
    loop {
        let mut changed = false;
        for (at, edge) in edges.iter_mut().enumerate() {
            changed |= narrow_edge(catalog, kinds, edge);
            let emptied = [Some(edge.left), Some(edge.right), edge.as_node];
            let dead = emptied
                .into_iter()
                .flatten()
                .any(|var| kinds.get(&var).is_some_and(KindSet::is_empty));
            if edge.alternatives.is_empty() || dead {
                return Err(at);
            }
        }
        if !changed {
            return Ok(());
        }
    }
}

fn narrow_edge(catalog: &Catalog, kinds: &mut Kinds, edge: &mut OpenEdge) -> bool {
    match edge.repeats {
        None => narrow_single(catalog, kinds, edge),
        Some(min) => narrow_repeated(catalog, kinds, edge, min),
    }
}

fn narrow_single(catalog: &Catalog, kinds: &mut Kinds, edge: &mut OpenEdge) -> bool {
    let (left, right) = (of(kinds, edge.left), of(kinds, edge.right));
    let before = edge.alternatives.len();
    let node = edge.as_node.map(|var| of(kinds, var));
    edge.alternatives.retain(|alternative| {
        let (from, to) = ends(catalog, alternative);
        let stands = node.as_ref().is_none_or(|allowed| {
            catalog.edge(alternative.edge).stands_as.is_some_and(|kind| allowed.contains(&kind))
        });
        !from.kinds.is_disjoint(&left) && !to.kinds.is_disjoint(&right) && stands
    });
    let reach = |pick: fn(&(KindSet, KindSet)) -> &KindSet| -> KindSet {
        let pairs = edge.alternatives.iter().map(|alternative| {
            let (from, to) = ends(catalog, alternative);
            (from.kinds.clone(), to.kinds.clone())
        });
        pairs.flat_map(|pair| pick(&pair).clone()).collect()
    };
    let (lefts, rights) = (reach(|pair| &pair.0), reach(|pair| &pair.1));
    let mut changed = before != edge.alternatives.len();
    changed |= restrict(kinds, edge.left, &lefts);
    changed |= restrict(kinds, edge.right, &rights);
    if let Some(var) = edge.as_node {
        let stood =
            edge.alternatives.iter().filter_map(|a| catalog.edge(a.edge).stands_as).collect();
        changed |= restrict(kinds, var, &stood);
    }
    changed
}

fn narrow_repeated(catalog: &Catalog, kinds: &mut Kinds, edge: &mut OpenEdge, min: u32) -> bool {
    let (left, right) = (of(kinds, edge.left), of(kinds, edge.right));
    let forward = closure(catalog, &edge.alternatives, &left, false);
    let backward = closure(catalog, &edge.alternatives, &right, true);
    let before = edge.alternatives.len();
    edge.alternatives.retain(|alternative| {
        let (from, to) = ends(catalog, alternative);
        !from.kinds.is_disjoint(&forward) && !to.kinds.is_disjoint(&backward)
    });
    if edge.alternatives.is_empty() && min > 0 {
        return true;
    }
    let ends_at = |start: &KindSet, backwards: bool| -> KindSet {
        let all = closure(catalog, &edge.alternatives, start, backwards);
        if min == 0 { all } else { step(catalog, &edge.alternatives, &all, backwards) }
    };
    let (rights, lefts) = (ends_at(&left, false), ends_at(&right, true));
    let mut changed = before != edge.alternatives.len();
    changed |= restrict(kinds, edge.right, &rights);
    changed |= restrict(kinds, edge.left, &lefts);
    changed
}

/// The kinds that can be reached in any number of steps, the start included.
pub(super) fn closure(
    catalog: &Catalog,
    alternatives: &[Alternative],
    start: &KindSet,
    backwards: bool,
) -> KindSet {
    let mut all = start.clone();
    loop {
        let next = &all | &step(catalog, alternatives, &all, backwards);
        if next == all {
            return all;
        }
        all = next;
    }
}

fn step(
    catalog: &Catalog,
    alternatives: &[Alternative],
    from: &KindSet,
    backwards: bool,
) -> KindSet {
    alternatives
        .iter()
        .map(|alternative| {
            let (left, right) = ends(catalog, alternative);
            if backwards { (right, left) } else { (left, right) }
        })
        .filter(|(near, _)| !near.kinds.is_disjoint(from))
        .flat_map(|(_, far)| far.kinds.clone())
        .collect()
}

/// The ends of an alternative as the pattern sees them: left, right.
pub(super) fn ends<'c>(catalog: &'c Catalog, alternative: &Alternative) -> (&'c End, &'c End) {
    let edge = catalog.edge(alternative.edge);
    if alternative.reversed { (&edge.to, &edge.from) } else { (&edge.from, &edge.to) }
}

fn of(kinds: &Kinds, var: VarId) -> KindSet {
    kinds.get(&var).cloned().unwrap_or_default()
}

fn restrict(kinds: &mut Kinds, var: VarId, to: &KindSet) -> bool {
    let Some(now) = kinds.get_mut(&var) else { return false };
    let before = now.len();
    now.retain(|kind| to.contains(kind));
    before != now.len()
}
