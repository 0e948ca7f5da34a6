//! The graph as files of other programs, read back by strict readers and held against the store's own lines: nothing is
//! lost on the way, signs and weights are right, and no text becomes anything but text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run fails")]

mod house;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dixit::base::date::{Date, NO_FIRST, NO_LAST};
use dixit::import;
use dixit::store;
use house::leaving::{dixit, done, lines};
use roxmltree::{Document, Node};
use serde_json::Value;
use tempfile::TempDir;

fn geneva(folder: &Path) -> PathBuf {
    let path = folder.join("geneva.dixit");
    let mut writer = store::create(&path).unwrap();
    import::import_geneva(&mut writer, "2026-01-01T00:00:00Z").unwrap();
    path
}

/// A store as lines, by what they are.
fn sorted(store: &Path) -> BTreeMap<String, Vec<Value>> {
    let mut sorted: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in lines(store).lines() {
        let Value::Object(line) = serde_json::from_str(line).unwrap() else { panic!("{line}") };
        let (name, value) = line.into_iter().next().unwrap();
        sorted.entry(name).or_default().push(value);
    }
    sorted
}

fn exported(store: &Path, line: &[&str]) -> String {
    done(&[&["export"], line, &["--db", store.to_str().unwrap()]].concat(), Path::new("."))
}

const HOSTILE: &[&str] = &[
    "</data></node><script>alert(1)</script>",
    "\" ]; x [label=\"\\",
    "]]> --> &amp; &#0; %s \\\" ' `",
    "two\nlines\r\nand\ttabs",
    " blanks around ",
    "left\u{202e}right\u{feff} 👩‍👧",
];

/// The example with hostile names, in declared kinds too.
fn hostile(folder: &Path) -> PathBuf {
    let store = geneva(folder);
    let mut text = lines(&store);
    text.push_str(r#"{"kind":{"name":"Od d:<k>\"ind`","properties":[{"name":"type","type":"text"},{"name":"key","type":"int"},{"name":"a`b\"<&>","type":"list<text>"},{"name":"f","type":"float"},{"name":"ok","type":"bool"}]}}
{"edge_kind":{"name":"e`<&>\"","from":"Od d:<k>\"ind`","to":"Claim","properties":[{"name":"type","type":"int"},{"name":"key","type":"text"}]}}
{"edge_kind":{"name":"both","from":"Actor","to":"Actor","symmetric":true,"properties":[]}}
"#);
    for (at, one) in HOSTILE.iter().enumerate() {
        let one = serde_json::to_string(one).unwrap();
        let key = serde_json::to_string(&HOSTILE[at].replace(['\n', '\r', '\t'], "_")).unwrap();
        text.extend([format!(
            r#"{{"actor":{{"key":{key},"name":{one},"kind":"person","aliases":[{one},"x"],"note":{one}}}}}
{{"claim":{{"key":{key},"text":{one}}}}}
{{"statement":{{"key":{key},"speaker":{key},"act":"denies","claim":{key}}}}}
{{"attestation":{{"statement":{key},"source":"post-report","quote":{one}}}}}
{{"node":{{"kind":"Od d:<k>\"ind`","key":{one},"properties":{{"type":{one},"key":{at},"a`b\"<&>":[{one}],"f":0.1,"ok":true}}}}}}
{{"edge":{{"name":"e`<&>\"","from":{{"Od d:<k>\"ind`":{one}}},"to":{{"Claim":{key}}},"key":{one},"properties":{{"type":1,"key":{one}}}}}}}
{{"edge":{{"name":"both","from":{{"Actor":{key}}},"to":{{"Actor":"mike-rounds"}},"key":{one}}}}}
"#
        )]);
    }
    // What is declared stands before the nodes.
    let mut all: Vec<&str> = text.lines().skip(1).collect();
    all.sort_by_key(|line| !(line.starts_with("{\"kind\"") || line.starts_with("{\"edge_kind\"")));
    let head = text.lines().next().unwrap();
    fs::write(folder.join("hostile.jsonl"), format!("{head}\n{}\n", all.join("\n"))).unwrap();
    done(&["import", "hostile.jsonl", "--db", store.to_str().unwrap()], folder);
    store
}

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.has_tag_name(name) || child.tag_name().name() == name)
}

