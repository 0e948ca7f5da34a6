//! Queries with something left out.

use crate::oracle::eval::children;
use dixit::lang::ast::{
    Clause, Direction, Edge, Expr, ExprKind, Label, Linear, Match, MatchMode, Node, Projection,
    Query, Step,
};
use dixit::lang::walk;

/// Every query that is this one with one thing left out.
pub(super) fn variants(query: &Query) -> Vec<Query> {
    let mut out = Vec::new();
    for at in 0..query.others.len() {
        let mut copy = query.clone();
        copy.others.remove(at);
        out.push(copy);
        let mut copy = query.clone();
        copy.linear = copy.others.remove(at).1;
        out.push(copy);
    }
    if query.as_of.is_some() {
        out.push(Query { as_of: None, ..query.clone() });
    }
    edit(query, &mut out, clause_lists, clause_edits);
    edit(query, &mut out, matches, match_edits);
    edit(query, &mut out, projections, projection_edits);
    edit(query, &mut out, expressions, expression_edits);
    out
}

/// Shows every part of one sort.
type Visit<T> = fn(&mut Query, &mut dyn FnMut(&mut T));
/// Makes one edit, told by its number, and says how many there are.
type Change<T> = fn(&mut T, usize) -> usize;

/// Tries every edit at every place.
fn edit<T>(query: &Query, out: &mut Vec<Query>, visit: Visit<T>, change: Change<T>) {
    let mut place = 0;
    loop {
        let mut which = 0;
        loop {
            let mut copy = query.clone();
            let (mut seen, mut edits) = (0, 0);
            visit(&mut copy, &mut |found| {
                if seen == place {
                    edits = change(found, which);
                }
                seen += 1;
            });
            if place >= seen {
                return;
            }
            if copy != *query {
                out.push(copy);
            }
            which += 1;
            if which >= edits {
                break;
            }
        }
        place += 1;
    }
}

// Where the parts are ------------------------------------------------------------------------------------------------

/// Shows every expression, inner ones first.
fn expressions(query: &mut Query, see: &mut dyn FnMut(&mut Expr)) {
    walk::query(query, see);
}

/// Shows every part of the query and of those inside it.
fn linears(query: &mut Query, see: &mut dyn FnMut(&mut Linear)) {
    own_linears(query, see);
    walk::query(query, &mut |expr| {
        if let ExprKind::Subquery(_, inner) = &mut expr.kind {
            own_linears(inner, see);
        }
    });
}

fn own_linears(query: &mut Query, see: &mut dyn FnMut(&mut Linear)) {
    for linear in
        std::iter::once(&mut query.linear).chain(query.others.iter_mut().map(|o| &mut o.1))
    {
        see(linear);
        called(&mut linear.clauses, see);
    }
}

fn called(clauses: &mut [Clause], see: &mut dyn FnMut(&mut Linear)) {
    for clause in clauses {
        match clause {
            Clause::Call { query, .. } => own_linears(query, see),
            Clause::Optional(inner, _) => called(inner, see),
            Clause::Match(_) | Clause::With { .. } | Clause::Let(..) | Clause::For { .. } => {}
        }
    }
}

fn clause_lists(query: &mut Query, see: &mut dyn FnMut(&mut Vec<Clause>)) {
    fn inner(clauses: &mut Vec<Clause>, see: &mut dyn FnMut(&mut Vec<Clause>)) {
        see(clauses);
        for clause in clauses {
            if let Clause::Optional(clauses, _) = clause {
                inner(clauses, see);
            }
        }
    }
    linears(query, &mut |linear| inner(&mut linear.clauses, see));
}

fn projections(query: &mut Query, see: &mut dyn FnMut(&mut Projection)) {
    clause_lists(query, &mut |clauses| {
        for clause in clauses {
            if let Clause::With { projection, .. } = clause {
                see(projection);
            }
        }
    });
    linears(query, &mut |linear| {
        if let Some(result) = &mut linear.result {
            see(result);
        }
    });
}

fn matches(query: &mut Query, see: &mut dyn FnMut(&mut Match)) {
    clause_lists(query, &mut |clauses| {
        for clause in clauses {
            if let Clause::Match(found) = clause {
                see(found);
            }
        }
    });
    walk::query(query, &mut |expr| {
        if let ExprKind::Exists(found) = &mut expr.kind {
            see(found);
        }
    });
}

// What can be left out -----------------------------------------------------------------------------------------------

fn clause_edits(clauses: &mut Vec<Clause>, which: usize) -> usize {
    const EACH: usize = 4;
    let count = clauses.len() * EACH;
    let (at, what) = (which / EACH, which % EACH);
    let Some(clause) = clauses.get_mut(at) else { return count };
    match (what, clause) {
        (0, _) => {
            clauses.remove(at);
        }
        (1, Clause::Optional(inner, _)) => {
            let inner = std::mem::take(inner);
            clauses.splice(at..=at, inner);
        }
        (1, Clause::With { filter, .. }) => *filter = None,
        (1, Clause::Call { optional, .. }) => *optional = false,
        (1, Clause::For { place, .. }) => *place = None,
        (what, Clause::Let(bindings, _)) if bindings.len() > 1 && what <= bindings.len() => {
            bindings.remove(what - 1);
        }
        (2, Clause::Call { query, .. }) if query.others.is_empty() => {
            let inner = std::mem::take(&mut query.linear.clauses);
            clauses.splice(at..=at, inner);
        }
        _ => {}
    }
    count
}

