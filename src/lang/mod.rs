//! From text to [`ast`]: what was written, with a place on every name. Knows nothing of the catalogue.

mod arrows;
pub mod ast;
mod errors;
mod format;
mod forms;
mod grammar;
pub mod graph_type;
mod habits;
mod hints;
pub(crate) mod input;
mod lexer;
pub mod mentions;
mod operators;
pub mod rename;
pub mod roles;
mod show;
mod sql;
mod sql_parts;
#[cfg(test)]
mod tests;
pub mod tidy;
mod token;
pub mod unfinished;
pub mod walk;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::{self, Source, Span};
use format::name;
use grammar::expr::operand;
use grammar::literal::name_of;
use grammar::script::{Part, comment_text, part};
use hints::Failure;
use input::{Input, Notebook};
use std::sync::LazyLock;
use token::{Kind, Token};

/// Reads a script that asks something. Each query that cannot be read gives one diagnostic, in order.
pub fn parse(source: &Source) -> Result<ast::Script, Diagnostics> {
    let script = parse_all(source)?;
    if script.queries.is_empty() {
        let ast::Script { uses, params, definitions, queries: _ } = &script;
        let declares = !(uses.is_empty() && params.is_empty() && definitions.is_empty());
        return Err(vec![errors::nothing_asked(end_of(source), declares)]);
    }
    Ok(script)
}

/// Reads a script that may hold definitions alone.
pub fn parse_all(source: &Source) -> Result<ast::Script, Diagnostics> {
    parse_from(source, 0)
}

/// The same, with places that are counted from `start` on.
pub fn parse_from(source: &Source, start: usize) -> Result<ast::Script, Diagnostics> {
    let script = parse_parts(source, start)?;
    let ast::Script { uses, params, definitions, queries } = &script;
    if uses.is_empty() && definitions.is_empty() && queries.is_empty() {
        let end = end_of(source);
        let end = Span::new(end.start + start, end.end + start);
        return Err(vec![errors::nothing_asked(end, !params.is_empty())]);
    }
    Ok(script)
}

fn parse_parts(source: &Source, start: usize) -> Result<ast::Script, Diagnostics> {
    let parts = moved(parts(source), start);
    let mut script = ast::Script::default();
    let mut mistakes = Vec::new();
    for tokens in &parts {
        match read(tokens, script.queries.is_empty()) {
            Ok(Part { uses, params, definitions, query }) => {
                script.uses.extend(uses);
                script.params.extend(params);
                script.definitions.extend(definitions);
                script.queries.extend(query);
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(script) } else { Err(mistakes) }
}

/// Reads what is typed at a prompt: a script that may hold declarations alone.
pub fn parse_typed(source: &Source) -> Result<ast::Script, Diagnostics> {
    let script = parse_parts(source, 0)?;
    let ast::Script { uses, params, definitions, queries } = &script;
    if uses.is_empty() && params.is_empty() && definitions.is_empty() && queries.is_empty() {
        return Err(vec![errors::nothing_asked(end_of(source), false)]);
    }
    Ok(script)
}

/// Whether a text breaks off: more could follow that makes a script of it. A semicolon at the end says that nothing does.
pub fn is_unfinished(source: &Source) -> bool {
    let tokens = lexer::lex(source.text());
    if tokens.last().is_some_and(|last| last.kind == Kind::Semicolon) {
        return false;
    }
    let all = parts(source);
    let Some(last) = all.last() else { return false };
    let notebook = Notebook::default();
    if part(Input::new(last, &notebook)).is_ok() {
        return false;
    }
    let stumbled = Failure::new(last, &notebook).here();
    stumbled.kind == Kind::Finish || (stumbled.kind == Kind::Junk && is_open(stumbled.text))
}

/// Whether this can stand behind a dollar sign.
pub fn is_parameter(name: &str) -> bool {
    let text = format!("${name}");
    matches!(lexer::lex(&text).as_slice(), [one] if one.kind == Kind::Parameter && one.text == text)
}

/// Whether a quote or comment begins here that nothing closes.
fn is_open(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let closed = text.len() > 1 && text.ends_with(first) && !text.ends_with(&format!("\\{first}"));
    text.starts_with("/*") || (matches!(first, '\'' | '"' | '`') && !closed)
}

/// The definitions of a text that holds nothing else; its places are counted from `start` on.
pub fn definitions(source: &Source, start: usize) -> Result<Vec<ast::Definition>, Diagnostics> {
    parse_from(source, start).map(|script| script.definitions)
}

/// The value that a text stands for, if it is written as in a query; its places are counted from `start` on.
pub fn literal(text: &str, start: usize) -> Option<ast::Expr> {
    let source = Source::inline(text);
    let [tokens] = <[_; 1]>::try_from(moved(parts(&source), start)).ok()?;
    let notebook = Notebook::default();
    let (i, value) = operand(Input::new(&tokens, &notebook)).ok()?;
    (i.peek(0) == Kind::Finish).then_some(value)
}

fn moved(mut parts: Vec<Vec<Token<'_>>>, start: usize) -> Vec<Vec<Token<'_>>> {
    for token in parts.iter_mut().flatten() {
        token.span = Span::new(token.span.start + start, token.span.end + start);
    }
    parts
}

/// A comment line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remark<'s> {
    /// What it says, without its marks and the blanks around it.
    pub text: &'s str,
    /// Where that stands.
    pub span: Span,
    /// Whether it stands right below another comment line.
    pub goes_on: bool,
}

/// The comments that have a line to themselves.
pub fn remarks(source: &Source) -> Vec<Remark<'_>> {
    let mut found: Vec<Remark<'_>> = Vec::new();
    let mut end = None;
    let lines = lexer::comments(source.text()).into_iter();
    for comment in lines.filter(|one| one.alone && !one.text.starts_with("/*")) {
        let said = comment.text.trim_start_matches(['-', '/']);
        let start = comment.start + comment.text.len() - said.trim_start().len();
        let gap = end.and_then(|end: usize| source.text().get(end..comment.start));
        let goes_on =
            gap.is_some_and(|gap| gap.trim().is_empty() && gap.matches('\n').count() == 1);
        let text = said.trim();
        found.push(Remark { text, span: Span::new(start, start + text.len()), goes_on });
        end = Some(comment.start + comment.text.len());
    }
    found
}

/// What is defined for all queries, as `src/prelude.dixit` says.
pub fn prelude() -> &'static [ast::Definition] {
    static PRELUDE: LazyLock<Vec<ast::Definition>> =
        LazyLock::new(|| definitions(&source::prelude(), source::PRELUDE).unwrap_or_default());
    &PRELUDE
}

