//! From a plan to the tree of one SQL statement. Each step of the plan extends the rows at hand: a `select` without
//! columns yet, and where each variable is to be found in it.

mod aggregate;
mod any;
mod block;
mod combine;
mod compose;
mod condition;
mod date;
mod element;
mod evidence;
mod expr;
mod function;
mod give;
mod group;
mod judged;
mod lookup;
mod nearest;
mod optional;
mod pick;
mod possible;
mod project;
mod properties;
mod search;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use any::Elements;
pub use lookup::{count_named, counted};

use super::select::{Alias, Cte, Expr, From, Join, Select, Source};
use super::{ResultColumn, Shape};
use crate::base::source::Span;
use crate::meaning::catalog::{Catalog, EdgeId, KindId, KindSet};
use crate::meaning::question::{self, NodesOnce, Question, SortKey, Var, VarId};
use crate::plan::{Plan, Trace, Walk};

/// What a plan becomes.
#[derive(Debug)]
pub struct Lowered {
    /// The tree of the statement.
    pub select: Select,
    /// The result's columns.
    pub columns: Vec<ResultColumn>,
    /// Places in the query that an error can name while it runs.
    pub places: Vec<Span>,
    /// Where the query searches for words.
    pub searches: Vec<Span>,
    /// Whether a variable's value could not be found: then the statement must not be used.
    pub is_lost: bool,
}

/// Lowers a plan.
pub fn lower(plan: &Plan, question: &Question, catalog: &Catalog) -> Lowered {
    let elements = Elements::of(question, catalog);
    let mut lowering = Lowering { elements, ..Lowering::new(catalog, &question.vars) };
    let mut select = lowering.result(plan, question);
    judged::read_as_one(&mut select, catalog, lowering.next);
    let columns = question
        .query
        .columns
        .iter()
        .map(|column| ResultColumn { name: column.name.clone(), shape: Shape::of(&column.ty) })
        .collect();
    let Lowering { places, searches, lost: is_lost, .. } = lowering;
    Lowered { select, columns, places, searches, is_lost }
}

/// Lowers a plan whose rows do not matter, only whether there are any.
pub fn existence(plan: &Plan, question: &Question, catalog: &Catalog) -> Select {
    let mut lowering = Lowering::new(catalog, &question.vars);
    let start = Rows { scope: lowering.new_scope(), ..Rows::default() };
    let rows = lowering.rows(plan, &Live::new(), start);
    let one = Some(Expr::Word("1"));
    let mut select = Select { columns: vec![Expr::Word("1")], limit: one, ..rows.select };
    judged::read_as_one(&mut select, catalog, lowering.next);
    select
}

/// Lowers a plan whose rows are only counted.
pub fn count(plan: &Plan, question: &Question, catalog: &Catalog) -> Select {
    let mut lowering = Lowering::new(catalog, &question.vars);
    let start = Rows { scope: lowering.new_scope(), ..Rows::default() };
    let rows = lowering.rows(plan, &Live::new(), start);
    let select = Select { columns: vec![Expr::Word("1")], ..rows.select };
    let all = lowering.alias();
    let from = vec![From::inner(Source::Selects(vec![select]), all)];
    let mut select = Select { columns: vec![Expr::count()], from, ..Select::default() };
    judged::read_as_one(&mut select, catalog, lowering.next);
    select
}

/// What lowering needs to know and count.
struct Lowering<'c> {
    catalog: &'c Catalog,
    vars: &'c [Var],
    next: usize,
    scope: usize,
    elements: Elements,
    /// Whether a variable was asked for that no rows hold.
    lost: bool,
    places: Vec<Span>,
    searches: Vec<Span>,
    /// How often rows at hand have been named by two readers: the database copies what a name stands for, each time.
    copied: usize,
    /// How many queries around this one are such that it is run for each of their rows.
    around: usize,
}

/// Rows are named by two readers so often at most; further inner plans are run for each row instead.
const MOST_COPIES: usize = 4;

/// So many tables are joined before the rows at hand get a name; the database joins 64 at most.
const MOST_TABLES: usize = 40;

