//! What fits at the cursor of a text that is being written: words from the grammar, names from the catalogue and from
//! what the text binds. Decides by asking the parser and the resolver; knows no store, so names from data are only wished.

mod offers;
mod pattern;
mod site;
mod types;
mod words;

use std::ops::Range;

use crate::base::source::Source;
use crate::base::wish::{Fit, Wish};
use crate::lang::ast::{Definition, ExprKind, Script};
use crate::lang::unfinished::{self, Begun, Unfinished};
use crate::lang::{self, prelude};
use crate::meaning::catalog::{Catalog, KindId};
use crate::meaning::types::Type;
use offers::{candidate, named_by};
use site::{EdgeSite, Found, Site};
use types::Resolver;

/// What fits at one place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fits {
    /// The bytes of the text that a choice replaces.
    pub span: Range<usize>,
    /// What fits, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// The names from the data that are wanted as well.
    pub names: Option<Wanted>,
}

/// One thing that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is put in the place of the span.
    pub text: String,
    /// What is shown in a list.
    pub label: String,
    /// What it is, in a few words.
    pub gloss: String,
    /// What sort of thing it is.
    pub sort: Sort,
}

/// What sort of thing a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A word of the language.
    Keyword,
    /// A kind of node.
    Kind,
    /// An edge.
    Edge,
    /// A property.
    Property,
    /// A function or a defined value.
    Function,
    /// A variable.
    Variable,
    /// A parameter.
    Parameter,
    /// A term of a vocabulary.
    Term,
    /// A name from the data.
    Name,
}

/// Names of nodes that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Of nodes of these kinds.
    pub kinds: Vec<KindId>,
    /// What is begun.
    pub begun: String,
    /// The quotes around it.
    pub quote: char,
    /// Whether the key is to stand there, and not the name.
    pub by_key: bool,
}

/// A parameter that has a value or was declared elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Without the dollar sign.
    pub name: String,
    /// What is to be said of it: its type, its value, its help.
    pub gloss: String,
}

/// What fits at a place of a text, given in bytes.
pub fn fits(text: &str, cursor: usize, catalog: &Catalog, parameters: &[Known]) -> Fits {
    fits_among(text, cursor, catalog, (parameters, &[]))
}

/// The same where more is defined than the text says.
pub fn fits_among(
    text: &str,
    cursor: usize,
    catalog: &Catalog,
    (parameters, definitions): (&[Known], &[Definition]),
) -> Fits {
    let nothing = Fits { span: cursor..cursor, ..Fits::default() };
    let Some(Unfinished { begun, written, span, words, script }) = unfinished::read(text, cursor)
    else {
        return nothing;
    };
    let own: Vec<Definition> = script.definitions.iter().chain(definitions).cloned().collect();
    let others = [text.get(..span.start), text.get(span.end..)].map(Option::unwrap_or_default);
    let known = parameters_of(&others.join(" "), &script, parameters);
    let resolver = Resolver::new(catalog, &own, known.iter().map(|one| one.name.clone()));
    let Some(resolver) = resolver else { return nothing };
    let defined = in_force(&own);
    let open = !text.get(span.end..).unwrap_or_default().starts_with('(');
    let place = Place { catalog, resolver, defined, found: site::find(&script), open };
    let (mut candidates, mut wanted) = (Vec::new(), None);
    match begun {
        Begun::Parameter => {
            candidates.extend(known.iter().map(|one| offers::parameter(&one.name, &one.gloss)));
        }
        Begun::Text(quote) => {
            candidates = place.terms(quote);
            wanted = place.wanted(&written, quote);
        }
        Begun::Word | Begun::Quoted => {
            candidates = place.named();
            candidates.extend(words::candidates(&words));
        }
    }
    if begun == Begun::Quoted {
        candidates.iter_mut().for_each(in_back_ticks);
    }
    let written = if begun == Begun::Parameter { format!("${written}") } else { written };
    Fits { span: span.start..span.end, candidates: ranked(candidates, &written), names: wanted }
}

/// The cursor's place with all that is needed to say what fits there.
struct Place<'a> {
    catalog: &'a Catalog,
    resolver: Resolver<'a>,
    defined: Vec<&'a Definition>,
    found: Found,
    /// Whether a function's parenthesis is still to be written.
    open: bool,
}

