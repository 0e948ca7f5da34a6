//! Lists and maps: written out, taken apart, and walked member by member.

use super::arguments::{list_of, map_of, of_constant};
use super::{Noted, Resolved, Resolver};
use crate::base::{source::Span, time};
use crate::lang::ast;
use crate::meaning::{
    errors, functions,
    question::{Constant, Expr, ExprKind, Quantified, VarId},
    scope::Scope,
    types::Type,
};

impl Resolver<'_> {
    pub(super) fn list(
        &mut self,
        members: &[ast::Expr],
        scope: &Scope,
        expected: Option<&Type>,
    ) -> Resolved<Expr> {
        let of = expected.and_then(Type::member);
        let values = members.iter().map(|member| self.any(member, scope, of));
        Ok(list_of(values.collect::<Vec<_>>().into_iter().collect::<Resolved<_>>()?))
    }

    pub(super) fn map(
        &mut self,
        entries: &[(ast::Name, ast::Expr)],
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (mut values, mut failed): (Vec<(String, Expr)>, bool) = (Vec::new(), false);
        for (name, value) in entries {
            if values.iter().any(|(known, _)| *known == name.text) {
                return self.wrong(errors::values::same_key_twice(name));
            }
            match self.any(value, scope, None) {
                Ok(value) => values.push((name.text.clone(), value)),
                Err(Noted) => failed = true,
            }
        }
        if failed { Err(Noted) } else { Ok(map_of(values.into_iter())) }
    }

    pub(super) fn datetime(&mut self, text: &str, span: Span) -> Resolved<Expr> {
        let Some(instant) = time::datetime(text) else {
            let example = "2025-11-22T10:00:00Z";
            return self.wrong(errors::values::bad_time(span, text, "datetime", example));
        };
        Ok(of_constant(Constant::DateTime(instant)))
    }

    pub(super) fn duration(&mut self, text: &str, span: Span) -> Resolved<Expr> {
        let Some(length) = time::duration(text) else {
            return self.wrong(errors::values::bad_time(span, text, "duration", "P1Y2M3DT4H5M6S"));
        };
        Ok(of_constant(Constant::Duration(length)))
    }

    /// `list[at]`, `map['key']`, `node['property']`
    pub(super) fn index(
        &mut self,
        of: &ast::Expr,
        at: &ast::Expr,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let value = self.any(of, scope, None)?;
        match &value.ty {
            Type::Map | Type::Node(_) | Type::Edge(_) => self.by_key(value, at, scope),
            Type::Any => {
                let at = self.any(at, scope, None)?.seen_as(&Type::Any);
                Ok(Expr::new(ExprKind::Member(Box::new(value), Box::new(at)), Type::Any))
            }
            Type::Null => {
                self.any(at, scope, None)?;
                Ok(Expr::new(ExprKind::Null, Type::Null))
            }
            Type::List(member) => {
                let member = (**member).clone();
                let at = self.int_operand(at, scope)?;
                Ok(Expr::new(ExprKind::Index(Box::new(value), Box::new(at)), member))
            }
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Path => {
                self.wrong(errors::values::not_a_list(of.span, &value.ty, self.catalog))
            }
        }
    }

    fn by_key(&mut self, of: Expr, at: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let key = self.any(at, scope, Some(&Type::Text))?;
        if !matches!(key.ty, Type::Text | Type::Any | Type::Null) {
            return self.wrong(errors::values::not_a_text(at.span, &key.ty, self.catalog));
        }
        if of.ty == Type::Map {
            let kind = ExprKind::Member(Box::new(of), Box::new(key.seen_as(&Type::Any)));
            return Ok(Expr::new(kind, Type::Any));
        }
        if let Some(name) = key.as_text() {
            let name = ast::Name { text: name.to_owned(), span: at.span };
            return self.property(of, &name);
        }
        let all = Expr::new(ExprKind::Call(&functions::PROPERTIES, vec![of]), Type::Map);
        let kind = ExprKind::Member(Box::new(all), Box::new(key.seen_as(&Type::Any)));
        Ok(Expr::new(kind, Type::Any))
    }

    pub(super) fn slice(
        &mut self,
        list: &ast::Expr,
        from: Option<&ast::Expr>,
        to: Option<&ast::Expr>,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let value = self.list_operand(list, scope)?;
        let from = from.map(|from| self.int_operand(from, scope).map(Box::new)).transpose()?;
        let to = to.map(|to| self.int_operand(to, scope).map(Box::new)).transpose()?;
        let ty = value.ty.clone();
        Ok(Expr::new(ExprKind::Slice(Box::new(value), from, to), ty))
    }

    /// A list; what is known only when it runs is held to be one.
    pub(super) fn list_operand(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written, scope, None)?;
        match &value.ty {
            Type::List(_) => Ok(value),
            Type::Any => Ok(value.seen_as(&Type::List(Box::new(Type::Any)))),
            Type::Null => Ok(Expr { ty: Type::List(Box::new(Type::Null)), ..value }),
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
                self.wrong(errors::values::not_a_list(written.span, &value.ty, self.catalog))
            }
        }
    }

    fn int_operand(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written, scope, Some(&Type::Int))?;
        match value.ty {
            Type::Int | Type::Null => Ok(value),
            Type::Any => Ok(value.seen_as(&Type::Int)),
            Type::Bool
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::List(_)
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => {
                self.wrong(errors::values::not_whole(written.span, &value.ty, self.catalog))
            }
        }
    }

    /// A variable for the members of a list, known only inside.
    fn member_scope(
        &mut self,
        name: &ast::Name,
        list: &Expr,
        scope: &Scope,
    ) -> Resolved<(VarId, Scope)> {
        if scope.find(&name.text).is_some() {
            return self.wrong(errors::values::hides(name));
        }
        let of = list.ty.member().cloned().unwrap_or(Type::Null);
        let var = self.new_var(Some(&name.text), of);
        let mut inside = scope.clone();
        inside.add(&name.text, var);
        Ok((var, inside))
    }

    /// `[x in list where condition | value]`
    pub(super) fn comprehension(
        &mut self,
        name: &ast::Name,
        list: &ast::Expr,
        (filter, value): (Option<&ast::Expr>, Option<&ast::Expr>),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let list = self.list_operand(list, scope)?;
        let (var, inside) = self.member_scope(name, &list, scope)?;
        let filter = filter.map(|filter| self.condition(filter, &inside).map(Box::new));
        let value = match value {
            Some(value) => self.expr_as(value, &inside, None),
            None => Ok(Expr::new(ExprKind::Var(var), self.ty(var).clone())),
        };
        let (filter, value) = (filter.transpose()?, value?);
        let ty = Type::List(Box::new(value.ty.clone()));
        let (list, value) = (Box::new(list), Box::new(value));
        Ok(Expr::new(ExprKind::Comprehension { var, list, filter, value }, ty))
    }

    /// `all(x in list where condition)` and its sisters.
    pub(super) fn quantified(
        &mut self,
        which: ast::Quantified,
        name: &ast::Name,
        (list, filter): (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let list = Box::new(self.list_operand(list, scope)?);
        let (var, inside) = self.member_scope(name, &list, scope)?;
        let filter = Box::new(self.condition(filter, &inside)?);
        let which = match which {
            ast::Quantified::All => Quantified::All,
            ast::Quantified::Any => Quantified::Any,
            ast::Quantified::None => Quantified::None,
            ast::Quantified::Single => Quantified::Single,
        };
        Ok(Expr::truth(ExprKind::Quantified { which, var, list, filter }))
    }
}
