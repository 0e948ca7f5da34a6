//! Values of the wrong type, and functions called wrongly.

use crate::base::date::BadDate;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::meaning::catalog::Catalog;
use crate::meaning::functions::Takes;
use crate::meaning::question::Expr;
use crate::meaning::types::Type;

type Side = (Expr, Span);

/// D0320: two values of unlike types.
pub(in crate::meaning) fn unlike(
    span: Span,
    left: &Side,
    right: &Side,
    catalog: &Catalog,
) -> Diagnostic {
    let (a, b) = (left.0.ty.words(catalog), right.0.ty.words(catalog));
    let note = Diagnostic::error(
        "D0320",
        span,
        format!("{a} is compared with {b}, which can never be equal or in order"),
    )
    .also(left.1, a)
    .also(right.1, b);
    match (&left.0.ty, &right.0.ty) {
        (Type::Date, Type::Text) | (Type::Text, Type::Date) => {
            note.help("write a date without quotes, as in 2025-11-22, or as date '…'")
        }
        (Type::Date, Type::Int) | (Type::Int, Type::Date) => {
            note.help("compare its year, as in `year(d) = 2025`, or write a whole date, as in 2025-11-22")
        }
        (Type::Text | Type::Int, Type::List(_)) => {
            note.help("to ask whether it is one of several write `in`")
        }
        (Type::Node(_), Type::Text) | (Type::Text, Type::Node(_)) => {
            note.help("compare a property, as in `a.name = '…'`, or name the node in the pattern, as in `(a:Actor '…')`")
        }
        _ => note,
    }
}

/// D0321: values that have no order.
pub(in crate::meaning) fn no_order(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0321", span, format!("{} has no order", ty.words(catalog)))
        .help("compare a property of it, or use `=`")
}

/// D0323: a text that is no date.
pub(in crate::meaning) fn bad_date(span: Span, text: &str, bad: &BadDate) -> Diagnostic {
    let note = Diagnostic::error("D0323", span, format!("'{text}' is not a date"));
    match &bad.suggestion {
        Some(meant) => note.here(format!("write {meant}")),
        None => note
            .here(bad.reason.clone())
            .help("dates are written as in 2025-11-22, 2025-11 or date '[..2025-11-22]' (EDTF)"),
    }
}

/// D0324: a condition that is not true or false.
pub(in crate::meaning) fn not_a_truth(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    let note = Diagnostic::error(
        "D0324",
        span,
        format!("a condition is expected here, not {}", ty.words(catalog)),
    );
    note.help(if matches!(ty, Type::Node(_) | Type::Edge(_)) {
        "to ask whether it is there, write `… is not null`"
    } else {
        "compare it with something, as in `… = …`"
    })
}

/// D0412: values alone where the comparison with the first one was meant to go on.
pub(in crate::meaning) fn bare_values(span: Span, meant: &str) -> Diagnostic {
    Diagnostic::error("D0412", span, "this is a value, and no condition of its own")
        .help(format!("write `{meant}`"))
}

/// D0413: a day written as a division or a subtraction.
pub(in crate::meaning) fn slashed_day(span: Span, meant: &str) -> Diagnostic {
    Diagnostic::error("D0413", span, "this computes a number, and is no date")
        .here("a date begins with its year, and has hyphens")
        .help(format!("write {meant}"))
}

/// D0414: `||` between conditions, where it joins a text to the next one.
pub(in crate::meaning) fn joined_tests(sign: Span) -> Diagnostic {
    Diagnostic::error("D0414", sign, "`||` joins two texts here, and no conditions")
        .help("between conditions write `or`")
}

/// D0325: a number is needed.
pub(in crate::meaning) fn not_a_number(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    number_expected(span, "a number", ty, catalog)
}

/// Likewise a whole one.
pub(in crate::meaning) fn not_whole(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    number_expected(span, "a whole number", ty, catalog)
}

fn number_expected(span: Span, wanted: &str, ty: &Type, catalog: &Catalog) -> Diagnostic {
    let found =
        if *ty == Type::Float { "one with a fraction".to_owned() } else { ty.words(catalog) };
    let note = Diagnostic::error("D0325", span, format!("{wanted} is expected here, not {found}"));
    note.help_if(match ty {
        Type::Date => Some(
            "a day later is `date + duration 'P1D'`; `days_between(a, b)` counts days".to_owned(),
        ),
        Type::Text => Some(
            "`to_int(…)` and `to_float(…)` turn a text into a number; `||` joins texts".to_owned(),
        ),
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::DateTime
        | Type::Duration
        | Type::Map
        | Type::Any
        | Type::List(_)
        | Type::Node(_)
        | Type::Edge(_)
        | Type::Path => None,
    })
}

/// D0326: a text is needed.
pub(in crate::meaning) fn not_a_text(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0326", span, format!("a text is expected here, not {}", ty.words(catalog)))
        .help("`to_text(…)` turns a number or a date into text")
}

