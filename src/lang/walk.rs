//! Every expression of a query, those inside others and inside inner queries included: what is inside comes first.

use super::ast::{
    Assignment, Clause, Expr, ExprKind, Group, Item, Linear, Match, Node, Order, Pattern,
    Projection, Query, Step, Write,
};

/// What is done with each expression.
type See<'a> = &'a mut dyn FnMut(&mut Expr);

/// Shows every expression of a query to `see`, which may change it.
pub fn query(query: &mut Query, see: See<'_>) {
    let Query { explain: _, as_of, linear: first, others, span: _ } = query;
    if let Some(as_of) = as_of {
        expr(&mut as_of.time, see);
    }
    linear(first, see);
    for (_, other) in others {
        linear(other, see);
    }
}

fn linear(part: &mut Linear, see: See<'_>) {
    let Linear { clauses, writes, result, span: _ } = part;
    for one in clauses {
        clause(one, see);
    }
    for one in writes {
        write(one, see);
    }
    if let Some(result) = result {
        projection(result, see);
    }
}

fn write(write: &mut Write, see: See<'_>) {
    match write {
        Write::Insert(patterns, _) => {
            for one in patterns {
                pattern(one, see);
            }
        }
        Write::Set(assignments, _) => {
            for Assignment { of: _, property: _, value } in assignments {
                expr(value, see);
            }
        }
        Write::Remove(..) | Write::Delete { .. } => {}
    }
}

fn clause(one: &mut Clause, see: See<'_>) {
    match one {
        Clause::Match(found) => matching(found, see),
        Clause::Optional(clauses, _) => {
            for inner in clauses {
                clause(inner, see);
            }
        }
        Clause::With { projection: kept, filter } => {
            projection(kept, see);
            if let Some(filter) = filter {
                expr(filter, see);
            }
        }
        Clause::Let(values, _) => {
            for (_, value) in values {
                expr(value, see);
            }
        }
        Clause::For { name: _, list, place: _, span: _ } => expr(list, see),
        Clause::Call { optional: _, imports: _, query: inner, span: _ } => query(inner, see),
    }
}

/// Shows every expression of a `match` to `see`.
pub fn matching(found: &mut Match, see: See<'_>) {
    let Match { optional: _, mode: _, patterns, filter, span: _ } = found;
    for one in patterns {
        pattern(one, see);
    }
    if let Some(filter) = filter {
        expr(filter, see);
    }
}

fn pattern(pattern: &mut Pattern, see: See<'_>) {
    let Pattern { path: _, search: _, mode: _, start, steps: along, span: _ } = pattern;
    node(start, see);
    steps(along, see);
}

fn steps(along: &mut [(Step, Node)], see: See<'_>) {
    for (step, to) in along {
        match step {
            Step::Edge(edge) => {
                for (_, value) in &mut edge.properties {
                    expr(value, see);
                }
                if let Some(filter) = &mut edge.filter {
                    expr(filter, see);
                }
            }
            Step::Group(Group { start, steps: inner, filter, quantifier: _, span: _ }) => {
                node(start, see);
                steps(inner, see);
                if let Some(filter) = filter {
                    expr(filter, see);
                }
            }
        }
        node(to, see);
    }
}

fn node(node: &mut Node, see: See<'_>) {
    let Node { name: _, label: _, text, properties, filter, span: _ } = node;
    if let Some(text) = text {
        expr(text, see);
    }
    for (_, value) in properties {
        expr(value, see);
    }
    if let Some(filter) = filter {
        expr(filter, see);
    }
}

fn projection(projection: &mut Projection, see: See<'_>) {
    let Projection { distinct: _, star: _, items, group, order, offset, limit, span: _ } =
        projection;
    for Item { value, alias: _, heading: _ } in items {
        expr(value, see);
    }
    group.iter_mut().flatten().for_each(|key| expr(key, see));
    for Order { value, descending: _, nulls: _ } in order {
        expr(value, see);
    }
    for count in offset.iter_mut().chain(limit) {
        expr(count, see);
    }
}

/// Shows an expression and all inside it to `see`, the innermost first.
#[expect(clippy::too_many_lines, reason = "one flat match")]
pub fn expr(value: &mut Expr, see: See<'_>) {
    match &mut value.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::DateTime(_)
        | ExprKind::Duration(_)
        | ExprKind::Param(_)
        | ExprKind::Variable(_) => {}
        ExprKind::Property(of, _)
        | ExprKind::Unary(_, of)
        | ExprKind::Is { value: of, negated: _, what: _ }
        | ExprKind::IsLabeled { value: of, negated: _, label: _ } => expr(of, see),
        ExprKind::Call { name: _, distinct: _, star: _, args: list } | ExprKind::List(list) => {
            for one in list {
                expr(one, see);
            }
        }
        ExprKind::Map(pairs) => {
            for (_, value) in pairs {
                expr(value, see);
            }
        }
        ExprKind::Binary(_, _, a, b) | ExprKind::Index(a, b) => {
            expr(a, see);
            expr(b, see);
        }
        ExprKind::Quantified { which: _, name: _, list, filter } => {
            expr(list, see);
            expr(filter, see);
        }
        ExprKind::Case { subject, branches, otherwise } => {
            if let Some(subject) = subject {
                expr(subject, see);
            }
            for (when, then) in branches {
                expr(when, see);
                expr(then, see);
            }
            if let Some(otherwise) = otherwise {
                expr(otherwise, see);
            }
        }
        ExprKind::Slice(of, from, to) => {
            expr(of, see);
            for end in from.iter_mut().chain(to) {
                expr(end, see);
            }
        }
        ExprKind::Comprehension { name: _, list, filter, value } => {
            expr(list, see);
            for part in filter.iter_mut().chain(value) {
                expr(part, see);
            }
        }
        ExprKind::Exists(found) => matching(found, see),
        ExprKind::Subquery(_, inner) => query(inner, see),
    }
    see(value);
}
