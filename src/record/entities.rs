//! Names in files of `FollowTheMoney` that our export gives and our import knows again.

/// What stands before the key of a source in its id, for it may have the key of an actor.
pub const SOURCE: &str = "dixit-source-";
/// What stands before the key of a tie in its id.
pub const TIE: &str = "dixit-tie-";
/// The role of an actor that wrote a document.
pub const AUTHOR: &str = "author";
/// The role of an actor that brought a document out.
pub const PUBLISHER: &str = "publisher";
