//! The wording of every mistake in meaning: one small function each. Codes `D03xx`.

use crate::base::{closest::closest, date::BadDate, diagnostic::Diagnostic, source::Span};
use crate::lang::ast::{self, Direction, Name};

use super::catalog::{Catalog, End, KindSet, Storage};
use super::functions::{self, Takes};
use super::question::{Alternative, Expr, Lookup, Owner};
use super::types::{Type, with_article};

type Side = (Expr, Span);

fn did_you_mean(near: Option<&str>) -> Option<String> {
    near.map(|near| format!("did you mean `{near}`?"))
}

/// D0301: an edge that the catalogue does not have.
pub(super) fn unknown_edge<'k>(
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
    let list = near.is_none().then(|| "`dixit schema` lists all edges".to_owned());
    note.here_if(did_you_mean(near)).help_if(list)
}

/// D0302: a kind that the catalogue does not have.
pub(super) fn unknown_kind(name: &Name, catalog: &Catalog) -> Diagnostic {
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
pub(super) fn unknown_variable<'k>(
    name: &Name,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let note = Diagnostic::error(
        "D0303",
        name.span,
        format!("there is no variable called `{}` here", name.text),
    );
    match closest(&name.text, known.iter().copied()) {
        Some(near) => note.here(format!("did you mean `{near}`?")),
        None if known.is_empty() => {
            note.help("give a node or an edge a name in a pattern, as in `match (a:Actor)`")
        }
        None => note.help(format!("for a text, write it in quotes: '{}'", name.text)),
    }
}

