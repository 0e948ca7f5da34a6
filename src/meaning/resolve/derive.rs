//! Derived edges: an edge of a pattern that was defined by a pattern is drawn as that pattern. Each way in which it
//! matches is a row, as if it had been written out; its own variables are nobody else's.

use std::borrow::Cow;

use super::{Noted, Resolved, Resolver};
use crate::base::source::{PRELUDE, Span};
use crate::lang::ast::{
    self, BinaryOp, Definition, Direction, Edge, ExprKind, Group, Label, MatchMode, Meaning, Name,
    Node, Pattern, Step,
};
use crate::lang::rename;
use crate::meaning::{errors, question::Match, scope::Scope};

/// A definition of an edge.
#[derive(Clone, Copy)]
struct Derived<'d> {
    left: &'d Node,
    variable: Option<&'d Name>,
    right: &'d Node,
    body: &'d [ast::Match],
}

impl<'w> Resolver<'w> {
    /// Resolves a `match`; its variables join the scope, those of definitions do not.
    pub(super) fn match_clause(
        &mut self,
        clause: &ast::Match,
        scope: &mut Scope,
    ) -> Resolved<Match> {
        let mut clause = Cow::Borrowed(clause);
        let before = self.own_names;
        let drawn = self.draw_all(&mut clause);
        let found = drawn.and_then(|()| self.drawn_match(&clause, scope));
        // A `match` inside a definition has names with marks as its own: only what was drawn here goes.
        let number = |name: &str| name.rsplit_once(&*self.mark)?.1.parse().ok();
        scope.forget(|name| number(name).is_some_and(|number| before < number));
        found
    }

    /// A script's own definition of an edge, drawn once, to tell what is wrong with it.
    pub(super) fn check_edge(&mut self, definition: &'w Definition) {
        let Meaning::Edge { left, variable, right, body } = &definition.meaning else { return };
        let span = definition.name.span;
        let edge = Edge {
            name: variable.clone(),
            label: Some(Label::Name(definition.name.clone())),
            quantifier: None,
            properties: Vec::new(),
            filter: None,
            direction: Direction::Right,
            span,
        };
        let end =
            |node: &Node| Node { filter: None, text: None, properties: Vec::new(), ..node.clone() };
        let pattern = Pattern {
            path: None,
            search: None,
            mode: None,
            start: end(left),
            steps: vec![(Step::Edge(edge), end(right))],
            span,
        };
        let Some(first) = body.first() else { return };
        let clause = ast::Match { patterns: vec![pattern], filter: None, ..first.clone() };
        self.match_clause(&clause, &mut Scope::default()).ok();
    }

    /// Draws every derived edge, those in the pattern of another one included.
    fn draw_all(&mut self, clause: &mut Cow<'_, ast::Match>) -> Resolved<()> {
        while let Some((at, step, derived)) = self.first_derived(clause)? {
            self.count_expansion(clause.span)?;
            self.draw(clause.to_mut(), (at, step), derived)?;
        }
        Ok(())
    }

    /// The first derived edge of a `match`: its pattern, its step, its definition.
    fn first_derived(
        &mut self,
        clause: &ast::Match,
    ) -> Resolved<Option<(usize, usize, Derived<'w>)>> {
        for (at, pattern) in clause.patterns.iter().enumerate() {
            for (number, (step, _)) in pattern.steps.iter().enumerate() {
                match step {
                    Step::Edge(edge) => {
                        if let Some(derived) = self.derived(edge, pattern)? {
                            return Ok(Some((at, number, derived)));
                        }
                    }
                    Step::Group(group) => self.refuse_inside(group)?,
                }
            }
        }
        Ok(None)
    }

    fn refuse_inside(&mut self, group: &Group) -> Resolved<()> {
        for (step, _) in &group.steps {
            match step {
                Step::Edge(edge) => {
                    if let Some(definition) = self.definition_of(edge) {
                        let what = "it cannot stand in a path that repeats";
                        let name = &definition.name.text;
                        return self
                            .wrong(errors::definitions::not_drawn_here(edge.span, name, what));
                    }
                }
                Step::Group(inner) => self.refuse_inside(inner)?,
            }
        }
        Ok(())
    }

