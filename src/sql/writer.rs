//! The only place that makes SQL text. Takes `'static` words and names of the catalogue; values are bound.

use super::select::{Alias, Compound, Cte, Expr, From, Join, Name, Op, Select, Sort, Source};
use super::{Bound, ResultColumn, Statement};

/// Writes a statement.
pub fn write(select: &Select, columns: Vec<ResultColumn>) -> Statement {
    let mut w = Writer::default();
    w.select(select, 0);
    Statement { text: w.text, values: w.values, columns, places: Vec::new(), searches: Vec::new() }
}

#[derive(Default)]
struct Writer {
    text: String,
    values: Vec<Bound>,
    /// Numbers of the parameters that hold values of the catalogue.
    known: Vec<usize>,
}

impl Writer {
    /// The way in for text: nothing a user typed is `'static`.
    fn sql(&mut self, text: &'static str) {
        self.text.push_str(text);
    }

    fn number(&mut self, number: usize) {
        self.text.push_str(&number.to_string());
    }

    /// A name of the catalogue, quoted.
    fn name(&mut self, name: &str) {
        self.text.push('"');
        self.text.push_str(&name.replace('"', "\"\""));
        self.text.push('"');
    }

    fn parameter(&mut self, at: usize) {
        self.sql("?");
        self.number(at);
    }

    fn alias(&mut self, alias: Alias) {
        self.sql("t");
        self.number(alias.0);
    }

    fn line(&mut self, depth: usize) {
        self.sql("\n");
        for _ in 0..depth {
            self.sql("  ");
        }
    }

