//! Functions and aggregates: found by name, their arguments counted and typed.

use super::{Noted, Resolved, Resolver, arguments::of_constant};
use crate::base::source::Span;
use crate::lang::ast;
use crate::meaning::{
    catalog::{Catalog, KindSet},
    errors,
    functions::{self, Aggregate, Function, Gives, Means, Sum, Takes},
    question::{Constant, Expr, ExprKind},
    scope::Scope,
    types::Type,
};

/// A call as written.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) name: &'a ast::Name,
    pub(super) distinct: bool,
    pub(super) star: bool,
    pub(super) args: &'a [ast::Expr],
    pub(super) span: Span,
}

impl Resolver<'_> {
    pub(super) fn call(&mut self, call: Call<'_>, scope: &Scope) -> Resolved<Expr> {
        if let Some(defined) = self.defined(call, scope) {
            return defined;
        }
        if let Some(which) = functions::aggregate(&call.name.text) {
            return self.aggregate(which, call, scope);
        }
        let Some(function) = functions::function(&call.name.text) else {
            let defined = self.definitions.names(true);
            return self.wrong(errors::names::unknown_function(call.name, defined));
        };
        if call.star || call.distinct {
            return self.wrong(errors::rows::not_an_aggregate(call.span, function.name));
        }
        let most = if function.repeats { usize::MAX } else { function.takes.len() };
        let least = function.takes.len() - function.optional;
        self.check_count(call, function.name, least, most)?;
        let (args, same) = self.args(call, function.takes, scope)?;
        self.function(function, args, same, call)
    }

    fn check_count(
        &mut self,
        call: Call<'_>,
        name: &str,
        least: usize,
        most: usize,
    ) -> Resolved<()> {
        if (least..=most).contains(&call.args.len()) {
            return Ok(());
        }
        self.wrong(errors::values::wrong_count(call.span, name, (least, most), call.args.len()))
    }

    fn args(
        &mut self,
        call: Call<'_>,
        takes: &[Takes],
        scope: &Scope,
    ) -> Resolved<(Vec<Expr>, Type)> {
        let (mut args, mut same, mut failed) = (Vec::new(), Type::Null, false);
        for (at, written) in call.args.iter().enumerate() {
            let Some(&wanted) = takes.get(at).or(takes.last()) else { continue };
            let hint = expectation(wanted).or_else(|| (same != Type::Null).then(|| same.clone()));
            let Ok(value) = self.any(written, scope, hint.as_ref()) else {
                failed = true;
                continue;
            };
            if !accepts(wanted, &value.ty, self.catalog) {
                let (span, function, ty) = (written.span, &call.name.text, &value.ty);
                let note = errors::values::wrong_argument(span, function, wanted, ty, self.catalog);
                self.notes.push(note);
                failed = true;
                continue;
            }
            if wanted == Takes::Same {
                same = same.unite(&value.ty);
            }
            args.push(held_to(wanted, value, self.catalog));
        }
        if failed {
            return Err(Noted);
        }
        if takes.contains(&Takes::Same) {
            args = args.into_iter().map(|arg| arg.seen_as(&same)).collect();
        }
        Ok((args, same))
    }

    fn function(
        &mut self,
        function: &'static Function,
        mut args: Vec<Expr>,
        same: Type,
        call: Call<'_>,
    ) -> Resolved<Expr> {
        let first = args.first().map_or(Type::Null, |arg| arg.ty.clone());
        match function.means {
            Means::Possibly => {
                let inner = args.pop().ok_or(Noted)?;
                return Ok(Expr::truth(ExprKind::Possibly(Box::new(inner))));
            }
            Means::Score => return self.score(&args, call.span),
            Means::Today => return Ok(of_constant(Constant::Date(self.today.clone()))),
            Means::Checked("dixit_date") => {
                if let Some(ExprKind::Constant(Constant::Text(text))) =
                    args.first().map(|arg| &arg.kind)
                {
                    return self.date(&text.clone(), call.span);
                }
            }
            Means::Sql(_)
            | Means::Checked(_)
            | Means::Coalesce
            | Means::NullIf
            | Means::Size
            | Means::Kind
            | Means::EdgeName
            | Means::ToText
            | Means::PathPart
            | Means::IsEmpty
            | Means::At(_)
            | Means::Labels
            | Means::Properties
            | Means::Keys
            | Means::ElementId
            | Means::Evidence
            | Means::Convert(..)
            | Means::Reverse => {}
        }
        let ty = match function.gives {
            Gives::Int => Type::Int,
            Gives::Float => Type::Float,
            Gives::Text => Type::Text,
            Gives::Bool => Type::Bool,
            Gives::Date => Type::Date,
            Gives::DateTime => Type::DateTime,
            Gives::Duration => Type::Duration,
            Gives::Map => Type::Map,
            Gives::Any => Type::Any,
            Gives::Texts => Type::List(Box::new(Type::Text)),
            Gives::Ints => Type::List(Box::new(Type::Int)),
            Gives::First => first,
            Gives::Joined => same,
            Gives::Member => first.member().cloned().unwrap_or(Type::Null),
            Gives::Nodes => {
                Type::List(Box::new(Type::Node(self.catalog.kinds().map(|(id, _)| id).collect())))
            }
            Gives::Edges => {
                Type::List(Box::new(Type::Edge(self.catalog.edges().map(|(id, _)| id).collect())))
            }
        };
        Ok(Expr::new(ExprKind::Call(function, args), ty))
    }

    /// The rank of the search on the same node that stands before it.
    fn score(&mut self, args: &[Expr], span: Span) -> Resolved<Expr> {
        for search in self.searches.iter().rev() {
            if let ExprKind::Search { of, owner, property, query, rank: _ } = &search.kind
                && args.first() == Some(of)
            {
                let (of, query) = (of.clone(), query.clone());
                let kind =
                    ExprKind::Search { of, owner: *owner, property: *property, query, rank: true };
                return Ok(Expr::new(kind, Type::Float));
            }
        }
        if !self.notes.is_empty() {
            // The search may be what was wrong.
            return Err(Noted);
        }
        self.wrong(errors::values::score_without_search(span))
    }

    fn aggregate(
        &mut self,
        which: &'static Aggregate,
        call: Call<'_>,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let counts = which.gives == Sum::Count;
        if call.star && !counts {
            return self.wrong(errors::rows::star_not_counted(call.span, which.name));
        }
        let least = which.takes.len() - if counts && !call.star { 0 } else { which.optional };
        if !call.star {
            self.check_count(call, which.name, least, which.takes.len())?;
        }
        if let (true, false, [ast::Expr { kind: ast::ExprKind::Exists(_), span }]) =
            (counts, call.distinct, call.args)
        {
            self.remark(errors::remarks::counted_condition(*span));
        }
        let (args, _) = self.args(call, which.takes, scope)?;
        if args.iter().any(Expr::has_aggregate) {
            return self.wrong(errors::rows::nested_aggregate(call.span));
        }
        let first = args.first().map_or(Type::Null, |arg| arg.ty.clone());
        let ty = match which.gives {
            Sum::Count => Type::Int,
            Sum::Float => Type::Float,
            Sum::Text | Sum::Evidence => Type::Text,
            Sum::Sum | Sum::Value | Sum::First => first,
            Sum::List => Type::List(Box::new(first)),
        };
        Ok(Expr::new(ExprKind::Aggregate { which, distinct: call.distinct, args }, ty))
    }
}