    /// The definition that an edge's label names, where the store has no such edge.
    fn definition_of(&self, edge: &Edge) -> Option<&'w Definition> {
        let mut names = Vec::new();
        label_names(edge.label.as_ref()?, &mut names);
        let defined = |name: &&Name| self.catalog.edge_labels(&name.text).is_empty();
        let mut found =
            names.into_iter().filter(defined).filter_map(|name| self.definitions.edge(&name.text));
        found.find(|definition| !self.lacks_kinds_of(definition))
    }

    /// Whether an edge of the prelude is drawn between kinds that this store does not have.
    pub(super) fn lacks_kinds_of(&self, definition: &Definition) -> bool {
        let Meaning::Edge { left, right, body, .. } = &definition.meaning else { return false };
        let patterns = body.iter().flat_map(|part| &part.patterns);
        let inside = patterns
            .flat_map(|one| [&one.start].into_iter().chain(one.steps.iter().map(|(_, node)| node)));
        let mut names = Vec::new();
        for label in
            [&**left, &**right].into_iter().chain(inside).filter_map(|node| node.label.as_ref())
        {
            label_names(label, &mut names);
        }
        let unknown = |name: &&Name| self.catalog.kinds_named(&name.text).is_empty();
        definition.name.span.start >= PRELUDE && names.iter().any(unknown)
    }

    fn derived(&mut self, edge: &Edge, pattern: &Pattern) -> Resolved<Option<Derived<'w>>> {
        let Some(definition) = self.definition_of(edge) else { return Ok(None) };
        let name = &definition.name;
        let mut way = vec![definition];
        if self.definitions.leads_back(&mut way) {
            let cycle: Vec<String> =
                way.iter().chain([&definition]).map(|one| one.name.text.clone()).collect();
            return self.wrong(errors::definitions::recursive(name.span, &cycle));
        }
        let alone = matches!(edge.label, Some(Label::Name(_)));
        let what = if !alone {
            "it stands alone in its brackets"
        } else if edge.quantifier.is_some() {
            "it cannot repeat"
        } else if edge.direction == Direction::Either {
            "it has a direction: write `->` or `<-`"
        } else if pattern.path.is_some() || pattern.search.is_some() || pattern.mode.is_some() {
            "it is no step of a path"
        } else {
            let Meaning::Edge { left, variable, right, body } = &definition.meaning else {
                return Ok(None);
            };
            if body.iter().any(|part| part.mode != MatchMode::DifferentEdges) {
                let what = "it cannot say `repeatable elements`";
                let note = errors::definitions::not_drawn_here(edge.span, &name.text, what);
                return self.wrong(note);
            }
            let asked = edge.name.is_some() || edge.filter.is_some() || !edge.properties.is_empty();
            if variable.is_none() && asked {
                return self.wrong(errors::definitions::no_single_edge(edge.span, &name.text));
            }
            let variable = variable.as_ref();
            return Ok(Some(Derived { left, variable, right, body }));
        };
        self.wrong(errors::definitions::not_drawn_here(edge.span, &name.text, what))
    }

    /// Puts a definition's pattern in the place of one edge.
    fn draw(
        &mut self,
        clause: &mut ast::Match,
        (at, step): (usize, usize),
        derived: Derived<'w>,
    ) -> Resolved<()> {
        let pattern = clause.patterns.get_mut(at).ok_or(Noted)?;
        let mut behind = pattern.steps.split_off(step);
        let (over, mut next) = if behind.is_empty() { return Err(Noted) } else { behind.remove(0) };
        let Step::Edge(edge) = over else { return Err(Noted) };
        let before = match pattern.steps.last_mut() {
            Some((_, node)) => node,
            None => &mut pattern.start,
        };
        let left = self.end_name(before);
        let right = self.end_name(&mut next);
        let rest = Pattern {
            path: None,
            search: None,
            mode: None,
            start: next,
            steps: behind,
            span: pattern.span,
        };
        let (from, to) = match edge.direction {
            Direction::Left => (right, left),
            Direction::Right | Direction::Either => (left, right),
        };
        let own = edge.name.clone().unwrap_or_else(|| self.own_name("edge", edge.span));
        let mut names = Names { known: Vec::new() };
        names.add(derived.left.name.as_ref(), &from);
        names.add(derived.right.name.as_ref(), &to);
        names.add(derived.variable, &own);
        let ends = [(derived.left, from), (derived.right, to)];
        let (mut added, mut conditions) = (vec![rest], Vec::new());
        for (end, name) in ends {
            added.push(self.drawn_end(end, name, edge.span, &mut names));
        }
        for part in derived.body {
            let mut part = part.clone();
            rename::matching(&mut part, &mut |name| self.rename(name, &mut names));
            added.append(&mut part.patterns);
            conditions.extend(part.filter);
        }
        conditions.extend(edge.filter);
        let asked = edge.properties.into_iter().map(|(name, value)| equal(&own, name, value));
        conditions.extend(asked);
        clause.patterns.splice(at + 1..=at, added);
        clause.filter = clause.filter.take().into_iter().chain(conditions).reduce(both);
        Ok(())
    }

    /// What a definition asks of a node at its end, as a pattern of its own at the place of the edge.
    fn drawn_end(&mut self, end: &Node, name: Name, span: Span, names: &mut Names) -> Pattern {
        let mut start = end.clone();
        rename::node(&mut start, &mut |name| self.rename(name, names));
        start.name = Some(name);
        if let Some(label) = &mut start.label {
            place_label(label, span);
        }
        Pattern { path: None, search: None, mode: None, start, steps: Vec::new(), span }
    }

    /// The name of a node at the end of a derived edge; one without gets one.
    fn end_name(&mut self, node: &mut Node) -> Name {
        let span = node.span;
        node.name.get_or_insert_with(|| self.own_name("node", span)).clone()
    }

    /// A name that nothing in the query has.
    fn own_name(&mut self, base: &str, span: Span) -> Name {
        self.own_names += 1;
        Name { text: format!("{base}{}{}", self.mark, self.own_names), span }
    }

    fn rename(&mut self, name: &mut Name, names: &mut Names) {
        let known = names.known.iter().find(|(known, _)| *known == name.text);
        if let Some((_, own)) = known {
            name.text.clone_from(own);
            return;
        }
        let own = self.own_name(&name.text, name.span).text;
        names.known.push((std::mem::replace(&mut name.text, own.clone()), own));
    }
}

