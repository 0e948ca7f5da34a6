//! Text for LaTeX: whatever stands in it is printed as it is, and nothing of it is obeyed.

use std::fmt;

use super::clean;

/// Text that LaTeX prints and does not obey: escaped here, or LaTeX of our own around escaped parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tex(String);

impl Tex {
    /// Escapes a text for a document. A line end becomes `\newline`; what a terminal would obey or hide is shown.
    pub fn text(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len() + 16);
        // Behind the end of a row both would belong to the command that ends it.
        if text.starts_with(['[', '*']) {
            escaped.push_str("{}");
        }
        // No line can be broken before there is one.
        for (at, line) in text.trim_start_matches(['\r', '\n']).lines().enumerate() {
            if at > 0 {
                escaped.push_str("\\newline{}");
            }
            push_line(&mut escaped, line, "\\char34{}");
        }
        Self(escaped)
    }

    /// Escapes a text for a field of a bibliography: on one line, and with every brace in its pair.
    pub fn field(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut escaped = String::with_capacity(text.len() + 16);
        push_line(&mut escaped, &words.join(" "), "\"");
        Self(escaped)
    }

    /// Takes LaTeX as it is. Only for LaTeX whose foreign parts went through this module.
    pub fn own(text: String) -> Self {
        Self(text)
    }

    /// The LaTeX.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Escapes one line. `quote` stands for a straight quotation mark, which is a command to babel in some languages.
fn push_line(escaped: &mut String, line: &str, quote: &str) {
    let mut before = None;
    for c in clean::line(line).chars() {
        if before == Some(c) && makes_ligature(c) {
            escaped.push_str("{}");
        }
        match special(c) {
            Some(command) => escaped.push_str(command),
            None if c == '"' => escaped.push_str(quote),
            None => escaped.push(c),
        }
        before = Some(c);
    }
}

/// What prints a character that LaTeX would obey, or that its oldest fonts lack. Braces are named, for BibTeX counts them.
fn special(c: char) -> Option<&'static str> {
    Some(match c {
        '\\' => "\\textbackslash{}",
        '{' => "\\textbraceleft{}",
        '}' => "\\textbraceright{}",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '`' => "\\textasciigrave{}",
        '&' => "\\&",
        '%' => "\\%",
        '$' => "\\$",
        '#' => "\\#",
        '_' => "\\_",
        _ => return None,
    })
}

/// Characters that LaTeX joins to another one where two stand together: `--`, `''`, `,,`.
fn makes_ligature(c: char) -> bool {
    matches!(c, '-' | '\'' | ',')
}

#[cfg(test)]
mod tests {
    use super::Tex;

    #[test]
    fn nothing_of_a_text_is_obeyed() {
        assert_eq!(
            Tex::text("\\input{/etc/passwd} 50 % of $5 & a_b #1 ~^").as_str(),
            "\\textbackslash{}input\\textbraceleft{}/etc/passwd\\textbraceright{} 50 \\% of \\$5 \\& a\\_b \\#1 \
             \\textasciitilde{}\\textasciicircum{}"
        );
        assert_eq!(Tex::text("\u{1b}[31m \u{202e}").as_str(), "␛[31m ⟨U+202E⟩");
    }

    #[test]
    fn characters_stay_what_they_are() {
        assert_eq!(Tex::text("a--b '' ,, ---").as_str(), "a-{}-b '{}' ,{}, -{}-{}-");
        assert_eq!(Tex::text("\"a\"").as_str(), "\\char34{}a\\char34{}");
        assert_eq!(Tex::field("\"a\"\n b").as_str(), "\"a\" b");
        assert_eq!(Tex::text("\na\nb\n").as_str(), "a\\newline{}b");
        assert_eq!(Tex::text("[..2025-11-22]").as_str(), "{}[..2025-11-22]");
    }
}
