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
    /// Whether a mistake was noted about it, so that it says nothing of its ends.
    pub(super) lost: bool,
}

/// A repeated path of a pattern: the nodes around it, and its own first and last.
#[derive(Debug, Clone)]
pub(super) struct OpenGroup {
    pub(super) left: VarId,
    pub(super) right: VarId,
    pub(super) first: VarId,
    pub(super) last: VarId,
    /// The least number of repeats.
    pub(super) min: u32,
    /// Whether it comes at most once.
    pub(super) most_once: bool,
    /// Whether it fits nowhere, in a graph where that is no mistake.
    pub(super) loose: bool,
}

/// What nothing fits, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    Edge(usize),
    Group(usize),
}

/// The kinds of each node variable.
pub(super) type Kinds = BTreeMap<VarId, KindSet>;

/// Narrows kinds and alternatives until they agree. The error says what nothing fits.
pub(super) fn narrow(
    catalog: &Catalog,
    kinds: &mut Kinds,
    (edges, groups): (&mut [OpenEdge], &[OpenGroup]),
) -> Result<(), Misfit> {
    let dead = |kinds: &Kinds, var: VarId| kinds.get(&var).is_some_and(KindSet::is_empty);
    loop {
        let mut changed = false;
        for (at, edge) in edges.iter_mut().enumerate().filter(|(_, edge)| !edge.lost) {
            changed |= narrow_edge(catalog, kinds, edge);
            let mut held = [Some(edge.left), Some(edge.right), edge.as_node].into_iter().flatten();
            if edge.alternatives.is_empty() || held.any(|var| dead(kinds, var)) {
                return Err(Misfit::Edge(at));
            }
        }
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| !group.loose) {
            changed |= narrow_group(kinds, group);
            let mut held = [group.left, group.right, group.first, group.last].into_iter();
            if held.any(|var| dead(kinds, var)) {
                return Err(Misfit::Group(at));
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

/// The first node is the one before the path or the last of the repetition before, and so on.
fn narrow_group(kinds: &mut Kinds, group: &OpenGroup) -> bool {
    let OpenGroup { left, right, first, last, min, most_once, loose: _ } = group;
    let [before, after, start, end] = [left, right, first, last].map(|var| of(kinds, *var));
    let (starts, ends) = if *most_once {
        (before.clone(), after.clone())
    } else {
        (&before | &end, &after | &start)
    };
    let mut changed = restrict(kinds, *first, &starts);
    changed |= restrict(kinds, *last, &ends);
    let (lefts, rights) =
        if *min == 0 { (&start | &after, &end | &before) } else { (start.clone(), end.clone()) };
    changed |= restrict(kinds, *left, &lefts);
    changed |= restrict(kinds, *right, &rights);
    changed
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
