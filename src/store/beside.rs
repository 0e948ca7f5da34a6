//! What a change that was broken off left beside a store: a journal or a log, which the database puts into the store without
//! a question. One that came from another file, as by copying stores over one another, would destroy it; so before the
//! database sees it, what it tells of the first page has to fit the store. The forms are those of the file format of the database,
//! version 3, sections 3 and 4. What cannot be told apart passes.

use super::error::Error;
use super::header;
use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

/// So much of a journal or a log is looked at.
const ENOUGH: u64 = 4 << 20;

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
        // Another process may be writing: what was read of both belongs together only where the store stayed the same.
        let (before, bytes, after) = (head(path), start(&name, ENOUGH), head(path));
        if let (Some(store), Some(bytes)) = (before.filter(|_| before == after), bytes)
            && !fits(&bytes, store)
        {
            return Err(Error::Beside(path.into(), name));
        }
    }
    Ok(())
}

type Fits = fn(&[u8], Head) -> bool;

fn head(path: &Path) -> Option<Head> {
    Head::of(&start(path, 100)?)
}

fn start(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

const JOURNAL: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Whether a rollback journal may be that of a store. One that the database would not use fits always.
fn journal_fits(bytes: &[u8], store: Head) -> bool {
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
fn log_fits(bytes: &[u8], store: Head) -> bool {
    let (Some(magic), Some(page_size)) = (number(bytes, 0), number(bytes, 8)) else { return true };
    let Some(mut sum) = Sum::start(magic, bytes) else { return true };
    let Ok(size) = usize::try_from(page_size) else { return true };
    let (mut commits, mut pages, mut first) = (0_u32, None, None);
    let mut frames = bytes.get(32..).unwrap_or_default().chunks_exact((size + 24).max(25));
    while let Some((head, page)) = frames.next().and_then(|frame| frame.split_at_checked(24)) {
        if head.get(8..16) != bytes.get(16..24) || !sum.goes_on(head, page) {
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