    fn list<T>(
        &mut self,
        items: &[T],
        between: &'static str,
        mut write: impl FnMut(&mut Self, &T),
    ) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.sql(between);
            }
            write(self, item);
        }
    }

    fn select(&mut self, select: &Select, depth: usize) {
        let Select { with, distinct, columns, from, filter, group, order, limit, offset } = select;
        self.with(with, depth);
        self.sql(if *distinct { "select distinct " } else { "select " });
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                self.sql(", ");
            }
            self.expr(column, 0, depth);
            self.sql(" as c");
            self.number(at + 1);
        }
        for (at, table) in from.iter().enumerate() {
            self.line(depth);
            self.from(table, at == 0, depth);
        }
        for (at, condition) in filter.iter().enumerate() {
            self.line(depth);
            self.sql(if at == 0 { "where " } else { "  and " });
            self.expr(condition, AND, depth);
        }
        if !group.is_empty() {
            self.line(depth);
            self.sql("group by ");
            self.list(group, ", ", |w, key| w.expr(key, 0, depth));
        }
        if !order.is_empty() {
            self.line(depth);
            self.sql("order by ");
            self.sorts(order, depth);
        }
        self.page(limit.as_ref(), offset.as_ref(), depth);
    }

    fn page(&mut self, limit: Option<&Expr>, offset: Option<&Expr>, depth: usize) {
        if limit.is_none() && offset.is_none() {
            return;
        }
        self.line(depth);
        self.sql("limit ");
        match limit {
            Some(limit) => self.expr(limit, 0, depth),
            None => self.sql("-1"),
        }
        if let Some(offset) = offset {
            self.sql(" offset ");
            self.expr(offset, 0, depth);
        }
    }

    fn with(&mut self, with: &[Cte], depth: usize) {
        if with.is_empty() {
            return;
        }
        self.sql(if with.iter().any(|cte| cte.recursive) { "with recursive " } else { "with " });
        for (at, cte) in with.iter().enumerate() {
            if at > 0 {
                self.sql(",");
                self.line(depth);
            }
            self.cte(cte, depth);
        }
        self.line(depth);
    }

    fn cte(&mut self, cte: &Cte, depth: usize) {
        self.alias(cte.name);
        self.sql("(");
        for at in 1..=cte.width {
            self.sql(if at > 1 { ", c" } else { "c" });
            self.number(at);
        }
        self.sql(if cte.recursive { ") as (" } else { ") as materialized (" });
        self.selects(&cte.parts, cte.distinct, depth + 1);
        self.sql(")");
    }

    fn selects(&mut self, parts: &[Select], distinct: bool, depth: usize) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.line(depth);
                self.sql(if distinct { "union" } else { "union all" });
            }
            self.line(depth);
            self.select(part, depth);
        }
    }

    fn from(&mut self, table: &From, first: bool, depth: usize) {
        self.sql(match (first, table.join) {
            (true, _) => "from ",
            (false, Join::Inner) => "join ",
            (false, Join::Cross) => "cross join ",
            (false, Join::Left) => "left join ",
        });
        match &table.source {
            Source::Table(name) | Source::Coded(name) => self.name(name.as_str()),
            Source::Fixed(name) => self.sql(name),
            Source::Call(name, args) => {
                self.sql(name);
                self.sql("(");
                self.list(args, ", ", |w, arg| w.expr(arg, 0, depth));
                self.sql(")");
            }
            Source::Selects(parts) => {
                self.sql("(");
                self.selects(parts, false, depth + 1);
                self.sql(")");
            }
            Source::Compound(how, left, right) => {
                self.sql("(");
                self.line(depth + 1);
                self.select(left, depth + 1);
                self.line(depth + 1);
                self.sql(match how {
                    Compound::Except => "except",
                    Compound::Intersect => "intersect",
                });
                self.line(depth + 1);
                self.select(right, depth + 1);
                self.sql(")");
            }
            Source::Cte(name) => self.alias(*name),
        }
        self.sql(" as ");
        self.alias(table.alias);
        for (at, condition) in table.on.iter().enumerate() {
            self.sql(if at == 0 { " on " } else { " and " });
            self.expr(condition, AND, depth);
        }
    }

    fn sorts(&mut self, order: &[Sort], depth: usize) {
        self.list(order, ", ", |w, key| {
            w.expr(&key.value, 0, depth);
            w.sql(if key.descending { " desc" } else { "" });
            w.sql(if key.nulls_first { " nulls first" } else { " nulls last" });
        });
    }

    /// Writes an expression, in parentheses where it binds looser than `outer`.
    fn expr(&mut self, expr: &Expr, outer: u8, depth: usize) {
        let own = tightness(expr);
        let wrap = own < outer;
        if wrap {
            self.sql("(");
        }
        self.bare(expr, own, depth);
        if wrap {
            self.sql(")");
        }
    }

    #[expect(clippy::too_many_lines, reason = "one flat match")]
    fn bare(&mut self, expr: &Expr, own: u8, depth: usize) {
        match expr {
            Expr::Column(alias, name) => self.column(*alias, name),
            Expr::Place(number) => self.number(*number),
            Expr::Bind(value) => {
                self.values.push(value.clone());
                self.parameter(self.values.len());
            }
            Expr::Known(value) => {
                let known =
                    self.known.iter().find(|at| self.values.get(**at - 1) == Some(value)).copied();
                let at = known.unwrap_or_else(|| {
                    self.values.push(value.clone());
                    self.known.push(self.values.len());
                    self.values.len()
                });
                self.parameter(at);
            }
            Expr::Word(word) => self.sql(word),
            Expr::Call(name, args) => {
                self.sql(name);
                self.sql("(");
                self.list(args, ", ", |w, arg| w.expr(arg, 0, depth));
                self.sql(")");
            }
            Expr::Aggregate { name, distinct, args, order, filter } => {
                self.aggregate((name, *distinct), (args, order), filter.as_deref(), depth);
            }
            Expr::Window { name, partition, order } => self.window(name, partition, order, depth),
            Expr::RowNumber(among) => {
                self.sql("row_number() over (partition by ");
                self.list(among, ", ", |w, value| w.expr(value, 0, depth));
                self.sql(")");
            }
            Expr::Binary(op, left, right) => {
                self.expr(left, own, depth);
                self.sql(op_text(*op));
                self.expr(right, own + 1, depth);
            }
            Expr::Not(value) => {
                self.sql("not ");
                self.expr(value, own, depth);
            }
            Expr::Minus(value) => {
                self.sql("- ");
                self.expr(value, own, depth);
            }
            Expr::And(parts) if parts.is_empty() => self.sql("1"),
            Expr::Or(parts) if parts.is_empty() => self.sql("0"),
            Expr::And(parts) => self.list(parts, " and ", |w, part| w.expr(part, own + 1, depth)),
            Expr::Or(parts) => self.list(parts, " or ", |w, part| w.expr(part, own + 1, depth)),
            Expr::IsNull(value, yes) => {
                self.expr(value, own + 1, depth);
                self.sql(if *yes { " is null" } else { " is not null" });
            }
            Expr::Case(branches, otherwise) if branches.is_empty() => match otherwise {
                Some(value) => self.expr(value, own, depth),
                None => self.sql("null"),
            },
            Expr::Case(branches, otherwise) => self.case(branches, otherwise.as_deref(), depth),
            Expr::In(value, members) => {
                self.expr(value, own + 1, depth);
                self.sql(" in (");
                self.list(members, ", ", |w, member| w.expr(member, 0, depth));
                self.sql(")");
            }
            Expr::InSelect(value, parts) => {
                self.expr(value, own + 1, depth);
                self.sql(" in (");
                self.selects(parts, false, depth + 1);
                self.sql(")");
            }
            Expr::Exists(select) => {
                self.sql("exists ");
                self.nested(select, depth);
            }
            Expr::Scalar(select) => self.nested(select, depth),
            Expr::Match(table, query) => {
                self.name(table.as_str());
                self.sql(" match ");
                self.expr(query, own + 1, depth);
            }
            Expr::Rank(table) => {
                self.sql("bm25(");
                self.name(table.as_str());
                self.sql(")");
            }
        }
    }

    fn column(&mut self, alias: Alias, name: &Name) {
        self.alias(alias);
        self.sql(".");
        match name {
            Name::Ident(name) | Name::Coded(name) => self.name(name.as_str()),
            Name::Fixed(name) => self.sql(name),
            Name::Number(number) => {
                self.sql("c");
                self.number(*number);
            }
        }
    }

    fn window(&mut self, name: &'static str, partition: &[Expr], order: &[Sort], depth: usize) {
        self.sql(name);
        self.sql("() over (");
        if !partition.is_empty() {
            self.sql("partition by ");
            self.list(partition, ", ", |w, part| w.expr(part, 0, depth));
            self.sql(" ");
        }
        self.sql("order by ");
        self.sorts(order, depth);
        self.sql(")");
    }

    fn aggregate(
        &mut self,
        (name, distinct): (&'static str, bool),
        (args, order): (&[Expr], &[Sort]),
        filter: Option<&Expr>,
        depth: usize,
    ) {
        self.sql(name);
        self.sql(if distinct { "(distinct " } else { "(" });
        if args.is_empty() {
            self.sql("*");
        }
        self.list(args, ", ", |w, arg| w.expr(arg, 0, depth));
        if !order.is_empty() {
            self.sql(" order by ");
            self.sorts(order, depth);
        }
        self.sql(")");
        if let Some(filter) = filter {
            self.sql(" filter (where ");
            self.expr(filter, 0, depth);
            self.sql(")");
        }
    }

    fn case(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, depth: usize) {
        self.sql("case");
        for (when, then) in branches {
            self.sql(" when ");
            self.expr(when, 0, depth);
            self.sql(" then ");
            self.expr(then, 0, depth);
        }
        if let Some(otherwise) = otherwise {
            self.sql(" else ");
            self.expr(otherwise, 0, depth);
        }
        self.sql(" end");
    }

    fn nested(&mut self, select: &Select, depth: usize) {
        self.sql("(");
        self.line(depth + 1);
        self.select(select, depth + 1);
        self.sql(")");
    }
}

