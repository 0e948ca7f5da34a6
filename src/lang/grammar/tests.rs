//! The description of the grammar, taken at its word: docs/grammar.md is read as a grammar of its own, which must read
//! whatever the parser reads, must be used up by the cases, and makes random texts that the formatter may not change.

use super::super::ast::Script;
use super::super::input::{Input, Notebook};
use super::super::operators::{OPERATORS, Operator, Tightness};
use super::super::token::{Kind, Token, WORDS};
use super::super::{format, parse, parts};
use super::script::part;
use crate::base::source::Source;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What stands on the right side of a rule.
#[derive(Debug, Clone)]
enum Form {
    Sequence(Vec<Form>),
    Either(Vec<Form>),
    Maybe(Box<Form>),
    Many(Box<Form>),
    /// A word or mark, as spelled.
    Spelled(String),
    /// Another rule, or a token in capitals.
    Named(String),
}

type Grammar = BTreeMap<String, Form>;

type Fits = fn(Kind) -> bool;

/// Rules whose right side is prose: what they take, and some of what they may give.
const PROSE: &[(&str, Fits, &[&str])] = &[
    ("word", Kind::is_word, &["a", "`b c`", "return", "in", "value", "next", "call", "name2"]),
    (
        "element_name",
        |kind| kind.is_word() && !matches!(kind, Kind::Where | Kind::Is),
        &["a", "b", "`where`", "all", "any", "match", "shortest"],
    ),
    ("bare_alias", Kind::is_bare_name, &["a", "`union`", "count", "path", "date", "value"]),
    (
        "variable",
        |kind| kind.is_word(),
        &["a", "b", "`not`", "end", "count", "none", "union", "filter"],
    ),
];

/// Tokens: what they are called, their kind, and some of them.
const TOKENS: &[(&str, Kind, &[&str])] = &[
    ("NAME", Kind::Name, &["a", "b", "name_1"]),
    ("QUOTED", Kind::Quoted, &["`a b`", "`c``d`"]),
    ("TEXT", Kind::Text, &["'x'", "'it''s'", "\"a\\n\\\\b\"", "''"]),
    ("INT", Kind::Int, &["0", "1", "42", "0x1f", "1_000"]),
    ("FLOAT", Kind::Float, &["3.14", ".5", "6.02e23", "1e-7"]),
    ("DAY", Kind::Day, &["2025-11-22", "2025-11"]),
    ("PARAMETER", Kind::Parameter, &["$x", "$`odd name`", "$1"]),
];

fn grammar() -> Grammar {
    let lines = include_str!("../../../docs/grammar.md").lines();
    let rules = lines.filter_map(|line| line.split_once(" := "));
    let prose = |name: &str| PROSE.iter().any(|(known, _, _)| *known == name);
    let mut grammar = Grammar::new();
    for (name, right) in rules.filter(|(name, _)| !prose(name)) {
        let other = grammar.insert(name.to_owned(), read_form(right));
        assert!(other.is_none(), "there are two rules called {name}");
    }
    grammar
}

fn read_form(text: &str) -> Form {
    let pieces = Regex::new(r#""[^"]*"|\w+|\S"#).unwrap();
    let pieces: Vec<&str> = pieces.find_iter(text).map(|piece| piece.as_str()).collect();
    let mut left = pieces.as_slice();
    let form = either(&mut left);
    assert!(left.is_empty(), "{text}: {left:?}");
    form
}

fn either(left: &mut &[&str]) -> Form {
    let mut branches = vec![sequence(left)];
    while let Some(("|", rest)) = left.split_first().map(|(first, rest)| (*first, rest)) {
        *left = rest;
        branches.push(sequence(left));
    }
    if branches.len() == 1 { branches.remove(0) } else { Form::Either(branches) }
}

fn sequence(left: &mut &[&str]) -> Form {
    let mut forms = Vec::new();
    while let Some((first, rest)) = left.split_first() {
        if matches!(*first, "|" | "]" | "}" | ")") {
            break;
        }
        *left = rest;
        let inside = |left: &mut &[&str]| {
            let form = either(left);
            *left = &left[1..];
            form
        };
        forms.push(match *first {
            "[" => Form::Maybe(Box::new(inside(left))),
            "{" => Form::Many(Box::new(inside(left))),
            "(" => inside(left),
            spelled if spelled.starts_with('"') => Form::Spelled(spelled.replace('"', "")),
            named => Form::Named(named.to_owned()),
        });
    }
    Form::Sequence(forms)
}

/// Reads tokens by the description: every way, remembered for each rule and place.
struct Reader<'a> {
    grammar: &'a Grammar,
    tokens: &'a [Token<'a>],
    known: BTreeMap<(String, usize), BTreeSet<usize>>,
}

