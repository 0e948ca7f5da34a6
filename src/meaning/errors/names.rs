//! Names that mean nothing here: kinds, edges, properties, variables, functions, parameters, terms.

use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::Name;
use crate::meaning::catalog::{Catalog, Storage};
use crate::meaning::functions::{self};
use crate::meaning::question::{Lookup, Owner};
use crate::meaning::types::Type;

fn did_you_mean(near: Option<&str>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

/// D0301: an edge that the catalogue does not have.
pub(in crate::meaning) fn unknown_edge<'k>(
    name: &Name,
    known: impl Iterator<Item = &'k str>,
    is_kind: bool,
) -> Diagnostic {
    let note =
        Diagnostic::error("D0301", name.span, format!("there is no edge called `{}`", name.text));
    if is_kind {
        return note.here("this is a kind of node; kinds stand in parentheses: `(x:…)`");
    }
    let near = closest(&name.text, known);
    if near.is_some_and(|near| near.eq_ignore_ascii_case(&name.text)) {
        return super::definitions::no_stored_edge(name);
    }
    let list = near.is_none().then(|| "`dixit schema` lists all edges".to_owned());
    note.here_if(did_you_mean(near)).help_if(list)
}

/// D0301: an edge that is defined between kinds which the store lacks.
pub(in crate::meaning) fn edge_without_kinds(name: &Name) -> Diagnostic {
    unknown_edge(name, std::iter::empty(), false).help(OTHER_KINDS)
}

/// Why something of the prelude has no meaning in a store.
const OTHER_KINDS: &str = "it is defined, but for kinds that this store does not have";

/// D0302: a kind that the catalogue does not have.
pub(in crate::meaning) fn unknown_kind(name: &Name, catalog: &Catalog) -> Diagnostic {
    let note =
        Diagnostic::error("D0302", name.span, format!("there is no kind called `{}`", name.text));
    if !catalog.edge_labels(&name.text).is_empty() {
        return note.here("this is an edge; edges stand in brackets: `-[x:…]->`");
    }
    let near = closest(&name.text, catalog.kind_names());
    if near.is_none()
        && let Some((kind, term)) = kind_with_term(name, catalog)
    {
        return note.here(format!("write `(x:{kind} {{kind: '{term}'}})`"));
    }
    let list = near.is_none().then(|| "`dixit schema` lists all kinds".to_owned());
    note.here_if(did_you_mean(near)).help_if(list)
}

/// The kind of node whose property `kind` can be what was taken for a kind of node: `Person` is a kind of actor.
fn kind_with_term<'c>(name: &Name, catalog: &'c Catalog) -> Option<(&'c str, String)> {
    let wanted = name.text.to_lowercase();
    let (_, kind) = catalog.kinds().find(|(_, kind)| {
        let own =
            Catalog::property(&kind.properties, "kind").map(|(_, property)| &property.storage);
        let Some(Storage::Term { vocabulary: Some(vocabulary), .. }) = own else { return false };
        catalog.vocabulary(vocabulary).any(|row| row.term == wanted)
    })?;
    Some((kind.name.as_str(), wanted))
}

/// D0303: a variable that nothing gave.
fn no_variable(name: &Name) -> Diagnostic {
    let message = format!("there is no variable called `{}` here", name.text);
    Diagnostic::error("D0303", name.span, message)
}

/// Likewise one that is a property of a variable.
pub(in crate::meaning) fn owner_missing(name: &Name, owner: &str) -> Diagnostic {
    no_variable(name).here(format!("did you mean `{owner}.{}`?", name.text))
}

/// Likewise with what is near, or what may help.
pub(in crate::meaning) fn unknown_variable<'k>(
    name: &Name,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let note = no_variable(name);
    match closest(&name.text, known.iter().copied()) {
        Some(near) => note.here(format!("did you mean `{near}`?")),
        None if known.is_empty() => {
            note.help("give a node or an edge a name in a pattern, as in `match (a:Actor)`")
        }
        None => note.help(format!("for a text, write it in quotes: '{}'", name.text)),
    }
}

/// D0304: a property that none of the kinds has.
pub(in crate::meaning) fn unknown_property(
    name: &Name,
    ty: &Type,
    owners: &[Owner],
    catalog: &Catalog,
) -> Diagnostic {
    let message = format!("{} has no property `{}`", ty.words(catalog), name.text);
    let note = Diagnostic::error("D0304", name.span, message);
    if let Some(edge) = edge_for(name, owners, catalog) {
        return note.here(edge);
    }
    let known: Vec<&str> = owners
        .iter()
        .flat_map(|owner| match owner {
            Owner::Kind(kind) => catalog.kind(*kind).properties.iter(),
            Owner::Edge(edge) => catalog.edge(*edge).properties.iter(),
        })
        .map(|property| property.name.as_str())
        .collect();
    match closest(&name.text, known.iter().copied()) {
        Some(near) => note.here(format!("did you mean `{near}`?")),
        None if known.is_empty() => note.help("it has no properties at all"),
        None => note.help(format!("it has {}", listed(&known))),
    }
}

/// What looks like a property may be at the other end of an edge.
fn edge_for(name: &Name, owners: &[Owner], catalog: &Catalog) -> Option<String> {
    let wanted = name.text.to_ascii_lowercase();
    let (_, edge) = catalog.edges().find(|(_, edge)| {
        let leaves = owners
            .iter()
            .any(|owner| matches!(owner, Owner::Kind(kind) if edge.from.kinds.contains(kind)));
        let called = edge.name.as_deref() == Some(wanted.as_str());
        let column = edge.in_node && edge.to.column.as_str() == wanted;
        let target = edge.to.kinds.len() == 1
            && edge
                .to
                .kinds
                .iter()
                .any(|&kind| catalog.kind(kind).name.eq_ignore_ascii_case(&wanted));
        leaves && edge.name.is_some() && (called || column || target)
    })?;
    let kind = edge.to.kinds.first().filter(|_| edge.to.kinds.len() == 1);
    let target = kind.map_or(String::new(), |&kind| format!(":{}", catalog.kind(kind).name));
    Some(format!("that is an edge: -[:{}]->(x{target})", edge.name.as_deref().unwrap_or_default()))
}

