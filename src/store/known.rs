//! What a large import has brought, by the digests of its keys and names: while all nodes of a kind came with it, neither the
//! indexes of keys nor the table of what nodes are looked up by need be kept row by row. Both are far cheaper made at the end,
//! of all rows at once, since rows come in no order.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher as _, RandomState},
};

/// So many digests take some 200 MB.
const MOST: usize = 20_000_000;
/// Nodes of one name beyond these are left to the database.
const MOST_ALIKE: usize = 8;
const SHARDS: usize = 256;

/// A text by which a node is found.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) enum Text<'t> {
    /// Its key, where every character counts.
    Key(&'t str),
    /// A form of its key or of one of its names, as it is looked up.
    Form(&'t str),
}

/// Which nodes have which digests. The keys of the digest are drawn for each import, so that no file can be made to crowd
/// them. What has a digest may still be something else: that is for the database to tell.
#[derive(Debug)]
pub(super) struct Known {
    state: RandomState,
    shards: Vec<Shard>,
    /// The kinds of which it knows all nodes.
    kinds: BTreeSet<i64>,
    /// What makes the indexes of their keys.
    indexes: Vec<String>,
}

impl Known {
    /// Knows all nodes of these kinds from here on; there are none yet.
    pub(super) fn new(kinds: BTreeSet<i64>, indexes: Vec<String>) -> Self {
        let shards = (0..SHARDS).map(|_| Shard::default()).collect();
        Self { state: RandomState::new(), shards, kinds, indexes }
    }

    /// Whether it knows all nodes of a kind.
    pub(super) fn holds(&self, kind: i64) -> bool {
        self.kinds.contains(&kind)
    }

    /// Gives its kinds, and what makes the indexes of their keys.
    pub(super) fn into_indexes(self) -> (BTreeSet<i64>, Vec<String>) {
        (self.kinds, self.indexes)
    }

    /// Remembers that a node is found by a text; false where there is no room.
    pub(super) fn meet(&mut self, kind: i64, text: Text<'_>, node: i64) -> bool {
        let (at, tag) = self.place(kind, text);
        let (Ok(node), Some(shard)) = (u32::try_from(node), self.shards.get_mut(at)) else {
            return false;
        };
        shard.insert(tag, node);
        shard.used < MOST / SHARDS
    }

    /// The nodes that may be found by a text, the oldest first; none where there are too many to tell.
    pub(super) fn nodes(&self, kind: i64, text: Text<'_>) -> Option<Vec<i64>> {
        let (at, tag) = self.place(kind, text);
        let shard = self.shards.get(at)?;
        if shard.crowded.contains(&tag) {
            return None;
        }
        let mut nodes: Vec<i64> = shard.with(tag).map(i64::from).collect();
        nodes.sort_unstable();
        nodes.dedup();
        Some(nodes)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half of a digest is a digest")]
    fn place(&self, kind: i64, text: Text<'_>) -> (usize, u32) {
        let digest = self.state.hash_one((kind, text));
        ((digest >> 32) as usize % SHARDS, digest as u32)
    }
}

/// A hash table with open addressing. Half digests stand about in the order of their size, so that it can grow by an
/// eighth.
#[derive(Debug, Default)]
struct Shard {
    /// Half a digest and a node each; no node is 0.
    cells: Vec<(u32, u32)>,
    used: usize,
    /// The half digests of more nodes than are kept.
    crowded: BTreeSet<u32>,
}

impl Shard {
    fn insert(&mut self, tag: u32, node: u32) {
        if (self.used + 1) * 8 > self.cells.len() * 7 {
            self.grow();
        }
        let (mut alike, mut is_known) = (0, false);
        for other in self.with(tag) {
            alike += 1;
            is_known |= other == node;
        }
        if is_known {
            return;
        }
        if alike >= MOST_ALIKE {
            self.crowded.insert(tag);
        } else {
            self.put(tag, node);
            self.used += 1;
        }
    }

    fn grow(&mut self) {
        let cells = vec![(0, 0); self.cells.len() / 8 * 9 + 16];
        let before = std::mem::replace(&mut self.cells, cells);
        for (tag, node) in before {
            if node != 0 {
                self.put(tag, node);
            }
        }
    }

    /// Puts a node into the first free cell behind its place; there is one.
    fn put(&mut self, tag: u32, node: u32) {
        let place = self.places(tag).find(|at| self.cells.get(*at).is_some_and(|cell| cell.1 == 0));
        if let Some(cell) = place.and_then(|at| self.cells.get_mut(at)) {
            *cell = (tag, node);
        }
    }

    /// The nodes with a half digest.
    fn with(&self, tag: u32) -> impl Iterator<Item = u32> {
        let cells = self.places(tag).map_while(|at| self.cells.get(at).filter(|cell| cell.1 != 0));
        cells.filter(move |cell| cell.0 == tag).map(|cell| cell.1)
    }

    /// All places, from that of a half digest on.
    fn places(&self, tag: u32) -> impl Iterator<Item = usize> + use<> {
        let length = self.cells.len();
        let start = ((u64::from(tag) * length as u64) >> 32) as usize;
        (start..length).chain(0..start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known::new([1, 2].into(), Vec::new())
    }

    #[test]
    fn what_was_met_is_found_by_kind_and_text() {
        let mut known = known();
        for node in 1..=20_000 {
            assert!(known.meet(1, Text::Key(&format!("k{node}")), node));
            assert!(known.meet(1, Text::Form(&format!("n{}", node / 2)), node));
        }
        for node in 2..20_000 {
            assert_eq!(known.nodes(1, Text::Key(&format!("k{node}"))), Some(vec![node]));
            let pair = node / 2 * 2;
            let alike = known.nodes(1, Text::Form(&format!("n{}", node / 2)));
            assert_eq!(alike, Some(vec![pair, pair + 1]));
        }
        assert_eq!(known.nodes(2, Text::Key("k5")), Some(Vec::new()));
        assert_eq!(known.nodes(1, Text::Form("k5")), Some(Vec::new()));
        assert!(known.holds(1) && !known.holds(3));
    }

    #[test]
    fn many_of_one_name_are_not_told_and_take_no_room() {
        let mut known = known();
        for node in 1..=100_000 {
            assert!(known.meet(1, Text::Form("it"), node));
        }
        assert_eq!(known.nodes(1, Text::Form("it")), None);
        assert_eq!(known.shards.iter().map(|shard| shard.used).sum::<usize>(), MOST_ALIKE);
    }

    #[test]
    fn a_number_that_does_not_fit_is_told() {
        assert!(!known().meet(1, Text::Key("a"), 1 << 32));
    }
}
