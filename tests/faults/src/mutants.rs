//! Damaged stores: how they are made, and what becomes of each when it is opened, checked and asked.

use crate::random::Random;
use dixit::{
    base::{date::Date, source::Source},
    compile, lang,
    meaning::{
        catalog::Catalog,
        resolve::{Arguments, World},
    },
    store::{self, Limits, Reader, check::check},
};
use std::{
    fs,
    io::Write as _,
    ops::{ControlFlow, Range},
    panic,
    path::Path,
    time::{Duration, Instant},
};

const PAGE: usize = 4096;

/// Fields of the header and the width of each.
const HEADER: &[(usize, usize)] = &[
    (16, 2),
    (18, 1),
    (19, 1),
    (20, 1),
    (21, 1),
    (24, 4),
    (28, 4),
    (32, 4),
    (36, 4),
    (40, 4),
    (44, 4),
    (48, 4),
    (52, 4),
    (56, 4),
    (60, 4),
    (64, 4),
    (68, 4),
    (92, 4),
    (96, 4),
];

/// What stands in a field that was damaged.
const NUMBERS: &[u32] = &[0, 1, 2, 3, 255, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/// A damaged copy; the number settles how it is damaged.
pub fn mutant(bytes: &[u8], number: usize) -> Vec<u8> {
    let mut random = Random::new(number as u64 + 1);
    let mut bytes = bytes.to_vec();
    let pages = bytes.len() / PAGE;
    match number % 8 {
        0 => flip(&mut bytes, 0, 1, &mut random),
        1 => flip(&mut bytes, 0, 40, &mut random),
        // The pages that describe the others.
        2 => flip(&mut bytes[..PAGE * 12], 100, 4, &mut random),
        3 => {
            let (one, two) = (random.below(pages), random.below(pages));
            let copy = bytes[one * PAGE..(one + 1) * PAGE].to_vec();
            bytes.copy_within(two * PAGE..(two + 1) * PAGE, one * PAGE);
            bytes[two * PAGE..(two + 1) * PAGE].copy_from_slice(&copy);
        }
        4 => {
            let (one, two) = (random.below(pages), random.below(pages));
            bytes.copy_within(two * PAGE..(two + 1) * PAGE, one * PAGE);
        }
        5 => bytes.truncate(random.below(bytes.len())),
        6 => {
            let (at, width) = HEADER[random.below(HEADER.len())];
            let value = NUMBERS[random.below(NUMBERS.len())].to_be_bytes();
            bytes[at..at + width].copy_from_slice(&value[4 - width..]);
        }
        // The head of a page: its kind, its cells, its pointers.
        _ => {
            let page = random.below(pages) * PAGE;
            for _ in 0..=random.below(3) {
                let at = page + if page == 0 { 100 } else { 0 } + random.below(24);
                bytes[at] = [0, 2, 5, 10, 13, 0x7f, 0x80, 0xff][random.below(8)];
            }
        }
    }
    bytes
}

fn flip(bytes: &mut [u8], from: usize, most: usize, random: &mut Random) {
    for _ in 0..=random.below(most) {
        let at = from + random.below(bytes.len() - from);
        bytes[at] ^= 1 << random.below(8);
    }
}

/// Questions that walk most of a store.
const QUESTIONS: &[&str] = &[
    "match (a:Actor)-[s:said]->(c:Claim) return a.name, s.act, s.date, c.text order by a.name, c.text",
    "match (s:Statement)-[:reports]->*(t:Statement), (t)-[:by]->(a:Actor) return s.key, a.name",
    "match (c:Claim) where c.text matches 'plan OR ukraine' return count(*) as claims",
];

/// Opens the damaged stores of a folder's `store` by their numbers; prints for each `number refused|found|answered|unchanged`.
pub fn open_all(folder: &Path, numbers: Range<usize>) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    panic::set_hook(Box::new(|_| ()));
    let whole = fs::read(folder.join("store.dixit")).map_err(|error| said(&error))?;
    let right = answers(&folder.join("store.dixit"))?;
    for number in numbers {
        let path = folder.join(format!("mutant-{number}.dixit"));
        // Told before it is tried, so that a crash is known by its number.
        print!("{number} ");
        std::io::stdout().flush().map_err(|error| said(&error))?;
        fs::write(&path, mutant(&whole, number)).map_err(|error| said(&error))?;
        let begun = Instant::now();
        let became = panic::catch_unwind(|| became(&path, &right)).unwrap_or("panicked");
        // Three questions and a check, two seconds each at most, on a machine that has other things to do.
        let became = if begun.elapsed() > Duration::from_secs(30) { "late" } else { became };
        println!("{became}");
        for ending in ["", "-journal", "-wal", "-shm"] {
            drop(fs::remove_file(format!("{}{ending}", path.display())));
        }
    }
    Ok(())
}

/// What became of a store.
fn became(path: &Path, right: &[String]) -> &'static str {
    // A writer refuses or not; it may not crash either.
    drop(store::open_for_writing(path).map(drop));
    let Ok(reader) = open(path) else { return "refused" };
    let findings = check(&reader);
    drop(reader);
    let answers = answers(path);
    match (findings, answers) {
        (Err(_), Err(_)) => "refused",
        (Err(_), Ok(_)) => "refused in part",
        (Ok(found), Err(_)) if found.is_empty() => "damaged and not found",
        (Ok(found), _) if !found.is_empty() => "found",
        (_, Ok(answers)) if answers == right => "unchanged",
        _ => "answered",
    }
}

/// Checks and asks a store.
pub fn asked(path: &Path) -> Result<(), String> {
    check(&open(path)?).map_err(|error| error.to_string())?;
    answers(path).map(drop)
}

fn open(path: &Path) -> Result<Reader, String> {
    let limits = Limits { timeout: Some(Duration::from_secs(2)), heap: 128 << 20 };
    store::open(path, &limits).map_err(|error| error.to_string())
}

/// The rows of all questions, as text.
fn answers(path: &Path) -> Result<Vec<String>, String> {
    let reader = open(path)?;
    let catalogue = reader.catalogue().map_err(|error| error.to_string())?;
    let catalog = Catalog::new(catalogue).map_err(|wrong| format!("{wrong:?}"))?;
    let (arguments, today) = (Arguments::default(), Date::parse("2026-01-02").map_err(|_| "date")?);
    let mut all = Vec::new();
    for question in QUESTIONS {
        let script =
            lang::parse(&Source::inline(*question)).map_err(|wrong| format!("{wrong:?}"))?;
        for query in &script.queries {
            let world = World { catalog: &catalog, arguments: &arguments, today: &today };
            let compiled = compile(query, world).map_err(|wrong| format!("{wrong:?}"))?;
            reader.start();
            let receive = &mut |row| {
                all.push(format!("{row:?}"));
                if all.len() < 100_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            reader.run(&compiled.statement, receive).map_err(|error| error.to_string())?;
        }
    }
    Ok(all)
}
