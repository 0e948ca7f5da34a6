//! Values that carry their type, and lists walked member by member.

use std::collections::BTreeSet;

use super::date::Ask;
use super::{Lowering, Rows};
use crate::base::any::Form;
use crate::meaning::catalog::{Catalog, EdgeId, KindSet};
use crate::meaning::question::{self, Arithmetic, Comparison, ExprKind, Quantified, VarId};
use crate::meaning::types::Type;
use crate::sql::form;
use crate::sql::select::{Alias, Expr, From, Op, Select, Source};

/// The nodes and edges that a value carrying its type may hold: those of the question's variables.
#[derive(Debug, Clone, Default)]
pub(super) struct Elements {
    kinds: KindSet,
    edges: BTreeSet<EdgeId>,
}

impl Elements {
    /// Those of a question.
    pub(super) fn of(question: &question::Question, catalog: &Catalog) -> Self {
        let mut elements = Self::default();
        for var in &question.vars {
            elements.add(&var.ty, catalog);
        }
        elements
    }

    fn add(&mut self, ty: &Type, catalog: &Catalog) {
        match ty {
            Type::Node(kinds) => self.kinds.extend(kinds),
            Type::Edge(edges) => self.edges.extend(edges),
            Type::Path => {
                self.kinds.extend(catalog.kinds().map(|(id, _)| id));
                self.edges.extend(catalog.edges().map(|(id, _)| id));
            }
            Type::List(of) => self.add(of, catalog),
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::Any => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.edges.is_empty()
    }
}

impl Lowering<'_> {
    /// A value with its type: null, a number or a text is itself, anything else a blob of tagged JSON.
    pub(super) fn any_value(&mut self, rows: &mut Rows, expr: &question::Expr) -> Expr {
        let value = self.value(rows, expr);
        with_type(value, &expr.ty)
    }

    /// The same value seen as another type.
    pub(super) fn coerced(
        &mut self,
        rows: &mut Rows,
        inner: &question::Expr,
        whole: &question::Expr,
    ) -> Expr {
        let (from, to) = (&inner.ty, &whole.ty);
        if let (ExprKind::Constant(question::Constant::Int(number)), Type::Float) =
            (&inner.kind, to)
        {
            #[expect(clippy::cast_precision_loss, reason = "an integer among floats is a float")]
            return Expr::Bind(crate::sql::Bound::Float(*number as f64));
        }
        let value = self.value(rows, inner);
        if *to == Type::Any {
            return with_type(value, from);
        }
        if (from, to) == (&Type::Int, &Type::Float) {
            return Expr::binary(Op::Add, value, Expr::Word("0.0"));
        }
        if is_kept_alike(from, to) {
            return value;
        }
        let place = self.place(whole);
        Expr::Call("dixit_typed", vec![with_type(value, from), code(to), place])
    }

    /// What an error names as its place.
    pub(super) fn place(&mut self, expr: &question::Expr) -> Expr {
        let Some(span) = expr.place.0 else { return Expr::Word("-1") };
        let known = self.places.iter().position(|place| *place == span);
        let at = known.unwrap_or_else(|| {
            self.places.push(span);
            self.places.len() - 1
        });
        Expr::int(i64::try_from(at).unwrap_or(-1))
    }

    /// Arithmetic on values whose types are known only when it runs.
    pub(super) fn arithmetic_any(
        &mut self,
        rows: &mut Rows,
        how: Arithmetic,
        (a, b): (&question::Expr, &question::Expr),
        whole: &question::Expr,
    ) -> Expr {
        let name = match how {
            Arithmetic::Add => "dixit_any_add",
            Arithmetic::Subtract => "dixit_any_subtract",
            Arithmetic::Multiply => "dixit_any_multiply",
            Arithmetic::Divide => "dixit_any_divide",
            Arithmetic::Modulo => "dixit_any_modulo",
            Arithmetic::Power => "dixit_any_power",
        };
        let sides = [self.any_value(rows, a), self.any_value(rows, b)];
        Expr::Call(name, sides.into_iter().chain([self.place(whole)]).collect())
    }

