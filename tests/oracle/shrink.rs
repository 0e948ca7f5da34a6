//! Makes a counter-example small: leaves out parts of the query and rows of the world as long as it stays wrong.

use super::check::{Case, Verdict};
use super::eval::children;
use super::worlds::World;
use dixit::lang::ast::{
    Clause, Direction, Expr, ExprKind, Label, Match, MatchMode, Projection, Query, Script,
};

/// A query as text, in its canonical form.
pub(crate) fn text(query: &Query) -> String {
    dixit::lang::format(&Script {
        params: Vec::new(),
        definitions: Vec::new(),
        queries: vec![query.clone()],
    })
}

/// A smaller query that is still wrong in this world.
pub(crate) fn smaller_query(case: &Case, query: &Query) -> Query {
    let verdict = case.check(query);
    let mut best = query.clone();
    'again: loop {
        for candidate in variants(&best) {
            if weight(&candidate) < weight(&best) && alike(&case.check(&candidate), &verdict) {
                best = candidate;
                continue 'again;
            }
        }
        return best;
    }
}

/// A smaller world in which the query is still wrong.
pub(crate) fn smaller_world(world: &World, query: &Query) -> World {
    let Ok(case) = Case::new(world.clone()) else { return world.clone() };
    let verdict = case.check(query);
    let still = |world: &World| {
        Case::new(world.clone()).is_ok_and(|case| alike(&case.check(query), &verdict))
    };
    let mut best = world.clone();
    loop {
        let mut changed = false;
        for stem in world.tables.keys().rev() {
            let mut at = best.tables[stem].rows.len();
            while at > 0 {
                at -= 1;
                if at >= best.tables[stem].rows.len() {
                    continue;
                }
                let candidate = without(&best, stem, at);
                if still(&candidate) {
                    (best, changed) = (candidate, true);
                }
            }
        }
        if !changed {
            break;
        }
    }
    for stem in world.tables.keys() {
        for row in 0..best.tables[stem].rows.len() {
            for cell in 1..best.tables[stem].columns.len() {
                let mut candidate = best.clone();
                let blank = &mut candidate.tables.get_mut(stem).unwrap().rows[row][cell];
                if !blank.is_empty() {
                    blank.clear();
                    if still(&candidate) {
                        best = candidate;
                    }
                }
            }
        }
    }
    best
}

/// Whether two verdicts are wrong in the same way.
fn alike(a: &Verdict, b: &Verdict) -> bool {
    match (a, b) {
        (Verdict::Failed(a), Verdict::Failed(b)) => reason(a) == reason(b),
        (Verdict::Differs(..), Verdict::Differs(..)) => true,
        _ => false,
    }
}

/// The first words of a failure, without the file.
fn reason(failure: &str) -> String {
    let words = failure.split_once(": ").map_or(failure, |(_, reason)| reason);
    words.chars().take(24).collect()
}

/// A world without a row and all that rests on it.
fn without(world: &World, stem: &'static str, at: usize) -> World {
    let mut world = world.clone();
    let row = world.tables.get_mut(stem).unwrap().rows.remove(at);
    let mut gone = if KEYED.contains(&stem) { vec![row[0].clone()] } else { Vec::new() };
    while let Some(key) = gone.pop() {
        for (stem, table) in &mut world.tables {
            let columns = table.columns;
            table.rows.retain_mut(|row| {
                let mut kept = true;
                for (cell, column) in row.iter_mut().zip(columns) {
                    if *column == "topic" {
                        let left: Vec<&str> =
                            cell.split(';').filter(|topic| *topic != key).collect();
                        *cell = left.join(";");
                    } else if *cell == key && *column != "key" {
                        kept &= !NEEDED.contains(column)
                            && (*column != "claim" || *stem == "statements")
                            && (*column != "source" || *stem == "statements");
                        cell.clear();
                    }
                }
                if !kept && KEYED.contains(stem) {
                    gone.push(row[0].clone());
                }
                kept
            });
        }
    }
    world
}

/// Files whose rows have a key, first.
const KEYED: &[&str] = &[
    "actors",
    "venues",
    "topics",
    "events",
    "sources",
    "claims",
    "statements",
    "relations",
    "assessments",
];
/// Columns without which a row is nothing.
const NEEDED: &[&str] = &["speaker", "statement", "from", "to", "about", "actor", "target"];

/// How much there is to read.
fn weight(query: &Query) -> usize {
    let mut text = text(query);
    text.retain(|sign| !sign.is_whitespace());
    text.len()
}

