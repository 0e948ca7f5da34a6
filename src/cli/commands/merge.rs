//! `dixit merge`: judges that two actors are one, takes such a judgement back, and lists those there are.

use super::write::told;
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::change::{self, Done};
use crate::cli::failure::{Failure, Message};
use crate::cli::identity;
use crate::cli::identity_args::Merge;
use crate::cli::output::Output;
use crate::cli::world::World;
use crate::store::judge::Judgement;

pub(super) fn run(args: &Merge, world: &World<'_>) -> Result<(), Failure> {
    let Merge { actors, undo, output, reason } = args;
    match actors.as_slice() {
        [] => return list(output, world),
        [_] if !undo => {
            let message = Message::new("it takes two actors to be one");
            return Err(Failure::Usage(message.next(USAGE)));
        }
        _ => {}
    }
    change::need_why(reason)?;
    let (done, remarks) = identity::judge(&world.store()?, actors, *undo, reason)?;
    for remark in remarks {
        world.terminal.remark(&remark);
    }
    let Done { number, counts, .. } = done;
    world.terminal.remark(&told(&counts, number, reason.dry_run));
    Ok(())
}

const USAGE: &str = "name the actor that stays and those it is: `dixit merge STAYS OTHER`";

const COLUMNS: &[(&str, bool)] = &[
    ("actor", false),
    ("name", false),
    ("is", false),
    ("its_name", false),
    ("statements", true),
    ("change", true),
    ("at", false),
    ("who", false),
    ("why", false),
];

fn list(output: &Output, world: &World<'_>) -> Result<(), Failure> {
    let store = world.open_at(&world.store()?)?;
    let judgements = store.judgements()?;
    if judgements.is_empty() {
        world.terminal.remark(
            "no two actors are judged to be one; `dixit duplicates` finds some that may be",
        );
    }
    let rows = judgements.iter().map(row).collect();
    lists(&[List { columns: COLUMNS.to_vec(), rows }], output, world)
}

fn row(judgement: &Judgement) -> Row {
    let Judgement { actor, same, statements, made } = judgement;
    let text = |text: &str| Value::Text(text.to_owned());
    let maybe = |text: Option<&String>| text.cloned().map_or(Value::Null, Value::Text);
    let made = made.as_ref();
    vec![
        text(&actor.0),
        text(&actor.1),
        text(&same.0),
        text(&same.1),
        Value::Int(i64::try_from(*statements).unwrap_or(i64::MAX)),
        made.map_or(Value::Null, |made| Value::Int(made.change)),
        maybe(made.map(|made| &made.at)),
        maybe(made.and_then(|made| made.who.as_ref())),
        maybe(made.and_then(|made| made.why.as_ref())),
    ]
}
