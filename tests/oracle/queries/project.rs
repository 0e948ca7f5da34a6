//! `with` and `return`.

use super::{Maker, Ty, Var, Written};
use crate::oracle::value::Value;

impl Maker<'_> {
    pub(super) fn with(&mut self) -> String {
        let mut items: Vec<(String, Var)> = Vec::new();
        let vars = self.scope.clone();
        let (grouping, unique) = (self.random.chance(40), self.random.chance(30));
        // Equal lists gathered in another order are not told apart by all.
        let bags = !grouping && !unique;
        for var in &vars {
            let bag = matches!(var.ty, Ty::TextBag | Ty::IntBag);
            if (bags || !bag) && self.random.chance(60) && items.len() < 4 {
                items.push((var.name.clone(), var.clone()));
            }
        }
        for _ in 0..self.random.below(3) {
            let Written { text, ty, sample } = self.scalar();
            if ty != Ty::Other {
                let name = self.fresh("x");
                items.push((format!("{text} as {name}"), Var { name, ty, sample }));
            }
        }
        let grouped = grouping || items.is_empty();
        if grouped {
            let (value, ty) = self.aggregate();
            let name = self.fresh("x");
            let var = Var { name: name.clone(), ty, sample: Value::Null };
            items.push((format!("{value} as {name}"), var));
        }
        let distinct = if !grouped && unique { "distinct " } else { "" };
        let listed: Vec<&str> = items.iter().map(|(text, _)| text.as_str()).collect();
        let mut text = format!("with {distinct}{}", listed.join(", "));
        self.scope = items.into_iter().map(|(_, var)| var).collect();
        if self.random.chance(25)
            && let Some(order) = self.total_order()
        {
            let limit = self.random.between(1, 5);
            text += &format!(" order by {order} limit {limit}");
        }
        if self.random.chance(45) {
            text += &format!(" where {}", self.fitting(1));
        }
        text
    }

    /// Sorts by every variable in force, if each has an order.
    pub(super) fn total_order(&mut self) -> Option<String> {
        let mut keys = Vec::new();
        for var in self.scope.clone() {
            let key = match var.ty {
                Ty::Text | Ty::Int | Ty::Date | Ty::Bool => var.name.clone(),
                Ty::Node => {
                    let at = self.sample_node(&var)?;
                    if !self.graph.nodes[at].properties.contains_key("key")
                        || matches!(var.sample, Value::Edge(_))
                    {
                        return None;
                    }
                    let key = format!("kind({})", var.name);
                    keys.push(key);
                    format!("{}.key", var.name)
                }
                _ => return None,
            };
            keys.push(key);
        }
        for at in (1..keys.len()).rev() {
            let other = self.random.below(at + 1);
            keys.swap(at, other);
        }
        for key in &mut keys {
            *key +=
                self.random.word(&["", "", " desc", " asc", " nulls first", " desc nulls last"]);
        }
        (!keys.is_empty()).then(|| keys.join(", "))
    }

    pub(super) fn result(&mut self) -> String {
        let (grouped, unique) = (self.random.chance(30), self.random.chance(20));
        let mut items: Vec<(String, Ty)> = Vec::new();
        for _ in 0..self.random.between(usize::from(!grouped), 3) {
            let elements: Vec<Var> = self
                .scope
                .iter()
                .filter(|var| {
                    matches!(
                        var.ty,
                        Ty::Node
                            | Ty::Edge
                            | Ty::Group
                            | Ty::Path
                            | Ty::Texts
                            | Ty::Ints
                            | Ty::Map
                            | Ty::Float
                            | Ty::Any
                            | Ty::Other
                    ) || !grouped && !unique && matches!(var.ty, Ty::TextBag | Ty::IntBag)
                })
                .cloned()
                .collect();
            if let Some(var) = self.random.maybe(&elements)
                && self.random.chance(30)
            {
                let item = match (var.ty, self.random.below(6)) {
                    (Ty::Path, 0) => format!("nodes({})", var.name),
                    (Ty::Path, 1) => format!("edges({})", var.name),
                    (Ty::Group, 0) => format!("reverse({})", var.name),
                    (Ty::Group, 1) => format!("{}[1..]", var.name),
                    (Ty::Node, 0) => format!("[{}, {}]", var.name, var.name),
                    _ => var.name.clone(),
                };
                items.push((item, Ty::Other));
                continue;
            }
            let Written { text: value, ty, sample: _ } = self.scalar();
            if ty != Ty::Other {
                items.push((value, ty));
            }
        }
        let mut kept: Vec<(String, Ty)> = Vec::new();
        for item in items {
            if !kept.iter().any(|known| known.0 == item.0) {
                kept.push(item);
            }
        }
        let mut plain: Vec<(String, String, Ty)> = kept
            .into_iter()
            .map(|(value, ty)| {
                let name = self.fresh("r");
                (value, name, ty)
            })
            .collect();
        let keys = plain.len();
        if grouped || plain.is_empty() {
            for _ in 0..self.random.between(1, 2) {
                let (value, ty) = self.aggregate();
                let name = self.fresh("r");
                plain.push((value, name, ty));
            }
        }
        let grouped = plain.len() > keys;
        // Lists that are collected in no order are told apart, or not, by the order they happen to have.
        let collects = plain.iter().any(|(value, ..)| value.contains("collect_list("));
        let distinct = if unique && !collects { "distinct " } else { "" };
        let listed: Vec<String> =
            plain.iter().map(|(value, name, _)| format!("{value} as {name}")).collect();
        let mut text = format!("return {distinct}{}", listed.join(", "));
        if grouped && self.random.chance(20) {
            let listed: Vec<&str> = plain.iter().take(keys).map(|item| item.1.as_str()).collect();
            let all = if listed.is_empty() { "()".to_owned() } else { listed.join(", ") };
            text += &format!(" group by {all}");
        } else if grouped && keys == 0 && self.random.chance(20) {
            let Written { text: value, ty, sample: _ } = self.scalar();
            if ty != Ty::Other {
                text += &format!(" group by {value}");
            }
        }
        let sortable =
            plain.iter().all(|(_, _, ty)| matches!(ty, Ty::Text | Ty::Int | Ty::Date | Ty::Bool));
        if sortable && self.random.chance(35) {
            let mut order: Vec<String> = plain.iter().map(|(_, name, _)| name.clone()).collect();
            if self.random.chance(50) {
                order.reverse();
            }
            for key in &mut order {
                *key += self.random.word(&[
                    "",
                    "",
                    " desc",
                    " asc nulls first",
                    " nulls first",
                    " desc nulls last",
                ]);
            }
            text += &format!(" order by {}", order.join(", "));
            if self.random.chance(40) {
                if self.random.chance(40) {
                    text += &format!(" offset {}", self.random.below(3));
                }
                text += &format!(" limit {}", self.random.between(1, 6));
            }
        }
        text
    }
}
