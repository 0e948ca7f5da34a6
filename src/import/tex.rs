//! What TeX says in more ways than the library for bibliographies knows, said in one it does; and commands that are left in
//! its texts, as text. What is not known here stays as it is written.

/// Accents that stand before their letter.
const ACCENTS: &[u8] = b"'\"`^~=.uvHr";

/// Commands whose argument is all that is meant.
const AROUND: &[&str] = &[
    "url",
    "path",
    "emph",
    "textit",
    "textbf",
    "texttt",
    "textsc",
    "textsl",
    "textrm",
    "textsf",
    "textup",
    "textmd",
    "textnormal",
    "enquote",
    "uppercase",
    "mbox",
    "underline",
    "textsuperscript",
    "textsubscript",
];

/// Commands that stand for a text.
const WORDS: &[(&str, &str)] = &[
    ("it", ""),
    ("bf", ""),
    ("em", ""),
    ("sc", ""),
    ("tt", ""),
    ("rm", ""),
    ("sl", ""),
    ("sf", ""),
    ("itshape", ""),
    ("bfseries", ""),
    ("relax", ""),
    ("newline", " "),
    ("linebreak", " "),
    ("ldots", "…"),
    ("dots", "…"),
    ("euro", "€"),
    ("texteuro", "€"),
    ("textcopyright", "©"),
    ("copyright", "©"),
    ("dag", "†"),
    ("textdagger", "†"),
    ("textbullet", "•"),
    ("textdegree", "°"),
    ("quad", " "),
    ("qquad", " "),
    ("space", " "),
    ("textbackslash", "\\"),
];

/// Single characters behind a backslash that stand for a text.
const SIGNS: &[(char, &str)] =
    &[(',', " "), (' ', " "), (';', " "), ('/', ""), ('!', ""), ('@', "")];

/// The text of a bibliography with accents over a dotless i or j set on a plain one, and values in quotation marks in braces
/// where they hold such marks themselves. Each line stays where it is.
pub(super) fn usual(text: &str) -> String {
    let mut usual = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('\\') {
        usual.push_str(before);
        usual.push('\\');
        rest = if let Some((accent, letter, after)) = dotless(behind) {
            usual.extend([accent, '{', letter, '}']);
            after
        } else {
            let next = behind.chars().next().map_or(0, char::len_utf8);
            usual.push_str(behind.get(..next).unwrap_or_default());
            behind.get(next..).unwrap_or_default()
        };
    }
    usual.push_str(rest);
    in_braces(usual)
}

/// An accent over a dotless letter: `'\i`, `"{\i}`, `u \j `; the accent, the letter and what follows.
fn dotless(behind: &str) -> Option<(char, char, &str)> {
    let blanks = [' ', '\t'];
    let accent = behind.bytes().next().filter(|byte| ACCENTS.contains(byte))?;
    let rest = behind.get(1..)?.trim_start_matches(blanks);
    let (braced, rest) = rest.strip_prefix('{').map_or((false, rest), |rest| (true, rest));
    let rest = rest.trim_start_matches(blanks).strip_prefix('\\')?;
    let letter = rest.chars().next().filter(|letter| matches!(letter, 'i' | 'j'))?;
    let rest = rest.get(1..)?;
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let after = rest.strip_prefix("{}").unwrap_or_else(|| rest.trim_start_matches(blanks));
    let after = if braced { after.strip_prefix('}')? } else { after };
    Some((char::from(accent), letter, after))
}

/// The same with `"a {"} b"` as `{a {"} b}`.
fn in_braces(text: String) -> String {
    let mut bytes = text.into_bytes();
    let (mut at, mut depth, mut is_value) = (0, 0_usize, false);
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'"' if is_value && depth <= 1 => {
                let Some((end, holds_marks)) = end_of_value(&bytes, at + 1) else { break };
                for (place, brace) in [(at, b'{'), (end, b'}')].into_iter().filter(|_| holds_marks)
                {
                    if let Some(mark) = bytes.get_mut(place) {
                        *mark = brace;
                    }
                }
                at = end;
            }
            _ => {}
        }
        is_value = match byte {
            b'=' | b'#' => true,
            byte => is_value && byte.is_ascii_whitespace(),
        };
        at += 1;
    }
    // Only whole characters of ASCII were replaced, by such.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The quotation mark that ends a value, and whether others stand in braces before it.
fn end_of_value(bytes: &[u8], from: usize) -> Option<(usize, bool)> {
    let (mut at, mut depth, mut holds_marks) = (from, 0_usize, false);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b'"' if depth == 0 => return Some((at, holds_marks)),
            b'"' => holds_marks = true,
            _ => {}
        }
        at += 1;
    }
}

/// The text of a field without commands around its parts; an address keeps its signs.
pub(super) fn plain(text: &str, is_address: bool) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('\\') {
        plain.push_str(before);
        let name = behind.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let after = behind.get(name.len()..).unwrap_or_default();
        rest = after;
        if let Some((inside, after)) = argument(after).filter(|_| AROUND.contains(&name)) {
            plain.push_str(inside);
            rest = after;
        } else if let Some((_, after)) = argument(after).filter(|_| name == "href") {
            rest = after;
        } else if let Some((_, word)) = WORDS.iter().find(|(known, _)| *known == name) {
            plain.push_str(word);
            rest = after.strip_prefix("{}").or(after.strip_prefix(' ')).unwrap_or(after);
        } else if let Some((sign, word)) = SIGNS.iter().find(|(sign, _)| behind.starts_with(*sign))
        {
            plain.push_str(word);
            rest = behind.get(sign.len_utf8()..).unwrap_or_default();
        } else {
            plain.push('\\');
            plain.push_str(name);
        }
    }
    plain.push_str(rest);
    if is_address {
        return plain;
    }
    let quoted = plain.replace("``", "“").replace("''", "”").replace('~', " ");
    quoted.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What stands in the braces that a text begins with, and what follows them.
fn argument(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('{')?.split_once('}')
}

#[cfg(test)]
mod tests {
    use super::{plain, usual};

    #[test]
    fn accents_and_quotation_marks_are_said_in_one_way() {
        for (text, expected) in [
            (r#"na{\"\i}ve"#, r#"na{\"{i}}ve"#),
            (r"a \'{\i}b \'\i c \^\i{}d \v{\j}e", r"a \'{i}b \'{i}c \^{i}d \v{j}e"),
            (r"\'\ib \\i \alpha \", r"\'\ib \\i \alpha \"),
            (r#"@a{k, t = "x {"}y{"} z", u = "v"}"#, r#"@a{k, t = {x {"}y{"} z}, u = "v"}"#),
            (r#"@a{k, t = "x" # " {"} z", n = {"}}"#, r#"@a{k, t = "x" # { {"} z}, n = {"}}"#),
            (r#"t = "ü {" never ends"#, r#"t = "ü {" never ends"#),
        ] {
            assert_eq!(usual(text), expected, "{text}");
        }
    }

    #[test]
    fn commands_that_are_left_become_text() {
        for (text, expected) in [
            (r"\emph{a} \textsuperscript{2} \it old", "a 2 old"),
            (r"a\,b\ c \ldots{} \href{http://x.example}link", "a b c … link"),
            (r"``q'' and A~B \alpha \unknown{x}", r"“q” and A B \alpha \unknown{x}"),
        ] {
            assert_eq!(plain(text, false), expected, "{text}");
        }
        assert_eq!(plain("http://x.example/~ada", true), "http://x.example/~ada");
    }
}
