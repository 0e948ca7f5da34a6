//! What is meant: variables, kinds, edges and properties by number, every expression with its type.
//!
//! `match (a:Actor 'Rubio')-[s:denies]->(c) return c.text` becomes three variables; one [`Match`] with the nodes `a` and
//! `c`, an edge between them whose one alternative is the catalogue's statement edge with the term `denies`, and a
//! lookup as its condition; and one [`Projection`] with the property `text` of `c`.

use std::collections::BTreeSet;

use super::catalog::{EdgeId, EdgeLabel, KindId, KindSet, TermId};
use super::functions::{Aggregate, Function};
use super::types::Type;
use crate::base::{date::Date, diagnostic::Diagnostics, source::Span};

/// A variable: its place in [`Question::vars`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub(crate) usize);

/// A resolved query with all it speaks of.
#[derive(Debug, Clone)]
pub struct Question {
    /// Every variable, named or not, those of inner queries included.
    pub vars: Vec<Var>,
    /// The query itself.
    pub query: Query,
    /// The texts that name nodes, so that one that finds nothing can be told.
    pub lookups: Vec<Lookup>,
    /// What is worth saying about it whatever the answer.
    pub remarks: Diagnostics,
}

/// A query, or one inside another: parts whose rows are joined, the first with the second, that with the third.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The first or only part.
    pub first: Part,
    /// Further parts, each joined to the rows of all before it.
    pub others: Vec<(SetOperator, Part)>,
    /// What it gives: variables of the only part, or new ones where there are several.
    pub columns: Vec<Output>,
}

/// Steps, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What to do, in order; the last step is the `return`, if there is one.
    pub steps: Vec<Step>,
    /// The variables it gives, one for each column.
    pub gives: Vec<VarId>,
}

/// How the rows of two parts become one; with `all`, equal rows are kept as often as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperator {
    /// The rows of both.
    Union {
        /// Whether equal rows are kept.
        all: bool,
    },
    /// Rows of the first that the second lacks.
    Except {
        /// Whether each row of the second takes away but one of the first.
        all: bool,
    },
    /// Rows that both have.
    Intersect {
        /// Whether each row of the second keeps but one of the first.
        all: bool,
    },
    /// The rows of the second if the first has none.
    Otherwise,
}

/// A variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Var {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// What it holds.
    pub ty: Type,
}

/// A column of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its heading.
    pub name: String,
    /// Which variable of the last projection.
    pub var: VarId,
    /// What it holds.
    pub ty: Type,
}

/// A text that names nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// Kinds it may name.
    pub kinds: KindSet,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Rows are extended by what fits the patterns.
    Match(Match),
    /// Rows that do not fulfil the condition are dropped.
    Filter(Expr),
    /// Rows become other rows.
    Project(Projection),
    /// Rows are extended by values computed for each; a later one may read an earlier one.
    Let(Vec<(VarId, Expr)>),
    /// Each row is repeated for every member of a list.
    For(Unfolding),
    /// Rows are extended by what an inner query gives for each.
    Call(Call),
}

/// A list whose members become rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfolding {
    /// The member.
    pub member: VarId,
    /// The list.
    pub list: Expr,
    /// The member's place, and from where it is counted.
    pub place: Option<(VarId, i64)>,
}

/// An inner query, asked for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Whether rows for which it gives nothing are kept.
    pub optional: bool,
    /// The query; the variables of its columns join the row.
    pub query: Query,
}

/// What is wanted of a query inside an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Whether it gives a row.
    Any,
    /// How many rows it gives.
    Count,
    /// The values of its one column, as a list.
    List,
    /// The one value it gives; null where it gives none.
    One,
}

/// Patterns that share variables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Match {
    /// Whether rows without a match are kept.
    pub optional: bool,
    /// Nodes, each variable once.
    pub nodes: Vec<NodePattern>,
    /// Edges, fixed and repeated.
    pub edges: Vec<EdgePattern>,
    /// Path variables.
    pub paths: Vec<PathPattern>,
    /// What must hold besides.
    pub conditions: Vec<Expr>,
    /// Pairs of edges (by place) that must not be one and the same.
    pub different: Vec<(usize, usize)>,
    /// Patterns of which only some paths are wanted.
    pub picks: Vec<Pick>,
}

/// A pattern of which only some of the paths between its two ends are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// How many at most: of paths, or of lengths.
    pub most: u32,
    /// Whether lengths are counted rather than paths: all paths of the least lengths are given.
    pub lengths: bool,
    /// The node it starts from, which is a node of the match around it.
    pub start: VarId,
    /// The node it ends at, likewise.
    pub end: VarId,
    /// The pattern, with its ends and one path.
    pub found: Match,
}