/// Rows in the making.
#[derive(Debug, Clone, Default)]
struct Rows {
    select: Select,
    env: Env,
    /// Tells these rows from those of a query around them.
    scope: usize,
    /// Whether tables must be joined in the order written.
    pinned: bool,
    /// How many selects the database makes of this one when it multiplies out the unions in it; 0 where there is none.
    unions: usize,
    /// How an earlier step sorted them.
    order: Vec<SortKey>,
    /// Whether they started as one row of given values.
    given: bool,
    /// Whether they are a step of a recursion: what they go on from cannot be named anew.
    is_step: bool,
}

type Env = BTreeMap<VarId, Binding>;
type Live = BTreeSet<VarId>;

/// Where a variable's value is found.
#[derive(Debug, Clone)]
enum Binding {
    Node(Node),
    /// A row of an edge's table.
    Edge {
        edge: EdgeId,
        row: Alias,
    },
    /// An edge as one value: JSON of the edge's number and what identifies it.
    Token(Expr, BTreeSet<EdgeId>),
    Walk(WalkBinding),
    Path(Path),
    /// A single value.
    Value(Expr),
    /// An expression over other variables.
    Computed(question::Expr),
}

/// A node: its kind and its id.
#[derive(Debug, Clone)]
struct Node {
    kind: Kind,
    id: Expr,
    table: Option<Alias>,
    scope: usize,
    nullable: bool,
}

impl Node {
    /// The node of a row of its kind's table that is read in a sub-query of its own.
    fn of_row(kind: KindId, row: Alias) -> Self {
        let id = Expr::fixed(row, "id");
        Self { kind: Kind::Fixed(kind), id, table: Some(row), scope: 0, nullable: false }
    }
}

#[derive(Debug, Clone)]
enum Kind {
    Fixed(KindId),
    /// The kind's number.
    Column(Expr),
}

/// What a repeated edge passed.
#[derive(Debug, Clone)]
struct WalkBinding {
    trail: Expr,
    /// Edges and nodes in turn, as the inside of a JSON array, each with a comma before it.
    steps: Expr,
    /// The edges, likewise.
    edges: Expr,
    through: KindSet,
    over: BTreeSet<EdgeId>,
}

/// A path as JSON: nodes and edges in turn.
#[derive(Debug, Clone)]
struct Path {
    value: Expr,
    through: KindSet,
    over: BTreeSet<EdgeId>,
}

impl<'c> Lowering<'c> {
    fn new(catalog: &'c Catalog, vars: &'c [Var]) -> Self {
        let elements = Elements::default();
        Self {
            catalog,
            vars,
            next: 0,
            scope: 0,
            elements,
            places: Vec::new(),
            searches: Vec::new(),
            copied: 0,
            around: 0,
            lost: false,
        }
    }
}

