//! Bundles of STIX 2.1.

use super::{World, fixture, left_out};

#[test]
fn the_makers_of_objects_speak() {
    let (world, report) = World::with("river.stix.json");
    assert_eq!(
        world.rows("SELECT speaker_name, act, claim_text, certainty, date, note FROM v_statement WHERE speaker GLOB 'identity*' OR speaker GLOB 'river*' ORDER BY date"),
        [
            "Harbour Lab|asserts|Weir Break is attributed to River Otter.|probable|2025-02-03|confidence 85",
            "Whoever made river|asserts|Weir Break uses Sluice.||2025-02-04|",
            "Mill Watch|denies|Weir Break is attributed to River Otter.|certain|2025-02-07|",
            "Mill Watch|asserts|River Otter has not been seen since May.||2025-02-08|",
        ]
    );
    assert_eq!(
        world.rows("SELECT s.title, mode, quote, cites FROM v_attestation JOIN source AS s ON s.key = source WHERE statement GLOB '*--*' ORDER BY statement DESC"),
        [
            "river.stix.json|summary||",
            "Otters in the weir|direct|The same tools at the same hours.|courier.example/otter",
            "river.stix.json|direct|The hours fit anybody.|",
            "river.stix.json|direct|River Otter has not been seen since May.|",
        ]
    );
    assert_eq!(
        world.rows("SELECT a.name, count(*) FROM claim_about JOIN actor AS a ON a.id = node WHERE claim_about.kind = 1 AND a.key GLOB '*--*' GROUP BY 1 ORDER BY 1"),
        ["River Otter|2", "Weir Break|2"]
    );
    assert_eq!(
        left_out(&report),
        ["1 malware", "1 other opinion", "1 property", "1 revoked object"]
    );
}

#[test]
fn an_object_that_stands_twice_counts_once() {
    let mut world = World::geneva();
    let object = |name: &str| {
        format!(
            r#"{{"type": "identity", "id": "identity--0f1a2b3c-0000-4000-8000-000000000077", "name": "{name}", "identity_class": "group", "created": "2024-01-01T00:00:00Z", "modified": "2024-01-01T00:00:00Z"}}"#
        )
    };
    let text = format!(
        r#"{{"type": "bundle", "id": "bundle--0f1a2b3c-0000-4000-8000-000000000001", "objects": [{}, {}]}}"#,
        object("One"),
        object("Other")
    );
    let path = world.file("twice.json", text);
    let report = world.import(&path);
    assert_eq!(left_out(&report), ["1 repeated object"]);
    assert_eq!(world.rows("SELECT name FROM actor WHERE key GLOB 'identity--*77'"), ["One"]);
}

#[test]
fn the_latest_version_of_an_object_counts() {
    let mut world = World::new();
    let object = |modified: &str, name: &str| {
        format!(
            r#"{{"type":"identity","id":"identity--1","spec_version":"2.1","modified":"{modified}","name":"{name}"}}"#
        )
    };
    let (old, new) =
        (object("2024-01-01T00:00:00Z", "Old Lab"), object("2025-01-01T00:00:00Z", "New Lab"));
    for text in [[&old, &new], [&new, &old]] {
        let bundle =
            format!(r#"{{"type":"bundle","id":"bundle--1","objects":[{},{}]}}"#, text[0], text[1]);
        let path = world.file("bundle.json", bundle);
        let report = world.import(&path);
        assert_eq!(left_out(&report), ["1 older version"]);
        assert_eq!(world.rows("SELECT name FROM actor"), ["New Lab"]);
    }
}

#[test]
fn mistakes_in_bundles_are_named_with_line_and_property() {
    let text = fixture("river.stix.json");
    assert_eq!(
        World::refused("r.json", text.replace("\"confidence\": 85", "\"confidence\": 850")),
        ["60 confidence: the confidence is not a whole number from 0 to 100"]
    );
    assert_eq!(
        World::refused("r.json", text.replace("strongly-disagree", "strongly-disagre")),
        ["93 opinion: 'strongly-disagre' is no opinion of STIX [closest: strongly-disagree]"]
    );
    assert_eq!(
        World::refused("r.json", text.replace("      \"relationship_type\": \"uses\",\n", "")),
        ["64 relationship_type: the relationship has no relationship_type"]
    );
    assert_eq!(
        World::refused(
            "r.json",
            text.replace("\"created\": \"2025-02-08T", "\"created\": \"8.2.2025 T")
        ),
        [
            "101 created: '8.2.2025 T00:00:00.000Z' is not a date [write it as in 2025-11-22, 2025-11 or 2025]"
        ]
    );
}
