//! Words and forms of other languages, and of dixit's own future: what to say, and the way to say it today.

use super::errors;
use super::hints::Failure;
use super::token::{Kind, Token};
use crate::base::diagnostic::Diagnostic;

/// What a word asks for that dixit does not have yet, and what to do instead.
struct Later {
    word: &'static str,
    what: &'static str,
    instead: Option<&'static str>,
}

const fn later(word: &'static str, what: &'static str, instead: &'static str) -> Later {
    Later { word, what, instead: Some(instead) }
}

const fn only_later(word: &'static str, what: &'static str) -> Later {
    Later { word, what, instead: None }
}

const IMPORT: &str = "`dixit import` brings new things into the store";
const ASK_TWICE: &str = "ask two queries with `;` between them";
const COLLECT: &str = "`collect_list(…)` makes lists, and `in` looks into them";

/// Words that begin something dixit does not have yet.
const LATER: &[Later] = &[
    later("union", "`union` is", ASK_TWICE),
    later("except", "`except` is", "`where not exists { … }` leaves rows out"),
    later("intersect", "`intersect` is", "`where exists { … }` keeps rows that are elsewhere too"),
    later("otherwise", "`otherwise` is", ASK_TWICE),
    later("next", "`next` is", "`with …` begins a further step"),
    only_later("for", "`for` is"),
    only_later("unwind", "`unwind` is"),
    only_later("foreach", "`foreach` is"),
    later("let", "`let` is", "`with *, … as name` names a value"),
    only_later("call", "`call` is"),
    only_later("yield", "`yield` is"),
    later("create", "`create` is", IMPORT),
    later("insert", "`insert` is", IMPORT),
    later("merge", "`merge` is", IMPORT),
    later("load", "`load` is", IMPORT),
    later("set", "`set` is", IMPORT),
    only_later("remove", "`remove` is"),
    only_later("delete", "`delete` is"),
    only_later("detach", "`detach` is"),
    only_later("define", "`define` is"),
    later("explain", "`explain` in a query is", "`dixit explain` shows what a query does"),
    later("profile", "`profile` is", "`dixit explain` shows what a query does"),
    only_later("shortest", "`shortest` is"),
    only_later("shortestpath", "a shortest path is"),
    only_later("allshortestpaths", "a shortest path is"),
    only_later("any", "`any` in front of a pattern is"),
    only_later("all", "`all` in front of a pattern or list is"),
    later("walk", "`walk` is", "`match repeatable elements` lets edges repeat"),
    later("trail", "`trail` is", "no edge is used twice anyway: leave it out"),
    only_later("acyclic", "`acyclic` is"),
    only_later("simple", "`simple` is"),
    later("datetime", "`datetime` is", "`date '2025-11-22'` gives a day"),
];

/// Words of other languages: what is wrong, and how to say it here.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("select", "queries do not begin with `select`", "write `match … return …`"),
    ("from", "there is no `from`", "the pattern of a `match` says where rows come from"),
    ("join", "there is no `join`", "put both patterns into one `match`"),
    ("having", "there is no `having`", "write `with …, count(*) as n where n > 1`"),
    ("use", "there is no `use`", "the store is chosen on the command line"),
    ("using", "there are no hints for the planner", "leave it out"),
    ("on", "`on` does not fit here", "conditions stand behind `where`"),
    ("between", "there is no `between`", "write `x >= a and x <= b`"),
    ("ilike", "there is no `ilike`", "`~=` compares without regard to case and accents"),
    ("is_null", "there is no `is_null`", "write `x is null`"),
    ("ifnull", "there is no `ifnull`", "write `coalesce(x, y)`"),
];

/// A word at the failure, or the word before it that has passed for a name.
pub(crate) fn foreign_word(failure: &Failure<'_>) -> Option<Diagnostic> {
    if let Some(found) = as_of(failure).or_else(|| known_word(failure.here())) {
        return Some(found);
    }
    let before = failure.back(1).filter(|token| begins_something(failure, token))?;
    known_word(before)
}

/// Whether the word before the failure stands where a clause or pattern begins.
fn begins_something(failure: &Failure<'_>, token: &Token<'_>) -> bool {
    let starts =
        matches!(failure.kind_back(2), None | Some(Kind::Match | Kind::Comma | Kind::Equal));
    let aliased = failure.kind_back(2).is_some_and(Kind::ends_value) && token.kind == Kind::Name;
    starts || aliased
}

fn known_word(token: &Token<'_>) -> Option<Diagnostic> {
    if !matches!(token.kind, Kind::Name | Kind::Later) {
        return None;
    }
    let is = |word: &str| word.eq_ignore_ascii_case(token.text);
    if let Some((_, message, instead)) = FOREIGN.iter().find(|(word, _, _)| is(word)) {
        return Some(errors::foreign(token.span, message, instead));
    }
    let row = LATER.iter().find(|row| is(row.word))?;
    Some(errors::not_yet(token.span, row.what, row.instead))
}

