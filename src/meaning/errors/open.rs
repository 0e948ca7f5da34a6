//! Names that mean nothing in an open graph: no mistake, but worth saying.

use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::meaning::catalog::Catalog;
use crate::meaning::question::Owner;

/// D0386: a label that nothing has; it matches nothing.
pub(in crate::meaning) fn unknown_kind(name: &Name, catalog: &Catalog) -> Diagnostic {
    let near = closest(&name.text, catalog.kind_names());
    Diagnostic::note("D0386", name.span, said(name, "kind")).here_if(meant(near))
}

/// D0388: an edge's label that nothing has; it matches nothing.
pub(in crate::meaning) fn unknown_edge(name: &Name, catalog: &Catalog) -> Diagnostic {
    let near = closest(&name.text, catalog.edge_names());
    Diagnostic::note("D0388", name.span, said(name, "edge")).here_if(meant(near))
}

fn said(name: &Name, what: &str) -> String {
    format!("there is no {what} called `{}`, so this matches nothing", name.text)
}

fn meant(near: Option<&str>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

/// D0387: a property that none of the kinds has; it is null.
pub(in crate::meaning) fn unknown_property(
    name: &Name,
    owners: &[Owner],
    catalog: &Catalog,
) -> Diagnostic {
    let properties = owners.iter().flat_map(|owner| match owner {
        Owner::Kind(kind) => &catalog.kind(*kind).properties,
        Owner::Edge(edge) => &catalog.edge(*edge).properties,
    });
    let near = closest(&name.text, properties.map(|property| property.name.as_str()));
    let message = format!("nothing here has a property `{}`, so it is null", name.text);
    Diagnostic::note("D0387", name.span, message).here_if(meant(near))
}

/// D0385: a quantifier whose least is more than its most; it matches nothing.
pub(in crate::meaning) fn inverted_quantifier(place: Span, min: u32, max: u32) -> Diagnostic {
    let message =
        format!("at least {min} and at most {max} cannot both be, so this matches nothing");
    Diagnostic::note("D0385", place, message)
}

/// D0389: a pattern in a store that has no kinds at all.
pub(in crate::meaning) fn no_kinds(place: Span) -> Diagnostic {
    Diagnostic::error("D0389", place, "this store has no kinds yet, so no pattern can fit").help(
        "`dixit schema apply FILE` declares some, `dixit import FILE --infer` takes in a graph",
    )
}
