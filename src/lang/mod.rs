//! From text to [`ast`]: what was written, with a place on every name. Knows nothing of the catalogue.

pub mod ast;
