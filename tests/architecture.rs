//! The house keeps its order: who may name whom, who may make SQL, who may print, how long a file is, and that every
//! message has a code of its own. Read from the source text, so that no list here goes stale unnoticed.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot run fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which parts of the crate each part names, besides itself. `main.rs` names `cli`, `lib.rs` the stages of the road.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("lang", &["base"]),
    ("record", &["base"]),
    ("meaning", &["base", "lang", "record"]),
    ("plan", &["base", "meaning"]),
    ("complete", &["base", "lang", "meaning"]),
    ("sql", &["base", "meaning", "plan"]),
    ("store", &["base", "record", "sql"]),
    ("import", &["base", "record", "store"]),
    ("export", &["base", "cite", "record"]),
    ("format", &["base"]),
    ("picture", &["base"]),
    ("cite", &["base"]),
    ("why", &["base", "cite", "format"]),
    ("script", &["base", "lang"]),
    ("notes", &["base", "meaning", "plan", "sql", "store"]),
    (
        "cli",
        &[
            "base", "cite", "complete", "export", "format", "import", "lang", "meaning", "notes",
            "picture", "plan", "record", "script", "sql", "store", "why",
        ],
    ),
];

/// Narrower than [`MAY_NAME`]: of this part only these paths.
const ONLY: &[(&str, &str, &[&str])] = &[
    (
        "meaning",
        "lang",
        &[
            "crate::lang::ast",
            "crate::lang::graph_type",
            "crate::lang::mentions",
            "crate::lang::rename",
        ],
    ),
    (
        "meaning",
        "record",
        &["crate::record::catalogue", "crate::record::edit", "crate::record::graph"],
    ),
    ("store", "sql", &["crate::sql::{Bound", "crate::sql::Statement"]),
];

/// Libraries that nobody else names.
const KNOWN_TO: &[(&str, &str)] = &[
    ("rusqlite", "src/store/"),
    ("comfy_table", "src/format/sheet.rs"),
    ("reedline", "src/cli/shell/editor.rs"),
];

/// No file is longer.
const LINES: usize = 600;
/// Files that are, and how long they may be until they are split.
const LONG_FILES: &[(&str, usize)] = &[("src/lang/ast.rs", 800)];

struct File {
    /// From the project's folder, with `/`.
    path: String,
    /// Without unit tests and comments.
    code: String,
    text: String,
}

impl File {
    /// The folder in `src` it belongs to; nothing for the files at the top.
    fn part(&self) -> &str {
        self.path.strip_prefix("src/").and_then(|rest| rest.split_once('/')).map_or("", |two| two.0)
    }
}

fn files() -> Vec<File> {
    let mut paths = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

fn read(path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap();
    let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
    let path = path.to_str().unwrap().replace('\\', "/");
    let is_test = path.ends_with("/tests.rs") || path.ends_with("/samples.rs");
    let code: Vec<&str> = text
        .lines()
        .take_while(|line| *line != "#[cfg(test)]" && *line != "mod tests {")
        .filter(|line| !is_test && !line.trim_start().starts_with("//"))
        .collect();
    File { path, code: code.join("\n") + "\n", text }
}

/// The paths that begin with `crate::`, whether in a `use` or in the code, with braces taken apart.
fn crate_paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            found.extend(first_names(list).into_iter().map(|name| format!("crate::{name}")));
        } else {
            let path: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '{'))
                .collect();
            found.push(format!("crate::{path}"));
        }
    }
    found
}

/// The first name of every member of a braced list, up to its closing brace.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut names, mut name) = (0, Vec::new(), String::new());
    for c in list.chars() {
        match (c, depth) {
            ('}', 0) => break,
            ('{', _) => depth += 1,
            ('}', _) => depth -= 1,
            (',', 0) => names.push(std::mem::take(&mut name)),
            (c, 0) if !c.is_whitespace() => name.push(c),
            _ => {}
        }
    }
    names.push(name);
    names.retain(|name| !name.is_empty());
    names
}

