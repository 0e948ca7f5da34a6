//! Clauses, one after another, each turning rows into rows; parts of a query, and how their rows become one.

use super::{Answer, Env, Oracle, ROWS, Stop, Tried, bounded};
use crate::oracle::value::Value;
use dixit::lang::ast::{Clause, Linear, Match, Name, Ordinal, Query, SetKind, SetOperator, Step};
use std::collections::BTreeSet;

impl Oracle<'_> {
    /// The rows of a query that may read what is known outside of it.
    pub(super) fn query(&self, query: &Query, outside: &Env) -> Tried<Answer> {
        let before = self.day.get();
        if let Some(as_of) = &query.as_of {
            self.day.set(self.day_of(outside, &as_of.time)?);
        }
        let answer = self.joined(query, outside);
        self.day.set(before);
        answer
    }

    fn joined(&self, query: &Query, outside: &Env) -> Tried<Answer> {
        let mut all = self.linear(&query.linear, outside)?;
        for (operator, part) in &query.others {
            let next = self.linear(part, outside)?;
            all = self.together(all, *operator, next);
            all.rows = bounded(all.rows, ROWS)?;
        }
        Ok(all)
    }

    fn linear(&self, part: &Linear, outside: &Env) -> Tried<Answer> {
        let rows = self.clauses(vec![outside.clone()], &part.clauses, outside)?;
        match &part.result {
            Some(projection) => {
                let names = super::project::headings(projection, &rows);
                Ok(Answer { names, rows: self.project(&rows, projection)? })
            }
            None => Ok(Answer { names: Vec::new(), rows: vec![Vec::new(); rows.len()] }),
        }
    }

    pub(super) fn clauses(
        &self,
        mut rows: Vec<Env>,
        clauses: &[Clause],
        outside: &Env,
    ) -> Tried<Vec<Env>> {
        for clause in clauses {
            rows = bounded(self.clause(rows, clause, outside)?, ROWS)?;
        }
        Ok(rows)
    }

    fn clause(&self, rows: Vec<Env>, clause: &Clause, outside: &Env) -> Tried<Vec<Env>> {
        match clause {
            Clause::Match(found) => self.each(rows, |row| {
                let matches = self.matches(row, found)?;
                Ok(or_nulls(matches, found.optional, row, names_of(found)))
            }),
            Clause::Optional(clauses, _) => self.each(rows, |row| {
                let found = self.clauses(vec![row.clone()], clauses, outside)?;
                Ok(or_nulls(found, true, row, clauses.iter().flat_map(new_names).collect()))
            }),
            Clause::With { projection, filter } => {
                let mut kept = Vec::new();
                for mut row in self.with(rows, projection)? {
                    for (name, value) in outside {
                        row.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                    if self.holds(&row, filter.as_ref())? {
                        kept.push(row);
                    }
                }
                Ok(kept)
            }
            Clause::Let(values, _) => self.each(rows, |row| {
                let mut row = row.clone();
                for (name, written) in values {
                    let value = self.value(&row, written, None)?;
                    row.insert(name.text.clone(), value);
                }
                Ok(vec![row])
            }),
            Clause::For { name, list, place, span: _ } => self.each(rows, |row| {
                let members = match self.value(row, list, None)? {
                    Value::List(members) => members,
                    Value::Null => Vec::new(),
                    _ => return Err(Stop::Fails),
                };
                Ok(unwound(row, name, members, place.as_ref()))
            }),
            Clause::Call { optional, imports, query, span: _ } => self.each(rows, |row| {
                let known: Env = match imports {
                    None => row.clone(),
                    Some(names) => row
                        .iter()
                        .filter(|(name, _)| names.iter().any(|import| import.text == **name))
                        .map(|(name, value)| (name.clone(), value.clone()))
                        .collect(),
                };
                let answer = self.query(query, &known)?;
                let mut out = Vec::new();
                for values in answer.rows {
                    let mut extended = row.clone();
                    extended.extend(answer.names.iter().cloned().zip(values));
                    out.push(extended);
                }
                Ok(or_nulls(out, *optional, row, names_given(query)))
            }),
        }
    }

    fn each(&self, rows: Vec<Env>, extend: impl Fn(&Env) -> Tried<Vec<Env>>) -> Tried<Vec<Env>> {
        let mut out = Vec::new();
        for row in rows {
            self.step()?;
            for extended in extend(&row)? {
                self.copies(super::weight(&extended))?;
                out.push(extended);
            }
            out = bounded(out, ROWS)?;
        }
        Ok(out)
    }

    /// Two parts of a query joined.
    fn together(&self, left: Answer, how: SetOperator, right: Answer) -> Answer {
        let names = left.names.clone();
        let right = aligned(right, &names);
        let rows = match how.kind {
            SetKind::Otherwise if left.rows.is_empty() => right,
            SetKind::Otherwise => left.rows,
            SetKind::Union => {
                let all: Vec<Vec<Value>> = left.rows.into_iter().chain(right).collect();
                if how.all { all } else { self.once(all) }
            }
            SetKind::Except if how.all => {
                let mut taken: Vec<String> = right.iter().map(|row| self.identity(row)).collect();
                let mut rows = left.rows;
                rows.retain(|row| !take(&mut taken, &self.identity(row)));
                rows
            }
            SetKind::Except => {
                let taken: BTreeSet<String> = right.iter().map(|row| self.identity(row)).collect();
                let mut rows = self.once(left.rows);
                rows.retain(|row| !taken.contains(&self.identity(row)));
                rows
            }
            SetKind::Intersect if how.all => {
                let mut shared: Vec<String> = right.iter().map(|row| self.identity(row)).collect();
                let mut rows = left.rows;
                rows.retain(|row| take(&mut shared, &self.identity(row)));
                rows
            }
            SetKind::Intersect => {
                let shared: BTreeSet<String> = right.iter().map(|row| self.identity(row)).collect();
                let mut rows = self.once(left.rows);
                rows.retain(|row| shared.contains(&self.identity(row)));
                rows
            }
        };
        Answer { names, rows }
    }

    /// Equal rows once.
    pub(super) fn once(&self, mut rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert(self.identity(row)));
        rows
    }
}

