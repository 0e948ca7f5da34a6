//! Workbooks of spreadsheet programs: what a CSV file can say, their worksheets can say; what is damaged or made to harm is
//! refused with its place.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use dixit::import::{self, Report, Request, import};
use dixit::store::{self, Limits, Writer, check::check};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

struct World {
    folder: TempDir,
    writer: Writer,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let writer = store::create(&folder.path().join("test.dixit")).unwrap();
        Self { folder, writer }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn book(&self, name: &str, mut book: Workbook) -> PathBuf {
        self.file(name, book.save_to_buffer().unwrap())
    }

    fn import(&mut self, path: &Path) -> Result<Report, import::Error> {
        self.import_with(path, None)
    }

    fn import_with(&mut self, path: &Path, map: Option<&Path>) -> Result<Report, import::Error> {
        let request = Request {
            paths: vec![path.into()],
            map: map.map(Into::into),
            create_missing: true,
            now: "2026-01-01T00:00:00Z".into(),
            ..Request::default()
        };
        import(&mut self.writer, &request, &mut |_| ())
    }

    /// All cells of a question's answer in SQL, row by row.
    fn ask(&self, sql: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.writer.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at| match row.get_ref(at).unwrap() {
                rusqlite::types::ValueRef::Null => String::new(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                other => format!("{other:?}"),
            };
            all.push((0..width).map(cell).collect::<Vec<_>>().join("|"));
        }
        all
    }

    fn sound(&self) {
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        assert_eq!(check(&reader).unwrap(), []);
    }
}

fn refusals(report: &Report) -> Vec<String> {
    let line = |refusal: &import::Refusal| {
        let file = Path::new(&refusal.file).file_name().unwrap().to_string_lossy().into_owned();
        let column = refusal.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
        format!("{file}:{}{column}: {}", refusal.line, refusal.reason)
    };
    report.refused.iter().map(line).collect()
}

fn row(sheet: &mut Worksheet, at: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        if !cell.is_empty() {
            sheet.write_string(at, column, *cell).unwrap();
        }
    }
}

const HEADING: &[&str] = &["speaker", "act", "claim", "date", "source", "locator", "note"];

/// A coding sheet with cells of every type.
fn typed() -> Workbook {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    row(sheet, 0, HEADING);
    row(sheet, 1, &["Ada", "asserts", "It rains.", "", "Post"]);
    let day = Format::new().set_num_format("dd.mm.yyyy");
    sheet
        .write_datetime_with_format(1, 3, ExcelDateTime::from_ymd(2025, 11, 22).unwrap(), &day)
        .unwrap();
    sheet.write_number(1, 5, 12.0).unwrap();
    sheet.write_boolean(1, 6, true).unwrap();
    row(sheet, 2, &["Ben", "denies", "It rains.", "", "Post"]);
    let moment = ExcelDateTime::from_ymd(2025, 11, 23).unwrap().and_hms(10, 30, 0).unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_datetime_with_format(2, 3, moment, &format).unwrap();
    sheet.write_formula(2, 5, Formula::new("=6*2.25").set_result("13.5")).unwrap();
    // A row without content, and one further down.
    row(sheet, 9, &["Cy", "asserts", " It pours. ", "2025-11", "Post"]);
    book
}

#[test]
fn a_worksheet_says_what_a_coding_sheet_says() {
    let mut world = World::new();
    let path = world.book("talks.xlsx", typed());
    let report = world.import(&path).unwrap();
    assert_eq!(refusals(&report), [""; 0]);
    let remark = report.remarks.join("\n");
    assert!(
        remark.ends_with(
            "talks.xlsx:Sheet1: 1 cell holds a time of day besides the day; only the day was taken"
        ),
        "{remark}"
    );
    let rows = world.ask(
        "SELECT a.name, c.text, s.date_first, s.date_text, t.locator, s.note FROM statement s
         JOIN actor a ON a.id = s.speaker JOIN claim c ON c.id = s.claim
         JOIN attestation t ON t.statement = s.id ORDER BY s.id",
    );
    let expected = [
        "Ada|It rains.|20251122||12|true",
        "Ben|It rains.|20251123||13.5|",
        "Cy|It pours.|20251101|2025-11||",
    ];
    assert_eq!(rows, expected);
    let again = world.import(&path).unwrap();
    assert_eq!((again.added, again.changed, again.refused_count), (vec![], vec![], 0));
    world.sound();
}

