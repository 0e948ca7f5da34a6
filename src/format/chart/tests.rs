//! Charts of small results: what they look like as text, and that pictures are sound, whatever the data.

use resvg::usvg::roxmltree::{Document, Node};

use super::{Drawing, Sheet, Unfit, draw, named, svg};
use crate::base::value::{Column, Value};
use crate::format::samples::HOSTILE;
use crate::format::{Look, Strokes};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn date(text: &str) -> Value {
    Value::Date(text.to_owned())
}

fn sheet(names: &[&str], rows: Vec<Vec<Value>>) -> Sheet {
    let column = |name: &&str| Column::any(name);
    Sheet { columns: names.iter().map(column).collect(), rows }
}

fn drawn(chart: &str, sheet: Sheet) -> Drawing {
    draw(named(chart).unwrap(), sheet, None).unwrap_or_else(|why| panic!("{why:?}"))
}

fn refused(chart: &str, sheet: Sheet) -> Unfit {
    draw(named(chart).unwrap(), sheet, None).err().unwrap()
}

fn narrow(drawing: &Drawing) -> String {
    drawing.text(Look { width: Some(40), ..Look::PLAIN })
}

fn people() -> Sheet {
    let row = |name, number| vec![text(name), number];
    let rows = vec![
        row("Rubio", Value::Int(8)),
        row("Rounds", Value::Int(-3)),
        row("Pigott", Value::Null),
    ];
    sheet(&["name", "n"], rows)
}

fn acts() -> Sheet {
    let row = |name, act, number| vec![text(name), text(act), Value::Int(number)];
    let rows =
        vec![row("Rubio", "asserts", 8), row("Rubio", "denies", 2), row("Rounds", "denies", 1)];
    sheet(&["name", "act", "n"], rows)
}

#[test]
fn bars_go_left_below_zero_and_are_missing_for_null() {
    assert_eq!(
        narrow(&drawn("bar", people())),
        "   name     n
  Rubio            █████████████████ 8
 Rounds  −3 ███████
 Pigott
"
    );
    let plain = Look { width: Some(40), strokes: Strokes::Ascii, ..Look::PLAIN };
    assert!(
        drawn("bar", people()).text(plain).contains("  Rubio            ################# 8\n")
    );
}

#[test]
fn a_second_text_makes_series() {
    assert_eq!(
        narrow(&drawn("bar", acts())),
        "   name  ██ asserts   ▓▓ denies
  Rubio  ████████████████████████████ 8
         ▓▓▓▓▓▓▓ 2
 Rounds  ▓▓▓▓ 1
"
    );
}

#[test]
fn a_heat_map_says_its_numbers_without_colours() {
    assert_eq!(
        narrow(&drawn("heatmap", acts())),
        "   name asserts  denies
  Rubio     8 █     2 ░
 Rounds             1 ░
"
    );
}

#[test]
fn a_timeline_shows_what_is_certain_and_what_is_open() {
    let row = |name, when| vec![text(name), date(when)];
    let rows = vec![
        row("Rubio", "2025-11-20"),
        row("Rubio", "2025-11-22/2025-11-26"),
        row("Rounds", "[..2025-11-22]"),
        row("Pigott", "[2025-11-24..]"),
        row("Pigott", "2025-11-20"),
        row("Pigott", "2025-11-20"),
    ];
    assert_eq!(
        narrow(&drawn("timeline", sheet(&["name", "date"], rows))),
        "  Rubio │    ●      ├──────●──────┤
 Rounds │◂┄┄┄┄┄┄┄┄┄┄●
 Pigott │    ●×2           ●┄┄┄┄┄┄┄┄┄▸
        └────┬──────┬──────┬──────┬────
        2025-11-20    2025-11-24
"
    );
}

#[test]
fn a_line_runs_along_dates_in_their_order() {
    let row = |when, number| vec![date(when), Value::Int(number)];
    let rows = vec![row("2025-03", 4), row("2025-01", 0), row("2025-02", 2)];
    let text = narrow(&drawn("line", sheet(&["month", "n"], rows)));
    let marks: Vec<usize> = text.lines().filter_map(|line| line.find('●')).collect();
    assert_eq!(marks.len(), 3, "{text}");
    assert!(marks.is_sorted_by(|one, other| one > other), "{text}");
    assert!(text.contains("2025-01") && text.contains("2025-03"), "{text}");
}

#[test]
fn what_does_not_fit_says_why() {
    let one = |value: Value| sheet(&["x"], vec![vec![value]]);
    assert_eq!(refused("bar", one(text("a"))), Unfit::NoNumbers);
    assert_eq!(refused("bar", one(Value::Int(1))), Unfit::NoAxis);
    assert_eq!(refused("timeline", one(text("a"))), Unfit::NoDates);
    assert_eq!(refused("heatmap", people()), Unfit::NoPairs);
    let endless =
        vec![vec![text("a"), Value::Float(f64::INFINITY)], vec![text("b"), Value::Float(f64::NAN)]];
    assert_eq!(refused("bar", sheet(&["x", "n"], endless)), Unfit::Nothing);
    let open = sheet(&["x", "d"], vec![vec![text("a"), date("../..")]]);
    assert_eq!(refused("timeline", open), Unfit::Nothing);
    let mut twice = acts();
    twice.rows.push(twice.rows[0].clone());
    assert_eq!(refused("heatmap", twice), Unfit::Twice("Rubio, asserts".to_owned()));
}

