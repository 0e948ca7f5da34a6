//! Expressions: names become variables and properties, functions are found, and every part gets its type.

use super::call::Call;
use super::{Resolved, Resolver, arguments::of_constant};
use crate::base::{any::Form, date::Date, moment::has_part, source::Span};
use crate::lang::ast::{self, IsWhat};
use crate::meaning::{
    catalog::{Catalog, Property},
    errors, functions,
    question::{Comparison, Constant, Expr, ExprKind, Owner, VarId},
    scope::{Meaning, Scope},
    types::Type,
};

impl Resolver<'_> {
    /// An item of `return` or a sort key: aggregates may stand in it.
    pub(super) fn item(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        self.any(written, scope, None)
    }

    /// An expression without aggregates; a parameter whose type nothing says is read as `expected`.
    pub(super) fn expr_as(
        &mut self,
        written: &ast::Expr,
        scope: &Scope,
        expected: Option<&Type>,
    ) -> Resolved<Expr> {
        let value = self.any(written, scope, expected)?;
        if value.has_aggregate() {
            return self.wrong(errors::rows::misplaced_aggregate(written.span));
        }
        Ok(value)
    }

    /// A condition, which gives true, false or null.
    pub(super) fn condition(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.expr_as(written, scope, Some(&Type::Bool))?;
        self.need_truth(value, written.span)
    }

    pub(super) fn need_truth(&mut self, value: Expr, span: Span) -> Resolved<Expr> {
        match value.ty {
            Type::Bool | Type::Null => Ok(value),
            Type::Any => Ok(value.seen_as(&Type::Bool)),
            Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::List(_)
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => self.wrong(errors::values::not_a_truth(span, &value.ty, self.catalog)),
        }
    }

    /// Any expression, with its place; a parameter whose type nothing says is read as `expected`.
    pub(super) fn any(
        &mut self,
        written: &ast::Expr,
        scope: &Scope,
        expected: Option<&Type>,
    ) -> Resolved<Expr> {
        self.formed(written, scope, expected).map(|value| value.placed(written.span))
    }

    fn formed(
        &mut self,
        written: &ast::Expr,
        scope: &Scope,
        expected: Option<&Type>,
    ) -> Resolved<Expr> {
        use ast::ExprKind as A;
        let span = written.span;
        match &written.kind {
            A::Null => Ok(Expr::new(ExprKind::Null, Type::Null)),
            A::Bool(value) => Ok(of_constant(Constant::Bool(*value))),
            A::Int(value) => Ok(of_constant(Constant::Int(*value))),
            A::Float(value) => Ok(of_constant(Constant::Float(*value))),
            A::Text(value) => Ok(of_constant(Constant::Text(value.clone()))),
            A::Date(text) => self.date(text, span),
            A::DateTime(text) => self.datetime(text, span),
            A::Duration(text) => self.duration(text, span),
            A::Map(entries) => self.map(entries, scope),
            A::Comprehension { name, list, filter, value } => {
                self.comprehension(name, list, (filter.as_deref(), value.as_deref()), scope)
            }
            A::Quantified { which, name, list, filter } => {
                self.quantified(*which, name, (list, filter), scope)
            }
            A::Param(name) => self.param(name, expected),
            A::Variable(name) => self.variable(name, scope),
            A::Property(of, name) => {
                let of = self.any(of, scope, None)?;
                self.property(of, name)
            }
            A::Call { name, distinct, star, args } => {
                self.call(Call { name, distinct: *distinct, star: *star, args, span }, scope)
            }
            A::Unary(op, value) => self.unary(*op, value, scope),
            A::Binary(op, at, left, right) => self.binary(*op, *at, (left, right), scope),
            A::Is { value, negated, what } => {
                let value = self.any(value, scope, None)?;
                self.is(value, *negated, *what, span)
            }
            A::IsLabeled { value, negated, label } => {
                let of = self.any(value, scope, None)?;
                let test = self.is_labeled(of, label, value.span)?;
                Ok(negate_if(*negated, test))
            }
            A::Case { subject, branches, otherwise } => {
                self.case(subject.as_deref(), branches, otherwise.as_deref(), scope)
            }
            A::List(members) => self.list(members, scope, expected),
            A::Index(list, at) => self.index(list, at, scope),
            A::Slice(list, from, to) => self.slice(list, from.as_deref(), to.as_deref(), scope),
            A::Subquery(kind, query) => self.subquery(*kind, query, scope, span),
            A::Exists(inner) => {
                let mut inside = scope.clone();
                self.match_clause(inner, &mut inside)
                    .map(|found| Expr::truth(ExprKind::Exists(Box::new(found))))
            }
        }
    }

    pub(super) fn date(&mut self, text: &str, span: Span) -> Resolved<Expr> {
        match Date::parse(text) {
            Ok(date) => Ok(of_constant(Constant::Date(date))),
            Err(bad) => self.wrong(errors::values::bad_date(span, text, &bad)),
        }
    }

    fn variable(&mut self, name: &ast::Name, scope: &Scope) -> Resolved<Expr> {
        match scope.find(&name.text) {
            Some(Meaning::Var(var)) => Ok(Expr::new(ExprKind::Var(*var), self.ty(*var).clone())),
            Some(Meaning::Column(value)) => self.copy(value, name.span),
            Some(Meaning::Unknown) => Err(super::Noted),
            None if scope.hides(&name.text) => self.wrong(errors::rows::not_imported(name)),
            None => match self.owner_of(name, scope) {
                Some(owner) => self.wrong(errors::names::owner_missing(name, &owner)),
                None => self.wrong(errors::names::unknown_variable(name, scope.names())),
            },
        }
    }

    /// The first variable that has a property of that name.
    fn owner_of(&self, name: &ast::Name, scope: &Scope) -> Option<String> {
        let has = |properties: &[Property]| Catalog::property(properties, &name.text).is_some();
        let of_kind = |kind| has(&self.catalog.kind(kind).properties);
        let of_edge = |edge| {
            let edge = self.catalog.edge(edge);
            edge.stands_as.map_or_else(|| has(&edge.properties), of_kind)
        };
        let fits = |var: VarId| {
            let ty = self.ty(var);
            let node = if let Type::Node(kinds) = ty {
                kinds.iter().any(|&kind| of_kind(kind))
            } else {
                false
            };
            node || ty.edges().is_some_and(|edges| edges.iter().any(|&edge| of_edge(edge)))
        };
        let mut owners = scope.vars().filter(|(_, var)| fits(*var)).map(|(owner, _)| owner);
        owners.next().map(str::to_owned)
    }

    /// `of.name`
    pub(super) fn property(&mut self, of: Expr, name: &ast::Name) -> Resolved<Expr> {
        let catalog = self.catalog;
        let owners: Vec<Owner> = match &of.ty {
            Type::Node(kinds) => kinds.iter().map(|&kind| Owner::Kind(kind)).collect(),
            Type::Edge(edges) => edges
                .iter()
                .map(|&edge| catalog.edge(edge).stands_as.map_or(Owner::Edge(edge), Owner::Kind))
                .collect(),
            Type::Null => return Ok(Expr::new(ExprKind::Null, Type::Null)),
            Type::Map | Type::Any => {
                let key = of_constant(Constant::Text(name.text.clone()));
                return Ok(Expr::new(ExprKind::Member(Box::new(of), Box::new(key)), Type::Any));
            }
            Type::Date if has_part(&Form::Date, &name.text) => return Ok(part(of, name)),
            Type::DateTime if has_part(&Form::DateTime, &name.text) => return Ok(part(of, name)),
            Type::Duration if has_part(&Form::Duration, &name.text) => return Ok(part(of, name)),
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::List(_)
            | Type::Path => {
                return self.wrong(errors::names::no_properties(name, &of.ty, catalog));
            }
        };
        let (mut choices, mut ty) = (Vec::new(), Type::Null);
        for &owner in &owners {
            let Some((at, found)) = Catalog::property(properties(catalog, owner), &name.text)
            else {
                continue;
            };
            // An integer here and a float there stay what they are.
            let fits = ty == Type::Null || ty == found.ty;
            ty = if fits { found.ty.clone() } else { Type::Any };
            choices.push((owner, at));
        }
        if choices.is_empty() && catalog.is_open() {
            let nothing = |owner: &Owner| match owner {
                Owner::Kind(kind) => catalog.no_kind() == Some(*kind),
                Owner::Edge(edge) => catalog.no_edge() == Some(*edge),
            };
            // Of what is not there at all, that was said already.
            if !owners.iter().all(nothing) {
                self.remark(errors::open::unknown_property(name, &owners, catalog));
            }
        }
        if choices.is_empty() && !catalog.is_open() {
            let note = errors::names::unknown_property(name, &of.ty, &owners, catalog);
            return self.wrong(note);
        }
        Ok(Expr::new(ExprKind::Property(Box::new(of), choices), ty))
    }

    fn is(&mut self, value: Expr, negated: bool, what: IsWhat, span: Span) -> Resolved<Expr> {
        let test = match what {
            IsWhat::Null => ExprKind::IsNull(Box::new(value)),
            IsWhat::True | IsWhat::False => {
                let value = self.need_truth(value, span)?;
                ExprKind::IsTruth(Box::new(value), what == IsWhat::True)
            }
        };
        Ok(negate_if(negated, Expr::truth(test)))
    }

    fn is_labeled(&mut self, of: Expr, label: &ast::Label, span: Span) -> Resolved<Expr> {
        match &of.ty {
            Type::Node(kinds) => {
                let only_edges = kinds.iter().all(|&kind| self.catalog.kind(kind).edge.is_some());
                if only_edges && !names_a_kind(self.catalog, label) {
                    let labels = self.edge_labels(Some(label))?;
                    return Ok(Expr::truth(ExprKind::IsEdge(Box::new(of), labels)));
                }
                let kinds = self.kinds(label)?;
                Ok(Expr::truth(ExprKind::IsKind(Box::new(of), kinds)))
            }
            Type::Edge(_) => {
                let labels = self.edge_labels(Some(label))?;
                Ok(Expr::truth(ExprKind::IsEdge(Box::new(of), labels)))
            }
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::Any
            | Type::List(_)
            | Type::Path => self.wrong(errors::patterns::no_labels(span, &of.ty, self.catalog)),
        }
    }

    fn case(
        &mut self,
        subject: Option<&ast::Expr>,
        branches: &[(ast::Expr, ast::Expr)],
        otherwise: Option<&ast::Expr>,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let subject = subject
            .map(|written| Ok((self.any(written, scope, None)?, written.span)))
            .transpose()?;
        let (mut resolved, mut ty) = (Vec::new(), Type::Null);
        for (when, then) in branches {
            let condition = match &subject {
                None => {
                    let value = self.any(when, scope, Some(&Type::Bool))?;
                    self.need_truth(value, when.span)?
                }
                Some(subject) => {
                    let value = self.any(when, scope, Some(&subject.0.ty))?;
                    self.compare(Comparison::Equal, when.span, subject.clone(), (value, when.span))?
                }
            };
            let value = self.any(then, scope, None)?;
            ty = ty.unite(&value.ty);
            resolved.push((condition, value));
        }
        let otherwise = match otherwise {
            None => None,
            Some(written) => {
                let value = self.any(written, scope, Some(&ty))?;
                ty = ty.unite(&value.ty);
                Some(Box::new(value.seen_as(&ty)))
            }
        };
        let branch = |(when, then): (Expr, Expr)| (when, then.seen_as(&ty));
        let resolved = resolved.into_iter().map(branch).collect();
        Ok(Expr::new(ExprKind::Case(resolved, otherwise), ty))
    }
}

