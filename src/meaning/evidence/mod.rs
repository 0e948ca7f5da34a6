//! What each row of an answer rests on: the question with one more column, which names the nodes that its patterns found,
//! those of inner queries and of what was gathered or dropped as equal included.
//!
//! `match (a:Actor)-[s:said]->(c) return a.name, count(*)` becomes `… return a.name, count(*), evidence(s, c)`, where
//! `evidence` gathers over each group. Which kinds of node count is an argument.

mod combine;
mod expr;
mod pattern;

use super::catalog::{Catalog, EdgeId, KindSet};
use super::functions::{ALL_EVIDENCE, EVIDENCE};
use super::question::{
    Call, Expr, ExprKind, Output, Part, Projection, Query, Question, SortKey, Step, Unfolding, Var,
    VarId,
};
use super::types::Type;

/// The same question with a last column that names what each row rests on, of these kinds.
pub fn traced(question: &Question, wanted: &KindSet, catalog: &Catalog) -> Question {
    let mut tracer = Tracer { vars: question.vars.clone(), wanted, catalog };
    let (query, _) = tracer.query(&question.query);
    Question { vars: tracer.vars, query, ..question.clone() }
}

/// Follows what rows rest on through a question.
struct Tracer<'c> {
    vars: Vec<Var>,
    wanted: &'c KindSet,
    catalog: &'c Catalog,
}

/// What the rows at hand rest on.
type Basis = Vec<Expr>;