    pub(super) fn map(&mut self, rows: &mut Rows, entries: &[(String, question::Expr)]) -> Expr {
        let mut parts = Vec::new();
        for (name, value) in entries {
            parts.push(Expr::given_text(name));
            parts.push(self.any_value(rows, value));
        }
        Self::chunked(parts)
    }

    /// A map of names and values in turn, in as many calls as it takes.
    pub(super) fn chunked(parts: Vec<Expr>) -> Expr {
        if parts.len() <= MOST_PARTS {
            return Expr::Call("dixit_map", parts);
        }
        let chunks = parts.chunks(MOST_PARTS).map(|part| Expr::Call("dixit_map", part.to_vec()));
        Expr::Call("dixit_maps", chunks.collect())
    }

    /// The value under a name; of a node or an edge in it, the property called so.
    pub(super) fn under(
        &mut self,
        rows: &mut Rows,
        (of, key): (&question::Expr, &question::Expr),
        whole: &question::Expr,
    ) -> Expr {
        let (value, name) = (self.any_value(rows, of), self.any_value(rows, key));
        let place = self.place(whole);
        let under = Expr::Call("dixit_under", vec![value.clone(), name, place]);
        let Elements { kinds, edges } = self.elements.clone();
        // Written into each other, such look-ups would grow with every name.
        let Some(name) = key_of(key).filter(|_| of.ty == Type::Any && !looks_inside(of)) else {
            return under;
        };
        if kinds.is_empty() && edges.is_empty() {
            return under;
        }
        let token = Expr::Call("dixit_element", vec![value]);
        let property = self.property_of_any(rows, &token, name, (&kinds, &edges));
        Expr::Case(vec![(Expr::present(token), property)], Some(Box::new(under)))
    }

    /// `[x in list where condition | value]`
    pub(super) fn comprehension(
        &mut self,
        rows: &mut Rows,
        (var, list): (VarId, &question::Expr),
        filter: Option<&question::Expr>,
        value: &question::Expr,
    ) -> Expr {
        let (mut inside, each, whole) = self.walked(rows, var, list);
        let given = self.as_member(&mut inside, value);
        if let Some(filter) = filter {
            let condition = self.condition(&mut inside, filter);
            inside.select.filter.push(condition);
        }
        let all = Expr::Aggregate {
            name: "json_group_array",
            distinct: false,
            args: vec![given],
            order: vec![super::element::ascending(Expr::fixed(each, "key"))],
            filter: None,
        };
        let gathered = Select { columns: vec![all], ..inside.select };
        whole.of(gathered)
    }

    /// `any(x in list where condition)` and its sisters: null where a null leaves it open.
    pub(super) fn quantified(
        &mut self,
        rows: &mut Rows,
        which: Quantified,
        (var, list): (VarId, &question::Expr),
        filter: &question::Expr,
    ) -> Expr {
        let (mut inside, _, whole) = self.walked(rows, var, list);
        let condition = self.asked(&mut inside, filter, Ask::Value);
        // The limit keeps the database from writing the condition into each of its uses.
        let limit = Some(Expr::Word("-1"));
        let columns = vec![super::condition::truth(condition)];
        let tested = Select { columns, limit, ..inside.select };
        let table = self.alias();
        let test = Expr::number(table, 1);
        let from = vec![From::inner(Source::Selects(vec![tested]), table)];
        let over = |name| Expr::Aggregate {
            name,
            distinct: false,
            args: vec![test.clone()],
            order: Vec::new(),
            filter: None,
        };
        let known = Expr::equal(Expr::count(), over("count"));
        let (one, zero) = (|| Expr::Word("1"), || Expr::Word("0"));
        let branches = match which {
            Quantified::Any => vec![(Expr::equal(over("max"), one()), one()), (known, zero())],
            Quantified::None => vec![(Expr::equal(over("max"), one()), zero()), (known, one())],
            Quantified::All => vec![(Expr::equal(over("min"), zero()), zero()), (known, one())],
            Quantified::Single => {
                let count = || Expr::Call("coalesce", vec![over("sum"), Expr::Word("0")]);
                let many = Expr::binary(Op::Greater, count(), one());
                vec![(many, zero()), (known, Expr::equal(count(), one()))]
            }
        };
        let decided =
            Select { columns: vec![Expr::Case(branches, None)], from, ..Select::default() };
        whole.of(decided)
    }

