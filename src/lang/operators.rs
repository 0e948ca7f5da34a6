//! The operators with two operands: how each is spelled and how tightly it binds.
//! The grammar reads this table and the formatter writes from it.

use super::ast::BinaryOp;
use super::token::Kind;

/// How tightly something binds; a greater one binds tighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tightness {
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `and`
    And,
    /// `not`
    Not,
    /// What joins the comparisons of a chain `a < b < c`.
    Chained,
    /// `=`, `<` and the like.
    Compare,
    /// `in`, `contains`, `is null` and the like.
    Predicate,
    /// `+`, `-`, `||`
    Sum,
    /// `*`, `/`, `%`
    Product,
    /// `^`
    Power,
    /// `-x`, `+x`
    Sign,
    /// `x.y`, `x[i]`, `x:L`
    Postfix,
    /// Names, literals, calls, and all that stands in brackets.
    Atom,
}

/// One operator. Where several spellings mean the same, the formatter uses the first.
#[derive(Debug)]
pub(crate) struct Operator {
    pub(crate) op: BinaryOp,
    pub(crate) spelled: &'static str,
    pub(crate) tokens: &'static [Kind],
    pub(crate) tightness: Tightness,
}

const fn row(
    op: BinaryOp,
    spelled: &'static str,
    tokens: &'static [Kind],
    tightness: Tightness,
) -> Operator {
    Operator { op, spelled, tokens, tightness }
}

/// All of them.
pub(crate) const OPERATORS: &[Operator] = &[
    row(BinaryOp::Or, "or", &[Kind::Or], Tightness::Or),
    row(BinaryOp::Xor, "xor", &[Kind::Xor], Tightness::Xor),
    row(BinaryOp::And, "and", &[Kind::And], Tightness::And),
    row(BinaryOp::Equal, "=", &[Kind::Equal], Tightness::Compare),
    row(BinaryOp::NotEqual, "<>", &[Kind::NotEqual], Tightness::Compare),
    row(BinaryOp::NotEqual, "!=", &[Kind::NotEqualBang], Tightness::Compare),
    row(BinaryOp::Alike, "~=", &[Kind::Alike], Tightness::Compare),
    row(BinaryOp::Less, "<", &[Kind::Less], Tightness::Compare),
    row(BinaryOp::LessEqual, "<=", &[Kind::LessEqual], Tightness::Compare),
    row(BinaryOp::Greater, ">", &[Kind::Greater], Tightness::Compare),
    row(BinaryOp::GreaterEqual, ">=", &[Kind::GreaterEqual], Tightness::Compare),
    row(BinaryOp::In, "in", &[Kind::In], Tightness::Predicate),
    row(BinaryOp::NotIn, "not in", &[Kind::Not, Kind::In], Tightness::Predicate),
    row(BinaryOp::Contains, "contains", &[Kind::Contains], Tightness::Predicate),
    row(BinaryOp::StartsWith, "starts with", &[Kind::Starts, Kind::With], Tightness::Predicate),
    row(BinaryOp::EndsWith, "ends with", &[Kind::Ends, Kind::With], Tightness::Predicate),
    row(BinaryOp::Like, "like", &[Kind::Like], Tightness::Predicate),
    row(BinaryOp::Regex, "=~", &[Kind::Regex], Tightness::Predicate),
    row(BinaryOp::Matches, "matches", &[Kind::Matches], Tightness::Predicate),
    row(BinaryOp::Concat, "||", &[Kind::Concat], Tightness::Sum),
    row(BinaryOp::Add, "+", &[Kind::Plus], Tightness::Sum),
    row(BinaryOp::Subtract, "-", &[Kind::Minus], Tightness::Sum),
    row(BinaryOp::Multiply, "*", &[Kind::Star], Tightness::Product),
    row(BinaryOp::Divide, "/", &[Kind::Slash], Tightness::Product),
    row(BinaryOp::Modulo, "%", &[Kind::Percent], Tightness::Product),
    row(BinaryOp::Power, "^", &[Kind::Caret], Tightness::Power),
];

/// The spelling and tightness of an operator.
pub(crate) fn of(op: BinaryOp) -> (&'static str, Tightness) {
    let row = OPERATORS.iter().find(|row| row.op == op);
    row.map_or(("", Tightness::Atom), |row| (row.spelled, row.tightness))
}
