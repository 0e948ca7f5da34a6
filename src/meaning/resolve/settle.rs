//! What the variables of a match may be, and the parts of the match made of them.

use std::collections::BTreeSet;

use super::draft::{Draft, DraftEdge, DraftGroup, DraftStep, Home};
use super::infer::{self, Kinds, Misfit, OpenEdge};
use super::label;
use super::{Noted, Resolved, Resolver};
use crate::base::diagnostic::Diagnostic;
use crate::base::planted::planted;
use crate::lang::ast;
use crate::meaning::{
    catalog::{Catalog, EdgeId, EdgeLabel, KindId, KindSet},
    errors,
    question::{
        Alternative, Comparison, EdgePattern, Expr, ExprKind, Group, Match, NodePattern, NodesOnce,
        PathPattern, Pick, Repeat, VarId,
    },
    types::Type,
};

/// The parts of a match while they are put together.
pub(super) struct Parts {
    outer: Match,
    /// By the place of their pattern.
    picks: Vec<Match>,
    groups: Vec<Match>,
    /// Where each edge and each repeated path went in its part.
    edge_at: Vec<usize>,
    group_at: Vec<usize>,
}

impl Parts {
    pub(super) fn part(&mut self, home: Home) -> &mut Match {
        let Self { outer, picks, groups, .. } = self;
        match (home.group, home.pick) {
            (Some(at), _) => groups.get_mut(at).unwrap_or(outer),
            (None, Some(at)) => picks.get_mut(at).unwrap_or(outer),
            (None, None) => outer,
        }
    }

    /// All parts.
    pub(super) fn all(&mut self) -> impl Iterator<Item = &mut Match> {
        let Self { outer, picks, groups, .. } = self;
        std::iter::once(outer).chain(picks).chain(groups)
    }

    /// A repeated edge by its place in the draft.
    pub(super) fn repeat(&mut self, at: usize, home: Home) -> Option<&mut Repeat> {
        let at = *self.edge_at.get(at)?;
        self.part(home).edges.get_mut(at)?.repeat.as_mut()
    }

    pub(super) fn edge_var(&mut self, at: usize, home: Home) -> Option<(VarId, bool)> {
        let at = *self.edge_at.get(at)?;
        let edge = self.part(home).edges.get(at)?;
        Some(edge.repeat.as_ref().map_or((edge.var, false), |repeat| (repeat.each, true)))
    }

    /// Puts the parts into each other.
    pub(super) fn together(mut self, draft: &Draft<'_>) -> Match {
        for (at, group) in draft.groups.iter().enumerate() {
            let Some(body) = self.groups.get_mut(at).map(std::mem::take) else { continue };
            let Some(&place) = self.group_at.get(at) else { continue };
            let repeat = self.part(group.home).edges.get_mut(place).and_then(|e| e.repeat.as_mut());
            if let Some(group) = repeat.and_then(|repeat| repeat.group.as_mut()) {
                group.body = body;
            }
        }
        for (at, pattern) in draft.patterns.iter().enumerate() {
            let Some(search) = pattern.search else { continue };
            let Some(found) = self.picks.get_mut(at).map(std::mem::take) else { continue };
            let (most, lengths) = match search.kind {
                ast::SearchKind::Any(most) | ast::SearchKind::Shortest(most) => (most, false),
                ast::SearchKind::AllShortest => (1, true),
                ast::SearchKind::ShortestGroups(most) => (most, true),
            };
            let (start, end) = (pattern.start, pattern.end);
            self.outer.picks.push(Pick { most, lengths, start, end, found });
        }
        self.outer
    }
}

