//! What a failure to read probably means. Each hint looks at the tokens around the farthest failure;
//! the first that recognises something gives the message.

use super::arrows;
use super::errors;
use super::forms;
use super::habits;
use super::input::{Notebook, Stop};
use super::lexer::{LARGEST, is_whole, magnitude, unquote};
use super::sql;
use super::sql_parts;
use super::token::{Kind, Kinds, Token};
use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Span;

/// Where reading failed, and what would have been welcome there.
pub(crate) struct Failure<'t> {
    pub(crate) tokens: &'t [Token<'t>],
    pub(crate) at: usize,
    pub(crate) wanted: Kinds,
    stop: Option<Stop>,
}

/// Looks at a failure and says what it means, if it knows.
type Hint = fn(&Failure<'_>) -> Option<Diagnostic>;

/// Every hint, the surest first.
const HINTS: &[(&str, Hint)] = &[
    ("too much of it", too_much),
    ("a statement of another language", sql::statement),
    ("a part of another language's statement", sql_parts::part),
    ("an unreadable token", unreadable),
    ("a number that does not fit", huge),
    ("an apostrophe that ends a text", early_end),
    ("a pattern drawn in another way", arrows::drawn_otherwise),
    ("a form of another language", forms::foreign_form),
    ("a mark of another language", habits::foreign_mark),
    ("a word of another language", habits::foreign_word),
    ("a name of several words", forms::name_of_words),
    ("a clause behind the return", after_return),
    ("the parts of a return in the wrong order", wrong_order),
    ("a bracket that closes nothing", stray_closer),
    ("a comma too many", needless_comma),
    ("a bracket that is never closed", never_closed),
    ("a `not` out of place", loose_not),
    ("comparisons in a row", chained_comparison),
    ("a text without quotes", unquoted_text),
    ("a node without parentheses", bare_node),
    ("a misspelt keyword", misspelt),
    ("a misspelt word of another language", habits::foreign_misspelt),
    ("a missing comma", missing_comma),
    ("a query without a return", no_return),
    ("an empty clause", nothing_between),
];

/// The best message for a failure.
pub(crate) fn explain(failure: &Failure<'_>) -> Diagnostic {
    let known = HINTS.iter().find_map(|(_, hint)| hint(failure));
    known.unwrap_or_else(|| match failure.at {
        0 => errors::no_beginning(failure.here()),
        _ => errors::unexpected(failure.here(), failure.wanted),
    })
}

const NOTHING: &Token<'static> = &Token {
    kind: Kind::Finish,
    text: "",
    span: Span { start: 0, end: 0 },
    comment: None,
    above: None,
    partner: None,
};

impl<'t> Failure<'t> {
    /// What the notebook says about a query's tokens.
    pub(crate) fn new(tokens: &'t [Token<'t>], notebook: &Notebook) -> Self {
        let (at, wanted, stop) = notebook.read();
        Self { tokens, at, wanted, stop }
    }

    /// The token that did not fit.
    pub(crate) fn here(&self) -> &'t Token<'t> {
        self.tokens.get(self.at).or(self.tokens.last()).unwrap_or(NOTHING)
    }

    /// The token so many places before it.
    pub(crate) fn back(&self, places: usize) -> Option<&'t Token<'t>> {
        self.at.checked_sub(places).and_then(|at| self.tokens.get(at))
    }

    /// The kind of the token so many places before it.
    pub(crate) fn kind_back(&self, places: usize) -> Option<Kind> {
        self.back(places).map(|token| token.kind)
    }

    /// The token so many places behind it.
    pub(crate) fn ahead(&self, places: usize) -> Option<&'t Token<'t>> {
        self.tokens.get(self.at + places)
    }

    /// Whether the token before this one touches it.
    pub(crate) fn touches_back(&self) -> bool {
        self.back(1).is_some_and(|token| token.span.end == self.here().span.start)
    }

    /// The two brackets of a pair that closes right before here, by their positions.
    pub(crate) fn bracket_behind(&self, closer: Kind) -> Option<(usize, usize)> {
        let at = self.at.checked_sub(1)?;
        let token = self.tokens.get(at).filter(|token| token.kind == closer)?;
        Some((at, token.partner?))
    }

    /// Whether the clause at hand sets or removes properties.
    pub(crate) fn sets(&self) -> bool {
        let clause = self.behind().map(|token| token.kind).find(|kind| begins_part(*kind));
        matches!(clause, Some(Kind::Set | Kind::Remove))
    }

    /// Everything before the token that did not fit, nearest first.
    pub(crate) fn behind(&self) -> impl Iterator<Item = &'t Token<'t>> {
        self.tokens.iter().take(self.at).rev()
    }

    /// The innermost bracket that is open here, with its position.
    pub(crate) fn inside(&self) -> Option<(usize, &'t Token<'t>)> {
        let open = |at: usize, token: &Token<'_>| {
            token.kind.closer().is_some()
                && token.partner.is_none_or(|partner| partner >= self.at.max(at))
        };
        self.tokens.iter().enumerate().take(self.at).rev().find(|(at, token)| open(*at, token))
    }
}

