//! Coding sheets: what a row makes and finds, and each mistake with its line and column.

use dixit::import::{Report, Request, import};
use dixit::store::{self, Limits};

use super::{SHEET, World, added, refusals, request};

#[test]
fn a_sheet_makes_what_it_names_and_again_changes_nothing() {
    let mut world = World::new();
    let report = world.sheet(SHEET);
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!(
        (added(&report, "statement"), added(&report, "actor"), added(&report, "link")),
        (2, 3, 1)
    );
    let again = world.sheet(SHEET);
    assert_eq!((again.added, again.changed, again.refused_count), (vec![], vec![], 0));
    world.sound();
}

#[test]
fn a_sheet_finds_names_and_aliases_without_case_and_accents() {
    let mut world = World::geneva();
    let sheet = "speaker,act,claim,source\nRUBIO,asserts,plan-us-authored,post-report\nmarco  rubio,denies,The plan is a novelty.,post-report\n";
    let report = world.sheet(sheet);
    assert_eq!(
        (added(&report, "actor"), added(&report, "claim"), added(&report, "statement")),
        (0, 1, 2)
    );
    world.sound();
}

#[test]
fn references_by_row_may_point_forward_but_not_in_a_circle() {
    let head = "speaker,act,claim,source,reports\n";
    let mut world = World::new();
    let report = world.sheet(&format!("{head}A,reports,,P,3\nB,asserts,C.,P,\n"));
    assert_eq!((refusals(&report), added(&report, "link")), (vec![], 1));
    let report = world.sheet(&format!("{head}D,reports,,P,3\nE,reports,,P,2\n"));
    assert_eq!(
        refusals(&report),
        [
            "sheet.csv:3 reports: the statement would report itself through others: row 3 → row 2 → row 3"
        ]
    );
    let report = world.sheet(&format!("{head}D,reports,,P,9\n"));
    assert_eq!(
        refusals(&report),
        [
            "sheet.csv:2 reports: there is no statement in row 9 [rows are counted as a spreadsheet does: the heading is row 1]"
        ]
    );
    world.sound();
}

#[test]
fn rows_with_the_same_content_stay_apart_and_are_found_again() {
    let sheet = "speaker,act,claim,source\nA,asserts,C.,P\nA,asserts,C.,P\n";
    let mut world = World::new();
    assert_eq!(added(&world.sheet(sheet), "statement"), 2);
    let again = world.sheet(sheet);
    assert_eq!((again.added, again.changed, again.unchanged), (vec![], vec![], 4));
    assert_eq!((world.count("Statement"), again.repeated), (2, 1));
}

#[test]
fn one_key_on_two_rows_is_one_statement_read_twice_unless_they_differ() {
    let mut world = World::new();
    let report = world.sheet("key,speaker,act,claim,source\ns,A,asserts,C.,P\ns,A,asserts,C.,Q\n");
    assert_eq!((added(&report, "statement"), added(&report, "attestation")), (1, 2));
    let report = world.sheet("key,speaker,act,claim,source\nt,A,asserts,C.,P\nt,A,denies,C.,Q\n");
    assert_eq!(
        refusals(&report),
        ["sheet.csv:3: this statement stands further up in the same file, with other content \
         [keep one of the two, or give one another key]"]
    );
}

#[test]
fn speakers_who_are_not_named_stay_with_their_source() {
    let mut world = World::new();
    let sheet = "speaker,identity,act,claim,source\nan aide,described,asserts,C.,P\nan aide,described,asserts,C.,Q\n\
                 an aide,described,denies,D.,P\n,unidentified,asserts,C.,P\n";
    let report = world.sheet(sheet);
    assert_eq!((refusals(&report), added(&report, "actor")), (vec![], 3));
    world.sound();
}

#[test]
fn names_with_the_same_slug_get_numbered_keys() {
    let mut world = World::new();
    let map = world.file("map.toml", "[columns]\nspeaker = { column = \"speaker\", match = \"exact\" }\nact = \"act\"\nclaim = \"claim\"\nsource = \"source\"\n");
    let sheet = world
        .file("sheet.csv", "speaker,act,claim,source\nJ. Doe,asserts,C.,P\nJ Doe,asserts,C.,P\n");
    let request = Request { map: Some(map), ..request(&[sheet]) };
    let report = import(&mut world.writer, &request, &mut |_| ()).unwrap();
    assert_eq!(added(&report, "actor"), 2);
    let reader = store::open(world.writer.path(), &Limits::default()).unwrap();
    let names = reader.names(1, 10).unwrap();
    assert!(
        names.contains(&"j-doe".to_owned()) && names.contains(&"j-doe-2".to_owned()),
        "{names:?}"
    );
}