impl Resolver<'_> {
    /// What each node variable may be before its edges are looked at.
    ///
    /// A node that stands alone and is not said to be an attestation or a relation is none: those are edges first.
    fn start_kinds(&self, draft: &Draft<'_>) -> Kinds {
        let all = || self.catalog.kinds().map(|(id, _)| id);
        let any = |var: &VarId| -> KindSet {
            let is_edge = |kind: &KindId| self.catalog.kind(*kind).edge.is_some();
            if draft.as_edges.contains(var) {
                all().filter(is_edge).collect()
            } else {
                all().collect()
            }
        };
        let edges = draft.open_edges.iter().filter(|edge| edge.repeats != Some(0));
        let groups = draft.open_groups.iter().filter(|group| group.min > 0);
        let joined: BTreeSet<VarId> = edges
            .flat_map(|edge| [edge.left, edge.right])
            .chain(groups.flat_map(|group| [group.left, group.right]))
            .collect();
        let mut kinds = Kinds::new();
        for var in &draft.order {
            let declared = draft.declared.get(var).filter(|_| !draft.unknown.contains(var));
            let mut of_var = declared.cloned().unwrap_or_else(|| any(var));
            let open = declared.is_none() || draft.broad.contains(var);
            let alone = !joined.contains(var) && !draft.as_edges.contains(var);
            if open && alone && !draft.bound.contains(var) {
                of_var.retain(|kind| !self.catalog.kind(*kind).as_edge);
            }
            if of_var.is_empty() {
                of_var.extend(self.catalog.no_kind());
            }
            kinds.insert(*var, of_var);
        }
        kinds
    }

    pub(super) fn narrow(&mut self, draft: &mut Draft<'_>) -> Resolved<Kinds> {
        let kinds = self.start_kinds(draft);
        let (mut narrowed, mut before) = (kinds.clone(), draft.open_edges.clone());
        let mut result = infer::narrow(self.catalog, &mut narrowed, draft.open());
        // In an open graph, an edge that nothing fits is nowhere, and the other edges narrow without it.
        let mut nowhere = BTreeSet::new();
        while let (Err(misfit), Some(edge)) = (result, self.catalog.no_edge()) {
            let lost = match misfit {
                Misfit::Edge(at) => vec![at],
                Misfit::Group(at) => draft.loosen(at),
            };
            if lost.is_empty() || lost.iter().all(|at| nowhere.contains(at)) {
                break;
            }
            for at in lost {
                nowhere.insert(at);
                if let Some(lost) = before.get_mut(at) {
                    let labels = [EdgeLabel { edge, terms: None }];
                    lost.alternatives =
                        label::alternatives(self.catalog, &labels, ast::Direction::Right);
                }
            }
            narrowed.clone_from(&kinds);
            draft.open_edges.clone_from(&before);
            result = infer::narrow(self.catalog, &mut narrowed, draft.open());
        }
        // Elsewhere that is a mistake, unless it follows from another; the other edges narrow without it, so that theirs
        // are told as well.
        while let Err(misfit) = result {
            let note = Self::misfit(self.catalog, misfit, (&kinds, &before), draft).ok_or(Noted)?;
            let Misfit::Edge(at) = misfit else {
                let follows = !draft.unknown.is_empty();
                return if follows { Err(Noted) } else { self.wrong(note) };
            };
            if !draft.rests_on_unknown(at) {
                self.notes.push(note);
            }
            draft.open_edges.clone_from(&before);
            draft.lose(at);
            before.clone_from(&draft.open_edges);
            narrowed.clone_from(&kinds);
            result = infer::narrow(self.catalog, &mut narrowed, draft.open());
        }
        Ok(narrowed)
    }

    /// What to say of an edge or a repeated path that nothing fits.
    fn misfit(
        catalog: &Catalog,
        misfit: Misfit,
        (kinds, before): (&Kinds, &[OpenEdge]),
        draft: &Draft<'_>,
    ) -> Option<Diagnostic> {
        let kinds_of = |var: VarId| kinds.get(&var).cloned().unwrap_or_default();
        match misfit {
            Misfit::Edge(at) => {
                let edge = before.get(at)?;
                let misfit = errors::patterns::Misfit {
                    edge: draft.edges.get(at)?.written,
                    left: kinds_of(edge.left),
                    right: kinds_of(edge.right),
                    alternatives: &edge.alternatives,
                };
                Some(errors::patterns::no_edge_fits(&misfit, catalog))
            }
            Misfit::Group(at) => {
                Some(errors::paths::no_repeat_fits(draft.groups.get(at)?.written.span))
            }
        }
    }

    /// Gives the variables their types and makes the parts of the match of them.
    pub(super) fn settle(
        &mut self,
        draft: &Draft<'_>,
        kinds: &Kinds,
        mode: ast::MatchMode,
    ) -> Parts {
        let mut parts = Parts {
            outer: Match::default(),
            picks: vec![Match::default(); draft.patterns.len()],
            groups: vec![Match::default(); draft.groups.len()],
            edge_at: Vec::new(),
            group_at: Vec::new(),
        };
        let mut owners = Vec::new();
        for (edge, written) in draft.open_edges.iter().zip(&draft.edges) {
            let walk = draft.patterns.get(written.pattern).is_some_and(|pattern| pattern.walk);
            let pattern = self.settle_edge(edge, written, walk);
            let part = parts.part(written.home);
            part.edges.push(pattern);
            let at = part.edges.len() - 1;
            parts.edge_at.push(at);
            owners.push((written.home, at, written.pattern));
        }
        for &var in &draft.order {
            self.settle_node(var, draft, kinds, &mut parts);
        }
        for (at, group) in draft.groups.iter().enumerate() {
            let Some(pattern) = self.settle_group(at, group, draft, &parts) else { continue };
            let part = parts.part(group.home);
            part.edges.push(pattern);
            let at = part.edges.len() - 1;
            parts.group_at.push(at);
            owners.push((group.home, at, group.pattern));
        }
        self.settle_once(draft, &mut parts);
        settle_paths(draft, &mut parts);
        tell_apart(&owners, draft, mode, &mut parts);
        parts
    }

    fn settle_node(&mut self, var: VarId, draft: &Draft<'_>, kinds: &Kinds, parts: &mut Parts) {
        let kinds = kinds.get(&var).cloned().unwrap_or_default();
        let bound = draft.bound.contains(&var);
        let before = self.ty(var).clone();
        if !bound {
            self.set_ty(var, Type::Node(kinds.clone()));
        }
        let mut homes = draft.homes.get(&var).cloned().unwrap_or_default();
        // The ends of a pattern of which some paths are wanted stand in it as well as around it.
        for (at, pattern) in draft.patterns.iter().enumerate() {
            if pattern.search.is_some() && (pattern.start == var || pattern.end == var) {
                homes.insert(Home { pick: Some(at), group: None });
            }
        }
        for home in homes {
            let part = parts.part(home);
            if bound && before != Type::Node(kinds.clone()) {
                let value = Expr::new(ExprKind::Var(var), before.clone());
                let is = ExprKind::IsKind(Box::new(value), kinds.clone());
                part.conditions.push(Expr::truth(is));
            }
            part.nodes.push(NodePattern { var, kinds: kinds.clone(), bound });
        }
    }

    fn settle_edge(&mut self, edge: &OpenEdge, draft: &DraftEdge<'_>, walk: bool) -> EdgePattern {
        let single = self.edge_type(&edge.alternatives);
        let repeat = draft.written.quantifier.map(|quantifier| {
            let name = draft.written.name.as_ref().map(|name| name.text.as_str());
            let each = self.new_var(name, single.clone());
            // One that has to be a known list passes the edges of that list.
            let within = draft.known.map(|known| {
                let value = |var, ty| Box::new(Expr::new(ExprKind::Var(var), ty));
                let list = self.ty(known).clone();
                Expr::truth(ExprKind::In(value(each, single.clone()), value(known, list)))
            });
            Repeat {
                min: quantifier.min,
                max: quantifier.max,
                each,
                conditions: within.into_iter().collect(),
                walk,
                group: None,
            }
        });
        if edge.as_node.is_none() {
            let ty = if repeat.is_some() { Type::List(Box::new(single)) } else { single };
            self.set_ty(draft.var, ty);
        }
        let (left, right) = (edge.left, edge.right);
        let known = draft.known.filter(|_| repeat.is_none());
        let alternatives = edge.alternatives.clone();
        EdgePattern { var: draft.var, left, right, alternatives, repeat, known }
    }

    /// A repeated path as a repeated edge that is more than one; its body is put in later.
    fn settle_group(
        &mut self,
        at: usize,
        group: &DraftGroup<'_>,
        draft: &Draft<'_>,
        parts: &Parts,
    ) -> Option<EdgePattern> {
        let open = draft.open_groups.get(at)?;
        let edges: Vec<Alternative> = group
            .steps
            .iter()
            .filter_map(|(edge, _)| draft.open_edges.get(*edge))
            .flat_map(|edge| edge.alternatives.clone())
            .collect();
        let over: BTreeSet<Alternative> = edges.into_iter().collect();
        for (list, inside) in &group.lists {
            let of = self.ty(*inside).clone();
            self.set_ty(*list, Type::List(Box::new(of)));
        }
        let pattern = draft.patterns.get(group.pattern)?;
        let steps = group.steps.iter();
        let steps = steps.filter_map(|(edge, node)| Some((*parts.edge_at.get(*edge)?, *node)));
        let repeat = Repeat {
            min: group.quantifier.min,
            max: group.quantifier.max,
            each: self.new_var(None, Type::Null),
            conditions: Vec::new(),
            walk: pattern.walk,
            group: Some(Box::new(Group {
                first: open.first,
                last: open.last,
                body: Match::default(),
                steps: steps.collect(),
                lists: group.lists.clone(),
                once: pattern.once,
            })),
        };
        Some(EdgePattern {
            var: group.var,
            left: open.left,
            right: open.right,
            alternatives: over.into_iter().collect(),
            repeat: Some(repeat),
            known: None,
        })
    }

    /// Repeated edges of a path that passes no node twice are repeated paths of one edge, which look at the nodes.
    fn settle_once(&mut self, draft: &Draft<'_>, parts: &mut Parts) {
        for (at, edge) in draft.edges.iter().enumerate() {
            let Some(pattern) = draft.patterns.get(edge.pattern) else { continue };
            // The nearest nodes are come to once anyway.
            let nearest = pattern.ends && pattern.search.is_some();
            let (Some(once), Some(&place)) = (pattern.once, parts.edge_at.get(at)) else {
                continue;
            };
            if let (Some(found), false) = (parts.part(edge.home).edges.get_mut(place), nearest) {
                self.as_group(found, Some(once));
            }
        }
    }

    /// Makes a repeated edge a repeated path of one edge, so that more can be asked of its nodes.
    pub(super) fn as_group(&mut self, pattern: &mut EdgePattern, once: Option<NodesOnce>) {
        let (left, right) = self.ends_of(&pattern.alternatives);
        let alternatives = pattern.alternatives.clone();
        let Some(repeat) = &mut pattern.repeat else { return };
        let first = self.new_var(None, Type::Node(left.clone()));
        let last = self.new_var(None, Type::Node(right.clone()));
        let node = |var, kinds| NodePattern { var, kinds, bound: false };
        let (var, left_var, right_var) = (repeat.each, first, last);
        let single = EdgePattern {
            var,
            left: left_var,
            right: right_var,
            alternatives,
            repeat: None,
            known: None,
        };
        let body = Match {
            nodes: vec![node(first, left), node(last, right)],
            edges: vec![single],
            conditions: std::mem::take(&mut repeat.conditions),
            ..Match::default()
        };
        let (steps, lists) = (vec![(0, last)], vec![(pattern.var, repeat.each)]);
        repeat.group = Some(Box::new(Group { first, last, body, steps, lists, once }));
    }

    /// The kinds that edges join: left, right.
    fn ends_of(&self, alternatives: &[Alternative]) -> (KindSet, KindSet) {
        let ends = alternatives.iter().map(|alternative| infer::ends(self.catalog, alternative));
        let (mut left, mut right) = (KindSet::new(), KindSet::new());
        for (from, to) in ends {
            left.extend(from.kinds.iter().copied());
            right.extend(to.kinds.iter().copied());
        }
        (left, right)
    }

    /// A node where every alternative stands as one, an edge otherwise.
    fn edge_type(&self, alternatives: &[Alternative]) -> Type {
        let stands: Option<KindSet> = alternatives
            .iter()
            .map(|alternative| self.catalog.edge(alternative.edge).stands_as)
            .collect();
        match stands {
            Some(kinds) if !kinds.is_empty() => Type::Node(kinds),
            _ => Type::Edge(
                alternatives
                    .iter()
                    .map(|alternative| alternative.edge)
                    .collect::<BTreeSet<EdgeId>>(),
            ),
        }
    }

    /// The condition that two variables hold the same.
    pub(super) fn same(&self, one: VarId, other: VarId) -> Expr {
        let value = |var| Box::new(Expr::new(ExprKind::Var(var), self.ty(var).clone()));
        Expr::truth(ExprKind::Compare(Comparison::Equal, value(one), value(other)))
    }
}

