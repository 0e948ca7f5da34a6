//! What a change that was broken off left beside a store: a journal or a log, which the database puts into the store without
//! a question. One that came from another file, as by copying stores over one another, would destroy it; so before the
//! database sees it, what it tells of the first page has to fit the store. The forms are those of the file format of the database,
//! version 3, sections 3 and 4. What cannot be told apart passes.

use super::error::Error;
use super::header;
use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

/// So much of a journal or a log is looked at; and all of it before it is refused, as what was put into the store from it
/// already may come from its end.
const ENOUGH: [u64; 2] = [4 << 20, u64::MAX];
/// Bytes of the header of a log.
const LOG_HEADER: usize = 32;
/// Bytes before each page in a log.
const FRAME_HEADER: usize = 24;
const MAX_PAGE: u32 = 65_536;

/// What the header of a store tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    page_size: usize,
    /// How often it was changed.
    changes: u32,
    pages: u32,
    /// Whether it is a store of ours.
    ours: bool,
}

impl Head {
    fn of(page: &[u8]) -> Option<Self> {
        let page_size = match page.get(16..18)? {
            [0, 1] => 65_536,
            [high, low] => usize::from(*high) << 8 | usize::from(*low),
            _ => return None,
        };
        Some(Self {
            page_size,
            changes: number(page, 24)?,
            pages: number(page, 28)?,
            ours: i64::from(number(page, 68)?) == header::APPLICATION_ID,
        })
    }
}

/// Refuses what is beside a store and is not its own.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    for (ending, fits) in [("-journal", journal_fits as Fits), ("-wal", log_fits)] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let name = PathBuf::from(name);
        let Ok(meta) = fs::symlink_metadata(&name) else { continue };
        if meta.is_dir() {
            return Err(Error::Beside(path.into(), name));
        }
        if !meta.is_file() || meta.len() == 0 {
            continue;
        }
        if ENOUGH.into_iter().all(|most| is_foreign(path, &name, most, fits)) {
            return Err(Error::Beside(path.into(), name));
        }
    }
    Ok(())
}

type Fits = fn(&mut dyn Read, Head) -> bool;

/// Whether the start of a journal or a log shows that it is not that of the store.
fn is_foreign(path: &Path, name: &Path, most: u64, fits: Fits) -> bool {
    let (Some(store), Some(header), Ok(file)) =
        (head(path), start(name, LOG_HEADER), File::open(name))
    else {
        return false;
    };
    // Another process may be writing: what was read of both belongs together only where both stayed the same. One that
    // starts its log afresh writes the header of the log before anything else.
    !fits(&mut BufReader::new(file.take(most)), store)
        && head(path) == Some(store)
        && start(name, LOG_HEADER) == Some(header)
}

fn head(path: &Path) -> Option<Head> {
    Head::of(&start(path, 100)?)
}

/// The first bytes of a file, as many as there are of so many.
fn start(path: &Path, most: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most as u64).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

const JOURNAL: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Whether a rollback journal may be that of a store. One that the database would not use fits always.
fn journal_fits(file: &mut dyn Read, store: Head) -> bool {
    let mut bytes = Vec::new();
    if file.take(ENOUGH[0]).read_to_end(&mut bytes).is_err() {
        return true;
    }
    let bytes = bytes.as_slice();
    let (Some(pages), Some(page_size)) = (number(bytes, 16), number(bytes, 24)) else {
        return true;
    };
    if !bytes.starts_with(&JOURNAL) {
        return true;
    }
    if usize::try_from(page_size) != Ok(store.page_size) {
        return false;
    }
    match first_page(bytes, store.page_size) {
        // The first page as it was before the change, which counted the changes on.
        Some(was) => {
            let counted = [was.changes, was.changes.wrapping_add(1)].contains(&store.changes);
            was.ours && counted && was.pages == pages
        }
        // The change did not reach the first page, so the store is as large as it was.
        None => store.pages == pages,
    }
}

/// The first page in a journal, where it is among the first parts.
fn first_page(bytes: &[u8], page_size: usize) -> Option<Head> {
    let mut at = 0;
    while bytes.get(at..)?.starts_with(&JOURNAL) {
        let sector = usize::try_from(number(bytes, at + 20)?).ok()?.max(512);
        let mut left = number(bytes, at + 8)?;
        at += sector;
        while left > 0 {
            if number(bytes, at)? == 1 {
                return Head::of(bytes.get(at + 4..at + 4 + page_size)?);
            }
            at += page_size + 8;
            left -= 1;
        }
        at = at.next_multiple_of(sector);
    }
    None
}

