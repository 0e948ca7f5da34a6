//! The graph as linked data and as notes, read back by libraries that are not ours: every link leads somewhere, what others
//! relay keeps both speakers, and no text becomes anything but text.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

mod house;

use std::collections::{BTreeMap, BTreeSet};
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
    "\u{1}\u{7f}\u{1b}[31m]]> </script>",
];

/// Keys that file systems and addresses trip over.
const KEYS: &[&str] =
    &["CON", "con", "..", "a/../../b", "Trailing. ", "%2F<x>\"#?|*:ü", "A", "a", "-"];

/// The example, with one of each kind for every hostile key and text, and a judgement of a claim.
fn hostile(folder: &Path) -> PathBuf {
    let store = geneva(folder);
    let mut text = lines(&store);
    let long = "long ".repeat(40);
    let keys = KEYS
        .iter()
        .chain(HOSTILE)
        .map(|key| key.replace(|c: char| c == ' ' || c.is_control(), "_"));
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
            json!({"relation": {"key": key, "from": {"Actor": key}, "relation": "member_of", "to": {"Actor": "us-senate"}, "role": words, "source": key, "note": words}}),
            json!({"link": {"from": key, "relation": "follows", "to": "rubio-wish-list", "basis": "analyst", "note": words}}),
            json!({"link": {"from": key, "relation": "supports", "to": "plan-us-authored", "basis": "analyst", "note": words}}),
            json!({"assessment": {"key": key, "target": {"Actor": key}, "scale": "credibility", "value": "2", "assessor": words, "note": words}}),
        ] {
            text.extend([format!("{line}\n")]);
        }
    }
    let judged = json!({"assessment": {"key": "v1", "target": {"Claim": "plan-us-authored"}, "scale": "credibility", "value": "2", "assessor": "washington-post", "date": "2025-12-01"}});
    text.extend([format!("{judged}\n")]);
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

/// The links of a store apart from `reports`: where from, what, where to; ends as `statement/KEY`.
fn linked(store: &Path) -> BTreeSet<(String, String, String)> {
    let all = lines(store);
    let all: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let keys = |kind: &str| -> BTreeSet<&str> {
        all.iter().filter_map(|line| line.get(kind)?["key"].as_str()).collect()
    };
    let (statements, claims) = (keys("statement"), keys("claim"));
    let mut found = BTreeSet::new();
    for line in &all {
        for (sort, usual) in [("link", "claim"), ("source_link", "source")] {
            let Some(one) = line.get(sort) else { continue };
            let [from, relation, to] =
                ["from", "relation", "to"].map(|at| one[at].as_str().unwrap());
            let id = |key: &str| match sort {
                "link" if statements.contains(key) => format!("statement/{key}"),
                _ => format!("{usual}/{key}"),
            };
            assert!(sort != "link" || statements.contains(to) || claims.contains(to));
            if relation != "reports" {
                found.insert((id(from), relation.to_owned(), id(to)));
            }
        }
    }
    found
}

#[test]
fn links_and_ties_are_in_linked_data_or_counted() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let wanted = linked(&store);
    assert!(wanted.len() > 30);
    let text = exported(&store, &["jsonld"]);
    let read: Value = serde_json::from_str(&text).unwrap();
    let all = read["@graph"].as_array().unwrap();
    let mut found = BTreeSet::new();
    for one in all.iter().filter(|one| one["@type"] == "LinkRole") {
        let property = ["object", "citation"].into_iter().find(|name| one.get(name).is_some());
        let property = property.unwrap();
        let id = |value: &Value| {
            let id = value[property]["@id"].as_str().unwrap();
            id.strip_prefix('#').unwrap().to_owned()
        };
        let relation = one["linkRelationship"].as_str().unwrap().to_owned();
        found.insert((id(&one["@reverse"]), relation, id(one)));
    }
    assert_eq!(found, wanted);
    let quads = quads(&exported(&store, &["trig"]));
    let arrow = "urn:dixit:link-as:";
    for (from, relation, to) in &wanted {
        let name = |id: &str| format!("<urn:dixit:{}>", id.replace('/', ":"));
        let is_it = |quad: &&oxrdf::Quad| {
            quad.predicate.as_str() == format!("{arrow}{relation}")
                && quad.subject.to_string() == name(from)
                && quad.object.to_string() == name(to)
        };
        assert_eq!(quads.iter().filter(is_it).count(), 1, "{from} {relation} {to}");
    }
    // What has a place and what is left out are all ties there are.
    let ties = lines(&store).lines().filter(|line| line.starts_with("{\"relation\"")).count();
    for form in ["jsonld", "trig"] {
        let line = ["export", form, "-o", "x", "--db", store.to_str().unwrap()];
        let (_, _, said) = dixit(&line, folder.path());
        let number = |noun: &str| -> usize {
            let words: Vec<&str> = said.split_whitespace().collect();
            let at = words.iter().position(|word| word.trim_end_matches([',', ':']) == noun);
            words[at.unwrap() - 1].parse().unwrap()
        };
        assert_eq!(number("ties") + number("relations"), ties, "{said}");
    }
    let mut written = all.iter().filter(|one| one["@type"] == "OrganizationRole");
    let rounds = written.find(|one| one["identifier"] == "r03").unwrap();
    assert_eq!(rounds["@reverse"]["memberOf"]["@id"], "#actor/mike-rounds");
    assert_eq!(rounds["memberOf"]["@id"], "#actor/us-senate");
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
    for form in ["jsonld", "trig", "ftm", "csl", "bibtex"] {
        let (well, printed, said) = dixit(&["export", form, "--db", "bare.dixit"], folder.path());
        assert!(!well && printed.is_empty(), "{form}: {printed}");
        assert!(said.contains("this store has no such kinds"), "{said}");
    }
}