impl Lowering<'_> {
    fn alias(&mut self) -> Alias {
        self.next += 1;
        Alias(self.next)
    }

    fn new_scope(&mut self) -> usize {
        self.scope += 1;
        self.scope
    }

    /// The whole statement, which gives the columns of the question.
    fn result(&mut self, plan: &Plan, question: &Question) -> Select {
        let start = Rows { scope: self.new_scope(), ..Rows::default() };
        if let Plan::Project { input, projection } = plan {
            let rows = self.rows(input, &projection.reads(), start);
            let (rows, projection) = self.computed_once(rows, projection, true);
            return self.output(rows, &projection);
        }
        let columns = || question.query.columns.iter().map(|column| column.var);
        let mut rows = self.rows(plan, &columns().collect(), start);
        let mut values = Vec::new();
        for var in columns() {
            let value = self.var(var);
            values.push(self.given(&mut rows, &value));
        }
        Select { columns: values, ..rows.select }
    }

    /// The same of a plan that is run for each of the rows at hand.
    fn rows_for_each(&mut self, plan: &Plan, live: &Live, start: Rows) -> Rows {
        self.around += 1;
        let rows = self.rows(plan, live, start);
        self.around -= 1;
        rows
    }

    /// Rows that give at least the variables in `live`, which start from `start`.
    fn rows(&mut self, plan: &Plan, live: &Live, start: Rows) -> Rows {
        match plan {
            Plan::Start => start,
            Plan::Join { input, block } => {
                let rows = self.rows(input, &(live | &block.reads()), start);
                self.join(rows, block, live)
            }
            Plan::Walk { input, walk } => self.walk_rows(input, walk, live, start),
            Plan::Pick { input, pick } => self.pick_rows(input, pick, live, start),
            Plan::Paths { input, paths } => {
                let parts = paths
                    .iter()
                    .flat_map(|path| path.steps.iter().flat_map(|(edge, node)| [*edge, *node]));
                let starts = paths.iter().map(|path| path.start);
                let mut rows = self.rows(input, &(live | &parts.chain(starts).collect()), start);
                for path in paths {
                    self.path(&mut rows, path);
                }
                rows
            }
            Plan::Optional { input, inner, shared, own } => {
                let rows = self.few_rows(input, &(live | shared), start);
                self.optional(rows, inner, (shared, &(own & live)), live)
            }
            Plan::Filter { input, condition } => {
                let mut rows = self.rows(input, &(live | &condition.vars()), start);
                let condition = self.condition(&mut rows, condition);
                rows.select.filter.push(condition);
                rows
            }
            Plan::Project { input, projection } => {
                let rows = self.rows(input, &projection.reads(), start);
                let (rows, projection) = self.computed_once(rows, projection, false);
                self.project(rows, &projection)
            }
            Plan::Let { input, values } => {
                let reads = values.iter().flat_map(|(_, value)| value.vars()).collect();
                let wanted = live | &reads;
                let rows = self.rows(input, &wanted, start);
                self.assign(rows, values, &wanted)
            }
            Plan::Unfold { input, unfolding } => {
                let rows = self.few_rows(input, &(live | &unfolding.list.vars()), start);
                self.unfold(rows, unfolding)
            }
            Plan::Apply { input, inner, optional, shared, own } => {
                let rows = self.few_rows(input, &(live | shared), start);
                self.apply(rows, inner, *optional, (shared, &(own & live)))
            }
            Plan::Combine { first, others, columns } => {
                self.combine(first, others, columns, &start)
            }
        }
    }

    /// Rows made of few tables, so that more can be joined.
    fn few_rows(&mut self, plan: &Plan, live: &Live, start: Rows) -> Rows {
        let rows = self.rows(plan, live, start);
        self.with_few_tables(rows, live)
    }

    /// Rows extended along a repeated edge or path.
    fn walk_rows(&mut self, input: &Plan, walk: &Walk, live: &Live, start: Rows) -> Rows {
        let mut wanted = live | &walk.different.iter().copied().collect();
        wanted.extend([walk.edge.left, walk.edge.right]);
        wanted.extend(walk.edge.repeat.iter().flat_map(question::Repeat::reads));
        let rows = self.rows(input, &wanted, start);
        if walk.block.is_some() {
            return self.group(rows, walk, &wanted);
        }
        if self.is_copied_enough(&rows) {
            return self.walk_each(rows, walk, live);
        }
        self.walk(rows, walk, &wanted)
    }

    /// Names the rows at hand, with the variables in `live` as columns, and starts from them anew.
    fn name_rows(&mut self, rows: Rows, live: &Live) -> Rows {
        let order = rows.order.clone();
        let live = &(live | &order.iter().flat_map(|key| key.value.vars()).collect());
        let (select, env, scope) = self.closed(rows, live);
        let (name, alias) = (self.alias(), self.alias());
        let width = select.columns.len();
        let cte = Cte { name, width, parts: vec![select], distinct: false, recursive: false };
        let from = vec![From::inner(Source::Cte(name), alias)];
        let env = env.into_iter().map(|(var, carried)| (var, carried.at(alias, scope))).collect();
        Rows {
            select: Select { with: vec![cte], from, ..Select::default() },
            env,
            scope,
            order,
            ..Rows::default()
        }
    }

    /// Names the rows where they are made of as many tables as the database joins.
    fn with_few_tables(&mut self, rows: Rows, live: &Live) -> Rows {
        let few = rows.is_step || rows.select.from.len() < MOST_TABLES;
        if few { rows } else { self.name_rows(rows, live) }
    }

    /// Whether naming the rows once more for two readers would make the statement too large.
    fn is_copied_enough(&self, rows: &Rows) -> bool {
        let tables = rows.select.from.len();
        let few = tables == 0 || (rows.given && tables == 1);
        self.copied >= MOST_COPIES && !few
    }

    /// Gives the rows columns for the variables in `live`, and says which column holds what.
    fn closed(&mut self, mut rows: Rows, live: &Live) -> (Select, BTreeMap<VarId, Carried>, usize) {
        let mut columns = Vec::new();
        let mut carried = BTreeMap::new();
        for &var in live {
            let Some(binding) = rows.env.get(&var).cloned() else { continue };
            let held = self.carry(&mut rows, binding, &mut columns);
            carried.insert(var, held);
        }
        if columns.is_empty() {
            columns.push(Expr::Word("1"));
        }
        (Select { columns, ..rows.select }, carried, rows.scope)
    }

    fn carry(&mut self, rows: &mut Rows, binding: Binding, columns: &mut Vec<Expr>) -> Carried {
        let mut add = |value: Expr| {
            columns.push(value);
            columns.len()
        };
        match binding {
            Binding::Node(Node { scope, .. }) if scope != rows.scope => Carried::Outer(binding),
            Binding::Node(Node { kind: Kind::Fixed(kind), id, nullable, .. }) => {
                Carried::Node { kind: Ok(kind), id: add(id), nullable }
            }
            Binding::Node(Node { kind: Kind::Column(kind), id, nullable, .. }) => {
                Carried::Node { kind: Err(add(kind)), id: add(id), nullable }
            }
            Binding::Edge { edge: _, row: _ } | Binding::Token(..) => {
                let (token, edges) = (self.token(&binding), self.edges_of(&binding));
                Carried::Token(add(token), edges)
            }
            Binding::Walk(WalkBinding { trail, steps, edges, through, over }) => {
                Carried::Walk { columns: [add(trail), add(steps), add(edges)], through, over }
            }
            Binding::Path(Path { value, through, over }) => {
                Carried::Path { column: add(value), through, over }
            }
            Binding::Value(value) => Carried::Value(add(value)),
            Binding::Computed(expr) => {
                if let Some(node) = self.node(rows, &expr) {
                    return self.carry(
                        rows,
                        Binding::Node(Node { scope: rows.scope, ..node }),
                        columns,
                    );
                }
                let value = self.value(rows, &expr);
                columns.push(value);
                Carried::Value(columns.len())
            }
        }
    }

    /// Binds a path, and holds its nodes to be different where they must be.
    fn path(&mut self, rows: &mut Rows, trace: &Trace) {
        let mut path =
            Path { value: Expr::Word("'['"), through: KindSet::new(), over: BTreeSet::new() };
        let mut nullable = None;
        if let Some(start) = self.var_node(rows, trace.start) {
            path.through.extend(self.kinds_of(&start));
            path.value = concat(path.value, self.node_value(&start));
            nullable = start.nullable.then(|| start.id.clone());
        }
        for (edge, node) in &trace.steps {
            let Some(binding) = rows.env.get(edge).cloned() else { continue };
            if let Binding::Walk(walk) = binding {
                path.through.extend(walk.through);
                path.over.extend(walk.over);
                path.value = concat(path.value, walk.steps);
                continue;
            }
            path.over.extend(self.edges_of(&binding));
            path.value = concat(concat(path.value, Expr::Word("','")), self.token(&binding));
            if let Some(node) = self.var_node(rows, *node) {
                path.through.extend(self.kinds_of(&node));
                path.value = concat(concat(path.value, Expr::Word("','")), self.node_value(&node));
            }
        }
        path.value = concat(path.value, Expr::Word("']'"));
        if let Some(id) = nullable {
            path.value = Expr::when(Expr::present(id), path.value);
        }
        if let Some(once) = trace.once {
            let ends = match once {
                NodesOnce::All => "0",
                NodesOnce::ButEnds => "1",
            };
            let args = vec![path.value.clone(), Expr::Word(ends)];
            rows.select.filter.push(Expr::Call("dixit_nodes_once", args));
        }
        rows.env.insert(trace.var, Binding::Path(path));
    }

    /// Joins several selects, one below the other. The database multiplies them out with those already there, which lets
    /// indexes serve them; where that would be too many, they are computed first.
    fn add_union(&mut self, rows: &mut Rows, parts: Vec<Select>) -> Alias {
        const MOST: usize = 100;
        if parts.is_empty() {
            // No kind and no edge is meant: as many columns as any of them has, and no rows.
            let columns = vec![Expr::Word("null"); 6];
            let none = Select { columns, filter: vec![Expr::Word("0")], ..Select::default() };
            return self.add_table(rows, Source::Selects(vec![none]));
        }
        let product = rows.unions.max(1).saturating_mul(parts.len());
        let parts = self.in_chunks(parts);
        if product <= MOST {
            rows.unions = product;
            return self.add_table(rows, Source::Selects(parts));
        }
        let width = parts.first().map_or(0, |part| part.columns.len());
        let name = self.alias();
        rows.select.with.push(Cte { name, width, parts, distinct: false, recursive: false });
        self.add_table(rows, Source::Cte(name))
    }

    /// The database takes 500 selects one below the other: more are brought together in chunks first.
    pub(super) fn in_chunks(&mut self, parts: Vec<Select>) -> Vec<Select> {
        const CHUNK: usize = 400;
        if parts.len() <= CHUNK {
            return parts;
        }
        let width = parts.first().map_or(0, |part| part.columns.len());
        let mut chunks = Vec::new();
        for chunk in parts.chunks(CHUNK) {
            let alias = self.alias();
            chunks.push(Select {
                columns: (1..=width).map(|column| Expr::number(alias, column)).collect(),
                from: vec![From::inner(Source::Selects(chunk.to_vec()), alias)],
                ..Select::default()
            });
        }
        chunks
    }

    /// Gives a variable that holds a computed node a place as one.
    fn settle_node(&mut self, rows: &mut Rows, var: VarId) {
        if let Some(Binding::Computed(_)) = rows.env.get(&var)
            && let Some(node) = self.var_node(rows, var)
        {
            rows.env.insert(var, Binding::Node(node));
        }
    }

    fn add_table(&mut self, rows: &mut Rows, source: Source) -> Alias {
        let alias = self.alias();
        let join = if rows.pinned { Join::Cross } else { Join::Inner };
        rows.select.from.push(From { join, source, alias, on: Vec::new() });
        alias
    }
}

