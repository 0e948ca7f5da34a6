//! Lists and maps.

use super::{Maker, Ty, Var, Written, quoted};
use crate::oracle::value::Value;

impl Maker<'_> {
    /// A list of texts or integers.
    pub(super) fn list(&mut self) -> Written {
        let known: Vec<Var> =
            self.scope.iter().filter(|var| var.ty.member().is_some()).cloned().collect();
        let plain = match self.random.below(9) {
            0..2 => self.random.maybe(&known).cloned().map(|var| Written {
                text: var.name,
                ty: var.ty,
                sample: var.sample,
            }),
            2 => {
                let (from, to) = (self.random.below(3), self.random.below(5));
                let text = if self.random.chance(25) {
                    format!("range({to}, {from}, -1)")
                } else {
                    format!("range({from}, {to})")
                };
                let first = i64::try_from(from).unwrap();
                Some(Written { text, ty: Ty::Ints, sample: Value::List(vec![Value::Int(first)]) })
            }
            3..5 => self.aliases(),
            5 => Some(self.split()),
            6 => Some(self.subquery()).filter(|written| written.ty.member().is_some()),
            _ => None,
        };
        let list = match plain {
            Some(list) => list,
            None => self.written_list(),
        };
        if list.ty.member().is_some() && self.random.chance(30) {
            return self.comprehension(list);
        }
        list
    }

    /// The aliases of a node at hand.
    fn aliases(&mut self) -> Option<Written> {
        let mut all = Vec::new();
        for var in &self.scope {
            for (property, value) in self.properties(&var.sample) {
                if matches!(property, "aliases" | "tags") && matches!(var.ty, Ty::Node) {
                    all.push((format!("{}.{property}", var.name), value));
                }
            }
        }
        let (text, sample) = self.random.maybe(&all).cloned()?;
        Some(Written { text, ty: Ty::Texts, sample })
    }

    fn split(&mut self) -> Written {
        let value = self.scalar();
        if value.ty != Ty::Text {
            return self.written_list();
        }
        let by = self.random.word(&[" ", "a", ""]);
        let sample = match &value.sample {
            Value::Text(text) if !by.is_empty() => {
                Value::List(text.split(by).map(Value::text).collect())
            }
            _ => Value::Null,
        };
        Written { text: format!("split({}, {})", value.text, quoted(by)), ty: Ty::Texts, sample }
    }

    /// `[a, b, c]`
    fn written_list(&mut self) -> Written {
        let first = self.scalar();
        let Some(ty) = first.ty.list() else {
            let all = self.random.word(&["[1, 2, 3]", "[2, 1, 2]", "[0]", "[3, null, 1]"]);
            return Written { text: all.to_owned(), ty: Ty::Ints, sample: Value::List(vec![]) };
        };
        let (mut texts, mut members) = (vec![first.text], vec![first.sample]);
        for _ in 0..self.random.below(3) {
            let (text, member) = if self.random.chance(50) {
                let more = self.scalar();
                if more.ty != first.ty {
                    continue;
                }
                (more.text, more.sample)
            } else if ty == Ty::Texts {
                (self.random.word(&["'x'", "'a0'", "''", "null"]).to_owned(), Value::Null)
            } else {
                (self.random.word(&["1", "2", "-1", "null"]).to_owned(), Value::Null)
            };
            texts.push(text);
            members.push(member);
        }
        Written { text: format!("[{}]", texts.join(", ")), ty, sample: Value::List(members) }
    }

    /// `[x in list where … | …]`
    fn comprehension(&mut self, list: Written) -> Written {
        let Written { text, ty, sample } = list;
        let name = self.fresh("m");
        let member = match sample {
            Value::List(members) => members.into_iter().next().unwrap_or(Value::Null),
            _ => Value::Null,
        };
        let before = self.scope.clone();
        let var = Var { name: name.clone(), ty: ty.member().unwrap(), sample: member };
        self.scope.push(var.clone());
        let filter = if self.random.chance(60) {
            format!(" where {}", self.about(&var, 0))
        } else {
            String::new()
        };
        let value = match (var.ty, self.random.below(5)) {
            (Ty::Int, 0) => Some((format!("{name} + 1"), Ty::Int)),
            (Ty::Int, 1) => Some((format!("to_text({name})"), Ty::Text)),
            (Ty::Text, 0) => Some((format!("upper({name})"), Ty::Text)),
            (Ty::Text, 1) => Some((format!("size({name})"), Ty::Int)),
            (Ty::Text, 2) => Some((format!("{name} || '!'"), Ty::Text)),
            _ => None,
        };
        self.scope = before;
        let bag = matches!(ty, Ty::TextBag | Ty::IntBag);
        let sample = if value.is_some() { Value::Null } else { var.sample };
        let (given, ty) = match value {
            None => (String::new(), ty),
            Some((value, Ty::Int)) => {
                (format!(" | {value}"), if bag { Ty::IntBag } else { Ty::Ints })
            }
            Some((value, _)) => (format!(" | {value}"), if bag { Ty::TextBag } else { Ty::Texts }),
        };
        Written {
            text: format!("[{name} in {text}{filter}{given}]"),
            ty,
            sample: Value::List(vec![sample]),
        }
    }

    /// `{name: value, …}`
    pub(super) fn map(&mut self) -> Written {
        let (mut pairs, mut sample) = (Vec::new(), std::collections::BTreeMap::new());
        for name in ["one", "two", "three"].into_iter().take(self.random.between(1, 3)) {
            let value = self.scalar();
            if matches!(value.ty, Ty::Text | Ty::Int | Ty::Date | Ty::Bool) {
                pairs.push(format!("{name}: {}", value.text));
                sample.insert(name.to_owned(), value.sample);
            }
        }
        Written {
            text: format!("{{{}}}", pairs.join(", ")),
            ty: Ty::Map,
            sample: Value::Map(sample),
        }
    }

    /// Whether enough members of a list fulfil a condition.
    pub(super) fn quantified(&mut self) -> Option<String> {
        let list = self.list();
        let ty = list.ty.member()?;
        let name = self.fresh("m");
        let sample = match list.sample {
            Value::List(members) => members.into_iter().next().unwrap_or(Value::Null),
            _ => Value::Null,
        };
        let var = Var { name: name.clone(), ty, sample };
        let condition = self.about(&var, 0);
        let which = self.random.word(&["all", "any", "any", "none", "single"]);
        Some(format!("{which}({name} in {} where {condition})", list.text))
    }

    /// A value taken from a list.
    pub(super) fn of_members(&mut self, var: &Var) -> Written {
        let name = &var.name;
        let bag = matches!(var.ty, Ty::TextBag | Ty::IntBag);
        let member = var.ty.member().unwrap();
        let first = match &var.sample {
            Value::List(members) => members.first().cloned().unwrap_or(Value::Null),
            _ => Value::Null,
        };
        let (text, ty, sample) = match self.random.below(6) {
            0 if !bag => (format!("{name}[0]"), member, first),
            1 if !bag => (format!("last({name})"), member, Value::Null),
            2 if !bag => (format!("head({name}[1..])"), member, Value::Null),
            3 if !bag => (format!("reverse({name})[0]"), member, Value::Null),
            _ => (format!("size({name})"), Ty::Int, Value::Null),
        };
        Written { text, ty, sample }
    }

    /// A value taken from a map.
    pub(super) fn of_map(&mut self, var: &Var) -> Written {
        let Value::Map(pairs) = &var.sample else {
            return Written { text: "1".to_owned(), ty: Ty::Int, sample: Value::Null };
        };
        let pairs: Vec<(String, Value)> =
            pairs.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        match self.random.maybe(&pairs) {
            Some((name, sample @ (Value::Text(_) | Value::Int(_) | Value::Date(_)))) => {
                let ty = match sample {
                    Value::Text(_) => Ty::Text,
                    Value::Int(_) => Ty::Int,
                    _ => Ty::Date,
                };
                let text = format!("{}.{name}", var.name);
                Written { text, ty, sample: sample.clone() }
            }
            _ => Written { text: "1".to_owned(), ty: Ty::Int, sample: Value::Null },
        }
    }
}