/// All notes of a vault by their names; each link in them has to lead to one.
fn vault(store: &Path, folder: &Path) -> BTreeMap<String, String> {
    exported(store, &["vault", "-o", folder.to_str().unwrap()]);
    let mut notes = BTreeMap::new();
    for sort in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if !sort.file_type().unwrap().is_dir() {
            assert_eq!(sort.file_name(), ".dixit-export");
            continue;
        }
        for file in fs::read_dir(sort.path()).unwrap().map(Result::unwrap) {
            let [sort, name] = [&sort, &file].map(|one| one.file_name().into_string().unwrap());
            assert!(name.len() <= 100 && name.starts_with(|c: char| c.is_alphanumeric()), "{name}");
            assert!(!name.contains(['<', '>', ':', '"', '|', '?', '*', '\\']), "{name}");
            let stem = name.strip_suffix(".md").unwrap();
            assert!(
                !stem.ends_with(['.', ' ']) && !["con", "nul", "aux"].contains(&stem),
                "{name}"
            );
            notes.insert(format!("{sort}/{stem}"), fs::read_to_string(file.path()).unwrap());
        }
    }
    let lowered: BTreeSet<String> = notes.keys().map(|name| name.to_lowercase()).collect();
    assert_eq!(lowered.len(), notes.len());
    for (name, note) in &notes {
        for link in note.split("[[").skip(1) {
            let (link, _) = link.split_once("]]").unwrap();
            let (to, shown) = link.split_once('|').unwrap();
            assert!(notes.contains_key(to), "{name}: {to} leads nowhere");
            assert!(!shown.is_empty() && !shown.contains(['[', '|', '<', '\n']), "{link}");
        }
    }
    notes
}

fn section<'n>(note: &'n str, heading: &str) -> &'n str {
    let rest = note.split_once(&format!("## {heading}\n")).map_or("", |(_, rest)| rest);
    rest.split_once("\n## ").map_or(rest, |(section, _)| section)
}

#[test]
fn notes_link_to_notes_and_keep_apart_what_is_relayed() {
    let folder = TempDir::new().unwrap();
    let notes = vault(&geneva(folder.path()), &folder.path().join("notes"));
    let count = |folder: &str| notes.keys().filter(|name| name.starts_with(folder)).count();
    assert_eq!((count("actors/"), count("claims/"), count("sources/")), (31, 31, 6));
    assert_eq!((count("venues/"), count("events/"), count("topics/")), (13, 7, 14));
    let rubio = &notes["actors/marco-rubio"];
    let own = section(rubio, "What was said");
    assert!(own.contains("claims/plan-us-authored|") && !own.contains("tells it"));
    assert!(!own.contains("claims/plan-is-russian-wish-list|"));
    let told = section(rubio, "What others say was said");
    assert!(
        told.lines().filter(|line| line.starts_with("- ")).all(|line| line.contains("tells it"))
    );
    assert!(told.contains("claims/plan-is-russian-wish-list|"));
    let tells = section(&notes["actors/mike-rounds"], "What is told of others");
    assert!(tells.contains("(what [[actors/marco-rubio|Marco Rubio]] said: [[claims/"), "{tells}");
    // Each statement stands once with its speaker.
    let lines = notes.iter().filter(|(name, _)| name.starts_with("actors/"));
    let headings = ["What was said", "What others say was said", "What is told of others"];
    let told = |note: &str| {
        let all = headings.iter().map(|heading| section(note, heading));
        all.flat_map(str::lines).filter(|line| line.starts_with("- ")).count()
    };
    assert_eq!(lines.map(|(_, note)| told(note)).sum::<usize>(), 49);
}

