//! Patterns that nothing can fit, and queries too large to plan.

use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;
use crate::lang::ast::{self, Direction, Name};
use crate::meaning::catalog::{Catalog, End, KindSet};
use crate::meaning::question::Alternative;
use crate::meaning::types::{Type, with_article};

/// What an edge of a pattern was meant to join, and could not.
pub(in crate::meaning) struct Misfit<'a> {
    pub(in crate::meaning) edge: &'a ast::Edge,
    pub(in crate::meaning) left: KindSet,
    pub(in crate::meaning) right: KindSet,
    pub(in crate::meaning) alternatives: &'a [Alternative],
}

/// D0312, D0313: an arrow that points the wrong way, or an edge that never joins these kinds.
pub(in crate::meaning) fn no_edge_fits(misfit: &Misfit<'_>, catalog: &Catalog) -> Diagnostic {
    let label = misfit.edge.label.as_ref().map(spelled);
    let name = label.as_ref().map_or("such an edge".to_owned(), |label| format!("`{label}`"));
    let flipped = misfit.alternatives.iter().find(|alternative| {
        let (left, right) = seen_ends(catalog, alternative, !alternative.reversed);
        !left.kinds.is_disjoint(&misfit.left) && !right.kinds.is_disjoint(&misfit.right)
    });
    if let (Some(alternative), true) = (flipped, misfit.edge.direction != Direction::Either) {
        let edge = catalog.edge(alternative.edge);
        let (from, to) =
            (kinds_words(&edge.from.kinds, catalog), kinds_words(&edge.to.kinds, catalog));
        let variable = misfit.edge.name.as_ref().map_or("", |name| name.text.as_str());
        let label = label.map_or(String::new(), |label| format!(":{label}"));
        let inside = format!("{variable}{label}");
        let arrow = match misfit.edge.direction {
            Direction::Right => format!("<-[{inside}]-"),
            Direction::Left | Direction::Either => format!("-[{inside}]->"),
        };
        return Diagnostic::error(
            "D0312",
            misfit.edge.span,
            format!("the arrow points the wrong way: {name} goes from {from} to {to}"),
        )
        .here(format!("write `{arrow}`"));
    }
    let (left, right) = (kinds_words(&misfit.left, catalog), kinds_words(&misfit.right, catalog));
    let message = match &misfit.edge.label {
        Some(_) => format!("{name} never joins {left} and {right}"),
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
    note.help(format!("{name} goes {}", ways.join(", or ")))
}

fn seen_ends<'c>(
    catalog: &'c Catalog,
    alternative: &Alternative,
    reversed: bool,
) -> (&'c End, &'c End) {
    let edge = catalog.edge(alternative.edge);
    if reversed { (&edge.to, &edge.from) } else { (&edge.from, &edge.to) }
}

/// A label as it may be written again.
fn spelled(label: &ast::Label) -> String {
    let grouped = |inner: &ast::Label| match inner {
        ast::Label::Name(_) | ast::Label::Any(_) | ast::Label::Not(..) => spelled(inner),
        ast::Label::And(..) | ast::Label::Or(..) => format!("({})", spelled(inner)),
    };
    match label {
        ast::Label::Name(name) => name.text.clone(),
        ast::Label::Any(_) => "%".to_owned(),
        ast::Label::Not(inner, _) => format!("!{}", grouped(inner)),
        ast::Label::And(a, b) => format!("{}&{}", grouped(a), grouped(b)),
        ast::Label::Or(a, b) => format!("{}|{}", spelled(a), spelled(b)),
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
pub(in crate::meaning) fn impossible_label(span: Span) -> Diagnostic {
    Diagnostic::error("D0314", span, "nothing can fulfil this label")
        .help("a node has exactly one kind: use `|` for either")
}

/// D0315: a variable that is of one kind here and of another there.
pub(in crate::meaning) fn label_conflict(
    span: Span,
    before: &KindSet,
    catalog: &Catalog,
) -> Diagnostic {
    Diagnostic::error("D0315", span, format!("this is {} already", kinds_words(before, catalog)))
        .help("give the other node a name of its own")
}

/// D0316: a variable that holds something else stands as a node.
pub(in crate::meaning) fn not_a_node(name: &Name, ty: &Type, catalog: &Catalog) -> Diagnostic {
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
pub(in crate::meaning) fn name_taken(name: &Name) -> Diagnostic {
    Diagnostic::error("D0317", name.span, format!("`{}` is taken already", name.text))
        .help("choose another name")
}

/// D0318: a quantifier whose least is more than its most.
pub(in crate::meaning) fn inverted_quantifier(span: Span, min: u32, max: u32) -> Diagnostic {
    Diagnostic::error("D0318", span, format!("at least {min} and at most {max} cannot both be"))
        .here(format!("write {{{max},{min}}}"))
}

/// D0319: an unlimited walk that may pass edges again.
pub(in crate::meaning) fn endless_walk(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0319",
        span,
        "where edges may be passed again, a repeat needs an upper limit",
    )
    .help("write a limit, as in `{1,5}`")
}

/// D0349: a condition of a repeated edge that rests on another part of the same match.
pub(in crate::meaning) fn beyond_repeat(span: Span) -> Diagnostic {
    Diagnostic::error(
        "D0349",
        span,
        "what is asked of each repeated edge rests on another part of the same `match`",
    )
    .help("ask it in a `where` behind the patterns, or bind that part in an earlier `match`")
}

/// D0344: a node named by something that is not a text.
pub(in crate::meaning) fn name_not_text(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error(
        "D0344",
        span,
        format!("a node is named by a text, not by {}", ty.words(catalog)),
    )
}

/// D0348: a label of something that has none.
pub(in crate::meaning) fn no_labels(span: Span, ty: &Type, catalog: &Catalog) -> Diagnostic {
    Diagnostic::error(
        "D0348",
        span,
        format!("only nodes and edges have labels, not {}", ty.words(catalog)),
    )
}

/// D0350: a query that is larger than any database would plan.
pub(in crate::meaning) fn too_large(
    span: Span,
    what: &str,
    count: usize,
    most: usize,
) -> Diagnostic {
    let start = Span::new(span.start, span.start + 1);
    Diagnostic::error(
        "D0350",
        start,
        format!("the query has {count} {what}, and at most {most} can be planned"),
    )
    .help("split it into several queries")
}
