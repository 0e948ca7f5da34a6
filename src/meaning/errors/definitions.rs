//! What is wrong with a definition or with the way it is used, and `as of`.

use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::meaning::catalog::Catalog;
use crate::meaning::types::Type;

/// D0351: a definition that uses itself, maybe through others.
pub(in crate::meaning) fn recursive(place: Span, cycle: &[String]) -> Diagnostic {
    let way = cycle.join("` uses `");
    Diagnostic::error("D0351", place, format!("a definition cannot use itself: `{way}`"))
}

/// D0352: a definition with the name of a function.
pub(in crate::meaning) fn name_of_function(name: &Name) -> Diagnostic {
    let message = format!("there is a function called `{}` already", name.text);
    Diagnostic::error("D0352", name.span, message).help("choose another name")
}

/// D0353: two definitions that cannot be told apart.
pub(in crate::meaning) fn defined_twice(name: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("D0353", name.span, format!("`{}` is defined twice", name.text))
        .also(first, "first here")
        .help("two definitions of one name take arguments of other types")
}

/// D0354: arguments that fit no definition of a name.
pub(in crate::meaning) fn no_definition_fits(
    place: Span,
    name: &str,
    given: &[Type],
    help: String,
    catalog: &Catalog,
) -> Diagnostic {
    let given: Vec<String> = given.iter().map(|ty| ty.words(catalog)).collect();
    let given = if given.is_empty() { "nothing".to_owned() } else { given.join(" and ") };
    let note = Diagnostic::error("D0354", place, format!("`{name}` is not defined for {given}"));
    note.help(help)
}

/// How something is called, by all its definitions.
pub(in crate::meaning) fn defined_as(ways: &[String]) -> String {
    format!("it is defined as {}", ways.join(", "))
}

/// What to write for a node that may be of a kind which is defined, or of another.
pub(in crate::meaning) fn defined_for_kind(name: &str, kind: &str, node: &str) -> String {
    format!(
        "of a node that may be of several kinds, ask it of one: `exists {{ (one:{kind}) where one = {node} and {name}(one) }}`"
    )
}

/// D0355: in a definition, a pattern rests on a parameter that got a value and no variable.
pub(in crate::meaning) fn not_a_variable(name: &Name) -> Diagnostic {
    let message =
        format!("`{}` stands for a value here, and a pattern takes a variable", name.text);
    Diagnostic::error("D0355", name.span, message)
        .help("give it a name first: `let x = …`, and use `x`")
}

/// D0356: a derived edge in a place that takes only edges of the store.
pub(in crate::meaning) fn not_drawn_here(place: Span, name: &str, what: &str) -> Diagnostic {
    Diagnostic::error("D0356", place, format!("`{name}` is defined by a pattern, and so {what}"))
        .help(format!(
            "write the pattern out; `dixit schema {name}` shows it, if it is not your own"
        ))
}

/// D0357: something is asked of a derived edge that is no single edge.
pub(in crate::meaning) fn no_single_edge(place: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` is defined by a pattern that names no edge for it");
    Diagnostic::error("D0357", place, message)
        .help("leave out what stands in the brackets beside its name")
}

/// D0358: `as of` something that is no date.
pub(in crate::meaning) fn not_a_day(place: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    let message = format!("`as of` takes a date, and this is {}", ty.words(catalog));
    Diagnostic::error("D0358", place, message).help("write `as of 2025-11-22`")
}

/// D0359: `as of` where it cannot be answered.
pub(in crate::meaning) fn never_known(place: Span, why: &str) -> Diagnostic {
    Diagnostic::error("D0359", place, why)
}

/// D0360: a derived edge where one of the store is meant, such as to be inserted.
pub(in crate::meaning) fn no_stored_edge(name: &Name) -> Diagnostic {
    let message = format!("`{}` is defined by a pattern, and is no edge of the store", name.text);
    Diagnostic::error("D0360", name.span, message)
        .help("name the edges that its definition is made of")
}
