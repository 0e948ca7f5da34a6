//! Where the history of a store is kept: a file of its own in the user's folder for state, which nobody else may read.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::base::clean;
use crate::base::fold::digest;
use crate::cli::failure::without_number;

/// The file for a store, ready to be used; where there can be none, why not.
pub(super) fn file_for(store: &Path) -> (Option<PathBuf>, Option<String>) {
    let Some(folder) = state_folder() else { return (None, None) };
    let path = folder.join(name(store));
    match prepare(&folder, &path) {
        Ok(()) => (Some(path), None),
        Err(error) => {
            let error = error.to_string();
            let error = without_number(&error);
            let told = format!("what you type is not kept: {}: {error}", path.display());
            (None, Some(told))
        }
    }
}

fn state_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(folder.join("dixit").join("history"))
}

/// Two stores of one name in different folders have different histories.
fn name(store: &Path) -> String {
    let whole = store.canonicalize().unwrap_or_else(|_| store.to_owned());
    let stem = whole.file_stem().unwrap_or_default().to_string_lossy();
    let plain: String =
        stem.chars().filter(|c| c.is_alphanumeric() || *c == '-').take(40).collect();
    format!("{plain}-{}", digest(&whole.to_string_lossy(), 12))
}

/// Makes the folder and the file, and takes out of it what a terminal would obey.
fn prepare(folder: &Path, path: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::other("it is no plain file"));
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    drop(file);
    let bytes = fs::read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let cleaned = clean::block(&text);
    if cleaned.as_bytes() != bytes {
        fs::write(path, cleaned.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_clean_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, path) = (folder.path().join("a/b"), folder.path().join("a/b/x"));
        prepare(&inner, &path).unwrap();
        fs::write(&path, b"match (a)\n\x1b[31m\xff\n").unwrap();
        prepare(&inner, &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "match (a)\n␛[31m\u{fffd}\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_left_as_it_is() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        assert!(prepare(folder.path(), &path).is_err());
        assert_ne!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn stores_of_one_name_have_histories_of_their_own() {
        let (one, other) = (name(Path::new("/a/geneva.dixit")), name(Path::new("/b/geneva.dixit")));
        assert!(one.starts_with("geneva-") && other.starts_with("geneva-") && one != other);
    }
}
