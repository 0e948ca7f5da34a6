//! Files go into a store whole or not at all; what is refused is named with file, line, column and what to do.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use dixit::{
    import::{Report, Request, import, import_geneva},
    store::{self, Limits, Writer, check::check},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn request(paths: &[PathBuf]) -> Request {
    Request {
        paths: paths.to_vec(),
        create_missing: true,
        now: "2026-01-01T00:00:00Z".into(),
        ..Request::default()
    }
}

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

    fn geneva() -> Self {
        let mut world = Self::new();
        let report = import_geneva(&mut world.writer, "2026-01-01T00:00:00Z").unwrap();
        assert_eq!(report.refused, []);
        world
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn import(&mut self, paths: &[PathBuf]) -> Report {
        import(&mut self.writer, &request(paths), &mut |_| ()).unwrap()
    }

    fn sheet(&mut self, text: &str) -> Report {
        let path = self.file("sheet.csv", text);
        self.import(&[path])
    }

    fn count(&self, kind: &str) -> u64 {
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        reader.counts().unwrap().into_iter().find(|(name, _)| name == kind).unwrap().1
    }

    fn sound(&self) {
        let reader = store::open(self.writer.path(), &Limits::default()).unwrap();
        assert_eq!(check(&reader).unwrap(), []);
        let connection = rusqlite::Connection::open(self.writer.path()).unwrap();
        for index in ["actor_search", "source_search", "claim_search", "attestation_search"] {
            let sql = format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
            connection.execute_batch(&sql).unwrap();
        }
    }
}

fn refusals(report: &Report) -> Vec<String> {
    let line = |refusal: &dixit::import::Refusal| {
        let file = Path::new(&refusal.file).file_name().unwrap().to_string_lossy().into_owned();
        let column = refusal.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
        let help = refusal.suggestion.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{file}:{}{column}: {}{help}", refusal.line, refusal.reason)
    };
    report.refused.iter().map(line).collect()
}

fn added(report: &Report, noun: &str) -> u64 {
    report.added.iter().find(|(known, _)| known == noun).map_or(0, |(_, count)| *count)
}

#[test]
fn the_example_has_its_counts() {
    let world = World::geneva();
    for (kind, count) in [
        ("Actor", 31),
        ("Venue", 13),
        ("Source", 6),
        ("Topic", 14),
        ("Event", 7),
        ("Relation", 36),
        ("Claim", 31),
        ("Statement", 49),
        ("Attestation", 79),
        ("Assessment", 1),
    ] {
        assert_eq!(world.count(kind), count, "{kind}");
    }
    world.sound();
}

#[test]
fn importing_again_changes_nothing() {
    let mut world = World::geneva();
    let report = import_geneva(&mut world.writer, "2026-01-02T00:00:00Z").unwrap();
    assert_eq!((report.added, report.changed), (vec![], vec![]));
    assert!(report.unchanged > 300);
    world.sound();
}

const SHEET: &str = "key,speaker,act,claim,date,venue,source,quote,reports,topic,audience
s1,Marco Rubio,denies,The plan is ours.,2025-11,Halifax,Post,not ours,,plan,
s2,A Senator,reports,,2025-11-22,Halifax,Post,,s1,,Press;Marco Rubio
";

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
fn a_folder_may_hold_some_of_the_files_and_change_what_is_there() {
    let mut world = World::geneva();
    world.file("more/actors.csv", "key,note,aliases\nmarco-rubio,Changed,Rubio;Marco\n");
    let folder = world.folder.path().join("more");
    let report = world.import(std::slice::from_ref(&folder));
    assert_eq!((refusals(&report), report.changed), (vec![], vec![("actor".to_owned(), 1)]));
    let again = world.import(&[folder]);
    assert_eq!((again.changed, again.unchanged), (vec![], 1));
    world.sound();
}

