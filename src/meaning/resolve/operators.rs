//! Operators: logic, comparison, text, arithmetic and search.

use super::compare::Side;
use super::expr::negate;
use super::{Noted, Resolved, Resolver, arguments::of_constant};
use crate::base::source::Span;
use crate::lang::ast::{self, BinaryOp, UnaryOp};
use crate::meaning::{
    errors,
    question::{Arithmetic, Comparison, Constant, Expr, ExprKind, Owner, TextTest},
    scope::Scope,
    types::Type,
};

impl Resolver<'_> {
    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        written: &ast::Expr,
        scope: &Scope,
    ) -> Resolved<Expr> {
        if op == UnaryOp::Not {
            let value = self.any(written, scope, Some(&Type::Bool))?;
            return self.need_truth(value, written.span).map(negate);
        }
        let value = self.any(written, scope, None)?;
        self.need_number(&value, written.span)?;
        match (op, &value.kind) {
            (UnaryOp::Minus, ExprKind::Constant(Constant::Int(number))) => {
                Ok(of_constant(Constant::Int(number.wrapping_neg())))
            }
            (UnaryOp::Minus, ExprKind::Constant(Constant::Float(number))) => {
                Ok(of_constant(Constant::Float(-number)))
            }
            (UnaryOp::Minus, _) => {
                let ty = value.ty.clone();
                Ok(Expr::new(ExprKind::Negate(Box::new(value)), ty))
            }
            (UnaryOp::Plus | UnaryOp::Not, _) => Ok(value),
        }
    }

    fn need_number(&mut self, value: &Expr, span: Span) -> Resolved<()> {
        if value.ty.is_number() || value.ty == Type::Null {
            return Ok(());
        }
        self.wrong(errors::values::not_a_number(span, &value.ty, self.catalog))
    }

    /// Both sides; a parameter on one takes the type of the other.
    fn sides(
        &mut self,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<(Side, Side)> {
        let (left, right) = written;
        if matches!(left.kind, ast::ExprKind::Param(_)) {
            let right_value = self.any(right, scope, None);
            let expected = right_value.as_ref().ok().map(|value| value.ty.clone());
            let left_value = self.any(left, scope, expected.as_ref());
            return Ok(((left_value?, left.span), (right_value?, right.span)));
        }
        let left_value = self.any(left, scope, None);
        let expected = left_value.as_ref().ok().map(|value| value.ty.clone());
        let right_value = self.any(right, scope, expected.as_ref());
        Ok(((left_value?, left.span), (right_value?, right.span)))
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => self.logic(op, written, scope),
            BinaryOp::Equal => self.comparison(Comparison::Equal, at, written, scope),
            BinaryOp::NotEqual => self.comparison(Comparison::NotEqual, at, written, scope),
            BinaryOp::Less => self.comparison(Comparison::Less, at, written, scope),
            BinaryOp::LessEqual => self.comparison(Comparison::LessEqual, at, written, scope),
            BinaryOp::Greater => self.comparison(Comparison::Greater, at, written, scope),
            BinaryOp::GreaterEqual => self.comparison(Comparison::GreaterEqual, at, written, scope),
            BinaryOp::In => self.membership(at, written, scope),
            BinaryOp::NotIn => self.membership(at, written, scope).map(negate),
            BinaryOp::Alike => self.text_test(TextTest::Alike, written, scope),
            BinaryOp::Contains => self.text_test(TextTest::Contains, written, scope),
            BinaryOp::StartsWith => self.text_test(TextTest::StartsWith, written, scope),
            BinaryOp::EndsWith => self.text_test(TextTest::EndsWith, written, scope),
            BinaryOp::Like => self.text_test(TextTest::Like, written, scope),
            BinaryOp::Regex => self.text_test(TextTest::Regex, written, scope),
            BinaryOp::Matches => self.search(written, scope),
            BinaryOp::Concat => {
                let (left, right) = self.sides(written, scope)?;
                self.concat(at, left, right)
            }
            BinaryOp::Add => {
                let (left, right) = self.sides(written, scope)?;
                self.add(at, left, right)
            }
            BinaryOp::Subtract => self.computed(Arithmetic::Subtract, written, scope),
            BinaryOp::Multiply => self.computed(Arithmetic::Multiply, written, scope),
            BinaryOp::Divide => self.computed(Arithmetic::Divide, written, scope),
            BinaryOp::Modulo => self.computed(Arithmetic::Modulo, written, scope),
            BinaryOp::Power => self.computed(Arithmetic::Power, written, scope),
        }
    }

    fn logic(
        &mut self,
        op: BinaryOp,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let mut sides = Vec::new();
        for side in [written.0, written.1] {
            let value = self
                .any(side, scope, Some(&Type::Bool))
                .and_then(|value| self.need_truth(value, side.span));
            sides.push(value);
        }
        let mut sides = sides.into_iter().collect::<Resolved<Vec<Expr>>>()?;
        if op == BinaryOp::Xor {
            let right = sides.pop().ok_or(Noted)?;
            let left = sides.pop().ok_or(Noted)?;
            return Ok(Expr::truth(ExprKind::Xor(Box::new(left), Box::new(right))));
        }
        let and = op == BinaryOp::And;
        let flat = sides.into_iter().flat_map(|side| match (and, side.kind) {
            (true, ExprKind::And(parts)) | (false, ExprKind::Or(parts)) => parts,
            (_, kind) => vec![Expr { kind, ty: side.ty, place: side.place }],
        });
        let parts = flat.collect();
        Ok(Expr::truth(if and { ExprKind::And(parts) } else { ExprKind::Or(parts) }))
    }

    fn comparison(
        &mut self,
        how: Comparison,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (left, right) = self.sides(written, scope)?;
        self.compare(how, at, left, right)
    }

    fn membership(
        &mut self,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let value = (self.any(written.0, scope, None)?, written.0.span);
        let expected = Type::List(Box::new(value.0.ty.clone()));
        let list = (self.any(written.1, scope, Some(&expected))?, written.1.span);
        let member = match &list.0.ty {
            Type::Date if matches!(value.0.ty, Type::Date | Type::Null) => {
                return Ok(Expr::truth(ExprKind::Within(Box::new(value.0), Box::new(list.0))));
            }
            Type::List(of) => (**of).clone(),
            Type::Null => Type::Null,
            Type::Any => Type::Any,
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => {
                return self.wrong(errors::values::not_a_list(list.1, &list.0.ty, self.catalog));
            }
        };
        let shown = (Expr::new(ExprKind::Null, member), list.1);
        self.check_alike(at, &value, &shown)?;
        self.check_term(&value, &list)?;
        Ok(Expr::truth(ExprKind::In(Box::new(value.0), Box::new(list.0))))
    }

    fn text_test(
        &mut self,
        how: TextTest,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let mut sides = Vec::new();
        for side in [written.0, written.1] {
            let value = self.any(side, scope, Some(&Type::Text))?;
            if !matches!(value.ty, Type::Text | Type::Null) {
                return self.wrong(errors::values::not_a_text(side.span, &value.ty, self.catalog));
            }
            sides.push(Box::new(value));
        }
        let (Some(right), Some(left)) = (sides.pop(), sides.pop()) else { return Err(Noted) };
        if let (TextTest::Regex, ExprKind::Constant(Constant::Text(pattern))) = (how, &right.kind)
            && let Err(reason) = regex::Regex::new(pattern)
        {
            return self.wrong(errors::values::bad_regex(written.1.span, &reason.to_string()));
        }
        Ok(Expr::truth(ExprKind::TextTest(how, left, right)))
    }

    fn search(&mut self, written: (&ast::Expr, &ast::Expr), scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written.0, scope, None)?;
        let query = self.any(written.1, scope, Some(&Type::Text))?;
        if !matches!(query.ty, Type::Text | Type::Null) {
            return self.wrong(errors::values::not_a_text(written.1.span, &query.ty, self.catalog));
        }
        let found = if let ExprKind::Property(of, choices) = &value.kind
            && let [only] = choices.as_slice()
        {
            Some((of.clone(), *only))
        } else {
            None
        };
        let searchable = |(_, (owner, at)): &(Box<Expr>, (Owner, usize))| {
            self.property_of(*owner, *at).is_some_and(|property| property.search.is_some())
        };
        match found.filter(searchable) {
            Some((of, (owner, property))) => {
                let query = Box::new(query);
                let found =
                    Expr::truth(ExprKind::Search { of, owner, property, query, rank: false });
                self.searches.push(found.clone());
                Ok(found)
            }
            None => self.wrong(errors::values::not_searchable(written.0.span, self.catalog)),
        }
    }

    fn concat(&mut self, at: Span, left: Side, right: Side) -> Resolved<Expr> {
        let ty = match (&left.0.ty, &right.0.ty) {
            (Type::Text | Type::Null, Type::Text | Type::Null) => Type::Text,
            (Type::List(_), Type::List(_)) => match left.0.ty.join(&right.0.ty) {
                Some(joined) => joined,
                None => return self.wrong(errors::values::unlike(at, &left, &right, self.catalog)),
            },
            _ => return self.wrong(errors::values::cannot_join(at, &left, &right, self.catalog)),
        };
        Ok(Expr::new(ExprKind::Concat(Box::new(left.0), Box::new(right.0)), ty))
    }

    /// `+`: numbers are added, texts and lists are joined.
    fn add(&mut self, at: Span, left: Side, right: Side) -> Resolved<Expr> {
        let joins = |ty: &Type| matches!(ty, Type::Text | Type::List(_));
        if joins(&left.0.ty) || joins(&right.0.ty) {
            return self.concat(at, left, right);
        }
        self.arithmetic(Arithmetic::Add, left, right)
    }

    fn computed(
        &mut self,
        how: Arithmetic,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (left, right) = self.sides(written, scope)?;
        self.arithmetic(how, left, right)
    }

    fn arithmetic(&mut self, how: Arithmetic, left: Side, right: Side) -> Resolved<Expr> {
        self.need_number(&left.0, left.1)?;
        self.need_number(&right.0, right.1)?;
        let ints = left.0.ty == Type::Int && right.0.ty == Type::Int;
        let ty = if ints && how != Arithmetic::Power { Type::Int } else { Type::Float };
        Ok(Expr::new(ExprKind::Arithmetic(how, Box::new(left.0), Box::new(right.0)), ty))
    }
}
