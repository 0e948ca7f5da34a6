//! Texts of every sort go out in every format and come back as they were, or as they are shown where a format shows what
//! would act. The texts are random, of pieces that end cells, begin commands, hide, or are long.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it cannot go on, and says which text it was"
)]

#[expect(dead_code, reason = "these texts need only some of the ways to be random")]
mod oracle {
    pub(crate) mod random;
}

use std::io::Cursor;

use biblatex::ChunksExt as _;
use calamine::{Data, Reader as _};
use dixit::base::clean;
use dixit::base::value::{Column, Value};
use dixit::cite::{Entry, Name, bibtex::bibtex, csl::csl};
use dixit::format::{Formulas, Look, named};
use oracle::random::Random;
use roxmltree::{Document, Node, ParsingOptions};

const TEXTS: usize = 3000;

/// What texts are made of.
const PIECES: &[&str] = &[
    "a",
    "B",
    "7",
    " ",
    "  ",
    ".",
    "é",
    "日本",
    "👩\u{200d}🔬",
    "e\u{301}",
    "م",
    "&",
    "%",
    "$",
    "#",
    "_",
    "{",
    "}",
    "~",
    "^",
    "\\",
    "\\\\",
    "<",
    ">",
    "|",
    "`",
    "'",
    "''",
    "\"",
    "\"\"",
    "-",
    "--",
    "---",
    ",",
    ",,",
    ";",
    ":",
    "=",
    "+",
    "@",
    "*",
    "[",
    "]",
    "(",
    ")",
    "!",
    "?`",
    "/",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{1b}[2J",
    "\u{7}",
    "\u{9b}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{e0041}",
    "\u{fffe}",
    "</script>",
    "</td>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "&amp;",
    "&lt;",
    "&#x41;",
    "\\input{x}",
    "\\end{tabular}",
    "\\\\[1cm]",
    "%\n",
    "@article{x,",
    "},\n",
    "_x0041_",
    "_x005F_",
    "=1+1",
    "HYPERLINK(",
    "https://example.org",
    "null",
    "true",
    "1e5",
    "007",
];

fn texts() -> Vec<String> {
    let mut random = Random::new(20_251_122);
    let mut texts: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    while texts.len() < TEXTS {
        let pieces = 1 + random.below(12);
        texts.push((0..pieces).map(|_| *random.pick(PIECES)).collect());
    }
    texts.push("& % _ # $ \\ </td> \" ".repeat(1500));
    texts
}

/// One column with the texts.
fn written(format: &str, look: Look, texts: &[String]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sink = named(format).unwrap().start(&mut out, look);
    sink.begin(&[Column::any("x")]).unwrap();
    for text in texts {
        sink.row(&[Value::Text(text.clone())]).unwrap();
    }
    assert_eq!(sink.end().unwrap().remarks, []);
    drop(sink);
    out
}

fn text_of(format: &str, texts: &[String]) -> String {
    String::from_utf8(written(format, Look::PLAIN, texts)).unwrap()
}

fn same(read: &[String], wanted: &[String]) {
    assert_eq!(read.len(), wanted.len());
    for (read, wanted) in read.iter().zip(wanted) {
        assert_eq!(read, wanted);
    }
}

fn csv_cells(text: &[u8]) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    reader.records().map(|record| record.unwrap()[0].to_owned()).collect()
}

#[test]
fn csv_and_json_give_back_every_byte() {
    let texts = texts();
    same(&csv_cells(&written("csv", Look::PLAIN, &texts)), &texts);
    let json: Vec<serde_json::Value> = serde_json::from_str(&text_of("json", &texts)).unwrap();
    let cells: Vec<String> = json.iter().map(|row| row["x"].as_str().unwrap().to_owned()).collect();
    same(&cells, &texts);
    let lines = text_of("jsonl", &texts);
    assert_eq!(lines.lines().count(), texts.len());
    let tsv = text_of("tsv", &texts);
    let cells: Vec<String> = tsv.split('\n').skip(1).map(unescaped).collect();
    same(cells.split_last().unwrap().1, &texts);
}

/// A cell of TSV, without its backslashes.
fn unescaped(cell: &str) -> String {
    let (mut text, mut chars) = (String::new(), cell.chars());
    while let Some(c) = chars.next() {
        text.push(match (c, if c == '\\' { chars.next() } else { None }) {
            (_, Some('t')) => '\t',
            (_, Some('n')) => '\n',
            (_, Some('r')) => '\r',
            (_, Some(other)) => other,
            (c, None) => c,
        });
    }
    text
}