fn settle_paths(draft: &Draft<'_>, parts: &mut Parts) {
    for pattern in &draft.patterns {
        let Some(var) = pattern.path else { continue };
        let steps = pattern.steps.iter().filter_map(|(step, node)| {
            let at = match step {
                DraftStep::Edge(at) => parts.edge_at.get(*at),
                DraftStep::Group(at) => parts.group_at.get(*at),
            };
            Some((*at?, *node))
        });
        let steps = steps.collect();
        let path = PathPattern { var, start: pattern.start, steps, once: pattern.once };
        parts.part(pattern.home).paths.push(path);
    }
}

/// Says which edges of each part must differ: those of one path unless it is a walk, and those of different patterns
/// unless anything may repeat. A pattern of which some paths are wanted is found for itself.
fn tell_apart(
    owners: &[(Home, usize, usize)],
    draft: &Draft<'_>,
    mode: ast::MatchMode,
    parts: &mut Parts,
) {
    let walks = |pattern: usize| draft.patterns.get(pattern).is_some_and(|pattern| pattern.walk);
    for (nth, (home, at, pattern)) in owners.iter().enumerate() {
        let part = parts.part(*home);
        let rest = owners.iter().skip(nth + 1).filter(|(other, ..)| other == home);
        for (_, other, of) in rest {
            let apart = if pattern == of {
                !walks(*pattern)
            } else {
                mode == ast::MatchMode::DifferentEdges
            };
            let apart = planted!(EdgeTwice, apart, false);
            let (Some(one), Some(two)) = (part.edges.get(*at), part.edges.get(*other)) else {
                continue;
            };
            let overlap =
                one.alternatives.iter().any(|a| two.alternatives.iter().any(|b| overlaps(a, b)));
            if apart && overlap && one.var != two.var {
                part.different.push((*at.min(other), *at.max(other)));
            }
        }
    }
}

fn overlaps(a: &Alternative, b: &Alternative) -> bool {
    a.edge == b.edge
        && match (&a.terms, &b.terms) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            (None, _) | (_, None) => true,
        }
}
