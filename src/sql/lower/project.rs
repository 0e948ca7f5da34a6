//! `return` and `with`: columns, groups, order and page.

use std::collections::BTreeSet;

use super::any::{needs_key, sort_key, with_type};
use super::expr::list_of;
use super::give::Members;
use super::{Binding, Kind, Lowering, Node, Rows};
use crate::base::planted::planted;
use crate::meaning::catalog::KindSet;
use crate::meaning::functions::{Function, Means};
use crate::meaning::question::{self, ExprKind, Projection, SortKey, VarId};
use crate::meaning::types::Type;
use crate::sql::select::{Expr, From, Select, Source};

impl Lowering<'_> {
    /// The last projection: its items are the result's columns.
    pub(super) fn output(&mut self, mut rows: Rows, projection: &Projection) -> Select {
        if let Some((inner, outer)) = self.in_two(projection) {
            let grouped = self.project(rows, &inner);
            return self.output(grouped, &outer);
        }
        let told_apart = self.told_apart(projection);
        let projection = told_apart.as_ref().unwrap_or(projection);
        let columns =
            projection.items.iter().map(|(_, value)| self.given(&mut rows, value)).collect();
        self.finish(&mut rows, projection);
        Select { columns, ..rows.select }
    }

    /// What is given out of a list or a map is written more than once, and an aggregate must not be: groups first, then
    /// what is shown of them.
    fn in_two(&self, projection: &Projection) -> Option<(Projection, Projection)> {
        let Projection { distinct, items, group, order, offset, limit } = projection;
        let again = |(_, value): &(VarId, question::Expr)| {
            value.has_aggregate() && is_given_in_parts(&value.ty)
        };
        if !items.iter().any(again) {
            return None;
        }
        let (mut inner_items, mut sorted) = (items.clone(), order.clone());
        for (at, key) in sorted.iter_mut().enumerate() {
            let var = VarId(self.vars.len() + at);
            inner_items.push((var, key.value.clone()));
            key.value = question::Expr::new(ExprKind::Var(var), key.value.ty.clone());
        }
        let held = items
            .iter()
            .map(|(var, value)| (*var, question::Expr::new(ExprKind::Var(*var), value.ty.clone())));
        let outer = Projection {
            distinct: *distinct,
            items: held.collect(),
            group: None,
            order: sorted,
            offset: offset.clone(),
            limit: limit.clone(),
        };
        let inner = Projection {
            distinct: false,
            items: inner_items,
            group: group.clone(),
            order: Vec::new(),
            offset: None,
            limit: None,
        };
        Some((inner, outer))
    }

    /// What is given out of a node without a key does not tell it from another: `distinct` then means groups of the
    /// nodes themselves.
    fn told_apart(&self, projection: &Projection) -> Option<Projection> {
        let keyless =
            |kinds: &KindSet| kinds.iter().any(|&kind| self.catalog.kind(kind).key.is_none());
        let nameless = |ty: &Type| {
            matches!(ty, Type::Edge(_) | Type::List(_) | Type::Path | Type::Map | Type::Any)
                || matches!(ty, Type::Node(kinds) if keyless(kinds))
        };
        let items = || projection.items.iter().map(|(_, value)| value);
        if !projection.distinct || !items().any(|value| nameless(&value.ty)) {
            return None;
        }
        let known = |key: &question::Expr| items().any(|value| value == key);
        let group = match &projection.group {
            None => items().cloned().collect(),
            Some(keys) if keys.iter().all(known) => keys.clone(),
            Some(_) => return None,
        };
        Some(Projection { distinct: false, group: Some(group), ..projection.clone() })
    }

    /// A projection in the middle. One that only names things costs nothing.
    pub(super) fn project(&mut self, mut rows: Rows, projection: &Projection) -> Rows {
        let keyed = projection.items.iter().any(|(_, value)| needs_key(&value.ty));
        let told_apart = if keyed { self.told_apart(projection) } else { None };
        let projection = told_apart.as_ref().unwrap_or(projection);
        let Projection { distinct, items, group, order, offset, limit } = projection;
        if items.iter().any(|(_, value)| stacks(&rows, value)) {
            rows = self.name_rows(rows, &projection.reads());
        }
        if !distinct && group.is_none() && offset.is_none() && limit.is_none() {
            for (var, value) in items {
                let binding = renamed(&rows, value);
                rows.env.insert(*var, binding);
            }
            if items.iter().any(|(_, value)| is_unsteady(value)) {
                let live = items.iter().map(|(var, _)| *var).collect();
                rows = self.name_rows(rows, &live);
            }
            if !order.is_empty() {
                rows.order.clone_from(order);
            }
            return rows;
        }
        let mut columns = Vec::new();
        let mut carried = Vec::new();
        for (var, value) in items {
            let mut binding = renamed(&rows, value);
            match &mut binding {
                Binding::Node(node) => node.scope = rows.scope,
                // Lists of the same edges are the same list, whichever way they were passed.
                Binding::Walk(walk) => binding = Binding::Value(list_of(walk.edges.clone())),
                Binding::Edge { edge: _, row: _ }
                | Binding::Token(..)
                | Binding::Path(_)
                | Binding::Value(_)
                | Binding::Computed(_) => {}
            }
            carried.push((*var, self.carry(&mut rows, binding, &mut columns)));
        }
        self.finish(&mut rows, projection);
        let scope = rows.scope;
        let select = Select { columns, ..rows.select };
        let alias = self.alias();
        let from = vec![From::inner(Source::Selects(vec![select]), alias)];
        let mut env = rows.env;
        env.retain(|_, binding| matches!(binding, Binding::Node(node) if node.scope != scope));
        env.extend(carried.into_iter().map(|(var, held)| (var, held.at(alias, scope))));
        let order = order.iter().map_while(|key| as_item(key, items)).collect();
        Rows { select: Select { from, ..Select::default() }, env, scope, order, ..Rows::default() }
    }

    fn finish(&mut self, rows: &mut Rows, projection: &Projection) {
        rows.select.distinct = planted!(Distinct, projection.distinct, false);
        for key in projection.group.iter().flatten() {
            let parts = self.parts(rows, key);
            rows.select.group.extend(parts);
        }
        let order = self.sorts(rows, &projection.order);
        rows.select.order = order;
        rows.select.limit = projection.limit.as_ref().map(|limit| self.count(rows, limit));
        rows.select.offset = projection.offset.as_ref().map(|offset| self.count(rows, offset));
    }

    /// How many rows to give or to leave out; what is computed must turn out to be such a number.
    fn count(&mut self, rows: &mut Rows, count: &question::Expr) -> Expr {
        let value = self.value(rows, count);
        if count.as_constant().is_some() {
            return value;
        }
        // Null is no such number either.
        let known = Expr::Call("coalesce", vec![value, Expr::Word("-1")]);
        let place = self.place(count);
        Expr::Call("dixit_count", vec![known, place])
    }

    /// What tells one group from another.
    fn parts(&mut self, rows: &mut Rows, key: &question::Expr) -> Vec<Expr> {
        if let (Type::Node(_), Some(node)) = (&key.ty, self.node(rows, key)) {
            return match node.kind {
                Kind::Fixed(_) => vec![node.id],
                Kind::Column(kind) => vec![kind, node.id],
            };
        }
        // A term is told apart by its number as well as by its name.
        if let Some((number, _)) = self.term_column(rows, key) {
            return vec![number];
        }
        let value = self.value(rows, key);
        vec![unfolded(value, &key.ty)]
    }

    /// What a node is sorted by: what tables show of it.
    pub(super) fn shown(&mut self, node: &Node) -> Expr {
        let Kind::Fixed(id) = node.kind else { return self.node_value(node) };
        let kind = self.catalog.kind(id);
        let Some(column) = kind.shown.clone().or_else(|| kind.key.clone()) else {
            return node.id.clone();
        };
        if let Some(row) = node.table {
            return Expr::column(row, &column);
        }
        let row = self.alias();
        let held = vec![Expr::equal(Expr::fixed(row, "id"), node.id.clone())];
        super::element::one(
            Expr::column(row, &column),
            Source::Table(kind.table.clone()),
            row,
            held,
        )
    }

    /// An item as it leaves the query.
    pub(super) fn given(&mut self, rows: &mut Rows, value: &question::Expr) -> Expr {
        match &value.ty {
            Type::Node(_) => match self.node(rows, value) {
                Some(node) => self.give_node(&node),
                None => Expr::Word("null"),
            },
            Type::Edge(edges) => {
                let token = self.value(rows, value);
                self.give_token(&token, edges)
            }
            Type::Path => self.given_path(rows, value),
            Type::List(of) => {
                let list = self.value(rows, value);
                if let Type::Node(kinds) = &**of {
                    return self.give_members(&list, kinds, &BTreeSet::new(), Members::Nodes);
                }
                match of.edges() {
                    Some(edges) => {
                        self.give_members(&list, &BTreeSet::new(), edges, Members::Edges)
                    }
                    None if holds_any(of) => self.give_any(with_type(list, &value.ty)),
                    None => list,
                }
            }
            Type::Map | Type::Any => {
                let value = self.any_value(rows, value);
                self.give_any(value)
            }
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration => self.value(rows, value),
        }
    }

    fn given_path(&mut self, rows: &mut Rows, value: &question::Expr) -> Expr {
        let known = value.as_var().and_then(|var| rows.env.get(&var).cloned());
        if let Some(Binding::Path(path)) = known {
            return self.give_members(&path.value, &path.through, &path.over, Members::Path);
        }
        let path = self.value(rows, value);
        let path = self.any_path(path);
        self.give_members(&path.value, &path.through, &path.over, Members::Path)
    }
}