fn expression_edits(found: &mut Expr, which: usize) -> usize {
    let inner: Vec<Expr> = children(found).into_iter().cloned().collect();
    let count = inner.len();
    if let Some(inner) = inner.into_iter().nth(which) {
        *found = inner;
        return count + 8;
    }
    match (which - count, &mut found.kind) {
        (at, ExprKind::List(members)) if at < members.len() => {
            members.remove(at);
        }
        (at, ExprKind::Map(pairs)) if at < pairs.len() => {
            pairs.remove(at);
        }
        (at, ExprKind::Case { branches, .. }) if at < branches.len() && branches.len() > 1 => {
            branches.remove(at);
        }
        (6, ExprKind::Case { otherwise, .. }) => *otherwise = None,
        (0, ExprKind::Comprehension { filter, .. }) => *filter = None,
        (1, ExprKind::Comprehension { value, .. }) => *value = None,
        (0, ExprKind::Call { distinct, .. }) => *distinct = false,
        (0, ExprKind::Subquery(..)) => found.kind = ExprKind::Int(1),
        (0, ExprKind::Exists(_) | ExprKind::Quantified { .. }) => found.kind = ExprKind::Bool(true),
        (1, ExprKind::Exists(_) | ExprKind::Quantified { .. }) => {
            found.kind = ExprKind::Bool(false);
        }
        (1, ExprKind::Subquery(..)) | (7, ExprKind::Property(..)) => found.kind = ExprKind::Null,
        _ => {}
    }
    count + 8
}

fn projection_edits(found: &mut Projection, which: usize) -> usize {
    let (items, order) = (found.items.len(), found.order.len());
    match which {
        0 => found.distinct = false,
        1 => found.limit = None,
        2 => found.offset = None,
        3 => found.group = None,
        4 => found.order.clear(),
        other if other - 5 < items && items > 1 => {
            found.items.remove(other - 5);
        }
        other if (5 + items..5 + items + order).contains(&other) => {
            found.order.remove(other - 5 - items);
        }
        _ => {}
    }
    5 + items + order
}

type Edit = Box<dyn Fn(&mut Match)>;

fn match_edits(found: &mut Match, which: usize) -> usize {
    let mut edits: Vec<Edit> = vec![
        Box::new(|found| found.filter = None),
        Box::new(|found| found.optional = false),
        Box::new(|found| found.mode = MatchMode::DifferentEdges),
    ];
    for at in 0..found.patterns.len() {
        if found.patterns.len() > 1 {
            edits.push(Box::new(move |found| {
                found.patterns.remove(at);
            }));
        }
        edits.push(Box::new(move |found| found.patterns[at].path = None));
        edits.push(Box::new(move |found| found.patterns[at].search = None));
        edits.push(Box::new(move |found| found.patterns[at].mode = None));
        if !found.patterns[at].steps.is_empty() {
            edits.push(Box::new(move |found| {
                found.patterns[at].steps.pop();
            }));
            edits.push(Box::new(move |found| {
                let (_, node) = found.patterns[at].steps.remove(0);
                found.patterns[at].start = node;
            }));
        }
        for step in 0..=found.patterns[at].steps.len() {
            for what in 0..5 {
                edits.push(Box::new(move |found| {
                    let pattern = &mut found.patterns[at];
                    node_edit(
                        match step.checked_sub(1) {
                            None => &mut pattern.start,
                            Some(step) => &mut pattern.steps[step].1,
                        },
                        what,
                    );
                }));
            }
        }
        for step in 0..found.patterns[at].steps.len() {
            for what in 0..16 {
                edits.push(Box::new(move |found| {
                    step_edit(&mut found.patterns[at].steps, step, what);
                }));
            }
        }
    }
    if let Some(edit) = edits.get(which) {
        edit(found);
    }
    edits.len()
}

fn step_edit(steps: &mut Vec<(Step, Node)>, at: usize, what: usize) {
    let group = match &mut steps[at].0 {
        Step::Edge(edge) => return edge_edit(edge, what),
        Step::Group(group) => group,
    };
    match what {
        0 => group.filter = None,
        1 => group.quantifier = None,
        2 => {
            let inner = std::mem::take(&mut group.steps);
            steps.splice(at..=at, inner);
        }
        3..8 => node_edit(&mut group.start, what - 3),
        8..13 => node_edit(&mut group.steps[0].1, what - 8),
        _ => {
            if let Step::Edge(edge) = &mut group.steps[0].0 {
                edge_edit(edge, what - 13);
            }
        }
    }
}

fn node_edit(node: &mut Node, what: usize) {
    match what {
        0 => node.filter = None,
        1 => node.properties.clear(),
        2 => node.text = None,
        3 => simpler(&mut node.label),
        _ => node.name = None,
    }
}

fn edge_edit(edge: &mut Edge, what: usize) {
    match what {
        0 => edge.filter = None,
        1 => edge.properties.clear(),
        2 => edge.quantifier = None,
        3 => simpler(&mut edge.label),
        4 => edge.name = None,
        5 if edge.direction == Direction::Either => edge.direction = Direction::Right,
        _ => {}
    }
}

/// The first of several labels.
fn simpler(label: &mut Option<Label>) {
    if let Some(Label::Or(one, _) | Label::And(one, _)) = label {
        *label = Some((**one).clone());
    }
}
