//! Names of cells and of ranges of them, such as `C12` and `A1:C12`.

/// Rows and columns a worksheet may have (ECMA-376, as Excel has it).
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// The name of a cell by its row and column, both from 0.
pub(super) fn name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

/// Whether a text names a cell, or the row alone, within what a worksheet may have.
pub(super) fn is_place(text: &str) -> bool {
    place(text).is_some()
}

/// Whether a text names a cell, or two of which none lies before the other.
pub(super) fn is_range(text: &str) -> bool {
    let mut ends = text.split(':').map(place);
    match (ends.next().flatten(), ends.next()) {
        (Some(_), None) => true,
        (Some(from), Some(Some(to))) => from.0 <= to.0 && from.1 <= to.1 && ends.next().is_none(),
        (None, _) | (_, Some(None)) => false,
    }
}

/// Row and column from 1; 0 for a column that is not there.
fn place(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at_checked(digits)?;
    let row = Some(digits)
        .filter(|digits| digits.len() <= 7 && digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let row: u32 = row.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
    if letters.len() > 3 {
        return None;
    }
    let value = |letter: u8| u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |column, letter| column * 26 + value(letter));
    (column <= COLUMNS).then_some((row, column))
}

#[cfg(test)]
mod tests {
    use super::{is_place, is_range, name};

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        for (row, column, expected) in
            [(0, 0, "A1"), (11, 2, "C12"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(name(row, column), expected);
            assert!(is_place(expected), "{expected}");
        }
    }

    #[test]
    fn places_outside_a_worksheet_are_none() {
        for wrong in ["", "A", "A0", "XFE1", "A1048577", "AAAA1", "A99999999999", "Ä1", "1A", "A-1"]
        {
            assert!(!is_place(wrong), "{wrong}");
        }
        assert!(is_place("7"));
        assert!(is_range("A1:C3") && is_range("B2"));
        for wrong in ["C3:A1", "A1:", ":A1", "A1:B2:C3", ""] {
            assert!(!is_range(wrong), "{wrong}");
        }
    }
}
