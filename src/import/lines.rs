//! Lines of JSON as rows: a column is a path into the object of a line. Knows nothing of what the cells mean.

use std::collections::BTreeSet;
use std::io::{BufRead, Read as _};

use serde_json::Value;

use super::records::{Blame, Fault, Record, Rows};

/// The longest line.
const LONGEST: u64 = 8 << 20;
/// What stands between the members of a list where a path does not say.
const BETWEEN: &str = "; ";
/// How many names a remark tells.
const TOLD: usize = 12;

/// Lines of JSON being read.
pub(super) struct Lines<R> {
    input: R,
    paths: Vec<Column>,
    record: Record,
    line: u64,
    read: u64,
    bytes: Vec<u8>,
    /// Members of lines that no path begins with.
    unused: BTreeSet<String>,
    begun: bool,
    ended: bool,
}

/// A path, and whether it led somewhere so far.
struct Column {
    text: String,
    path: Result<Path, String>,
    found: bool,
    /// A member that is there where the path asks for another.
    missed: Option<(String, Vec<String>)>,
}

impl<R: BufRead> Lines<R> {
    /// Starts before the heading, which holds the paths themselves.
    pub(super) fn new(input: R, paths: &[String]) -> Self {
        let column = |text: &String| Column {
            text: text.clone(),
            path: Path::parse(text),
            found: false,
            missed: None,
        };
        Self {
            input,
            paths: paths.iter().map(column).collect(),
            record: Record::default(),
            line: 0,
            read: 0,
            bytes: Vec::new(),
            unused: BTreeSet::new(),
            begun: false,
            ended: false,
        }
    }

    fn heading(&mut self) -> Result<bool, Fault> {
        self.begun = true;
        self.record = Record::at(1, 0);
        for column in &self.paths {
            if let Err(why) = &column.path {
                let reason = format!("'{}' is no path into a line: {why}", column.text);
                let suggestion = Some("write it as in source.name or parts[; ].text".to_owned());
                return Err(Fault::File(Blame { line: 1, reason, suggestion }));
            }
            self.record.push(&column.text);
        }
        Ok(true)
    }

    /// Reads the next line that is not blank.
    fn next_line(&mut self) -> Result<bool, Fault> {
        loop {
            self.bytes.clear();
            let mut limited = self.input.by_ref().take(LONGEST + 1);
            let read = limited.read_until(b'\n', &mut self.bytes).map_err(Fault::Io)?;
            if read == 0 {
                return Ok(false);
            }
            self.line += 1;
            let read = u64::try_from(read).unwrap_or(0);
            self.read += read;
            if read > LONGEST {
                let reason = "the line is longer than 8 MiB".to_owned();
                return Err(Fault::File(Blame { line: self.line, reason, suggestion: None }));
            }
            if self.line == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") {
                self.bytes.drain(..3);
            }
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                return Ok(true);
            }
        }
    }

    fn fill(&mut self) -> Result<(), Fault> {
        let line = self.line;
        let blame = |reason: String| Err(Fault::Record(Blame { line, reason, suggestion: None }));
        let value = match serde_json::from_slice::<Value>(self.bytes.trim_ascii_end()) {
            Ok(value) => value,
            Err(error) => {
                let said = error.to_string();
                let said = said.split(" at line ").next().unwrap_or_default();
                let column = error.column();
                return blame(format!("this cannot be read as JSON: byte {column}: {said}"));
            }
        };
        let Value::Object(members) = &value else {
            return blame("a line is a JSON object".to_owned());
        };
        self.note_unused(members.keys());
        self.record = Record::at(line, line);
        for column in &mut self.paths {
            let Ok(path) = &column.path else { continue };
            let mut found = Finding::default();
            let text = path.text(&value, &mut found);
            column.found |= found.led;
            if column.missed.is_none() {
                column.missed = found.missed;
            }
            match text {
                Ok(text) if text.contains('\0') => {
                    return blame(format!("`{}` holds a NUL character", column.text));
                }
                Ok(text) if text.len() > 1 << 20 => {
                    return blame(format!("`{}` is longer than 1 MiB", column.text));
                }
                Ok(text) => self.record.push(&text),
                Err(why) => return blame(format!("`{}`: {why}", column.text)),
            }
        }
        Ok(())
    }

    fn note_unused<'k>(&mut self, names: impl Iterator<Item = &'k String>) {
        for name in names {
            let used = |column: &Column| {
                let path = column.path.as_ref().ok();
                path.and_then(Path::head) == Some(name.as_str())
            };
            if self.unused.len() <= TOLD
                && !self.unused.contains(name)
                && !self.paths.iter().any(used)
            {
                self.unused.insert(name.clone());
            }
        }
    }

    /// A path that led nowhere in the whole file is a slip of the pen.
    fn lost(&self) -> Option<Blame> {
        let column = self.paths.iter().find(|column| !column.found && column.missed.is_some())?;
        let (name, known) = column.missed.as_ref()?;
        let near = super::session::near(name, known.iter().map(String::as_str));
        let reason = format!("no line has `{}`: there is no member `{name}`", column.text);
        Some(Blame { line: 1, reason, suggestion: near })
    }
}

impl<R: BufRead> Rows for Lines<R> {
    fn advance(&mut self) -> Result<bool, Fault> {
        if !self.begun {
            return self.heading();
        }
        if self.ended {
            return Ok(false);
        }
        if self.next_line()? {
            return self.fill().map(|()| true);
        }
        self.ended = true;
        self.lost().map_or(Ok(false), |blame| Err(Fault::File(blame)))
    }

