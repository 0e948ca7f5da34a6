//! Whole command lines and what they print: every `console` block of `tests/console/*.md`, `docs/*.md` and `README.md`.
//!
//! A line with `$ ` is run by the shell in a new folder (one a document); the lines below it are all it prints, stdout
//! and stderr as they come, then `exit: N` unless that is 0. `[..]` stands for anything within a line, `...` alone for
//! any number of lines; how long an answer took does not count. A block headed by a format and a file name, such as
//! `csv sheet.csv`, is written to that file. `BLESS=1 cargo test` writes what is printed into the documents.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

#[path = "house/threads.rs"]
mod threads;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_dixit");

/// A piece of a document.
enum Piece {
    /// What is neither run nor written.
    Text(String),
    /// A file, and its lines.
    File(String, Vec<String>),
    /// A command, its line in the document, and the lines it is to print.
    Step(String, usize, Vec<String>),
}

#[test]
fn command_lines_print_what_the_documents_say() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = threads::each(&documents(), |document| tried(document, bless));
    wrong.retain(|wrong| !wrong.is_empty());
    assert!(bless || wrong.is_empty(), "these print something else now:\n\n{}", wrong.join("\n"));
}

/// Runs the steps of a document, and tells which of them print something else than it says.
fn tried(document: &Path, bless: bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let mut pieces = pieces(&fs::read_to_string(document).unwrap());
    for piece in &mut pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::File(name, lines) => {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, lines.join("\n") + "\n").unwrap();
            }
            Piece::Step(command, line, expected) => {
                let got = run(command, folder.path());
                let shown = expected.iter().rposition(|line| !line.is_empty());
                if matches(&expected[..shown.map_or(0, |last| last + 1)], &got) {
                    continue;
                }
                let place = format!("{}:{line}", document.display());
                wrong.push(format!("{place}\n$ {command}\n{}\n", got.join("\n")));
                *expected = got;
            }
        }
    }
    if bless {
        fs::write(document, written(&pieces)).unwrap();
    }
    wrong.join("\n")
}

#[test]
fn a_store_that_breaks_a_rule_is_told_apart_from_one_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    run("dixit demo", folder.path());
    let store = rusqlite::Connection::open(folder.path().join("geneva.dixit")).unwrap();
    store.execute("DELETE FROM attestation WHERE statement = 1", []).unwrap();
    drop(store);
    let lines = run("dixit check", folder.path());
    assert_eq!(lines.last().unwrap(), "exit: 1", "{lines:?}");
    assert!(lines.len() > 1, "{lines:?}");
}

#[test]
fn the_readme_has_the_commands_for_a_fresh_machine() {
    let text = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let commands = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((commands("cargo run --release -- demo"), commands("cargo test")), (1, 1));
}

fn documents() -> Vec<PathBuf> {
    let root = Path::new(ROOT);
    let mut files = vec![root.join("README.md")];
    for folder in ["docs", "tests/console"] {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()));
    }
    files.sort();
    files
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut heading = "";
    for (index, line) in text.lines().enumerate() {
        let fence = line.strip_prefix("```");
        match (fence, heading.split_once(' '), pieces.last_mut()) {
            (Some(info), ..) => {
                heading = info;
                pieces.push(Piece::Text(line.to_owned()));
                if let Some((_, name)) = info.split_once(' ') {
                    pieces.push(Piece::File(name.to_owned(), Vec::new()));
                }
            }
            (None, None, last) if heading == "console" => match (line.strip_prefix("$ "), last) {
                (Some(command), _) => {
                    pieces.push(Piece::Step(command.to_owned(), index + 1, Vec::new()));
                }
                (None, Some(Piece::Step(_, _, expected))) => expected.push(line.to_owned()),
                (None, _) => pieces.push(Piece::Text(line.to_owned())),
            },
            (None, Some(_), Some(Piece::File(_, lines))) => lines.push(line.to_owned()),
            (None, ..) => pieces.push(Piece::Text(line.to_owned())),
        }
    }
    pieces
}

fn written(pieces: &[Piece]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(line) => lines.push(line.clone()),
            Piece::File(_, content) => lines.extend_from_slice(content),
            Piece::Step(command, _, expected) => {
                lines.push(format!("$ {command}"));
                lines.extend_from_slice(expected);
            }
        }
    }
    lines.join("\n") + "\n"
}

fn run(command: &str, folder: &Path) -> Vec<String> {
    let programs = Path::new(PROGRAM).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .envs([("PATH", path.as_str()), ("ROOT", ROOT), ("LC_ALL", "C.UTF-8")])
        .env("HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text.trim_end().lines().map(str::to_owned).collect();
    let code = output.status.code().unwrap_or(-1);
    if code != 0 {
        lines.push(format!("exit: {code}"));
    }
    lines
}

fn matches(expected: &[String], got: &[String]) -> bool {
    match expected.split_first() {
        None => got.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=got.len()).any(|skip| matches(rest, &got[skip..]))
        }
        Some((first, rest)) => got
            .split_first()
            .is_some_and(|(line, others)| matches_line(first, line) && matches(rest, others)),
    }
}

fn matches_line(expected: &str, got: &str) -> bool {
    let (expected, got) = (without_time(expected), without_time(got));
    match expected.split_once("[..]") {
        None => expected.trim_end() == got.trim_end(),
        Some((start, rest)) => got.strip_prefix(start).is_some_and(|got| {
            let ends = got.char_indices().map(|(at, _)| at).chain([got.len()]);
            ends.into_iter().any(|at| matches_line(rest, got.get(at..).unwrap_or_default()))
        }),
    }
}

/// `6 rows · 3 ms` without how long it took.
fn without_time(line: &str) -> &str {
    match line.rsplit_once(" · ") {
        Some((rows, time)) if time.ends_with('s') && line.contains(" row") => rows,
        _ => line,
    }
}
