//! Expressions: names become variables and properties, functions are found, and every part gets its type.

use super::{Noted, Resolved, Resolver, arguments::of_constant, compare::Side};
use crate::base::{date::Date, source::Span};
use crate::lang::ast::{self, BinaryOp, IsWhat, UnaryOp};
use crate::meaning::{
    catalog::Catalog,
    errors,
    functions::{self, Aggregate, Function, Gives, Means, Sum, Takes},
    question::{Arithmetic, Comparison, Constant, Expr, ExprKind, Owner, TextTest},
    scope::{Meaning, Scope},
    types::Type,
};

impl Resolver<'_> {
    /// An item of `return` or a sort key: aggregates may stand in it.
    pub(super) fn item(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        self.any(written, scope, None)
    }

    /// An expression without aggregates.
    pub(super) fn expr(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        self.expr_as(written, scope, None)
    }

    /// An expression without aggregates; a parameter whose type nothing says is read as `expected`.
    pub(super) fn expr_as(
        &mut self,
        written: &ast::Expr,
        scope: &Scope,
        expected: Option<&Type>,
    ) -> Resolved<Expr> {
        let value = self.any(written, scope, expected)?;
        if value.has_aggregate() {
            return self.wrong(errors::misplaced_aggregate(written.span));
        }
        Ok(value)
    }

    /// A condition, which gives true, false or null.
    pub(super) fn condition(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.expr_as(written, scope, Some(&Type::Bool))?;
        self.need_truth(value, written.span)
    }

    fn need_truth(&mut self, value: Expr, span: Span) -> Resolved<Expr> {
        match value.ty {
            Type::Bool | Type::Null => Ok(value),
            Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::List(_)
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => self.wrong(errors::not_a_truth(span, &value.ty, self.catalog)),
        }
    }

    fn any(
        &mut self,
        written: &ast::Expr,
        scope: &Scope,
        expected: Option<&Type>,
    ) -> Resolved<Expr> {
        use ast::ExprKind as A;
        let span = written.span;
        match &written.kind {
            A::Null => Ok(Expr::new(ExprKind::Null, Type::Null)),
            A::Bool(value) => Ok(of_constant(Constant::Bool(*value))),
            A::Int(value) => Ok(of_constant(Constant::Int(*value))),
            A::Float(value) => Ok(of_constant(Constant::Float(*value))),
            A::Text(value) => Ok(of_constant(Constant::Text(value.clone()))),
            A::Date(text) => self.date(text, span),
            A::Param(name) => self.param(name, expected),
            A::Variable(name) => self.variable(name, scope),
            A::Property(of, name) => {
                let of = self.any(of, scope, None)?;
                self.property(of, name)
            }
            A::Call { name, distinct, star, args } => {
                self.call(Call { name, distinct: *distinct, star: *star, args, span }, scope)
            }
            A::Unary(op, value) => self.unary(*op, value, scope),
            A::Binary(op, at, left, right) => self.binary(*op, *at, (left, right), scope),
            A::Is { value, negated, what } => {
                let value = self.any(value, scope, None)?;
                self.is(value, *negated, *what, span)
            }
            A::IsLabeled { value, negated, label } => {
                let of = self.any(value, scope, None)?;
                let test = self.is_labeled(of, label, value.span)?;
                Ok(negate_if(*negated, test))
            }
            A::Case { subject, branches, otherwise } => {
                self.case(subject.as_deref(), branches, otherwise.as_deref(), scope)
            }
            A::List(members) => self.list(members, scope, expected, span),
            A::Index(list, at) => self.index(list, at, scope),
            A::Slice(list, from, to) => self.slice(list, from.as_deref(), to.as_deref(), scope),
            A::Exists(inner) => {
                let mut inside = scope.clone();
                self.match_clause(inner, &mut inside)
                    .map(|found| Expr::truth(ExprKind::Exists(Box::new(found))))
            }
        }
    }

    fn date(&mut self, text: &str, span: Span) -> Resolved<Expr> {
        match Date::parse(text) {
            Ok(date) => Ok(of_constant(Constant::Date(date))),
            Err(bad) => self.wrong(errors::bad_date(span, text, &bad)),
        }
    }

    fn variable(&mut self, name: &ast::Name, scope: &Scope) -> Resolved<Expr> {
        match scope.find(&name.text) {
            Some(Meaning::Var(var)) => Ok(Expr::new(ExprKind::Var(*var), self.ty(*var).clone())),
            Some(Meaning::Column(value)) => Ok(value.clone()),
            None => self.wrong(errors::unknown_variable(name, scope.names())),
        }
    }

    /// `of.name`
    pub(super) fn property(&mut self, of: Expr, name: &ast::Name) -> Resolved<Expr> {
        let catalog = self.catalog;
        let owners: Vec<Owner> = match &of.ty {
            Type::Node(kinds) => kinds.iter().map(|&kind| Owner::Kind(kind)).collect(),
            Type::Edge(edges) => edges
                .iter()
                .map(|&edge| catalog.edge(edge).stands_as.map_or(Owner::Edge(edge), Owner::Kind))
                .collect(),
            Type::Null => return Ok(Expr::new(ExprKind::Null, Type::Null)),
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::List(_)
            | Type::Path => {
                return self.wrong(errors::no_properties(name, &of.ty, catalog));
            }
        };
        let (mut choices, mut ty) = (Vec::new(), Type::Null);
        for &owner in &owners {
            let Some((at, found)) = Catalog::property(properties(catalog, owner), &name.text)
            else {
                continue;
            };
            match ty.join(&found.ty) {
                Some(joined) => ty = joined,
                None => return self.wrong(errors::mixed_property(name)),
            }
            choices.push((owner, at));
        }
        if choices.is_empty() {
            let note = errors::unknown_property(name, &of.ty, &owners, catalog);
            return self.wrong(note);
        }
        Ok(Expr::new(ExprKind::Property(Box::new(of), choices), ty))
    }

    fn unary(&mut self, op: UnaryOp, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        if op == UnaryOp::Not {
            let value = self.any(written, scope, Some(&Type::Bool))?;
            return self.need_truth(value, written.span).map(negate);
        }
        let value = self.any(written, scope, None)?;
        self.need_number(&value, written.span)?;
        match (op, &value.kind) {
            (UnaryOp::Minus, ExprKind::Constant(Constant::Int(number))) => {
                Ok(of_constant(Constant::Int(number.wrapping_neg())))
            }
            (UnaryOp::Minus, ExprKind::Constant(Constant::Float(number))) => {
                Ok(of_constant(Constant::Float(-number)))
            }
            (UnaryOp::Minus, _) => {
                let ty = value.ty.clone();
                Ok(Expr::new(ExprKind::Negate(Box::new(value)), ty))
            }
            (UnaryOp::Plus | UnaryOp::Not, _) => Ok(value),
        }
    }

    fn need_number(&mut self, value: &Expr, span: Span) -> Resolved<()> {
        if value.ty.is_number() || value.ty == Type::Null {
            return Ok(());
        }
        self.wrong(errors::not_a_number(span, &value.ty, self.catalog))
    }

    /// Both sides; a parameter on one takes the type of the other.
    fn sides(
        &mut self,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<(Side, Side)> {
        let (left, right) = written;
        if matches!(left.kind, ast::ExprKind::Param(_)) {
            let right_value = self.any(right, scope, None);
            let expected = right_value.as_ref().ok().map(|value| value.ty.clone());
            let left_value = self.any(left, scope, expected.as_ref());
            return Ok(((left_value?, left.span), (right_value?, right.span)));
        }
        let left_value = self.any(left, scope, None);
        let expected = left_value.as_ref().ok().map(|value| value.ty.clone());
        let right_value = self.any(right, scope, expected.as_ref());
        Ok(((left_value?, left.span), (right_value?, right.span)))
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => self.logic(op, written, scope),
            BinaryOp::Equal => self.comparison(Comparison::Equal, at, written, scope),
            BinaryOp::NotEqual => self.comparison(Comparison::NotEqual, at, written, scope),
            BinaryOp::Less => self.comparison(Comparison::Less, at, written, scope),
            BinaryOp::LessEqual => self.comparison(Comparison::LessEqual, at, written, scope),
            BinaryOp::Greater => self.comparison(Comparison::Greater, at, written, scope),
            BinaryOp::GreaterEqual => self.comparison(Comparison::GreaterEqual, at, written, scope),
            BinaryOp::In => self.membership(at, written, scope),
            BinaryOp::NotIn => self.membership(at, written, scope).map(negate),
            BinaryOp::Alike => self.text_test(TextTest::Alike, written, scope),
            BinaryOp::Contains => self.text_test(TextTest::Contains, written, scope),
            BinaryOp::StartsWith => self.text_test(TextTest::StartsWith, written, scope),
            BinaryOp::EndsWith => self.text_test(TextTest::EndsWith, written, scope),
            BinaryOp::Like => self.text_test(TextTest::Like, written, scope),
            BinaryOp::Regex => self.text_test(TextTest::Regex, written, scope),
            BinaryOp::Matches => self.search(written, scope),
            BinaryOp::Concat => self.concat(at, written, scope),
            BinaryOp::Add => self.add(at, written, scope),
            BinaryOp::Subtract => self.arithmetic(Arithmetic::Subtract, written, scope),
            BinaryOp::Multiply => self.arithmetic(Arithmetic::Multiply, written, scope),
            BinaryOp::Divide => self.arithmetic(Arithmetic::Divide, written, scope),
            BinaryOp::Modulo => self.arithmetic(Arithmetic::Modulo, written, scope),
            BinaryOp::Power => self.arithmetic(Arithmetic::Power, written, scope),
        }
    }

    fn logic(
        &mut self,
        op: BinaryOp,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let mut sides = Vec::new();
        for side in [written.0, written.1] {
            let value = self
                .any(side, scope, Some(&Type::Bool))
                .and_then(|value| self.need_truth(value, side.span));
            sides.push(value);
        }
        let mut sides = sides.into_iter().collect::<Resolved<Vec<Expr>>>()?;
        if op == BinaryOp::Xor {
            let right = sides.pop().ok_or(Noted)?;
            let left = sides.pop().ok_or(Noted)?;
            return Ok(Expr::truth(ExprKind::Xor(Box::new(left), Box::new(right))));
        }
        let and = op == BinaryOp::And;
        let flat = sides.into_iter().flat_map(|side| match (and, side.kind) {
            (true, ExprKind::And(parts)) | (false, ExprKind::Or(parts)) => parts,
            (_, kind) => vec![Expr { kind, ty: side.ty }],
        });
        let parts = flat.collect();
        Ok(Expr::truth(if and { ExprKind::And(parts) } else { ExprKind::Or(parts) }))
    }

    fn comparison(
        &mut self,
        how: Comparison,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (left, right) = self.sides(written, scope)?;
        self.compare(how, at, left, right)
    }

    fn membership(
        &mut self,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let value = (self.any(written.0, scope, None)?, written.0.span);
        let expected = Type::List(Box::new(value.0.ty.clone()));
        let list = (self.any(written.1, scope, Some(&expected))?, written.1.span);
        let member = match &list.0.ty {
            Type::Date if matches!(value.0.ty, Type::Date | Type::Null) => {
                return Ok(Expr::truth(ExprKind::Within(Box::new(value.0), Box::new(list.0))));
            }
            Type::List(of) => (**of).clone(),
            Type::Null => Type::Null,
            Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::Node(_)
            | Type::Edge(_)
            | Type::Path => {
                return self.wrong(errors::not_a_list(list.1, &list.0.ty, self.catalog));
            }
        };
        let shown = (Expr::new(ExprKind::Null, member), list.1);
        self.check_alike(at, &value, &shown)?;
        self.check_term(&value, &list)?;
        Ok(Expr::truth(ExprKind::In(Box::new(value.0), Box::new(list.0))))
    }

    fn text_test(
        &mut self,
        how: TextTest,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let mut sides = Vec::new();
        for side in [written.0, written.1] {
            let value = self.any(side, scope, Some(&Type::Text))?;
            if !matches!(value.ty, Type::Text | Type::Null) {
                return self.wrong(errors::not_a_text(side.span, &value.ty, self.catalog));
            }
            sides.push(Box::new(value));
        }
        let (Some(right), Some(left)) = (sides.pop(), sides.pop()) else { return Err(Noted) };
        if let (TextTest::Regex, ExprKind::Constant(Constant::Text(pattern))) = (how, &right.kind)
            && let Err(reason) = regex::Regex::new(pattern)
        {
            return self.wrong(errors::bad_regex(written.1.span, &reason.to_string()));
        }
        Ok(Expr::truth(ExprKind::TextTest(how, left, right)))
    }

    fn search(&mut self, written: (&ast::Expr, &ast::Expr), scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written.0, scope, None)?;
        let query = self.any(written.1, scope, Some(&Type::Text))?;
        if !matches!(query.ty, Type::Text | Type::Null) {
            return self.wrong(errors::not_a_text(written.1.span, &query.ty, self.catalog));
        }
        let found = match &value.kind {
            ExprKind::Property(of, choices) if choices.len() == 1 => {
                choices.first().map(|choice| (of.clone(), *choice))
            }
            _ => None,
        };
        let searchable = |(_, (owner, at)): &(Box<Expr>, (Owner, usize))| {
            self.property_of(*owner, *at).is_some_and(|property| property.search.is_some())
        };
        match found.filter(searchable) {
            Some((of, (owner, property))) => {
                let query = Box::new(query);
                let found =
                    Expr::truth(ExprKind::Search { of, owner, property, query, rank: false });
                self.searches.push(found.clone());
                Ok(found)
            }
            None => self.wrong(errors::not_searchable(written.0.span, self.catalog)),
        }
    }

    fn concat(
        &mut self,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (left, right) = self.sides(written, scope)?;
        let ty = match (&left.0.ty, &right.0.ty) {
            (Type::Text | Type::Null, Type::Text | Type::Null) => Type::Text,
            (Type::List(_), Type::List(_)) => match left.0.ty.join(&right.0.ty) {
                Some(joined) => joined,
                None => return self.wrong(errors::unlike(at, &left, &right, self.catalog)),
            },
            _ => return self.wrong(errors::cannot_join(at, &left, &right, self.catalog)),
        };
        Ok(Expr::new(ExprKind::Concat(Box::new(left.0), Box::new(right.0)), ty))
    }

    /// `+`: numbers are added, texts and lists are joined.
    fn add(
        &mut self,
        at: Span,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (left, right) = self.sides(written, scope)?;
        let joins = |ty: &Type| matches!(ty, Type::Text | Type::List(_));
        if joins(&left.0.ty) || joins(&right.0.ty) {
            return self.concat(at, written, scope);
        }
        self.arithmetic(Arithmetic::Add, written, scope)
    }

    fn arithmetic(
        &mut self,
        how: Arithmetic,
        written: (&ast::Expr, &ast::Expr),
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (left, right) = self.sides(written, scope)?;
        self.need_number(&left.0, left.1)?;
        self.need_number(&right.0, right.1)?;
        let ints = left.0.ty == Type::Int && right.0.ty == Type::Int;
        let ty = if ints && how != Arithmetic::Power { Type::Int } else { Type::Float };
        Ok(Expr::new(ExprKind::Arithmetic(how, Box::new(left.0), Box::new(right.0)), ty))
    }

    fn is(&mut self, value: Expr, negated: bool, what: IsWhat, span: Span) -> Resolved<Expr> {
        let test = match what {
            IsWhat::Null => ExprKind::IsNull(Box::new(value)),
            IsWhat::True | IsWhat::False => {
                let value = self.need_truth(value, span)?;
                ExprKind::IsTruth(Box::new(value), what == IsWhat::True)
            }
        };
        Ok(negate_if(negated, Expr::truth(test)))
    }

    fn is_labeled(&mut self, of: Expr, label: &ast::Label, span: Span) -> Resolved<Expr> {
        match &of.ty {
            Type::Node(kinds) => {
                let only_edges = kinds.iter().all(|&kind| self.catalog.kind(kind).edge.is_some());
                if only_edges && !names_a_kind(self.catalog, label) {
                    let labels = self.edge_labels(Some(label))?;
                    return Ok(Expr::truth(ExprKind::IsEdge(Box::new(of), labels)));
                }
                let kinds = self.kinds(label)?;
                Ok(Expr::truth(ExprKind::IsKind(Box::new(of), kinds)))
            }
            Type::Edge(_) => {
                let labels = self.edge_labels(Some(label))?;
                Ok(Expr::truth(ExprKind::IsEdge(Box::new(of), labels)))
            }
            Type::Null
            | Type::Bool
            | Type::Int
            | Type::Float
            | Type::Text
            | Type::Date
            | Type::List(_)
            | Type::Path => self.wrong(errors::no_labels(span, &of.ty, self.catalog)),
        }
    }

    fn case(
        &mut self,
        subject: Option<&ast::Expr>,
        branches: &[(ast::Expr, ast::Expr)],
        otherwise: Option<&ast::Expr>,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let subject = subject
            .map(|written| Ok((self.any(written, scope, None)?, written.span)))
            .transpose()?;
        let (mut resolved, mut ty) = (Vec::new(), Type::Null);
        for (when, then) in branches {
            let condition = match &subject {
                None => {
                    let value = self.any(when, scope, Some(&Type::Bool))?;
                    self.need_truth(value, when.span)?
                }
                Some(subject) => {
                    let value = self.any(when, scope, Some(&subject.0.ty))?;
                    self.compare(Comparison::Equal, when.span, subject.clone(), (value, when.span))?
                }
            };
            let value = self.any(then, scope, None)?;
            ty = self.join_branch(ty, &value, then.span)?;
            resolved.push((condition, value));
        }
        let otherwise = match otherwise {
            None => None,
            Some(written) => {
                let value = self.any(written, scope, Some(&ty))?;
                ty = self.join_branch(ty, &value, written.span)?;
                Some(Box::new(value))
            }
        };
        Ok(Expr::new(ExprKind::Case(resolved, otherwise), ty))
    }

    fn join_branch(&mut self, ty: Type, value: &Expr, span: Span) -> Resolved<Type> {
        match ty.join(&value.ty) {
            Some(joined) => Ok(joined),
            None => self.wrong(errors::mixed_types(span, &ty, &value.ty, self.catalog)),
        }
    }

    fn list(
        &mut self,
        members: &[ast::Expr],
        scope: &Scope,
        expected: Option<&Type>,
        _span: Span,
    ) -> Resolved<Expr> {
        let of = match expected {
            Some(Type::List(of)) => Some((**of).clone()),
            _ => None,
        };
        let (mut values, mut ty) = (Vec::new(), Type::Null);
        for member in members {
            let value = self.any(member, scope, of.as_ref())?;
            ty = self.join_branch(ty, &value, member.span)?;
            values.push(value);
        }
        Ok(Expr::new(ExprKind::List(values), Type::List(Box::new(ty))))
    }

    fn index(&mut self, list: &ast::Expr, at: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let (value, of) = self.list_operand(list, scope)?;
        let at = self.int_operand(at, scope)?;
        Ok(Expr::new(ExprKind::Index(Box::new(value), Box::new(at)), of))
    }

    fn slice(
        &mut self,
        list: &ast::Expr,
        from: Option<&ast::Expr>,
        to: Option<&ast::Expr>,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let (value, of) = self.list_operand(list, scope)?;
        let from = from.map(|from| self.int_operand(from, scope).map(Box::new)).transpose()?;
        let to = to.map(|to| self.int_operand(to, scope).map(Box::new)).transpose()?;
        Ok(Expr::new(ExprKind::Slice(Box::new(value), from, to), Type::List(Box::new(of))))
    }

    fn list_operand(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<(Expr, Type)> {
        let value = self.any(written, scope, None)?;
        match value.ty.clone() {
            Type::List(of) => Ok((value, *of)),
            other => self.wrong(errors::not_a_list(written.span, &other, self.catalog)),
        }
    }

    fn int_operand(&mut self, written: &ast::Expr, scope: &Scope) -> Resolved<Expr> {
        let value = self.any(written, scope, Some(&Type::Int))?;
        if matches!(value.ty, Type::Int | Type::Null) {
            return Ok(value);
        }
        self.wrong(errors::not_a_number(written.span, &value.ty, self.catalog))
    }
}

