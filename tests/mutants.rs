//! Random queries find what is wrong with the compiler: ten mistakes are planted in it, one at a time, and each must show
//! within a thousand queries, all of which are answered rightly where no mistake is planted.
//!
//! `cargo test --release --features planted --test mutants`

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where it cannot go on, and says how many queries each mistake took"
)]
#![expect(
    clippy::too_many_lines,
    clippy::too_many_arguments,
    clippy::format_push_string,
    dead_code,
    reason = "the oracle is plain rather than short, and not all of it is needed to find a mistake"
)]

mod oracle;

use dixit::base::planted::{Mistake, plant};
use oracle::{
    check::{Case, Verdict},
    queries,
    random::Random,
    worlds::World,
};

const QUERIES: usize = 1000;
const QUERIES_PER_WORLD: usize = 50;
/// Another stream of queries than that of `properties.rs`.
const SEED: u64 = 77_000_000;

#[test]
fn every_planted_mistake_shows_within_a_thousand_queries() {
    let mut hidden: Vec<Mistake> = Mistake::ALL.to_vec();
    let mut tried = 0;
    for at in 0..QUERIES / QUERIES_PER_WORLD {
        let mut random = Random::new(SEED + u64::try_from(at).unwrap());
        let case = Case::new(World::random(&mut random)).expect("a random world is taken in");
        for _ in 0..QUERIES_PER_WORLD {
            let text = queries::query(&case.graph, Random::new(random.next()));
            tried += 1;
            let verdict = case.check_text(&text);
            let wrong =
                matches!(verdict, Verdict::Unread(_) | Verdict::Failed(_) | Verdict::Differs(..));
            assert!(!wrong, "{verdict:?}\n{text}");
            hidden.retain(|mistake| {
                plant(Some(*mistake));
                let verdict = case.check_text(&text);
                plant(None);
                let shows = matches!(verdict, Verdict::Differs(..));
                if shows {
                    println!("{mistake:?} shows in query {tried}:\n{text}\n");
                }
                !shows
            });
        }
    }
    assert!(hidden.is_empty(), "not found in {QUERIES} queries: {hidden:?}");
}