    /// Rows of their own that walk a list, the variable standing for each member.
    fn walked(
        &mut self,
        rows: &mut Rows,
        var: VarId,
        list: &question::Expr,
    ) -> (Rows, Alias, Whole) {
        let of = list.ty.member().cloned().unwrap_or(Type::Null);
        let written = matches!(list.kind, ExprKind::List(_));
        let value = self.value(rows, list);
        let plain =
            matches!(value, Expr::Column(..) | Expr::Bind(_) | Expr::Known(_) | Expr::Word(_));
        let (list, whole) = if written {
            (value, Whole::There)
        } else if plain {
            (value.clone(), Whole::Plain(value))
        } else {
            let table = self.alias();
            (Expr::number(table, 1), Whole::Once(table, value))
        };
        let each = self.alias();
        let scope = self.new_scope();
        let mut env = rows.env.clone();
        env.insert(var, self.as_binding(each_member(each, &of), &of, scope));
        let from = vec![From::inner(Source::Call("json_each", vec![list]), each)];
        let select = Select { from, ..Select::default() };
        (Rows { select, env, scope, ..Rows::default() }, each, whole)
    }

    /// Lists, maps and values that carry their types are compared inside, with null where a null leaves it open. Of two
    /// that turn out to be dates what is asked may be what is certain or what is possible.
    pub(super) fn compare_any(
        &mut self,
        rows: &mut Rows,
        how: Comparison,
        (a, b): (&question::Expr, &question::Expr),
        ask: Ask,
    ) -> Expr {
        let (a, b) = (self.any_value(rows, a), self.any_value(rows, b));
        let dates = match ask {
            Ask::Value => return Self::ordered(how, a, b),
            Ask::Certain => "dixit_certainly",
            Ask::Possible => "dixit_possibly",
        };
        let dates = Expr::Call(dates, vec![a.clone(), b.clone(), Expr::Word(sign(how))]);
        Expr::Call("coalesce", vec![dates, Self::ordered(how, a, b)])
    }

    fn ordered(how: Comparison, a: Expr, b: Expr) -> Expr {
        let order = |op| {
            let compared = Expr::Call("dixit_compare", vec![a.clone(), b.clone()]);
            Expr::binary(op, compared, Expr::Word("0"))
        };
        match how {
            Comparison::Equal => Expr::Call("dixit_equal", vec![a, b]),
            Comparison::NotEqual => Expr::Not(Box::new(Expr::Call("dixit_equal", vec![a, b]))),
            Comparison::Less => order(Op::Less),
            Comparison::LessEqual => order(Op::LessEqual),
            Comparison::Greater => order(Op::Greater),
            Comparison::GreaterEqual => order(Op::GreaterEqual),
        }
    }

    /// `value in list` where members have to be looked into.
    pub(super) fn in_any(
        &mut self,
        rows: &mut Rows,
        value: &question::Expr,
        list: &question::Expr,
    ) -> Expr {
        // A null on the left is a value here: it is in no empty list.
        let (value, list) = (self.any_value(rows, value), self.any_value(rows, list));
        Expr::Call("dixit_in", vec![list, value])
    }

    /// A value that carries its type as it leaves the query: nodes and edges in it as objects.
    pub(super) fn give_any(&mut self, value: Expr) -> Expr {
        let elements = self.elements.clone();
        if elements.is_empty() {
            return value;
        }
        let each = self.alias();
        let token = Expr::fixed(each, "value");
        let part = |at| Expr::Call("json_extract", vec![token.clone(), Expr::Word(at)]);
        let node = self.give_some(&part("'$.n[0]'"), &part("'$.n[1]'"), &elements.kinds);
        let edge = self.give_token(&part("'$.e'"), &elements.edges);
        let given = match (elements.kinds.is_empty(), elements.edges.is_empty()) {
            (_, true) => node,
            (true, false) => edge,
            (false, false) => {
                Expr::Case(vec![(Expr::present(part("'$.n'")), node)], Some(Box::new(edge)))
            }
        };
        let pair = Expr::Call(
            "json_array",
            vec![Expr::Call("json", vec![token.clone()]), Expr::Call("json", vec![given])],
        );
        let all = Expr::Aggregate {
            name: "json_group_array",
            distinct: false,
            args: vec![pair],
            order: Vec::new(),
            filter: None,
        };
        let found = Expr::Call("dixit_elements", vec![value.clone()]);
        let gathered =
            super::element::one(all, Source::Call("json_each", vec![found]), each, Vec::new());
        Expr::Call("dixit_give", vec![value, gathered])
    }
}

