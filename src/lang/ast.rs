//! What was written, with a span on every name. Contains no ids, no types and no SQL.
//! Where GQL and Cypher have two spellings for one thing, both arrive here as one.

use crate::base::source::Span;

/// A file or text: declarations, then queries.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// `param` lines.
    pub params: Vec<Param>,
    /// The queries, in order.
    pub queries: Vec<Query>,
}

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Without back-ticks.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `param $name: type = default  -- help`
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Without the dollar sign.
    pub name: Name,
    /// The declared type, such as `text`, `date`, `list<text>`.
    pub ty: TypeName,
    /// Used where none is given.
    pub default: Option<Expr>,
    /// The comment that ends the line.
    pub help: Option<String>,
}

/// The name of a type as written: `text`, `int`, `date`, `list<date>`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    /// The outer name.
    pub name: Name,
    /// What a list is of.
    pub of: Option<Box<TypeName>>,
}

/// One query: clauses, then a return.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What stands before `return`.
    pub clauses: Vec<Clause>,
    /// The `return` and what belongs to it.
    pub result: Projection,
    /// The whole query.
    pub span: Span,
}

/// A step of a query.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a query has a handful of clauses")]
pub enum Clause {
    /// `match` and `optional match`.
    Match(Match),
    /// `with`, and `filter` (which is `with * where`).
    With {
        /// The items and their order.
        projection: Projection,
        /// The `where` behind it.
        filter: Option<Expr>,
    },
}

/// `[optional] match [mode] pattern, … [where expr]`
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Whether rows without a match are kept.
    pub optional: bool,
    /// Whether an edge may be used twice.
    pub mode: MatchMode,
    /// The patterns, at least one.
    pub patterns: Vec<Pattern>,
    /// The `where`.
    pub filter: Option<Expr>,
    /// From the first keyword to the end.
    pub span: Span,
}

/// Whether an edge may be used twice within one `match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchMode {
    /// No edge twice; the default.
    DifferentEdges,
    /// Anything may repeat.
    RepeatableElements,
}

/// `[p =] node { edge node }`
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The path variable.
    pub path: Option<Name>,
    /// The first node.
    pub start: Node,
    /// Edges with the node each leads to. Nodes left out in the text are here as empty ones.
    pub steps: Vec<(Edge, Node)>,
    /// The whole pattern.
    pub span: Span,
}

/// `(name :label 'text' {property: value} where …)`, each part optional
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its variable.
    pub name: Option<Name>,
    /// Its label expression.
    pub label: Option<Label>,
    /// The text (or parameter) that finds it by key, name or alias.
    pub text: Option<Expr>,
    /// The property map.
    pub properties: Vec<(Name, Expr)>,
    /// The `where` inside the parentheses.
    pub filter: Option<Expr>,
    /// From parenthesis to parenthesis.
    pub span: Span,
}

/// `-[name :label quantifier {property: value} where …]->`, each part optional
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Its variable.
    pub name: Option<Name>,
    /// Its label expression.
    pub label: Option<Label>,
    /// How often it repeats; nothing where it stands for exactly one edge.
    pub quantifier: Option<Quantifier>,
    /// The property map.
    pub properties: Vec<(Name, Expr)>,
    /// The `where` inside the brackets.
    pub filter: Option<Expr>,
    /// Which way it points as written.
    pub direction: Direction,
    /// The whole edge, arrow heads and quantifier included.
    pub span: Span,
}

/// Which way an edge is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `-[…]->`
    Right,
    /// `<-[…]-`
    Left,
    /// `-[…]-` or `<-[…]->`
    Either,
}

/// `*`, `+`, `?`, `{n}`, `{m,n}` behind the edge; `*`, `*n`, `*m..n` inside the brackets (where a bare `*` is `+`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantifier {
    /// At least so often.
    pub min: u32,
    /// At most so often; nothing means no limit.
    pub max: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// A label expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// The name of a kind, an edge or an act.
    Name(Name),
    /// `%`: any.
    Any(Span),
    /// `!a`
    Not(Box<Label>, Span),
    /// `a & b`
    And(Box<Label>, Box<Label>),
    /// `a | b`
    Or(Box<Label>, Box<Label>),
}

/// What follows `return` or `with`.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// Whether equal rows are given once.
    pub distinct: bool,
    /// Whether a `*` stands first.
    pub star: Option<Span>,
    /// The items.
    pub items: Vec<Item>,
    /// `group by`: the expressions named; an empty list is `group by ()`.
    pub group: Option<Vec<Expr>>,
    /// `order by`.
    pub order: Vec<Order>,
    /// `offset` or `skip`.
    pub offset: Option<Expr>,
    /// `limit`.
    pub limit: Option<Expr>,
    /// The whole of it, keyword included.
    pub span: Span,
}

/// `expr [as name]`
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it gives.
    pub value: Expr,
    /// The name given to it.
    pub alias: Option<Name>,
    /// The heading where no name was given: the expression's own text with white space squeezed.
    pub heading: String,
}

/// `expr [asc|desc] [nulls first|last]`
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What to sort by.
    pub value: Expr,
    /// Whether downwards.
    pub descending: bool,
    /// Where nulls go, if said.
    pub nulls: Option<Nulls>,
}

/// Where nulls go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Before everything else.
    First,
    /// After everything else.
    Last,
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `42`
    Int(i64),
    /// `3.14`
    Float(f64),
    /// `'…'`
    Text(String),
    /// `2025-11-22`, `2025-11`, `date '…'`: the text between the quotes or as written; not yet checked.
    Date(String),
    /// `$name`
    Param(Name),
    /// A variable.
    Variable(Name),
    /// `x.name`
    Property(Box<Expr>, Name),
    /// `f(…)`; aggregates too.
    Call {
        /// The function.
        name: Name,
        /// Whether `distinct` stands before the arguments.
        distinct: bool,
        /// Whether the argument is `*`.
        star: bool,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `not x`, `-x`, `+x`
    Unary(UnaryOp, Box<Expr>),
    /// `a op b`; the span is the operator's.
    Binary(BinaryOp, Span, Box<Expr>, Box<Expr>),
    /// `x is [not] null | true | false | unknown`
    Is {
        /// What is asked about.
        value: Box<Expr>,
        /// Whether `not` was said.
        negated: bool,
        /// What it may be.
        what: IsWhat,
    },
    /// `x is [not] labeled L`, `x is [not] :L`, `x:L`
    IsLabeled {
        /// The node or edge.
        value: Box<Expr>,
        /// Whether `not` was said.
        negated: bool,
        /// The label expression.
        label: Label,
    },
    /// `case [subject] when … then … [else …] end`
    Case {
        /// What each `when` is compared with, in the simple form.
        subject: Option<Box<Expr>>,
        /// The branches.
        branches: Vec<(Expr, Expr)>,
        /// The `else`.
        otherwise: Option<Box<Expr>>,
    },
    /// `[a, b, …]`
    List(Vec<Expr>),
    /// `list[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `list[a..b]`, either end optional
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `exists { pattern, … [where …] }` (with or without `match`), and a pattern as a truth value
    Exists(Box<Match>),
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Minus,
    /// `+`
    Plus,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `<>` or `!=`
    NotEqual,
    /// `~=`: equal but for case and accents
    Alike,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `contains`
    Contains,
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `like`
    Like,
    /// `=~`: a regular expression that matches the whole text
    Regex,
    /// `matches`: full-text search
    Matches,
    /// `||`
    Concat,
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
    /// `^`
    Power,
}

/// What follows `is [not]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsWhat {
    /// `null`, `unknown`
    Null,
    /// `true`
    True,
    /// `false`
    False,
}
