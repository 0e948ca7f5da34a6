//! The one SQL statement as a tree.
//!
//! The statements of one actor become: from `statement` as table 1, a condition that its `speaker` is in a sub-select
//! over `lookup`, and the columns wanted. Tables, columns and functions are names of the catalogue or of this crate;
//! whatever a user typed is a [`Expr::Bind`].

use super::Bound;
use crate::meaning::catalog::Ident;

/// A table in a `from`, told apart by number: written `t1`, `t2`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alias(pub(crate) usize);

/// A `select`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Select {
    /// Sub-selects named before it.
    pub with: Vec<Cte>,
    /// Whether equal rows are given once.
    pub distinct: bool,
    /// The columns; written with `as c1`, `c2`, …
    pub columns: Vec<Expr>,
    /// The tables, in order.
    pub from: Vec<From>,
    /// All must hold.
    pub filter: Vec<Expr>,
    /// The group keys.
    pub group: Vec<Expr>,
    /// Sorting.
    pub order: Vec<Sort>,
    /// How many rows to give.
    pub limit: Option<Expr>,
    /// How many rows to leave out first.
    pub offset: Option<Expr>,
}

/// A named sub-select, possibly recursive.
#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    /// Its name: written `w1`, `w2`, …
    pub name: Alias,
    /// How many columns it has.
    pub width: usize,
    /// The parts.
    pub parts: Vec<Select>,
    /// Whether equal rows are given once (`union`) or not (`union all`).
    pub distinct: bool,
    /// Whether it refers to itself.
    pub recursive: bool,
}

/// A table and how it is joined to those before it.
#[derive(Debug, Clone, PartialEq)]
pub struct From {
    /// How.
    pub join: Join,
    /// What.
    pub source: Source,
    /// By what name.
    pub alias: Alias,
    /// The condition, of a left join.
    pub on: Vec<Expr>,
}

/// How a table is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// In whatever order is fastest.
    Inner,
    /// In the order written.
    Cross,
    /// Rows without a partner are kept.
    Left,
}

/// What stands in a `from`.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A table of the catalogue.
    Table(Ident),
    /// A table of the catalogue with all its rows, whatever is judged to be one.
    Coded(Ident),
    /// A table of the store itself, or a table-valued function without arguments.
    Fixed(&'static str),
    /// A table-valued function.
    Call(&'static str, Vec<Expr>),
    /// Sub-selects, one below the other.
    Selects(Vec<Select>),
    /// Two sub-selects held against each other.
    Compound(Compound, Box<Select>, Box<Select>),
    /// A named sub-select.
    Cte(Alias),
}

/// How rows of two sub-selects are held against each other; equal ones are given once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compound {
    /// Rows of the first that the second lacks.
    Except,
    /// Rows of both.
    Intersect,
}

/// The name of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// Of the catalogue.
    Ident(Ident),
    /// Of the catalogue, and read as it was written down, whatever is judged to be one.
    Coded(Ident),
    /// Of a table of the store itself.
    Fixed(&'static str),
    /// Of a sub-select, counted from 1.
    Number(usize),
}

