//! Queries inside others: run for each row at hand, for an expression, or joined into one.
//!
//! The database joins no sub-select that reads the rows before it, but it does join the members of a JSON array that is
//! computed from them. So an inner query that cannot be written into the rows themselves gives its rows as one array.

use super::element::one;
use super::{Binding, Carried, Kind, Live, Lowering, Node, Path, Rows};
use crate::meaning::question::{self, Projection, Query, Step, Unfolding, VarId, Wanted};
use crate::meaning::types::Type;
use crate::plan::{Plan, build};
use crate::sql::select::{Expr, From, Join, Op, Select, Sort, Source};

impl Lowering<'_> {
    /// A variable as an expression.
    pub(super) fn var(&self, var: VarId) -> question::Expr {
        let ty = self.vars.get(var.0).map_or(Type::Null, |var| var.ty.clone());
        question::Expr::new(question::ExprKind::Var(var), ty)
    }

    /// One row that holds the values of some variables of the rows at hand, for an inner plan to start from.
    fn one_row(&mut self, rows: &mut Rows, shared: &Live) -> Rows {
        let (mut columns, mut carried) = (Vec::new(), Vec::new());
        for &var in shared {
            let Some(mut binding) = rows.env.get(&var).cloned() else { continue };
            // Nodes of queries further out go along as well: an aggregate must find them in its own rows.
            if let Binding::Node(node) = &mut binding {
                node.scope = rows.scope;
            }
            let held = self.carry(rows, binding, &mut columns);
            carried.push((var, held));
        }
        let scope = self.new_scope();
        if columns.is_empty() {
            return Rows { scope, ..Rows::default() };
        }
        let alias = self.alias();
        let env = carried.into_iter().map(|(var, held)| (var, held.at(alias, scope))).collect();
        let select = Select { columns, ..Select::default() };
        let from = vec![From::inner(Source::Selects(vec![select]), alias)];
        let select = Select { from, ..Select::default() };
        Rows { select, env, scope, pinned: true, given: true, ..Rows::default() }
    }

    /// Extends each row by what the inner plan gives for it, or by nulls where that is nothing and `optional` says so.
    pub(super) fn apply(
        &mut self,
        mut rows: Rows,
        inner: &Plan,
        optional: bool,
        (shared, given): (&Live, &Live),
    ) -> Rows {
        let start = self.one_row(&mut rows, shared);
        let reads_rows = !start.select.from.is_empty();
        let found = if reads_rows {
            self.rows_for_each(inner, given, start)
        } else {
            self.rows(inner, given, start)
        };
        let (mut select, carried, _) = self.closed(found, given);
        if optional && rows.select.from.is_empty() {
            self.add_table(&mut rows, Source::Fixed("(select 1)"));
        }
        let typed: Vec<VarId> =
            carried.keys().copied().filter(|var| self.var(*var).ty == Type::Any).collect();
        if reads_rows {
            // An array has no place for a value with its type, but for its text.
            for var in &typed {
                if let Some(Carried::Value(number)) = carried.get(var)
                    && let Some(column) = select.columns.get_mut(number - 1)
                {
                    *column = Expr::Call("dixit_json", vec![column.clone()]);
                }
            }
        }
        let source = if reads_rows {
            Source::Call("json_each", vec![self.as_array(select)])
        } else {
            Source::Selects(vec![select])
        };
        let alias = self.alias();
        let join = if optional { Join::Left } else { Join::Cross };
        let on = if optional { vec![Expr::Word("1")] } else { Vec::new() };
        rows.select.from.push(From { join, source, alias, on });
        let column = |number: usize| {
            if reads_rows {
                let path = Expr::text(&format!("$[{}]", number - 1));
                Expr::Call("json_extract", vec![Expr::fixed(alias, "value"), path])
            } else {
                Expr::number(alias, number)
            }
        };
        for (var, held) in carried {
            let mut binding = held.with(&column, rows.scope);
            if let Binding::Value(value) = &mut binding
                && reads_rows
                && typed.contains(&var)
            {
                *value = Expr::Call("dixit_of_json", vec![value.clone()]);
            }
            let binding = if optional { super::optional::nullable(binding) } else { binding };
            rows.env.insert(var, binding);
        }
        rows
    }

    /// The rows of a select as one JSON array of arrays.
    fn as_array(&mut self, select: Select) -> Expr {
        let part = self.alias();
        let row = (1..=select.columns.len()).map(|number| Expr::number(part, number)).collect();
        let row = Expr::Call("json_array", row);
        one(gathered(row, Vec::new()), Source::Selects(vec![select]), part, Vec::new())
    }

    /// Repeats each row for every member of a list; null has none.
    pub(super) fn unfold(&mut self, mut rows: Rows, unfolding: &Unfolding) -> Rows {
        let Unfolding { member, list, place } = unfolding;
        let value = self.value(&mut rows, list);
        let each = self.alias();
        let source = Source::Call("json_each", vec![value]);
        rows.select.from.push(From { join: Join::Cross, source, alias: each, on: Vec::new() });
        let ty = self.var(*member).ty;
        let binding = self.as_binding(super::any::each_member(each, &ty), &ty, rows.scope);
        rows.env.insert(*member, binding);
        if let Some((var, from)) = place {
            let key = Expr::fixed(each, "key");
            let key = if *from == 0 { key } else { Expr::binary(Op::Add, key, Expr::Word("1")) };
            rows.env.insert(*var, Binding::Value(key));
        }
        rows
    }

    /// One value of the database as what a variable of that type holds.
    pub(super) fn as_binding(&self, value: Expr, ty: &Type, scope: usize) -> Binding {
        match ty {
            Type::Node(kinds) => {
                let part = |at| Expr::Call("json_extract", vec![value.clone(), Expr::Word(at)]);
                let kind = match kinds.first() {
                    Some(&only) if kinds.len() == 1 => Kind::Fixed(only),
                    _ => Kind::Column(part("'$[0]'")),
                };
                Binding::Node(Node { kind, id: part("'$[1]'"), table: None, scope, nullable: true })
            }
            Type::Edge(edges) => Binding::Token(value, edges.clone()),
            Type::Path => Binding::Path(self.any_path(value)),
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
            | Type::List(_) => Binding::Value(value),
        }
    }

    pub(super) fn any_path(&self, value: Expr) -> Path {
        Path {
            value,
            through: self.catalog.kinds().map(|(id, _)| id).collect(),
            over: self.catalog.edges().map(|(id, _)| id).collect(),
        }
    }

    /// Extends each row by values computed for it.
    pub(super) fn assign(
        &mut self,
        mut rows: Rows,
        values: &[(VarId, question::Expr)],
        live: &Live,
    ) -> Rows {
        let mut live = live.clone();
        for (var, value) in values {
            if super::project::stacks(&rows, value) {
                rows = self.name_rows(rows, &live);
            }
            let binding = super::project::renamed(&rows, value);
            rows.env.insert(*var, binding);
            live.insert(*var);
        }
        if values.iter().any(|(_, value)| is_costly(value)) {
            rows = self.name_rows(rows, &live);
        }
        rows
    }

    /// A projection that asks no inner query again for what it gave: to sort or to group by it, to show it, or in a later
    /// step.
    pub(super) fn computed_once(
        &mut self,
        rows: Rows,
        projection: &Projection,
        is_last: bool,
    ) -> (Rows, Projection) {
        let mut projection = projection.clone();
        let again = |value: &question::Expr| {
            !is_last
                || super::project::is_given_in_parts(&value.ty)
                || projection.order.iter().any(|key| key.value == *value)
                || projection.group.iter().flatten().any(|key| key == value)
        };
        let costly = |value: &question::Expr| is_costly(value) && !value.has_aggregate();
        let mut values = projection.items.clone();
        values.retain(|(_, value)| costly(value) && again(value));
        if values.is_empty() {
            return (rows, projection);
        }
        let rows = self.assign(rows, &values, &projection.reads());
        let keys = projection.order.iter_mut().map(|key| &mut key.value);
        let keys = keys.chain(projection.group.iter_mut().flatten());
        for read in keys.chain(projection.items.iter_mut().map(|(_, value)| value)) {
            if let Some((var, _)) = values.iter().find(|(_, value)| value == read) {
                *read = question::Expr::new(question::ExprKind::Var(*var), read.ty.clone());
            }
        }
        (rows, projection)
    }

    /// What an inner query gives for the row at hand.
    pub(super) fn subquery(
        &mut self,
        rows: &mut Rows,
        (wanted, query): (Wanted, &Query),
        whole: &question::Expr,
    ) -> Expr {
        let plan = build::query(query, self.vars);
        let start = if only_looks(query) && matches!(wanted, Wanted::Any | Wanted::Count) {
            Rows { env: rows.env.clone(), scope: self.new_scope(), ..Rows::default() }
        } else {
            self.one_row(rows, &query.outer_vars())
        };
        let column = query.columns.first().map(|column| column.var);
        let live: Live = column.into_iter().collect();
        let mut found = self.rows_for_each(&plan, &live, start);
        let value = column.map(|var| self.var(var));
        match (wanted, value) {
            (Wanted::Any, _) => Expr::Exists(Box::new(with_columns(found, Expr::Word("1")))),
            (Wanted::Count, _) => Expr::Scalar(Box::new(with_columns(found, Expr::count()))),
            (Wanted::List, Some(value)) => {
                let member = self.as_member(&mut found, &value);
                let keys = found.order.clone();
                let order = self.sorts(&mut found, &keys);
                let all = gathered(member, order);
                Expr::Scalar(Box::new(with_columns(found, all)))
            }
            (Wanted::One, Some(value)) => {
                let (value, place) = (self.value(&mut found, &value), self.place(whole));
                self.only_one(found, value, place)
            }
            (Wanted::List | Wanted::One, None) => Expr::Word("null"),
        }
    }

    /// The one value of some rows; more than one row is a mistake that only shows when it is run.
    fn only_one(&mut self, rows: Rows, value: Expr, place: Expr) -> Expr {
        let two = Select { limit: Some(Expr::Word("2")), ..with_columns(rows, value) };
        let part = self.alias();
        let single = Expr::Call("dixit_single", vec![Expr::count(), place]);
        let least = Expr::Aggregate {
            name: "min",
            distinct: false,
            args: vec![Expr::number(part, 1)],
            order: Vec::new(),
            filter: None,
        };
        one(Expr::when(single, least), Source::Selects(vec![two]), part, Vec::new())
    }
}

