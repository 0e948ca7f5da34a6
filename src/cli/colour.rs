//! Whether to use colours: one decision for tables, messages and help alike.

use std::ffi::OsString;

use clap::ValueEnum;

use crate::format::Strokes;

/// What `--color` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    /// Even when piped
    Always,
    /// Never
    Never,
}

/// What the environment says about colours.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// `NO_COLOR`
    pub(crate) no_color: Option<OsString>,
    /// `CLICOLOR_FORCE`
    pub(crate) force: Option<OsString>,
    /// `TERM`
    pub(crate) term: Option<OsString>,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that says something
    pub(crate) locale: Option<OsString>,
}

impl Environment {
    /// That of this process.
    pub(crate) fn of_process() -> Self {
        let get = |name: &str| std::env::var_os(name);
        let said = |name: &&str| get(name).filter(|value| !value.is_empty());
        Self {
            no_color: get("NO_COLOR"),
            force: get("CLICOLOR_FORCE"),
            term: get("TERM"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(said),
        }
    }

    /// Whether a terminal like this can be told of links: others print them.
    pub(crate) fn follows_links(&self) -> bool {
        self.term.as_ref().is_some_and(|term| term != "dumb" && term != "linux")
    }

    /// What lines are drawn with: ASCII where the locale is known to have no more.
    pub(crate) fn strokes(&self) -> Strokes {
        let Some(locale) = &self.locale else { return Strokes::Unicode };
        let locale = locale.to_string_lossy().to_lowercase().replace('-', "");
        if locale.contains("utf8") { Strokes::Unicode } else { Strokes::Ascii }
    }

    /// What it asks for, and by which variable.
    pub(crate) fn says(&self) -> Option<(Choice, &'static str)> {
        let Self { no_color, force, term: _, locale: _ } = self;
        if no_color.as_ref().is_some_and(|value| !value.is_empty()) {
            return Some((Choice::Never, "NO_COLOR"));
        }
        let forced = force.as_ref().is_some_and(|value| !value.is_empty() && value != "0");
        forced.then_some((Choice::Always, "CLICOLOR_FORCE"))
    }
}

impl Choice {
    /// As `--color` calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// `--color` over `NO_COLOR` over `CLICOLOR_FORCE` over a terminal that is not dumb.
pub(crate) fn decide(choice: Choice, environment: &Environment, is_terminal: bool) -> bool {
    let says = environment.says().map_or(Choice::Auto, |(choice, _)| choice);
    match if choice == Choice::Auto { says } else { choice } {
        Choice::Always => true,
        Choice::Never => false,
        Choice::Auto => is_terminal && environment.term.as_ref().is_some_and(|term| term != "dumb"),
    }
}

/// What `--color` says on a command line that may not even parse: its own error is coloured, too.
pub(crate) fn chosen_in(line: &[OsString]) -> Option<Choice> {
    let words: Vec<&str> = line
        .iter()
        .map_while(|word| match word.to_str() {
            Some("--") => None,
            word => Some(word.unwrap_or_default()),
        })
        .collect();
    let after = |(index, word): (usize, &&str)| match word.strip_prefix("--color") {
        Some("") => words.get(index + 1).map(|value| (*value).to_owned()),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    };
    let said = words.iter().enumerate().filter_map(after).next_back();
    said.and_then(|value| Choice::from_str(&value, true).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(no_color: &str, force: &str, term: &str) -> Environment {
        let some = |text: &str| (text != "-").then(|| OsString::from(text));
        Environment { no_color: some(no_color), force: some(force), term: some(term), locale: None }
    }

    #[test]
    fn the_flag_beats_the_environment_and_that_the_terminal() {
        let check = |choice, (no_color, force, term), is_terminal, expected| {
            let got = decide(choice, &environment(no_color, force, term), is_terminal);
            assert_eq!(got, expected, "{choice:?} {no_color} {force} {term} {is_terminal}");
        };
        check(Choice::Always, ("1", "-", "dumb"), false, true);
        check(Choice::Never, ("-", "1", "xterm"), true, false);
        check(Choice::Auto, ("1", "1", "xterm"), true, false);
        check(Choice::Auto, ("", "1", "xterm"), false, true);
        check(Choice::Auto, ("-", "0", "xterm"), false, false);
        check(Choice::Auto, ("-", "-", "xterm"), true, true);
        check(Choice::Auto, ("-", "-", "dumb"), true, false);
        check(Choice::Auto, ("-", "-", "-"), true, false);
    }

    #[test]
    fn the_choice_is_found_anywhere_on_the_line() {
        let check = |words: &[&str], expected| {
            let line: Vec<OsString> = words.iter().map(OsString::from).collect();
            assert_eq!(chosen_in(&line), expected, "{words:?}");
        };
        check(&["dixit", "query", "--color", "always"], Some(Choice::Always));
        check(&["dixit", "--color=never", "nonsense"], Some(Choice::Never));
        check(&["dixit", "--color=purple"], None);
        check(&["dixit", "query", "--", "--color=never"], None);
    }

    #[test]
    fn lines_are_of_ascii_only_where_the_locale_has_no_more() {
        let check = |locale: &str, expected| {
            let locale = (locale != "-").then(|| OsString::from(locale));
            assert_eq!(Environment { locale, ..Environment::default() }.strokes(), expected);
        };
        check("-", Strokes::Unicode);
        check("de_DE.UTF-8", Strokes::Unicode);
        check("C.utf8", Strokes::Unicode);
        check("C", Strokes::Ascii);
        check("de_DE@euro", Strokes::Ascii);
    }
}
