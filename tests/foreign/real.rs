//! Real files, where they lie beside the project: what comes in is what a count of our own finds in them.

#![expect(clippy::print_stderr, reason = "a test that is left out says so")]

use super::World;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn data(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    if !path.is_dir() {
        eprintln!("note: the data in {folder} is not at hand, so its import is not tested");
        return None;
    }
    Some(path)
}

#[test]
fn real_entities_come_in_to_the_last_one() {
    let Some(data) = data("ftm") else { return };
    for name in ["donations.ijson", "parteispenden.entities.ftm.json", "zala.entities.ftm.json"] {
        let path = data.join(name);
        let mut schemas: BTreeMap<String, u64> = BTreeMap::new();
        let (mut relations, mut actors) = (0, BTreeSet::new());
        for line in fs::read_to_string(&path).unwrap().lines() {
            let entity: Value = serde_json::from_str(line).unwrap();
            let schema = entity["schema"].as_str().unwrap();
            *schemas.entry(schema.to_owned()).or_default() += 1;
            let ends = |name: &str| entity["properties"][name].as_array().map_or(0, Vec::len);
            let pairs = match schema {
                "Ownership" => ends("owner") * ends("asset"),
                "Payment" => ends("payer") * ends("beneficiary"),
                "Family" => ends("person") * ends("relative"),
                "Directorship" => ends("director") * ends("organization"),
                "Person" | "Company" | "Organization" => {
                    actors.insert(entity["id"].to_string());
                    0
                }
                _ => 0,
            };
            relations += pairs as u64;
        }
        let mut world = World::new();
        let report = world.import(&path);
        assert_eq!(super::refusals(&report), [""; 0], "{name}");
        assert_eq!(world.count("actor"), actors.len() as u64, "{name}");
        assert_eq!(world.count("relation"), relations, "{name}");
        let left: u64 = ["Address", "Sanction", "Passport"]
            .iter()
            .filter_map(|schema| schemas.get(*schema))
            .sum();
        let told = report.left_out.iter().filter(|(noun, _)| noun != "property");
        assert_eq!(told.map(|(_, count)| count).sum::<u64>(), left, "{name}");
        world.again(&path);
    }
}

#[test]
fn files_that_tell_of_the_same_relations_do_not_take_them_from_one_another() {
    let Some(data) = data("ftm") else { return };
    let mut world = World::new();
    world.import(&data);
    world.again(&data);
    world.again(&data.join("donations.ijson"));
}

#[test]
fn real_items_come_in_to_the_last_statement() {
    let Some(data) = data("wikidata") else { return };
    let relations = [
        "P39", "P463", "P102", "P1416", "P108", "P22", "P25", "P26", "P40", "P3373", "P1038",
        "P749", "P361", "P127", "P488", "P169", "P1037", "P3975", "P35", "P6",
    ];
    let (mut people, mut ties, mut deprecated) = (0, 0, 0);
    for entry in fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let answer: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for item in answer["entities"].as_object().unwrap().values() {
            let claims = item["claims"].as_object().cloned().unwrap_or_default();
            let value = |statement: &Value| {
                statement["mainsnak"]["datavalue"]["value"]["id"].as_str().map(str::to_owned)
            };
            let all = |property: &str| claims.get(property).and_then(Value::as_array).cloned();
            let classes = all("P31").unwrap_or_default();
            if !classes.iter().any(|class| value(class).as_deref() == Some("Q5")) {
                continue;
            }
            people += 1;
            for statement in claims.values().filter_map(Value::as_array).flatten() {
                deprecated += u64::from(statement["rank"] == "deprecated");
            }
            for property in relations {
                let statements = all(property).unwrap_or_default();
                let kept = statements
                    .iter()
                    .filter(|it| it["rank"] != "deprecated" && value(it).is_some());
                for statement in kept {
                    ties += 1;
                    let directs = property == "P39"
                        && statement["qualifiers"]["P2389"][0]["datavalue"].is_object();
                    ties += u64::from(directs);
                }
            }
        }
    }
    let mut world = World::geneva();
    let (actors, before) = (world.count("actor"), world.count("relation"));
    let report = world.import(&data);
    assert_eq!(super::refusals(&report), [""; 0]);
    assert_eq!(world.count("relation") - before, ties);
    let known = report.left_out.iter().find(|(noun, _)| noun == "deprecated statement");
    assert_eq!(known.map(|(_, count)| *count), Some(deprecated));
    let persons = "SELECT count(*) FROM v_actor WHERE wikidata IS NOT NULL AND kind = 'person' AND note IS NOT NULL AND key GLOB 'Q*'";
    assert_eq!(world.rows(persons), [people.to_string()]);
    assert!(world.count("actor") > actors + people);
    world.again(&data);
    let office = "SELECT coalesce(valid_from_text, valid_from_first), coalesce(valid_to_text, valid_to_first) FROM relation
      JOIN actor AS a ON a.id = from_node JOIN actor AS b ON b.id = to_node
      WHERE a.key = 'Q7747' AND b.name = 'Prime Minister of Russia' ORDER BY 1";
    assert_eq!(world.rows(office), ["19990816|20000507", "20080508|20120507"]);
}
