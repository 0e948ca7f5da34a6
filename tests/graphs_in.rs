//! Graphs in other forms than JSON lines: `GraphML`, the tables of bulk loaders, and plain tables of one kind.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use dixit::import::{self, Report, Request, import};
use dixit::store::{self, Writer};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct World {
    folder: TempDir,
    writer: Writer,
}

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let writer = store::create_bare(&folder.path().join("test.dixit")).unwrap();
        Self { folder, writer }
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn import(
        &mut self,
        paths: &[PathBuf],
        change: impl Fn(&mut Request),
    ) -> Result<Report, import::Error> {
        let mut request = Request {
            paths: paths.to_vec(),
            now: "2026-01-01T00:00:00Z".into(),
            ..Request::default()
        };
        change(&mut request);
        import(&mut self.writer, &request, &mut |_| ())
    }

    fn infer(&mut self, paths: &[PathBuf]) -> Report {
        self.import(paths, |request| request.infer = true).unwrap()
    }

    fn kind(&mut self, paths: &[PathBuf], kind: &str, infer: bool) -> Report {
        let change = |request: &mut Request| {
            request.kind = Some(kind.to_owned());
            request.infer = infer;
        };
        self.import(paths, change).unwrap()
    }

    fn ask(&self, sql: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.writer.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at| match row.get_ref(at).unwrap() {
                rusqlite::types::ValueRef::Null => "∅".to_owned(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                rusqlite::types::ValueRef::Real(number) => number.to_string(),
                rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                rusqlite::types::ValueRef::Blob(_) => "bytes".to_owned(),
            };
            all.push((0..width).map(cell).collect::<Vec<_>>().join("|"));
        }
        all
    }

    /// Tables of declared kinds and edges, by the names in the catalogue.
    fn table(&self, what: &str, name: &str) -> String {
        let sql = format!("SELECT table_name FROM dixit_{what} WHERE name = '{name}'");
        self.ask(&sql).first().cloned().unwrap_or_else(|| panic!("no {name}"))
    }
}

fn refusals(report: &Report) -> Vec<String> {
    let line = |refusal: &import::Refusal| {
        let file = Path::new(&refusal.file).file_name().unwrap().to_string_lossy().into_owned();
        let column = refusal.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
        let help = refusal.suggestion.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{file}:{}{column}: {}{help}", refusal.line, refusal.reason)
    };
    report.refused.iter().map(line).collect()
}

fn added(report: &Report) -> Vec<(&str, u64)> {
    report.added.iter().map(|(noun, count)| (noun.as_str(), *count)).collect()
}

const FILMS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key id="d0" for="node" attr.name="name" attr.type="string"/>
  <key id="d1" for="node" attr.name="born" attr.type="int"><default>1900</default></key>
  <key id="d2" for="edge" attr.name="role" attr.type="string"/>
  <key id="d3" for="node" yfiles.type="nodegraphics"/>
  <key id="d4" for="node" attr.name="seen" attr.type="boolean"/>
  <key id="d5" for="node" attr.name="score" attr.type="double"/>
  <graph id="G" edgedefault="directed">
    <data key="d0">a graph</data>
    <node id="p1" labels=":Person"><data key="d0">Carrie &amp; &#65; <![CDATA[<x>]]></data><data key="d1">1967</data>
      <data key="d3"><y:ShapeNode><y:NodeLabel>Carrie</y:NodeLabel></y:ShapeNode></data><port name="n"/></node>
    <node id="p2" labels=":Person"><data key="d4">true</data><data key="d5">0.5</data></node>
    <node id="m1" labels=":Movie:Old"/>
    <edge id="e1" source="p1" target="m1" label="ACTED_IN"><data key="d2">Trinity</data></edge>
    <edge id="e2" source="p1" target="p2" label="KNOWS" directed="false"/>
    <edge source="m1" target="p2"/>
  </graph>
</graphml>
"#;

