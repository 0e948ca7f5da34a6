//! Puts the operands and operators of one expression into a tree by tightness, without recursion.

use super::super::ast::{BinaryOp, Expr, ExprKind, IsWhat, Label, UnaryOp};
use super::super::operators::Tightness;
use super::super::walk;
use crate::base::source::Span;

/// What an `is` asks: whether `not`, and what for.
pub(super) type Test = (bool, Tested);

/// What an `is` asks for.
pub(super) enum Tested {
    What(IsWhat),
    Label(Label),
}

/// Values and operators of one expression that are not joined yet; operators get tighter to the right.
#[derive(Default)]
pub(super) struct Chain {
    values: Vec<(Expr, u16)>,
    waiting: Vec<Waiting>,
}

/// An operator whose right side is still to come.
enum Waiting {
    Not(Span),
    /// The unseen `and` of `a < b < c`.
    Chained(Span),
    Infix(Infix),
}

/// How many values and operators the middle of `a < b < c` may have; it is kept twice.
const LARGEST_MIDDLE: usize = 64;

/// An operator as read.
pub(super) struct Infix {
    pub(super) op: BinaryOp,
    pub(super) span: Span,
    pub(super) negated: bool,
    pub(super) tightness: Tightness,
}

impl Waiting {
    fn tightness(&self) -> Tightness {
        match self {
            Self::Not(_) => Tightness::Not,
            Self::Chained(_) => Tightness::Chained,
            Self::Infix(infix) => infix.tightness,
        }
    }
}

impl Chain {
    /// Whether a `not` may stand in front of the next operand.
    pub(super) fn takes_not(&self) -> bool {
        self.waiting.iter().all(|waiting| waiting.tightness() <= Tightness::Not)
    }

    /// Whether a comparison still waits for its right side to end.
    pub(super) fn compares(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.tightness() == Tightness::Compare)
    }

    /// How tall the tree will be if joined now, with a next operand of the given height.
    pub(super) fn height(&self, next: u16) -> u16 {
        let tallest = self.values.iter().map(|(_, height)| *height).max().unwrap_or(0).max(next);
        tallest
            .saturating_add(u16::try_from(self.waiting.len()).unwrap_or(u16::MAX))
            .saturating_add(1)
    }

    /// Takes a `not` that stands in front of the next operand.
    pub(super) fn push_not(&mut self, sign: Span) {
        self.waiting.push(Waiting::Not(sign));
    }

    /// Takes an operand and how tall it is.
    pub(super) fn push_value(&mut self, value: Expr, height: u16) {
        self.values.push((value, height));
    }

    /// Takes an operator; what binds tighter before it is joined. Says whether it could: in `a < b < c` only a `b` of
    /// modest size can stand twice.
    pub(super) fn push(&mut self, infix: Infix) -> bool {
        let chained = infix.tightness == Tightness::Compare && self.compares();
        if chained && !self.chain(infix.span) {
            return false;
        }
        self.join(infix.tightness);
        self.waiting.push(Waiting::Infix(infix));
        true
    }

    /// Ends a comparison whose right side is the left side of the next one.
    fn chain(&mut self, sign: Span) -> bool {
        self.join(Tightness::Predicate);
        let Some((middle, height)) = self.values.last().cloned() else { return false };
        let mut size = 0;
        walk::expr(&mut middle.clone(), &mut |part| {
            let asks = matches!(part.kind, ExprKind::Exists(_) | ExprKind::Subquery(..));
            size += if asks { LARGEST_MIDDLE + 1 } else { 1 };
        });
        if size > LARGEST_MIDDLE {
            return false;
        }
        self.join(Tightness::Chained);
        self.waiting.push(Waiting::Chained(sign));
        self.values.push((middle, height));
        true
    }

    /// Joins what binds at least as tightly as `floor`.
    fn join(&mut self, floor: Tightness) {
        while let Some(waiting) = self.waiting.pop_if(|waiting| waiting.tightness() >= floor) {
            let Some((right, right_height)) = self.values.pop() else { return };
            let joined = match waiting {
                Waiting::Not(span) => (unary(UnaryOp::Not, span, right), right_height + 1),
                Waiting::Chained(sign) => {
                    let Some((left, left_height)) = self.values.pop() else { return };
                    let kept = left.span.to(right.span);
                    let kind =
                        ExprKind::Binary(BinaryOp::And, sign, Box::new(left), Box::new(right));
                    (Expr { kind, span: kept }, left_height.max(right_height) + 1)
                }
                Waiting::Infix(infix) => {
                    let Some((left, left_height)) = self.values.pop() else { return };
                    let grown = 1 + u16::from(infix.negated);
                    (infix.join(left, right), left_height.max(right_height) + grown)
                }
            };
            self.values.push(joined);
        }
    }

    /// Puts an `is …` behind what was read last; gives the height of the outcome.
    pub(super) fn test(&mut self, test: Test, place: Span, label_height: u16) -> u16 {
        self.join(Tightness::Predicate);
        let Some((value, height)) = self.values.pop() else { return 0 };
        let span = value.span.to(place);
        let value = Box::new(value);
        let kind = match test {
            (negated, Tested::What(what)) => ExprKind::Is { value, negated, what },
            (negated, Tested::Label(label)) => ExprKind::IsLabeled { value, negated, label },
        };
        self.values.push((Expr { kind, span }, height.max(label_height) + 1));
        self.height(0)
    }

    /// The whole expression and how tall it is.
    pub(super) fn finish(mut self) -> (Option<Expr>, u16) {
        self.join(Tightness::Or);
        self.values.pop().map_or((None, 0), |(whole, height)| (Some(whole), height))
    }
}

impl Infix {
    fn join(self, left: Expr, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        let kind = ExprKind::Binary(self.op, self.span, Box::new(left), Box::new(right));
        let joined = Expr { kind, span };
        if self.negated { unary(UnaryOp::Not, span, joined) } else { joined }
    }
}

/// A sign or `not` with what it stands in front of.
pub(super) fn unary(op: UnaryOp, sign: Span, value: Expr) -> Expr {
    let span = sign.to(value.span);
    Expr { kind: ExprKind::Unary(op, Box::new(value)), span }
}
