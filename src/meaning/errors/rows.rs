//! Rows grouped, sorted or cut in a way that makes no sense.

use crate::base::count::counted;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::meaning::catalog::Catalog;
use crate::meaning::types::Type;

/// D0332: `distinct` or `*` in a function that is no aggregate.
pub(in crate::meaning) fn not_an_aggregate(span: Span, function: &str) -> Diagnostic {
    Diagnostic::error(
        "D0332",
        span,
        format!("`{function}` is not an aggregate, so it takes neither `distinct` nor `*`"),
    )
}

/// D0333: `*` in an aggregate other than count.
pub(in crate::meaning) fn star_not_counted(span: Span, function: &str) -> Diagnostic {
    Diagnostic::error("D0333", span, format!("only `count` takes `*`, not `{function}`"))
}

/// D0334: an aggregate inside an aggregate.
pub(in crate::meaning) fn nested_aggregate(span: Span) -> Diagnostic {
    Diagnostic::error("D0334", span, "an aggregate cannot stand inside another")
        .help("compute the inner one first: `with …, count(*) as n`")
}

/// D0335: an aggregate where rows are not grouped.
pub(in crate::meaning) fn misplaced_aggregate(span: Span) -> Diagnostic {
    Diagnostic::error("D0335", span, "an aggregate cannot stand here")
        .help("compute it first: `with …, count(*) as n where n > 1`")
}

/// D0336: a grouped query returns something that is not the same throughout a group.
pub(in crate::meaning) fn not_grouped(span: Span) -> Diagnostic {
    Diagnostic::error("D0336", span, "this can differ within a group")
        .help("return it as a column of its own, name it in `group by`, or aggregate it")
}

/// D0337: an aggregate as a group key.
pub(in crate::meaning) fn aggregate_in_group(span: Span) -> Diagnostic {
    Diagnostic::error("D0337", span, "an aggregate cannot be a group key")
}

/// D0338: sorting distinct rows by something they do not hold.
pub(in crate::meaning) fn order_not_returned(span: Span) -> Diagnostic {
    Diagnostic::error("D0338", span, "distinct rows can only be sorted by what is returned")
        .help("return it as well")
}

/// D0339: sorting by a constant.
///
/// In SQL a number stands for a column; `meant` is what that column is called.
pub(in crate::meaning) fn constant_order(span: Span, meant: Option<&str>) -> Diagnostic {
    let note =
        Diagnostic::error("D0339", span, "this is the same for every row, so it sorts nothing");
    match meant {
        Some(column) => note.help(format!("columns go by their names: `order by {column}`")),
        None => note.help("name the column, as in `order by n desc`"),
    }
}

/// D0340: a limit that is not a count.
pub(in crate::meaning) fn not_a_count(span: Span) -> Diagnostic {
    Diagnostic::error("D0340", span, "a whole number from 0 up is expected here")
        .help("write a number or a parameter")
}

/// D0341: `*` where nothing has a name.
pub(in crate::meaning) fn nothing_named(span: Span) -> Diagnostic {
    Diagnostic::error("D0341", span, "there is no variable to return")
        .help("name a node in the pattern, as in `(a:Actor)`")
}

/// D0342: an item of `with` without a name.
pub(in crate::meaning) fn unnamed_item(span: Span) -> Diagnostic {
    Diagnostic::error("D0342", span, "this needs a name to go on with").help("add `as name`")
}

/// D0343: two items by one name.
pub(in crate::meaning) fn same_name_twice(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("D0343", span, format!("there is a column `{name}` already"))
        .help("add `as` and another name")
}

/// D0370: `collect { … }` or `value { … }` over a query with any but one column.
pub(in crate::meaning) fn not_one_column(span: Span, count: usize) -> Diagnostic {
    Diagnostic::error("D0370", span, format!("one column is needed here, not {count}"))
        .help("return the one value that is wanted")
}

/// D0371: parts of a query that return unequal numbers of columns.
pub(in crate::meaning) fn unequal_columns(
    span: Span,
    operator: Span,
    (before, here): (usize, usize),
) -> Diagnostic {
    let (here, before) = (counted(here, "column"), counted(before, "column"));
    let message = format!("this part returns {here}, the one before {before}");
    Diagnostic::error("D0371", span, message).also(operator, "joined here")
}

/// D0372: parts of a query whose columns go by unlike names.
pub(in crate::meaning) fn unequal_names(
    span: Span,
    at: usize,
    (before, here): (&str, &str),
) -> Diagnostic {
    let message = format!("column {} is called `{here}` here, and `{before}` before", at + 1);
    let plain = before.chars().all(|c| c.is_alphanumeric() || c == '_');
    let help = if plain {
        format!("add `as {before}`")
    } else {
        "give both the same name, with `as name` in each part".to_owned()
    };
    Diagnostic::error("D0372", span, message).help(help)
}

/// D0373: parts of a query whose columns hold unlike things.
pub(in crate::meaning) fn unequal_types(
    span: Span,
    name: &str,
    (before, here): (&Type, &Type),
    catalog: &Catalog,
) -> Diagnostic {
    let is_thing = |ty: &Type| matches!(ty, Type::Node(_) | Type::Edge(_) | Type::Path);
    let help = if is_thing(before) || is_thing(here) {
        "return a property of the node, as in `a.name`"
    } else {
        "make texts of both with `to_text(…)`"
    };
    let (before, here) = (before.words(catalog), here.words(catalog));
    Diagnostic::error("D0373", span, format!("`{name}` is {here} here, and {before} before"))
        .help(help)
}

/// D0374: a query inside another, or a part of one, that returns nothing.
pub(in crate::meaning) fn nothing_returned(span: Span) -> Diagnostic {
    Diagnostic::error("D0374", span, "this query must say what it returns").help("add `return …`")
}

/// D0375: a called query reads a name from around that was not handed to it.
pub(in crate::meaning) fn not_imported(name: &Name) -> Diagnostic {
    let message = format!("`{}` is known around this query, but was not handed to it", name.text);
    Diagnostic::error("D0375", name.span, message)
        .help(format!("name it in the parentheses behind `call`: `call (…, {})`", name.text))
}

/// D0376: a limit that depends on the row.
pub(in crate::meaning) fn varying_count(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0376",
        span,
        "this is asked once for all rows, so it cannot read any of them",
    )
    .help("write a number, a parameter or what is computed from such")
}
