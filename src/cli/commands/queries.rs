//! `dixit queries`: the saved queries, what each answers and takes.

use crate::base::value::{Row, Value};
use crate::cli::answer::{List, lists};
use crate::cli::args::Queries;
use crate::cli::failure::Failure;
use crate::cli::world::World;
use crate::script;
use crate::script::library::Found;
use crate::script::parameter::Parameter;

pub(super) fn run(args: &Queries, world: &World<'_>) -> Result<(), Failure> {
    let Queries { output } = args;
    let rows: Vec<Row> = world.library.all().iter().map(row).collect();
    let columns = vec![("name", false), ("question", false), ("takes", false)];
    lists(&[List { columns, rows }], output, world)?;
    world.terminal.remark("`dixit run NAME` asks one, `dixit run NAME --help` explains it");
    Ok(())
}

fn row(found: &Found) -> Row {
    let (question, takes) = match script::read(&found.source) {
        Ok(saved) => (saved.question, saved.parameters.iter().map(flag).collect()),
        Err(_) => ("(it contains a mistake; running it shows where)".to_owned(), Vec::new()),
    };
    vec![Value::Text(found.name.clone()), Value::Text(question), Value::List(takes)]
}

fn flag(parameter: &Parameter) -> Value {
    Value::Text(format!("--{}", parameter.name))
}
