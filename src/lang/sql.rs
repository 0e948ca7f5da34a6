//! Whole statements of SQL and SPARQL, said the way of this language. A translation is offered only where it can be
//! read; otherwise an example is.

use super::errors;
use super::hints::{Failure, written};
use super::token::{Kind, Token};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Source;

/// A statement by its first words: what is wrong, how to translate it, and an example for what cannot be translated.
struct Statement {
    words: &'static [&'static str],
    message: &'static str,
    translate: fn(&[Token<'_>]) -> Option<String>,
    example: &'static str,
}

const STATEMENTS: &[Statement] = &[
    Statement {
        words: &["select"],
        message: "queries do not begin with `select`",
        translate: select,
        example: "`match` finds and `return` shows: `match (a:Actor) return a.name`",
    },
    Statement {
        words: &["update"],
        message: "there is no `update`",
        translate: update,
        example: "write `match … set x.name = …`",
    },
    Statement {
        words: &["delete", "from"],
        message: "things are found before they are deleted",
        translate: delete,
        example: "write `match (a:Actor) where … delete a`",
    },
    Statement {
        words: &["insert", "into"],
        message: "nothing is inserted into tables",
        translate: insert,
        example: "write `insert (:Kind {name: …})`",
    },
];

/// The longest translation that is shown.
const LONGEST: usize = 160;

/// `select name from Actor`, `update Actor set name = 'x'`
pub(crate) fn statement(failure: &Failure<'_>) -> Option<Diagnostic> {
    let tokens = failure.tokens;
    let begins = |statement: &&Statement| {
        let words = statement.words.iter();
        let alike = words.zip(tokens).filter(|(word, token)| token.text.eq_ignore_ascii_case(word));
        alike.count() == statement.words.len() && failure.at <= statement.words.len()
    };
    let Statement { words, message, translate, example } = STATEMENTS.iter().find(begins)?;
    let place = tokens.first()?.span.to(tokens.get(words.len() - 1)?.span);
    let tokens = tokens.split_last().map_or(tokens, |(_, tokens)| tokens);
    let meant = translate(tokens.get(words.len()..)?).filter(|meant| can_be_read(meant));
    let help = meant.map_or((*example).to_owned(), |meant| format!("write `{meant}`"));
    Some(errors::foreign(place, message, &help))
}

pub(crate) fn can_be_read(meant: &str) -> bool {
    meant.chars().count() <= LONGEST && super::parse(&Source::inline(meant)).is_ok()
}

fn is(token: &Token<'_>, word: &str) -> bool {
    token.text.eq_ignore_ascii_case(word)
}

/// The table that stands first, by a variable for its rows; and what stands behind it.
struct Table<'t, 's> {
    var: String,
    kind: &'s str,
    rest: &'t [Token<'s>],
}

impl<'t, 's> Table<'t, 's> {
    fn read(tokens: &'t [Token<'s>]) -> Option<Self> {
        let (kind, rest) = tokens.split_first().filter(|(kind, _)| kind.kind.is_word())?;
        let rest = match rest.split_first() {
            Some((first, rest)) if first.kind == Kind::As => rest,
            _ => rest,
        };
        let (var, rest) = match rest.split_first() {
            Some((alias, rest)) if alias.kind == Kind::Name && !is_join_word(alias) => {
                (alias.text.to_owned(), rest)
            }
            _ => (kind.text.chars().take(1).flat_map(char::to_lowercase).collect(), rest),
        };
        Some(Self { var, kind: kind.text, rest })
    }

    fn node(&self) -> String {
        format!("({}:{})", self.var, self.kind)
    }

    /// The table that is joined to it, and what stands behind its condition.
    fn joined(&self) -> Option<(Self, &'t [Token<'s>])> {
        let at = self.rest.iter().take(3).position(|token| is(token, "join"))?;
        let other = Self::read(self.rest.get(at + 1..)?)?;
        let plain = self.rest.iter().take(at).all(|one| is(one, "inner"));
        let goes_on = |one: &Token<'_>| {
            !is(one, "on") && is_join_word(one)
                || matches!(one.kind, Kind::Where | Kind::Group | Kind::Order | Kind::Limit)
        };
        let end = other.rest.iter().position(goes_on).unwrap_or(other.rest.len());
        let rest = other.rest.get(end..)?;
        plain.then_some((other, rest))
    }

    /// What stands behind it, up to a word, with its columns as properties; and the rest from that word on.
    fn until(&self, word: &str) -> (String, &'t [Token<'s>]) {
        let at = self.rest.iter().position(|token| is(token, word)).unwrap_or(self.rest.len());
        let (before, behind) = self.rest.split_at(at);
        (self.columns(before), behind)
    }

    /// Tokens in which the names of columns are properties of the variable.
    fn columns(&self, tokens: &[Token<'_>]) -> String {
        let mut text = String::new();
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let behind = tokens.get(at + 1).map(|next| next.kind);
            if before.is_some_and(|before| before.span.end < token.span.start) {
                text.push(' ');
            }
            let date = token.kind == Kind::Date && behind != Some(Kind::Text);
            let named = before.is_some_and(|one| matches!(one.kind, Kind::Dot | Kind::As));
            let owns = matches!(behind, Some(Kind::Dot | Kind::LParen));
            if (token.kind == Kind::Name || date) && !named && !owns {
                text += &self.var;
                text.push('.');
            }
            text += token.text;
        }
        text
    }
}

