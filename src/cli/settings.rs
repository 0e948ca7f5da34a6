//! What a user may settle once for all: by a variable of the environment or a line of `config.toml`, the first over the
//! second, and the command line over both. A new setting is a row of `SETTINGS`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum as _;
use etcetera::BaseStrategy as _;

use super::args::seconds;
use super::colour::{Choice, Environment};
use super::config::{self, Line};
use super::failure::{Failure, Message};
use super::output::known_format;
use super::shape::{self, MaxRows, Width};
use crate::base::diagnostic::Diagnostic;
use crate::format::{Expanded, Format};

/// What holds unless the command line says otherwise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// The format of results that do not go into a file whose name tells it.
    pub(crate) format: Option<&'static Format>,
    /// How wide the lines of tables and charts are on a terminal.
    pub(crate) width: Option<Width>,
    /// How many rows of a table a terminal gets.
    pub(crate) max_rows: Option<MaxRows>,
    /// Whether rows of tables on a terminal are shown as records.
    pub(crate) expanded: Option<Expanded>,
    /// When to use colours.
    pub(crate) color: Choice,
    /// How long a query may take.
    pub(crate) timeout: Option<Duration>,
    /// Folders of saved queries.
    pub(crate) queries: Vec<PathBuf>,
    /// Who makes changes.
    pub(crate) who: Option<String>,
    /// What shows long texts a page at a time.
    pub(crate) pager: Option<String>,
    /// The file of settings, be it there or not.
    pub(crate) file: Option<PathBuf>,
    /// What was said, by whom.
    said: Vec<Said>,
}

/// What was said about one setting.
#[derive(Debug, Clone)]
struct Said {
    setting: &'static str,
    text: String,
    origin: Origin,
}

/// Who settled something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A variable of the environment.
    Variable(&'static str),
    /// A line of the file.
    Line(usize),
    /// Nobody.
    Usual,
}

/// What a variable holds, and which one.
type Variable = Option<(&'static str, Vec<String>)>;

/// One setting.
pub(crate) struct Setting {
    /// As the file calls it.
    pub(crate) name: &'static str,
    /// Other names for it in the file.
    also: &'static [&'static str],
    /// The option that says the same on the command line.
    pub(crate) option: Option<&'static str>,
    /// The variables of the environment that say it, the first over the second.
    pub(crate) variables: &'static [&'static str],
    /// What holds where nothing is said.
    pub(crate) usual: &'static str,
    /// What it is.
    pub(crate) about: &'static str,
    of_environment: fn() -> Variable,
    take: fn(&mut Settings, &[String]) -> Result<(), String>,
}

