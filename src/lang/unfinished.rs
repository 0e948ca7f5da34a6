//! Reads a text that is still being written: which words would be welcome at the cursor, and the tree with a stand-in
//! for what is wanted there. The text is mended only to be read; nothing here says what is wrong with it.

use super::ast::Script;
use super::grammar::script::{Part, part};
use super::input::{Input, Notebook};
use super::lexer::{comments, is_word_char, lex, unquote};
use super::operators::{OPERATORS, Tightness};
use super::token::{Kind, Kinds, Token, WORDS};
use super::{finish, grammar::literal::name_of};
use crate::base::source::Span;

/// The name, the text or the parameter that stands in for what is wanted at the cursor.
pub const HERE: &str = "\u{0}";

/// What is begun at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A word, of which nothing may be there yet.
    Word,
    /// A name in back-ticks.
    Quoted,
    /// A parameter.
    Parameter,
    /// A text between such quotes.
    Text(char),
}

/// A text with a cursor in it.
#[derive(Debug, Clone)]
pub struct Unfinished {
    /// What is begun.
    pub begun: Begun,
    /// What of it stands in front of the cursor, without quotes or sign.
    pub written: String,
    /// Where all of it stands.
    pub span: Span,
    /// The keywords that would be welcome.
    pub words: Vec<&'static str>,
    /// The script, with [`HERE`] where a name or text is wanted. Its queries are empty where none can be made of it.
    pub script: Script,
}

/// How often a text is mended in front of the cursor.
const MOST_PATCHES: usize = 24;
/// How many closing brackets are put in while it is.
const MOST_CLOSERS: usize = 6;
/// How many tokens are added behind the cursor to end the query.
const MOST_FILLERS: usize = 160;

/// Reads the text; nothing where nothing can be completed, such as in a comment or a number.
pub fn read(text: &str, cursor: usize) -> Option<Unfinished> {
    let cursor = (0..=cursor.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let (begun, span, written) = begun(text, cursor)?;
    let tokens = lex(text.get(..span.start)?);
    let own = tokens.iter().rposition(|token| token.kind == Kind::Semicolon).map_or(0, |at| at + 1);
    let (others, prefix) = tokens.split_at_checked(own)?;
    let mut script = Script::default();
    for other in others.split(|token| token.kind == Kind::Semicolon) {
        take(&mut script, whole(other).map(|part| Part { query: None, ..part }));
    }
    let mut before = prefix.to_vec();
    let welcome = welcome(&mut before, span);
    let before_that = before.last().map(|token| token.kind);
    if stands_in(begun, welcome) {
        let behind = behind(text, span.end);
        take(&mut script, with_stand_in(before, begun, span, &behind));
    }
    let words = if begun == Begun::Word { words(welcome, before_that) } else { Vec::new() };
    Some(Unfinished { begun, written, span, words, script })
}

fn take(script: &mut Script, part: Option<Part>) {
    let Some(Part { uses, params, definitions, query }) = part else { return };
    script.uses.extend(uses);
    script.params.extend(params);
    script.definitions.extend(definitions);
    script.queries.extend(query);
}

/// What is begun at the cursor, where it stands, and what of it stands in front of the cursor.
fn begun(text: &str, cursor: usize) -> Option<(Begun, Span, String)> {
    let before = text.get(..cursor)?;
    let comment = comments(before).pop().filter(|one| one.start + one.text.len() == cursor);
    if comment.is_some_and(|one| !one.text.starts_with("/*") && one.text != "--") {
        return None;
    }
    let last = lex(before).pop().filter(|token| token.span.end == cursor);
    let Some(token) = last else {
        return Some((Begun::Word, Span::new(cursor, cursor), String::new()));
    };
    let start = token.span.start;
    let end_of_word = || cursor + text.get(cursor..).map_or(0, rest_of_word);
    let begins = token.text.chars().next();
    match (token.kind, begins) {
        (Kind::Parameter, _) => {
            Some((Begun::Parameter, Span::new(start, end_of_word()), name_of(&token).text))
        }
        (Kind::Junk, Some(quote @ ('\'' | '"'))) if !is_closed(token.text, quote) => {
            let written = token.text.get(1..).unwrap_or_default();
            let whole = unquote(&format!("{quote}{written}{quote}"));
            let span = Span::new(start, end_of_text(text, start, cursor));
            Some((Begun::Text(quote), span, whole.unwrap_or_else(|_| written.to_owned())))
        }
        (Kind::Junk, Some('`')) => {
            let written = token.text.get(1..).unwrap_or_default().replace("``", "`");
            Some((Begun::Quoted, Span::new(start, end_of_text(text, start, cursor)), written))
        }
        (Kind::Junk, Some('$')) => {
            Some((Begun::Parameter, Span::new(start, end_of_word()), String::new()))
        }
        (Kind::Quoted | Kind::Text | Kind::Int | Kind::Float | Kind::Day | Kind::Junk, _) => None,
        (kind, _) if kind.is_word() => {
            Some((Begun::Word, Span::new(start, end_of_word()), token.text.to_owned()))
        }
        _ => Some((Begun::Word, Span::new(cursor, cursor), String::new())),
    }
}

fn rest_of_word(text: &str) -> usize {
    text.find(|c| !is_word_char(c)).unwrap_or(text.len())
}

fn is_closed(written: &str, quote: char) -> bool {
    written.len() > 1 && written.ends_with(quote)
}

/// Where a text that begins in front of the cursor ends: at the quote that closes it, unless what lies between looks as if
/// that quote opened another one.
fn end_of_text(text: &str, start: usize, cursor: usize) -> usize {
    let token = lex(text.get(start..).unwrap_or_default()).into_iter().next();
    let closed = token.filter(|token| matches!(token.kind, Kind::Text | Kind::Quoted));
    let end = closed.map_or(cursor, |token| start + token.span.end);
    let rest = text.get(cursor..end).unwrap_or_default();
    if rest.contains(['(', ')', '[', ']', '{', '}', '=', '<', '>', ':', ',', '\n']) {
        cursor
    } else {
        end
    }
}

/// The tokens behind the cursor, up to the end of the query.
fn behind(text: &str, end: usize) -> Vec<Token<'_>> {
    let moved = |token: Token<'_>| Span::new(token.span.start + end, token.span.end + end);
    let tokens = lex(text.get(end..).unwrap_or_default()).into_iter();
    let own = tokens.take_while(|token| token.kind != Kind::Semicolon);
    own.map(|token| Token { span: moved(token), ..token }).collect()
}

