//! Where in a tree the cursor is, and the clauses that give the names which may be used there, in one line: those of inner
//! queries stand behind those around them. What narrows rows but names nothing is left out.

use super::pattern;
use crate::lang::ast::{
    Assignment, Clause, Definition, Direction, Expr, ExprKind, Item, Label, Linear, Match,
    MatchMode, Meaning, Name, Projection, Query, Script, TypeName, Write,
};
use crate::lang::unfinished::HERE;

/// What is wanted where the cursor is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Site {
    /// A name that is new.
    NewName,
    /// A value, as the first thing of an expression or behind an operator.
    Value,
    /// A value that is compared with this one.
    ValueLike(Expr),
    /// The name of a variable that is there.
    Variable,
    /// The name of a node, be it a new one.
    NodeName,
    /// A property of this value.
    Property(Expr),
    /// The label of the node with this name.
    NodeLabel(String),
    /// The label of an edge.
    EdgeLabel(EdgeSite),
    /// A label that is asked of this value.
    LabelOf(Expr),
    /// The text that names the node with this name.
    NodeText(String),
    /// A text that is compared with this value.
    TextLike(Expr),
    /// The type of a parameter.
    Type,
}

/// An edge whose label is wanted: its name and the names of the nodes at its ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EdgeSite {
    pub(super) edge: String,
    pub(super) left: String,
    pub(super) right: String,
    pub(super) direction: Direction,
}

/// The site with what is in force there.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// What is wanted; nothing where that cannot be told.
    pub(super) site: Option<Site>,
    /// What gives the variables.
    pub(super) clauses: Vec<Clause>,
    /// The names of columns, in front of what stands behind a projection.
    pub(super) columns: Vec<String>,
}

/// Finds the stand-in in a script.
pub(super) fn find(script: &Script) -> Found {
    let mut found = Found::default();
    let type_wanted = |ty: &TypeName| is_here_type(ty);
    for param in &script.params {
        if type_wanted(&param.ty) {
            return Found { site: Some(Site::Type), ..found };
        }
    }
    let defined = script.definitions.iter().any(|one| found.definition(one));
    if !defined {
        let _ = script.queries.iter().any(|query| {
            found.clauses.clear();
            found.query(query)
        });
    }
    found
}

fn is_here_type(ty: &TypeName) -> bool {
    is_here(&ty.name) || ty.of.as_deref().is_some_and(is_here_type)
}

/// Whether the name is the stand-in.
pub(super) fn is_here(name: &Name) -> bool {
    name.text == HERE
}

/// Whether the text is the stand-in, or the list has it.
pub(super) fn is_text_here(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Text(text) => text == HERE,
        ExprKind::List(members) => members.iter().any(is_text_here),
        _ => false,
    }
}

/// Whether the stand-in is in a label.
pub(super) fn label_is_here(label: &Label) -> bool {
    match label {
        Label::Name(name) => is_here(name),
        Label::Any(_) => false,
        Label::Not(inner, _) => label_is_here(inner),
        Label::And(a, b) | Label::Or(a, b) => label_is_here(a) || label_is_here(b),
    }
}

/// A variable as a value.
pub(super) fn variable(name: &Name) -> Expr {
    Expr { kind: ExprKind::Variable(name.clone()), span: name.span }
}

/// Each of these says whether the stand-in is inside, and keeps what is in force behind if it is not.
impl Found {
    fn at(&mut self, site: Site) -> bool {
        self.site = Some(site);
        true
    }

    fn definition(&mut self, definition: &Definition) -> bool {
        self.clauses.clear();
        match &definition.meaning {
            Meaning::Value { parameters, body } => {
                if parameters.iter().any(|(_, ty)| is_here_type(ty)) {
                    return self.at(Site::Type);
                }
                let typed = parameters.iter().map(|(name, ty)| pattern::of_type(name, ty));
                self.clauses.extend(typed);
                self.expr(body)
            }
            Meaning::Edge { left, variable: _, right, body } => {
                let ends = [left, right].map(|node| pattern::alone(node));
                self.clause(&Clause::Match(pattern::matching(ends.to_vec(), definition.span)))
                    || body.iter().any(|one| self.clause(&Clause::Match(one.clone())))
            }
        }
    }

