//! The graph as linked data and as notes, read back by libraries that are not ours: every link leads somewhere, what others
//! relay keeps both speakers, and no text becomes anything but text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run fails")]

mod house;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dixit::import;
use dixit::store;
use house::leaving::{dixit, done, lines};
use serde_json::{Value, json};
use tempfile::TempDir;

fn geneva(folder: &Path) -> PathBuf {
    let path = folder.join("geneva.dixit");
    let mut writer = store::create(&path).unwrap();
    import::import_geneva(&mut writer, "2026-01-01T00:00:00Z").unwrap();
    path
}

/// What a text may try.
const HOSTILE: &[&str] = &[
    "</script><script>alert(1)</script>",
    "<!-- ]]> --> &amp; \\\" ' ` \u{2028}",
    "[[actors/mike-rounds|not him]] #tag ![[x]]",
    "---\nname: \"other\"\n--- %%gone%% https://example.org/x",
    "> <urn:x> <urn:y> \"\"\" . } {",
    "left\u{202e}right\u{feff} 👩‍👧",
];

/// Keys that file systems and addresses trip over.
const KEYS: &[&str] =
    &["CON", "con", "..", "a/../../b", "Trailing. ", "%2F<x>\"#?|*:ü", "A", "a", "-"];

/// The example, with one of each kind for every hostile key and text, and a judgement of a claim.
fn hostile(folder: &Path) -> PathBuf {
    let store = geneva(folder);
    let mut text = lines(&store);
    let long = "long ".repeat(40);
    let keys = KEYS.iter().chain(HOSTILE).map(|key| key.replace(['\n', ' '], "_"));
    for (at, key) in keys.chain([long.replace(' ', "y")]).enumerate() {
        let words = HOSTILE[at % HOSTILE.len()];
        for line in [
            json!({"venue": {"key": key, "name": words, "note": words}}),
            json!({"topic": {"key": key, "name": words, "note": words}}),
            json!({"event": {"key": key, "name": words, "note": words}}),
            json!({"source": {"key": key, "title": words, "url": words, "note": words}}),
            json!({"actor": {"key": key, "name": words, "kind": "person", "aliases": [words, "x"], "wikidata": words, "note": words}}),
            json!({"claim": {"key": key, "text": words, "topic": [key], "note": words}}),
            json!({"statement": {"key": key, "speaker": key, "act": "denies", "claim": key, "venue": key, "event": key, "note": words}}),
            json!({"attestation": {"statement": key, "source": key, "mode": "direct", "quote": words}}),
        ] {
            text.push_str(&format!("{line}\n"));
        }
    }
    let judged = json!({"assessment": {"key": "v1", "target": {"Claim": "plan-us-authored"}, "scale": "credibility", "value": "2", "assessor": "washington-post", "date": "2025-12-01"}});
    text.push_str(&format!("{judged}\n"));
    fs::write(folder.join("hostile.jsonl"), text).unwrap();
    done(&["import", "hostile.jsonl", "--db", store.to_str().unwrap()], folder);
    store
}

fn exported(store: &Path, line: &[&str]) -> String {
    done(&[&["export"], line, &["--db", store.to_str().unwrap()]].concat(), Path::new("."))
}

/// The things of a JSON-LD file, by their ids; those without one are left out.
fn graph(text: &str) -> BTreeMap<String, Value> {
    let read: Value = serde_json::from_str(text).unwrap();
    assert_eq!(read["@context"], "https://schema.org");
    let all = read["@graph"].as_array().unwrap();
    let with_id = all.iter().filter_map(|one| Some((one.get("@id")?.as_str()?, one)));
    let by_id: BTreeMap<String, Value> =
        with_id.clone().map(|(id, one)| (id.to_owned(), one.clone())).collect();
    assert_eq!(by_id.len(), with_id.count(), "an id stands twice");
    for one in all {
        links(one, &|id| assert!(by_id.contains_key(id), "{id} leads nowhere"));
    }
    by_id
}

fn links(value: &Value, check: &dyn Fn(&str)) {
    match value {
        Value::Object(members) => {
            if let (1, Some(id)) = (members.len(), members.get("@id")) {
                check(id.as_str().unwrap());
            }
            members.values().for_each(|member| links(member, check));
        }
        Value::Array(members) => members.iter().for_each(|member| links(member, check)),
        _ => {}
    }
}

#[test]
fn json_ld_keeps_both_speakers_and_judges_nothing() {
    let folder = TempDir::new().unwrap();
    let text = exported(&geneva(folder.path()), &["jsonld"]);
    let all = graph(&text);
    let count = |ty: &str| all.values().filter(|one| one["@type"] == ty).count();
    assert_eq!((count("Claim"), count("ClaimReview")), (31, 0));
    let acts = count("AgreeAction") + count("DisagreeAction") + count("CommunicateAction");
    assert_eq!(acts, 49);
    // One says that the other one said.
    let told = all.values().filter(|one| one["object"]["@id"] == "#statement/rubio-wish-list");
    let tellers: Vec<&Value> = told.map(|one| &one["agent"]["@id"]).collect();
    assert!(!tellers.is_empty() && tellers.iter().all(|id| **id != "#actor/marco-rubio"));
    let wish = &all["#statement/rubio-wish-list"];
    assert_eq!(wish["agent"]["@id"], "#actor/marco-rubio");
    assert_eq!(wish["object"]["@id"], "#claim/plan-is-russian-wish-list");
    let how = wish["disambiguatingDescription"].as_str().unwrap();
    assert!(how.starts_with("known only as told by "), "{how}");
    // A day is a start; what is less certain stands in words.
    assert_eq!(wish.get("startTime"), None);
    assert!(wish["description"].as_str().unwrap().contains("date: [..2025-11-22]"));
    assert!(all.values().any(|one| one["startTime"] == "2025-11-22"));
}

#[test]
fn json_ld_holds_any_text_inside_a_script() {
    let folder = TempDir::new().unwrap();
    let store = hostile(folder.path());
    let text = exported(&store, &["jsonld"]);
    assert!(!text.contains(['<', '>', '&', '\u{2028}']));
    let all = graph(&text);
    for (at, key) in KEYS.iter().enumerate() {
        let key = key.replace(' ', "_");
        let claims = || all.values().filter(|one| one["@type"] == "Claim");
        let claim = claims().find(|one| one["identifier"] == *key).unwrap();
        assert_eq!(claim["text"], HOSTILE[at % HOSTILE.len()]);
        let id = claim["@id"].as_str().unwrap().strip_prefix("#claim/").unwrap();
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%".contains(c)), "{id}");
    }
    let reviews: Vec<&Value> = all.values().filter(|one| one["@type"] == "ClaimReview").collect();
    let [review] = reviews.as_slice() else { panic!("{reviews:?}") };
    assert_eq!(review["itemReviewed"]["@id"], "#claim/plan-us-authored");
    assert_eq!(review["reviewRating"]["ratingValue"], "2");
    assert_eq!(review["author"]["@id"], "#actor/washington-post");
    assert_eq!(review["datePublished"], "2025-12-01");
}

#[test]
fn without_claims_there_is_nothing_to_link() {
    let folder = TempDir::new().unwrap();
    done(&["init", "bare.dixit", "--bare"], folder.path());
    for form in ["jsonld", "ftm", "csl", "bibtex"] {
        let (well, printed, said) = dixit(&["export", form, "--db", "bare.dixit"], folder.path());
        assert!(!well && printed.is_empty(), "{form}: {printed}");
        assert!(said.contains("this store has no such kinds"), "{said}");
    }
}
