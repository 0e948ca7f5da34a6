//! Paths that repeat, and paths of which only some are wanted.

use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;

/// D0377: a variable inside a repeated path that has a meaning outside.
pub(in crate::meaning) fn known_outside(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "D0377",
        name.span,
        format!("`{}` has a meaning outside this repeated path", name.text),
    )
    .help("name it anew inside and compare the two in the `where` inside the parentheses")
}

/// D0378: a repeat inside a repeat.
pub(in crate::meaning) fn nested_repeat(span: Span) -> Diagnostic {
    Diagnostic::error("D0378", span, "what repeats as a whole cannot hold another repeat")
        .help("say how often only once: inside the parentheses or behind them")
}

/// D0379: a repeated path that cannot stand between these nodes.
pub(in crate::meaning) fn no_repeat_fits(span: Span) -> Diagnostic {
    Diagnostic::error("D0379", span, "this path cannot repeat between the nodes around it").help(
        "its last node must be of a kind its first node may be, and so must the nodes around it",
    )
}

/// D0380: a search for no path at all.
pub(in crate::meaning) fn none_wanted(span: Span) -> Diagnostic {
    Diagnostic::error("D0380", span, "at least 1 path or group of paths has to be wanted")
}

/// D0381: a node inside a pattern with a search that stands in another pattern too.
pub(in crate::meaning) fn shared_inside(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0381",
        span,
        "a node inside this pattern stands in another pattern as well, and only its ends can",
    )
    .help("bind that node in an earlier `match`, or split the pattern there")
}