/// A call as written.
#[derive(Clone, Copy)]
struct Call<'a> {
    name: &'a ast::Name,
    distinct: bool,
    star: bool,
    args: &'a [ast::Expr],
    span: Span,
}

impl Resolver<'_> {
    fn call(&mut self, call: Call<'_>, scope: &Scope) -> Resolved<Expr> {
        if let Some(which) = functions::aggregate(&call.name.text) {
            return self.aggregate(which, call, scope);
        }
        let Some(function) = functions::function(&call.name.text) else {
            return self.wrong(errors::unknown_function(call.name));
        };
        if call.star || call.distinct {
            return self.wrong(errors::not_an_aggregate(call.span, function.name));
        }
        let most = if function.repeats { usize::MAX } else { function.takes.len() };
        let least = function.takes.len() - function.optional;
        self.check_count(call, function.name, least, most)?;
        let (args, same) = self.args(call, function.takes, scope)?;
        self.function(function, args, same, call)
    }

    fn check_count(
        &mut self,
        call: Call<'_>,
        name: &str,
        least: usize,
        most: usize,
    ) -> Resolved<()> {
        if (least..=most).contains(&call.args.len()) {
            return Ok(());
        }
        self.wrong(errors::wrong_count(call.span, name, (least, most), call.args.len()))
    }

    fn args(
        &mut self,
        call: Call<'_>,
        takes: &[Takes],
        scope: &Scope,
    ) -> Resolved<(Vec<Expr>, Type)> {
        let (mut args, mut same) = (Vec::new(), Type::Null);
        for (at, written) in call.args.iter().enumerate() {
            let Some(&wanted) = takes.get(at).or(takes.last()) else { continue };
            let hint = expectation(wanted).or_else(|| (same != Type::Null).then(|| same.clone()));
            let value = self.any(written, scope, hint.as_ref())?;
            if !accepts(wanted, &value.ty, self.catalog) {
                return self.wrong(errors::wrong_argument(
                    written.span,
                    &call.name.text,
                    wanted,
                    &value.ty,
                    self.catalog,
                ));
            }
            if wanted == Takes::Same {
                same = self.join_branch(same, &value, written.span)?;
            }
            args.push(value);
        }
        Ok((args, same))
    }

    fn function(
        &mut self,
        function: &'static Function,
        mut args: Vec<Expr>,
        same: Type,
        call: Call<'_>,
    ) -> Resolved<Expr> {
        let first = args.first().map_or(Type::Null, |arg| arg.ty.clone());
        match function.means {
            Means::Possibly => {
                let inner = args.pop().ok_or(Noted)?;
                return Ok(Expr::truth(ExprKind::Possibly(Box::new(inner))));
            }
            Means::Score => return self.score(&args, call.span),
            Means::Today => return Ok(of_constant(Constant::Date(self.today.clone()))),
            Means::Sql("dixit_date") => {
                if let Some(ExprKind::Constant(Constant::Text(text))) =
                    args.first().map(|arg| &arg.kind)
                {
                    return self.date(&text.clone(), call.span);
                }
            }
            Means::Sql(_)
            | Means::Coalesce
            | Means::NullIf
            | Means::Size
            | Means::Kind
            | Means::EdgeName
            | Means::ToText
            | Means::PathPart
            | Means::Reverse => {}
        }
        let ty = match function.gives {
            Gives::Int => Type::Int,
            Gives::Float => Type::Float,
            Gives::Text => Type::Text,
            Gives::Bool => Type::Bool,
            Gives::Date => Type::Date,
            Gives::Texts => Type::List(Box::new(Type::Text)),
            Gives::Ints => Type::List(Box::new(Type::Int)),
            Gives::First => first,
            Gives::Joined => same,
            Gives::Member => match first {
                Type::List(of) => *of,
                other => other,
            },
            Gives::Nodes => {
                Type::List(Box::new(Type::Node(self.catalog.kinds().map(|(id, _)| id).collect())))
            }
            Gives::Edges => {
                Type::List(Box::new(Type::Edge(self.catalog.edges().map(|(id, _)| id).collect())))
            }
        };
        Ok(Expr::new(ExprKind::Call(function, args), ty))
    }

    /// The rank of the search on the same node that stands before it.
    fn score(&mut self, args: &[Expr], span: Span) -> Resolved<Expr> {
        for search in self.searches.iter().rev() {
            if let ExprKind::Search { of, owner, property, query, rank: _ } = &search.kind
                && args.first() == Some(of)
            {
                let (of, query) = (of.clone(), query.clone());
                let kind =
                    ExprKind::Search { of, owner: *owner, property: *property, query, rank: true };
                return Ok(Expr::new(kind, Type::Float));
            }
        }
        self.wrong(errors::score_without_search(span))
    }

    fn aggregate(
        &mut self,
        which: &'static Aggregate,
        call: Call<'_>,
        scope: &Scope,
    ) -> Resolved<Expr> {
        let counts = which.gives == Sum::Count;
        if call.star && !counts {
            return self.wrong(errors::star_not_counted(call.span, which.name));
        }
        let least = which.takes.len() - if counts && !call.star { 0 } else { which.optional };
        if !call.star {
            self.check_count(call, which.name, least, which.takes.len())?;
        }
        let (args, _) = self.args(call, which.takes, scope)?;
        if args.iter().any(Expr::has_aggregate) {
            return self.wrong(errors::nested_aggregate(call.span));
        }
        let first = args.first().map_or(Type::Null, |arg| arg.ty.clone());
        let ty = match which.gives {
            Sum::Count => Type::Int,
            Sum::Float => Type::Float,
            Sum::Text => Type::Text,
            Sum::Sum | Sum::Value => first,
            Sum::List => Type::List(Box::new(first)),
        };
        Ok(Expr::new(ExprKind::Aggregate { which, distinct: call.distinct, args }, ty))
    }
}

