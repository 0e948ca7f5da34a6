//! A file system for `SQLite` that stands before the usual one and asks [`watch`] at every step: may this be done, and
//! what was done? It changes nothing else, so dixit runs on it as it is. The only file with unsafe code.
//!
//! What makes it sound: `SQLite` gives each file `szOsFile` bytes, aligned for pointers. The first of them are our
//! [`File`]; the usual file system's own file follows directly behind. Every function here gets a pointer that `open` has
//! filled, hands the second part on, and keeps no pointer longer than a call. All functions of the usual methods are
//! there: they come from `SQLite`'s own file system for this machine, whose version has shared memory.

#![expect(unsafe_code, reason = "a file system is a table of C functions")]

use crate::watch::{self, Call, Role};
use rusqlite::ffi;
use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr, slice,
    sync::OnceLock,
};

/// What `SQLite` sees of a file; the usual file system's part lies behind it.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// Which file of [`watch`] it is.
    number: u32,
}

/// Makes this the file system of everything the process opens from now on.
pub fn install() {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        // SAFETY: the default file system lives as long as the process, and so does our copy, which is leaked.
        unsafe {
            let usual = usual();
            let ours = Box::leak(Box::new(*usual));
            ours.zName = c"faults".as_ptr();
            ours.pNext = ptr::null_mut();
            ours.szOsFile += c_int::try_from(size_of::<File>()).unwrap_or(0);
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ours.xAccess = Some(access);
            ours.xSleep = Some(sleep);
            assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
        }
    });
}

/// The file system that was the default before ours.
fn usual() -> *mut ffi::sqlite3_vfs {
    struct Usual(*mut ffi::sqlite3_vfs);
    // SAFETY: the pointer is to a static table of `SQLite` that no thread writes.
    unsafe impl Send for Usual {}
    // SAFETY: as above.
    unsafe impl Sync for Usual {}
    static USUAL: OnceLock<Usual> = OnceLock::new();
    // SAFETY: finding the default is allowed at any time, and starts the library where needed.
    USUAL.get_or_init(|| unsafe { Usual(ffi::sqlite3_vfs_find(ptr::null())) }).0
}

/// A text of C; empty where there is none.
unsafe fn text(name: *const c_char) -> String {
    if name.is_null() {
        return String::new();
    }
    // SAFETY: `SQLite` ends names with a zero and keeps them during the call.
    unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
}

/// The usual file system's part of a file.
unsafe fn inner(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: `szOsFile` asks for both parts.
    unsafe { file.cast::<u8>().add(size_of::<File>()).cast() }
}

/// Which file of the watch it is.
unsafe fn number(file: *mut ffi::sqlite3_file) -> u32 {
    // SAFETY: `open` has filled our part.
    unsafe { (*file.cast::<File>()).number }
}

/// Calls a method of the usual file, unless the watch says that it fails.
macro_rules! pass {
    ($file:expr, $call:expr, $method:ident ( $($value:expr),* )) => {{
        // SAFETY: the file was opened by `open`, so both parts are filled and all methods there.
        unsafe {
            match watch::before(number($file), $call) {
                Some(code) => code,
                None => {
                    let inner = inner($file);
                    match (*(*inner).pMethods).$method {
                        Some(method) => method(inner $(, $value)*),
                        None => ffi::SQLITE_IOERR,
                    }
                }
            }
        }
    }};
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: `file` has room for both parts, see above.
    unsafe {
        (*file).pMethods = ptr::null();
        let path = text(name);
        if let Some(code) = watch::before_name(&path, Call::Open) {
            return code;
        }
        let inner = inner(file);
        (*inner).pMethods = ptr::null();
        let Some(method) = (*usual()).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = method(usual(), name, inner, flags, out);
        if code == ffi::SQLITE_OK {
            (*file.cast::<File>()).number = watch::opened(&path, role(flags));
            (*file).pMethods = &raw const METHODS;
        }
        code
    }
}

