//! The command `dixit`: hands the command line to the library and its exit code back.

use std::process::ExitCode;

fn main() -> ExitCode {
    dixit::cli::run(std::env::args_os().collect())
}
