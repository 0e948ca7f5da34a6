//! A picture of points, made from one of shapes. It is written with a font that is inside the program; what that font
//! lacks is looked for among the fonts of the machine.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree, fontdb};

/// Points for each point of the drawing, so that it is sharp on a screen and in print.
const SCALE: f32 = 2.0;
/// No picture is wider or higher.
const MOST: f32 = 30_000.0;

/// A picture, and the characters that no font here has.
#[derive(Debug)]
pub struct Png {
    /// The file.
    pub bytes: Vec<u8>,
    /// In their order.
    pub missing: Vec<char>,
}

/// Makes a PNG of an SVG document; says in plain words why it cannot.
pub fn png(svg: &str) -> Result<Png, String> {
    let missing = Arc::new(Mutex::new(BTreeSet::new()));
    let noted = Arc::clone(&missing);
    let fallback = FontResolver::default_fallback_selector();
    let resolver = FontResolver {
        select_font: FontResolver::default_font_selector(),
        select_fallback: Box::new(move |c, tried, fonts| {
            let found = fallback(c, tried, fonts);
            if found.is_none()
                && let Ok(mut noted) = noted.lock()
            {
                noted.insert(c);
            }
            found
        }),
    };
    let options =
        Options { fontdb: Arc::new(fonts(svg)), font_resolver: resolver, ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size();
    let longest = size.width().max(size.height());
    if longest > MOST {
        return Err(format!("it is {longest:.0} points long, and more than {MOST} cannot be read"));
    }
    let scale = SCALE.min(MOST / longest);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to MOST")]
    let points = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let pixmap = Pixmap::new(points(size.width()), points(size.height()));
    let mut pixmap = pixmap.ok_or_else(|| "it would be too large".to_owned())?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let bytes = pixmap.encode_png().map_err(|error| error.to_string())?;
    drop(tree);
    drop(options);
    let missing =
        missing.lock().map(|missing| missing.iter().copied().collect()).unwrap_or_default();
    Ok(Png { bytes, missing })
}

/// The font inside the program, bold where that is asked for, and those of the machine where that is not enough.
fn fonts(svg: &str) -> fontdb::Database {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(dejavu::sans::regular())));
    if svg.contains("font-weight=\"bold\"") {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(dejavu::sans::bold())));
    }
    if svg.chars().any(is_rare) {
        fonts.load_system_fonts();
    }
    fonts.set_sans_serif_family("DejaVu Sans");
    fonts
}

/// Whether the font inside the program may lack a character: it has European, Hebrew and Arabic letters and many signs.
fn is_rare(c: char) -> bool {
    let code = u32::from(c);
    (0x700..0x10a0).contains(&code) || (0x1100..0x1e00).contains(&code) || code >= 0x2c80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> Png {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='40'><text x='5' y='25' font-family='DejaVu Sans'>{text}</text></svg>"
        );
        png(&svg).unwrap()
    }

    #[test]
    fn text_is_drawn_with_the_font_inside() {
        let (empty, written) = (drawn(""), drawn("Rubio ąЖΩ"));
        assert!(written.bytes.starts_with(b"\x89PNG"));
        assert!(written.bytes.len() > empty.bytes.len() + 500, "{}", written.bytes.len());
        assert!(written.missing.is_empty(), "{:?}", written.missing);
    }

    #[test]
    fn bold_text_is_bold() {
        assert_ne!(drawn("Rubio").bytes, drawn("<tspan font-weight=\"bold\">Rubio</tspan>").bytes);
    }

    #[test]
    fn what_no_font_has_is_told() {
        assert_eq!(drawn("a\u{10fffd}b").missing, ['\u{10fffd}']);
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        assert!(png("<svg").is_err());
    }
}
