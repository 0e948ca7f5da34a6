//! `return` and `with`: items, grouping, sorting and paging.

use super::{Noted, Resolved, Resolver, asked::split_and};
use crate::base::source::Span;
use crate::lang::ast::{self, Nulls};
use crate::meaning::{
    errors,
    question::{Constant, Expr, ExprKind, Output, Projection, SortKey, Step, VarId},
    scope::Scope,
    types::Type,
};

/// An item with its name and its place.
struct Item {
    name: String,
    value: Expr,
    span: Span,
}

impl Resolver<'_> {
    /// Resolves the final `return`.
    pub(super) fn return_clause(
        &mut self,
        clause: &ast::Projection,
        scope: &Scope,
    ) -> Resolved<(Projection, Vec<Output>)> {
        let items = self.items(clause, scope, false)?;
        let projection = self.projection(clause, scope, &items)?;
        let columns = items
            .iter()
            .zip(&projection.items)
            .map(|(item, (var, value))| Output {
                name: item.name.clone(),
                var: *var,
                ty: value.ty.clone(),
            })
            .collect();
        Ok((projection, columns))
    }

    /// Resolves `with`: afterwards only its items have names.
    pub(super) fn with_clause(
        &mut self,
        clause: &ast::Projection,
        filter: Option<&ast::Expr>,
        scope: &mut Scope,
        steps: &mut Vec<Step>,
    ) -> Resolved<()> {
        let before = (!passes_all(clause)).then(|| scope.clone());
        let mut made = None;
        if let Some(before) = &before {
            let items = self.items(clause, before, true)?;
            let mut projection = self.projection(clause, before, &items)?;
            self.keep_order(&mut projection);
            *scope = Scope::default();
            for (item, (var, _)) in items.iter().zip(&projection.items) {
                scope.add(&item.name, *var);
            }
            made = Some((items, projection));
        }
        let mut conditions = Vec::new();
        if let Some(filter) = filter {
            let told = self.notes.len();
            match (self.condition(filter, scope), &before, &mut made) {
                (Ok(condition), ..) => split_and(condition, &mut conditions),
                (Err(Noted), Some(before), Some((items, projection))) => {
                    let narrow = self.notes.split_off(told);
                    let hidden = self.hidden_condition(filter, before, items, projection)?;
                    let Some(hidden) = hidden else {
                        self.notes.extend(narrow);
                        return Err(Noted);
                    };
                    conditions.push(hidden);
                }
                (Err(Noted), ..) => return Err(Noted),
            }
        }
        if let Some((_, projection)) = made {
            steps.extend(self.in_steps(projection));
        }
        steps.extend(conditions.into_iter().map(Step::Filter));
        Ok(())
    }

    /// What rows are sorted by stays with them where they are cut or gathered, for lists that are made of them later.
    fn keep_order(&mut self, projection: &mut Projection) {
        let Projection { distinct, items, group, order, offset, limit } = projection;
        if !*distinct && group.is_none() && offset.is_none() && limit.is_none() {
            return;
        }
        for key in order {
            if !items.iter().any(|(_, value)| *value == key.value) {
                items.push((self.new_var(None, key.value.ty.clone()), key.value.clone()));
            }
        }
    }

    /// A condition behind `with` that asks about what was there before: it becomes an item without a name, if it is
    /// known once the other items are or each row stays one.
    fn hidden_condition(
        &mut self,
        filter: &ast::Expr,
        before: &Scope,
        items: &[Item],
        projection: &mut Projection,
    ) -> Resolved<Option<Expr>> {
        let mut columns = before.clone();
        for item in items {
            columns.add_column(&item.name, item.value.clone());
        }
        let condition = self.condition(filter, &columns)?;
        let known = match &projection.group {
            Some(keys) => rests_on(&condition, keys),
            None if projection.distinct => {
                let values: Vec<Expr> = items.iter().map(|item| item.value.clone()).collect();
                rests_on(&condition, &values)
            }
            None => true,
        };
        if !known {
            return Ok(None);
        }
        let ty = condition.ty.clone();
        let var = self.new_var(None, ty.clone());
        projection.items.push((var, condition));
        Ok(Some(Expr::new(ExprKind::Var(var), ty)))
    }

    fn items(
        &mut self,
        clause: &ast::Projection,
        scope: &Scope,
        named: bool,
    ) -> Resolved<Vec<Item>> {
        let mut items: Vec<Item> = Vec::new();
        if let Some(span) = clause.star {
            for (name, var) in scope.vars() {
                let value = Expr::new(ExprKind::Var(var), self.ty(var).clone());
                items.retain(|item| item.name != name);
                items.push(Item { name: name.to_owned(), value, span });
            }
            if items.is_empty() && scope.has_unknown() {
                return Err(Noted);
            }
            if items.is_empty() {
                return self.wrong(errors::rows::nothing_named(span));
            }
        }
        let (mut failed, mut lost) = (false, Vec::new());
        for item in &clause.items {
            let Ok(value) = self.item(&item.value, scope) else {
                lost.extend(item.alias.as_ref().map(|alias| alias.text.as_str()));
                failed = true;
                continue;
            };
            let name = match (&item.alias, &item.value.kind) {
                (Some(alias), _) => alias.text.clone(),
                (None, ast::ExprKind::Variable(name)) => name.text.clone(),
                (None, _) if named => {
                    self.notes.push(errors::rows::unnamed_item(item.value.span));
                    failed = true;
                    continue;
                }
                (None, _) => item.heading.clone(),
            };
            if items.iter().any(|other| other.name == name) {
                self.notes.push(errors::rows::same_name_twice(item.value.span, &name));
                failed = true;
            }
            items.push(Item { name, value, span: item.value.span });
        }
        if failed {
            self.look_behind(clause, scope, (&items, &lost));
            return Err(Noted);
        }
        Ok(items)
    }

    /// After a mistake in the items, tells those in what stands behind them; what was told before is not told again.
    fn look_behind(
        &mut self,
        clause: &ast::Projection,
        scope: &Scope,
        (items, lost): (&[Item], &[&str]),
    ) {
        let mut columns = scope.clone();
        for item in items {
            columns.add_column(&item.name, item.value.clone());
        }
        for name in lost {
            columns.add_unknown(name);
        }
        let told = self.notes.len();
        for written in
            clause.group.iter().flatten().chain(clause.order.iter().map(|key| &key.value))
        {
            self.item(written, &columns).ok();
        }
        self.count(clause.offset.as_ref(), scope).ok();
        self.count(clause.limit.as_ref(), scope).ok();
        let found = self.notes.split_off(told);
        for note in found {
            if self.notes.iter().all(|known| known.message != note.message) {
                self.notes.push(note);
            }
        }
    }

    fn projection(
        &mut self,
        clause: &ast::Projection,
        scope: &Scope,
        items: &[Item],
    ) -> Resolved<Projection> {
        let mut columns = scope.clone();
        for item in items {
            columns.add_column(&item.name, item.value.clone());
        }
        let Ok(order) = self.order(&clause.order, &columns, items) else {
            self.count(clause.offset.as_ref(), scope).ok();
            self.count(clause.limit.as_ref(), scope).ok();
            return Err(Noted);
        };
        let group = self.group(clause, &columns, items, &order)?;
        if clause.distinct && group.is_none() {
            self.check_distinct_order(clause, items, &order)?;
        }
        let (offset, limit) =
            (self.count(clause.offset.as_ref(), scope)?, self.count(clause.limit.as_ref(), scope)?);
        let items = items
            .iter()
            .map(|item| (self.new_var(Some(&item.name), item.value.ty.clone()), item.value.clone()))
            .collect::<Vec<(VarId, Expr)>>();
        Ok(Projection { distinct: clause.distinct, items, group, order, offset, limit })
    }

    fn order(
        &mut self,
        order: &[ast::Order],
        columns: &Scope,
        items: &[Item],
    ) -> Resolved<Vec<SortKey>> {
        let (mut keys, mut failed) = (Vec::new(), false);
        for key in order {
            let Ok(value) = self.item(&key.value, columns) else {
                failed = true;
                continue;
            };
            if let ExprKind::Constant(constant) = &value.kind {
                let meant = named_by_number(constant, items);
                self.notes.push(errors::rows::constant_order(key.value.span, meant));
                failed = true;
                continue;
            }
            let nulls_first = key.nulls.map_or(key.descending, |nulls| nulls == Nulls::First);
            keys.push(SortKey { value, descending: key.descending, nulls_first });
        }
        if failed { Err(Noted) } else { Ok(keys) }
    }

    /// The group keys: nothing without aggregates and without `group by`.
    fn group(
        &mut self,
        clause: &ast::Projection,
        columns: &Scope,
        items: &[Item],
        order: &[SortKey],
    ) -> Resolved<Option<Vec<Expr>>> {
        let aggregated = items.iter().any(|item| item.value.has_aggregate());
        if !aggregated && clause.group.is_none() {
            let mut sorts = order.iter().zip(&clause.order);
            return match sorts.find(|(key, _)| key.value.has_aggregate()) {
                Some((_, written)) => {
                    self.wrong(errors::rows::misplaced_aggregate(written.value.span))
                }
                None => Ok(None),
            };
        }
        let mut named = Vec::new();
        for key in clause.group.iter().flatten() {
            let value = self.item(key, columns)?;
            if value.has_aggregate() {
                return self.wrong(errors::rows::aggregate_in_group(key.span));
            }
            named.push(value);
        }
        let plain = items.iter().filter(|item| !item.value.has_aggregate());
        let mut keys = named.clone();
        for item in plain {
            if clause.group.is_some() && !rests_on(&item.value, &named) {
                return self.wrong(errors::rows::not_grouped(item.span));
            }
            // A constant is a key, too: without rows there is no group then, unless `group by` says otherwise.
            let constant = matches!(item.value.kind, ExprKind::Constant(_) | ExprKind::Null);
            let passed_over = constant && clause.group.is_some();
            if !passed_over && !keys.contains(&item.value) {
                keys.push(item.value.clone());
            }
        }
        for item in items {
            if !rests_on(&item.value, &keys) {
                return self.wrong(errors::rows::not_grouped(item.span));
            }
        }
        for (key, written) in order.iter().zip(&clause.order) {
            if !rests_on(&key.value, &keys) {
                return self.wrong(errors::rows::not_grouped(written.value.span));
            }
        }
        Ok(Some(keys))
    }

    fn check_distinct_order(
        &mut self,
        clause: &ast::Projection,
        items: &[Item],
        order: &[SortKey],
    ) -> Resolved<()> {
        let values: Vec<Expr> = items.iter().map(|item| item.value.clone()).collect();
        for (key, written) in order.iter().zip(&clause.order) {
            if !rests_on(&key.value, &values) {
                return self.wrong(errors::rows::order_not_returned(written.value.span));
            }
        }
        Ok(())
    }

    /// The number behind `limit` or `offset`.
    fn count(&mut self, written: Option<&ast::Expr>, scope: &Scope) -> Resolved<Option<Expr>> {
        let Some(written) = written else { return Ok(None) };
        let value = self.expr_as(written, scope, Some(&Type::Int))?;
        if !value.vars().is_empty() {
            return self.wrong(errors::rows::varying_count(written.span));
        }
        let known = value.as_constant();
        let fits = match known {
            Some(constant) => matches!(constant, Constant::Int(0..)),
            None => value.ty == Type::Int,
        };
        if fits { Ok(Some(value)) } else { self.wrong(errors::rows::not_a_count(written.span)) }
    }
}

