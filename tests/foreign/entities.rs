//! People and organisations: `FollowTheMoney`, Wikidata, answers to SPARQL queries.

use super::{World, fixture, fixture_path, left_out};

#[test]
fn entities_of_followthemoney_become_actors_sources_and_relations() {
    let (world, report) = World::with("bridge.ftm.json");
    assert_eq!(
        world.relations(),
        [
            "p-quill|member_of|o-works|inspector|[2020-03,2020-04]|||doc-1|",
            "donald-trump|member_of|o-works|||||courier.example/guest|",
            "p-quill|owns|Q900000001||||2025-01-02/2025-03-04|courier|12.5 %; also in gazette",
            "donald-trump|owns|Q900000001||||2025-01-02/2025-03-04|courier|12.5 %; also in gazette",
            "p-quill|holds_office|post-1|||2024||bridge.ftm.json|",
            "p-quill|family_of|p-unknown|brother||||bridge.ftm.json|",
            "Q900000001|pays|o-works||20240506|20240506||bridge.ftm.json|5000 EUR",
            "p-quill|associated_with|doc-1|named in||||bridge.ftm.json|",
        ]
    );
    assert_eq!(
        world.rows("SELECT key, name, kind, wikidata, aliases, note FROM v_actor WHERE key GLOB '*-quill' OR key IN ('o-works', 'post-1', 'p-unknown', 'Q900000001') ORDER BY key"),
        [
            "Q900000001|Northern Steel|organization|Q900000001||",
            "o-works|Office of Works|government|||",
            "p-quill|Ada Quill|person||A. Quill;Ada Quill-Finch;Quill, Ada|engineer",
            "p-unknown|p-unknown|unknown|||",
            "post-1|Chief Inspector|office|||",
        ]
    );
    assert_eq!(
        world.rows("SELECT s.key, s.title, p.name, a.name, published_first, url FROM source AS s LEFT JOIN actor AS p ON p.id = s.publisher LEFT JOIN actor AS a ON a.id = s.author WHERE s.key = 'doc-1'"),
        ["doc-1|The bridge was late|The Courier|Dora Finch|20250306|https://courier.example/bridge"]
    );
    assert_eq!(
        world.rows("SELECT name, date_text FROM event WHERE key = 'e-1'"),
        ["Opening|2025-05"]
    );
    assert_eq!(
        left_out(&report),
        ["1 address", "1 ownership", "1 property", "1 sanction", "1 vessel"]
    );
    assert_eq!(report.remarks, ["properties left out: birthDate (1)"]);
}

#[test]
fn who_was_coded_by_hand_stays_so_and_gets_further_names() {
    for name in ["bridge.ftm.json", "offices.wikidata.json", "offices.sparql.json"] {
        let (world, _) = World::with(name);
        let actor = "SELECT name, kind, note, (SELECT count(*) FROM actor WHERE wikidata = 'Q22686') FROM v_actor WHERE key = 'donald-trump'";
        assert_eq!(world.rows(actor), ["Donald Trump|person||1"], "{name}");
        let names = world.rows("SELECT aliases FROM v_actor WHERE key = 'donald-trump'").concat();
        assert!(names.contains("Trump") && names.len() > "Trump".len(), "{name}: {names}");
    }
}

#[test]
fn two_forms_that_know_one_item_meet_in_one_actor() {
    let mut world = World::new();
    let ftm = world.file(
        "one.ftm.json",
        r#"{"id": "NK-1", "schema": "Person", "properties": {"name": ["Quill, Ada"], "wikidataId": ["Q900000010"]}}"#,
    );
    let wikidata = fixture_path("offices.wikidata.json");
    for path in [&ftm, &wikidata] {
        world.import(path);
        world.again(path);
    }
    world.again(&ftm);
    assert_eq!(world.rows("SELECT key FROM actor WHERE wikidata = 'Q900000010'"), ["Q900000010"]);
    assert_eq!(
        world.rows("SELECT alias.name FROM alias JOIN actor ON node = actor.id WHERE key = 'Q900000010' ORDER BY 1"),
        ["A. Quill", "Ada Feder", "Ada Quill"]
    );
}

#[test]
fn an_actor_that_came_in_before_its_item_was_known_is_no_second_one() {
    let mut world = World::new();
    let without = r#"{"id": "NK-1", "schema": "Person", "properties": {"name": ["Ada Quill"]}}"#;
    let with = r#"{"id": "NK-1", "schema": "Person", "properties": {"name": ["Ada Quill"], "wikidataId": ["Q900000010"]}}"#;
    for text in [without, with, with] {
        let path = world.file("one.ftm.json", text);
        world.import(&path);
    }
    world.import(&fixture_path("offices.wikidata.json"));
    assert_eq!(world.rows("SELECT key FROM actor WHERE wikidata = 'Q900000010'"), ["NK-1"]);
    assert_eq!(world.relations().iter().filter(|row| row.starts_with("NK-1|")).count(), 4);
}

