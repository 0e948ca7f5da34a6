//! Aggregates are gathered before anything walks what they give: a list is walked by a query of its own, and an
//! aggregate inside that would count its rows.

use super::Resolver;
use crate::meaning::question::{Expr, ExprKind, Projection, Step};
use crate::meaning::types::Type;

impl Resolver<'_> {
    /// A projection as the one or two steps it takes.
    pub(super) fn in_steps(&mut self, projection: Projection) -> Vec<Step> {
        let values = projection.items.iter().map(|(_, value)| value);
        let mut all = values.chain(projection.order.iter().map(|key| &key.value));
        match &projection.group {
            Some(keys) if all.any(walks_aggregate) => {
                let keys = keys.clone();
                self.gathered(projection, &keys)
            }
            Some(_) | None => vec![Step::Project(projection)],
        }
    }

    fn gathered(&mut self, projection: Projection, keys: &[Expr]) -> Vec<Step> {
        let mut inner = Projection {
            distinct: false,
            items: Vec::new(),
            group: Some(keys.to_vec()),
            order: Vec::new(),
            offset: None,
            limit: None,
        };
        for key in keys {
            let var = key.as_var().unwrap_or_else(|| self.new_var(None, key.ty.clone()));
            inner.items.push((var, key.clone()));
        }
        let mut outer = Projection { group: None, ..projection };
        let values = outer.items.iter_mut().map(|(_, value)| value);
        for value in values.chain(outer.order.iter_mut().map(|key| &mut key.value)) {
            self.take_out(value, &mut inner);
        }
        vec![Step::Project(inner), Step::Project(outer)]
    }

    /// Puts variables in place of what the inner projection computes.
    fn take_out(&mut self, value: &mut Expr, inner: &mut Projection) {
        let aggregate = matches!(value.kind, ExprKind::Aggregate { .. });
        let known = inner.items.iter().find(|(_, item)| item == value).map(|(var, _)| *var);
        if known.is_none() && !aggregate {
            for child in value.children_mut() {
                self.take_out(child, inner);
            }
            return;
        }
        let var = known.unwrap_or_else(|| {
            let var = self.new_var(None, value.ty.clone());
            inner.items.push((var, value.clone()));
            var
        });
        value.kind = ExprKind::Var(var);
    }
}

/// Whether an aggregate stands in what is walked, or inside a value that is looked into when it is given out.
fn walks_aggregate(value: &Expr) -> bool {
    let looked_into = match &value.ty {
        Type::Any | Type::Map => !matches!(value.kind, ExprKind::Aggregate { .. }),
        Type::List(of) => {
            matches!(**of, Type::Any | Type::Map | Type::List(_))
                && !matches!(value.kind, ExprKind::Aggregate { .. })
        }
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Text
        | Type::Date
        | Type::DateTime
        | Type::Duration
        | Type::Node(_)
        | Type::Edge(_)
        | Type::Path => false,
    };
    let walks = matches!(
        value.kind,
        ExprKind::Comprehension { .. } | ExprKind::Quantified { .. } | ExprKind::In(..)
    );
    ((walks || looked_into) && value.has_aggregate())
        || value.children().into_iter().any(walks_aggregate)
}
