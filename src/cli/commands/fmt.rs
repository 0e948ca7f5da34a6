//! `dixit fmt`: queries in the form everybody writes them.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::base::clean::Safe;
use crate::base::source::{Source, read_text};
use crate::cli::explain_args::Fmt;
use crate::cli::failure::Failure;
use crate::cli::files::replace;
use crate::cli::world::World;
use crate::lang::tidy::{Tidied, tidy};

/// All files are read first, so that a mistake in one leaves the others as they are.
pub(super) fn run(args: &Fmt, world: &World<'_>) -> Result<(), Failure> {
    let Fmt { check, files } = args;
    let read: Vec<Text> = files.iter().map(|path| Text::read(path)).collect::<Result<_, _>>()?;
    let mut untidy = false;
    for text in read {
        let Text { path, written, tidied } = text;
        let Tidied::Text(tidied) = tidied else {
            world.terminal.remark(&format!("{}: left as it is, to lose nothing", path.display()));
            continue;
        };
        let differs = tidied != written;
        match (path == Path::new("-"), check) {
            (_, true) if differs => {
                untidy = true;
                world.terminal.print(&Safe::clean(&format!("{}\n", path.display())))?;
            }
            (true, false) => {
                let mut out = world.terminal.data(false);
                out.write_all(tidied.as_bytes())
                    .and_then(|()| out.flush())
                    .map_err(Failure::writing)?;
            }
            (false, false) if differs => {
                replace(&path, &tidied)?;
                world.terminal.remark(&format!("tidied {}", path.display()));
            }
            _ => {}
        }
    }
    if untidy { Err(Failure::Check) } else { Ok(()) }
}

/// A file, read and tidied.
struct Text {
    path: PathBuf,
    written: String,
    tidied: Tidied,
}

impl Text {
    fn read(path: &Path) -> Result<Self, Failure> {
        let written = if path == Path::new("-") {
            read_text(io::stdin())
        } else {
            fs::File::open(path).and_then(read_text)
        };
        let written = written.map_err(|error| Failure::file("read", path, error))?;
        let source = Source::file(path.display().to_string(), written.clone());
        match tidy(&source) {
            Ok(tidied) => Ok(Self { path: path.to_owned(), written, tidied }),
            Err(mistakes) => Err(Failure::Question(mistakes, source)),
        }
    }
}
