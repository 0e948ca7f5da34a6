//! Asks a store what the rows of a query rest on: once with the query itself, for the nodes behind each row, and once about
//! those nodes.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::clock;
use super::engine::{Prepared, Store, of_store};
use super::failure::{Failure, Message};
use crate::base::source::Source;
use crate::base::value::{Row, Value};
use crate::lang::ast;
use crate::meaning::catalog::KindSet;
use crate::meaning::resolve::{Argument, Arguments, World};
use crate::script;
use crate::why::QUESTIONS;
use crate::why::findings::{Findings, Nodes};
use crate::{compile, compile_traced};

/// Answers of more rows are not told about.
const MOST_ROWS: usize = 10_000;

impl Store {
    /// The rows of a query, and for each the words that name what it rests on.
    pub(super) fn traced(
        &self,
        prepared: &Prepared,
        option: &str,
    ) -> Result<(Vec<Row>, Vec<String>), Failure> {
        let traced = compile_traced(&prepared.compiled, &self.told_of(), &self.catalog)
            .map_err(|mistakes| Failure::Question(mistakes, prepared.source.clone()))?;
        let (mut rows, mut words) = (Vec::new(), Vec::new());
        let mut too_many = false;
        self.ran(&traced.statement, &prepared.source, &mut |mut row: Row| {
            too_many = rows.len() == MOST_ROWS;
            if too_many {
                return ControlFlow::Break(());
            }
            match row.pop() {
                Some(Value::Text(text)) => words.push(text),
                Some(_) | None => words.push(String::new()),
            }
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        if too_many {
            let message = format!("{option} tells of {MOST_ROWS} rows at most, and there are more");
            return Err(Failure::Usage(Message::new(message).next("add `limit`")));
        }
        Ok((rows, words))
    }

    /// The kinds of node that rows are said to rest on: those that a question can be asked about.
    fn told_of(&self) -> KindSet {
        let questions = QUESTIONS.iter().filter_map(|(name, text)| saved(name, text));
        let names: Vec<String> = questions
            .flat_map(|saved| saved.parameters.into_iter().map(|parameter| parameter.name))
            .collect();
        let kinds = self.catalog.kinds().filter(|(_, kind)| names.contains(&kind.name));
        kinds.map(|(id, _)| id).collect()
    }

    /// The nodes that words name, of each kind so many.
    pub(super) fn nodes_in(&self, words: &str, most: usize) -> Nodes {
        Nodes::read(words, most, &|edge| {
            let (_, edge) = self.catalog.edges().find(|(_, known)| known.id == edge)?;
            edge.stands_as.map(|kind| self.catalog.kind(kind).id)
        })
    }

    /// Asks about all nodes at once.
    pub(super) fn findings(
        &self,
        ids: &BTreeSet<&str>,
        query: &ast::Query,
        arguments: &Arguments,
    ) -> Result<Findings, Failure> {
        let mut findings = Findings::default();
        for (name, text) in QUESTIONS {
            let Some(mut saved) = saved(name, text) else { continue };
            let mut arguments = arguments.clone();
            let given: Vec<bool> = saved
                .parameters
                .iter()
                .map(|parameter| self.give(&parameter.name, ids, &mut arguments))
                .collect();
            let any = given.contains(&true);
            let asked = saved.queries.first_mut().filter(|_| any);
            let Some(asked) = asked else { continue };
            // What came out later than the day that is asked about is no reason either.
            let known = |as_of: &&ast::AsOf| as_of.clock == ast::Clock::Known;
            asked.as_of = query.as_of.as_ref().filter(known).cloned();
            self.find(asked, &Source::file(*name, *text), &arguments, &mut findings)?;
        }
        findings.link();
        self.name_coded(&mut findings)?;
        Ok(findings)
    }

    /// Says of each statement for whom it was written down, where that is judged to be somebody else.
    fn name_coded(&self, findings: &mut Findings) -> Result<(), Failure> {
        if self.catalog.kinds().all(|(_, kind)| !kind.judged) {
            return Ok(());
        }
        for (id, statement) in &mut findings.statements {
            let number = id.rsplit(':').next().and_then(|number| number.parse().ok());
            if let Some(number) = number {
                statement.coded_as = self.reader.coded_speaker(number).map_err(of_store)?;
            }
        }
        Ok(())
    }

    /// Gives a parameter the ids of the kind it is named after; tells whether there are any.
    fn give(&self, name: &str, ids: &BTreeSet<&str>, arguments: &mut Arguments) -> bool {
        let kind = self.catalog.kinds().find(|(_, kind)| kind.name == name);
        let before = kind.map(|(_, kind)| format!("n:{}:", kind.id));
        let wanted = |id: &&&str| before.as_ref().is_some_and(|before| id.starts_with(before));
        let of_kind = ids.iter().filter(wanted).map(|id| Value::Text((*id).to_owned()));
        let mut of_kind: Vec<Value> = of_kind.collect();
        let any = !of_kind.is_empty();
        if !any {
            // The type of a list without members is not known.
            of_kind.push(Value::Text("n:0:0".to_owned()));
        }
        arguments.set(name, Argument::Value(Value::List(of_kind)));
        any
    }

    fn find(
        &self,
        asked: &ast::Query,
        source: &Source,
        arguments: &Arguments,
        findings: &mut Findings,
    ) -> Result<(), Failure> {
        let today = clock::today();
        let world = World { catalog: &self.catalog, arguments, today: &today };
        let compiled = compile(asked, world)
            .map_err(|mistakes| Failure::Question(mistakes, source.clone()))?;
        let columns: Vec<String> =
            compiled.statement.columns.iter().map(|column| column.name.clone()).collect();
        self.ran(&compiled.statement, source, &mut |row| {
            findings.add(&columns, &row);
            ControlFlow::Continue(())
        })
    }
}

fn saved(name: &str, text: &str) -> Option<script::Saved> {
    script::read(&Source::file(name, text)).ok()
}