fn role(flags: c_int) -> Role {
    match flags {
        _ if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 => Role::Store,
        _ if flags & (ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL) != 0 => {
            Role::Journal
        }
        _ if flags & ffi::SQLITE_OPEN_WAL != 0 => Role::Wal,
        _ => Role::Temporary,
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: the name is `SQLite`'s, the method the usual one.
    unsafe {
        let path = text(name);
        if let Some(code) = watch::before_name(&path, Call::Delete) {
            return code;
        }
        let Some(method) = (*usual()).xDelete else { return ffi::SQLITE_IOERR };
        let code = method(usual(), name, sync);
        if code == ffi::SQLITE_OK {
            watch::deleted(&path, sync != 0);
        }
        code
    }
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: as above.
    unsafe {
        if let Some(code) = watch::before_name(&text(name), Call::Access) {
            return code;
        }
        (*usual()).xAccess.map_or(ffi::SQLITE_IOERR, |method| method(usual(), name, flags, out))
    }
}

/// While something fails, nobody waits for it to be mended.
unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, micros: c_int) -> c_int {
    if watch::is_failing() {
        return micros;
    }
    // SAFETY: the usual method.
    unsafe { (*usual()).xSleep.map_or(0, |method| method(usual(), micros)) }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, Call::Close, xClose())
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    size: c_int,
    at: i64,
) -> c_int {
    pass!(file, Call::Read, xRead(to, size, at))
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    size: c_int,
    at: i64,
) -> c_int {
    let length = usize::try_from(size).unwrap_or(0);
    // SAFETY: `SQLite` hands over `size` bytes that stay during the call.
    let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), length) };
    // SAFETY: as in `pass`.
    let (number, inner) = unsafe { (number(file), inner(file)) };
    // SAFETY: as in `pass`.
    let Some(method) = (unsafe { (*(*inner).pMethods).xWrite }) else { return ffi::SQLITE_IOERR };
    if let Some(code) = watch::before(number, Call::Write) {
        // A disk that fails or is full has mostly taken a part.
        // SAFETY: a part of what is there.
        unsafe { method(inner, from, size / 2 / 512 * 512, at) };
        return code;
    }
    // SAFETY: handed on as it came.
    let code = unsafe { method(inner, from, size, at) };
    if code == ffi::SQLITE_OK {
        watch::written(number, at, bytes);
    }
    code
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    let code = pass!(file, Call::Truncate, xTruncate(size));
    if code == ffi::SQLITE_OK {
        // SAFETY: as in `pass`.
        watch::truncated(unsafe { number(file) }, size);
    }
    code
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let code = pass!(file, Call::Sync, xSync(flags));
    if code == ffi::SQLITE_OK {
        // SAFETY: as in `pass`.
        watch::synced(unsafe { number(file) });
    }
    code
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    pass!(file, Call::Size, xFileSize(size))
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, Call::Lock, xLock(level))
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, Call::Unlock, xUnlock(level))
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, held: *mut c_int) -> c_int {
    pass!(file, Call::Lock, xCheckReservedLock(held))
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    what: c_int,
    value: *mut c_void,
) -> c_int {
    pass!(file, Call::Other, xFileControl(what, value))
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, Call::Other, xSectorSize())
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, Call::Other, xDeviceCharacteristics())
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    pass!(file, Call::ShareMap, xShmMap(page, size, extend, out))
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    at: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    // What is given back is always given back.
    let call = if flags & ffi::SQLITE_SHM_UNLOCK == 0 { Call::ShareLock } else { Call::Other };
    pass!(file, call, xShmLock(at, count, flags))
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: as in `pass`.
    unsafe {
        let inner = inner(file);
        if let Some(method) = (*(*inner).pMethods).xShmBarrier {
            method(inner);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    pass!(file, Call::Other, xShmUnmap(delete))
}
