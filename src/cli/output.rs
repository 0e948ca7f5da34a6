//! Where a result goes and in which format: `--format` and `-o`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::{Failure, Message};
use super::settings::Settings;
use super::shape::{self, MaxRows, Width};
use super::special;
use super::stores;
use super::terminal::Terminal;
use crate::base::closest::closest;
use crate::format::chart::{self, CHARTS, Chart, Medium};
use crate::format::{self, Expanded, FORMATS, Format, Formulas, Heading, Look};

/// What the command line says about it.
#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_field_names, reason = "named as the options are")]
pub(crate) struct Output {
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = known_format,
        help = format::names_of(|_| true, "or")
    )]
    pub(crate) format: Option<&'static Format>,
    /// Write to a file, in the format its ending tells; the file appears only when it is complete
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shape: Shape,
    /// What holds where none of them says it.
    #[arg(skip)]
    usual: Usual,
}

/// What the user settled once for all.
#[derive(Debug, Clone, Copy, Default)]
struct Usual {
    format: Option<&'static Format>,
    /// Of lines on a terminal.
    width: Option<Width>,
    /// Of tables on a terminal.
    max_rows: Option<MaxRows>,
    /// Of tables on a terminal.
    expanded: Option<Expanded>,
}

/// What the command line says about how a result looks.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Shape {
    /// Draw the result: bar, line, timeline or heatmap; with -o as a picture, x.svg or x.png
    #[arg(long, value_name = "CHART", value_parser = known_chart, help_heading = LOOKS)]
    pub(crate) chart: Option<&'static Chart>,
    /// What stands above the chart; otherwise the question that a saved query answers
    #[arg(long, value_name = "TEXT", help_heading = LOOKS)]
    pub(crate) title: Option<String>,
    /// Show each row as a record, one property a line: on, off, or auto where a table would squeeze its text
    #[arg(
        long,
        value_name = "WHEN",
        value_parser = shape::expanded,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "on",
        help_heading = LOOKS
    )]
    pub(crate) expanded: Option<Expanded>,
    /// Show at most so many rows, and say how many more there are; all shows all, also on a terminal
    #[arg(long, value_name = "N", value_parser = shape::max_rows, help_heading = LOOKS)]
    pub(crate) max_rows: Option<MaxRows>,
    /// Fit tables and charts into so many cells; full cuts nothing
    #[arg(long, value_name = "CELLS", value_parser = shape::width, help_heading = LOOKS)]
    pub(crate) width: Option<Width>,
    #[arg(
        long,
        help = format!("Leave out the names of the columns: {}", format::names_of(HEADLESS, "or")),
        help_heading = LOOKS
    )]
    pub(crate) no_header: bool,
    #[arg(
        long,
        help = format!("Keep spreadsheet programs from running texts as formulas, by a ' in front: {}", format::names_of(GUARDED, "or")),
        help_heading = LOOKS
    )]
    pub(crate) excel_safe: bool,
}

const LOOKS: &str = "How it looks";
/// The formats that some options are for.
const HEADLESS: fn(&Format) -> bool = |format| format.headless;
const GUARDED: fn(&Format) -> bool = |format| format.guarded;

impl Output {
    /// Takes over what the user settled once for all.
    pub(crate) fn settle(&mut self, settings: &Settings) {
        let Settings { format, width, max_rows, expanded, .. } = *settings;
        self.usual = Usual { format, width, max_rows, expanded };
    }

    /// This, with what a later part of the command line says.
    pub(crate) fn with(self, later: Self) -> Self {
        let Self { format, output, shape, usual: _ } = later;
        Self {
            format: format.or(self.format),
            output: output.or(self.output),
            shape: self.shape.with(shape),
            usual: self.usual,
        }
    }

