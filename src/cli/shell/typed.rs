//! What comes from whoever sits at the prompt.

/// A line, or what stands for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Something complete, of one line or several.
    Line(String),
    /// What was typed is thrown away.
    Cleared,
    /// No more comes.
    End,
}
