//! What an answer rests on.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot run fails"
)]
mod oracle;
use oracle::{check::Case, queries, random::Random, worlds::World};

#[test]
fn rows_are_the_same() {
    let worlds: u64 =
        std::env::var("DIXIT_RANDOM").ok().and_then(|t| t.parse::<u64>().ok()).unwrap_or(2000)
            / 100;
    let seed: u64 = std::env::var("DIXIT_SEED").ok().and_then(|t| t.parse().ok()).unwrap_or(1);
    let mut bad = std::collections::BTreeMap::<String, Vec<String>>::new();
    let (mut same, mut evid, mut nothing) = (0, 0, 0);
    for at in 0..worlds {
        let mut random = Random::new(seed * 1_000_000 + 700_000_000 + at);
        let case = Case::new(World::random(&mut random)).unwrap();
        for _ in 0..100 {
            let text = queries::query(&case.graph, Random::new(random.next()));
            match case.traced(&text) {
                None => nothing += 1,
                Some(Err(why)) => bad.entry(why.chars().take(60).collect()).or_default().push(text),
                Some(Ok((mut plain, rows))) => {
                    evid += rows.iter().filter(|(_, e)| !e.is_empty()).count();
                    let mut given: Vec<String> = rows.into_iter().map(|(r, _)| r).collect();
                    let limited = text.contains("limit") || text.contains("offset");
                    if plain == given {
                        same += 1
                    } else if plain.len() != given.len() || !limited {
                        plain.sort();
                        given.sort();
                        if plain == given {
                            bad.entry("order".into()).or_default().push(text);
                            continue;
                        }
                        let missing: Vec<_> = plain.iter().filter(|p| !given.contains(p)).collect();
                        let extra: Vec<_> = given.iter().filter(|p| !plain.contains(p)).collect();
                        bad.entry(format!("rows")).or_default().push(format!(
                            "{text}\n   plain {} given {} missing {:?} extra {:?}",
                            plain.len(),
                            given.len(),
                            &missing[..missing.len().min(3)],
                            &extra[..extra.len().min(3)]
                        ));
                    } else {
                        bad.entry("limited".into()).or_default().push(text);
                    }
                }
            }
        }
    }
    println!("{same} same, {nothing} no answer, {evid} rows with evidence");
    for (why, texts) in &bad {
        println!("== {why}: {}", texts.len());
        for t in texts.iter().take(4) {
            println!("{t}\n");
        }
    }
    assert!(bad.is_empty());
}