#[test]
fn mistakes_in_entities_are_named_with_line_and_property() {
    let pretty = r#"[
  {
    "id": "p-1",
    "schema": "Person",
    "properties": {
      "name": ["Ada"]
    }
  },
  {
    "id": "m-1",
    "schema": "Membership",
    "properties": {
      "member": ["p-1"],
      "organization": ["o-1"],
      "startDate": [
        "2020-13"
      ],
      "role": "chair"
    }
  },
  {
    "id": "m-2",
    "schema": "Membership",
    "properties": {
      "member": ["p-1"],
      "endDate": ["06.03.2025"]
    }
  },
  {
    "schema": "Person"
  }
]"#;
    assert_eq!(
        World::refused("people.json", pretty),
        [
            "18 properties.role: expected a list of texts [write \"role\": [\"…\"]]",
            "21 properties.organization: the membership has no organization",
            "26 properties.endDate: '06.03.2025' is not a date [write it as in 2025-11-22, 2025-11 or 2025]",
            "29 id: the entity has no id",
        ]
    );
    let month = pretty.replace("\"role\": \"chair\"", "\"role\": [\"chair\"]");
    assert_eq!(
        World::refused("people.json", month).first().map(String::as_str),
        Some(
            "16 properties.startDate: '2020-13' is not a date [write it as in 2025-11-22, 2025-11 or 2025]"
        )
    );
    let lines = "{\"id\": \"a\", \"schema\": \"Person\", \"properties\": {\"name\": [\"A\"]}}\n\n{\"id\": \"b\", }\n";
    assert_eq!(
        World::refused("people.ftm.json", lines),
        ["3: this cannot be read as JSON: expected another member behind the comma, or no comma"]
    );
    let schema = "{\"id\": \"a\", \"schema\": \"publicBody\", \"properties\": {}}\n";
    assert_eq!(
        World::refused("a.ftm.json", lines.lines().next().unwrap().to_owned() + "\n" + schema),
        ["2 schema: there is no schema 'publicBody' [closest: PublicBody]"]
    );
    let ends = "{\"id\": \"a\", \"schema\": \"Membership\", \"properties\": {\"member\": [\"x\"], \"organization\": [\"y\"], \"startDate\": [\"2021\"], \"endDate\": [\"2020\"]}}";
    assert_eq!(World::refused("people.ftm.json", ends), ["1: it ends before it starts"]);
}

#[test]
fn items_of_wikidata_become_actors_whose_statements_rest_on_references() {
    let (world, report) = World::with("offices.wikidata.json");
    let relations = [
        "Q900000010|holds_office|Q900000011||20130507|2018||courier.example/inspector|",
        "Q900000010|leads|Q900000012||20130507|2018||courier.example/inspector|",
        "Q900000010|member_of|us-senate||||2020|Q900000013|",
        "Q900000010|family_of|Q900000014|child, allegedly||||www.wikidata.org/wiki/Q900000010|",
    ];
    assert_eq!(world.relations(), relations);
    assert_eq!(
        world.rows(
            "SELECT key, name, kind, aliases, note FROM v_actor WHERE key GLOB 'Q9*' ORDER BY key"
        ),
        [
            "Q900000010|Ada Quill|person|A. Quill;Ada Feder|engineer",
            "Q900000011|Chief Inspector|office||",
            "Q900000012|Q900000012|organization||",
            "Q900000014|Q900000014|person||",
        ]
    );
    assert_eq!(
        world.rows("SELECT key, title, published_first FROM source WHERE id > 6 ORDER BY key"),
        [
            "Q900000013|Register of inspectors|",
            "courier.example/inspector|A new inspector|20130508",
            "www.wikidata.org/wiki/Q900000010|Wikidata on Ada Quill|",
        ]
    );
    assert_eq!(
        left_out(&report),
        [
            "1 deprecated statement",
            "1 empty statement",
            "1 further reference",
            "1 missing item",
            "1 property"
        ]
    );
}

