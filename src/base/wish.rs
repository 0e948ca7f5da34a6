//! How well a text fits what somebody has begun to write: it begins so, a word of it does, or it has the letters in order.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::fold::fold;

/// How well a candidate fits; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is what is begun, but for case and accents.
    Same,
    /// It begins so.
    Begins,
    /// A word of it begins so.
    Word,
    /// It has the letters in order; fewer is nearer.
    Fuzzy(u32),
}

/// What is begun, ready to be compared with many.
pub struct Wish {
    folded: String,
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Wish {
    /// Of the text in front of the cursor.
    pub fn new(begun: &str) -> Self {
        let folded = fold(begun);
        let pattern =
            Pattern::new(&folded, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        Self { folded, pattern, matcher: Matcher::new(Config::DEFAULT), buffer: Vec::new() }
    }

    /// How a text fits, if it does. Where nothing is begun, everything begins so.
    pub fn fit(&mut self, text: &str) -> Option<Fit> {
        let text = fold(text);
        if text == self.folded {
            return Some(Fit::Same);
        }
        if text.starts_with(&self.folded) {
            return Some(Fit::Begins);
        }
        let words = text.match_indices(|c: char| !c.is_alphanumeric());
        let mut behind = words.filter_map(|(at, mark)| text.get(at + mark.len()..));
        if behind.any(|rest| rest.starts_with(&self.folded)) {
            return Some(Fit::Word);
        }
        // One or two letters are in nearly every name.
        if self.folded.chars().count() < 3 {
            return None;
        }
        let score =
            self.pattern.score(Utf32Str::new(&text, &mut self.buffer), &mut self.matcher)?;
        Some(Fit::Fuzzy(u32::MAX - score))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_counts_most() {
        let order = |begun: &str, texts: &[&str]| {
            let mut wish = Wish::new(begun);
            let mut found: Vec<(Fit, &str)> =
                texts.iter().filter_map(|text| wish.fit(text).map(|fit| (fit, *text))).collect();
            found.sort();
            found.into_iter().map(|(_, text)| text.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            order("act", &["Fact", "voice_act", "Actor", "act"]),
            ["act", "Actor", "voice_act", "Fact"]
        );
        assert_eq!(order("ru", &["Tommy", "Marco Rubio", "Rubio"]), ["Rubio", "Marco Rubio"]);
        assert_eq!(order("mrb", &["Marco Rubio", "Rounds"]), ["Marco Rubio"]);
        assert_eq!(order("zel", &["Volodymyr Zelénsky"]), ["Volodymyr Zelénsky"]);
        assert_eq!(order("", &["a", "b"]), ["a", "b"]);
    }
}