/// Queries with something left out.
fn variants(query: &Query) -> Vec<Query> {
    let mut out = Vec::new();
    for at in 0..query.linear.clauses.len() {
        let mut copy = query.clone();
        copy.linear.clauses.remove(at);
        out.push(copy);
    }
    edit(query, &mut out, |copy, at| {
        let mut seen = 0;
        let mut edits = 0;
        matches(copy, &mut |found| {
            if seen == at.0 {
                edits = match_edits(found, at.1);
            }
            seen += 1;
        });
        (seen, edits)
    });
    edit(query, &mut out, |copy, at| {
        let mut seen = 0;
        let mut edits = 0;
        projections(copy, &mut |found| {
            if seen == at.0 {
                edits = projection_edits(found, at.1);
            }
            seen += 1;
        });
        (seen, edits)
    });
    edit(query, &mut out, |copy, at| {
        let mut seen = 0;
        let mut edits = 0;
        expressions(copy, &mut |found| {
            if seen == at.0 {
                let inner: Vec<Expr> = children(found).into_iter().cloned().collect();
                edits = inner.len();
                if let Some(inner) = inner.into_iter().nth(at.1) {
                    *found = inner;
                }
            }
            seen += 1;
        });
        (seen, edits)
    });
    for at in 0..query.linear.clauses.len() {
        let mut copy = query.clone();
        if let Clause::With { filter, .. } = &mut copy.linear.clauses[at] {
            *filter = None;
            out.push(copy);
        }
    }
    out
}

/// Tries every edit at every place: `change` is told the place and the edit, and gives how many of each there are.
fn edit(
    query: &Query,
    out: &mut Vec<Query>,
    mut change: impl FnMut(&mut Query, (usize, usize)) -> (usize, usize),
) {
    let mut place = 0;
    loop {
        let mut which = 0;
        loop {
            let mut copy = query.clone();
            let (places, edits) = change(&mut copy, (place, which));
            if place >= places {
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

type Edit = Box<dyn Fn(&mut Match)>;

/// Makes one edit to a match, and tells how many there are.
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
                    let node = match step.checked_sub(1) {
                        None => &mut pattern.start,
                        Some(step) => &mut pattern.steps[step].1,
                    };
                    match what {
                        0 => node.filter = None,
                        1 => node.properties.clear(),
                        2 => node.text = None,
                        3 => simpler(&mut node.label),
                        _ => node.name = None,
                    }
                }));
            }
        }
        for step in 0..found.patterns[at].steps.len() {
            for what in 0..6 {
                edits.push(Box::new(move |found| {
                    let edge = found.patterns[at].steps[step].0.edge_mut().unwrap();
                    match what {
                        0 => edge.filter = None,
                        1 => edge.properties.clear(),
                        2 => edge.quantifier = None,
                        3 => simpler(&mut edge.label),
                        4 => edge.name = None,
                        _ if edge.direction == Direction::Either => {
                            edge.direction = Direction::Right;
                        }
                        _ => {}
                    }
                }));
            }
        }
    }
    if let Some(edit) = edits.get(which) {
        edit(found);
    }
    edits.len()
}

/// The first of several labels.
fn simpler(label: &mut Option<Label>) {
    if let Some(Label::Or(one, _) | Label::And(one, _)) = label {
        *label = Some((**one).clone());
    }
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

fn projections(query: &mut Query, see: &mut dyn FnMut(&mut Projection)) {
    for clause in &mut query.linear.clauses {
        if let Clause::With { projection, .. } = clause {
            see(projection);
        }
    }
    see(query.linear.result.as_mut().unwrap());
}

fn matches(query: &mut Query, see: &mut dyn FnMut(&mut Match)) {
    for clause in &mut query.linear.clauses {
        if let Clause::Match(found) = clause {
            see(found);
        }
    }
    expressions(query, &mut |expr| {
        if let ExprKind::Exists(found) = &mut expr.kind {
            see(found);
        }
    });
}

/// Shows every expression, inner ones first.
fn expressions(query: &mut Query, see: &mut dyn FnMut(&mut Expr)) {
    dixit::lang::walk::query(query, see);
}

/// What is wrong, made small: the world, the query and both answers.
pub(crate) fn report(case: &Case, query: &Query) -> String {
    let query = smaller_query(case, query);
    let world = smaller_world(&case.world, &query);
    let Ok(small) = Case::new(world) else { return text(&query) };
    let query = smaller_query(&small, &query);
    let verdict = match small.check(&query) {
        Verdict::Differs(expected, given) => {
            format!("expected:\n  {}\ngiven:\n  {}", expected.join("\n  "), given.join("\n  "))
        }
        other => format!("{other:?}"),
    };
    format!("{}--- query\n{}--- answers\n{verdict}\n", small.world.show(), text(&query))
}
