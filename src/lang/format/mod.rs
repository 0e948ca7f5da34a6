//! The canonical text of a script: GQL's spelling where there are several, one clause on a line.

mod expr;
pub(super) mod name;
mod pattern;
mod wrap;

use super::ast::{
    AsOf, Assignment, Choices, ChoicesFrom, Clause, Clock, Definition, Expr, Item, Linear, Match,
    Meaning, Name, Nulls, Order, Ordinal, Param, Projection, Query, Script, SetKind, SetOperator,
    TypeName, Use, Write,
};
use crate::base::source::Span;
use expr::{expr, list, operand};
use name::{bare_alias, element, parameter, quoted, variable, word};
use pattern::{mode, node, pattern};

/// A line of the canonical text, and where the text it stands for begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) at: usize,
    /// How far in it stands.
    pub(super) margin: usize,
    head: String,
    /// What stands behind the head, with commas between.
    items: Vec<String>,
}

fn line(span: Span, text: String) -> Line {
    Line { at: span.start, margin: 0, head: text, items: Vec::new() }
}

fn listed(span: Span, head: impl Into<String>, items: Vec<String>) -> Line {
    Line { at: span.start, margin: 0, head: head.into(), items }
}

impl Line {
    /// All of it on one line, without a margin.
    fn plain(&self) -> String {
        let gap = if self.items.is_empty() { "" } else { " " };
        format!("{}{gap}{}", self.head, self.items.join(", "))
    }

    /// With its margin; what makes it too long goes on below, further in.
    pub(super) fn text(&self) -> String {
        let Self { at: _, margin, head, items } = self;
        wrap::lines(&self.plain(), head, items, *margin)
    }
}

