//! What every other module may use: source text and places in it, values, dates, diagnostics.
//! Knows nothing of the language, the store or the terminal.

pub mod any;
pub mod clean;
pub mod closest;
pub mod count;
pub mod date;
pub mod diagnostic;
pub mod fold;
pub mod instant;
pub mod letters;
pub mod likeness;
pub mod moment;
pub mod page;
pub mod planted;
pub mod render;
pub mod source;
pub mod tex;
pub mod time;
pub mod value;
pub mod wish;
