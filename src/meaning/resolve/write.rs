//! Writing queries: what is read for every row, what is done with it, and what is returned.

use std::collections::{BTreeMap, BTreeSet};

use super::expr::properties;
use super::{Noted, Resolved, Resolver, World};
use crate::base::diagnostic::Diagnostics;
use crate::base::source::Span;
use crate::lang::ast;
use crate::meaning::{
    catalog::{Attribute, Property, Storage},
    errors,
    question::{
        Constant, Expr, ExprKind, Output, Owner, Part, Projection, Query, Question, Step,
        Unfolding, VarId,
    },
    scope::Scope,
    types::Type,
    writing::{Answer, Writing},
};
use crate::record::edit::{self, Assign, Delete, Edit, Edits, Place, Slot, Vocabulary};

/// A writing query while it is being resolved.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) scope: Scope,
    /// What is read for each row, under new variables.
    items: Vec<(VarId, Expr)>,
    /// Where variables are found.
    pub(super) places: BTreeMap<VarId, Place>,
    pub(super) edits: Edits,
    made: BTreeSet<VarId>,
    deleted: BTreeSet<VarId>,
}

/// Gives a writing query its meaning.
pub fn resolve_writing(
    query: &ast::Query,
    world: World<'_>,
    prelude: &[ast::Definition],
) -> Result<Writing, Diagnostics> {
    let mut resolver = Resolver::new(query, world, prelude)?;
    match resolver.writing(query) {
        Ok(writing) if resolver.notes.is_empty() => Ok(writing),
        Ok(_) | Err(Noted) => Err(resolver.notes),
    }
}

