//! Expressions in the language's own spelling, with parentheses only where operators would bind otherwise.

use super::names::Names;
use crate::meaning::catalog::Catalog;
use crate::meaning::question::{
    Arithmetic, Comparison, Constant, Expr, ExprKind, Owner, Quantified, TextTest, VarId, Wanted,
};

/// How tightly an expression holds together; the order of the language's operators.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    Or,
    Xor,
    And,
    Not,
    Compare,
    Predicate,
    Sum,
    Product,
    Power,
    Sign,
    Postfix,
    Atom,
}

impl Names<'_> {
    /// An expression as it stands on its own.
    pub(crate) fn expr(&self, value: &Expr) -> String {
        self.spelled(&value.kind).0
    }

    /// An expression as one side of `and`.
    pub(super) fn inside_and(&self, value: &Expr) -> String {
        self.within(value, Tight::Not)
    }

    fn within(&self, value: &Expr, floor: Tight) -> String {
        let (text, own) = self.spelled(&value.kind);
        if own < floor { format!("({text})") } else { text }
    }

    fn list(&self, values: &[Expr]) -> String {
        values.iter().map(|value| self.expr(value)).collect::<Vec<_>>().join(", ")
    }

    fn joined(&self, values: &[Expr], word: &str, floor: Tight) -> String {
        let word = format!(" {word} ");
        values.iter().map(|value| self.within(value, floor)).collect::<Vec<_>>().join(&word)
    }

    fn pair(
        &self,
        (a, b): (&Expr, &Expr),
        word: &str,
        own: Tight,
        right: Tight,
    ) -> (String, Tight) {
        (format!("{} {word} {}", self.within(a, own), self.within(b, right)), own)
    }

    #[expect(clippy::too_many_lines, reason = "one flat match over all forms")]
    fn spelled(&self, kind: &ExprKind) -> (String, Tight) {
        match kind {
            ExprKind::Null => ("null".to_owned(), Tight::Atom),
            ExprKind::Constant(value) => constant(value),
            ExprKind::Var(var) => (self.of_var(*var).to_owned(), Tight::Atom),
            ExprKind::Property(of, choices) => {
                let name = choices.first().map_or("?", |choice| property(self.catalog, *choice));
                (format!("{}.{name}", self.within(of, Tight::Postfix)), Tight::Postfix)
            }
            ExprKind::IsKind(of, kinds) => {
                let of = self.within(of, Tight::Predicate);
                (format!("{of} is labeled {}", self.kinds(kinds)), Tight::Predicate)
            }
            ExprKind::IsEdge(of, labels) => {
                let labels: Vec<String> = labels.iter().map(|label| self.label(label)).collect();
                let of = self.within(of, Tight::Predicate);
                (format!("{of} is labeled {}", labels.join("|")), Tight::Predicate)
            }
            ExprKind::Call(function, args) => {
                (format!("{}({})", function.name, self.list(args)), Tight::Atom)
            }
            ExprKind::Aggregate { which, distinct, args } => {
                let distinct = if *distinct { "distinct " } else { "" };
                let args = if args.is_empty() { "*".to_owned() } else { self.list(args) };
                (format!("{}({distinct}{args})", which.name), Tight::Atom)
            }
            ExprKind::Not(of) => (format!("not {}", self.within(of, Tight::Not)), Tight::Not),
            ExprKind::And(parts) => (self.joined(parts, "and", Tight::Not), Tight::And),
            ExprKind::Or(parts) => (self.joined(parts, "or", Tight::Xor), Tight::Or),
            ExprKind::Xor(a, b) => self.pair((a, b), "xor", Tight::Xor, Tight::And),
            ExprKind::Compare(how, a, b) => {
                let (text, _) =
                    self.pair((a, b), comparison(*how), Tight::Predicate, Tight::Predicate);
                (text, Tight::Compare)
            }
            ExprKind::Within(a, b) | ExprKind::In(a, b) => {
                self.pair((a, b), "in", Tight::Predicate, Tight::Sum)
            }
            ExprKind::TextTest(how, a, b) => {
                self.pair((a, b), text_test(*how), Tight::Predicate, Tight::Sum)
            }
            ExprKind::Search { of, owner: _, property: _, query: _, rank: true } => {
                (format!("score({})", self.expr(of)), Tight::Atom)
            }
            ExprKind::Search { of, owner, property: place, query, rank: false } => {
                let name = property(self.catalog, (*owner, *place));
                let (of, query) = (self.within(of, Tight::Postfix), self.within(query, Tight::Sum));
                (format!("{of}.{name} matches {query}"), Tight::Predicate)
            }
            ExprKind::IsNull(of) => self.is(of, "null"),
            ExprKind::IsTruth(of, true) => self.is(of, "true"),
            ExprKind::IsTruth(of, false) => self.is(of, "false"),
            ExprKind::Arithmetic(how, a, b) => {
                let (word, own, right) = arithmetic(*how);
                self.pair((a, b), word, own, right)
            }
            ExprKind::Negate(of) => (format!("-{}", self.within(of, Tight::Postfix)), Tight::Sign),
            ExprKind::Concat(a, b) => self.pair((a, b), "||", Tight::Sum, Tight::Product),
            ExprKind::Case(branches, otherwise) => {
                (self.case(branches, otherwise.as_deref()), Tight::Atom)
            }
            ExprKind::List(members) => (format!("[{}]", self.list(members)), Tight::Atom),
            ExprKind::Index(of, at) => {
                (format!("{}[{}]", self.within(of, Tight::Postfix), self.expr(at)), Tight::Postfix)
            }
            ExprKind::Slice(of, from, to) => {
                let end = |end: &Option<Box<Expr>>| {
                    end.as_ref().map(|end| self.expr(end)).unwrap_or_default()
                };
                let of = self.within(of, Tight::Postfix);
                (format!("{of}[{}..{}]", end(from), end(to)), Tight::Postfix)
            }
            ExprKind::Exists(found) => {
                (format!("exists {{ {} }}", self.parts(found).join(", ")), Tight::Atom)
            }
            ExprKind::Subquery(wanted, query) => {
                let word = match wanted {
                    Wanted::Any => "exists",
                    Wanted::Count => "count",
                    Wanted::List => "collect",
                    Wanted::One => "value",
                };
                (format!("{word} {{ {} }}", self.inline(query)), Tight::Atom)
            }
            ExprKind::Named(var, text) => (self.named(*var, text), Tight::Atom),
            ExprKind::Possibly(of) => (format!("possibly({})", self.expr(of)), Tight::Atom),
            ExprKind::Coerce(of) => self.spelled(&of.kind),
            ExprKind::Map(entries) => {
                let entry =
                    |(name, value): &(String, Expr)| format!("{name}: {}", self.expr(value));
                let entries: Vec<String> = entries.iter().map(entry).collect();
                (format!("{{{}}}", entries.join(", ")), Tight::Atom)
            }
            ExprKind::Member(of, key) => {
                let of = self.within(of, Tight::Postfix);
                let member = match key.as_text() {
                    Some(name) => format!("{of}.{name}"),
                    None => format!("{of}[{}]", self.expr(key)),
                };
                (member, Tight::Postfix)
            }
            ExprKind::Comprehension { var, list, filter, value } => {
                let filter = filter.as_ref().map(|filter| format!(" where {}", self.expr(filter)));
                let own = value.as_var() == Some(*var);
                let value = if own { String::new() } else { format!(" | {}", self.expr(value)) };
                let (var, list) = (self.of_var(*var), self.expr(list));
                (format!("[{var} in {list}{}{value}]", filter.unwrap_or_default()), Tight::Atom)
            }
            ExprKind::Quantified { which, var, list, filter } => {
                let (var, list, filter) = (self.of_var(*var), self.expr(list), self.expr(filter));
                (format!("{}({var} in {list} where {filter})", quantified(*which)), Tight::Atom)
            }
        }
    }

    fn is(&self, of: &Expr, what: &str) -> (String, Tight) {
        (format!("{} is {what}", self.within(of, Tight::Predicate)), Tight::Predicate)
    }

    /// A node that goes by a text: `(a 'Rubio')`.
    fn named(&self, var: VarId, text: &Expr) -> String {
        format!("({} {})", self.of_var(var), self.expr(text))
    }

    fn case(&self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
        let branch = |(when, then): &(Expr, Expr)| {
            format!(" when {} then {}", self.expr(when), self.expr(then))
        };
        let branches = branches.iter().map(branch).collect::<Vec<_>>().concat();
        let otherwise =
            otherwise.map(|value| format!(" else {}", self.expr(value))).unwrap_or_default();
        format!("case{branches}{otherwise} end")
    }
}

