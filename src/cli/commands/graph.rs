//! `dixit graph`: who told whom, who contradicts whom, or what a query finds, as a picture.

use crate::base::closest::closest;
use crate::base::count::counted;
use crate::base::value::Value;
use crate::cli::engine::Store;
use crate::cli::failure::{Failure, Message};
use crate::cli::picture::{
    Answer, Asked, Format, Own, about_what, ask, caption, encoded, given, heading, line, unfiltered,
};
use crate::cli::picture_args::{Between, Graph};
use crate::cli::world::World;
use crate::picture::errors;
use crate::picture::graph::{self, dot, read};
use crate::picture::shipped::Standard;
use crate::picture::values::shown;
use crate::record::catalogue::Catalogue;

/// The words that stand for a picture rather than for a query.
pub(in crate::cli) const ATTRIBUTION: &str = "attribution";
pub(in crate::cli) const DISPUTES: &str = "disputes";
/// So many rows of an answer are looked at.
const ROWS: usize = 100_000;
/// So many statements are looked at for each node.
const EACH: usize = 20;

pub(super) fn run(args: &Graph, world: &World<'_>) -> Result<(), Failure> {
    let Graph { max_nodes, canvas, .. } = args;
    let format = canvas.format("graph", true)?;
    let path = world.store()?;
    let store = world.open_at(&path)?;
    let Picked { asked, answer, title, footer, narrower } = pick(args, &store, world)?;
    if answer.count == 0 {
        return Err(asked.wrong(errors::empty()));
    }
    let symmetric = symmetric(&store.catalogue()?);
    let graph = read::read(&answer.columns, &answer.rows, &symmetric);
    let graph = graph.ok_or_else(|| asked.wrong(errors::no_nodes()))?;
    let nodes = graph.nodes.len();
    if nodes > *max_nodes {
        let many = errors::too_many((nodes, "nodes"), *max_nodes, narrower, "--max-nodes");
        return Err(asked.wrong(many));
    }
    let caption = caption(canvas.title.clone().unwrap_or(title), footer, &store, &path)?;
    let bytes = match format {
        Format::Dot => dot::write(&graph, &caption.title).into_bytes(),
        Format::Html | Format::Svg | Format::Png => {
            encoded(&graph::draw(&graph, &caption), &graph::table(&graph), format, world)?
        }
    };
    canvas.write(&bytes, format, world)?;
    let edges = counted(graph.edges.len(), "edge");
    canvas.tell(&format!("{} and {edges}", counted(nodes, "node")), world);
    Ok(())
}

/// What is to be drawn, how it is called, and how to ask for less.
struct Picked {
    asked: Asked,
    answer: Answer,
    title: String,
    footer: String,
    narrower: &'static str,
}

fn pick(args: &Graph, store: &Store, world: &World<'_>) -> Result<Picked, Failure> {
    let Graph { words, shown: own, filters, by, .. } = args;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [first, ..] if *first != DISPUTES && by.is_some() => Err(only_disputes()),
        [ATTRIBUTION, key] => {
            unfiltered(filters)?;
            attribution(key, store, world)
        }
        [ATTRIBUTION] => {
            let message = Message::new("name the statement whose tellers are to be drawn");
            let next = "by its key: dixit graph attribution KEY -o told.html";
            Err(Failure::Usage(message.next(next)))
        }
        [DISPUTES] => disputes(args, store, world),
        [first, _] => Err(two_words(first)),
        [name] if !name.contains(char::is_whitespace) && *name != "-" => Err(one_word(name)),
        query => match Own::read(query.first().copied(), own, filters, world)? {
            Some(own) => of_query(own, store, world),
            None => Err(nothing()),
        },
    }
}

/// The names of edges without direction.
fn symmetric(catalogue: &Catalogue) -> Vec<String> {
    let Catalogue { edges, terms, .. } = catalogue;
    let edges = edges.iter().filter(|edge| edge.symmetric).filter_map(|edge| edge.name.clone());
    let terms = terms.iter().filter(|term| term.symmetric).map(|term| term.term.clone());
    edges.chain(terms).collect()
}