    fn query(&mut self, query: &Query) -> bool {
        let Query { explain: _, as_of, linear, others, span: _ } = query;
        if as_of.as_ref().is_some_and(|as_of| self.expr(&as_of.time)) {
            return true;
        }
        let around = self.clauses.len();
        std::iter::once(linear).chain(others.iter().map(|(_, other)| other)).any(|part| {
            self.clauses.truncate(around);
            self.linear(part)
        })
    }

    fn linear(&mut self, part: &Linear) -> bool {
        let Linear { clauses, writes, result, span: _ } = part;
        clauses.iter().any(|one| self.clause(one))
            || writes.iter().any(|one| self.write(one))
            || result.as_ref().is_some_and(|result| self.projection(result))
    }

    fn clause(&mut self, clause: &Clause) -> bool {
        match clause {
            Clause::Match(found) => self.matching(found),
            Clause::Optional(clauses, _) => clauses.iter().any(|one| self.clause(one)),
            Clause::With { projection, filter } => {
                if self.projection(projection) {
                    return true;
                }
                self.columns.clear();
                let plain = Projection {
                    order: Vec::new(),
                    offset: None,
                    limit: None,
                    group: None,
                    ..projection.clone()
                };
                self.clauses.push(Clause::With { projection: plain, filter: None });
                filter.as_ref().is_some_and(|filter| self.expr(filter))
            }
            Clause::Let(bindings, span) => bindings.iter().any(|binding| {
                let inside =
                    (is_here(&binding.0) && self.at(Site::NewName)) || self.expr(&binding.1);
                if !inside {
                    self.clauses.push(Clause::Let(vec![binding.clone()], *span));
                }
                inside
            }),
            Clause::For { name, list, place, span: _ } => {
                let named = is_here(name) || place.as_ref().is_some_and(|(_, name)| is_here(name));
                let inside = (named && self.at(Site::NewName)) || self.expr(list);
                if !inside {
                    self.clauses.push(clause.clone());
                }
                inside
            }
            Clause::Call { optional: _, imports, query, span: _ } => {
                if imports.iter().flatten().any(is_here) {
                    return self.at(Site::Variable);
                }
                let around = self.clauses.clone();
                if self.query(query) {
                    return true;
                }
                self.clauses = around;
                self.clauses.push(clause.clone());
                false
            }
        }
    }

    /// A match with its conditions: its names are in force in all of them.
    fn matching(&mut self, written: &Match) -> bool {
        let (plain, site) = pattern::plain(written);
        self.clauses.push(Clause::Match(plain));
        if let Some(site) = site {
            return self.at(site);
        }
        let mut conditions = pattern::conditions(written).into_iter().chain(&written.filter);
        conditions.any(|condition| self.expr(condition))
    }

    fn write(&mut self, write: &Write) -> bool {
        match write {
            Write::Insert(patterns, span) => {
                self.matching(&pattern::matching(patterns.clone(), *span))
            }
            Write::Set(assignments, _) => {
                assignments.iter().any(|Assignment { of, property, value }| {
                    let compared = variable(of);
                    self.place(of, property)
                        || self.compared(&property_of(compared, property), value)
                        || self.expr(value)
                })
            }
            Write::Remove(places, _) => places.iter().any(|(of, name)| self.place(of, name)),
            Write::Delete { detach: _, names, span: _ } => {
                names.iter().any(is_here) && self.at(Site::Variable)
            }
        }
    }

    fn place(&mut self, of: &Name, property: &Name) -> bool {
        if is_here(of) {
            return self.at(Site::Variable);
        }
        is_here(property) && self.at(Site::Property(variable(of)))
    }

