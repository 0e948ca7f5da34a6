//! What patterns ask of their nodes and edges, and what the `where` of a match asks.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Home};
use super::settle::Parts;
use super::{Noted, Resolved, Resolver};
use crate::base::source::Span;
use crate::lang::ast;
use crate::meaning::{
    catalog::{EdgeLabel, KindSet},
    errors,
    question::{
        Alternative, Comparison, Constant, EdgePattern, Expr, ExprKind, Lookup, Match, NodePattern,
        VarId,
    },
    scope::Scope,
    types::Type,
};

impl Resolver<'_> {
    pub(super) fn conditions(
        &mut self,
        clause: &ast::Match,
        scope: &Scope,
        draft: &Draft<'_>,
        parts: &mut Parts,
    ) -> Resolved<()> {
        let before = self.notes.len();
        for (var, node, [home, written]) in &draft.nodes {
            let inner = draft.scope_of(*home, scope);
            let mut asked = Match::default();
            let of = (*var, draft.unknown.contains(var));
            self.node_conditions(of, node, &inner, &mut asked);
            // What an end asks of the inside of its path is part of the path: it holds before any choice.
            let mut inside = parts.part(*written).own_vars();
            if let Some(pattern) = written.pick.and_then(|at| draft.patterns.get(at)) {
                inside.remove(&pattern.start);
                inside.remove(&pattern.end);
            }
            for condition in asked.conditions {
                let within = home != written && !condition.vars().is_disjoint(&inside);
                parts.part(if within { *written } else { *home }).conditions.push(condition);
            }
        }
        for (at, edge) in draft.edges.iter().enumerate() {
            let inner = draft.scope_of(edge.home, scope);
            if draft.unknown.contains(&edge.var) {
                if let Some(filter) = &edge.written.filter {
                    self.condition(filter, &inner).ok();
                }
                continue;
            }
            self.edge_conditions((at, edge.home), edge.written, inner, parts);
        }
        for (one, other, home) in &draft.same {
            let same = self.same(*one, *other);
            parts.part(*home).conditions.push(same);
        }
        for (filter, home) in &draft.filters {
            let inner = draft.scope_of(*home, scope);
            if let Ok(condition) = self.condition(filter, &inner) {
                split_and(condition, &mut parts.part(*home).conditions);
            }
        }
        if let Some(filter) = &clause.filter
            && let Ok(condition) = self.condition(filter, scope)
        {
            split_and(condition, &mut parts.part(Home::default()).conditions);
        }
        if self.notes.len() > before { Err(Noted) } else { Ok(()) }
    }

    fn node_conditions(
        &mut self,
        (var, unknown): (VarId, bool),
        node: &ast::Node,
        scope: &Scope,
        found: &mut Match,
    ) {
        if let Some(text) = &node.text
            && let Ok(Some(condition)) = self.named(var, text, scope)
        {
            found.conditions.push(condition);
        }
        if !unknown {
            let value = Expr::new(ExprKind::Var(var), self.ty(var).clone());
            self.map_conditions(&value, &node.properties, scope, &mut found.conditions);
        }
        if let Some(filter) = &node.filter
            && let Ok(condition) = self.condition(filter, scope)
        {
            split_and(condition, &mut found.conditions);
        }
    }

    /// What a name asks of a node: nothing where it is a parameter that was given no value.
    fn named(&mut self, var: VarId, text: &ast::Expr, scope: &Scope) -> Resolved<Option<Expr>> {
        let value = self.expr_as(text, scope, Some(&Type::Text))?;
        if value.ty == Type::Null {
            return Ok(None);
        }
        if value.ty != Type::Text {
            return self.wrong(errors::patterns::name_not_text(text.span, &value.ty, self.catalog));
        }
        if let (ExprKind::Constant(Constant::Text(found)), Type::Node(kinds)) =
            (&value.kind, self.ty(var))
        {
            let lookup = Lookup { kinds: kinds.clone(), text: found.clone(), span: text.span };
            self.lookups.push(lookup);
        }
        Ok(Some(Expr::truth(ExprKind::Named(var, Box::new(value)))))
    }

    fn map_conditions(
        &mut self,
        value: &Expr,
        properties: &[(ast::Name, ast::Expr)],
        scope: &Scope,
        conditions: &mut Vec<Expr>,
    ) {
        for (name, wanted) in properties {
            let Ok(property) = self.property(value.clone(), name) else { continue };
            let Ok(wanted_value) = self.expr_as(wanted, scope, Some(&property.ty)) else {
                continue;
            };
            let sides = ((property, name.span), (wanted_value, wanted.span));
            if let Ok(condition) =
                self.compare(Comparison::Equal, name.span.to(wanted.span), sides.0, sides.1)
            {
                conditions.push(condition);
            }
        }
    }

    fn edge_conditions(
        &mut self,
        (at, home): (usize, Home),
        written: &ast::Edge,
        mut scope: Scope,
        parts: &mut Parts,
    ) {
        let Some((var, repeats)) = parts.edge_var(at, home) else { return };
        if let Some(name) = &written.name {
            scope.add(&name.text, var);
        }
        let mut conditions = Vec::new();
        let value = Expr::new(ExprKind::Var(var), self.ty(var).clone());
        self.map_conditions(&value, &written.properties, &scope, &mut conditions);
        if let Some(filter) = &written.filter
            && let Ok(condition) = self.condition(filter, &scope)
        {
            split_and(condition, &mut conditions);
        }
        if !repeats {
            parts.part(home).conditions.extend(conditions);
        } else if let Some(repeat) = parts.repeat(at, home) {
            match &mut repeat.group {
                Some(group) => group.body.conditions.extend(conditions),
                None => repeat.conditions.extend(conditions),
            }
        }
    }

    /// What `as of` asks of everything that a `match` finds.
    pub(super) fn known_conditions(&mut self, span: Span, parts: &mut Parts) -> Resolved<()> {
        if self.as_of.is_none() {
            return Ok(());
        }
        let mut asked = BTreeSet::new();
        for part in parts.all() {
            self.known_in(span, part, &mut asked)?;
        }
        Ok(())
    }

    /// The same of one part; the ends of a pattern of which some paths are wanted are asked about around it.
    fn known_in(
        &mut self,
        span: Span,
        part: &mut Match,
        asked: &mut BTreeSet<VarId>,
    ) -> Resolved<()> {
        for node in &part.nodes {
            if !node.bound && asked.insert(node.var) {
                part.conditions.extend(self.known(node.var)?);
            }
        }
        for edge in &mut part.edges {
            let stands = part.nodes.iter().any(|node| node.var == edge.var);
            let Some(repeat) = &mut edge.repeat else {
                if !stands {
                    part.conditions.extend(self.known(edge.var)?);
                    part.conditions.extend(self.known_by_kind(edge)?);
                }
                continue;
            };
            if let Some(group) = &mut repeat.group {
                self.known_in(span, &mut group.body, asked)?;
                continue;
            }
            repeat.conditions.extend(self.known(repeat.each)?);
            let single = repeat.max.is_some_and(|max| max <= 1);
            let each = repeat.each;
            let asked_between = !single && self.is_asked_between(&edge.alternatives)?;
            if !asked_between && !self.is_asked_by_kind(each, &edge.alternatives)? {
                continue;
            }
            let Some(repeat) = &edge.repeat else { continue };
            if repeat.walk && repeat.max.is_none() {
                let why = "`as of` cannot be asked of what lies on a walk without limit";
                return self.wrong(errors::definitions::never_known(span, why));
            }
            self.as_group(edge, None);
            if let Some(group) = edge.repeat.as_mut().and_then(|repeat| repeat.group.as_mut()) {
                self.known_in(span, &mut group.body, asked)?;
            }
        }
        Ok(())
    }

    /// The same of an edge of which only some kinds stand as nodes: where it is of such a kind, it is known as that.
    fn known_by_kind(&mut self, edge: &EdgePattern) -> Resolved<Vec<Expr>> {
        let Type::Edge(_) = self.ty(edge.var) else { return Ok(Vec::new()) };
        let mut conditions = Vec::new();
        for (kind, alternatives) in self.standing(&edge.alternatives) {
            let label = |one: &Alternative| EdgeLabel { edge: one.edge, terms: None };
            let labels = alternatives.iter().map(label).collect();
            let var = self.new_var(None, Type::Node(kind.clone()));
            let Some(known) = self.known(var)? else { continue };
            let node = |var, kinds| NodePattern { var, kinds, bound: true };
            let ends = [edge.left, edge.right];
            let nodes = ends.iter().filter_map(|end| {
                let Type::Node(kinds) = self.ty(*end) else { return None };
                Some(node(*end, kinds.clone()))
            });
            let mut nodes: Vec<NodePattern> = nodes.collect();
            nodes.dedup_by_key(|node| node.var);
            let (left, right) = (edge.left, edge.right);
            let same =
                EdgePattern { var, left, right, alternatives, repeat: None, known: Some(edge.var) };
            let there =
                Match { nodes, edges: vec![same], conditions: vec![known], ..Match::default() };
            let of = Expr::new(ExprKind::Var(edge.var), self.ty(edge.var).clone());
            let is = Expr::truth(ExprKind::IsEdge(Box::new(of), labels));
            let other = Expr::truth(ExprKind::Not(Box::new(is)));
            let there = Expr::truth(ExprKind::Exists(Box::new(there)));
            conditions.push(Expr::truth(ExprKind::Or(vec![other, there])));
        }
        Ok(conditions)
    }

    /// Whether `as of` asks anything of an edge of which only some kinds stand as nodes.
    fn is_asked_by_kind(&mut self, each: VarId, edges: &[Alternative]) -> Resolved<bool> {
        let Type::Edge(_) = self.ty(each) else { return Ok(false) };
        for (kind, _) in self.standing(edges) {
            let var = self.new_var(None, Type::Node(kind));
            if self.known(var)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The kinds of node that edges stand as, each with the edges that do.
    fn standing(&self, edges: &[Alternative]) -> BTreeMap<KindSet, Vec<Alternative>> {
        let mut standing: BTreeMap<KindSet, Vec<Alternative>> = BTreeMap::new();
        for alternative in edges {
            if let Some(kind) = self.catalog.edge(alternative.edge).stands_as {
                standing.entry(KindSet::from([kind])).or_default().push(alternative.clone());
            }
        }
        standing
    }

    /// Whether `as of` asks anything of the nodes between the ends of a repeated edge: those that one edge leads to and
    /// another goes on from.
    fn is_asked_between(&mut self, edges: &[Alternative]) -> Resolved<bool> {
        let (mut near, mut far) = (KindSet::new(), KindSet::new());
        for alternative in edges {
            let edge = self.catalog.edge(alternative.edge);
            let ends = (&edge.from.kinds, &edge.to.kinds);
            let (from, to) = if alternative.reversed { (ends.1, ends.0) } else { ends };
            near.extend(from);
            far.extend(to);
        }
        let between = &near & &far;
        let var = self.new_var(None, Type::Node(between));
        Ok(self.known(var)?.is_some())
    }

    /// What is asked inside a repeat, or of a pattern of which some paths are wanted, may rest on nodes and single edges
    /// of the same `match`, which can be found first, but on nothing that is itself being followed.
    pub(super) fn refuse_tangles(&mut self, found: &Match, draft: &Draft<'_>) -> Resolved<()> {
        let before = self.notes.len();
        self.refuse_shared_insides(draft);
        let mut parts = vec![found];
        parts.extend(found.picks.iter().map(|pick| &pick.found));
        for part in parts {
            let late = followed(part);
            let mut asked = part.edges.iter().filter_map(|edge| edge.repeat.as_ref());
            if asked.any(|repeat| !repeat.reads().is_disjoint(&late)) {
                let span = asked_at(draft);
                self.notes.push(errors::patterns::beyond_repeat(span));
            }
        }
        let late = followed(found);
        for pick in &found.picks {
            let reads = pick.found.outer_vars();
            if !reads.is_disjoint(&late) {
                let span = asked_at(draft);
                self.notes.push(errors::patterns::beyond_repeat(span));
            }
        }
        if self.notes.len() > before { Err(Noted) } else { Ok(()) }
    }

    /// What lies inside a pattern of which some paths are wanted cannot stand in another pattern too: the choice would
    /// come before it.
    fn refuse_shared_insides(&mut self, draft: &Draft<'_>) {
        for (at, pattern) in draft.patterns.iter().enumerate() {
            let Some(search) = pattern.search else { continue };
            let here = Home { pick: Some(at), group: None };
            let shared = draft.homes.iter().any(|(var, homes)| {
                let end = *var == pattern.start || *var == pattern.end;
                homes.contains(&here) && homes.len() > 1 && !end && !draft.bound.contains(var)
            });
            if shared {
                self.notes.push(errors::paths::shared_inside(search.span));
            }
        }
    }
}

/// The variables of a part that come of following something: lists and paths.
fn followed(part: &Match) -> BTreeSet<VarId> {
    let nodes = part.nodes.iter().map(|node| node.var);
    let single = part.edges.iter().filter(|edge| edge.repeat.is_none()).map(|edge| edge.var);
    let early: BTreeSet<VarId> = nodes.chain(single).collect();
    &part.own_vars() - &early
}

/// Where the first repeat that asks something stands.
fn asked_at(draft: &Draft<'_>) -> Span {
    let edges = draft.edges.iter().filter(|edge| edge.written.quantifier.is_some());
    let asked = edges.filter_map(|edge| edge.written.filter.as_ref());
    let asked = asked.map(|filter| filter.span).next();
    let groups = draft.groups.iter().map(|group| group.written.span).next();
    let all = draft.edges.iter().map(|edge| edge.written.span).next();
    asked.or(groups).or(all).unwrap_or_default()
}

/// Splits `a and b` into its parts.
pub(super) fn split_and(condition: Expr, into: &mut Vec<Expr>) {
    if let ExprKind::And(parts) = condition.kind {
        for part in parts {
            split_and(part, into);
        }
    } else {
        into.push(condition);
    }
}