/// A coding sheet whose second row of data is about another claim.
fn two_rows() -> Worksheet {
    let mut sheet = Worksheet::new();
    row(&mut sheet, 0, &["speaker", "act", "claim", "source", "date"]);
    row(&mut sheet, 1, &["Ada Quill", "denies", "The bridge is safe.", "Courier", ""]);
    row(&mut sheet, 2, &["Ben Marsh", "asserts", "The bridge is red.", "Courier", ""]);
    sheet
}

#[test]
fn a_day_is_as_exact_as_its_cell_shows_it() {
    let mut sheet = two_rows();
    let month = Format::new().set_num_format("mmm-yy");
    sheet
        .write_with_format(1, 4, ExcelDateTime::parse_from_str("2025-03-01").unwrap(), &month)
        .unwrap();
    sheet
        .write_with_format(2, 4, ExcelDateTime::parse_from_str("2025-03-06").unwrap(), &month)
        .unwrap();
    let mut book = Workbook::new();
    book.push_worksheet(sheet);
    let mut world = World::new();
    let path = world.book("days.xlsx", book);
    let report = world.import(&path).unwrap();
    assert_eq!(refusals(&report), [""; 0]);
    let told = "days.xlsx:Sheet1: 1 cell shows a month or a year only, and no more was taken";
    assert!(report.remarks.iter().any(|remark| remark.ends_with(told)), "{:?}", report.remarks);
    let dates = "SELECT coalesce(date_text, date_first) FROM statement ORDER BY date_last DESC";
    assert_eq!(world.ask(dates), ["2025-03", "20250306"]);
    world.sound();
}

#[test]
fn merged_cells_are_refused_and_hidden_worksheets_are_told() {
    let mut sheet = two_rows();
    sheet.merge_range(1, 3, 2, 3, "Courier", &Format::new()).unwrap();
    let mut book = Workbook::new();
    book.push_worksheet(sheet);
    let mut world = World::new();
    let path = world.book("merged.xlsx", book);
    let report = world.import(&path).unwrap();
    assert_eq!(
        refusals(&report),
        ["merged.xlsx:Sheet1:3: the cells D2:D3 are merged, so that only D2 holds their content"]
    );
    let mut book = Workbook::new();
    book.push_worksheet(two_rows());
    let mut hidden = two_rows();
    hidden.set_name("Old").unwrap().set_hidden(true);
    book.push_worksheet(hidden);
    let path = world.book("hidden.xlsx", book);
    let report = world.import(&path).unwrap();
    assert!(
        report.remarks.iter().any(|remark| remark
            .ends_with("hidden.xlsx:Old is a hidden worksheet, and was read as well")),
        "{:?}",
        report.remarks
    );
    assert_eq!(world.ask("SELECT count(*) FROM statement"), ["2"]);
}

