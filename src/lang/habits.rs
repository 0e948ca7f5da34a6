//! Words and forms of other languages: what to say, and how it is said here.

use super::errors;
use super::hints::Failure;
use super::token::{Kind, Token};
use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;

/// Words of other languages: what is wrong, and how to say it here.
const FOREIGN: &[(&str, &str, &str)] = &[
    (
        "select",
        "queries do not begin with `select`",
        "`match` finds and `return` shows: `match (a:Actor) return a.name`",
    ),
    ("from", "there is no `from`", "the pattern of a `match` says where rows come from"),
    ("having", "there is no `having`", "write `with …, count(*) as n where n > 1`"),
    ("minus", "there is no `minus`", "`except` takes the rows of the second query away"),
    (
        "prefix",
        "names have no prefixes",
        "write the name alone: `match (x:Actor)-[:said]->(c) return c`",
    ),
    (
        "similar",
        "there is no `similar to`",
        "`like 'M%'` takes `%` and `_`, `=~ 'M.*'` a regular expression",
    ),
    ("regexp", "there is no `regexp`", "write `=~ 'M.*'`"),
    ("rlike", "there is no `rlike`", "write `=~ 'M.*'`"),
    ("glob", "there is no `glob`", "write `like 'M%'`"),
    ("drop", "there is no `drop`", "`dixit write` deletes: `match (a:Actor) where … delete a`"),
    (
        "truncate",
        "there is no `truncate`",
        "`dixit write` deletes: `match (a:Actor) where … delete a`",
    ),
    ("alter", "there is no `alter`", "`dixit schema apply FILE` declares kinds and edges"),
    ("go", "there is no `go`", "a `;` stands between two queries"),
    (
        "help",
        "this is not a query",
        "`dixit help language` is an overview; `dixit --help` lists every command",
    ),
    ("exit", "this is not a query", "a short one is `match (a:Actor) return a.name`"),
    ("quit", "this is not a query", "a short one is `match (a:Actor) return a.name`"),
    ("show", "there is no `show`", "`dixit schema` shows what there is to ask about"),
    ("describe", "there is no `describe`", "`dixit schema NAME` tells about a kind or an edge"),
    ("merge", "there is no `merge`", "`match` looks for things, `insert` makes new ones"),
    ("foreach", "there is no `foreach`", "`for x in list` takes the members of a list one by one"),
    ("load", "there is no `load`", "`dixit import` brings files into the store"),
    ("yield", "there is no `yield`", "`call { … }` gives what its `return` names"),
    ("profile", "there is no `profile`", "`dixit explain` shows how a query is answered"),
    ("using", "there are no hints for the planner", "leave it out"),
    ("on", "`on` does not fit here", "conditions stand behind `where`"),
    ("ilike", "there is no `ilike`", "`~=` compares without regard to case and accents"),
    ("isnull", "there is no `isnull`", "write `x is null`"),
    ("notnull", "there is no `notnull`", "write `x is not null`"),
    ("is_null", "there is no `is_null`", "write `x is null`"),
    ("ifnull", "there is no `ifnull`", "write `coalesce(x, y)`"),
];

/// A word at the failure, or the word before it that has passed for a name.
pub(crate) fn foreign_word(failure: &Failure<'_>) -> Option<Diagnostic> {
    if let Some(found) = known_word(failure.here()) {
        return Some(found);
    }
    let before = failure.back(1).filter(|token| begins_something(failure, token))?;
    known_word(before)
}

/// Whether the word before the failure stands where a clause or pattern begins.
fn begins_something(failure: &Failure<'_>, token: &Token<'_>) -> bool {
    let starts = matches!(
        failure.kind_back(2),
        None | Some(Kind::Match | Kind::Comma | Kind::Equal | Kind::Delete)
    );
    let aliased = failure.kind_back(2).is_some_and(Kind::ends_value) && token.kind == Kind::Name;
    starts || aliased
}

