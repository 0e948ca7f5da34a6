//! The wording of what is wrong with a text: one small function for each mistake, named after it.
//! Codes `D01xx` are about single tokens, `D02xx` about how they stand together.

use super::input::{DEEPEST, TALLEST};
use super::token::{Kind, Kinds, Token};
use crate::base::date::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;

/// D0101: a quote that nothing closes.
pub(crate) fn open_quote(opener: Span, quote: char) -> Diagnostic {
    Diagnostic::error("D0101", opener, format!("this quote ({quote}) is never closed"))
        .here("the text begins here")
        .help(format!("write {quote} where the text ends"))
}

/// D0102: an apostrophe inside single quotes ended the text too early.
pub(crate) fn bare_apostrophe(place: Span) -> Diagnostic {
    Diagnostic::error("D0102", place, "an apostrophe ended the text here")
        .here("the text was meant to go on")
        .help("double it inside the quotes: `'it''s'`")
}

/// D0103: a back-tick that nothing closes.
pub(crate) fn open_back_tick(opener: Span) -> Diagnostic {
    Diagnostic::error("D0103", opener, "this back-tick is never closed")
        .here("the name begins here")
}

/// D0104: a comment that nothing closes.
pub(crate) fn open_comment(opener: Span) -> Diagnostic {
    Diagnostic::error("D0104", opener, "this comment is never closed")
        .here("it begins here")
        .help("write `*/` where it ends")
}

/// D0105: a backslash before something that it gives no meaning.
pub(crate) fn unknown_escape(place: Span, written: &str) -> Diagnostic {
    Diagnostic::error("D0105", place, format!("`{written}` is no escape"))
        .here("known are \\n, \\t, \\\\, \\', \\\" and \\u with four hex digits")
        .help("for a plain backslash write `\\\\`")
}

/// D0106: a number that cannot be read.
pub(crate) fn bad_number(token: &Token<'_>) -> Diagnostic {
    Diagnostic::error(
        "D0106",
        token.span,
        format!("`{}` is neither a number nor a name", token.text),
    )
    .here("numbers look like 42, 1_000, 0x1f, 3.14 or 6e23")
    .help_if(
        token.text.contains(char::is_alphabetic).then(|| {
            format!("a name that begins with a digit stands in back-ticks: `{}`", token.text)
        }),
    )
}

/// D0107: a whole number that does not fit.
pub(crate) fn huge_number(place: Span) -> Diagnostic {
    Diagnostic::error("D0107", place, "this number is too large")
        .here("whole numbers go up to 9223372036854775807")
}

/// D0108: a count in a quantifier that does not fit.
pub(crate) fn huge_count(place: Span) -> Diagnostic {
    Diagnostic::error("D0108", place, "no path is as long as that")
        .here("counts go up to 4294967295")
}

/// D0109: a date in a notation that stands for none.
pub(crate) fn bad_date(token: &Token<'_>) -> Diagnostic {
    let suggestion = Date::parse(token.text).err().and_then(|bad| bad.suggestion);
    Diagnostic::error("D0109", token.span, format!("`{}` is not a date", token.text))
        .here("dates look like 2025-11-22 or 2025-11")
        .help_if(suggestion.map(|date| format!("did you mean {date}?")))
}

/// D0110: a point in time without `datetime` and quotes.
pub(crate) fn point_in_time(place: Span) -> Diagnostic {
    Diagnostic::error("D0110", place, "a time of day does not stand here without quotes")
        .help("write `datetime '2025-11-22T10:00:00Z'`, or the day alone")
}

/// D0111: curly quotes, as word processors make them.
pub(crate) fn curly_quote(place: Span, words: Option<&str>) -> Diagnostic {
    let example = words.map_or("'peace' or \"peace\"".to_owned(), |words| format!("'{words}'"));
    Diagnostic::error("D0111", place, "this is a typographic quotation mark")
        .help(format!("texts stand between straight quotes: {example}"))
}

/// D0112: a dollar sign without a name.
pub(crate) fn nameless_parameter(place: Span) -> Diagnostic {
    Diagnostic::error("D0112", place, "a parameter's name is missing")
        .here("expected a name right behind `$`")
}

/// D0113: a character that means nothing.
pub(crate) fn stray_character(token: &Token<'_>, instead: Option<&str>) -> Diagnostic {
    Diagnostic::error(
        "D0113",
        token.span,
        format!("the character `{}` has no meaning here", token.text.escape_debug()),
    )
    .help_if(instead.map(str::to_owned))
}

