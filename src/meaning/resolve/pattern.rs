//! Patterns: variables for nodes, edges and paths, what they may be, and what must hold of them.

use std::collections::BTreeSet;

use super::infer::{self, Kinds, OpenEdge};
use super::label;
use super::{Resolved, Resolver};
use crate::base::planted::planted;
use crate::lang::ast;
use crate::meaning::{
    catalog::{EdgeId, EdgeLabel, KindId, KindSet},
    errors,
    question::{
        Alternative, Comparison, Constant, EdgePattern, Expr, ExprKind, Lookup, Match, NodePattern,
        PathPattern, Repeat, VarId,
    },
    scope::Scope,
    types::Type,
};

/// A match while its variables are being found.
#[derive(Default)]
struct Draft<'a> {
    /// What labels and earlier steps say of a variable; nothing said means any.
    declared: Kinds,
    /// Variables with a label that means kinds it does not name.
    broad: BTreeSet<VarId>,
    /// Node variables that are edges as well.
    as_edges: BTreeSet<VarId>,
    bound: BTreeSet<VarId>,
    order: Vec<VarId>,
    nodes: Vec<(VarId, &'a ast::Node)>,
    edges: Vec<DraftEdge<'a>>,
    paths: Vec<PathPattern>,
    /// Names that stand as nodes somewhere in this match.
    node_names: BTreeSet<&'a str>,
    failed: bool,
}

struct DraftEdge<'a> {
    var: VarId,
    written: &'a ast::Edge,
}

