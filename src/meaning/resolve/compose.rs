//! Queries put together: clauses in a row, queries inside others, and several joined into one.
//!
//! A clause with a mistake does not end the resolving: what it would have named is known to be unknown, and whatever
//! rests on that is passed over in silence.

use super::{Noted, Resolved, Resolver};
use crate::base::closest::closest;
use crate::base::source::Span;
use crate::lang::ast::{self, SubqueryKind};
use crate::meaning::{
    errors,
    question::{
        Call, Expr, ExprKind, Output, Part, Query, SetOperator, Step, Unfolding, VarId, Wanted,
    },
    scope::Scope,
    types::Type,
};

/// Whether a query must say what it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    /// It must.
    Always,
    /// It need not, for only its rows count.
    Perhaps,
}

impl Resolver<'_> {
    /// Resolves a query; the names of `scope` are what it knows from outside.
    pub(super) fn query(
        &mut self,
        query: &ast::Query,
        scope: &Scope,
        returns: Returns,
    ) -> Resolved<Query> {
        let ast::Query { explain: _, as_of, linear, others, span: _ } = query;
        if let Some(as_of) = as_of.as_ref().filter(|as_of| as_of.clock == ast::Clock::Recorded) {
            return self.wrong(errors::writes::no_moment(as_of.span));
        }
        let outer = self.as_of.clone();
        if let Some(as_of) = as_of {
            self.as_of = Some(self.day(as_of, scope)?);
        }
        let resolved = self.parts(linear, others, scope, returns);
        self.as_of = outer;
        resolved
    }

    fn parts(
        &mut self,
        linear: &ast::Linear,
        others: &[(ast::SetOperator, ast::Linear)],
        scope: &Scope,
        returns: Returns,
    ) -> Resolved<Query> {
        self.remark_on_last(linear, others);
        let returns = if others.is_empty() { returns } else { Returns::Always };
        let first = self.linear(linear, &mut scope.clone(), returns);
        let mut parts = Vec::new();
        for (operator, part) in others {
            let resolved = self.linear(part, &mut scope.clone(), returns);
            parts.push((operator, part, resolved));
        }
        let (first, mut columns) = first?;
        if parts.is_empty() {
            return Ok(Query { first, others: Vec::new(), columns });
        }
        let mut joined = Vec::new();
        for (operator, written, resolved) in parts {
            let (part, others) = resolved?;
            columns = self.joined_columns(&columns, &others, operator.span, written)?;
            joined.push((set_operator(operator), part));
        }
        for column in &mut columns {
            column.var = self.new_var(Some(&column.name), column.ty.clone());
        }
        Ok(Query { first, others: joined, columns })
    }

    /// The columns of two parts as one: as many, with the same names, of types that go together.
    fn joined_columns(
        &mut self,
        before: &[Output],
        next: &[Output],
        operator: Span,
        written: &ast::Linear,
    ) -> Resolved<Vec<Output>> {
        let place = written.result.as_ref().map_or(written.span, |result| result.span);
        if before.len() != next.len() {
            let counts = (before.len(), next.len());
            return self.wrong(errors::rows::unequal_columns(place, operator, counts));
        }
        let mut columns = Vec::new();
        for (at, (one, other)) in before.iter().zip(next).enumerate() {
            let items = written.result.iter().flat_map(|result| &result.items);
            let place = items.map(|item| item.value.span).nth(at).unwrap_or(place);
            if one.name != other.name {
                let names = (one.name.as_str(), other.name.as_str());
                return self.wrong(errors::rows::unequal_names(place, at, names));
            }
            let Some(ty) = one.ty.join(&other.ty) else {
                let types = (&one.ty, &other.ty);
                return self.wrong(errors::rows::unequal_types(
                    place,
                    &one.name,
                    types,
                    self.catalog,
                ));
            };
            columns.push(Output { ty, ..one.clone() });
        }
        Ok(columns)
    }

    /// Resolves one part of a query; what its clauses name joins the scope.
    pub(super) fn linear(
        &mut self,
        linear: &ast::Linear,
        scope: &mut Scope,
        returns: Returns,
    ) -> Resolved<(Part, Vec<Output>)> {
        let ast::Linear { clauses, writes, result, span } = linear;
        self.check_size(linear)?;
        if let Some(write) = writes.first() {
            return self.wrong(errors::writes::not_here(write.span(), true));
        }
        let (mut steps, mut failed) = (Vec::new(), false);
        for clause in clauses {
            failed |= self.clause(clause, scope, &mut steps).is_err();
        }
        let Some(result) = result else {
            if returns == Returns::Always {
                return self.wrong(errors::rows::nothing_returned(*span));
            }
            let part = Part { steps, gives: Vec::new() };
            return if failed { Err(Noted) } else { Ok((part, Vec::new())) };
        };
        let (projection, columns) = self.return_clause(result, scope)?;
        steps.extend(self.in_steps(projection));
        let gives = columns.iter().map(|column| column.var).collect();
        if failed { Err(Noted) } else { Ok((Part { steps, gives }, columns)) }
    }

    /// Resolves one clause: what it names joins the scope, what it does joins the steps. After a mistake the names it
    /// would have given are in the scope all the same.
    pub(super) fn clause(
        &mut self,
        clause: &ast::Clause,
        scope: &mut Scope,
        steps: &mut Vec<Step>,
    ) -> Resolved<()> {
        let before = scope.clone();
        let resolved = match clause {
            ast::Clause::Match(clause) => {
                self.match_clause(clause, scope).map(|found| steps.push(Step::Match(found)))
            }
            ast::Clause::With { projection, filter } => {
                self.with_clause(projection, filter.as_ref(), scope, steps)
            }
            ast::Clause::Optional(clauses, span) => {
                self.optional_clauses(clauses, *span, scope).map(|step| steps.push(step))
            }
            ast::Clause::Let(values, _) => self.let_clause(values, scope, steps),
            ast::Clause::For { name, list, place, span: _ } => {
                self.for_clause(name, list, place.as_ref(), scope).map(|step| steps.push(step))
            }
            ast::Clause::Call { optional, imports, query, span: _ } => self
                .call_clause(imports.as_deref(), query, scope)
                .map(|query| steps.push(Step::Call(Call { optional: *optional, query }))),
        };
        if resolved.is_err() {
            self.go_on(clause, before, scope);
        }
        resolved
    }

    /// Puts the names that a clause would have given into the scope, as ones of which nothing is known.
    fn go_on(&mut self, clause: &ast::Clause, before: Scope, scope: &mut Scope) {
        let mut names = Vec::new();
        given_names(clause, &mut names);
        match clause {
            ast::Clause::With { projection, filter: _ } if projection.star.is_none() => {
                *scope = Scope::default();
            }
            ast::Clause::Match(_) => {
                let unknown = |var: VarId| match self.ty(var) {
                    Type::Node(kinds) => kinds.is_empty(),
                    Type::Edge(edges) => edges.is_empty(),
                    Type::List(of) => **of == Type::Null,
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
                    | Type::Path => false,
                };
                let all: Vec<VarId> = scope.vars().map(|(_, var)| var).collect();
                if all.into_iter().any(unknown) {
                    *scope = before;
                }
            }
            ast::Clause::With { .. }
            | ast::Clause::Optional(..)
            | ast::Clause::Let(..)
            | ast::Clause::For { .. }
            | ast::Clause::Call { .. } => *scope = before,
        }
        for name in names {
            if scope.find(name).is_none() {
                scope.add_unknown(name);
            }
        }
    }

    /// `let a = e, b = f`: the second may read the first.
    fn let_clause(
        &mut self,
        values: &[(ast::Name, ast::Expr)],
        scope: &mut Scope,
        steps: &mut Vec<Step>,
    ) -> Resolved<()> {
        let (mut resolved, mut failed) = (Vec::new(), false);
        for (name, written) in values {
            let value = self.expr_as(written, scope, None);
            let Ok(value) = value else {
                scope.add_unknown(&name.text);
                failed = true;
                continue;
            };
            match self.fresh(name, value.ty.clone(), scope) {
                Ok(var) => resolved.push((var, value)),
                Err(Noted) => failed = true,
            }
        }
        steps.push(Step::Let(resolved));
        if failed { Err(Noted) } else { Ok(()) }
    }

    fn for_clause(
        &mut self,
        name: &ast::Name,
        written: &ast::Expr,
        place: Option<&(ast::Ordinal, ast::Name)>,
        scope: &mut Scope,
    ) -> Resolved<Step> {
        let expected = Type::List(Box::new(Type::Null));
        let list = self.expr_as(written, scope, Some(&expected))?;
        let open = list.ty == Type::Any;
        let list = if open { list.seen_as(&Type::List(Box::new(Type::Any))) } else { list };
        let of = if list.ty == Type::Null { Some(&Type::Null) } else { list.ty.member() };
        let Some(of) = of.cloned() else {
            return self.wrong(errors::values::not_a_list(written.span, &list.ty, self.catalog));
        };
        let member = self.fresh(name, of, scope)?;
        let place = match place {
            None => None,
            Some((ordinal, name)) => {
                let from = i64::from(*ordinal == ast::Ordinal::Ordinality);
                Some((self.fresh(name, Type::Int, scope)?, from))
            }
        };
        Ok(Step::For(Unfolding { member, list, place }))
    }

    /// `optional { clauses }`: what they name joins the row, or null where they find nothing.
    fn optional_clauses(
        &mut self,
        clauses: &[ast::Clause],
        span: Span,
        scope: &mut Scope,
    ) -> Resolved<Step> {
        let (mut inner, mut steps, mut failed) = (scope.clone(), Vec::new(), false);
        for clause in clauses {
            failed |= self.clause(clause, &mut inner, &mut steps).is_err();
        }
        if failed {
            return Err(Noted);
        }
        let found: Vec<(String, VarId)> =
            inner.vars().map(|(name, var)| (name.to_owned(), var)).collect();
        let mut columns = Vec::new();
        for (name, var) in found {
            match scope.var(&name) {
                Some(known) if known == var => {}
                Some(_) => {
                    let name = ast::Name { text: name, span };
                    return self.wrong(errors::patterns::name_taken(&name));
                }
                None => {
                    scope.add(&name, var);
                    columns.push(Output { name, var, ty: self.ty(var).clone() });
                }
            }
        }
        if let [Step::Match(found)] = steps.as_mut_slice() {
            found.optional = true;
            return steps.pop().ok_or(Noted);
        }
        let first = Part { steps, gives: columns.iter().map(|column| column.var).collect() };
        let query = Query { first, others: Vec::new(), columns };
        Ok(Step::Call(Call { optional: true, query }))
    }

    /// `call (a, b) { query }`: what the query returns joins the row.
    fn call_clause(
        &mut self,
        imports: Option<&[ast::Name]>,
        written: &ast::Query,
        scope: &mut Scope,
    ) -> Resolved<Query> {
        let inner = match imports {
            None => scope.clone(),
            Some(names) => self.imported(names, scope)?,
        };
        let query = self.query(written, &inner, Returns::Always)?;
        self.check_names(written)?;
        for (at, column) in query.columns.iter().enumerate() {
            if scope.find(&column.name).is_some() {
                let span = item_span(written, at);
                let name = ast::Name { text: column.name.clone(), span };
                return self.wrong(errors::patterns::name_taken(&name));
            }
            scope.add(&column.name, column.var);
        }
        Ok(query)
    }

    /// The scope of an inner query that may read only some variables.
    fn imported(&mut self, names: &[ast::Name], scope: &Scope) -> Resolved<Scope> {
        let (mut inner, mut failed) = (Scope::default(), false);
        for name in names {
            if let Some(meaning) = scope.find(&name.text) {
                inner.take(&name.text, meaning.clone());
            } else {
                let near = closest(&name.text, scope.names());
                self.notes.push(errors::names::unknown_variable(name, near.into_iter()));
                failed = true;
            }
        }
        inner.hide(scope.names());
        if failed { Err(Noted) } else { Ok(inner) }
    }

    /// What a called query returns goes on by name, so every item needs one.
    fn check_names(&mut self, written: &ast::Query) -> Resolved<()> {
        let items = written.linear.result.iter().flat_map(|result| &result.items);
        let unnamed = |item: &&ast::Item| {
            item.alias.is_none() && !matches!(item.value.kind, ast::ExprKind::Variable(_))
        };
        let spans: Vec<Span> = items.filter(unnamed).map(|item| item.value.span).collect();
        let failed = !spans.is_empty();
        self.notes.extend(spans.into_iter().map(errors::rows::unnamed_item));
        if failed { Err(Noted) } else { Ok(()) }
    }

    /// `exists { … }`, `count { … }`, `collect { … }`, `value { … }`
    pub(super) fn subquery(
        &mut self,
        kind: SubqueryKind,
        written: &ast::Query,
        scope: &Scope,
        span: Span,
    ) -> Resolved<Expr> {
        let (wanted, returns) = match kind {
            SubqueryKind::Exists => (Wanted::Any, Returns::Perhaps),
            SubqueryKind::Count => (Wanted::Count, Returns::Perhaps),
            SubqueryKind::Collect => (Wanted::List, Returns::Always),
            SubqueryKind::Value => (Wanted::One, Returns::Always),
        };
        let query = self.query(written, scope, returns)?;
        let one = query.columns.first().map_or(Type::Null, |column| column.ty.clone());
        let ty = match wanted {
            Wanted::Any => Type::Bool,
            Wanted::Count => Type::Int,
            Wanted::List => Type::List(Box::new(one)),
            Wanted::One => one,
        };
        if matches!(wanted, Wanted::List | Wanted::One) && query.columns.len() != 1 {
            let place = written.linear.result.as_ref().map_or(span, |result| result.span);
            return self.wrong(errors::rows::not_one_column(place, query.columns.len()));
        }
        Ok(Expr::new(ExprKind::Subquery(wanted, Box::new(query)), ty))
    }
}

