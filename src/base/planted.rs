//! Mistakes that a test plants in the compiler, one at a time, to see that random queries find them.
//!
//! Only the feature `planted` has them; without it every place gives its right value, and nothing here is compiled.

/// The right value, or the wrong one where a test has planted this mistake.
macro_rules! planted {
    ($mistake:ident, $right:expr, $wrong:expr) => {{
        #[cfg(feature = "planted")]
        let value = if $crate::base::planted::is($crate::base::planted::Mistake::$mistake) {
            $wrong
        } else {
            $right
        };
        #[cfg(not(feature = "planted"))]
        let value = $right;
        value
    }};
}

pub(crate) use planted;

#[cfg(feature = "planted")]
pub use mistakes::{Mistake, is, plant};

#[cfg(feature = "planted")]
mod mistakes {
    use std::cell::Cell;

    /// What can be planted.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Mistake {
        /// `not null` is true.
        TwoValuedNot,
        /// An edge is followed against its arrow.
        Arrow,
        /// One edge may be used twice in a `match`.
        EdgeTwice,
        /// The `where` of an `optional match` drops rows.
        OptionalFilter,
        /// `distinct` is forgotten.
        Distinct,
        /// `null <> 1` is true.
        NullDiffers,
        /// The label of a node is forgotten, but for the first of a `match`.
        InnerLabel,
        /// A repeated edge may go on once more.
        OnceMore,
        /// A date that can be meant counts as one that must be.
        Certainty,
        /// What `exists` finds need not hang on the row it is asked for, so that all are relayed or none.
        Relayed,
    }

    impl Mistake {
        /// Each of them.
        pub const ALL: [Self; 10] = [
            Self::TwoValuedNot,
            Self::Arrow,
            Self::EdgeTwice,
            Self::OptionalFilter,
            Self::Distinct,
            Self::NullDiffers,
            Self::InnerLabel,
            Self::OnceMore,
            Self::Certainty,
            Self::Relayed,
        ];
    }

    thread_local! {
        static PLANTED: Cell<Option<Mistake>> = const { Cell::new(None) };
    }

    /// Plants a mistake in this thread, or takes it out again.
    pub fn plant(mistake: Option<Mistake>) {
        PLANTED.set(mistake);
    }

    /// Whether this mistake is planted.
    pub fn is(mistake: Mistake) -> bool {
        PLANTED.get() == Some(mistake)
    }
}
