//! What variables, kinds, edges and types are called when a question or a plan is shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::meaning::catalog::{Catalog, EdgeId, EdgeLabel, KindSet};
use crate::meaning::question::{Alternative, Var, VarId};
use crate::meaning::types::Type;

/// The names used to show one question.
#[derive(Debug)]
pub struct Names<'c> {
    pub(super) catalog: &'c Catalog,
    vars: Vec<String>,
}

impl<'c> Names<'c> {
    /// Names every variable: one that shares its name with an earlier one gets a number, one without a name `_1`, `_2`.
    pub fn of(vars: &[Var], catalog: &'c Catalog) -> Self {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut named = Vec::new();
        for var in vars {
            let text = var.name.as_deref().unwrap_or("_");
            let count = seen.entry(text).or_default();
            *count += 1;
            named.push(numbered(text, *count));
        }
        Self { catalog, vars: named }
    }

    /// The variables by the names they were given, be they unique or not, or by their kinds: for a message about one
    /// condition.
    pub fn given(vars: &[Var], catalog: &'c Catalog) -> Self {
        let mut names = Self { catalog, vars: Vec::new() };
        names.vars = vars
            .iter()
            .map(|var| match &var.name {
                Some(name) => name.clone(),
                None => format!(":{}", names.type_name(&var.ty)),
            })
            .collect();
        names
    }

    pub(super) fn at(&self, place: usize) -> &str {
        self.vars.get(place).map_or("?", String::as_str)
    }

    /// The name of a variable.
    pub fn of_var(&self, var: VarId) -> &str {
        self.at(var.0)
    }

    /// The name a variable was given, or nothing where it goes by its kinds.
    pub(crate) fn written(&self, var: VarId) -> &str {
        let name = self.of_var(var);
        if name.starts_with(':') { "" } else { name }
    }

    /// The names of several variables, in order.
    pub(crate) fn of_vars<'v>(&self, vars: impl IntoIterator<Item = &'v VarId>) -> String {
        vars.into_iter().map(|var| self.of_var(*var)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn type_name(&self, ty: &Type) -> String {
        match ty {
            Type::List(of) => format!("list<{}>", self.type_name(of)),
            Type::Node(kinds) => self.kinds(kinds),
            Type::Edge(edges) => format!("edge {}", self.edges(edges)),
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::DateTime
            | Type::Duration
            | Type::Map
            | Type::Any
            | Type::Path => ty.word().to_owned(),
        }
    }

    /// `Actor|Venue`, or `%` for every kind that stands without a label.
    pub(crate) fn kinds(&self, kinds: &KindSet) -> String {
        if *kinds == self.catalog.nodes().collect::<KindSet>() {
            return "%".to_owned();
        }
        let names: Vec<&str> =
            kinds.iter().map(|&kind| self.catalog.kind(kind).name.as_str()).collect();
        names.join("|")
    }

    fn edges(&self, edges: &BTreeSet<EdgeId>) -> String {
        let labels = edges.iter().map(|&edge| EdgeLabel { edge, terms: None });
        unique(labels.map(|label| self.label(&label)))
    }

    /// The labels some alternatives go by, each once.
    pub(super) fn alternatives<'a>(
        &self,
        alternatives: impl IntoIterator<Item = &'a Alternative>,
    ) -> String {
        let label = |alternative: &Alternative| {
            let Alternative { edge, terms, reversed: _, symmetric: _ } = alternative;
            self.label(&EdgeLabel { edge: *edge, terms: terms.clone() })
        };
        unique(alternatives.into_iter().map(label))
    }

    /// The one name for these terms of an edge, or the terms one by one.
    pub(super) fn label(&self, label: &EdgeLabel) -> String {
        let edge = self.catalog.edge(label.edge);
        if let Some(name) = &edge.name {
            return name.clone();
        }
        let terms = label.terms.clone().unwrap_or_else(|| edge.terms.iter().copied().collect());
        let wanted = EdgeLabel { edge: label.edge, terms: Some(terms) };
        let known = self
            .catalog
            .edge_names()
            .find(|name| self.catalog.edge_labels(name).contains(&&wanted));
        match (known, &wanted.terms) {
            (Some(name), _) => name.to_owned(),
            (None, Some(terms)) => {
                unique(terms.iter().filter_map(|&t| self.catalog.term(t)).map(|t| t.term.clone()))
            }
            (None, None) => String::new(),
        }
    }
}

fn numbered(text: &str, count: usize) -> String {
    match (text, count) {
        ("_", count) => format!("_{count}"),
        (text, 1) => text.to_owned(),
        (text, count) => format!("{text}#{count}"),
    }
}

/// Joined by `|`, each once, in order of appearance.
fn unique(names: impl Iterator<Item = String>) -> String {
    let mut list: Vec<String> = Vec::new();
    for name in names {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list.join("|")
}
