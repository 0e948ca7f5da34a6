//! Gives the variables of a `match` other names, those of queries and lists inside it included.

use super::ast::{Clause, Expr, ExprKind, Match, Name, Node, Projection, Query, Step};
use super::walk;

/// What is done with each name of a variable.
type Rename<'a> = &'a mut dyn FnMut(&mut Name);

/// Shows every name of a variable in a `match` to `rename`, which may change it.
pub fn matching(found: &mut Match, rename: Rename<'_>) {
    patterns(found, rename);
    walk::matching(found, &mut |value| expr(value, rename));
}

/// Shows the names of a node and of the expressions in it to `rename`.
pub fn node(one: &mut Node, rename: Rename<'_>) {
    name_of(one.name.as_mut(), rename);
    let inside = one.text.iter_mut().chain(&mut one.filter);
    for value in inside.chain(one.properties.iter_mut().map(|(_, value)| value)) {
        walk::expr(value, &mut |value| expr(value, rename));
    }
}

fn name_of(name: Option<&mut Name>, rename: Rename<'_>) {
    if let Some(name) = name {
        rename(name);
    }
}

fn patterns(found: &mut Match, rename: Rename<'_>) {
    for pattern in &mut found.patterns {
        name_of(pattern.path.as_mut(), rename);
        name_of(pattern.start.name.as_mut(), rename);
        steps(&mut pattern.steps, rename);
    }
}

fn steps(along: &mut [(Step, Node)], rename: Rename<'_>) {
    for (step, to) in along {
        match step {
            Step::Edge(edge) => name_of(edge.name.as_mut(), rename),
            Step::Group(group) => {
                name_of(group.start.name.as_mut(), rename);
                steps(&mut group.steps, rename);
            }
        }
        name_of(to.name.as_mut(), rename);
    }
}

/// The names that an expression has itself; those of the expressions in it were shown before.
fn expr(value: &mut Expr, rename: Rename<'_>) {
    match &mut value.kind {
        ExprKind::Variable(name)
        | ExprKind::Comprehension { name, list: _, filter: _, value: _ }
        | ExprKind::Quantified { which: _, name, list: _, filter: _ } => rename(name),
        ExprKind::Exists(found) => patterns(found, rename),
        ExprKind::Subquery(_, inner) => query(inner, rename),
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::DateTime(_)
        | ExprKind::Duration(_)
        | ExprKind::Param(_)
        | ExprKind::Property(..)
        | ExprKind::Call { .. }
        | ExprKind::Unary(..)
        | ExprKind::Binary(..)
        | ExprKind::Is { .. }
        | ExprKind::IsLabeled { .. }
        | ExprKind::Case { .. }
        | ExprKind::List(_)
        | ExprKind::Map(_)
        | ExprKind::Index(..)
        | ExprKind::Slice(..) => {}
    }
}

fn query(inner: &mut Query, rename: Rename<'_>) {
    let parts = std::iter::once(&mut inner.linear);
    for part in parts.chain(inner.others.iter_mut().map(|(_, part)| part)) {
        for one in &mut part.clauses {
            clause(one, rename);
        }
        if let Some(result) = &mut part.result {
            aliases(result, rename);
        }
    }
}

fn clause(one: &mut Clause, rename: Rename<'_>) {
    match one {
        Clause::Match(found) => patterns(found, rename),
        Clause::Optional(clauses, _) => {
            for inner in clauses {
                clause(inner, rename);
            }
        }
        Clause::With { projection, filter: _ } => aliases(projection, rename),
        Clause::Let(values, _) => {
            for (name, _) in values {
                rename(name);
            }
        }
        Clause::For { name, list: _, place, span: _ } => {
            rename(name);
            name_of(place.as_mut().map(|(_, name)| name), rename);
        }
        Clause::Call { optional: _, imports, query: inner, span: _ } => {
            imports.iter_mut().flatten().for_each(&mut *rename);
            query(inner, rename);
        }
    }
}

fn aliases(projection: &mut Projection, rename: Rename<'_>) {
    for item in &mut projection.items {
        name_of(item.alias.as_mut(), rename);
    }
}