impl Tracer<'_> {
    /// A query with one more column, and the variable of that column.
    fn query(&mut self, query: &Query) -> (Query, VarId) {
        let Some(only) = query.only() else { return self.combined(query) };
        let (first, evidence) = self.part(only);
        let mut columns = query.columns.clone();
        columns.push(column(evidence));
        (Query { first, others: Vec::new(), columns }, evidence)
    }

    /// A part that gives one variable more, the last.
    fn part(&mut self, part: &Part) -> (Part, VarId) {
        let (mut steps, basis) = self.steps(&part.steps);
        let given = basis.first().and_then(Expr::as_var);
        let evidence = if let (Some(Step::Project(_)), Some(given)) = (steps.last(), given) {
            given
        } else {
            let evidence = self.text();
            steps.push(Step::Let(vec![(evidence, on(basis))]));
            evidence
        };
        (Part { steps, gives: part.gives.iter().copied().chain([evidence]).collect() }, evidence)
    }

    /// Steps, and what the rows after them rest on. After a projection that is one variable.
    fn steps(&mut self, steps: &[Step]) -> (Vec<Step>, Basis) {
        let (mut all, mut basis) = (Vec::new(), Basis::new());
        for step in steps {
            match step {
                Step::Match(found) => {
                    let (found, more) = self.matching(found);
                    all.push(Step::Match(found));
                    basis.extend(more);
                }
                Step::Filter(condition) => {
                    basis.extend(self.of_expr(condition));
                    all.push(step.clone());
                }
                Step::Let(values) => {
                    basis.extend(values.iter().flat_map(|(_, value)| self.of_expr(value)));
                    all.push(step.clone());
                }
                Step::For(Unfolding { member, list, place: _ }) => {
                    basis.extend(self.of_expr(list));
                    basis.extend(self.held(*member));
                    all.push(step.clone());
                }
                Step::Call(Call { optional, query }) => {
                    let (query, evidence) = self.query(query);
                    basis.push(self.var(evidence));
                    all.push(Step::Call(Call { optional: *optional, query }));
                }
                Step::Project(projection) => {
                    let (projected, evidence) = self.project(projection, basis);
                    all.extend(projected.into_iter().map(Step::Project));
                    basis = vec![self.var(evidence)];
                }
            }
        }
        (all, basis)
    }

    /// A projection with what its rows rest on as one more item: two, one after the other, where groups are made distinct.
    fn project(&mut self, projection: &Projection, basis: Basis) -> (Vec<Projection>, VarId) {
        let Projection { distinct, items, group, order: _, offset: _, limit: _ } = projection;
        let mut basis = basis;
        for (_, value) in items {
            basis.extend(self.of_expr(value));
        }
        let evidence = self.text();
        let mut one = projection.clone();
        match (distinct, group) {
            (false, None) => one.items.push((evidence, on(basis))),
            (false, Some(_)) => one.items.push((evidence, all(on(basis)))),
            (true, None) => {
                one.distinct = false;
                one.group = Some(items.iter().map(|(_, value)| value.clone()).collect());
                one.items.push((evidence, all(on(basis))));
            }
            (true, Some(_)) => {
                let inner = self.text();
                let (first, mut second) = self.in_two(projection);
                one = first;
                one.items.push((inner, all(on(basis))));
                second.items.push((evidence, all(self.var(inner))));
                return (vec![one, second], evidence);
            }
        }
        (vec![one], evidence)
    }

    /// Groups first, then those that are equal as one.
    fn in_two(&mut self, projection: &Projection) -> (Projection, Projection) {
        let Projection { distinct: _, items, group, order, offset, limit } = projection;
        let (mut given, mut outer) = (Vec::new(), Vec::new());
        for (var, value) in items {
            let inner = self.new_var(value.ty.clone());
            given.push((inner, value.clone()));
            outer.push((*var, self.var(inner)));
        }
        let mut keys: Vec<Expr> = outer.iter().map(|(_, value)| value.clone()).collect();
        let mut sorted = Vec::new();
        for key in order {
            let inner = self.new_var(key.value.ty.clone());
            given.push((inner, key.value.clone()));
            keys.push(self.var(inner));
            sorted.push(SortKey { value: self.var(inner), ..key.clone() });
        }
        let inner = Projection {
            distinct: false,
            items: given,
            group: group.clone(),
            order: Vec::new(),
            offset: None,
            limit: None,
        };
        let (offset, limit) = (offset.clone(), limit.clone());
        let outer = Projection {
            distinct: false,
            items: outer,
            group: Some(keys),
            order: sorted,
            offset,
            limit,
        };
        (inner, outer)
    }

    /// A variable, where it may hold something that counts.
    fn held(&self, var: VarId) -> Option<Expr> {
        let value = self.var(var);
        self.holds(&value.ty).then_some(value)
    }

    /// Whether something that counts may be inside such a value.
    fn holds(&self, ty: &Type) -> bool {
        match ty {
            Type::Node(kinds) => !kinds.is_disjoint(self.wanted),
            Type::Path | Type::Map | Type::Any => true,
            Type::List(of) => self.holds(of),
            Type::Edge(edges) => edges.iter().any(|&edge| self.stands(edge)),
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration => false,
        }
    }

    /// Whether the rows of an edge are nodes that count.
    fn stands(&self, edge: EdgeId) -> bool {
        self.catalog.edge(edge).stands_as.is_some_and(|kind| self.wanted.contains(&kind))
    }

    fn new_var(&mut self, ty: Type) -> VarId {
        self.vars.push(Var { name: None, ty });
        VarId(self.vars.len() - 1)
    }

    fn text(&mut self) -> VarId {
        self.new_var(Type::Text)
    }

    fn ty(&self, var: VarId) -> Type {
        self.vars.get(var.0).map_or(Type::Null, |var| var.ty.clone())
    }

    fn var(&self, var: VarId) -> Expr {
        Expr::new(ExprKind::Var(var), self.ty(var))
    }
}

/// The column that names what a row rests on; it has no heading of its own.
fn column(var: VarId) -> Output {
    Output { name: String::new(), var, ty: Type::Text }
}

/// What a row rests on, as one value.
fn on(basis: Basis) -> Expr {
    Expr::new(ExprKind::Call(&EVIDENCE, basis), Type::Text)
}

/// What all rows of a group rest on.
fn all(evidence: Expr) -> Expr {
    let args = vec![evidence];
    Expr::new(ExprKind::Aggregate { which: &ALL_EVIDENCE, distinct: false, args }, Type::Text)
}

/// What rests on every member of a list.
fn each(var: VarId, list: &Expr, filter: Option<&Expr>, basis: Basis) -> Expr {
    let (list, filter) = (Box::new(list.clone()), filter.map(|filter| Box::new(filter.clone())));
    let value = Box::new(on(basis));
    let texts = Type::List(Box::new(Type::Text));
    Expr::new(ExprKind::Comprehension { var, list, filter, value }, texts)
}
