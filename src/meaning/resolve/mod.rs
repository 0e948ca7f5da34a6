//! Resolving: from the syntax tree to the [`Question`]. Goes on after a mistake where the rest still makes sense, and
//! returns all it found.

mod arguments;
mod asked;
mod call;
mod compare;
mod compose;
mod define;
mod derive;
mod draft;
mod expr;
mod gather;
mod habits;
mod infer;
mod insert;
mod label;
mod list;
mod operators;
mod pattern;
mod project;
mod recorded;
mod remark;
mod settle;
mod write;

pub use arguments::{Argument, Arguments};
pub use recorded::recorded;
pub use write::resolve_writing;

use super::catalog::Catalog;
use super::errors;
use super::question::{Expr, Lookup, Question, Var, VarId};
use super::scope::Scope;
use super::types::Type;
use crate::base::{
    date::Date,
    diagnostic::{Diagnostic, Diagnostics},
    source::Span,
};
use crate::lang::ast;
use compose::Returns;
use define::Definitions;

/// Sizes that a query keeps to; far above what a person writes, and below what keeps a database busy.
const MOST_EDGES: usize = 200;
const MOST_FOLDS: usize = 100;
const MOST_ITEMS: usize = 1000;
const MOST_CLAUSES: usize = 200;
const MOST_EXPANSIONS: usize = 500;
const MOST_WITHIN: usize = 24;
const MOST_COPIED: usize = 50_000;
const TALLEST: usize = 500;

/// What a query may depend on besides its text.
#[derive(Debug, Clone, Copy)]
pub struct World<'w> {
    /// Kinds, edges, properties and terms.
    pub catalog: &'w Catalog,
    /// The parameters' values.
    pub arguments: &'w Arguments,
    /// The current day.
    pub today: &'w Date,
}

/// Says that a mistake was noted and the part at hand has no meaning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted;

pub(super) type Resolved<T> = Result<T, Noted>;

/// The state of resolving one query.
pub(super) struct Resolver<'w> {
    catalog: &'w Catalog,
    arguments: &'w Arguments,
    today: &'w Date,
    vars: Vec<Var>,
    lookups: Vec<Lookup>,
    searches: Vec<Expr>,
    definitions: Definitions<'w>,
    /// The definitions that are being expanded, with their places.
    expanding: Vec<(String, Span)>,
    /// How many uses of definitions were expanded, and how much was copied into them.
    expansions: usize,
    copied: usize,
    /// What no name of the query contains, and how many names were made with it.
    mark: String,
    own_names: usize,
    /// The day that `as of` asks for.
    as_of: Option<Expr>,
    notes: Diagnostics,
    /// What is worth saying though nothing is wrong.
    remarks: Diagnostics,
}

/// Gives a query its meaning; the prelude is what is defined for all queries.
pub fn resolve(
    query: &ast::Query,
    world: World<'_>,
    prelude: &[ast::Definition],
) -> Result<Question, Diagnostics> {
    let mut resolver = Resolver::new(query, world, prelude)?;
    if let Some(write) = query.linear.writes.first() {
        return Err(vec![errors::writes::not_here(write.span(), false)]);
    }
    let asked = recorded::at_that_moment(query);
    let query = asked.as_ref().unwrap_or(query);
    match resolver.query(query, &Scope::default(), Returns::Always) {
        Ok(query) if resolver.notes.is_empty() => {
            let Resolver { vars, lookups, remarks, .. } = resolver;
            Ok(Question { vars, query, lookups, remarks })
        }
        Ok(_) | Err(Noted) => Err(resolver.notes),
    }
}

/// A text that nothing in a query contains, for names that only definitions have.
fn unused_mark(query: &ast::Query) -> String {
    let written = format!("{query:?}");
    let mut mark = "~".to_owned();
    while written.contains(&mark) {
        mark.push('~');
    }
    mark
}

impl<'w> Resolver<'w> {
    /// A resolver for one query. What is wrong with the script's own definitions is told first.
    fn new(
        query: &ast::Query,
        world: World<'w>,
        prelude: &'w [ast::Definition],
    ) -> Result<Self, Diagnostics> {
        let World { catalog, arguments, today } = world;
        let mut resolver = Self {
            catalog,
            arguments,
            today,
            vars: Vec::new(),
            lookups: Vec::new(),
            searches: Vec::new(),
            definitions: Definitions { own: arguments.definitions(), prelude },
            expanding: Vec::new(),
            expansions: 0,
            copied: 0,
            mark: unused_mark(query),
            own_names: 0,
            as_of: None,
            notes: Vec::new(),
            remarks: Vec::new(),
        };
        resolver.check_definitions();
        resolver.vars.clear();
        resolver.lookups.clear();
        resolver.searches.clear();
        if resolver.notes.is_empty() { Ok(resolver) } else { Err(resolver.notes) }
    }
}

impl Resolver<'_> {
    /// Refuses early what no database could plan.
    fn check_size(&mut self, query: &ast::Linear) -> Resolved<()> {
        let (mut edges, mut folds, mut items) =
            (0, 0, query.result.iter().map(|result| result.items.len()).sum::<usize>());
        for clause in &query.clauses {
            match clause {
                ast::Clause::Match(clause) => {
                    let steps = || clause.patterns.iter().flat_map(|pattern| &pattern.steps);
                    let nodes = clause.patterns.len();
                    edges += nodes + steps().count();
                    let repeats = |step: &ast::Step| match step {
                        ast::Step::Edge(edge) => edge.quantifier.is_some(),
                        ast::Step::Group(_) => true,
                    };
                    folds += steps().filter(|(step, _)| repeats(step)).count();
                    folds += usize::from(clause.optional && steps().count() != 1);
                }
                ast::Clause::With { projection, filter: _ } => items += projection.items.len(),
                ast::Clause::Optional(..)
                | ast::Clause::Let(..)
                | ast::Clause::For { .. }
                | ast::Clause::Call { .. } => {}
            }
        }
        for (what, count, most) in [
            ("nodes and edges", edges, MOST_EDGES),
            ("repeated edges and optional patterns", folds, MOST_FOLDS),
            ("columns", items, MOST_ITEMS),
            ("clauses", query.clauses.len(), MOST_CLAUSES),
        ] {
            if count > most {
                return self.wrong(errors::patterns::too_large(query.span, what, count, most));
            }
        }
        Ok(())
    }

    fn new_var(&mut self, name: Option<&str>, ty: Type) -> VarId {
        self.vars.push(Var { name: name.map(str::to_owned), ty });
        VarId(self.vars.len() - 1)
    }

    #[expect(clippy::indexing_slicing, reason = "only new_var makes a VarId")]
    fn ty(&self, var: VarId) -> &Type {
        &self.vars[var.0].ty
    }

    #[expect(clippy::indexing_slicing, reason = "only new_var makes a VarId")]
    fn set_ty(&mut self, var: VarId, ty: Type) {
        self.vars[var.0].ty = ty;
    }

    /// Keeps what is worth saying, once.
    fn remark(&mut self, diagnostic: Diagnostic) {
        if self.remarks.iter().all(|known| known.message != diagnostic.message) {
            self.remarks.push(diagnostic);
        }
    }

    /// Notes a mistake; the part at hand has no meaning then.
    fn wrong<T>(&mut self, diagnostic: Diagnostic) -> Resolved<T> {
        self.notes.push(diagnostic);
        Err(Noted)
    }
}
