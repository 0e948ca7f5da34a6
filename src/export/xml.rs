//! XML as it is written here: every text passes the one escaper, and what XML has no place for becomes visible.

use std::borrow::Cow;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;

/// An XML file in the making.
pub(super) struct Xml<'w> {
    writer: Writer<&'w mut dyn Write>,
    /// How many characters XML has no place for.
    pub(super) lost: u64,
}

impl<'w> Xml<'w> {
    /// Begins a file.
    pub(super) fn new(w: &'w mut dyn Write) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(w, b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer, lost: 0 })
    }

    fn tag<'n>(&mut self, name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
        let mut tag = BytesStart::new(name);
        for (name, value) in attributes {
            let value = Cow::Owned(self.escaped(value, true));
            tag.push_attribute(Attribute { key: QName(name), value });
        }
        tag
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let tag = self.tag(name, attributes);
        self.writer.write_event(Event::Start(tag))
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let tag = self.tag(name, attributes);
        self.writer.write_event(Event::Empty(tag))
    }

    /// An element that holds a text.
    pub(super) fn text(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        self.open(name, attributes)?;
        let text = self.escaped(text, false);
        self.writer.write_event(Event::Text(BytesText::from_escaped(text)))?;
        self.close(name)
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// Ends the file.
    pub(super) fn finish(self) -> io::Result<u64> {
        let lost = self.lost;
        self.writer.into_inner().write_all(b"\n")?;
        Ok(lost)
    }

    /// A text in which nothing acts. Parsers turn a bare carriage return into a line break, and in an attribute any blank
    /// into a space, so these are written by their numbers.
    fn escaped(&mut self, text: &str, is_attribute: bool) -> String {
        let text = self.legal(text);
        let mut out = String::with_capacity(text.len() + 8);
        for c in escape(text.as_ref()).chars() {
            match c {
                '\r' => out.push_str("&#13;"),
                '\n' if is_attribute => out.push_str("&#10;"),
                '\t' if is_attribute => out.push_str("&#9;"),
                other => out.push(other),
            }
        }
        out
    }

    /// A text of the characters that XML 1.0 knows: a control becomes its picture, anything else a replacement character.
    fn legal<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if text.chars().all(is_legal) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if is_legal(c) {
                out.push(c);
                continue;
            }
            self.lost += 1;
            let picture = char::from_u32(0x2400 + u32::from(c)).filter(|_| u32::from(c) < 0x20);
            out.push(picture.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Cow::Owned(out)
    }
}

/// Whether XML 1.0 knows a character.
fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A name token for any text, as ids have to be: what such a token cannot hold is written as `_x0020_`, and so is a `_` in
/// front of an `x`, so that no two texts have one token.
pub(super) fn token(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let keeps = match c {
            '_' => chars.peek() != Some(&'x'),
            '-' | '.' | '0'..='9' | 'A'..='Z' | 'a'..='z' => true,
            '\u{D7}' | '\u{F7}' | '\u{37E}' => false,
            '\u{C0}'..='\u{2FF}' | '\u{370}'..='\u{1FFF}' | '\u{3001}'..='\u{D7FF}' => true,
            _ => false,
        };
        if keeps {
            out.push(c);
        } else {
            // Writing into a text does not fail.
            write!(out, "_x{:04X}_", u32::from(c)).unwrap_or_default();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back_from_an_attribute_and_from_content() {
        let texts =
            ["", " a  b ", "a\r\nb\tc", "<a b='c' d=\"e\">&amp;]]>", "\u{85}\u{2028}👩‍👧", "--"];
        for text in texts {
            let mut out: Vec<u8> = Vec::new();
            let mut xml = Xml::new(&mut out).unwrap();
            xml.text("a", &[("b", text)], text).unwrap();
            assert_eq!(xml.finish().unwrap(), 0);
            let out = String::from_utf8(out).unwrap();
            let read = roxmltree::Document::parse(&out).unwrap();
            assert_eq!(read.root_element().text().unwrap_or_default(), text, "{out}");
            assert_eq!(read.root_element().attribute("b"), Some(text), "{out}");
        }
    }

    #[test]
    fn what_xml_has_no_place_for_becomes_visible() {
        let mut out: Vec<u8> = Vec::new();
        let mut xml = Xml::new(&mut out).unwrap();
        xml.text("a", &[], "a\u{1b}\u{FFFF}").unwrap();
        assert_eq!(xml.finish().unwrap(), 2);
        assert!(String::from_utf8(out).unwrap().ends_with("<a>a␛\u{FFFD}</a>\n"));
    }

    #[test]
    fn tokens_tell_texts_apart() {
        assert_eq!(token("mike-rounds"), "mike-rounds");
        assert_eq!(token("a b:c_d_x"), "a_x0020_b_x003A_c_d_x005F_x");
        assert_ne!(token("_x0020_"), token(" "));
    }
}