#[test]
fn without_creating_what_is_missing_is_refused_with_the_closest() {
    let mut world = World::geneva();
    let sheet = world.file(
        "sheet.csv",
        "speaker,act,claim,source,venue\nmarco-rubio,denies,plan-us-authored,post-report,halifx-security-forum\n",
    );
    let request = Request { create_missing: false, ..request(&[sheet]) };
    let report = import(&mut world.writer, &request, &mut |_| ()).unwrap();
    assert_eq!(
        refusals(&report),
        ["sheet.csv:2 venue: no venue 'halifx-security-forum' [closest: halifax-security-forum]"]
    );
}

/// One sheet, and the refusal it gets.
fn refused(sheet: impl AsRef<[u8]>, expected: &str) {
    let mut world = World::new();
    let path = world.file("sheet.csv", sheet);
    let report = world.import(&[path]);
    assert_eq!(refusals(&report).first().map(String::as_str), Some(expected));
    assert_eq!(world.count("Statement") + world.count("Actor"), 0, "nothing was changed");
}

#[test]
fn each_mistake_in_a_sheet_is_named_with_line_and_column() {
    let head = "speaker,act,claim,source,date\n";
    let good = "A,asserts,C.,P,\n";
    let with = |row: &str| format!("{head}{good}{row}");
    refused(with("A,asserst,C.,P,\n"), "sheet.csv:3 act: no act 'asserst' [closest: asserts]");
    refused(with(",asserts,C.,P,\n"), "sheet.csv:3 speaker: the speaker is missing");
    refused(with("A,,C.,P,\n"), "sheet.csv:3 act: the act is missing");
    refused(with("A,asserts,C.,,\n"), "sheet.csv:3 source: the source is missing");
    refused(
        with("A,asserts,,P,\n"),
        "sheet.csv:3: the row has neither a claim nor a statement that it relays \
         [write the claim, or in `reports` the statement that is relayed]",
    );
    refused(
        with("A,asserts,C.,P\n"),
        "sheet.csv:3: the row has 4 cells, the heading has 5 [a cell that holds the delimiter needs quotation marks]",
    );
    refused(
        with("\"A\nB\",asserts,C.,P,\nA,asserts,C.,P,\"x\n"),
        "sheet.csv:5: a quotation mark is opened here and never closed \
         [close it, or write two for one that is meant as such]",
    );
    refused(with("A\0,asserts,C.,P,\n"), "sheet.csv:3: the row holds a NUL character [remove it]");
    let mut latin = with("A").into_bytes();
    latin.extend(b"\xE9,asserts,C.,P,\n");
    refused(latin, "sheet.csv:3: the row is not valid UTF-8 [save the file as UTF-8]");
    let long = "x".repeat((1 << 20) + 1);
    refused(
        with(&format!("A,asserts,{long},P,\n")),
        "sheet.csv:3: a cell is longer than 1 MiB [a quotation mark that is not closed may be the reason]",
    );
    refused(
        "speaker,act,claim,source,dat\nA,asserts,C.,P,\n",
        "sheet.csv:1 dat: a coding sheet has no column 'dat' [closest: date]",
    );
}

#[test]
fn bad_dates_are_refused_with_the_spelling_that_was_meant() {
    let mut world = World::new();
    let report = world.sheet(
        "speaker,act,claim,source,date\nA,asserts,C.,P,22.11.2025\nA,asserts,C.,P,2025-02-30\n",
    );
    let lines = refusals(&report);
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with("sheet.csv:2 date: '22.11.2025' is not a date")
            && lines[0].ends_with("[write 2025-11-22]"),
        "{lines:?}"
    );
    let report = world.sheet("speaker,act,claim,source,date\nA,asserts,C.,P,3.4.2025\n");
    let help = report.refused[0].suggestion.as_deref().unwrap();
    assert!(
        help.ends_with("[..2025-11-22], or tell the order in a mapping: format = \"d.m.y\""),
        "{help}"
    );
}

#[test]
fn utf_16_is_named_as_such() {
    let wide: Vec<u8> =
        "speaker,act,claim,source\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(
        wide,
        "sheet.csv:1: the file is UTF-16, not UTF-8 [save it as UTF-8 (in Excel: CSV UTF-8)]",
    );
}

