//! Whole command lines and what they print: every `console` block of `tests/console/*.md`.
//!
//! A line with `$ ` is run by the shell in a new folder (one a file); the lines below it are all it prints, stdout and
//! stderr as they come, then `exit: N` unless that is 0. `[..]` stands for anything within a line, `...` alone for any
//! number of lines.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_dixit");

struct Step {
    line: usize,
    command: String,
    expected: Vec<String>,
}

#[test]
fn command_lines_print_what_the_documents_say() {
    let mut wrong = Vec::new();
    for file in documents() {
        let folder = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(&file).unwrap();
        for step in steps(&text) {
            let got = run(&step.command, folder.path());
            if !matches(&step.expected, &got) {
                let place = format!("{}:{}", file.display(), step.line);
                wrong.push(format!("{place}\n$ {}\n{}\n", step.command, got.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "these print something else now:\n\n{}", wrong.join("\n"));
}

fn documents() -> Vec<PathBuf> {
    let folder = fs::read_dir(Path::new(ROOT).join("tests/console")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
        }
        if !inside || line.starts_with("```") {
            continue;
        }
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { line: index + 1, command: command.to_owned(), expected: Vec::new() });
        } else if let Some(step) = steps.last_mut() {
            step.expected.push(line.to_owned());
        }
    }
    for step in &mut steps {
        while step.expected.last().is_some_and(String::is_empty) {
            step.expected.pop();
        }
    }
    steps
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
    match expected.split_once("[..]") {
        None => expected.trim_end() == got.trim_end(),
        Some((start, rest)) => got.strip_prefix(start).is_some_and(|got| {
            let ends = got.char_indices().map(|(at, _)| at).chain([got.len()]);
            ends.into_iter().any(|at| matches_line(rest, got.get(at..).unwrap_or_default()))
        }),
    }
}
