//! A question as readable text: every variable with its type, then the steps in order, names spelled as in the language.
//! The same question always gives the same text; `dixit explain --stage meaning` prints it.

mod expr;
mod names;
mod pattern;
pub mod writing;

pub use names::Names;
pub(crate) use pattern::along;

use super::catalog::Catalog;
use super::question::{
    Call, Expr, Match, Part, Projection, Query, Question, SetOperator, SortKey, Step, Unfolding,
    VarId,
};

/// Shows a question.
pub fn show(question: &Question, catalog: &Catalog) -> String {
    let Question { vars, query, lookups: _, remarks: _ } = question;
    let names = Names::of(vars, catalog);
    let vars = vars.iter().enumerate();
    let vars = vars.map(|(at, var)| format!("{}: {}\n", names.at(at), names.type_name(&var.ty)));
    vars.chain([names.query(query)]).collect::<Vec<_>>().concat()
}

/// What joins two parts of a query, as it is written.
pub(crate) fn set_operator(how: SetOperator) -> &'static str {
    match how {
        SetOperator::Union { all: false } => "union",
        SetOperator::Union { all: true } => "union all",
        SetOperator::Except { all: false } => "except",
        SetOperator::Except { all: true } => "except all",
        SetOperator::Intersect { all: false } => "intersect",
        SetOperator::Intersect { all: true } => "intersect all",
        SetOperator::Otherwise => "otherwise",
    }
}

impl Names<'_> {
    /// A query, each step on a line or more.
    fn query(&self, query: &Query) -> String {
        let Query { first, others, columns } = query;
        let mut text = self.part(first);
        for (how, part) in others {
            text.push_str(set_operator(*how));
            text.push('\n');
            text.push_str(&self.part(part));
        }
        if !others.is_empty() {
            text.push_str("as ");
            text.push_str(&self.of_vars(columns.iter().map(|column| &column.var)));
            text.push('\n');
        }
        text
    }

    fn part(&self, part: &Part) -> String {
        part.steps.iter().map(|step| self.step(step)).collect()
    }

    /// A query on one line, as it stands inside an expression.
    pub(super) fn inline(&self, query: &Query) -> String {
        let text = self.query(query);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Match(found) => self.matching(found),
            Step::Filter(condition) => format!("filter {}\n", self.expr(condition)),
            Step::Project(projection) => {
                format!("return {}\n", self.projection(projection, "\n  "))
            }
            Step::Let(values) => {
                let value = |(var, value): &(VarId, Expr)| {
                    format!("{} = {}", self.of_var(*var), self.expr(value))
                };
                format!("let {}\n", values.iter().map(value).collect::<Vec<_>>().join(", "))
            }
            Step::For(unfolding) => format!("{}\n", self.unfolding(unfolding)),
            Step::Call(Call { optional, query }) => {
                let head = if *optional { "optional call" } else { "call" };
                let inner = self.query(query).trim_end().replace('\n', "\n  ");
                format!("{head} {{\n  {inner}\n}}\n")
            }
        }
    }

    /// `for x in list with offset i`
    pub(crate) fn unfolding(&self, unfolding: &Unfolding) -> String {
        let Unfolding { member, list, place } = unfolding;
        let place = place.map_or(String::new(), |(var, from)| {
            let what = if from == 0 { "offset" } else { "ordinality" };
            format!(" with {what} {}", self.of_var(var))
        });
        format!("for {} in {}{place}", self.of_var(*member), self.expr(list))
    }

    fn matching(&self, found: &Match) -> String {
        let head = if found.optional { "optional match" } else { "match" };
        format!("{head}\n  {}\n", self.parts(found).join("\n  "))
    }

    /// Items and what is done with them, one part after each `between`.
    pub(crate) fn projection(&self, projection: &Projection, between: &str) -> String {
        let Projection { distinct, items, group, order, offset, limit } = projection;
        let items: Vec<String> =
            items.iter().map(|(var, value)| self.item(self.of_var(*var), value)).collect();
        let list = |values: &[Expr]| {
            values.iter().map(|value| self.expr(value)).collect::<Vec<_>>().join(", ")
        };
        let order: Vec<String> = order.iter().map(|key| self.sort_key(key)).collect();
        let parts = [
            group.as_ref().map(|keys| format!("group by ({})", list(keys))),
            (!order.is_empty()).then(|| format!("order by {}", order.join(", "))),
            offset.as_ref().map(|count| format!("offset {}", self.expr(count))),
            limit.as_ref().map(|count| format!("limit {}", self.expr(count))),
        ];
        let head = format!("{}{}", if *distinct { "distinct " } else { "" }, items.join(", "));
        std::iter::once(head).chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(between)
    }

    /// A name that only repeats the value is left out.
    fn item(&self, name: &str, value: &Expr) -> String {
        let value = self.expr(value);
        if value == name { value } else { format!("{value} as {name}") }
    }

    fn sort_key(&self, key: &SortKey) -> String {
        let SortKey { value, descending, nulls_first } = key;
        let way = if *descending { " desc" } else { "" };
        let nulls = if *nulls_first { "first" } else { "last" };
        format!("{}{way} nulls {nulls}", self.expr(value))
    }
}
