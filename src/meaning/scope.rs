//! Which names mean what at one place of a query.

use std::collections::BTreeSet;

use super::question::{Expr, VarId};

/// The names in force, oldest first; a later one hides an earlier one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    names: Vec<(String, Meaning)>,
    /// Names from around that may not be read here.
    hidden: Vec<String>,
}

/// What a name means.
#[derive(Debug, Clone)]
pub(crate) enum Meaning {
    /// A variable.
    Var(VarId),
    /// A column of the projection at hand, in `order by` and `group by`.
    Column(Expr),
    /// What a clause with a mistake would have given: nothing is known of it.
    Unknown,
}

impl Scope {
    pub(crate) fn add(&mut self, name: &str, var: VarId) {
        self.names.push((name.to_owned(), Meaning::Var(var)));
    }

    pub(crate) fn add_column(&mut self, name: &str, value: Expr) {
        self.names.push((name.to_owned(), Meaning::Column(value)));
    }

    pub(crate) fn add_unknown(&mut self, name: &str) {
        self.names.push((name.to_owned(), Meaning::Unknown));
    }

    /// Says that nothing is known of some variables.
    pub(crate) fn lose(&mut self, vars: &BTreeSet<VarId>) {
        for (_, meaning) in &mut self.names {
            if matches!(meaning, Meaning::Var(var) if vars.contains(var)) {
                *meaning = Meaning::Unknown;
            }
        }
    }

    /// A name with what it means in another scope.
    pub(crate) fn take(&mut self, name: &str, meaning: Meaning) {
        self.names.push((name.to_owned(), meaning));
    }

    /// Drops the names that a test finds.
    pub(crate) fn forget(&mut self, test: impl Fn(&str) -> bool) {
        self.names.retain(|(name, _)| !test(name));
    }

    /// Says which names from around may not be read here.
    pub(crate) fn hide<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        self.hidden.extend(names.map(str::to_owned));
    }

    /// Whether a name from around may not be read here.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == name)
    }

    /// Whether nothing is known of some name.
    pub(crate) fn has_unknown(&self) -> bool {
        self.names.iter().any(|(_, meaning)| matches!(meaning, Meaning::Unknown))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Meaning> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, meaning)| meaning)
    }

    pub(crate) fn var(&self, name: &str) -> Option<VarId> {
        match self.find(name)? {
            Meaning::Var(var) => Some(*var),
            Meaning::Column(_) | Meaning::Unknown => None,
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn vars(&self) -> impl Iterator<Item = (&str, VarId)> {
        self.names.iter().filter_map(|(name, meaning)| match meaning {
            Meaning::Var(var) => Some((name.as_str(), *var)),
            Meaning::Column(_) | Meaning::Unknown => None,
        })
    }
}
