//! A question as readable text: every variable with its type, then the steps in order, names spelled as in the language.
//! The same question always gives the same text; `dixit explain --stage meaning` prints it.

mod expr;
mod names;
mod pattern;

pub use names::Names;
pub(crate) use pattern::along;

use super::catalog::Catalog;
use super::question::{Expr, Match, Projection, Question, SortKey, Step};

/// Shows a question.
pub fn show(question: &Question, catalog: &Catalog) -> String {
    let Question { vars, steps, columns: _, lookups: _, remarks: _ } = question;
    let names = Names::of(vars, catalog);
    let vars = vars.iter().enumerate();
    let vars = vars.map(|(at, var)| format!("{}: {}\n", names.at(at), names.type_name(&var.ty)));
    vars.chain(steps.iter().map(|step| names.step(step))).collect::<Vec<_>>().concat()
}

impl Names<'_> {
    fn step(&self, step: &Step) -> String {
        match step {
            Step::Match(found) => self.matching(found),
            Step::Filter(condition) => format!("filter {}\n", self.expr(condition)),
            Step::Project(projection) => {
                format!("return {}\n", self.projection(projection, "\n  "))
            }
        }
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
