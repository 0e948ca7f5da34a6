//! Patterns of which only some paths are wanted: all are found for each pair of ends, and the first of them taken.

use super::{Binding, Kind, Live, Lowering, Rows};
use crate::plan::{Finding, Picking, Plan};
use crate::sql::select::{Alias, Expr, Op, Sort, Source};

impl Lowering<'_> {
    /// Rows extended by the paths wanted.
    pub(super) fn pick_rows(
        &mut self,
        input: &Plan,
        pick: &Picking,
        live: &Live,
        start: Rows,
    ) -> Rows {
        let wanted = &(live | &pick.shared) | &pick.ends.into();
        let mut rows = self.rows(input, &wanted, start);
        for var in &pick.shared {
            self.settle_node(&mut rows, *var);
        }
        if self.is_copied_enough(&rows) {
            let shared = pick.shared.iter().filter(|var| rows.env.contains_key(var));
            let shared: Live = shared.copied().collect();
            let given = &(&pick.own | &pick.ends.into()) & live;
            let alone = Plan::Pick { input: Box::new(Plan::Start), pick: Box::new(pick.clone()) };
            let rows = self.with_few_tables(rows, &(live | &shared));
            return self.apply(rows, &alone, false, (&shared, &(&given - &shared)));
        }
        match &pick.how {
            Finding::All(inner) => self.pick_of_all(rows, pick, inner, &wanted),
            Finding::Nearest(walk) => self.pick_nearest(rows, pick, walk, &wanted),
        }
    }

    /// The rows under a name, unless there are none but those of a query around them.
    pub(super) fn rows_to_extend(&mut self, rows: Rows, live: &Live) -> Rows {
        if rows.select.from.is_empty() {
            return rows;
        }
        self.copied += 1;
        self.name_rows(rows, live)
    }

    /// All paths from the distinct values that the rows share with the pattern, counted for each pair of ends, are
    /// joined to the rows as far as they are wanted.
    fn pick_of_all(&mut self, rows: Rows, pick: &Picking, inner: &Plan, live: &Live) -> Rows {
        let mut rows = self.rows_to_extend(rows, live);
        let start = self.distinct_start(&mut rows, &pick.shared);
        let mut wanted: Live = &pick.shared | &(&pick.own & live);
        wanted.extend(pick.ends);
        wanted.insert(pick.path.var);
        let found = self.rows(inner, &wanted, start);
        let mut found = self.name_rows(found, &wanted);
        let place = place(&found, pick);
        let with = std::mem::take(&mut found.select.with);
        rows.select.with.extend(with);
        let (mut select, carried, _) = self.closed(found, &wanted);
        select.columns.push(place);
        let rank = select.columns.len();
        let alias = self.add_table(&mut rows, Source::Selects(vec![select]));
        for (var, carried) in carried {
            let new = carried.at(alias, rows.scope);
            match rows.env.get(&var).cloned() {
                Some(before) if !pick.own.contains(&var) => {
                    let same = self.linked(&before, &new);
                    rows.select.filter.extend(same);
                }
                Some(_) | None => {
                    rows.env.insert(var, new);
                }
            }
        }
        hold_rank(&mut rows, pick, (alias, rank));
        rows
    }
}

fn hold_rank(rows: &mut Rows, pick: &Picking, (alias, rank): (Alias, usize)) {
    let most = Expr::given_int(i64::from(pick.most));
    let rank = Expr::number(alias, rank);
    rows.select.filter.push(Expr::binary(Op::LessEqual, rank, most));
}

/// Which place a path has among those of its ends: by length, and where paths are counted, then by what it passes.
fn place(found: &Rows, pick: &Picking) -> Expr {
    let shared = pick.shared.iter().chain(&pick.ends).filter_map(|var| found.env.get(var));
    let partition = shared.flat_map(identity).collect();
    let path = match found.env.get(&pick.path.var) {
        Some(Binding::Path(path)) => path.value.clone(),
        Some(_) | None => Expr::Word("null"),
    };
    let sort = |value| Sort { value, descending: false, nulls_first: false };
    let length = sort(Expr::Call("json_array_length", vec![path.clone()]));
    let (name, order) = if pick.lengths {
        ("dense_rank", vec![length])
    } else {
        ("row_number", vec![length, sort(path)])
    };
    Expr::Window { name, partition, order }
}

/// What tells one value of a variable from another.
fn identity(binding: &Binding) -> Vec<Expr> {
    match binding {
        Binding::Node(node) => match &node.kind {
            Kind::Fixed(_) => vec![node.id.clone()],
            Kind::Column(kind) => vec![kind.clone(), node.id.clone()],
        },
        Binding::Token(value, _) | Binding::Value(value) => vec![value.clone()],
        Binding::Walk(walk) => vec![walk.edges.clone(), walk.trail.clone()],
        Binding::Path(path) => vec![path.value.clone()],
        Binding::Edge { edge: _, row: _ } | Binding::Computed(_) => Vec::new(),
    }
}