/// A node or an edge of `GraphML`, with its data by name.
type Data = BTreeMap<String, String>;

/// Edges: where they start, where they end, and their data.
type Joined = Vec<(String, String, Data)>;

/// Reads `GraphML` strictly: ids are name tokens and unique, keys are declared for what has them, values are of their types,
/// edges join nodes that are there.
fn graphml(text: &str) -> (BTreeMap<String, Data>, Joined) {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().namespace(), Some("http://graphml.graphdrawing.org/xmlns"));
    let mut keys: BTreeMap<&str, (&str, &str, &str)> = BTreeMap::new();
    for key in children(root, "key") {
        let of = |name: &str| key.attribute(name).unwrap();
        let known = keys.insert(of("id"), (of("for"), of("attr.name"), of("attr.type")));
        assert!(known.is_none());
    }
    let named: BTreeSet<_> = keys.values().map(|key| (key.0, key.1, key.2)).collect();
    assert_eq!(named.len(), keys.len(), "a key stands twice");
    let data = |node: Node<'_, '_>, wanted: &str| -> Data {
        let mut all = Data::new();
        for data in node.children().filter(|child| child.tag_name().name() == "data") {
            let (of, name, ty) = keys[data.attribute("key").unwrap()];
            assert_eq!(of, wanted);
            let value = data.text().unwrap_or_default();
            match ty {
                "long" => drop(value.parse::<i64>().unwrap()),
                "double" => drop(value.parse::<f64>().unwrap()),
                "boolean" => drop(value.parse::<bool>().unwrap()),
                other => assert_eq!(other, "string"),
            }
            assert!(all.insert(name.to_owned(), value.to_owned()).is_none(), "{name}");
        }
        all
    };
    let graph = children(root, "graph").next().unwrap();
    let (mut nodes, mut edges) = (BTreeMap::new(), Vec::new());
    for node in children(graph, "node") {
        let id = node.attribute("id").unwrap();
        assert!(id.chars().all(|c| c.is_alphanumeric() || "-._:".contains(c)), "{id}");
        assert!(nodes.insert(id.to_owned(), data(node, "node")).is_none(), "{id}");
    }
    for edge in children(graph, "edge") {
        let [from, to] = ["source", "target"].map(|name| edge.attribute(name).unwrap().to_owned());
        assert!(nodes.contains_key(&from) && nodes.contains_key(&to), "{from} {to}");
        edges.push((from, to, data(edge, "edge")));
    }
    (nodes, edges)
}

/// How many edges the lines of a store tell of.
fn edges_of(sorted: &BTreeMap<String, Vec<Value>>) -> usize {
    let rows = |name: &str| sorted.get(name).map_or(&[][..], Vec::as_slice);
    let with = |name: &str, members: &[&str]| {
        rows(name).iter().flat_map(|row| members.iter().filter(|one| !row[**one].is_null())).count()
    };
    let topics: usize =
        rows("claim").iter().map(|row| row["topic"].as_array().map_or(0, Vec::len)).sum();
    let alone = [
        "about",
        "participant",
        "attestation",
        "link",
        "source_link",
        "relation",
        "assessment",
        "edge",
    ];
    with("statement", &["speaker", "claim", "venue", "event"])
        + with("venue", &["within", "basis"])
        + with("event", &["venue", "within", "basis"])
        + with("topic", &["within"])
        + with("source", &["publisher", "author", "venue"])
        + topics
        + alone.iter().map(|name| rows(name).len()).sum::<usize>()
}

#[test]
fn graphml_holds_every_node_and_edge() {
    let folder = TempDir::new().unwrap();
    for store in [geneva(folder.path()), hostile(TempDir::new().unwrap().keep().as_path())] {
        let sorted = sorted(&store);
        let (nodes, edges) = graphml(&exported(&store, &["graphml"]));
        let kinds = [
            "actor",
            "venue",
            "topic",
            "event",
            "source",
            "claim",
            "statement",
            "assessment",
            "node",
        ];
        let count: usize = kinds.iter().filter_map(|kind| sorted.get(*kind)).map(Vec::len).sum();
        assert_eq!(nodes.len(), count);
        assert_eq!(edges.len(), edges_of(&sorted));
        let of = |id: &str, name: &str| nodes[id].get(name).map(String::as_str);
        assert_eq!(of("Actor:marco-rubio", "name"), Some("Marco Rubio"));
        assert_eq!(of("Actor:marco-rubio", "type"), Some("Actor"));
        assert_eq!(of("Actor:marco-rubio", "kind"), Some("person"));
        assert_eq!(of("Statement:pigott-false", "polarity"), Some("-1"));
        let cites =
            edges.iter().filter(|edge| edge.2["type"] == "in" && edge.2.contains_key("cites"));
        assert_eq!(cites.count(), 29);
        let told = edges.iter().filter(|edge| edge.2["type"] == "to").count();
        assert_eq!(told, 10);
    }
}