    /// The format: as told, as the file's ending tells, as settled, or a table.
    pub(crate) fn format(&self) -> Result<&'static Format, Failure> {
        match (self.format, self.file()) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => format_of(path),
            (None, None) => Ok(self.usual.format.unwrap_or(&FORMATS[0])),
        }
    }

    /// The file that the result goes into.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }

    /// Whether the result goes into a file.
    pub(crate) fn is_file(&self) -> bool {
        self.file().is_some()
    }

    /// Opens the place and settles the format.
    pub(crate) fn open(&self, terminal: &Terminal) -> Result<Target, Failure> {
        let (format, drawing) = match self.shape.chart {
            None => (self.format()?, None),
            Some(chart) => (&FORMATS[0], Some((chart, self.medium()?))),
        };
        self.fits(format)?;
        if let Some(next) = format.missing {
            let message = Message::new(format!("this dixit is built without {}", format.name));
            return Err(Failure::Usage(message.next(next)));
        }
        let file = self.file();
        let look = if file.is_some() { Look::PLAIN } else { terminal.look() };
        let watched = look.live && format.shaped;
        let (mut settled, usual) = (self.shape.clone(), self.usual);
        if watched {
            settled.width = settled.width.or(usual.width);
            settled.expanded = settled.expanded.or(usual.expanded.filter(|_| drawing.is_none()));
            settled.max_rows = settled.max_rows.or(usual.max_rows.filter(|_| drawing.is_none()));
        }
        Ok(Target {
            format,
            drawing,
            look: settled.applied(look),
            most: match drawing {
                Some((chart, _)) => shape::of_chart(settled.max_rows, chart.most),
                None => shape::most(settled.max_rows, watched),
            },
            to: match file {
                Some(path) => To::file(path)?,
                None if format.binary && look.live => return Err(not_for_reading(format)),
                None => To::Stdout(terminal.data(format.safe)),
            },
        })
    }

    /// What a chart is drawn as.
    fn medium(&self) -> Result<Medium, Failure> {
        if let Some(format) = self.format.filter(|format| !format.shaped) {
            let message = Message::new(format!("a chart cannot be written as {}", format.name));
            let next = "leave out `--format`, or leave out `--chart` for the numbers";
            return Err(Failure::Usage(message.next(next)));
        }
        let Some(path) = self.file() else { return Ok(Medium::Text) };
        let ending = ending(path);
        if ending.eq_ignore_ascii_case("txt") {
            return Ok(Medium::Text);
        }
        Medium::of_ending(ending).ok_or_else(|| {
            let what = format!("a chart cannot be written to {}", path.display());
            Failure::Usage(Message::new(what).next("end the name in svg, png or txt"))
        })
    }

    /// Refuses what this format has no use for.
    fn fits(&self, format: &Format) -> Result<(), Failure> {
        let Shape { chart, title, expanded, max_rows: _, width, no_header, excel_safe } =
            &self.shape;
        let refused = |option: &str, next: &str| {
            let what = format!("{option} says nothing about {}", format.name);
            Err(Failure::Usage(Message::new(what).next(next)))
        };
        match chart {
            Some(_) if expanded.is_some() => return unused("--expanded"),
            Some(_) if *no_header => return unused("--no-header"),
            Some(_) if *excel_safe => return unused("--excel-safe"),
            None if title.is_some() => {
                let message = Message::new("--title is for charts");
                return Err(Failure::Usage(message.next("add `--chart bar`, or leave it out")));
            }
            _ => {}
        }
        if expanded.is_some() && !format.shaped {
            return refused("--expanded", "it is for tables: leave it out");
        }
        if width.is_some() && !format.shaped {
            return refused("--width", "it is for tables and charts: leave it out");
        }
        if *no_header && !format.headless {
            return refused("--no-header", &only_for(HEADLESS));
        }
        if *excel_safe && !format.guarded {
            return refused("--excel-safe", &only_for(GUARDED));
        }
        Ok(())
    }
}

fn only_for(which: fn(&Format) -> bool) -> String {
    format!("it is for {}: leave it out", format::names_of(which, "and"))
}

/// Bytes are nothing for a terminal.
fn not_for_reading(format: &Format) -> Failure {
    let message = Message::new(format!("{} is not for reading in a terminal", format.name));
    let ending = format.endings.first().unwrap_or(&format.name);
    Failure::Usage(message.next(format!("write it into a file: -o answer.{ending}")))
}

fn unused(option: &str) -> Result<(), Failure> {
    let message = Message::new(format!("{option} says nothing about charts"));
    Err(Failure::Usage(message.next("leave it out")))
}

impl Shape {
    fn with(self, later: Self) -> Self {
        let Self { chart, title, expanded, max_rows, width, no_header, excel_safe } = later;
        Self {
            chart: chart.or(self.chart),
            title: title.or(self.title),
            expanded: expanded.or(self.expanded),
            max_rows: max_rows.or(self.max_rows),
            width: width.or(self.width),
            no_header: no_header || self.no_header,
            excel_safe: excel_safe || self.excel_safe,
        }
    }

    /// A look, with what was told about it.
    fn applied(&self, look: Look) -> Look {
        Look {
            width: match self.width {
                Some(Width::Cells(cells)) => Some(cells),
                Some(Width::Full) => None,
                None => look.width,
            },
            expanded: self.expanded.unwrap_or_default(),
            heading: if self.no_header { Heading::Hidden } else { Heading::Shown },
            formulas: if self.excel_safe { Formulas::Guarded } else { Formulas::AsTheyAre },
            ..look
        }
    }
}

