//! What was written, with a span on every name. Contains no ids, no types and no SQL.
//! Where GQL and Cypher have two spellings for one thing, both arrive here as one.

use crate::base::source::Span;

/// A file or text: declarations, then queries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Script {
    /// `use` lines.
    pub uses: Vec<Use>,
    /// `param` lines.
    pub params: Vec<Param>,
    /// `define` lines.
    pub definitions: Vec<Definition>,
    /// The queries, in order.
    pub queries: Vec<Query>,
}

/// `use 'file.dixit'`: what that file defines may be used here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The file as written.
    pub path: String,
    /// The whole line.
    pub span: Span,
    /// Where the file is named.
    pub named: Span,
}

/// A name given to an expression or to a chain of edges; expanded wherever it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name defined.
    pub name: Name,
    /// What it stands for.
    pub meaning: Meaning,
    /// The comment in front of it or at its end, if any.
    pub help: Option<String>,
    /// From `define` to the end.
    pub span: Span,
}

/// What a definition stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// `define name(x: type, …) as expr`
    Value {
        /// The parameters with their types: `text`, `date`, `Actor`, …
        parameters: Vec<(Name, TypeName)>,
        /// What a call gives.
        body: Box<Expr>,
    },
    /// `define (a:Kind)-[e:name]->(b:Kind) as match …`
    Edge {
        /// The node on the left, with a name and a label.
        left: Box<Node>,
        /// The name of the edge's variable, if any.
        variable: Option<Name>,
        /// The node on the right.
        right: Box<Node>,
        /// The `match` clauses it is short for.
        body: Vec<Match>,
    },
}

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Without back-ticks.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// `param $name: type = default -- help`, and below it `in …`
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Without the dollar sign.
    pub name: Name,
    /// The declared type, such as `text`, `date`, `list<text>`.
    pub ty: TypeName,
    /// Used where none is given.
    pub default: Option<Expr>,
    /// What it may be, where that is listed.
    pub choices: Option<Choices>,
    /// The comment that ends the line.
    pub help: Option<String>,
}

/// `in ['a', 'b']`, `in { match … return … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// What lists them.
    pub from: ChoicesFrom,
    /// From `in` to the end.
    pub span: Span,
}

/// What lists the values that a parameter may have.
#[derive(Debug, Clone, PartialEq)]
pub enum ChoicesFrom {
    /// They stand there.
    Values(Vec<Expr>),
    /// A query gives them, and in a second column what they mean.
    Query(Box<Query>),
}

/// The name of a type as written: `text`, `int`, `date`, `list<date>`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    /// The outer name.
    pub name: Name,
    /// What a list is of.
    pub of: Option<Box<TypeName>>,
}

/// `[explain] [as_of] linear {set_operator linear}`
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// Where `explain` stands, if it does.
    pub explain: Option<Span>,
    /// What time the question is asked of; nothing means now.
    pub as_of: Option<AsOf>,
    /// The first or only part.
    pub linear: Linear,
    /// Further parts, each joined to the rows of all before it.
    pub others: Vec<(SetOperator, Linear)>,
    /// The whole query.
    pub span: Span,
}

/// `as of expr`, `as recorded expr`
#[derive(Debug, Clone, PartialEq)]
pub struct AsOf {
    /// Which clock.
    pub clock: Clock,
    /// The time.
    pub time: Expr,
    /// From `as` to the end of the time.
    pub span: Span,
}

/// The clocks a question can be asked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// What was known by the end of a day.
    Known,
    /// What this store held at a moment.
    Recorded,
}

/// `union [all]`, `except [all]`, `intersect [all]`, `otherwise`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetOperator {
    /// Which.
    pub kind: SetKind,
    /// Whether equal rows are kept as often as they come.
    pub all: bool,
    /// Where it stands.
    pub span: Span,
}

/// How the rows of two parts of a query become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetKind {
    /// The rows of both.
    Union,
    /// Rows of the first that the second lacks.
    Except,
    /// Rows that both have.
    Intersect,
    /// The rows of the second if the first has none.
    Otherwise,
}

/// Clauses, then writing or a `return` or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// What stands before.
    pub clauses: Vec<Clause>,
    /// What is changed.
    pub writes: Vec<Write>,
    /// The `return`; missing only where something is written, or inside `exists { … }` and `count { … }`.
    pub result: Option<Projection>,
    /// All of it.
    pub span: Span,
}

/// A change to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// `insert pattern, …`
    Insert(Vec<Pattern>, Span),
    /// `set x.p = e, …`
    Set(Vec<Assignment>, Span),
    /// `remove x.p, …`
    Remove(Vec<(Name, Name)>, Span),
    /// `[detach] delete x, …`
    Delete {
        /// Whether edges that end there go as well.
        detach: bool,
        /// The variables.
        names: Vec<Name>,
        /// The whole clause.
        span: Span,
    },
}

impl Write {
    /// The whole clause.
    pub fn span(&self) -> Span {
        match self {
            Self::Insert(_, span)
            | Self::Set(_, span)
            | Self::Remove(_, span)
            | Self::Delete { detach: _, names: _, span } => *span,
        }
    }
}

