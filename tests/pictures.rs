//! Whole pictures, drawn by the program and read back by an XML parser: text stays text whatever it holds, no label lies on
//! another one, nothing is fetched from elsewhere, and the same question gives the same picture.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot run fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use dixit::picture::svg::Rect;
use dixit::picture::text::Font;
use roxmltree::{Document, Node};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dixit");

/// Texts that would like to be something else.
const HOSTILE: &[&str] = &[
    "</text></svg></title><script>alert(1)</script>",
    "<img src=x onerror=\"alert(1)\">",
    "]]> --> &amp; &#0; %s \\\" ' `",
    "left\u{202e}right\u{1b}[31m\u{1}\u{fffe}\u{feff}",
    "javascript:alert(1) url(https://example.org/x) {{a}} ${b}",
];

/// What pictures of the demo's store are asked for.
const ASKED: &[&[&str]] = &[
    &["timeline"],
    &["timeline", "--by", "claim", "--actor", "Rubio"],
    &["timeline", "--by", "venue"],
    &["timeline", "--by", "topic", "--since", "2025-11-22"],
    &["timeline", "match (e:Event) return e.name, e.date"],
    &["graph", "attribution", "rubio-denies-us-position"],
    &["graph", "attribution", "rubio-denies-authorship"],
    &["graph", "disputes"],
    &["graph", "disputes", "--by", "actor"],
    &["graph", "match p = (:Statement)-[:reports|reverses|follows|disowns]->(:Statement) return p"],
    &["graph", "match p = (:Claim)-[:tension|contradicts|supports|implies]->(:Claim) return p"],
    &["graph", "match p = (:Actor)-[:affirms|disputes]->(:Claim)-[:on]->(:Topic) return p"],
    &["graph", "match (a:Actor)<-[:by]-(s:Statement)-[:at]->(v:Venue) return a, v, count(*) as n"],
];

fn run(folder: &Path, line: &[&str]) {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env_remove("DIXIT_DB").args(line);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line:?}: {said}");
}

fn drawn(folder: &Path, line: &[&str], file: &str) -> String {
    run(folder, &[line, &["-o", file]].concat());
    fs::read_to_string(folder.join(file)).unwrap()
}

fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["demo"]);
    folder
}

/// The boxes of all text, with the groups they stand in moved.
fn texts(node: Node<'_, '_>, (dx, dy): (f64, f64), boxes: &mut Vec<(Rect, String)>) {
    let shift = node.attribute("transform").map_or((0.0, 0.0), |text| {
        let numbers = text.trim_start_matches("translate(").trim_end_matches(')');
        let mut numbers = numbers.split(' ').map(|number| number.parse::<f64>().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    });
    let (dx, dy) = (dx + shift.0, dy + shift.1);
    if node.has_tag_name("text") {
        boxes.push(text_box(node, (dx, dy)));
    }
    for child in node.children() {
        texts(child, (dx, dy), boxes);
    }
}

fn text_box(node: Node<'_, '_>, (dx, dy): (f64, f64)) -> (Rect, String) {
    let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let size = number("font-size");
    let font = Font { size, bold: node.attribute("font-weight") == Some("bold") };
    let mut width = 0.0;
    let mut words = String::new();
    for child in node.descendants().filter(Node::is_text) {
        let bold = child.parent().is_some_and(|one| one.has_tag_name("tspan"));
        width += Font { bold: font.bold || bold, ..font }.width(child.text().unwrap());
        words.push_str(child.text().unwrap());
    }
    let left = if node.attribute("text-anchor") == Some("middle") { width / 2.0 } else { 0.0 };
    let (x, y) = (number("x") + dx - left, number("y") + dy - size * 0.85);
    (Rect { x, y, w: width, h: size }, words)
}

#[test]
fn no_text_lies_on_another_one_or_outside_the_picture() {
    let folder = demo();
    for (at, line) in ASKED.iter().enumerate() {
        let svg = drawn(folder.path(), line, &format!("{at}.svg"));
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        let size = |name: &str| root.attribute(name).unwrap().parse::<f64>().unwrap();
        let mut boxes = Vec::new();
        texts(root, (0.0, 0.0), &mut boxes);
        assert!(boxes.len() > 3, "{line:?}");
        for (at, (one, words)) in boxes.iter().enumerate() {
            let inside =
                one.x >= 0.0 && one.right() <= size("width") && one.bottom() <= size("height");
            assert!(inside, "{line:?}: {words} lies outside: {one:?}");
            for (other, others) in boxes.iter().skip(at + 1) {
                assert!(!one.overlaps(other), "{line:?}: {words} lies on {others}");
            }
        }
    }
}

#[test]
fn the_same_question_gives_the_same_picture() {
    let folder = demo();
    for line in ASKED {
        let one = drawn(folder.path(), line, "one.html");
        assert!(one == drawn(folder.path(), line, "other.html"), "{line:?}");
    }
}

/// A store whose names, claims, quotes and titles are hostile.
fn hostile() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut sheet = "speaker,act,claim,date,venue,source,quote\n".to_owned();
    for (at, text) in HOSTILE.iter().enumerate() {
        let [speaker, claim, venue] =
            ["s", "c", "v"].map(|kind| cell(&format!("{kind}{at} {text}")));
        let (source, quote) = (cell(text), cell(text));
        for (act, date) in [("asserts", "2025-11"), ("denies", "2025-11-20")] {
            let speaker = speaker.replacen('s', act, 1);
            let row = [&speaker, act, &claim, date, &venue, &source, &quote].join(",");
            sheet.push_str(&row);
            sheet.push('\n');
        }
    }
    fs::write(folder.path().join("sheet.csv"), sheet).unwrap();
    run(folder.path(), &["init", "hostile.dixit"]);
    run(folder.path(), &["import", "sheet.csv"]);
    folder
}

