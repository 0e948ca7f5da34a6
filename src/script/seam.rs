//! Stands in for the parser until it is merged: reads `param` lines and splits queries, nothing else.

use crate::base::diagnostic::Diagnostics;
use crate::base::source::{Source, Span};
use crate::lang::ast;

pub(super) fn parse(source: &Source) -> Result<ast::Script, Diagnostics> {
    let mut params = Vec::new();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        if line.starts_with("param ") {
            params.extend(param(line, at));
        }
        at += line.len();
    }
    let span = Span::new(0, source.text().len());
    let result = ast::Projection {
        distinct: false,
        star: None,
        items: Vec::new(),
        group: None,
        order: Vec::new(),
        offset: None,
        limit: None,
        span,
    };
    Ok(ast::Script { params, queries: vec![ast::Query { clauses: Vec::new(), result, span }] })
}

fn param(line: &str, at: usize) -> Option<ast::Param> {
    let place = |text: &str| {
        let start = at + line.find(text).unwrap_or(0);
        Span::new(start, start + text.len())
    };
    let (declared, help) = match line.split_once(" --") {
        Some((declared, help)) => (declared, Some(help.to_owned())),
        None => (line, None),
    };
    let (head, default) = match declared.split_once('=') {
        Some((head, default)) => (head, Some(default.trim())),
        None => (declared, None),
    };
    let (name, ty) = head.strip_prefix("param $")?.split_once(':')?;
    let name_of = |text: &str| ast::Name { text: text.trim().to_owned(), span: place(text.trim()) };
    let default = default.map(|text| ast::Expr {
        kind: ast::ExprKind::Text(text.trim_matches('\'').to_owned()),
        span: place(text),
    });
    let ty = ast::TypeName { name: name_of(ty), of: None };
    Some(ast::Param { name: name_of(name), ty, default, help })
}

pub(super) fn header(source: &Source) -> String {
    let lines = source.text().lines().map_while(|line| line.strip_prefix("-- "));
    lines.collect::<Vec<_>>().join("\n")
}