#[test]
fn a_file_that_is_no_sheet_says_what_is_expected() {
    let mut world = World::new();
    let path = world.file("list.csv", "name,age\nAnn,3\n");
    let error = import(&mut world.writer, &request(&[path]), &mut |_| ()).unwrap_err().to_string();
    assert!(error.contains("the first row does not name the columns of a coding sheet"), "{error}");
}

#[test]
fn what_is_no_text_is_refused_once() {
    let mut world = World::new();
    let old = "this is a workbook in the old form .xls, or one with a password; save it as .xlsx without a password, \
               or as CSV (UTF-8), and import that";
    let binary = [1, 0, 0, 0, 200, 10, 0, 0, 0, 7, 44, 0, 0];
    for (bytes, sheet, of_a_folder) in [
        (
            &b"PK\x03\x04\x14\0\x06\0"[..],
            "the workbook cannot be read: it is damaged or cut short",
            "this is a workbook or another packed file, not CSV; save it as CSV (UTF-8) and import that",
        ),
        (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1][..], old, old),
        (
            b"SQLite format 3\0\x10\0",
            "this is a database; save its table as CSV (UTF-8) and import that",
            "this is a database; save its table as CSV (UTF-8) and import that",
        ),
        (
            b"%PDF-1.7\n",
            "this is a PDF; a coding sheet is a CSV file in UTF-8",
            "this is a PDF; a coding sheet is a CSV file in UTF-8",
        ),
        (
            &binary,
            "this is no text; a coding sheet is a CSV file in UTF-8",
            "this is no text; a coding sheet is a CSV file in UTF-8",
        ),
    ] {
        for (name, why) in [("book.xlsx", sheet), ("f/actors.csv", of_a_folder)] {
            let path = world.file(name, bytes);
            let path = if name.starts_with('f') { path.parent().unwrap().to_owned() } else { path };
            let error = import(&mut world.writer, &request(&[path]), &mut |_| ()).unwrap_err();
            assert!(error.to_string().ends_with(&format!(": {why}")), "{error}");
        }
    }
}

#[test]
fn without_creating_a_name_is_refused_with_the_closest_name() {
    let mut world = World::new();
    world.sheet("speaker,act,claim,source\nAnnalena Baerbock,asserts,The bridge over the river will be built.,Protocol 20/1\n");
    let sheet = world.file(
        "sheet.csv",
        "speaker,act,claim,source\nAnnalena Bearbock,asserts,The bridge over the rivver will be built,Protocol 20-1\n",
    );
    let request = Request { create_missing: false, ..request(&[sheet]) };
    let report = import(&mut world.writer, &request, &mut |_| ()).unwrap();
    assert_eq!(
        refusals(&report),
        [
            "sheet.csv:2 source: no source 'Protocol 20-1' [closest: Protocol 20/1]",
            "sheet.csv:2 speaker: no actor 'Annalena Bearbock' [closest: Annalena Baerbock]",
            "sheet.csv:2 claim: no claim 'The bridge over the rivver will be built' \
             [closest: The bridge over the river will be built.]",
        ]
    );
}

#[test]
fn new_names_that_may_be_slips_are_told() {
    let mut world = World::new();
    world.sheet("speaker,act,claim,source,venue\nAnn,asserts,It rains.,Post,Halifax\n");
    let text = "speaker,act,claim,source,venue\nAnna,asserts,It rains,Post,Halifx\n";
    let path = world.file("sheet.csv", text);
    let near = [("venue", "Halifx", "Halifax"), ("claim", "It rains", "It rains.")];
    let tried = Request { dry_run: true, ..request(std::slice::from_ref(&path)) };
    let report = import(&mut world.writer, &tried, &mut |_| ()).unwrap();
    let told = |report: &Report| {
        let mut near = report.near.clone();
        near.sort_by(|a, b| b.cmp(a));
        near
    };
    let near = near.map(|(noun, new, old)| (noun.to_owned(), new.to_owned(), old.to_owned()));
    assert_eq!(told(&report), near);
    assert_eq!(told(&world.import(std::slice::from_ref(&path))), near);
    assert_eq!(world.import(&[path]).near, []);
}

#[test]
fn refusals_come_by_file_and_line() {
    let mut world = World::new();
    let report = world.sheet("speaker,act,claim,source,reports\nA,reports,,P,9\nB,asserst,C.,P,\n");
    let lines: Vec<u64> = report.refused.iter().map(|refusal| refusal.line).collect();
    assert_eq!(lines, [2, 3]);
}
