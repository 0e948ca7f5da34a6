//! Where an export goes: one file, or a folder that appears when all its files are there. A folder that is in the way is
//! replaced only where it is empty, or holds just what an export wrote and nobody changed since.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::Error;

/// The file that tells a folder of ours: below one line of words, each file with its SHA-256 in front, as `sha256sum`
/// writes them.
pub const MARKER: &str = ".dixit-export";
/// The first line of the marker.
const WORDS: &str =
    "# Written by dixit export. It replaces this folder only while these files are as they were.";
/// How many folders may lie in each other where a folder is looked through.
const DEEPEST: usize = 16;

/// Where an export goes.
#[derive(Debug)]
pub struct Out<'o>(To<'o>);

enum To<'o> {
    One(&'o mut dyn Write),
    Folder(&'o mut Folder),
}

impl std::fmt::Debug for To<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::One(_) => "One",
            Self::Folder(_) => "Folder",
        })
    }
}

impl<'o> Out<'o> {
    /// One file, or standard output.
    pub fn one(writer: &'o mut dyn Write) -> Self {
        Self(To::One(writer))
    }

    /// A folder.
    pub fn folder(folder: &'o mut Folder) -> Self {
        Self(To::Folder(folder))
    }

    /// The one file. Wherever it goes, what is written into it is buffered.
    pub fn file(&mut self) -> Result<&mut dyn Write, Error> {
        match &mut self.0 {
            To::One(writer) => Ok(*writer),
            To::Folder(_) => Err(Error::Write(io::Error::other("this is a folder"))),
        }
    }

    /// Writes a file of the folder, whose name may have folders in front of it, with `/` between them. A name is taken
    /// once, and none leads out of the folder.
    pub fn named<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match &mut self.0 {
            To::Folder(folder) => folder.file(name, write),
            To::One(_) => Err(Error::Write(io::Error::other("this is one file"))),
        }
    }
}

/// A folder in the making.
#[derive(Debug)]
pub struct Folder {
    draft: TempDir,
    marker: BufWriter<File>,
    path: PathBuf,
    /// As it was named.
    shown: PathBuf,
}

impl Folder {
    /// Begins a folder. Refuses at once what is in the way and not ours.
    pub fn begin(path: &Path) -> Result<Self, Error> {
        let shown = path.to_owned();
        // A link is followed, so that it stays one.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        replaceable(&path, &shown)?;
        let failed = |error| Error::File(shown.clone(), error);
        let around = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let draft = draft_in(around.unwrap_or(Path::new("."))).map_err(failed)?;
        let marker = File::create_new(draft.path().join(MARKER)).map_err(failed)?;
        let mut marker = BufWriter::new(marker);
        writeln!(marker, "{WORDS}").map_err(failed)?;
        Ok(Self { draft, marker, path, shown })
    }

    fn file<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let shown = self.shown.join(name);
        let failed = |error| Error::File(shown.clone(), error);
        if !fits(name) {
            return Err(failed(io::ErrorKind::InvalidFilename.into()));
        }
        let place = self.draft.path().join(name);
        if let Some(around) = place.parent() {
            fs::create_dir_all(around).map_err(failed)?;
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&place).map_err(failed)?;
        let mut hashed = Hashed { inner: file, sum: Sha256::new() };
        let mut buffered = BufWriter::with_capacity(64 << 10, &mut hashed);
        let written = write(&mut buffered).map_err(|error| match error {
            Error::Write(error) => failed(error),
            other => other,
        })?;
        buffered.flush().map_err(failed)?;
        drop(buffered);
        let sum = hex(&hashed.sum.finalize());
        writeln!(self.marker, "{sum}  {name}").map_err(failed)?;
        Ok(written)
    }

    /// Puts the folder in its place.
    pub fn finish(self) -> Result<(), Error> {
        let Self { draft, mut marker, path, shown } = self;
        let failed = |error| Error::File(shown.clone(), error);
        marker.flush().map_err(failed)?;
        marker.get_ref().sync_all().map_err(failed)?;
        drop(marker);
        replaceable(&path, &shown)?;
        if !path.exists() {
            return settle(draft, &path).map_err(failed);
        }
        let around = path.parent().unwrap_or(Path::new("."));
        let aside = draft_in(around).map_err(failed)?;
        let old = aside.path().join("old");
        fs::rename(&path, &old).map_err(failed)?;
        settle(draft, &path).map_err(|error| {
            fs::rename(&old, &path).unwrap_or_default();
            failed(error)
        })
    }
}

/// Gives a draft its name.
fn settle(draft: TempDir, path: &Path) -> io::Result<()> {
    fs::rename(draft.path(), path)?;
    drop(draft.keep());
    Ok(())
}

/// A folder in that folder, with the rights a new one has there.
fn draft_in(folder: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dixit-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(folder)
}

/// Whether a name leads to a place in the folder, and not to the marker.
fn fits(name: &str) -> bool {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    !name.is_empty()
        && name != MARKER
        && !name.contains(|c: char| c.is_control() || c == '\\')
        && Path::new(name).components().all(plain)
}

