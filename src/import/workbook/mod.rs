//! Workbooks of spreadsheet programs (XLSX, ECMA-376): which worksheets there are. What a workbook says of itself is not
//! believed: `scan` reads through it first. Cells are read in a stream; no worksheet is ever held in memory.

mod cells;
mod layout;
mod range;
mod scan;

use std::cell::{Cell, RefCell, RefMut};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx};

use super::Error;
use super::records::{Fault, Rows};
use cells::Cells;
use layout::Layout;

/// Reads what a workbook holds, once that is known to be in order.
type Package = Xlsx<BufReader<Counted>>;

/// A workbook.
pub(super) struct Book {
    path: PathBuf,
    package: RefCell<Package>,
    /// Names of the worksheets, in their order.
    pub(super) sheets: Vec<String>,
    /// Those of them that a spreadsheet program does not show.
    pub(super) hidden: Vec<String>,
    /// Whether cells are merged anywhere in it.
    merges: bool,
    read: Rc<Cell<u64>>,
}

/// How the files begin that spreadsheet programs write in other forms than XLSX, and what to do with them.
const OTHERS: &[(&str, &str)] = &[
    (
        "xl/workbook.bin",
        "this is a binary workbook (.xlsb); save it as .xlsx or as CSV (UTF-8) and import that",
    ),
    (
        "content.xml",
        "this is an OpenDocument file (.ods); save it as .xlsx or as CSV (UTF-8) and import that",
    ),
    ("word/document.xml", "this is a text document; a coding sheet is a workbook or a CSV file"),
];
const NO_WORKBOOK: &str =
    "this is no workbook in the form .xlsx; save it as .xlsx or as CSV (UTF-8) and import that";

impl Book {
    /// Opens a workbook after looking through it.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let nothing = |why: &str| Error::Nothing(path.into(), why.to_owned());
        let open = || File::open(path).map_err(|error| Error::Io(path.into(), error));
        let (names, merges) = scan::scan(open()?).map_err(|why| nothing(&why))?;
        if !names.iter().any(|name| name.eq_ignore_ascii_case("xl/workbook.xml")) {
            let other = OTHERS.iter().find(|(part, _)| names.iter().any(|name| name == part));
            return Err(nothing(other.map_or(NO_WORKBOOK, |(_, why)| why)));
        }
        let read = Rc::new(Cell::new(0));
        let counted = Counted { inner: open()?, read: Rc::clone(&read) };
        let package = Package::new(BufReader::with_capacity(64 << 10, counted))
            .map_err(|error| nothing(&format!("the workbook cannot be read: {error}")))?;
        let sheets = package.sheets_metadata().iter();
        let sheets = sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let is_hidden = |visible: &SheetVisible| *visible != SheetVisible::Visible;
        let hidden = sheets.clone().filter(|sheet| is_hidden(&sheet.visible));
        let hidden = hidden.map(|sheet| sheet.name.clone()).collect();
        let sheets = sheets.map(|sheet| sheet.name.clone()).collect();
        Ok(Self { path: path.into(), package: RefCell::new(package), sheets, hidden, merges, read })
    }

    /// Its path with the name of a worksheet behind it, as places in it are told.
    pub(super) fn place(&self, sheet: &str) -> String {
        format!("{}:{sheet}", crate::import::standard::shown(&self.path))
    }

    /// Gives the rows of a worksheet to a function.
    pub(super) fn with_rows<T>(
        &self,
        sheet: &str,
        take: &mut dyn FnMut(&mut dyn Rows) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.rows(sheet, true, take)
    }

    fn rows<T>(
        &self,
        sheet: &str,
        whole: bool,
        take: &mut dyn FnMut(&mut dyn Rows) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let failed = |why: String| Error::Nothing(self.place(sheet).into(), why);
        let mut package: RefMut<'_, Package> =
            self.package.try_borrow_mut().map_err(|error| failed(error.to_string()))?;
        let unreadable = |error| failed(format!("the worksheet cannot be read: {error}"));
        let layout = if whole {
            let merged =
                if self.merges { package.merge_cells_by_sheet_name(sheet) } else { Ok(Vec::new()) };
            let reader = package.worksheet_cells_reader(sheet).map_err(unreadable)?;
            // What is wrong with a cell is told with its place when it is read.
            Layout::new(reader, merged.map_err(unreadable)?).unwrap_or_default()
        } else {
            Layout::default()
        };
        let reader = package.worksheet_cells_reader(sheet).map_err(unreadable)?;
        take(&mut Cells::new(reader, layout, Rc::clone(&self.read)))
    }

    /// The cells of the first row of a worksheet that is not blank; nothing where it is empty, no cells where they cannot
    /// be read.
    pub(super) fn heading(&self, sheet: &str) -> Result<Option<Vec<String>>, Error> {
        self.rows(sheet, false, &mut |rows| match rows.advance() {
            Ok(false) => Ok(None),
            Ok(true) => Ok(Some(rows.record().cells().map(str::to_owned).collect())),
            Err(Fault::Io(error)) => Err(Error::Io(self.path.clone(), error)),
            // What is wrong is told with its place when the worksheet is read.
            Err(Fault::File(_) | Fault::Record(_)) => Ok(Some(Vec::new())),
        })
    }
}

/// A file that counts what is read of it.
struct Counted {
    inner: File,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + u64::try_from(read).unwrap_or(0));
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