/// Every setting.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        name: "format",
        also: &[],
        option: Some("--format"),
        variables: &["DIXIT_FORMAT"],
        usual: "table",
        about: "how answers are written where no file's ending tells it",
        of_environment: || variable("DIXIT_FORMAT"),
        take: |settings, texts| one(texts, known_format).map(|it| settings.format = Some(it)),
    },
    Setting {
        name: "width",
        also: &[],
        option: Some("--width"),
        variables: &["DIXIT_WIDTH"],
        usual: "as wide as the terminal",
        about: "how wide tables and charts are on a terminal, in cells, or full",
        of_environment: || variable("DIXIT_WIDTH"),
        take: |settings, texts| one(texts, shape::width).map(|it| settings.width = Some(it)),
    },
    Setting {
        name: "max-rows",
        also: &["rows"],
        option: Some("--max-rows"),
        variables: &["DIXIT_MAX_ROWS"],
        usual: "1000",
        about: "how many rows of a table a terminal gets, or all",
        of_environment: || variable("DIXIT_MAX_ROWS"),
        take: |settings, texts| one(texts, shape::max_rows).map(|it| settings.max_rows = Some(it)),
    },
    Setting {
        name: "expanded",
        also: &[],
        option: Some("--expanded"),
        variables: &["DIXIT_EXPANDED"],
        usual: "auto",
        about: "whether a terminal gets rows as records: on, off, or auto where a table would squeeze its text",
        of_environment: || variable("DIXIT_EXPANDED"),
        take: |settings, texts| one(texts, shape::expanded).map(|it| settings.expanded = Some(it)),
    },
    Setting {
        name: "color",
        also: &["colour"],
        option: Some("--color"),
        variables: &["NO_COLOR", "CLICOLOR_FORCE"],
        usual: "auto",
        about: "when to use colours: auto, always or never",
        of_environment: || {
            let (choice, name) = Environment::of_process().says()?;
            Some((name, vec![choice.name().to_owned()]))
        },
        take: |settings, texts| one(texts, colour).map(|it| settings.color = it),
    },
    Setting {
        name: "timeout",
        also: &[],
        option: Some("--timeout"),
        variables: &["DIXIT_TIMEOUT"],
        usual: "none",
        about: "how many seconds a query may take",
        of_environment: || variable("DIXIT_TIMEOUT"),
        take: |settings, texts| one(texts, seconds).map(|it| settings.timeout = Some(it)),
    },
    Setting {
        name: "queries",
        also: &[],
        option: None,
        variables: &["DIXIT_QUERIES"],
        usual: "none",
        about: "more folders of saved queries, behind the folder's own `queries`",
        of_environment: || {
            let folders = std::env::var_os("DIXIT_QUERIES").filter(|value| !value.is_empty())?;
            let text = |path: PathBuf| path.to_string_lossy().into_owned();
            Some(("DIXIT_QUERIES", std::env::split_paths(&folders).map(text).collect()))
        },
        take: |settings, texts| {
            settings.queries = texts.iter().map(|text| folder(text)).collect();
            Ok(())
        },
    },
    Setting {
        name: "who",
        also: &["user"],
        option: Some("--who"),
        variables: &["DIXIT_USER"],
        usual: "your user name",
        about: "who makes a change, for the log",
        of_environment: || variable("DIXIT_USER"),
        take: |settings, texts| one(texts, name).map(|it| settings.who = Some(it)),
    },
    Setting {
        name: "pager",
        also: &[],
        option: None,
        variables: &["DIXIT_PAGER", "PAGER"],
        usual: "less -FRX",
        about: "what shows long help, and long answers in the shell, a page at a time; `cat` for none",
        of_environment: || {
            let named = |name: &'static str| Some((name, vec![std::env::var(name).ok()?]));
            named("DIXIT_PAGER").or_else(|| named("PAGER"))
        },
        take: |settings, texts| {
            one(texts, |text| Ok(text.to_owned())).map(|it| settings.pager = Some(it))
        },
    },
];

/// Variables of the environment that are no settings, and what they say.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("DIXIT_DB", "the store; --db is stronger, the only store of the folder weaker"),
    ("DIXIT_CONFIG", "another file of settings; where it is set but empty, none is read"),
    ("XDG_CONFIG_HOME", "the folder of `dixit/config.toml`; otherwise ~/.config"),
    ("XDG_DATA_HOME", "the folder of `dixit/queries`; otherwise ~/.local/share"),
    ("TERM", "where it is `dumb`, no colours are used"),
    ("LC_ALL", "where it, LC_CTYPE or LANG names no UTF-8, lines are drawn in plain characters"),
    ("USER", "who makes a change where nothing else says it; also LOGNAME and USERNAME"),
];

/// The settings of this process; and what is wrong with the file, of which nothing holds then.
pub(crate) fn read(line: &[OsString]) -> (Settings, Option<Failure>) {
    let path = config::path().filter(|_| !config::is_refused_in(line));
    let mut settings = Settings { file: path.clone(), ..Settings::default() };
    let of_file = path.map_or(Ok(()), |path| settings.take_file(&path));
    if of_file.is_err() {
        settings = Settings { file: settings.file, ..Settings::default() };
    }
    let of_environment = settings.take_environment();
    (settings, of_file.and(of_environment).err())
}

impl Settings {
    fn take_file(&mut self, path: &Path) -> Result<(), Failure> {
        let Some(config::File { source, lines }) = config::read(path)? else { return Ok(()) };
        let beside = path.parent().unwrap_or(Path::new("."));
        let mistakes: Vec<Diagnostic> =
            lines.iter().filter_map(|line| self.take_line(line, beside).err()).collect();
        if mistakes.is_empty() { Ok(()) } else { Err(Failure::Data(mistakes, source)) }
    }

