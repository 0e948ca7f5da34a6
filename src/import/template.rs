//! Texts of a mapping with columns in braces, such as `{article}, {page}`.

/// A text with columns in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pub(super) pieces: Vec<Piece>,
    /// What stands behind the last column.
    pub(super) end: String,
}

/// A column of a template, and the text before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(super) before: String,
    pub(super) name: String,
    /// The place of the column, once it is known.
    pub(super) index: Option<usize>,
}

impl Template {
    /// Reads a template; two braces stand for one that is meant as such.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let (mut pieces, mut before) = (Vec::new(), String::new());
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.next_if_eq(&letter).is_some() => before.push(letter),
                '}' => return Err("a brace is closed that was not opened"),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match letters.next() {
                            Some('}') => break,
                            Some('{') | None => return Err("a brace is not closed"),
                            Some(letter) => name.push(letter),
                        }
                    }
                    if name.trim().is_empty() {
                        return Err("there is no column between the braces");
                    }
                    pieces.push(Piece { before: std::mem::take(&mut before), name, index: None });
                }
                letter => before.push(letter),
            }
        }
        if pieces.is_empty() {
            return Err(
                "there is no column in it; for a text that is always the same, write `value`",
            );
        }
        Ok(Self { pieces, end: before })
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn columns_stand_in_braces() {
        let template = Template::parse("{a}: {b c}{{x}} end").unwrap();
        let pieces: Vec<(&str, &str)> = template
            .pieces
            .iter()
            .map(|piece| (piece.before.as_str(), piece.name.as_str()))
            .collect();
        assert_eq!(pieces, [("", "a"), (": ", "b c")]);
        assert_eq!(template.end, "{x} end");
        for wrong in ["", "plain", "{a", "a}", "{}", "{a{b}}"] {
            assert!(Template::parse(wrong).is_err(), "{wrong}");
        }
    }
}
