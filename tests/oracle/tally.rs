//! What came of many queries: how often each verdict, how often each construct, and what is wrong.

use super::check::{Case, Rows, Verdict};
use super::shrink;
use dixit::base::source::Source;
use dixit::lang::ast::{
    BinaryOp, Clause, ExprKind, Linear, Match, MatchMode, Query, Script, SearchKind, SetKind, Step,
    SubqueryKind,
};
use dixit::lang::walk;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many wrong answers are made small and told in full.
const TOLD: usize = 5;

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    verdicts: BTreeMap<String, usize>,
    /// Of the queries both answered.
    constructs: BTreeMap<String, usize>,
    /// Why queries are refused: how many are, and one of them.
    refused: BTreeMap<String, (usize, String)>,
    pub(crate) wrong: Vec<String>,
}

impl Tally {
    pub(crate) fn count(&self, verdict: &str) -> usize {
        self.verdicts.get(verdict).copied().unwrap_or(0)
    }

    pub(crate) fn total(&self) -> usize {
        self.verdicts.values().sum()
    }

    /// The share of the answers that have a row.
    #[expect(clippy::cast_precision_loss, reason = "so many queries are never tried")]
    pub(crate) fn filled(&self) -> f64 {
        let (filled, empty) = (self.count("filled"), self.count("empty"));
        filled as f64 / (filled + empty).max(1) as f64
    }

    /// A query at which the generator stumbled.
    pub(crate) fn lose(&mut self) {
        *self.verdicts.entry("not drawn".to_owned()).or_default() += 1;
    }

    pub(crate) fn add(&mut self, case: &Case, text: &str) {
        let script = match dixit::lang::parse(&Source::inline(text)) {
            Ok(script) => script,
            Err(wrong) => {
                *self.verdicts.entry("unread".to_owned()).or_default() += 1;
                self.wrong.push(format!("{}\n{text}", wrong[0].message));
                return;
            }
        };
        let verdict = catch_unwind(AssertUnwindSafe(|| case.check(&script)));
        let verdict = verdict.unwrap_or_else(|_| {
            self.wrong.push(format!("it panics\n{text}"));
            Verdict::Failed("it panics".to_owned())
        });
        *self.verdicts.entry(verdict.name().to_owned()).or_default() += 1;
        match verdict {
            Verdict::Same(_) => {
                for construct in constructs(&script) {
                    *self.constructs.entry(construct).or_default() += 1;
                }
            }
            Verdict::Refused(why) => {
                self.refused.entry(why).or_insert_with(|| (0, text.to_owned())).0 += 1;
            }
            Verdict::Failed(why) if why == "it panics" => {}
            Verdict::Failed(_) | Verdict::Differs(..) if self.wrong.len() < TOLD => {
                self.wrong.push(format!("{}--- whole\n{text}", shrink::report(case, &script)));
            }
            Verdict::Failed(_) | Verdict::Differs(..) => self.wrong.push(text.to_owned()),
            Verdict::Unread(_) | Verdict::TooMuch | Verdict::Fails | Verdict::TooDeep => {}
        }
    }

    /// Holds the rows of two stores against each other.
    pub(crate) fn compare(&mut self, text: &str, one: &Rows, other: &Rows) {
        let name = match one {
            Ok(rows) if rows.is_empty() => "empty",
            Ok(_) => "filled",
            Err(_) => "refused",
        };
        *self.verdicts.entry(name.to_owned()).or_default() += 1;
        if one != other {
            self.wrong.push(format!("{text}\none: {one:?}\nother: {other:?}"));
        }
    }

    pub(crate) fn join(&mut self, other: Self) {
        for (verdict, count) in other.verdicts {
            *self.verdicts.entry(verdict).or_default() += count;
        }
        for (construct, count) in other.constructs {
            *self.constructs.entry(construct).or_default() += count;
        }
        for (why, (count, text)) in other.refused {
            self.refused.entry(why).or_insert((0, text)).0 += count;
        }
        self.wrong.extend(other.wrong);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} queries, {:.1} % of the answers have rows",
            self.total(),
            self.filled() * 100.0
        )?;
        writeln!(f, "{:?}", self.verdicts)?;
        let constructs: Vec<String> =
            self.constructs.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(f, "answered alike: {}", constructs.join(", "))?;
        for (why, (count, text)) in &self.refused {
            writeln!(f, "refused {count} times: {why}\n{text}\n")?;
        }
        Ok(())
    }
}

/// The constructs a query is made of.
fn constructs(script: &Script) -> BTreeSet<String> {
    let mut found = Found::default();
    if !script.params.is_empty() {
        found.add("parameter");
    }
    found.query(&script.queries[0]);
    let mut copy = script.queries[0].clone();
    walk::query(&mut copy, &mut |expr| found.expr(&expr.kind));
    found.0
}

#[derive(Default)]
struct Found(BTreeSet<String>);