/// The elements a picture and its table are made of.
const ELEMENTS: &[&str] = &[
    "svg",
    "title",
    "desc",
    "defs",
    "linearGradient",
    "stop",
    "g",
    "a",
    "rect",
    "path",
    "line",
    "text",
    "tspan",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "main",
    "figure",
    "body",
];

fn check_elements(document: &Document<'_>, line: &[&str]) {
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(ELEMENTS.contains(&name), "{line:?}: <{name}>");
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "style", "{line:?}: {name}");
            assert!(name != "href" || value.starts_with("#row-"), "{line:?}: {value}");
            assert!(
                !value.contains("url(") || value.starts_with("url(#fade-"),
                "{line:?}: {value}"
            );
        }
    }
}

#[test]
fn text_stays_text() {
    let folder = hostile();
    let asked: &[&[&str]] = &[
        &["timeline"],
        &["timeline", "--by", "claim"],
        &["graph", "disputes"],
        &["graph", "match p = (:Actor)-[:affirms|disputes]->(:Claim) return p"],
        &[
            "graph",
            "match (s:Statement)-[:at]->(v:Venue), (s)-[:by]->(a:Actor) return a.name, v.name",
        ],
    ];
    for (at, line) in asked.iter().enumerate() {
        let line = [*line, &["--title", HOSTILE[at]]].concat();
        let svg = drawn(folder.path(), &line, "x.svg");
        let document = Document::parse(&svg).unwrap();
        check_elements(&document, &line);
        let texts: BTreeSet<&str> =
            document.descendants().filter(Node::is_text).map(|node| node.text().unwrap()).collect();
        assert!(texts.iter().all(|text| !text.contains(['\u{202e}', '\u{feff}', '\u{1b}'])));
        let whole = texts.into_iter().collect::<Vec<_>>().concat();
        assert!(whole.contains("</text></svg></title><script>alert(1)"), "{line:?}");
        let page = drawn(folder.path(), &line, "x.html");
        let body = &page[page.find("<body>").unwrap()..page.find("</html>").unwrap()];
        check_elements(&Document::parse(body).unwrap(), &line);
    }
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    let folder = demo();
    let page = drawn(folder.path(), &["timeline"], "x.html");
    let head = &page[..page.find("<body>").unwrap()];
    assert!(head.contains("content=\"default-src 'none'; style-src 'sha256-"), "{head}");
    assert!(!page.contains("<script") && !page.contains("style=\"") && !head.contains("@import"));
    let addresses = page.matches("http").count();
    let known =
        page.matches("http://www.w3.org/2000/svg").count() + page.matches("http-equiv").count();
    assert_eq!(addresses, known, "an address from elsewhere");
}
