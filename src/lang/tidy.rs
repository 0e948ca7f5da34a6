//! The canonical text of a script with its comments: each stays with the clause it stood at.

use super::ast::{Definition, Script};
use super::format::{self, Line};
use super::lexer::{Comment, comments};
use super::parse_all;
use super::show;
use crate::base::diagnostic::Diagnostics;
use crate::base::source::Source;

/// The canonical text of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tidied {
    /// It is this text.
    Text(String),
    /// Something of the script would not survive, so it is better left as it is.
    Kept,
}

/// Writes a script, definitions alone included, in canonical form. No comment is lost.
pub fn tidy(source: &Source) -> Result<Tidied, Diagnostics> {
    let script = parse_all(source)?;
    let found = comments(source.text());
    let text = assemble(&units(&script), &found);
    let again = Source::inline(text.as_str());
    let same = parse_all(&again).is_ok_and(|again| shown(&again) == shown(&script));
    let kept = comments(&text);
    let all_kept = sorted(&found) == sorted(&kept);
    Ok(if same && all_kept { Tidied::Text(text) } else { Tidied::Kept })
}

fn sorted(comments: &[Comment<'_>]) -> Vec<String> {
    let mut texts: Vec<String> = comments.iter().map(|comment| trimmed(comment.text)).collect();
    texts.sort();
    texts
}

/// A comment without the blanks at the ends of its lines.
fn trimmed(comment: &str) -> String {
    comment.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// All of a script but its comments.
fn shown(script: &Script) -> String {
    let Script { uses, params, definitions, queries } = script;
    let uses = uses.iter().map(|one| format::used(one).text());
    let params = params.iter().flat_map(format::param).map(|line| line.text());
    let bare = |one: &Definition| show::definition(&Definition { help: None, ..one.clone() });
    uses.chain(params)
        .chain(definitions.iter().map(bare))
        .chain(queries.iter().map(show::query))
        .collect()
}

/// A declaration or a query.
struct Unit {
    lines: Vec<Line>,
    kind: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Use,
    Param,
    Definition,
    Query,
}

/// All parts of a script, as they stand.
fn units(script: &Script) -> Vec<Unit> {
    let Script { uses, params, definitions, queries } = script;
    let used = |one| Unit { lines: vec![format::used(one)], kind: What::Use };
    let param = |one| Unit { lines: format::param(one), kind: What::Param };
    let define = |one| Unit { lines: format::definition(one), kind: What::Definition };
    let query = |one| Unit { lines: format::query(one), kind: What::Query };
    let mut units: Vec<Unit> = uses.iter().map(used).collect();
    units.extend(params.iter().map(param));
    units.extend(definitions.iter().map(define));
    units.extend(queries.iter().map(query));
    units.sort_by_key(|unit| unit.lines.first().map(|line| line.at));
    units
}

/// What stands above a line and at its end.
#[derive(Default, Clone)]
struct Notes<'s> {
    above: Vec<&'s Comment<'s>>,
    behind: Option<&'s Comment<'s>>,
}

/// Puts lines and comments together.
fn assemble(units: &[Unit], comments: &[Comment<'_>]) -> String {
    let lines: Vec<&Line> = units.iter().flat_map(|unit| &unit.lines).collect();
    let (mut notes, mut last) = (vec![Notes::default(); lines.len()], Vec::new());
    for comment in comments {
        let next = lines.iter().position(|line| line.at > comment.start);
        let before = lines.iter().rposition(|line| line.at < comment.start);
        match (before, next) {
            (Some(at), _) if !comment.alone => notes[at].take(comment),
            (_, Some(at)) => notes[at].above.push(comment),
            (_, None) => last.push(comment),
        }
    }
    let mut page = Page::default();
    let mut notes = notes.into_iter();
    for (number, unit) in units.iter().enumerate() {
        let before = number.checked_sub(1).and_then(|number| units.get(number));
        let ends = unit.kind == What::Query && number + 1 < units.len();
        let joins = matches!(unit.kind, What::Use | What::Param);
        let apart = before.is_some_and(|before| before.kind != unit.kind || !joins);
        page.apart |= apart;
        for (at, line) in unit.lines.iter().enumerate() {
            let end = if ends && at + 1 == unit.lines.len() { ";" } else { "" };
            page.line(line, &notes.next().unwrap_or_default(), end, at == 0);
        }
    }
    for comment in last {
        page.comment(comment, "", true);
    }
    page.text
}

impl<'s> Notes<'s> {
    /// Takes a comment from the end of a line; an earlier one goes above.
    fn take(&mut self, comment: &'s Comment<'s>) {
        self.above.extend(self.behind.replace(comment));
    }
}

/// The text as far as it is written.
#[derive(Default)]
struct Page {
    text: String,
    /// Whether a blank line comes next.
    apart: bool,
}

impl Page {
    fn line(&mut self, line: &Line, notes: &Notes<'_>, end: &str, first: bool) {
        let Notes { above, behind } = notes;
        let margin = " ".repeat(line.margin);
        for comment in above {
            self.comment(comment, &margin, first);
        }
        self.gap();
        self.text += &line.text();
        self.text += end;
        if let Some(comment) = behind {
            self.text.push(' ');
            self.text += &trimmed(comment.text);
        }
        self.text.push('\n');
    }

    /// A comment on lines of its own; between parts, the blank lines around it stay.
    fn comment(&mut self, comment: &Comment<'_>, margin: &str, between: bool) {
        self.apart |= between && comment.blank_before && !self.text.is_empty();
        self.gap();
        self.text += margin;
        self.text += &trimmed(comment.text);
        self.text.push('\n');
        self.apart = between && comment.blank_behind;
    }

    fn gap(&mut self) {
        if self.apart {
            self.text.push('\n');
        }
        self.apart = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let tidied = tidy(&Source::inline(text)).unwrap();
        assert_eq!(tidied, Tidied::Text(expected.to_owned()), "{text}");
        let again = tidy(&Source::inline(expected)).unwrap();
        assert_eq!(again, Tidied::Text(expected.to_owned()), "it does not stay as it is");
    }

    #[test]
    fn comments_stay_with_their_clauses() {
        check(
            "-- Who?\n-- All of them.\n\n\n-- more\nPARAM $x : text='a' // which\nparam $y:int\nMATCH (a) -- all\n  \
            // those\n WHERE a.x=1 AND /* maybe */ a.y=2\n RETURN a, -- it\n b -- that\n LIMIT 3 -- few\n-- end",
            "-- Who?\n-- All of them.\n\n-- more\nparam $x: text = 'a' // which\nparam $y: int\n\nmatch (a) -- all\n\
            // those\nwhere a.x = 1 and a.y = 2 /* maybe */\n-- it\nreturn a, b -- that\nlimit 3 -- few\n-- end\n",
        );
    }

    #[test]
    fn blocks_are_indented() {
        check(
            "match (a) call (a) { -- inner\n match (a)-->(b) -- edge\n -- give\n return b } -- out\nreturn b; -- done\n\
            -- next\nreturn 1;",
            "match (a)\ncall (a) { -- inner\n  match (a)-->(b) -- edge\n  -- give\n  return b\n} -- out\n\
             return b; -- done\n\n-- next\nreturn 1\n",
        );
    }

    #[test]
    fn definitions_may_stand_alone() {
        check(
            "-- all of them\n\n-- one\ndefine  a() as 1\ndefine (a:K)-[:e]->(b:K) as match (a)-->(b) -- two",
            "-- all of them\n\n-- one\ndefine a() as 1\n\ndefine (a:K)-[:e]->(b:K) as\n  match (a)-->(b) -- two\n",
        );
    }
}