#[test]
fn hostile_texts_stay_texts_in_graphml() {
    let folder = TempDir::new().unwrap();
    let (nodes, edges) = graphml(&exported(&hostile(folder.path()), &["graphml"]));
    for (at, one) in HOSTILE.iter().enumerate() {
        let aliases = serde_json::to_string(&BTreeSet::from([*one, "x"])).unwrap();
        let known = |data: &&Data| data.get("note").is_some_and(|note| note == one);
        let actor = nodes.values().find(known).unwrap();
        assert_eq!((&actor["name"], &actor["aliases"]), (&(*one).to_owned(), &aliases));
        let node = nodes
            .values()
            .find(|data| data["key"] == *one && data["type"].starts_with("Od"))
            .unwrap();
        assert_eq!((node["type_"].as_str(), node["key_"].clone()), (*one, at.to_string()));
        assert_eq!(node["a`b\"<&>"], serde_json::to_string(&[one]).unwrap());
        assert_eq!((node["f"].as_str(), node["ok"].as_str()), ("0.1", "true"));
        let edge =
            edges.iter().find(|edge| edge.2["type"] == "e`<&>\"" && edge.2["key"] == *one).unwrap();
        assert_eq!((edge.2["type_"].as_str(), edge.2["key_"].as_str()), ("1", *one));
    }
    let both = edges.iter().filter(|edge| edge.2["type"] == "both").count();
    assert_eq!(both, HOSTILE.len());
}

/// An edge of a projection: its ends, its sign; its weight, what is own, what is relayed, the first and the last day.
type Projected =
    BTreeMap<(String, String, String), (i64, i64, i64, Option<String>, Option<String>)>;

/// What the statements of a store say, as far as projections need it.
struct Said {
    key: String,
    speakers: Vec<String>,
    claim: Option<String>,
    side: i64,
    relayed: bool,
    days: (Option<String>, Option<String>),
}

fn said(sorted: &BTreeMap<String, Vec<Value>>) -> (Vec<Said>, Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let acts: BTreeMap<&str, i64> = sorted["term"]
        .iter()
        .filter(|term| term["vocabulary"] == "act")
        .map(|term| (term["term"].as_str().unwrap(), term["polarity"].as_i64().unwrap_or(0)))
        .collect();
    let reports = sorted["link"].iter().filter(|link| link["relation"] == "reports");
    let reports: Vec<(String, String)> =
        reports.map(|link| (text(&link["from"]).unwrap(), text(&link["to"]).unwrap())).collect();
    let mut all = Vec::new();
    for row in &sorted["statement"] {
        let key = text(&row["key"]).unwrap();
        let with = sorted["participant"]
            .iter()
            .filter(|part| part["statement"] == row["key"] && part["role"] == "co-speaker");
        let mut speakers = vec![text(&row["speaker"]).unwrap()];
        speakers.extend(with.map(|part| text(&part["actor"]).unwrap()));
        let date = row["date"].as_str().map(|date| Date::parse(date).unwrap());
        let day = |number: i64| {
            format!("{:04}-{:02}-{:02}", number / 10000, number / 100 % 100, number % 100)
        };
        let first = date.as_ref().filter(|date| date.first != NO_FIRST).map(|date| day(date.first));
        let last = date.as_ref().filter(|date| date.last != NO_LAST).map(|date| day(date.last));
        all.push(Said {
            relayed: reports.iter().any(|(_, told)| *told == key),
            claim: text(&row["claim"]),
            side: acts[row["act"].as_str().unwrap()],
            days: (first, last),
            speakers,
            key,
        });
    }
    (all, reports)
}

