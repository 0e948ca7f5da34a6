//! The grammar: one function for each production of `docs/grammar.md`, headed by it.
//! Rules say what may follow what; they build no messages.

mod chain;
pub(crate) mod clause;
pub(crate) mod expr;
pub(crate) mod literal;
pub(crate) mod pattern;
pub(crate) mod script;
