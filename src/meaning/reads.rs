//! Which variables every part of a question reads, and which it gives.

use std::collections::BTreeSet;

use super::question::{
    Expr, ExprKind, Match, Part, Projection, Query, Repeat, Step, Unfolding, VarId,
};

impl Expr {
    /// The expressions directly inside, not those of an inner match.
    pub(crate) fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Constant(_)
            | ExprKind::Var(_)
            | ExprKind::Exists(_)
            | ExprKind::Subquery(..) => Vec::new(),
            ExprKind::Property(a, _)
            | ExprKind::IsKind(a, _)
            | ExprKind::IsEdge(a, _)
            | ExprKind::Not(a)
            | ExprKind::IsNull(a)
            | ExprKind::IsTruth(a, _)
            | ExprKind::Negate(a)
            | ExprKind::Named(_, a)
            | ExprKind::Possibly(a)
            | ExprKind::Coerce(a) => vec![a],
            ExprKind::Xor(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Within(a, b)
            | ExprKind::TextTest(_, a, b)
            | ExprKind::Search { of: a, query: b, owner: _, property: _, rank: _ }
            | ExprKind::In(a, b)
            | ExprKind::Arithmetic(_, a, b)
            | ExprKind::Concat(a, b)
            | ExprKind::Member(a, b)
            | ExprKind::Quantified { list: a, filter: b, which: _, var: _ }
            | ExprKind::Index(a, b) => vec![a, b],
            ExprKind::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
            ExprKind::Comprehension { var: _, list, filter, value } => {
                [Some(list), filter.as_ref(), Some(value)]
                    .into_iter()
                    .flatten()
                    .map(AsRef::as_ref)
                    .collect()
            }
            ExprKind::Call(_, list)
            | ExprKind::Aggregate { args: list, which: _, distinct: _ }
            | ExprKind::And(list)
            | ExprKind::Or(list)
            | ExprKind::List(list) => list.iter().collect(),
            ExprKind::Slice(a, from, to) => [Some(a), from.as_ref(), to.as_ref()]
                .into_iter()
                .flatten()
                .map(AsRef::as_ref)
                .collect(),
            ExprKind::Case(branches, otherwise) => branches
                .iter()
                .flat_map(|(when, then)| [when, then])
                .chain(otherwise.as_deref())
                .collect(),
        }
    }

    /// Likewise, to be changed.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.kind {
            ExprKind::Null
            | ExprKind::Constant(_)
            | ExprKind::Var(_)
            | ExprKind::Exists(_)
            | ExprKind::Subquery(..) => Vec::new(),
            ExprKind::Property(a, _)
            | ExprKind::IsKind(a, _)
            | ExprKind::IsEdge(a, _)
            | ExprKind::Not(a)
            | ExprKind::IsNull(a)
            | ExprKind::IsTruth(a, _)
            | ExprKind::Negate(a)
            | ExprKind::Named(_, a)
            | ExprKind::Possibly(a)
            | ExprKind::Coerce(a) => vec![a],
            ExprKind::Xor(a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Within(a, b)
            | ExprKind::TextTest(_, a, b)
            | ExprKind::Search { of: a, query: b, owner: _, property: _, rank: _ }
            | ExprKind::In(a, b)
            | ExprKind::Arithmetic(_, a, b)
            | ExprKind::Concat(a, b)
            | ExprKind::Member(a, b)
            | ExprKind::Quantified { list: a, filter: b, which: _, var: _ }
            | ExprKind::Index(a, b) => vec![a, b],
            ExprKind::Map(entries) => entries.iter_mut().map(|(_, value)| value).collect(),
            ExprKind::Comprehension { var: _, list, filter, value } => {
                [Some(list), filter.as_mut(), Some(value)]
                    .into_iter()
                    .flatten()
                    .map(AsMut::as_mut)
                    .collect()
            }
            ExprKind::Call(_, list)
            | ExprKind::Aggregate { args: list, which: _, distinct: _ }
            | ExprKind::And(list)
            | ExprKind::Or(list)
            | ExprKind::List(list) => list.iter_mut().collect(),
            ExprKind::Slice(a, from, to) => [Some(a), from.as_mut(), to.as_mut()]
                .into_iter()
                .flatten()
                .map(AsMut::as_mut)
                .collect(),
            ExprKind::Case(branches, otherwise) => branches
                .iter_mut()
                .flat_map(|(when, then)| [when, then])
                .chain(otherwise.as_deref_mut())
                .collect(),
        }
    }

    /// Whether an aggregate is in it.
    pub(crate) fn has_aggregate(&self) -> bool {
        matches!(self.kind, ExprKind::Aggregate { .. })
            || self.children().into_iter().any(Self::has_aggregate)
    }

    /// The variables it reads, those an inner match takes from outside included.
    pub(crate) fn vars(&self) -> BTreeSet<VarId> {
        let mut vars = BTreeSet::new();
        self.collect_vars(&mut vars);
        vars
    }

    fn collect_vars(&self, vars: &mut BTreeSet<VarId>) {
        if let ExprKind::Var(var) | ExprKind::Named(var, _) = &self.kind {
            vars.insert(*var);
        }
        if let ExprKind::Exists(inner) = &self.kind {
            vars.extend(inner.outer_vars());
        }
        if let ExprKind::Subquery(_, inner) = &self.kind {
            vars.extend(inner.outer_vars());
        }
        if let ExprKind::Comprehension { var, .. } | ExprKind::Quantified { var, .. } = &self.kind {
            let mut inside = BTreeSet::new();
            self.children().into_iter().for_each(|child| child.collect_vars(&mut inside));
            inside.remove(var);
            vars.append(&mut inside);
            return;
        }
        for child in self.children() {
            child.collect_vars(vars);
        }
    }
}

