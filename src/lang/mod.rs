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
mod input;
mod lexer;
pub mod mentions;
mod operators;
pub mod rename;
mod show;
mod sql;
#[cfg(test)]
mod tests;
pub mod tidy;
mod token;
pub mod walk;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::{Source, Span};
use grammar::literal::name_of;
use grammar::script::{Part, comment_text, part};
use hints::Failure;
use input::{Input, Notebook};
use token::{Kind, Token};

/// Reads a script that asks something. Each query that cannot be read gives one diagnostic, in order.
pub fn parse(source: &Source) -> Result<ast::Script, Diagnostics> {
    let script = parse_all(source)?;
    if script.queries.is_empty() {
        let declares = !script.params.is_empty() || !script.definitions.is_empty();
        return Err(vec![errors::nothing_asked(end_of(source), declares)]);
    }
    Ok(script)
}

/// Reads a script that may hold definitions alone.
pub fn parse_all(source: &Source) -> Result<ast::Script, Diagnostics> {
    let parts = parts(source);
    let mut script =
        ast::Script { params: Vec::new(), definitions: Vec::new(), queries: Vec::new() };
    let mut mistakes = Vec::new();
    for tokens in &parts {
        match read(tokens, script.queries.is_empty()) {
            Ok(Part { params, definitions, query }) => {
                script.params.extend(params);
                script.definitions.extend(definitions);
                script.queries.extend(query);
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() && script.queries.is_empty() && script.definitions.is_empty() {
        mistakes.push(errors::nothing_asked(end_of(source), !script.params.is_empty()));
    }
    if mistakes.is_empty() { Ok(script) } else { Err(mistakes) }
}

/// The definitions of a text that holds nothing else; its places are counted from `start` on.
pub fn definitions(source: &Source, start: usize) -> Result<Vec<ast::Definition>, Diagnostics> {
    let mut found = Vec::new();
    for mut tokens in parts(source) {
        for token in &mut tokens {
            token.span = Span::new(token.span.start + start, token.span.end + start);
        }
        found.extend(read(&tokens, true).map_err(|mistake| vec![mistake])?.definitions);
    }
    Ok(found)
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

/// Reads one query; declarations are welcome only before the first.
fn read(tokens: &[Token<'_>], declarations_welcome: bool) -> Result<Part, Diagnostic> {
    let notebook = Notebook::default();
    let Ok((_, part)) = part(Input::new(tokens, &notebook)) else {
        return Err(hints::explain(&Failure::new(tokens, &notebook)));
    };
    match (part.params.first(), part.definitions.first()) {
        (Some(param), _) if !declarations_welcome => Err(errors::late_param(param.name.span)),
        (_, Some(late)) if !declarations_welcome => Err(errors::late_definition(late.name.span)),
        _ => Ok(part),
    }
}

/// The last place of a source where something could be shown.
fn end_of(source: &Source) -> Span {
    let end = source.text().trim_end().len();
    Span::new(end, end)
}
