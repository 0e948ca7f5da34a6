//! Definitions of values: a call is resolved as what it stands for, with the parameters bound to the arguments. The
//! body sees no other names, so nothing of the caller can be meant by mistake.

use std::collections::BTreeSet;

use super::call::Call;
use super::{MOST_COPIED, MOST_EXPANSIONS, MOST_WITHIN, Noted, Resolved, Resolver, TALLEST};
use crate::base::source::Span;
use crate::lang::ast::{self, Definition, Meaning};
use crate::lang::mentions;
use crate::meaning::{
    errors, functions,
    question::{Expr, ExprKind, VarId},
    scope::Scope,
    types::Type,
};

/// The definition that says what was known on a day; `as of` asks it of everything it takes.
const KNOWN: &str = "known_by";

/// A definition of a value with the types of its parameters.
#[derive(Clone)]
pub(super) struct Value<'d> {
    definition: &'d Definition,
    parameters: Vec<(&'d ast::Name, Type)>,
    body: &'d ast::Expr,
}

/// What a query may use that is defined: the script's own, and the prelude where the script says nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Definitions<'d> {
    pub(super) own: &'d [Definition],
    pub(super) prelude: &'d [Definition],
}

impl<'d> Definitions<'d> {
    /// The definitions of a name, values or edges.
    fn named(self, name: &str, is_value: bool) -> Vec<&'d Definition> {
        let fits = |one: &&Definition| {
            one.name.text.eq_ignore_ascii_case(name)
                && matches!(one.meaning, Meaning::Value { .. }) == is_value
        };
        let own: Vec<&Definition> = self.own.iter().filter(fits).collect();
        if own.is_empty() { self.prelude.iter().filter(fits).collect() } else { own }
    }

    /// The derived edge of a name.
    pub(super) fn edge(self, name: &str) -> Option<&'d Definition> {
        self.named(name, false).first().copied()
    }

    /// The names of all values, or of all edges.
    pub(super) fn names(self, values: bool) -> impl Iterator<Item = &'d str> {
        let all = self.own.iter().chain(self.prelude);
        let fits = move |one: &&Definition| matches!(one.meaning, Meaning::Value { .. }) == values;
        all.filter(fits).map(|one| one.name.text.as_str())
    }

    /// Whether the last of these definitions uses the first, maybe through others, which are added then.
    pub(super) fn leads_back(self, way: &mut Vec<&'d Definition>) -> bool {
        self.leads_to_first(way, &mut BTreeSet::new())
    }

    fn leads_to_first(self, way: &mut Vec<&'d Definition>, seen: &mut BTreeSet<Span>) -> bool {
        let Some(last) = way.last() else { return false };
        for name in mentions::of(last) {
            let used =
                self.named(&name.text, false).into_iter().chain(self.named(&name.text, true));
            for one in used {
                if way.first().is_some_and(|first| first.name.span == one.name.span) {
                    return true;
                }
                if !seen.insert(one.name.span) {
                    continue;
                }
                way.push(one);
                if self.leads_to_first(way, seen) {
                    return true;
                }
                way.pop();
            }
        }
        false
    }
}

impl<'w> Resolver<'w> {
    /// What is wrong with the script's own definitions, whether they are used or not.
    pub(super) fn check_definitions(&mut self) {
        let own = self.definitions.own;
        for (at, one) in own.iter().enumerate() {
            let is_value = matches!(one.meaning, Meaning::Value { .. });
            let taken = functions::function(&one.name.text).is_some()
                || functions::aggregate(&one.name.text).is_some();
            if is_value && taken {
                self.notes.push(errors::definitions::name_of_function(&one.name));
            }
            let twin = |other: &&Definition| {
                other.name.text.eq_ignore_ascii_case(&one.name.text) && alike(other, one)
            };
            if let Some(first) = own.iter().take(at).find(twin) {
                self.notes.push(errors::definitions::defined_twice(&one.name, first.name.span));
            }
        }
        for one in own {
            match &one.meaning {
                Meaning::Value { .. } => self.check_value(one),
                Meaning::Edge { .. } => self.check_edge(one),
            }
        }
        let mut told: BTreeSet<String> = BTreeSet::new();
        self.notes.retain(|note| told.insert(format!("{} {}", note.code, note.message)));
    }

