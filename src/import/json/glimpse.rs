//! What a file of JSON begins with, as far as its first bytes tell: enough to know its form.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// How deep is looked, and at how many values.
const DEEP: usize = 5;
const MANY: usize = 4_000;

/// The values of the first value of a file, each behind its path; an item of a list is called `[]`.
#[derive(Debug, Default)]
pub(in crate::import) struct Glimpse {
    seen: Vec<(String, Seen)>,
}

/// What was seen of a value.
#[derive(Debug, PartialEq)]
enum Seen {
    Text(String),
    List,
    Map,
    Other,
}

/// Looks at text that may end in the middle; of lists, only the first item is looked at.
pub(in crate::import) fn glimpse(text: &str) -> Glimpse {
    let mut glimpse = Glimpse::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    let look = Look { path: String::new(), deep: 0, into: &mut glimpse };
    // What was seen before a mistake, or before the end of the head, counts.
    drop(look.deserialize(&mut parser));
    glimpse
}

impl Glimpse {
    /// The text at a path such as `/head/[]/id`; `*` stands for any name.
    pub(in crate::import) fn text(&self, path: &str) -> Option<&str> {
        self.seen.iter().find_map(|(known, seen)| match seen {
            Seen::Text(text) if fits(known, path) => Some(text.as_str()),
            Seen::Text(_) | Seen::List | Seen::Map | Seen::Other => None,
        })
    }

    /// Whether there is an object at a path.
    pub(in crate::import) fn map(&self, path: &str) -> bool {
        self.seen.iter().any(|(known, seen)| *seen == Seen::Map && fits(known, path))
    }

    /// Whether there is a list at a path.
    pub(in crate::import) fn list(&self, path: &str) -> bool {
        self.seen.iter().any(|(known, seen)| *seen == Seen::List && fits(known, path))
    }
}

fn fits(known: &str, path: &str) -> bool {
    let (mut known, mut path) = (known.split('/'), path.split('/'));
    loop {
        match (known.next(), path.next()) {
            (None, None) => return true,
            (Some(_), Some("*")) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

struct Look<'g> {
    path: String,
    deep: usize,
    into: &'g mut Glimpse,
}

impl Look<'_> {
    fn see<E: serde::de::Error>(self, seen: Seen) -> Result<(), E> {
        if self.into.seen.len() >= MANY {
            return Err(E::custom("enough"));
        }
        if self.deep <= DEEP {
            self.into.seen.push((self.path, seen));
        }
        Ok(())
    }

    fn below(&mut self, name: &str) -> Look<'_> {
        let path = if self.deep < DEEP { format!("{}/{name}", self.path) } else { String::new() };
        Look { path, deep: self.deep + 1, into: &mut *self.into }
    }

    fn note(&mut self, seen: Seen) {
        if self.deep <= DEEP {
            self.into.seen.push((self.path.clone(), seen));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.see(Seen::Other)
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.see(Seen::Other)
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.see(Seen::Other)
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.see(Seen::Other)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.see(Seen::Other)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.see(Seen::Text(text.chars().take(80).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.note(Seen::List);
        if items.next_element_seed(self.below("[]"))?.is_none() {
            return Ok(());
        }
        while items.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.note(Seen::Map);
        while let Some(name) = items.next_key::<String>()? {
            if self.into.seen.len() >= MANY {
                return Err(A::Error::custom("enough"));
            }
            items.next_value_seed(self.below(&name))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::glimpse;

    #[test]
    fn a_head_that_ends_in_the_middle_still_tells_its_form() {
        let seen = glimpse(r#"[{"id":"a","list":[{"deep":{"x":1}}],"type":"book","title":"Wh"#);
        assert_eq!(seen.text("/[]/id"), Some("a"));
        assert_eq!(seen.text("/[]/type"), Some("book"));
        assert_eq!(seen.text("/*/type"), Some("book"));
        assert!(seen.list("") && seen.map("/[]") && seen.map("/[]/list/[]/deep"));
        assert!(!seen.map("/[]/title") && seen.text("/[]/title").is_none());
        assert!(glimpse("no json").text("/id").is_none());
    }
}