/// `as of …` in front of a query.
fn as_of(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    (failure.at == 0 && here.kind == Kind::As)
        .then(|| errors::not_yet(here.span, "`as of` is", None))
}

/// Marks of other languages: what stands at the failure and right before it, what is wrong, what to write.
const MARKS: &[(Kind, Kind, &str, &str)] = &[
    (Kind::Equal, Kind::Equal, "`==` is not an operator", "write `=`"),
    (Kind::Greater, Kind::Equal, "`=>` is not an operator", "write `>=`"),
    (Kind::Less, Kind::Equal, "`=<` is not an operator", "write `<=`"),
    (Kind::Equal, Kind::Colon, "`:=` is not an operator", "write `=`"),
];

/// Marks that stand where none fits: the mark, what is wrong, what to write.
const LONE_MARKS: &[(Kind, &str, &str)] = &[
    (Kind::Ampersand, "`&` does not join conditions", "write `and`"),
    (Kind::Bang, "`!` does not negate a condition", "write `not`"),
    (Kind::Question, "variables have no question mark", "write the name alone"),
    (Kind::Concat, "`||` joins texts", "between labels write `|`, between conditions `or`"),
];

pub(crate) fn foreign_mark(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (here, before) = (failure.here(), failure.back(1));
    let pair = MARKS.iter().find(|(kind, first, _, _)| {
        failure.touches_back()
            && here.kind == *kind
            && before.is_some_and(|token| token.kind == *first)
    });
    if let (Some((_, _, message, instead)), Some(before)) = (pair, before) {
        return Some(errors::foreign(before.span.to(here.span), message, instead));
    }
    let lone = LONE_MARKS.iter().find(|(kind, _, _)| here.kind == *kind);
    if let Some((_, message, instead)) = lone {
        return Some(errors::foreign(here.span, message, instead));
    }
    let forms = [
        sql_limit,
        plain_is,
        bare_fraction,
        all_properties,
        cast,
        colon_slice,
        arrow,
        open_comparison,
    ];
    forms.iter().find_map(|form| form(failure))
}

/// `x.*`
fn all_properties(failure: &Failure<'_>) -> Option<Diagnostic> {
    let fits = failure.here().kind == Kind::Star && failure.kind_back(1) == Some(Kind::Dot);
    let owner = failure.back(2)?.text;
    let message = "properties are named one by one";
    fits.then(|| {
        errors::foreign(failure.here().span, message, &format!("`return {owner}` shows all of it"))
    })
}

/// `x::int`, `cast(x as int)`
fn cast(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let before = failure.back(1)?;
    let double_colon = here.kind == Kind::Colon && before.kind == Kind::Colon;
    let called = failure.inside().and_then(|(at, _)| failure.tokens.get(at.checked_sub(1)?));
    let cast_as =
        here.kind == Kind::As && called.is_some_and(|name| name.text.eq_ignore_ascii_case("cast"));
    let help = "`to_integer(x)`, `to_float(x)` and `to_string(x)` turn values into others";
    let span = if double_colon { before.span.to(here.span) } else { here.span };
    (double_colon || cast_as).then(|| errors::foreign(span, "types are not cast this way", help))
}

/// `list[1:3]`
fn colon_slice(failure: &Failure<'_>) -> Option<Diagnostic> {
    let in_brackets = failure.inside().is_some_and(|(_, opener)| opener.kind == Kind::LBracket);
    let here = failure.here();
    let behind_colon = failure.back(1).filter(|token| token.kind == Kind::Colon);
    let colon = if here.kind == Kind::Colon { Some(here) } else { behind_colon };
    let message = "a part of a list is not written with a colon";
    let fits = in_brackets && !failure.wanted.has(Kind::Pattern) && !failure.wanted.has(Kind::Star);
    let values = failure.wanted.has(Kind::DotDot) || failure.wanted.has(Kind::LabelName);
    colon
        .filter(|_| fits && values)
        .map(|colon| errors::foreign(colon.span, message, "write `list[1..3]`"))
}

/// `x -> …`: a function of one's own, or a way into JSON.
fn arrow(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before = failure.back(1).filter(|token| token.kind == Kind::Minus)?;
    let fits = failure.here().kind == Kind::Greater && failure.wanted.has(Kind::Expression);
    let message = "an arrow has no meaning between values";
    let help = "a pattern's nodes stand in parentheses: `(a)-[:x]->(b)`";
    fits.then(|| errors::foreign(before.span.to(failure.here().span), message, help))
}

/// `{year: > 1980}`
fn open_comparison(failure: &Failure<'_>) -> Option<Diagnostic> {
    use Kind::{Greater, GreaterEqual, Less, LessEqual, NotEqual};
    let compares =
        matches!(failure.here().kind, Greater | GreaterEqual | Less | LessEqual | NotEqual);
    let fits = compares
        && failure.kind_back(1) == Some(Kind::Colon)
        && failure.wanted.has(Kind::Expression);
    let message = "`{…}` in a pattern only says what is equal";
    fits.then(|| errors::foreign(failure.here().span, message, "write `(x where x.year > 1980)`"))
}