fn names_a_kind(catalog: &Catalog, label: &ast::Label) -> bool {
    match label {
        ast::Label::Name(name) => !catalog.kinds_named(&name.text).is_empty(),
        ast::Label::Any(_) => true,
        ast::Label::Not(inner, _) => names_a_kind(catalog, inner),
        ast::Label::And(a, b) | ast::Label::Or(a, b) => {
            names_a_kind(catalog, a) || names_a_kind(catalog, b)
        }
    }
}

/// The properties of an owner.
pub(super) fn properties(catalog: &Catalog, owner: Owner) -> &[Property] {
    match owner {
        Owner::Kind(kind) => &catalog.kind(kind).properties,
        Owner::Edge(edge) => &catalog.edge(edge).properties,
    }
}

pub(super) fn negate(value: Expr) -> Expr {
    Expr::truth(ExprKind::Not(Box::new(value)))
}

fn negate_if(negated: bool, value: Expr) -> Expr {
    if negated { negate(value) } else { value }
}

/// A part of a time: `d.year`.
fn part(of: Expr, name: &ast::Name) -> Expr {
    let certain = ["year", "month", "day"].contains(&name.text.to_lowercase().as_str());
    if let (Type::Date, true, Some(function)) = (&of.ty, certain, functions::function(&name.text)) {
        return Expr::new(ExprKind::Call(function, vec![of]), Type::Int);
    }
    let name = of_constant(Constant::Text(name.text.clone()));
    Expr::new(ExprKind::Call(&functions::PART, vec![of.seen_as(&Type::Any), name]), Type::Int)
}