/// Which columns of a closed select hold a variable.
#[expect(clippy::large_enum_variant, reason = "a handful of them live at a time")]
#[derive(Clone)]
enum Carried {
    Node {
        kind: Result<KindId, usize>,
        id: usize,
        nullable: bool,
    },
    Token(usize, BTreeSet<EdgeId>),
    Walk {
        columns: [usize; 3],
        through: KindSet,
        over: BTreeSet<EdgeId>,
    },
    Path {
        column: usize,
        through: KindSet,
        over: BTreeSet<EdgeId>,
    },
    Value(usize),
    /// Of a query around this one.
    Outer(Binding),
}

impl Carried {
    /// The variable as columns of the select called `alias`.
    fn at(self, alias: Alias, scope: usize) -> Binding {
        self.with(&|number| Expr::number(alias, number), scope)
    }
}

fn concat(left: Expr, right: Expr) -> Expr {
    Expr::binary(super::select::Op::Concat, left, right)
}

impl crate::plan::Block {
    /// The variables it speaks of.
    fn own(&self) -> Live {
        let nodes = self.nodes.iter().map(|node| node.var);
        nodes.chain(self.edges.iter().map(|edge| edge.var)).collect()
    }

    /// The variables it reads from the rows before it.
    fn reads(&self) -> Live {
        let bound = self.nodes.iter().filter(|node| node.bound).map(|node| node.var);
        let conditions = self.conditions.iter().flat_map(question::Expr::vars);
        let known = self.edges.iter().filter_map(|edge| edge.known);
        bound
            .chain(conditions)
            .chain(known)
            .chain(self.different.iter().flat_map(|(a, b)| [*a, *b]))
            .collect()
    }
}