impl Resolver<'_> {
    fn writing(&mut self, query: &ast::Query) -> Resolved<Writing> {
        let ast::Query { explain: _, as_of, linear, others, span } = query;
        if let Some(as_of) = as_of {
            return self.wrong(errors::writes::not_then(as_of.span));
        }
        if !others.is_empty() {
            return self.wrong(errors::writes::not_here(*span, true));
        }
        self.check_size(linear)?;
        let ast::Linear { clauses, writes, result, span: _ } = linear;
        let (mut draft, mut steps) = (Draft::default(), Vec::new());
        let mut failed = false;
        for clause in clauses {
            failed |= self.clause(clause, &mut draft.scope, &mut steps).is_err();
        }
        if failed {
            return Err(Noted);
        }
        for write in writes {
            match write {
                ast::Write::Insert(patterns, _) => self.insert(patterns, &mut draft)?,
                ast::Write::Set(assignments, _) => self.set(assignments, &mut draft)?,
                ast::Write::Remove(names, _) => self.remove(names, &mut draft)?,
                ast::Write::Delete { detach, names, span: _ } => {
                    self.delete(*detach, names, &mut draft)?;
                }
            }
        }
        let answer = result.as_ref().map(|result| self.answer(result, &mut draft)).transpose()?;
        if draft.items.is_empty() {
            self.read(&mut draft, Expr::new(ExprKind::Constant(Constant::Int(1)), Type::Int));
        }
        let Draft { items, edits, .. } = draft;
        let mut columns = Vec::new();
        let mut given = Vec::new();
        for (at, (var, _)) in items.iter().enumerate() {
            // Nodes, dates and lists leave as the values they are inside, not as they are shown.
            let (column, inner) = (self.new_var(None, Type::Text), ExprKind::Var(*var));
            given.push((column, Expr::new(inner, Type::Text)));
            columns.push(Output { name: format!("{}", at + 1), var: column, ty: Type::Text });
        }
        steps.push(Step::Let(items));
        steps.push(Step::Project(plain(given)));
        let reading = self.question(steps, columns);
        let answer = answer.map(|(steps, columns)| Answer(self.question(steps, columns)));
        Ok(Writing { reading, edits, answer })
    }

    fn question(&self, steps: Vec<Step>, columns: Vec<Output>) -> Question {
        let gives = columns.iter().map(|column| column.var).collect();
        Question {
            vars: self.vars.clone(),
            query: Query { first: Part { steps, gives }, others: Vec::new(), columns },
            lookups: self.lookups.clone(),
            remarks: self.remarks.clone(),
        }
    }

    /// The column of the rows that holds a value.
    pub(super) fn read(&mut self, draft: &mut Draft, value: Expr) -> usize {
        if let Some(at) = draft.items.iter().position(|(_, known)| *known == value) {
            return at;
        }
        let var = self.new_var(None, value.ty.clone());
        draft.items.push((var, value));
        draft.items.len() - 1
    }

    /// Where a variable of a row is found.
    pub(super) fn place(&mut self, draft: &mut Draft, var: VarId) -> Place {
        if let Some(place) = draft.places.get(&var) {
            return *place;
        }
        let value = Expr::new(ExprKind::Var(var), self.ty(var).clone());
        let place = Place::Read(self.read(draft, value));
        draft.places.insert(var, place);
        place
    }

    /// A new variable for what is made.
    pub(super) fn made(&mut self, draft: &mut Draft, name: Option<&ast::Name>, ty: Type) -> usize {
        let var = self.new_var(name.map(|name| name.text.as_str()), ty);
        let number = draft.edits.made;
        draft.edits.made += 1;
        draft.places.insert(var, Place::Made(number));
        draft.made.insert(var);
        if let Some(name) = name {
            draft.scope.add(&name.text, var);
        }
        number
    }

    /// A property and the value it gets. Without a value it becomes null.
    pub(super) fn assign(
        &mut self,
        draft: &mut Draft,
        (of, name): (&Expr, &ast::Name),
        value: Option<&ast::Expr>,
    ) -> Resolved<Vec<(edit::Owner, Assign)>> {
        let target = self.property(of.clone(), name)?;
        let ExprKind::Property(_, choices) = &target.kind else {
            let what = format!("there is no property `{}` to set", name.text);
            return self.wrong(errors::writes::not_everywhere(name.span, &what));
        };
        let value = match value {
            Some(written) => self.assigned(draft, (&target, name), written)?,
            None => None,
        };
        let mut assigned = Vec::new();
        for (owner, at) in choices {
            let catalog = self.catalog;
            let all = properties(catalog, *owner);
            let Some(property) = all.get(*at) else { continue };
            let slot = self.slot(all, property, name)?;
            let assign = Assign { property: property.name.clone(), slot, value, span: name.span };
            let owner = match owner {
                Owner::Kind(kind) => edit::Owner::Kind(catalog.kind(*kind).id),
                Owner::Edge(edge) => edit::Owner::Edge(catalog.edge(*edge).id),
            };
            assigned.push((owner, assign));
        }
        Ok(assigned)
    }

    /// The column of a value, which must fit its property; nothing for null.
    fn assigned(
        &mut self,
        draft: &mut Draft,
        (target, name): (&Expr, &ast::Name),
        written: &ast::Expr,
    ) -> Resolved<Option<usize>> {
        let scope = draft.scope.clone();
        let value = self.expr_as(written, &scope, Some(&target.ty))?;
        self.in_time(draft, &value, written.span)?;
        if value.ty != Type::Any && target.ty.join(&value.ty).as_ref() != Some(&target.ty) {
            let types = (&target.ty, &value.ty);
            return self.wrong(errors::writes::misfit(
                written.span,
                &name.text,
                types,
                self.catalog,
            ));
        }
        self.check_term(&(target.clone(), name.span), &(value.clone(), written.span))?;
        if matches!(value.kind, ExprKind::Null) {
            return Ok(None);
        }
        Ok(Some(self.read(draft, value.seen_as(&target.ty))))
    }

    /// Values are those before any change: nothing may be read of what is only made.
    fn in_time(&mut self, draft: &Draft, value: &Expr, span: Span) -> Resolved<()> {
        let Some(var) = value.vars().into_iter().find(|var| draft.made.contains(var)) else {
            return Ok(());
        };
        let name = self.var_name(var);
        self.wrong(errors::writes::out_of_time(span, &name, false))
    }

    fn var_name(&self, var: VarId) -> String {
        self.vars.get(var.0).and_then(|var| var.name.clone()).unwrap_or_default()
    }

    fn slot(&mut self, all: &[Property], property: &Property, name: &ast::Name) -> Resolved<Slot> {
        Ok(match &property.storage {
            Storage::Column(column) => Slot::Column(column.as_str().to_owned()),
            Storage::Date(prefix) => Slot::Date(prefix.as_str().to_owned()),
            Storage::Alias => Slot::Aliases,
            Storage::Term { column, attribute: Attribute::Term, vocabulary } => Slot::Term {
                column: column.as_str().to_owned(),
                vocabulary: vocabulary.clone().map_or(Vocabulary::Kept, Vocabulary::Named),
            },
            Storage::Term { column, attribute: _, vocabulary: _ } => {
                let is_term = |other: &&Property| matches!(&other.storage, Storage::Term { column: own, attribute: Attribute::Term, .. } if own == column);
                let from = all.iter().find(is_term).map(|other| other.name.as_str());
                return self.wrong(errors::writes::derived(name, from));
            }
        })
    }

    fn set(&mut self, assignments: &[ast::Assignment], draft: &mut Draft) -> Resolved<()> {
        for ast::Assignment { of, property, value } in assignments {
            self.set_one(of, property, Some(value), draft)?;
        }
        Ok(())
    }

    fn remove(&mut self, names: &[(ast::Name, ast::Name)], draft: &mut Draft) -> Resolved<()> {
        for (of, property) in names {
            self.set_one(of, property, None, draft)?;
        }
        Ok(())
    }

    fn set_one(
        &mut self,
        of: &ast::Name,
        property: &ast::Name,
        value: Option<&ast::Expr>,
        draft: &mut Draft,
    ) -> Resolved<()> {
        let var = self.written_var(of, draft)?;
        let target = Expr::new(ExprKind::Var(var), self.ty(var).clone());
        let choices = self.assign(draft, (&target, property), value)?;
        let kinds = if let Type::Node(kinds) = &target.ty { kinds.len() } else { 0 };
        let owners = kinds.max(target.ty.edges().map_or(0, BTreeSet::len));
        if choices.len() < owners {
            let what =
                format!("not all that `{}` may be has a property `{}`", of.text, property.text);
            return self.wrong(errors::writes::not_everywhere(of.span, &what));
        }
        if value.is_none() {
            self.refuse_required(&target, property)?;
        }
        let of = self.place(draft, var);
        draft.edits.steps.push(Edit::Set(edit::Set { of, choices, span: property.span }));
        Ok(())
    }

    /// A property that must hold something is not removed.
    fn refuse_required(&mut self, of: &Expr, name: &ast::Name) -> Resolved<()> {
        let Type::Node(kinds) = &of.ty else { return Ok(()) };
        for kind in kinds {
            let kind = self.catalog.kind(*kind);
            let found = crate::meaning::catalog::Catalog::property(&kind.properties, &name.text);
            let columns = found.map(|(_, property)| column_of(property)).unwrap_or_default();
            if self.catalog.required(&kind.table).any(|column| columns == column) {
                let lacks = format!("a {}", name.text);
                let next = format!("give it another one: set x.{} = …", name.text);
                return self
                    .wrong(errors::writes::incomplete(name.span, &kind.name, &lacks, &next));
            }
        }
        Ok(())
    }

    /// The variable of a node or an edge that is written to.
    fn written_var(&mut self, name: &ast::Name, draft: &Draft) -> Resolved<VarId> {
        let Some(var) = draft.scope.var(&name.text) else {
            let known: Vec<&str> = draft.scope.names().collect();
            return self.wrong(errors::names::unknown_variable(name, known.into_iter()));
        };
        if matches!(self.ty(var), Type::Node(_) | Type::Edge(_)) {
            return Ok(var);
        }
        let what = format!(
            "`{}` is {}; only nodes and edges are written to",
            name.text,
            self.ty(var).words(self.catalog)
        );
        self.wrong(errors::writes::not_everywhere(name.span, &what))
    }

    fn delete(&mut self, detach: bool, names: &[ast::Name], draft: &mut Draft) -> Resolved<()> {
        let mut delete = Delete { nodes: Vec::new(), edges: Vec::new(), detach };
        for name in names {
            let var = self.written_var(name, draft)?;
            let place = self.place(draft, var);
            if matches!(self.ty(var), Type::Node(_)) {
                delete.nodes.push((place, name.span));
            } else {
                delete.edges.push((place, name.span));
            }
            draft.deleted.insert(var);
        }
        draft.edits.steps.push(Edit::Delete(delete));
        Ok(())
    }

    /// The `return`: a question that starts from the rows written for, each an array of what it needs of them.
    fn answer(
        &mut self,
        result: &ast::Projection,
        draft: &mut Draft,
    ) -> Resolved<(Vec<Step>, Vec<Output>)> {
        let scope = draft.scope.clone();
        let (projection, columns) = self.return_clause(result, &scope)?;
        let reads = reads(&projection);
        if let Some(var) = reads.iter().find(|var| draft.deleted.contains(var)) {
            let name = self.var_name(*var);
            return self.wrong(errors::writes::out_of_time(result.span, &name, true));
        }
        let row_type = Type::List(Box::new(Type::Null));
        let row = self.new_var(None, row_type.clone());
        let rows = Expr::new(ExprKind::Null, Type::List(Box::new(row_type.clone())));
        let mut values = Vec::new();
        for (at, var) in reads.into_iter().enumerate() {
            let place = self.place(draft, var);
            draft.edits.given.push(place);
            let at = i64::try_from(at).unwrap_or(i64::MAX);
            let at = Expr::new(ExprKind::Constant(Constant::Int(at)), Type::Int);
            let whole = Expr::new(ExprKind::Var(row), row_type.clone());
            let member = ExprKind::Index(Box::new(whole), Box::new(at));
            values.push((var, Expr::new(member, self.ty(var).clone())));
        }
        let unfolding = Unfolding { member: row, list: rows, place: None };
        let steps = vec![Step::For(unfolding), Step::Let(values), Step::Project(projection)];
        Ok((steps, columns))
    }
}

/// The column that holds a property.
pub(super) fn column_of(property: &Property) -> String {
    match &property.storage {
        Storage::Column(column) | Storage::Term { column, attribute: _, vocabulary: _ } => {
            column.as_str().to_owned()
        }
        Storage::Date(prefix) => prefix.part("first").as_str().to_owned(),
        Storage::Alias => String::new(),
    }
}

/// The variables that a projection reads.
fn reads(projection: &Projection) -> BTreeSet<VarId> {
    let Projection { distinct: _, items, group, order, offset: _, limit: _ } = projection;
    let items = items.iter().map(|(_, value)| value);
    let order = order.iter().map(|key| &key.value);
    items.chain(group.iter().flatten()).chain(order).flat_map(Expr::vars).collect()
}

fn plain(items: Vec<(VarId, Expr)>) -> Projection {
    Projection { distinct: false, items, group: None, order: Vec::new(), offset: None, limit: None }
}
