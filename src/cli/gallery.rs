//! The gallery of messages, `docs/messages.md`, as `dixit help` shows it: one section a code. What it says is tested where
//! documents are: its examples are run.

const TEXT: &str = include_str!("../../docs/messages.md");

/// The codes with their sections.
fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pieces = TEXT.split("\n## ").skip(1);
    pieces.filter_map(|piece| piece.split_once('\n'))
}

/// A code however it is typed: `D0301`, `d301`, `301`.
fn spelled(typed: &str) -> Option<String> {
    let digits = typed.strip_prefix(['D', 'd']).unwrap_or(typed);
    let fits = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("D{digits:0>4}"))
}

/// The section about a code, without the marks of a document: nothing where that is no code. Where there is none of that
/// number, the nearest one whose number differs in one digit, if any.
pub(crate) fn about(typed: &str) -> Option<Result<String, Option<&'static str>>> {
    let wanted = spelled(typed)?;
    let Some((code, body)) = sections().find(|(code, _)| *code == wanted) else {
        let unlike = |code: &str| code.chars().zip(wanted.chars()).filter(|(a, b)| a != b).count();
        return Some(Err(sections().map(|(code, _)| code).find(|code| unlike(code) == 1)));
    };
    let lines = body.lines().filter(|line| !line.starts_with("```"));
    let text: Vec<String> = lines.map(|line| line.replace("**", "")).collect();
    Some(Ok(format!("{code}\n{}\n", text.join("\n").trim_end())))
}

/// Every code with its one line.
pub(crate) fn list() -> String {
    let line = |(code, body): (&str, &str)| {
        let title = body.split("**").nth(1).unwrap_or_default();
        format!("  {code}  {}\n", title.trim_end_matches('.'))
    };
    let lines: String = sections().map(line).collect();
    format!("Messages; `dixit help CODE` shows one with an example and its cure:\n\n{lines}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        for typed in ["D0301", "d0301", "d301", "301", "0301"] {
            assert!(about(typed).unwrap().unwrap().starts_with("D0301\n"), "{typed}");
        }
        assert!(about("D9999").unwrap().is_err());
        assert!(about("query").is_none() && about("D").is_none() && about("D03011").is_none());
    }
}
