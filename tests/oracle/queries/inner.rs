//! Queries inside others.

use super::{Maker, Ty, Var, Written};
use crate::oracle::value::Value;

impl Maker<'_> {
    /// A `match` with a few plain or aggregated results, and what they are called outside.
    pub(super) fn inner_rows(&mut self, most: usize, keyword: &str) -> (String, Vec<Var>) {
        let mut text = self.match_clause(false);
        if self.random.chance(12) {
            text += " ";
            text += &self.let_clause();
        }
        let mut items: Vec<(String, Var)> = Vec::new();
        let grouped = self.random.chance(40);
        if !grouped || self.random.chance(40) {
            for _ in 0..self.random.between(1, most) {
                let written = self.scalar();
                if written.ty != Ty::Other {
                    let name = self.fresh("x");
                    let var = Var { name: name.clone(), ty: written.ty, sample: written.sample };
                    items.push((format!("{} as {name}", written.text), var));
                }
            }
        }
        if grouped || items.is_empty() {
            let (value, ty) = self.aggregate();
            let name = self.fresh("x");
            let var = Var { name: name.clone(), ty, sample: Value::Null };
            items.push((format!("{value} as {name}"), var));
        }
        let listed: Vec<&str> = items.iter().map(|(text, _)| text.as_str()).collect();
        let distinct = if !grouped && self.random.chance(20) { "distinct " } else { "" };
        text += &format!(" {keyword} {distinct}{}", listed.join(", "));
        let given: Vec<Var> = items.iter().map(|(_, var)| var.clone()).collect();
        if given.iter().all(|var| var.ty.sorts()) && self.random.chance(30) {
            let names: Vec<&str> = given.iter().map(|var| var.name.as_str()).collect();
            text += &format!(" order by {} limit {}", names.join(", "), self.random.between(1, 2));
        }
        (text, given)
    }

    /// A value that an inner query gives.
    pub(super) fn subquery(&mut self) -> Written {
        let before = self.scope.clone();
        let written = match self.random.below(8) {
            0..2 => {
                let mut text = self.pattern(true, true);
                if self.random.chance(40) {
                    text += &format!(" where {}", self.fitting(1));
                }
                Written { text: format!("count {{ {text} }}"), ty: Ty::Int, sample: Value::Null }
            }
            2 => {
                let (text, _) = self.inner_rows(2, "return");
                Written { text: format!("count {{ {text} }}"), ty: Ty::Int, sample: Value::Null }
            }
            3..5 => self.collected(),
            5 => self.pattern_list(),
            6 => {
                let text = self.match_clause(false);
                let (value, ty) = self.aggregate();
                if value.starts_with("collect") {
                    let text = format!("size(value {{ {text} return {value} as x }})");
                    Written { text, ty: Ty::Int, sample: Value::Null }
                } else {
                    let text = format!("value {{ {text} return {value} as x }}");
                    Written { text, ty, sample: Value::Null }
                }
            }
            _ => {
                let text = self.match_clause(false);
                let value = self.scalar();
                if value.ty.sorts() {
                    let text =
                        format!("value {{ {text} return {} as x order by x limit 1 }}", value.text);
                    Written { text, ty: value.ty, sample: value.sample }
                } else {
                    let text = format!("count {{ {text} }}");
                    Written { text, ty: Ty::Int, sample: Value::Null }
                }
            }
        };
        self.scope = before;
        written
    }

    /// `collect { … }`
    fn collected(&mut self) -> Written {
        let text = self.match_clause(false);
        let value = self.scalar();
        let bag = match value.ty {
            Ty::Text => Ty::TextBag,
            Ty::Int => Ty::IntBag,
            _ => {
                let text = format!("size(collect {{ {text} return {} as x }})", value.text);
                return Written { text, ty: Ty::Int, sample: Value::Null };
            }
        };
        let sorted = self.random.chance(40);
        let (order, ty) = if sorted {
            let down = self.random.word(&["", " desc", " nulls first"]);
            (format!(" order by x{down}"), value.ty.list().unwrap())
        } else {
            (String::new(), bag)
        };
        let limit = if sorted && self.random.chance(30) { " limit 2" } else { "" };
        let distinct = if self.random.chance(25) { "distinct " } else { "" };
        let text =
            format!("collect {{ {text} return {distinct}{} as x{order}{limit} }}", value.text);
        Written { text, ty, sample: Value::List(vec![value.sample]) }
    }

    /// `[(a)-[…]->(b) where … | b.key]`
    fn pattern_list(&mut self) -> Written {
        let pattern = self.pattern(true, true);
        let mut open = 0;
        let behind = pattern.trim_start_matches(|c| {
            open += i32::from(c == '(') - i32::from(c == ')');
            open > 0
        });
        let behind = behind.strip_prefix(')').unwrap_or_default();
        if !behind.starts_with(['-', '<']) {
            // In brackets a node without an edge behind it is an expression.
            let text = format!("count {{ {pattern} }}");
            return Written { text, ty: Ty::Int, sample: Value::Null };
        }
        let filter = if self.random.chance(40) {
            format!(" where {}", self.fitting(1))
        } else {
            String::new()
        };
        let value = self.scalar();
        let ty = match value.ty {
            Ty::Text => Ty::TextBag,
            Ty::Int => Ty::IntBag,
            _ => {
                let text = format!("size([{pattern}{filter} | {}])", value.text);
                return Written { text, ty: Ty::Int, sample: Value::Null };
            }
        };
        let text = format!("[{pattern}{filter} | {}]", value.text);
        Written { text, ty, sample: Value::List(vec![value.sample]) }
    }
}