/// D0201: something stands where it does not fit, and no hint knows better.
pub(crate) fn unexpected(token: &Token<'_>, wanted: Kinds) -> Diagnostic {
    let message = match token.kind {
        Kind::Finish => "the query ends too early".to_owned(),
        _ => format!("{} does not fit here", shown(token)),
    };
    Diagnostic::error("D0201", token.span, message).here_if(expected(wanted))
}

/// Likewise where a query begins.
pub(crate) fn no_beginning(token: &Token<'_>) -> Diagnostic {
    let message = format!("{} does not begin a query", shown(token));
    Diagnostic { message, ..unexpected(token, Kinds::default()) }
        .here("a query begins with `match` or `return`")
        .help("a short one is `match (a:Actor) return a.name`")
}

/// A token as a message quotes it.
pub(crate) fn shown(token: &Token<'_>) -> String {
    match token.kind {
        Kind::Finish => "the end of the query".to_owned(),
        Kind::Quoted => format!("the name {}", token.text),
        _ if token.text.chars().count() > 30 => "this".to_owned(),
        _ => format!("`{}`", token.text),
    }
}

/// At most four things that were expected, as a phrase.
fn expected(wanted: Kinds) -> Option<String> {
    let rank = |kind: &Kind| match kind {
        Kind::Expression | Kind::Pattern | Kind::LabelName => 0,
        Kind::AnyName | Kind::Clause => 1,
        Kind::Where | Kind::Return | Kind::Comma | Kind::RParen | Kind::RBracket | Kind::RBrace => {
            2
        }
        Kind::Operator | Kind::Not | Kind::Semicolon | Kind::Finish => 4,
        _ => 3,
    };
    let mut kinds: Vec<Kind> = wanted.iter().collect();
    kinds.sort_by_key(|kind| (rank(kind), *kind));
    let phrases: Vec<String> = kinds.into_iter().take(4).map(Kind::phrase).collect();
    match phrases.split_last()? {
        (only, []) => Some(format!("expected {only}")),
        (last, others) => Some(format!("expected {} or {last}", others.join(", "))),
    }
}

/// D0202: a script without a query.
pub(crate) fn nothing_asked(place: Span, declares: bool) -> Diagnostic {
    let message = if declares {
        "what is declared is not followed by a query"
    } else {
        "there is no query here"
    };
    Diagnostic::error("D0202", place, message)
        .help("a short one is `match (a:Actor) return a.name`")
}

/// D0203: brackets nested deeper than we go.
pub(crate) fn too_deep(place: Span) -> Diagnostic {
    Diagnostic::error("D0203", place, "this is nested too deep")
        .here(format!("level {} begins here; {DEEPEST} is the limit", DEEPEST + 1))
}

/// D0204: more operators in one expression than we take.
pub(crate) fn too_tall(place: Span) -> Diagnostic {
    Diagnostic::error("D0204", place, "this expression is too long")
        .here(format!("about {TALLEST} operators in a row are the limit"))
        .help("`x in [a, b, …]` takes any number of values")
}

/// D0205: a word that is nearly a keyword.
pub(crate) fn misspelt(token: &Token<'_>, keyword: &str) -> Diagnostic {
    Diagnostic::error("D0205", token.span, format!("{} does not fit here", shown(token)))
        .here(format!("did you mean `{keyword}`?"))
}

/// D0207: a habit from another language.
pub(crate) fn foreign(place: Span, message: &str, instead: &str) -> Diagnostic {
    Diagnostic::error("D0207", place, message).help(instead)
}

/// D0208: an opening bracket that nothing closes.
pub(crate) fn never_closed(opener: &Token<'_>, stumbled: &Token<'_>) -> Diagnostic {
    let closer = opener.kind.closer().map(Kind::phrase).unwrap_or_default();
    let mistake =
        Diagnostic::error("D0208", opener.span, format!("this {} is never closed", shown(opener)));
    match stumbled.kind {
        Kind::Finish => mistake.here(format!("expected {closer} somewhere behind it")),
        _ => mistake.also(stumbled.span, format!("expected {closer} before this")),
    }
}

/// D0209: a closing bracket that closes nothing.
pub(crate) fn stray_closer(token: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0209", token.span, format!("this {} closes nothing", shown(token)))
}

