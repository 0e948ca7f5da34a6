//! What every page of ours has: a content policy that allows nothing but its own style, so that no script runs on it and
//! nothing is loaded from elsewhere.

use sha2::{Digest as _, Sha256};

/// The content policy of a page with this text in its one `style` element.
pub fn policy(style: &str) -> String {
    let digest = base64(&Sha256::digest(style.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as a content policy writes them.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap_or(0);
            let known = DIGITS.get(digit).filter(|_| at <= three.len());
            text.push(known.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_base_64() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob~\u{7f}", "Zm9vYn5/")]
        {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }
}