#[test]
fn a_renamed_actor_is_found_by_the_new_name_only() {
    let mut world = World::geneva();
    world.file("more/actors.csv", "key,name\nmike-rounds,Marion Rounds\n");
    let folder = world.folder.path().join("more");
    world.import(&[folder]);
    let report = world
        .sheet("speaker,act,claim,source\nMarion Rounds,asserts,plan-us-authored,post-report\n");
    assert_eq!(added(&report, "actor"), 0);
    let report =
        world.sheet("speaker,act,claim,source\nMike Rounds,asserts,The moon rises.,post-report\n");
    assert_eq!(added(&report, "actor"), 1);
    world.sound();
}

/// Files of a folder next to the example, and the refusal they get.
fn folder_refused(files: &[(&str, &str)], expected: &str) {
    let mut world = World::geneva();
    for (name, text) in files {
        world.file(&format!("more/{name}"), text);
    }
    let folder = world.folder.path().join("more");
    let report = world.import(&[folder]);
    assert_eq!(refusals(&report).first().map(String::as_str), Some(expected));
    assert_eq!((world.count("Actor"), world.count("Statement")), (31, 49), "nothing was changed");
}

#[test]
fn each_mistake_in_a_folder_is_named_with_file_line_and_column() {
    let actors = ("actors.csv", "key,name\nnew,New\n");
    folder_refused(
        &[actors, ("statments.csv", "key\n")],
        "statments.csv:1: no file of this name belongs to a folder [closest: statements.csv]",
    );
    folder_refused(
        &[("actors.csv", "key,nmae\nx,X\n")],
        "actors.csv:1 nmae: actors.csv has no column 'nmae' [closest: name]",
    );
    folder_refused(
        &[("actors.csv", "key,name,kind\nx,X,persn\n")],
        "actors.csv:2 kind: no actor kind 'persn' [closest: person]",
    );
    folder_refused(
        &[("venues.csv", "key,name,within\nx,X,cannada\n")],
        "venues.csv:2 within: no venue 'cannada' [closest: canada]",
    );
    folder_refused(
        &[("statements.csv", "key,speaker,act,claim\nx,marco-rubio,asserts,plan-us-authored\n")],
        "statements.csv:2 key: nothing says where the statement 'x' was read [add a row to attestations.csv]",
    );
    folder_refused(
        &[(
            "links.csv",
            "from,relation,to\nrounds-not-our-plan,reverses,rubio-denies-us-position\n",
        )],
        "links.csv:2: a reversal has one speaker, but these two statements have different ones",
    );
    folder_refused(
        &[(
            "links.csv",
            "from,relation,to\nadmin-concedes-guarantees,reports,officials-relay-concession\n",
        )],
        "links.csv:2: the statement would report itself through others: 'admin-concedes-guarantees' → 'officials-relay-concession' → 'admin-concedes-guarantees'",
    );
    folder_refused(
        &[(
            "relations.csv",
            "from,relation,to,valid_from,valid_to,source\ngeneva,part_of,europe,2025,2024,post-report\n",
        )],
        "relations.csv:2: it ends before it starts",
    );
    folder_refused(
        &[
            ("actors.csv", "key,name\ngeneva,Geneva\n"),
            ("claim_about.csv", "claim,about\nplan-us-authored,geneva\n"),
        ],
        "claim_about.csv:2 about: 'geneva' may mean several things [actor:geneva or venue:geneva]",
    );
    folder_refused(
        &[("assessments.csv", "target,scale,value\npost-report,source-reliability,G\n")],
        "assessments.csv:2 value: no source reliability 'G' [one of A, B, C, D, … or a new term in vocab.csv]",
    );
    folder_refused(
        &[("actors.csv", "key,name\nx,X\nx,Y\n")],
        "actors.csv:3: this actor stands further up in the same file, with other content \
         [keep one of the two, or give one another key]",
    );
}

#[test]
fn what_points_to_a_refused_row_is_not_refused_as_well() {
    let mut world = World::new();
    world.file("f/actors.csv", "key,name,kind\na,A,persn\n");
    world.file("f/statements.csv", "key,speaker,act\ns,a,asserts\n");
    let folder = world.folder.path().join("f");
    assert_eq!(refusals(&world.import(&[folder])).len(), 1);
}

