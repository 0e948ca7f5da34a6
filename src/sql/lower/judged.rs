//! What is judged to be one is read as one: the last step of lowering, over the whole tree, and none where a store holds no
//! such judgement. A column that leads to such a node is read as the node it is judged to be; the others of its kind are no
//! nodes of their own. What was written down stays, and edges go on being known by it.
//!
//! The statements of an actor that stands for two become, beside the condition that says what is meant,
//!
//! ```text
//! and t2."speaker" in (select same_as.node … where same_as.same = t1.id union all select t1.id)
//! ```
//!
//! which says nothing new, and lets the index on `speaker` serve.

use std::collections::BTreeMap;

use crate::meaning::catalog::{Catalog, Edge, KindId};
use crate::sql::select::{Alias, Cte, Expr, From, Join, Name, Op, Select, Sort, Source};

/// Reads what is judged to be one as one; `next` is the number of the last alias in use.
pub(super) fn read_as_one(select: &mut Select, catalog: &Catalog, next: usize) {
    if catalog.kinds().any(|(_, kind)| kind.judged) {
        Judged::new(catalog, next).select(select);
    }
}

/// The node that a node of a kind is judged to be, or itself.
pub(super) fn resolved(row: Alias, kind: Expr, node: Expr) -> Expr {
    let held = vec![
        Expr::equal(Expr::fixed(row, "kind"), kind),
        Expr::equal(Expr::fixed(row, "node"), node.clone()),
    ];
    let same = super::element::one(Expr::fixed(row, "same"), SAME_AS, row, held);
    Expr::Call("coalesce", vec![same, node])
}

const SAME_AS: Source = Source::Fixed("same_as");

/// Where a column's node gets its kind from.
#[derive(Clone)]
enum OfKind {
    Fixed(i64),
    Column(Name),
}

struct Judged {
    /// The numbers of the kinds of which some nodes are judged to be one with another.
    kinds: Vec<i64>,
    /// Their tables.
    nodes: BTreeMap<String, i64>,
    /// Columns that lead to such nodes, by table and name.
    ends: BTreeMap<(String, String), OfKind>,
    /// The tables seen so far.
    tables: BTreeMap<Alias, String>,
    /// Under which name the judgement on a column is looked up: equal columns become equal texts.
    known: BTreeMap<(Alias, String), Alias>,
    next: usize,
}

impl Judged {
    fn new(catalog: &Catalog, next: usize) -> Self {
        let kinds = catalog.kinds().filter(|(_, kind)| kind.judged);
        let nodes: BTreeMap<String, i64> =
            kinds.map(|(_, kind)| (kind.table.as_str().to_owned(), kind.id)).collect();
        let mut judged = Self {
            kinds: nodes.values().copied().collect(),
            nodes,
            ends: BTreeMap::new(),
            tables: BTreeMap::new(),
            known: BTreeMap::new(),
            next,
        };
        for table in ["lookup", "alias"] {
            let end = (table.to_owned(), "node".to_owned());
            judged.ends.insert(end, OfKind::Column(Name::Fixed("kind")));
        }
        for (_, edge) in catalog.edges() {
            judged.add_ends(edge, catalog);
        }
        judged
    }

    fn add_ends(&mut self, edge: &Edge, catalog: &Catalog) {
        for end in [&edge.from, &edge.to] {
            let judged = |kind: &&KindId| catalog.kind(**kind).judged;
            let Some(&kind) = end.kinds.iter().find(judged) else { continue };
            let of_kind = match &end.kind_column {
                Some(column) => OfKind::Column(Name::Ident(column.clone())),
                None => OfKind::Fixed(catalog.kind(kind).id),
            };
            let (table, column) = (edge.table.as_str(), end.column.as_str());
            // The number of a node in its own table is its own.
            if self.nodes.contains_key(table) && column == "id" {
                continue;
            }
            self.ends.insert((table.to_owned(), column.to_owned()), of_kind);
        }
    }

    fn alias(&mut self) -> Alias {
        self.next += 1;
        Alias(self.next)
    }