#[test]
fn graphml_comes_in_with_its_types() {
    let mut world = World::new();
    let path = world.file("films.graphml", FILMS);
    let report = world.infer(std::slice::from_ref(&path));
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!(added(&report), [("node", 3), ("edge", 3)]);
    let left_out: Vec<(&str, u64)> =
        report.left_out.iter().map(|(noun, count)| (noun.as_str(), *count)).collect();
    assert_eq!(
        left_out,
        [("drawing of a node or edge", 1), ("port", 1), ("property of the graph", 1)]
    );
    assert!(
        report.remarks.contains(&"edges without a name are called `edge`".to_owned()),
        "{:?}",
        report.remarks
    );
    let person = world.table("kind", "Person");
    let rows =
        world.ask(&format!("SELECT key, name, born, seen, score FROM {person} ORDER BY key"));
    assert_eq!(rows, ["p1|Carrie & A <x>|1967|∅|∅", "p2|∅|1900|1|0.5"]);
    let symmetric = world.ask("SELECT name FROM dixit_edge WHERE symmetric = 1 AND name = 'KNOWS'");
    assert_eq!(symmetric, ["KNOWS"]);
    let again = world.infer(&[path]);
    assert_eq!(
        (added(&again), again.changed.len(), again.refused_count, again.unchanged),
        (vec![], 0, 0, 6)
    );
}

fn graph(content: &str) -> String {
    format!(
        "<graphml><key id=\"k\" for=\"node\" attr.name=\"n\" attr.type=\"int\"/><graph edgedefault=\"directed\">{content}</graph></graphml>"
    )
}

fn check_graphml(content: &str, expected: &str) {
    let mut world = World::new();
    let path = world.file("g.graphml", content);
    let kinds = "SELECT count(*) FROM dixit_kind";
    let before = world.ask(kinds);
    let report = world.infer(&[path]);
    let said = refusals(&report).join("; ");
    assert!(said.contains(expected), "{content}: {said}");
    assert_eq!(world.ask(kinds), before);
}

#[test]
fn graphml_made_to_harm_is_refused() {
    let laughs = format!(
        "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>{}",
        graph("<node id=\"&b;\"/>")
    );
    check_graphml(&laughs, "the file declares entities, which are not read; remove the DOCTYPE");
    let outside = format!(
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{}",
        graph("<node id=\"1\"><data key=\"k\">&a;</data></node>")
    );
    check_graphml(&outside, "the file declares entities");
    check_graphml(
        &graph("<node id=\"1\"><data key=\"k\">&a;</data></node>"),
        "the file uses an entity of its own",
    );
    check_graphml(&graph("<node id=\"&a;\"/>"), "an attribute uses an entity");
    check_graphml(&graph(&"<x>".repeat(100)), "nested too deep");
    check_graphml(
        &graph(&format!("<node id=\"1\"><data key=\"k\">{}</data></node>", "1".repeat(5 << 20))),
        "a text is longer than 4 MiB",
    );
    check_graphml(
        &graph(&format!(
            "<node id=\"1\">{}</node>",
            format!("<data key=\"k\">{}</data>", "1".repeat(1 << 20)).repeat(9)
        )),
        "longer than 8 MiB",
    );
}

#[test]
fn graphml_that_does_not_add_up_is_refused() {
    check_graphml(
        &graph("<node id=\"1\"><graph><node id=\"2\"/></graph></node>"),
        "a node holds a graph of its own",
    );
    check_graphml(
        &graph("<hyperedge><endpoint node=\"1\"/></hyperedge>"),
        "a hyperedge joins several nodes",
    );
    check_graphml(
        &graph("<node id=\"1\"><data key=\"k\">x</data></node>"),
        "`n`: 'x' is no whole number of 64 bits",
    );
    check_graphml(&graph("<node id=\"1\"><data key=\"z\">x</data></node>"), "there is no key 'z'");
    check_graphml(&graph("<node/>"), "a node needs an `id`");
    check_graphml(&graph("<node id=\"1\"/><edge source=\"1\"/>"), "an edge needs a `target`");
    check_graphml(
        &graph("<node id=\"1\"/><edge source=\"1\" target=\"9\"/>"),
        "there is no node '9'",
    );
    check_graphml(&graph("<node id=\"1\"/><node id=\"1\"/>"), "the node '1' is there already");
    check_graphml(
        &graph(
            "<node id=\"1\"/><edge source=\"1\" target=\"1\"/><edge source=\"1\" target=\"1\" directed=\"false\"/>",
        ),
        "holds one way in one place and both ways in another",
    );
    let key = format!(
        "<graphml><key id=\"k\" for=\"node\" attr.name=\"{}\"/></graphml>",
        "x".repeat(2 << 20)
    );
    check_graphml(&key, "the keys hold more than 1 MiB");
    check_graphml("<graphml><graph>", "the file ends inside an element");
    check_graphml("<graphml></graphml>", "there is no graph in it");
    check_graphml("<graphml><graph></node></graph></graphml>", "this is no XML");
    check_graphml(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><graphml/>",
        "the file is in ISO-8859-1, not UTF-8",
    );
}

