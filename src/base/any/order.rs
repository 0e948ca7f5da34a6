//! When two values are equal or in order, with null where that is not known; and one order of all values for sorting.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::Any;
use crate::base::date::{Date, unpacked};

/// Whether two values are equal; nothing where a null inside leaves it open.
pub fn equal(a: &Any, b: &Any) -> Option<bool> {
    match (a, b) {
        (Any::Null, _) | (_, Any::Null) => None,
        (Any::List(a), Any::List(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            all_equal(a.iter().zip(b))
        }
        (Any::Map(a), Any::Map(b)) => {
            if a.len() != b.len() {
                return Some(false);
            }
            let find = |name: &str| b.iter().find(|(known, _)| known == name);
            let pairs: Option<Vec<(&Any, &Any)>> =
                a.iter().map(|(name, value)| Some((value, &find(name)?.1))).collect();
            pairs.map_or(Some(false), |pairs| all_equal(pairs.into_iter()))
        }
        (Any::Int(_) | Any::Float(_), Any::Int(_) | Any::Float(_)) => {
            Some(number_parts(a) == number_parts(b))
        }
        (Any::Date(a), Any::Date(b)) => {
            let (a, b) = (unpacked(a), unpacked(b));
            let overlap = a.first <= b.last && b.first <= a.last;
            if is_same_day(&a, &b) { Some(true) } else { (!overlap).then_some(false) }
        }
        _ => Some(a == b),
    }
}

/// Whether both are the same single day.
fn is_same_day(a: &Date, b: &Date) -> bool {
    a.first == b.last && a.last == b.first
}

/// One pair that differs decides; else one that is open leaves all open.
fn all_equal<'a>(pairs: impl Iterator<Item = (&'a Any, &'a Any)>) -> Option<bool> {
    let mut all = Some(true);
    for (a, b) in pairs {
        match equal(a, b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Which of two values is less; nothing where they have no order or it is not known.
pub fn compare(a: &Any, b: &Any) -> Option<Ordering> {
    match (a, b) {
        (Any::Int(_) | Any::Float(_), Any::Int(_) | Any::Float(_)) => {
            number_parts(a).partial_cmp(&number_parts(b))
        }
        (Any::Bool(a), Any::Bool(b)) => Some(a.cmp(b)),
        (Any::Text(a), Any::Text(b)) | (Any::DateTime(a), Any::DateTime(b)) => Some(a.cmp(b)),
        (Any::Date(a), Any::Date(b)) => {
            let (a, b) = (unpacked(a), unpacked(b));
            let before = (a.last < b.first).then_some(Ordering::Less);
            let after = (a.first > b.last).then_some(Ordering::Greater);
            before.or(after).or_else(|| is_same_day(&a, &b).then_some(Ordering::Equal))
        }
        (Any::List(a), Any::List(b)) => {
            for (a, b) in a.iter().zip(b) {
                match compare(a, b)? {
                    Ordering::Equal => {}
                    decided @ (Ordering::Less | Ordering::Greater) => return Some(decided),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        _ => None,
    }
}

/// A number as the nearest float and what is left of it, so that integers of any size are told apart.
fn number_parts(value: &Any) -> (f64, i128) {
    match value {
        Any::Int(number) => {
            #[expect(clippy::cast_precision_loss, reason = "what is lost is the second part")]
            let near = *number as f64;
            #[expect(clippy::cast_possible_truncation, reason = "a rounded integer is one")]
            let whole = near as i128;
            (near, i128::from(*number) - whole)
        }
        Any::Float(number) => (*number, 0),
        _ => (f64::NAN, 0),
    }
}

/// Bytes that sort like the values: maps, nodes, edges, lists, paths, times, texts, truth values, numbers, null. Values
/// that are equal have equal bytes.
pub fn sort_key(value: &Any) -> Vec<u8> {
    let mut out = Vec::new();
    push(value, &mut out);
    out
}

fn push(value: &Any, out: &mut Vec<u8>) {
    match value {
        Any::Map(entries) => {
            out.push(0x10);
            let mut entries: Vec<&(String, Any)> = entries.iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            for (name, value) in entries {
                out.push(0x01);
                push_text(name, out);
                push(value, out);
            }
            out.push(0);
        }
        Any::Node(token) => push_token(0x20, token, out),
        Any::Edge(token) => push_token(0x28, token, out),
        Any::List(members) => {
            out.push(0x30);
            for member in members {
                push(member, out);
            }
            out.push(0);
        }
        Any::Path(token) => push_token(0x38, token, out),
        Any::DateTime(text) => push_tagged(0x40, text, out),
        Any::Date(packed) => push_tagged(0x48, packed, out),
        Any::Duration(text) => push_tagged(0x50, text, out),
        Any::Text(text) => push_tagged(0x60, text, out),
        Any::Bool(value) => out.extend([0x70, u8::from(*value)]),
        Any::Int(_) | Any::Float(_) => {
            out.push(0x80);
            let (near, rest) = number_parts(value);
            // -0.0 is 0.0; a negative number has all its bits turned, so that bits sort like numbers.
            let bits = (near + 0.0).to_bits();
            let sorted = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
            out.extend(sorted.to_be_bytes());
            out.extend((rest + (1 << 64)).to_be_bytes());
        }
        Any::Null => out.push(0xF0),
    }
}

fn push_tagged(tag: u8, text: &str, out: &mut Vec<u8>) {
    out.push(tag);
    push_text(text, out);
}

/// The text, ended by two zeros; one within it is followed by 255.
fn push_text(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        out.push(byte);
        if byte == 0 {
            out.push(0xFF);
        }
    }
    out.extend([0, 0]);
}

fn push_token(tag: u8, token: &Json, out: &mut Vec<u8>) {
    out.push(tag);
    push(&Any::of_json(token.clone()), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(members: &[Any]) -> Any {
        Any::List(members.to_vec())
    }

    #[test]
    fn lists_are_equal_unless_a_null_leaves_it_open() {
        let check = |a: &str, b: &str, expected| {
            let [left, right] =
                [a, b].map(|text| Any::of_json(serde_json::from_str(text).unwrap()));
            assert_eq!(equal(&left, &right), expected, "{a} {b}");
        };
        check("[1]", "[1.0]", Some(true));
        check("[1, null]", "[1, null]", None);
        check("[1, null]", "[2, null]", Some(false));
        check("[1]", "[1, null]", Some(false));
        check("[1]", "[true]", Some(false));
        check("[9007199254740993]", "[9007199254740992.0]", Some(false));
        check(r#"{"m": {"a": 1, "b": 2}}"#, r#"{"m": {"b": 2, "a": 1}}"#, Some(true));
    }

    #[test]
    fn one_order_holds_all_values() {
        let sorted = [
            Any::Map(vec![("a".into(), Any::Int(1))]),
            Any::Map(vec![("a".into(), Any::Int(1)), ("b".into(), Any::Int(1))]),
            list(&[]),
            list(&[Any::Text("a".into())]),
            list(&[Any::Text("a".into()), Any::Int(1)]),
            list(&[Any::Int(1)]),
            list(&[Any::Int(1), Any::Null]),
            list(&[Any::Null, Any::Int(1)]),
            Any::Text(String::new()),
            Any::Text("a".into()),
            Any::Text("a\0".into()),
            Any::Text("aa".into()),
            Any::Bool(false),
            Any::Bool(true),
            Any::Float(f64::NEG_INFINITY),
            Any::Int(i64::MIN),
            Any::Float(-0.5),
            Any::Int(0),
            Any::Float(0.5),
            Any::Int(9_007_199_254_740_993),
            Any::Int(9_007_199_254_740_994),
            Any::Float(f64::INFINITY),
            Any::Null,
        ];
        for pair in sorted.windows(2) {
            assert!(sort_key(&pair[0]) < sort_key(&pair[1]), "{pair:?}");
        }
        assert_eq!(sort_key(&Any::Int(1)), sort_key(&Any::Float(1.0)));
        assert_eq!(sort_key(&Any::Float(-0.0)), sort_key(&Any::Int(0)));
    }
}
