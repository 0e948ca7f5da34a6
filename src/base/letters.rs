//! How wide characters are in the font that pictures are written with: `DejaVu Sans`, the widest of the usual ones, so
//! that what fits in it fits in any that a viewer may put in its place.

use unicode_width::UnicodeWidthChar as _;

/// How wide a text is at most, in thousandths of the font's size.
pub fn width(text: &str) -> f64 {
    text.chars().map(|c| f64::from(advance(c))).sum()
}

fn advance(c: char) -> u16 {
    let ascii = u32::from(c).checked_sub(32).and_then(|at| ASCII.get(usize::try_from(at).ok()?));
    if let Some(known) = ascii {
        return *known;
    }
    match (c, c.width()) {
        (_, None | Some(0)) => 0,
        ('–' | '·' | '‘' | '’' | '“' | '”', _) => 520,
        ('\u{a0}'..='\u{17f}', _) => 700,
        (_, Some(1)) => 850,
        (_, Some(_)) => 1300,
    }
}

/// Of the characters from blank to tilde.
const ASCII: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn marks_take_no_room_and_wide_letters_much() {
        assert_eq!((width("il"), width("e\u{301}")), (556.0, width("e")));
        assert!(width("日") > width("W") && width("W") > width("é"));
    }
}