/// Reads what ends by itself.
fn whole(tokens: &[Token<'_>]) -> Option<Part> {
    let tokens = finish(tokens);
    let notebook = Notebook::default();
    let read = part(Input::new(&tokens, &notebook));
    read.ok().map(|(_, part)| part)
}

fn token(kind: Kind, text: &str, span: Span) -> Token<'_> {
    Token { kind, text, span, comment: None, above: None, partner: None }
}

/// What would be welcome behind these tokens. Where reading stumbles earlier, they are mended first.
fn welcome(tokens: &mut Vec<Token<'_>>, place: Span) -> Kinds {
    let mut closers = 0;
    for _ in 0..MOST_PATCHES {
        let mut all = tokens.clone();
        all.push(token(Kind::Junk, "", place));
        let all = finish(&all);
        let notebook = Notebook::aimed(tokens.len());
        drop(part(Input::new(&all, &notebook)));
        let welcome = notebook.welcome();
        let (stumbled, wanted, stop) = notebook.read();
        if !welcome.is_empty() || stop.is_some() || !patch(tokens, (stumbled, wanted), &mut closers)
        {
            return welcome;
        }
    }
    Kinds::default()
}

/// Mends tokens at which reading stumbled: without the clause, where another one follows; else with a bracket closed; else
/// without the one token.
fn patch(tokens: &mut Vec<Token<'_>>, (at, wanted): (usize, Kinds), closers: &mut usize) -> bool {
    let is_clause = |(_, token): &(usize, &Token<'_>)| CLAUSES.contains(&token.kind);
    let next = tokens.iter().enumerate().skip(at + 1).find(is_clause).map(|(at, _)| at);
    if let Some(next) = next {
        let from = tokens.iter().enumerate().take(at + 1).rfind(is_clause).map_or(0, |(at, _)| at);
        tokens.drain(from..next);
        return true;
    }
    let Some(stumbled) = tokens.get(at).copied() else { return false };
    let closer = [(Kind::RBracket, "]"), (Kind::RParen, ")"), (Kind::RBrace, "}")]
        .into_iter()
        .find(|(kind, _)| wanted.has(*kind));
    match closer {
        Some((kind, sign)) if *closers < MOST_CLOSERS => {
            *closers += 1;
            tokens.insert(at, token(kind, sign, stumbled.span));
        }
        _ => {
            tokens.remove(at);
        }
    }
    true
}

/// The words that begin a clause.
const CLAUSES: &[Kind] = &[
    Kind::Match,
    Kind::Optional,
    Kind::With,
    Kind::Filter,
    Kind::Let,
    Kind::For,
    Kind::Unwind,
    Kind::Call,
    Kind::Return,
    Kind::Insert,
    Kind::Create,
    Kind::Set,
    Kind::Remove,
    Kind::Detach,
    Kind::Delete,
];

/// Whether something can stand in for what is begun.
fn stands_in(begun: Begun, welcome: Kinds) -> bool {
    match begun {
        Begun::Word | Begun::Quoted => welcome.has(Kind::AnyName),
        Begun::Parameter => welcome.has(Kind::Parameter),
        Begun::Text(_) => welcome.has(Kind::Text),
    }
}

/// The query with a stand-in at the cursor: with what is written behind it, if that can be read, else with what ends it
/// soonest.
fn with_stand_in(
    mut tokens: Vec<Token<'_>>,
    begun: Begun,
    span: Span,
    behind: &[Token<'_>],
) -> Option<Part> {
    let (kind, text) = match begun {
        Begun::Word | Begun::Quoted => (Kind::Name, HERE),
        Begun::Parameter => (Kind::Parameter, "$\u{0}"),
        Begun::Text(_) => (Kind::Text, "'\u{0}'"),
    };
    tokens.push(token(kind, text, span));
    if behind.is_empty() {
        return ended(tokens);
    }
    whole(&[&tokens, behind].concat()).or_else(|| ended(tokens))
}

/// Adds what the grammar wants until it is content.
fn ended(mut tokens: Vec<Token<'_>>) -> Option<Part> {
    for _ in 0..MOST_FILLERS {
        let all = finish(&tokens);
        let notebook = Notebook::aimed(tokens.len());
        if let Ok((_, part)) = part(Input::new(&all, &notebook)) {
            return Some(part);
        }
        let welcome = notebook.welcome();
        let (kind, text) = FILLERS.iter().find(|(kind, _)| welcome.has(*kind))?;
        let kind = if *kind == Kind::AnyName { Kind::Name } else { *kind };
        let place = tokens.last().map_or(Span::default(), |last| last.span.after());
        tokens.push(token(kind, text, place));
        match kind {
            Kind::Minus if !comes_from_right(&all) => {
                tokens.push(token(Kind::Greater, ">", place));
            }
            Kind::Return => tokens.push(token(Kind::Null, "null", place)),
            _ => {}
        }
    }
    None
}

/// Whether the edge that ends with the last bracket begins with an arrow head; else it is taken to lead to the right.
fn comes_from_right(tokens: &[Token<'_>]) -> bool {
    let bracket = tokens.iter().rev().find_map(|token| token.partner);
    let head = bracket.and_then(|opener| tokens.get(opener.checked_sub(2)?));
    head.is_some_and(|token| token.kind == Kind::Less)
}

/// What ends a query, the sooner the earlier it stands here.
const FILLERS: &[(Kind, &str)] = &[
    (Kind::RParen, ")"),
    (Kind::RBracket, "]"),
    (Kind::RBrace, "}"),
    (Kind::End, "end"),
    (Kind::Return, "return"),
    (Kind::Null, "null"),
    (Kind::AnyName, "\u{1}"),
    (Kind::Then, "then"),
    (Kind::When, "when"),
    (Kind::Equal, "="),
    (Kind::Colon, ":"),
    (Kind::As, "as"),
    (Kind::In, "in"),
    (Kind::By, "by"),
    (Kind::Of, "of"),
    (Kind::With, "with"),
    (Kind::Text, "''"),
    (Kind::Int, "1"),
    (Kind::Parameter, "$p"),
    (Kind::Dot, "."),
    (Kind::LParen, "("),
    (Kind::LBrace, "{"),
    (Kind::Match, "match"),
    (Kind::Edges, "edges"),
    (Kind::Elements, "elements"),
    (Kind::Where, "where"),
    (Kind::Minus, "-"),
    (Kind::Greater, ">"),
    (Kind::First, "first"),
];

/// The spelling of every welcome keyword, operators of two words as a whole.
fn words(welcome: Kinds, before: Option<Kind>) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = WORDS
        .iter()
        .filter(|(_, kind)| welcome.has(*kind))
        .map(|(spelling, _)| *spelling)
        .collect();
    if welcome.has(Kind::Operator) {
        let is_word = |spelled: &str| spelled.starts_with(|c: char| c.is_alphabetic());
        let fits = |tightness| before != Some(Kind::Not) || tightness == Tightness::Predicate;
        let rows = OPERATORS.iter().filter(|row| is_word(row.spelled) && fits(row.tightness));
        found.extend(rows.map(|row| row.spelled));
    }
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with `|` where the cursor is.
    fn at(text: &str) -> Option<Unfinished> {
        let cursor = text.find('|').unwrap_or(text.len());
        read(&text.replacen('|', "", 1), cursor)
    }

    fn begun_at(text: &str) -> Option<(Begun, String, (usize, usize))> {
        at(text).map(|found| (found.begun, found.written, (found.span.start, found.span.end)))
    }

    #[test]
    fn what_is_begun() {
        assert_eq!(begun_at("mat|"), Some((Begun::Word, "mat".into(), (0, 3))));
        assert_eq!(begun_at("mat|ch (a)"), Some((Begun::Word, "mat".into(), (0, 5))));
        assert_eq!(begun_at("match (a:|)"), Some((Begun::Word, String::new(), (9, 9))));
        assert_eq!(begun_at("return $|"), Some((Begun::Parameter, String::new(), (7, 8))));
        assert_eq!(begun_at("return $si|nce"), Some((Begun::Parameter, "si".into(), (7, 13))));
        assert_eq!(begun_at("(a 'it''s|"), Some((Begun::Text('\''), "it's".into(), (3, 9))));
        assert_eq!(begun_at("(a 'Ru|bio')"), Some((Begun::Text('\''), "Ru".into(), (3, 10))));
        assert_eq!(
            begun_at("(a 'Ru|) where b = 'x'"),
            Some((Begun::Text('\''), "Ru".into(), (3, 6)))
        );
        assert_eq!(begun_at("(`a b|"), Some((Begun::Quoted, "a b".into(), (1, 5))));
        for text in ["return 1|2", "-- comment |", "'closed'|", "/* in |", "2025-11-2|"] {
            assert_eq!(begun_at(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_those_of_the_grammar() {
        let words = |text: &str| at(text).map(|found| found.words).unwrap_or_default();
        assert!(words("|").contains(&"match") && words("|").contains(&"define"));
        assert_eq!(words("match (a) return a order |"), ["by"]);
        assert_eq!(words("match (a) where a.x starts |"), ["with"]);
        assert!(words("match (a) where |").contains(&"exists"));
        assert!(words("match (a) where exists { |").contains(&"match"));
        assert!(words("match (a) |").contains(&"return"));
        assert!(!words("match (a) return a |").contains(&"match"));
        assert!(words("match (a) return a order by a |").contains(&"desc"));
        assert!(words("match (a) where a.x not |").contains(&"contains"));
        assert!(!words("match (a) where a.x not |").contains(&"and"));
        assert!(words("match (a) where not exists { (a |").contains(&"is"));
    }

    #[test]
    fn the_tree_is_there_whatever_is_broken() {
        for text in [
            "match (a:|",
            "match (a:|) return a",
            "match (a)-[:|",
            "match (a)-[s:|]->(c) where c.",
            "match (a where) match (b:|",
            "match (a)-[:said->(c:|",
            "match (a where a.x = = | ",
            "let x = case when | ",
            "match (a) where exists { (a)-[:x]->(b) where b.|",
            "call { match (a) return a. |",
            "define f(a: Actor) as a.|",
            "set a.|",
            "with [x in a where x.|",
            "match (a) return a.name order by |",
            "for x in |",
            "return 1; match (a 'x|",
        ] {
            let found = at(text).map(|found| format!("{:?}", found.script)).unwrap_or_default();
            assert!(found.contains("\\0"), "{text}\n{found}");
        }
    }
}
