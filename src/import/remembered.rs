//! What texts were found to mean lately. Only digests are kept, so that many fit: two of 64 bits with keys drawn at random for
//! each import (`SipHash`), so that no file can be made to confuse two texts, and chance does so once in 10²⁸ imports.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState};

/// How many texts are remembered before it starts again.
const MOST: usize = 220_000;

/// Texts, each with an id.
#[derive(Default)]
pub(super) struct Remembered {
    states: [RandomState; 2],
    known: HashMap<[u64; 2], i64, BuildHasherDefault<Drawn>>,
}

/// A digest is as good as drawn at random: its first half is its hash.
#[derive(Default)]
struct Drawn(u64);

impl Hasher for Drawn {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(half) = bytes.first_chunk() {
            self.0 = u64::from_ne_bytes(*half);
        }
    }
}

impl Remembered {
    /// What was remembered of a text in this context.
    pub(super) fn get(&self, context: i64, text: &str) -> Option<i64> {
        self.known.get(&self.digest(context, text)).copied()
    }

    /// Remembers it.
    pub(super) fn keep(&mut self, context: i64, text: &str, id: i64) {
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let digest = self.digest(context, text);
        self.known.insert(digest, id);
    }

    fn digest(&self, context: i64, text: &str) -> [u64; 2] {
        self.states.each_ref().map(|state| state.hash_one((context, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::Remembered;

    #[test]
    fn what_was_kept_is_known_in_its_context_only() {
        let mut remembered = Remembered::default();
        remembered.keep(1, "Rubio", 7);
        assert_eq!(remembered.get(1, "Rubio"), Some(7));
        assert_eq!((remembered.get(2, "Rubio"), remembered.get(1, "rubio")), (None, None));
    }
}