/// The text of a whole script.
pub(crate) fn script(script: &Script) -> String {
    let Script { uses, params, definitions, queries } = script;
    let uses: String = uses.iter().map(|one| used(one).text() + "\n").collect();
    let params: String = params.iter().map(helped_param).collect();
    let helped =
        |one: &Definition| one.help.as_ref().map(|help| format!("-- {}\n", one_line(help)));
    let define = |one| format!("{}{}\n", helped(one).unwrap_or_default(), text(&definition(one)));
    let definitions: Vec<String> = definitions.iter().map(define).collect();
    let queries: Vec<String> = queries.iter().map(|one| text(&query(one))).collect();
    let parts = [uses, params, definitions.concat(), queries.join(";\n\n")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = parts.join("\n");
    if text.ends_with('\n') { text } else { text + "\n" }
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
}

/// A `use` line.
pub(super) fn used(used: &Use) -> Line {
    let Use { path, span, named: _ } = used;
    line(*span, format!("use {}", quoted(path)))
}

/// A parameter's lines with its comment at the end of the first.
fn helped_param(one: &Param) -> String {
    let help = one.help.as_ref().map(|help| format!(" -- {}", one_line(help))).unwrap_or_default();
    let mut lines = param(one).into_iter().map(|line| line.text());
    let first = lines.next().unwrap_or_default();
    lines.fold(format!("{first}{help}\n"), |text, line| text + &line + "\n")
}

/// What declares a parameter, without its comment.
pub(super) fn param(param: &Param) -> Vec<Line> {
    let Param { name, ty, default, choices, help: _ } = param;
    let default =
        default.as_ref().map(|value| format!(" = {}", operand(value))).unwrap_or_default();
    let first = format!("param {}: {}{default}", parameter(name), type_name(ty));
    let listed = choices.as_ref().map(chosen).unwrap_or_default();
    if let (Some(Choices { from: ChoicesFrom::Values(_), span: _ }), [listed]) =
        (choices, listed.as_slice())
    {
        let whole = format!("{first} {}", listed.head);
        if wrap::fits(&whole, 0) {
            return vec![line(name.span, whole)];
        }
    }
    [line(name.span, first)].into_iter().chain(indented(listed)).collect()
}

/// What lists the values of a parameter.
fn chosen(choices: &Choices) -> Vec<Line> {
    let Choices { from, span } = choices;
    match from {
        ChoicesFrom::Values(values) => {
            vec![line(*span, format!("in [{}]", joined(values, operand)))]
        }
        ChoicesFrom::Query(asked) => {
            let lines = query(asked);
            let inside: Vec<String> = lines.iter().map(Line::plain).collect();
            let whole = line(*span, format!("in {{ {} }}", inside.join(" ")));
            if wrap::fits(&whole.head, 2) { vec![whole] } else { in_braces("in", lines, *span) }
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn type_name(ty: &TypeName) -> String {
    match &ty.of {
        Some(of) => format!("{}<{}>", word(&ty.name), type_name(of)),
        None => word(&ty.name),
    }
}

/// A definition without its comment.
pub(super) fn definition(definition: &Definition) -> Vec<Line> {
    let Definition { name: _, meaning, help: _, span } = definition;
    match meaning {
        Meaning::Value { parameters: _, body } => {
            let head = format!("define {} as", signature(definition));
            vec![listed(*span, head, vec![expr(body)])]
        }
        Meaning::Edge { left: _, variable: _, right: _, body } => {
            let head = format!("define {} as", signature(definition));
            let lines = body.iter().flat_map(matching).collect();
            if body.len() > 1 {
                return in_braces(&head, lines, *span);
            }
            [line(*span, head)].into_iter().chain(indented(lines)).collect()
        }
    }
}

/// How a definition is called or drawn: `relayed(s: Statement)`, `(a:Actor)-[:clashes_with]->(b:Actor)`.
pub(super) fn signature(definition: &Definition) -> String {
    let Definition { name, meaning, help: _, span: _ } = definition;
    match meaning {
        Meaning::Value { parameters, body: _ } => {
            let declared =
                |(name, ty): &(Name, TypeName)| format!("{}: {}", element(name), type_name(ty));
            format!("{}({})", word(name), joined(parameters, declared))
        }
        Meaning::Edge { left, variable: named, right, body: _ } => {
            let named = named.as_ref().map(element).unwrap_or_default();
            format!("{}-[{named}:{}]->{}", node(left), word(name), node(right))
        }
    }
}

/// A query, one clause on a line.
pub(super) fn query(query: &Query) -> Vec<Line> {
    let Query { explain, as_of, linear: first, others, span: _ } = query;
    let mut lines = Vec::new();
    lines.extend(explain.map(|span| line(span, "explain".to_owned())));
    lines.extend(as_of.as_ref().map(|as_of| {
        let AsOf { clock, time, span } = as_of;
        let clock = match clock {
            Clock::Known => "of",
            Clock::Recorded => "recorded",
        };
        line(*span, format!("as {clock} {}", expr(time)))
    }));
    lines.extend(linear(first));
    for (operator, other) in others {
        lines.push(line(operator.span, set_operator(*operator)));
        lines.extend(linear(other));
    }
    lines
}

fn set_operator(operator: SetOperator) -> String {
    let SetOperator { kind, all, span: _ } = operator;
    let kind = match kind {
        SetKind::Union => "union",
        SetKind::Except => "except",
        SetKind::Intersect => "intersect",
        SetKind::Otherwise => "otherwise",
    };
    format!("{kind}{}", if all { " all" } else { "" })
}

fn linear(part: &Linear) -> Vec<Line> {
    let Linear { clauses, writes, result, span: _ } = part;
    let mut lines: Vec<Line> = clauses.iter().flat_map(clause).collect();
    lines.extend(writes.iter().map(write));
    lines.extend(result.iter().flat_map(|result| projection("return", result)));
    lines
}

fn write(write: &Write) -> Line {
    let place = |of: &Name, property: &Name| format!("{}.{}", variable(of), word(property));
    match write {
        Write::Insert(patterns, span) => listed(*span, "insert", each(patterns, pattern)),
        Write::Set(assignments, span) => {
            let assign = |Assignment { of, property, value }: &Assignment| {
                format!("{} = {}", place(of, property), expr(value))
            };
            listed(*span, "set", each(assignments, assign))
        }
        Write::Remove(places, span) => {
            listed(*span, "remove", each(places, |(of, property)| place(of, property)))
        }
        Write::Delete { detach, names, span } => {
            let head = if *detach { "detach delete" } else { "delete" };
            listed(*span, head, each(names, variable))
        }
    }
}

fn each<T>(many: &[T], text: impl Fn(&T) -> String) -> Vec<String> {
    many.iter().map(text).collect()
}

fn joined<T>(many: &[T], text: impl Fn(&T) -> String) -> String {
    each(many, text).join(", ")
}

fn clause(one: &Clause) -> Vec<Line> {
    match one {
        Clause::Match(found) => matching(found),
        Clause::Optional(clauses, span) => {
            in_braces("optional", clauses.iter().flat_map(clause).collect(), *span)
        }
        Clause::Let(bindings, span) => {
            let bind = |(name, value): &(Name, Expr)| format!("{} = {}", word(name), expr(value));
            vec![listed(*span, "let", each(bindings, bind))]
        }
        Clause::For { name, list, place, span } => {
            let place = place.as_ref().map(|(from, name)| match from {
                Ordinal::Ordinality => format!(" with ordinality {}", bare_alias(name)),
                Ordinal::Offset => format!(" with offset {}", bare_alias(name)),
            });
            let place = place.unwrap_or_default();
            vec![line(*span, format!("for {} in {}{place}", word(name), expr(list)))]
        }
        Clause::Call { optional, imports, query: inner, span } => {
            let optional = if *optional { "optional " } else { "" };
            let imports = imports.as_ref().map(|names| format!(" ({})", joined(names, variable)));
            let head = format!("{optional}call{}", imports.unwrap_or_default());
            in_braces(&head, query(inner), *span)
        }
        Clause::With { projection: everything, filter: Some(filter) }
            if is_plain_star(everything) =>
        {
            vec![listed(everything.span, "filter", vec![expr(filter)])]
        }
        Clause::With { projection: kept, filter } => {
            let mut lines = projection("with", kept);
            lines.extend(filter.as_ref().map(filtered));
            lines
        }
    }
}

fn matching(found: &Match) -> Vec<Line> {
    let optional = if found.optional { "optional " } else { "" };
    let head = format!("{optional}match{}", mode(found));
    let mut lines = vec![listed(found.span, head, each(&found.patterns, pattern))];
    lines.extend(found.filter.as_ref().map(filtered));
    lines
}

fn filtered(filter: &Expr) -> Line {
    listed(filter.span, "where", vec![expr(filter)])
}

/// Lines between braces, each further in.
fn in_braces(head: &str, lines: Vec<Line>, span: Span) -> Vec<Line> {
    let open = line(span, format!("{head} {{"));
    let close = line(Span::new(span.end.saturating_sub(1), span.end), "}".to_owned());
    [open].into_iter().chain(indented(lines)).chain([close]).collect()
}

fn indented(lines: Vec<Line>) -> Vec<Line> {
    lines.into_iter().map(|line| Line { margin: line.margin + 2, ..line }).collect()
}

/// Whether it says `*` and nothing else.
fn is_plain_star(projection: &Projection) -> bool {
    let Projection { distinct, star, items, group, order, offset, limit, span: _ } = projection;
    let paged = !order.is_empty() || offset.is_some() || limit.is_some();
    star.is_some() && !distinct && items.is_empty() && group.is_none() && !paged
}

fn projection(keyword: &str, projection: &Projection) -> Vec<Line> {
    let Projection { distinct, star, items, group, order, offset, limit, span } = projection;
    let distinct = if *distinct { " distinct" } else { "" };
    let star = star.map(|_| "*".to_owned());
    let items: Vec<String> = star.into_iter().chain(items.iter().map(item)).collect();
    let mut lines = vec![listed(*span, format!("{keyword}{distinct}"), items)];
    lines.extend(group.as_ref().map(|keys| match keys.as_slice() {
        [] => line(*span, "group by ()".to_owned()),
        keys @ [first, ..] => line(first.span, format!("group by {}", list(keys))),
    }));
    if let Some(first) = order.first() {
        lines.push(listed(first.value.span, "order by", each(order, sort_key)));
    }
    lines.extend(offset.as_ref().map(|rows| line(rows.span, format!("offset {}", expr(rows)))));
    lines.extend(limit.as_ref().map(|rows| line(rows.span, format!("limit {}", expr(rows)))));
    lines
}

fn item(item: &Item) -> String {
    let Item { value, alias, heading: _ } = item;
    match alias {
        Some(alias) => format!("{} as {}", expr(value), word(alias)),
        None => expr(value),
    }
}

fn sort_key(order: &Order) -> String {
    let Order { value, descending, nulls } = order;
    let nulls = match nulls {
        Some(Nulls::First) => " nulls first",
        Some(Nulls::Last) => " nulls last",
        None => "",
    };
    format!("{}{}{nulls}", expr(value), if *descending { " desc" } else { "" })
}
