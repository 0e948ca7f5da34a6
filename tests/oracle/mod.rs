//! A second, slow and obvious way to answer a query, to hold the compiler against. It shares the syntax tree, dates and
//! the folding of names with the compiler, and nothing else: a graph in memory, and enumeration.

pub(crate) mod check;
mod declared;
pub(crate) mod eval;
pub(crate) mod every;
pub(crate) mod graph;
pub(crate) mod queries;
pub(crate) mod random;
pub(crate) mod recorded;
pub(crate) mod shrink;
pub(crate) mod tally;
mod united;
pub(crate) mod value;
pub(crate) mod worlds;