    /// Resolves a body with variables in the place of the parameters.
    fn check_value(&mut self, definition: &'w Definition) {
        let Ok(value) = self.value(definition, true) else { return };
        let mut scope = Scope::default();
        for (name, ty) in &value.parameters {
            let var = self.new_var(Some(&name.text), ty.clone());
            scope.add(&name.text, var);
        }
        self.body(&value, &scope).ok();
    }

    /// A definition with its types; nothing where the store lacks a kind that it names.
    fn value(&mut self, definition: &'w Definition, must_fit: bool) -> Resolved<Value<'w>> {
        let Meaning::Value { parameters, body } = &definition.meaning else { return Err(Noted) };
        let mut typed = Vec::new();
        for (name, ty) in parameters {
            match self.parameter_type(ty) {
                Some(ty) => typed.push((name, ty)),
                None if must_fit => {
                    let note = errors::names::unknown_kind(&innermost(ty).name, self.catalog);
                    return self.wrong(note);
                }
                None => return Err(Noted),
            }
        }
        Ok(Value { definition, parameters: typed, body })
    }

    fn parameter_type(&self, ty: &ast::TypeName) -> Option<Type> {
        if let Some(of) = &ty.of {
            let list = ty.name.text.eq_ignore_ascii_case("list");
            let of = self.parameter_type(of).filter(|_| list)?;
            return Some(Type::List(Box::new(of)));
        }
        let kinds = self.catalog.kinds_named(&ty.name.text);
        if kinds.is_empty() { Type::named(&ty.name.text) } else { Some(Type::Node(kinds)) }
    }

    /// The definitions of a name that make sense in this store.
    fn values(&mut self, name: &str) -> Vec<Value<'w>> {
        let found = self.definitions.named(name, true);
        found.into_iter().filter_map(|one| self.value(one, false).ok()).collect()
    }

    /// A call of something defined; nothing where nothing of that name is.
    pub(super) fn defined(&mut self, call: Call<'_>, scope: &Scope) -> Option<Resolved<Expr>> {
        let values = self.values(&call.name.text);
        (!values.is_empty()).then(|| self.expand(&values, call, scope))
    }

    fn expand(&mut self, values: &[Value<'w>], call: Call<'_>, scope: &Scope) -> Resolved<Expr> {
        if call.star || call.distinct {
            return self.wrong(errors::rows::not_an_aggregate(call.span, &call.name.text));
        }
        let (mut args, mut failed) = (Vec::new(), false);
        for (at, written) in call.args.iter().enumerate() {
            let hint = values.iter().find_map(|value| value.parameters.get(at)).map(|(_, ty)| ty);
            match self.any(written, scope, hint) {
                Ok(value) => args.push(value),
                Err(Noted) => failed = true,
            }
        }
        if failed {
            return Err(Noted);
        }
        let fits = |value: &&Value<'w>| {
            let mut both = value.parameters.iter().zip(&args);
            value.parameters.len() == args.len() && both.all(|((_, ty), arg)| takes(ty, &arg.ty))
        };
        let Some(value) = values.iter().find(fits) else {
            let help = self.how_defined(values, call, &args);
            let given: Vec<Type> = args.into_iter().map(|arg| arg.ty).collect();
            let note = errors::definitions::no_definition_fits(
                call.span,
                &call.name.text,
                &given,
                help,
                self.catalog,
            );
            return self.wrong(note);
        };
        let mut inside = Scope::default();
        for ((name, ty), arg) in value.parameters.iter().zip(args) {
            match arg.as_var() {
                Some(var) => inside.add(&name.text, var),
                None if matches!(ty, Type::Node(_)) => inside.add_column(&name.text, arg),
                None => inside.add_column(&name.text, arg.seen_as(ty)),
            }
        }
        let given = self
            .within(&value.definition.name, call.span, |resolver| resolver.body(value, &inside))?;
        if height(&given) > TALLEST {
            let (what, count) = ("operators inside each other", height(&given));
            return self.wrong(errors::patterns::too_large(call.span, what, count, TALLEST));
        }
        Ok(given)
    }