#[test]
fn notes_tell_ties_links_and_judgements_from_both_ends() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let notes = vault(&store, &folder.path().join("notes"));
    let rounds = section(&notes["actors/mike-rounds"], "Ties");
    assert!(rounds.contains("*member of* [[actors/us-senate|US Senate]]"), "{rounds}");
    let senate = section(&notes["actors/us-senate"], "Ties");
    assert!(senate.contains("[[actors/mike-rounds|Mike Rounds]] *member of* this"), "{senate}");
    assert!(section(&notes["sources/news-2025-11-23"], "Judgements").contains("F (seed-compiler"));
    let denied = section(&notes["actors/tommy-pigott"], "Links of what was said");
    assert!(denied.contains("*denies account*, by what was said"), "{denied}");
    // What others relay does not become the speaker's own by a link.
    let rubio = section(&notes["actors/marco-rubio"], "Links of what was said");
    assert!(rubio.contains("*reverses*, by what was said"), "{rubio}");
    assert!(rubio.contains("]]: what others say was said \\[..2025-11-22\\]"), "{rubio}");
    // A link that holds both ways stands once in each of the two notes.
    for (here, there) in [
        ("plan-us-authored", "plan-is-russian-wish-list"),
        ("plan-is-russian-wish-list", "plan-us-authored"),
    ] {
        let links = section(&notes[&format!("claims/{here}")], "Links");
        assert_eq!(links.matches(&format!("*tension* [[claims/{there}|")).count(), 1, "{links}");
    }
    let links: usize = linked(&store).len();
    let (_, _, said) =
        dixit(&["export", "vault", "-o", "again", "--db", store.to_str().unwrap()], folder.path());
    assert!(said.contains(&format!("36 ties, {links} links, 1 judgement")), "{said}");
}

#[test]
fn no_text_makes_links_or_fields_in_notes() {
    let folder = TempDir::new().unwrap();
    let store = hostile(folder.path());
    let notes = vault(&store, &folder.path().join("notes"));
    assert_eq!(
        notes.keys().filter(|name| name.starts_with("claims/")).count(),
        32 + KEYS.len() + HOSTILE.len()
    );
    for (name, note) in &notes {
        let (front, body) = note.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
        for line in front.lines() {
            let (_, value) = line.split_once(": ").unwrap();
            assert!(value.starts_with('"') || value.starts_with("[\""), "{name}: {line}");
            assert!(!value.contains('\u{202e}'), "{name}: {line}");
        }
        for mark in ["<script", "<!--", "%%gone", "\u{202e}", "[not him", "https://example"] {
            let cleaned = body.replace("\\<", "");
            assert!(!cleaned.contains(mark), "{name}: {mark} in {body}");
        }
    }
}

/// The quads of a `TriG` file.
fn quads(text: &str) -> Vec<oxrdf::Quad> {
    oxttl::TriGParser::new().for_slice(text).map(Result::unwrap).collect()
}

fn count_of(quads: &[oxrdf::Quad], what: &str) -> usize {
    quads.iter().filter(|quad| quad.predicate.as_str() == what).count()
}

const PROV: &str = "http://www.w3.org/ns/prov#";

