//! Operators: logic, comparison, text, arithmetic and search.

use super::compare::Side;
use super::expr::negate;
use super::{Noted, Resolved, Resolver, arguments::of_constant, habits};
use crate::base::source::Span;
use crate::lang::ast::{self, BinaryOp, UnaryOp};
use crate::meaning::{
    errors, functions,
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
            (UnaryOp::Minus, _) if value.ty == Type::Any => {
                let zero = Box::new(of_constant(Constant::Int(0)).seen_as(&Type::Any));
                let kind = ExprKind::Arithmetic(Arithmetic::Subtract, zero, Box::new(value));
                Ok(Expr::new(kind, Type::Any))
            }
            (UnaryOp::Minus, _) => {
                let ty = value.ty.clone();
                Ok(Expr::new(ExprKind::Negate(Box::new(value)), ty))
            }
            (UnaryOp::Plus | UnaryOp::Not, _) => Ok(value),
        }
    }

    fn need_number(&mut self, value: &Expr, span: Span) -> Resolved<()> {
        if value.ty.is_number() || matches!(value.ty, Type::Null | Type::Any) {
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
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                self.remark_on_joined(op, written);
                self.logic(op, written, scope)
            }
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
        if let Some((place, meant)) = habits::bare_values(op, written) {
            return self.wrong(errors::values::bare_values(place, &meant));
        }
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
        if matches!(how, Comparison::Equal | Comparison::NotEqual) {
            self.remark_on_null(how == Comparison::Equal, written);
        }
        let (left, right) = self.sides(written, scope)?;
        self.check_joined(&left, written.0)?;
        self.check_joined(&right, written.1)?;
        let other = [(&left.0.ty, written.1), (&right.0.ty, written.0)];
        let day = other.iter().find_map(|(ty, day)| {
            habits::slashed_day(day).filter(|_| **ty == Type::Date).map(|meant| (day.span, meant))
        });
        if let Some((place, meant)) = day {
            return self.wrong(errors::values::slashed_day(place, &meant));
        }
        self.compare(how, at, left, right)
    }

    /// `a contains 'x' || b = 'y'`: what was meant as two conditions is compared.
    fn check_joined(&mut self, value: &Side, written: &ast::Expr) -> Resolved<()> {
        match habits::joined_tests(written).filter(|_| value.0.ty == Type::Bool) {
            Some(sign) => self.wrong(errors::values::joined_tests(sign)),
            None => Ok(()),
        }
    }

    fn membership(
        &mut self,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let value = self.any(written.0, scope, None);
        let of = value.as_ref().map_or(Type::Null, |value| value.ty.clone());
        let list = self.any(written.1, scope, Some(&Type::List(Box::new(of))));
        let (value, list) = ((value?, written.0.span), (list?, written.1.span));
        self.check_joined(&value, written.0)?;
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
        let open = list.0.ty == Type::Any;
        let any = Type::List(Box::new(Type::Any));
        let list = if open { (list.0.seen_as(&any), list.1) } else { list };
        Ok(Expr::truth(ExprKind::In(Box::new(value.0), Box::new(list.0))))
    }

    fn text_test(
        &mut self,
        how: TextTest,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        if let Some(sign) = habits::joined_tests(written.0) {
            return self.wrong(errors::values::joined_tests(sign));
        }
        let (left, right) = (self.text_side(written.0, scope), self.text_side(written.1, scope));
        let (left, right) = (Box::new(left?), Box::new(right?));
        if let (TextTest::Regex, ExprKind::Constant(Constant::Text(pattern))) = (how, &right.kind)
            && let Err(reason) = regex::Regex::new(pattern)
        {
            return self.wrong(errors::values::bad_regex(written.1.span, &reason.to_string()));
        }
        Ok(Expr::truth(ExprKind::TextTest(how, left, right)))
    }

    fn text_side(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written, scope, Some(&Type::Text))?;
        let value = if value.ty == Type::Any { text_or_null(value) } else { value };
        if matches!(value.ty, Type::Text | Type::Null) {
            return Ok(value);
        }
        self.wrong(errors::values::not_a_text(written.span, &value.ty, self.catalog))
    }

    fn search(&mut self, written: (&ast::Expr, &ast::Expr), scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written.0, scope, None);
        let query = self.any(written.1, scope, Some(&Type::Text));
        let (value, query) = (value?, query?);
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
                let query = Box::new(query.placed(written.1.span));
                let found =
                    Expr::truth(ExprKind::Search { of, owner, property, query, rank: false });
                self.searches.push(found.clone());
                Ok(found)
            }
            None => self.wrong(errors::values::not_searchable(written.0.span, self.catalog)),
        }
    }

    /// Texts or lists joined, or one member put to a list.
    fn concat(&mut self, at: Span, left: Side, right: Side) -> Resolved<Expr> {
        let ty = match (&left.0.ty, &right.0.ty) {
            (Type::Text | Type::Null, Type::Text | Type::Null) => Type::Text,
            (Type::Any, Type::List(_)) | (Type::List(_), Type::Any) => {
                Type::List(Box::new(Type::Any))
            }
            (Type::Any, _) | (_, Type::Any) => Type::Any,
            (a @ Type::List(_), b @ Type::List(_)) => a.unite(b),
            (Type::List(of), one) | (one, Type::List(of)) => Type::List(Box::new(of.unite(one))),
            _ => return self.wrong(errors::values::cannot_join(at, &left, &right, self.catalog)),
        };
        let side = |value: Expr| match (&ty, &value.ty) {
            // What may or may not be a list is joined by looking at it.
            (_, Type::Null | Type::Any) | (Type::Text, _) => value,
            (ty, Type::List(_)) => value.seen_as(ty),
            (Type::List(of), _) => {
                let place = value.place;
                let one = ExprKind::List(vec![value.seen_as(of)]);
                Expr { kind: one, ty: ty.clone(), place }
            }
            (ty, _) => value.seen_as(ty),
        };
        let looked_at = left.0.ty == Type::Any || right.0.ty == Type::Any;
        let (left, right) = (Box::new(side(left.0)), Box::new(side(right.0)));
        if !looked_at {
            return Ok(Expr::new(ExprKind::Concat(left, right), ty));
        }
        let joined = Expr::new(ExprKind::Arithmetic(Arithmetic::Add, left, right), Type::Any);
        Ok(joined.placed(at).seen_as(&ty))
    }

    /// `+`: numbers are added, texts and lists are joined, times are moved.
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
        if let Some(ty) = timed(how, &left.0.ty, &right.0.ty) {
            let sides = [left.0, right.0].map(|side| Box::new(side.seen_as(&Type::Any)));
            let [left, right] = sides;
            let moved = Expr::new(ExprKind::Arithmetic(how, left, right), Type::Any);
            return Ok(moved.seen_as(&ty));
        }
        self.need_number(&left.0, left.1)?;
        self.need_number(&right.0, right.1)?;
        let (a, b) = (&left.0.ty, &right.0.ty);
        let ty = match (a, b) {
            _ if how == Arithmetic::Power => Type::Float,
            (Type::Any, _) | (_, Type::Any) => Type::Any,
            (Type::Int, Type::Int) => Type::Int,
            _ => Type::Float,
        };
        Ok(Expr::new(ExprKind::Arithmetic(how, Box::new(left.0), Box::new(right.0)), ty))
    }
}

/// What is known only when it runs, if it is a text then.
fn text_or_null(value: Expr) -> Expr {
    Expr::new(ExprKind::Call(&functions::TEXT_OR_NULL, vec![value]), Type::Text)
}

/// What moving a time gives, or the time between two.
fn timed(how: Arithmetic, left: &Type, right: &Type) -> Option<Type> {
    let moves = |ty: &Type| matches!(ty, Type::Date | Type::DateTime | Type::Duration);
    match (how, left, right) {
        (Arithmetic::Add | Arithmetic::Subtract, ty, Type::Duration) if moves(ty) => {
            Some(ty.clone())
        }
        (Arithmetic::Add, Type::Duration, ty) if moves(ty) => Some(ty.clone()),
        (Arithmetic::Subtract, Type::DateTime, Type::DateTime) => Some(Type::Duration),
        (Arithmetic::Multiply | Arithmetic::Divide, Type::Duration, ty)
        | (Arithmetic::Multiply, ty, Type::Duration)
            if ty.is_number() =>
        {
            Some(Type::Duration)
        }
        _ => None,
    }
}
