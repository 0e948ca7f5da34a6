//! Where a result goes and in which format: `--format` and `-o`.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::{Failure, Message};
use super::settings::Settings;
use super::terminal::Terminal;
use crate::base::closest::closest;
use crate::format::{self, FORMATS, Format, Look};

/// What the command line says about it.
#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_field_names, reason = "named as the options are")]
pub(crate) struct Output {
    /// table, csv, tsv, json, jsonl or markdown
    #[arg(long, value_name = "FORMAT", value_parser = known_format)]
    pub(crate) format: Option<&'static Format>,
    /// Write to a file, in the format its ending tells; the file appears only when it is complete
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The format where neither says it.
    #[arg(skip)]
    usual: Option<&'static Format>,
}

impl Output {
    /// Takes over what the user settled once for all.
    pub(crate) fn settle(&mut self, settings: &Settings) {
        self.usual = settings.format;
    }

    /// This, with what a later part of the command line says.
    pub(crate) fn with(self, later: Self) -> Self {
        let Self { format, output, usual: _ } = later;
        Self { format: format.or(self.format), output: output.or(self.output), usual: self.usual }
    }

    /// The format: as told, as the file's ending tells, as settled, or a table.
    pub(crate) fn format(&self) -> Result<&'static Format, Failure> {
        match (self.format, self.file()) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => format_of(path),
            (None, None) => Ok(self.usual.unwrap_or(&FORMATS[0])),
        }
    }

    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// Whether the result goes into a file.
    pub(crate) fn is_file(&self) -> bool {
        self.file().is_some()
    }

    /// Opens the place and settles the format.
    pub(crate) fn open(&self, terminal: &Terminal) -> Result<Target, Failure> {
        let (format, file) = (self.format()?, self.file());
        Ok(match file {
            Some(path) => {
                Target { format, look: Look { width: None, colour: false }, to: To::file(path)? }
            }
            None => {
                Target { format, look: terminal.look(), to: To::Stdout(terminal.data(format.safe)) }
            }
        })
    }
}

/// Opens a place for something that is no answer of rows: a file, or standard output.
pub(crate) fn place(file: Option<&Path>, terminal: &Terminal) -> Result<Target, Failure> {
    let look = Look { width: None, colour: false };
    let to = match file {
        Some(path) => To::file(path)?,
        None => To::Stdout(terminal.data(true)),
    };
    Ok(Target { format: &FORMATS[0], look, to })
}

/// An open place for a result.
pub(crate) struct Target {
    /// How to write.
    pub(crate) format: &'static Format,
    /// How it may look.
    pub(crate) look: Look,
    to: To,
}

enum To {
    Stdout(Box<dyn Write>),
    /// A file that is renamed to its name when it is complete.
    New {
        draft: BufWriter<NamedTempFile>,
        path: PathBuf,
    },
    /// Something that is there and is no file, such as a pipe or a device.
    Special {
        out: BufWriter<File>,
        path: PathBuf,
    },
}

impl To {
    fn file(path: &Path) -> Result<Self, Failure> {
        // A link is followed, so that it stays one.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let failed = |error| Failure::file("write", &path, error);
        if path.exists() && !path.is_file() {
            let out = OpenOptions::new().write(true).open(&path).map_err(failed)?;
            return Ok(Self::Special { out: BufWriter::new(out), path });
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let draft = draft_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
        Ok(Self::New { draft: BufWriter::new(draft), path })
    }
}

impl Target {
    /// The place to write to.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match &mut self.to {
            To::Stdout(out) => out.as_mut(),
            To::New { draft, .. } => draft,
            To::Special { out, .. } => out,
        }
    }

    /// What a failed write means here.
    pub(crate) fn failed(&self, error: io::Error) -> Failure {
        match &self.to {
            To::Stdout(_) => Failure::writing(error),
            To::New { path, .. } | To::Special { path, .. } => Failure::file("write", path, error),
        }
    }

    /// Completes the result.
    pub(crate) fn close(mut self) -> Result<(), Failure> {
        let flushed = self.writer().flush();
        flushed.map_err(|error| self.failed(error))?;
        let To::New { draft, path } = self.to else { return Ok(()) };
        let failed = |error| Failure::file("write", &path, error);
        let draft = draft.into_inner().map_err(|error| failed(error.into_error()))?;
        draft.as_file().sync_all().map_err(failed)?;
        draft.persist(&path).map(drop).map_err(|error| failed(error.error))
    }
}

/// A file in the same folder, with the rights a new file has there.
fn draft_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dixit-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn format_of(path: &Path) -> Result<&'static Format, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    format::for_ending(ending).ok_or_else(|| {
        let what = format!("the name {} does not tell the format", path.display());
        let endings: Vec<&str> =
            FORMATS.iter().flat_map(|format| format.endings.iter().copied()).collect();
        let next = format!("end it in one of {}, or add --format", endings.join(", "));
        Failure::Usage(Message::new(what).next(next))
    })
}

/// The format of that name, or what to say of a name that means none.
pub(crate) fn known_format(name: &str) -> Result<&'static Format, String> {
    format::named(name).ok_or_else(|| {
        let near = closest(name, FORMATS.iter().map(|format| format.name));
        let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("the formats are {}{meant}", format::names())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &Path) -> Target {
        let look = Look { width: None, colour: false };
        Target { format: &FORMATS[0], look, to: To::file(path).unwrap() }
    }

    #[test]
    fn a_file_appears_only_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, "old").unwrap();
        let mut unfinished = target(&path);
        unfinished.writer().write_all(b"half").unwrap();
        drop(unfinished);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        let mut finished = target(&path);
        finished.writer().write_all(b"new").unwrap();
        finished.close().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn the_ending_tells_the_format() {
        assert_eq!(format_of(Path::new("a/b.JSONL")).unwrap().name, "jsonl");
        assert!(matches!(format_of(Path::new("b.xlsx")), Err(Failure::Usage(_))));
        assert_eq!(
            known_format("jsn").unwrap_err(),
            "the formats are table, csv, tsv, json, jsonl, markdown; did you mean json?"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let mut target = target(Path::new("/dev/null"));
        target.writer().write_all(b"x").unwrap();
        target.close().unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
