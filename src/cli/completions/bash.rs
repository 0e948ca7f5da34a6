//! Bash, by a script of our own: bash takes words apart at `=` and `:` and puts in what it is given as it stands, so both are
//! made good here.

use std::ffi::OsString;
use std::io::{Error, Write};
use std::path::Path;

use clap::Command;
use clap_complete::engine::complete;
use clap_complete::env::EnvCompleter;

/// The variable in which the script says which word it is about.
const WORD: &str = "_DIXIT_WORD";

/// Completes in bash.
pub(super) struct Bash;

const SCRIPT: &str = r#"# Completes command lines of dixit in bash.
_NAME() {
    local IFS= line
    COMPREPLY=()
    while read -r line; do
        COMPREPLY+=("$line")
    done < <(VARIABLE=bash _DIXIT_WORD="$COMP_CWORD" PROGRAM -- "${COMP_WORDS[@]}" 2> /dev/null)
    # Behind what has to be followed by more comes no blank.
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then
        compopt -o nospace 2> /dev/null
    fi
}
complete -o nosort -o default -F _NAME NAME 2> /dev/null || complete -o default -F _NAME NAME
"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == "bash"
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        _: &str,
        program: &str,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let script = SCRIPT.replace("VARIABLE", variable).replace("PROGRAM", program);
        out.write_all(script.replace("NAME", name).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let at = std::env::var(WORD).ok().and_then(|at| at.parse().ok()).unwrap_or_default();
        let words: Vec<String> =
            words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let Line { words, at, put_in, quote } = whole(&words, at);
        let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
        for candidate in complete(command, words, at, folder)? {
            let value = candidate.get_value().to_string_lossy();
            if let Some(value) = value.get(put_in..) {
                writeln!(out, "{}", escaped(value, quote))?;
            }
        }
        Ok(())
    }
}

/// A line as it was typed.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    words: Vec<String>,
    /// The word to complete.
    at: usize,
    /// How much of it bash leaves where it is.
    put_in: usize,
    /// The quote it begins with.
    quote: Option<char>,
}

/// Puts together what bash took apart, up to the word to complete.
fn whole(pieces: &[String], at: usize) -> Line {
    let is_mark = |piece: &str| !piece.is_empty() && piece.chars().all(|c| matches!(c, '=' | ':'));
    let mut line = Line { words: Vec::new(), at: 0, put_in: 0, quote: None };
    let mut goes_on = false;
    for piece in pieces.iter().take(at + 1) {
        let (plain, quote) = unquoted(piece);
        line.put_in = 0;
        match line.words.last_mut() {
            Some(last) if is_mark(piece) => {
                last.push_str(piece);
                line.put_in = last.len();
                goes_on = true;
            }
            Some(last) if goes_on => {
                line.put_in = last.len();
                last.push_str(&plain);
                goes_on = false;
            }
            _ => {
                line.words.push(plain);
                goes_on = false;
            }
        }
        line.quote = quote;
    }
    line.at = line.words.len().saturating_sub(1);
    line
}

/// A word as the program would get it, and the quote it begins with.
fn unquoted(word: &str) -> (String, Option<char>) {
    let quote = word.chars().next().filter(|first| matches!(first, '\'' | '"'));
    let (mut plain, mut chars) = (String::new(), word.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' if quote != Some('\'') => plain.extend(chars.next()),
            _ if Some(c) == quote => {}
            _ => plain.push(c),
        }
    }
    (plain, quote)
}

/// A value as it has to stand on the line: what means something to bash is escaped. Where nothing can be escaped, the quote
/// ends before it and begins again behind it; bash looks for `!` even between double quotes.
fn escaped(value: &str, quote: Option<char>) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match (quote, c) {
            (Some('"'), '!') => out.push_str("\"'!'\""),
            (Some('"'), '"' | '$' | '`' | '\\') => out.extend(['\\', c]),
            (Some('\''), '\'') => out.push_str(r"'\''"),
            (None, _) if !c.is_alphanumeric() && !"_-./+=:,@%".contains(c) => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&str], words: &[&str], put_in: usize, quote: Option<char>) {
        let pieces: Vec<String> = pieces.iter().map(ToString::to_string).collect();
        let line = whole(&pieces, pieces.len() - 1);
        assert_eq!(line.words, words);
        assert_eq!((line.at, line.put_in, line.quote), (words.len() - 1, put_in, quote));
    }

    #[test]
    fn what_bash_took_apart_is_put_together() {
        check(&["dixit", "run", "si"], &["dixit", "run", "si"], 0, None);
        check(&["dixit", "run", "--format", "=", "js"], &["dixit", "run", "--format=js"], 9, None);
        check(&["dixit", "run", "--format", "="], &["dixit", "run", "--format="], 9, None);
        check(&["dixit", "-p", "a", "=", "b", "x"], &["dixit", "-p", "a=b", "x"], 0, None);
        check(
            &["dixit", "run", "x", "--who", "\"Mike R"],
            &["dixit", "run", "x", "--who", "Mike R"],
            0,
            Some('"'),
        );
        check(&["dixit", "Mike\\ R"], &["dixit", "Mike R"], 0, None);
    }

    #[test]
    fn what_means_something_is_escaped() {
        assert_eq!(escaped("Mike O'Rounds", None), "Mike\\ O\\'Rounds");
        assert_eq!(escaped("Mike $x", Some('"')), "Mike \\$x");
        assert_eq!(escaped("Mike $x", Some('\'')), "Mike $x");
        assert_eq!(escaped("O'$(touch x)", Some('\'')), r"O'\''$(touch x)");
        assert_eq!(escaped("!x", Some('"')), "\"'!'\"x");
        assert_eq!(escaped("!x", None), r"\!x");
    }
}