#[test]
fn trig_says_where_each_thing_was_read() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let all = quads(&exported(&store, &["trig"]));
    let sorted: Vec<Value> =
        lines(&store).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let read: BTreeSet<(String, String)> = sorted
        .iter()
        .filter_map(|line| line.get("attestation"))
        .map(|one| {
            let name = |member: &str| one[member].as_str().unwrap();
            let [statement, source] = ["statement", "source"].map(name);
            (format!("<urn:dixit:reading:{source}>"), format!("<urn:dixit:statement:{statement}>"))
        })
        .collect();
    let typed = |quad: &&oxrdf::Quad| quad.predicate.as_str().ends_with("#type");
    let named = |quad: &&oxrdf::Quad| !quad.graph_name.is_default_graph();
    let written: BTreeSet<(String, String)> = all
        .iter()
        .filter(typed)
        .filter(named)
        .filter(|quad| !quad.subject.to_string().starts_with("<urn:dixit:tie:"))
        .map(|quad| (quad.graph_name.to_string(), quad.subject.to_string()))
        .collect();
    assert_eq!(written, read);
    // Who relays keeps apart from whom is relayed.
    let derived = all.iter().filter(|quad| {
        quad.predicate.as_str() == format!("{PROV}wasDerivedFrom")
            && quad.object.to_string().starts_with("<urn:dixit:statement:")
    });
    let pairs: BTreeSet<_> =
        derived.map(|quad| (quad.subject.to_string(), quad.object.to_string())).collect();
    let reports = sorted.iter().filter(|line| line["link"]["relation"] == "reports");
    assert_eq!(pairs.len(), reports.count());
    assert!(pairs.len() >= 7);
    let days = all.iter().filter(|quad| quad.object.to_string().contains("XMLSchema#date>"));
    assert!(days.count() > count_of(&all, "urn:dixit:term:quote"));
}

#[test]
fn trig_holds_any_text() {
    let folder = TempDir::new().unwrap();
    let all = quads(&exported(&hostile(folder.path()), &["trig"]));
    for text in HOSTILE {
        let is_it = |quad: &&oxrdf::Quad| matches!(&quad.object, oxrdf::Term::Literal(literal) if literal.value() == *text);
        let quotes = all
            .iter()
            .filter(is_it)
            .filter(|quad| quad.predicate.as_str() == "urn:dixit:term:quote");
        assert!(quotes.count() > 0, "{text}");
    }
    assert_eq!(
        count_of(&all, &format!("{PROV}hadPrimarySource")),
        6 + KEYS.len() + HOSTILE.len() + 1
    );
    let subjects: BTreeSet<String> = all.iter().map(|quad| quad.subject.to_string()).collect();
    assert!(subjects.iter().all(|one| one.starts_with("<urn:dixit:")), "{subjects:?}");
}

/// `FollowTheMoney` entities by their ids.
fn entities(text: &str) -> BTreeMap<String, Value> {
    let all: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let by_id: BTreeMap<String, Value> =
        all.iter().map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())).collect();
    assert_eq!(by_id.len(), all.len(), "an id stands twice");
    by_id
}

#[test]
fn entities_have_their_ids_and_their_posts_once() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let line = json!({"relation": {"key": "z1", "from": {"Actor": "mike-rounds"}, "relation": "holds_office", "to": {"Actor": "united-states"}, "role": "President", "source": "news-2025-11-23"}});
    fs::write(folder.path().join("more.jsonl"), format!("{}{line}\n", lines(&store))).unwrap();
    done(&["import", "more.jsonl", "--db", "geneva.dixit"], folder.path());
    let text = exported(&store, &["ftm"]);
    assert_eq!(exported(&store, &["ftm"]), text);
    let all = entities(&text);
    let of = |schema: &str| -> Vec<&Value> {
        all.values().filter(|one| one["schema"] == schema).collect()
    };
    // Two hold the same office: it is one post.
    assert_eq!((of("Occupancy").len(), of("Position").len()), (4, 3));
    for occupancy in of("Occupancy") {
        let [holder, post] = ["holder", "post"].map(|name| &occupancy["properties"][name][0]);
        assert_eq!(all[post.as_str().unwrap()]["schema"], "Position");
        assert_eq!(all[holder.as_str().unwrap()]["schema"], "Person");
    }
    for membership in of("Membership") {
        for end in ["member", "organization"] {
            let id = membership["properties"][end][0].as_str().unwrap();
            assert!(all.contains_key(id), "{id} leads nowhere");
        }
    }
    let start = &all["dixit-tie-r01"]["properties"];
    assert_eq!(
        (&start["startDate"][0], &start["holder"][0]),
        (&json!("2025-01-20"), &json!("donald-trump"))
    );
}

