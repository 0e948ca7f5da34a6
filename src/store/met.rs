//! Which names and keys a large import has brought, as far as they are not too many: a text that is not among them finds
//! nothing in a table that was empty before, so that the database need not be asked four times over.

use crate::base::fold::{key_forms, lookup_form};
use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
};

/// So many digests take some 20 MB.
const MOST: usize = 1_500_000;

/// Digests of the forms in which nodes are looked up, with keys drawn for each import; two texts with one digest only cost
/// a look into the database.
#[derive(Debug, Default)]
pub(super) struct Met {
    state: RandomState,
    digests: HashSet<u64>,
    /// There were too many, or nodes came in another way.
    lost: bool,
}

impl Met {
    /// Tells that a node of a kind has this name or key.
    pub(super) fn meet(&mut self, kind: i64, text: &str) {
        if self.lost {
            return;
        }
        if self.digests.len() >= MOST {
            self.lose();
            return;
        }
        self.digests.insert(self.digest(kind, text));
    }

    /// From here on, any text may be known.
    pub(super) fn lose(&mut self) {
        (self.lost, self.digests) = (true, HashSet::new());
    }

    /// Whether a node of a kind may be found by this text, by its name or by any form of its key.
    pub(super) fn may_know(&self, kind: i64, text: &str) -> bool {
        if self.lost || self.digests.contains(&self.digest(kind, text)) {
            return true;
        }
        // Of ASCII, all forms fold to the same.
        !text.is_ascii()
            && key_forms(text).iter().any(|form| self.digests.contains(&self.digest(kind, form)))
    }

    fn digest(&self, kind: i64, text: &str) -> u64 {
        self.state.hash_one((kind, lookup_form(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_name_or_key_is_known_and_nothing_else() {
        let mut met = Met::default();
        for text in ["Marco Rubio", "Q42", "straße", "İstanbul", "ΟΔΟΣ"] {
            met.meet(1, text);
            let forms = key_forms(text);
            for form in [text, &forms[0], &forms[1], &text.to_uppercase(), &text.to_lowercase()] {
                assert!(met.may_know(1, form), "{form}");
            }
        }
        assert!(!met.may_know(2, "Marco Rubio") && !met.may_know(1, "Marco"));
    }

    #[test]
    fn too_many_are_all_known() {
        let mut met = Met::default();
        met.lose();
        met.meet(1, "a");
        assert!(met.may_know(1, "b") && met.digests.is_empty());
    }
}
