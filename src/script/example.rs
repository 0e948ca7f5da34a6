//! The examples in a saved query's comments: a store, values for parameters, and the rows that must come.
//! Reads and writes them; asking is somebody else's business.

use super::cell;
use super::parameter::{self, Parameter};
use crate::base::closest::closest;
use crate::base::count::counted;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::source::{Source, Span};
use crate::base::value::Value;
use crate::lang::{self, Remark};

/// What the first line of an example begins with.
const MARK: &str = "example:";

/// One example.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The store to ask: a name or a path.
    pub store: String,
    /// Where that is named.
    pub store_at: Span,
    /// Values for parameters.
    pub given: Vec<(String, Value)>,
    /// The rows that must come, if they are there yet.
    pub table: Option<Table>,
    /// The lines above the table as they stand, without the marks of the comment.
    above: Vec<String>,
    /// From its first line to its last, without what stands before the marks of the comment.
    lines: Span,
}

/// The rows that must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Where they stand.
    pub columns_at: Span,
    /// The cells of each row, as [`cell::written`] writes them.
    pub rows: Vec<Vec<String>>,
}

/// What came that an example does not have, and the other way round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rows that should have come.
    pub missing: Vec<Vec<String>>,
    /// Rows that came.
    pub unexpected: Vec<Vec<String>>,
    /// Where the same rows come in another order: the number of the first that does, what should be there and what is.
    pub order: Option<(usize, Vec<String>, Vec<String>)>,
}

impl Table {
    /// How the rows that came differ from these; nothing where they are the same. Their order counts where it is asked for.
    pub fn difference(&self, came: &[Vec<String>], is_ordered: bool) -> Option<Difference> {
        let mut unexpected = came.to_vec();
        let mut missing = Vec::new();
        for row in &self.rows {
            match unexpected.iter().position(|other| other == row) {
                Some(at) => drop(unexpected.remove(at)),
                None => missing.push(row.clone()),
            }
        }
        let same_bag = missing.is_empty() && unexpected.is_empty();
        let pairs = self.rows.iter().zip(came).enumerate();
        let order = pairs.into_iter().find(|(_, (should, is))| should != is);
        let order = order.filter(|_| same_bag && is_ordered);
        let order = order.map(|(at, (should, is))| (at + 1, should.clone(), is.clone()));
        let found = Difference { missing, unexpected, order };
        (found != Difference::default()).then_some(found)
    }
}

/// All examples of a script; all mistakes are reported.
pub(super) fn read_all(
    source: &Source,
    parameters: &[Parameter],
    queries: usize,
) -> Result<Vec<Example>, Diagnostics> {
    let remarks = lang::remarks(source);
    let starts = remarks.iter().enumerate().filter(|(_, line)| line.text.starts_with(MARK));
    let (mut examples, mut mistakes) = (Vec::new(), Diagnostics::new());
    for (at, first) in starts {
        if queries != 1 {
            mistakes.push(several_queries(first.span, queries));
            continue;
        }
        let more = remarks.iter().skip(at + 1);
        let more = more.take_while(|line| line.goes_on && !line.text.starts_with(MARK));
        match read(*first, &more.copied().collect::<Vec<_>>(), source, parameters) {
            Ok(example) => examples.push(example),
            Err(more) => mistakes.extend(more),
        }
    }
    if mistakes.is_empty() { Ok(examples) } else { Err(mistakes) }
}

