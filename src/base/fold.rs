//! Folding of text for look-up: case, accents, width and surrounding space do not count.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The folded form: compatibility-decomposed, without combining marks, lower case, inner white space as one blank.
///
/// Letters that Unicode does not decompose (ø, ł, đ, ß, æ, œ) are spelled out, as search engines do.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        let small = text.to_ascii_lowercase();
        return if is_squeezed(&small) { small } else { squeeze(&small) };
    }
    let plain: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let mut spelled = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            'ø' => spelled.push('o'),
            'ł' => spelled.push('l'),
            'đ' | 'ð' => spelled.push('d'),
            'ı' => spelled.push('i'),
            'ß' => spelled.push_str("ss"),
            'æ' => spelled.push_str("ae"),
            'œ' => spelled.push_str("oe"),
            other => spelled.push(other),
        }
    }
    squeeze(&spelled)
}

/// Whether there are only single blanks in a text of ASCII, and none at its ends.
fn is_squeezed(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if matches!(byte, b'\t'..=b'\r') || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// How a text is kept for look-up: folded, and where that is longer than 96 bytes, its first 64 characters or fewer
/// followed by a digest, so that long claim texts can be found without being stored twice.
pub fn lookup_form(text: &str) -> String {
    let folded = fold(text);
    if folded.len() <= 96 {
        return folded;
    }
    let head: String = folded.chars().take(64).collect();
    format!("{head}…{}", digest(&folded, 16))
}

/// How a text may stand as a key besides as it is written: folded, and that in capital letters.
pub fn key_forms(text: &str) -> [String; 2] {
    let folded = fold(text);
    let capital = folded.to_uppercase();
    [folded, capital]
}

/// What a key is found by besides itself and its [`key_forms`], which need not be kept: `P123` is found by `p123` as it is.
pub fn kept_form(key: &str) -> Option<String> {
    let has = |is: fn(&u8) -> bool| key.as_bytes().iter().any(is);
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    if key.is_ascii() && !is_mixed && is_squeezed(key) {
        return None;
    }
    if key_forms(key).iter().any(|form| form == key) {
        return None;
    }
    Some(lookup_form(key)).filter(|form| form != key)
}

/// The first `digits` hexadecimal digits (at most 64) of the text's SHA-256.
pub fn digest(text: &str, digits: usize) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(text.as_bytes());
    hash.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(digits).map(hex).collect()
}

fn hex(nibble: u8) -> char {
    char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_mixed_letters_are_kept_in_another_form() {
        for key in ["p123", "P123", "plan-is-us-position", "DE", "ОДЕСА-1"] {
            assert_eq!(kept_form(key), None, "{key}");
        }
        assert_eq!(kept_form(" p1").as_deref(), Some("p1"));
        assert_eq!(kept_form("P  1").as_deref(), Some("p 1"));
        assert_eq!(kept_form("p\t1").as_deref(), Some("p 1"));
        assert_eq!(kept_form("p 1"), None);
        assert_eq!(kept_form("Marco Rubio").as_deref(), Some("marco rubio"));
        assert_eq!(kept_form("İzmir"), Some(fold("İzmir")));
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected);
    }

    #[test]
    fn case_accents_width_and_space_do_not_count() {
        check("  Türkiye ", "turkiye");
        check("ＨＡＬＩＦＡＸ", "halifax");
        check("Kłodzko\t X", "klodzko x");
        check("Straße", "strasse");
        check("Зеленський", "зеленськии");
    }

    #[test]
    fn long_texts_keep_a_head_and_a_digest() {
        let long = "claim ".repeat(40);
        let form = lookup_form(&long);
        assert!(form.len() < 96 && form.contains('…'), "{form}");
        assert_ne!(form, lookup_form(&format!("{long}x")));
    }
}
