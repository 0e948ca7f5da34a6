//! What the words of a text are, to colour it while it is being typed. Tokens decide, and one look at what stands beside
//! a name; nothing is parsed, so that a text that is not finished has its colours too.

use super::lexer::{comments, lex};
use super::token::{Kind, Token};
use crate::base::source::Span;

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A word of the language.
    Keyword,
    /// The name of a kind or an edge.
    Label,
    /// What is called.
    Function,
    /// A variable, a property, an alias.
    Name,
    /// A text in quotes, closed or not.
    Text,
    /// A number or a date.
    Number,
    /// A parameter.
    Parameter,
    /// A comment.
    Comment,
    /// A bracket, an operator, a comma.
    Mark,
    /// Something that cannot be read.
    Junk,
}

/// The pieces of a text in order; what lies between them is blank.
pub fn roles(text: &str) -> Vec<(Span, Role)> {
    let tokens = lex(text);
    let mut found: Vec<(Span, Role)> = (0..tokens.len())
        .filter_map(|at| Some((tokens.get(at)?.span, role(&tokens, at)?)))
        .collect();
    let comment = |start: usize, text: &str| Span::new(start, start + text.len());
    found.extend(comments(text).iter().map(|one| (comment(one.start, one.text), Role::Comment)));
    found.sort_by_key(|(span, _)| *span);
    found
}

fn role(tokens: &[Token<'_>], at: usize) -> Option<Role> {
    let token = tokens.get(at)?;
    let beside = |place: Option<usize>| place.and_then(|at| tokens.get(at)).map(|token| token.kind);
    let (before, behind) = (beside(at.checked_sub(1)), beside(Some(at + 1)));
    Some(match token.kind {
        Kind::Text => Role::Text,
        Kind::Int | Kind::Float | Kind::Day => Role::Number,
        Kind::Parameter => Role::Parameter,
        Kind::Junk if token.text.starts_with(['\'', '"']) => Role::Text,
        Kind::Junk if token.text.starts_with("/*") => Role::Comment,
        Kind::Junk if matches!(token.text, "$" | "`") => Role::Mark,
        Kind::Junk => Role::Junk,
        word if word.is_word() && before == Some(Kind::Dot) => Role::Name,
        word if word.is_word() && (before == Some(Kind::Colon) || in_label(tokens, at)) => {
            Role::Label
        }
        word if word.is_keyword() => Role::Keyword,
        word if word.is_word() && behind == Some(Kind::LParen) => Role::Function,
        word if word.is_word() => Role::Name,
        _ => Role::Mark,
    })
}

/// Whether a name is one of several joined by `|` or `&` behind a colon.
fn in_label(tokens: &[Token<'_>], at: usize) -> bool {
    let mut before = tokens.iter().take(at).rev().map(|token| token.kind);
    let joins = |kind: Kind| matches!(kind, Kind::Pipe | Kind::Ampersand | Kind::Bang);
    if !before.next().is_some_and(joins) {
        return false;
    }
    before.find(|kind| !joins(*kind) && !kind.is_word()) == Some(Kind::Colon)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Role)]) {
        let found: Vec<(&str, Role)> = roles(text)
            .into_iter()
            .map(|(span, role)| (text.get(span.start..span.end).unwrap(), role))
            .filter(|(_, role)| *role != Role::Mark)
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_word_has_its_role() {
        check(
            "match (a:Actor)-[:by|with]->() where a.date > 2025-11 return count(a) -- all",
            &[
                ("match", Role::Keyword),
                ("a", Role::Name),
                ("Actor", Role::Label),
                ("by", Role::Label),
                ("with", Role::Label),
                ("where", Role::Keyword),
                ("a", Role::Name),
                ("date", Role::Name),
                ("2025-11", Role::Number),
                ("return", Role::Keyword),
                ("count", Role::Keyword),
                ("a", Role::Name),
                ("-- all", Role::Comment),
            ],
        );
    }

    #[test]
    fn what_is_being_typed_is_not_marked_as_wrong() {
        check("a = 'Rub", &[("a", Role::Name), ("'Rub", Role::Text)]);
        check("lower(x) = $", &[("lower", Role::Function), ("x", Role::Name)]);
        check("12x #", &[("12x", Role::Junk), ("#", Role::Junk)]);
    }
}
