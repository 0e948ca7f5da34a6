//! Case files: a sentence that says what must hold, then parts headed `--- name`.

use std::fs;
use std::path::{Path, PathBuf};

/// The parts a case may have, and no others.
const PARTS: &[&str] = &[
    "world", "params", "query", "ast", "meaning", "plan", "sql", "table", "csv", "json", "error",
    "changes", "note",
];

/// A case as written.
pub struct Case {
    pub path: PathBuf,
    pub sentence: String,
    /// Names and texts, in order; every text ends its last line.
    pub parts: Vec<(String, String)>,
}

/// All cases, by path.
pub fn all() -> Vec<Case> {
    let mut files = Vec::new();
    collect(&Path::new(super::ROOT).join("tests/cases"), &mut files);
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "case") {
            files.push(path);
        }
    }
}

fn read(path: &Path) -> Case {
    let text = fs::read_to_string(path).unwrap();
    let mut case = Case { path: path.to_owned(), sentence: String::new(), parts: Vec::new() };
    for line in text.lines() {
        match (line.strip_prefix("--- "), case.parts.last_mut()) {
            (Some(name), _) => {
                assert!(PARTS.contains(&name), "{}: no part is called {name}", path.display());
                case.parts.push((name.to_owned(), String::new()));
            }
            (None, Some((_, part))) => *part += &[line, "\n"].concat(),
            (None, None) => case.sentence += &[line, "\n"].concat(),
        }
    }
    assert!(!case.sentence.trim().is_empty(), "{}: say what must hold", path.display());
    assert!(case.part("query").is_some(), "{}: there is no query", path.display());
    case
}

impl Case {
    pub fn part(&self, name: &str) -> Option<&str> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Whether it asks for the tree and nothing else, so that the query need not mean anything.
    pub fn is_about_text(&self) -> bool {
        let computed = |name: &str| !matches!(name, "world" | "params" | "query");
        let mut computed = self.parts.iter().filter(|(name, _)| computed(name));
        computed.next().is_some_and(|(name, _)| name == "ast") && computed.next().is_none()
    }

    pub fn world(&self) -> &str {
        self.part("world").map_or("geneva", str::trim)
    }

    /// `name = value`, one a line; everything behind the sign and one blank counts.
    pub fn params(&self) -> Vec<(String, String)> {
        let pair = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.trim().to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned())
        };
        self.part("params").unwrap_or_default().lines().map(pair).collect()
    }

    /// Where it stands, from the project's folder.
    pub fn place(&self) -> String {
        self.path.strip_prefix(super::ROOT).unwrap().display().to_string()
    }

    pub fn write(&self) {
        let parts = self
            .parts
            .iter()
            .map(|(name, text)| format!("--- {name}\n{text}"))
            .collect::<Vec<_>>()
            .concat();
        fs::write(&self.path, format!("{}{parts}", self.sentence)).unwrap();
    }
}
