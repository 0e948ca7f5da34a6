//! A folder beside a file that is being made, for it and all that belongs to it. Whoever makes it holds a lock in there while
//! alive, so that what a killed process left behind is told from what is under way, and goes when the same name is made again.

use std::{
    fs::{self, File},
    io,
    path::Path,
};
use tempfile::{NamedTempFile, TempDir};

/// What the folders of one file are called: a point, the file's name, some letters and this.
const ENDING: &str = ".part";
/// In each folder; locked while it is in use.
const LOCK: &str = "lock";
/// So much of a file's name stands in the name of its folder, for which there must be room.
const LETTERS: usize = 40;
/// Others may be about to remove a folder that was only just made.
const TRIES: usize = 16;

/// A folder that goes when it is dropped.
#[derive(Debug)]
pub(super) struct Aside {
    /// Declared first, since some systems remove no file that is open.
    lock: File,
    folder: TempDir,
}

impl Aside {
    /// Makes one beside a path, and removes those that nobody uses any more.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self::named(folder_of(path), &name)
    }

    /// The same in a folder, for a file whose name begins so.
    pub(super) fn named(folder: &Path, name: &str) -> io::Result<Self> {
        let prefix = format!(".{}.", name.chars().take(LETTERS).collect::<String>());
        tidy(folder, &prefix);
        for _ in 0..TRIES {
            let made =
                tempfile::Builder::new().prefix(&prefix).suffix(ENDING).tempdir_in(folder)?;
            if let Some(lock) = locked(made.path())? {
                return Ok(Self { lock, folder: made });
            }
        }
        Err(io::ErrorKind::ResourceBusy.into())
    }

    /// An empty file in it, with the permissions of any new file.
    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        builder.tempfile_in(self.folder.path())
    }

    /// Removes it.
    pub(super) fn close(self) {
        let Self { lock, folder } = self;
        drop(lock);
        // What stays is removed when the same name is made again.
        folder.close().unwrap_or_default();
    }
}

/// The lock of a new folder; nothing where somebody else took the folder for one that was left behind.
fn locked(folder: &Path) -> io::Result<Option<File>> {
    let path = folder.join(LOCK);
    let lock = match File::create_new(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    match lock.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        // Where files cannot be locked, nobody can take this one for left behind either.
        Err(fs::TryLockError::Error(_)) => Ok(Some(lock)),
        Ok(()) => Ok(path.exists().then_some(lock)),
    }
}

/// Removes folders that nobody uses any more. What cannot be removed, or not be known as such, stays.
fn tidy(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| {
            name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(ENDING)).is_some()
        });
        if ours && entry.file_type().is_ok_and(|sort| sort.is_dir()) {
            remove(&entry.path()).unwrap_or_default();
        }
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match File::options().write(true).open(folder.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_ok() => fs::remove_dir_all(folder),
        Ok(_) => Ok(()),
        // Its maker died before it had a lock, or is about to make one; then it makes another folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::remove_dir(folder),
        Err(error) => Err(error),
    }
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string();
        fs::read_dir(folder).unwrap().map(|entry| name(entry).unwrap()).collect()
    }

    #[test]
    fn what_nobody_uses_goes_and_what_is_in_use_stays() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("a.dixit");
        let under_way = Aside::of(&path).unwrap();
        let killed = Aside::of(&path).unwrap();
        let left = killed.folder.keep();
        fs::write(left.join("store-wal"), "much").unwrap();
        drop(killed.lock);
        let next = Aside::of(&path).unwrap();
        assert!(!left.exists());
        assert!(under_way.folder.path().exists());
        assert_eq!(names(folder.path()).len(), 2);
        next.close();
        drop(under_way);
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }

    #[test]
    fn what_only_looks_like_it_stays() {
        let folder = TempDir::new().unwrap();
        for file in [".a.dixit.notes.part/notes", ".b.dixit.x.part/lock", ".a.dixit.x.parts/lock"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "mine").unwrap();
        }
        fs::write(folder.path().join(".a.dixit.file.part"), "mine").unwrap();
        let before = names(folder.path()).len();
        Aside::of(&folder.path().join("a.dixit")).unwrap().close();
        assert_eq!(names(folder.path()).len(), before);
    }

    #[test]
    fn any_name_that_a_file_may_have_will_do() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("ä".repeat(127));
        let aside = Aside::of(&path).unwrap();
        aside.file().unwrap().persist_noclobber(&path).unwrap();
        aside.close();
        assert_eq!(names(folder.path()), ["ä".repeat(127)]);
    }

    #[test]
    fn many_at_once_do_not_remove_one_another() {
        let folder = TempDir::new().unwrap();
        let path = &folder.path().join("a.dixit");
        let again = || {
            for _ in 0..100 {
                let aside = Aside::of(path).unwrap();
                let file = aside.file().unwrap();
                assert!(file.path().exists());
                drop(file);
                aside.close();
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(again))));
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}
