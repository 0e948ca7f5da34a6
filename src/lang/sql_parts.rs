//! Parts of SQL that stand where a clause could: what the same is here, with the words of the query at hand.

use super::errors;
use super::hints::{Failure, begins_part, written};
use super::sql::can_be_read;
use super::token::{Kind, Token};
use crate::base::diagnostic::Diagnostic;

const PARTS: &[fn(&Failure<'_>) -> Option<Diagnostic>] =
    &[having, join, recursive, without_by, hash];

/// Whatever part of SQL stands at the failure.
pub(crate) fn part(failure: &Failure<'_>) -> Option<Diagnostic> {
    PARTS.iter().find_map(|part| part(failure))
}

fn is(token: &Token<'_>, word: &str) -> bool {
    token.text.eq_ignore_ascii_case(word)
}

/// The word at the failure, or the one before, which may have passed for a name: where it stands.
fn word_at(failure: &Failure<'_>, word: &str) -> Option<usize> {
    let places = [Some(failure.at), failure.at.checked_sub(1)];
    places.into_iter().flatten().find(|at| failure.tokens.get(*at).is_some_and(|one| is(one, word)))
}

/// What follows a position up to the next clause, or the bracket that ends this one.
fn rest_of_part<'t>(failure: &Failure<'t>, from: usize) -> &'t [Token<'t>] {
    let rest = failure.tokens.get(from..).unwrap_or_default();
    let mut depth = 0;
    let end = rest.iter().position(|token| {
        depth += i32::from(token.kind.closer().is_some());
        depth -= i32::from(matches!(token.kind, Kind::RParen | Kind::RBracket | Kind::RBrace));
        depth < 0
            || depth == 0 && begins_part(token.kind)
            || matches!(token.kind, Kind::Finish | Kind::Semicolon)
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// The functions whose values a `having` asks about.
const AGGREGATES: &[&str] = &["count", "sum", "avg", "min", "max", "collect"];

/// One column with the name it has behind `with`.
struct Column {
    value: String,
    name: String,
}

/// `return a.name, count(*) having count(*) > 1`
fn having(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = word_at(failure, "having")?;
    let place = failure.tokens.get(at)?.span;
    let meant = filtered(failure, at).filter(|(_, whole)| can_be_read(whole));
    let help = meant
        .map_or("write `with …, count(*) as n where n > 1`".to_owned(), |(part, _)| {
            format!("write `{part}`")
        });
    Some(errors::foreign(place, "there is no `having`", &help))
}

/// The same as `with … where … return …`, alone and behind what stands before it.
fn filtered(failure: &Failure<'_>, at: usize) -> Option<(String, String)> {
    let before = failure.tokens.get(..at)?;
    let begin = before.iter().rposition(|one| matches!(one.kind, Kind::Return | Kind::With))?;
    let items = before.get(begin + 1..)?;
    let grouped = items.iter().position(|one| one.kind == Kind::Group).unwrap_or(items.len());
    let mut columns = Vec::new();
    for item in split_commas(items.get(..grouped)?) {
        columns.push(column(item, columns.len())?);
    }
    let asked = rest_of_part(failure, at + 1);
    for (from, name) in asked.iter().enumerate() {
        let called = AGGREGATES.iter().any(|one| is(name, one));
        let end = asked.get(from + 1).filter(|next| called && next.kind == Kind::LParen);
        let Some(end) = end.and_then(|opener| opener.partner) else { continue };
        let value = written(failure.tokens.get(at + 1 + from..=end)?);
        if columns.iter().all(|one| one.value != value) {
            columns.push(Column { value, name: numbered("n", columns.len()) });
        }
    }
    let mut condition = written(asked);
    for one in &columns {
        condition = renamed(&condition, one);
    }
    let given = columns.iter().map(|one| {
        if one.value == one.name {
            one.name.clone()
        } else {
            format!("{} as {}", one.value, one.name)
        }
    });
    let part = format!("with {} where {condition}", given.collect::<Vec<_>>().join(", "));
    let names: Vec<&str> = columns.iter().map(|one| one.name.as_str()).collect();
    let part = if before.get(begin)?.kind == Kind::Return {
        format!("{part} return {}", names.join(", "))
    } else {
        part
    };
    let ends = if part.contains(" return ") { "" } else { " return *" };
    let whole = format!("{} {part}{ends}", written(before.get(..begin)?));
    Some((part, whole))
}

/// A condition with a column's name in the place of what it holds, where that is no part of a longer name.
fn renamed(condition: &str, column: &Column) -> String {
    let mut text = String::new();
    let mut rest = condition;
    while let Some((before, behind)) = rest.split_once(&column.value) {
        let longer = behind.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        text += before;
        text += if longer { &column.value } else { &column.name };
        rest = behind;
    }
    text + rest
}

fn numbered(name: &str, at: usize) -> String {
    if at < 2 { name.to_owned() } else { format!("{name}{at}") }
}

/// An item of a `return`, with a name of its own.
fn column(item: &[Token<'_>], at: usize) -> Option<Column> {
    let named = item.iter().rposition(|one| one.kind == Kind::As);
    let (value, name) = match (named, item) {
        (Some(named), _) => (item.get(..named)?, written(item.get(named + 1..)?)),
        (None, [one]) => (item, one.text.to_owned()),
        (None, [.., dot, one]) if dot.kind == Kind::Dot => (item, one.text.to_owned()),
        (None, _) => (item, numbered("n", at)),
    };
    Some(Column { value: written(value), name }).filter(|one| !one.value.is_empty())
}

fn split_commas<'t>(tokens: &'t [Token<'t>]) -> Vec<&'t [Token<'t>]> {
    let mut depth = 0;
    let parts = tokens.split(|one| {
        depth += i32::from(one.kind.closer().is_some());
        depth -= i32::from(matches!(one.kind, Kind::RParen | Kind::RBracket | Kind::RBrace));
        depth == 0 && one.kind == Kind::Comma
    });
    parts.collect()
}

/// `match (a:Actor) join (s:Statement) on …`, `match (a:Actor) left join Statement s on …`
fn join(failure: &Failure<'_>) -> Option<Diagnostic> {
    let at = (failure.at..=failure.at + 2)
        .chain(failure.at.checked_sub(1))
        .find(|at| failure.tokens.get(*at).is_some_and(|one| is(one, "join")))?;
    let place = failure.tokens.get(at)?.span;
    let ends = |one: &Token<'_>| one.kind == Kind::RParen && one.partner.is_some();
    let node = failure.tokens.get(..at)?.iter().rposition(ends);
    let before = node.and_then(|end| failure.tokens.get(failure.tokens.get(end)?.partner?..=end));
    let behind = failure.tokens.get(at + 1..)?;
    let other = match behind {
        [open, ..] if open.kind == Kind::LParen => {
            open.partner.and_then(|end| failure.tokens.get(at + 1..=end)).map(written)
        }
        [kind, name, ..] if kind.kind.is_word() && name.kind == Kind::Name && !is(name, "on") => {
            Some(format!("({}:{})", name.text, kind.text))
        }
        [kind, ..] if kind.kind.is_word() => Some(format!("(:{})", kind.text)),
        _ => None,
    };
    let outer = at.checked_sub(1).and_then(|before| failure.tokens.get(before));
    let outer = outer.is_some_and(|one| ["left", "outer"].iter().any(|word| is(one, word)));
    let help = match (before, other) {
        (Some(before), Some(other)) if outer => format!(
            "write `optional match {}-[]-{other}`, with the edge's name as in `-[:by]-` to say which",
            written(before)
        ),
        (Some(before), Some(other)) => format!(
            "an edge joins two nodes: `{}-[]-{other}`, with its name as in `-[:by]-` to say which",
            written(before)
        ),
        _ => "an edge joins two nodes: `match (a:Actor)<-[:by]-(s:Statement)`".to_owned(),
    };
    Some(errors::foreign(place, "there is no `join`", &help))
}

/// `with recursive t as (…)`
fn recursive(failure: &Failure<'_>) -> Option<Diagnostic> {
    let [with, word, ..] = failure.tokens else { return None };
    let fits = with.kind == Kind::With && is(word, "recursive") && failure.at <= 4;
    let help = "a pattern can repeat: `match (s:Statement)-[:reports]->+(t:Statement) return s, t`";
    fits.then(|| errors::foreign(with.span.to(word.span), "there are no tables to name", help))
}

/// `order a.name`, `group a.name`, `sort by a.name`
fn without_by(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let sort = word_at(failure, "sort")
        .filter(|at| failure.tokens.get(at + 1).is_some_and(|next| next.kind == Kind::By));
    if let Some(at) = sort {
        let place = failure.tokens.get(at)?.span;
        let help = format!("write `order by {}`", written(rest_of_part(failure, at + 2)));
        return Some(errors::foreign(place, "there is no `sort by`", &help));
    }
    let before = failure.back(1).filter(|one| matches!(one.kind, Kind::Order | Kind::Group))?;
    let word = before.text.to_lowercase();
    let rest = written(rest_of_part(failure, failure.at));
    let fits = failure.wanted.has(Kind::By) && here.kind != Kind::Finish && !rest.is_empty();
    let (message, help) =
        (format!("`by` is missing behind `{word}`"), format!("write `{word} by {rest}`"));
    fits.then(|| errors::foreign(before.span, &message, &help))
}

/// `x #> '{a}'`, `5 # 3`: where a `#` is an operator elsewhere, and no comment.
fn hash(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let next = failure.ahead(1)?;
    let value = failure.kind_back(1)?.ends_value();
    let touches = next.span.start == here.span.end;
    let help = match next.kind {
        Kind::Greater | Kind::Minus if touches => {
            "a part of a map or a list is taken with `x['name']` or `x[0]`"
        }
        Kind::Int | Kind::Float => "bits are not computed with; a comment begins with `--`",
        _ => return None,
    };
    (here.text == "#" && value).then(|| errors::foreign(here.span, "`#` is not an operator", help))
}