/// Where an item of a query's first part stands.
fn item_span(query: &ast::Query, at: usize) -> Span {
    let result = query.linear.result.as_ref();
    let item = result.and_then(|result| result.items.get(at));
    item.map(|item| item.alias.as_ref().map_or(item.value.span, |alias| alias.span))
        .or(result.map(|result| result.span))
        .unwrap_or(query.span)
}

fn set_operator(written: &ast::SetOperator) -> SetOperator {
    let all = written.all;
    match written.kind {
        ast::SetKind::Union => SetOperator::Union { all },
        ast::SetKind::Except => SetOperator::Except { all },
        ast::SetKind::Intersect => SetOperator::Intersect { all },
        ast::SetKind::Otherwise => SetOperator::Otherwise,
    }
}

/// The names that a clause gives, as written.
fn given_names<'a>(clause: &'a ast::Clause, names: &mut Vec<&'a str>) {
    match clause {
        ast::Clause::Match(found) => {
            for pattern in &found.patterns {
                names.extend(pattern.path.iter().map(|name| name.text.as_str()));
                along(&pattern.start, &pattern.steps, names);
            }
        }
        ast::Clause::Optional(clauses, _) => {
            for inner in clauses {
                given_names(inner, names);
            }
        }
        ast::Clause::With { projection, filter: _ } => names.extend(item_names(projection)),
        ast::Clause::Let(values, _) => {
            names.extend(values.iter().map(|(name, _)| name.text.as_str()));
        }
        ast::Clause::For { name, list: _, place, span: _ } => {
            names.push(&name.text);
            names.extend(place.iter().map(|(_, name)| name.text.as_str()));
        }
        ast::Clause::Call { optional: _, imports: _, query, span: _ } => {
            names.extend(query.linear.result.iter().flat_map(item_names));
        }
    }
}

fn along<'a>(start: &'a ast::Node, steps: &'a [(ast::Step, ast::Node)], names: &mut Vec<&'a str>) {
    names.extend(start.name.iter().map(|name| name.text.as_str()));
    for (step, node) in steps {
        match step {
            ast::Step::Edge(edge) => {
                names.extend(edge.name.iter().map(|name| name.text.as_str()));
            }
            ast::Step::Group(group) => along(&group.start, &group.steps, names),
        }
        names.extend(node.name.iter().map(|name| name.text.as_str()));
    }
}

fn item_names(projection: &ast::Projection) -> impl Iterator<Item = &str> {
    projection.items.iter().filter_map(|item| match (&item.alias, &item.value.kind) {
        (Some(name), _) | (None, ast::ExprKind::Variable(name)) => Some(name.text.as_str()),
        (None, _) => None,
    })
}