    /// How something is called; for a node that may be of a kind which it takes, how to ask it of that kind.
    fn how_defined(&self, values: &[Value<'w>], call: Call<'_>, args: &[Expr]) -> String {
        let kind = args.first().filter(|_| args.len() == 1).and_then(|node| {
            let Type::Node(given) = &node.ty else { return None };
            values.iter().find_map(|value| match value.parameters.as_slice() {
                [(_, Type::Node(takes))] => takes.intersection(given).next(),
                _ => None,
            })
        });
        let node = match call.args {
            [ast::Expr { kind: ast::ExprKind::Variable(name), .. }] => name.text.as_str(),
            _ => "…",
        };
        if let Some(kind) = kind {
            let kind = &self.catalog.kind(*kind).name;
            return errors::definitions::defined_for_kind(&call.name.text, kind, node);
        }
        let ways: Vec<String> = values.iter().map(Value::signature).collect();
        errors::definitions::defined_as(&ways)
    }

    fn body(&mut self, value: &Value<'w>, scope: &Scope) -> Resolved<Expr> {
        self.any(value.body, scope, None)
    }

    /// Does something inside a definition, unless it is inside it already.
    pub(super) fn within<T>(
        &mut self,
        name: &ast::Name,
        place: Span,
        mut inside: impl FnMut(&mut Self) -> Resolved<T>,
    ) -> Resolved<T> {
        if let Some(at) = self.expanding.iter().position(|known| known.1 == name.span) {
            let cycle = self.expanding.iter().skip(at).map(|(name, _)| name.clone());
            let cycle: Vec<String> = cycle.chain([name.text.clone()]).collect();
            return self.wrong(errors::definitions::recursive(place, &cycle));
        }
        self.count_expansion(place)?;
        if self.expanding.len() >= MOST_WITHIN {
            let what = "definitions inside each other";
            let count = self.expanding.len() + 1;
            return self.wrong(errors::patterns::too_large(place, what, count, MOST_WITHIN));
        }
        self.expanding.push((name.text.clone(), name.span));
        let before = self.notes.len();
        let result = inside(self);
        for note in self.notes.iter_mut().skip(before) {
            if note.labels.iter().all(|label| label.span != place) {
                *note = note.clone().also(place, "in this use of what is defined");
            }
        }
        self.expanding.pop();
        result
    }

    /// Definitions that use others twice grow fast; what they stand for must stay of a size that can be planned.
    pub(super) fn count_expansion(&mut self, place: Span) -> Resolved<()> {
        self.expansions += 1;
        if self.expansions > MOST_EXPANSIONS + 1 {
            return Err(Noted);
        }
        if self.expansions > MOST_EXPANSIONS {
            let (count, most) = (self.expansions, MOST_EXPANSIONS);
            return self.wrong(errors::patterns::too_large(
                place,
                "uses of definitions",
                count,
                most,
            ));
        }
        Ok(())
    }

    /// An argument stands wherever the definition has the parameter; what is copied so may not grow without end.
    pub(super) fn copy(&mut self, value: &Expr, place: Span) -> Resolved<Expr> {
        self.copied += size(value);
        if self.copied > 2 * MOST_COPIED {
            return Err(Noted);
        }
        if self.copied > MOST_COPIED {
            self.copied += MOST_COPIED;
            let (count, most) = (self.copied - MOST_COPIED, MOST_COPIED);
            let what = "parts of arguments copied into definitions";
            return self.wrong(errors::patterns::too_large(place, what, count, most));
        }
        Ok(value.clone())
    }

    /// What must hold of a node, or an edge that is one, to be known on the day of `as of`.
    pub(super) fn known(&mut self, var: VarId) -> Resolved<Option<Expr>> {
        let (Some(day), Type::Node(kinds)) = (self.as_of.clone(), self.ty(var).clone()) else {
            return Ok(None);
        };
        let mut conditions = Vec::new();
        for value in self.values(KNOWN) {
            let [(node, Type::Node(takes)), (date, Type::Date)] = value.parameters.as_slice()
            else {
                continue;
            };
            let both = takes & &kinds;
            if both.is_empty() {
                continue;
            }
            let mut inside = Scope::default();
            inside.add(&node.text, var);
            inside.add_column(&date.text, day.clone());
            let today = self.as_of.take();
            let known = self.within(&value.definition.name, value.definition.span, |resolver| {
                resolver.body(&value, &inside)
            });
            self.as_of = today;
            let known = known?;
            conditions.push(if both == kinds {
                known
            } else {
                let of = Expr::new(ExprKind::Var(var), Type::Node(kinds.clone()));
                let other = Expr::truth(ExprKind::IsKind(Box::new(of), both));
                let other = Expr::truth(ExprKind::Not(Box::new(other)));
                Expr::truth(ExprKind::Or(vec![other, known]))
            });
        }
        Ok((!conditions.is_empty()).then(|| Expr::truth(ExprKind::And(conditions))))
    }

    /// The day of `as of`.
    pub(super) fn day(&mut self, as_of: &ast::AsOf, scope: &Scope) -> Resolved<Expr> {
        let day = self.expr_as(&as_of.time, scope, Some(&Type::Date))?;
        if day.ty != Type::Date {
            let note = errors::definitions::not_a_day(as_of.time.span, &day.ty, self.catalog);
            return self.wrong(note);
        }
        if self.values(KNOWN).is_empty() {
            let why = "nothing in this store says what was known when";
            return self.wrong(errors::definitions::never_known(as_of.span, why));
        }
        Ok(day)
    }
}

fn size(value: &Expr) -> usize {
    1 + value.children().into_iter().map(size).sum::<usize>()
}

fn height(value: &Expr) -> usize {
    1 + value.children().into_iter().map(height).max().unwrap_or(0)
}

impl Value<'_> {
    /// How it is called: `relayed(s: Statement)`.
    fn signature(&self) -> String {
        let Meaning::Value { parameters, body: _ } = &self.definition.meaning else {
            return String::new();
        };
        let parameter =
            |(name, ty): &(ast::Name, ast::TypeName)| format!("{}: {}", name.text, type_words(ty));
        let parameters: Vec<String> = parameters.iter().map(parameter).collect();
        format!("`{}({})`", self.definition.name.text, parameters.join(", "))
    }
}