/// Words around a joined table, which are no name for it.
fn is_join_word(token: &Token<'_>) -> bool {
    ["join", "inner", "left", "right", "full", "outer", "cross", "natural", "on", "using"]
        .iter()
        .any(|word| is(token, word))
}

fn spaced(parts: &[&str]) -> String {
    let parts: Vec<&str> =
        parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// `name, kind from Actor where …`, `?x where { ?x a Actor }`
fn select(tokens: &[Token<'_>]) -> Option<String> {
    if tokens.iter().any(|token| token.kind == Kind::Question) {
        return triples(tokens);
    }
    let from = tokens.iter().position(|token| is(token, "from"))?;
    let mut table = Table::read(tokens.get(from + 1..)?)?;
    let mut pattern = table.node();
    while let Some((other, rest)) = table.joined() {
        pattern += "-[]-";
        pattern += &other.node();
        table.rest = rest;
    }
    let all = matches!(tokens.get(..from)?, [star] if star.kind == Kind::Star);
    let shown = if all { table.var.clone() } else { table.columns(tokens.get(..from)?) };
    let end = table
        .rest
        .iter()
        .position(|token| matches!(token.kind, Kind::Group | Kind::Order | Kind::Limit));
    let (filter, paged) = table.rest.split_at(end.unwrap_or(table.rest.len()));
    let (filter, paged) = (table.columns(filter), table.columns(paged));
    Some(spaced(&["match", &pattern, &filter, "return", &shown, &paged]))
}

/// `?x ?y where { ?x a Actor . ?x said ?y }`
fn triples(tokens: &[Token<'_>]) -> Option<String> {
    let open = tokens.iter().position(|token| token.kind == Kind::LBrace)?;
    let close = tokens.iter().position(|token| token.kind == Kind::RBrace)?;
    let mut patterns = Vec::new();
    for triple in tokens.get(open + 1..close)?.split(|token| token.kind == Kind::Dot) {
        // `ex:said` is `said`: names have no prefixes here.
        let is_prefix = |at: usize| {
            triple.get(at).is_some_and(|token| token.kind == Kind::Colon)
                || triple.get(at + 1).is_some_and(|token| token.kind == Kind::Colon)
        };
        let plain =
            triple.iter().enumerate().filter(|(at, _)| !is_prefix(*at)).map(|(_, token)| token);
        let words: Vec<(Kind, &str)> = plain.map(|token| (token.kind, token.text)).collect();
        match words.as_slice() {
            [] => {}
            [(Kind::Question, _), (_, x), (_, "a"), (_, kind)] => {
                patterns.push(format!("({x}:{kind})"));
            }
            [(Kind::Question, _), (_, x), (_, edge), (Kind::Question, _), (_, y)] => {
                patterns.push(format!("({x})-[:{edge}]->({y})"));
            }
            _ => return None,
        }
    }
    let shown = tokens.get(..open)?.iter();
    let shown: Vec<&str> =
        shown.filter(|token| token.kind == Kind::Name).map(|token| token.text).collect();
    let shown = if shown.is_empty() { "*".to_owned() } else { shown.join(", ") };
    Some(format!("match {} return {shown}", patterns.join(", ")))
}

/// `Actor set name = 'x' where key = 'y'`
fn update(tokens: &[Token<'_>]) -> Option<String> {
    let table = Table::read(tokens)?;
    let (change, filter) = table.until("where");
    Some(spaced(&["match", &table.node(), &table.columns(filter), &change]))
}

/// `Actor where name = 'x'`
fn delete(tokens: &[Token<'_>]) -> Option<String> {
    let table = Table::read(tokens)?;
    Some(spaced(&["match", &table.node(), &table.columns(table.rest), "delete", &table.var]))
}

/// `Actor (name, kind) values ('x', 'person')`
fn insert(tokens: &[Token<'_>]) -> Option<String> {
    let (kind, rest) = tokens.split_first().filter(|(kind, _)| kind.kind.is_word())?;
    let values = rest.iter().position(|token| is(token, "values"))?;
    let listed = |tokens: &[Token<'_>]| -> Option<Vec<String>> {
        let inner = tokens.get(1..tokens.len().checked_sub(1)?)?;
        Some(inner.split(|token| token.kind == Kind::Comma).map(written).collect())
    };
    let (names, given) = (listed(rest.get(..values)?)?, listed(rest.get(values + 1..)?)?);
    let pairs = names.iter().zip(&given).map(|(name, value)| format!("{name}: {value}"));
    let pairs: Vec<String> = pairs.collect();
    (names.len() == given.len())
        .then(|| format!("insert (:{} {{{}}})", kind.text, pairs.join(", ")))
}
