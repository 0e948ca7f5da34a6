//! What each row of an answer rests on: the question with one more column, which names the nodes that its patterns found,
//! those of inner queries and of what was gathered or dropped as equal included.
//!
//! `match (a:Actor)-[s:said]->(c) return a.name, count(*)` becomes `… return a.name, count(*), evidence(s, c)`, where
//! `evidence` gathers over each group. Which kinds of node count is an argument.

mod combine;
mod expr;

use super::catalog::{Catalog, EdgeId, KindSet};
use super::functions::{ALL_EVIDENCE, EVIDENCE, function};
use super::question::{
    Arithmetic, Call, Constant, EdgePattern, Expr, ExprKind, Match, Output, Part, PathPattern,
    Projection, Query, Question, SortKey, Step, Unfolding, Var, VarId,
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

    /// A match, with paths along what repeats, and what it adds to what a row rests on.
    fn matching(&mut self, found: &Match) -> (Match, Basis) {
        let mut found = found.clone();
        let mut basis = Basis::new();
        let nodes = found.nodes.iter().filter(|node| !node.bound);
        basis.extend(nodes.filter_map(|node| self.held(node.var)));
        for at in 0..found.edges.len() {
            let Some(edge) = found.edges.get(at).cloned() else { continue };
            if edge.repeat.is_none() {
                basis.extend(edge.known.is_none().then(|| self.held(edge.var)).flatten());
                continue;
            }
            let each = self.of_each(&edge);
            if each.is_some() || self.passes(&edge) {
                let (var, steps) = (self.new_var(Type::Path), vec![(at, edge.right)]);
                found.paths.push(PathPattern { var, start: edge.left, steps, once: None });
                basis.push(self.var(var));
            }
            basis.extend(each);
            basis.extend(self.of_group(&mut found, at));
        }
        let picked = found.picks.iter().filter_map(|pick| pick.found.paths.first());
        basis.extend(picked.map(|path| self.var(path.var)));
        let conditions: Basis =
            found.conditions.iter().flat_map(|condition| self.of_expr(condition)).collect();
        if !conditions.is_empty() {
            basis.push(self.if_found(&found, on(conditions)));
        }
        (found, basis)
    }

    /// What the conditions of an optional match rest on counts only where it found something.
    fn if_found(&self, found: &Match, evidence: Expr) -> Expr {
        let own = found.nodes.iter().find(|node| !node.bound).map(|node| node.var);
        let own = own.or_else(|| found.edges.first().map(|edge| edge.var));
        let (Some(own), true) = (own, found.optional) else { return evidence };
        let absent = Expr::truth(ExprKind::IsNull(Box::new(self.var(own))));
        let there = Expr::truth(ExprKind::Not(Box::new(absent)));
        Expr::new(ExprKind::Case(vec![(there, evidence)], None), Type::Text)
    }

    /// What is asked of every single edge of a repeated one.
    fn of_each(&mut self, edge: &EdgePattern) -> Option<Expr> {
        let repeat = edge.repeat.as_ref().filter(|repeat| repeat.group.is_none())?;
        let conditions = repeat.conditions.iter();
        let basis: Basis = conditions.flat_map(|condition| self.of_expr(condition)).collect();
        if basis.is_empty() {
            return None;
        }
        Some(each(repeat.each, &self.var(edge.var), None, basis))
    }

    /// What the conditions inside a repeated path rest on, for every repetition: the values that its variables had are
    /// taken out of the lists they make.
    fn of_group(&mut self, found: &mut Match, at: usize) -> Option<Expr> {
        let group = found.edges.get_mut(at)?.repeat.as_mut()?.group.as_mut()?;
        let body = group.body.clone();
        let basis: Basis =
            body.conditions.iter().flat_map(|condition| self.of_expr(condition)).collect();
        if basis.is_empty() {
            return None;
        }
        let place = self.new_var(Type::Int);
        let mut values = Vec::new();
        for inner in body.own_vars() {
            if !basis.iter().any(|value| value.vars().contains(&inner)) {
                continue;
            }
            let known =
                group.lists.iter().find(|(_, known)| *known == inner).map(|(list, _)| *list);
            let list = known.unwrap_or_else(|| {
                let list = self.new_var(Type::List(Box::new(self.ty(inner))));
                group.lists.push((list, inner));
                list
            });
            let (list, place) = (Box::new(self.var(list)), Box::new(self.var(place)));
            values.push((inner, Expr::new(ExprKind::Index(list, place), self.ty(inner))));
        }
        let (_, first) = values.first()?;
        let ExprKind::Index(list, _) = &first.kind else { return None };
        let list = places_of(list)?;
        let unfolding = Unfolding { member: place, list, place: None };
        Some(self.gathered(vec![Step::For(unfolding), Step::Let(values)], basis))
    }

    /// Whether a repeated edge may lead past nodes that count, or be such itself.
    fn passes(&self, edge: &EdgePattern) -> bool {
        let Some(repeat) = &edge.repeat else { return false };
        if let Some(group) = &repeat.group {
            let nodes = group.body.nodes.iter().map(|node| &node.kinds);
            return nodes.into_iter().any(|kinds| !kinds.is_disjoint(self.wanted))
                || group.body.edges.iter().any(|edge| self.holds(&self.ty(edge.var)));
        }
        edge.alternatives.iter().any(|one| {
            let edge = self.catalog.edge(one.edge);
            let ends = [&edge.from, &edge.to];
            self.stands(one.edge) || ends.into_iter().any(|end| !end.kinds.is_disjoint(self.wanted))
        })
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

/// The places of a list: `range(0, size(list) - 1)`.
fn places_of(list: &Expr) -> Option<Expr> {
    let int = |number| Expr::new(ExprKind::Constant(Constant::Int(number)), Type::Int);
    let size = Expr::new(ExprKind::Call(function("length")?, vec![list.clone()]), Type::Int);
    let (size, one) = (Box::new(size), Box::new(int(1)));
    let end = Expr::new(ExprKind::Arithmetic(Arithmetic::Subtract, size, one), Type::Int);
    let range = ExprKind::Call(function("range")?, vec![int(0), end]);
    Some(Expr::new(range, Type::List(Box::new(Type::Int))))
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
