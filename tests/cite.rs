//! The sources of an answer: the cells, BibTeX and CSL-JSON name the same ones, and just those that the rows rest on.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use biblatex::{Bibliography, ChunksExt as _};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dixit");

/// What the program writes to standard output.
fn run(folder: &Path, line: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(line).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows of a CSV, each with its first cell and the list in its second.
fn lists(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap) {
        let keys = row[1].split("; ").filter(|key| !key.is_empty()).map(str::to_owned);
        lists.entry(row[0].to_owned()).or_default().extend(keys);
    }
    lists
}

fn bibtex(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap();
    let entries = Bibliography::parse(&text).unwrap().into_vec();
    let titled = |entry: &biblatex::Entry| {
        (entry.key.clone(), entry.get("title").unwrap().format_verbatim())
    };
    entries.iter().map(titled).collect()
}

fn csl(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap();
    let items: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let text = |item: &serde_json::Value, name: &str| item[name].as_str().unwrap().to_owned();
    items.iter().map(|item| (text(item, "id"), text(item, "title"))).collect()
}

#[test]
fn a_bibliography_holds_exactly_the_sources_of_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["demo"]);
    let read = run(
        folder.path(),
        &["query", "match (s:Statement)-[:in]->(o:Source) return s.key, o.key", "--format", "csv"],
    );
    let wanted = lists(&read);
    assert!(wanted.len() > 40, "{wanted:?}");
    let all = "match (s:Statement)-[:in]->(:Source) return distinct s.key";
    for bibliography in ["all.bib", "all.json"] {
        let line = ["query", all, "--cite", "--format", "csv", "--bibliography", bibliography];
        let cells = lists(&run(folder.path(), &line));
        assert_eq!(cells, wanted);
        let keys: BTreeSet<String> = cells.into_values().flatten().collect();
        let path = folder.path().join(bibliography);
        let entries = if bibliography.ends_with("bib") { bibtex(&path) } else { csl(&path) };
        assert_eq!(entries.into_keys().collect::<BTreeSet<_>>(), keys);
    }
    // One row that stands for all of them cites all.
    let one = "match (s:Statement)-[:in]->(:Source) return count(*) as n";
    let cells = lists(&run(folder.path(), &["query", one, "--cite", "--format", "csv"]));
    let keys: BTreeSet<String> = wanted.into_values().flatten().collect();
    assert_eq!(cells.into_values().flatten().collect::<BTreeSet<_>>(), keys);
}

#[test]
fn hostile_keys_and_titles_are_cited_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["demo"]);
    let sources = [
        ("a b", "Two & <b> 50 % \\\\input{x} } \\\\end"),
        ("a  b", "{{{ \\\\\\\\ #1 _x_ ^ ~"),
        ("a}\\\\x", "</script>"),
        ("Ärger,1", "日本 👩‍🔬"),
        ("=1+1", "=1+1"),
    ];
    for (key, title) in sources {
        let insert = format!("insert (:Source {{key: '{key}', title: '{title}'}})");
        run(folder.path(), &["write", &insert, "--why", "a try"]);
    }
    let query = "match (o:Source) where o.access is null return o.title order by o.key";
    let line = |bibliography| {
        ["query", query, "--cite", "--format", "csv", "--bibliography", bibliography]
    };
    let cells = lists(&run(folder.path(), &line("h.bib")));
    run(folder.path(), &line("h.json"));
    let (bib, csl) = (bibtex(&folder.path().join("h.bib")), csl(&folder.path().join("h.json")));
    assert_eq!(cells.len(), sources.len());
    assert_eq!((bib.len(), &bib), (sources.len(), &csl));
    for (title, keys) in cells {
        let key = keys.first().unwrap();
        assert!(key.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c)), "{key}");
        assert_eq!(bib[key], title);
    }
    let latex = run(folder.path(), &["query", query, "--cite", "--format", "latex"]);
    assert_eq!(latex.matches("\\cite{").count(), sources.len(), "{latex}");
}