/// Tokens as they were written, but with one blank where there were several.
pub(crate) fn written(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in tokens {
        if end.is_some_and(|end| end < token.span.start) {
            text.push(' ');
        }
        text += token.text;
        end = Some(token.span.end);
    }
    text
}

/// A word that touches the end of a single-quoted text: the text was meant to go on.
fn early_end(failure: &Failure<'_>) -> Option<Diagnostic> {
    let text =
        failure.back(1).filter(|text| text.kind == Kind::Text && text.text.starts_with('\''))?;
    let goes_on = failure.touches_back() && failure.here().text.starts_with(char::is_alphanumeric);
    let end = Span::new(text.span.end.saturating_sub(1), text.span.end);
    goes_on.then(|| errors::bare_apostrophe(end))
}

fn too_much(failure: &Failure<'_>) -> Option<Diagnostic> {
    let place = |at: usize| failure.tokens.get(at).map_or(Span::default(), |token| token.span);
    failure.stop.map(|stop| match stop {
        Stop::Deep(at) => errors::too_deep(place(at)),
        Stop::Tall(at) => errors::too_tall(place(at)),
    })
}

fn unreadable(failure: &Failure<'_>) -> Option<Diagnostic> {
    let token = failure.here();
    let first = token.text.chars().next()?;
    let opener = Span::new(token.span.start, token.span.start + first.len_utf8());
    (token.kind == Kind::Junk).then(|| match first {
        '\'' | '"' if token.text.len() > 1 && token.text.ends_with(first) => bad_escape(token),
        '\'' if failure.touches_back() && failure.kind_back(2) == Some(Kind::Text) => {
            apostrophe(failure)
        }
        '\'' | '"' => errors::open_quote(opener, first),
        '`' => errors::open_back_tick(opener),
        '/' => errors::open_comment(Span::new(opener.start, opener.end + 1)),
        '$' => errors::nameless_parameter(token.span),
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '´' => curly_quote(failure),
        '0'..='9' => unreadable_number(token),
        _ => errors::stray_character(token, meant_by(first)),
    })
}

/// Signs that look like others, or mean in other languages what is written in another way here.
const LOOKALIKES: &[(&str, &str)] = &[
    (
        "—–−‐‑‒―",
        "this is a dash as word processors make it: edges are drawn with `-`, comments begin with `--`",
    ),
    ("→⟶⇒➔➜", "an arrow is drawn with two signs: `->`"),
    ("←⟵⇐", "an arrow is drawn with two signs: `<-`"),
    ("…", "write two dots: `..`"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `<>`"),
    ("∧", "write `and`"),
    ("∨", "write `or`"),
    ("¬~", "write `not`"),
    ("∈", "write `in`"),
    ("#", "a comment begins with `--` or `//`"),
    ("\\", "a line goes on by itself on the next one"),
    ("@", "a parameter begins with `$`"),
    ("（", "write `(`"),
    ("）", "write `)`"),
    ("，、", "write `,`"),
    ("：", "write `:`"),
    ("；", "write `;`"),
];

fn meant_by(sign: char) -> Option<&'static str> {
    LOOKALIKES.iter().find(|(signs, _)| signs.contains(sign)).map(|(_, instead)| *instead)
}

/// What stands between two typographic quotation marks, if it is short.
fn curly_quote(failure: &Failure<'_>) -> Diagnostic {
    let behind = failure.tokens.get(failure.at + 1..).unwrap_or_default();
    let quoted = behind.iter().take(12).position(|token| {
        token.kind == Kind::Junk && token.text.starts_with(['“', '”', '‘', '’', '«', '»', '´'])
    });
    let words = quoted.and_then(|end| behind.get(..end)).map(written);
    let words = words.filter(|words| !words.is_empty() && !words.contains('\''));
    errors::curly_quote(failure.here().span, words.as_deref())
}

