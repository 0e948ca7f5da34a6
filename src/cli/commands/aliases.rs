//! `dixit aliases`: lists other names, gives a node further ones and takes some away.

use super::write::told;
use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::change::{self, Done};
use crate::cli::failure::{Failure, Message};
use crate::cli::identity::{self, Names};
use crate::cli::identity_args::Aliases;
use crate::cli::output::Output;
use crate::cli::world::World;
use crate::store::aliases::Alias;

pub(super) fn run(args: &Aliases, world: &World<'_>) -> Result<(), Failure> {
    let Aliases { name, add, remove, output, reason } = args;
    if add.is_empty() && remove.is_empty() {
        return list(name.as_deref(), output, world);
    }
    let Some(name) = name else {
        let message = Message::new("whose name is this to be?");
        return Err(Failure::Usage(message.next("say a key: `dixit aliases KEY --add 'Name'`")));
    };
    change::need_why(reason)?;
    let names = Names { of: name, add, remove };
    let (done, remarks) = identity::rename(&world.store()?, &names, reason)?;
    for remark in remarks {
        world.terminal.remark(&remark);
    }
    let Done { number, counts, .. } = done;
    world.terminal.remark(&told(&counts, number, reason.dry_run));
    Ok(())
}

const COLUMNS: &[(&str, bool)] =
    &[("kind", false), ("key", false), ("name", false), ("alias", false), ("also", false)];

fn list(name: Option<&str>, output: &Output, world: &World<'_>) -> Result<(), Failure> {
    let store = world.open_at(&world.store()?)?;
    let nodes = match name {
        None => None,
        Some(name) => {
            let known = store.known(name)?;
            if known.is_empty() {
                let message = Message::new(format!("nothing is called '{name}'"));
                let next = "`dixit aliases` lists every other name";
                return Err(Failure::Name(message.next(next)));
            }
            Some(known)
        }
    };
    let found = store.aliases(nodes.as_deref())?;
    if found.is_empty() {
        let what = name.map_or("nothing here has another name".to_owned(), |name| {
            format!("'{name}' goes by no other name")
        });
        world.terminal.remark(&what);
    }
    let rows = found.iter().map(row).collect();
    lists(&[List { columns: COLUMNS.to_vec(), rows }], output, world)
}

fn row(alias: &Alias) -> Row {
    let Alias { kind, key, name, alias, also } = alias;
    let text = |text: &String| Value::Text(text.clone());
    let also = if also.is_empty() { Value::Null } else { Value::Text(also.join(", ")) };
    vec![text(kind), text(key), text(name), text(alias), also]
}
