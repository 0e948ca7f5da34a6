//! Takes a line apart into words, as for the shell's commands, the pager and the editor. No program of the system is asked
//! to do it, so nothing in a line is obeyed.

/// The words of a line; what stands in quotes is one. Otherwise the quote that is never closed.
pub(crate) fn words(text: &str) -> Result<Vec<String>, char> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if matches!(c, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.map_or(Ok(words), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_and_quotes_keep_them_together() {
        assert_eq!(words("a  'b c' \"d'e\" ''f").unwrap(), ["a", "b c", "d'e", "f"]);
        assert_eq!(words("").unwrap(), [""; 0]);
        assert_eq!(words("''").unwrap(), [""]);
        assert_eq!(words("a 'b"), Err('\''));
    }

    #[test]
    fn what_a_system_shell_would_obey_is_a_word_like_others() {
        assert_eq!(words("a; $(b) >c").unwrap(), ["a;", "$(b)", ">c"]);
        assert_eq!(words(r"C:\vi.exe -n").unwrap(), [r"C:\vi.exe", "-n"]);
    }
}