fn property(catalog: &Catalog, (owner, place): (Owner, usize)) -> &str {
    let properties = match owner {
        Owner::Kind(kind) => &catalog.kind(kind).properties,
        Owner::Edge(edge) => &catalog.edge(edge).properties,
    };
    properties.get(place).map_or("?", |property| property.name.as_str())
}

fn constant(value: &Constant) -> (String, Tight) {
    match value {
        Constant::Bool(value) => (value.to_string(), Tight::Atom),
        Constant::Int(value) if *value < 0 => (value.to_string(), Tight::Sign),
        Constant::Int(value) => (value.to_string(), Tight::Atom),
        Constant::Float(value) => (format!("{value:?}"), Tight::Sign),
        Constant::Text(text) => (quoted(text), Tight::Atom),
        Constant::Date(date) if is_plain(&date.text) => (date.text.clone(), Tight::Atom),
        Constant::DateTime(text) => (format!("datetime '{text}Z'"), Tight::Atom),
        Constant::Duration(text) => (format!("duration '{text}'"), Tight::Atom),
        Constant::Date(date) => (format!("date {}", quoted(&date.text)), Tight::Atom),
    }
}

/// Whether a date needs no quotes: `2025-11`, `2025-11-22`.
fn is_plain(date: &str) -> bool {
    matches!(date.len(), 7 | 10) && date.chars().all(|c| c.is_ascii_digit() || c == '-')
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\n");
    format!("'{}'", text.replace('\t', "\\t").replace('\r', "\\r"))
}

fn comparison(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

fn quantified(which: Quantified) -> &'static str {
    match which {
        Quantified::All => "all",
        Quantified::Any => "any",
        Quantified::None => "none",
        Quantified::Single => "single",
    }
}

fn text_test(how: TextTest) -> &'static str {
    match how {
        TextTest::Alike => "~=",
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts with",
        TextTest::EndsWith => "ends with",
        TextTest::Like => "like",
        TextTest::Regex => "=~",
    }
}

/// The sign, how tightly it binds, and how tight its right side must be.
fn arithmetic(how: Arithmetic) -> (&'static str, Tight, Tight) {
    match how {
        Arithmetic::Add => ("+", Tight::Sum, Tight::Product),
        Arithmetic::Subtract => ("-", Tight::Sum, Tight::Product),
        Arithmetic::Multiply => ("*", Tight::Product, Tight::Power),
        Arithmetic::Divide => ("/", Tight::Product, Tight::Power),
        Arithmetic::Modulo => ("%", Tight::Product, Tight::Power),
        Arithmetic::Power => ("^", Tight::Power, Tight::Sign),
    }
}