impl Reader<'_> {
    /// Where a form may end that begins here.
    fn ends(&mut self, form: &Form, at: usize) -> BTreeSet<usize> {
        match form {
            Form::Sequence(forms) => {
                let mut ends = BTreeSet::from([at]);
                for form in forms {
                    ends = ends.into_iter().flat_map(|at| self.ends(form, at)).collect();
                }
                ends
            }
            Form::Either(forms) => forms.iter().flat_map(|form| self.ends(form, at)).collect(),
            Form::Maybe(form) => self.ends(form, at).into_iter().chain([at]).collect(),
            Form::Many(form) => {
                let mut ends = BTreeSet::from([at]);
                let mut open = vec![at];
                while let Some(at) = open.pop() {
                    open.extend(self.ends(form, at).into_iter().filter(|end| ends.insert(*end)));
                }
                ends
            }
            Form::Spelled(word) => {
                let fits = self.tokens.get(at).is_some_and(|token| {
                    token.text.eq_ignore_ascii_case(word) && token.kind != Kind::Finish
                });
                fits.then_some(at + 1).into_iter().collect()
            }
            Form::Named(name) => self.named(name, at),
        }
    }

    fn named(&mut self, name: &str, at: usize) -> BTreeSet<usize> {
        let Some(token) = self.tokens.get(at) else { return BTreeSet::new() };
        if let Some((_, fits, _)) = PROSE.iter().find(|(known, _, _)| *known == name) {
            return fits(token.kind).then_some(at + 1).into_iter().collect();
        }
        if let Some((_, kind, _)) = TOKENS.iter().find(|(known, _, _)| *known == name) {
            return (token.kind == *kind).then_some(at + 1).into_iter().collect();
        }
        match name {
            "FINISH" => (token.kind == Kind::Finish).then_some(at + 1).into_iter().collect(),
            "OPERATOR" | "PREDICATE" => self.operator(name, at),
            _ => {
                let key = (name.to_owned(), at);
                if let Some(ends) = self.known.get(&key) {
                    return ends.clone();
                }
                let form = &self.grammar[name];
                let ends = self.ends(form, at);
                self.known.insert(key, ends.clone());
                ends
            }
        }
    }

    fn operator(&self, name: &str, at: usize) -> BTreeSet<usize> {
        let here = |kinds: &[Kind]| {
            let found = self.tokens.iter().skip(at).take(kinds.len()).map(|token| token.kind);
            found.eq(kinds.iter().copied())
        };
        let fits = operators(name).into_iter().filter(|row| here(row.tokens));
        fits.map(|row| at + row.tokens.len()).collect()
    }

    /// Notes the rules of the first way to read from one place to another; each part takes as much as it can.
    fn trace(&mut self, form: &Form, at: usize, end: usize, used: &mut BTreeSet<String>) -> bool {
        if !self.ends(form, at).contains(&end) {
            return false;
        }
        match form {
            Form::Sequence(forms) => self.trace_all(forms, at, end, used),
            Form::Either(forms) => forms.iter().any(|form| self.trace(form, at, end, used)),
            Form::Maybe(form) => at == end || self.trace(form, at, end, used),
            Form::Many(form) => {
                let next = self.ends(form, at).into_iter().rev().filter(|next| *next > at);
                let whole = Form::Many(form.clone());
                let next = next.collect::<Vec<_>>();
                at == end
                    || next.into_iter().any(|next| {
                        self.ends(&whole, next).contains(&end)
                            && self.trace(form, at, next, used)
                            && self.trace(&whole, next, end, used)
                    })
            }
            Form::Spelled(_) => true,
            Form::Named(name) => {
                used.insert(name.clone());
                let token = self.tokens.get(at).map(|token| token.kind);
                let known = TOKENS.iter().find(|(_, kind, _)| Some(*kind) == token);
                used.extend(known.map(|(name, _, _)| (*name).to_owned()));
                match self.grammar.get(name) {
                    Some(form) => self.trace(form, at, end, used),
                    None => true,
                }
            }
        }
    }

    fn trace_all(
        &mut self,
        forms: &[Form],
        at: usize,
        end: usize,
        used: &mut BTreeSet<String>,
    ) -> bool {
        let Some((first, rest)) = forms.split_first() else { return at == end };
        let left = Form::Sequence(rest.to_vec());
        let middles: Vec<usize> = self.ends(first, at).into_iter().rev().collect();
        middles.into_iter().any(|middle| {
            self.ends(&left, middle).contains(&end)
                && self.trace(first, at, middle, used)
                && self.trace_all(rest, middle, end, used)
        })
    }
}

