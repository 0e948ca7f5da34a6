//! `insert`: which nodes of its patterns are there and which are new, and what kind of row each edge becomes.

use std::collections::BTreeMap;

use super::infer;
use super::label;
use super::write::{Draft, column_of};
use super::{Noted, Resolved, Resolver};
use crate::base::source::Span;
use crate::lang::ast;
use crate::meaning::{
    catalog::{Attribute, EdgeId, End, KindId, KindSet, Storage},
    errors,
    question::{Alternative, Expr, ExprKind, VarId},
    types::{Type, with_article},
};
use crate::record::edit::{
    self, Assign, Edit, Found, Join, Link, Make, Place, Slot, Term, Vocabulary,
};

/// The patterns of one `insert` while they are being resolved.
#[derive(Default)]
struct Parts<'a> {
    nodes: Vec<Point<'a>>,
    /// Edges, each with the places of its left and right node.
    edges: Vec<(usize, &'a ast::Edge, usize)>,
    makes: Vec<Make>,
    /// Joins and links, which come after everything is made.
    later: Vec<Edit>,
}

/// What a node of a pattern stands for.
#[derive(Clone, Copy)]
enum Point<'a> {
    Var(VarId),
    /// The edge of the same `insert` that has this name.
    Edge(&'a ast::Name),
}

/// An edge to be inserted, with its ends.
struct Fitted<'a> {
    written: &'a ast::Edge,
    edge: EdgeId,
    from: VarId,
    to: VarId,
    term: Option<Term>,
    symmetric: bool,
}

