//! `union`, `except`, `intersect`, `otherwise`: the rows of several plans as one. Columns of all of them are brought to
//! one form first: a node as its number and that of its kind, a date packed, an edge, a path or a list as one value.

use super::{Binding, Kind, Live, Lowering, Node, Rows};
use crate::meaning::question::{Output, SetOperator, VarId};
use crate::meaning::types::Type;
use crate::plan::Branch;
use crate::sql::select::{Compound, Cte, Expr, From, Select, Source};

/// Rows joined so far.
struct Joined {
    parts: Vec<Select>,
    how: How,
    width: usize,
}

/// How several selects are one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// One below the other.
    All,
    /// Equal rows once.
    Distinct,
    /// The first that has any row.
    First,
}

impl Lowering<'_> {
    /// The rows of several branches as one.
    pub(super) fn combine(
        &mut self,
        first: &Branch,
        others: &[(SetOperator, Branch)],
        columns: &[Output],
        start: &Rows,
    ) -> Rows {
        let select = self.branch(first, columns, start.clone());
        let width = select.columns.len();
        let mut joined = Joined { parts: vec![select], how: How::All, width };
        for (how, branch) in others {
            let next = self.branch(branch, columns, start.clone());
            joined = self.add_branch(joined, *how, next);
        }
        let select = self.one_select(joined);
        let (alias, scope) = (self.alias(), self.new_scope());
        let (mut env, mut at) = (super::Env::new(), 0);
        for column in columns {
            let mut next = || {
                at += 1;
                Expr::number(alias, at)
            };
            let binding = match &column.ty {
                Type::Node(kinds) => {
                    let kind = match kinds.first() {
                        Some(&only) if kinds.len() == 1 => Kind::Fixed(only),
                        _ => Kind::Column(next()),
                    };
                    Binding::Node(Node { kind, id: next(), table: None, scope, nullable: true })
                }
                Type::Edge(edges) => Binding::Token(next(), edges.clone()),
                Type::Path => Binding::Path(self.any_path(next())),
                Type::Null
                | Type::Bool
                | Type::Int
                | Type::Float
                | Type::Text
                | Type::Date
                | Type::DateTime
                | Type::Duration
                | Type::Map
                | Type::Any
                | Type::List(_) => Binding::Value(next()),
            };
            env.insert(column.var, binding);
        }
        let from = vec![From::inner(Source::Selects(vec![select]), alias)];
        Rows { select: Select { from, ..Select::default() }, env, scope, ..Rows::default() }
    }

    /// The rows of one branch, each column in the form that all branches share.
    fn branch(&mut self, branch: &Branch, columns: &[Output], start: Rows) -> Select {
        let Branch { plan, gives } = branch;
        let live: Live = gives.iter().copied().collect();
        let mut rows = self.rows(plan, &live, start);
        let mut values = Vec::new();
        for (var, column) in gives.iter().zip(columns) {
            values.extend(self.in_form(&mut rows, *var, &column.ty));
        }
        if values.is_empty() {
            values.push(Expr::Word("1"));
        }
        let width = values.len();
        let select = Select { columns: values, ..rows.select };
        if select.with.is_empty() { select } else { self.around(vec![select], width) }
    }

    fn in_form(&mut self, rows: &mut Rows, var: VarId, ty: &Type) -> Vec<Expr> {
        let value = self.var(var);
        let Type::Node(kinds) = ty else {
            return vec![self.value(rows, &value.seen_as(ty))];
        };
        let Some(node) = self.node(rows, &value) else {
            let width = if kinds.len() == 1 { 1 } else { 2 };
            return vec![Expr::Word("null"); width];
        };
        if kinds.len() == 1 {
            return vec![node.id];
        }
        let kind = self.kind_number(&node.kind);
        let there = Expr::present(node.id.clone());
        let kind = if node.nullable { Expr::when(there, kind) } else { kind };
        vec![kind, node.id]
    }

    fn add_branch(&mut self, before: Joined, how: SetOperator, next: Select) -> Joined {
        let width = before.width;
        let onto = |lowering: &mut Self, before: Joined, how: How| {
            let alone = before.parts.len() == 1;
            let goes_on = (before.how, how) == (How::All, How::Distinct) || before.how == how;
            let mut parts =
                if alone || goes_on { before.parts } else { vec![lowering.one_select(before)] };
            parts.push(next.clone());
            Joined { parts, how, width }
        };
        match how {
            SetOperator::Union { all: false } => onto(self, before, How::Distinct),
            SetOperator::Union { all: true } => onto(self, before, How::All),
            SetOperator::Otherwise => onto(self, before, How::First),
            SetOperator::Except { all } => {
                let left = self.one_select(before);
                self.compared(Compound::Except, left, next, all)
            }
            SetOperator::Intersect { all } => {
                let left = self.one_select(before);
                self.compared(Compound::Intersect, left, next, all)
            }
        }
    }

    /// Rows held against others; to keep count of equal ones, each is numbered among its equals.
    fn compared(&mut self, how: Compound, left: Select, right: Select, all: bool) -> Joined {
        let width = left.columns.len();
        let (left, right) =
            if all { (self.numbered(left), self.numbered(right)) } else { (left, right) };
        let alias = self.alias();
        let columns = (1..=width).map(|number| Expr::number(alias, number)).collect();
        let source = Source::Compound(how, Box::new(left), Box::new(right));
        let from = vec![From::inner(source, alias)];
        let select = Select { columns, from, ..Select::default() };
        Joined { parts: vec![select], how: How::All, width }
    }

    fn numbered(&mut self, select: Select) -> Select {
        let width = select.columns.len();
        let mut numbered = self.around(vec![select], width);
        let number = Expr::RowNumber(numbered.columns.clone());
        numbered.columns.push(number);
        numbered
    }

    /// The rows of the first of several selects that has any.
    fn first_of(&mut self, parts: Vec<Select>, width: usize) -> Select {
        let (mut named, mut rungs, mut empty) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            let (name, all, any) = (self.alias(), self.alias(), self.alias());
            named.push(Cte { name, width, parts: vec![part], distinct: false, recursive: false });
            rungs.push(Select {
                columns: (1..=width).map(|number| Expr::number(all, number)).collect(),
                from: vec![From::inner(Source::Cte(name), all)],
                filter: empty.clone(),
                ..Select::default()
            });
            let found = Select {
                columns: vec![Expr::Word("1")],
                from: vec![From::inner(Source::Cte(name), any)],
                ..Select::default()
            };
            empty.push(Expr::Not(Box::new(Expr::Exists(Box::new(found)))));
        }
        let both = self.around(rungs, width);
        let select = Select { with: named, ..both };
        self.around(vec![select], width)
    }

    fn one_select(&mut self, joined: Joined) -> Select {
        let Joined { mut parts, how, width } = joined;
        if let (1, How::All | How::First) = (parts.len(), how)
            && let Some(only) = parts.pop()
        {
            return only;
        }
        match how {
            How::All => self.around(parts, width),
            How::Distinct => Select { distinct: true, ..self.around(parts, width) },
            How::First => self.first_of(parts, width),
        }
    }

    /// A select of all columns of others, one below the other.
    fn around(&mut self, parts: Vec<Select>, width: usize) -> Select {
        let alias = self.alias();
        let columns = (1..=width).map(|number| Expr::number(alias, number)).collect();
        let from = vec![From::inner(Source::Selects(parts), alias)];
        Select { columns, from, ..Select::default() }
    }
}
