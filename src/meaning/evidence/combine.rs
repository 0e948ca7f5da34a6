//! What the rows of several parts rest on: of equal rows that become one, all of them count; of rows that are held against
//! others, those that agree.
//!
//! Where equal rows matter, the parts are put one below the other, each row with a 1 that tells which side it is of, and
//! grouped by all columns: `a except b` keeps the groups to which `b` gave no row.

use super::{Basis, Tracer, all, column};
use crate::meaning::functions::{aggregate, function};
use crate::meaning::question::{
    Arithmetic, Call, Comparison, Constant, Expr, ExprKind, Output, Part, Projection, Query,
    SetOperator, Step, Unfolding, VarId,
};
use crate::meaning::types::Type;

impl Tracer<'_> {
    /// A query of several parts with one more column.
    pub(super) fn combined(&mut self, query: &Query) -> (Query, VarId) {
        let (first, _) = self.part(&query.first);
        let mut chain = Query { first, others: Vec::new(), columns: Vec::new() };
        for (how, part) in &query.others {
            let (part, _) = self.part(part);
            match how {
                SetOperator::Union { all: true } | SetOperator::Otherwise => {
                    chain.others.push((*how, part));
                }
                SetOperator::Union { all: false }
                | SetOperator::Except { .. }
                | SetOperator::Intersect { .. } => {
                    let first = self.grouped(chain, *how, part, &query.columns);
                    chain = Query { first, others: Vec::new(), columns: Vec::new() };
                }
            }
        }
        let evidence = self.text();
        if chain.others.is_empty() {
            let columns = query.columns.iter().zip(&chain.first.gives);
            let named = columns.map(|(column, given)| (column.var, self.var(*given))).collect();
            let last = chain.first.gives.last().map(|given| (evidence, self.var(*given)));
            chain.first.steps.push(Step::Let(named));
            chain.first.steps.push(Step::Let(last.into_iter().collect()));
            chain.first.gives = query.columns.iter().map(|column| column.var).collect();
            chain.first.gives.push(evidence);
        }
        chain.columns = query.columns.iter().cloned().chain([column(evidence)]).collect();
        (chain, evidence)
    }

    /// Rows held against those of one more part, as one part.
    fn grouped(&mut self, chain: Query, how: SetOperator, part: Part, columns: &[Output]) -> Part {
        let (left, right) = (self.sided(chain, columns, true), self.part_sided(part, false));
        let both = self.fresh(columns, 2);
        let (sides, given) = (both.len() - 2, both.clone());
        let others = vec![(SetOperator::Union { all: true }, right)];
        let united = Query { first: left, others, columns: both };
        let values = |range: std::ops::Range<usize>| -> Vec<Expr> {
            let given = given.get(range).unwrap_or_default();
            given.iter().map(|column| value(column.var, &column.ty)).collect()
        };
        let keys = values(0..columns.len());
        let mut items: Vec<(VarId, Expr)> =
            keys.iter().map(|key| (self.new_var(key.ty.clone()), key.clone())).collect();
        let evidence = self.text();
        items.extend(values(columns.len()..sides).into_iter().map(|words| (evidence, all(words))));
        let held = items.iter().map(|(var, _)| *var).collect();
        let counts: Vec<Expr> = values(sides..given.len())
            .into_iter()
            .map(|side| {
                let counted = self.new_var(Type::Int);
                items.push((counted, sum(side)));
                self.var(counted)
            })
            .collect();
        let grouped = Projection {
            distinct: false,
            items,
            group: Some(keys),
            order: Vec::new(),
            offset: None,
            limit: None,
        };
        let mut steps =
            vec![Step::Call(Call { optional: false, query: united }), Step::Project(grouped)];
        if let [left, right] = counts.as_slice() {
            steps.extend(self.kept(how, left, right));
        }
        Part { steps, gives: held }
    }

    /// Which groups stay, and how often, given how many rows each side gave.
    fn kept(&mut self, how: SetOperator, left: &Expr, right: &Expr) -> Option<Step> {
        let zero = || int(0);
        let some = |count: &Expr| compared(Comparison::Greater, count.clone(), zero());
        let none = |count: &Expr| compared(Comparison::Equal, count.clone(), zero());
        let times = match how {
            SetOperator::Union { .. } | SetOperator::Otherwise => return None,
            SetOperator::Except { all: false } => {
                let held = vec![some(left), none(right)];
                return Some(Step::Filter(Expr::truth(ExprKind::And(held))));
            }
            SetOperator::Intersect { all: false } => {
                let held = vec![some(left), some(right)];
                return Some(Step::Filter(Expr::truth(ExprKind::And(held))));
            }
            SetOperator::Except { all: true } => {
                let (left, right) = (Box::new(left.clone()), Box::new(right.clone()));
                Expr::new(ExprKind::Arithmetic(Arithmetic::Subtract, left, right), Type::Int)
            }
            SetOperator::Intersect { all: true } => {
                let fewer = compared(Comparison::Less, left.clone(), right.clone());
                let otherwise = Some(Box::new(right.clone()));
                Expr::new(ExprKind::Case(vec![(fewer, left.clone())], otherwise), Type::Int)
            }
        };
        let list = Type::List(Box::new(Type::Int));
        let list = Expr::new(ExprKind::Call(function("range")?, vec![int(1), times]), list);
        let member = self.new_var(Type::Int);
        Some(Step::For(Unfolding { member, list, place: None }))
    }

    /// The rows so far as one part that tells its side.
    fn sided(&mut self, mut chain: Query, columns: &[Output], left: bool) -> Part {
        if chain.others.is_empty() {
            return self.part_sided(chain.first, left);
        }
        chain.columns = self.fresh(columns, 0);
        let gives = chain.columns.iter().map(|column| column.var).collect();
        let steps = vec![Step::Call(Call { optional: false, query: chain })];
        self.part_sided(Part { steps, gives }, left)
    }

    /// A part that gives two more columns: 1 and 0 for the left side, 0 and 1 for the right one.
    fn part_sided(&mut self, part: Part, left: bool) -> Part {
        let Part { mut steps, mut gives } = part;
        let sides = [left, !left].map(|side| (self.new_var(Type::Int), int(i64::from(side))));
        gives.extend(sides.iter().map(|(var, _)| *var));
        steps.push(Step::Let(sides.to_vec()));
        Part { steps, gives }
    }

    /// New columns like these, one more for what rows rest on, and some that count.
    fn fresh(&mut self, columns: &[Output], counts: usize) -> Vec<Output> {
        let types: Basis = columns.iter().map(|column| value(column.var, &column.ty)).collect();
        let types = types.into_iter().map(|column| column.ty);
        let types: Vec<Type> = types.chain([Type::Text]).chain(vec![Type::Int; counts]).collect();
        let output = |ty: Type| Output { name: String::new(), var: self.new_var(ty.clone()), ty };
        types.into_iter().map(output).collect()
    }
}

fn value(var: VarId, ty: &Type) -> Expr {
    Expr::new(ExprKind::Var(var), ty.clone())
}

fn int(number: i64) -> Expr {
    Expr::new(ExprKind::Constant(Constant::Int(number)), Type::Int)
}

fn compared(how: Comparison, left: Expr, right: Expr) -> Expr {
    Expr::truth(ExprKind::Compare(how, Box::new(left), Box::new(right)))
}

fn sum(of: Expr) -> Expr {
    match aggregate("sum") {
        Some(which) => {
            let kind = ExprKind::Aggregate { which, distinct: false, args: vec![of] };
            Expr::new(kind, Type::Int)
        }
        None => of,
    }
}