/// Whether a write-ahead log may be that of a store. One that the database would not use fits always.
fn log_fits(file: &mut dyn Read, store: Head) -> bool {
    let mut header = [0; LOG_HEADER];
    if file.read_exact(&mut header).is_err() {
        return true;
    }
    let (Some(magic), Some(page_size @ 1..=MAX_PAGE)) = (number(&header, 0), number(&header, 8))
    else {
        return true;
    };
    let Some(mut sum) = Sum::start(magic, &header) else { return true };
    let size = page_size as usize;
    let (mut commits, mut pages, mut first) = (0_u32, None, None);
    let mut frame = vec![0; FRAME_HEADER + size];
    while file.read_exact(&mut frame).is_ok() {
        let (head, page) = frame.split_at(FRAME_HEADER);
        if head.get(8..16) != header.get(16..24) || !sum.goes_on(head, page) {
            break;
        }
        if let Some(after @ 1..) = number(head, 4) {
            (commits, pages) = (commits + 1, Some(after));
        }
        if number(head, 0) == Some(1) {
            first = Head::of(page);
        }
    }
    match (first, pages) {
        // Nothing in it that the database would take.
        (None, None) => true,
        _ if size != store.page_size => false,
        (None, Some(pages)) => pages == store.pages,
        (Some(first), _) => {
            first.ours && (0..=commits + 1).contains(&first.changes.wrapping_sub(store.changes))
        }
    }
}

/// The running checksum of a log.
struct Sum {
    big: bool,
    parts: [u32; 2],
}

impl Sum {
    fn start(magic: u32, bytes: &[u8]) -> Option<Self> {
        let mut sum = Self { big: magic == 0x377f_0683, parts: [0, 0] };
        let known = sum.big || magic == 0x377f_0682;
        sum.add(bytes.get(..24)?);
        (known && sum.is(bytes.get(24..32)?)).then_some(sum)
    }

    /// Takes a frame in; whether its checksum is right.
    fn goes_on(&mut self, head: &[u8], page: &[u8]) -> bool {
        self.add(head.get(..8).unwrap_or_default());
        self.add(page);
        self.is(head.get(16..24).unwrap_or_default())
    }

    fn add(&mut self, bytes: &[u8]) {
        let word = |bytes: [u8; 4]| {
            if self.big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        let [mut one, mut two] = self.parts;
        for pair in bytes.chunks_exact(8) {
            let (Some(first), Some(last)) = (pair.first_chunk(), pair.last_chunk()) else { break };
            one = one.wrapping_add(word(*first)).wrapping_add(two);
            two = two.wrapping_add(word(*last)).wrapping_add(one);
        }
        self.parts = [one, two];
    }

    fn is(&self, told: &[u8]) -> bool {
        number(told, 0) == Some(self.parts[0]) && number(told, 4) == Some(self.parts[1])
    }
}

/// A big-endian number.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    /// A store with a log of more than is looked at, put into the store as far as a reader allows; `looks` at what is copied
    /// then.
    fn with_a_long_log(commits: u32, read_before: Option<u32>, look: impl Fn(&Path)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.dixit");
        drop(crate::store::create(&path).unwrap());
        let open = || Connection::open(&path).unwrap();
        // Where two take turns, each change counts on from the other's.
        let (writers, other) = ([open(), open()], open());
        for writer in &writers {
            writer
                .execute_batch("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0")
                .unwrap();
        }
        for at in 0..commits {
            if read_before == Some(at) {
                other.execute_batch("BEGIN").unwrap();
                other.query_row("SELECT count(*) FROM claim", [], |_| Ok(())).unwrap();
            }
            let insert = "INSERT INTO claim (key, text) VALUES (?1, ?1 || printf('%.9000c', 'x'))";
            writers[at as usize % 2].execute(insert, [format!("k{at}")]).unwrap();
        }
        writers[0].query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        let copy = folder.path().join("copy.dixit");
        for ending in ["", "-wal"] {
            let of = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
            fs::copy(of(&path), of(&copy)).unwrap();
        }
        assert!(fs::metadata(folder.path().join("copy.dixit-wal")).unwrap().len() > ENOUGH[0]);
        look(&copy);
    }

    #[test]
    fn a_long_log_that_is_in_the_store_already_is_its_own() {
        with_a_long_log(600, None, |copy| check(copy).unwrap());
    }

    #[test]
    fn a_long_log_that_is_in_the_store_in_part_is_its_own() {
        with_a_long_log(600, Some(500), |copy| {
            check(copy).unwrap();
            let kept = Connection::open(copy).unwrap();
            let count = "SELECT count(*) FROM claim";
            assert_eq!(kept.query_row(count, [], |row| row.get::<_, u32>(0)), Ok(600));
        });
    }

    #[test]
    fn a_long_log_of_another_store_is_refused() {
        with_a_long_log(600, None, |copy| {
            let mut bytes = fs::read(copy).unwrap();
            let changes = number(&bytes, 24).unwrap() + 1000;
            bytes[24..28].copy_from_slice(&changes.to_be_bytes());
            fs::write(copy, bytes).unwrap();
            assert!(matches!(check(copy), Err(Error::Beside(..))));
        });
    }
}
