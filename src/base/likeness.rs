//! How alike two names are, and why: word order, initials, spelling, other alphabets, letters that only look alike.

use std::collections::BTreeSet;

use super::fold::fold;

/// A name in the forms in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// As it is looked up: without case, accents and width.
    pub folded: String,
    /// Its words in Latin letters, digits among them, without anything else. What stands behind a comma comes first.
    pub words: Vec<String>,
    /// Whether it was written with the last name first.
    pub turned: bool,
    /// What it looks like, whatever its letters are (Unicode Technical Standard 39, the skeleton).
    pub skeleton: String,
}

impl Form {
    /// The forms of a name.
    pub fn new(name: &str) -> Self {
        let folded = fold(name);
        let latin = if folded.is_ascii() { folded.clone() } else { deunicode::deunicode(&folded) };
        let latin: String = latin.chars().filter(|c| !"'’`".contains(*c)).collect();
        let (last, first) = latin.split_once(',').unwrap_or(("", &latin));
        let turned = !last.trim().is_empty() && !first.trim().is_empty() && !first.contains(',');
        let latin = if turned { format!("{first} {last}") } else { latin };
        let words = latin
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let skeleton = unicode_security::confusable_detection::skeleton(&folded).collect();
        Self { folded, words, turned, skeleton }
    }

    /// The words in the order of the alphabet.
    pub fn sorted(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        words.sort_unstable();
        words
    }

    /// Its letters without anything between them.
    pub fn joined(&self) -> String {
        self.words.concat()
    }

    /// Its numbers: names that differ in one are not alike.
    fn numbers(&self) -> Vec<&str> {
        let words = self.words.iter().map(String::as_str);
        words.filter(|word| word.contains(|c: char| c.is_ascii_digit())).collect()
    }
}

/// Why two names are alike, the strongest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same but for case, accents and width.
    Same,
    /// Letters of another alphabet that look the same.
    Looks,
    /// The same words in another order.
    Order,
    /// The same in Latin letters, or with other marks.
    Letters,
    /// One has an initial where the other has a name.
    Initials,
    /// One has a further name between the first and the last.
    Middle,
    /// A letter or two differ.
    Spelling,
}

impl Likeness {
    /// The reason, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Same => "the same name",
            Self::Looks => "letters that only look the same",
            Self::Order => "the same words in another order",
            Self::Letters => "the same name in other letters or marks",
            Self::Initials => "an initial for a name",
            Self::Middle => "a further name between",
            Self::Spelling => "spelled nearly alike",
        }
    }

    /// How likely it makes it that two are one, of a hundred.
    pub fn weight(self) -> u8 {
        match self {
            Self::Same => 90,
            Self::Looks => 88,
            Self::Order => 85,
            Self::Letters => 80,
            Self::Initials => 60,
            Self::Middle => 55,
            Self::Spelling => 50,
        }
    }
}

/// Why two names are alike, if they are.
pub fn likeness(one: &Form, other: &Form) -> Option<Likeness> {
    if one.folded == other.folded {
        return Some(Likeness::Same);
    }
    if one.skeleton == other.skeleton {
        return Some(Likeness::Looks);
    }
    if one.numbers() != other.numbers() || one.words.is_empty() || other.words.is_empty() {
        return None;
    }
    if one.joined() == other.joined() {
        let turned = one.turned != other.turned;
        return Some(if turned { Likeness::Order } else { Likeness::Letters });
    }
    if one.words.len() > 1 && one.sorted() == other.sorted() {
        return Some(Likeness::Order);
    }
    if abbreviates(&one.words, &other.words) {
        return Some(Likeness::Initials);
    }
    if is_longer(&one.words, &other.words) || is_longer(&other.words, &one.words) {
        return Some(Likeness::Middle);
    }
    is_near(&one.joined(), &other.joined()).then_some(Likeness::Spelling)
}

/// Whether two lists of words end alike and stand for each other, some by their first letter; a middle one may be missing.
fn abbreviates(one: &[String], other: &[String]) -> bool {
    let (Some((last, given)), Some((other_last, other_given))) =
        (one.split_last(), other.split_last())
    else {
        return false;
    };
    if last != other_last || last.len() < 2 || given.is_empty() || other_given.is_empty() {
        return false;
    }
    let stands_for = |(a, b): (&String, &String)| {
        a == b
            || (a.len() == 1 && b.starts_with(a.as_str()))
            || (b.len() == 1 && a.starts_with(b.as_str()))
    };
    let (few, many) =
        if given.len() <= other_given.len() { (given, other_given) } else { (other_given, given) };
    let more_initials = many.iter().skip(few.len()).all(|word| word.len() == 1);
    let whole = few.iter().zip(many).all(stands_for);
    whole && (given.len() == other_given.len() || more_initials)
}