fn type_words(ty: &ast::TypeName) -> String {
    let of = ty.of.as_ref().map(|of| format!("<{}>", type_words(of)));
    ty.name.text.clone() + &of.unwrap_or_default()
}

fn innermost(ty: &ast::TypeName) -> &ast::TypeName {
    ty.of.as_ref().map_or(ty, |of| innermost(of))
}

/// Whether two definitions of one name take the same.
fn alike(one: &Definition, other: &Definition) -> bool {
    match (&one.meaning, &other.meaning) {
        (Meaning::Value { parameters: a, .. }, Meaning::Value { parameters: b, .. }) => {
            let types = |list: &[(ast::Name, ast::TypeName)]| -> Vec<String> {
                list.iter().map(|(_, ty)| type_words(ty).to_lowercase()).collect()
            };
            types(a) == types(b)
        }
        (Meaning::Edge { .. }, Meaning::Edge { .. }) => true,
        (Meaning::Value { .. }, Meaning::Edge { .. })
        | (Meaning::Edge { .. }, Meaning::Value { .. }) => false,
    }
}

/// Whether a parameter of one type takes a value of the other.
fn takes(wanted: &Type, given: &Type) -> bool {
    match (wanted, given) {
        (_, Type::Null) | (Type::Any, _) | (Type::Float, Type::Int) => true,
        (Type::Node(wanted), Type::Node(given)) => given.is_subset(wanted),
        (Type::List(wanted), Type::List(given)) => takes(wanted, given),
        _ => wanted == given,
    }
}
