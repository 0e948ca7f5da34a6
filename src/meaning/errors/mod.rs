//! The wording of every mistake in meaning: one small function each. Codes `D03xx`, `D07xx` for graph types, and `D04xx` for
//! notes.

pub(super) mod declare;
pub(super) mod definitions;
pub(crate) mod names;
pub(super) mod open;
pub(super) mod paths;
pub(super) mod patterns;
pub(super) mod remarks;
pub(super) mod rows;
pub(super) mod values;
pub(super) mod writes;
