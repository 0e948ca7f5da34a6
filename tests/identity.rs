//! Actors that are judged to be one are one in every answer, their statements stay as they were coded, and taking the
//! judgement back gives the store as it was. Imports go on by what was coded.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

struct Place {
    folder: TempDir,
}

const ACTORS: &str = "key,name,kind,identity,aliases
ann,Ann Lee,person,named,
a-lee,A. Lee,person,named,Lee
lee-ann,\"Lee, Ann\",person,named,
bob,Bob Ray,person,named,
aide,an aide,person,described,
club,The Club,group,named,
";
const STATEMENTS: &str = "key,speaker,act,claim
one,ann,asserts,c
two,a-lee,denies,c
three,lee-ann,reports,
four,bob,denies,c
";
const FILES: &[(&str, &str)] = &[
    ("actors.csv", ACTORS),
    ("sources.csv", "key,title,publisher\ns,Post,a-lee\n"),
    ("claims.csv", "key,text\nc,It rains\n"),
    ("statements.csv", STATEMENTS),
    ("attestations.csv", "statement,source\none,s\ntwo,s\nthree,s\nfour,s\n"),
    ("statement_actors.csv", "statement,role,actor\nfour,audience,lee-ann\n"),
    ("links.csv", "from,relation,to\nthree,reports,four\n"),
    ("relations.csv", "key,from,relation,to,source\nr,lee-ann,member_of,club,s\n"),
];