/// `x.p = e`
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The variable.
    pub of: Name,
    /// The property.
    pub property: Name,
    /// Its new value.
    pub value: Expr,
}

/// A step of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `match` and `optional match`.
    Match(Match),
    /// `optional { … }`: rows for which the clauses find nothing are kept.
    Optional(Vec<Clause>, Span),
    /// `with`, `return … next`, and `filter` (which is `with * where`).
    With {
        /// The items and their order.
        projection: Projection,
        /// The `where` behind it.
        filter: Option<Expr>,
    },
    /// `let name = expr, …`
    Let(Vec<(Name, Expr)>, Span),
    /// `for name in list [with (ordinality | offset) name]`, `unwind list as name`
    For {
        /// The member's name.
        name: Name,
        /// The list.
        list: Expr,
        /// The name of the member's place, and whether it counts from 1 (`ordinality`) or from 0 (`offset`).
        place: Option<(Ordinal, Name)>,
        /// The whole clause.
        span: Span,
    },
    /// `[optional] call [(names)] { query }`
    Call {
        /// Whether rows for which the query gives nothing are kept.
        optional: bool,
        /// The variables it may read; nothing said means all.
        imports: Option<Vec<Name>>,
        /// The query.
        query: Box<Query>,
        /// The whole clause.
        span: Span,
    },
}

/// From where members of a list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordinal {
    /// From 1.
    Ordinality,
    /// From 0.
    Offset,
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

/// `[p =] [search] [mode] node { step node }`
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The path variable.
    pub path: Option<Name>,
    /// Which of the paths that fit are wanted; nothing means all.
    pub search: Option<Search>,
    /// What a path may pass twice, if said.
    pub mode: Option<PathMode>,
    /// The first node.
    pub start: Node,
    /// Steps with the node each leads to. Nodes left out in the text are here as empty ones.
    pub steps: Vec<(Step, Node)>,
    /// The whole pattern.
    pub span: Span,
}

/// Which of the paths between two ends are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// Which.
    pub kind: SearchKind,
    /// Where it stands.
    pub span: Span,
}

/// `any [k]`, `any shortest` (which is `shortest 1`), `all shortest`, `shortest k`, `shortest k groups`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchKind {
    /// Any so many.
    Any(u32),
    /// All of the least length.
    AllShortest,
    /// So many, the shortest first.
    Shortest(u32),
    /// All of the so many least lengths.
    ShortestGroups(u32),
}

/// What a path may pass twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathMode {
    /// Anything.
    Walk,
    /// Nodes, but no edge; the default.
    Trail,
    /// Nothing.
    Acyclic,
    /// Nothing, but the last node may be the first.
    Simple,
}

/// What leads from one node of a pattern to the next.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "most steps are edges")]
pub enum Step {
    /// An edge, which may repeat.
    Edge(Edge),
    /// A path in parentheses that repeats.
    Group(Group),
}

/// `(path [where expr]) quantifier`
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The first node inside; its place is that of the node before the group.
    pub start: Node,
    /// The steps inside; the last node's place is that of the node behind the group.
    pub steps: Vec<(Step, Node)>,
    /// The `where` inside the parentheses, asked of each repetition.
    pub filter: Option<Expr>,
    /// How often it repeats; nothing where parentheses merely hold a path together.
    pub quantifier: Option<Quantifier>,
    /// All of it.
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
    /// `datetime '…'`: an instant; not yet checked.
    DateTime(String),
    /// `duration '…'`: a length of time; not yet checked.
    Duration(String),
    /// `{key: value, …}`
    Map(Vec<(Name, Expr)>),
    /// `[x in list [where p] | e]`, `[x in list where p]`
    Comprehension {
        /// The member's name.
        name: Name,
        /// The list.
        list: Box<Expr>,
        /// Which members count.
        filter: Option<Box<Expr>>,
        /// What each gives; nothing means itself.
        value: Option<Box<Expr>>,
    },
    /// `all(x in list where p)` and its sisters.
    Quantified {
        /// How many members must fulfil the condition.
        which: Quantified,
        /// The member's name.
        name: Name,
        /// The list.
        list: Box<Expr>,
        /// The condition.
        filter: Box<Expr>,
    },
    /// `exists { query }` where it is more than one `match`, `count { … }`, `collect { … }`, `value { … }`;
    /// `[pattern where p | e]` is `collect { match pattern where p return e }`.
    Subquery(SubqueryKind, Box<Query>),
}

/// How many members of a list must fulfil a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantified {
    /// Every one.
    All,
    /// At least one.
    Any,
    /// Not one.
    None,
    /// Exactly one.
    Single,
}

/// What is wanted of a query inside an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubqueryKind {
    /// Whether it gives a row.
    Exists,
    /// How many rows it gives.
    Count,
    /// The values of its one column, as a list.
    Collect,
    /// The one value it gives; null where it gives none.
    Value,
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

impl Step {
    /// The edge, if it is one.
    pub fn edge(&self) -> Option<&Edge> {
        if let Self::Edge(edge) = self { Some(edge) } else { None }
    }
}