/// Whether what is at a path may go: nothing, an empty folder, or what an export left there.
fn replaceable(path: &Path, shown: &Path) -> Result<(), Error> {
    let taken = |why: String, next: &str| Err(Error::Taken(shown.into(), why, next.to_owned()));
    if !path.exists() {
        return Ok(());
    }
    if !path.is_dir() {
        return taken("is there and is no folder".to_owned(), OTHER);
    }
    let failed = |error| Error::File(shown.into(), error);
    let mut found = Vec::new();
    if !files(path, Path::new(""), 0, &mut found).map_err(failed)? {
        return taken("holds folders in folders without end".to_owned(), OTHER);
    }
    if found.is_empty() {
        return Ok(());
    }
    let Some(written) = marked(path).map_err(failed)? else {
        return taken("is there and was not written by `dixit export`".to_owned(), OTHER);
    };
    for name in found.iter().filter(|name| *name != MARKER) {
        let Some(sum) = written.get(name) else {
            return taken(format!("holds {name}, which dixit has not written there"), ASIDE);
        };
        if sum_of(&path.join(name)).map_err(failed)? != *sum {
            return taken(format!("holds {name}, which was changed since"), ASIDE);
        }
    }
    Ok(())
}

const OTHER: &str = "name another folder";
const ASIDE: &str = "name another folder, or move that file away";

/// All files below a folder, by their names with `/`; false where they lie too deep. A link is a file like any other.
fn files(root: &Path, inner: &Path, depth: usize, found: &mut Vec<String>) -> io::Result<bool> {
    if depth > DEEPEST {
        return Ok(false);
    }
    for entry in fs::read_dir(root.join(inner))? {
        let entry = entry?;
        let name = inner.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !files(root, &name, depth + 1, found)? {
                return Ok(false);
            }
        } else {
            let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
            found.push(parts.join("/"));
        }
    }
    Ok(true)
}

/// What the marker of a folder says: files with their sums. Nothing where there is no marker of ours.
fn marked(path: &Path) -> io::Result<Option<BTreeMap<String, String>>> {
    let place = path.join(MARKER);
    if !place.is_file() {
        return Ok(None);
    }
    let mut lines = BufReader::new(File::open(place)?).lines();
    match lines.next() {
        Some(Ok(first)) if first == WORDS => {}
        Some(Ok(_)) | None => return Ok(None),
        Some(Err(error)) => return Err(error),
    }
    let mut written = BTreeMap::new();
    for line in lines {
        let line = line?;
        if let Some((sum, name)) = line.split_once("  ") {
            written.insert(name.to_owned(), sum.to_owned());
        }
    }
    Ok(Some(written))
}

fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&sum.finalize())),
            read => sum.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sums up what passes.
struct Hashed {
    inner: File,
    sum: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &Path, files: &[(&str, &str)]) -> Result<(), Error> {
        let mut folder = Folder::begin(path)?;
        let mut out = Out::folder(&mut folder);
        for (name, text) in files {
            out.named(name, |w| Ok(w.write_all(text.as_bytes())?))?;
        }
        folder.finish()
    }

    fn all_in(path: &Path) -> Vec<String> {
        let mut found = Vec::new();
        files(path, Path::new(""), 0, &mut found).unwrap();
        found.sort();
        found
    }

    #[test]
    fn a_folder_appears_when_it_is_complete_and_replaces_what_was_written_before() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("out");
        {
            let mut folder = Folder::begin(&path).unwrap();
            Out::folder(&mut folder).named("a.csv", |w| Ok(w.write_all(b"a")?)).unwrap();
            assert!(!path.exists());
        }
        assert_eq!(all_in(around.path()), Vec::<String>::new());
        written(&path, &[("a.csv", "a"), ("deep/b.md", "b")]).unwrap();
        assert_eq!(all_in(&path), [MARKER, "a.csv", "deep/b.md"]);
        written(&path, &[("c.csv", "c")]).unwrap();
        assert_eq!(all_in(&path), [MARKER, "c.csv"]);
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_ours_is_never_replaced() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("out");
        let refused = || match written(&path, &[("a.csv", "new")]) {
            Err(Error::Taken(_, why, _)) => why,
            other => panic!("{other:?}"),
        };
        fs::create_dir(&path).unwrap();
        written(&path, &[("a.csv", "old")]).unwrap();
        fs::write(path.join("mine.txt"), "mine").unwrap();
        assert_eq!(refused(), "holds mine.txt, which dixit has not written there");
        fs::remove_file(path.join("mine.txt")).unwrap();
        fs::write(path.join("a.csv"), "mended by hand").unwrap();
        assert_eq!(refused(), "holds a.csv, which was changed since");
        fs::remove_file(path.join(MARKER)).unwrap();
        assert_eq!(refused(), "is there and was not written by `dixit export`");
        assert_eq!(fs::read_to_string(path.join("a.csv")).unwrap(), "mended by hand");
        fs::remove_dir_all(&path).unwrap();
        fs::write(&path, "a file").unwrap();
        assert_eq!(refused(), "is there and is no folder");
    }

    #[test]
    fn no_name_leads_out_of_the_folder_and_none_is_taken_twice() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("out");
        for name in ["", "..", "../x", "/x", "a/../b", "a\\b", "a\nb", MARKER] {
            assert!(matches!(written(&path, &[(name, "x")]), Err(Error::File(..))), "{name:?}");
        }
        assert!(matches!(written(&path, &[("a", "1"), ("a", "2")]), Err(Error::File(..))));
        assert!(!path.exists());
    }
}