fn known_word(token: &Token<'_>) -> Option<Diagnostic> {
    if !matches!(token.kind, Kind::Name | Kind::Later) {
        return None;
    }
    known(token.text, token)
}

/// What to say of a word of another language that stands there, maybe misspelt.
fn known(word: &str, token: &Token<'_>) -> Option<Diagnostic> {
    let (_, message, instead) = FOREIGN.iter().find(|row| word.eq_ignore_ascii_case(row.0))?;
    Some(errors::foreign(token.span, message, instead))
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
    (Kind::Concat, "`||` joins texts", "between labels write `|`, between conditions `or`"),
];

/// Words of other languages that are recognised though misspelt.
const MISSPELT: &[&str] = &["select", "from", "having", "update", "merge"];

/// The same words with a mistake in them.
pub(crate) fn foreign_misspelt(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before = failure.back(1).filter(|token| begins_something(failure, token));
    let near = |token: &Token<'_>| {
        let name = token.kind == Kind::Name && token.text.chars().count() > 3;
        let word = closest(token.text, MISSPELT.iter().copied()).filter(|_| name)?;
        known(word, token)
    };
    near(failure.here()).or_else(|| before.and_then(near))
}

pub(crate) fn foreign_mark(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (here, before) = (failure.here(), failure.back(1));
    let doubled =
        failure.ahead(1).filter(|next| next.kind == here.kind && next.span.start == here.span.end);
    if let (Kind::Ampersand, Some(next)) = (here.kind, doubled) {
        let place = here.span.to(next.span);
        return Some(errors::foreign(place, "`&&` does not join conditions", "write `and`"));
    }
    let pair = MARKS.iter().find(|(kind, first, _, _)| {
        failure.touches_back()
            && here.kind == *kind
            && before.is_some_and(|token| token.kind == *first)
    });
    if let (Some((_, _, message, instead)), Some(before)) = (pair, before) {
        return Some(errors::foreign(before.span.to(here.span), message, instead));
    }
    if here.kind == Kind::Question {
        let behind_value = before.is_some_and(|token| token.kind.ends_value());
        let next = failure.ahead(1).filter(|next| next.kind.is_word());
        return match (doubled, next) {
            (Some(next), _) => {
                let place = here.span.to(next.span);
                Some(errors::foreign(place, "`??` is not an operator", "write `coalesce(x, y)`"))
            }
            (None, Some(name)) if !behind_value => {
                let help = format!("write `{}`", name.text);
                Some(errors::foreign(here.span, "variables have no question mark", &help))
            }
            _ => None,
        };
    }
    let lone = LONE_MARKS.iter().find(|(kind, _, _)| here.kind == *kind);
    if let Some((_, message, instead)) = lone {
        return Some(errors::foreign(here.span, message, instead));
    }
    let forms = [
        sql_limit,
        plain_is,
        all_properties,
        cast,
        colon_slice,
        arrow,
        open_comparison,
        round_list,
        procedure,
        whole_set,
        create_something,
        chosen_properties,
        quoted_key,
        dotted_day,
        late_as_of,
        graph_chosen,
        inner_repeat,
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

/// Types of other languages with what makes a value of them.
const CASTS: &[(&[&str], &str)] = &[
    (&["int", "integer", "int64", "int32", "int16", "int8", "bigint", "serial"], "to_int(x)"),
    (&["float", "double", "decimal", "numeric", "real"], "to_float(x)"),
    (&["string", "text", "varchar", "char"], "to_text(x)"),
    (&["date"], "date(x)"),
    (&["timestamp", "datetime"], "datetime(x)"),
];

/// `x::int`, `cast(x as int)`
fn cast(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let before = failure.back(1)?;
    let double_colon = here.kind == Kind::Colon && before.kind == Kind::Colon;
    let called = failure.inside().and_then(|(at, _)| failure.tokens.get(at.checked_sub(1)?));
    let cast_as =
        here.kind == Kind::As && called.is_some_and(|name| name.text.eq_ignore_ascii_case("cast"));
    let wanted =
        failure.ahead(1).map(|wanted| wanted.text.to_ascii_lowercase()).unwrap_or_default();
    let known = CASTS.iter().find(|(types, _)| types.contains(&wanted.as_str()));
    let help = match known {
        Some((_, function)) => format!("write `{function}`"),
        None => "`to_int(x)`, `to_float(x)` and `to_text(x)` turn values into others".to_owned(),
    };
    let span = if double_colon { before.span.to(here.span) } else { here.span };
    (double_colon || cast_as).then(|| errors::foreign(span, "types are not cast this way", &help))
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

/// `x in (1, 2)`
fn round_list(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (at, opener) = failure.inside()?;
    let behind_in = at
        .checked_sub(1)
        .and_then(|at| failure.tokens.get(at))
        .is_some_and(|token| token.kind == Kind::In);
    let fits = failure.here().kind == Kind::Comma && opener.kind == Kind::LParen && behind_in;
    fits.then(|| {
        errors::foreign(opener.span, "lists stand in square brackets", "write `x in [1, 2]`")
    })
}

/// `{'name': 1}`
fn quoted_key(failure: &Failure<'_>) -> Option<Diagnostic> {
    let in_braces = failure.inside().is_some_and(|(_, opener)| opener.kind == Kind::LBrace);
    let here = failure.here();
    let fits = in_braces && here.kind == Kind::Text && failure.wanted.has(Kind::AnyName);
    fits.then(|| {
        errors::foreign(here.span, "names of properties stand without quotes", "write `{name: …}`")
    })
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
    let here = failure.here();
    let compares = here.kind.starts_value() && failure.wanted.has(Kind::Null);
    let asked = ["null", "unknown", "true", "false", "labeled"];
    if let Some(word) = closest(here.text, asked).filter(|_| compares && here.kind == Kind::Name) {
        return Some(errors::misspelt(here, word));
    }
    let message = "`is` asks for null, true, false or a label";
    compares.then(|| errors::foreign(place, message, &format!("to compare values write `{sign}`")))
}

/// Parts of the names of procedures, and what does the same here; the last one is in every name.
const PROCEDURES: &[(&str, &str)] = &[
    ("label", "`dixit schema` lists kinds, edges and properties"),
    ("propert", "`dixit schema` lists kinds, edges and properties"),
    ("relationship", "`dixit schema` lists kinds, edges and properties"),
    ("schema", "`dixit schema` lists kinds, edges and properties"),
    ("show", "`dixit schema` lists kinds, edges and properties"),
    ("table", "`dixit schema` lists kinds, edges and properties"),
    ("fulltext", "full-text search is a condition: `where c.text matches 'peace plan'`"),
    ("fts", "full-text search is a condition: `where c.text matches 'peace plan'`"),
    ("index", "what is declared is indexed by itself"),
    ("path", "`match p = any shortest (a)-[:said]-+(b) return p` finds a path"),
    ("", "`match` asks about the graph; `call (x) { … return … }` runs a query for each row"),
];

/// `call db.labels()`
fn procedure(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let called = failure.kind_back(1) == Some(Kind::Call) && here.kind.is_word();
    let rest = failure.tokens.get(failure.at..)?;
    let parts = rest.iter().take_while(|token| token.kind != Kind::LParen);
    let name: String = parts.map(|token| token.text.to_lowercase()).collect();
    let (_, instead) = PROCEDURES.iter().find(|(part, _)| name.contains(part))?;
    called.then(|| errors::foreign(here.span, "there are no procedures to call", instead))
}

/// `set x = {…}`, `set x += {…}`, `set x:Label`
fn whole_set(failure: &Failure<'_>) -> Option<Diagnostic> {
    let begins = failure.back(1).filter(|token| token.kind.is_word())?;
    let set = matches!(failure.kind_back(2), Some(Kind::Set | Kind::Comma | Kind::Remove));
    let here = failure.here();
    let fits = set && failure.wanted.has(Kind::Dot) && failure.sets();
    let message = match here.kind {
        Kind::Colon | Kind::Is => "the kind of a thing does not change",
        Kind::Equal | Kind::Plus | Kind::LBracket => "properties are set one by one",
        _ => return None,
    };
    let help = format!("write `set {}.name = …`", begins.text);
    fits.then(|| errors::foreign(begins.span.to(here.span), message, &help))
}

/// `create graph type`, `create index`
fn create_something(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let behind = matches!(failure.kind_back(1), Some(Kind::Create | Kind::Insert));
    let message = format!("a query does not create a {}", here.text.to_lowercase());
    let (message, instead) = match here.text.to_ascii_lowercase().as_str() {
        "graph" => (message, "`dixit schema apply FILE` declares kinds and edges"),
        "index" | "constraint" => (message, "what is declared is indexed by itself"),
        _ => return None,
    };
    behind.then(|| errors::foreign(here.span, &message, instead))
}

/// `n { .name }`
fn chosen_properties(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = failure.back(1).filter(|word| word.kind.is_word())?;
    let here = failure.here();
    let fits = here.kind == Kind::LBrace && failure.wanted.has(Kind::Operator);
    let help = format!("write a map: `{{name: {}.name}}`", word.text);
    let place = word.span.to(here.span);
    fits.then(|| errors::foreign(place, "properties are not chosen this way", &help))
}

/// `22.11.2025`
fn dotted_day(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let before = failure.back(1)?;
    let (day, month) = before.text.split_once('.')?;
    let year = here.text.strip_prefix('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = failure.touches_back()
        && [day, month, year].into_iter().all(digits)
        && (day.len(), month.len(), year.len()) <= (2, 2, 4)
        && year.len() == 4;
    let instead = format!("write {year}-{month:0>2}-{day:0>2}");
    fits.then(|| {
        errors::foreign(before.span.to(here.span), "a date begins with its year", &instead)
    })
}

/// `use geneva`: elsewhere that chooses a graph.
fn graph_chosen(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before = failure.back(1).filter(|token| token.kind == Kind::Use)?;
    let instead = "write `use 'definitions.dixit'`; the store is chosen on the command line";
    Some(errors::foreign(before.span, "`use` names a file of definitions, in quotes", instead))
}

/// `match … as of 2025-11-22`, `return … as of 2025-11-22`
fn late_as_of(failure: &Failure<'_>) -> Option<Diagnostic> {
    let word = |token: &Token<'_>| {
        ["of", "recorded"].iter().any(|word| token.text.eq_ignore_ascii_case(word))
    };
    let here = failure.here();
    // As a clause, or behind a value, where the word has passed for its new name.
    let clause = (here.kind == Kind::As).then(|| Some((here, failure.ahead(1)?))).flatten();
    let named = || {
        let first = failure.back(2).filter(|token| token.kind == Kind::As)?;
        let fits = matches!(here.kind, Kind::Day | Kind::Date | Kind::Parameter | Kind::Text);
        Some((first, failure.back(1)?)).filter(|_| fits)
    };
    let (first, second) = clause.or_else(named).filter(|(_, second)| word(second))?;
    let text = format!("as {}", second.text.to_lowercase());
    let message = format!("`{text}` comes too late");
    let help = format!("a query begins with `{text} …`, and has but one time");
    Some(errors::foreign(first.span.to(second.span), &message, &help))
}

/// `-[:reports+]->`, `-[:reports]+->`
fn inner_repeat(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let in_brackets = failure.inside().is_some_and(|(_, opener)| opener.kind == Kind::LBracket)
        && failure.wanted.has(Kind::RBracket)
        && !failure.wanted.has(Kind::Operator);
    let behind = failure.kind_back(1) == Some(Kind::RBracket) && failure.wanted.has(Kind::Minus);
    let fits = matches!(here.kind, Kind::Plus | Kind::Star) && (in_brackets || behind);
    let instead = format!("write it behind the arrow: `-[…]->{}`", here.text);
    fits.then(|| errors::foreign(here.span, "a repeat does not stand here", &instead))
}
