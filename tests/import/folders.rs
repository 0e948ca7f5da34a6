//! Folders of CSV files, and several paths at once.

use dixit::import::{Request, import};
use std::fs;

use super::{SHEET, World, added, refusals, request};

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
