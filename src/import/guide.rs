//! What the columns of a coding sheet are for, in words, and which of them a new sheet begins with.

use super::fields::{FIELDS, Field, NEEDED};

/// A column, for people.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// Whether a sheet has to have it.
    pub needed: bool,
    /// Whether a new sheet has it unless told otherwise.
    pub usual: bool,
    /// What stands in it.
    pub about: &'static str,
    /// The vocabulary of its terms, where it holds one.
    pub vocabulary: Option<&'static str>,
}

/// All columns, in their usual order.
pub fn columns() -> impl Iterator<Item = Column> {
    FIELDS.iter().map(|(name, field)| {
        let (usual, vocabulary, about) = told(*field);
        Column { name, needed: NEEDED.contains(field), usual, about, vocabulary }
    })
}

/// Whether a field is usual, its vocabulary, and what stands in it.
fn told(field: Field) -> (bool, Option<&'static str>, &'static str) {
    match field {
        Field::Key => (
            true,
            None,
            "a short name for the row, unique over all sheets: with it, a row can be corrected and imported again",
        ),
        Field::Speaker => (true, None, "who speaks: a name, an alias or a key"),
        Field::Identity => {
            (true, Some("identity"), "whether the speaker is named; empty counts as named")
        }
        Field::Act => (true, Some("act"), "what the speaker does to the claim"),
        Field::Claim => (
            true,
            None,
            "what is claimed, as a whole sentence in the positive form; empty only where the row relays another one",
        ),
        Field::Certainty => (false, Some("certainty"), "how sure the speaker is"),
        Field::Record => (false, Some("record"), "on which terms it was said"),
        Field::Date => (
            true,
            None,
            "when it was said, as far as known: 2025-11-22, 2025-11, [..2025-11-22] for not after that day",
        ),
        Field::Venue => (true, None, "where it was said: a place, a programme, a platform"),
        Field::Event => (false, None, "on which occasion"),
        Field::Source => (true, None, "where you read it: a title or a key"),
        Field::Cites => (false, None, "the source that the read one relies on for it"),
        Field::Locator => (true, None, "the place in the source: a page, a paragraph, a time"),
        Field::Mode => (true, Some("mode"), "how the source gives the words"),
        Field::Quote => (true, None, "the words"),
        Field::Audience => (false, None, "to whom it was said; several with ; between"),
        Field::OnBehalfOf => (false, None, "for whom it was said; several with ; between"),
        Field::With => {
            (false, None, "who said it together with the speaker; several with ; between")
        }
        Field::Topic => (true, None, "what the claim is about; several with ; between"),
        Field::Utterance => {
            (false, None, "the same text in several rows groups what was said in one go")
        }
        Field::Note => (true, None, "a remark"),
        Field::Link(link) => (link == "reports", None, link_told(link)),
    }
}

fn link_told(link: &str) -> &'static str {
    match link {
        "reports" => {
            "the row that this one relays, by its key; in a sheet without keys, by its number in the spreadsheet"
        }
        "denies_account" => {
            "the row whose account this one denies: not its claim, but that it was said or done"
        }
        "disowns" => "the row from which the speaker moves away",
        "reverses" => "the row that the speaker takes back by saying the contrary",
        "softens" => "the row that the speaker weakens",
        "repeats" => "the row that this one says again",
        "replies_to" => "the row that this one answers",
        "follows" => "the row that this one comes after",
        "retracts" => "the row that is withdrawn",
        "corrects" => "the row that is corrected",
        _ => "another row",
    }
}

/// Rows that show the usual columns: what somebody said, who says so, and an unnamed voice.
pub const EXAMPLES: &[&[(&str, &str)]] = &[
    &[
        ("key", "example-1"),
        ("speaker", "Ada Quill"),
        ("act", "concedes"),
        ("claim", "The inspection was late."),
        ("date", "[..2025-03-05]"),
        ("source", "The Courier of 6 March"),
        ("locator", "p. 2"),
        ("mode", "indirect"),
        ("topic", "bridge"),
    ],
    &[
        ("key", "example-2"),
        ("speaker", "Dora Finch"),
        ("act", "reports"),
        ("date", "2025-03-05"),
        ("venue", "Market square"),
        ("source", "The Courier of 6 March"),
        ("locator", "p. 2"),
        ("mode", "direct"),
        ("quote", "She told me herself that it was late."),
        ("reports", "example-1"),
        ("note", "relays the row above"),
    ],
    &[
        ("key", "example-3"),
        ("speaker", "an engineer"),
        ("identity", "described"),
        ("act", "denies"),
        ("claim", "The bridge is safe."),
        ("date", "2025-03"),
        ("source", "The Courier of 6 March"),
        ("locator", "p. 3"),
        ("mode", "mixed"),
        ("quote", "rust wherever you look"),
        ("topic", "bridge; traffic"),
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_sheet_has_what_is_needed_and_what_the_examples_use() {
        let usual: Vec<&str> =
            columns().filter(|column| column.usual).map(|column| column.name).collect();
        assert!(columns().all(|column| column.usual || !column.needed));
        assert!(columns().all(|column| column.about != link_told("")));
        for (name, _) in EXAMPLES.iter().flat_map(|row| row.iter()) {
            assert!(usual.contains(name), "{name}");
        }
    }

    #[test]
    fn the_document_names_every_column() {
        let document = include_str!("../../docs/coding-sheet.md");
        for column in columns() {
            assert!(document.contains(&format!("`{}`", column.name)), "{}", column.name);
        }
    }
}
