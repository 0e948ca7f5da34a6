//! What a disk may hold after the power went: everything that was brought to it, and any part of the rest.

use crate::{
    random::Random,
    watch::{Op, Role},
};
use std::{collections::BTreeMap, fs, io, path::Path};

/// A file as the disk knows it.
#[derive(Debug, Clone, Default)]
struct Inode {
    /// What is surely there.
    lasting: Vec<u8>,
    /// What may be there.
    pending: Vec<Pending>,
    /// Its folder is brought to the disk together with it at first.
    fresh: bool,
    /// What the system knows it by.
    system_number: u64,
}

#[derive(Debug, Clone)]
enum Pending {
    Write(usize, Vec<u8>),
    Size(usize),
}

/// What happened in the folder and may not have reached the disk.
#[derive(Debug, Clone)]
enum Entry {
    Made(String, usize),
    Gone(String),
}

/// A disk while operations are done on it.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    inodes: Vec<Inode>,
    /// Names as programs see them, and as they surely are on the disk.
    names: BTreeMap<String, usize>,
    lasting: BTreeMap<String, usize>,
    entries: Vec<Entry>,
    /// How many changes were acknowledged.
    pub acknowledged: usize,
}

/// Files and what they hold.
pub type Image = BTreeMap<String, Vec<u8>>;

/// How much of what may be lost is lost.
#[derive(Debug, Clone, Copy)]
enum Luck {
    /// All of it.
    None,
    /// Nothing.
    All,
    /// Everything up to some operation is there, and that one is torn.
    Prefix,
    /// Any part.
    Any,
}

impl Disk {
    /// A disk with one file.
    pub fn with(name: &str, bytes: Vec<u8>) -> Self {
        let names = BTreeMap::from([(name.to_owned(), 0)]);
        let inode = Inode { lasting: bytes, ..Inode::default() };
        Self { inodes: vec![inode], lasting: names.clone(), names, ..Self::default() }
    }

    /// Does an operation.
    pub fn apply(&mut self, op: &Op) {
        match op {
            Op::Open(path, role, number) => self.open(path, *role, *number),
            Op::Write(path, at, bytes) => self.pend(path, Pending::Write(*at, bytes.clone())),
            Op::Truncate(path, size) => self.pend(path, Pending::Size(*size)),
            Op::Sync(path) => self.sync(path),
            Op::Delete(path, synced) => {
                self.names.remove(path);
                self.entries.push(Entry::Gone(path.clone()));
                if *synced {
                    self.sync_folder();
                }
            }
            Op::Acknowledged => self.acknowledged += 1,
        }
    }

    /// A file that is known under another name got this one; those who rename files bring the folder to the disk, which
    /// no file system of `SQLite` sees.
    fn open(&mut self, path: &str, role: Role, system_number: u64) {
        if self.names.contains_key(path) {
            return;
        }
        let known = |inode: &Inode| role == Role::Store && inode.system_number == system_number;
        if let Some(number) = self.inodes.iter().position(known) {
            self.names.retain(|_, known| *known != number);
            self.names.insert(path.to_owned(), number);
            self.sync_folder();
        } else {
            let number = self.inodes.len();
            // `SQLite` brings the folder to the disk with the first sync of a journal that it made.
            self.inodes.push(Inode {
                fresh: role != Role::Store,
                system_number,
                ..Inode::default()
            });
            self.names.insert(path.to_owned(), number);
            self.entries.push(Entry::Made(path.to_owned(), number));
        }
    }

    fn inode(&mut self, path: &str) -> Option<&mut Inode> {
        self.inodes.get_mut(*self.names.get(path)?)
    }

    fn pend(&mut self, path: &str, pending: Pending) {
        if let Some(inode) = self.inode(path) {
            inode.pending.push(pending);
        }
    }

    fn sync(&mut self, path: &str) {
        let Some(inode) = self.inode(path) else { return };
        for pending in std::mem::take(&mut inode.pending) {
            pending.apply(&mut inode.lasting);
        }
        if std::mem::take(&mut inode.fresh) {
            self.sync_folder();
        }
    }

    fn sync_folder(&mut self) {
        self.entries.clear();
        self.lasting = self.names.clone();
    }

    /// How many operations may be lost.
    pub fn at_risk(&self) -> usize {
        self.entries.len() + self.inodes.iter().map(|inode| inode.pending.len()).sum::<usize>()
    }

    /// One of the images that may be found after the power went now.
    pub fn image(&self, random: &mut Random) -> Image {
        let luck = match random.below(10) {
            0 => Luck::None,
            1 => Luck::All,
            2..=4 => Luck::Prefix,
            _ => Luck::Any,
        };
        let sector = if random.percent(50) { 512 } else { 4096 };
        let mut names = self.lasting.clone();
        let kept = random.below(self.entries.len() + 1);
        for (number, entry) in self.entries.iter().enumerate() {
            let stays = match luck {
                Luck::None => false,
                Luck::All => true,
                Luck::Prefix => number < kept,
                Luck::Any => random.percent(50),
            };
            match entry {
                Entry::Made(name, inode) if stays => drop(names.insert(name.clone(), *inode)),
                Entry::Gone(name) if stays => drop(names.remove(name)),
                Entry::Made(..) | Entry::Gone(_) => {}
            }
        }
        let mut image = Image::new();
        for (name, number) in names {
            let Some(inode) = self.inodes.get(number) else { continue };
            image.insert(name, inode.found(luck, sector, random));
        }
        image
    }
}

impl Inode {
    /// The bytes that may be found.
    fn found(&self, luck: Luck, sector: usize, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.lasting.clone();
        let kept = random.below(self.pending.len() + 1);
        let each = [20, 50, 80, 95][random.below(4)];
        for (number, pending) in self.pending.iter().enumerate() {
            match luck {
                Luck::None => {}
                Luck::All => pending.apply(&mut bytes),
                Luck::Prefix if number < kept => pending.apply(&mut bytes),
                Luck::Prefix if number == kept => pending.tear(&mut bytes, sector, random),
                Luck::Prefix => {}
                Luck::Any if random.percent(each) => pending.apply(&mut bytes),
                Luck::Any if random.percent(40) => pending.tear(&mut bytes, sector, random),
                Luck::Any => {}
            }
        }
        bytes
    }
}

impl Pending {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, new) => put(bytes, *at, new),
            Self::Size(size) => bytes.resize(*size, 0),
        }
    }

    /// Some sectors of a write are there: those up to one, or any.
    fn tear(&self, bytes: &mut Vec<u8>, sector: usize, random: &mut Random) {
        let Self::Write(at, new) = self else { return };
        let whole = random.percent(50);
        let kept = random.below(new.len() / sector + 1);
        let mut from = 0;
        // A sector ends where the disk has its bounds, not where the write begins.
        let mut number = 0;
        while from < new.len() {
            let to = ((at + from) / sector + 1) * sector - at;
            let to = to.min(new.len());
            if if whole { number < kept } else { random.percent(50) } {
                put(bytes, at + from, &new[from..to]);
            }
            (from, number) = (to, number + 1);
        }
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    if bytes.len() < at + new.len() {
        bytes.resize(at + new.len(), 0);
    }
    bytes[at..at + new.len()].copy_from_slice(new);
}

/// Writes an image into a folder that holds nothing else then; the names of the image are whole paths.
pub fn lay_out(image: &Image, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::remove_file(entry?.path())?;
    }
    for (name, bytes) in image {
        let name = Path::new(name).file_name().unwrap_or_default();
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