#[test]
fn tables_of_bulk_loaders_come_in() {
    let mut world = World::new();
    let people = world.file(
        "people.csv",
        "id:ID(P),name,age:int,tags:string[],:LABEL\n1,Ada,36,a;b,Person\n2,Ben,,,Person;Smith\n",
    );
    let films =
        world.file("films.csv", ":ID(F)|title:string|good:boolean|:LABEL\n1|Heat|true|Film\n");
    let roles = world.file(
        "roles.csv",
        ":START_ID(P),role,:END_ID(F),:TYPE\n1,lead,1,acted_in\n2,,1,acted_in\n",
    );
    let paths = [roles, people, films];
    let report = world.infer(&paths);
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!(added(&report), [("node", 3), ("edge", 2)]);
    let person = world.table("kind", "Person");
    assert_eq!(
        world.ask(&format!("SELECT key, id, name, age, tags FROM {person}")),
        ["P:1|1|Ada|36|[\"a\",\"b\"]"]
    );
    let again = world.infer(&paths);
    assert_eq!((added(&again), again.changed.len(), again.unchanged), (vec![], 0, 5));
    let wrong = world.file("wrong.csv", "id:ID,age:int\n1,old\n,3\n4,5,6\n");
    let report = world.infer(&[wrong]);
    assert_eq!(
        refusals(&report),
        [
            "wrong.csv:2: `age`: 'old' is no whole number",
            "wrong.csv:3: a node needs an `:ID`",
            "wrong.csv:4: the row has 3 cells, the heading has 2"
        ]
    );
    let wrong = world.file("wrong.csv", "id:ID,age:itn\n1,old\n");
    assert_eq!(
        refusals(&world.infer(&[wrong])),
        ["wrong.csv:1: the column 'age:itn' has no known type; closest: int"]
    );
}

#[test]
fn rows_of_one_kind_come_in_one_by_one() {
    let mut world = World::new();
    let path = world
        .file("people.csv", "id,name,height,zip,alive\np1,Ada,1.75,00501,true\np2,Ben,2,10001,\n");
    let report = world.kind(std::slice::from_ref(&path), "Person", true);
    assert_eq!(refusals(&report), [""; 0]);
    assert_eq!(added(&report), [("node", 2)]);
    let person = world.table("kind", "Person");
    let all = format!("SELECT key, name, height, zip, alive FROM {person} ORDER BY key");
    assert_eq!(world.ask(&all), ["p1|Ada|1.75|00501|1", "p2|Ben|2|10001|∅"]);
    let again = world.kind(&[path], "Person", false);
    assert_eq!((added(&again), again.changed.len(), again.unchanged), (vec![], 0, 2));
    // A correction, a new row, and an empty cell, which leaves what is there.
    let more = world.file("more.csv", "key;name;height\np1;Ada Q.;\np3;Cy;1.5\n");
    let report = world.kind(&[more], "Person", false);
    assert_eq!(
        (added(&report), report.changed.clone()),
        (vec![("node", 1)], vec![("node".to_owned(), 1)])
    );
    assert_eq!(world.ask(&all), ["p1|Ada Q.|1.75|00501|1", "p2|Ben|2|10001|∅", "p3|Cy|1.5|∅|∅"]);
    // The store is one that can be opened, with its indexes back.
    drop(store::open(world.writer.path(), &store::Limits::default()).unwrap());
    let indexes = format!(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = '{person}'"
    );
    assert_eq!(world.ask(&indexes), ["1"]);
}

