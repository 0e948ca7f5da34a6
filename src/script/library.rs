//! Where saved queries are found: folders in the order given, then those shipped with the tool.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::shipped::SHIPPED;
use crate::base::closest::closest;
use crate::base::source::{Source, read_text};

const ENDING: &str = "dixit";

/// The folders to look in, the nearest first.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Need not exist.
    pub folders: Vec<PathBuf>,
}

/// A saved query's text and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What `run` calls it.
    pub name: String,
    /// Where it lies.
    pub place: Place,
    /// Its text.
    pub source: Source,
}

/// Where a saved query lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a folder.
    File(PathBuf),
    /// In the program.
    Shipped,
}

/// Why there is no such saved query.
#[derive(Debug)]
pub enum Missing {
    /// None has that name; perhaps one has a name like it.
    Unknown(Option<String>),
    /// The file is there but cannot be read.
    Unreadable(PathBuf, io::Error),
}

impl Library {
    /// The saved query of that name, or the file if the name is a path.
    pub fn find(&self, name: &str) -> Result<Found, Missing> {
        let path = Path::new(name);
        if path.components().count() > 1 || has_ending(path) {
            return read_file(name, path.to_owned());
        }
        let file =
            self.folders.iter().map(|folder| file_in(folder, name)).find(|path| path.is_file());
        if let Some(path) = file {
            return read_file(name, path);
        }
        shipped()
            .find(|found| found.name == name)
            .ok_or_else(|| Missing::Unknown(self.nearest(name)))
    }

    /// Every saved query, by name; one that a nearer one hides is left out. Files that cannot be read are left out too.
    pub fn all(&self) -> Vec<Found> {
        self.beginning("")
    }

    /// Of these, those whose names begin so; no other is read.
    pub fn beginning(&self, begun: &str) -> Vec<Found> {
        let names = self.names().into_iter().filter(|name| name.starts_with(begun));
        names.filter_map(|name| self.find(&name).ok()).collect()
    }

    /// Every name, once and in order.
    fn names(&self) -> BTreeSet<String> {
        let own = self.folders.iter().flat_map(|folder| names_in(folder));
        own.chain(SHIPPED.iter().map(|(name, _)| (*name).to_owned())).collect()
    }

    /// The files in the folders that cannot be read.
    pub fn unreadable(&self) -> Vec<(PathBuf, io::Error)> {
        let names = self.folders.iter().flat_map(|folder| names_in(folder));
        let missing = names.filter_map(|name| self.find(&name).err());
        let files = missing.filter_map(|missing| match missing {
            Missing::Unreadable(path, error) => Some((path, error)),
            Missing::Unknown(_) => None,
        });
        files.collect()
    }

    /// The name that was probably meant.
    pub(super) fn nearest(&self, name: &str) -> Option<String> {
        let all = self.names();
        closest(name, all.iter().map(String::as_str)).map(str::to_owned)
    }
}

fn shipped() -> impl Iterator<Item = Found> {
    SHIPPED.iter().map(|(name, text)| Found {
        name: (*name).to_owned(),
        place: Place::Shipped,
        source: Source::file(format!("{name}.{ENDING}"), *text),
    })
}

fn read_file(name: &str, path: PathBuf) -> Result<Found, Missing> {
    match std::fs::File::open(&path).and_then(read_text) {
        Ok(text) => {
            let source = Source::file(path.display().to_string(), text);
            Ok(Found { name: name.to_owned(), place: Place::File(path), source })
        }
        Err(error) => Err(Missing::Unreadable(path, error)),
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let files = paths.filter(|path| has_ending(path) && path.is_file() && !is_store(path));
    files.filter_map(|path| path.file_stem()?.to_str().map(str::to_owned)).collect()
}

/// The saved queries that lie in a folder, by name; stores have the same ending and are none.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        names_in(folder).iter().map(|name| file_in(folder, name)).collect();
    files.sort();
    files
}

/// Whether a file begins like a store.
fn is_store(path: &Path) -> bool {
    let mut begin = [0; 15];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && &begin == b"SQLite format 3"
}

fn file_in(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{ENDING}"))
}

fn has_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == ENDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(files: &[(&str, &str)]) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let library =
            Library { folders: vec![folder.path().join("missing"), folder.path().to_owned()] };
        (folder, library)
    }

    #[test]
    fn every_file_in_queries_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
        let mut names = names_in(&folder);
        names.sort();
        let shipped: Vec<String> = shipped().map(|found| found.name).collect();
        assert_eq!(shipped, names);
        for found in super::shipped() {
            let file = std::fs::read_to_string(file_in(&folder, &found.name)).unwrap();
            assert_eq!(found.source.text(), file);
        }
    }

    #[test]
    fn a_nearer_file_hides_a_shipped_one() {
        let (_folder, library) =
            library(&[("sides.dixit", "mine"), ("own.dixit", "own"), ("x.txt", "no")]);
        assert_eq!(library.find("sides").unwrap().source.text(), "mine");
        assert_eq!(library.find("own").unwrap().source.text(), "own");
        assert_eq!(library.find("offices").unwrap().place, Place::Shipped);
        let all = library.all();
        assert_eq!(all.len(), SHIPPED.len() + 1);
        assert!(all.iter().any(|found| found.name == "sides" && found.place != Place::Shipped));
    }

    #[test]
    fn a_path_is_read_as_a_file() {
        let (folder, library) = library(&[("own.dixit", "own")]);
        let path = folder.path().join("own.dixit");
        assert_eq!(library.find(path.to_str().unwrap()).unwrap().source.text(), "own");
        assert!(matches!(library.find("./none.dixit"), Err(Missing::Unreadable(..))));
    }

    #[test]
    fn an_unknown_name_has_a_suggestion_if_one_is_near() {
        let library = Library::default();
        let Err(Missing::Unknown(near)) = library.find("ofices") else { panic!("unknown") };
        assert_eq!(near.as_deref(), Some("offices"));
        assert!(matches!(library.find("zebra"), Err(Missing::Unknown(None))));
    }
}