    fn record(&self) -> &Record {
        &self.record
    }

    fn bytes_read(&self) -> u64 {
        self.read
    }

    fn remark(&self) -> Option<String> {
        let mut names: Vec<&str> = self.unused.iter().map(String::as_str).take(TOLD).collect();
        if names.is_empty() {
            return None;
        }
        if self.unused.len() > TOLD {
            names.push("…");
        }
        Some(format!("the mapping takes nothing from {}", names.join(", ")))
    }
}

/// A way into a JSON value: names of members, places in lists, and all members of a list, written one after the other.
#[derive(Debug, PartialEq)]
struct Path(Vec<Step>);

#[derive(Debug, PartialEq)]
enum Step {
    /// The member of that name.
    Member(String),
    /// The member of a list at this place, from 0.
    At(usize),
    /// All members of a list, with this between them.
    Each(String),
}

/// What became of a path in a line.
#[derive(Default)]
struct Finding {
    led: bool,
    missed: Option<(String, Vec<String>)>,
}

impl Path {
    /// Reads `a.b`, `a[0].b`, `a[].b` and `a[, ].b`.
    fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if name.is_empty() {
                return Err("a name is missing".to_owned());
            }
            steps.push(Step::Member(name.to_owned()));
            rest = behind;
            while let Some(inside) = rest.strip_prefix('[') {
                let (between, behind) = inside.split_once(']').ok_or("a bracket is not closed")?;
                steps.push(match between.parse() {
                    Ok(place) => Step::At(place),
                    Err(_) if between.is_empty() => Step::Each(BETWEEN.to_owned()),
                    Err(_) => Step::Each(between.to_owned()),
                });
                rest = behind;
            }
            match rest.strip_prefix('.') {
                Some(behind) => rest = behind,
                None if rest.is_empty() => return Ok(Self(steps)),
                None => return Err("a dot is missing behind a bracket".to_owned()),
            }
        }
    }

    /// The name it begins with.
    fn head(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Member(name)) => Some(name),
            Some(Step::At(_) | Step::Each(_)) | None => None,
        }
    }

    fn text(&self, value: &Value, found: &mut Finding) -> Result<String, String> {
        text(&self.0, value, found)
    }
}

fn text(steps: &[Step], value: &Value, found: &mut Finding) -> Result<String, String> {
    let Some((step, rest)) = steps.split_first() else {
        found.led = true;
        return plain(value);
    };
    match (step, value) {
        (_, Value::Null) => Ok(String::new()),
        (Step::Member(name), Value::Object(members)) => {
            if let Some(member) = members.get(name) {
                return text(rest, member, found);
            }
            let known = || members.keys().take(100).cloned().collect();
            found.missed.get_or_insert_with(|| (name.clone(), known()));
            Ok(String::new())
        }
        (Step::At(place), Value::Array(members)) => {
            members.get(*place).map_or(Ok(String::new()), |member| text(rest, member, found))
        }
        (Step::Each(between), Value::Array(members)) => {
            let mut all = String::new();
            for member in members {
                let part = text(rest, member, found)?;
                if !all.is_empty() && !part.is_empty() {
                    all.push_str(between);
                }
                all.push_str(&part);
            }
            Ok(all)
        }
        (Step::Member(name), _) => Err(format!("`{name}` is asked of {}", sort(value))),
        (Step::At(_) | Step::Each(_), _) => Err(format!("a list is expected, not {}", sort(value))),
    }
}

/// A value as the text of a cell.
fn plain(value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) => {
            Err("this is a list; write `[]` behind it for all its members".to_owned())
        }
        Value::Object(_) => Err("this is an object; name one of its members".to_owned()),
    }
}

fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str) {
        let value = r#"{"a":{"b":"x"},"parts":[{"text":"one","at":[[1,2],[3,4]]},{"text":"two","at":[[5,6]]}],
            "n":7,"f":0.5,"no":null,"tags":["p","q"],"yes":true}"#;
        let value: Value = serde_json::from_str(value).unwrap();
        let found = Path::parse(path).and_then(|path| path.text(&value, &mut Finding::default()));
        assert_eq!(found.unwrap_or_else(|why| format!("wrong: {why}")), expected, "{path}");
    }

    #[test]
    fn paths_lead_into_lines() {
        check("a.b", "x");
        check("n", "7");
        check("f", "0.5");
        check("yes", "true");
        check("no.more", "");
        check("none", "");
        check("tags[]", "p; q");
        check("tags[1]", "q");
        check("tags[9]", "");
        check("parts[ / ].text", "one / two");
        check("parts[0].at[0][-]", "1-2");
        check("parts[; ].at[, ][-]", "1-2, 3-4; 5-6");
    }

    #[test]
    fn paths_that_lead_to_no_text_are_told() {
        check("a", "wrong: this is an object; name one of its members");
        check("tags", "wrong: this is a list; write `[]` behind it for all its members");
        check("n.x", "wrong: `x` is asked of a number");
        check("a[]", "wrong: a list is expected, not an object");
        check("a.", "wrong: a name is missing");
        check("a[b", "wrong: a bracket is not closed");
        check("a[]b", "wrong: a dot is missing behind a bracket");
        check("", "wrong: a name is missing");
    }
}