impl Resolver<'_> {
    /// Resolves the patterns of an `insert`.
    pub(super) fn insert(&mut self, patterns: &[ast::Pattern], draft: &mut Draft) -> Resolved<()> {
        let mut parts = Parts::default();
        let before = self.notes.len();
        for pattern in patterns {
            self.collect(pattern, draft, &mut parts)?;
        }
        self.refuse_strangers(&parts);
        if self.notes.len() > before {
            return Err(Noted);
        }
        let mut named: BTreeMap<&str, VarId> = BTreeMap::new();
        let mut open = parts.edges.clone();
        while !open.is_empty() {
            let known = |point: Option<&Point<'_>>| match point {
                Some(Point::Var(var)) => Some(*var),
                Some(Point::Edge(name)) => named.get(name.text.as_str()).copied(),
                None => None,
            };
            let ready = open.iter().enumerate().find_map(|(at, (left, _, right))| {
                Some((at, known(parts.nodes.get(*left))?, known(parts.nodes.get(*right))?))
            });
            let Some((at, left, right)) = ready else {
                let span = open.first().map_or(Span::default(), |(_, edge, _)| edge.span);
                let what = "these edges rest on one another in a circle";
                return self.wrong(errors::writes::no_insert(
                    span,
                    what,
                    "insert one of them first",
                ));
            };
            let (_, written, _) = open.remove(at);
            let fitted = self.fit(written, left, right)?;
            let var = self.insert_edge(&fitted, draft, &mut parts)?;
            if let Some(name) = &written.name {
                named.insert(name.text.as_str(), var);
            }
        }
        self.finish(parts, draft)
    }

    /// A bare name that neither was there before nor is an edge of the same `insert`.
    fn refuse_strangers(&mut self, parts: &Parts<'_>) {
        for point in &parts.nodes {
            let Point::Edge(name) = point else { continue };
            let mut edges = parts.edges.iter().filter_map(|(_, edge, _)| edge.name.as_ref());
            if edges.all(|edge| edge.text != name.text) {
                let what = format!("there is no `{}` to be joined", name.text);
                let next =
                    format!("a new node needs a kind: `({}:Actor {{name: '…'}})`", name.text);
                self.notes.push(errors::writes::no_insert(name.span, what, next));
            }
        }
    }

    /// Notes the nodes and edges of a pattern. New nodes get their variables.
    fn collect<'a>(
        &mut self,
        pattern: &'a ast::Pattern,
        draft: &mut Draft,
        parts: &mut Parts<'a>,
    ) -> Resolved<()> {
        let ast::Pattern { path, search, mode, start, steps, span } = pattern;
        if path.is_some() || search.is_some() || mode.is_some() {
            let what = "a pattern to be inserted is just nodes and edges";
            let next = "leave out what stands before its first node";
            return self.wrong(errors::writes::no_insert(*span, what, next));
        }
        let edges = steps.iter().filter_map(|(step, _)| match step {
            ast::Step::Edge(edge) => edge.name.as_ref(),
            ast::Step::Group(_) => None,
        });
        for name in edges {
            if draft.scope.find(&name.text).is_some() {
                return self.wrong(errors::patterns::name_taken(name));
            }
        }
        let mut left = self.point(start, draft, parts)?;
        for (step, node) in steps {
            let right = self.point(node, draft, parts)?;
            match step {
                ast::Step::Edge(edge) => parts.edges.push((left, edge, right)),
                ast::Step::Group(group) => {
                    let (what, next) = ("a repeated path cannot be inserted", "write every edge");
                    return self.wrong(errors::writes::no_insert(group.span, what, next));
                }
            }
            left = right;
        }
        Ok(())
    }

    /// The place of a node among the parts.
    fn point<'a>(
        &mut self,
        node: &'a ast::Node,
        draft: &mut Draft,
        parts: &mut Parts<'a>,
    ) -> Resolved<usize> {
        let ast::Node { name, label, text, properties, filter, span } = node;
        if let Some(filter) = filter {
            let next = "ask it in a `match` before";
            let what = "a condition cannot be inserted";
            return self.wrong(errors::writes::no_insert(filter.span, what, next));
        }
        let known = name.as_ref().and_then(|name| draft.scope.var(&name.text));
        let bare = label.is_none() && text.is_none() && properties.is_empty();
        let point = match (known, name) {
            (Some(var), Some(name)) if bare => {
                let ty = self.ty(var).clone();
                if !matches!(ty, Type::Node(_)) {
                    return self.wrong(errors::patterns::not_a_node(name, &ty, self.catalog));
                }
                Point::Var(var)
            }
            (Some(_), Some(name)) => {
                let what = format!("`{}` is there already", name.text);
                let next = format!(
                    "write just `({})`; `set {0}.… = …` changes it; a new node needs a name of its own",
                    name.text
                );
                return self.wrong(errors::writes::no_insert(name.span, what, next));
            }
            (None, Some(name)) if bare => Point::Edge(name),
            (None, _) if text.is_some() => Point::Var(self.found(node, draft)?),
            (_, _) => {
                let Some(label) = label else {
                    let what = "a new node needs a kind";
                    let next = "write it behind a colon, as in `(a:Actor {name: '…'})`";
                    return self.wrong(errors::writes::no_insert(*span, what, next));
                };
                let kind = self.one_kind(label)?;
                Point::Var(self.new_row(node, kind, draft, parts)?)
            }
        };
        parts.nodes.push(point);
        Ok(parts.nodes.len() - 1)
    }

    /// The one kind that a label says.
    fn one_kind(&mut self, label: &ast::Label) -> Resolved<KindId> {
        let kinds = self.kinds(label)?;
        let span = label::span(label);
        if kinds.iter().any(|kind| Some(*kind) == self.catalog.no_kind()) {
            let what = "there is no such kind";
            let next = "declare it first: dixit schema apply FILE";
            return self.wrong(errors::writes::no_insert(span, what, next));
        }
        let named = names_in(label);
        let exact: Vec<KindId> = kinds
            .iter()
            .copied()
            .filter(|kind| named == Some(self.catalog.kind(*kind).labels.len()))
            .collect();
        match (exact.as_slice(), kinds.len()) {
            ([only], _) => Ok(*only),
            (_, 1) => kinds.first().copied().ok_or(Noted),
            _ => {
                let what = "a node to be inserted has exactly one kind";
                let next = "name one kind, as in `(a:Actor)`";
                self.wrong(errors::writes::no_insert(span, what, next))
            }
        }
    }

    /// A node that is there, named by a text.
    fn found(&mut self, node: &ast::Node, draft: &mut Draft) -> Resolved<VarId> {
        let Some((text, label)) = node.text.as_ref().zip(node.label.as_ref()) else {
            let what = "a node named by a text needs a kind here";
            let next = "write it behind a colon, as in `(:Actor 'Rubio')`";
            return self.wrong(errors::writes::no_insert(node.span, what, next));
        };
        if let Some((name, _)) = node.properties.first() {
            let what = "a text in a node names one that is there, which cannot get properties here";
            let next = format!(
                "for a new one write its name as a property; else `set x.{} = …`",
                name.text
            );
            return self.wrong(errors::writes::no_insert(name.span, what, next));
        }
        let kind = self.one_kind(label)?;
        let scope = draft.scope.clone();
        let value = self.expr_as(text, &scope, Some(&Type::Text))?;
        if value.ty != Type::Text {
            return self.wrong(errors::patterns::name_not_text(text.span, &value.ty, self.catalog));
        }
        let text_column = self.read(draft, value);
        let (kind_number, span) = (self.catalog.kind(kind).id, text.span);
        let place = Place::Found(draft.edits.found.len());
        draft.edits.found.push(Found { kind: kind_number, text: text_column, span });
        let name = node.name.as_ref().map(|name| name.text.as_str());
        let var = self.new_var(name, Type::Node(KindSet::from([kind])));
        draft.places.insert(var, place);
        if let Some(name) = name {
            draft.scope.add(name, var);
        }
        Ok(var)
    }

    /// A node to make.
    fn new_row(
        &mut self,
        node: &ast::Node,
        kind: KindId,
        draft: &mut Draft,
        parts: &mut Parts<'_>,
    ) -> Resolved<VarId> {
        let catalog = self.catalog;
        let row = catalog.kind(kind);
        if let (true, Some(edge)) = (row.as_edge, row.edge) {
            let what = format!("{} is made as an edge", with_article(&row.name));
            let name = catalog.names_of(edge).first().map_or("…", |name| name).to_owned();
            let next = format!("write it as in `(a)-[:{name}]->(b)`");
            return self.wrong(errors::writes::no_insert(node.span, what, next));
        }
        let ty = Type::Node(KindSet::from([kind]));
        let number = self.made(draft, node.name.as_ref(), ty);
        let var = VarId(self.vars.len() - 1);
        let cells = self.cells(draft, var, &node.properties)?;
        let make =
            Make { number, kind: row.id, cells, ends: Vec::new(), term: None, span: node.span };
        parts.makes.push(make);
        Ok(var)
    }

    /// The properties of what is made.
    fn cells(
        &mut self,
        draft: &mut Draft,
        var: VarId,
        properties: &[(ast::Name, ast::Expr)],
    ) -> Resolved<Vec<Assign>> {
        let of = Expr::new(ExprKind::Var(var), self.ty(var).clone());
        let mut scales: BTreeMap<String, usize> = BTreeMap::new();
        let mut cells: Vec<Assign> = Vec::new();
        for (name, value) in properties {
            if let Some(column) = self.scale(&of, name) {
                let scope = draft.scope.clone();
                let value = self.expr_as(value, &scope, Some(&Type::Text))?;
                scales.insert(column, self.read(draft, value));
                continue;
            }
            let assigned = self.assign(draft, (&of, name), Some(value))?;
            cells.extend(assigned.into_iter().map(|(_, cell)| cell).take(1));
        }
        for cell in &mut cells {
            if let Slot::Term { column, vocabulary: vocabulary @ Vocabulary::Kept } = &mut cell.slot
            {
                let Some(scale) = scales.get(column) else {
                    let what = format!(
                        "`{}` is a term of a vocabulary, and which is not said",
                        cell.property
                    );
                    let next = "give the property that names the vocabulary, too";
                    return self.wrong(errors::writes::no_insert(cell.span, what, next));
                };
                *vocabulary = Vocabulary::Read(*scale);
            }
        }
        Ok(cells)
    }

    /// The column of the term whose vocabulary a property names.
    fn scale(&self, of: &Expr, name: &ast::Name) -> Option<String> {
        let Type::Node(kinds) = &of.ty else { return None };
        let kind = self.catalog.kind(*kinds.first()?);
        let (_, property) =
            crate::meaning::catalog::Catalog::property(&kind.properties, &name.text)?;
        match &property.storage {
            Storage::Term { column, attribute: Attribute::Vocabulary, vocabulary: _ } => {
                Some(column.as_str().to_owned())
            }
            Storage::Term { .. } | Storage::Column(_) | Storage::Date(_) | Storage::Alias => None,
        }
    }

    /// The one edge of the catalogue that an edge of a pattern is.
    fn fit<'a>(
        &mut self,
        written: &'a ast::Edge,
        left: VarId,
        right: VarId,
    ) -> Resolved<Fitted<'a>> {
        if written.quantifier.is_some() || written.filter.is_some() {
            let what = "an edge to be inserted is one edge, without conditions";
            return self.wrong(errors::writes::no_insert(written.span, what, "write every edge"));
        }
        let Some(said) = &written.label else {
            let (what, next) = ("a new edge needs a name", "write it as in `-[:by]->`");
            return self.wrong(errors::writes::no_insert(written.span, what, next));
        };
        let labels = self.edge_labels(Some(said))?;
        let all = label::alternatives(self.catalog, &labels, written.direction);
        let kinds = |var: VarId| {
            if let Type::Node(kinds) = self.ty(var) { kinds.clone() } else { KindSet::new() }
        };
        let (lefts, rights) = (kinds(left), kinds(right));
        let fits = |one: &&Alternative| {
            let (from, to) = infer::ends(self.catalog, one);
            Some(one.edge) != self.catalog.no_edge()
                && !from.kinds.is_disjoint(&lefts)
                && !to.kinds.is_disjoint(&rights)
        };
        let fitting: Vec<&Alternative> = all.iter().filter(fits).collect();
        let only = match fitting.as_slice() {
            [only] => *only,
            [] => {
                let misfit = errors::patterns::Misfit {
                    edge: written,
                    left: lefts,
                    right: rights,
                    alternatives: &all,
                };
                return self.wrong(errors::patterns::no_edge_fits(&misfit, self.catalog));
            }
            [first, others @ ..]
                if self.catalog.edge(first.edge).symmetric
                    && others.iter().all(|other| other.edge == first.edge) =>
            {
                *first
            }
            several => {
                let edges = several.iter().flat_map(|one| self.catalog.names_of(one.edge));
                let names: Vec<String> = edges.map(str::to_owned).collect();
                return self.wrong(errors::writes::not_one_edge(written.span, &names));
            }
        };
        let term = self.term_of(only, written)?;
        let (from, to) = if only.reversed { (right, left) } else { (left, right) };
        Ok(Fitted { written, edge: only.edge, from, to, term, symmetric: only.symmetric })
    }

    fn term_of(&mut self, one: &Alternative, written: &ast::Edge) -> Resolved<Option<Term>> {
        let catalog = self.catalog;
        let edge = catalog.edge(one.edge);
        let Some(column) = &edge.term_column else { return Ok(None) };
        let terms = one.terms.clone().unwrap_or_else(|| edge.terms.iter().copied().collect());
        let rows: Vec<_> = terms.iter().filter_map(|term| catalog.term(*term)).collect();
        match rows.as_slice() {
            [row] => Ok(Some(Term {
                column: column.as_str().to_owned(),
                id: row.id,
                name: row.term.clone(),
            })),
            several => {
                let names: Vec<String> = several.iter().map(|row| row.term.clone()).collect();
                self.wrong(errors::writes::not_one_edge(written.span, &names))
            }
        }
    }

    /// Makes of an edge what the catalogue says it is: a node, a column of one, or a link.
    fn insert_edge(
        &mut self,
        fitted: &Fitted<'_>,
        draft: &mut Draft,
        parts: &mut Parts<'_>,
    ) -> Resolved<VarId> {
        let Fitted { written, edge: id, from, to, term, symmetric } = fitted;
        let edge = self.catalog.edge(*id);
        let ty = match edge.stands_as {
            Some(kind) => Type::Node(KindSet::from([kind])),
            None => Type::Edge([*id].into()),
        };
        let number = self.made(draft, written.name.as_ref(), ty);
        let var = VarId(self.vars.len() - 1);
        let span = written.span;
        let ends = [self.edit_end(&edge.from, *from, draft), self.edit_end(&edge.to, *to, draft)];
        let cells = self.cells(draft, var, &written.properties)?;
        if let Some(kind) = edge.stands_as {
            self.refuse_twice(term.as_ref(), &cells)?;
            let (kind, ends, term) = (self.catalog.kind(kind).id, ends.into(), term.clone());
            parts.makes.push(Make { number, kind, cells, ends, term, span });
            return Ok(var);
        }
        let [start, end] = ends;
        let name = term.as_ref().map(|term| term.name.clone()).or_else(|| edge.name.clone());
        let (name, number) = (name.unwrap_or_default(), (edge.id, number));
        if !edge.in_node {
            self.complete_link(*id, &cells, span)?;
            let table = edge.table.as_str().to_owned();
            let symmetric = *symmetric;
            let (from, to, term, edge) = (start, end, term.clone(), name);
            let link = Link { table, from, to, term, symmetric, cells, edge, number, span };
            parts.later.push(Edit::Link(link));
            return Ok(var);
        }
        let own = parts.makes.iter_mut().find(|make| start.node == Place::Made(make.number));
        let column = edge.to.column.as_str();
        match own {
            Some(make) if make.ends.iter().any(|known| known.column == column) => {
                let what = format!("`{name}` leads to one node only");
                let next = "leave one of the two edges out";
                return self.wrong(errors::writes::no_insert(span, what, next));
            }
            Some(make) if self.catalog.required(&edge.table).any(|needed| needed == column) => {
                make.ends.push(end);
            }
            Some(_) | None => {
                let join = Join { from: start.node, to: end, edge: name, number, span };
                parts.later.push(Edit::Join(join));
            }
        }
        Ok(var)
    }

    /// The term of an edge that stands as a node is said by the label, not by a property as well.
    fn refuse_twice(&mut self, term: Option<&Term>, cells: &[Assign]) -> Resolved<()> {
        let is_term = |cell: &&Assign| matches!((&cell.slot, term), (Slot::Term { column, .. }, Some(term)) if *column == term.column);
        let Some(cell) = cells.iter().find(is_term) else { return Ok(()) };
        let what = format!("`{}` is said by the edge's name already", cell.property);
        self.wrong(errors::writes::no_insert(cell.span, what, "leave the property out"))
    }

    fn edit_end(&mut self, end: &End, var: VarId, draft: &mut Draft) -> edit::End {
        let only = end.kinds.first().filter(|_| end.kind_column.is_none());
        edit::End {
            column: end.column.as_str().to_owned(),
            kind_column: end.kind_column.as_ref().map(|column| column.as_str().to_owned()),
            kind: only.map(|kind| self.catalog.kind(*kind).id),
            node: self.place(draft, var),
        }
    }

    /// Puts what is made in an order in which each rests only on what is there, and checks that nothing is missing.
    fn finish(&mut self, parts: Parts<'_>, draft: &mut Draft) -> Resolved<()> {
        let Parts { nodes: _, edges: _, mut makes, later } = parts;
        for make in &makes {
            self.complete(make)?;
        }
        while !makes.is_empty() {
            let waits = |make: &Make| {
                let rests = |end: &edit::End| {
                    makes.iter().any(|other| end.node == Place::Made(other.number))
                };
                make.ends.iter().any(rests)
            };
            let Some(at) = makes.iter().position(|make| !waits(make)) else {
                let span = makes.first().map_or(Span::default(), |make| make.span);
                let what = "each of these needs another of them first";
                return self.wrong(errors::writes::no_insert(
                    span,
                    what,
                    "insert one of them before",
                ));
            };
            draft.edits.steps.push(Edit::Make(makes.remove(at)));
        }
        draft.edits.steps.extend(later);
        Ok(())
    }

    /// The properties of a link that must hold something get something.
    fn complete_link(&mut self, id: EdgeId, cells: &[Assign], span: Span) -> Resolved<()> {
        let catalog = self.catalog;
        let edge = catalog.edge(id);
        let given =
            |column: &str| cells.iter().any(|cell| cell.value.is_some() && fills(cell, column));
        let missing = edge.properties.iter().find(|property| {
            let column = column_of(property);
            catalog.required(&edge.table).any(|needed| needed == column) && !given(&column)
        });
        let Some(property) = missing else { return Ok(()) };
        let name = edge.name.clone().unwrap_or_default();
        let next = format!("give it one, as in `{{{}: …}}`", property.name);
        let lacks = with_article(&property.name);
        self.wrong(errors::writes::incomplete(span, &format!("edge `{name}`"), &lacks, &next))
    }

    /// Everything that must hold something gets something.
    fn complete(&mut self, make: &Make) -> Resolved<()> {
        let catalog = self.catalog;
        let found = catalog.kinds().find(|(_, kind)| kind.id == make.kind);
        let Some((id, kind)) = found else { return Ok(()) };
        let given = |column: &str| {
            let cell = |cell: &Assign| cell.value.is_some() && fills(cell, column);
            let end = |end: &edit::End| {
                end.column == column || end.kind_column.as_deref() == Some(column)
            };
            make.cells.iter().any(cell)
                || make.ends.iter().any(end)
                || make.term.as_ref().is_some_and(|term| term.column == column)
        };
        let own_key = |column: &str| kind.key.as_ref().is_some_and(|key| key.as_str() == column);
        let missing = catalog
            .required(&kind.table)
            .find(|column| !given(column) && !own_key(column) && *column != "id");
        let Some(missing) = missing else { return Ok(()) };
        let by_edge = catalog.edges().find(|(_, edge)| {
            let end = [Some(&edge.to.column), edge.to.kind_column.as_ref()];
            edge.in_node
                && edge.from.kinds.contains(&id)
                && end.into_iter().flatten().any(|column| column.as_str() == missing)
        });
        if let Some((_, edge)) = by_edge {
            let name = edge.name.clone().unwrap_or_default();
            let variable = kind.name.chars().next().unwrap_or('x').to_ascii_lowercase();
            let next =
                format!("insert its edge as well: `({variable}:{} …)-[:{name}]->(…)`", kind.name);
            let lacks = format!("an edge `{name}`");
            return self.wrong(errors::writes::incomplete(make.span, &kind.name, &lacks, &next));
        }
        let property = kind.properties.iter().find(|property| column_of(property) == missing);
        let name = property.map_or(missing, |property| property.name.as_str());
        let next = format!("give it one, as in `{{{name}: …}}`");
        self.wrong(errors::writes::incomplete(make.span, &kind.name, &with_article(name), &next))
    }
}

/// Whether a property is kept in a column, or begins there.
fn fills(cell: &Assign, column: &str) -> bool {
    match &cell.slot {
        Slot::Column(own) | Slot::Term { column: own, .. } => own == column,
        Slot::Date(prefix) => column
            .strip_prefix(prefix.as_str())
            .is_some_and(|rest| rest == "_first" || rest == "_last"),
        Slot::Aliases => false,
    }
}

/// How many labels are named, where all of them are to hold.
fn names_in(label: &ast::Label) -> Option<usize> {
    match label {
        ast::Label::Name(_) => Some(1),
        ast::Label::And(a, b) => Some(names_in(a)? + names_in(b)?),
        ast::Label::Any(_) | ast::Label::Not(..) | ast::Label::Or(..) => None,
    }
}