/// The column that a number stands for in SQL: `order by 2`.
fn named_by_number<'i>(constant: &Constant, items: &'i [Item]) -> Option<&'i str> {
    let Constant::Int(number) = constant else { return None };
    let at = usize::try_from(*number).ok()?.checked_sub(1)?;
    items.get(at).map(|item| item.name.as_str())
}

/// `with *` and nothing else: rows stay as they are.
fn passes_all(clause: &ast::Projection) -> bool {
    let ast::Projection { distinct, star, items, group, order, offset, limit, span: _ } = clause;
    star.is_some()
        && !distinct
        && items.is_empty()
        && group.is_none()
        && order.is_empty()
        && offset.is_none()
        && limit.is_none()
}

/// Whether a value is known once these are: it is one of them, an aggregate, a constant, or made of such.
fn rests_on(value: &Expr, keys: &[Expr]) -> bool {
    if keys.contains(value) || matches!(value.kind, ExprKind::Aggregate { .. }) {
        return true;
    }
    if let ExprKind::Var(_) | ExprKind::Named(..) = &value.kind {
        return false;
    }
    if let ExprKind::Exists(_) | ExprKind::Subquery(..) = &value.kind {
        let known = |var: &VarId| keys.iter().any(|key| key.kind == ExprKind::Var(*var));
        return value.vars().iter().all(known);
    }
    if let ExprKind::Comprehension { var, .. } | ExprKind::Quantified { var, .. } = &value.kind {
        let member = Expr::new(ExprKind::Var(*var), Type::Null);
        let inside: Vec<Expr> = keys.iter().cloned().chain([member]).collect();
        return value.children().into_iter().all(|child| {
            rests_on(child, &inside) || child.vars().iter().all(|known| known == var)
        });
    }
    value.children().into_iter().all(|child| rests_on(child, keys))
}
