//! What a user typed never becomes SQL: whatever the literals and parameters of a query are, its SQL text is the same.
//! And every text comes back as it was given.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

mod house;

use std::collections::BTreeMap;

use dixit::base::date::Date;
use dixit::base::source::Source;
use dixit::base::value::Value;
use dixit::lang::ast::{ExprKind, Query};
use dixit::meaning::catalog::Catalog;
use dixit::meaning::resolve::{Argument, Arguments, World};
use dixit::{compile, lang, script};
use house::case::{self, Case};
use house::threads::each;
use house::{Asked, arguments};

/// Texts that would do harm, or look odd, if anything took them for more than texts.
const TEXTS: &[&str] = &[
    "",
    "'",
    "\"",
    "''; drop table claim; --",
    "x') union select sql from sqlite_master --",
    "\\",
    "a\\'b",
    "`a` [b] $c ?1 :d @e",
    "%_*?[^]",
    "/* -- // */",
    "zwei\nZeilen\tund\r\nmehr",
    "日本語 – Türkiye – 🕊",
    "\u{202e}abc\u{200b}\u{feff}",
    "e\u{301} é ﬁ İ ß",
    "null",
    "2025-11-22",
    "42",
];
const INTS: &[i64] = &[0, 1, 7, 1_000_000, i64::MAX];
const FLOATS: &[f64] = &[0.0, 0.5, 1e300, 1e-300];
const DATES: &[&str] = &[
    "2025",
    "2025-11",
    "2025-11-22",
    "0001-01-01",
    "[..2025-11-22]",
    "[2025-11-22..]",
    "2025-11-22/2025-11-23",
    "2025?",
    "2025-11~",
];

/// Refusals that depend on a value, before there is any SQL: terms, dates, regular expressions, counts, and group or sort
/// keys that no longer are what is returned.
const BY_VALUE: &[&str] = &["D0322", "D0323", "D0345", "D0340", "D0336", "D0338", "D0304"];

#[test]
fn sql_does_not_depend_on_literals() {
    let mut by_world: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for case in case::all() {
        by_world.entry(case.world().to_owned()).or_default().push(case);
    }
    let (mut compared, mut refused) = (0, 0);
    for (world, cases) in by_world {
        let Asked { catalog, today, .. } = &Asked::new(&world);
        for (same, wrong) in each(&cases, |case| compared_with_others(case, catalog, today)) {
            compared += same;
            refused += wrong;
        }
    }
    assert!(compared > 1000 && refused < compared, "{compared} compared, {refused} refused");
}

/// How many changes of the case's literals and arguments left its SQL as it is, and how many were refused.
fn compared_with_others(case: &Case, catalog: &Catalog, today: &Date) -> (usize, usize) {
    let source = Source::inline(case.part("query").unwrap());
    let Ok(saved) = script::read(&source) else { return (0, 0) };
    let arguments = &arguments(&saved, &case.params());
    let compiled =
        |query: &Query, arguments: &Arguments| compile(query, World { catalog, arguments, today });
    let (mut compared, mut refused) = (0, 0);
    for query in &saved.queries {
        let Ok(before) = compiled(query, arguments) else { continue };
        for changed in changed_queries(query) {
            match compiled(&changed, arguments) {
                Ok(after) => {
                    assert_eq!(after.statement.text, before.statement.text, "{}", shown(&changed));
                    let values = (after.statement.values.len(), before.statement.values.len());
                    assert_eq!(values.0, values.1, "{}", shown(&changed));
                    compared += 1;
                }
                Err(mistakes) => {
                    let code = mistakes[0].code;
                    assert!(BY_VALUE.contains(&code), "{code}: {}", shown(&changed));
                    refused += 1;
                }
            }
        }
        for changed in changed_arguments(arguments) {
            let Ok(after) = compiled(query, &changed) else { continue };
            assert_eq!(after.statement.text, before.statement.text, "{}", case.place());
            compared += 1;
        }
    }
    (compared, refused)
}

fn shown(query: &Query) -> String {
    lang::format(&lang::ast::Script {
        params: Vec::new(),
        uses: Vec::new(),
        definitions: Vec::new(),
        queries: vec![query.clone()],
    })
}

/// The query with one literal replaced by another of its type, for every literal and every replacement.
fn changed_queries(query: &Query) -> Vec<Query> {
    let mut replacements: Vec<Vec<ExprKind>> = Vec::new();
    let mut original = query.clone();
    each_literal(&mut original, &mut |literal| replacements.push(others(literal)));
    let mut changed = Vec::new();
    for (place, others) in replacements.iter().enumerate() {
        for other in others {
            let (mut query, mut at) = (query.clone(), 0);
            each_literal(&mut query, &mut |literal| {
                if at == place {
                    *literal = other.clone();
                }
                at += 1;
            });
            changed.push(query);
        }
    }
    changed
}

