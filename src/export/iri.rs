//! Keys as parts of addresses.

/// A key in which only letters, digits and `-._~` of ASCII stand for themselves; the bytes of all else are written as `%20`
/// is (RFC 3986, section 2.1). No two keys come out alike.
pub(super) fn encoded(key: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            write!(out, "%{byte:02X}").unwrap_or_default();
        }
    }
    out
}

/// Whether a text is an address of the web that may stand as it is between angle brackets or quotation marks.
pub(super) fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_graphic() && !"<>\"'`\\{}|^[]".contains(c);
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(plain)
    })
}

/// The address of an item of Wikidata, if the text is the number of one.
pub(super) fn item(text: &str) -> Option<String> {
    let digits = text.strip_prefix('Q')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("http://www.wikidata.org/entity/{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_parts_of_addresses() {
        assert_eq!(encoded("mike-rounds"), "mike-rounds");
        assert_eq!(encoded("a b/ü<%>"), "a%20b%2F%C3%BC%3C%25%3E");
    }

    #[test]
    fn only_plain_addresses_are_addresses() {
        assert!(is_address("https://x.org/a?b=c#d"));
        for text in
            ["javascript:alert(1)", "https://", "https://x.org/<b>", "http://a b", "https:///"]
        {
            assert!(!is_address(text), "{text}");
        }
        assert_eq!(item("Q42").as_deref(), Some("http://www.wikidata.org/entity/Q42"));
        assert_eq!((item("Q"), item("Q1/x")), (None, None));
    }
}
