//! What a store keeps, as plain records: the catalogue's rows, the vocabulary, and what users declare. Knows no SQL.

pub mod catalogue;
pub mod declared;
pub mod edit;
pub mod entities;
pub mod graph;
pub mod judged;
pub mod key;
pub mod lines;
pub mod notation;
