//! Keys: what one may be, and how a readable one is made of a name.

use crate::base::fold::{digest, fold};

/// The longest key that is made of a name.
const LONGEST: usize = 64;
/// How many names with one slug are told apart by number.
const NUMBERED: usize = 20;

/// Why a text cannot be a key: it has to be something that can be typed and read.
pub fn wrong(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("a key cannot be empty");
    }
    if text.chars().any(char::is_control) {
        return Some("a key cannot hold line breaks or control characters");
    }
    (text.len() > 300).then_some("a key cannot be longer than 300 bytes")
}

/// The keys to try for something new: `base`, then with a number behind it; the last one is told apart by `content`.
pub fn candidates(base: &str, content: &str) -> impl Iterator<Item = String> {
    let first = std::iter::once(base.to_owned());
    let numbered = (2..=NUMBERED).map({
        let base = base.to_owned();
        move |number| format!("{base}-{number}")
    });
    first.chain(numbered).chain([format!("{base}-{}", digest(content, 12))])
}

/// A readable key made of a name: letters and digits, with hyphens between; a long one is cut and gets a digest.
pub fn slug(name: &str) -> String {
    let folded = fold(name);
    let mut slug = String::with_capacity(folded.len().min(LONGEST));
    let mut cut = false;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + word.len() >= LONGEST {
            cut = true;
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(LONGEST));
        cut |= word.len() > LONGEST;
    }
    if cut {
        slug.push('-');
        slug.push_str(&digest(&folded, 8));
    }
    if slug.is_empty() { format!("x-{}", digest(name, 8)) } else { slug }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_readable_and_never_empty() {
        assert_eq!(slug("Halifax Security Forum"), "halifax-security-forum");
        assert_eq!(slug("Türkiye’s “Plan B”"), "turkiye-s-plan-b");
        assert_eq!(slug("?!").len(), 10);
        let long = slug(&"very long claim ".repeat(20));
        assert!(long.len() < 80 && long.starts_with("very-long-claim-very"), "{long}");
    }
}
