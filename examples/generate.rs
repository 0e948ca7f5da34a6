//! Makes a coding sheet of any size, always the same for the same size, to measure and to try things:
//!
//!     cargo run --release --example generate -- 1000000 sheet.csv
//!
//! Few speakers, claims and venues are named often and many seldom; a quarter of the rows relay an earlier row.

use std::{
    env, fs,
    io::{self, BufWriter, Write as _},
};

/// A small generator of pseudo-random numbers (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A fraction from 0 up to 1.
    fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / 4_294_967_296.0
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A number below `end`; small ones are far more frequent, about as Zipf's law with exponent 0.8 has it.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes are small"
    )]
    fn skewed(&mut self, end: u64) -> u64 {
        ((self.fraction().powi(5) * end as f64) as u64).min(end.saturating_sub(1))
    }
}

const CONSONANTS: [&str; 16] =
    ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "br", "st"];
const VOWELS: [&str; 7] = ["a", "e", "i", "o", "u", "ai", "ea"];
const ACTS: [&str; 10] = [
    "asserts",
    "asserts",
    "asserts",
    "asserts",
    "denies",
    "questions",
    "doubts",
    "promises",
    "confirms",
    "predicts",
];
const UNNAMED: [&str; 4] =
    ["a senior official", "two diplomats", "an aide", "a person close to the talks"];
const HEADING: &str = "speaker,identity,act,claim,date,venue,source,quote,audience,reports,topic,certainty,mode,locator";

/// A made-up word that belongs to a number.
fn word(number: u64) -> String {
    let mut random = Random(number.wrapping_mul(0x5851_F42D_4C95_7F2D));
    let syllables = 2 + random.below(2);
    let pick = |from: &[&str], random: &mut Random| {
        from[usize::try_from(random.next()).unwrap_or(0) % from.len()].to_owned()
    };
    (0..syllables).map(|_| pick(&CONSONANTS, &mut random) + &pick(&VOWELS, &mut random)).collect()
}

fn title(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn speaker(number: u64) -> String {
    match number % 10 {
        0 => format!("Ministry of {} {}", title(&word(number)), number),
        1 => format!("{} Institute {}", title(&word(number)), number),
        _ => {
            format!("{} {} {}", title(&word(number % 700)), title(&word(number / 7 + 9000)), number)
        }
    }
}

fn sentence(seed: u64, least: u64, most: u64) -> String {
    let mut random = Random(seed);
    let words = least + random.below(most - least);
    let text: Vec<String> = (0..words).map(|_| word(random.skewed(8000))).collect();
    title(&text.join(" "))
}

fn date(random: &mut Random) -> String {
    let (year, month, day) = (2015 + random.below(11), 1 + random.below(12), 1 + random.below(28));
    match random.below(20) {
        0 => format!("{year}-{month:02}"),
        1 => format!("[..{year}-{month:02}-{day:02}]"),
        2 => format!("{year}?"),
        3 => String::new(),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

/// One row; `number` counts from 0 and stands in row `number + 2` of the sheet.
fn row(random: &mut Random, number: u64, rows: u64) -> String {
    let claim = random.skewed(rows / 3 + 1);
    let source = number * (rows / 20 + 1) / rows.max(1);
    let unnamed = random.chance(7);
    let who = if unnamed {
        UNNAMED[usize::try_from(random.below(4)).unwrap_or(0)].to_owned()
    } else {
        speaker(random.skewed(rows / 50 + 5))
    };
    let relays = number > 10 && random.chance(25);
    let told =
        number - (1 + random.skewed(number.min(500)).min(number.saturating_sub(1))).min(number);
    let reports = if relays { (told + 2).to_string() } else { String::new() };
    let act = if relays { "reports" } else { ACTS[usize::try_from(random.below(10)).unwrap_or(0)] };
    let claim_text =
        if relays { String::new() } else { sentence(claim.wrapping_mul(31) + 7, 8, 16) + "." };
    let venue = if random.chance(60) {
        format!("{} Hall", title(&word(random.skewed(3000))))
    } else {
        String::new()
    };
    let quote = if random.chance(50) {
        format!("\"{}\"", sentence(random.next(), 3, 8))
    } else {
        String::new()
    };
    let audience =
        if random.chance(10) { speaker(random.skewed(rows / 50 + 5)) } else { String::new() };
    let topic =
        if relays { String::new() } else { format!("{} {}", word(claim % 200), word(claim % 17)) };
    let identity = if unnamed { "described" } else { "" };
    let certainty = ["certain", "probable", "", ""][usize::try_from(random.below(4)).unwrap_or(0)];
    let mode = if quote.is_empty() { "indirect" } else { "mixed" };
    let source = format!("{} Post {source}", title(&word(source % 500)));
    let page = random.below(30);
    let date = date(random);
    format!(
        "{who},{identity},{act},{claim_text},{date},{venue},{source},{quote},{audience},{reports},{topic},{certainty},{mode},p{page}"
    )
}

/// Writes a sheet of so many rows; the same number always gives the same sheet.
pub(crate) fn generate(rows: u64, out: &mut dyn io::Write) -> io::Result<()> {
    let mut random = Random(rows);
    writeln!(out, "{HEADING}")?;
    for number in 0..rows {
        writeln!(out, "{}", row(&mut random, number, rows))?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(rows), Some(path)) =
        (arguments.next().and_then(|rows| rows.parse().ok()), arguments.next())
    else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "usage: generate ROWS FILE"));
    };
    let mut out = BufWriter::new(fs::File::create(path)?);
    generate(rows, &mut out)?;
    out.flush()
}
