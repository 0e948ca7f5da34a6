//! Ids of nodes and edges: looked up millions of times, so those that are numbers are kept as numbers.

use std::collections::HashMap;

/// Something for each id.
#[derive(Debug, Default)]
pub(super) struct Ids<T> {
    numbers: HashMap<u64, T>,
    texts: HashMap<Box<str>, T>,
}

impl<T> Ids<T> {
    pub(super) fn new() -> Self {
        Self { numbers: HashMap::new(), texts: HashMap::new() }
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        match number(id) {
            Some(number) => self.numbers.get(&number),
            None => self.texts.get(id),
        }
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        match number(id) {
            Some(number) => self.numbers.get_mut(&number),
            None => self.texts.get_mut(id),
        }
    }

    /// Keeps something for an id; gives what was kept before.
    pub(super) fn insert(&mut self, id: &str, thing: T) -> Option<T> {
        match number(id) {
            Some(number) => self.numbers.insert(number, thing),
            None => self.texts.insert(id.into(), thing),
        }
    }
}

/// The number an id is, if it is written as numbers are.
fn number(id: &str) -> Option<u64> {
    let plain = !id.is_empty()
        && id.len() <= 19
        && id.bytes().all(|byte| byte.is_ascii_digit())
        && (id == "0" || !id.starts_with('0'));
    if plain { id.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_written_differently_are_different() {
        let mut ids = Ids::new();
        for (place, id) in
            ["1", "01", "a", "+1", "99999999999999999999", "0", ""].iter().enumerate()
        {
            assert_eq!(ids.insert(id, place), None, "{id}");
        }
        assert_eq!((ids.get("1"), ids.get("01"), ids.get("2")), (Some(&0), Some(&1), None));
        assert_eq!(ids.insert("1", 7), Some(0));
    }
}
