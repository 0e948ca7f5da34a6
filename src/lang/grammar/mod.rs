//! The grammar: one function for each production of `docs/grammar.md`, headed by it.
//! Rules say what may follow what; they build no messages.

mod chain;
pub(crate) mod clause;
pub(crate) mod expr;
mod inner;
pub(crate) mod literal;
pub(crate) mod pattern;
mod query;
pub(crate) mod script;
#[cfg(test)]
mod tests;
mod write;