impl Query {
    /// A query of one part.
    pub(crate) fn only(&self) -> Option<&Part> {
        self.others.is_empty().then_some(&self.first)
    }

    /// Its parts, in order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.first).chain(self.others.iter().map(|(_, part)| part))
    }

    /// The variables it takes from outside.
    pub(crate) fn outer_vars(&self) -> BTreeSet<VarId> {
        self.parts().flat_map(|part| outer_vars(&part.steps)).collect()
    }
}

/// The variables that steps take from outside.
pub(crate) fn outer_vars(steps: &[Step]) -> BTreeSet<VarId> {
    let read: BTreeSet<VarId> = steps.iter().flat_map(Step::reads).collect();
    let own: BTreeSet<VarId> = steps.iter().flat_map(Step::gives).collect();
    &read - &own
}

impl Step {
    /// The variables it reads, of which it may give some itself.
    pub(crate) fn reads(&self) -> BTreeSet<VarId> {
        match self {
            Self::Match(found) => found.outer_vars(),
            Self::Filter(condition) => condition.vars(),
            Self::Project(projection) => projection.reads(),
            Self::Let(values) => values.iter().flat_map(|(_, value)| value.vars()).collect(),
            Self::For(unfolding) => unfolding.list.vars(),
            Self::Call(call) => call.query.outer_vars(),
        }
    }

    /// The variables it gives.
    pub(crate) fn gives(&self) -> BTreeSet<VarId> {
        match self {
            Self::Match(found) => found.own_vars(),
            Self::Filter(_) => BTreeSet::new(),
            Self::Project(Projection { items, .. }) | Self::Let(items) => {
                items.iter().map(|(var, _)| *var).collect()
            }
            Self::For(Unfolding { member, list: _, place }) => {
                std::iter::once(*member).chain(place.map(|(var, _)| var)).collect()
            }
            Self::Call(call) => call.query.columns.iter().map(|column| column.var).collect(),
        }
    }
}

impl Projection {
    /// The variables it reads.
    pub(crate) fn reads(&self) -> BTreeSet<VarId> {
        let Self { distinct: _, items, group, order, offset, limit } = self;
        let items = items.iter().map(|(_, value)| value);
        let order = order.iter().map(|key| &key.value);
        let counts = offset.iter().chain(limit);
        items
            .chain(group.iter().flatten())
            .chain(order)
            .chain(counts)
            .flat_map(Expr::vars)
            .collect()
    }

    /// Whether it does nothing but compute values for each row.
    pub(crate) fn is_plain(&self) -> bool {
        let Self { distinct, items: _, group, order, offset, limit } = self;
        !distinct && group.is_none() && order.is_empty() && offset.is_none() && limit.is_none()
    }
}

impl Repeat {
    /// The variables that must be known before it is followed.
    pub(crate) fn reads(&self) -> BTreeSet<VarId> {
        let mut vars: BTreeSet<VarId> = self.conditions.iter().flat_map(Expr::vars).collect();
        vars.remove(&self.each);
        vars.extend(self.group.iter().flat_map(|group| group.body.outer_vars()));
        vars
    }

    /// The variables it gives besides the edge's own.
    pub(crate) fn gives(&self) -> impl Iterator<Item = VarId> {
        let lists = self.group.iter().flat_map(|group| &group.lists).map(|(list, _)| *list);
        std::iter::once(self.each).chain(lists)
    }
}

impl Match {
    /// The variables it gives.
    pub(crate) fn own_vars(&self) -> BTreeSet<VarId> {
        let nodes = self.nodes.iter().filter(|node| !node.bound).map(|node| node.var);
        let edges = self.edges.iter().map(|edge| edge.var);
        let repeats = self.edges.iter().filter_map(|edge| edge.repeat.as_ref());
        let paths = self.paths.iter().map(|path| path.var);
        let given = nodes.chain(edges).chain(repeats.flat_map(Repeat::gives)).chain(paths);
        let mut vars: BTreeSet<VarId> = given.collect();
        vars.extend(self.picks.iter().flat_map(|pick| pick.found.own_vars()));
        for node in self.nodes.iter().filter(|node| node.bound) {
            vars.remove(&node.var);
        }
        vars
    }

    /// The variables it takes from outside.
    pub(crate) fn outer_vars(&self) -> BTreeSet<VarId> {
        let bound = self.nodes.iter().filter(|node| node.bound).map(|node| node.var);
        let known = self.edges.iter().filter_map(|edge| edge.known);
        let repeats = self.edges.iter().filter_map(|edge| edge.repeat.as_ref());
        let mut vars: BTreeSet<VarId> = self.conditions.iter().flat_map(Expr::vars).collect();
        vars.extend(repeats.flat_map(Repeat::reads));
        vars.extend(self.picks.iter().flat_map(|pick| pick.found.outer_vars()));
        vars = &vars - &self.own_vars();
        vars.extend(bound.chain(known));
        vars
    }
}
