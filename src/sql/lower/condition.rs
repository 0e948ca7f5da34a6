//! Conditions. Where rows are filtered only what is certainly true counts, so a plain comparison will do, which an
//! index can serve; elsewhere what dates leave open gives null.

use super::date::{self, Ask, Held};
use super::expr::{MANY, constants};
use super::possible::allowed;
use super::{Binding, Env, Kind, Live, Lowering, Node, Rows};
use crate::base::planted::planted;
use crate::meaning::catalog::{Attribute, EdgeLabel, KindSet, Storage, TermId};
use crate::meaning::question::{self, Comparison, ExprKind, Match, Owner, TextTest, VarId};
use crate::meaning::types::Type;
use crate::plan::build::existence;
use crate::sql::select::{Alias, Expr, From, Op, Select, Source};

impl Lowering<'_> {
    /// A condition that filters rows.
    pub(super) fn condition(&mut self, rows: &mut Rows, expr: &question::Expr) -> Expr {
        if let ExprKind::Search { of, owner, property, query, rank: false } = &expr.kind {
            return self.found(rows, of, (*owner, *property), query);
        }
        self.asked(rows, expr, Ask::Certain)
    }

    /// A condition, given what is asked of it.
    pub(super) fn asked(&mut self, rows: &mut Rows, expr: &question::Expr, ask: Ask) -> Expr {
        match &expr.kind {
            ExprKind::Not(inner) => {
                let not = Expr::Not(Box::new(self.asked(rows, inner, ask.negated())));
                planted!(TwoValuedNot, not, Expr::Call("coalesce", vec![not, Expr::Word("1")]))
            }
            ExprKind::And(parts) if ask == Ask::Possible => Expr::And(self.possible(rows, parts)),
            ExprKind::And(parts) => Expr::And(self.all(rows, parts, ask)),
            ExprKind::Or(parts) => Expr::Or(self.all(rows, parts, ask)),
            ExprKind::Xor(a, b) => {
                let sides = [a, b].map(|side| self.asked(rows, side, Ask::Value));
                let [a, b] = sides;
                Expr::binary(Op::NotEqual, truth(a), truth(b))
            }
            ExprKind::Compare(how, a, b) => {
                let bounded = if ask == Ask::Possible { allowed(expr) } else { None };
                match bounded.and_then(|one| self.one_day(rows, &[one])) {
                    Some(condition) => condition,
                    None => self.compare(rows, *how, (a, b), ask),
                }
            }
            ExprKind::Within(a, b) => {
                let (a, b) = (self.held(rows, a).days(), self.held(rows, b).days());
                date::within(&a, &b, ask)
            }
            ExprKind::In(value, list) => self.member(rows, value, list, ask),
            ExprKind::TextTest(how, a, b) => self.text_test(rows, *how, (a, b), expr),
            ExprKind::IsNull(inner) => self.is_null(rows, inner),
            ExprKind::IsTruth(inner, wanted) => {
                let value = self.asked(rows, inner, Ask::Value);
                Expr::binary(Op::Is, truth(value), Expr::Word(if *wanted { "1" } else { "0" }))
            }
            ExprKind::Exists(inner) => self.exists(rows, inner),
            ExprKind::Named(var, text) => self.named(rows, *var, text),
            ExprKind::IsKind(of, kinds) => self.is_kind(rows, of, kinds),
            ExprKind::IsEdge(of, labels) => self.is_edge(rows, of, labels),
            ExprKind::Possibly(inner) => self.asked(rows, inner, Ask::Possible),
            ExprKind::Search { of, owner, property, query, rank: false } => {
                self.search(rows, of, (*owner, *property), query)
            }
            ExprKind::Subquery(wanted, query) => self.subquery(rows, (*wanted, query), expr),
            ExprKind::Null
            | ExprKind::Constant(_)
            | ExprKind::Var(_)
            | ExprKind::Property(..)
            | ExprKind::Call(..)
            | ExprKind::Aggregate { .. }
            | ExprKind::Search { .. }
            | ExprKind::Arithmetic(..)
            | ExprKind::Negate(_)
            | ExprKind::Concat(..)
            | ExprKind::Case(..)
            | ExprKind::List(_)
            | ExprKind::Index(..)
            | ExprKind::Slice(..)
            | ExprKind::Coerce(_)
            | ExprKind::Map(_)
            | ExprKind::Member(..)
            | ExprKind::Comprehension { .. }
            | ExprKind::Quantified { .. } => self.value(rows, expr),
        }
    }

    fn all(&mut self, rows: &mut Rows, parts: &[question::Expr], ask: Ask) -> Vec<Expr> {
        parts.iter().map(|part| self.asked(rows, part, ask)).collect()
    }

    fn compare(
        &mut self,
        rows: &mut Rows,
        how: Comparison,
        (a, b): (&question::Expr, &question::Expr),
        ask: Ask,
    ) -> Expr {
        if let Some(condition) =
            self.folded_term(rows, how, a, b).or_else(|| self.folded_term(rows, how, b, a))
        {
            return condition;
        }
        match (&a.ty, &b.ty) {
            (Type::Any | Type::Map | Type::List(_), _)
            | (_, Type::Any | Type::Map | Type::List(_))
                if !(is_of_elements(&a.ty) && is_of_elements(&b.ty)) =>
            {
                self.compare_any(rows, how, (a, b), ask)
            }
            (Type::Date, _) | (_, Type::Date) => {
                let (a, b) = (self.held(rows, a).days(), self.held(rows, b).days());
                date::compare(how, &a, &b, ask)
            }
            (Type::Node(_), Type::Node(_)) => {
                let (Some(a), Some(b)) = (self.node(rows, a), self.node(rows, b)) else {
                    return Expr::Word("null");
                };
                let mut same = vec![Expr::equal(a.id.clone(), b.id.clone())];
                let fixed =
                    matches!((&a.kind, &b.kind), (Kind::Fixed(a), Kind::Fixed(b)) if a == b);
                if !fixed {
                    same.push(Expr::equal(self.kind_number(&a.kind), self.kind_number(&b.kind)));
                }
                let same = if how == Comparison::NotEqual {
                    Expr::Not(Box::new(Expr::And(same)))
                } else {
                    Expr::And(same)
                };
                // That kinds differ tells nothing where one of the two is null.
                let doubtful = [a, b].into_iter().filter(|node| node.nullable && !fixed);
                let there: Vec<Expr> = doubtful.map(|node| Expr::present(node.id)).collect();
                if there.is_empty() { same } else { Expr::when(Expr::And(there), same) }
            }
            _ => {
                let (a, b) = (self.value(rows, a), self.value(rows, b));
                let compared = Expr::binary(operator(how), a, b);
                planted!(NullDiffers, compared, never_null(compared, how))
            }
        }
    }

    /// `s.act = 'denies'` holds the number of the term against the column, which an index serves.
    fn folded_term(
        &mut self,
        rows: &mut Rows,
        how: Comparison,
        property: &question::Expr,
        text: &question::Expr,
    ) -> Option<Expr> {
        let text = text.as_text()?;
        if !matches!(how, Comparison::Equal | Comparison::NotEqual) {
            return None;
        }
        let (column, vocabulary) = self.term_column(rows, property)?;
        let number =
            self.catalog.vocabulary(&vocabulary).find(|row| row.term == text).map(|row| row.id);
        Some(Expr::binary(operator(how), column, Expr::given_int(number.unwrap_or(-1))))
    }

    /// The column that holds the number of the term a property gives, in a row at hand.
    pub(super) fn term_column(
        &mut self,
        rows: &mut Rows,
        property: &question::Expr,
    ) -> Option<(Expr, String)> {
        let ExprKind::Property(of, choices) = &property.kind else { return None };
        let [(owner, at)] = choices.as_slice() else { return None };
        let properties = match owner {
            Owner::Kind(kind) => &self.catalog.kind(*kind).properties,
            Owner::Edge(edge) => &self.catalog.edge(*edge).properties,
        };
        let Storage::Term { column, attribute: Attribute::Term, vocabulary: Some(vocabulary) } =
            &properties.get(*at)?.storage
        else {
            return None;
        };
        let row = self.row_at_hand(rows, of, *owner)?;
        Some((Expr::column(row, column), vocabulary.clone()))
    }

    /// The row of a node or an edge in the tables joined, where there is or may be one.
    fn row_at_hand(&mut self, rows: &mut Rows, of: &question::Expr, owner: Owner) -> Option<Alias> {
        let var = of.as_var()?;
        let binding = rows.env.get(&var)?.clone();
        if let Binding::Edge { edge, row } = binding {
            return (owner == Owner::Edge(edge)).then_some(row);
        }
        let Binding::Node(Node { kind: Kind::Fixed(kind), table, scope, nullable, id: _ }) =
            binding
        else {
            return None;
        };
        if owner != Owner::Kind(kind) || table.is_some() {
            return table.filter(|_| owner == Owner::Kind(kind));
        }
        (!nullable && scope == rows.scope)
            .then(|| self.row_of_node(rows, var, &KindSet::from([kind])))
    }

    fn member(
        &mut self,
        rows: &mut Rows,
        value: &question::Expr,
        list: &question::Expr,
        ask: Ask,
    ) -> Expr {
        if let Some(condition) = self.by_number(rows, value, list) {
            return condition;
        }
        let looked_into = |ty: &Type| matches!(ty, Type::Any | Type::Map | Type::List(_));
        let of = list.ty.member().unwrap_or(&Type::Null);
        if (looked_into(&value.ty) || looked_into(of) || *of == Type::Null)
            && !(is_of_elements(&value.ty) && is_of_elements(of))
        {
            return self.in_any(rows, value, list);
        }
        if let ExprKind::List(members) = &list.kind
            && (members.len() <= MANY || constants(members).is_none())
        {
            if let Some(condition) = self.folded_terms(rows, value, members) {
                return condition;
            }
            let uncertain = matches!(
                value.ty,
                Type::Date | Type::Node(_) | Type::Edge(_) | Type::List(_) | Type::Path
            );
            if uncertain {
                let each = members
                    .iter()
                    .map(|member| self.compare(rows, Comparison::Equal, (value, member), ask));
                return Expr::Or(each.collect());
            }
            let value = self.value(rows, value);
            let members = members.iter().map(|member| self.value(rows, member)).collect();
            return Expr::In(Box::new(value), members);
        }
        if *of == Type::Date {
            return self.in_any(rows, value, list);
        }
        let value = self.value(rows, value);
        let list = self.value(rows, list);
        let each = self.alias();
        let members = Select {
            columns: vec![Expr::fixed(each, "value")],
            from: vec![From::inner(Source::Call("json_each", vec![list.clone()]), each)],
            ..Select::default()
        };
        Expr::when(Expr::present(list), Expr::InSelect(Box::new(value), vec![members]))
    }

    fn folded_terms(
        &mut self,
        rows: &mut Rows,
        value: &question::Expr,
        members: &[question::Expr],
    ) -> Option<Expr> {
        let texts = members.iter().map(question::Expr::as_text).collect::<Option<Vec<&str>>>()?;
        let (column, vocabulary) = self.term_column(rows, value)?;
        let number = |text: &&str| {
            let found = self.catalog.vocabulary(&vocabulary).find(|row| row.term == **text);
            Expr::given_int(found.map_or(-1, |row| row.id))
        };
        Some(Expr::In(Box::new(column), texts.iter().map(number).collect()))
    }

    fn text_test(
        &mut self,
        rows: &mut Rows,
        how: TextTest,
        (a, b): (&question::Expr, &question::Expr),
        whole: &question::Expr,
    ) -> Expr {
        let (a, b) = (self.value(rows, a), self.value(rows, b));
        let fold = |value| Expr::Call("dixit_fold", vec![value]);
        match how {
            TextTest::Alike => Expr::equal(fold(a), fold(b)),
            TextTest::Contains => {
                Expr::binary(Op::Greater, Expr::Call("instr", vec![a, b]), Expr::Word("0"))
            }
            TextTest::StartsWith => Expr::Call("dixit_starts_with", vec![a, b]),
            TextTest::EndsWith => Expr::Call("dixit_ends_with", vec![a, b]),
            TextTest::Like => Expr::Call("dixit_like", vec![a, b, self.place(whole)]),
            TextTest::Regex => Expr::Call("dixit_regex", vec![a, b, self.place(whole)]),
        }
    }

    fn is_null(&mut self, rows: &mut Rows, inner: &question::Expr) -> Expr {
        if let (Type::Node(_), Some(node)) = (&inner.ty, self.node(rows, inner)) {
            return Expr::absent(node.id);
        }
        if inner.ty == Type::Bool {
            let value = self.asked(rows, inner, Ask::Value);
            return Expr::absent(value);
        }
        match self.held(rows, inner) {
            Held::Plain(value) => Expr::absent(value),
            Held::Columns { first, .. } => Expr::absent(first),
        }
    }

    fn exists(&mut self, rows: &mut Rows, inner: &Match) -> Expr {
        let plan = existence(inner);
        let env: Env = planted!(Relayed, rows.env.clone(), Env::new());
        let start = Rows { env, scope: self.new_scope(), ..Rows::default() };
        let found = self.rows_for_each(&plan, &Live::new(), start);
        Expr::Exists(Box::new(Select { columns: vec![Expr::Word("1")], ..found.select }))
    }

    /// A node goes by a text: its key, or its name, title, text or alias without case and accents.
    fn named(&mut self, rows: &mut Rows, var: VarId, text: &question::Expr) -> Expr {
        let Some(node) = self.var_node(rows, var) else { return Expr::Word("null") };
        let text = self.value(rows, text);
        match &node.kind {
            Kind::Fixed(kind) => {
                Expr::InSelect(Box::new(node.id.clone()), self.named_ids(*kind, &text))
            }
            Kind::Column(column) => {
                let kinds: Vec<_> = self.catalog.nodes().collect();
                let each = kinds.into_iter().map(|kind| {
                    let is = Expr::equal(column.clone(), Expr::int(self.catalog.kind(kind).id));
                    let found =
                        Expr::InSelect(Box::new(node.id.clone()), self.named_ids(kind, &text));
                    Expr::And(vec![is, found])
                });
                Expr::Or(each.collect())
            }
        }
    }

    fn is_kind(&mut self, rows: &mut Rows, of: &question::Expr, kinds: &KindSet) -> Expr {
        let Some(node) = self.node(rows, of) else { return Expr::Word("null") };
        // What may be an edge is told apart here, even from all the kinds that stand without a label.
        let test = match &node.kind {
            Kind::Column(column) if !matches!(&of.ty, Type::Node(all) if all.is_subset(kinds)) => {
                let numbers = kinds.iter().map(|&kind| Expr::int(self.catalog.kind(kind).id));
                Expr::In(Box::new(column.clone()), numbers.collect())
            }
            Kind::Column(_) => Expr::Word("1"),
            Kind::Fixed(kind) => Expr::Word(if kinds.contains(kind) { "1" } else { "0" }),
        };
        if node.nullable { Expr::when(Expr::present(node.id), test) } else { test }
    }

    fn is_edge(&mut self, rows: &mut Rows, of: &question::Expr, labels: &[EdgeLabel]) -> Expr {
        let edges = self.edges_of_type(&of.ty);
        let name = self.edge_name(rows, of, &edges);
        let token = match (&of.ty, self.node(rows, of)) {
            (Type::Node(_), Some(node)) => self.token(&Binding::Node(node)),
            _ => self.value(rows, of),
        };
        let number = Expr::Call("json_extract", vec![token, Expr::Word("'$[0]'")]);
        let mut each = Vec::new();
        for label in labels.iter().filter(|label| edges.contains(&label.edge)) {
            let edge = self.catalog.edge(label.edge);
            let mut parts = vec![Expr::equal(number.clone(), Expr::int(edge.id))];
            if let (Some(terms), None) = (&label.terms, &edge.name) {
                let terms = terms.iter().filter_map(|TermId(id)| self.catalog.term(TermId(*id)));
                let names = terms.map(|row| Expr::text(&row.term)).collect();
                parts.push(Expr::In(Box::new(name.clone()), names));
            }
            each.push(Expr::And(parts));
        }
        if each.is_empty() {
            return Expr::when(Expr::present(number), Expr::Word("0"));
        }
        Expr::Or(each)
    }
}

/// Whether it is a list of nodes or edges, which are told apart by what identifies them.
fn is_of_elements(ty: &Type) -> bool {
    matches!(ty.member(), Some(Type::Node(_) | Type::Edge(_)))
}

/// As 1, 0 or null, whatever the number.
pub(super) fn truth(value: Expr) -> Expr {
    Expr::Not(Box::new(Expr::Not(Box::new(value))))
}

/// As if nothing differed from whatever is there: see [`planted`].
#[cfg(feature = "planted")]
fn never_null(compared: Expr, how: Comparison) -> Expr {
    let otherwise = if how == Comparison::NotEqual { "1" } else { "null" };
    Expr::Call("coalesce", vec![compared, Expr::Word(otherwise)])
}

fn operator(how: Comparison) -> Op {
    match how {
        Comparison::Equal => Op::Equal,
        Comparison::NotEqual => Op::NotEqual,
        Comparison::Less => Op::Less,
        Comparison::LessEqual => Op::LessEqual,
        Comparison::Greater => Op::Greater,
        Comparison::GreaterEqual => Op::GreaterEqual,
    }
}
