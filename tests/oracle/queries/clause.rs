//! Clauses and whole queries.

use super::{Maker, Ty, Var, endless};
use crate::oracle::value::Value;

impl Maker<'_> {
    pub(super) fn query(mut self) -> String {
        let mut body = self.match_clause(false);
        if self.random.chance(15) {
            body += "\n";
            body += &self.match_clause(false);
        }
        if self.random.chance(30) {
            body += "\n";
            body += &self.match_clause(true);
            if self.random.chance(20) {
                body += "\n";
                let optional = self.random.chance(50);
                body += &self.match_clause(optional);
            }
        }
        if self.random.chance(25) {
            body += "\n";
            body += &self.further();
        }
        if self.random.chance(22) {
            body += "\n";
            body += &self.with();
            if self.random.chance(35) && self.scope.iter().any(|var| var.ty == Ty::Node) {
                body += "\n";
                let optional = self.random.chance(40);
                body += &self.match_clause(optional);
            } else if self.random.chance(20) {
                body += "\n";
                body += &self.further();
            }
        } else if self.random.chance(8) {
            body += &format!("\nfilter {}", self.fitting(2));
        }
        let rest = if self.random.chance(7) {
            self.parts(&body)
        } else {
            let result = self.result();
            format!("{body}\n{result}")
        };
        let as_of = self.as_of();
        format!("{}{as_of}{rest}", self.params.concat())
    }

    /// The same clauses with different conditions, joined.
    fn parts(&mut self, body: &str) -> String {
        let result = self.result();
        let gathers = ["collect", "order by"].iter().any(|word| result.contains(word))
            || self.scope.iter().any(|var| matches!(var.ty, Ty::TextBag | Ty::IntBag));
        let mut text = self.part(body, &result);
        for _ in 0..self.random.between(1, 2) {
            let operator = self.random.word(if gathers {
                &["union all", "otherwise"]
            } else {
                &[
                    "union",
                    "union all",
                    "union distinct",
                    "except",
                    "except all",
                    "intersect",
                    "intersect all",
                    "otherwise",
                ]
            });
            text += &format!("\n{operator}\n{}", self.part(body, &result));
        }
        text
    }

    fn part(&mut self, body: &str, result: &str) -> String {
        let filter = if self.random.chance(75) {
            format!("\nfilter {}", self.condition(1))
        } else {
            String::new()
        };
        format!("{body}{filter}\n{result}")
    }

    /// A clause that is no `match`.
    fn further(&mut self) -> String {
        match self.random.below(if super::PATHS { 12 } else { 10 }) {
            10 if super::DEFINED => self.derived(),
            10..12 => self.some_path(),
            0..3 => self.let_clause(),
            3..6 => self.for_clause(),
            6..9 => self.call_clause(),
            _ => self.optional_block(),
        }
    }

    pub(super) fn let_clause(&mut self) -> String {
        let mut bindings = Vec::new();
        for _ in 0..self.random.between(1, 2) {
            let written = match self.random.below(6) {
                0 => self.list(),
                1 if super::VALUES => self.map(),
                _ => self.scalar(),
            };
            if written.ty != Ty::Other {
                let name = self.fresh("x");
                bindings.push(format!("{name} = {}", written.text));
                self.scope.push(Var { name, ty: written.ty, sample: written.sample });
            }
        }
        if bindings.is_empty() {
            let name = self.fresh("x");
            self.scope.push(Var { name: name.clone(), ty: Ty::Int, sample: Value::Int(1) });
            bindings.push(format!("{name} = 1"));
        }
        format!("let {}", bindings.join(", "))
    }

    fn for_clause(&mut self) -> String {
        let list = self.list();
        let Some(ty) = list.ty.member() else { return self.let_clause() };
        let name = self.fresh("x");
        let bag = matches!(list.ty, Ty::TextBag | Ty::IntBag);
        let sample = match list.sample {
            Value::List(members) => members.into_iter().next().unwrap_or(Value::Null),
            _ => Value::Null,
        };
        self.scope.push(Var { name: name.clone(), ty, sample });
        let mut text = if self.random.chance(30) {
            return format!("unwind {} as {name}", list.text);
        } else {
            format!("for {name} in {}", list.text)
        };
        if !bag && self.random.chance(35) {
            let how = self.random.word(&["ordinality", "offset"]);
            let place = self.fresh("x");
            text += &format!(" with {how} {place}");
            let sample = Value::Int(i64::from(how == "ordinality"));
            self.scope.push(Var { name: place, ty: Ty::Int, sample });
        }
        text
    }

    /// `call (…) { … }`: what it gives joins the row.
    fn call_clause(&mut self) -> String {
        let before = self.scope.clone();
        let imports = match self.random.below(4) {
            0 => String::new(),
            _ => {
                let keep = self.random.between(40, 100);
                let mut kept = Vec::new();
                for var in &before {
                    if self.random.chance(keep) {
                        kept.push(var.clone());
                    }
                }
                self.scope = kept;
                let names: Vec<&str> = self.scope.iter().map(|var| var.name.as_str()).collect();
                format!("({}) ", names.join(", "))
            }
        };
        let (inner, given) = self.inner_rows(2, "return");
        self.scope = before;
        self.scope.extend(given);
        let optional = if self.random.chance(25) { "optional " } else { "" };
        format!("{optional}call {imports}{{ {inner} }}")
    }

    /// `optional { … }`
    fn optional_block(&mut self) -> String {
        let mut text = self.match_clause(false);
        if self.random.chance(40) {
            text += " ";
            text += &self.match_clause(false);
        }
        if self.random.chance(40) {
            text += " ";
            text += &self.let_clause();
        }
        if self.random.chance(40) {
            text += &format!(" filter {}", self.fitting(1));
        }
        format!("optional {{ {text} }}")
    }

    pub(super) fn match_clause(&mut self, optional: bool) -> String {
        self.passed.clear();
        let patterns = if self.random.chance(28) { 2 } else { 1 };
        let known = !self.scope.is_empty() && self.random.chance(if optional { 92 } else { 80 });
        let mut written = vec![self.pattern_of(known, false, patterns == 1)];
        if patterns > 1 {
            let joined = self.random.chance(85);
            written.push(self.pattern(joined, false));
        }
        let mode = if self.random.chance(6) && !written.iter().any(|text| endless(text)) {
            "repeatable elements "
        } else {
            ""
        };
        let filter = if self.random.chance(if optional { 40 } else { 50 }) {
            format!(" where {}", self.fitting(2))
        } else {
            String::new()
        };
        let optional = if optional { "optional " } else { "" };
        format!("{optional}match {mode}{}{filter}", written.join(", "))
    }
}