/// D0304: a property that none of the kinds has.
pub(super) fn unknown_property(
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
pub(super) fn no_properties(name: &Name, ty: &Type, catalog: &Catalog) -> Diagnostic {
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

/// D0306: a property that is of one type here and of another there.
pub(super) fn mixed_property(name: &Name) -> Diagnostic {
    Diagnostic::error(
        "D0306",
        name.span,
        format!("`{}` is of different types in the kinds this may be", name.text),
    )
    .help("say which kind is meant, as in `(x:Event)`")
}

/// D0307: a function that does not exist.
pub(super) fn unknown_function(name: &Name) -> Diagnostic {
    let near = closest(&name.text, functions::names());
    Diagnostic::error("D0307", name.span, format!("there is no function called `{}`", name.text))
        .here_if(did_you_mean(near))
}

/// D0308: a parameter without a value.
pub(super) fn missing_parameter(name: &Name, near: Option<&str>) -> Diagnostic {
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
pub(super) fn bad_argument(name: &Name, given: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "D0309",
        name.span,
        format!("the value '{given}' of `${}` {reason}", name.text),
    )
}

/// What an edge of a pattern was meant to join, and could not.
pub(super) struct Misfit<'a> {
    pub(super) edge: &'a ast::Edge,
    pub(super) left: KindSet,
    pub(super) right: KindSet,
    pub(super) alternatives: &'a [Alternative],
}

/// D0312, D0313: an arrow that points the wrong way, or an edge that never joins these kinds.
pub(super) fn no_edge_fits(misfit: &Misfit<'_>, catalog: &Catalog) -> Diagnostic {
    let name = edge_name(misfit.edge);
    let flipped = misfit.alternatives.iter().find(|alternative| {
        let (left, right) = seen_ends(catalog, alternative, !alternative.reversed);
        !left.kinds.is_disjoint(&misfit.left) && !right.kinds.is_disjoint(&misfit.right)
    });
    if let (Some(alternative), true) = (flipped, misfit.edge.direction != Direction::Either) {
        let edge = catalog.edge(alternative.edge);
        let (from, to) =
            (kinds_words(&edge.from.kinds, catalog), kinds_words(&edge.to.kinds, catalog));
        let variable = misfit.edge.name.as_ref().map_or("", |name| name.text.as_str());
        let label = misfit.edge.label.as_ref().map_or(String::new(), |_| format!(":{name}"));
        let inside = format!("{variable}{label}");
        let arrow = match misfit.edge.direction {
            Direction::Right => format!("<-[{inside}]-"),
            Direction::Left | Direction::Either => format!("-[{inside}]->"),
        };
        return Diagnostic::error(
            "D0312",
            misfit.edge.span,
            format!("the arrow points the wrong way: `{name}` goes from {from} to {to}"),
        )
        .here(format!("write `{arrow}`"));
    }
    let (left, right) = (kinds_words(&misfit.left, catalog), kinds_words(&misfit.right, catalog));
    let message = match &misfit.edge.label {
        Some(_) => format!("`{name}` never joins {left} and {right}"),
        None => format!("no edge joins {left} and {right} in this direction"),
    };
    let note = Diagnostic::error("D0313", misfit.edge.span, message);
    if misfit.edge.label.is_none() {
        return note.help("`dixit schema` shows which edges join which kinds");
    }
    let mut ways: Vec<String> = Vec::new();
    for alternative in misfit.alternatives {
        let edge = catalog.edge(alternative.edge);
        let (from, to) =
            (kinds_words(&edge.from.kinds, catalog), kinds_words(&edge.to.kinds, catalog));
        let way = format!("from {from} to {to}");
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways.truncate(4);
    note.help(format!("`{name}` goes {}", ways.join(", or ")))
}

fn seen_ends<'c>(
    catalog: &'c Catalog,
    alternative: &Alternative,
    reversed: bool,
) -> (&'c End, &'c End) {
    let edge = catalog.edge(alternative.edge);
    if reversed { (&edge.to, &edge.from) } else { (&edge.from, &edge.to) }
}

fn edge_name(edge: &ast::Edge) -> String {
    match &edge.label {
        Some(ast::Label::Name(name)) => name.text.clone(),
        _ => "such an edge".to_owned(),
    }
}

fn kinds_words(kinds: &KindSet, catalog: &Catalog) -> String {
    let names: Vec<String> =
        kinds.iter().take(3).map(|&kind| with_article(&catalog.kind(kind).name)).collect();
    match (names.len(), kinds.len()) {
        (0, _) => "nothing".to_owned(),
        (_, 4..) => "any node".to_owned(),
        _ => names.join(" or "),
    }
}

/// D0314: labels that no kind or edge can fulfil.
pub(super) fn impossible_label(span: Span) -> Diagnostic {
    Diagnostic::error("D0314", span, "nothing can fulfil this label")
        .help("a node has exactly one kind: use `|` for either")
}

/// D0315: a variable that is of one kind here and of another there.
pub(super) fn label_conflict(span: Span, before: &KindSet, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0315", span, format!("this is {} already", kinds_words(before, catalog)))
        .help("give the other node a name of its own")
}

/// D0316: a variable that holds something else stands as a node.
pub(super) fn not_a_node(name: &Name, ty: &Type, catalog: &Catalog) -> Diagnostic {
    let what = ty.words(catalog);
    let note =
        Diagnostic::error("D0316", name.span, format!("`{}` is {what}, not a node", name.text));
    note.help(if ty.edges().is_some() {
        "only statements, attestations and relations are edges that also stand as nodes"
    } else {
        "give the node a name of its own"
    })
}

/// D0317: a name that has a meaning already.
pub(super) fn name_taken(name: &Name) -> Diagnostic {
    Diagnostic::error("D0317", name.span, format!("`{}` is taken already", name.text))
        .help("choose another name")
}

/// D0318: a quantifier whose least is more than its most.
pub(super) fn inverted_quantifier(span: Span, min: u32, max: u32) -> Diagnostic {
    Diagnostic::error("D0318", span, format!("at least {min} and at most {max} cannot both be"))
        .here(format!("write {{{max},{min}}}"))
}

/// D0319: an unlimited walk that may pass edges again.
pub(super) fn endless_walk(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0319",
        span,
        "with `repeatable elements` a repeated edge needs an upper limit",
    )
    .help("write a limit, as in `{1,5}`")
}