fn expectation(wanted: Takes) -> Option<Type> {
    match wanted {
        Takes::Text => Some(Type::Text),
        Takes::Int => Some(Type::Int),
        Takes::Number => Some(Type::Float),
        Takes::Date => Some(Type::Date),
        Takes::Bool => Some(Type::Bool),
        Takes::List
        | Takes::TextOrList
        | Takes::Node
        | Takes::Edge
        | Takes::Path
        | Takes::Sized
        | Takes::Simple
        | Takes::Same => None,
    }
}

fn accepts(wanted: Takes, ty: &Type, catalog: &Catalog) -> bool {
    if *ty == Type::Null {
        return true;
    }
    match wanted {
        Takes::Text => *ty == Type::Text,
        Takes::Int => *ty == Type::Int,
        Takes::Number => ty.is_number(),
        Takes::Date => *ty == Type::Date,
        Takes::Bool => *ty == Type::Bool,
        Takes::List => matches!(ty, Type::List(_)),
        Takes::TextOrList => matches!(ty, Type::Text | Type::List(_)),
        Takes::Node => matches!(ty, Type::Node(_)),
        Takes::Edge => match ty {
            Type::Node(kinds) => kinds.iter().all(|&kind| catalog.kind(kind).edge.is_some()),
            other => matches!(other, Type::Edge(_)),
        },
        Takes::Path => *ty == Type::Path,
        Takes::Sized => matches!(ty, Type::Text | Type::List(_) | Type::Path),
        Takes::Simple => {
            matches!(ty, Type::Text | Type::Int | Type::Float | Type::Bool | Type::Date)
        }
        Takes::Same => true,
    }
}

fn names_a_kind(catalog: &Catalog, label: &ast::Label) -> bool {
    match label {
        ast::Label::Name(name) => catalog.kind_named(&name.text).is_some(),
        ast::Label::Any(_) => true,
        ast::Label::Not(inner, _) => names_a_kind(catalog, inner),
        ast::Label::And(a, b) | ast::Label::Or(a, b) => {
            names_a_kind(catalog, a) || names_a_kind(catalog, b)
        }
    }
}

/// The properties of an owner.
pub(super) fn properties(catalog: &Catalog, owner: Owner) -> &[crate::meaning::catalog::Property] {
    match owner {
        Owner::Kind(kind) => &catalog.kind(kind).properties,
        Owner::Edge(edge) => &catalog.edge(edge).properties,
    }
}

fn negate(value: Expr) -> Expr {
    Expr::truth(ExprKind::Not(Box::new(value)))
}

fn negate_if(negated: bool, value: Expr) -> Expr {
    if negated { negate(value) } else { value }
}