fn expectation(wanted: Takes) -> Option<Type> {
    match wanted {
        Takes::Text | Takes::Time => Some(Type::Text),
        Takes::Int => Some(Type::Int),
        Takes::Number => Some(Type::Float),
        Takes::Date => Some(Type::Date),
        Takes::Bool => Some(Type::Bool),
        Takes::List
        | Takes::TextOrList
        | Takes::Node
        | Takes::Edge
        | Takes::Path
        | Takes::Element
        | Takes::Keyed
        | Takes::Sized
        | Takes::Simple
        | Takes::Scalar
        | Takes::TextOrNumber
        | Takes::Sortable
        | Takes::Same => None,
    }
}

/// What is known only when it runs, held to what a function takes.
fn held_to(wanted: Takes, value: Expr, catalog: &Catalog) -> Expr {
    if wanted == Takes::Time && value.ty != Type::Text {
        return value.seen_as(&Type::Any);
    }
    if value.ty != Type::Any {
        return value;
    }
    match wanted {
        Takes::Text => value.seen_as(&Type::Text),
        Takes::Int => value.seen_as(&Type::Int),
        Takes::Number => {
            let place = value.place;
            let call = ExprKind::Call(&functions::NUMBER, vec![value]);
            Expr { kind: call, ty: Type::Any, place }
        }
        Takes::Date => value.seen_as(&Type::Date),
        Takes::Bool => value.seen_as(&Type::Bool),
        Takes::List => value.seen_as(&Type::List(Box::new(Type::Any))),
        Takes::Node => value.seen_as(&Type::Node(catalog.kinds().map(|(id, _)| id).collect())),
        Takes::Edge => value.seen_as(&Type::Edge(catalog.edges().map(|(id, _)| id).collect())),
        Takes::Path => value.seen_as(&Type::Path),
        Takes::TextOrList
        | Takes::Element
        | Takes::Keyed
        | Takes::Sized
        | Takes::Simple
        | Takes::Scalar
        | Takes::TextOrNumber
        | Takes::Sortable
        | Takes::Time
        | Takes::Same => value,
    }
}

