//! Grouping by a node's property groups by the node first and looks the property up once a node.
//!
//! `match (a:Actor)-[s:said]->(c) return a.name, count(*)` counts by actor, which an index serves, and then adds up the
//! counts of actors that have one name: a million statements need a few thousand names, not a million.

use std::collections::BTreeMap;

use crate::meaning::functions::{ALL_EVIDENCE, Sum, aggregate};
use crate::meaning::question::{EdgePattern, Expr, ExprKind, Projection, Var, VarId};
use crate::meaning::types::Type;
use crate::plan::Plan;

/// Splits a projection that groups by properties of nodes that many rows share.
pub(super) fn keys_first(plan: Plan, vars: &mut Vec<Var>) -> Plan {
    let Plan::Project { input, projection } = plan else { return plan };
    match split(&input, &projection, vars) {
        Some((inner, outer)) => {
            let input = Box::new(Plan::Project { input, projection: inner });
            Plan::Project { input, projection: outer }
        }
        None => Plan::Project { input, projection },
    }
}

/// What the outer projection reads in place of what the inner one has computed.
struct Split<'v> {
    vars: &'v mut Vec<Var>,
    /// What the inner projection gives.
    items: Vec<(VarId, Expr)>,
    keys: Vec<Expr>,
    /// The node variables and what they are called outside.
    nodes: BTreeMap<VarId, VarId>,
    possible: bool,
}

fn split(
    input: &Plan,
    projection: &Projection,
    vars: &mut Vec<Var>,
) -> Option<(Projection, Projection)> {
    let Projection { distinct, items, group, order, offset, limit } = projection;
    let keys = group.as_ref()?;
    let shared = |key: &Expr| property_of(key).is_some_and(|var| is_shared(input, var));
    if !keys.iter().any(shared) || !items.iter().any(|(_, item)| item.has_aggregate()) {
        return None;
    }
    let mut split =
        Split { vars, items: Vec::new(), keys: Vec::new(), nodes: BTreeMap::new(), possible: true };
    let group = keys.iter().map(|key| split.key(key)).collect::<Vec<_>>();
    let outside = |split: &mut Split<'_>, value: &Expr| split.outside(value, keys, &group);
    let items = items.iter().map(|(var, value)| (*var, outside(&mut split, value))).collect();
    let mut sorted = order.clone();
    for key in &mut sorted {
        key.value = outside(&mut split, &key.value);
    }
    let Split { items: inner_items, keys: inner_keys, possible, vars: _, nodes: _ } = split;
    let inner = Projection {
        distinct: false,
        items: inner_items,
        group: Some(inner_keys),
        order: Vec::new(),
        offset: None,
        limit: None,
    };
    let outer = Projection {
        distinct: *distinct,
        items,
        group: Some(group),
        order: sorted,
        offset: offset.clone(),
        limit: limit.clone(),
    };
    possible.then_some((inner, outer))
}

impl Split<'_> {
    /// A group key as the outer projection sees it.
    fn key(&mut self, key: &Expr) -> Expr {
        let (ExprKind::Property(of, choices), Some(var)) = (&key.kind, property_of(key)) else {
            let var = self.give(key.clone());
            self.keys.push(key.clone());
            return Expr::new(ExprKind::Var(var), key.ty.clone());
        };
        let outer = self.nodes.get(&var).copied().unwrap_or_else(|| {
            self.keys.push((**of).clone());
            self.give((**of).clone())
        });
        self.nodes.insert(var, outer);
        let node = Expr::new(ExprKind::Var(outer), of.ty.clone());
        Expr::new(ExprKind::Property(Box::new(node), choices.clone()), key.ty.clone())
    }

    fn give(&mut self, value: Expr) -> VarId {
        let name = value.as_var().and_then(|var| self.vars.get(var.0)?.name.clone());
        let name = name.unwrap_or_else(|| format!("part{}", self.items.len() + 1));
        self.vars.push(Var { name: Some(name), ty: value.ty.clone() });
        let var = VarId(self.vars.len() - 1);
        self.items.push((var, value));
        var
    }

    /// An item or sort key in terms of what the inner projection gives.
    fn outside(&mut self, value: &Expr, keys: &[Expr], group: &[Expr]) -> Expr {
        if let Some(at) = keys.iter().position(|key| key == value)
            && let Some(key) = group.get(at)
        {
            return key.clone();
        }
        if let ExprKind::Aggregate { which, distinct, args: _ } = &value.kind {
            return self.combined(value, which.gives, which.name, *distinct);
        }
        if matches!(value.kind, ExprKind::Constant(_) | ExprKind::Null) {
            return value.clone();
        }
        self.possible = false;
        value.clone()
    }

    /// An aggregate of the inner groups' aggregates.
    fn combined(&mut self, value: &Expr, gives: Sum, name: &str, distinct: bool) -> Expr {
        let again = match gives {
            Sum::Count | Sum::Sum if !distinct => aggregate("sum"),
            Sum::Value => aggregate(name),
            Sum::Evidence => Some(&ALL_EVIDENCE),
            Sum::Count | Sum::Sum | Sum::First | Sum::Float | Sum::List | Sum::Text => None,
        };
        let Some(which) = again else {
            self.possible = false;
            return value.clone();
        };
        let known = self.items.iter().find(|(_, item)| item == value).map(|(var, _)| *var);
        let var = known.unwrap_or_else(|| self.give(value.clone()));
        let part = Expr::new(ExprKind::Var(var), value.ty.clone());
        Expr::new(
            ExprKind::Aggregate { which, distinct: false, args: vec![part] },
            value.ty.clone(),
        )
    }
}

/// The node whose property a key is.
fn property_of(key: &Expr) -> Option<VarId> {
    let ExprKind::Property(of, _) = &key.kind else { return None };
    if matches!(of.ty, Type::Node(_)) { of.as_var() } else { None }
}

/// Whether a node is likely to stand in many rows: an edge leads to or from it that is not its own statement's.
fn is_shared(input: &Plan, var: VarId) -> bool {
    let Plan::Join { input, block } = input else { return false };
    let ends = |edge: &EdgePattern| (edge.left == var || edge.right == var) && edge.var != var;
    let stands = block.edges.iter().any(|edge| edge.var == var);
    let many = block.edges.iter().any(ends) && !stands;
    many || is_shared(input, var)
}