/// A comparison as the function takes it that knows what dates leave open.
fn sign(how: Comparison) -> &'static str {
    match how {
        Comparison::Less => "'<'",
        Comparison::LessEqual => "'<='",
        Comparison::Greater => "'>'",
        Comparison::GreaterEqual => "'>='",
        Comparison::Equal => "'='",
        Comparison::NotEqual => "'<>'",
    }
}

/// A list that is walked, of which has to be known whether it is null. One that takes computing is written only once:
/// lists that are walked inside each other would grow with every level.
enum Whole {
    /// It is written out, and so never null.
    There,
    /// A column or a value.
    Plain(Expr),
    /// Anything else, as the one column of a table.
    Once(Alias, Expr),
}

impl Whole {
    /// What a walk gives, or null.
    fn of(self, walk: Select) -> Expr {
        let walk = Expr::Scalar(Box::new(walk));
        match self {
            Self::There => walk,
            Self::Plain(list) => Expr::when(Expr::present(list), walk),
            Self::Once(table, list) => Expr::Scalar(Box::new(Select {
                columns: vec![Expr::when(Expr::present(Expr::number(table, 1)), walk)],
                from: vec![From::inner(
                    Source::Selects(vec![Select { columns: vec![list], ..Select::default() }]),
                    table,
                )],
                ..Select::default()
            })),
        }
    }
}

/// The database takes at most 127 arguments.
const MOST_PARTS: usize = 100;

/// A value of a type, with its type.
pub(super) fn with_type(value: Expr, ty: &Type) -> Expr {
    match ty {
        Type::Null | Type::Int | Type::Float | Type::Text | Type::Any => value,
        Type::Bool
        | Type::Date
        | Type::DateTime
        | Type::Duration
        | Type::Map
        | Type::List(_)
        | Type::Node(_)
        | Type::Edge(_)
        | Type::Path => Expr::Call("dixit_any", vec![value, code(ty)]),
    }
}

/// What tells such a value from others, and sorts like it.
pub(super) fn sort_key(value: Expr, ty: &Type) -> Expr {
    Expr::Call("dixit_key", vec![with_type(value, ty)])
}

/// Whether the database itself cannot tell such values apart or sort them.
pub(super) fn needs_key(ty: &Type) -> bool {
    match ty {
        Type::Any | Type::Map => true,
        Type::List(of) => match &**of {
            Type::Float | Type::Any | Type::Map => true,
            Type::List(_) => needs_key(of),
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => false,
        },
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Text
        | Type::Date
        | Type::DateTime
        | Type::Duration
        | Type::Node(_)
        | Type::Edge(_)
        | Type::Path => false,
    }
}

/// Whether values of both types are kept in the same way.
fn is_kept_alike(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Null, _) | (Type::Int | Type::Float | Type::Text | Type::Map, Type::Any) => true,
        (Type::List(a), Type::List(b)) => is_kept_alike(a, b),
        _ => form(from) == form(to),
    }
}

/// A type in the letters that our functions read.
pub(super) fn code(ty: &Type) -> Expr {
    let form: Form = form(ty);
    Expr::text(&form.code())
}

/// A member of a list, as `json_each` gives it.
pub(super) fn each_member(each: Alias, of: &Type) -> Expr {
    let value = Expr::fixed(each, "value");
    if *of != Type::Any {
        return value;
    }
    Expr::Call("dixit_each", vec![value, Expr::fixed(each, "type")])
}

/// The name that a key is, if that is known.
fn key_of(key: &question::Expr) -> Option<&str> {
    let inner = if let ExprKind::Coerce(inner) = &key.kind { inner } else { key };
    inner.as_text()
}

/// Whether a value is itself looked up in one that may be a node.
fn looks_inside(value: &question::Expr) -> bool {
    let own = matches!(&value.kind, ExprKind::Member(of, _) if of.ty == Type::Any);
    own || value.children().into_iter().any(looks_inside)
}
