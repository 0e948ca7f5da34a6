//! Patterns: variables for nodes, edges and paths.

use std::collections::BTreeSet;

use super::draft::{Draft, DraftEdge, DraftGroup, DraftPattern, DraftStep, Home, Link, Way};
use super::infer::{OpenEdge, OpenGroup};
use super::label;
use super::{Noted, Resolved, Resolver};
use crate::base::planted::planted;
use crate::lang::ast;
use crate::meaning::{
    catalog::KindSet,
    errors,
    question::{Alternative, Match, NodesOnce, VarId},
    scope::{Meaning, Scope},
    types::Type,
};

/// Where an edge or a repeated path stands.
#[derive(Clone, Copy)]
struct Place {
    home: Home,
    pattern: usize,
    left: VarId,
    right: VarId,
}

/// The variable of an edge.
struct EdgeVar {
    var: VarId,
    /// The same again where it also stands as a node.
    as_node: Option<VarId>,
    /// The edge it has to be.
    known: Option<VarId>,
}

impl Resolver<'_> {
    /// Resolves a `match` of edges that the store has; its variables join the scope.
    pub(super) fn drawn_match(
        &mut self,
        clause: &ast::Match,
        scope: &mut Scope,
    ) -> Resolved<Match> {
        if !self.catalog.is_open() && self.catalog.kinds().next().is_none() {
            return self.wrong(errors::open::no_kinds(clause.span));
        }
        self.remark_on_patterns(clause, scope);
        let mut draft = Draft::default();
        let ways: Vec<Way<'_>> =
            clause.patterns.iter().map(|one| Way::of(&one.start, &one.steps)).collect();
        draft.node_names = ways.iter().flat_map(Way::node_names).collect();
        for (pattern, way) in clause.patterns.iter().zip(&ways) {
            if self.draft_pattern(pattern, way, (scope, clause.mode), &mut draft).is_err() {
                draft.failed = true;
            }
        }
        if draft.failed {
            return Err(Noted);
        }
        let kinds = self.narrow(&mut draft)?;
        let mut parts = self.settle(&draft, &kinds, clause.mode);
        scope.lose(&draft.unknown);
        self.conditions(clause, scope, &draft, &mut parts)?;
        if !draft.unknown.is_empty() {
            return Err(Noted);
        }
        self.known_conditions(clause.span, &mut parts)?;
        let mut found = parts.together(&draft);
        found.optional = clause.optional;
        self.refuse_tangles(&found, &draft)?;
        Ok(found)
    }

    fn draft_pattern<'a>(
        &mut self,
        pattern: &'a ast::Pattern,
        way: &Way<'a>,
        (scope, mode): (&mut Scope, ast::MatchMode),
        draft: &mut Draft<'a>,
    ) -> Resolved<()> {
        let at = draft.patterns.len();
        let home = Home { pick: pattern.search.map(|_| at), group: None };
        if let Some(search) = pattern.search
            && matches!(
                search.kind,
                ast::SearchKind::Any(0)
                    | ast::SearchKind::Shortest(0)
                    | ast::SearchKind::ShortestGroups(0)
            )
        {
            return self.wrong(errors::paths::none_wanted(search.span));
        }
        let repeatable = mode == ast::MatchMode::RepeatableElements;
        let (walk, once) = match pattern.mode {
            None => (repeatable, None),
            Some(ast::PathMode::Walk) => (true, None),
            Some(ast::PathMode::Trail) => (false, None),
            Some(ast::PathMode::Acyclic) => (false, Some(NodesOnce::All)),
            Some(ast::PathMode::Simple) => (false, Some(NodesOnce::ButEnds)),
        };
        // Steps refer to their pattern by place, so it is there before them.
        let none = VarId(usize::MAX);
        let (search, steps) = (pattern.search, Vec::new());
        let (start, end, path) = (none, none, None);
        let ends = only_nearest(pattern, way);
        let pattern_of = DraftPattern { path, start, end, steps, search, walk, ends, once, home };
        draft.patterns.push(pattern_of);
        let places = self.draft_way(way, scope, draft, (home, at))?;
        let path = match &pattern.path {
            Some(name) => Some(self.fresh(name, Type::Path, scope)?),
            None if search.is_some() || once.is_some() => Some(self.new_var(None, Type::Path)),
            None => None,
        };
        if let (Some(draft), (start, steps)) = (draft.patterns.get_mut(at), places) {
            draft.path = path;
            draft.start = start;
            draft.end = steps.last().map_or(start, |(_, node)| *node);
            draft.steps = steps;
        }
        Ok(())
    }

    /// Finds the variables along a path: the first node's, then each step with the node it leads to.
    fn draft_way<'a>(
        &mut self,
        way: &Way<'a>,
        scope: &mut Scope,
        draft: &mut Draft<'a>,
        (home, pattern): (Home, usize),
    ) -> Resolved<(VarId, Vec<(DraftStep, VarId)>)> {
        let ends = Home { pick: None, group: home.group };
        let mut vars = Vec::new();
        for (at, place) in way.places.iter().enumerate() {
            let inner = at > 0 && at < way.links.len();
            let part = if inner || home.group.is_some() { home } else { ends };
            vars.push(self.draft_place(place, scope, draft, [part, home]));
        }
        let vars = vars.into_iter().collect::<Resolved<Vec<VarId>>>()?;
        let mut steps = Vec::new();
        for (link, ends) in way.links.iter().zip(vars.windows(2)) {
            let [left, right] = *ends else { continue };
            let place = Place { home, pattern, left, right };
            let step = match link {
                Link::Edge(edge) => self.draft_link(edge, scope, draft, place)?,
                Link::Group(group, quantifier) => {
                    self.draft_group((group, *quantifier), scope, draft, place)?
                }
            };
            steps.push((step, right));
        }
        draft.filters.extend(way.filters.iter().map(|filter| (*filter, home)));
        let start = vars.first().copied().ok_or(Noted)?;
        Ok((start, steps))
    }

    fn draft_link<'a>(
        &mut self,
        edge: &'a ast::Edge,
        scope: &mut Scope,
        draft: &mut Draft<'a>,
        place: Place,
    ) -> Resolved<DraftStep> {
        let Place { home, pattern, left, right } = place;
        if let (Some(quantifier), Some(_)) = (edge.quantifier, home.group) {
            return self.wrong(errors::paths::nested_repeat(quantifier.span));
        }
        let labelled = self.edge_alternatives(edge);
        let is_unknown = labelled.is_err();
        let mut alternatives = labelled.unwrap_or_default();
        let EdgeVar { var, as_node, known } = self.draft_edge(edge, scope, draft, home)?;
        if let Some(known) = known {
            let before = self.ty(known).member().unwrap_or_else(|| self.ty(known)).clone();
            alternatives.retain(|alternative| self.may_be(alternative, &before));
        }
        draft.edges.push(DraftEdge { var, written: edge, home, pattern, known });
        let repeats = edge.quantifier.map(|quantifier| quantifier.min);
        let lost = false;
        draft.open_edges.push(OpenEdge { left, right, alternatives, repeats, as_node, lost });
        if is_unknown {
            draft.lose(draft.edges.len() - 1);
        }
        if let Some(quantifier) = edge.quantifier {
            self.refuse_endless(quantifier, draft, pattern)?;
        }
        Ok(DraftStep::Edge(draft.edges.len() - 1))
    }

    fn draft_group<'a>(
        &mut self,
        (group, quantifier): (&'a ast::Group, ast::Quantifier),
        scope: &mut Scope,
        draft: &mut Draft<'a>,
        place: Place,
    ) -> Resolved<DraftStep> {
        let Place { home, pattern, left, right } = place;
        if home.group.is_some() {
            return self.wrong(errors::paths::nested_repeat(quantifier.span));
        }
        self.ordered(quantifier)?;
        let way = Way::of(&group.start, &group.steps);
        let at = draft.groups.len();
        let inside = Home { group: Some(at), ..home };
        let var = self.new_var(None, Type::Path);
        draft.groups.push(DraftGroup {
            var,
            written: group,
            quantifier,
            home,
            pattern,
            steps: Vec::new(),
            lists: Vec::new(),
            names: Vec::new(),
        });
        self.refuse_endless(quantifier, draft, pattern)?;
        let names = std::mem::replace(&mut draft.node_names, way.node_names().collect());
        let mut inner = scope.clone();
        let found = self.draft_way(&way, &mut inner, draft, (inside, pattern));
        draft.node_names = names;
        let (first, steps) = found?;
        let last = steps.last().map_or(first, |(_, node)| *node);
        draft.open_groups.push(OpenGroup {
            left,
            right,
            first,
            last,
            min: quantifier.min,
            most_once: quantifier.max == Some(1),
            loose: false,
        });
        draft.filters.extend(group.filter.iter().map(|filter| (filter, inside)));
        let new: Vec<(String, VarId)> = inner
            .vars()
            .skip(scope.vars().count())
            .map(|(name, var)| (name.to_owned(), var))
            .collect();
        let mut lists = Vec::new();
        for (name, var) in &new {
            let outside = self.new_var(Some(name), Type::List(Box::new(Type::Null)));
            scope.add(name, outside);
            lists.push((outside, *var));
        }
        if let Some(group) = draft.groups.get_mut(at) {
            let edges = steps.iter().filter_map(|(step, node)| match step {
                DraftStep::Edge(edge) => Some((*edge, *node)),
                DraftStep::Group(_) => None,
            });
            (group.steps, group.lists, group.names) = (edges.collect(), lists, new);
        }
        Ok(DraftStep::Group(at))
    }

    /// A walk without an upper limit ends only where the shortest are wanted.
    fn refuse_endless(
        &mut self,
        quantifier: ast::Quantifier,
        draft: &Draft<'_>,
        pattern: usize,
    ) -> Resolved<()> {
        let endless =
            draft.patterns.get(pattern).is_some_and(|pattern| pattern.walk && !pattern.ends);
        if quantifier.max.is_none() && endless {
            return self.wrong(errors::patterns::endless_walk(quantifier.span));
        }
        Ok(())
    }

    fn ordered(&mut self, quantifier: ast::Quantifier) -> Resolved<()> {
        let ast::Quantifier { min, max, span } = quantifier;
        match max {
            Some(max) if min > max && self.catalog.is_open() => {
                self.remark(errors::open::inverted_quantifier(span, min, max));
                Ok(())
            }
            Some(max) if min > max => {
                self.wrong(errors::patterns::inverted_quantifier(span, min, max))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn edge_alternatives(&mut self, edge: &ast::Edge) -> Resolved<Vec<Alternative>> {
        if let Some(quantifier) = edge.quantifier {
            self.ordered(quantifier)?;
        }
        let labels = self.edge_labels(edge.label.as_ref())?;
        Ok(label::alternatives(self.catalog, &labels, edge.direction))
    }

    /// A new variable under a name that must be free.
    pub(super) fn fresh(
        &mut self,
        name: &ast::Name,
        ty: Type,
        scope: &mut Scope,
    ) -> Resolved<VarId> {
        if scope.find(&name.text).is_some() {
            return self.wrong(errors::patterns::name_taken(name));
        }
        let var = self.new_var(Some(&name.text), ty);
        scope.add(&name.text, var);
        Ok(var)
    }

    /// The variable of a place, which several nodes may name.
    fn draft_place<'a>(
        &mut self,
        nodes: &[&'a ast::Node],
        scope: &mut Scope,
        draft: &mut Draft<'a>,
        [home, written]: [Home; 2],
    ) -> Resolved<VarId> {
        let names = || nodes.iter().filter_map(|node| node.name.as_ref());
        let mut place = None;
        for name in names() {
            self.refuse_value(name, scope)?;
            if let Some(var) = scope.var(&name.text) {
                let var = self.known_node(var, name, draft, home)?;
                place = place.or(Some(var));
            }
        }
        let place = match place {
            Some(var) => var,
            None => self.new_node(names().next(), scope, draft, home),
        };
        for name in names() {
            match scope.var(&name.text) {
                Some(var) if var == place => {}
                Some(var) => draft.same.push((place, var, home)),
                None => scope.add(&name.text, place),
            }
        }
        for node in nodes {
            self.labelled(node, place, draft);
            draft.nodes.push((place, node, [home, written]));
        }
        Ok(place)
    }

    /// Holds a variable to a node's label.
    fn labelled(&mut self, node: &ast::Node, var: VarId, draft: &mut Draft<'_>) {
        let Some(label) = &node.label else { return };
        let Ok(labelled) = self.kinds(label) else {
            draft.unknown.insert(var);
            return;
        };
        if planted!(InnerLabel, false, draft.order.len() > 1) {
            return;
        }
        if label::is_broad(label) {
            draft.broad.insert(var);
        }
        let mut both = match draft.declared.get(&var) {
            Some(before) => before & &labelled,
            None => labelled,
        };
        if both.is_empty() {
            both.extend(self.catalog.no_kind());
        }
        if let (true, Some(before)) = (both.is_empty(), draft.declared.get(&var)) {
            let twice = errors::patterns::label_conflict(label::span(label), before, self.catalog);
            self.notes.push(twice);
            draft.unknown.insert(var);
            return;
        }
        draft.declared.insert(var, both);
    }

    /// A parameter of a definition may stand for a value, which no pattern can begin with.
    fn refuse_value(&mut self, name: &ast::Name, scope: &Scope) -> Resolved<()> {
        match scope.find(&name.text) {
            Some(Meaning::Column(_)) => self.wrong(errors::definitions::not_a_variable(name)),
            Some(Meaning::Var(_) | Meaning::Unknown) | None => Ok(()),
        }
    }

    fn new_node(
        &mut self,
        name: Option<&ast::Name>,
        scope: &mut Scope,
        draft: &mut Draft<'_>,
        home: Home,
    ) -> VarId {
        let name = name.map(|name| name.text.as_str());
        let var = self.new_var(name, Type::Node(KindSet::new()));
        if let Some(name) = name {
            scope.add(name, var);
        }
        draft.order.push(var);
        draft.settle_in(var, home);
        var
    }

    /// A variable that has a meaning already and now stands as a node.
    fn known_node(
        &mut self,
        var: VarId,
        name: &ast::Name,
        draft: &mut Draft<'_>,
        home: Home,
    ) -> Resolved<VarId> {
        let here = draft.homes.get(&var).is_some_and(|homes| homes.contains(&home));
        if home.group.is_some() && !here {
            return self.wrong(errors::paths::known_outside(name));
        }
        draft.settle_in(var, home);
        if draft.order.contains(&var) {
            return Ok(var);
        }
        let ty = self.ty(var).clone();
        let kinds = if let Type::Node(kinds) = ty {
            kinds
        } else if ty == Type::Null {
            // Null fits no pattern.
            self.catalog.kinds().map(|(id, _)| id).collect()
        } else {
            return self.wrong(errors::patterns::not_a_node(name, &ty, self.catalog));
        };
        draft.order.push(var);
        draft.bound.insert(var);
        draft.declared.insert(var, kinds);
        Ok(var)
    }

    fn draft_edge<'a>(
        &mut self,
        edge: &'a ast::Edge,
        scope: &mut Scope,
        draft: &mut Draft<'a>,
        home: Home,
    ) -> Resolved<EdgeVar> {
        let plain = |var| EdgeVar { var, as_node: None, known: None };
        let Some(name) = &edge.name else {
            return Ok(plain(self.new_var(None, Type::Edge(BTreeSet::new()))));
        };
        self.refuse_value(name, scope)?;
        let known = scope.var(&name.text);
        let twice = draft
            .edges
            .iter()
            .filter(|other| other.home == home)
            .any(|other| other.written.name.as_ref().is_some_and(|n| n.text == name.text));
        if twice {
            return self.wrong(errors::patterns::name_taken(name));
        }
        if edge.quantifier.is_some() {
            return self.draft_list(name, scope, draft, home);
        }
        let stands = draft.node_names.contains(name.text.as_str());
        if let Some(known) = known.filter(|known| matches!(self.ty(*known), Type::Edge(_))) {
            if home.group.is_some() {
                return self.wrong(errors::paths::known_outside(name));
            }
            let var = self.new_var(Some(&name.text), Type::Edge(BTreeSet::new()));
            return Ok(EdgeVar { var, as_node: None, known: Some(known) });
        }
        if known.is_none() && !stands {
            let var = self.new_var(Some(&name.text), Type::Edge(BTreeSet::new()));
            scope.add(&name.text, var);
            return Ok(plain(var));
        }
        let var = match known {
            Some(var) => self.known_node(var, name, draft, home)?,
            None => self.new_node(Some(name), scope, draft, home),
        };
        draft.as_edges.insert(var);
        Ok(EdgeVar { var, as_node: Some(var), known: None })
    }

    /// The list that a repeated edge holds: a new one, or one that must be equal to the list known by that name.
    fn draft_list(
        &mut self,
        name: &ast::Name,
        scope: &mut Scope,
        draft: &mut Draft<'_>,
        home: Home,
    ) -> Resolved<EdgeVar> {
        let list = Type::List(Box::new(Type::Null));
        let known = scope.var(&name.text).filter(|known| {
            self.ty(*known).member().is_some_and(|of| matches!(of, Type::Edge(_) | Type::Node(_)))
        });
        if home.group.is_none()
            && let Some(known) = known
        {
            let var = self.new_var(Some(&name.text), list);
            draft.same.push((var, known, home));
            return Ok(EdgeVar { var, as_node: None, known: Some(known) });
        }
        let var = self.fresh(name, list, scope)?;
        Ok(EdgeVar { var, as_node: None, known: None })
    }

    /// Whether an edge, or the node it stands as, may be what has that type.
    fn may_be(&self, alternative: &Alternative, ty: &Type) -> bool {
        let stands = self.catalog.edge(alternative.edge).stands_as;
        if let Type::Node(kinds) = ty {
            return stands.is_some_and(|kind| kinds.contains(&kind));
        }
        ty.edges().is_none_or(|edges| edges.contains(&alternative.edge))
    }
}

/// Whether only the shortest paths over one repeated edge are wanted: they never go in a circle.
fn only_nearest(pattern: &ast::Pattern, way: &Way<'_>) -> bool {
    let shortest = pattern.search.is_some_and(|search| match search.kind {
        ast::SearchKind::AllShortest => true,
        ast::SearchKind::Any(most)
        | ast::SearchKind::Shortest(most)
        | ast::SearchKind::ShortestGroups(most) => most == 1,
    });
    let [Link::Edge(edge)] = way.links.as_slice() else { return false };
    shortest && edge.quantifier.is_some_and(|quantifier| quantifier.min <= 1)
}