fn part_named(path: &str) -> &str {
    path.strip_prefix("crate::").unwrap().split([':', '{']).next().unwrap()
}

#[test]
fn every_folder_is_in_the_table() {
    let folders: BTreeSet<String> =
        files().iter().map(|file| file.part().to_owned()).filter(|part| !part.is_empty()).collect();
    let listed: BTreeSet<String> = MAY_NAME.iter().map(|(part, _)| (*part).to_owned()).collect();
    assert_eq!(folders, listed);
}

#[test]
fn parts_name_only_whom_they_may() {
    let mut wrong = Vec::new();
    for file in files() {
        let Some((part, may)) = MAY_NAME.iter().find(|(part, _)| *part == file.part()) else {
            continue;
        };
        for path in crate_paths(&file.code) {
            let named = part_named(&path);
            let is_part = MAY_NAME.iter().any(|(known, _)| *known == named);
            let top = !is_part && *part == "cli";
            if named != *part && !may.contains(&named) && !top {
                wrong.push(format!("{}: {path}", file.path));
            }
            let only = ONLY.iter().find(|(who, whom, _)| who == part && *whom == named);
            if only.is_some_and(|(_, _, paths)| !paths.iter().any(|one| path.starts_with(one))) {
                wrong.push(format!("{}: {path}, which is more than it may", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_allows_no_circle() {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while done.len() < MAY_NAME.len() {
        let next = MAY_NAME
            .iter()
            .find(|(part, may)| !done.contains(part) && may.iter().all(|one| done.contains(one)));
        done.insert(next.expect("a part that names only parts before it").0);
    }
}

/// The string literals of Rust code, as written.
fn literals(code: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), code);
    while let Some(at) = rest.find('"') {
        if rest[..at].ends_with('\'') && rest[at + 1..].starts_with('\'') {
            rest = &rest[at + 2..];
            continue;
        }
        let hashes = rest[..at].chars().rev().take_while(|c| *c == '#').count();
        let is_raw = rest[..at - hashes].ends_with('r');
        let text = &rest[at + 1..];
        let closer = format!("\"{}", "#".repeat(if is_raw { hashes } else { 0 }));
        let end = if is_raw { text.find(&closer).unwrap() } else { end_of_literal(text) };
        found.push(&text[..end]);
        rest = &text[end + closer.len()..];
    }
    found
}

/// Where the quote stands that no backslash takes its meaning.
fn end_of_literal(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return at,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Whether a string literal in the code reads like SQL.
fn has_sql(code: &str) -> bool {
    let words = ["select ", " from ", " where ", "group by ", "order by ", "union all", " join "];
    literals(code).iter().map(|text| text.to_lowercase()).any(|text| {
        words.iter().filter(|word| text.contains(*word)).count() > 1 || text.starts_with("select ")
    })
}

#[test]
fn between_question_and_statement_only_the_writer_spells_sql() {
    for file in files().iter().filter(|file| ["meaning", "plan", "sql"].contains(&file.part())) {
        if file.path == "src/sql/writer.rs" {
            assert!(has_sql(&file.code));
        } else {
            assert!(!has_sql(&file.code), "{} spells SQL", file.path);
        }
    }
}

#[test]
fn the_writer_takes_only_fixed_text() {
    let writer = files().into_iter().find(|file| file.path == "src/sql/writer.rs").unwrap().code;
    assert!(writer.contains("fn sql(&mut self, text: &'static str)"));
    // Text grows in `sql`, for a number, and for the quoted name of a table or column.
    let pushes: Vec<&str> =
        writer.lines().map(str::trim).filter(|line| line.contains(".push_str(")).collect();
    assert_eq!(
        pushes,
        [
            "self.text.push_str(text);",
            "self.text.push_str(&number.to_string());",
            "self.text.push_str(&name.replace('\"', \"\\\"\\\"\"));",
        ]
    );
    for other in ["format!(", "write!(", "+= ", "String::from", "leak"] {
        assert!(!writer.contains(other), "the writer uses {other}");
    }
}

#[test]
fn some_libraries_are_known_to_one_place() {
    for (library, place) in KNOWN_TO {
        let names = |file: &&File| file.code.contains(library);
        for file in files().iter().filter(names) {
            assert!(file.path.starts_with(place), "{} names {library}", file.path);
        }
    }
}

#[test]
fn only_the_terminal_prints() {
    for file in files().iter().filter(|file| file.path != "src/cli/terminal.rs") {
        for way in ["println!", "print!(", "eprint", "io::stdout", "io::stderr", "dbg!"] {
            let found = file.code.lines().any(|line| line.contains(way));
            assert!(!found, "{} has {way}", file.path);
        }
    }
}

#[test]
fn the_road_is_pure() {
    let pure = ["base", "lang", "meaning", "picture", "plan", "sql", "record"];
    for file in files().iter().filter(|file| pure.contains(&file.part())) {
        for world in ["std::fs", "std::env", "std::time", "std::process", "std::net", "HashMap"] {
            assert!(!file.code.contains(world), "{} reaches for {world}", file.path);
        }
    }
}

#[test]
fn files_are_short() {
    for file in files() {
        let lines = file.text.lines().count();
        let most =
            LONG_FILES.iter().find(|(path, _)| *path == file.path).map_or(LINES, |one| one.1);
        assert!(lines <= most, "{} has {lines} lines", file.path);
    }
}

#[test]
fn every_file_says_what_it_is() {
    for file in files() {
        let is_query = Path::new(&file.path).extension().is_some_and(|ending| ending == "dixit");
        let comment = if is_query { "-- " } else { "//! " };
        assert!(file.text.starts_with(comment), "{} does not say what it is", file.path);
    }
}

#[test]
fn every_code_is_given_out_once_and_documented() {
    let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut documented: BTreeSet<String> = BTreeSet::new();
    for file in files() {
        for code in literals(&file.code).into_iter().filter(|text| is_code(text)) {
            given.entry(code.to_owned()).or_default().push(file.path.clone());
        }
        let comments = file.text.lines().map(str::trim).filter(|line| line.starts_with("/// D"));
        for comment in comments {
            let codes = comment.trim_start_matches("/// ").split(':').next().unwrap().split(", ");
            documented.extend(codes.filter(|code| is_code(code)).map(str::to_owned));
        }
    }
    let twice: Vec<_> = given.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "given out more than once: {twice:?}");
    let codes: BTreeSet<String> = given.into_keys().collect();
    assert_eq!(codes, documented, "left: given out, right: documented");
}

fn is_code(text: &str) -> bool {
    text.len() == 5 && text.starts_with('D') && text.chars().skip(1).all(|c| c.is_ascii_digit())
}

#[test]
fn the_package_holds_every_text_the_program_is_made_of() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let list = manifest.split_once("\ninclude = [").unwrap().1.split_once(']').unwrap().0;
    let held: Vec<&str> =
        literals(list).into_iter().map(|one| one.trim_start_matches('/')).collect();
    for file in files() {
        let code = file.text.split("include_str!(").skip(1);
        for path in code.filter_map(|rest| literals(rest.split_once(')').unwrap().0).pop()) {
            let mut place: Vec<&str> = file.path.split('/').collect();
            place.pop();
            for step in path.split('/') {
                if step == ".." {
                    place.pop();
                } else {
                    place.push(step);
                }
            }
            let place = place.join("/");
            let is_held = held.iter().any(|held| place.starts_with(held.trim_end_matches('*')));
            assert!(is_held, "{} reads {place}, which is not in the package", file.path);
            assert!(root.join(&place).is_file(), "{place}");
        }
    }
}

#[test]
fn the_book_lists_every_page() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let contents = fs::read_to_string(docs.join("README.md")).unwrap();
    for entry in fs::read_dir(&docs).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_listed = name == "README.md" || contents.contains(&format!("[{name}]({name})"));
        assert!(is_listed, "docs/README.md does not list {name}");
    }
}
