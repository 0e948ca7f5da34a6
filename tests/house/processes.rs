//! Does alike work on all processors, each share in a process of its own: the database keeps one count of the memory of a
//! whole process, so that threads which do nothing but ask it wait for each other.

use super::threads;
use serde::{Serialize, de::DeserializeOwned};
use std::env;
use std::process::{self, Command, Stdio};
use std::thread;

/// Says in a process which share it has: the test, its number, and how many there are.
const SHARE: &str = "DIXIT_SHARE";
/// Before what a process found, in what it prints.
const FOUND: &str = "found: ";
/// Shares for each processor, as some take longer than others.
const SHARES: usize = 6;

/// What the work gives for shares of the numbers below `count`. `test` is the name of the test that asks.
#[expect(clippy::exit, reason = "what a test does with all shares is not for one of them")]
pub(crate) fn each<R: Serialize + DeserializeOwned + Send>(
    test: &str,
    count: usize,
    work: impl Fn(&mut dyn Iterator<Item = usize>) -> R,
) -> Vec<R> {
    if let Some((share, shares)) = own(test) {
        let found = work(&mut (share..count).step_by(shares));
        println!("\n{FOUND}{}", serde_json::to_string(&found).unwrap());
        process::exit(0);
    }
    let shares = thread::available_parallelism().map_or(1, usize::from) * SHARES;
    let shares: Vec<String> =
        (0..shares.min(count)).map(|at| format!("{test} {at} {}", shares.min(count))).collect();
    threads::each(&shares, |share| {
        let ran = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(SHARE, share)
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{share}: {}\n{told}", ran.status);
        let found = told.lines().find_map(|line| line.strip_prefix(FOUND));
        serde_json::from_str(found.unwrap_or_else(|| panic!("{share}: {told}"))).unwrap()
    })
}

fn own(test: &str) -> Option<(usize, usize)> {
    let share = env::var(SHARE).ok()?;
    let mut words = share.strip_prefix(test)?.split_whitespace();
    let mut number = || words.next()?.parse().ok();
    Some((number()?, number()?))
}
