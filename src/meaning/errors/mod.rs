//! The wording of every mistake in meaning: one small function each. Codes `D03xx`, and `D0401` for a note.

pub(crate) mod names;
pub(super) mod open;
pub(super) mod paths;
pub(super) mod patterns;
pub(super) mod rows;
pub(super) mod values;