/// D0349: a condition of a repeated edge that rests on another part of the same match.
pub(super) fn beyond_repeat(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0349",
        span,
        "what is asked of each repeated edge rests on another part of the same `match`",
    )
    .help("ask it in a `where` behind the patterns, or bind that part in an earlier `match`")
}

/// D0320: two values of unlike types.
pub(super) fn unlike(span: Span, left: &Side, right: &Side, catalog: &Catalog) -> Diagnostic {
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
        (Type::Node(_), Type::Text) | (Type::Text, Type::Node(_)) => {
            note.help("compare a property, as in `a.name = '…'`, or name the node in the pattern, as in `(a:Actor '…')`")
        }
        _ => note,
    }
}

/// D0321: values that have no order.
pub(super) fn no_order(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0321", span, format!("{} has no order", ty.words(catalog)))
        .help("compare a property of it, or use `=`")
}

/// D0322: a text that is not in the vocabulary of the property.
pub(super) fn unknown_term(
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

/// D0323: a text that is no date.
pub(super) fn bad_date(span: Span, text: &str, bad: &BadDate) -> Diagnostic {
    let note = Diagnostic::error("D0323", span, format!("'{text}' is not a date"));
    match &bad.suggestion {
        Some(meant) => note.here(format!("write {meant}")),
        None => note
            .here(bad.reason.clone())
            .help("dates are written as in 2025-11-22, 2025-11 or date '[..2025-11-22]' (EDTF)"),
    }
}

/// D0324: a condition that is not true or false.
pub(super) fn not_a_truth(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
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

/// D0325: a number is needed.
pub(super) fn not_a_number(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    let note = Diagnostic::error(
        "D0325",
        span,
        format!("a number is expected here, not {}", ty.words(catalog)),
    );
    note.help_if(match ty {
        Type::Date => {
            Some("for the days from one date to another, write `days_between(a, b)`".to_owned())
        }
        Type::Text => Some(
            "`to_int(…)` and `to_float(…)` turn a text into a number; `||` joins texts".to_owned(),
        ),
        Type::Null
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::List(_)
        | Type::Node(_)
        | Type::Edge(_)
        | Type::Path => None,
    })
}

/// D0326: a text is needed.
pub(super) fn not_a_text(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0326", span, format!("a text is expected here, not {}", ty.words(catalog)))
        .help("`to_text(…)` turns a number or a date into text")
}

/// D0327: a list is needed.
pub(super) fn not_a_list(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error("D0327", span, format!("a list is expected here, not {}", ty.words(catalog)))
        .help("a list is written in brackets, as in ['asserts', 'denies']")
}

/// D0328: things that cannot be joined into one text or list.
pub(super) fn cannot_join(span: Span, left: &Side, right: &Side, catalog: &Catalog) -> Diagnostic {
    let (a, b) = (left.0.ty.words(catalog), right.0.ty.words(catalog));
    Diagnostic::error("D0328", span, format!("{a} and {b} cannot be joined"))
        .help("`to_text(…)` turns a number or a date into text")
}

/// D0329: branches or members of different types.
pub(super) fn mixed_types(span: Span, ty: &Type, other: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error(
        "D0329",
        span,
        format!(
            "this is {}, but what stands before it is {}",
            other.words(catalog),
            ty.words(catalog)
        ),
    )
    .help("all of them must be of one type")
}

/// D0330: an argument of the wrong type.
pub(super) fn wrong_argument(
    span: Span,
    function: &str,
    wanted: Takes,
    ty: &Type,
    catalog: &Catalog,
) -> Diagnostic {
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
        Takes::Sized => "a text, a list or a path",
        Takes::Simple => "a text, number or date",
        Takes::Same => "something else",
    };
    Diagnostic::error(
        "D0330",
        span,
        format!("`{function}` takes {wanted} here, not {}", ty.words(catalog)),
    )
}

/// D0331: too few or too many arguments.
pub(super) fn wrong_count(
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

/// D0332: `distinct` or `*` in a function that is no aggregate.
pub(super) fn not_an_aggregate(span: Span, function: &str) -> Diagnostic {
    Diagnostic::error(
        "D0332",
        span,
        format!("`{function}` is not an aggregate, so it takes neither `distinct` nor `*`"),
    )
}

/// D0333: `*` in an aggregate other than count.
pub(super) fn star_not_counted(span: Span, function: &str) -> Diagnostic {
    Diagnostic::error("D0333", span, format!("only `count` takes `*`, not `{function}`"))
}

/// D0334: an aggregate inside an aggregate.
pub(super) fn nested_aggregate(span: Span) -> Diagnostic {
    Diagnostic::error("D0334", span, "an aggregate cannot stand inside another")
        .help("compute the inner one first: `with …, count(*) as n`")
}

/// D0335: an aggregate where rows are not grouped.
pub(super) fn misplaced_aggregate(span: Span) -> Diagnostic {
    Diagnostic::error("D0335", span, "an aggregate cannot stand here")
        .help("compute it first: `with …, count(*) as n where n > 1`")
}

/// D0336: a grouped query returns something that is not the same throughout a group.
pub(super) fn not_grouped(span: Span) -> Diagnostic {
    Diagnostic::error("D0336", span, "this can differ within a group")
        .help("return it as a column of its own, name it in `group by`, or aggregate it")
}

/// D0337: an aggregate as a group key.
pub(super) fn aggregate_in_group(span: Span) -> Diagnostic {
    Diagnostic::error("D0337", span, "an aggregate cannot be a group key")
}

/// D0338: sorting distinct rows by something they do not hold.
pub(super) fn order_not_returned(span: Span) -> Diagnostic {
    Diagnostic::error("D0338", span, "distinct rows can only be sorted by what is returned")
        .help("return it as well")
}

/// D0339: sorting by a constant.
pub(super) fn constant_order(span: Span) -> Diagnostic {
    Diagnostic::error("D0339", span, "this is the same for every row, so it sorts nothing")
        .help("name the column, as in `order by n desc`")
}

/// D0340: a limit that is not a count.
pub(super) fn not_a_count(span: Span) -> Diagnostic {
    Diagnostic::error("D0340", span, "a whole number from 0 up is expected here")
        .help("write a number or a parameter")
}

/// D0341: `*` where nothing has a name.
pub(super) fn nothing_named(span: Span) -> Diagnostic {
    Diagnostic::error("D0341", span, "there is no variable to return")
        .help("name a node in the pattern, as in `(a:Actor)`")
}

/// D0342: an item of `with` without a name.
pub(super) fn unnamed_item(span: Span) -> Diagnostic {
    Diagnostic::error("D0342", span, "this needs a name to go on with").help("add `as name`")
}

/// D0343: two items of `with` by one name.
pub(super) fn same_name_twice(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("D0343", span, format!("there is a column `{name}` already"))
        .help("add `as` and another name")
}

/// D0344: a node named by something that is not a text.
pub(super) fn name_not_text(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error(
        "D0344",
        span,
        format!("a node is named by a text, not by {}", ty.words(catalog)),
    )
}

/// D0345: a regular expression that is none.
pub(super) fn bad_regex(span: Span, reason: &str) -> Diagnostic {
    let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
    Diagnostic::error("D0345", span, format!("this is not a regular expression: {reason}"))
}

/// D0346: full-text search where there is no index.
pub(super) fn not_searchable(span: Span, catalog: &Catalog) -> Diagnostic {
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
pub(super) fn score_without_search(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0347",
        span,
        "`score` ranks a full-text search, and there is none on this node before it",
    )
    .help("add one, as in `where c.text matches 'plan'`")
}

/// D0348: a label of something that has none.
pub(super) fn no_labels(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error(
        "D0348",
        span,
        format!("only nodes and edges have labels, not {}", ty.words(catalog)),
    )
}

/// D0350: a query that is larger than any database would plan.
pub(super) fn too_large(span: Span, what: &str, count: usize, most: usize) -> Diagnostic {
    let start = Span::new(span.start, span.start + 1);
    Diagnostic::error(
        "D0350",
        start,
        format!("the query has {count} {what}, and at most {most} can be planned"),
    )
    .help("split it into several queries")
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