fn others(literal: &ExprKind) -> Vec<ExprKind> {
    match literal {
        ExprKind::Text(_) => TEXTS.iter().map(|text| ExprKind::Text((*text).to_owned())).collect(),
        ExprKind::Int(_) => INTS.iter().map(|number| ExprKind::Int(*number)).collect(),
        ExprKind::Float(_) => FLOATS.iter().map(|number| ExprKind::Float(*number)).collect(),
        ExprKind::Date(_) => DATES.iter().map(|date| ExprKind::Date((*date).to_owned())).collect(),
        ExprKind::Bool(value) => vec![ExprKind::Bool(!value)],
        _ => Vec::new(),
    }
}

fn each_literal(query: &mut Query, visit: &mut dyn FnMut(&mut ExprKind)) {
    lang::walk::query(query, &mut |expr| {
        if let ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_) = &expr.kind
        {
            visit(&mut expr.kind);
        }
    });
}

/// The arguments with one value replaced by another of its type.
fn changed_arguments(arguments: &Arguments) -> Vec<Arguments> {
    let names: Vec<String> = arguments.names().map(str::to_owned).collect();
    let mut changed = Vec::new();
    for name in names {
        let others: Vec<Argument> = match arguments.clone().get_mut(&name).unwrap() {
            // What is given in JSON has a type of its own: another text would be something else.
            Argument::Raw(text) if text.starts_with(['[', '{', '"']) || text == "null" => {
                Vec::new()
            }
            Argument::Raw(text) => {
                let is_number = text.parse::<i64>().is_ok();
                let numbers = INTS.iter().map(|number| Argument::Raw(number.to_string()));
                let texts = TEXTS.iter().filter(|text| **text != "null");
                let texts = texts.map(|text| Argument::Raw((*text).to_owned()));
                if is_number { numbers.collect() } else { texts.collect() }
            }
            Argument::Value(value) => {
                other_values(value).into_iter().map(Argument::Value).collect()
            }
        };
        for other in others {
            let mut arguments = arguments.clone();
            arguments.set(&name, other);
            changed.push(arguments);
        }
    }
    changed
}

fn other_values(value: &Value) -> Vec<Value> {
    match value {
        Value::Int(_) => INTS.iter().copied().map(Value::Int).collect(),
        Value::Text(_) => TEXTS.iter().map(|text| Value::Text((*text).to_owned())).collect(),
        Value::Date(_) => DATES.iter().map(|date| Value::Date((*date).to_owned())).collect(),
        Value::List(members) if members.iter().all(|one| matches!(one, Value::Text(_))) => TEXTS
            .iter()
            .map(|text| {
                let other = Value::Text((*text).to_owned());
                Value::List(vec![other; members.len()])
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_text_comes_back() {
    let world = Asked::new("geneva");
    let long = "a'\"\\é".repeat(10_000);
    for text in TEXTS.iter().copied().chain([long.as_str()]) {
        let quoted = format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
        let one = Value::Text(text.to_owned());
        check(&world, &format!("return {quoted} as x"), &one);
        check(&world, &format!("return {quoted} || '' as x"), &one);
        check(&world, &format!("return [{quoted}][0] as x"), &one);
        check(&world, &format!("return [{quoted}] as x"), &Value::List(vec![one.clone()]));
        let collected = format!("match (v:Venue 'x') return collect_list({quoted}) as x");
        check(&world, &collected, &Value::List(vec![one.clone()]));
        let grouped = format!("match (v:Venue 'x') with {quoted} as t, count(*) as n return t");
        check(&world, &grouped, &one);
    }
}

#[test]
fn every_argument_comes_back() {
    let world = Asked::new("geneva");
    for text in TEXTS {
        let mut arguments = Arguments::default();
        arguments.set("x", Argument::Value(Value::Text((*text).to_owned())));
        let script = lang::parse(&Source::inline("return $x as x")).unwrap();
        let compiled = world.compile(&script.queries[0], &arguments).unwrap();
        assert_eq!(world.rows(&compiled).unwrap(), [[Value::Text((*text).to_owned())]]);
    }
}

fn check(world: &Asked, query: &str, expected: &Value) {
    let script = lang::parse(&Source::inline(query)).unwrap();
    let compiled = world.compile(&script.queries[0], &Arguments::default()).unwrap();
    assert_eq!(world.rows(&compiled).unwrap(), [[expected.clone()]], "{query}");
    let again = lang::parse(&Source::inline(lang::format(&script))).unwrap();
    let compiled = world.compile(&again.queries[0], &Arguments::default()).unwrap();
    assert_eq!(world.rows(&compiled).unwrap(), [[expected.clone()]], "formatted: {query}");
}
