//! Notes on what is right as it stands, but is hardly ever meant so.

use super::Resolver;
use crate::lang::ast;
use crate::meaning::{errors::remarks, scope::Scope};

impl Resolver<'_> {
    /// Looks at the patterns of a `match` as written, before its names join the scope.
    pub(super) fn remark_on_patterns(&mut self, clause: &ast::Match, scope: &Scope) {
        for pattern in &clause.patterns {
            self.remark_on_path(&pattern.start, &pattern.steps, scope);
        }
    }

    fn remark_on_path(
        &mut self,
        start: &ast::Node,
        steps: &[(ast::Step, ast::Node)],
        scope: &Scope,
    ) {
        self.remark_on_node(start, scope);
        let mut open = false;
        for (step, node) in steps {
            let edge = match step {
                ast::Step::Edge(edge) => edge,
                ast::Step::Group(group) => {
                    self.remark_on_path(&group.start, &group.steps, scope);
                    open = false;
                    continue;
                }
            };
            if open {
                self.remark(remarks::node_left_out(edge.span));
            }
            open = node.span.start == node.span.end;
            self.remark_on_edge(edge, scope);
            self.remark_on_node(node, scope);
        }
    }

    fn remark_on_node(&mut self, node: &ast::Node, scope: &Scope) {
        let Some(name) = node.name.as_ref().filter(|name| scope.find(&name.text).is_none()) else {
            return;
        };
        let is_kind = self.catalog.kind_names().any(|kind| kind == name.text);
        if is_kind && node.label.is_none() {
            self.remark(remarks::colon_missing(name, "node"));
        }
        self.remark_on_name(name, scope);
    }

    fn remark_on_edge(&mut self, edge: &ast::Edge, scope: &Scope) {
        let Some(name) = edge.name.as_ref().filter(|name| scope.find(&name.text).is_none()) else {
            return;
        };
        let is_edge = self.catalog.edge_names().any(|edge| edge == name.text);
        if is_edge && edge.label.is_none() {
            self.remark(remarks::colon_missing(name, "edge"));
        }
        self.remark_on_name(name, scope);
    }

    fn remark_on_name(&mut self, name: &ast::Name, scope: &Scope) {
        if scope.hides(&name.text) {
            self.remark(remarks::another(name));
        }
    }

    /// `x = null` and `x <> null`.
    pub(super) fn remark_on_null(&mut self, equal: bool, written: (&ast::Expr, &ast::Expr)) {
        let (left, right) = written;
        let is_null = |side: &ast::Expr| matches!(side.kind, ast::ExprKind::Null);
        if is_null(left) || is_null(right) {
            let test = if equal {
                "for what is missing write `… is null`"
            } else {
                "for what is there write `… is not null`"
            };
            self.remark(remarks::compared_with_null(left.span.to(right.span), test));
        }
    }

    /// `a = 'x' || b = 'y'`: a chain of comparisons with a joined text in its middle, which stands twice.
    pub(super) fn remark_on_joined(
        &mut self,
        op: ast::BinaryOp,
        written: (&ast::Expr, &ast::Expr),
    ) {
        let (left, right) = written;
        let ast::ExprKind::Binary(_, _, middle, _) = &right.kind else { return };
        let ast::ExprKind::Binary(ast::BinaryOp::Concat, sign, ..) = &middle.kind else { return };
        if op == ast::BinaryOp::And && middle.span.start < left.span.end {
            self.remark(remarks::joined_conditions(*sign));
        }
    }

    /// `order by` or `limit` behind the last of several queries, where it is the only one.
    pub(super) fn remark_on_last(
        &mut self,
        first: &ast::Linear,
        others: &[(ast::SetOperator, ast::Linear)],
    ) {
        let paged = |linear: &ast::Linear| {
            linear.result.as_ref().is_some_and(|result| {
                !result.order.is_empty() || result.limit.is_some() || result.offset.is_some()
            })
        };
        let Some(((operator, last), before)) = others.split_last() else { return };
        let earlier = paged(first) || before.iter().any(|(_, part)| paged(part));
        let joins = operator.kind != ast::SetKind::Otherwise;
        if let Some(result) = last.result.as_ref().filter(|_| joins && !earlier && paged(last)) {
            self.remark(remarks::last_part_only(result.span));
        }
    }
}
