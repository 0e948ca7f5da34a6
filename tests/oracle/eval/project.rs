//! `return` and `with`: groups, equal rows once, order and page.

use super::aggregate::has_aggregate;
use super::{Env, Group, Oracle, Stop, Tried};
use crate::oracle::value::{Value, order, show};
use dixit::lang::ast::{Expr, ExprKind, Item, Nulls, Order, Projection};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The names of the columns a projection gives.
pub(super) fn headings(projection: &Projection, rows: &[Env]) -> Vec<String> {
    let star = projection.star.and_then(|_| rows.first()).into_iter().flat_map(Env::keys).cloned();
    star.chain(projection.items.iter().map(heading)).collect()
}

pub(super) fn heading(item: &Item) -> String {
    match (&item.alias, &item.value.kind) {
        (Some(alias), _) => alias.text.clone(),
        (None, ExprKind::Variable(name)) => name.text.clone(),
        (None, _) => item.heading.clone(),
    }
}

impl Oracle<'_> {
    pub(super) fn with(&self, rows: Vec<Env>, projection: &Projection) -> Tried<Vec<Env>> {
        let plain = projection.star.is_some()
            && projection.items.is_empty()
            && !projection.distinct
            && projection.group.is_none()
            && projection.offset.is_none()
            && projection.limit.is_none();
        if plain {
            return Ok(rows);
        }
        let names = headings(projection, &rows);
        let projected = self.project(&rows, projection)?;
        Ok(projected.into_iter().map(|row| names.iter().cloned().zip(row).collect()).collect())
    }

    pub(super) fn project(&self, rows: &[Env], projection: &Projection) -> Tried<Vec<Vec<Value>>> {
        let grouped = projection.group.is_some()
            || projection.items.iter().any(|item| has_aggregate(&item.value))
            || projection.order.iter().any(|key| has_aggregate(&key.value));
        let groups = if grouped {
            self.groups(rows, projection)?
        } else {
            rows.iter().map(|row| vec![row.clone()]).collect()
        };
        let mut out: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
        for group in &groups {
            let empty = Env::new();
            let first = group.first().unwrap_or(&empty);
            let aggregate = grouped.then_some(Group { rows: group });
            let mut row: Vec<Value> = Vec::new();
            if projection.star.is_some() {
                row.extend(first.values().cloned());
            }
            let mut named = first.clone();
            for item in &projection.items {
                let value = self.value(first, &item.value, aggregate)?;
                named.insert(heading(item), value.clone());
                row.push(value);
            }
            let mut keys = Vec::new();
            for key in &projection.order {
                keys.push(self.value(&named, &key.value, aggregate)?);
            }
            out.push((row, keys));
        }
        if projection.distinct {
            let mut seen = BTreeSet::new();
            out.retain(|(row, _)| seen.insert(self.identity(row)));
        }
        out.sort_by(|a, b| sorted(&projection.order, &a.1, &b.1));
        let offset = self.count(projection.offset.as_ref())?.unwrap_or(0);
        let limit = self.count(projection.limit.as_ref())?.unwrap_or(usize::MAX);
        Ok(out.into_iter().map(|(row, _)| row).skip(offset).take(limit).collect())
    }

    fn count(&self, written: Option<&Expr>) -> Tried<Option<usize>> {
        let Some(written) = written else { return Ok(None) };
        match self.value(&Env::new(), written, None)? {
            Value::Int(count) => Ok(usize::try_from(count).ok()),
            _ => Err(Stop::Fails),
        }
    }

    fn groups(&self, rows: &[Env], projection: &Projection) -> Tried<Vec<Vec<Env>>> {
        let plain: Vec<&Expr> = projection
            .items
            .iter()
            .map(|item| &item.value)
            .filter(|value| !has_aggregate(value))
            .collect();
        let none = Vec::new();
        let named = projection.group.as_ref().unwrap_or(&none);
        let aliased = |expr: &Expr| -> Expr {
            let ExprKind::Variable(name) = &expr.kind else { return expr.clone() };
            let item = projection
                .items
                .iter()
                .find(|item| item.alias.as_ref().is_some_and(|alias| alias.text == name.text));
            item.map_or_else(|| expr.clone(), |item| item.value.clone())
        };
        let keys: Vec<Expr> = plain.into_iter().cloned().chain(named.iter().map(aliased)).collect();
        if keys.is_empty() {
            return Ok(vec![rows.to_vec()]);
        }
        let mut groups: Vec<(String, Vec<Env>)> = Vec::new();
        for row in rows {
            let mut values = Vec::new();
            for key in &keys {
                values.push(self.value(row, key, None)?);
            }
            let identity = self.identity(&values);
            match groups.iter_mut().find(|(known, _)| *known == identity) {
                Some((_, group)) => group.push(row.clone()),
                None => groups.push((identity, vec![row.clone()])),
            }
        }
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    /// What tells rows apart where equal ones count once.
    pub(super) fn identity(&self, row: &[Value]) -> String {
        let each: Vec<String> = row.iter().map(|value| self.identity_of(value)).collect();
        each.join("\u{1}")
    }

    fn identity_of(&self, value: &Value) -> String {
        match value {
            // Two attestations may look the same and are two all the same.
            Value::Node(at) => format!("node {at}"),
            Value::Edge(at) => match self.graph.edges[*at].node {
                Some(node) => format!("node {node}"),
                None => format!("edge {at}"),
            },
            Value::List(members) => format!("[{}]", self.identity(members)),
            Value::Map(pairs) => {
                let each: Vec<String> = pairs
                    .iter()
                    .map(|(name, value)| format!("{name}={}", self.identity_of(value)))
                    .collect();
                format!("{{{}}}", each.join("\u{2}"))
            }
            Value::Path(nodes, edges) => format!("path {nodes:?} {edges:?}"),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Date(_) => show(value, self.graph, true),
        }
    }
}

fn sorted(order_by: &[Order], a: &[Value], b: &[Value]) -> Ordering {
    for ((key, a), b) in order_by.iter().zip(a).zip(b) {
        let nulls_first = key.nulls.map_or(key.descending, |nulls| nulls == Nulls::First);
        let ordering = match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) if nulls_first => Ordering::Less,
            (false, true) if !nulls_first => Ordering::Less,
            (true, false) | (false, true) => Ordering::Greater,
            (false, false) => {
                let ordering = order(a, b).unwrap_or(Ordering::Equal);
                if key.descending { ordering.reverse() } else { ordering }
            }
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}