/// What to sort by.
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// The value.
    pub value: Expr,
    /// Whether downwards.
    pub descending: bool,
    /// Whether nulls come first.
    pub nulls_first: bool,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column.
    Column(Alias, Name),
    /// A column of the result, counted from 1, in the order of a recursion.
    Place(usize),
    /// A bound value that a user gave: each has a parameter of its own, so that the text tells nothing about it.
    Bind(Bound),
    /// A bound value of the catalogue: equal ones share a parameter.
    Known(Bound),
    /// A few words of SQL that hold no value: `null`, `1`.
    Word(&'static str),
    /// A function.
    Call(&'static str, Vec<Expr>),
    /// An aggregate function.
    Aggregate {
        /// Its name.
        name: &'static str,
        /// Whether equal values count once.
        distinct: bool,
        /// Arguments; none stands for `*`.
        args: Vec<Expr>,
        /// The order in which values are taken.
        order: Vec<Sort>,
        /// Only rows for which this holds.
        filter: Option<Box<Expr>>,
    },
    /// A function over the rows that share a part, in an order.
    Window {
        /// Its name.
        name: &'static str,
        /// What the rows of a part share.
        partition: Vec<Expr>,
        /// Their order.
        order: Vec<Sort>,
    },
    /// The number of a row among those for which these are equal.
    RowNumber(Vec<Expr>),
    /// An operator between two operands.
    Binary(Op, Box<Expr>, Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Minus(Box<Expr>),
    /// All hold.
    And(Vec<Expr>),
    /// One holds.
    Or(Vec<Expr>),
    /// `x is null`, or with `false` `x is not null`.
    IsNull(Box<Expr>, bool),
    /// `case when … then … else … end`
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// `x in (a, b)`
    In(Box<Expr>, Vec<Expr>),
    /// `x in (select …)`
    InSelect(Box<Expr>, Vec<Select>),
    /// `exists (select …)`
    Exists(Box<Select>),
    /// `(select …)`
    Scalar(Box<Select>),
    /// `table match x`
    Match(Ident, Box<Expr>),
    /// `bm25(table)`
    Rank(Ident),
}

/// Operators, from the loosest to the tightest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `is`
    Is,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `||`
    Concat,
}

impl Expr {
    /// An integer of the catalogue.
    pub(crate) fn int(value: i64) -> Self {
        Self::Known(Bound::Int(value))
    }

    /// A text of the catalogue.
    pub(crate) fn text(value: &str) -> Self {
        Self::Known(Bound::Text(value.to_owned()))
    }

    /// An integer that a user gave, or that stands for something given.
    pub(crate) fn given_int(value: i64) -> Self {
        Self::Bind(Bound::Int(value))
    }

    /// A text that a user gave.
    pub(crate) fn given_text(value: &str) -> Self {
        Self::Bind(Bound::Text(value.to_owned()))
    }

    /// A column of the catalogue.
    pub(crate) fn column(alias: Alias, name: &Ident) -> Self {
        Self::Column(alias, Name::Ident(name.clone()))
    }

    /// A column of the catalogue as it was written down.
    pub(crate) fn coded(alias: Alias, name: &Ident) -> Self {
        Self::Column(alias, Name::Coded(name.clone()))
    }

    /// A column of a table of the store itself.
    pub(crate) fn fixed(alias: Alias, name: &'static str) -> Self {
        Self::Column(alias, Name::Fixed(name))
    }

    /// A column of a sub-select, counted from 1.
    pub(crate) fn number(alias: Alias, number: usize) -> Self {
        Self::Column(alias, Name::Number(number))
    }

    /// An operator between two operands.
    pub(crate) fn binary(op: Op, left: Self, right: Self) -> Self {
        Self::Binary(op, Box::new(left), Box::new(right))
    }

    /// `left = right`
    pub(crate) fn equal(left: Self, right: Self) -> Self {
        Self::binary(Op::Equal, left, right)
    }

    /// `value is not null`
    pub(crate) fn present(value: Self) -> Self {
        Self::IsNull(Box::new(value), false)
    }

    /// `value is null`
    pub(crate) fn absent(value: Self) -> Self {
        Self::IsNull(Box::new(value), true)
    }

    /// `count(*)`
    pub(crate) fn count() -> Self {
        Self::Aggregate {
            name: "count",
            distinct: false,
            args: Vec::new(),
            order: Vec::new(),
            filter: None,
        }
    }

    /// `case when condition then value end`
    pub(crate) fn when(condition: Self, value: Self) -> Self {
        Self::Case(vec![(condition, value)], None)
    }
}

impl From {
    /// A table joined in whatever order is fastest.
    pub(crate) fn inner(source: Source, alias: Alias) -> Self {
        Self { join: Join::Inner, source, alias, on: Vec::new() }
    }
}