impl Resolver<'_> {
    /// Resolves a `match`; its variables join the scope.
    pub(super) fn match_clause(
        &mut self,
        clause: &ast::Match,
        scope: &mut Scope,
    ) -> Resolved<Match> {
        let nodes = clause.patterns.iter().flat_map(|pattern| {
            std::iter::once(&pattern.start).chain(pattern.steps.iter().map(|(_, node)| node))
        });
        let node_names =
            nodes.filter_map(|node| node.name.as_ref()).map(|name| name.text.as_str()).collect();
        let mut draft = Draft { node_names, ..Draft::default() };
        let mut open = Vec::new();
        for pattern in &clause.patterns {
            self.draft_pattern(pattern, scope, &mut draft, &mut open);
        }
        if draft.failed {
            return Err(super::Noted);
        }
        let kinds = self.narrow(&draft, &mut open)?;
        let mut found = self.settle(&draft, &kinds, &open);
        found.optional = clause.optional;
        self.conditions(clause, scope, &draft, &mut found)?;
        if clause.mode == ast::MatchMode::DifferentEdges {
            found.different = planted!(EdgeTwice, overlapping(&found.edges), Vec::new());
        } else {
            found
                .edges
                .iter_mut()
                .filter_map(|edge| edge.repeat.as_mut())
                .for_each(|repeat| repeat.walk = true);
        }
        self.refuse_endless_walks(clause, &found)?;
        Ok(found)
    }

    fn refuse_endless_walks(&mut self, clause: &ast::Match, found: &Match) -> Resolved<()> {
        let repeats = found.edges.iter().filter_map(|edge| edge.repeat.as_ref());
        if repeats.filter(|repeat| repeat.walk).any(|repeat| repeat.max.is_none()) {
            return self.wrong(errors::patterns::endless_walk(clause.span));
        }
        Ok(())
    }

    fn draft_pattern<'a>(
        &mut self,
        pattern: &'a ast::Pattern,
        scope: &mut Scope,
        draft: &mut Draft<'a>,
        open: &mut Vec<OpenEdge>,
    ) {
        let Ok(start) = self.draft_node(&pattern.start, scope, draft) else {
            draft.failed = true;
            return;
        };
        let (mut left, mut steps) = (start, Vec::new());
        if let Some(search) = pattern.search {
            self.notes.push(errors::patterns::not_yet(search.span, "the choice of shortest paths"));
        }
        if pattern.mode.is_some() {
            self.notes.push(errors::patterns::not_yet(pattern.span, "the mode of a path"));
        }
        for (step, node) in &pattern.steps {
            let ast::Step::Edge(edge) = step else {
                self.notes.push(errors::patterns::not_yet(pattern.span, "a path in parentheses"));
                draft.failed = true;
                return;
            };
            let (right, alternatives) =
                (self.draft_node(node, scope, draft), self.edge_alternatives(edge));
            let (Ok(right), Ok(alternatives)) = (right, alternatives) else {
                draft.failed = true;
                return;
            };
            let Ok((var, as_node)) = self.draft_edge(edge, scope, draft) else {
                draft.failed = true;
                return;
            };
            steps.push((draft.edges.len(), right));
            draft.edges.push(DraftEdge { var, written: edge });
            open.push(OpenEdge {
                left,
                right,
                alternatives,
                repeats: edge.quantifier.map(|quantifier| quantifier.min),
                as_node,
            });
            left = right;
        }
        if let Some(name) = &pattern.path {
            match self.fresh(name, Type::Path, scope) {
                Ok(var) => draft.paths.push(PathPattern { var, start, steps }),
                Err(super::Noted) => draft.failed = true,
            }
        }
    }

    fn edge_alternatives(&mut self, edge: &ast::Edge) -> Resolved<Vec<Alternative>> {
        if let Some(ast::Quantifier { min, max: Some(max), span }) = edge.quantifier
            && min > max
        {
            return self.wrong(errors::patterns::inverted_quantifier(span, min, max));
        }
        let labels = self.edge_labels(edge.label.as_ref())?;
        Ok(label::alternatives(self.catalog, &labels, edge.direction))
    }

    /// A new variable under a name that must be free.
    pub(super) fn fresh(
        &mut self,
        name: &ast::Name,
        ty: Type,
        scope: &mut Scope,
    ) -> Resolved<VarId> {
        if scope.find(&name.text).is_some() {
            return self.wrong(errors::patterns::name_taken(name));
        }
        let var = self.new_var(Some(&name.text), ty);
        scope.add(&name.text, var);
        Ok(var)
    }

    fn draft_node<'a>(
        &mut self,
        node: &'a ast::Node,
        scope: &mut Scope,
        draft: &mut Draft<'a>,
    ) -> Resolved<VarId> {
        let labelled = node.label.as_ref().map(|label| self.kinds(label)).transpose()?;
        let labelled = planted!(InnerLabel, labelled, labelled.filter(|_| draft.order.is_empty()));
        let known = node.name.as_ref().and_then(|name| scope.var(&name.text));
        let var = match (known, &node.name) {
            (Some(var), Some(name)) => self.known_node(var, name, draft)?,
            (_, name) => self.new_node(name.as_ref(), scope, draft),
        };
        if node.label.as_ref().is_some_and(label::is_broad) {
            draft.broad.insert(var);
        }
        if let Some(labelled) = labelled {
            let mut both = match draft.declared.get(&var) {
                Some(before) => before & &labelled,
                None => labelled,
            };
            if both.is_empty() {
                both.extend(self.catalog.no_kind());
            }
            if let (true, Some(before)) = (both.is_empty(), draft.declared.get(&var)) {
                let span = node.label.as_ref().map_or(node.span, label::span);
                return self.wrong(errors::patterns::label_conflict(span, before, self.catalog));
            }
            draft.declared.insert(var, both);
        }
        draft.nodes.push((var, node));
        Ok(var)
    }

    fn new_node(
        &mut self,
        name: Option<&ast::Name>,
        scope: &mut Scope,
        draft: &mut Draft<'_>,
    ) -> VarId {
        let name = name.map(|name| name.text.as_str());
        let var = self.new_var(name, Type::Node(KindSet::new()));
        if let Some(name) = name {
            scope.add(name, var);
        }
        draft.order.push(var);
        var
    }

    /// A variable that has a meaning already and now stands as a node.
    fn known_node(
        &mut self,
        var: VarId,
        name: &ast::Name,
        draft: &mut Draft<'_>,
    ) -> Resolved<VarId> {
        if draft.order.contains(&var) {
            return Ok(var);
        }
        let ty = self.ty(var).clone();
        let Type::Node(kinds) = ty else {
            return self.wrong(errors::patterns::not_a_node(name, &ty, self.catalog));
        };
        draft.order.push(var);
        draft.bound.insert(var);
        draft.declared.insert(var, kinds);
        Ok(var)
    }

    /// The edge's variable, and the same again where it also stands as a node.
    fn draft_edge<'a>(
        &mut self,
        edge: &'a ast::Edge,
        scope: &mut Scope,
        draft: &mut Draft<'a>,
    ) -> Resolved<(VarId, Option<VarId>)> {
        let Some(name) = &edge.name else {
            return Ok((self.new_var(None, Type::Edge(BTreeSet::new())), None));
        };
        let known = scope.var(&name.text);
        if edge.quantifier.is_some() {
            let list = Type::List(Box::new(Type::Null));
            return self.fresh(name, list, scope).map(|var| (var, None));
        }
        let twice = draft
            .edges
            .iter()
            .any(|other| other.written.name.as_ref().is_some_and(|n| n.text == name.text));
        if twice {
            return self.wrong(errors::patterns::name_taken(name));
        }
        let stands = draft.node_names.contains(name.text.as_str());
        if known.is_none() && !stands {
            let var = self.new_var(Some(&name.text), Type::Edge(BTreeSet::new()));
            scope.add(&name.text, var);
            return Ok((var, None));
        }
        let var = match known {
            Some(var) => self.known_node(var, name, draft)?,
            None => self.new_node(Some(name), scope, draft),
        };
        draft.as_edges.insert(var);
        Ok((var, Some(var)))
    }

    /// What each node variable may be before its edges are looked at.
    ///
    /// A node that stands alone and is not said to be an attestation or a relation is none: those are edges first.
    fn start_kinds(&self, draft: &Draft<'_>, open: &[OpenEdge]) -> Kinds {
        let all = || self.catalog.kinds().map(|(id, _)| id);
        let any = |var: &VarId| -> KindSet {
            let is_edge = |kind: &KindId| self.catalog.kind(*kind).edge.is_some();
            if draft.as_edges.contains(var) {
                all().filter(is_edge).collect()
            } else {
                all().collect()
            }
        };
        let needed = |edge: &&OpenEdge| edge.repeats != Some(0);
        let joined = |var: &VarId| {
            open.iter().filter(needed).any(|edge| edge.left == *var || edge.right == *var)
        };
        let mut kinds = Kinds::new();
        for var in &draft.order {
            let mut of_var = draft.declared.get(var).cloned().unwrap_or_else(|| any(var));
            let open = !draft.declared.contains_key(var) || draft.broad.contains(var);
            if open && !joined(var) && !draft.as_edges.contains(var) && !draft.bound.contains(var) {
                of_var.retain(|kind| !self.catalog.kind(*kind).as_edge);
            }
            if of_var.is_empty() {
                of_var.extend(self.catalog.no_kind());
            }
            kinds.insert(*var, of_var);
        }
        kinds
    }

    fn narrow(&mut self, draft: &Draft<'_>, open: &mut [OpenEdge]) -> Resolved<Kinds> {
        let kinds = self.start_kinds(draft, open);
        let (mut narrowed, mut before) = (kinds.clone(), open.to_vec());
        let mut result = infer::narrow(self.catalog, &mut narrowed, open);
        // In an open graph, an edge that nothing fits is nowhere, and the other edges narrow without it.
        let mut nowhere = BTreeSet::new();
        while let (Err(at), Some(edge)) = (result, self.catalog.no_edge()) {
            if !nowhere.insert(at) {
                break;
            }
            if let Some(lost) = before.get_mut(at) {
                let labels = [EdgeLabel { edge, terms: None }];
                lost.alternatives =
                    label::alternatives(self.catalog, &labels, ast::Direction::Right);
            }
            narrowed.clone_from(&kinds);
            open.clone_from_slice(&before);
            result = infer::narrow(self.catalog, &mut narrowed, open);
        }
        let Err(at) = result else { return Ok(narrowed) };
        let (Some(edge), Some(written)) = (before.get(at), draft.edges.get(at)) else {
            return Err(super::Noted);
        };
        let kinds_of = |var: VarId| kinds.get(&var).cloned().unwrap_or_default();
        let misfit = errors::patterns::Misfit {
            edge: written.written,
            left: kinds_of(edge.left),
            right: kinds_of(edge.right),
            alternatives: &edge.alternatives,
        };
        let note = errors::patterns::no_edge_fits(&misfit, self.catalog);
        self.wrong(note)
    }

    /// Gives the variables their types and makes the match of them.
    fn settle(&mut self, draft: &Draft<'_>, all_kinds: &Kinds, open: &[OpenEdge]) -> Match {
        let mut found = Match { paths: draft.paths.clone(), ..Match::default() };
        for (edge, written) in open.iter().zip(&draft.edges) {
            let pattern = self.settle_edge(edge, written);
            found.edges.push(pattern);
        }
        for &var in &draft.order {
            let kinds = all_kinds.get(&var).cloned().unwrap_or_default();
            let bound = draft.bound.contains(&var);
            if bound {
                let before = self.ty(var).clone();
                if before != Type::Node(kinds.clone()) {
                    let value = Expr::new(ExprKind::Var(var), before);
                    found
                        .conditions
                        .push(Expr::truth(ExprKind::IsKind(Box::new(value), kinds.clone())));
                }
            } else {
                self.set_ty(var, Type::Node(kinds.clone()));
            }
            found.nodes.push(NodePattern { var, kinds, bound });
        }
        found
    }

    fn settle_edge(&mut self, edge: &OpenEdge, draft: &DraftEdge<'_>) -> EdgePattern {
        let single = self.edge_type(&edge.alternatives);
        let repeat = draft.written.quantifier.map(|quantifier| {
            let name = draft.written.name.as_ref().map(|name| name.text.as_str());
            let each = self.new_var(name, single.clone());
            Repeat {
                min: quantifier.min,
                max: quantifier.max,
                each,
                conditions: Vec::new(),
                walk: false,
            }
        });
        if edge.as_node.is_none() {
            let ty = if repeat.is_some() { Type::List(Box::new(single)) } else { single };
            self.set_ty(draft.var, ty);
        }
        let (left, right) = (edge.left, edge.right);
        EdgePattern { var: draft.var, left, right, alternatives: edge.alternatives.clone(), repeat }
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

    fn conditions(
        &mut self,
        clause: &ast::Match,
        scope: &Scope,
        draft: &Draft<'_>,
        found: &mut Match,
    ) -> Resolved<()> {
        let before = self.notes.len();
        for (var, node) in &draft.nodes {
            self.node_conditions(*var, node, scope, found);
        }
        for (at, edge) in draft.edges.iter().enumerate() {
            self.edge_conditions(at, edge.written, scope, found);
        }
        if let Some(filter) = &clause.filter
            && let Ok(condition) = self.condition(filter, scope)
        {
            split_and(condition, &mut found.conditions);
        }
        if self.notes.len() > before { Err(super::Noted) } else { Ok(()) }
    }

    fn node_conditions(&mut self, var: VarId, node: &ast::Node, scope: &Scope, found: &mut Match) {
        if let Some(text) = &node.text
            && let Ok(condition) = self.named(var, text, scope)
        {
            found.conditions.push(condition);
        }
        let value = Expr::new(ExprKind::Var(var), self.ty(var).clone());
        self.map_conditions(&value, &node.properties, scope, &mut found.conditions);
        if let Some(filter) = &node.filter
            && let Ok(condition) = self.condition(filter, scope)
        {
            split_and(condition, &mut found.conditions);
        }
    }

    fn named(&mut self, var: VarId, text: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.expr_as(text, scope, Some(&Type::Text))?;
        if value.ty != Type::Text {
            return self.wrong(errors::patterns::name_not_text(text.span, &value.ty, self.catalog));
        }
        if let (ExprKind::Constant(Constant::Text(found)), Type::Node(kinds)) =
            (&value.kind, self.ty(var))
        {
            let lookup = Lookup { kinds: kinds.clone(), text: found.clone(), span: text.span };
            self.lookups.push(lookup);
        }
        Ok(Expr::truth(ExprKind::Named(var, Box::new(value))))
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
        at: usize,
        written: &ast::Edge,
        scope: &Scope,
        found: &mut Match,
    ) {
        let Some(edge) = found.edges.get(at) else { return };
        let (var, mut conditions, mut inner) = match &edge.repeat {
            None => (edge.var, Vec::new(), scope.clone()),
            Some(repeat) => (repeat.each, Vec::new(), scope.clone()),
        };
        if let Some(name) = &written.name {
            inner.add(&name.text, var);
        }
        let value = Expr::new(ExprKind::Var(var), self.ty(var).clone());
        self.map_conditions(&value, &written.properties, &inner, &mut conditions);
        if let Some(filter) = &written.filter
            && let Ok(condition) = self.condition(filter, &inner)
        {
            split_and(condition, &mut conditions);
        }
        if found.edges.get(at).is_some_and(|edge| edge.repeat.is_some()) {
            self.refuse_neighbours(var, written, &conditions, found);
        }
        match found.edges.get_mut(at).and_then(|edge| edge.repeat.as_mut()) {
            Some(repeat) => repeat.conditions = conditions,
            None => found.conditions.extend(conditions),
        }
    }
}

