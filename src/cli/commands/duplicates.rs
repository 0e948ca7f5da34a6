//! `dixit duplicates`: who may be one, and the judgement that two are two.

use super::write::told;
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::change::{self, Done};
use crate::cli::failure::Failure;
use crate::cli::identity;
use crate::cli::identity_args::Duplicates;
use crate::cli::world::World;
use crate::store::twins::Twin;

pub(super) fn run(args: &Duplicates, world: &World<'_>) -> Result<(), Failure> {
    let Duplicates { kind, not_same, output, reason } = args;
    if let [one, other] = not_same.as_slice() {
        change::need_why(reason)?;
        let (done, remarks) = identity::differ(&world.store()?, [one, other], reason)?;
        for remark in remarks {
            world.terminal.remark(&remark);
        }
        let Done { number, counts, .. } = done;
        world.terminal.remark(&told(&counts, number, reason.dry_run));
        return Ok(());
    }
    let twins = world.open_at(&world.store()?)?.twins(kind.as_deref())?;
    if twins.is_empty() {
        world.terminal.remark("nothing here looks like anything else");
    }
    let rows = twins.iter().map(row).collect();
    lists(&[List { columns: COLUMNS.to_vec(), rows }], output, world)?;
    if twins.iter().any(|twin| twin.kind == "actor") {
        world.terminal.remark("`dixit merge ONE OTHER` makes two actors one; `dixit duplicates --not-same ONE OTHER` keeps them two");
    }
    Ok(())
}

const COLUMNS: &[(&str, bool)] = &[
    ("kind", false),
    ("one", false),
    ("name", false),
    ("other", false),
    ("its_name", false),
    ("likely", true),
    ("why", false),
    ("suggestion", false),
];

fn row(twin: &Twin) -> Row {
    let Twin { kind, one, other, weight, why } = twin;
    let text = |text: &str| Value::Text(text.to_owned());
    let next = match *kind {
        "actor" => Value::Text(format!("dixit merge {} {}", one.0, other.0)),
        _ => Value::Null,
    };
    vec![
        text(kind),
        text(&one.0),
        text(&one.1),
        text(&other.0),
        text(&other.1),
        Value::Int(i64::from(*weight)),
        text(why),
        next,
    ]
}
