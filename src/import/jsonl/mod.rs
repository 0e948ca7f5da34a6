//! A store as JSON lines, as `dixit export jsonl` writes them: rows of the claims model become rows of the files of a folder,
//! what is declared goes straight to its tables. All of it is one transaction. `record::lines` says what the lines are
//! called.

mod declared;
mod rows;
mod tables;
mod value;

use std::borrow::Cow;
use std::io::{self, BufRead, Read as _};

use super::Error;
use super::draft::Draft;
use super::graph::line::{Json, parse};
use super::importers::Head;
use crate::base::closest::closest;
use crate::record::lines::{EDGE, EDGE_KIND, HEAD, KIND, NODE, ROWS, VERSION};
use declared::Declared;

/// The longest line.
const LONGEST: u64 = 16 << 20;

/// Members of an object, in the order in which they are written.
type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

/// What is wrong with a line: the member, where it is one's fault, why, and what was probably meant.
type Wrong = (Option<String>, String, Option<String>);

/// Whether a file begins as such lines do.
pub(super) fn recognise(head: &Head<'_>) -> bool {
    let rest = head.text().strip_prefix('{').map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with(&format!("\"{HEAD}\"")))
}

/// Reads a file: first all lines but the edges that were declared, and then these, since they may join anything.
pub(super) fn read(draft: &mut Draft<'_, '_>) -> Result<(), Error> {
    let mut declared = Declared::default();
    let mut lines = Lines::open(draft)?;
    let mut edges = false;
    loop {
        match lines.next().map_err(|error| draft.failed(error))? {
            None => break,
            Some((number, line)) => match line.and_then(member) {
                Err(why) => draft.refuse(number, None, why, None),
                Ok((name, members)) if number == 1 => {
                    if !head(draft, &mut declared, &name, &members) {
                        return Ok(());
                    }
                }
                Ok((name, _)) if name == EDGE => edges = true,
                Ok((name, members)) => one(draft, &mut declared, number, &name, members)?,
            },
        }
    }
    declared.declare(draft)?;
    draft.settle()?;
    if !edges || declared.is_broken() {
        return Ok(());
    }
    let mut lines = Lines::open(draft)?;
    loop {
        match lines.next().map_err(|error| draft.failed(error))? {
            None => return Ok(()),
            Some((number, line)) => {
                if let Ok((name, members)) = line.and_then(member)
                    && name == EDGE
                {
                    declared.edge(draft, number, members)?;
                }
            }
        }
    }
}

/// The one member of a line.
fn member(line: &str) -> Result<(Cow<'_, str>, Members<'_>), String> {
    let Json::Object(members) = parse(line)? else {
        return Err(ONE_MEMBER.to_owned());
    };
    let mut members = members.into_iter();
    match (members.next(), members.next()) {
        (Some((name, Json::Object(inner))), None) => Ok((name, inner)),
        _ => Err(ONE_MEMBER.to_owned()),
    }
}

const ONE_MEMBER: &str = "a line is an object with one member, such as {\"actor\":{\"key\":…}}";

/// Reads the first line; false where the rest is of no use.
fn head(
    draft: &mut Draft<'_, '_>,
    declared: &mut Declared,
    name: &str,
    members: &Members<'_>,
) -> bool {
    let of = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let version = match of("lines") {
        Some(Json::Int(version)) if name == HEAD => *version,
        _ => {
            let why =
                format!("the first line says what follows: {{\"{HEAD}\":{{\"lines\":{VERSION}}}}}");
            draft.refuse(1, None, why, None);
            return false;
        }
    };
    if version != VERSION {
        let why =
            format!("these lines are of version {version}, and this dixit reads version {VERSION}");
        draft.refuse(1, Some("lines"), why, Some("use a newer dixit".to_owned()));
        return false;
    }
    let claims = of("claims") == Some(&Json::Bool(true));
    if claims && draft.session().batch.kind("statement").is_none() {
        let why = "these lines are of a store of claims, and this store has only declared kinds";
        let next = "`dixit init FILE` makes one for claims".to_owned();
        draft.refuse(1, Some("claims"), why, Some(next));
        return false;
    }
    let graph = if let Some(Json::Text(graph)) = of("graph") { Some(graph.as_ref()) } else { None };
    declared.name_graph(graph, of("open") == Some(&Json::Bool(true)));
    true
}

/// Reads a line that is neither the first nor an edge.
fn one(
    draft: &mut Draft<'_, '_>,
    declared: &mut Declared,
    number: u64,
    name: &str,
    members: Members<'_>,
) -> Result<(), Error> {
    match name {
        KIND => {
            declared.kind(draft, number, members);
            Ok(())
        }
        EDGE_KIND => {
            declared.edge_kind(draft, number, members);
            Ok(())
        }
        NODE => {
            declared.declare(draft)?;
            if declared.is_broken() { Ok(()) } else { declared.node(draft, number, members) }
        }
        name => {
            if let Some((_, stem)) = ROWS.iter().find(|(known, _)| *known == name) {
                return rows::row(draft, number, stem, members);
            }
            let known = ROWS.iter().map(|row| row.0).chain([KIND, EDGE_KIND, NODE, EDGE]);
            let near = closest(name, known).map(|near| format!("closest: {near}"));
            draft.refuse(number, None, format!("what `{name}` is, is not known"), near);
            Ok(())
        }
    }
}

/// Writes down what is wrong with a line.
fn refuse(draft: &mut Draft<'_, '_>, number: u64, (column, why, suggestion): Wrong) {
    draft.refuse(number, column.as_deref(), why, suggestion);
}

/// Lines, each with its number.
struct Lines {
    input: Box<dyn BufRead>,
    bytes: Vec<u8>,
    number: u64,
    ended: bool,
}

impl Lines {
    fn open(draft: &Draft<'_, '_>) -> Result<Self, Error> {
        Ok(Self { input: draft.open()?, bytes: Vec::new(), number: 0, ended: false })
    }

    /// The next line that is not blank.
    fn next(&mut self) -> io::Result<Option<(u64, Result<&str, String>)>> {
        loop {
            self.bytes.clear();
            if self.ended {
                return Ok(None);
            }
            let read = (&mut self.input).take(LONGEST + 1).read_until(b'\n', &mut self.bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.number == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") {
                self.bytes.drain(..3);
            }
            if read as u64 > LONGEST {
                self.ended = true;
                return Ok(Some((self.number, Err("the line is longer than 16 MiB".to_owned()))));
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        let text = std::str::from_utf8(&self.bytes).map(str::trim_end);
        Ok(Some((self.number, text.map_err(|_| "the line is not UTF-8".to_owned()))))
    }
}