/// The operators that a token of the description stands for.
fn operators(name: &str) -> Vec<&'static Operator> {
    let denied = |row: &Operator| row.tokens.first() == Some(&Kind::Not);
    let fits = |row: &&Operator| {
        let exact = row.tightness == Tightness::Predicate && !denied(row);
        if name == "OPERATOR" { row.tightness >= Tightness::Compare } else { exact }
    };
    OPERATORS.iter().filter(fits).collect()
}

/// The rules by which a text is read; nothing if the description does not allow it.
fn rules_of(grammar: &Grammar, text: &str) -> Option<BTreeSet<String>> {
    let mut used = BTreeSet::from(["part".to_owned()]);
    for tokens in parts(&Source::inline(text)) {
        let mut reader = Reader { grammar, tokens: &tokens, known: BTreeMap::new() };
        reader.trace(&grammar["part"], 0, tokens.len(), &mut used).then_some(())?;
    }
    Some(used)
}

/// The queries of all cases that can be read.
fn cases() -> Vec<String> {
    let mut texts = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "case") {
            let case = std::fs::read_to_string(path).unwrap();
            let (_, behind) = case.split_once("--- query\n").unwrap();
            texts.push(behind.split("\n--- ").next().unwrap_or_default().to_owned());
        }
    }
    texts.sort();
    texts.retain(|text| parse(&Source::inline(text.as_str())).is_ok());
    texts
}

#[test]
fn every_rule_has_a_case() {
    let grammar = grammar();
    let mut unused: BTreeSet<String> = grammar.keys().cloned().collect();
    unused.extend(PROSE.iter().map(|(name, _, _)| (*name).to_owned()));
    unused.extend(TOKENS.iter().map(|(name, _, _)| (*name).to_owned()));
    for text in cases() {
        let used = rules_of(&grammar, &text);
        assert!(used.is_some(), "docs/grammar.md does not allow\n{text}");
        unused.retain(|name| !used.as_ref().is_some_and(|used| used.contains(name)));
    }
    assert!(unused.is_empty(), "no case shows these rules: {unused:?}");
}

#[test]
fn every_keyword_has_a_case() {
    let mut unused: BTreeSet<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    for text in cases() {
        for tokens in parts(&Source::inline(text.as_str())) {
            unused.retain(|word| !tokens.iter().any(|token| token.text.eq_ignore_ascii_case(word)));
        }
    }
    assert!(unused.is_empty(), "no case uses these words: {unused:?}");
}

/// Makes texts by the description; the same numbers make the same text.
struct Writer<'a> {
    grammar: &'a Grammar,
    state: u64,
    text: Vec<String>,
    used: BTreeSet<String>,
}

impl Writer<'_> {
    fn pick(&mut self, below: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap_or_default() % below.max(1)
    }

    fn write(&mut self, form: &Form, fuel: usize) {
        match form {
            Form::Sequence(forms) => forms.iter().for_each(|form| self.write(form, fuel)),
            Form::Either(forms) => {
                let at = self.pick(forms.len());
                let cheap = forms.iter().position(shallow).filter(|_| fuel == 0);
                self.write(&forms[cheap.unwrap_or(at)], fuel);
            }
            Form::Maybe(form) => {
                if fuel > 0 && self.pick(3) == 0 {
                    self.write(form, fuel);
                }
            }
            Form::Many(form) => {
                while fuel > 0 && self.pick(3) == 0 {
                    self.write(form, fuel);
                }
            }
            Form::Spelled(word) => self.text.push(word.clone()),
            Form::Named(name) => self.named(name, fuel),
        }
    }

    fn named(&mut self, name: &str, fuel: usize) {
        self.used.insert(name.to_owned());
        let samples = PROSE
            .iter()
            .map(|(known, _, samples)| (known, samples))
            .chain(TOKENS.iter().map(|(known, _, samples)| (known, samples)))
            .find(|(known, _)| **known == name);
        if let Some((_, samples)) = samples {
            let at = self.pick(samples.len());
            return self.text.push(samples[at].to_owned());
        }
        match name {
            "FINISH" => {}
            "OPERATOR" | "PREDICATE" => {
                let rows = operators(name);
                let at = self.pick(rows.len());
                self.text.push(rows[at].spelled.to_owned());
            }
            "expr" | "operand" | "atom" if fuel == 0 => self.text.push("a".to_owned()),
            "label" | "label_one" if fuel == 0 => self.text.push("K".to_owned()),
            "clause" if fuel == 0 => self.text.push("match ( )".to_owned()),
            "path" if fuel == 0 => self.text.push("( )".to_owned()),
            _ => self.write(&self.grammar[name].clone(), fuel.saturating_sub(1)),
        }
    }
}

