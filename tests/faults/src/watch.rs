//! What the shim asks and tells, a thread at a time: which call fails, and what was done to which file.

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rusqlite::ffi;
use std::{cell::RefCell, fmt, fs, os::unix::fs::MetadataExt as _};

/// What is done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A file is opened, and made where it is not there.
    Open,
    /// A file is deleted.
    Delete,
    /// It is asked whether a file is there.
    Access,
    /// Bytes are read.
    Read,
    /// Bytes are written.
    Write,
    /// A file is cut.
    Truncate,
    /// What was written is brought to the disk.
    Sync,
    /// The size is asked.
    Size,
    /// A lock is taken or looked at.
    Lock,
    /// A lock is given back.
    Unlock,
    /// Memory is shared between processes.
    ShareMap,
    /// A lock on such memory is taken.
    ShareLock,
    /// A file is closed.
    Close,
    /// What cannot fail in a way that matters.
    Other,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The store.
    Store,
    /// Its rollback journal.
    Journal,
    /// Its write-ahead log.
    Wal,
    /// A file that goes with the process.
    Temporary,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk fails at any call.
    Broken,
    /// The disk is full: only what needs room fails.
    Full,
    /// Nothing fails, but the process is killed before a call that leaves something behind.
    Killed,
}

/// Which call fails.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How.
    pub fault: Fault,
    /// The how-manieth of those that can, from 0.
    pub at: usize,
    /// Whether all behind it fail as well.
    pub sticky: bool,
}

/// What was done.
#[derive(Debug, Clone)]
pub enum Op {
    /// A file was opened, and perhaps made; with the number that the system knows it by.
    Open(String, Role, u64),
    /// Bytes were written at a place.
    Write(String, usize, Vec<u8>),
    /// A file was cut or made longer.
    Truncate(String, usize),
    /// A file was brought to the disk.
    Sync(String),
    /// A file was deleted; and whether the folder was brought to the disk.
    Delete(String, bool),
    /// A change was acknowledged.
    Acknowledged,
}

impl Op {
    /// Whether it is about a store or what belongs to it.
    pub fn is_about(&self, store: &std::path::Path) -> bool {
        let (Self::Open(path, ..)
        | Self::Write(path, ..)
        | Self::Truncate(path, _)
        | Self::Sync(path)
        | Self::Delete(path, _)) = self
        else {
            return true;
        };
        path.starts_with(&store.display().to_string())
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(path, ..) => write!(f, "open {path}"),
            Self::Write(path, at, bytes) => write!(f, "write {} at {at} of {path}", bytes.len()),
            Self::Truncate(path, size) => write!(f, "cut {path} to {size}"),
            Self::Sync(path) => write!(f, "sync {path}"),
            Self::Delete(path, _) => write!(f, "delete {path}"),
            Self::Acknowledged => f.write_str("acknowledge"),
        }
    }
}