#[test]
fn what_ended_nobody_knows_when_is_over_all_the_same() {
    let mut world = World::geneva();
    let text = fixture("offices.wikidata.json");
    let (before, behind) = text.split_once(r#""P582": [{"#).unwrap();
    let (_, behind) = behind.split_once("}}]").unwrap();
    let unknown = r#""P582": [{"snaktype": "somevalue", "property": "P582"}]"#;
    let path = world.file("items.json", format!("{before}{unknown}{behind}"));
    world.import(&path);
    world.again(&path);
    let relations = world.relations();
    assert_eq!(
        relations[0],
        "Q900000010|holds_office|Q900000011||20130507|[2013-05-07..]||courier.example/inspector|"
    );
}

#[test]
fn items_come_in_as_answers_lists_lines_and_folders_alike() {
    let (first, _) = World::with("offices.wikidata.json");
    let answer: serde_json::Value =
        serde_json::from_str(&fixture("offices.wikidata.json")).unwrap();
    let items: Vec<String> =
        answer["entities"].as_object().unwrap().values().map(ToString::to_string).collect();
    let list = format!("[\n{}\n]\n", items.join(",\n"));
    for (name, text) in [("dump.json", list), ("lines.json", items.join("\n"))] {
        let mut world = World::geneva();
        let path = world.file(name, text);
        world.import(&path);
        world.again(&path);
        assert_eq!(world.relations(), first.relations(), "{name}");
    }
    let mut world = World::geneva();
    // The items that only name others come first and last.
    for (at, item) in items.iter().enumerate() {
        world.file(&format!("items/{}.json", (at + 3) % items.len()), item);
    }
    // That, and the item that is only said to be missing, are of no known form.
    world.file("items/README.md", "What these files are");
    let folder = world.folder.path().join("items");
    let report = world.import(&folder);
    assert!(left_out(&report).contains(&"2 other file".to_owned()), "{report:?}");
    world.again(&folder);
    let sorted = |world: &World| {
        let mut relations = world.relations();
        relations.sort();
        relations
    };
    assert_eq!(sorted(&world), sorted(&first));
    let names = "SELECT key, name, aliases FROM v_actor ORDER BY key";
    assert_eq!(world.rows(names), first.rows(names));
}

#[test]
fn a_redirect_means_the_item_that_it_leads_to() {
    let mut world = World::new();
    let lines = r#"{"type":"item","id":"Q2","labels":{"en":{"language":"en","value":"Ada"}},"redirects":{"from":"Q1","to":"Q2"},"claims":{"P31":[{"mainsnak":{"snaktype":"value","datavalue":{"value":{"id":"Q5"}}},"id":"a","rank":"normal"}]}}
{"type":"item","id":"Q3","labels":{"en":{"language":"en","value":"Bo"}},"claims":{"P31":[{"mainsnak":{"snaktype":"value","datavalue":{"value":{"id":"Q5"}}},"id":"b","rank":"normal"}],"P26":[{"mainsnak":{"snaktype":"value","datavalue":{"value":{"id":"Q1"}}},"id":"c","rank":"normal"}]}}"#;
    let path = world.file("items.json", lines);
    world.import(&path);
    world.again(&path);
    assert_eq!(world.relations(), ["Q3|family_of|Q2|spouse||||www.wikidata.org/wiki/Q3|"]);
    assert_eq!(world.count("actor"), 2);
}

#[test]
fn mistakes_in_items_are_named_with_line_and_property() {
    let wrong = fixture("offices.wikidata.json").replace("+2013-05-07T", "+2013-02-30T");
    assert_eq!(
        World::refused("offices.json", wrong),
        [
            "16 claims.P39.P580: '+2013-02-30T00:00:00Z' is not a time of Wikidata, such as +2013-05-07T00:00:00Z"
        ]
    );
    let cut: String =
        fixture("offices.wikidata.json").lines().take(30).collect::<Vec<_>>().join("\n");
    assert_eq!(
        World::refused("offices.json", cut),
        ["30: this cannot be read as JSON: the file ends in the middle of it"]
    );
}

#[test]
fn answers_to_sparql_queries_are_read_by_the_names_of_their_variables() {
    let (world, report) = World::with("offices.sparql.json");
    assert_eq!(
        world.relations(),
        [
            "Q900000010|holds_office|Q900000011||20130507|2018||courier.example/inspector|",
            "donald-trump|member_of|offices:party-of-the-bridge|||||offices.sparql.json|",
        ]
    );
    assert_eq!(
        world.rows("SELECT key, name, kind FROM v_actor WHERE key GLOB 'Q9*' OR key GLOB 'offices:*' ORDER BY key"),
        [
            "Q900000010|Ada Quill|person",
            "Q900000011|Chief Inspector|office",
            "Q900000012|Q900000012|person",
            "offices:party-of-the-bridge|Party of the Bridge|organization",
        ]
    );
    assert_eq!(report.remarks, ["properties left out: ?height (1)"]);
}

#[test]
fn mistakes_in_answers_are_named_with_line_and_variable() {
    let text = fixture("offices.sparql.json");
    assert_eq!(
        World::refused("a.srj", text.replace("2013-05-07T00:00:00Z", "7 May 2013")),
        ["10 start: '7 May 2013' is not a date [write it as in 2025-11-22, 2025-11 or 2025]"]
    );
    assert_eq!(
        World::refused("a.srj", text.replace("\"person\": {", "\"who\": {"))
            .first()
            .map(String::as_str),
        Some("5: no variable of this row names an actor [select the actor as ?person or ?actor]")
    );
}
