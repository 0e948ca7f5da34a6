//! Writing: what cannot be inserted, set, removed or deleted, and where nothing may be written.

use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::meaning::catalog::Catalog;
use crate::meaning::types::{Type, with_article};

/// D0384: a query that would write into what was known or recorded at a time.
pub(in crate::meaning) fn not_then(span: Span) -> Diagnostic {
    Diagnostic::error("D0384", span, "what was known or recorded at a time can only be asked about")
        .help("leave this out to change the store as it is now")
}

/// D0390: a query that writes where only questions may stand.
pub(in crate::meaning) fn not_here(span: Span, inside: bool) -> Diagnostic {
    let (what, next) = if inside {
        (
            "a query inside another, or one joined to others, only reads",
            "write in a query of its own; a script may hold several, with `;` between them",
        )
    } else {
        (
            "this query writes, and here only questions are asked",
            "to change the store: dixit write \"…\" --why 'the reason'",
        )
    };
    Diagnostic::error("D0390", span, what).help(next)
}

/// D0391: a node or an edge that cannot be inserted as it is written.
pub(in crate::meaning) fn no_insert(
    span: Span,
    what: impl Into<String>,
    next: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error("D0391", span, what).help(next)
}

/// D0392: an edge to be inserted that may be several.
pub(in crate::meaning) fn not_one_edge(span: Span, names: &[String]) -> Diagnostic {
    let mut some: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    if names.len() > some.len() {
        some.push("…".to_owned());
    }
    Diagnostic::error("D0392", span, "an edge to be inserted is exactly one")
        .help(format!("say which: {}", some.join(", ")))
}

/// D0393: a property that follows from something else.
pub(in crate::meaning) fn derived(name: &Name, from: Option<&str>) -> Diagnostic {
    let note = Diagnostic::error(
        "D0393",
        name.span,
        format!("`{}` is not kept but follows from something else", name.text),
    );
    note.help_if(from.map(|from| format!("set `{from}`")))
}

/// D0394: a value of another type than the property's.
pub(in crate::meaning) fn misfit(
    span: Span,
    property: &str,
    (holds, value): (&Type, &Type),
    catalog: &Catalog,
) -> Diagnostic {
    let note = Diagnostic::error(
        "D0394",
        span,
        format!("`{property}` holds {}, not {}", holds.words(catalog), value.words(catalog)),
    );
    match (holds, value) {
        (Type::Date, Type::Text | Type::Int) => {
            note.help("write a date without quotes, as in 2025-11-22, or as date '[..2025-11-22]'")
        }
        (Type::List(_), Type::Text) => note.help("write a list, as in ['…', '…']"),
        _ => note,
    }
}

/// D0395: a value of what is only made, or is gone, in the same query.
pub(in crate::meaning) fn out_of_time(span: Span, name: &str, gone: bool) -> Diagnostic {
    let (what, next) = if gone {
        (
            format!("`{name}` is deleted here"),
            "return what is wanted of it before: match … return … in a query of its own",
        )
    } else {
        (
            format!("`{name}` is only made here, and values are those before any change"),
            "write the value itself",
        )
    };
    Diagnostic::error("D0395", span, what).help(next)
}

/// D0396: something that cannot be without what is not given.
pub(in crate::meaning) fn incomplete(
    span: Span,
    kind: &str,
    lacks: &str,
    next: &str,
) -> Diagnostic {
    Diagnostic::error("D0396", span, format!("{} needs {lacks}", with_article(kind)))
        .help(next.to_owned())
}

/// D0397: a property or a kind that is not the same for all that a variable may be.
pub(in crate::meaning) fn not_everywhere(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("D0397", span, what)
        .help("say which kind it is, as in `(a:Actor)`; for a list, unfold it: `for x in list`")
}

/// D0399: a time behind `as recorded` that is no moment, or stands where it cannot.
pub(in crate::meaning) fn no_moment(span: Span) -> Diagnostic {
    Diagnostic::error("D0399", span, "`as recorded` asks for one day or one moment")
        .help("write it as in 2025-11-22, which means its end, or as datetime '2025-11-22T10:00:00Z'; it stands at the start of a whole query")
}