/// The first escape that means nothing; a text whose last quote is escaped is an open one.
fn bad_escape(token: &Token<'_>) -> Diagnostic {
    let offset = unquote(token.text).err().unwrap_or_default();
    let written: String = token.text.get(offset..).unwrap_or_default().chars().take(2).collect();
    let start = token.span.start + offset;
    if start + written.len() >= token.span.end {
        let quote = token.text.chars().next().unwrap_or('\'');
        return errors::open_quote(Span::new(token.span.start, token.span.start + 1), quote);
    }
    errors::unknown_escape(Span::new(start, start + written.len()), &written)
}

/// In `'it's'` the second quote ended the text.
fn apostrophe(failure: &Failure<'_>) -> Diagnostic {
    let end = failure.back(2).map_or(0, |text| text.span.end);
    errors::bare_apostrophe(Span::new(end.saturating_sub(1), end))
}

fn unreadable_number(token: &Token<'_>) -> Diagnostic {
    let only_digits =
        token.text.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | 'e' | 'E'));
    let dashed = token.text.get(4..).is_some_and(|rest| rest.starts_with('-'));
    if dashed && token.text.contains(['T', ':']) {
        errors::point_in_time(token.span)
    } else if dashed {
        errors::bad_date(token)
    } else if is_whole(token.text)
        || (only_digits && !token.text.ends_with('_') && !token.text.contains("__"))
    {
        errors::huge_number(token.span)
    } else {
        errors::bad_number(token)
    }
}

fn huge(failure: &Failure<'_>) -> Option<Diagnostic> {
    let token = failure.here();
    let size = magnitude(token.text).filter(|_| token.kind == Kind::Int)?;
    if size >= LARGEST {
        return Some(errors::huge_number(token.span));
    }
    (failure.wanted.has(Kind::Int) && size > u64::from(u32::MAX))
        .then(|| errors::huge_count(token.span))
}

/// Keywords that begin a clause or a part of one.
pub(crate) fn begins_part(kind: Kind) -> bool {
    use Kind::{Limit, Offset, Order, Return, Skip, Where};
    begins_clause(kind) || matches!(kind, Where | Return | Order | Limit | Offset | Skip)
}

/// Keywords that begin a clause in front of the `return`.
fn begins_clause(kind: Kind) -> bool {
    use Kind::{
        Call, Create, Delete, Detach, Filter, For, Insert, Let, Match, Optional, Remove, Set,
        Unwind, With,
    };
    matches!(
        kind,
        Match
            | Optional
            | With
            | Filter
            | Let
            | For
            | Unwind
            | Call
            | Insert
            | Create
            | Set
            | Remove
            | Detach
            | Delete
    )
}

fn after_return(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let belongs_before =
        begins_clause(here.kind) || matches!(here.kind, Kind::Where | Kind::Return);
    if !belongs_before || failure.inside().is_some() || !failure.kind_back(1)?.ends_value() {
        return None;
    }
    let returned = failure.behind().find(|token| token.kind == Kind::Return)?;
    Some(errors::after_return(here, returned.span))
}

fn wrong_order(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    if !matches!(here.kind, Kind::Order | Kind::Offset | Kind::Skip | Kind::Group) {
        return None;
    }
    let later = |kind| match here.kind {
        Kind::Order | Kind::Group => {
            matches!(kind, Kind::Limit | Kind::Offset | Kind::Skip | Kind::Order)
        }
        _ => kind == Kind::Limit,
    };
    let part =
        failure.behind().find(|token| begins_part(token.kind)).filter(|token| later(token.kind))?;
    Some(errors::wrong_order(here, part.span))
}

fn stray_closer(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let closes = matches!(here.kind, Kind::RParen | Kind::RBracket | Kind::RBrace);
    let stray = closes && here.partner.is_none() && unclosed(failure).is_none();
    stray.then(|| errors::stray_closer(here))
}

fn needless_comma(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let closes = matches!(here.kind, Kind::RParen | Kind::RBracket | Kind::RBrace | Kind::Finish);
    let comma = failure.back(1).filter(|token| token.kind == Kind::Comma)?;
    (closes || begins_part(here.kind)).then(|| errors::needless_comma(comma.span, here))
}

/// The innermost bracket before the failure that has no other half.
fn unclosed<'t>(failure: &Failure<'t>) -> Option<&'t Token<'t>> {
    failure.behind().find(|token| token.kind.closer().is_some() && token.partner.is_none())
}

fn never_closed(failure: &Failure<'_>) -> Option<Diagnostic> {
    let (_, inside) = failure.inside()?;
    let opener = unclosed(failure)?;
    let ends =
        matches!(failure.here().kind, Kind::Finish | Kind::RParen | Kind::RBracket | Kind::RBrace);
    let welcome = opener.kind.closer().is_some_and(|closer| failure.wanted.has(closer));
    (inside == opener && (welcome || ends || begins_part(failure.here().kind)))
        .then(|| errors::never_closed(opener, failure.here()))
}