    fn take_line(&mut self, line: &Line, beside: &Path) -> Result<(), Diagnostic> {
        let wanted = line.name.to_lowercase().replace('_', "-");
        let is_meant = |one: &&Setting| one.name == wanted || one.also.contains(&wanted.as_str());
        let setting = SETTINGS.iter().find(is_meant);
        let setting = setting
            .ok_or_else(|| config::unknown(line, SETTINGS.iter().map(|setting| setting.name)))?;
        (setting.take)(self, &line.texts).map_err(|should| config::unfit(line, &should))?;
        if setting.name == "queries" {
            // Elsewhere a folder is looked for from where one works; in the file, from where the file lies.
            self.queries.iter_mut().for_each(|folder| *folder = beside.join(&*folder));
        }
        self.note(setting, &line.texts, Origin::Line(line.number));
        Ok(())
    }

    fn take_environment(&mut self) -> Result<(), Failure> {
        for setting in SETTINGS {
            let Some((variable, texts)) = (setting.of_environment)() else { continue };
            (setting.take)(self, &texts).map_err(|should| {
                let what = format!("{variable} is '{}', which does not fit", texts.join(" "));
                Failure::Usage(Message::new(what).next(should))
            })?;
            self.note(setting, &texts, Origin::Variable(variable));
        }
        Ok(())
    }

    fn note(&mut self, setting: &Setting, texts: &[String], origin: Origin) {
        let text = texts.join(", ");
        self.said.retain(|said| said.setting != setting.name);
        self.said.push(Said { setting: setting.name, text, origin });
    }

    /// What holds for a setting, and who says so.
    pub(crate) fn holds(&self, setting: &Setting) -> (String, Origin) {
        match self.said.iter().find(|said| said.setting == setting.name) {
            Some(Said { text, origin, setting: _ }) => (text.clone(), *origin),
            None => (setting.usual.to_owned(), Origin::Usual),
        }
    }
}

fn variable(name: &'static str) -> Variable {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.trim().is_empty()).then(|| (name, vec![value]))
}

/// Reads the only value of a setting that takes one.
fn one<T>(texts: &[String], read: fn(&str) -> Result<T, String>) -> Result<T, String> {
    match texts {
        [text] => read(text),
        _ => Err("write one value, not a list".to_owned()),
    }
}

fn colour(text: &str) -> Result<Choice, String> {
    Choice::from_str(text, true).map_err(|_| "write auto, always or never".to_owned())
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("write a name".to_owned()) } else { Ok(text.to_owned()) }
}

/// A folder, where `~/` stands for the user's own.
fn folder(text: &str) -> PathBuf {
    let home = etcetera::choose_base_strategy().ok().map(|known| known.home_dir().to_owned());
    match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (Settings, Option<Failure>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let mut settings = Settings::default();
        let failure = settings.take_file(&path).err();
        (settings, failure)
    }

    #[test]
    fn names_are_said_once() {
        let names = |setting: &'static Setting| [&[setting.name], setting.also].concat();
        let mut all: Vec<&str> = SETTINGS.iter().flat_map(names).collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn a_file_settles_what_it_names() {
        let (settings, failure) = file("Format = 'md'\ncolour = 'never'\ntimeout = 2\n");
        assert!(failure.is_none());
        assert_eq!(settings.format.map(|format| format.name), Some("markdown"));
        assert_eq!(
            (settings.color, settings.timeout),
            (Choice::Never, Some(Duration::from_secs(2)))
        );
        let held = settings.holds(&SETTINGS[0]);
        assert_eq!(held, ("md".to_owned(), Origin::Line(1)));
        assert_eq!(settings.holds(&SETTINGS[6]).1, Origin::Usual);
    }

    #[test]
    fn every_mistake_of_a_file_is_told() {
        let (_, failure) = file("formt = 'csv'\ntimeout = 'soon'\nformat = ['csv', 'tsv']\n");
        let Some(Failure::Data(mistakes, _)) = failure else { panic!("mistakes") };
        let codes: Vec<&str> = mistakes.iter().map(|mistake| mistake.code).collect();
        assert_eq!(codes, ["D0972", "D0973", "D0973"]);
        assert_eq!(mistakes[0].labels[0].text, "did you mean `format`?");
        assert_eq!(mistakes[1].labels[0].text, "write it in seconds, such as 2.5");
    }

    #[test]
    fn folders_of_a_file_are_looked_for_beside_it() {
        let (settings, _) = file("queries = ['shared', '/srv/queries']");
        assert!(settings.queries[0].is_absolute() && settings.queries[0].ends_with("shared"));
        assert_eq!(settings.queries[1], Path::new("/srv/queries"));
    }
}
