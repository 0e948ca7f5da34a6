//! The canonical text of a script: GQL's spelling where there are several, one clause on a line.

mod expr;
pub(super) mod name;
mod pattern;

use super::ast::{
    AsOf, Assignment, Clause, Clock, Definition, Expr, Item, Linear, Match, Meaning, Name, Nulls,
    Order, Ordinal, Param, Projection, Query, Script, SetKind, SetOperator, TypeName, Write,
};
use expr::{expr, list};
use name::{bare_alias, element, parameter, variable, word};
use pattern::{node, pattern, patterns};

/// The text of a whole script.
pub(crate) fn script(script: &Script) -> String {
    let Script { params, definitions, queries } = script;
    let params: String = params.iter().map(param).collect();
    let definitions: Vec<String> = definitions.iter().map(definition).collect();
    let queries: Vec<String> = queries.iter().map(query).collect();
    let parts = [params, definitions.concat(), queries.join(";\n\n")];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = parts.join("\n");
    if text.ends_with('\n') { text } else { text + "\n" }
}

/// A `param` line.
pub(super) fn param(param: &Param) -> String {
    let Param { name, ty, default, help } = param;
    let default = default.as_ref().map(|value| format!(" = {}", expr(value))).unwrap_or_default();
    let help = help.as_ref().map(|help| format!("  -- {}", one_line(help))).unwrap_or_default();
    format!("param {}: {}{default}{help}\n", parameter(name), type_name(ty))
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

/// A definition with its comment above it.
fn definition(definition: &Definition) -> String {
    let help = definition.help.as_ref().map(|help| format!("-- {}\n", one_line(help)));
    format!("{}{}\n", help.unwrap_or_default(), bare_definition(definition))
}

/// A definition without its comment.
pub(super) fn bare_definition(definition: &Definition) -> String {
    let Definition { name, meaning, help: _, span: _ } = definition;
    match meaning {
        Meaning::Value { parameters, body } => {
            let declared =
                |(name, ty): &(Name, TypeName)| format!("{}: {}", element(name), type_name(ty));
            let parameters: Vec<String> = parameters.iter().map(declared).collect();
            format!("define {}({}) as {}", word(name), parameters.join(", "), expr(body))
        }
        Meaning::Edge { left, variable: named, right, body } => {
            let named = named.as_ref().map(element).unwrap_or_default();
            let edge = format!("-[{named}:{}]->", word(name));
            let head = format!("define {}{edge}{} as", node(left), node(right));
            let body = body.iter().flat_map(|found| indented(matching(found)));
            [head].into_iter().chain(body).collect::<Vec<_>>().join("\n")
        }
    }
}

/// A query, one clause on a line.
pub(super) fn query(query: &Query) -> String {
    query_lines(query).join("\n")
}

fn query_lines(query: &Query) -> Vec<String> {
    let Query { explain, as_of, linear: first, others, span: _ } = query;
    let mut lines = Vec::new();
    lines.extend(explain.map(|_| "explain".to_owned()));
    lines.extend(as_of.as_ref().map(|as_of| {
        let AsOf { clock, time, span: _ } = as_of;
        let clock = match clock {
            Clock::Known => "of",
            Clock::Recorded => "recorded",
        };
        format!("as {clock} {}", expr(time))
    }));
    lines.extend(linear(first));
    for (operator, other) in others {
        lines.push(set_operator(*operator));
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

fn linear(part: &Linear) -> Vec<String> {
    let Linear { clauses, writes, result, span: _ } = part;
    let mut lines: Vec<String> = clauses.iter().flat_map(clause).collect();
    lines.extend(writes.iter().map(write));
    lines.extend(result.iter().flat_map(|result| projection("return", result)));
    lines
}

fn write(write: &Write) -> String {
    let place = |of: &Name, property: &Name| format!("{}.{}", variable(of), word(property));
    match write {
        Write::Insert(patterns, _) => format!("insert {}", joined(patterns, pattern)),
        Write::Set(assignments, _) => {
            let assign = |Assignment { of, property, value }: &Assignment| {
                format!("{} = {}", place(of, property), expr(value))
            };
            format!("set {}", joined(assignments, assign))
        }
        Write::Remove(places, _) => {
            format!("remove {}", joined(places, |(of, property)| place(of, property)))
        }
        Write::Delete { detach, names, span: _ } => {
            let detach = if *detach { "detach " } else { "" };
            format!("{detach}delete {}", joined(names, variable))
        }
    }
}

fn joined<T>(many: &[T], text: impl Fn(&T) -> String) -> String {
    many.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn clause(one: &Clause) -> Vec<String> {
    match one {
        Clause::Match(found) => matching(found),
        Clause::Optional(clauses, _) => {
            in_braces("optional", clauses.iter().flat_map(clause).collect())
        }
        Clause::Let(bindings, _) => {
            let bind = |(name, value): &(Name, Expr)| format!("{} = {}", word(name), expr(value));
            vec![format!("let {}", joined(bindings, bind))]
        }
        Clause::For { name, list, place, span: _ } => {
            let place = place.as_ref().map(|(from, name)| match from {
                Ordinal::Ordinality => format!(" with ordinality {}", bare_alias(name)),
                Ordinal::Offset => format!(" with offset {}", bare_alias(name)),
            });
            let place = place.unwrap_or_default();
            vec![format!("for {} in {}{place}", word(name), expr(list))]
        }
        Clause::Call { optional, imports, query, span: _ } => {
            let optional = if *optional { "optional " } else { "" };
            let imports = imports.as_ref().map(|names| format!(" ({})", joined(names, variable)));
            let head = format!("{optional}call{}", imports.unwrap_or_default());
            in_braces(&head, query_lines(query))
        }
        Clause::With { projection: everything, filter: Some(filter) }
            if is_plain_star(everything) =>
        {
            vec![format!("filter {}", expr(filter))]
        }
        Clause::With { projection: kept, filter } => {
            let mut lines = projection("with", kept);
            lines.extend(filter.as_ref().map(|filter| format!("where {}", expr(filter))));
            lines
        }
    }
}

fn matching(found: &Match) -> Vec<String> {
    let optional = if found.optional { "optional " } else { "" };
    let mut lines = vec![format!("{optional}match {}", patterns(found))];
    lines.extend(found.filter.as_ref().map(|filter| format!("where {}", expr(filter))));
    lines
}

/// Lines between braces, each further in.
fn in_braces(head: &str, lines: Vec<String>) -> Vec<String> {
    let open = format!("{head} {{");
    [open].into_iter().chain(indented(lines)).chain(["}".to_owned()]).collect()
}

fn indented(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().map(|line| format!("  {line}")).collect()
}

/// Whether it says `*` and nothing else.
fn is_plain_star(projection: &Projection) -> bool {
    let Projection { distinct, star, items, group, order, offset, limit, span: _ } = projection;
    let paged = !order.is_empty() || offset.is_some() || limit.is_some();
    star.is_some() && !distinct && items.is_empty() && group.is_none() && !paged
}

fn projection(keyword: &str, projection: &Projection) -> Vec<String> {
    let Projection { distinct, star, items, group, order, offset, limit, span: _ } = projection;
    let distinct = if *distinct { " distinct" } else { "" };
    let star = star.map(|_| "*".to_owned());
    let items: Vec<String> = star.into_iter().chain(items.iter().map(item)).collect();
    let mut lines = vec![format!("{keyword}{distinct} {}", items.join(", "))];
    lines.extend(group.as_ref().map(|keys| match keys.as_slice() {
        [] => "group by ()".to_owned(),
        keys => format!("group by {}", list(keys)),
    }));
    if !order.is_empty() {
        lines.push(format!(
            "order by {}",
            order.iter().map(sort_key).collect::<Vec<_>>().join(", ")
        ));
    }
    lines.extend(offset.as_ref().map(|rows| format!("offset {}", expr(rows))));
    lines.extend(limit.as_ref().map(|rows| format!("limit {}", expr(rows))));
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
