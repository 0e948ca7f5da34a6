//! Graph types that cannot be had.

use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::record::graph::Reason;

const TYPES: [&str; 8] = ["text", "int", "float", "bool", "date", "datetime", "list", "any"];

/// D0706: a type that properties cannot have.
pub(in crate::meaning) fn unknown_type(name: &Name) -> Diagnostic {
    let near = closest(&name.text, TYPES.into_iter().chain(["string", "integer", "boolean"]));
    let note = Diagnostic::error("D0706", name.span, format!("there is no type `{}`", name.text));
    match near {
        Some(near) => note.here(format!("did you mean `{near}`?")),
        None => note.help("text, int, float, bool, date, datetime, any, and list<…> of these"),
    }
}

/// D0707: a list without what it is of.
pub(in crate::meaning) fn list_of_what(place: Span) -> Diagnostic {
    Diagnostic::error("D0707", place, "a list of what?").help("for example `list<text>`")
}

/// D0708: lists in a list.
pub(in crate::meaning) fn list_of_lists(place: Span) -> Diagnostic {
    Diagnostic::error("D0708", place, "a list of lists cannot be declared")
        .help("`list<any>` holds lists as well")
}

/// D0709: properties of a kind where an edge is declared.
pub(in crate::meaning) fn properties_at_end(place: Span) -> Diagnostic {
    Diagnostic::error("D0709", place, "the ends of an edge are named by their labels alone")
        .help("declare the properties with the kind: `(:Person {name text})`")
}

/// D0710: a part of a graph type that the store does not allow.
pub(in crate::meaning) fn contradiction(place: Span, reason: &Reason) -> Diagnostic {
    let note = Diagnostic::error("D0710", place, reason.to_string());
    match reason {
        Reason::BuiltIn(_) => {
            note.help("`dixit init FILE --bare` makes a store without these kinds")
        }
        Reason::UnknownKind(_, Some(near)) => note.here(format!("did you mean `{near}`?")),
        Reason::UnknownKind(_, None) => note.help("declare it as well: `(:Person {name text})`"),
        Reason::OtherType(..) | Reason::OtherNeed(..) => {
            note.help("a declared property keeps its type; give the new one another name")
        }
        Reason::LateNeed(_) => note.help("leave out `not null`"),
        Reason::Twin(_)
        | Reason::Twice(_)
        | Reason::OtherWay(_)
        | Reason::BadName(..)
        | Reason::TooMany(_) => note,
    }
}
