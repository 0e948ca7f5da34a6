//! Comparisons: which values may be compared, and texts held against the vocabulary.

use super::{Resolved, Resolver};
use crate::base::{closest::closest, source::Span};
use crate::meaning::{
    catalog::{Attribute, Property, Storage},
    errors,
    question::{Comparison, Constant, Expr, ExprKind, Owner},
    types::Type,
};

/// An operand and where it stands.
pub(super) type Side = (Expr, Span);

impl Resolver<'_> {
    /// Compares two values, if they can be.
    pub(super) fn compare(
        &mut self,
        how: Comparison,
        span: Span,
        left: Side,
        right: Side,
    ) -> Resolved<Expr> {
        self.check_alike(span, &left, &right)?;
        let order = !matches!(how, Comparison::Equal | Comparison::NotEqual);
        let sortable = |ty: &Type| {
            matches!(
                ty,
                Type::Null
                    | Type::Int
                    | Type::Float
                    | Type::Text
                    | Type::Date
                    | Type::DateTime
                    | Type::Bool
                    | Type::List(_)
                    | Type::Any
            )
        };
        if order && !(sortable(&left.0.ty) && sortable(&right.0.ty)) {
            return self.wrong(errors::values::no_order(span, &left.0.ty, self.catalog));
        }
        if !order {
            self.check_term(&left, &right)?;
            self.check_term(&right, &left)?;
        }
        Ok(Expr::truth(ExprKind::Compare(how, Box::new(left.0), Box::new(right.0))))
    }

    /// Refuses to hold unlike things against each other.
    pub(super) fn check_alike(&mut self, span: Span, left: &Side, right: &Side) -> Resolved<()> {
        let joined = match (&left.0.ty, &right.0.ty) {
            // Lists may have the same members whatever their types say: both may be empty.
            (a @ Type::List(_), b @ Type::List(_)) => Some(a.unite(b)),
            (a, b) => a.join(b),
        };
        let disjoint = match (&left.0.ty, &right.0.ty) {
            (Type::Node(a), Type::Node(b)) => a.is_disjoint(b),
            (Type::Edge(a), Type::Edge(b)) => a.is_disjoint(b),
            _ => false,
        };
        // In an open graph, what there is says nothing of what there may be.
        if joined.is_some() && (!disjoint || self.catalog.is_open()) {
            return Ok(());
        }
        self.wrong(errors::values::unlike(span, left, right, self.catalog))
    }

    /// A text held against a controlled term must be one of the vocabulary.
    pub(super) fn check_term(&mut self, term: &Side, text: &Side) -> Resolved<()> {
        let Some(vocabulary) = self.vocabulary_of(&term.0).map(str::to_owned) else {
            return Ok(());
        };
        if let ExprKind::List(members) = &text.0.kind {
            for member in members.clone() {
                self.check_term(term, &(member, text.1))?;
            }
            return Ok(());
        }
        let ExprKind::Constant(Constant::Text(text_value)) = &text.0.kind else { return Ok(()) };
        let catalog = self.catalog;
        let known = || catalog.vocabulary(&vocabulary).map(|row| row.term.as_str());
        if known().any(|term| term == text_value) {
            return Ok(());
        }
        let near = closest(text_value, known());
        let some: Vec<&str> = known().take(4).collect();
        self.wrong(errors::names::unknown_term(text.1, text_value, &vocabulary, near, &some))
    }

    /// The vocabulary whose terms a property gives, where it is but one.
    pub(super) fn vocabulary_of(&self, value: &Expr) -> Option<&str> {
        let ExprKind::Property(_, choices) = &value.kind else { return None };
        let [(owner, at)] = choices.as_slice() else { return None };
        match &self.property_of(*owner, *at)?.storage {
            Storage::Term { attribute: Attribute::Term, vocabulary, .. } => vocabulary.as_deref(),
            Storage::Term { .. } | Storage::Column(_) | Storage::Date(_) | Storage::Alias => None,
        }
    }

    pub(super) fn property_of(&self, owner: Owner, at: usize) -> Option<&Property> {
        match owner {
            Owner::Kind(kind) => self.catalog.kind(kind).properties.get(at),
            Owner::Edge(edge) => self.catalog.edge(edge).properties.get(at),
        }
    }
}
