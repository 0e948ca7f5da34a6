//! How to find what a question asks for: a tree of steps over rows of variables. Knows no tables and no SQL.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod build;
pub mod passes;
pub mod show;
mod tree;

pub use tree::{Block, Branch, Finding, Picking, Plan, Trace, Walk};
