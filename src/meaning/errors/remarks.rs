//! What is no mistake, but hardly ever what was meant: the answer is what was asked for, and a note says so.

use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;

/// D0404: a comparison with null, which holds for nothing.
pub(in crate::meaning) fn compared_with_null(span: Span, instead: &str) -> Diagnostic {
    Diagnostic::note("D0404", span, "nothing is equal to null, and nothing differs from it")
        .here(instead)
}

/// D0405: a variable with the name of a kind or an edge, and no label.
pub(in crate::meaning) fn colon_missing(name: &Name, what: &str) -> Diagnostic {
    let message = format!("`{}` is a variable here, for any {what}", name.text);
    Diagnostic::note("D0405", name.span, message)
        .here(format!("for the {what}s of that name write `:{}`", name.text))
}

/// D0406: a new variable with a name that is known around the query, but was not handed to it.
pub(in crate::meaning) fn another(name: &Name) -> Diagnostic {
    let message = format!("this `{}` is a new one, not the one around this query", name.text);
    Diagnostic::note("D0406", name.span, message)
        .here(format!("to mean that one write `call ({}) {{ … }}`", name.text))
}

/// D0407: two edges that meet in a node that was left out.
pub(in crate::meaning) fn node_left_out(edge: Span) -> Diagnostic {
    Diagnostic::note("D0407", edge, "two edges meet here, with any node between them")
        .here("write `()` between the two, or leave one out")
}

/// D0408: an order or a limit behind the last of several queries.
pub(in crate::meaning) fn last_part_only(result: Span) -> Diagnostic {
    Diagnostic::note("D0408", result, "only the rows of the last part are ordered or limited here")
        .here("for all rows write `call { … } return * order by …` around the parts")
}

/// D0409: a count of what is true or false, which is there for every row.
pub(in crate::meaning) fn counted_condition(span: Span) -> Diagnostic {
    Diagnostic::note("D0409", span, "this counts rows, whether or not the pattern is there")
        .here("to count the matches for each row write `count { … }`")
}

/// D0411: `||` between what look like conditions.
pub(in crate::meaning) fn joined_conditions(sign: Span) -> Diagnostic {
    Diagnostic::note("D0411", sign, "`||` joins two texts, and the comparisons are read as a chain")
        .here("between conditions write `or`")
}
