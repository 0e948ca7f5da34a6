//! Finds the store a command is about.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::failure::{Failure, Message};
use crate::base::closest::closest;

/// How every `SQLite` file starts. Saved queries share our file ending, so this tells stores from them.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The store at `path`, which must be there.
pub(crate) fn named(path: PathBuf) -> Result<PathBuf, Failure> {
    if path.is_file() || path.is_dir() {
        return Ok(path);
    }
    // To open a pipe is to wait for whoever writes into it.
    if path.exists() {
        let message = format!("{} is no plain file, so it is not a dixit store", path.display());
        return Err(Failure::Machine(Message::new(message)));
    }
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let others: Vec<String> =
        all_in(folder).iter().map(|other| other.display().to_string()).collect();
    let shown = path.display().to_string();
    let near = closest(&shown, others.iter().map(String::as_str));
    let message = Message::new(format!("there is no store {shown}"));
    Err(Failure::Machine(message.meant(near, &format!("`dixit init {shown}` makes an empty one"))))
}

/// The only store in `folder`.
pub(crate) fn only_one_in(folder: &Path) -> Result<PathBuf, Failure> {
    let mut stores = all_in(folder);
    match stores.len() {
        0 => Err(Failure::Machine(Message::new("there is no store in this folder").next(
            "`dixit demo` makes one to try, `dixit init FILE` an empty one; --db FILE names one elsewhere",
        ))),
        1 => Ok(stores.remove(0)),
        _ => Err(Failure::Machine(
            Message::new(format!("there are several stores in this folder: {}", listed(&stores)))
                .next("add --db FILE, or name it once for all: export DIXIT_DB=FILE"),
        )),
    }
}

/// Every store in `folder`, by name.
pub(crate) fn all_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| plain(entry.path())));
    let mut stores: Vec<PathBuf> = paths.filter(|path| is_store(path)).collect();
    stores.sort();
    stores
}

/// A path in the folder at hand by its name alone.
fn plain(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}

/// Whether a path leads to a store.
pub(crate) fn is_store(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "dixit") && is_database(path)
}

/// Refuses to write an answer over a store, whatever its name ends in.
pub(crate) fn spare(path: &Path) -> Result<(), Failure> {
    if !is_database(path) {
        return Ok(());
    }
    let message = Message::new(format!("{} is a store", path.display()));
    Err(Failure::Usage(message.next("choose another name for the answers")))
}

fn is_database(path: &Path) -> bool {
    let mut start = [0; 16];
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == *MAGIC
}

fn listed(stores: &[PathBuf]) -> String {
    let names: Vec<_> = stores.iter().filter_map(|path| path.file_name()).collect();
    names.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    #[test]
    fn the_only_store_is_found_and_queries_are_not_taken_for_one() {
        let here =
            folder(&[("a.dixit", b"SQLite format 3\0..."), ("q.dixit", b"match (a) return a")]);
        assert_eq!(only_one_in(here.path()).unwrap(), here.path().join("a.dixit"));
    }

    #[test]
    fn none_and_several_are_told_apart() {
        let message = |folder: &tempfile::TempDir| match only_one_in(folder.path()) {
            Err(Failure::Machine(message)) => format!("{message:?}"),
            other => panic!("{other:?}"),
        };
        assert!(message(&folder(&[])).contains("dixit demo"));
        let two = folder(&[("a.dixit", MAGIC), ("b.dixit", MAGIC)]);
        assert!(message(&two).contains("a.dixit, b.dixit"));
    }
}
