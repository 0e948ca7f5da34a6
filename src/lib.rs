//! dixit keeps attributed claims in one `SQLite` file and answers questions about them.

pub mod base;
pub mod import;
pub mod lang;
pub mod record;
pub mod store;