/// Where each query of a script stands, without what is declared and its semicolon; all of it where it cannot be read.
pub fn split(source: &Source) -> Vec<Span> {
    let query = |tokens: &Vec<Token<'_>>| {
        let notebook = Notebook::default();
        let read = part(Input::new(tokens, &notebook));
        if let Ok((_, part)) = read {
            return part.query.map(|query| query.span);
        }
        let first = tokens.first().filter(|first| first.kind != Kind::Finish)?;
        let last = tokens.iter().rev().find(|token| token.kind != Kind::Finish)?;
        Some(first.span.to(last.span))
    };
    parts(source).iter().filter_map(query).collect()
}

/// Where each part of a script stands: up to its semicolon, with the comments in front of it.
pub fn statements(source: &Source) -> Vec<Span> {
    let ends = lexer::lex(source.text()).into_iter().filter(|one| one.kind == Kind::Semicolon);
    let mut start = 0;
    let mut found = Vec::new();
    for end in ends.map(|one| one.span.end).chain([source.text().len()]) {
        found.push(Span::new(start, end));
        start = end;
    }
    found
}

/// The names of all parameters that a script speaks of, in order, each once.
pub fn parameters(source: &Source) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for token in lexer::lex(source.text()) {
        let name = name_of(&token).text;
        if token.kind == Kind::Parameter && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Where a script speaks of a parameter, other than to declare it.
pub fn places_of_parameter(source: &Source, name: &str) -> Vec<Span> {
    let tokens = lexer::lex(source.text());
    let before = std::iter::once(None).chain(tokens.iter().map(|token| Some(token.kind)));
    let uses = tokens.iter().zip(before).filter(|(token, before)| {
        token.kind == Kind::Parameter && *before != Some(Kind::Param) && name_of(token).text == name
    });
    uses.map(|(token, _)| token.span).collect()
}

/// Writes a script in its canonical form: one clause on a line, keywords in lower case, no needless parentheses.
///
/// Reading the text again gives the same script, apart from places and headings.
pub fn format(script: &ast::Script) -> String {
    format::script(script)
}

/// Shows a query as a tree: every clause and pattern on lines of its own, every operator with its operands in parentheses.
pub fn show(query: &ast::Query) -> String {
    show::query(query)
}

/// How a definition is called or drawn: `relayed(s: Statement)`, `(a:Actor)-[:clashes_with]->(b:Actor)`.
pub fn signature(definition: &ast::Definition) -> String {
    format::signature(definition)
}

/// A definition in its canonical form, without its comment.
pub fn definition_text(definition: &ast::Definition) -> String {
    let lines = format::definition(definition);
    lines.iter().map(format::Line::text).collect::<Vec<_>>().join("\n")
}

/// Shows a definition as a tree.
pub fn show_definition(definition: &ast::Definition) -> String {
    show::definition(definition)
}

/// What the comment at the top of a script says: up to the first line that is blank or holds something else.
pub fn header(source: &Source) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut in_block = false;
    for line in source.text().lines().map(str::trim).skip_while(|line| line.is_empty()) {
        let opens = line.starts_with("/*");
        if line.is_empty()
            || !(in_block || opens || line.starts_with("--") || line.starts_with("//"))
        {
            break;
        }
        in_block = (in_block || opens) && !line.ends_with("*/");
        lines.push(comment_text(line));
    }
    lines.join("\n").trim().to_owned()
}