    fn select(&mut self, select: &mut Select) {
        let Select { with, distinct: _, columns, from, filter, group, order, limit, offset } =
            select;
        for table in from.iter() {
            if let Some(name) = table_name(&table.source) {
                self.tables.insert(table.alias, name.to_owned());
            }
        }
        for Cte { name: _, width: _, parts, distinct: _, recursive: _ } in with {
            self.selects(parts);
        }
        self.conditions(filter);
        for table in from {
            self.from(table, filter);
        }
        self.exprs(columns.iter_mut().chain(group).chain(limit).chain(offset));
        self.sorts(order);
    }

    fn from(&mut self, table: &mut From, filter: &mut Vec<Expr>) {
        let From { join, source, alias, on } = table;
        self.conditions(on);
        match source {
            Source::Table(name) => {
                let Some(&kind) = self.nodes.get(name.as_str()) else { return };
                let stands = self.stands_for_itself(*alias, kind);
                match join {
                    Join::Left => on.push(stands),
                    Join::Inner | Join::Cross => filter.push(stands),
                }
            }
            Source::Fixed(_) | Source::Coded(_) | Source::Cte(_) => {}
            Source::Call(_, args) => self.exprs(args),
            Source::Selects(parts) => self.selects(parts),
            Source::Compound(_, left, right) => {
                self.select(left);
                self.select(right);
            }
        }
    }

    /// The condition that a row of a kind's table is a node, and not read as another one.
    fn stands_for_itself(&mut self, row: Alias, kind: i64) -> Expr {
        let same = self.alias();
        let filter = vec![
            Expr::equal(Expr::fixed(same, "kind"), Expr::int(kind)),
            Expr::equal(Expr::fixed(same, "node"), Expr::fixed(row, "id")),
        ];
        let from = vec![From::inner(SAME_AS, same)];
        let read = Select { columns: vec![Expr::Word("1")], from, filter, ..Select::default() };
        Expr::Not(Box::new(Expr::Exists(Box::new(read))))
    }

    /// Conditions that all must hold.
    fn conditions(&mut self, all: &mut Vec<Expr>) {
        let mut more = Vec::new();
        for condition in all.iter_mut() {
            self.condition(condition, &mut more);
        }
        all.append(&mut more);
    }

    fn condition(&mut self, condition: &mut Expr, more: &mut Vec<Expr>) {
        match condition {
            Expr::Binary(Op::Equal, left, right) => {
                let ends = [&**left, &**right].map(|side| self.end(side).map(|_| side.clone()));
                self.expr(left);
                self.expr(right);
                let [one, other] = ends;
                let itself = |node: &Expr| vec![alone(node.clone())];
                more.extend(one.map(|end| self.one_of(end, &itself(right))));
                more.extend(other.map(|end| self.one_of(end, &itself(left))));
            }
            Expr::InSelect(value, parts) => {
                let end = self.end(value).map(|_| (**value).clone());
                self.expr(value);
                self.selects(parts);
                more.extend(end.map(|end| self.one_of(end, parts)));
            }
            Expr::In(value, members) if members.len() <= MOST_MEMBERS => {
                let end = self.end(value).map(|_| (**value).clone());
                self.expr(value);
                self.exprs(members.iter_mut());
                let parts: Vec<Select> = members.iter().cloned().map(alone).collect();
                more.extend(end.map(|end| self.one_of(end, &parts)));
            }
            Expr::And(parts) => self.conditions(parts),
            Expr::Binary(..)
            | Expr::Column(..)
            | Expr::Place(_)
            | Expr::Bind(_)
            | Expr::Known(_)
            | Expr::Word(_)
            | Expr::Call(..)
            | Expr::Aggregate { .. }
            | Expr::Window { .. }
            | Expr::RowNumber(_)
            | Expr::Not(_)
            | Expr::Minus(_)
            | Expr::Or(_)
            | Expr::IsNull(..)
            | Expr::Case(..)
            | Expr::In(..)
            | Expr::Exists(_)
            | Expr::Scalar(_)
            | Expr::Match(..)
            | Expr::Rank(_) => self.expr(condition),
        }
    }

