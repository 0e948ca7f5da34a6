//! Charts of small results.