fn read(
    first: Remark<'_>,
    more: &[Remark<'_>],
    source: &Source,
    parameters: &[Parameter],
) -> Result<Example, Diagnostics> {
    let store = first.text.trim_start_matches(MARK).trim();
    let store_at = Span::new(first.span.end - store.len(), first.span.end);
    let mut mistakes = Diagnostics::new();
    if store.is_empty() {
        mistakes.push(no_store(first.span));
    }
    let (mut given, mut above) = (Vec::new(), vec![first.text.to_owned()]);
    let values = more.iter().take_while(|line| line.text.starts_with('$'));
    for line in values.clone() {
        above.push(line.text.to_owned());
        match value(*line, parameters) {
            Ok((name, _)) if given.iter().any(|(other, _)| *other == name) => {
                mistakes.push(given_twice(line.span, &name));
            }
            Ok(pair) => given.push(pair),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let rest = more.get(values.count()..).unwrap_or_default();
    let table = table(rest).map_err(|more| mistakes.extend(more)).ok().flatten();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let end = more.last().map_or(first.span, |last| last.span);
    let lines = whole_lines(source, first.span.to(end));
    Ok(Example { store: store.to_owned(), store_at, given, table, above, lines })
}

/// A span with the marks of the comment before it.
fn whole_lines(source: &Source, span: Span) -> Span {
    let before = source.text().get(..span.start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let start = before
        .get(line..)
        .map_or(line, |line_start| line + (line_start.len() - line_start.trim_start().len()));
    Span::new(start, span.end)
}

/// `$name = value`
fn value(line: Remark<'_>, parameters: &[Parameter]) -> Result<(String, Value), Diagnostic> {
    let Some((name, written)) = line.text.split_once('=') else {
        return Err(no_value(line.span));
    };
    let name = name.trim().trim_start_matches('$');
    let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) else {
        return Err(unknown_parameter(line.span, name, parameters));
    };
    let start = line.span.end - written.trim_start().len();
    let place = Span::new(start, line.span.end);
    let read = lang::literal(written.trim(), start);
    let value = read.and_then(|read| parameter::literal(&read, &parameter.ty));
    let value = value.ok_or_else(|| wrong_value(place, parameter))?;
    Ok((name.to_owned(), value))
}

fn table(lines: &[Remark<'_>]) -> Result<Option<Table>, Diagnostics> {
    let mut lines = lines.iter().filter(|line| !is_ruled(line.text));
    let Some(first) = lines.next() else { return Ok(None) };
    let heading = |text: &str| cell::unquoted(text).unwrap_or_else(|| text.to_owned());
    let columns: Vec<String> = cells(first.text).into_iter().map(heading).collect();
    let (mut rows, mut mistakes) = (Vec::new(), Diagnostics::new());
    for line in lines {
        let row: Vec<String> = cells(line.text).into_iter().map(cell::settled).collect();
        if row.len() == columns.len() {
            rows.push(row);
        } else {
            mistakes.push(uneven(line.span, row.len(), columns.len(), first.span));
        }
    }
    let table = Table { columns, columns_at: first.span, rows };
    if mistakes.is_empty() { Ok(Some(table)) } else { Err(mistakes) }
}

/// Whether it is the line below the heads of a table.
fn is_ruled(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| matches!(c, '-' | '|' | ':' | '+' | ' '))
}

/// The cells of a line; marks at its ends are for looks.
fn cells(line: &str) -> Vec<&str> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let parts = cell::split(inner, '|');
    let closed = inner.len() < line.len() && parts.len() > 1;
    let last = parts.last().is_some_and(|last| last.trim().is_empty());
    let count = if closed && last { parts.len() - 1 } else { parts.len() };
    parts.into_iter().take(count).map(str::trim).collect()
}

/// The text of a script with other tables in its examples, in their order; where nothing is given, the example stays.
pub fn rewritten(source: &Source, examples: &[(&Example, Option<Table>)]) -> String {
    let (mut text, mut end) = (String::new(), 0);
    for (example, table) in examples {
        let Some(table) = table else { continue };
        text += source.slice(Span::new(end, example.lines.start));
        text += &block(&example.above, table);
        end = example.lines.end;
    }
    text + source.slice(Span::new(end, source.text().len()))
}

/// The text of a script with a first example behind it.
pub fn added(source: &Source, store: &str, table: &Table) -> String {
    let above = [format!("{MARK} {store}")];
    format!("{}\n\n{}\n", source.text().trim_end(), block(&above, table))
}

fn block(above: &[String], table: &Table) -> String {
    let Table { columns, columns_at: _, rows } = table;
    let heads: Vec<String> =
        columns.iter().map(|name| cell::written(&Value::Text(name.clone()))).collect();
    let all: Vec<&Vec<String>> = [&heads].into_iter().chain(rows).collect();
    let width = |at: usize| {
        let cells = all.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |row: &&Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join(" | ")
    };
    let lines = above.iter().cloned().chain(all.iter().map(line));
    let lines = lines.map(|line| format!("-- {}", line.trim_end()));
    lines.collect::<Vec<_>>().join("\n")
}

/// D0727: the columns of an example are not those of the query.
pub fn other_columns(table: &Table, columns: &[String]) -> Diagnostic {
    let message = format!("the query returns other columns: {}", columns.join(" | "));
    Diagnostic::error("D0727", table.columns_at, message)
        .help("`dixit test --bless` writes them; read the difference")
}

/// D0728: the store of an example is nowhere.
pub fn no_such_store(example: &Example) -> Diagnostic {
    let message = format!("there is no store or folder `{}` beside this file", example.store);
    Diagnostic::error("D0728", example.store_at, message).help(
        "`geneva` is always there; anything else is the path of a store or of files to import",
    )
}

/// D0729: an example says nothing of what must come.
pub fn no_table(example: &Example) -> Diagnostic {
    Diagnostic::error("D0729", example.lines, "this example does not say which rows must come")
        .help("`dixit test --bless` writes those that come now")
}

/// D0720: an example without a store.
fn no_store(place: Span) -> Diagnostic {
    Diagnostic::error("D0720", place, "this example does not say which store it is about")
        .help("write `example: geneva`, or the path of a store or of a folder to import")
}

/// D0721: an example gives a value to a parameter that is not declared.
fn unknown_parameter(place: Span, name: &str, known: &[Parameter]) -> Diagnostic {
    let near = closest(name, known.iter().map(|parameter| parameter.name.as_str()));
    Diagnostic::error("D0721", place, format!("no `param` line declares `${name}`"))
        .here_if(near.map(|near| format!("did you mean `${near}`?")))
}

/// D0722: an example gives a parameter a value of another type.
fn wrong_value(place: Span, parameter: &Parameter) -> Diagnostic {
    let Parameter { name, ty, .. } = parameter;
    let message = format!("`${name}` is of type {ty}, and this is not");
    Diagnostic::error("D0722", place, message)
        .help("write it as in a query, such as 'Rubio', 42 or 2025-11")
}

/// D0723: a row of an example has more or fewer cells than there are columns.
fn uneven(place: Span, cells: usize, columns: usize, heads: Span) -> Diagnostic {
    let message = format!("this row has {}", counted(cells, "cell"));
    Diagnostic::error("D0723", place, message)
        .also(heads, format!("there is room for {}", counted(columns, "cell")))
        .help("a text with `|` in it stands in double quotes")
}

/// D0724: an example in a file of several queries.
fn several_queries(place: Span, queries: usize) -> Diagnostic {
    let message = format!("an example tests one query, and this file has {queries}");
    Diagnostic::error("D0724", place, message).help("put each query into a file of its own")
}

/// D0725: a line that begins with `$` and gives no value.
fn no_value(place: Span) -> Diagnostic {
    Diagnostic::error("D0725", place, "this gives a parameter no value")
        .help("write `$name = value` above the table")
}

/// D0726: an example gives a parameter two values.
fn given_twice(place: Span, name: &str) -> Diagnostic {
    Diagnostic::error("D0726", place, format!("`${name}` has a value already"))
        .help("a list is written in brackets: ['a', 'b']")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    const TEXT: &str = "-- Who?\n\nparam $who: text\nmatch (a:Actor $who) return a.key as key, 1 as n\n\n\
        -- example: geneva\n-- $who = 'Rubio'\n-- key | n\n-- marco-rubio | 1\n-- \"a | b\" |\n\n-- an aside\n";

    fn codes(text: &str) -> Vec<&'static str> {
        let wrong = script::read(&Source::inline(text)).unwrap_err();
        wrong.iter().map(|one| one.code).collect()
    }

    #[test]
    fn an_example_says_what_to_ask_and_what_must_come() {
        let saved = script::read(&Source::inline(TEXT)).unwrap();
        let [example] = saved.examples.as_slice() else { panic!("one example") };
        assert_eq!(example.store, "geneva");
        assert_eq!(example.given, [("who".to_owned(), Value::Text("Rubio".to_owned()))]);
        let table = example.table.as_ref().unwrap();
        assert_eq!(table.columns, ["key", "n"]);
        assert_eq!(table.rows, [["marco-rubio", "1"], ["\"a | b\"", "null"]]);
    }

    #[test]
    fn writing_it_again_changes_only_the_table() {
        let source = Source::inline(TEXT);
        let saved = script::read(&source).unwrap();
        let example = &saved.examples[0];
        let table =
            Table { rows: vec![vec!["x".into(), "2".into()]], ..example.table.clone().unwrap() };
        let text = rewritten(&source, &[(example, Some(table))]);
        let expected =
            TEXT.replace("key | n\n-- marco-rubio | 1\n-- \"a | b\" |", "key | n\n-- x   | 2");
        assert_eq!(text, expected);
        assert_eq!(rewritten(&source, &[(example, None)]), TEXT);
    }

    #[test]
    fn mistakes_are_told_with_their_places() {
        let with = |lines: &str| format!("param $who: text\nmatch (a) return a\n\n{lines}");
        assert_eq!(codes(&with("-- example:\n-- a")), ["D0720"]);
        assert_eq!(codes(&with("-- example: geneva\n-- $whom = 'x'\n-- a")), ["D0721"]);
        assert_eq!(codes(&with("-- example: geneva\n-- $who = 3\n-- a")), ["D0722"]);
        assert_eq!(codes(&with("-- example: geneva\n-- a | b\n-- 1 | 2\n-- 3")), ["D0723"]);
        assert_eq!(codes("return 1;\nreturn 2\n-- example: geneva\n-- a"), ["D0724"]);
        assert_eq!(codes(&with("-- example: geneva\n-- $who\n-- a")), ["D0725"]);
        assert_eq!(codes(&with("-- example: x\n-- $who = 'a'\n-- $who = 'b'\n-- a")), ["D0726"]);
    }

    #[test]
    fn a_table_may_be_drawn_with_lines() {
        assert_eq!(cells("| a | b |"), ["a", "b"]);
        assert_eq!(cells("a | "), ["a", ""]);
        assert_eq!(cells("a"), ["a"]);
        assert!(is_ruled("|---|:--|") && !is_ruled("| - |") && !is_ruled("a--"));
    }
}