/// The tokens of each query, with a `Finish` at the end; nothing for an empty one.
fn parts(source: &Source) -> Vec<Vec<Token<'_>>> {
    let tokens = lexer::lex(source.text());
    let filled = |tokens: &&[Token<'_>]| tokens.iter().any(|token| token.kind != Kind::Semicolon);
    let pieces = tokens.split_inclusive(|token| token.kind == Kind::Semicolon);
    pieces.filter(filled).map(finish).collect()
}

/// Puts a `Finish` in the place of the semicolon, and finds the other half of each bracket.
fn finish<'s>(tokens: &[Token<'s>]) -> Vec<Token<'s>> {
    let mut own: Vec<Token<'s>> =
        tokens.iter().filter(|token| token.kind != Kind::Semicolon).copied().collect();
    let comment = tokens.last().and_then(|token| token.comment);
    if let Some(last) = own.last_mut() {
        last.comment = last.comment.or(comment);
        let span = last.span.after();
        own.push(Token {
            kind: Kind::Finish,
            text: "",
            span,
            comment: None,
            above: None,
            partner: None,
        });
    }
    pair_brackets(&mut own);
    own
}

/// How many open brackets a closer may leave open on its way to its opener.
const FARTHEST_OPENER: usize = 256;

/// A closer pairs with the nearest opener of its kind; openers in between stay open.
fn pair_brackets(tokens: &mut [Token<'_>]) {
    let mut open: Vec<(usize, Kind)> = Vec::new();
    for at in 0..tokens.len() {
        let Some(kind) = tokens.get(at).map(|token| token.kind) else { return };
        if let Some(closer) = kind.closer() {
            open.push((at, closer));
            continue;
        }
        let near = open.iter().rev().take(FARTHEST_OPENER);
        if let Some(left_open) = near.clone().position(|(_, closer)| *closer == kind) {
            open.truncate(open.len() - left_open);
            join(tokens, open.pop().map_or(at, |(opener, _)| opener), at);
        }
    }
}

fn join(tokens: &mut [Token<'_>], opener: usize, closer: usize) {
    for (at, partner) in [(opener, closer), (closer, opener)] {
        if let Some(token) = tokens.get_mut(at) {
            token.partner = Some(partner);
        }
    }
}

/// A name as it is written where keywords may mean something else.
pub fn written_variable(name: &str) -> String {
    name::variable(&unplaced(name))
}

/// A name as it is written where any word is one.
pub fn written_word(name: &str) -> String {
    name::word(&unplaced(name))
}

/// A parameter's name with its sign.
pub fn written_parameter(name: &str) -> String {
    name::parameter(&unplaced(name))
}

/// A text between quotes of this sort.
pub fn written_text(text: &str, quote: char) -> String {
    name::quoted_with(text, quote)
}

fn unplaced(name: &str) -> ast::Name {
    ast::Name { text: name.to_owned(), span: Span::default() }
}

/// Reads one query; declarations are welcome only before the first.
fn read(tokens: &[Token<'_>], declarations_welcome: bool) -> Result<Part, Diagnostic> {
    let notebook = Notebook::default();
    let Ok((_, part)) = part(Input::new(tokens, &notebook)) else {
        return Err(hints::explain(&Failure::new(tokens, &notebook)));
    };
    if declarations_welcome {
        return Ok(part);
    }
    match (part.uses.first(), part.params.first(), part.definitions.first()) {
        (Some(late), _, _) => Err(errors::late_use(late.span)),
        (_, Some(late), _) => Err(errors::late_param(late.name.span)),
        (_, _, Some(late)) => Err(errors::late_definition(late.name.span)),
        (None, None, None) => Ok(part),
    }
}

/// The last place of a source where something could be shown.
fn end_of(source: &Source) -> Span {
    let end = source.text().trim_end().len();
    Span::new(end, end)
}
