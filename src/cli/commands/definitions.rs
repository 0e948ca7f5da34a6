//! What the prelude defines, for `dixit schema`: only what makes sense in the store at hand.

use crate::lang::ast::{Definition, Label, Meaning, Node, TypeName};
use crate::lang::{definition_text, signature};
use crate::prelude;
use crate::record::catalogue::Catalogue;

/// A definition to be shown.
pub(super) struct Shown {
    pub(super) name: &'static str,
    /// How it is called or drawn.
    pub(super) signature: String,
    pub(super) about: String,
    /// The whole of it.
    pub(super) text: String,
}

/// The definitions whose kinds the store has.
pub(super) fn all(catalogue: &Catalogue) -> Vec<Shown> {
    let known = |kind: &str| catalogue.kinds.iter().any(|row| row.name.eq_ignore_ascii_case(kind));
    let fits = |definition: &&Definition| match &definition.meaning {
        Meaning::Value { parameters, body: _ } => {
            parameters.iter().all(|(_, ty)| is_simple(ty) || known(&ty.name.text))
        }
        Meaning::Edge { left, variable: _, right, body: _ } => {
            [left, right].into_iter().filter_map(|node| kind(node)).all(known)
        }
    };
    prelude().iter().filter(fits).map(shown).collect()
}

fn is_simple(ty: &TypeName) -> bool {
    crate::meaning::types::Type::named(&ty.name.text).is_some() || ty.of.is_some()
}

fn kind(node: &Node) -> Option<&str> {
    match &node.label {
        Some(Label::Name(name)) => Some(&name.text),
        _ => None,
    }
}

fn shown(definition: &'static Definition) -> Shown {
    Shown {
        name: &definition.name.text,
        signature: signature(definition),
        about: definition.help.clone().unwrap_or_default(),
        text: definition_text(definition),
    }
}
