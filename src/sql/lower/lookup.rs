//! Finding nodes by a text: by key, or by name, title, text or alias without case and accents.

use super::expr::MANY;
use super::{Kind, Lowering, Rows, judged};
use crate::meaning::catalog::{Catalog, KindId, KindSet};
use crate::meaning::functions::Means;
use crate::meaning::question::{self, ExprKind};
use crate::sql::select::{Expr, From, Select, Source};
use crate::sql::{ResultColumn, Shape, Statement, writer};

impl Lowering<'_> {
    /// Selects of the ids of nodes that go by a text.
    pub(super) fn named_ids(&mut self, id: KindId, text: &Expr) -> Vec<Select> {
        let kind = self.catalog.kind(id);
        let row = self.alias();
        let folded = Select {
            columns: vec![Expr::fixed(row, "node")],
            from: vec![From::inner(Source::Fixed("lookup"), row)],
            filter: vec![
                Expr::equal(Expr::fixed(row, "kind"), Expr::int(kind.id)),
                Expr::equal(
                    Expr::fixed(row, "folded"),
                    Expr::Call("dixit_lookup", vec![text.clone()]),
                ),
            ],
            ..Select::default()
        };
        let Some(key) = &kind.key else { return vec![folded] };
        let row = self.alias();
        let keys = vec![
            Expr::Call("dixit_trim", vec![text.clone()]),
            Expr::Call("dixit_fold", vec![text.clone()]),
            Expr::Call("dixit_capital", vec![text.clone()]),
        ];
        let id = Expr::fixed(row, "id");
        // A key goes on naming the node that has it, whichever that is read as.
        let (column, table) = if kind.judged {
            let same = self.alias();
            let read = judged::resolved(same, Expr::int(kind.id), id);
            (read, Source::Coded(kind.table.clone()))
        } else {
            (id, Source::Table(kind.table.clone()))
        };
        let by_key = Select {
            columns: vec![column],
            from: vec![From::inner(table, row)],
            filter: vec![Expr::In(Box::new(Expr::column(row, key)), keys)],
            ..Select::default()
        };
        vec![folded, by_key]
    }
}

impl Lowering<'_> {
    /// Values of one column, each once.
    fn once(&mut self, parts: Vec<Select>) -> Select {
        let all = self.alias();
        let from = vec![From::inner(Source::Selects(parts), all)];
        let columns = vec![Expr::number(all, 1)];
        Select { distinct: true, columns, from, ..Select::default() }
    }

    /// `element_id(s) in ['n:7:1', …]` holds the numbers of nodes of one kind against theirs, which finds them at once.
    pub(super) fn by_number(
        &mut self,
        rows: &mut Rows,
        value: &question::Expr,
        list: &question::Expr,
    ) -> Option<Expr> {
        let (ExprKind::Call(function, args), ExprKind::List(members)) = (&value.kind, &list.kind)
        else {
            return None;
        };
        let [node] = args.as_slice() else { return None };
        if function.means != Means::ElementId || members.is_empty() {
            return None;
        }
        let texts = members.iter().map(question::Expr::as_text).collect::<Option<Vec<&str>>>()?;
        let node = self.node(rows, node)?;
        let Kind::Fixed(kind) = node.kind else { return None };
        let before = format!("n:{}:", self.catalog.kind(kind).id);
        // A text that is no number of this kind stands for a node that is nowhere.
        let number = |text: &str| -> i64 {
            let number = text.strip_prefix(&before).and_then(|number| number.parse().ok());
            number.filter(|number: &i64| format!("{before}{number}") == text).unwrap_or(-1)
        };
        let numbers: Vec<i64> = texts.into_iter().map(number).collect();
        if numbers.len() <= MANY {
            let numbers = numbers.into_iter().map(Expr::given_int).collect();
            return Some(Expr::In(Box::new(node.id), numbers));
        }
        let (each, numbers) = (self.alias(), serde_json::Value::from(numbers).to_string());
        let members = Select {
            columns: vec![Expr::fixed(each, "value")],
            from: vec![From::inner(
                Source::Call("json_each", vec![Expr::given_text(&numbers)]),
                each,
            )],
            ..Select::default()
        };
        Some(Expr::InSelect(Box::new(node.id), vec![members]))
    }
}

/// The column of a statement that counts.
pub fn counted() -> ResultColumn {
    ResultColumn { name: "count".to_owned(), shape: Shape::Plain }
}

/// A statement that tells how many nodes of these kinds go by a text.
pub fn count_named(catalog: &Catalog, kinds: &KindSet, text: &str) -> Statement {
    let mut lowering = Lowering::new(catalog, &[]);
    let text = Expr::given_text(text);
    let mut parts = Vec::new();
    for &kind in kinds {
        let named = lowering.named_ids(kind, &text);
        parts.extend(if catalog.kind(kind).judged { vec![lowering.once(named)] } else { named });
    }
    let parts = lowering.in_chunks(parts);
    let alias = lowering.alias();
    let mut select = Select {
        columns: vec![Expr::count()],
        from: vec![From::inner(Source::Selects(parts), alias)],
        ..Select::default()
    };
    judged::read_as_one(&mut select, catalog, lowering.next);
    writer::write(&select, vec![counted()])
}
