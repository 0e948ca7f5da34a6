//! Folders that cannot be written, or hold little: in a mount namespace of this process alone, where the system lets it.

use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
};
use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

const NONE: Option<&str> = None;

/// Mounts of this process are its own from now on.
fn apart() -> Result<(), String> {
    unshare(CloneFlags::CLONE_NEWNS).map_err(said)?;
    mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE).map_err(said)
}

/// Runs a program where a folder is read-only; gives its exit code.
pub fn read_only(folder: &Path, line: &[OsString]) -> Result<u8, String> {
    let sealed = apart().and_then(|()| {
        mount(Some(folder), folder, NONE, MsFlags::MS_BIND, NONE).map_err(said)?;
        let flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
        mount(NONE, folder, NONE, flags, NONE).map_err(said)
    });
    if sealed.is_err() {
        // Whoever may not mount is held by modes.
        for entry in fs::read_dir(folder).map_err(said)? {
            let path = entry.map_err(said)?.path();
            fs::set_permissions(path, fs::Permissions::from_mode(0o444)).map_err(said)?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).map_err(said)?;
    }
    let may_write = fs::write(folder.join("probe"), "").is_ok();
    let code = run(line);
    if sealed.is_err() {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(said)?;
    }
    if may_write { Err("the folder can be written after all".to_owned()) } else { code }
}

/// Runs a program on a copy of the files of a folder that has room for so many kilobytes; what is there then goes back into
/// the folder. Gives the exit code.
pub fn small(folder: &Path, kilobytes: u64, line: &[OsString]) -> Result<u8, String> {
    apart()?;
    let files = taken(folder)?;
    let options = format!("size={kilobytes}k");
    mount(Some("tmpfs"), folder, Some("tmpfs"), MsFlags::empty(), Some(&*options)).map_err(said)?;
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).map_err(said)?;
    }
    let code = run(line)?;
    let files = taken(folder)?;
    nix::mount::umount(folder).map_err(said)?;
    for entry in fs::read_dir(folder).map_err(said)? {
        fs::remove_file(entry.map_err(said)?.path()).map_err(said)?;
    }
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).map_err(said)?;
    }
    Ok(code)
}

fn taken(folder: &Path) -> Result<Vec<(OsString, Vec<u8>)>, String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(said)? {
        let entry = entry.map_err(said)?;
        files.push((entry.file_name(), fs::read(entry.path()).map_err(said)?));
    }
    Ok(files)
}

fn run(line: &[OsString]) -> Result<u8, String> {
    let (program, arguments) = line.split_first().ok_or("no program")?;
    let status = Command::new(program).args(arguments).status().map_err(said)?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(255))
}
