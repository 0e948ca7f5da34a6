//! The entry functions of the fuzz targets, called with the bytes that are kept: the corpora and every case's query.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot run fails")]

#[path = "../fuzz/fuzz_targets/entries.rs"]
mod entries;

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What is kept for a target.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(ROOT).join("fuzz/corpus").join(target);
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.display().to_string(), fs::read(&path).unwrap())
    };
    let kept: Vec<_> = fs::read_dir(folder).unwrap().map(file).collect();
    assert!(kept.len() >= 20, "the corpus of {target} is there");
    kept
}

/// On a stack as large as a main thread has: unoptimised code needs much of it.
fn with_a_large_stack(work: fn()) {
    std::thread::Builder::new().stack_size(8 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn what_is_kept_for_parsing_is_read_or_refused() {
    with_a_large_stack(|| {
        for (name, bytes) in corpus("parse").into_iter().chain(corpus("ask")) {
            println!("{name}");
            entries::parse(&bytes);
        }
    });
}

#[test]
fn what_is_kept_for_asking_is_answered_or_refused() {
    with_a_large_stack(|| {
        let folder = tempfile::TempDir::new().unwrap();
        let store = entries::store(folder.path());
        for (name, bytes) in corpus("ask") {
            println!("{name}");
            entries::ask(&bytes, &store);
        }
    });
}