fn span(all: &[&Said]) -> (Option<String>, Option<String>) {
    let first = all.iter().filter_map(|said| said.days.0.clone()).min();
    (first, all.iter().filter_map(|said| said.days.1.clone()).max())
}

fn row(all: &[&Said]) -> (i64, i64, i64, Option<String>, Option<String>) {
    let weight = i64::try_from(all.len()).unwrap();
    let relayed = i64::try_from(all.iter().filter(|said| said.relayed).count()).unwrap();
    let (first, last) = span(all);
    (weight, weight - relayed, relayed, first, last)
}

/// How two actors clash on a claim: whether one of the two is only told of, and what both said.
type Ways<'s> = Vec<(bool, Vec<&'s Said>)>;

/// The three projections, worked out from the lines of a store.
fn expected(sorted: &BTreeMap<String, Vec<Value>>) -> [Projected; 3] {
    let (all, reports) = said(sorted);
    let actor = |key: &str| format!("Actor:{key}");
    let mut takes: BTreeMap<(String, String, String), Vec<&Said>> = BTreeMap::new();
    for said in &all {
        let Some(claim) = &said.claim else { continue };
        let sign = ["against", "neutral", "for"][usize::try_from(said.side + 1).unwrap()];
        for speaker in &said.speakers {
            let key = (actor(speaker), format!("Claim:{claim}"), sign.to_owned());
            takes.entry(key).or_default().push(said);
        }
    }
    let mut clashes: BTreeMap<(String, String), BTreeMap<String, Ways<'_>>> = BTreeMap::new();
    for ((one, claim, sign), yes) in &takes {
        for ((other, same, against), no) in &takes {
            if (sign.as_str(), against.as_str()) != ("for", "against")
                || claim != same
                || one == other
            {
                continue;
            }
            let told = yes.iter().all(|said| said.relayed) || no.iter().all(|said| said.relayed);
            let pair = if one < other { (one, other) } else { (other, one) };
            let both = yes.iter().chain(no).copied().collect();
            let claims = clashes.entry((pair.0.clone(), pair.1.clone())).or_default();
            claims.entry(claim.clone()).or_default().push((told, both));
        }
    }
    let clashes = clashes.into_iter().map(|((one, other), claims)| {
        let weight = i64::try_from(claims.len()).unwrap();
        let told = claims.values().filter(|ways| ways.iter().all(|way| way.0)).count();
        let told = i64::try_from(told).unwrap();
        let said: Vec<&Said> = claims.into_values().flatten().flat_map(|way| way.1).collect();
        let (first, last) = span(&said);
        ((one, other, "against".to_owned()), (weight, weight - told, told, first, last))
    });
    let mut tells: BTreeMap<(String, String, String), Vec<&Said>> = BTreeMap::new();
    for (teller, told) in &reports {
        let find = |key: &str| all.iter().find(|said| said.key == key).unwrap();
        for speaker in &find(teller).speakers {
            let key = (actor(speaker), actor(&find(told).speakers[0]), "neutral".to_owned());
            let tells = tells.entry(key).or_default();
            if !tells.iter().any(|said| said.key == *teller) {
                tells.push(find(teller));
            }
        }
    }
    let rows =
        |all: BTreeMap<_, Vec<&Said>>| all.into_iter().map(|(key, all)| (key, row(&all))).collect();
    [rows(takes), clashes.collect(), rows(tells)]
}