impl Place<'_> {
    /// The names that fit.
    fn named(&self) -> Vec<Candidate> {
        let Found { site, clauses, columns } = &self.found;
        let catalog = self.catalog;
        match site {
            None | Some(Site::NewName | Site::NodeText(_) | Site::TextLike(_)) => Vec::new(),
            Some(Site::Value | Site::ValueLike(_)) => {
                let mut found = self.terms('\'');
                found.extend(columns.iter().map(|name| {
                    candidate(&lang::written_variable(name), name, "a column", Sort::Variable)
                }));
                found.extend(self.variables(|_| true));
                found.extend(offers::functions(&self.defined, self.open));
                found
            }
            Some(Site::Variable) => self.variables(|_| true),
            Some(Site::NodeName) => self.variables(|ty| matches!(ty, Type::Node(_))),
            Some(Site::Property(of)) => {
                let ty = self.resolver.type_of(of, clauses);
                ty.map_or_else(Vec::new, |ty| offers::properties(catalog, &ty))
            }
            Some(Site::NodeLabel(name)) => match self.resolver.type_of_name(name, clauses) {
                Some(Type::Node(kinds)) => offers::kinds(catalog, &kinds),
                _ => offers::kinds(catalog, &offers::all_kinds(catalog)),
            },
            Some(Site::EdgeLabel(edge)) => self.edges(edge),
            Some(Site::LabelOf(of)) => match self.resolver.type_of(of, clauses) {
                Some(Type::Edge(_)) => offers::edges(catalog, &offers::all_edges(catalog)),
                Some(Type::Node(kinds)) => {
                    let all = offers::all_edges(catalog).into_iter();
                    let stands = |edge| catalog.edge(edge).stands_as;
                    let acts = all
                        .filter(|one| stands(one.edge).is_some_and(|kind| kinds.contains(&kind)));
                    let mut found = offers::kinds(catalog, &kinds);
                    found.extend(offers::edges(catalog, &acts.collect::<Vec<_>>()));
                    found
                }
                _ => Vec::new(),
            },
            Some(Site::Type) => {
                let kinds = offers::kinds(catalog, &offers::all_kinds(catalog));
                let types = offers::TYPES.iter();
                types
                    .map(|(name, gloss)| candidate(name, name, gloss, Sort::Keyword))
                    .chain(kinds)
                    .collect()
            }
        }
    }

    fn variables(&self, fits: impl Fn(&Type) -> bool) -> Vec<Candidate> {
        let known = self.resolver.variables(&self.found.clauses).into_iter();
        known
            .filter(|(_, ty)| fits(ty))
            .map(|(name, ty)| offers::variable(self.catalog, &name, &ty))
            .collect()
    }

    fn edges(&self, EdgeSite { edge, left: _, right: _, direction }: &EdgeSite) -> Vec<Candidate> {
        let any = [Type::Any, Type::Any];
        let known = self.resolver.alternatives(edge, &self.found.clauses);
        let (alternatives, ends) = known.unwrap_or_else(|| (offers::all_edges(self.catalog), any));
        let mut found = offers::edges(self.catalog, &alternatives);
        if found.is_empty() {
            found = offers::edges(self.catalog, &offers::all_edges(self.catalog));
        }
        found.extend(offers::defined_edges(self.catalog, &self.defined, *direction, &ends));
        found
    }

    /// The property that what is wanted is compared with: the type of its owner, and its name.
    fn compared(&self) -> Option<(Type, &str)> {
        let Some(Site::TextLike(with) | Site::ValueLike(with)) = &self.found.site else {
            return None;
        };
        let ExprKind::Property(of, name) = &with.kind else { return None };
        Some((self.resolver.type_of(of, &self.found.clauses)?, &name.text))
    }

    fn terms(&self, quote: char) -> Vec<Candidate> {
        let compared = self.compared();
        compared.map_or_else(Vec::new, |(ty, name)| offers::terms(self.catalog, &ty, name, quote))
    }

    /// The names from the data that are wanted in a text.
    fn wanted(&self, begun: &str, quote: char) -> Option<Wanted> {
        let (kinds, by_key) = match &self.found.site {
            Some(Site::NodeText(name)) => {
                match self.resolver.type_of_name(name, &self.found.clauses) {
                    Some(Type::Node(kinds)) => (kinds.into_iter().collect(), false),
                    _ => (self.catalog.nodes().collect(), false),
                }
            }
            Some(Site::TextLike(_)) => {
                let (ty, name) = self.compared()?;
                let by = named_by(self.catalog, &ty, name);
                (by.iter().map(|(kind, _)| *kind).collect(), by.iter().any(|(_, key)| *key))
            }
            _ => return None,
        };
        let has_key = |kind: &KindId| self.catalog.kind(*kind).key.is_some();
        let kinds: Vec<KindId> = Vec::into_iter(kinds).filter(has_key).collect();
        (!kinds.is_empty()).then(|| Wanted { kinds, begun: begun.to_owned(), quote, by_key })
    }
}

/// What a script defines, and of the prelude what it does not define otherwise.
fn in_force(own: &[Definition]) -> Vec<&Definition> {
    let is_own = |one: &&Definition| {
        own.iter().any(|other| other.name.text.eq_ignore_ascii_case(&one.name.text))
    };
    own.iter().chain(prelude().iter().filter(|one| !is_own(one))).collect()
}

/// The parameters that are known: those given, those the script declares, those it speaks of elsewhere.
fn parameters_of(text: &str, script: &Script, given: &[Known]) -> Vec<Known> {
    let mut found = given.to_vec();
    let mut add = |name: &str, gloss: String| {
        if name != unfinished::HERE && found.iter().all(|known| known.name != name) {
            found.push(Known { name: name.to_owned(), gloss });
        }
    };
    for param in &script.params {
        let help = param.help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
        add(&param.name.text, format!("{}{help}", param.ty.name.text));
    }
    for name in lang::parameters(&Source::inline(text)) {
        add(&name, String::new());
    }
    found
}

fn in_back_ticks(candidate: &mut Candidate) {
    if !candidate.text.starts_with('`') {
        candidate.text = format!("`{}`", candidate.label.replace('`', "``"));
    }
}

/// Those that fit what is begun, the best first; what fits alike stays in order.
fn ranked(candidates: Vec<Candidate>, begun: &str) -> Vec<Candidate> {
    let mut wish = Wish::new(begun);
    let fitting = candidates.into_iter().filter_map(|one| {
        let fit = wish.fit(name_of(&one))?;
        Some((fit, one))
    });
    let mut found: Vec<(Fit, Candidate)> = fitting.collect();
    // What only has the letters is not told beside what begins so.
    if found.iter().any(|(fit, _)| *fit <= Fit::Word) {
        found.retain(|(fit, _)| *fit <= Fit::Word);
    }
    found.sort_by_key(|(fit, one)| (*fit, one.sort == Sort::Function));
    found.into_iter().map(|(_, one)| one).collect()
}

/// What of a candidate is compared with what is begun.
fn name_of(candidate: &Candidate) -> &str {
    match candidate.sort {
        Sort::Function => candidate.label.split('(').next().unwrap_or_default(),
        _ => &candidate.label,
    }
}