/// Whether nodes and edges may be inside such a value, told only by the value itself.
fn holds_any(ty: &Type) -> bool {
    match ty {
        Type::Any | Type::Map | Type::Node(_) | Type::Edge(_) | Type::Path => true,
        Type::List(of) => holds_any(of),
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Text
        | Type::Date
        | Type::DateTime
        | Type::Duration => false,
    }
}

/// A truth value that the database will not take for the number of a column, should it be always the same.
pub(super) fn unfolded(value: Expr, ty: &Type) -> Expr {
    if *ty == Type::Bool {
        return Expr::Call("coalesce", vec![value, Expr::Word("null")]);
    }
    if needs_key(ty) { sort_key(value, ty) } else { value }
}

/// A sort key as it is called behind a projection that gives it.
fn as_item(key: &SortKey, items: &[(VarId, question::Expr)]) -> Option<SortKey> {
    let (var, value) = items.iter().find(|(_, value)| *value == key.value)?;
    let value = question::Expr::new(ExprKind::Var(*var), value.ty.clone());
    Some(SortKey { value, ..key.clone() })
}

/// Where a projected value is found: a variable where it was, anything else computed when it is asked for.
pub(super) fn renamed(rows: &Rows, value: &question::Expr) -> Binding {
    let known = value.as_var().and_then(|var| rows.env.get(&var).cloned());
    known.unwrap_or_else(|| Binding::Computed(value.clone()))
}

/// Whether a value is another one each time it is computed, so that it has to be computed once and kept.
pub(super) fn is_unsteady(value: &question::Expr) -> bool {
    let drawn = |function: &Function| function.means == Means::Checked("dixit_rand");
    let own = matches!(&value.kind, ExprKind::Call(function, _) if drawn(function));
    own || value.children().into_iter().any(is_unsteady)
}

/// Whether a value is computed from one that is computed itself: written into each other, a dozen such steps would make
/// a statement too long for any database.
pub(super) fn stacks(rows: &Rows, value: &question::Expr) -> bool {
    let computed = |var| matches!(rows.env.get(var), Some(Binding::Computed(_)));
    value.as_var().is_none() && value.vars().iter().any(computed)
}

/// Whether what is given out of a value looks at it more than once.
pub(super) fn is_given_in_parts(ty: &Type) -> bool {
    match ty {
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Text
        | Type::Date
        | Type::DateTime
        | Type::Duration => false,
        Type::List(of) => is_given_in_parts(of),
        Type::Map | Type::Any | Type::Node(_) | Type::Edge(_) | Type::Path => true,
    }
}
