//! What our functions refuse to compute: each mistake with its code and its place, sent through the database as text.
//! Functions that can fail take as their last argument which of the statement's places they stand at.

use rusqlite::Error;
use rusqlite::functions::Context;

use crate::store::error;

/// D0361: a value whose type is known only when it runs is not what is needed.
pub(super) fn wrong_type(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, "D0361", what)
}

/// D0362: a division by zero.
pub(super) fn by_zero(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, "D0362", what)
}

/// D0363: a number too large for an integer, or an instant outside the years there are.
pub(super) fn too_large(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, "D0363", what)
}

/// D0364: a regular expression that is none.
pub(super) fn bad_pattern(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, "D0364", what)
}

/// D0366: an argument that a function cannot take.
pub(super) fn bad_argument(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, "D0366", what)
}

fn raised(context: &Context<'_>, code: &'static str, what: impl Into<String>) -> Error {
    let place: i64 = context.get(context.len().saturating_sub(1)).unwrap_or(-1);
    Error::UserFunctionError(error::sent(code, place, &what.into()).into())
}