fn accepts(wanted: Takes, ty: &Type, catalog: &Catalog) -> bool {
    if *ty == Type::Null || *ty == Type::Any {
        let open = wanted == Takes::Element;
        return !(*ty == Type::Any && open);
    }
    match wanted {
        Takes::Text => *ty == Type::Text,
        Takes::Int => *ty == Type::Int,
        Takes::Number => ty.is_number(),
        Takes::Date => *ty == Type::Date,
        Takes::Bool => *ty == Type::Bool,
        Takes::List => matches!(ty, Type::List(_)),
        Takes::TextOrList => matches!(ty, Type::Text | Type::List(_)),
        Takes::Node => matches!(ty, Type::Node(_)),
        Takes::Edge => {
            let stands =
                |kinds: &KindSet| kinds.iter().all(|&kind| catalog.kind(kind).edge.is_some());
            matches!(ty, Type::Edge(_)) || matches!(ty, Type::Node(kinds) if stands(kinds))
        }
        Takes::Path => *ty == Type::Path,
        Takes::Sized => matches!(ty, Type::Text | Type::List(_) | Type::Map | Type::Path),
        Takes::Simple => is_simple(ty),
        Takes::Scalar => matches!(ty, Type::Text | Type::Int | Type::Float | Type::Bool),
        Takes::TextOrNumber => matches!(ty, Type::Text | Type::Int | Type::Float),
        Takes::Sortable => is_simple(ty) || matches!(ty, Type::List(_)),
        Takes::Element => matches!(ty, Type::Node(_) | Type::Edge(_)),
        Takes::Keyed => matches!(ty, Type::Map | Type::Node(_) | Type::Edge(_)),
        Takes::Time => {
            matches!(ty, Type::Text | Type::Map | Type::Date | Type::DateTime | Type::Duration)
        }
        Takes::Same => true,
    }
}

fn is_simple(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Text
            | Type::Int
            | Type::Float
            | Type::Bool
            | Type::Date
            | Type::DateTime
            | Type::Duration
    )
}