#[test]
fn what_is_left_out_is_told() {
    let rows = vec![vec![text("a"), Value::Float(f64::INFINITY)], vec![text("b"), Value::Int(1)]];
    let drawing = drawn("bar", sheet(&["x", "n"], rows));
    assert_eq!(drawing.remarks(), ["1 value is too large or no number, and left out"]);
    let row = |at: i64| vec![text("a"), text(&format!("series {at}")), Value::Int(at)];
    let drawing = drawn("bar", sheet(&["x", "by", "n"], (0..10).map(row).collect()));
    assert_eq!(drawing.remarks(), ["2 further series are not drawn: 8 can be told apart"]);
}

/// Results with as much in them as a chart takes, and with everything that text may contain.
fn crowded() -> Vec<(&'static str, Sheet)> {
    let long = |at: usize| {
        text(&format!("{at} {HOSTILE}<script>alert(1)</script>]]> of a very long name indeed"))
    };
    let number = |at: usize| Value::Int(i64::try_from(at * 7919 % 1000).unwrap() - 300);
    let day = |at: usize| date(&format!("2025-{:02}-{:02}", at % 12 + 1, at % 28 + 1));
    let span = |at: usize| match at % 4 {
        0 => day(at),
        1 => date(&format!("[..2025-{:02}-01]", at % 12 + 1)),
        2 => date(&format!("[2025-{:02}-01..]", at % 12 + 1)),
        _ => date(&format!("2025-{:02}", at % 12 + 1)),
    };
    let rows = |count: usize, row: &dyn Fn(usize) -> Vec<Value>| (0..count).map(row).collect();
    vec![
        ("bar", sheet(&[HOSTILE, "n"], rows(60, &|at| vec![long(at), number(at)]))),
        (
            "bar",
            sheet(&["a", "b", "n"], rows(60, &|at| vec![long(at / 6), long(at % 6), number(at)])),
        ),
        (
            "line",
            sheet(
                &["d", HOSTILE],
                rows(300, &|at| vec![Value::Int(i64::try_from(at).unwrap()), number(at)]),
            ),
        ),
        (
            "line",
            sheet(
                &["d", "b", "n"],
                rows(80, &|at| {
                    vec![Value::Int(i64::try_from(at / 8).unwrap()), long(at % 8), number(at)]
                }),
            ),
        ),
        ("line", sheet(&["x", "n"], rows(40, &|at| vec![long(at), number(at)]))),
        (
            "timeline",
            sheet(&["a", "d", "b"], rows(200, &|at| vec![long(at % 30), span(at), long(at % 7)])),
        ),
        (
            "heatmap",
            sheet(
                &["a", "b", "n"],
                rows(300, &|at| vec![long(at / 15), long(at % 15), number(at)]),
            ),
        ),
    ]
}

#[test]
fn hostile_text_stays_text_in_a_picture() {
    for (chart, sheet) in crowded() {
        let drawing = draw(named(chart).unwrap(), sheet, Some(HOSTILE))
            .unwrap_or_else(|why| panic!("{chart} {why:?}"));
        let picture = drawing.svg();
        let document = Document::parse(&picture).unwrap_or_else(|why| panic!("{chart}: {why}"));
        for node in document.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            assert!(
                !["script", "image", "a", "use", "foreignObject", "style"].contains(&name),
                "{name}"
            );
            for attribute in node.attributes() {
                let (name, value) = (attribute.name(), attribute.value());
                let inside = !value.contains("//")
                    && (!value.contains("url(") || value.starts_with("url(#"));
                assert!(inside && !name.starts_with("on") && name != "href", "{name}={value}");
            }
        }
        assert!(!drawing.text(Look { width: Some(100), ..Look::PLAIN }).contains('\u{1b}'));
    }
}

/// Where a text of a picture stands: left, top, right, bottom.
fn label(node: Node<'_, '_>) -> Option<[f64; 4]> {
    let number = |name: &str| node.attribute(name)?.parse::<f64>().ok();
    let (x, y, size) = (number("x")?, number("y")?, number("font-size")?);
    let width = svg::width(node.text()?, size);
    let left = match node.attribute("text-anchor")? {
        "middle" => x - width / 2.0,
        "end" => x - width,
        _ => x,
    };
    Some([left, y - size * 0.7, left + width, y])
}

#[test]
fn labels_overlap_neither_each_other_nor_the_edge() {
    for (chart, sheet) in crowded() {
        let picture = drawn(chart, sheet).svg();
        let document = Document::parse(&picture).unwrap();
        let is_level = |node: &Node<'_, '_>| {
            !node
                .ancestors()
                .any(|one| one.attribute("transform").is_some_and(|how| how.contains("rotate")))
        };
        let texts =
            document.descendants().filter(|node| node.has_tag_name("text")).filter(is_level);
        let labels: Vec<(&str, [f64; 4])> =
            texts.filter_map(|node| Some((node.text()?, label(node)?))).collect();
        assert!(labels.len() > 5, "{chart}");
        for (at, (name, one)) in labels.iter().enumerate() {
            assert!(
                one[0] >= 0.0 && one[2] <= svg::WIDTH,
                "{chart}: {name} leaves the picture: {one:?}"
            );
            for (other_name, other) in &labels[at + 1..] {
                let apart = one[2] <= other[0]
                    || other[2] <= one[0]
                    || one[3] <= other[1]
                    || other[3] <= one[1];
                assert!(apart, "{chart}: {name} and {other_name}: {one:?} {other:?}");
            }
        }
    }
}
