//! Forms of other languages that take several words: what to say, with the words of the query at hand where it can be said.

use super::errors;
use super::hints::{Failure, begins_part, written};
use super::token::{Kind, Token};
use crate::base::diagnostic::Diagnostic;

const FORMS: &[fn(&Failure<'_>) -> Option<Diagnostic>] = &[
    between,
    ternary,
    function_in_place,
    property_behind_arrow,
    reduce,
    repeat_and_more,
    operator_as_function,
    called_property,
    top,
    fetch,
    quoted_name,
    several_in_parentheses,
    query_as_value,
    early_part,
    early_where,
    missing_where,
    bare_remove,
    nameless_parameter,
];

/// Whatever form of another language stands at the failure.
pub(crate) fn foreign_form(failure: &Failure<'_>) -> Option<Diagnostic> {
    FORMS.iter().find_map(|form| form(failure))
}

fn is(token: &Token<'_>, word: &str) -> bool {
    token.text.eq_ignore_ascii_case(word)
}

/// The name that ends right before the failure, with the dots in it: `s.date`.
fn operand(failure: &Failure<'_>) -> Option<String> {
    let mut start = failure.at.checked_sub(1)?;
    while let [.., before, dot] = failure.tokens.get(..start)?
        && dot.kind == Kind::Dot
        && before.kind.is_word()
    {
        start -= 2;
    }
    let tokens = failure.tokens.get(start..failure.at)?;
    tokens.first().filter(|first| first.kind.is_word())?;
    Some(written(tokens))
}

/// `x between a and b`
fn between(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let rest = failure.tokens.get(failure.at + 1..).filter(|_| is(here, "between"))?;
    let and = rest.iter().position(|token| token.kind == Kind::And);
    let ends = |token: &Token<'_>| {
        begins_part(token.kind)
            || matches!(
                token.kind,
                Kind::And | Kind::Or | Kind::RParen | Kind::RBrace | Kind::Finish
            )
    };
    let spelled = || {
        let (low, high) = rest.split_at_checked(and?)?;
        let high = high.get(1..)?.split(ends).next()?;
        let both = !low.is_empty() && !high.is_empty() && low.len() + high.len() < 20;
        let (low, high, of) = (written(low), written(high), operand(failure)?);
        both.then(|| format!("write `{of} >= {low} and {of} <= {high}`"))
    };
    let help = spelled().unwrap_or_else(|| "write `x >= a and x <= b`".to_owned());
    Some(errors::foreign(here.span, "there is no `between`", &help))
}

/// `x ? 1 : 0`, and `x ? 'key'` of JSON
fn ternary(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let behind_value = failure.kind_back(1).is_some_and(Kind::ends_value);
    let doubled = failure.ahead(1).is_some_and(|next| next.kind == Kind::Question);
    if here.kind != Kind::Question
        || !behind_value
        || doubled
        || failure.wanted.has(Kind::LabelName)
    {
        return None;
    }
    let rest = failure.tokens.get(failure.at..)?;
    let chooses = rest.iter().any(|token| token.kind == Kind::Colon);
    let help = if chooses {
        "write `case when … then … else … end`"
    } else {
        "to ask whether a property is there write `x.name is not null`"
    };
    Some(errors::foreign(here.span, "`?` is not an operator", help))
}

/// `any(list, x -> x > 1)`
fn function_in_place(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (minus, name) = (failure.back(1)?, failure.back(2)?);
    let arrow = failure.here().kind == Kind::Greater && minus.kind == Kind::Minus;
    let begins = matches!(failure.kind_back(3)?, Kind::Comma | Kind::LParen);
    let fits = arrow && begins && name.kind.is_word() && failure.wanted.has(Kind::Expression);
    let help = format!("write `[{0} in list | …]`, or `any({0} in list where …)`", name.text);
    let place = name.span.to(failure.here().span);
    fits.then(|| errors::foreign(place, "functions are not written in place", &help))
}

/// `a->name`
fn property_behind_arrow(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (minus, owner, name) = (failure.back(1)?, failure.back(2)?, failure.ahead(1)?);
    let arrow = failure.here().kind == Kind::Greater && minus.kind == Kind::Minus;
    let words = owner.kind.is_word() && name.kind.is_word();
    let fits = arrow && words && failure.touches_back();
    let help = format!("write `{}.{}`", owner.text, name.text);
    let place = minus.span.to(failure.here().span);
    fits.then(|| errors::foreign(place, "a property stands behind a dot", &help))
}