/// Whether a list of words has the first and last of another, its others in their order, and more.
fn is_longer(many: &[String], few: &[String]) -> bool {
    if few.len() < 2 || many.len() <= few.len() {
        return false;
    }
    let ends = many.first() == few.first() && many.last() == few.last();
    let mut rest = many.iter();
    ends && few.iter().all(|word| rest.any(|other| other == word))
}

/// Whether a letter differs, or two in a long name.
fn is_near(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    let most = match shorter {
        0..6 => return false,
        6..12 => 1,
        _ => 2,
    };
    one.len().abs_diff(other.len()) <= most && strsim::damerau_levenshtein(one, other) <= most
}

/// Texts that two names share only if they may be alike: whoever compares only names that share one compares few.
pub fn blocks(form: &Form) -> BTreeSet<String> {
    let mut blocks = BTreeSet::from([
        format!("f{}", form.folded),
        format!("k{}", form.skeleton),
        format!("j{}", form.joined()),
        format!("o{}", form.sorted().join(" ")),
    ]);
    if let (Some(first), Some(last), true) =
        (form.words.first(), form.words.last(), form.words.len() > 1)
    {
        let initial: String = first.chars().take(1).collect();
        blocks.insert(format!("i{initial} {last}"));
    }
    let joined = form.joined();
    if (6..=MOST_LETTERS).contains(&joined.len()) {
        for at in 0..joined.len() {
            let (before, after) = joined.split_at(at);
            blocks.insert(format!("d{before}{}", after.get(1..).unwrap_or_default()));
        }
        blocks.insert(format!("d{joined}"));
    }
    if form.words.len() > 1 && joined.len() >= 12 {
        for left in 0..form.words.len() {
            let others = form.words.iter().enumerate().filter(|(at, _)| *at != left);
            let others: Vec<&str> = others.map(|(_, word)| word.as_str()).collect();
            blocks.insert(format!("w{}", others.join(" ")));
        }
    }
    blocks
}

/// Longer names are not compared letter by letter.
const MOST_LETTERS: usize = 40;

/// Whether a name mixes letters of alphabets that are not written together (Unicode Technical Standard 39).
pub fn mixes_scripts(name: &str) -> bool {
    use unicode_security::MixedScript as _;
    name.split(|c: char| !c.is_alphanumeric())
        .any(|word| !word.is_ascii() && !word.is_single_script())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> Option<Likeness> {
        let (one, other) = (Form::new(one), Form::new(other));
        let found = likeness(&one, &other);
        assert_eq!(found, likeness(&other, &one), "the other way round");
        let (a, b) = (blocks(&one), blocks(&other));
        assert!(found.is_none() || !a.is_disjoint(&b), "what is alike is compared");
        found
    }

    #[test]
    fn reasons_are_told_apart() {
        assert_eq!(alike("Marco Rubio", "MARCO  RUBIO"), Some(Likeness::Same));
        assert_eq!(alike("Marco Rubio", "M\u{430}rco Rubio"), Some(Likeness::Looks));
        assert_eq!(alike("Rubio, Marco", "Marco Rubio"), Some(Likeness::Order));
        assert_eq!(alike("Володимир Зеленский", "Volodimir Zelenskii"), Some(Likeness::Letters));
        assert_eq!(alike("M. Rubio", "Marco Rubio"), Some(Likeness::Initials));
        assert_eq!(alike("Rubio, M.", "Marco Rubio"), Some(Likeness::Initials));
        assert_eq!(alike("Rubio Marco", "Marco Rubio"), Some(Likeness::Order));
        assert_eq!(alike("J. R. Smith", "John Smith"), Some(Likeness::Initials));
        assert_eq!(alike("Donald John Trump", "Donald Trump"), Some(Likeness::Middle));
        assert_eq!(alike("Volodymyr Zelensky", "Volodymyr Zelenskyy"), Some(Likeness::Spelling));
        assert_eq!(alike("Washington-Post", "Washington Post"), Some(Likeness::Letters));
    }

    #[test]
    fn others_are_not_alike() {
        for (one, other) in [
            ("Marco Rubio", "Mike Rounds"),
            ("Senator 1", "Senator 2"),
            ("Institute 1071", "Institute 1072"),
            ("Ann Lee", "Bob Lee"),
            ("Iran", "Iraq"),
            ("Rubio", "Rubin"),
            ("", "…"),
        ] {
            assert_eq!(alike(one, other), None, "{one}, {other}");
        }
    }

    #[test]
    fn mixed_alphabets_are_noticed() {
        assert!(mixes_scripts("M\u{430}rco Rubio"));
        for name in ["Marco Rubio", "Zoë Ång", "Зеленский (Zelensky)", "東京タワー", "O’Neill"]
        {
            assert!(!mixes_scripts(name), "{name}");
        }
    }
}