/// Reads GEXF strictly: attributes are declared, edges join nodes that are there, spells are as the days say.
fn gexf(text: &str) -> (BTreeMap<String, String>, Projected) {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().namespace(), Some("http://gexf.net/1.3"));
    assert_eq!(root.attribute("version"), Some("1.3"));
    let graph = children(root, "graph").next().unwrap();
    let mut titles: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for class in children(graph, "attributes") {
        for one in children(class, "attribute") {
            let class = class.attribute("class").unwrap();
            titles.insert((class, one.attribute("id").unwrap()), one.attribute("title").unwrap());
        }
    }
    let values = |class: &'static str, node: Node<'_, '_>| -> BTreeMap<String, String> {
        let all = node.children().find(|child| child.tag_name().name() == "attvalues").unwrap();
        let all = all.children().filter(Node::is_element);
        all.map(|one| {
            let title = titles[&(class, one.attribute("for").unwrap())];
            (title.to_owned(), one.attribute("value").unwrap().to_owned())
        })
        .collect()
    };
    let mut nodes = BTreeMap::new();
    for node in children(children(graph, "nodes").next().unwrap(), "node") {
        let (id, label) = (node.attribute("id").unwrap(), node.attribute("label").unwrap());
        assert!(id.starts_with(&format!("{}:", values("node", node)["kind"])));
        assert!(nodes.insert(id.to_owned(), label.to_owned()).is_none());
    }
    let mut edges = Projected::new();
    for edge in children(children(graph, "edges").next().unwrap(), "edge") {
        let of = |name: &str| edge.attribute(name).unwrap().to_owned();
        let values = values("edge", edge);
        assert_eq!(values["sign"], of("kind"));
        let number = |name: &str| values[name].parse::<i64>().unwrap();
        let (own, relayed) = (number("own"), number("relayed"));
        let known = match (own, relayed) {
            (_, 0) => "own",
            (0, _) => "relayed",
            _ => "own and relayed",
        };
        assert_eq!(values["known"], known);
        let (first, last) = (values.get("first").cloned(), values.get("last").cloned());
        let spell = edge.descendants().find(|node| node.tag_name().name() == "spell");
        let bound = |name: &str| spell.and_then(|spell| spell.attribute(name).map(str::to_owned));
        assert_eq!((bound("start"), bound("end")), (first.clone(), last.clone()));
        let key = (of("source"), of("target"), of("kind"));
        assert!(nodes.contains_key(&key.0) && nodes.contains_key(&key.1));
        let row = (of("weight").parse().unwrap(), own, relayed, first, last);
        assert!(edges.insert(key, row).is_none(), "two edges for a pair and a sign");
    }
    (nodes, edges)
}

/// The tokens of DOT: signs by themselves, names and texts.
fn tokens(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '{' | '}' | '[' | ']' | '=' | ';' => all.push(c.to_string()),
            '-' => all.push(format!("-{}", chars.next().unwrap())),
            '"' => {
                let mut text = "\"".to_owned();
                loop {
                    match chars.next().unwrap() {
                        '"' => break,
                        '\\' => match chars.next().unwrap() {
                            'n' => text.push('\n'),
                            c @ ('"' | '\\') => text.push(c),
                            other => panic!("\\{other}"),
                        },
                        c => text.push(c),
                    }
                }
                all.push(text);
            }
            c if c.is_alphanumeric() => {
                let mut name = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                all.push(name);
            }
            other => panic!("{other:?} does not belong there"),
        }
    }
    all
}

/// Reads DOT as it is written here, and nothing else.
fn dot(text: &str) -> (BTreeMap<String, String>, Projected) {
    let all = tokens(text);
    let mut at = all.iter().map(String::as_str);
    let arrow = match at.next().unwrap() {
        "digraph" => "->",
        "graph" => "--",
        other => panic!("{other}"),
    };
    assert_eq!(at.next(), Some("{"));
    let (mut nodes, mut edges) = (BTreeMap::new(), Projected::new());
    loop {
        let first = at.next().unwrap();
        let Some(id) = first.strip_prefix('"') else {
            if first == "}" {
                assert_eq!(at.next(), None);
                return (nodes, edges);
            }
            // What holds for the whole picture.
            while at.next().unwrap() != ";" {}
            continue;
        };
        let next = at.next().unwrap();
        let to = (next == arrow).then(|| at.next().unwrap().strip_prefix('"').unwrap());
        assert_eq!(if to.is_some() { at.next().unwrap() } else { next }, "[");
        let mut attributes = BTreeMap::new();
        loop {
            match at.next().unwrap() {
                "]" => break,
                name => {
                    assert_eq!(at.next(), Some("="));
                    let value = at.next().unwrap();
                    attributes.insert(name, value.strip_prefix('"').unwrap_or(value));
                }
            }
        }
        assert_eq!(at.next(), Some(";"));
        let of = |name: &str| attributes.get(name).map(|value| (*value).to_owned());
        let number = |name: &str| of(name).unwrap().parse().unwrap();
        match to {
            None => drop(nodes.insert(id.to_owned(), of("label").unwrap())),
            Some(to) => {
                assert!(nodes.contains_key(id) && nodes.contains_key(to));
                assert_eq!(of("style").is_some(), number("own") == 0);
                let key = (id.to_owned(), to.to_owned(), of("sign").unwrap());
                let row =
                    (number("weight"), number("own"), number("relayed"), of("first"), of("last"));
                assert!(edges.insert(key, row).is_none());
            }
        }
    }
}

