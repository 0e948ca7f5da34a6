//! What the command line says about the shape of a result: how many rows, how wide, records or a table.

use crate::format::Expanded;

/// Rows of a table that a terminal gets without being asked for more: what can be scrolled back to.
const USUAL: usize = 1000;
/// No line is narrower.
const NARROWEST: usize = 20;

/// How many rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MaxRows {
    /// At most so many.
    At(usize),
    /// All of them.
    All,
}

/// How wide lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// So many cells.
    Cells(usize),
    /// As wide as the longest value needs.
    Full,
}

/// At most so many rows; nothing where all are wanted. Somebody who watches a table gets what can be read.
pub(crate) fn most(told: Option<MaxRows>, watched: bool) -> Option<usize> {
    match told {
        Some(MaxRows::At(rows)) => Some(rows),
        Some(MaxRows::All) => None,
        None => watched.then_some(USUAL),
    }
}

/// The same for a chart, which takes `usual` rows unless told otherwise.
pub(crate) fn of_chart(told: Option<MaxRows>, usual: usize) -> Option<usize> {
    match told {
        Some(MaxRows::At(rows)) => Some(rows),
        Some(MaxRows::All) => None,
        None => Some(usual),
    }
}

pub(super) fn max_rows(text: &str) -> Result<MaxRows, String> {
    match text.parse() {
        Ok(0) | Err(_) if text != "all" => Err("write a number from 1, or all".to_owned()),
        Ok(rows) => Ok(MaxRows::At(rows)),
        Err(_) => Ok(MaxRows::All),
    }
}

pub(super) fn width(text: &str) -> Result<Width, String> {
    match text.parse() {
        Ok(cells) if (NARROWEST..=10_000).contains(&cells) => Ok(Width::Cells(cells)),
        Err(_) if text == "full" => Ok(Width::Full),
        Ok(_) | Err(_) => {
            Err(format!("write a number of cells from {NARROWEST} to 10000, or full"))
        }
    }
}

pub(super) fn expanded(text: &str) -> Result<Expanded, String> {
    match text {
        "auto" => Ok(Expanded::Auto),
        "on" | "true" => Ok(Expanded::On),
        "off" | "false" => Ok(Expanded::Off),
        _ => Err("write auto, on or off".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_read() {
        assert_eq!(max_rows("12"), Ok(MaxRows::At(12)));
        assert_eq!(max_rows("all"), Ok(MaxRows::All));
        assert!(max_rows("0").is_err() && max_rows("-1").is_err() && max_rows("many").is_err());
        assert_eq!(width("120"), Ok(Width::Cells(120)));
        assert_eq!(width("full"), Ok(Width::Full));
        assert!(width("19").is_err() && width("99999").is_err() && width("wide").is_err());
    }

    #[test]
    fn a_terminal_gets_what_can_be_scrolled_back_to() {
        assert_eq!(most(None, true), Some(USUAL));
        assert_eq!(most(None, false), None);
        assert_eq!(most(Some(MaxRows::All), true), None);
        assert_eq!(most(Some(MaxRows::At(5)), false), Some(5));
    }
}
