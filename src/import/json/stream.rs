//! Reads a file of JSON value by value: a list, lines, or an object that holds what matters under some name. Memory holds
//! one element at a time.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead, Read},
    rc::Rc,
};

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::{Json, Line, Node, Whole};
use crate::import::{Error, draft::Draft};

/// The most bytes of one element.
const LONGEST: u64 = 32 << 20;

/// What was read.
pub(in crate::import) enum Part {
    /// One element.
    Element(Node),
    /// What else the object that holds the elements has, once all were read.
    Rest(Node),
}

/// Takes what was read; an error of its own stops the whole.
type Take<'t, 'd, 'w> = dyn FnMut(&mut Draft<'d, 'w>, Part) -> Result<(), Error> + 't;

/// Reads the file. Where a top-level object has the first name of `route`, the elements are what stands at the end of the
/// route: the items of a list or the values of an object. A top-level list, too, holds elements; any other object comes as
/// `Rest`. What is no JSON is refused with its line.
pub(in crate::import) fn each<'d, 'w>(
    draft: &mut Draft<'d, 'w>,
    route: &[&str],
    take: &mut Take<'_, 'd, 'w>,
) -> Result<(), Error> {
    let mut input = draft.open()?;
    draft.is_about(0, None);
    match skip_mark(&mut *input) {
        Ok(true) => {}
        Ok(false) => {
            let help = "save it as UTF-8".to_owned();
            draft.refuse(1, None, "the file is UTF-16, not UTF-8", Some(help));
            return Ok(());
        }
        Err(error) => return Err(draft.failed(error)),
    }
    let (line, since) = (Rc::new(Cell::new(1)), Rc::new(Cell::new(0)));
    let counted = Lines { input, line: Rc::clone(&line), since: Rc::clone(&since), behind: false };
    let mut parser = serde_json::Deserializer::from_reader(counted);
    let mut failed = None;
    while parser.end().is_err() {
        let walk = Walk {
            route,
            top: true,
            state: &mut State { draft, take, line: &line, since: &since, failed: &mut failed },
        };
        since.set(0);
        let Err(error) = walk.deserialize(&mut parser) else { continue };
        if let Some(failed) = failed {
            return Err(failed);
        }
        if error.is_io() && error.io_error_kind() != Some(io::ErrorKind::InvalidData) {
            return Err(draft.failed(error.into()));
        }
        draft.refuse(line.get(), None, wrong(&error), None);
        return Ok(());
    }
    Ok(())
}

/// Skips a byte order mark of UTF-8; false where the file is UTF-16.
fn skip_mark(input: &mut dyn BufRead) -> io::Result<bool> {
    let head = input.fill_buf()?;
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Ok(false);
    }
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        input.consume(3);
    }
    Ok(true)
}

/// What the parser of JSON says, in plain words; the line is told apart.
fn wrong(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    if said == TOO_LONG {
        return said.to_owned();
    }
    let known = UNREADABLE.iter().find(|(sign, _)| said.starts_with(sign));
    format!("this cannot be read as JSON: {}", known.map_or(said, |(_, words)| words))
}

/// How the parser of JSON begins to say what is wrong, and the same in plain words.
const UNREADABLE: &[(&str, &str)] = &[
    ("EOF while parsing", "the file ends in the middle of it"),
    ("control character", "a text goes over the end of its line; write \\n for a line break"),
    ("expected `,` or `]`", "expected a comma and the next value, or the end of the list"),
    ("expected `,` or `}`", "expected a comma and the next member, or the end of the object"),
    ("expected `:`", "expected a colon between a name and its value"),
    ("expected value", "expected a value: a text in double quotes, a number, a list or an object"),
    ("invalid type", "expected a list or an object"),
    ("invalid unicode", "the text is not UTF-8"),
    ("key must be a string", "expected a name in double quotes"),
    ("recursion limit exceeded", "lists and objects are nested too deep"),
    ("trailing comma", "expected another member behind the comma, or no comma"),
];

const TOO_LONG: &str = "one element of the file is longer than 32 MiB";

struct State<'s, 't, 'd, 'w> {
    draft: &'s mut Draft<'d, 'w>,
    take: &'s mut Take<'t, 'd, 'w>,
    line: &'s Line,
    since: &'s Rc<Cell<u64>>,
    failed: &'s mut Option<Error>,
}

impl State<'_, '_, '_, '_> {
    fn whole(&self) -> Whole {
        Whole { line: Rc::clone(self.line) }
    }

    fn give<E: serde::de::Error>(&mut self, part: Part) -> Result<(), E> {
        self.since.set(0);
        self.draft.tick();
        let (Part::Element(node) | Part::Rest(node)) = &part;
        self.draft.is_about(node.line, node.text_of("id"));
        (self.take)(self.draft, part).map_err(|error| {
            *self.failed = Some(error);
            E::custom("stopped")
        })
    }
}

/// Goes down the route to the elements.
struct Walk<'a, 's, 't, 'd, 'w> {
    route: &'a [&'a str],
    top: bool,
    state: &'a mut State<'s, 't, 'd, 'w>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.top { "a list or an object" } else { "what holds the elements" })
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        if !self.top && !self.route.is_empty() {
            return Err(A::Error::custom("expected an object here, not a list"));
        }
        while let Some(node) = items.next_element_seed(self.state.whole())? {
            self.state.give(Part::Element(node))?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { route, top, state } = self;
        let line = state.line.get();
        let mut rest = Vec::new();
        while let Some(name) = items.next_key::<String>()? {
            match route.split_first() {
                Some((step, route)) if *step == name => {
                    let walk = Walk { route, top: false, state: &mut *state };
                    items.next_value_seed(walk)?;
                }
                Some(_) | None if top => {
                    rest.push((name, items.next_value_seed(state.whole())?));
                }
                None => {
                    let node = items.next_value_seed(state.whole())?;
                    state.give(Part::Element(node))?;
                }
                Some(_) => drop(items.next_value::<IgnoredAny>()?),
            }
        }
        if top {
            state.give(Part::Rest(Node { line, json: Json::Map(rest) }))?;
        }
        Ok(())
    }
}

/// Counts lines for the parser, which takes one byte at a time, and stops where an element is too long.
struct Lines {
    input: Box<dyn BufRead>,
    line: Line,
    since: Rc<Cell<u64>>,
    /// Whether the byte given last ended a line.
    behind: bool,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let one = buffer.get_mut(..1).unwrap_or_default();
        let read = self.input.read(one)?;
        if read == 0 {
            return Ok(0);
        }
        if self.behind {
            self.line.set(self.line.get() + 1);
        }
        self.behind = one == b"\n";
        self.since.set(self.since.get() + 1);
        if self.since.get() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, TOO_LONG));
        }
        Ok(read)
    }
}
