//! The file of settings, `config.toml`: where it lies, and what stands in it as plain texts with their places.
//! Knows the notation; what a setting is and which values fit is said in `settings`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use toml::{Spanned, Value};

use super::failure::Failure;
use crate::base::closest::closest;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Source, Span, read_text};

/// Names another file, or none where it is empty.
pub(crate) const PLACE: &str = "DIXIT_CONFIG";

/// One line of the file.
pub(crate) struct Line {
    /// What is set.
    pub(crate) name: String,
    /// Its value, or the members of its list.
    pub(crate) texts: Vec<String>,
    /// Which line, from 1.
    pub(crate) number: usize,
    /// Where the name and the value stand.
    pub(crate) places: (Span, Span),
}

/// What is in the file, in the order of its lines.
pub(crate) struct File {
    /// Its text.
    pub(crate) source: Source,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
}

/// Where the file lies, be it there or not; nothing where `$DIXIT_CONFIG` is empty or nobody has a home.
pub(crate) fn path() -> Option<PathBuf> {
    if let Some(told) = std::env::var_os(PLACE) {
        return Some(PathBuf::from(told)).filter(|path| !path.as_os_str().is_empty());
    }
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.config_dir().join("dixit").join("config.toml"))
}

/// A path as people read it, with `~` for their own folder.
pub(crate) fn shown(path: &Path) -> String {
    let home = etcetera::choose_base_strategy().ok().map(|known| known.home_dir().to_owned());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// Whether a command line says that no file is to be read. It is looked for before the line is parsed, as the file
/// decides how mistakes in the line look.
pub(crate) fn is_refused_in(line: &[OsString]) -> bool {
    line.iter().take_while(|word| *word != "--").any(|word| word == "--no-config")
}

/// Reads the file. One that is not there says nothing, unless it was asked for by name.
pub(crate) fn read(path: &Path) -> Result<Option<File>, Failure> {
    let text = match std::fs::File::open(path).and_then(read_text) {
        Ok(text) => text,
        Err(error) if is_missing(&error) && std::env::var_os(PLACE).is_none() => return Ok(None),
        Err(error) => return Err(Failure::file("read", path, error)),
    };
    let source = Source::file(shown(path), text);
    match lines(&source) {
        Ok(lines) => Ok(Some(File { source, lines })),
        Err(mistakes) => Err(Failure::Data(mistakes, source)),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn lines(source: &Source) -> Result<Vec<Line>, Vec<Diagnostic>> {
    let read: Result<BTreeMap<Spanned<String>, Spanned<Value>>, _> = toml::from_str(source.text());
    let read = read.map_err(|error| vec![unreadable(&error)])?;
    let (mut lines, mut mistakes) = (Vec::new(), Vec::new());
    for (name, value) in read {
        let places = (span(&name), span(&value));
        match texts(value.get_ref()) {
            Some(texts) => {
                let number = source.line_column(places.0.start).0;
                lines.push(Line { name: name.into_inner(), texts, number, places });
            }
            None => mistakes.push(nested(&name)),
        }
    }
    lines.sort_by_key(|line| line.places.0);
    if mistakes.is_empty() { Ok(lines) } else { Err(mistakes) }
}

/// A value as a text, or the members of a list as texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Boolean(truth) => Some(vec![truth.to_string()]),
        Value::Datetime(moment) => Some(vec![moment.to_string()]),
        Value::Array(members) => {
            let texts: Option<Vec<Vec<String>>> = members.iter().map(texts).collect();
            texts.map(|texts| texts.concat())
        }
        Value::Table(_) => None,
    }
}

/// D0970: a file of settings that is not TOML.
fn unreadable(error: &toml::de::Error) -> Diagnostic {
    let place = error.span().map_or(Span::default(), |range| Span::new(range.start, range.end));
    Diagnostic::error("D0970", place, error.message().to_owned())
        .help("write a setting as in `format = \"csv\"`: texts stand in quotes, numbers do not")
}

/// D0971: a section, which settings do not have.
fn nested(name: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is a section, and settings stand by themselves", name.get_ref());
    Diagnostic::error("D0971", span(name), message)
        .help("write each setting on a line of its own, as in `timeout = 30`")
}

/// D0972: a setting that does not exist.
pub(crate) fn unknown<'k>(line: &Line, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
    let message = format!("there is no setting called `{}`", line.name);
    let diagnostic = Diagnostic::error("D0972", line.places.0, message);
    match closest(&line.name, known) {
        Some(near) => diagnostic.here(format!("did you mean `{near}`?")),
        None => diagnostic.help("`dixit config` lists the settings"),
    }
}

/// D0973: a value that does not fit its setting.
pub(crate) fn unfit(line: &Line, should: &str) -> Diagnostic {
    Diagnostic::error("D0973", line.places.1, format!("this does not fit `{}`", line.name))
        .here(should)
}

fn span<T>(part: &Spanned<T>) -> Span {
    Span::new(part.span().start, part.span().end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_lines(text: &str) -> Result<Vec<Line>, Vec<Diagnostic>> {
        lines(&Source::file("config.toml", text))
    }

    #[test]
    fn values_become_texts_in_the_order_of_lines() {
        let lines =
            read_lines("timeout = 2.5\n# a remark\nqueries = [\"a\", \"b\"]\nformat = 'csv'\n");
        let lines = lines.ok().unwrap();
        let read: Vec<(&str, String, usize)> = lines
            .iter()
            .map(|line| (line.name.as_str(), line.texts.join("+"), line.number))
            .collect();
        let expected = [("timeout", "2.5", 1), ("queries", "a+b", 3), ("format", "csv", 4)];
        assert_eq!(read, expected.map(|(name, text, line)| (name, text.to_owned(), line)));
    }

    #[test]
    fn what_is_no_setting_is_refused_with_its_place() {
        let check = |text: &str, code: &str| {
            let mistakes = read_lines(text).err().unwrap();
            assert_eq!(mistakes[0].code, code, "{text}");
        };
        check("format = csv", "D0970");
        check("[output]\nformat = 'csv'", "D0971");
        check("format = 'csv'\nformat = 'tsv'", "D0970");
    }

    #[test]
    fn the_option_counts_only_in_front_of_two_dashes() {
        let line = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        assert!(is_refused_in(&line(&["dixit", "query", "--no-config"])));
        assert!(!is_refused_in(&line(&["dixit", "query", "--", "--no-config"])));
    }
}