impl Place {
    fn new() -> Self {
        let place = Self { folder: TempDir::new().unwrap() };
        let files = place.path("files");
        fs::create_dir(&files).unwrap();
        for (name, text) in FILES {
            fs::write(files.join(name), text).unwrap();
        }
        place.good(&["init", "x.dixit"]);
        place.good(&["import", "files"]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, line: &[&str]) -> (bool, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dixit"));
        let ran = command.args(line).arg("--no-config").current_dir(self.folder.path());
        let ran = ran.env("DIXIT_DB", "x.dixit").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (ran.status.success(), text(ran.stdout), text(ran.stderr))
    }

    fn good(&self, line: &[&str]) -> String {
        let (good, out, err) = self.run(line);
        assert!(good, "{line:?}: {err}");
        out
    }

    fn bad(&self, line: &[&str], expected: &str) {
        let (good, _, err) = self.run(line);
        assert!(!good && err.contains(expected), "{line:?}: {err}");
    }

    /// The values of a query's rows, one row a line.
    fn ask(&self, query: &str) -> String {
        self.good(&["query", query, "--format", "csv", "--no-header"]).replace("\r\n", "\n")
    }

    fn merge(&self) {
        self.good(&["merge", "ann", "a-lee", "lee-ann", "--why", "one woman"]);
    }
}

const QUESTIONS: &[&str] = &[
    "match (a:Actor) return count(*) as n",
    "match (a:Actor)-[s:said]->(c) return a.key, count(*) as n order by a.key",
    "match (s:Statement)-[:by]->(a) return s.key, a.key, a.name order by s.key",
    "match (a:Actor)-[:clashes_with]->(b:Actor) return a.key, b.key order by a.key, b.key",
    "match (c:Claim 'c') return independent_origins(c) as n, contested(c) as x",
    "match (:Actor 'Lee')-[s:said]->(c) return s.key order by s.key",
    "match (:Actor 'lee-ann')-[s:said]->(c) return s.key order by s.key",
    "match (:Source)-[:published_by]->(a) return a.key",
    "match (:Statement)-[:to]->(a) return a.key",
    "match (a)-[:member_of]->(b) return a.key, b.key",
    "match (a:Actor 'ann') return a.aliases",
    "match p = (a:Actor 'Bob Ray')<-[:by]-()<-[:reports]-()-[:by]->(b) return b.key, length(p)",
    "match (a:Actor), (b:Actor) where a.key < b.key and exists { (a)-[:said]->()<-[:said]-(b) } return a.key, b.key order by a.key",
    "match (a:Actor) where a.name = 'A. Lee' return a.key",
];

#[test]
fn one_actor_answers_for_all_it_is_judged_to_be() {
    let place = Place::new();
    let before: Vec<String> = QUESTIONS.iter().map(|query| place.ask(query)).collect();
    place.merge();
    let expected = [
        "4\n",
        "ann,2\nbob,1\n",
        "four,bob,Bob Ray\none,ann,Ann Lee\nthree,ann,Ann Lee\ntwo,ann,Ann Lee\n",
        "ann,bob\n",
        "1,true\n",
        "one\ntwo\n",
        "one\ntwo\n",
        "ann\n",
        "ann\n",
        "ann,club\n",
        "\"A. Lee; Lee; Lee, Ann\"\n",
        "ann,3\n",
        "ann,bob\n",
        "",
    ];
    for (query, expected) in QUESTIONS.iter().zip(expected) {
        assert_eq!(place.ask(query), expected, "{query}");
    }
    for actor in ["a-lee", "lee-ann"] {
        place.good(&["merge", "--undo", actor, "--why", "two after all"]);
    }
    let after: Vec<String> = QUESTIONS.iter().map(|query| place.ask(query)).collect();
    assert_eq!(before, after);
}

#[test]
fn a_statement_without_a_judgement_is_the_same_statement() {
    let place = Place::new();
    let line = ["explain", QUESTIONS[1], "--stage", "sql"];
    let before = place.good(&line);
    assert!(!before.contains("same_as"), "{before}");
    place.merge();
    assert!(place.good(&line).contains("same_as"));
    place.good(&["undo", "2", "--why", "two after all"]);
    assert_eq!(place.good(&line), before);
}

#[test]
fn what_was_coded_stays_and_importing_again_changes_nothing() {
    let place = Place::new();
    place.merge();
    let (_, _, err) = place.run(&["import", "files"]);
    assert!(err.contains("nothing changed"), "{err}");
    let store = rusqlite::Connection::open(place.path("x.dixit")).unwrap();
    let sql = "SELECT group_concat(speaker) FROM v_statement ORDER BY key";
    let speakers: String = store.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(speakers, "ann,a-lee,lee-ann,bob");
    drop(store);
    let sheet = "key,speaker,act,claim,source\nfive,Lee,asserts,c,s\n";
    fs::write(place.path("sheet.csv"), sheet).unwrap();
    place.good(&["import", "sheet.csv"]);
    assert_eq!(place.ask("match (:Statement 'five')-[:by]->(a) return a.key"), "ann\n");
}

#[test]
fn judgements_join_and_are_taken_back_one_by_one() {
    let place = Place::new();
    place.good(&["merge", "a-lee", "lee-ann", "--why", "x"]);
    place.good(&["merge", "ann", "lee-ann", "--why", "both of them"]);
    let list = place.good(&["merge", "--format", "csv", "--no-header"]);
    let pairs: Vec<&str> = list.lines().map(|line| line.split(",20").next().unwrap()).collect();
    assert_eq!(pairs, ["a-lee,A. Lee,ann,Ann Lee,1,3", "lee-ann,\"Lee, Ann\",ann,Ann Lee,1,3"]);
    let (_, _, err) = place.run(&["merge", "lee-ann", "a-lee", "--why", "x"]);
    assert!(err.contains("are one already") && err.contains("nothing changed"), "{err}");
    place.bad(&["undo", "2", "--why", "x"], "undo change 3 first");
    // The one that stands for the others leaves: the first of them stands for the rest.
    place.good(&["merge", "--undo", "ann", "--why", "x"]);
    assert_eq!(place.ask("match (s:Statement 'three')-[:by]->(a) return a.key"), "a-lee\n");
    place.good(&["undo", "4", "--why", "x"]);
    place.good(&["undo", "3", "--why", "x"]);
    assert_eq!(place.ask("match (s:Statement 'three')-[:by]->(a) return a.key"), "a-lee\n");
    place.good(&["check", "--rules"]);
}

/// What a later change made again is that change's, and not taken back with an earlier one.
#[test]
fn what_was_made_twice_is_undone_by_the_later_one_first() {
    let place = Place::new();
    place.good(&["merge", "ann", "a-lee", "--why", "x"]);
    place.good(&["merge", "--undo", "a-lee", "--why", "x"]);
    place.good(&["merge", "ann", "a-lee", "--why", "x"]);
    for note in ["x", "y", "x"] {
        let text = format!("match (a:Actor 'bob') set a.note = '{note}'");
        place.good(&["write", &text, "--why", "x"]);
    }
    place.bad(&["undo", "2", "--why", "x"], "'a-lee' and 'ann' was changed since, by change 4");
    place.bad(&["undo", "5", "--why", "x"], "`note` of actor 'bob' was changed since, by change 7");
    for (number, note) in [("7", "y"), ("6", "x"), ("5", "")] {
        place.good(&["undo", number, "--why", "x"]);
        assert_eq!(place.ask("match (a:Actor 'bob') return a.note").trim().trim_matches('"'), note);
    }
    // What was undone and made again stands again, as the change it was.
    place.good(&["undo", "10", "--why", "x"]);
    place.bad(&["undo", "7", "--why", "x"], "undone already, by change 8");
    place.good(&["undo", "5", "--why", "x"]);
    place.good(&["undo", "4", "--why", "x"]);
    place.good(&["undo", "3", "--why", "x"]);
    place.good(&["undo", "2", "--why", "x"]);
    assert_eq!(place.ask("match (a:Actor) return count(*) as n"), "6\n");
    place.good(&["check", "--rules"]);
}

#[test]
fn what_cannot_be_one_is_refused() {
    let place = Place::new();
    place.bad(&["merge", "ann", "aide", "--why", "x"], "belongs to its source");
    place.bad(&["merge", "ann", "club", "--why", "x"], "is a person and 'club' a group");
    place.bad(&["merge", "ann", "Bob Rai", "--why", "x"], "did you mean 'Bob Ray'?");
    place.bad(&["merge", "ann", "bob"], "a change needs a reason");
    place.good(&["duplicates", "--not-same", "ann", "lee-ann", "--why", "cousins"]);
    place.good(&["merge", "a-lee", "lee-ann", "--why", "x"]);
    place.bad(&["merge", "ann", "a-lee", "--why", "x"], "'ann' and 'lee-ann' are judged to be two");
    place.bad(&["duplicates", "--not-same", "a-lee", "lee-ann", "--why", "x"], "judged to be one");
}

#[test]
fn a_reversal_that_rests_on_a_judgement_holds_it() {
    let place = Place::new();
    let reverses = "match (a:Statement 'two'), (b:Statement 'one') insert (a)-[:reverses]->(b)";
    place.bad(&["write", reverses, "--why", "x"], "a reversal has one speaker");
    place.good(&["merge", "ann", "a-lee", "--why", "x"]);
    place.good(&["write", reverses, "--why", "x"]);
    place.bad(&["merge", "--undo", "a-lee", "--why", "x"], "a reversal has one speaker");
    place.bad(&["undo", "2", "--why", "x"], "a reversal has one speaker");
    place.good(&["check", "--rules"]);
}

/// Rules that hold across rows are proved of what an import changes, too.
#[test]
fn what_an_import_changes_keeps_the_rules() {
    let place = Place::new();
    place.good(&["merge", "ann", "a-lee", "--why", "x"]);
    let reverses = "match (a:Statement 'two'), (b:Statement 'one') insert (a)-[:reverses]->(b)";
    place.good(&["write", reverses, "--why", "x"]);
    let refused = [
        (
            "statements.csv",
            "key,speaker,act,claim\none,bob,asserts,c\n",
            "a reversal has one speaker",
        ),
        (
            "statements.csv",
            "key,speaker,act,claim\nsix,bob,disowns,\n",
            "neither a claim nor a link",
        ),
        ("actors.csv", "key,name,identity\nann,Ann Lee,described\n", "'ann' would not be named"),
        ("same_as.csv", "actor,same\nann,club\nann,bob\n", "ann"),
    ];
    for (file, text, why) in refused {
        let folder = place.path("more");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(file), text).unwrap();
        let sources = "statement,source\none,s\nsix,s\n";
        if text.contains("six") {
            fs::write(folder.join("attestations.csv"), sources).unwrap();
        }
        for line in [&["import", "more"][..], &["import", "more", "--dry-run"]] {
            place.bad(line, why);
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    let unnamed = "match (a:Actor 'a-lee') set a.identity = 'unidentified'";
    place.bad(&["write", unnamed, "--why", "x"], "'ann' would not be named");
    place.good(&["check", "--rules"]);
    assert_eq!(place.good(&["log", "--format", "csv", "--no-header"]).lines().count(), 3);
}

#[test]
fn what_is_written_goes_to_the_one_that_stands_for_all() {
    let place = Place::new();
    place.merge();
    place.good(&["write", "match (a:Actor 'Lee') set a.note = 'seen'", "--why", "x"]);
    assert_eq!(place.ask("match (a:Actor {note: 'seen'}) return a.key"), "ann\n");
    let gone = "match (:Statement 'four')-[e:to]->(:Actor 'ann') delete e";
    place.good(&["write", gone, "--why", "x"]);
    assert_eq!(place.ask("match (:Statement)-[:to]->(a) return a.key"), "");
    place.good(&["undo", "4", "--why", "x"]);
    assert_eq!(place.ask("match (:Statement)-[:to]->(a) return a.key"), "ann\n");
    place
        .bad(&["write", "match (a:Actor 'ann') delete a", "--why", "x"], "cannot be without 'ann'");
}

#[test]
fn what_was_recorded_earlier_knew_of_no_judgement() {
    let place = Place::new();
    let count = "match (a:Actor) return count(*) as n";
    std::thread::sleep(std::time::Duration::from_millis(20));
    let log = place.good(&["log", "--format", "csv", "--no-header"]);
    let at = log.lines().next().unwrap().split(',').nth(1).unwrap().to_owned();
    std::thread::sleep(std::time::Duration::from_millis(20));
    place.merge();
    assert_eq!(place.ask(count), "4\n");
    assert_eq!(place.ask(&format!("as recorded datetime '{at}' {count}")), "6\n");
}