fn loose_not(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    (here.kind == Kind::Not && failure.wanted.has(Kind::Expression))
        .then(|| errors::loose_not(here.span))
}

fn chained_comparison(failure: &Failure<'_>) -> Option<Diagnostic> {
    use Kind::{Alike, Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual, NotEqualBang};
    let compares = |kind| {
        matches!(
            kind,
            Equal | NotEqual | NotEqualBang | Alike | Less | LessEqual | Greater | GreaterEqual
        )
    };
    let here = failure.here();
    let had_one = failure
        .behind()
        .take_while(|token| !begins_part(token.kind))
        .any(|token| compares(token.kind));
    let behind_value = failure.wanted.has(Kind::Operator) && failure.kind_back(1)?.ends_value();
    (compares(here.kind) && had_one && behind_value).then(|| errors::chained_comparison(here))
}

fn unquoted_text(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    (matches!(here.kind, Kind::Name)
        && failure.wanted.has(Kind::Text)
        && failure.wanted.has(Kind::RParen))
    .then(|| errors::unquoted_text(here))
}

/// `match a-[:x]->(b)`, `(a)-[:x]->b`
fn bare_node(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let before = failure.kind_back(1)?;
    let begins = matches!(before, Kind::Match | Kind::Comma);
    let node_place = begins || matches!(before, Kind::Greater | Kind::Minus);
    let misspelt_next = failure.ahead(1).is_some_and(|next| next.kind == Kind::LParen);
    (here.kind == Kind::Name && node_place && !misspelt_next && failure.wanted.has(Kind::Pattern))
        .then(|| errors::bare_node(here))
}

/// Looks at the word that failed, and at the one before, which may have passed for an alias.
fn misspelt(failure: &Failure<'_>) -> Option<Diagnostic> {
    let known = [
        "match", "optional", "where", "filter", "with", "return", "group", "order", "offset",
        "skip", "limit",
    ];
    let operators =
        ["contains", "starts with", "ends with", "matches", "and", "desc", "asc", "distinct"];
    let near = |token: &'_ Token<'_>| {
        let long = token.kind == Kind::Name && token.text.chars().count() > 1;
        let behind_value = failure.wanted.has(Kind::Operator) && token == failure.here();
        let more = if behind_value { operators.as_slice() } else { &[] };
        closest(token.text, known.into_iter().chain(more.iter().copied())).filter(|_| long)
    };
    let here = failure.here();
    match here.kind {
        Kind::Starts => return Some(errors::misspelt(here, "starts with")),
        Kind::Ends => return Some(errors::misspelt(here, "ends with")),
        _ => {}
    }
    let before = failure.back(1).filter(|_| failure.kind_back(2).is_some_and(Kind::ends_value));
    let found = near(here).map(|word| (here, word));
    let first = || before.filter(|_| failure.at == 1 || here.kind != Kind::Finish);
    let start = || failure.back(1).filter(|_| failure.at == 1);
    let (token, keyword) =
        found.or_else(|| first().or_else(start).and_then(|token| Some((token, near(token)?))))?;
    Some(errors::misspelt(token, keyword))
}

/// Two values side by side; a bare name between them has passed for an alias.
fn missing_comma(failure: &Failure<'_>) -> Option<Diagnostic> {
    let here = failure.here();
    let after_value = failure.kind_back(1)?.ends_value();
    if !after_value || !failure.wanted.has(Kind::Comma) {
        return None;
    }
    let alias = failure.back(1).filter(|token| token.kind == Kind::Name);
    let had_value = failure.kind_back(2).is_some_and(Kind::ends_value);
    match alias {
        Some(alias)
            if had_value && matches!(here.kind, Kind::Dot | Kind::LParen | Kind::LBracket) =>
        {
            Some(errors::missing_comma(alias))
        }
        _ => here.kind.starts_value().then(|| errors::missing_comma(here)),
    }
}

fn no_return(failure: &Failure<'_>) -> Option<Diagnostic> {
    let ends = failure.here().kind == Kind::Finish && failure.wanted.has(Kind::Return);
    ends.then(|| errors::no_return(failure.here().span))
}

fn nothing_between(failure: &Failure<'_>) -> Option<Diagnostic> {
    let before =
        failure.back(1).filter(|token| begins_part(token.kind) || token.kind == Kind::By)?;
    let here = failure.here();
    (begins_part(here.kind) || here.kind == Kind::Finish)
        .then(|| errors::nothing_between(here, before))
}