/// A node of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct NodePattern {
    /// Its variable.
    pub var: VarId,
    /// The kinds it may be.
    pub kinds: KindSet,
    /// Whether an earlier step gave it.
    pub bound: bool,
}

/// An edge of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgePattern {
    /// Its variable: an edge, the node it stands as, or a list of either when repeated.
    pub var: VarId,
    /// The node on its left.
    pub left: VarId,
    /// The node on its right.
    pub right: VarId,
    /// The edges it may be.
    pub alternatives: Vec<Alternative>,
    /// How often it repeats, if it does.
    pub repeat: Option<Repeat>,
    /// The edge it has to be, where an earlier step gave it.
    pub known: Option<VarId>,
}

/// One edge of the catalogue that an edge of a pattern may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alternative {
    /// The edge.
    pub edge: EdgeId,
    /// The terms it may have; nothing where any will do.
    pub terms: Option<BTreeSet<TermId>>,
    /// Whether the pattern's left node is where the edge ends.
    pub reversed: bool,
    /// Whether these terms hold both ways and are stored both ways.
    pub symmetric: bool,
}

/// A quantifier, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// At least so often.
    pub min: u32,
    /// At most so often, if limited.
    pub max: Option<u32>,
    /// Stands for the single edge in the conditions.
    pub each: VarId,
    /// What must hold for every single edge.
    pub conditions: Vec<Expr>,
    /// Whether an edge may be passed twice.
    pub walk: bool,
    /// What is repeated, where that is more than one edge; `each` and `conditions` mean nothing then.
    pub group: Option<Box<Group>>,
}

/// A path that repeats as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its first node: the node before, or the last of the repetition before.
    pub first: VarId,
    /// Its last node.
    pub last: VarId,
    /// Its nodes, single edges and conditions.
    pub body: Match,
    /// Its edges in order (by place in the body), each with the node it leads to.
    pub steps: Vec<(usize, VarId)>,
    /// The lists outside and the variables inside whose values they gather.
    pub lists: Vec<(VarId, VarId)>,
    /// Whether nodes may be passed again.
    pub once: Option<NodesOnce>,
}

/// How far the nodes of a path must differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodesOnce {
    /// No node twice.
    All,
    /// No node twice, but the last may be the first.
    ButEnds,
}

/// A path variable and what it runs along.
#[derive(Debug, Clone, PartialEq)]
pub struct PathPattern {
    /// Its variable.
    pub var: VarId,
    /// The first node.
    pub start: VarId,
    /// Edges (by place in the match), each with the node it leads to.
    pub steps: Vec<(usize, VarId)>,
    /// How far its nodes must differ, if at all.
    pub once: Option<NodesOnce>,
}

/// Rows become other rows: the items, grouped where there are aggregates, sorted, cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// Whether equal rows are given once.
    pub distinct: bool,
    /// New variables and what they hold.
    pub items: Vec<(VarId, Expr)>,
    /// The group keys, where there are aggregates.
    pub group: Option<Vec<Expr>>,
    /// Sorting, over the variables before the projection.
    pub order: Vec<SortKey>,
    /// How many rows to leave out.
    pub offset: Option<Expr>,
    /// How many rows to give.
    pub limit: Option<Expr>,
}

/// What to sort by.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The value.
    pub value: Expr,
    /// Whether downwards.
    pub descending: bool,
    /// Whether nulls come first.
    pub nulls_first: bool,
}

/// An expression with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// What it gives.
    pub ty: Type,
    /// Where it was written.
    pub place: Place,
}

/// Where an expression was written, if it was. Two that differ only in this are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(pub Option<Span>);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A literal or a parameter's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// True or false.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A text.
    Text(String),
    /// A date.
    Date(Date),
    /// An instant, as [`crate::base::any::Any::DateTime`] keeps it.
    DateTime(String),
    /// A length of time, as ISO 8601 writes it.
    Duration(String),
}