/// D0327: a list is needed.
pub(in crate::meaning) fn not_a_list(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0327", span, format!("a list is expected here, not {}", ty.words(catalog)))
        .help("a list is written in brackets, as in ['asserts', 'denies']")
}

/// D0328: things that cannot be joined into one text or list.
pub(in crate::meaning) fn cannot_join(
    span: Span,
    left: &Side,
    right: &Side,
    catalog: &Catalog,
) -> Diagnostic {
    let conditions = left.0.ty == Type::Bool || right.0.ty == Type::Bool;
    let (a, b) = (left.0.ty.words(catalog), right.0.ty.words(catalog));
    Diagnostic::error("D0328", span, format!("{a} and {b} cannot be joined")).help(if conditions {
        "between conditions write `or`"
    } else {
        "`to_text(…)` turns a number or a date into text"
    })
}

/// D0329: a key that stands twice in a map.
pub(in crate::meaning) fn same_key_twice(name: &Name) -> Diagnostic {
    Diagnostic::error("D0329", name.span, format!("`{}` stands twice in this map", name.text))
        .help("give each value a name of its own")
}

/// D0368: a variable of a list that has the name of another.
pub(in crate::meaning) fn hides(name: &Name) -> Diagnostic {
    Diagnostic::error("D0368", name.span, format!("`{}` is another variable already", name.text))
        .help("give the members of this list a name of their own")
}

/// D0369: a text that is no instant, or no length of time.
pub(in crate::meaning) fn bad_time(
    span: Span,
    text: &str,
    what: &str,
    example: &str,
) -> Diagnostic {
    Diagnostic::error("D0369", span, format!("'{text}' is not a {what}"))
        .help(format!("write it as in {what} '{example}'"))
}

/// D0330: an argument of the wrong type.
pub(in crate::meaning) fn wrong_argument(
    span: Span,
    function: &str,
    wanted: Takes,
    ty: &Type,
    catalog: &Catalog,
) -> Diagnostic {
    let pattern = *ty == Type::Bool && matches!(wanted, Takes::Sized | Takes::List);
    let wanted = match wanted {
        Takes::Text => "a text",
        Takes::Int => "a whole number",
        Takes::Number => "a number",
        Takes::Date => "a date",
        Takes::Bool => "a condition",
        Takes::List => "a list",
        Takes::TextOrList => "a text or a list",
        Takes::Node => "a node",
        Takes::Edge => "an edge",
        Takes::Path => "a path",
        Takes::Sized => "a text, a list, a map or a path",
        Takes::Simple => "a text, number or date",
        Takes::Scalar => "a text, a number or a truth value",
        Takes::TextOrNumber => "a text or a number",
        Takes::Sortable => "a text, number, date or list",
        Takes::Element => "a node or an edge",
        Takes::Keyed => "a map, a node or an edge",
        Takes::Time => "a text or a map of parts",
        Takes::Same => "something else",
    };
    Diagnostic::error(
        "D0330",
        span,
        format!("`{function}` takes {wanted} here, not {}", ty.words(catalog)),
    )
    .help_if(pattern.then(|| "to count the matches of a pattern write `count { … }`".to_owned()))
}

/// D0331: too few or too many arguments.
pub(in crate::meaning) fn wrong_count(
    span: Span,
    function: &str,
    takes: (usize, usize),
    given: usize,
) -> Diagnostic {
    let takes = match takes {
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) if least == most => format!("{least}"),
        (least, most) => format!("{least} to {most}"),
    };
    let noun = if takes == "1" { "argument" } else { "arguments" };
    Diagnostic::error("D0331", span, format!("`{function}` takes {takes} {noun}, not {given}"))
}

/// D0345: a regular expression that is none.
pub(in crate::meaning) fn bad_regex(span: Span, reason: &str) -> Diagnostic {
    let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
    Diagnostic::error("D0345", span, format!("this is not a regular expression: {reason}"))
}

/// D0346: full-text search where there is no index.
pub(in crate::meaning) fn not_searchable(span: Span, catalog: &Catalog) -> Diagnostic {
    let known: Vec<String> = catalog
        .kinds()
        .flat_map(|(_, kind)| {
            let searched = kind.properties.iter().filter(|property| property.search.is_some());
            searched.map(move |property| format!("{}.{}", kind.name, property.name))
        })
        .collect();
    Diagnostic::error("D0346", span, "full-text search needs a property with an index")
        .help(format!("these have one: {}; otherwise use `contains`", known.join(", ")))
}

/// D0347: a rank without a search.
pub(in crate::meaning) fn score_without_search(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0347",
        span,
        "`score` ranks a full-text search, and there is none on this node before it",
    )
    .help("add one, as in `where c.text matches 'plan'`")
}