impl Resolver<'_> {
    /// What is asked of each edge of a repeated one may not depend on what the same `match` is still looking for.
    fn refuse_neighbours(
        &mut self,
        each: VarId,
        written: &ast::Edge,
        conditions: &[Expr],
        found: &Match,
    ) {
        let bound = found.nodes.iter().filter(|node| node.bound).map(|node| node.var);
        let known: BTreeSet<VarId> = bound.chain([each]).collect();
        let own = &found.own_vars() - &known;
        if conditions.iter().any(|condition| !condition.vars().is_disjoint(&own)) {
            let asked = written.filter.as_ref().map(|filter| filter.span);
            self.notes.push(errors::patterns::beyond_repeat(asked.unwrap_or(written.span)));
        }
    }
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

/// Pairs of edges that could be one and the same.
fn overlapping(edges: &[EdgePattern]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (at, one) in edges.iter().enumerate() {
        for (other_at, other) in edges.iter().enumerate().skip(at + 1) {
            let overlap =
                one.alternatives.iter().any(|a| other.alternatives.iter().any(|b| overlaps(a, b)));
            if overlap && one.var != other.var {
                pairs.push((at, other_at));
            }
        }
    }
    pairs
}

fn overlaps(a: &Alternative, b: &Alternative) -> bool {
    a.edge == b.edge
        && match (&a.terms, &b.terms) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            (None, _) | (_, None) => true,
        }
}