#[test]
fn new_terms_come_in_with_the_vocabulary() {
    let mut world = World::geneva();
    world.file("f/vocab.csv", "vocabulary,term,definition\nactor-kind,robot,a machine\n");
    world.file("f/actors.csv", "key,name,kind\nr2,R2,robot\n");
    let folder = world.folder.path().join("f");
    let report = world.import(&[folder]);
    assert_eq!(
        (refusals(&report), added(&report, "term"), added(&report, "actor")),
        (vec![], 1, 1)
    );
}

#[test]
fn a_kind_before_the_key_tells_which_is_meant() {
    let mut world = World::geneva();
    world.file("f/actors.csv", "key,name\ngeneva,Geneva\n");
    world.file("f/claim_about.csv", "claim,about\nplan-us-authored,venue:geneva\n");
    let folder = world.folder.path().join("f");
    assert_eq!(added(&world.import(&[folder]), "claim subject"), 1);
    world.sound();
}

#[test]
fn a_try_tells_the_same_and_changes_nothing() {
    let mut world = World::new();
    let path = world.file("sheet.csv", SHEET);
    let tried = Request { dry_run: true, ..request(std::slice::from_ref(&path)) };
    let before = fs::read(world.writer.path()).unwrap();
    let report = import(&mut world.writer, &tried, &mut |_| ()).unwrap();
    assert_eq!((added(&report, "statement"), report.dry_run), (2, true));
    assert_eq!(fs::read(world.writer.path()).unwrap(), before);
    assert_eq!(added(&world.import(&[path]), "statement"), 2);
}

#[test]
fn several_paths_are_one_import() {
    let mut world = World::new();
    let good = world.file("good.csv", SHEET);
    let bad = world.file("bad.csv", "speaker,act,claim,source\nA,says,C.,P\n");
    assert_eq!(world.import(&[good, bad]).refused_count, 1);
    assert_eq!(world.count("Statement"), 0);
}

fn mapped(map: &str, sheet: &str) -> Result<(World, Report), String> {
    let mut world = World::new();
    let report = world.mapped(map, sheet)?;
    Ok((world, report))
}

impl World {
    fn mapped(&mut self, map: &str, sheet: &str) -> Result<Report, String> {
        let map = self.file("map.toml", map);
        let sheet = self.file("sheet.csv", sheet);
        let request = Request { map: Some(map), ..request(&[sheet]) };
        import(&mut self.writer, &request, &mut |_| ()).map_err(|error| match error {
            dixit::import::Error::Mapping(source, wrong) => {
                let line = |offset| source.line_column(offset).0;
                let wrong = wrong.iter().map(|one| {
                    let help = one.help.as_deref().unwrap_or("-");
                    format!("{}: {} [{help}]", line(one.labels[0].span.start), one.message)
                });
                wrong.collect::<Vec<_>>().join("\n")
            }
            other => other.to_string(),
        })
    }
}
const MAP: &str = "
[file]
delimiter = \"semicolon\"

[columns]
speaker = \"Who\"
act = { column = \"How\", values = { yes = \"asserts\", no = \"denies\" }, others = \"refuse\" }
claim = \"What\"
source = { value = \"Interviews\" }
topic = { column = \"Themes\", split = \"/\" }
venue = { column = \"Where\", default = \"Unknown place\" }

[new.actor]
kind = \"person\"

[[sources]]
key = \"interviews\"
title = \"Interviews\"
kind = \"interview\"

[[relations]]
relation = \"member_of\"
to = \"Party\"

[[assessments]]
scale = \"credibility\"
value = \"Rating\"
assessor = \"the coder\"
";

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
fn a_file_that_is_no_sheet_says_what_is_expected() {
    let mut world = World::new();
    let path = world.file("list.csv", "name,age\nAnn,3\n");
    let error = import(&mut world.writer, &request(&[path]), &mut |_| ()).unwrap_err().to_string();
    assert!(error.contains("the first row does not name the columns of a coding sheet"), "{error}");
}

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

#[test]
fn a_number_that_means_a_refused_row_is_not_refused_as_well() {
    let mut world = World::new();
    let report = world.sheet(&format!("{KEYED}a,V,reports,,P,3\nb,W,asserst,C.,P,\n"));
    assert_eq!(refusals(&report), ["sheet.csv:3 act: no act 'asserst' [closest: asserts]"]);
}
