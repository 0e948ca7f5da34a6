//! Colours that people with any colour vision can tell apart (Okabe and Ito), and marks that need no colour at all.

/// How a series looks, in a picture and in a terminal.
pub(super) struct Look {
    /// In a picture.
    pub(super) colour: &'static str,
    /// In a terminal of 256 colours.
    pub(super) code: u8,
    /// A bar of blocks, and of what every terminal has.
    pub(super) fill: [char; 2],
    /// A mark, likewise.
    pub(super) mark: [char; 2],
    /// Dashes of a line in a picture; nothing for a whole one.
    pub(super) dash: &'static str,
    /// The shape of a mark in a picture.
    pub(super) shape: Shape,
}

/// Marks of about the same size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Disc,
    Square,
    Triangle,
    Diamond,
    Ring,
    Box,
    Cross,
    Point,
}

/// One for each series.
const LOOKS: [Look; super::data::SERIES] = [
    look("#0072B2", 32, ['█', '#'], ['●', 'o'], ("", Shape::Disc)),
    look("#D55E00", 166, ['▓', '='], ['▲', '^'], ("8 4", Shape::Triangle)),
    look("#009E73", 36, ['▒', '+'], ['■', '*'], ("2 4", Shape::Square)),
    look("#CC79A7", 175, ['░', '-'], ['◆', '+'], ("10 4 2 4", Shape::Diamond)),
    look("#E69F00", 214, ['▚', 'x'], ['○', 'x'], ("5 3", Shape::Ring)),
    look("#56B4E9", 117, ['▞', 'o'], ['□', '#'], ("1 3", Shape::Box)),
    look("#4D4D4D", 246, ['▤', '%'], ['△', '%'], ("12 3", Shape::Cross)),
    look("#8C7A00", 142, ['▥', '~'], ['◇', '@'], ("4 6", Shape::Point)),
];

const fn look(
    colour: &'static str,
    code: u8,
    fill: [char; 2],
    mark: [char; 2],
    lines: (&'static str, Shape),
) -> Look {
    Look { colour, code, fill, mark, dash: lines.0, shape: lines.1 }
}

/// How the series at that place looks.
pub(super) fn series(at: usize) -> &'static Look {
    &LOOKS[at % LOOKS.len()]
}

/// A colour between white and blue for a share from 0 to 1; between white and vermillion below zero.
pub(super) fn shade(share: f64) -> [u8; 3] {
    let dark: [f64; 3] = if share < 0.0 { [169.0, 62.0, 0.0] } else { [0.0, 72.0, 124.0] };
    let part = share.abs().clamp(0.0, 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
    dark.map(|dark| (245.0 + (dark - 245.0) * part).round() as u8)
}

/// The one of the 256 colours of a terminal that is nearest to a shade.
pub(super) fn code([red, green, blue]: [u8; 3]) -> u8 {
    // The cube of colours has six steps in each direction, the first one long.
    let step = |part: u8| if part < 48 { 0 } else { (part.max(75) - 35) / 40 };
    16 + 36 * step(red) + 6 * step(green) + step(blue)
}

/// Whether writing on a shade has to be white.
pub(super) fn is_dark(share: f64) -> bool {
    share.abs() > 0.5
}
