//! dixit keeps attributed claims in one `SQLite` file and answers questions about them.

pub mod base;
pub mod cli;
pub mod format;
pub mod import;
pub mod lang;
pub mod meaning;
pub mod plan;
pub mod record;
pub mod script;
pub mod sql;
pub mod store;
