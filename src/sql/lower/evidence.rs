//! What a row rests on, as pairs of arguments that `dixit_evidence` reads: what kind of thing the second one is, and it.

use super::{Lowering, Rows};
use crate::meaning::functions::Means;
use crate::meaning::question::{self, ExprKind};
use crate::meaning::types::Type;
use crate::sql::select::Expr;

/// The database takes at most 127 arguments, and each of these is two.
const MOST: usize = 50;

/// The second one is evidence itself, or a list of such.
const KNOWN: &str = "-1";
/// The second one is any value, in which nodes and edges are looked for.
const VALUE: &str = "0";

impl Lowering<'_> {
    /// The arguments for what rests on all of these.
    pub(super) fn evidence(&mut self, rows: &mut Rows, args: &[question::Expr]) -> Vec<Expr> {
        if let [only] = args
            && let ExprKind::Call(function, inner) = &only.kind
            && function.means == Means::Evidence
        {
            return self.evidence(rows, inner);
        }
        if args.len() > MOST {
            let parts = args.chunks(MOST).map(|part| {
                let part = self.evidence(rows, part);
                [Expr::Word(KNOWN), Expr::Call("dixit_evidence", part)]
            });
            return parts.flatten().collect();
        }
        args.iter().flat_map(|arg| self.rests_on(rows, arg)).collect()
    }

    fn rests_on(&mut self, rows: &mut Rows, arg: &question::Expr) -> [Expr; 2] {
        let known = matches!(&arg.ty, Type::Text)
            || matches!(&arg.ty, Type::List(of) if **of == Type::Text);
        if known {
            return [Expr::Word(KNOWN), self.value(rows, arg)];
        }
        match self.node(rows, arg) {
            Some(node) => [self.kind_number(&node.kind), node.id],
            None => [Expr::Word(VALUE), self.any_value(rows, arg)],
        }
    }
}