    fn projection(&mut self, projection: &Projection) -> bool {
        let Projection { distinct: _, star: _, items, group, order, offset, limit, span: _ } =
            projection;
        let named = |item: &Item| item.alias.as_ref().is_some_and(is_here);
        let at = |found: &mut Self, item: &Item| {
            (named(item) && found.at(Site::NewName)) || found.expr(&item.value)
        };
        if items.iter().any(|item| at(self, item)) {
            return true;
        }
        self.columns = items
            .iter()
            .filter_map(|item| item.alias.as_ref())
            .map(|name| name.text.clone())
            .collect();
        group.iter().flatten().any(|key| self.expr(key))
            || order.iter().any(|order| self.expr(&order.value))
            || offset.iter().chain(limit).any(|count| self.expr(count))
    }

    /// Whether the value is what is wanted, and compared with this one.
    fn compared(&mut self, with: &Expr, value: &Expr) -> bool {
        let is_here = matches!(&value.kind, ExprKind::Variable(name) if is_here(name));
        (is_here && self.at(Site::ValueLike(with.clone())))
            || (is_text_here(value) && self.at(Site::TextLike(with.clone())))
    }

    fn expr(&mut self, value: &Expr) -> bool {
        match &value.kind {
            ExprKind::Variable(name) => is_here(name) && self.at(Site::Value),
            ExprKind::Property(of, name) => {
                (is_here(name) && self.at(Site::Property((**of).clone()))) || self.expr(of)
            }
            ExprKind::Binary(_, _, a, b) => {
                self.compared(a, b) || self.compared(b, a) || self.expr(a) || self.expr(b)
            }
            ExprKind::IsLabeled { value: of, negated: _, label } => {
                (label_is_here(label) && self.at(Site::LabelOf((**of).clone()))) || self.expr(of)
            }
            ExprKind::Case { subject, branches, otherwise } => {
                let subject = subject.as_deref();
                subject.is_some_and(|subject| self.expr(subject))
                    || branches.iter().any(|(when, then)| {
                        subject.is_some_and(|subject| self.compared(subject, when))
                            || self.expr(when)
                            || self.expr(then)
                    })
                    || otherwise.as_deref().is_some_and(|value| self.expr(value))
            }
            ExprKind::Comprehension { name, list, filter, value: each } => {
                self.members(name, list, filter.iter().chain(each).map(|part| &**part))
            }
            ExprKind::Quantified { which: _, name, list, filter } => {
                self.members(name, list, std::iter::once(&**filter))
            }
            ExprKind::Exists(found) => self.within(|inner| inner.matching(found)),
            ExprKind::Subquery(_, query) => self.within(|inner| inner.query(query)),
            ExprKind::Call { name: _, distinct: _, star: _, args } | ExprKind::List(args) => {
                args.iter().any(|arg| self.expr(arg))
            }
            ExprKind::Map(pairs) => pairs.iter().any(|(_, value)| self.expr(value)),
            ExprKind::Unary(_, of) | ExprKind::Is { value: of, negated: _, what: _ } => {
                self.expr(of)
            }
            ExprKind::Index(a, b) => self.expr(a) || self.expr(b),
            ExprKind::Slice(of, from, to) => {
                self.expr(of) || from.iter().chain(to).any(|end| self.expr(end))
            }
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::DateTime(_)
            | ExprKind::Duration(_)
            | ExprKind::Param(_) => false,
        }
    }

    /// What names inside an expression give is in force inside it alone.
    fn within(&mut self, look: impl FnOnce(&mut Self) -> bool) -> bool {
        let around = self.clauses.len();
        let inside = look(self);
        if !inside {
            self.clauses.truncate(around);
        }
        inside
    }

    fn members<'e>(
        &mut self,
        name: &Name,
        list: &Expr,
        mut parts: impl Iterator<Item = &'e Expr>,
    ) -> bool {
        if self.expr(list) {
            return true;
        }
        let (name, list, span) = (name.clone(), list.clone(), list.span);
        self.within(|inner| {
            inner.clauses.push(Clause::For { name, list, place: None, span });
            parts.any(|part| inner.expr(part))
        })
    }
}

/// A property of a value, as it is written.
pub(super) fn property_of(value: Expr, property: &Name) -> Expr {
    let span = value.span.to(property.span);
    Expr { kind: ExprKind::Property(Box::new(value), property.clone()), span }
}

/// How a match that only lends its names is read.
pub(super) const MODE: MatchMode = MatchMode::RepeatableElements;