#[test]
fn projections_are_what_the_statements_say() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let shown = store.to_str().unwrap();
    // More than one statement for a pair, own and relayed, with and without days; sides that clash both ways.
    for query in [
        "insert (:Actor 'Rubio')-[s:denies {date: 2025-11-24}]->(:Claim 'plan-is-us-position'), (s)-[:in]->(:Source 'post-report'), (s)-[:with]->(:Actor 'Pigott')",
        "insert (:Actor 'Pigott')-[s:asserts]->(:Claim 'plan-is-us-position'), (s)-[:in]->(:Source 'post-report')",
        "insert (:Actor 'Rounds')-[s:asserts {date: 2025-11}]->(:Claim 'plan-is-us-position'), (s)-[:in]->(:Source 'post-report')",
    ] {
        done(&["write", query, "--why", "a test", "--db", shown], folder.path());
    }
    let expected = expected(&sorted(&store));
    assert!(expected[1].len() > 3, "{:?}", expected[1]);
    for (name, expected) in ["actor-claim", "actor-actor", "attribution"].iter().zip(expected) {
        let (nodes, edges) = gexf(&exported(&store, &["gexf", "--projection", name]));
        assert_eq!(edges, expected, "{name}");
        let joined: BTreeSet<&String> = edges.keys().flat_map(|key| [&key.0, &key.1]).collect();
        assert_eq!(nodes.keys().collect::<BTreeSet<_>>(), joined, "{name}: nodes without an edge");
        let drawn = dot(&exported(&store, &["dot", "--projection", name]));
        assert_eq!(drawn, (nodes, edges), "{name}");
    }
}

#[test]
fn a_projection_can_be_narrowed() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let (all, edges) = gexf(&exported(&store, &["gexf", "--actor", "Rubio"]));
    assert!(edges.keys().all(|key| key.0 == "Actor:marco-rubio") && edges.len() > 4);
    assert_eq!(all.keys().filter(|id| id.starts_with("Actor:")).count(), 1);
    let line =
        ["gexf", "--projection", "actor-actor", "--claim", "plan-us-authored", "--actor", "Pigott"];
    let (all, edges) = gexf(&exported(&store, &line));
    assert_eq!((all.len(), edges.len()), (2, 1), "{all:?}");
    let line = ["export", "gexf", "--actor", "Rubbio", "--db", store.to_str().unwrap()];
    let (well, _, said) = dixit(&line, folder.path());
    assert!(well && said.matches("no actor is called 'Rubbio'").count() == 1, "{said}");
}

/// What `--min` leaves of a projection: the edges that stand for so many, and the nodes that they join.
#[test]
fn edges_that_stand_for_little_can_be_left_out() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    // Clashes have their own test below.
    for name in ["actor-claim", "attribution"] {
        let (_, all) = gexf(&exported(&store, &["gexf", "--projection", name]));
        let strong = |edge: &&(i64, i64, i64, Option<String>, Option<String>)| edge.0 >= 2;
        let wanted = all.values().filter(strong).count();
        assert!(wanted > 0 && wanted < all.len(), "{name}");
        for form in ["gexf", "dot"] {
            let text = exported(&store, &[form, "--projection", name, "--min", "2"]);
            let (nodes, edges) = if form == "gexf" { gexf(&text) } else { dot(&text) };
            assert_eq!(edges.len(), wanted, "{name} as {form}");
            assert!(edges.iter().all(|(key, edge)| all.get(key) == Some(edge)));
            let joined: BTreeSet<&String> = edges.keys().flat_map(|key| [&key.0, &key.1]).collect();
            assert_eq!(nodes.keys().collect::<BTreeSet<_>>(), joined, "{name} as {form}");
        }
    }
}