/// D0210: a query that returns nothing.
pub(crate) fn no_return(place: Span) -> Diagnostic {
    Diagnostic::error("D0210", place, "the query has no `return`")
        .here("expected `return` and what to show")
        .help("for example `return *`")
}

/// D0211: something behind the `return` that belongs in front of it.
pub(crate) fn after_return(token: &Token<'_>, returned: Span) -> Diagnostic {
    Diagnostic::error("D0211", token.span, format!("{} stands behind the `return`", shown(token)))
        .also(returned, "the query ends with this")
        .help("put it in front of `return`, or `;` between two queries")
}

/// D0212: a chain of comparisons over something that is too long to be asked twice.
pub(crate) fn chained_comparison(token: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0212", token.span, "this chain of comparisons is too long")
        .here("a second comparison of what stands before it")
        .help("say both: `a < b and b < c`")
}

/// D0213: two things side by side without a comma.
pub(crate) fn missing_comma(token: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0213", token.span, format!("{} does not fit here", shown(token)))
        .here("is a comma missing in front of this?")
}

/// D0214: a comma with nothing behind it.
pub(crate) fn needless_comma(comma: Span, follower: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0214", comma, "nothing follows this comma")
        .here("leave it out, or say what comes next")
        .also(follower.span, "this cannot follow it")
}

/// D0215: a node without its parentheses.
pub(crate) fn bare_node(token: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0215", token.span, format!("{} does not fit here", shown(token)))
        .help(format!("a node stands in parentheses: `({})`", token.text))
}

/// D0216: a name where a text is meant.
pub(crate) fn unquoted_text(token: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0216", token.span, format!("{} does not fit here", shown(token)))
        .help(format!("a text to look for stands in quotes: `'{}'`", token.text))
}

/// D0217: the parts of a projection in the wrong order.
pub(crate) fn wrong_order(token: &Token<'_>, limit: Span) -> Diagnostic {
    Diagnostic::error("D0217", token.span, format!("{} comes too late", shown(token)))
        .also(limit, "this closes the `return`")
        .help("the order is: `order by`, `offset`, `limit`")
}

/// D0218: a `param` line behind a query.
pub(crate) fn late_param(place: Span) -> Diagnostic {
    Diagnostic::error("D0218", place, "parameters are declared before the first query")
        .help("move this `param` line to the top")
}

/// D0711: a `use` line behind a query.
pub(crate) fn late_use(place: Span) -> Diagnostic {
    Diagnostic::error("D0711", place, "files are named before the first query")
        .help("move this `use` to the top")
}

/// D0221: a `define` line behind a query.
pub(crate) fn late_definition(place: Span) -> Diagnostic {
    Diagnostic::error("D0221", place, "definitions stand before the first query")
        .help("move this `define` to the top")
}

/// D0219: a `not` that binds too loosely for its place.
pub(crate) fn loose_not(place: Span) -> Diagnostic {
    Diagnostic::error("D0219", place, "`not` binds more loosely than the operator before it")
        .help("put it in parentheses: `(not …)`")
}

/// D0220: the name of a clause where its first part is missing.
pub(crate) fn nothing_between(token: &Token<'_>, before: &Token<'_>) -> Diagnostic {
    Diagnostic::error("D0220", before.span, format!("nothing follows {}", shown(before)))
        .here_if(Some(format!("expected something between this and {}", shown(token))))
}

/// D0704: a file that is to hold a graph type and does not begin like one.
pub(crate) fn no_graph_type(place: Span) -> Diagnostic {
    Diagnostic::error("D0704", place, "a graph type begins with `create graph type NAME {`")
        .help("for example: `create graph type films { (:Person {name text}) }`")
}

/// D0705: a second graph type in a file.
pub(crate) fn second_graph_type(place: Span) -> Diagnostic {
    Diagnostic::error("D0705", place, "a file holds one graph type, and this stands behind it")
        .help("put it into a file of its own")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_belong_to_this_stage() {
        let source = include_str!("errors.rs");
        let codes: Vec<&str> = source
            .split("Diagnostic::error(\"D")
            .skip(1)
            .filter_map(|rest| rest.get(..4))
            .collect();
        let unique: BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes.len(), unique.len());
        assert!(
            codes.iter().all(|code| ["01", "02", "07"].iter().any(|stage| code.starts_with(stage))),
            "{codes:?}"
        );
    }
}
