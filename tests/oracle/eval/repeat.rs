//! Repeated edges, repeated parts of a path, and the choice among paths.

use super::clause::names_along;
use super::pattern::{Check, Found, Of, Rules, bind};
use super::{Env, Oracle, ROWS, Tried, bounded};
use crate::oracle::value::Value;
use dixit::lang::ast::{Edge, Group, Quantifier, SearchKind};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A repeated part: the match, and what the variables inside held in each repetition.
type Rounds<'a> = (Found<'a>, Vec<Rc<Env>>);

impl Oracle<'_> {
    /// Every trail (or walk) over a repeated edge.
    pub(super) fn repeated_edge<'a>(
        &self,
        found: &Found<'a>,
        edge: &'a Edge,
        rules: &Rules<'a>,
    ) -> Tried<Vec<Found<'a>>> {
        let mut out = Vec::new();
        let mut level = vec![(self.copy(found)?, Vec::new())];
        let often = edge.quantifier.unwrap();
        for length in 0.. {
            if length >= often.min {
                for (way, edges) in &level {
                    let mut way = self.copy(way)?;
                    bind(&mut way.env, edge.name.as_ref(), Value::List(edges.clone()));
                    out.push(way);
                }
                out = bounded(out, ROWS * 4)?;
            }
            if level.is_empty() || often.max.is_some_and(|max| length >= max) {
                break;
            }
            let mut next = Vec::new();
            for (way, edges) in level {
                for (along, to) in self.leaving(way.here(), edge) {
                    self.step()?;
                    if rules.different && way.has_passed(along) {
                        continue;
                    }
                    let mut way = self.copy(&way)?;
                    way.pass(along, to);
                    way.checks.push(Check { within: Rc::default(), of: Of::Each(edge, along) });
                    self.copies(edges.len())?;
                    let mut edges: Vec<Value> = edges.clone();
                    edges.push(Value::Edge(along));
                    next.push((way, edges));
                }
                next = bounded(next, ROWS * 4)?;
            }
            level = next;
        }
        Ok(out)
    }

    /// Every way through a part in parentheses, as often as it may come.
    pub(super) fn group<'a>(
        &self,
        found: &Found<'a>,
        group: &'a Group,
        rules: &Rules<'a>,
    ) -> Tried<Vec<Found<'a>>> {
        let once = Quantifier { min: 1, max: Some(1), span: group.span };
        let often = group.quantifier.unwrap_or(once);
        let mut inner = Vec::new();
        inner.extend(group.start.name.iter().map(|name| name.text.clone()));
        names_along(&group.steps, &mut inner);
        inner.retain(|name| !found.env.contains_key(name));
        let mut out = Vec::new();
        let mut level: Vec<Rounds<'a>> = vec![(self.copy(found)?, Vec::new())];
        for count in 0.. {
            if count >= often.min {
                for (way, rounds) in &level {
                    self.copies(rounds.len())?;
                    out.push((self.copy(way)?, rounds.clone()));
                }
                out = bounded(out, ROWS * 4)?;
            }
            if level.is_empty() || often.max.is_some_and(|max| count >= max) {
                break;
            }
            let mut next = Vec::new();
            for (way, rounds) in level {
                self.step()?;
                for (way, held) in self.round(way, group, &inner, rules)? {
                    self.copies(rounds.len())?;
                    let mut rounds = rounds.clone();
                    rounds.push(held);
                    next.push((way, rounds));
                }
                next = bounded(next, ROWS * 4)?;
            }
            level = next;
        }
        let single = group.quantifier.is_none();
        Ok(out.into_iter().map(|(way, rounds)| gathered(way, &rounds, &inner, single)).collect())
    }

    /// Once through a part, and what its variables held then.
    fn round<'a>(
        &self,
        way: Found<'a>,
        group: &'a Group,
        inner: &[String],
        rules: &Rules<'a>,
    ) -> Tried<Vec<(Found<'a>, Rc<Env>)>> {
        let before = way.checks.len();
        let Some(begun) = self.arrive(way, &group.start, rules) else { return Ok(Vec::new()) };
        let ways = self.along(vec![begun], &group.steps, rules)?;
        let mut out = Vec::new();
        for mut way in ways {
            let mut held = Env::new();
            for name in inner {
                if let Some(value) = way.env.remove(name) {
                    held.insert(name.clone(), value);
                }
            }
            let held = Rc::new(held);
            for check in &mut way.checks[before..] {
                check.within = both(&held, &check.within);
            }
            if let Some(filter) = &group.filter {
                let within = Rc::clone(&held);
                way.checks.push(Check { within, of: Of::Condition(filter) });
            }
            out.push((way, held));
        }
        Ok(out)
    }

    /// Those of the paths between the same two ends that are wanted.
    pub(super) fn searched<'a>(
        &self,
        all: Vec<Found<'a>>,
        kind: SearchKind,
    ) -> Tried<Vec<Found<'a>>> {
        let mut between: BTreeMap<(usize, usize), Vec<Found<'a>>> = BTreeMap::new();
        for found in all {
            if self.fits(&found)? {
                let ends = (found.nodes[0], found.here());
                between.entry(ends).or_default().push(found);
            }
        }
        let mut out = Vec::new();
        for (_, mut paths) in between {
            paths.sort_by_key(|found| found.edges.len());
            let least = paths[0].edges.len();
            match kind {
                SearchKind::Any(count) | SearchKind::Shortest(count) => {
                    paths.truncate(usize::try_from(count).unwrap());
                }
                SearchKind::AllShortest => paths.retain(|found| found.edges.len() == least),
                SearchKind::ShortestGroups(count) => {
                    let mut lengths: Vec<usize> =
                        paths.iter().map(|found| found.edges.len()).collect();
                    lengths.dedup();
                    lengths.truncate(usize::try_from(count).unwrap());
                    paths.retain(|found| lengths.contains(&found.edges.len()));
                }
            }
            out.extend(paths);
        }
        Ok(out)
    }
}

/// What variables hold in a repetition, and in one inside of it.
fn both(outer: &Rc<Env>, inner: &Rc<Env>) -> Rc<Env> {
    if inner.is_empty() {
        return Rc::clone(outer);
    }
    let all = outer.iter().chain(inner.iter());
    Rc::new(all.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Variables inside a repeated part hold a list outside of it: one member for each repetition.
fn gathered<'a>(
    mut way: Found<'a>,
    rounds: &[Rc<Env>],
    inner: &[String],
    single: bool,
) -> Found<'a> {
    for name in inner {
        let mut members = rounds.iter().map(|held| held.get(name).cloned().unwrap_or(Value::Null));
        let value = if single {
            members.next().unwrap_or(Value::Null)
        } else {
            Value::List(members.collect())
        };
        way.env.insert(name.clone(), value);
    }
    way
}