/// Whose property is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Of nodes of this kind.
    Kind(KindId),
    /// Of this edge.
    Edge(EdgeId),
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// Null.
    Null,
    /// A value that is bound, never written.
    Constant(Constant),
    /// A variable's value.
    Var(VarId),
    /// A property: of the first owner that fits; null where none does.
    Property(Box<Expr>, Vec<(Owner, usize)>),
    /// Whether a node is of one of these kinds.
    IsKind(Box<Expr>, KindSet),
    /// Whether an edge is one of these.
    IsEdge(Box<Expr>, Vec<EdgeLabel>),
    /// A function.
    Call(&'static Function, Vec<Expr>),
    /// An aggregate.
    Aggregate {
        /// Which.
        which: &'static Aggregate,
        /// Whether equal values count once.
        distinct: bool,
        /// The arguments; none for `count(*)`.
        args: Vec<Expr>,
    },
    /// Negation.
    Not(Box<Expr>),
    /// All hold.
    And(Vec<Expr>),
    /// One holds.
    Or(Vec<Expr>),
    /// Exactly one of two holds.
    Xor(Box<Expr>, Box<Expr>),
    /// Two values compared.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// A date lies within another.
    Within(Box<Expr>, Box<Expr>),
    /// Two texts compared.
    TextTest(TextTest, Box<Expr>, Box<Expr>),
    /// Full-text search in a property of a node.
    Search {
        /// The node or edge.
        of: Box<Expr>,
        /// Whose property.
        owner: Owner,
        /// Which property.
        property: usize,
        /// The query, in FTS5's notation.
        query: Box<Expr>,
        /// Whether the rank is asked for rather than whether it matches.
        rank: bool,
    },
    /// Whether it is null.
    IsNull(Box<Expr>),
    /// Whether it is true, or false; never null.
    IsTruth(Box<Expr>, bool),
    /// A member of the list.
    In(Box<Expr>, Box<Expr>),
    /// Arithmetic.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// Texts or lists joined.
    Concat(Box<Expr>, Box<Expr>),
    /// The first branch whose condition is true.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// A list.
    List(Vec<Expr>),
    /// A member of a list, counted from 0, or from the end if negative.
    Index(Box<Expr>, Box<Expr>),
    /// A part of a list.
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// The same value seen as its type: with its type if that is [`Type::Any`], and held to it if it was.
    Coerce(Box<Expr>),
    /// A map; its values carry their types.
    Map(Vec<(String, Expr)>),
    /// The value under a name, in a map or in what may be one.
    Member(Box<Expr>, Box<Expr>),
    /// What the members of a list give that fulfil a condition.
    Comprehension {
        /// Stands for each member.
        var: VarId,
        /// The list.
        list: Box<Expr>,
        /// Which members count.
        filter: Option<Box<Expr>>,
        /// What each gives.
        value: Box<Expr>,
    },
    /// How many members of a list fulfil a condition.
    Quantified {
        /// How many must.
        which: Quantified,
        /// Stands for each member.
        var: VarId,
        /// The list.
        list: Box<Expr>,
        /// The condition.
        filter: Box<Expr>,
    },
    /// Whether there is a match.
    Exists(Box<Match>),
    /// What an inner query gives for the row at hand.
    Subquery(Wanted, Box<Query>),
    /// Whether a node goes by a text.
    Named(VarId, Box<Expr>),
    /// Whether the condition can hold, given what dates leave open.
    Possibly(Box<Expr>),
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

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

/// How two texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextTest {
    /// Equal but for case and accents.
    Alike,
    /// Holds the other.
    Contains,
    /// Starts with the other.
    StartsWith,
    /// Ends with the other.
    EndsWith,
    /// Fits a pattern with `%` and `_`.
    Like,
    /// Fits a regular expression as a whole.
    Regex,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`; of two integers, the whole part.
    Divide,
    /// `%`
    Modulo,
    /// `^`, always a float
    Power,
}

impl Expr {
    /// An expression of that type.
    pub(crate) fn new(kind: ExprKind, ty: Type) -> Self {
        Self { kind, ty, place: Place::default() }
    }

    /// The same, written there, unless a part of it was written in a narrower place.
    pub(crate) fn placed(mut self, span: Span) -> Self {
        self.place.0.get_or_insert(span);
        if let ExprKind::Coerce(inner) = &mut self.kind {
            inner.place.0.get_or_insert(span);
        }
        self
    }

    /// The same value seen as a type.
    pub(crate) fn seen_as(self, ty: &Type) -> Self {
        let of_elements = matches!(
            (&self.ty, ty),
            (Type::Node(_), Type::Node(_)) | (Type::Edge(_), Type::Edge(_))
        );
        if self.ty == *ty || of_elements {
            return self;
        }
        let place = self.place;
        if self.ty == Type::Null {
            return Self { ty: ty.clone(), ..self };
        }
        Self { kind: ExprKind::Coerce(Box::new(self)), ty: ty.clone(), place }
    }

    /// A condition.
    pub(crate) fn truth(kind: ExprKind) -> Self {
        Self::new(kind, Type::Bool)
    }

    /// The variable it is, if it is just one.
    pub(crate) fn as_var(&self) -> Option<VarId> {
        if let ExprKind::Var(var) = self.kind { Some(var) } else { None }
    }

    /// The constant it is, if it is one.
    pub(crate) fn as_constant(&self) -> Option<&Constant> {
        if let ExprKind::Constant(constant) = &self.kind { Some(constant) } else { None }
    }

    /// The text it is, if it is a constant one.
    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Some(Constant::Text(text)) = self.as_constant() { Some(text) } else { None }
    }
}
