//! What a store keeps, as plain records: the catalogue's rows and the vocabulary. Knows no SQL.

pub mod catalogue;
pub mod edit;