const AND: u8 = 2;

/// How tightly an expression holds together; `SQLite`'s order of operators.
fn tightness(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(_) => 1,
        Expr::And(_) => AND,
        Expr::Not(_) => 3,
        Expr::IsNull(..) | Expr::In(..) | Expr::InSelect(..) | Expr::Match(..) => 4,
        Expr::Binary(op, ..) => match op {
            Op::Equal | Op::NotEqual | Op::Is => 4,
            Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => 5,
            Op::Add | Op::Subtract => 7,
            Op::Multiply | Op::Divide | Op::Modulo => 8,
            Op::Concat => 9,
        },
        Expr::Minus(_) => 11,
        Expr::Column(..)
        | Expr::Place(_)
        | Expr::Bind(_)
        | Expr::Known(_)
        | Expr::Word(_)
        | Expr::Call(..)
        | Expr::Aggregate { .. }
        | Expr::Window { .. }
        | Expr::RowNumber(_)
        | Expr::Case(..)
        | Expr::Exists(_)
        | Expr::Scalar(_)
        | Expr::Rank(_) => 12,
    }
}

fn op_text(op: Op) -> &'static str {
    match op {
        Op::Equal => " = ",
        Op::NotEqual => " <> ",
        Op::Is => " is ",
        Op::Less => " < ",
        Op::LessEqual => " <= ",
        Op::Greater => " > ",
        Op::GreaterEqual => " >= ",
        Op::Add => " + ",
        Op::Subtract => " - ",
        Op::Multiply => " * ",
        Op::Divide => " / ",
        Op::Modulo => " % ",
        Op::Concat => " || ",
    }
}