/// Opens a place for something that is no answer of rows: a file, or standard output.
pub(crate) fn place(file: Option<&Path>, terminal: &Terminal) -> Result<Target, Failure> {
    let look = Look::PLAIN;
    let to = match file {
        Some(path) => To::file(path)?,
        None => To::Stdout(terminal.data(true)),
    };
    Ok(Target { format: &FORMATS[0], drawing: None, look, most: None, to })
}

/// An open place for a result.
pub(crate) struct Target {
    /// How to write.
    pub(crate) format: &'static Format,
    /// The chart that is drawn instead, and as what.
    pub(crate) drawing: Option<(&'static Chart, Medium)>,
    /// How it may look.
    pub(crate) look: Look,
    /// At most so many rows are shown.
    pub(crate) most: Option<usize>,
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
        stores::spare(path)?;
        // A link is followed, so that it stays one.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let failed = |error| Failure::file("write", &path, error);
        if path.exists() && !path.is_file() {
            let out = special::opened(&path)?;
            return Ok(Self::Special { out: BufWriter::new(out), path });
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let draft = draft_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
        Ok(Self::New { draft: BufWriter::new(draft), path })
    }
}

impl Target {
    /// Whether several answers read well one after the other.
    pub(crate) fn holds_several(&self) -> bool {
        match self.drawing {
            Some((_, medium)) => medium == Medium::Text,
            None => self.format.several,
        }
    }

    /// Refuses several answers where one is all that there can be.
    pub(crate) fn refuse_several(&self, answers: usize) -> Result<(), Failure> {
        if answers < 2 || self.drawing.is_some() || !self.format.whole {
            return Ok(());
        }
        let name = self.format.name;
        let message = Message::new(format!("{name} holds one answer, and these are {answers}"));
        Err(Failure::Usage(message.next("ask one query at a time, or use --format csv")))
    }

    /// Leaves the place as it was, for there is nothing to write; says so where a file was wanted.
    pub(crate) fn give_up(&mut self) -> Option<Message> {
        let To::New { path, .. } = &self.to else { return None };
        let message = format!("{} is not written: there is nothing to draw", path.display());
        self.to = To::Stdout(Box::new(io::sink()));
        Some(Message::new(message))
    }

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
            // Whoever reads a named pipe may stop, as behind `|`.
            To::Special { .. } if error.kind() == io::ErrorKind::BrokenPipe => {
                Failure::writing(error)
            }
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

fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default()
}

fn format_of(path: &Path) -> Result<&'static Format, Failure> {
    let ending = ending(path);
    if Medium::of_ending(ending).is_some() {
        let what = format!("{} would be a picture", path.display());
        let next = format!("say which one by `--chart`: {}", chart::names());
        return Err(Failure::Usage(Message::new(what).next(next)));
    }
    format::for_ending(ending).ok_or_else(|| {
        let what = format!("the name {} does not tell the format", path.display());
        let endings: Vec<&str> =
            FORMATS.iter().flat_map(|format| format.endings.iter().copied()).collect();
        let list = endings.join(", ");
        let next = format!("end it in one of {list}, or add --format; a chart ends in svg or png");
        Failure::Usage(Message::new(what).next(next))
    })
}

/// The format of that name, or what to say of a name that means none.
pub(crate) fn known_format(name: &str) -> Result<&'static Format, String> {
    format::named(name).ok_or_else(|| {
        let near = closest(name, FORMATS.iter().map(|format| format.name));
        let picture = Medium::of_ending(name).is_some();
        let meant = match near {
            _ if picture => {
                format!("; for a picture write --chart bar -o x.{}", name.to_lowercase())
            }
            Some(near) => format!("; did you mean {near}?"),
            None => String::new(),
        };
        format!("the formats are {}{meant}", format::names())
    })
}

fn known_chart(name: &str) -> Result<&'static Chart, String> {
    chart::named(name).ok_or_else(|| {
        let near = closest(name, CHARTS.iter().map(|chart| chart.name));
        let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("the charts are {}{meant}", chart::names())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &Path) -> Target {
        let to = To::file(path).unwrap();
        Target { format: &FORMATS[0], drawing: None, look: Look::PLAIN, most: None, to }
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
        assert_eq!(format_of(Path::new("b.xlsx")).unwrap().name, "xlsx");
        assert!(matches!(format_of(Path::new("b.docx")), Err(Failure::Usage(_))));
        assert_eq!(
            known_format("jsn").unwrap_err(),
            format!("the formats are {}; did you mean json?", format::names())
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
