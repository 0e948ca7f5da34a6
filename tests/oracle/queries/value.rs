//! Expressions that give a value.

use super::{Maker, Ty, Var, Written, type_of};
use crate::oracle::value::Value;

fn written(text: impl Into<String>, ty: Ty, sample: Value) -> Written {
    Written { text: text.into(), ty, sample }
}

impl Maker<'_> {
    /// An expression that gives one plain value.
    pub(super) fn scalar(&mut self) -> Written {
        if self.depth < 2 && self.random.chance(5) {
            self.depth += 1;
            let inner = self.subquery();
            self.depth -= 1;
            if inner.ty.sorts() {
                return inner;
            }
            if inner.ty.member().is_some() {
                return written(format!("size({})", inner.text), Ty::Int, Value::Null);
            }
            return written(format!("({} is not null)", inner.text), Ty::Bool, Value::Null);
        }
        for _ in 0..8 {
            let Some(var) = self.random.maybe(&self.scope.clone()).cloned() else { break };
            let name = &var.name;
            match var.ty {
                Ty::Text | Ty::Int | Ty::Date | Ty::Bool | Ty::Any | Ty::Float => {
                    return written(name, var.ty, var.sample);
                }
                Ty::Group => return self.of_group(&var),
                Ty::Path => return self.of_path(&var),
                Ty::Texts | Ty::Ints | Ty::TextBag | Ty::IntBag => return self.of_members(&var),
                Ty::Map => return self.of_map(&var),
                Ty::Other => {}
                Ty::Node | Ty::Edge => {
                    if matches!(var.sample, Value::Edge(_)) && self.random.chance(20) {
                        return written(format!("edge_name({name})"), Ty::Text, Value::Null);
                    }
                    let properties = self.properties(&var.sample);
                    if let Some((property, value)) = self.random.maybe(&properties).cloned() {
                        let (text, ty) = (format!("{name}.{property}"), type_of(property));
                        return match ty.member() {
                            Some(member) => self.of_list(&text, member),
                            None => self.worked(written(text, ty, value)),
                        };
                    }
                }
            }
        }
        written("'one'", Ty::Other, Value::Null)
    }

    /// A value taken from a list of edges.
    fn of_group(&mut self, var: &Var) -> Written {
        let name = &var.name;
        let end = self.random.word(&["head", "last"]);
        let at = self.random.word(&["0", "-1", "1"]);
        let first = match &var.sample {
            Value::List(members) => members.first().cloned(),
            _ => None,
        };
        if let Some(first) = first {
            let properties = self.properties(&first);
            match self.random.below(5) {
                0 if matches!(first, Value::Edge(_)) => {
                    return written(format!("edge_name({end}({name}))"), Ty::Text, Value::Null);
                }
                1 | 2 => {
                    if let Some((property, value)) = self.random.maybe(&properties).cloned()
                        && type_of(property).member().is_none()
                    {
                        let one = match self.random.below(2) {
                            0 => format!("{end}({name})"),
                            _ => format!("{name}[{at}]"),
                        };
                        return written(format!("{one}.{property}"), type_of(property), value);
                    }
                }
                _ => {}
            }
        }
        written(format!("size({name})"), Ty::Int, Value::Null)
    }

    /// A value taken from a path.
    fn of_path(&mut self, var: &Var) -> Written {
        let name = &var.name;
        let Value::Path(nodes, _) = &var.sample else {
            return written(format!("length({name})"), Ty::Int, Value::Null);
        };
        let plain = nodes.iter().all(|node| {
            let node = &self.graph.nodes[*node];
            !node.as_edge && node.properties.contains_key("key")
        });
        let (text, ty) = match self.random.below(6) {
            0 if plain => (format!("head(nodes({name})).key"), Ty::Text),
            1 if plain => (format!("kind(last(nodes({name})))"), Ty::Text),
            2 => (format!("edge_name(head(edges({name})))"), Ty::Text),
            3 => (format!("size(nodes({name}))"), Ty::Int),
            _ => (format!("length({name})"), Ty::Int),
        };
        written(text, ty, Value::Null)
    }

    /// A value taken from a list.
    fn of_list(&mut self, list: &str, member: Ty) -> Written {
        let (text, ty) = match self.random.below(9) {
            0 => (format!("{list}[0]"), member),
            1 => (format!("{list}[-1]"), member),
            2 => (format!("last({list})"), member),
            3 => (format!("size(tail({list}))"), Ty::Int),
            4 => (format!("head(reverse({list}))"), member),
            5 if member == Ty::Int => (format!("({list} + [7])[-1]"), member),
            5 => (format!("size({list} || ['z'])"), Ty::Int),
            6 => (format!("last({list}[..1])"), member),
            7 => (format!("head({list}[1..])"), member),
            _ => (format!("size({list})"), Ty::Int),
        };
        written(text, ty, Value::Null)
    }

    /// Sometimes something is done to a value first.
    fn worked(&mut self, of: Written) -> Written {
        let Written { text: of, ty, sample } = of;
        let (text, ty) = match (ty, self.random.below(32)) {
            (Ty::Text, 0) => (format!("coalesce({of}, 'none')"), ty),
            (Ty::Text, 1) => (format!("upper({of})"), ty),
            (Ty::Text, 2) => (format!("size({of})"), Ty::Int),
            (Ty::Text, 3) => (format!("{of} || '!'"), ty),
            (Ty::Text, 4) => (format!("left({of}, 2)"), ty),
            (Ty::Text, 5) => (format!("nullif({of}, 'x')"), ty),
            (Ty::Text, 8) => (format!("right({of}, 3)"), ty),
            (Ty::Text, 9) => (format!("substring({of}, 1, 2)"), ty),
            (Ty::Text, 10) => (format!("replace({of}, 'a', 'ab')"), ty),
            (Ty::Text, 11) => (format!("trim(' ' || {of} || '  ')"), ty),
            (Ty::Text, 12) => (format!("ltrim('  ' || {of}) || rtrim({of} || ' ')"), ty),
            (Ty::Text, 13) => (format!("fold({of})"), ty),
            (Ty::Text, 14) => (format!("reverse({of})"), ty),
            (Ty::Text, 15) => (format!("char_length(substring({of}, 2))"), Ty::Int),
            (Ty::Text, 16) => (format!("to_int(right({of}, 1))"), Ty::Int),
            (Ty::Text, 17) => (format!("to_bool({of})"), Ty::Bool),
            (Ty::Text, 18) => (format!("last(split({of}, ' '))"), ty),
            (Ty::Date, 0) => (format!("year({of})"), Ty::Int),
            (Ty::Date, 1) => (format!("last_day({of})"), ty),
            (Ty::Date, 3) => (format!("coalesce({of}, 2025-01)"), ty),
            (Ty::Date, 4) => (format!("day({of})"), Ty::Int),
            (Ty::Date, 5) => (format!("date(to_text({of}))"), ty),
            (Ty::Date, 8) => (format!("days_between({of}, today())"), Ty::Int),
            (Ty::Int, 0) => (format!("{of} * 2 - 1"), ty),
            (Ty::Int, 1) => (format!("abs({of})"), ty),
            (Ty::Int, 2) => (format!("sign({of})"), ty),
            (Ty::Int, 3) => (format!("to_int(floor({of} / 2.0))"), ty),
            (Ty::Int, 4) => (format!("{of} % 2"), ty),
            (Ty::Int, 5) => (format!("to_int(round({of} * 1.5))"), ty),
            (Ty::Int, 8) => (format!("to_int(ceil(sqrt(abs({of}))))"), ty),
            (Ty::Int, 9) => (format!("to_int({of} ^ 2)"), ty),
            (Ty::Date, 2) | (Ty::Int, 10) => (format!("to_text({of})"), Ty::Text),
            (Ty::Int, 11) => (format!("to_float({of}) > 0.5"), Ty::Bool),
            (_, 6) => {
                let condition = self.condition(1);
                return written(format!("case when {condition} then {of} end"), ty, sample);
            }
            (_, 7) => (format!("({})", self.condition(1)), Ty::Bool),
            _ => return written(of, ty, sample),
        };
        written(text, ty, Value::Null)
    }

    pub(super) fn aggregate(&mut self) -> (String, Ty) {
        let distinct = if self.random.chance(30) { "distinct " } else { "" };
        match self.random.below(10) {
            0..3 => ("count(*)".to_owned(), Ty::Int),
            3 => {
                let vars: Vec<String> = self
                    .scope
                    .iter()
                    .filter(|var| !matches!(var.ty, Ty::Group | Ty::TextBag | Ty::IntBag | Ty::Map))
                    .map(|var| var.name.clone())
                    .collect();
                match self.random.maybe(&vars) {
                    Some(name) => (format!("count({distinct}{name})"), Ty::Int),
                    None => ("count(*)".to_owned(), Ty::Int),
                }
            }
            _ => {
                let Written { text: value, ty, sample: _ } = self.scalar();
                match (ty, self.random.below(8)) {
                    (Ty::Int, 0) => (format!("sum({distinct}{value})"), Ty::Int),
                    (Ty::Int, 1) => (format!("avg({distinct}{value})"), Ty::Float),
                    (Ty::Int, 6) => (format!("stddev({value})"), Ty::Float),
                    (Ty::Int, 7) => {
                        let share = self.random.word(&["0", "0.25", "0.5", "0.9", "1"]);
                        (format!("percentile_cont({value}, {share})"), Ty::Float)
                    }
                    (_, 2) => (format!("count({distinct}{value})"), Ty::Int),
                    (Ty::Float, 0 | 1) => (format!("sum({value})"), Ty::Float),
                    (Ty::Float, 6) => (format!("avg({value})"), Ty::Float),
                    (Ty::Other | Ty::Bool | Ty::Any, _) => (format!("count({value})"), Ty::Int),
                    (_, 3) => (format!("min({value})"), ty),
                    (_, 4) => (format!("max({value})"), ty),
                    (Ty::Text, 6) => (format!("size(string_agg({value}, '; '))"), Ty::Int),
                    (Ty::Text, 7) => (format!("size(string_agg({distinct}{value}))"), Ty::Int),
                    (Ty::Text, _) => (format!("collect_list({distinct}{value})"), Ty::TextBag),
                    (Ty::Int, _) => (format!("collect_list({distinct}{value})"), Ty::IntBag),
                    _ => (format!("collect_list({distinct}{value})"), Ty::Other),
                }
            }
        }
    }
}