/// Split as spreadsheet programs may split a line, no cell is a formula; without the guards it is the text again.
#[test]
fn guarded_csv_begins_no_formula() {
    let texts = texts();
    let look = Look { formulas: Formulas::Guarded, ..Look::PLAIN };
    let guarded = csv_cells(&written("csv", look, &texts));
    for (guarded, text) in guarded.iter().zip(&texts) {
        for cell in guarded.split([';', '\t', '\r', '\n']) {
            let shown = cell.trim_start_matches(|c: char| c == ' ' || clean::acts(c));
            assert!(
                !shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']),
                "{guarded:?}"
            );
        }
        let kept = |text: &str| text.replace('\'', "");
        assert_eq!(kept(guarded), kept(text));
    }
}

#[test]
fn a_page_gives_back_what_it_shows() {
    let texts = texts();
    let page = text_of("html", &texts);
    let options =
        ParsingOptions { allow_dtd: true, nodes_limit: u32::MAX, ..ParsingOptions::default() };
    let page = Document::parse_with_options(&page, options).unwrap();
    let cells = page.descendants().filter(|node| node.tag_name().name() == "td");
    let cells: Vec<String> = cells
        .map(|cell| {
            cell.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
        })
        .collect();
    let shown: Vec<String> = texts.iter().map(|text| clean::block(text).into_owned()).collect();
    same(&cells, &shown);
}

#[test]
fn a_workbook_gives_back_every_text() {
    let texts = texts();
    let bytes = written("xlsx", Look::PLAIN, &texts);
    let mut workbook = calamine::Xlsx::new(Cursor::new(&bytes)).unwrap();
    let range = workbook.worksheet_range("Answer").unwrap();
    let cells: Vec<String> = range.rows().skip(1).map(|row| cell_text(&row[0])).collect();
    same(&cells, &texts);
    let formulas = workbook.worksheet_formula("Answer").unwrap();
    assert!(formulas.rows().flatten().all(String::is_empty));
}

fn cell_text(cell: &Data) -> String {
    let Data::String(text) = cell else { panic!("a text: {cell:?}") };
    text.clone()
}

/// What is printed of a text: line by line, what would act is shown, and no line is in front of the first.
fn printed_of(text: &str) -> String {
    let text = text.trim_start_matches(['\r', '\n']);
    text.lines().map(clean::line).collect::<Vec<_>>().join("\n")
}

#[test]
fn latex_prints_every_text_and_obeys_none() {
    let texts = texts();
    let table = text_of("latex", &texts);
    let rows = table.lines().skip_while(|line| *line != "\\endfoot").skip(1);
    let rows = rows.take_while(|line| *line != "\\end{longtable}");
    let cells: Vec<String> = rows.map(|row| printed(row.strip_suffix(" \\\\").unwrap())).collect();
    let wanted: Vec<String> = texts.iter().map(|text| printed_of(text)).collect();
    same(&cells, &wanted);
}

/// What LaTeX prints of an escaped text: a reader that knows only what the escaper may write, and fails on all else.
fn printed(escaped: &str) -> String {
    const NAMED: &[(&str, &str)] = &[
        ("textbackslash", "\\"),
        ("textbraceleft", "{"),
        ("textbraceright", "}"),
        ("textasciitilde", "~"),
        ("textasciicircum", "^"),
        ("textasciigrave", "`"),
        ("textless", "<"),
        ("textgreater", ">"),
        ("textbar", "|"),
        ("char34", "\""),
        ("newline", "\n"),
    ];
    let (mut text, mut rest) = (String::new(), escaped);
    while let Some(c) = rest.chars().next() {
        let after = rest.strip_prefix(c).unwrap();
        rest = match c {
            '\\' if after.starts_with(['&', '%', '$', '#', '_']) => {
                let (sign, after) = after.split_at(1);
                text.push_str(sign);
                after
            }
            '\\' => {
                let (command, after) = after.split_once("{}").unwrap();
                text.push_str(NAMED.iter().find(|(name, _)| *name == command).unwrap().1);
                after
            }
            '{' => after.strip_prefix('}').unwrap(),
            '}' | '&' | '%' | '$' | '#' | '_' | '~' | '^' | '"' => panic!("{c} in {escaped}"),
            c => {
                text.push(c);
                after
            }
        };
    }
    text
}

#[test]
fn bibliographies_give_back_titles_and_names() {
    for text in texts() {
        let person = Some("person".to_owned());
        let author = Name { text: text.clone(), kind: person, identity: None };
        let entry = Entry {
            key: text.clone(),
            title: text.clone(),
            author: Some(author),
            publisher: Some(text.clone()),
            published: Some(text.clone()),
            url: Some(text.clone()),
            ..Entry::default()
        };
        let shown =
            clean::line(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned();
        let read = biblatex::Bibliography::parse(&bibtex(&entry)).unwrap().into_vec();
        let [read] = read.as_slice() else { panic!("{text:?} gives {} entries", read.len()) };
        for field in ["title", "organization"] {
            assert_eq!(read.get(field).unwrap().format_verbatim(), shown, "{text:?}");
        }
        assert_eq!(csl(&entry)["title"], text.as_str());
        assert_eq!(csl(&entry)["id"], read.key.as_str());
    }
}
