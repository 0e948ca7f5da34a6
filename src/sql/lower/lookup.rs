//! Finding nodes by a text: by key, or by name, title, text or alias without case and accents.

use super::Lowering;
use crate::meaning::catalog::{Catalog, KindId, KindSet};
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
        ];
        let by_key = Select {
            columns: vec![Expr::fixed(row, "id")],
            from: vec![From::inner(Source::Table(kind.table.clone()), row)],
            filter: vec![Expr::In(Box::new(Expr::column(row, key)), keys)],
            ..Select::default()
        };
        vec![folded, by_key]
    }
}

/// A statement that tells how many nodes of these kinds go by a text.
pub fn count_named(catalog: &Catalog, kinds: &KindSet, text: &str) -> Statement {
    let mut lowering = Lowering::new(catalog, &[]);
    let text = Expr::given_text(text);
    let parts = kinds.iter().flat_map(|&kind| lowering.named_ids(kind, &text)).collect();
    let parts = lowering.in_chunks(parts);
    let alias = lowering.alias();
    let count = Expr::Aggregate {
        name: "count",
        distinct: false,
        args: Vec::new(),
        order: Vec::new(),
        filter: None,
    };
    let select = Select {
        columns: vec![count],
        from: vec![From::inner(Source::Selects(parts), alias)],
        ..Select::default()
    };
    writer::write(&select, vec![ResultColumn { name: "count".to_owned(), shape: Shape::Plain }])
}