/// `reduce(sum = 0, x in list | sum + x)`
fn reduce(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (at, _) = failure.inside()?;
    let name = failure.tokens.get(at.checked_sub(1)?).filter(|name| is(name, "reduce"))?;
    let help = "take the members as rows and put them together: `for x in list return sum(x)`";
    Some(errors::foreign(name.span, "there is no `reduce`", help))
}

/// `-[e:x* all shortest]->`, `-[e:x*1..2 (e, n | where …)]->`
fn repeat_and_more(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (_, opener) = failure.inside().filter(|(_, opener)| opener.kind == Kind::LBracket)?;
    let here = failure.here();
    let counted = matches!(failure.kind_back(1)?, Kind::Star | Kind::Int | Kind::DotDot);
    let fits = counted && failure.wanted.has(Kind::RBracket) && !failure.wanted.has(Kind::Operator);
    let help = if here.kind == Kind::LParen {
        "what is asked of each edge stands in its `where`: `-[e:said where …]->{1,3}`"
    } else {
        "a search stands in front of its pattern: `match p = any shortest (a)-[:said]-+(b)`"
    };
    let place = opener.span.to(here.span);
    fits.then(|| errors::foreign(place, "nothing stands behind how often an edge repeats", help))
}

/// `contains(a.name, 'x')`
fn operator_as_function(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let operator = match here.kind {
        Kind::Contains => "contains",
        Kind::Starts => "starts with",
        Kind::Ends => "ends with",
        Kind::Like => "like",
        Kind::Matches => "matches",
        _ => return None,
    };
    let opener = failure.ahead(1).filter(|next| next.kind == Kind::LParen)?;
    let inside = failure.tokens.get(failure.at + 2..opener.partner?)?;
    let comma = inside.iter().position(|token| token.kind == Kind::Comma)?;
    let (left, right) = (written(inside.get(..comma)?), written(inside.get(comma + 1..)?));
    let message = format!("`{operator}` stands between two values");
    let help = format!("write `{left} {operator} {right}`");
    failure.wanted.has(Kind::Expression).then(|| errors::foreign(here.span, &message, &help))
}

/// `date(x).year()`
fn called_property(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (here, name) = (failure.here(), failure.back(1)?);
    let property = failure.kind_back(2) == Some(Kind::Dot) && name.kind.is_word();
    let fits = here.kind == Kind::LParen && failure.touches_back() && property;
    let help = format!("write `.{}` alone, or call a function: `size(x)`", name.text);
    fits.then(|| errors::foreign(name.span.to(here.span), "a property is not called", &help))
}

/// `return top 5 a.name`
fn top(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (here, word) = (failure.here(), failure.back(1).filter(|word| is(word, "top"))?);
    let fits = here.kind == Kind::Int && failure.kind_back(2) == Some(Kind::Return);
    let help = format!("write `limit {}` at the end", here.text);
    fits.then(|| errors::foreign(word.span, "there is no `top`", &help))
}

/// `fetch first 5 rows only`, where `fetch` has passed for a name
fn fetch(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.back(1).filter(|word| is(word, "fetch"))?;
    let number = failure.ahead(1).filter(|number| number.kind == Kind::Int);
    let help = format!("write `limit {}`", number.map_or("5", |number| number.text));
    Some(errors::foreign(word.span, "there is no `fetch`", &help))
}

/// `as 'Name'`, `as "Name"`
fn quoted_name(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let fits = here.kind == Kind::Text && failure.kind_back(1) == Some(Kind::As);
    let name = here.text.get(1..here.text.len().checked_sub(1)?)?;
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let help = if plain {
        format!("write `as {name}`")
    } else {
        format!("write as `{name}`, in back-ticks")
    };
    fits.then(|| errors::foreign(here.span, "a name stands without quotes", &help))
}

/// `as actor name`
pub(crate) fn name_of_words(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (here, first) = (failure.here(), failure.back(1)?);
    let words = here.kind == Kind::Name && first.kind == Kind::Name;
    let last = !failure.ahead(1).is_some_and(|next| matches!(next.kind, Kind::Dot | Kind::LParen));
    let fits = words && last && failure.kind_back(2) == Some(Kind::As);
    let help = format!("write as `{} {}`, in back-ticks", first.text, here.text);
    let place = first.span.to(here.span);
    fits.then(|| errors::foreign(place, "a name is one word", &help))
}