/// The tellers of a statement, its claim and its sources.
fn attribution(key: &str, store: &Store, world: &World<'_>) -> Result<Picked, Failure> {
    let asked = Asked::standard(Standard::Attribution, &[("statement", key.to_owned())])?;
    let [counting, edges] = asked.queries.as_slice() else {
        return Err(asked.wrong(errors::empty()));
    };
    let numbers = ask(store, &asked, counting, 1, world)?;
    let found = numbers.rows.first().map(Vec::as_slice).unwrap_or_default();
    let [Value::Int(1..), statement] = found else {
        let message = Message::new(format!("there is no statement with the key '{key}'"));
        let next = "`dixit query \"match (s:Statement) return s.key\"` lists the keys";
        return Err(Failure::Name(message.next(next)));
    };
    let answer = ask(store, &asked, edges, ROWS, world)?;
    let title = about_what("Who told of it", &shown(statement).unwrap_or_default());
    let footer = format!("Asked: {}", line("graph", &[ATTRIBUTION, key], &[]));
    let narrower = "draw a statement with fewer tellers";
    Ok(Picked { asked, answer, title, footer, narrower })
}

/// Who stands against whom.
fn disputes(args: &Graph, store: &Store, world: &World<'_>) -> Result<Picked, Failure> {
    let given = given(&args.filters);
    let by_actor = args.by == Some(Between::Actor);
    let standard = if by_actor { Standard::Opponents } else { Standard::Disputes };
    let asked = Asked::standard(standard, &given)?;
    let [counting, edges] = asked.queries.as_slice() else {
        return Err(asked.wrong(errors::empty()));
    };
    let numbers = ask(store, &asked, counting, 1, world)?;
    let narrower = "narrow it with --claim, --actor, --topic, --since or --until";
    let [claims, statements] = [0, 1].map(|at| number(&numbers, at));
    let most = if by_actor { args.max_nodes * EACH } else { args.max_nodes };
    for (count, nouns, most) in [
        (claims, "contested claims", most),
        (statements, "statements on contested claims", args.max_nodes * EACH),
    ] {
        if count > most {
            let many = errors::too_many((count, nouns), most, narrower, "--max-nodes");
            return Err(asked.wrong(many));
        }
    }
    if claims == 0 {
        let message = Message::new(
            "nothing is disputed there: no claim is both affirmed and disputed by different actors",
        );
        return Err(Failure::Name(
            message.next("`dixit run sides --claim KEY` shows who takes which side on a claim"),
        ));
    }
    let answer = ask(store, &asked, edges, ROWS, world)?;
    let title = heading(&asked.question, &given, &numbers);
    let words: &[&str] = if by_actor { &[DISPUTES, "--by", "actor"] } else { &[DISPUTES] };
    let footer = format!("Asked: {}", line("graph", words, &given));
    Ok(Picked { asked, answer, title, footer, narrower })
}

/// A number in the only row of an answer.
fn number(answer: &Answer, column: usize) -> usize {
    match answer.rows.first().and_then(|row| row.get(column)) {
        Some(Value::Int(number)) => usize::try_from(*number).unwrap_or(0),
        _ => 0,
    }
}

/// Whatever a query returns.
fn of_query(own: Own, store: &Store, world: &World<'_>) -> Result<Picked, Failure> {
    let Own { asked, query } = own;
    let answer = ask(store, &asked, &query, ROWS, world)?;
    let title = if asked.question.is_empty() { "Graph" } else { &asked.question }.to_owned();
    let footer = format!("Query: {}", asked.in_one_line());
    Ok(Picked { asked, answer, title, footer, narrower: "narrow the query" })
}

fn nothing() -> Failure {
    let message = Message::new("what is to be drawn?");
    Failure::Usage(message.next(
        "`attribution KEY`, `disputes`, or a query: dixit graph \"match p = (:Venue)-[:within]->(:Venue) return p\" -o x.html",
    ))
}

/// A single word that is no picture of ours.
fn one_word(word: &str) -> Failure {
    let message = Message::new(format!("there is no picture called `{word}`"));
    let near = closest(word, [ATTRIBUTION, DISPUTES]);
    Failure::Usage(message.meant(
        near,
        "there are `attribution KEY` and `disputes`; --query NAME draws a saved query",
    ))
}

fn two_words(first: &str) -> Failure {
    let message = Message::new(format!("`{first}` is followed by something that it does not take"));
    let near = closest(first, [ATTRIBUTION]).filter(|near| *near != first);
    Failure::Usage(message.meant(near, "a query is one word: put it in quotes"))
}

fn only_disputes() -> Failure {
    Failure::Usage(Message::new("--by is for `dixit graph disputes`"))
}
