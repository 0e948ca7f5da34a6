//! `as recorded`: the moment whose graph a query asks about. The store at that moment answers the rest of the query.

use super::{Noted, Resolved, Resolver, World};
use crate::base::diagnostic::Diagnostics;
use crate::base::instant::Instant;
use crate::lang::ast::{self, AsOf, Clock};
use crate::meaning::{errors, question::Constant, scope::Scope};

/// The moment that a query names behind `as recorded`, if it does.
pub fn recorded(query: &ast::Query, world: World<'_>) -> Result<Option<Instant>, Diagnostics> {
    let Some(as_of @ AsOf { clock: Clock::Recorded, .. }) = &query.as_of else { return Ok(None) };
    let mut resolver = Resolver::new(query, world, &[])?;
    match resolver.moment(as_of) {
        Ok(moment) => Ok(Some(moment)),
        Err(Noted) => Err(resolver.notes),
    }
}

/// The query without the moment, which the store at that moment answers.
pub(super) fn at_that_moment(query: &ast::Query) -> Option<ast::Query> {
    match &query.as_of {
        Some(AsOf { clock: Clock::Recorded, .. }) => {
            Some(ast::Query { as_of: None, ..query.clone() })
        }
        Some(AsOf { clock: Clock::Known, .. }) | None => None,
    }
}

impl Resolver<'_> {
    fn moment(&mut self, as_of: &AsOf) -> Resolved<Instant> {
        let text = if let ast::ExprKind::DateTime(text) = &as_of.time.kind {
            Some(text.clone())
        } else {
            let value = self.expr_as(&as_of.time, &Scope::default(), None)?;
            match value.as_constant() {
                Some(Constant::Date(date)) => date.exact().map(|_| date.text.clone()),
                Some(Constant::Text(text) | Constant::DateTime(text)) => Some(text.clone()),
                Some(_) | None => None,
            }
        };
        match text.as_deref().and_then(Instant::parse) {
            Some(moment) => Ok(moment),
            None => self.wrong(errors::writes::no_moment(as_of.time.span)),
        }
    }
}
