//! Mappings: what the columns of somebody else's sheet mean.

use super::{MAP, added, mapped, refusals};

#[test]
fn a_mapping_reads_someone_elses_sheet() {
    let sheet = "Who;How;What;Themes;Where;Party;Rating\nAnn;yes;It rains.;weather/news;;Greens;2\nBob;no;It rains.;;Bern;;\n";
    let (world, report) = mapped(MAP, sheet).unwrap();
    assert_eq!(refusals(&report), [""; 0]);
    for (noun, count) in [
        ("statement", 2),
        ("claim", 1),
        ("topic", 2),
        ("venue", 2),
        ("relation", 1),
        ("assessment", 1),
        ("source", 1),
    ] {
        assert_eq!(added(&report, noun), count, "{noun}");
    }
    world.sound();
}

#[test]
fn a_cell_without_a_value_in_the_mapping_is_refused() {
    let (_, report) =
        mapped(MAP, "Who;How;What;Themes;Where;Party;Rating\nAnn;yess;It rains.;;;;\n").unwrap();
    assert_eq!(
        refusals(&report),
        ["sheet.csv:2 act: the mapping has no value for 'yess' [closest: yes]"]
    );
    let (_, report) =
        mapped(MAP, "Who;How;What;Themes;Were;Party;Rating\nAnn;yes;It rains.;;;;\n").unwrap();
    assert_eq!(
        refusals(&report),
        ["sheet.csv:1 Where: the sheet has no column 'Where' [closest: Were]"]
    );
}

#[test]
fn mistakes_in_a_mapping_are_named_with_their_line() {
    let check = |map: &str, expected: &str| {
        assert_eq!(mapped(map, "a\n").err().as_deref(), Some(expected), "{map}");
    };
    let rest = "act = 2\nsource = 3\n";
    check(
        &format!("[columns]\nspeakr = 1\nspeaker = 1\n{rest}"),
        "2: there is no field called `speakr` [did you mean `speaker`?]",
    );
    check(
        &format!("[fiel]\nheader = false\n[columns]\nspeaker = 1\n{rest}"),
        "1: unknown field `fiel`, expected one of `file`, `columns`, `new`, `terms`, `actors`, `venues`, `topics`, \
         `events`, `sources`, `assessments`, `relations`, `rows` [did you mean `file`?]",
    );
    check(
        "[columns]\nspeaker = 1\nact = 2\n",
        "1: nothing says where the source stands [add `source = \"its column\"`, or `source = { value = \"the same for every row\" }`]",
    );
    check(
        &format!("[file]\ndelimiter = \"komma\"\n[columns]\nspeaker = 1\n{rest}"),
        "2: there is no delimiter 'komma' [write comma, semicolon, tab, pipe or one character]",
    );
    check(
        &format!("[columns]\nspeaker = {{ column = 1, value = \"x\" }}\n{rest}"),
        "2: this field has both a column and a constant [write `column` for a column, `value` for a constant, `template` for both in one]",
    );
    check(
        &format!("[columns]\nspeaker = {{ colum = 1 }}\n{rest}"),
        "2: unknown field `colum`, expected one of `column`, `value`, `template`, `default`, `split`, `values`, `patterns`, `otherwise`, `others`, `match`, \
         `prefix`, `format` [did you mean `column`?]",
    );
}

#[test]
fn a_needed_field_whose_value_is_skipped_skips_the_row() {
    let map = "[columns]\nspeaker = 1\nact = { column = 2, values = { yes = \"asserts\" }, others = \"skip\" }\n\
               claim = 3\nsource = 4\nvenue = { column = 5, values = { b = \"Bern\" }, others = \"skip\" }\n";
    let sheet = "who,how,what,where,at\nA,yes,C.,P,b\nB,maybe,C.,P,b\nC,yes,C.,P,x\nD,no,E.,P,b\n";
    let (world, report) = mapped(map, sheet).unwrap();
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!((added(&report, "statement"), added(&report, "claim"), report.skipped), (2, 1, 2));
    world.sound();
    let (_, report) = mapped(map, &sheet.replace("B,maybe", "B,")).unwrap();
    assert_eq!(refusals(&report), ["sheet.csv:3 act: the act is missing"]);
}

#[test]
fn a_mapping_tells_the_order_of_day_month_and_year() {
    let map = "[columns]\nspeaker = 1\nact = 2\nclaim = 3\nsource = 4\ndate = { column = 5, format = \"d.m.y\" }\n";
    let row = |date: &str| format!("who,how,what,where,when\nA,asserts,C.,P,{date}\n");
    for (date, first, last) in [
        ("3.4.2025", 20_250_403, 20_250_403),
        ("03. 04. 2025", 20_250_403, 20_250_403),
        ("2025-04", 20_250_401, 20_250_430),
    ] {
        let (world, report) = mapped(map, &row(date)).unwrap();
        assert_eq!(refusals(&report), [""; 0]);
        let connection = rusqlite::Connection::open(world.writer.path()).unwrap();
        let days: (i64, i64) = connection
            .query_row("SELECT date_first, date_last FROM statement", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(days, (first, last), "{date}");
    }
    for (date, expected) in [
        ("3.4.25", "'3.4.25' is not a date: its year is too short [write the year in four digits]"),
        ("31.2.2025", "'31.2.2025' is not a date: there is no day 2025-02-31"),
        ("22/11/2025", "'22/11/2025' is not a date [write 2025-11-22]"),
    ] {
        let (_, report) = mapped(map, &row(date)).unwrap();
        assert_eq!(refusals(&report), [format!("sheet.csv:2 date: {expected}")]);
    }
    let wrong = |map: &str| mapped(map, &row("")).err().unwrap();
    assert_eq!(
        wrong(&map.replace("d.m.y", "%d.%m")),
        "6: '%d.%m' does not tell the order of day, month and year \
         [write d, m and y with what stands between them, as in \"d.m.y\" or \"m/d/y\"]"
    );
    assert_eq!(
        wrong(&map.replace("claim = 3", "claim = { column = 3, format = \"d.m.y\" }")),
        "4: only the field `date` takes a `format` [-]"
    );
}
