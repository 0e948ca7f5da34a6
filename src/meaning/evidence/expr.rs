//! What an expression adds to what a row rests on: what its inner queries find.

use super::{Basis, Tracer, all, column, each, on};
use crate::meaning::question::{
    Call, Expr, ExprKind, Part, Projection, Query, Step, VarId, Wanted,
};
use crate::meaning::types::Type;

impl Tracer<'_> {
    /// What the inner queries of an expression rest on.
    pub(super) fn of_expr(&mut self, expr: &Expr) -> Basis {
        self.of_sides(expr, true)
    }

    /// Where an expression stands below `not`, it counts that something is not there; nothing can be named for that.
    fn of_sides(&mut self, expr: &Expr, there: bool) -> Basis {
        if let ExprKind::Not(inner) = &expr.kind {
            return self.of_sides(inner, !there);
        }
        if let ExprKind::Exists(_) | ExprKind::Subquery(Wanted::Any, _) = &expr.kind
            && !there
        {
            return Basis::new();
        }
        if let ExprKind::Exists(found) = &expr.kind {
            let (steps, basis) = self.steps(&[Step::Match((**found).clone())]);
            return vec![self.gathered(steps, basis)];
        }
        if let ExprKind::Subquery(_, query) = &expr.kind {
            return vec![self.of_query(query)];
        }
        if let ExprKind::Comprehension { var, list, filter, value } = &expr.kind {
            let mut inside = self.of_sides(value, there);
            inside.extend(filter.iter().flat_map(|filter| self.of_sides(filter, there)));
            return self.of_members((*var, list, filter.as_deref()), inside, there);
        }
        if let ExprKind::Quantified { which: _, var, list, filter } = &expr.kind {
            let inside = self.of_sides(filter, there);
            return self.of_members((*var, list, Some(filter)), inside, there);
        }
        let children = expr.children().into_iter();
        children.flat_map(|child| self.of_sides(child, there)).collect()
    }

    fn of_members(
        &mut self,
        (var, list, filter): (VarId, &Expr, Option<&Expr>),
        inside: Basis,
        there: bool,
    ) -> Basis {
        let mut basis = self.of_sides(list, there);
        if !inside.is_empty() {
            basis.push(each(var, list, filter, inside));
        }
        basis
    }

    /// What all rows of an inner query rest on.
    fn of_query(&mut self, query: &Query) -> Expr {
        let (query, evidence) = self.query(query);
        let basis = vec![self.var(evidence)];
        let steps = if query.others.is_empty() {
            query.first.steps
        } else {
            vec![Step::Call(Call { optional: false, query })]
        };
        self.gathered(steps, basis)
    }

    /// An inner query that gives what all rows of some steps rest on.
    pub(super) fn gathered(&mut self, mut steps: Vec<Step>, basis: Basis) -> Expr {
        let var = self.text();
        steps.push(Step::Project(Projection {
            distinct: false,
            items: vec![(var, all(on(basis)))],
            group: Some(Vec::new()),
            order: Vec::new(),
            offset: None,
            limit: None,
        }));
        let first = Part { steps, gives: vec![var] };
        let query = Query { first, others: Vec::new(), columns: vec![column(var)] };
        Expr::new(ExprKind::Subquery(Wanted::One, Box::new(query)), Type::Text)
    }
}