    /// That a column holds one of some nodes, or one that is read as one of them, which an index can find.
    fn one_of(&mut self, column: Expr, nodes: &[Select]) -> Expr {
        let row = self.alias();
        let kinds: Vec<Expr> = self.kinds.iter().map(|&kind| Expr::int(kind)).collect();
        let same = Box::new(Expr::fixed(row, "same"));
        let read = Select {
            columns: vec![Expr::fixed(row, "node")],
            from: vec![From::inner(SAME_AS, row)],
            filter: vec![
                Expr::In(Box::new(Expr::fixed(row, "kind")), kinds),
                Expr::InSelect(same, nodes.to_vec()),
            ],
            ..Select::default()
        };
        let all = std::iter::once(read).chain(nodes.iter().cloned()).collect();
        Expr::InSelect(Box::new(column), all)
    }

    /// A column that leads to such a node: where its kind is from.
    fn end(&self, expr: &Expr) -> Option<&OfKind> {
        let Expr::Column(alias, name) = expr else { return None };
        let column = match name {
            Name::Ident(name) => name.as_str(),
            Name::Fixed(name) => name,
            Name::Coded(_) | Name::Number(_) => return None,
        };
        self.ends.get(&(self.tables.get(alias)?.clone(), column.to_owned()))
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Column(alias, name) => {
                let (alias, name) = (*alias, name.clone());
                self.column(expr, alias, &name);
            }
            Expr::Place(_) | Expr::Bind(_) | Expr::Known(_) | Expr::Word(_) | Expr::Rank(_) => {}
            Expr::Call(_, args) | Expr::RowNumber(args) => {
                self.exprs(args);
            }
            Expr::Aggregate { name: _, distinct: _, args, order, filter } => {
                self.exprs(args);
                self.sorts(order);
                self.exprs(filter.as_deref_mut());
            }
            Expr::Window { name: _, partition, order } => {
                self.exprs(partition);
                self.sorts(order);
            }
            Expr::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            // A node is null only where what was written down is, and an index may be over what is not.
            Expr::IsNull(value, _) if self.end(value).is_some() => {}
            Expr::IsNull(value, _)
            | Expr::Not(value)
            | Expr::Minus(value)
            | Expr::Match(_, value) => self.expr(value),
            Expr::And(parts) | Expr::Or(parts) => {
                self.exprs(parts);
            }
            Expr::Case(branches, otherwise) => {
                for (when, then) in branches {
                    self.expr(when);
                    self.expr(then);
                }
                self.exprs(otherwise.as_deref_mut());
            }
            Expr::In(value, members) => {
                self.expr(value);
                self.exprs(members);
            }
            Expr::InSelect(value, parts) => {
                self.expr(value);
                self.selects(parts);
            }
            Expr::Exists(select) | Expr::Scalar(select) => self.select(select),
        }
    }

    fn column(&mut self, expr: &mut Expr, alias: Alias, name: &Name) {
        let Some(of_kind) = self.end(expr).cloned() else { return };
        let kind = match of_kind {
            OfKind::Fixed(kind) => Expr::int(kind),
            OfKind::Column(kind) => Expr::Column(alias, kind),
        };
        let key = (alias, format!("{name:?}"));
        let row = match self.known.get(&key) {
            Some(&row) => row,
            None => self.alias(),
        };
        self.known.insert(key, row);
        *expr = resolved(row, kind, expr.clone());
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e mut Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn selects(&mut self, selects: &mut [Select]) {
        for select in selects {
            self.select(select);
        }
    }

    fn sorts(&mut self, order: &mut [Sort]) {
        for Sort { value, descending: _, nulls_first: _ } in order {
            self.expr(value);
        }
    }
}

/// More are not written out a second time: the database takes 500 selects one below the other.
const MOST_MEMBERS: usize = 100;

/// A select of one value.
fn alone(value: Expr) -> Select {
    Select { columns: vec![value], ..Select::default() }
}

/// The name of a table of the store or its catalogue.
fn table_name(source: &Source) -> Option<&str> {
    match source {
        Source::Table(name) => Some(name.as_str()),
        Source::Fixed(name) => Some(name),
        Source::Coded(_)
        | Source::Call(..)
        | Source::Selects(_)
        | Source::Compound(..)
        | Source::Cte(_) => None,
    }
}
