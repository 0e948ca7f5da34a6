//! Keys of statements, over several sheets.

use super::{World, added, refusals};

const KEYED: &str = "key,speaker,act,claim,source,reports\n";

#[test]
fn a_key_that_another_sheet_uses_for_something_else_is_refused() {
    let mut world = World::new();
    world.sheet(&format!("{KEYED}1,Ann,asserts,C.,P,\n2,Bob,denies,C.,P,\n"));
    let other = world.file("faz.csv", format!("{KEYED}1,Cid,asserts,D.,P,\n2,Bob,denies,D.,Q,\n"));
    let expected = [
        "faz.csv:2: statement '1' is there already, said by Ann: a key must be unique over all sheets \
         [give the keys of this sheet a prefix in a mapping: key = { column = \"key\", prefix = \"faz-\" }]",
        "faz.csv:3: statement '2' is there already, with another claim from another source: \
         a key must be unique over all sheets \
         [give the keys of this sheet a prefix in a mapping: key = { column = \"key\", prefix = \"faz-\" }]",
    ];
    assert_eq!(refusals(&world.import(std::slice::from_ref(&other))), expected);
    let mut both = World::new();
    let first = both.file("sz.csv", format!("{KEYED}1,Ann,asserts,C.,P,\n2,Bob,denies,C.,P,\n"));
    assert_eq!(refusals(&both.import(&[first, other])), expected, "within one command");
    assert_eq!(both.count("Statement"), 0);
    world.sound();
}

#[test]
fn one_field_of_a_keyed_row_may_be_corrected() {
    let mut world = World::new();
    world.sheet(&format!("{KEYED}1,Ann,asserts,C.,P,\n"));
    for row in ["1,Ann,denies,C.,P,", "1,Bob,denies,C.,P,", "1,Bob,denies,D.,P,"] {
        let report = world.sheet(&format!("{KEYED}{row}\n"));
        assert_eq!((refusals(&report), report.changed.len()), (vec![], 1), "{row}");
    }
    let report = world.sheet(&format!("{KEYED}1,Bob,denies,D.,Q,\n"));
    assert_eq!((refusals(&report), added(&report, "attestation")), (vec![], 1));
    assert_eq!(world.count("Statement"), 1);
    world.sound();
}

#[test]
fn a_prefix_keeps_the_keys_of_sheets_apart() {
    let map = "[columns]\nkey = { column = \"key\", prefix = \"faz-\" }\nspeaker = \"speaker\"\nact = \"act\"\n\
               claim = \"claim\"\nsource = \"source\"\nreports = \"reports\"\n";
    let mut world = World::new();
    world.sheet(&format!("{KEYED}1,Ann,asserts,C.,P,\n2,Bob,denies,C.,P,\nz,Zoe,denies,C.,P,\n"));
    let sheet = format!("{KEYED}1,Cid,asserts,D.,Q,\n2,Dan,reports,,Q,1\n4,Eve,reports,,Q,z\n");
    let report = world.mapped(map, &sheet).unwrap();
    assert_eq!((refusals(&report), added(&report, "link")), (vec![], 2));
    let connection = rusqlite::Connection::open(world.writer.path()).unwrap();
    let mut query = connection
        .prepare("SELECT a.key || ' ' || b.key FROM statement_link JOIN statement AS a ON a.id = from_statement JOIN statement AS b ON b.id = to_statement ORDER BY 1")
        .unwrap();
    let links: Vec<String> =
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(links, ["faz-2 faz-1", "faz-4 z"]);
    let again = world.mapped(map, &sheet).unwrap();
    assert_eq!((again.added, again.changed, again.refused_count), (vec![], vec![], 0));
    world.sound();
    let wrong = map.replace("speaker = \"speaker\"", "speaker = { column = 2, prefix = \"x\" }");
    assert_eq!(
        world.mapped(&wrong, &sheet).unwrap_err(),
        "3: only the field `key` takes a `prefix` [-]"
    );
}

#[test]
fn a_number_never_means_the_statement_of_another_sheet_by_chance() {
    let mut world = World::new();
    world.sheet(&format!("{KEYED}3,Ann,asserts,C.,P,\n90,Bob,asserts,C.,P,\n"));
    // Without keys it is a row of the file, whatever the store holds.
    let report = world.sheet("speaker,act,claim,source,reports\nX,reports,,P,3\nY,asserts,E.,P,\n");
    assert_eq!((refusals(&report), added(&report, "link")), (vec![], 1));
    let connection = rusqlite::Connection::open(world.writer.path()).unwrap();
    let speaker: String = connection
        .query_row("SELECT a.name FROM statement_link JOIN statement AS s ON s.id = to_statement JOIN actor AS a ON a.id = s.speaker", [], |row| row.get(0))
        .unwrap();
    assert_eq!(speaker, "Y");
    let report = world.sheet("speaker,act,claim,source,reports\nZ,reports,,P,90\n");
    assert_eq!(
        refusals(&report),
        [
            "sheet.csv:2 reports: there is no statement in row 90 [rows are counted as a spreadsheet does: the heading is row 1]"
        ]
    );
    // With keys it is a key, and what might be a row as well is not guessed at.
    let report = world.sheet(&format!("{KEYED}a,V,reports,,P,90\nb,W,asserts,C.,P,\n"));
    assert_eq!((refusals(&report), added(&report, "link")), (vec![], 1));
    let report = world.sheet(&format!("{KEYED}c,V,reports,,P,3\nd,W,asserts,C.,P,\n"));
    assert_eq!(
        refusals(&report),
        [
            "sheet.csv:2 reports: '3' may mean a statement with this key that is not from this sheet, \
          or row 3 of this sheet, which is statement 'd' \
          [write 'd' for the row; for the other, a key that is no number of a row]"
        ]
    );
    let report =
        world.sheet(&format!("{KEYED}c,V,reports,,P,4\nd,W,asserts,C.,P,\ne,W,asserts,C.,P,\n"));
    assert_eq!(
        refusals(&report),
        ["sheet.csv:2 reports: '4' is no key, but row 4 of this sheet, which is statement 'e' \
          [write 'e' if the row is meant]"]
    );
    let report = world.sheet(&format!("{KEYED}7,V,reports,,P,8\n8,W,asserts,C.,P,\n"));
    assert_eq!((refusals(&report), added(&report, "link")), (vec![], 1));
    world.sound();
}

#[test]
fn a_number_that_means_a_refused_row_is_not_refused_as_well() {
    let mut world = World::new();
    let report = world.sheet(&format!("{KEYED}a,V,reports,,P,3\nb,W,asserst,C.,P,\n"));
    assert_eq!(refusals(&report), ["sheet.csv:3 act: no act 'asserst' [closest: asserts]"]);
}
