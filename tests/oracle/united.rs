//! A world in which those that are judged to be one were one from the start.

use super::worlds::World;
use std::collections::BTreeMap;

/// Columns that may hold the key of an actor, by file. Keys of a tiny world are its own across kinds.
const ACTORS_IN: &[(&str, &[&str])] = &[
    ("sources", &["publisher", "author"]),
    ("statements", &["speaker"]),
    ("claim_about", &["about"]),
    ("statement_actors", &["actor"]),
    ("relations", &["from", "to"]),
    ("assessments", &["target"]),
];

impl World {
    /// The same world with one actor in the place of those that are judged to be one: the one that stays, with the names of
    /// the others. None where nothing is judged, and where two rows would become one and the same.
    pub(crate) fn united(&self) -> Option<Self> {
        let stays: BTreeMap<String, String> = self
            .rows("same_as")
            .map(|row| (row.get("actor").to_owned(), row.get("same").to_owned()))
            .collect();
        if stays.is_empty() {
            return None;
        }
        let mut world = self.clone();
        world.tables.remove("same_as");
        for (stem, columns) in ACTORS_IN {
            let Some(table) = world.tables.get_mut(stem) else { continue };
            let places: Vec<usize> = (0..table.columns.len())
                .filter(|at| columns.contains(&table.columns[*at]))
                .collect();
            for row in &mut table.rows {
                for at in &places {
                    if let Some(other) = stays.get(&row[*at]) {
                        row[*at].clone_from(other);
                    }
                }
            }
            let mut rows = table.rows.clone();
            rows.sort();
            rows.dedup();
            if rows.len() < table.rows.len() {
                return None;
            }
        }
        world.unite_actors(&stays);
        Some(world)
    }

    fn unite_actors(&mut self, stays: &BTreeMap<String, String>) {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in self.rows("actors") {
            if let Some(other) = stays.get(row.get("key")) {
                let own = names.entry(other.clone()).or_default();
                own.push(row.get("name").to_owned());
                own.extend(row.get("aliases").split(';').map(|name| name.trim().to_owned()));
            }
        }
        let Some(table) = self.tables.get_mut("actors") else { return };
        table.rows.retain(|row| !stays.contains_key(&row[0]));
        let place = |name| table.columns.iter().position(|column| *column == name).unwrap();
        let (name, aliases) = (place("name"), place("aliases"));
        for row in &mut table.rows {
            let Some(others) = names.get(&row[0]) else { continue };
            let own = row[aliases].split(';').map(|name| name.trim().to_owned());
            let mut all: Vec<String> = own.chain(others.iter().cloned()).collect();
            all.retain(|other| !other.is_empty() && *other != row[name]);
            all.sort();
            all.dedup();
            row[aliases] = all.join(";");
        }
    }
}