/// `limit 5, 10`
fn sql_limit(failure: &Failure<'_>) -> Option<Diagnostic> {
    let limit = failure.back(2).filter(|token| token.kind == Kind::Limit)?;
    let (skipped, kept) = (failure.back(1)?.text, failure.ahead(1)?.text);
    let fits = failure.here().kind == Kind::Comma;
    let instead = format!("write `offset {skipped} limit {kept}`");
    let span = limit.span.to(failure.here().span);
    fits.then(|| errors::foreign(span, "`limit` takes one number", &instead))
}

/// `x is 5`, `x is not 'y'`
fn plain_is(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (sign, is) = match (failure.kind_back(2), failure.kind_back(1)) {
        (_, Some(Kind::Is)) => ("=", 1),
        (Some(Kind::Is), Some(Kind::Not)) => ("<>", 2),
        _ => return None,
    };
    let place = failure.back(is)?.span.to(failure.back(1)?.span);
    let compares = failure.here().kind.starts_value() && failure.wanted.has(Kind::Null);
    let message = "`is` asks for null, true, false or a label";
    compares.then(|| errors::foreign(place, message, &format!("to compare values write `{sign}`")))
}

/// `.5`
fn bare_fraction(failure: &Failure<'_>) -> Option<Diagnostic> {
    let digits = failure.ahead(1).filter(|token| token.kind == Kind::Int)?;
    let fits = failure.here().kind == Kind::Dot && failure.wanted.has(Kind::Expression);
    let span = failure.here().span.to(digits.span);
    fits.then(|| {
        errors::foreign(span, "a number begins with a digit", &format!("write 0.{}", digits.text))
    })
}

/// Forms that no single word gives away.
pub(crate) fn later_form(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let before = failure.kind_back(1);
    let not_yet = |what, instead| Some(errors::not_yet(here.span, what, instead));
    match here.kind {
        Kind::LBrace if before.is_some_and(Kind::is_word) && failure.wanted.has(Kind::Operator) => {
            brace_form(failure)
        }
        Kind::LBrace if failure.wanted.has(Kind::Expression) => {
            not_yet("a map `{…}` as a value is", None)
        }
        Kind::LParen if begins_group(failure) => {
            let instead = "put the quantifier behind a single edge";
            not_yet("a group of edges that repeats as one is", Some(instead))
        }
        Kind::Return | Kind::Match | Kind::With | Kind::Optional if in_braces(failure) => {
            let instead = "`exists { (a)-->(b), (b)-->(c) where … }` asks for patterns";
            not_yet("a whole query inside `exists` is", Some(instead))
        }
        Kind::Pipe | Kind::Where => comprehension(failure),
        Kind::Equal if failure.inside().is_some_and(|(at, _)| at + 2 == failure.at) => {
            comprehension(failure)
        }
        _ => None,
    }
}

/// `((a)-->(b))+`, also behind a node.
fn begins_group(failure: &Failure<'_>) -> bool {
    let inside = failure.kind_back(1) == Some(Kind::LParen) && failure.wanted.has(Kind::RParen);
    let behind = failure.kind_back(1) == Some(Kind::RParen) && failure.wanted.has(Kind::Minus);
    let doubled = failure.ahead(1).is_some_and(|token| token.kind == Kind::LParen);
    inside || (behind && doubled)
}

fn in_braces(failure: &Failure<'_>) -> bool {
    failure.inside().is_some_and(|(at, opener)| {
        let before = at.checked_sub(1).and_then(|at| failure.tokens.get(at));
        opener.kind == Kind::LBrace
            && opener.partner.is_some()
            && before.is_some_and(|word| word.kind == Kind::Exists)
    })
}

/// `count { … }`, `n { .name }`
fn brace_form(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.back(1)?;
    let is = |name: &str| word.text.eq_ignore_ascii_case(name);
    let (what, instead) = if is("count") || is("collect") || is("value") {
        ("a query inside a value is", "`exists { … }` asks whether there is any")
    } else {
        ("a map of chosen properties is", "return them one by one: `x.name, x.date`")
    };
    Some(errors::not_yet(word.span.to(failure.here().span), what, Some(instead)))
}

/// `[x in list where … | …]`, `all(x in list where …)`, `[(a)-->(b) | b.name]`
fn comprehension(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (at, opener) = failure.inside()?;
    let called = at.checked_sub(1).and_then(|at| failure.tokens.get(at));
    match opener.kind {
        Kind::LBracket => {
            Some(errors::not_yet(opener.span, "a list made by a rule is", Some(COLLECT)))
        }
        Kind::LParen
            if called.is_some_and(|token| token.kind.is_word() && !token.kind.is_reserved()) =>
        {
            let what = "a condition on each item of a list is";
            Some(errors::not_yet(failure.here().span, what, Some(COLLECT)))
        }
        _ => None,
    }
}