#[test]
fn entities_come_back_in() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let text = exported(&store, &["ftm"]);
    fs::write(folder.path().join("g.ijson"), &text).unwrap();
    done(&["init", "other.dixit"], folder.path());
    done(&["import", "g.ijson", "--db", "other.dixit"], folder.path());
    let other = exported(&folder.path().join("other.dixit"), &["ftm"]);
    let names = |text: &str, schemas: &[&str]| -> BTreeSet<String> {
        let all = entities(text);
        let known =
            all.values().filter(|one| schemas.iter().any(|schema| one["schema"] == **schema));
        known
            .map(|one| one["properties"].to_string())
            .map(|text| {
                text.split("\"name\":").last().unwrap().split(']').next().unwrap().to_owned()
            })
            .collect()
    };
    for schemas in
        [["Person", "LegalEntity"], ["PublicBody", "PublicBody"], ["Organization", "Company"]]
    {
        let (before, after) = (names(&text, &schemas), names(&other, &schemas));
        assert!(before.is_subset(&after), "{before:?} {after:?}");
    }
    for schema in ["Occupancy", "Membership", "Employment", "Representation", "Article"] {
        let count =
            |text: &str| entities(text).values().filter(|one| one["schema"] == schema).count();
        assert_eq!(count(&text), count(&other), "{schema}");
    }
}

#[test]
fn ties_and_authors_come_back_as_what_they_were() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let text = exported(&store, &["ftm"]);
    fs::write(folder.path().join("g.ijson"), &text).unwrap();
    done(&["init", "other.dixit"], folder.path());
    let other = folder.path().join("other.dixit");
    done(&["import", "g.ijson", "--db", "other.dixit"], folder.path());
    let (_, _, again) = dixit(&["import", "g.ijson", "--db", "other.dixit"], folder.path());
    assert!(again.contains("nothing changed"), "{again}");
    // Those with an item of Wikidata go by it there.
    let ask = |store: &Path, query: &str| {
        let line = ["query", query, "--format", "csv", "--db", store.to_str().unwrap()];
        done(&line, folder.path())
    };
    for query in [
        "match (o:Source) optional match (o)-[:written_by]->(a:Actor) optional match (o)-[:published_by]->(b:Actor) return o.key, o.title, o.published, a.name, b.name order by o.key",
        "match (r:Relation)-[:known_from]->(o:Source) match (a:Actor)-[r]->(b:Actor) where r.relation <> 'holds_office' return r.key, a.name, r.relation, b.name, r.role, r.valid_from, r.valid_to, r.as_of, o.key, r.note order by r.key",
        "match (r:Relation)-[:known_from]->(o:Source) match (a:Actor)-[r]->(b:Actor) where r.relation = 'holds_office' return r.key, a.name, r.valid_from, r.valid_to, r.as_of, o.key, r.note order by r.key",
    ] {
        assert_eq!(ask(&store, query), ask(&other, query), "{query}");
    }
    assert_eq!(text.lines().count(), exported(&other, &["ftm"]).lines().count());
}

#[test]
fn a_dossier_puts_nothing_into_a_mouth() {
    let folder = TempDir::new().unwrap();
    let store = geneva(folder.path());
    let sorted: Vec<Value> =
        lines(&store).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let relayed: BTreeSet<&str> = sorted
        .iter()
        .filter(|line| line["link"]["relation"] == "reports")
        .filter_map(|line| line["link"]["to"]["Statement"].as_str().or(line["link"]["to"].as_str()))
        .collect();
    assert!(relayed.len() >= 6, "{relayed:?}");
    let claims = sorted.iter().filter_map(|line| line.get("claim"));
    let texts: BTreeMap<&str, &str> = claims
        .map(|claim| (claim["key"].as_str().unwrap(), claim["text"].as_str().unwrap()))
        .collect();
    let mut told = 0;
    for line in sorted.iter().filter_map(|line| line.get("statement")) {
        let (key, speaker) = (line["key"].as_str().unwrap(), line["speaker"].as_str().unwrap());
        let Some(claim) = line["claim"].as_str() else { continue };
        let words = texts[claim];
        let text = exported(&store, &["dossier", "--actor", speaker]);
        let is_said = section(&text, "What was said").contains(words);
        if relayed.contains(key) {
            told += 1;
            assert!(section(&text, "What others say was said").contains(words), "{key}");
        }
        let own = sorted.iter().filter_map(|line| line.get("statement")).any(|other| {
            other["speaker"] == speaker
                && other["claim"] == claim
                && !relayed.contains(other["key"].as_str().unwrap())
        });
        assert!(own || !is_said, "{key}: {text}");
    }
    assert!(told >= 6);
}
