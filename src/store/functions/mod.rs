//! Functions of our own that queries use inside the database. Each gives null where an argument is null.

mod arithmetic;
mod dates;
mod dynamic;
mod evidence;
mod lists;
mod numbers;
mod searches;
mod texts;
mod wrong;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Result};

pub(crate) use searches::Searches;

/// A function: its name, how many arguments it takes (-1 for any number), and what computes it.
type Function = (&'static str, i32, fn(&Context<'_>) -> Result<Value>);

/// Functions to which a null is an argument like any other.
const TAKE_NULL: &[&str] = &["dixit_pack", "dixit_in", "dixit_map", "dixit_evidence"];

/// Makes our functions known to a connection; what is searched for is remembered outside of it.
pub(crate) fn register(connection: &Connection) -> Result<Searches> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let tables = [
        texts::FUNCTIONS,
        numbers::FUNCTIONS,
        dates::FUNCTIONS,
        lists::FUNCTIONS,
        dynamic::FUNCTIONS,
        arithmetic::FUNCTIONS,
        evidence::FUNCTIONS,
    ];
    for (name, arguments, compute) in tables.into_iter().flatten() {
        connection.create_scalar_function(*name, *arguments, flags, move |context| {
            let absent = (0..context.len()).any(|at| matches!(context.get_raw(at), ValueRef::Null));
            if absent && !TAKE_NULL.contains(name) { Ok(Value::Null) } else { compute(context) }
        })?;
    }
    let unsteady = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("dixit_rand", 1, unsteady, numbers::random)?;
    dynamic::register_aggregates(connection, flags)?;
    evidence::register_aggregates(connection, flags)?;
    numbers::register_aggregates(connection, flags)?;
    searches::register(connection)
}

/// An argument as text; invalid UTF-8 of a foreign file is read lossily, visibly.
fn text(context: &Context<'_>, at: usize) -> String {
    match context.get_raw(at) {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => numbers::shown(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

fn integer(context: &Context<'_>, at: usize) -> Result<i64> {
    context.get(at)
}
