//! The names that the body of a definition may take from other definitions: those of calls and of edges.

use super::ast::{
    Clause, Definition, Expr, ExprKind, Label, Match, Meaning, Name, Node, Query, Step,
};
use super::walk;

/// The names of all calls and edges in a definition's body.
pub fn of(definition: &Definition) -> Vec<Name> {
    let mut found = Vec::new();
    match definition.meaning.clone() {
        Meaning::Value { parameters: _, mut body } => {
            walk::expr(&mut body, &mut |value| expr(value, &mut found));
        }
        Meaning::Edge { left: _, variable: _, right: _, body } => {
            for mut part in body {
                patterns(&part, &mut found);
                walk::matching(&mut part, &mut |value| expr(value, &mut found));
            }
        }
    }
    found
}

fn expr(value: &Expr, found: &mut Vec<Name>) {
    match &value.kind {
        ExprKind::Call { name, .. } => found.push(name.clone()),
        ExprKind::Exists(inner) => patterns(inner, found),
        ExprKind::Subquery(_, inner) => query(inner, found),
        _ => {}
    }
}

fn query(inner: &Query, found: &mut Vec<Name>) {
    let parts = std::iter::once(&inner.linear).chain(inner.others.iter().map(|(_, part)| part));
    for one in parts.flat_map(|part| &part.clauses) {
        clause(one, found);
    }
}

fn clause(one: &Clause, found: &mut Vec<Name>) {
    match one {
        Clause::Match(inner) => patterns(inner, found),
        Clause::Optional(clauses, _) => clauses.iter().for_each(|one| clause(one, found)),
        Clause::Call { query: inner, .. } => query(inner, found),
        Clause::With { .. } | Clause::Let(..) | Clause::For { .. } => {}
    }
}

fn patterns(inner: &Match, found: &mut Vec<Name>) {
    for pattern in &inner.patterns {
        steps(&pattern.steps, found);
    }
}

fn steps(along: &[(Step, Node)], found: &mut Vec<Name>) {
    for (step, _) in along {
        match step {
            Step::Edge(edge) => {
                if let Some(written) = &edge.label {
                    label(written, found);
                }
            }
            Step::Group(group) => steps(&group.steps, found),
        }
    }
}

fn label(written: &Label, found: &mut Vec<Name>) {
    match written {
        Label::Name(name) => found.push(name.clone()),
        Label::Any(_) => {}
        Label::Not(inner, _) => label(inner, found),
        Label::And(a, b) | Label::Or(a, b) => {
            label(a, found);
            label(b, found);
        }
    }
}