impl Found {
    fn add(&mut self, name: &str) {
        if !self.0.contains(name) {
            self.0.insert(name.to_owned());
        }
    }

    fn query(&mut self, query: &Query) {
        if query.as_of.is_some() {
            self.add("as of");
        }
        self.linear(&query.linear);
        for (operator, part) in &query.others {
            self.add(match (operator.kind, operator.all) {
                (SetKind::Union, false) => "union",
                (SetKind::Union, true) => "union all",
                (SetKind::Except, false) => "except",
                (SetKind::Except, true) => "except all",
                (SetKind::Intersect, false) => "intersect",
                (SetKind::Intersect, true) => "intersect all",
                (SetKind::Otherwise, _) => "otherwise",
            });
            self.linear(part);
        }
    }

    fn linear(&mut self, part: &Linear) {
        self.clauses(&part.clauses);
        if let Some(result) = &part.result {
            let shapes = [
                (result.distinct, "distinct"),
                (result.group.is_some(), "group by"),
                (!result.order.is_empty(), "order by"),
                (result.limit.is_some(), "limit"),
                (result.offset.is_some(), "offset"),
            ];
            for (there, name) in shapes {
                if there {
                    self.add(name);
                }
            }
        }
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            match clause {
                Clause::Match(found) => self.matching(found),
                Clause::Optional(inner, _) => {
                    self.add("optional {}");
                    self.clauses(inner);
                }
                Clause::With { projection, .. } => {
                    self.add(if projection.star.is_some() { "filter" } else { "with" });
                }
                Clause::Let(..) => self.add("let"),
                Clause::For { place, .. } => {
                    self.add("for");
                    if place.is_some() {
                        self.add("ordinality");
                    }
                }
                Clause::Call { query, optional, imports, .. } => {
                    self.add(if *optional { "optional call" } else { "call" });
                    if imports.is_some() {
                        self.add("imports");
                    }
                    self.query(query);
                }
            }
        }
    }

    fn matching(&mut self, found: &Match) {
        self.add(if found.optional { "optional match" } else { "match" });
        if found.mode == MatchMode::RepeatableElements {
            self.add("repeatable elements");
        }
        for pattern in &found.patterns {
            if pattern.path.is_some() {
                self.add("path");
            }
            if let Some(mode) = pattern.mode {
                self.add(&format!("{mode:?}").to_lowercase());
            }
            if let Some(search) = pattern.search {
                self.add(match search.kind {
                    SearchKind::Any(_) => "any path",
                    SearchKind::AllShortest => "all shortest",
                    SearchKind::Shortest(_) => "shortest k",
                    SearchKind::ShortestGroups(_) => "shortest k groups",
                });
            }
            for (step, node) in &pattern.steps {
                match step {
                    Step::Edge(edge) if edge.quantifier.is_some() => self.add("repeated edge"),
                    Step::Edge(_) => {}
                    Step::Group(_) => self.add("repeated path"),
                }
                if node.text.is_some() {
                    self.add("text in a node");
                }
            }
        }
    }

    fn expr(&mut self, kind: &ExprKind) {
        let name = match kind {
            ExprKind::Call { name, .. } if is_numbered(&name.text) => "own definition",
            ExprKind::Call { name, .. } => &format!("{}()", name.text.to_lowercase()),
            ExprKind::Case { .. } => "case",
            ExprKind::Param(_) => "parameter",
            ExprKind::List(_) => "list",
            ExprKind::Index(..) => "index",
            ExprKind::Slice(..) => "slice",
            ExprKind::Map(_) => "map",
            ExprKind::Exists(_) => "exists",
            ExprKind::Subquery(SubqueryKind::Exists, _) => "exists query",
            ExprKind::Subquery(SubqueryKind::Count, _) => "count {}",
            ExprKind::Subquery(SubqueryKind::Collect, _) => "collect {}",
            ExprKind::Subquery(SubqueryKind::Value, _) => "value {}",
            ExprKind::Comprehension { .. } => "comprehension",
            ExprKind::Quantified { which, .. } => &format!("{which:?} in a list").to_lowercase(),
            ExprKind::IsLabeled { .. } => "is labeled",
            ExprKind::Is { .. } => "is",
            ExprKind::Unary(..) => "unary",
            ExprKind::Binary(op, ..) => match op {
                BinaryOp::Like => "like",
                BinaryOp::Regex => "=~",
                BinaryOp::Matches => "matches",
                BinaryOp::Alike => "~=",
                BinaryOp::In | BinaryOp::NotIn => "in",
                BinaryOp::Xor => "xor",
                _ => return,
            },
            _ => return,
        };
        self.add(name);
    }
}

/// Whether a name is one that a query made up for a definition of its own: `d12`.
fn is_numbered(name: &str) -> bool {
    name.strip_prefix('d').is_some_and(|rest| rest.parse::<u32>().is_ok())
}