/// Whether it is a single word or token.
fn shallow(form: &Form) -> bool {
    match form {
        Form::Spelled(_) => true,
        Form::Sequence(forms) => forms.iter().all(shallow),
        Form::Named(name) => name.chars().all(char::is_uppercase),
        Form::Either(_) | Form::Maybe(_) | Form::Many(_) => false,
    }
}

/// How a script looks without places and headings.
fn shape(script: &Script, places: &Regex) -> String {
    places.replace_all(&format!("{script:?}"), "").into_owned()
}

#[test]
fn the_canonical_text_of_random_queries_means_the_same() {
    let grammar = grammar();
    let places = r#"Span \{ start: \d+, end: \d+ \}|heading: "(?:[^"\\]|\\.)*""#;
    let places = Regex::new(places).unwrap();
    let declared: Vec<Form> =
        ["use", "param", "define"].map(|rule| Form::Named(rule.to_owned())).to_vec();
    let mut unread: BTreeSet<&str> = grammar.keys().map(String::as_str).collect();
    let (mut read, all) = (0, 6000);
    for number in 0..all {
        let mut writer = Writer {
            grammar: &grammar,
            state: 0x9e37_79b9 + number,
            text: Vec::new(),
            used: BTreeSet::new(),
        };
        for _ in 0..8 {
            writer.pick(2);
        }
        let fuel = 8 + usize::try_from(number % 9).unwrap();
        writer.write(&Form::Many(Box::new(Form::Either(declared.clone()))), fuel);
        writer.named("query", fuel);
        let text = writer.text.join(" ");
        let Ok(script) = parse(&Source::inline(text.as_str())) else { continue };
        read += 1;
        let canonical = format(&script);
        let again = parse(&Source::inline(canonical.as_str()));
        let again = again.unwrap_or_else(|mistakes| panic!("{text}\n{canonical}\n{mistakes:#?}"));
        assert_eq!(shape(&again, &places), shape(&script, &places), "{text}\n{canonical}");
        assert_eq!(format(&again), canonical, "{text}");
        unread.retain(|rule| !writer.used.contains(*rule) && *rule != "part");
    }
    assert!(read * 4 > all * 3, "{read} of {all} can be read");
    assert!(unread.is_empty(), "no random query shows these rules: {unread:?}");
}

#[test]
fn the_description_refuses_what_the_parser_refuses() {
    let grammar = grammar();
    for text in ["return", "match a return a", "return 1 2 3", "optional { } return 1", "union"] {
        assert!(parse(&Source::inline(text)).is_err(), "{text}");
        assert!(rules_of(&grammar, text).is_none(), "{text}");
    }
}

/// Twice as deep is at most a little more than twice the work, whether it can be read or breaks off in the middle.
#[test]
fn the_work_grows_with_the_nesting_and_no_faster() {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(read_deeply);
    thread.unwrap().join().unwrap();
}

fn read_deeply() {
    let forms = [
        ("(", ")"),
        ("[", "]"),
        ("[x in ", "]"),
        ("[x in l where ", " | 1]"),
        ("[(a)-->() | ", "]"),
        ("all(x in l where ", ")"),
        ("{a: ", "}"),
        ("f(", ")"),
        ("- ", ""),
        ("not (", ")"),
        ("case when 1 then ", " end"),
        ("1 < (", ") < 3"),
        ("exists { match (a) where ", " }"),
        ("count { (a) where ", " }"),
        ("collect { match (a) return ", " }"),
        ("value { call { return ", " as x } return x }"),
        ("exists { ((a)-->(b) where ", ") }"),
        ("a[", "]"),
        ("date(", ")"),
        ("match (", "){1,2}"),
    ];
    for (open, close) in forms {
        for end in [close, ""] {
            let looks = |depth: usize| {
                // Parts of a path are not behind `return`.
                let path = open.strip_prefix("match ");
                let (begin, inside) = path.map_or(("return", "1"), |_| ("match", "(a)-->(b)"));
                let open = path.unwrap_or(open).repeat(depth);
                let text = format!("{begin} {open}{inside}{}", end.repeat(depth));
                let source = Source::inline(text);
                let parts = parts(&source);
                let notebook = Notebook::default();
                part(Input::new(&parts[0], &notebook)).ok();
                notebook.looks.get()
            };
            let (once, twice) = (looks(15), looks(30));
            assert!(twice < once * 5 / 2, "{open}: {once}, {twice}");
            // As deep as it goes, and deeper, on the stack that a program begins with.
            looks(150);
        }
    }
}
