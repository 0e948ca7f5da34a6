//! What a match adds to what a row rests on: its nodes and edges, everything along what repeats, and what its conditions
//! find.

use std::collections::BTreeSet;

use super::{Basis, Tracer, each, on};
use crate::meaning::functions::function;
use crate::meaning::question::{
    Arithmetic, Constant, EdgePattern, Expr, ExprKind, Match, PathPattern, Step, Unfolding, VarId,
};
use crate::meaning::types::Type;

impl Tracer<'_> {
    /// A match, with paths along what repeats, and what it adds to what a row rests on.
    pub(super) fn matching(&mut self, found: &Match) -> (Match, Basis) {
        let mut found = found.clone();
        let mut basis = Basis::new();
        let nodes = found.nodes.iter().filter(|node| !node.bound);
        basis.extend(nodes.filter_map(|node| self.held(node.var)));
        for at in 0..found.edges.len() {
            let Some(edge) = found.edges.get(at).cloned() else { continue };
            if edge.repeat.is_none() {
                basis.extend(edge.known.is_none().then(|| self.held(edge.var)).flatten());
                continue;
            }
            let inside = self.of_each(&edge).or_else(|| self.of_group(&mut found, at));
            if inside.is_some() || self.passes(&edge) {
                let (var, steps) = (self.new_var(Type::Path), vec![(at, edge.right)]);
                found.paths.push(PathPattern { var, start: edge.left, steps, once: None });
                basis.push(self.var(var));
            }
            basis.extend(inside);
        }
        let picked = found.picks.iter().filter_map(|pick| pick.found.paths.first());
        basis.extend(picked.map(|path| self.var(path.var)));
        let conditions: Basis =
            found.conditions.iter().flat_map(|condition| self.of_expr(condition)).collect();
        if !conditions.is_empty() {
            basis.push(self.if_found(&found, on(conditions)));
        }
        (found, basis)
    }

    /// What the conditions of an optional match rest on counts only where it found something.
    fn if_found(&self, found: &Match, evidence: Expr) -> Expr {
        let own = found.nodes.iter().find(|node| !node.bound).map(|node| node.var);
        let own = own.or_else(|| found.edges.first().map(|edge| edge.var));
        let (Some(own), true) = (own, found.optional) else { return evidence };
        let absent = Expr::truth(ExprKind::IsNull(Box::new(self.var(own))));
        let there = Expr::truth(ExprKind::Not(Box::new(absent)));
        Expr::new(ExprKind::Case(vec![(there, evidence)], None), Type::Text)
    }

    /// What is asked of every single edge of a repeated one.
    fn of_each(&mut self, edge: &EdgePattern) -> Option<Expr> {
        let repeat = edge.repeat.as_ref().filter(|repeat| repeat.group.is_none())?;
        let conditions = repeat.conditions.iter();
        let basis: Basis = conditions.flat_map(|condition| self.of_expr(condition)).collect();
        if basis.is_empty() {
            return None;
        }
        Some(each(repeat.each, &self.var(edge.var), None, basis))
    }

    /// What the conditions inside a repeated path rest on, for every repetition: the values that its variables had are
    /// taken out of the lists they make.
    fn of_group(&mut self, found: &mut Match, at: usize) -> Option<Expr> {
        let group = found.edges.get_mut(at)?.repeat.as_mut()?.group.as_mut()?;
        let body = group.body.clone();
        let basis: Basis =
            body.conditions.iter().flat_map(|condition| self.of_expr(condition)).collect();
        if basis.is_empty() {
            return None;
        }
        let place = self.new_var(Type::Int);
        let mut values = Vec::new();
        let own = body.own_vars();
        let used: BTreeSet<VarId> = basis.iter().flat_map(Expr::vars).collect();
        let mut named: Vec<VarId> = own.intersection(&used).copied().collect();
        // Conditions about nothing of the path still hold once a repetition.
        if named.is_empty() {
            named.extend(own.first());
        }
        for inner in named {
            let known =
                group.lists.iter().find(|(_, known)| *known == inner).map(|(list, _)| *list);
            let list = known.unwrap_or_else(|| {
                let list = self.new_var(Type::List(Box::new(self.ty(inner))));
                group.lists.push((list, inner));
                list
            });
            let (list, place) = (Box::new(self.var(list)), Box::new(self.var(place)));
            values.push((inner, Expr::new(ExprKind::Index(list, place), self.ty(inner))));
        }
        let (_, first) = values.first()?;
        let ExprKind::Index(list, _) = &first.kind else { return None };
        let list = places_of(list)?;
        let unfolding = Unfolding { member: place, list, place: None };
        Some(self.gathered(vec![Step::For(unfolding), Step::Let(values)], basis))
    }

    /// Whether a repeated edge may lead past nodes that count, or be such itself.
    fn passes(&self, edge: &EdgePattern) -> bool {
        let Some(repeat) = &edge.repeat else { return false };
        if let Some(group) = &repeat.group {
            let nodes = group.body.nodes.iter().map(|node| &node.kinds);
            return nodes.into_iter().any(|kinds| !kinds.is_disjoint(self.wanted))
                || group.body.edges.iter().any(|edge| self.holds(&self.ty(edge.var)));
        }
        edge.alternatives.iter().any(|one| {
            let edge = self.catalog.edge(one.edge);
            let ends = [&edge.from, &edge.to];
            self.stands(one.edge) || ends.into_iter().any(|end| !end.kinds.is_disjoint(self.wanted))
        })
    }
}

/// The places of a list: `range(0, size(list) - 1)`.
fn places_of(list: &Expr) -> Option<Expr> {
    let int = |number| Expr::new(ExprKind::Constant(Constant::Int(number)), Type::Int);
    let size = Expr::new(ExprKind::Call(function("length")?, vec![list.clone()]), Type::Int);
    let (size, one) = (Box::new(size), Box::new(int(1)));
    let end = Expr::new(ExprKind::Arithmetic(Arithmetic::Subtract, size, one), Type::Int);
    let range = ExprKind::Call(function("range")?, vec![int(0), end]);
    Some(Expr::new(range, Type::List(Box::new(Type::Int))))
}
