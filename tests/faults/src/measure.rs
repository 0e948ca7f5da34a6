//! Runs a program under limits and writes down what it took: time, memory, and how it ended.

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use std::{
    ffi::OsString,
    fs,
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with a code.
    Code(i32),
    /// By a signal.
    Signal(i32),
    /// It was stopped, since it took too long.
    Late,
}

/// What a program took.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// How it ended.
    pub end: End,
    /// Wall time in milliseconds.
    pub millis: u64,
    /// Processor time in milliseconds.
    pub cpu_millis: u64,
    /// The most memory it had, in megabytes.
    pub megabytes: u64,
}

/// Runs a program in this process's place: seconds of wall time and megabytes of address space are limited.
pub fn run(
    report: &Path,
    (seconds, megabytes): (u64, u64),
    line: &[OsString],
) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let (program, arguments) = line.split_first().ok_or("no program")?;
    let bytes = megabytes << 20;
    let mut command = Command::new(program);
    command.args(arguments);
    // The child takes the limit over; this process needs little.
    setrlimit(Resource::RLIMIT_AS, bytes, bytes).map_err(|error| said(&error))?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0).map_err(|error| said(&error))?;
    let begun = Instant::now();
    let mut child = command.spawn().map_err(|error| said(&error))?;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| said(&error))? {
            break Some(status);
        }
        if begun.elapsed() > Duration::from_secs(seconds) {
            child.kill().map_err(|error| said(&error))?;
            child.wait().map_err(|error| said(&error))?;
            break None;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let millis = begun.elapsed().as_millis();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| said(&error))?;
    let time = |time: nix::sys::time::TimeVal| time.tv_sec() * 1000 + time.tv_usec() / 1000;
    let cpu = time(usage.user_time()) + time(usage.system_time());
    let end = match status {
        None => "late 0".to_owned(),
        Some(status) => match (status.code(), status.signal()) {
            (Some(code), _) => format!("code {code}"),
            (None, signal) => format!("signal {}", signal.unwrap_or(0)),
        },
    };
    let text = format!("{end} {millis} {cpu} {}", usage.max_rss() / 1024);
    fs::write(report, text).map_err(|error| said(&error))
}

/// Reads a report.
pub fn read(report: &Path) -> Option<Taken> {
    let text = fs::read_to_string(report).ok()?;
    let words: Vec<&str> = text.split(' ').collect();
    let [end, number, millis, cpu, megabytes] = words.as_slice() else { return None };
    let end = match *end {
        "code" => End::Code(number.parse().ok()?),
        "signal" => End::Signal(number.parse().ok()?),
        _ => End::Late,
    };
    Some(Taken {
        end,
        millis: millis.parse().ok()?,
        cpu_millis: cpu.parse().ok()?,
        megabytes: megabytes.parse().ok()?,
    })
}
