//! Any bytes as a script: read or refused with a place, and what is read comes out of the formatter unchanged.
#![no_main]

mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::parse(data));
