//! `dixit check`: proves that the store keeps its rules, and lists what somebody should look at.

use crate::base::count::counted;
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::failure::Failure;
use crate::cli::identity_args::Check;
use crate::cli::world::World;
use crate::store::check::{Finding, MOST, Weight};

const COLUMNS: &[(&str, bool)] = &[
    ("code", false),
    ("weight", false),
    ("kind", false),
    ("key", false),
    ("finding", false),
    ("suggestion", false),
];

pub(super) fn run(args: &Check, world: &World<'_>) -> Result<(), Failure> {
    let Check { store, rules, strict, output } = args;
    let world = &world.clone().about(store.clone());
    let path = world.store()?;
    let findings = world.open_at(&path)?.check(*rules)?;
    let of = |weight| findings.iter().filter(|found| found.rule.weight == weight).count();
    let (wrong, look) = (of(Weight::Wrong), of(Weight::Look));
    if wrong == 0 {
        world.terminal.remark(&format!("{} keeps every rule", path.display()));
    }
    if !findings.is_empty() {
        let rows = findings.iter().map(row).collect();
        lists(&[List { columns: COLUMNS.to_vec(), rows }], output, world)?;
        world.terminal.remark(&told(wrong, look));
        remark_cut(&findings, world);
    } else if output.is_file() || output.format()?.name != "table" {
        lists(&[List { columns: COLUMNS.to_vec(), rows: Vec::new() }], output, world)?;
    }
    if wrong > 0 || (*strict && look > 0) { Err(Failure::Check) } else { Ok(()) }
}

/// `2 findings break a rule; 5 are worth a look`
fn told(wrong: usize, look: usize) -> String {
    let count = |count: usize| counted(i64::try_from(count).unwrap_or(i64::MAX), "finding");
    match (wrong, look) {
        (0, look) => format!("{} worth a look", count(look)),
        (wrong, 0) => format!("{} against the rules", count(wrong)),
        (wrong, look) => {
            format!("{} against the rules, {} worth a look", count(wrong), count(look))
        }
    }
}

/// Says of which rules there may be more.
fn remark_cut(findings: &[Finding], world: &World<'_>) {
    let mut codes: Vec<&str> = findings.iter().map(|found| found.rule.code).collect();
    codes.dedup();
    let of = |code: &str| findings.iter().filter(|found| found.rule.code == code).count();
    codes.retain(|code| of(code) >= MOST);
    if !codes.is_empty() {
        let remark = format!("of {} only the first {MOST} are told", codes.join(", "));
        world.terminal.remark(&remark);
    }
}

fn row(finding: &Finding) -> Row {
    let Finding { rule, kind, key, detail } = finding;
    let text = |text: &str| Value::Text(text.to_owned());
    let what = match detail {
        Some(detail) => format!("{}: {detail}", rule.what),
        None => rule.what.to_owned(),
    };
    vec![
        text(rule.code),
        text(rule.weight.name()),
        text(kind),
        text(key),
        Value::Text(what),
        text(rule.next),
    ]
}