#[derive(Default)]
struct State {
    /// Path and role of each open file, by its number.
    files: Vec<(String, Role)>,
    plan: Option<Plan>,
    /// How many calls that could fail there were.
    calls: usize,
    failed: usize,
    record: Option<Vec<Op>>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Counts calls from now on, and lets those fail that the plan says.
pub fn start(plan: Option<Plan>) {
    STATE.with_borrow_mut(|state| (state.plan, state.calls, state.failed) = (plan, 0, 0));
}

/// Lets nothing fail any more; gives how many calls there were that could, and how many failed.
pub fn stop() -> (usize, usize) {
    STATE.with_borrow_mut(|state| {
        state.plan = None;
        (state.calls, std::mem::take(&mut state.failed))
    })
}

/// Whether calls are failing.
pub fn is_failing() -> bool {
    STATE.with_borrow(|state| state.failed > 0)
}

/// Records from now on.
pub fn record() {
    STATE.with_borrow_mut(|state| state.record = Some(Vec::new()));
}

/// Notes that a change was acknowledged.
pub fn acknowledge() {
    note(|| Op::Acknowledged);
}

/// Ends the recording.
pub fn recorded() -> Vec<Op> {
    STATE.with_borrow_mut(|state| state.record.take().unwrap_or_default())
}

fn note(op: impl FnOnce() -> Op) {
    STATE.with_borrow_mut(|state| {
        if let Some(record) = &mut state.record {
            record.push(op());
        }
    });
}

/// The path of a file that outlives the process.
fn lasting(number: u32) -> Option<String> {
    STATE.with_borrow(|state| {
        let (path, role) = state.files.get(usize::try_from(number).ok()?)?;
        (*role != Role::Temporary && state.record.is_some()).then(|| path.clone())
    })
}

/// The code with which a call on a file fails, if it does.
pub fn before(_file: u32, call: Call) -> Option<i32> {
    fails(call)
}

/// The same of a call on a name.
pub fn before_name(_path: &str, call: Call) -> Option<i32> {
    fails(call)
}

fn fails(call: Call) -> Option<i32> {
    STATE.with_borrow_mut(|state| {
        let fault = state.plan.map_or(Fault::Broken, |plan| plan.fault);
        let code = code(call, fault)?;
        let number = state.calls;
        state.calls += 1;
        let plan = state.plan?;
        let hit = if plan.sticky { number >= plan.at } else { number == plan.at };
        state.failed += usize::from(hit);
        if hit && fault == Fault::Killed {
            // As by another process, at once and without a word.
            kill(Pid::this(), Signal::SIGKILL).unwrap_or_default();
        }
        hit.then_some(code)
    })
}

/// What a failing call says; nothing where it cannot fail.
fn code(call: Call, fault: Fault) -> Option<i32> {
    let code = match (call, fault) {
        (Call::Close | Call::Unlock | Call::Other, _) => return None,
        (Call::Write | Call::ShareMap, Fault::Full) => ffi::SQLITE_FULL,
        (_, Fault::Full) => return None,
        (Call::Open | Call::Delete | Call::Write | Call::Truncate | Call::Sync, Fault::Killed) => {
            ffi::SQLITE_IOERR
        }
        (_, Fault::Killed) => return None,
        (Call::Open, Fault::Broken) => ffi::SQLITE_CANTOPEN,
        (Call::Delete, Fault::Broken) => ffi::SQLITE_IOERR_DELETE,
        (Call::Access, Fault::Broken) => ffi::SQLITE_IOERR_ACCESS,
        (Call::Read, Fault::Broken) => ffi::SQLITE_IOERR_READ,
        (Call::Write, Fault::Broken) => ffi::SQLITE_IOERR_WRITE,
        (Call::Truncate, Fault::Broken) => ffi::SQLITE_IOERR_TRUNCATE,
        (Call::Sync, Fault::Broken) => ffi::SQLITE_IOERR_FSYNC,
        (Call::Size, Fault::Broken) => ffi::SQLITE_IOERR_FSTAT,
        (Call::Lock, Fault::Broken) => ffi::SQLITE_IOERR_LOCK,
        (Call::ShareMap, Fault::Broken) => ffi::SQLITE_IOERR_SHMMAP,
        (Call::ShareLock, Fault::Broken) => ffi::SQLITE_IOERR_SHMLOCK,
    };
    Some(code)
}

/// A file keeps this number when it gets another name.
fn system_number(path: &str) -> u64 {
    fs::metadata(path).map_or(0, |meta| meta.ino())
}

/// A file was opened; gives its number.
pub fn opened(path: &str, role: Role) -> u32 {
    if role != Role::Temporary {
        note(|| Op::Open(path.to_owned(), role, system_number(path)));
    }
    STATE.with_borrow_mut(|state| {
        let known =
            state.files.iter().position(|(known, as_role)| known == path && *as_role == role);
        let place = known.unwrap_or_else(|| {
            state.files.push((path.to_owned(), role));
            state.files.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    })
}

/// A file was deleted.
pub fn deleted(path: &str, synced: bool) {
    note(|| Op::Delete(path.to_owned(), synced));
}

/// Bytes were written.
pub fn written(file: u32, at: i64, bytes: &[u8]) {
    if let Some(path) = lasting(file) {
        note(|| Op::Write(path, usize::try_from(at).unwrap_or(0), bytes.to_vec()));
    }
}

/// A file was cut.
pub fn truncated(file: u32, size: i64) {
    if let Some(path) = lasting(file) {
        note(|| Op::Truncate(path, usize::try_from(size).unwrap_or(0)));
    }
}

/// A file was brought to the disk.
pub fn synced(file: u32) {
    if let Some(path) = lasting(file) {
        note(|| Op::Sync(path));
    }
}