/// `return (a.name, a.key)`
fn several_in_parentheses(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (at, opener) = failure.inside().filter(|(_, opener)| opener.kind == Kind::LParen)?;
    let before = at.checked_sub(1).and_then(|at| failure.tokens.get(at))?;
    let begins =
        matches!(before.kind, Kind::Return | Kind::With | Kind::Distinct | Kind::By | Kind::Comma);
    let fits = failure.here().kind == Kind::Comma && begins && failure.wanted.has(Kind::Operator);
    let inside = opener.partner.and_then(|end| failure.tokens.get(at + 1..end)).map(written);
    let help = match inside.filter(|inside| inside.chars().count() < 60) {
        Some(inside) => format!("write `{inside}`"),
        None => "leave the parentheses out".to_owned(),
    };
    fits.then(|| {
        errors::foreign(opener.span, "several values stand side by side without parentheses", &help)
    })
}

/// `a.x = (match … return …)`, `a.x = (select …)`
fn query_as_value(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = |token: &Token<'_>| token.kind == Kind::Match || is(token, "select");
    let place =
        [failure.back(1), Some(failure.here())].into_iter().flatten().find(|token| word(token))?;
    let inside = failure.inside().is_some_and(|(_, opener)| opener.kind == Kind::LParen);
    let fits =
        inside && (failure.wanted.has(Kind::Expression) || failure.wanted.has(Kind::Operator));
    let help =
        "write `value { match … return … }`; `exists { … }` and `count { … }` need no `return`";
    fits.then(|| errors::foreign(place.span, "a query that gives a value stands in braces", help))
}

/// `match … order by … return …`
fn early_part(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let part = match here.kind {
        Kind::Order => "order by",
        Kind::Group => "group by",
        Kind::Limit => "limit",
        Kind::Offset | Kind::Skip => "offset",
        _ => return None,
    };
    let returned = failure.behind().any(|token| matches!(token.kind, Kind::Return | Kind::With));
    let rest = failure.tokens.get(failure.at + 1..)?;
    let later = rest.iter().any(|token| token.kind == Kind::Return);
    let own = rest.split(|token| begins_part(token.kind) || token.kind == Kind::Finish).next()?;
    let first = Some(here).into_iter().chain(own).copied().collect::<Vec<_>>();
    let message = format!("`{part}` stands behind the `return`");
    let help = format!("write `return … {}`", written(&first));
    (!returned && later && failure.inside().is_none())
        .then(|| errors::foreign(here.span, &message, &help))
}

/// `where … match …`
fn early_where(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let help = "write `match (a:Actor) where …`";
    (here.kind == Kind::Where && failure.at == 0)
        .then(|| errors::foreign(here.span, "`where` stands behind the pattern it is about", help))
}

/// `match (a) and a.x = 1`, `exists { (a)-->() and … }`
fn missing_where(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let joins = matches!(here.kind, Kind::And | Kind::Or);
    let fits =
        joins && failure.wanted.has(Kind::Where) && failure.kind_back(1) == Some(Kind::RParen);
    let help = format!("write `where` in the place of this `{}`", here.text);
    fits.then(|| errors::foreign(here.span, "the first condition stands behind `where`", &help))
}

/// `remove a`
fn bare_remove(failure: &Failure<'_>) -> Option<Diagnostic> {
    let name = failure.back(1).filter(|name| name.kind.is_word())?;
    let fits = failure.kind_back(2) == Some(Kind::Remove) && failure.here().kind == Kind::Finish;
    let help =
        format!("to remove a thing write `delete {0}`, a property `remove {0}.name`", name.text);
    fits.then(|| errors::foreign(name.span, "`remove` takes a property", &help))
}

/// `param : text`, where the shell of the terminal has put nothing in the place of `$name`
fn nameless_parameter(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let fits = here.kind == Kind::Colon && failure.kind_back(1) == Some(Kind::Param);
    let help = "between double quotes a terminal takes `$name` for its own: write `\\$name`, or put the \
                question into a file";
    fits.then(|| errors::foreign(here.span, "the parameter has no name", help))
}