/// What the names of a definition are called where it is drawn.
struct Names {
    known: Vec<(String, String)>,
}

impl Names {
    fn add(&mut self, name: Option<&Name>, own: &Name) {
        self.known.extend(name.map(|name| (name.text.clone(), own.text.clone())));
    }
}

fn label_names<'a>(label: &'a Label, names: &mut Vec<&'a Name>) {
    match label {
        Label::Name(name) => names.push(name),
        Label::Any(_) => {}
        Label::Not(inner, _) => label_names(inner, names),
        Label::And(a, b) | Label::Or(a, b) => {
            label_names(a, names);
            label_names(b, names);
        }
    }
}

/// Moves a label to the place where the edge is used, so that what does not fit there is told there.
fn place_label(label: &mut Label, place: Span) {
    match label {
        Label::Name(name) => name.span = place,
        Label::Any(span) => *span = place,
        Label::Not(inner, span) => {
            *span = place;
            place_label(inner, place);
        }
        Label::And(a, b) | Label::Or(a, b) => {
            place_label(a, place);
            place_label(b, place);
        }
    }
}

/// `of.property = value`
fn equal(of: &Name, property: Name, value: ast::Expr) -> ast::Expr {
    let span = property.span.to(value.span);
    let of = ast::Expr { kind: ExprKind::Variable(of.clone()), span: property.span };
    let place = property.span;
    let of = ast::Expr { kind: ExprKind::Property(Box::new(of), property), span: place };
    ast::Expr { kind: ExprKind::Binary(BinaryOp::Equal, span, Box::new(of), Box::new(value)), span }
}

/// `a and b`; each keeps its own place.
fn both(a: ast::Expr, b: ast::Expr) -> ast::Expr {
    let span = a.span;
    ast::Expr { kind: ExprKind::Binary(BinaryOp::And, span, Box::new(a), Box::new(b)), span }
}
