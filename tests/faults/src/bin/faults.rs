//! Runs things that have to be in a process of their own.

fn main() {}