#[test]
fn a_graph_too_large_for_anybody_is_refused_and_never_cut() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let shown = store.to_str().unwrap();
    let mut text = lines(&store);
    // A thousand and one affirm what a thousand dispute; two of them once more.
    for at in 0..2001 {
        let act = if at < 1001 { "asserts" } else { "denies" };
        text.extend([format!(
            "{{\"actor\":{{\"key\":\"a{at}\",\"name\":\"A{at}\",\"kind\":\"person\"}}}}\n\
             {{\"statement\":{{\"key\":\"s{at}\",\"speaker\":\"a{at}\",\"act\":\"{act}\",\"claim\":\"big\"}}}}\n\
             {{\"attestation\":{{\"statement\":\"s{at}\",\"source\":\"post-report\"}}}}\n"
        )]);
    }
    for (at, act) in [(0, "asserts"), (2000, "denies")] {
        text.extend([format!(
            "{{\"statement\":{{\"key\":\"t{at}\",\"speaker\":\"a{at}\",\"act\":\"{act}\",\"claim\":\"small\"}}}}\n\
             {{\"attestation\":{{\"statement\":\"t{at}\",\"source\":\"post-report\"}}}}\n"
        )]);
    }
    text.push_str("{\"claim\":{\"key\":\"big\",\"text\":\"Big\"}}\n{\"claim\":{\"key\":\"small\",\"text\":\"Small\"}}\n");
    fs::write(folder.path().join("big.jsonl"), text).unwrap();
    done(&["import", "big.jsonl", "--db", shown], folder.path());
    let line = ["export", "-o", "x.gexf", "--projection", "actor-actor", "--db", shown];
    let (well, out, said) = dixit(&line, folder.path());
    assert!(!well && out.is_empty() && !folder.path().join("x.gexf").exists());
    let few =
        exported(&store, &["dot", "--projection", "actor-actor", "--claim", "plan-us-authored"]);
    assert!(!dot(&few).1.is_empty());
    let strong = exported(&store, &["dot", "--projection", "actor-actor", "--min", "2"]);
    assert!(dot(&strong).1.keys().any(|key| key.0 == "Actor:a0" && key.1 == "Actor:a2000"));
    assert!(said.contains("1001") && said.contains("`--min 2` leaves"), "{said}");
}

#[test]
fn hostile_texts_stay_texts_in_projections() {
    let folder = TempDir::new().unwrap();
    let store = hostile(folder.path());
    let (nodes, edges) = gexf(&exported(&store, &["gexf"]));
    let (drawn, lines) = dot(&exported(&store, &["dot"]));
    let against = |edges: &Projected| edges.keys().filter(|key| key.2 == "against").count();
    assert!(against(&edges) >= HOSTILE.len());
    assert_eq!(edges.len(), lines.len());
    for one in HOSTILE {
        assert_eq!(nodes.values().filter(|label| label == one).count(), 2, "{one:?}");
        let shown = ::dixit::base::clean::block(one).into_owned();
        assert_eq!(drawn.values().filter(|label| **label == shown).count(), 2, "{one:?}");
    }
}

#[test]
fn controls_become_visible_where_a_form_has_no_place_for_them() {
    const NAME: &str = "a\u{1}b\u{1b}[31m\u{7f}\u{202e}]]>";
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let shown = store.to_str().unwrap();
    let query = "match (a:Actor 'Rubio') set a.name = $name";
    let name = format!("name={NAME}");
    done(&["write", query, "-p", &name, "--why", "a test", "--db", shown], folder.path());
    for form in ["gexf", "graphml"] {
        let text = exported(&store, &[form]);
        assert!(!text.contains(['\u{1}', '\u{1b}']), "{form}");
        let read = Document::parse(&text).unwrap();
        let label = |node: Node<'_, '_>| {
            let text = node.attribute("label").or(node.text()).unwrap_or_default();
            text.starts_with("a␁b␛[31m") && text.ends_with("]]>")
        };
        assert_eq!(
            read.descendants().filter(|node| node.is_element() && label(*node)).count(),
            1,
            "{form}"
        );
        let line = ["export", form, "-o", "x", "--db", shown];
        let (_, _, said) = dixit(&line, folder.path());
        assert!(said.contains("control character"), "{form}: {said}");
    }
    let drawn = exported(&store, &["dot"]);
    assert!(!drawn.contains(['\u{1}', '\u{1b}', '\u{7f}', '\u{202e}']), "{drawn}");
    let (nodes, _) = dot(&drawn);
    assert!(nodes["Actor:marco-rubio"].starts_with("a␁b␛[31m"), "{nodes:?}");
}