fn listed(names: &[&str]) -> String {
    let some: Vec<String> = names.iter().take(4).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 4 { ", …" } else { "" };
    format!("{}{more}", some.join(", "))
}

/// D0305: something that is not a node or an edge has no properties.
pub(in crate::meaning) fn no_properties(name: &Name, ty: &Type, catalog: &Catalog) -> Diagnostic {
    let note = Diagnostic::error(
        "D0305",
        name.span,
        format!("{} has no property `{}`", ty.words(catalog), name.text),
    );
    match (ty, functions::function(&name.text)) {
        (Type::Date, Some(function)) => {
            note.help(format!("write `{}(…)` around the date", function.name))
        }
        (Type::List(_), _) => note.help("take a member first, as in `list[0]`"),
        _ => note.help("only nodes and edges have properties"),
    }
}

/// D0307: a function that does not exist.
pub(in crate::meaning) fn unknown_function<'k>(
    name: &Name,
    defined: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let known: Vec<&str> = functions::names().collect();
    let note = Diagnostic::error(
        "D0307",
        name.span,
        format!("there is no function called `{}`", name.text),
    );
    let elsewhere = ELSEWHERE.iter().find(|(other, _)| name.text.eq_ignore_ascii_case(other));
    if let Some((_, instead)) = elsewhere {
        return note.help(*instead);
    }
    // `a.name.contains('x')`
    if let Some((owner, method)) = name.text.rsplit_once('.') {
        let operator = OPERATORS.iter().find(|(called, _)| method.eq_ignore_ascii_case(called));
        if let Some((_, operator)) = operator {
            return note.help(format!("write `{owner} {operator} …`"));
        }
        if let Some(function) = functions::function(method) {
            return note.help(format!("write `{}({owner})`", function.name));
        }
    }
    let near = closest(&name.text, known.into_iter().chain(defined));
    if near.is_some_and(|near| near.eq_ignore_ascii_case(&name.text)) {
        return note.help(OTHER_KINDS);
    }
    note.here_if(did_you_mean(near))
}

/// What is called behind a dot elsewhere and stands between two values here.
const OPERATORS: &[(&str, &str)] = &[
    ("contains", "contains"),
    ("endswith", "ends with"),
    ("ends_with", "ends with"),
    ("includes", "contains"),
    ("like", "like"),
    ("matches", "=~"),
    ("startswith", "starts with"),
    ("starts_with", "starts with"),
];

/// Functions that other languages have under these names, and what does the same here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("all", "write `all(x in list where …)`"),
    ("any", "write `any(x in list where …)`"),
    ("concat", "join texts with `||`"),
    ("current_date", "`today()` is the current day"),
    ("getdate", "`today()` is the current day"),
    ("timestamp", "`today()` is the current day"),
    ("datediff", "write `days_between(a, b)`"),
    ("group_concat", "write `string_agg(x, ', ')`"),
    ("if", "write `case when … then … else … end`"),
    ("ifnull", "write `coalesce(x, y)`"),
    ("iif", "write `case when … then … else … end`"),
    ("isnull", "write `x is null`"),
    ("len", "write `size(x)`"),
    ("none", "write `none(x in list where …)`"),
    ("now", "`today()` is the current day"),
    ("nvl", "write `coalesce(x, y)`"),
    ("single", "write `single(x in list where …)`"),
];

/// D0308: a parameter without a value.
pub(in crate::meaning) fn missing_parameter(name: &Name, near: Option<&str>) -> Diagnostic {
    let note = Diagnostic::error(
        "D0308",
        name.span,
        format!("the parameter `${}` has no value", name.text),
    );
    match near {
        Some(near) => note.here(format!("did you mean `${near}`?")),
        None => note.help(format!("give it one with `-p {}=…`", name.text)),
    }
}

/// D0309: a value that is not of the parameter's type.
pub(in crate::meaning) fn bad_argument(name: &Name, given: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "D0309",
        name.span,
        format!("the value '{given}' of `${}` {reason}", name.text),
    )
}

/// D0322: a text that is not in the vocabulary of the property.
pub(in crate::meaning) fn unknown_term(
    span: Span,
    text: &str,
    vocabulary: &str,
    near: Option<&str>,
    some: &[&str],
) -> Diagnostic {
    let note = Diagnostic::error(
        "D0322",
        span,
        format!("'{text}' is not in the vocabulary `{vocabulary}`"),
    );
    match near {
        Some(near) => note.here(format!("did you mean '{near}'?")),
        None => note.help(format!("it has {}, …", some.join(", "))),
    }
}

/// D0401: a text that names none of the nodes it could name. The answer is what it is; this says why.
pub(crate) fn names_nobody(lookup: &Lookup, near: Option<&str>, catalog: &Catalog) -> Diagnostic {
    let kinds: Vec<&str> =
        lookup.kinds.iter().map(|&kind| catalog.kind(kind).name.as_str()).collect();
    let none = match kinds.as_slice() {
        [kind] => format!("no {} is called", kind.to_lowercase()),
        _ => "nothing is called".to_owned(),
    };
    let near = near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
    Diagnostic::note("D0401", lookup.span, format!("{none} '{}'{near}", lookup.text))
}
