//! Smaller worlds.

use crate::oracle::check::{Case, Verdict};
use crate::oracle::worlds::World;
use dixit::lang::ast::Script;

/// A smaller world in which the query is still wrong.
pub(super) fn smaller_world(
    world: &World,
    script: &Script,
    alike: impl Fn(&Verdict, &Verdict) -> bool,
) -> World {
    let Ok(case) = Case::new(world.clone()) else { return world.clone() };
    let verdict = case.check(script);
    let still = |world: &World| {
        Case::new(world.clone()).is_ok_and(|case| alike(&case.check(script), &verdict))
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

/// A world without a row and all that rests on it.
pub(crate) fn without(world: &World, stem: &'static str, at: usize) -> World {
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
    "people",
    "places",
    "knows",
    "lives_in",
];
/// Columns without which a row is nothing.
const NEEDED: &[&str] = &["speaker", "statement", "from", "to", "about", "actor", "same", "target"];