#[test]
fn a_workbook_holds_the_files_of_a_folder() {
    let mut world = World::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/geneva");
    let mut book = Workbook::new();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in &paths {
        let sheet = book.add_worksheet();
        sheet.set_name(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        for (at, record) in (0..).zip(reader.records()) {
            row(sheet, at, &record.unwrap().iter().collect::<Vec<_>>());
        }
    }
    let path = world.book("geneva.xlsx", book);
    let report = world.import(&path).unwrap();
    assert_eq!(refusals(&report), [""; 0]);
    world.sound();
    let mut other = World::new();
    import::import_geneva(&mut other.writer, "2026-01-01T00:00:00Z").unwrap();
    for sql in [
        "SELECT key, text FROM claim ORDER BY key",
        "SELECT key, date_first, note FROM statement ORDER BY key",
        "SELECT quote, locator FROM attestation ORDER BY 1, 2",
    ] {
        assert_eq!(world.ask(sql), other.ask(sql), "{sql}");
    }
    // The same files, each in a workbook of its own, in a folder.
    let mut folder = World::new();
    for path in &paths {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        for (at, record) in (0..).zip(reader.records()) {
            row(sheet, at, &record.unwrap().iter().collect::<Vec<_>>());
        }
        folder.book(&format!("in/{}.xlsx", path.file_stem().unwrap().to_str().unwrap()), book);
    }
    let report = folder.import(&folder.folder.path().join("in")).unwrap();
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!(
        folder.ask("SELECT key FROM statement ORDER BY key"),
        world.ask("SELECT key FROM statement ORDER BY key")
    );
}

#[test]
fn mistakes_are_named_with_worksheet_and_cell() {
    let mut world = World::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Coding 1").unwrap();
    row(sheet, 0, HEADING);
    row(sheet, 1, &["Ada", "denys", "It rains.", "", "Post"]);
    row(sheet, 2, &["Ada", "denies", "", "", "Post"]);
    sheet.write_formula(2, 2, Formula::new("=A99").set_result("#REF!")).unwrap();
    row(sheet, 3, &["Ada", "denies", "It rains.", "", "Post", "", "", "beside"]);
    let time = Format::new().set_num_format("hh:mm");
    row(sheet, 4, &["Ada", "denies", "It rains.", "", "Post"]);
    sheet.write_number_with_format(4, 3, 0.5, &time).unwrap();
    let path = world.book("talks.xlsx", book);
    let report = world.import(&path).unwrap();
    assert_eq!(
        refusals(&report),
        [
            "talks.xlsx:Coding 1:2 act: no act 'denys'",
            "talks.xlsx:Coding 1:3: the cell C3 holds the error #REF!",
            "talks.xlsx:Coding 1:4: the cell H4 stands right of the last cell of the first row",
            "talks.xlsx:Coding 1:5: the cell D5 holds a time of day without a day",
        ]
    );
    assert_eq!(world.ask("SELECT count(*) FROM statement"), ["0"]);
}

#[test]
fn a_mapping_says_which_worksheet_is_meant() {
    let mut world = World::new();
    let mut book = Workbook::new();
    for name in ["Guide", "Coding"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        row(sheet, 0, &["Who", "What", "Where"]);
        row(sheet, 1, &["Ada", "It rains.", "Post"]);
    }
    let path = world.book("talks.xlsx", book);
    let columns = "[columns]\nspeaker = \"Who\"\nact = { value = \"asserts\" }\nclaim = \"What\"\nsource = \"Where\"\n";
    let told = |world: &mut World, file: &str| {
        let map = world.file("map.toml", format!("[file]\n{file}\n{columns}"));
        world
            .import_with(&path, Some(&map))
            .map(|report| report.added.len())
            .map_err(|error| error.to_string())
    };
    let wrong = told(&mut world, "").unwrap_err();
    assert!(
        wrong.contains("say in the mapping which worksheet is meant")
            && wrong.ends_with("Guide, Coding"),
        "{wrong}"
    );
    let wrong = told(&mut world, "sheet = \"Codin\"").unwrap_err();
    assert!(wrong.contains("no worksheet is called 'Codin', closest: Coding"), "{wrong}");
    let wrong = told(&mut world, "sheet = 3").unwrap_err();
    assert!(wrong.contains("there is no worksheet 3"), "{wrong}");
    assert_eq!(told(&mut world, "sheet = \"Coding\""), Ok(5));
    assert_eq!(told(&mut world, "sheet = 2"), Ok(0));
}

/// The parts of a small workbook, one of which is another text.
fn packed(changed: &str, text: &[u8]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    row(sheet, 0, HEADING);
    row(sheet, 1, &["Ada", "asserts", "It rains.", "2025", "Post"]);
    let mut archive = ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut found = false;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut own = Vec::new();
        part.read_to_end(&mut own).unwrap();
        writer.start_file(&name, SimpleFileOptions::default()).unwrap();
        found |= name == changed;
        writer.write_all(if name == changed { text } else { &own }).unwrap();
    }
    assert!(found, "{changed}");
    writer.finish().unwrap().into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const TEXTS: &str = "xl/sharedStrings.xml";

fn worksheet(data: &str) -> Vec<u8> {
    let start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
    format!("{start}{data}</sheetData></worksheet>").into_bytes()
}

fn check_refused(name: &str, bytes: Vec<u8>, expected: &str) {
    let mut world = World::new();
    let path = world.file(name, bytes);
    let said = match world.import(&path) {
        Ok(report) => refusals(&report).join("; "),
        Err(error) => error.to_string(),
    };
    assert!(said.contains(expected), "{name}: {said}");
    assert_eq!(world.ask("SELECT count(*) FROM source"), ["0"], "{name}");
}

#[test]
fn workbooks_made_to_harm_are_refused() {
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    check_refused("far.xlsx", packed(SHEET, &worksheet(far)), "does not name the columns");
    let heading = "ABCDE"
        .chars()
        .zip(["speaker", "act", "claim", "source", "note"])
        .map(|(letter, name)| format!("<c r=\"{letter}1\" t=\"str\"><v>{name}</v></c>"))
        .collect::<Vec<_>>()
        .concat();
    let with =
        |rest: &str| packed(SHEET, &worksheet(&format!("<row r=\"1\">{heading}</row>{rest}")));
    let corner = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    check_refused("corner.xlsx", with(corner), "the cell XFD1048576 is too far to the right");
    for place in ["A99999999999999999999", "ZZZZZZZ1", "XFE1", "A0", "A1048577"] {
        let cell = format!("<row><c r=\"{place}\"><v>1</v></c></row>");
        check_refused("place.xlsx", with(&cell), "where a place or a number is expected");
    }
    let back =
        "<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";
    check_refused("back.xlsx", with(back), "out of order");
    let twice = "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>";
    check_refused("twice.xlsx", with(twice), "the cell A2 is out of order");
    let formula = "<row r=\"2\"><c r=\"A2\"><f>1+1</f><v></v></c></row>";
    check_refused("formula.xlsx", with(formula), "the cell A2 holds a formula without its result");
    let shared = "<row r=\"2\"><c r=\"A2\"><f t=\"shared\" si=\"4294967295\" ref=\"A2:A3\">1</f><v>1</v></c></row>";
    check_refused("shared.xlsx", with(shared), "where a place or a number is expected");
    let missing = "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>99</v></c></row>";
    check_refused("missing.xlsx", with(missing), "cannot be read from here");
    let long =
        format!("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>{}</v></c></row>", "x".repeat(2 << 20));
    check_refused("long.xlsx", with(&long), "the cell A2 is longer than 1 MiB");
    let longer =
        format!("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>{}</v></c></row>", "x".repeat(5 << 20));
    check_refused("longer.xlsx", with(&longer), "has a text longer than 4 MiB");
    let sst = "<?xml version=\"1.0\"?><sst uniqueCount=\"18446744073709551615\"></sst>";
    check_refused(
        "count.xlsx",
        packed(TEXTS, sst.as_bytes()),
        "where a place or a number is expected",
    );
    let entities = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><sst uniqueCount=\"1\"><si><t>&a;</t></si></sst>";
    check_refused("entities.xlsx", packed(TEXTS, entities.as_bytes()), "declares entities");
    let bomb = [b"<sst>".as_slice(), &vec![b' '; 64 << 20]].concat();
    check_refused("bomb.xlsx", packed(TEXTS, &bomb), "has a text longer than 4 MiB");
    let bomb = format!("<sst>{}", "<si/>".repeat(13 << 20));
    check_refused("small.xlsx", packed(TEXTS, bomb.as_bytes()), "texts");
    let bomb = format!("<worksheet>{}", "<row/>".repeat(10 << 20));
    check_refused("rows.xlsx", packed(SHEET, bomb.as_bytes()), "unpacks to far more than its size");
    let deep = format!("<worksheet>{}", "<a>".repeat(100));
    check_refused("deep.xlsx", packed(SHEET, deep.as_bytes()), "is nested too deep");
    check_refused("blank.xlsx", packed(SHEET, b"no XML"), "is no XML");
    let whole = packed(SHEET, &worksheet(""));
    check_refused("empty.xlsx", whole.clone(), "the workbook is empty");
    check_refused("half.xlsx", whole[..whole.len() / 2].to_vec(), "the workbook cannot be read");
    check_refused("name.xlsx", b"PK\x03\x04...".to_vec(), "the workbook cannot be read");
    check_refused(
        "old.xls",
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].to_vec(),
        "in the old form .xls",
    );
}

#[test]
fn other_files_in_the_same_wrapping_are_told_apart() {
    for (part, expected) in [
        ("content.xml", "an OpenDocument file (.ods)"),
        ("xl/workbook.bin", "a binary workbook (.xlsb)"),
        ("word/document.xml", "a text document"),
        ("other.txt", "no workbook in the form .xlsx"),
    ] {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(part, SimpleFileOptions::default()).unwrap();
        writer.write_all(b"<x/>").unwrap();
        check_refused("other.xlsx", writer.finish().unwrap().into_inner(), expected);
    }
}

#[test]
fn damaged_workbooks_never_stop_the_program() {
    let whole = typed().save_to_buffer().unwrap();
    let mut world = World::new();
    for seed in 0..150_usize {
        let mut bytes = whole.clone();
        for turn in 0..=seed % 7 {
            let at = (seed * 7919 + turn * 104_729) % bytes.len();
            bytes[at] = bytes[at].wrapping_add(u8::try_from(seed % 255).unwrap() + 1);
        }
        let path = world.file("damaged.xlsx", &bytes);
        // Whether it can still be read does not matter; that an answer comes, does.
        let _answer = world.import(&path).map_err(|error| error.to_string());
    }
    world.sound();
}
