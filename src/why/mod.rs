//! What rows rest on, once it was asked for: which statements, who tells of them, where they were read; told as text, as
//! values for JSON, and as a list of sources. What to ask is text in the language, so that no kind is known by name here.

pub mod chain;
pub mod cite;
pub mod findings;
pub mod tell;
pub mod value;

/// The questions that find out about what rows rest on: each parameter is named after a kind and takes the element ids of
/// the nodes of that kind.
pub const QUESTIONS: &[(&str, &str)] = &[
    ("statements.dixit", include_str!("statements.dixit")),
    ("sources.dixit", include_str!("sources.dixit")),
];
