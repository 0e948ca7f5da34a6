//! How wide each column of a table is, or whether a table is the wrong shape altogether.

use super::Expanded;

/// Columns with content up to this many cells are never wrapped: dates, keys, names.
const SHORT: usize = 16;
/// A column of text that gets fewer cells than this is no pleasure to read.
const READABLE: usize = 24;
/// No column of text is thinner, not even where a table is wanted come what may.
const THINNEST: usize = 4;
/// Blanks around each cell.
pub(super) const PADDING: usize = 2;

/// The shape of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// A table with these column widths, padding not counted.
    Columns(Vec<usize>),
    /// One property a line.
    Records,
}

/// What is known of a column before it is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// Width of the heading.
    pub(super) heading: usize,
    /// Width of the widest cell.
    pub(super) content: usize,
    /// Width of the longest word, which is not broken if that can be helped.
    pub(super) word: usize,
    /// Whether it holds numbers or dates, which are never folded.
    pub(super) rigid: bool,
}

impl Measure {
    fn natural(self) -> usize {
        self.content.max(self.heading).max(1)
    }

    /// What a short column needs: its content, and a heading that may break.
    fn needed(self) -> usize {
        self.content.max(self.heading.min(SHORT)).max(1)
    }

    fn is_short(self) -> bool {
        self.content <= SHORT || self.rigid
    }
}

/// Shares `width` among the columns: short ones get what they need, text shares the rest.
pub(super) fn lay_out(columns: &[Measure], width: Option<usize>, expanded: Expanded) -> Layout {
    if expanded == Expanded::On {
        return Layout::Records;
    }
    let natural: Vec<usize> = columns.iter().map(|column| column.natural()).collect();
    let Some(width) = width else { return Layout::Columns(natural) };
    let available = width.saturating_sub(PADDING * columns.len());
    if natural.iter().sum::<usize>() <= available {
        return Layout::Columns(natural);
    }
    match (share(columns, available), expanded) {
        (Layout::Records, Expanded::Off) => Layout::Columns(squeeze(columns, available)),
        (layout, _) => layout,
    }
}

/// Gives each column the same share, or less where it needs less. Numbers and dates need what they have.
fn squeeze(columns: &[Measure], available: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.needed()).collect();
    let rigid = columns.iter().filter(|column| column.rigid).map(|column| column.needed());
    let mut left = available.saturating_sub(rigid.sum());
    let mut free: Vec<usize> = (0..columns.len()).filter(|at| !columns[*at].rigid).collect();
    free.sort_by_key(|at| widths[*at]);
    for (done, at) in free.iter().enumerate() {
        let share = (left / (free.len() - done)).max(THINNEST);
        widths[*at] = widths[*at].min(share);
        left = left.saturating_sub(widths[*at]);
    }
    widths
}

fn share(columns: &[Measure], available: usize) -> Layout {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.needed()).collect();
    let short =
        columns.iter().filter(|column| column.is_short()).map(|column| column.needed()).sum();
    let Some(mut left) = available.checked_sub(short) else { return Layout::Records };
    let mut free: Vec<usize> = (0..columns.len()).filter(|i| !columns[*i].is_short()).collect();
    while !free.is_empty() {
        let share = left / free.len();
        let most = left.saturating_sub(READABLE * (free.len() - 1));
        let fits = free.iter().position(|i| widths[*i] <= share);
        let word = || free.iter().position(|i| (share..=most).contains(&columns[*i].word));
        let (place, given) = match (fits, fits.is_none().then(word).flatten()) {
            (Some(place), _) => (place, widths[free[place]]),
            (None, Some(place)) => (place, columns[free[place]].word),
            (None, None) if share < READABLE => return Layout::Records,
            (None, None) => (0, share),
        };
        widths[free.remove(place)] = given;
        left -= given;
    }
    Layout::Columns(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(contents: &[usize], width: Option<usize>, expected: &[usize]) {
        let columns: Vec<Measure> = contents
            .iter()
            .map(|content| Measure { heading: 4, content: *content, word: 0, rigid: false })
            .collect();
        let expected =
            if expected.is_empty() { Layout::Records } else { Layout::Columns(expected.to_vec()) };
        assert_eq!(lay_out(&columns, width, Expanded::Auto), expected, "{contents:?} in {width:?}");
    }

    #[test]
    fn short_columns_keep_their_width_and_text_shares_the_rest() {
        check(&[3, 10], Some(80), &[4, 10]);
        check(&[10, 200, 16], Some(80), &[10, 48, 16]);
        check(&[10, 200, 200], Some(80), &[10, 32, 32]);
        check(&[10, 20, 200], Some(80), &[10, 20, 44]);
        check(&[10, 25, 200], Some(80), &[10, 25, 39]);
    }

    #[test]
    fn a_table_that_would_squeeze_its_text_becomes_records() {
        check(&[10, 200, 200, 200], Some(80), &[]);
        check(&[16, 16, 16, 16, 16], Some(80), &[]);
        check(&[10, 20, 20, 200], Some(80), &[]);
    }

    #[test]
    fn a_long_word_is_kept_whole_where_the_others_can_still_be_read() {
        let column = |content, word| Measure { heading: 4, content, word, rigid: false };
        let check = |columns: &[Measure], expected: &[usize]| {
            assert_eq!(
                lay_out(columns, Some(80), Expanded::Auto),
                Layout::Columns(expected.to_vec())
            );
        };
        check(&[column(45, 45), column(90, 10)], &[45, 31]);
        check(&[column(60, 60), column(90, 10)], &[38, 38]);
    }

    #[test]
    fn without_a_width_nothing_is_wrapped() {
        check(&[10, 2000], None, &[10, 2000]);
    }

    #[test]
    fn numbers_and_dates_are_never_squeezed() {
        let columns = [
            Measure { heading: 4, content: 30, word: 30, rigid: true },
            Measure { heading: 4, content: 90, word: 9, rigid: false },
        ];
        let widths = Layout::Columns(vec![30, 46]);
        assert_eq!(lay_out(&columns, Some(80), Expanded::Auto), widths);
    }

    #[test]
    fn records_can_be_asked_for_and_refused() {
        let column = |content| Measure { heading: 4, content, word: 0, rigid: false };
        let columns = [column(10), column(200), column(200), column(200)];
        assert_eq!(lay_out(&columns[..1], None, Expanded::On), Layout::Records);
        let squeezed = Layout::Columns(vec![10, 20, 21, 21]);
        assert_eq!(lay_out(&columns, Some(80), Expanded::Off), squeezed);
        let thin = Layout::Columns(vec![4, 4, 4, 4]);
        assert_eq!(lay_out(&columns, Some(20), Expanded::Off), thin);
    }
}