/// Takes one of these away, if it is there.
fn take(from: &mut Vec<String>, one: &str) -> bool {
    let at = from.iter().position(|other| other == one);
    at.map(|at| from.swap_remove(at)).is_some()
}

/// Rows with their columns in this order.
fn aligned(answer: Answer, names: &[String]) -> Vec<Vec<Value>> {
    let places: Option<Vec<usize>> =
        names.iter().map(|name| answer.names.iter().position(|other| other == name)).collect();
    match places {
        Some(places) => answer
            .rows
            .into_iter()
            .map(|row| places.iter().map(|at| row[*at].clone()).collect())
            .collect(),
        None => answer.rows,
    }
}

/// What was found; or the row itself with nulls, where nothing was and that is allowed.
fn or_nulls(found: Vec<Env>, optional: bool, row: &Env, names: Vec<String>) -> Vec<Env> {
    if !found.is_empty() || !optional {
        return found;
    }
    let mut kept = row.clone();
    for name in names {
        kept.entry(name).or_insert(Value::Null);
    }
    vec![kept]
}

/// A row for each member of a list.
fn unwound(
    row: &Env,
    name: &Name,
    members: Vec<Value>,
    place: Option<&(Ordinal, Name)>,
) -> Vec<Env> {
    let with_member = |(at, member): (usize, Value)| {
        let mut row = row.clone();
        row.insert(name.text.clone(), member);
        if let Some((ordinal, place)) = place {
            let from = i64::from(*ordinal == Ordinal::Ordinality);
            row.insert(place.text.clone(), Value::Int(i64::try_from(at).unwrap() + from));
        }
        row
    };
    members.into_iter().enumerate().map(with_member).collect()
}

/// The variables that a clause brings.
fn new_names(clause: &Clause) -> Vec<String> {
    match clause {
        Clause::Match(found) => names_of(found),
        Clause::Optional(clauses, _) => clauses.iter().flat_map(new_names).collect(),
        Clause::With { projection, filter: _ } => {
            projection.items.iter().map(super::project::heading).collect()
        }
        Clause::Let(values, _) => values.iter().map(|(name, _)| name.text.clone()).collect(),
        Clause::For { name, list: _, place, span: _ } => {
            let place = place.iter().map(|(_, name)| name.text.clone());
            std::iter::once(name.text.clone()).chain(place).collect()
        }
        Clause::Call { optional: _, imports: _, query, span: _ } => names_given(query),
    }
}

fn names_given(query: &Query) -> Vec<String> {
    let items = query.linear.result.iter().flat_map(|result| &result.items);
    items.map(super::project::heading).collect()
}

/// The variables of a `match`.
fn names_of(found: &Match) -> Vec<String> {
    let mut names = Vec::new();
    for pattern in &found.patterns {
        names.extend(pattern.path.iter().chain(&pattern.start.name).map(|name| name.text.clone()));
        names_along(&pattern.steps, &mut names);
    }
    names
}

/// The variables of steps.
pub(super) fn names_along(steps: &[(Step, dixit::lang::ast::Node)], names: &mut Vec<String>) {
    for (step, node) in steps {
        match step {
            Step::Edge(edge) => names.extend(edge.name.iter().map(|name| name.text.clone())),
            Step::Group(group) => {
                names.extend(group.start.name.iter().map(|name| name.text.clone()));
                names_along(&group.steps, names);
            }
        }
        names.extend(node.name.iter().map(|name| name.text.clone()));
    }
}