impl Carried {
    /// The variable, given how the columns of the closed select are read.
    pub(super) fn with(self, column: &dyn Fn(usize) -> Expr, scope: usize) -> Binding {
        match self {
            Self::Node { kind, id, nullable } => {
                let kind = match kind {
                    Ok(kind) => Kind::Fixed(kind),
                    Err(number) => Kind::Column(column(number)),
                };
                Binding::Node(Node { kind, id: column(id), table: None, scope, nullable })
            }
            Self::Token(number, edges) => Binding::Token(column(number), edges),
            Self::Walk { columns: [trail, steps, edges], through, over } => {
                Binding::Walk(super::WalkBinding {
                    trail: column(trail),
                    steps: column(steps),
                    edges: column(edges),
                    through,
                    over,
                })
            }
            Self::Path { column: number, through, over } => {
                Binding::Path(Path { value: column(number), through, over })
            }
            Self::Value(number) => Binding::Value(column(number)),
            Self::Outer(binding) => binding,
        }
    }
}

fn with_columns(rows: Rows, column: Expr) -> Select {
    Select { columns: vec![column], ..rows.select }
}

fn gathered(value: Expr, order: Vec<Sort>) -> Expr {
    Expr::Aggregate {
        name: "json_group_array",
        distinct: false,
        args: vec![value],
        order,
        filter: None,
    }
}

/// Whether a query looks for patterns and does nothing else with rows.
fn only_looks(query: &Query) -> bool {
    let looks = |step: &Step| match step {
        Step::Match(found) => !found.optional,
        Step::Filter(_) => true,
        Step::Project(_) | Step::Let(_) | Step::For(_) | Step::Call(_) => false,
    };
    query.only().is_some_and(|part| part.steps.iter().all(looks))
}

/// Whether a value takes a search of its own, which is better not repeated wherever the value is read.
fn is_costly(value: &question::Expr) -> bool {
    let inner =
        matches!(value.kind, question::ExprKind::Subquery(..) | question::ExprKind::Exists(_));
    inner || super::project::is_unsteady(value) || value.children().into_iter().any(is_costly)
}
