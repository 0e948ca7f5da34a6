//! Any bytes as a question to the example's store: rows, or a message; never a panic, never what only a bug explains.
#![no_main]

mod entries;

use std::sync::OnceLock;

static STORE: OnceLock<std::path::PathBuf> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let folder = tempfile::TempDir::new().expect("a temporary folder").keep();
        STORE.get_or_init(|| entries::store(&folder));
    },
    |data: &[u8]| {
        if let Some(path) = STORE.get() {
            entries::ask(data, path);
        }
    }
);