#[test]
fn rows_of_one_edge_come_in_one_by_one() {
    let mut world = World::new();
    let start = world.file("start.jsonl", "{\"id\":\"p1\",\"labels\":[\"Person\"]}\n{\"id\":\"p2\",\"labels\":[\"Person\"]}\n{\"id\":\"x\",\"src\":\"p1\",\"dst\":\"p2\",\"type\":\"knows\",\"props\":{\"since\":1999}}\n");
    assert_eq!(added(&world.infer(&[start])), [("node", 2), ("edge", 1)]);
    let knows = |world: &mut World, text: &str| {
        let path = world.file("knows.csv", text);
        world.import(&[path], |request| request.edge = Some("knows".to_owned())).unwrap()
    };
    let text = "from,to,since\np2,p1,2001\np2,p1,2001\n";
    assert_eq!(added(&knows(&mut world, text)), [("edge", 2)]);
    let again = knows(&mut world, text);
    assert_eq!((added(&again), again.unchanged), (vec![], 2));
    let wrong = knows(&mut world, "from,to,since\np2,p9,2001\np2,p1,x\n");
    assert_eq!(
        refusals(&wrong),
        ["knows.csv:2 to: there is no node 'p9'", "knows.csv:3 since: 'x' is no int"]
    );
    let path = world.file("knows.csv", "a,b\np1,p2\n");
    let unknown = world.import(&[path], |request| request.edge = Some("know".to_owned())).unwrap();
    assert_eq!(
        refusals(&unknown)[0],
        "knows.csv:1: no column is called start or from or source or src or startNode or start_node [say which one it is: `--from COLUMN`]"
    );
}

#[test]
fn tables_with_mistakes_change_nothing() {
    let mut world = World::new();
    let start = world.file("people.csv", "id,name,age\np1,Ada,36\n");
    world.kind(&[start], "Person", true);
    let mut check = |text: &str, kind: &str, expected: &[&str]| {
        let path = world.file("rows.csv", text);
        let report = world.kind(&[path], kind, false);
        assert_eq!(refusals(&report), expected, "{text}");
    };
    check(
        "id,name\np2,Ben\n",
        "Persn",
        &["rows.csv:1: there is no kind `Persn` [closest: Person]"],
    );
    check(
        "id,nam\np2,Ben\n",
        "Person",
        &["rows.csv:1 nam: there is no property `nam` [closest: name]"],
    );
    check(
        "nr,name\np2,Ben\n",
        "Person",
        &["rows.csv:1: no column is called key or id or _id [say which one it is: `--key COLUMN`]"],
    );
    check(
        "id,age\np2,old\n,3\np3,1,2\n",
        "Person",
        &[
            "rows.csv:2 age: 'old' is no int",
            "rows.csv:3: a key cannot be empty",
            "rows.csv:4: the row has 3 cells, the heading has 2 [a cell that holds the delimiter needs quotation marks]",
        ],
    );
    check("id,age\np2,1\np2,2\n", "Person", &["rows.csv:3: the key 'p2' stands further up"]);
    check("id,id\np2,1\n", "Person", &["rows.csv:1 id: this column stands twice"]);
    check("id,,n\np2,1,2\n", "Person", &["rows.csv:1: column 2 has no heading"]);
    let mut fresh = World::new();
    let path = fresh.file("rows.csv", "id,age\np1,1\np2,2\np1,3\n");
    let report = fresh.kind(&[path], "Person", true);
    let said = refusals(&report).join("; ");
    assert!(
        said.starts_with("rows.csv:4: the key 'p1' is there already:")
            && said.ends_with("rows.csv:2"),
        "{said}"
    );
    assert_eq!(fresh.ask("SELECT count(*) FROM dixit_kind WHERE name = 'Person'"), ["0"]);
}
