//! What our functions refuse to compute: each mistake with its code and its place, sent through the database as text.
//! Functions that can fail take as their last argument which of the statement's places they stand at.

use rusqlite::Error;
use rusqlite::functions::Context;

use crate::store::error::{Mistake, sent};

/// A value whose type is known only when it runs is not what is needed.
pub(super) fn wrong_type(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, Mistake::Type, what)
}

/// A division by zero.
pub(super) fn by_zero(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, Mistake::Zero, what)
}

/// A number too large for an integer, or an instant outside the years there are.
pub(super) fn too_large(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, Mistake::TooLarge, what)
}

/// A regular expression that is none.
pub(super) fn bad_pattern(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, Mistake::Pattern, what)
}

/// An argument that a function cannot take.
pub(super) fn bad_argument(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, Mistake::Argument, what)
}

/// Several rows where one value is meant.
pub(super) fn several(context: &Context<'_>, what: impl Into<String>) -> Error {
    raised(context, Mistake::Several, what)
}

/// A value that is nested too deep.
pub(super) fn too_deep() -> Error {
    let what = "a list or a map is nested too deep here";
    Error::UserFunctionError(sent(Mistake::TooLong, -1, what).into())
}

fn raised(context: &Context<'_>, mistake: Mistake, what: impl Into<String>) -> Error {
    let place: i64 = context.get(context.len().saturating_sub(1)).unwrap_or(-1);
    Error::UserFunctionError(sent(mistake, place, &what.into()).into())
}
