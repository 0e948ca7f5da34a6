//! From what was written to what is meant: names become kinds, edges, properties and variables, types are checked.
//! Knows the catalogue, but no table, no SQL and no database.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod catalog;
pub mod declare;
pub(crate) mod errors;
pub mod evidence;
pub mod functions;
pub mod question;
mod reads;
pub mod resolve;
mod scope;
pub mod show;
pub mod types;
pub mod writing;
