//! Searches for the nearest nodes: which nodes a running search has come to, and how.
//!
//! A statement opens a search with its first node, asks of each edge it looks at whether the node behind it is new, the
//! nearest first, and takes the paths at the end. What a statement leaves behind is forgotten before the next one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Error, Result};
use serde_json::Value as Json;

use super::{integer, text};
use crate::store::error::{self, Mistake};

/// Bits of the first argument of those that open a search.
const ALL: i64 = 1;
const START_IS_PASSED: i64 = 2;
const BACKWARDS: i64 = 4;

/// The most nodes that the searches of one statement remember, and the most text that the paths to one node take.
const MOST_NODES: usize = 5_000_000;
const MOST_TEXT: usize = 15 << 20;

/// A node: its kind's number and its id.
type Node = (i64, i64);

/// All searches of the running statement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Searches(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: i64,
    nodes: usize,
    open: HashMap<i64, Search>,
}

#[derive(Debug)]
struct Search {
    /// Whether all shortest paths are wanted, not just one.
    all: bool,
    backwards: bool,
    target: Option<Node>,
    /// An edge that is passed already.
    banned: Option<Box<str>>,
    /// How far the target is, once it is found.
    found: Option<i64>,
    /// Every node come to, the first one first.
    seen: Vec<Seen>,
    at: HashMap<Node, usize>,
}

/// A node come to, and from where.
#[derive(Debug)]
struct Seen {
    node: Node,
    depth: i64,
    from: Vec<Step>,
}

/// An edge over which a node was come to.
#[derive(Debug)]
struct Step {
    parent: usize,
    token: Box<str>,
    /// The edge as a member of a list, where that is another value.
    member: Option<Box<str>>,
}

impl Searches {
    /// Forgets all searches.
    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        state.open = HashMap::new();
        state.nodes = 0;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the functions known to a connection.
pub(super) fn register(connection: &Connection) -> Result<Searches> {
    let searches = Searches::default();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
    for arguments in [3, 5] {
        let of = searches.clone();
        connection.create_scalar_function("dixit_search", arguments, flags, move |context| {
            let target = (arguments == 5).then(|| node(context, 3)).transpose()?;
            of.lock().open(integer(context, 0)?, node(context, 1)?, target)
        })?;
    }
    let of = searches.clone();
    connection.create_scalar_function("dixit_search_over", 7, flags, move |context| {
        let (start, first) = (node(context, 1)?, node(context, 3)?);
        of.lock().open_over(integer(context, 0)?, (start, first), step(context, 5, 0))
    })?;
    let of = searches.clone();
    connection.create_scalar_function("dixit_search_visit", 8, flags, move |context| {
        let (here, there) = (node(context, 2)?, node(context, 4)?);
        let (search, depth) = (integer(context, 0)?, integer(context, 1)?);
        of.lock().visit(search, (here, depth), there, &mut |parent| step(context, 6, parent))
    })?;
    let of = searches.clone();
    connection.create_scalar_function("dixit_search_paths", 3, flags, move |context| {
        of.lock().paths(integer(context, 0)?, node(context, 1)?)
    })?;
    Ok(searches)
}

fn node(context: &Context<'_>, at: usize) -> Result<Node> {
    Ok((integer(context, at)?, integer(context, at + 1)?))
}

fn step(context: &Context<'_>, at: usize, parent: usize) -> Step {
    let (token, member) = (text(context, at), text(context, at + 1));
    let member = (member != token).then(|| member.into());
    Step { parent, token: token.into(), member }
}

impl State {
    fn open(&mut self, how: i64, start: Node, target: Option<Node>) -> Result<i64> {
        self.remember(1)?;
        self.next += 1;
        let passed = how & START_IS_PASSED != 0;
        let search = Search {
            all: how & ALL != 0,
            backwards: how & BACKWARDS != 0,
            target,
            banned: None,
            found: (passed && target == Some(start)).then_some(0),
            seen: vec![Seen { node: start, depth: 0, from: Vec::new() }],
            at: passed.then_some((start, 0)).into_iter().collect(),
        };
        self.open.insert(self.next, search);
        Ok(self.next)
    }

    /// A search for the way back to its start that has passed one edge already, and must not pass it again.
    fn open_over(&mut self, how: i64, (start, first): (Node, Node), over: Step) -> Result<i64> {
        let number = self.open(how & !START_IS_PASSED, start, Some(start))?;
        self.remember(1)?;
        if let Some(search) = self.open.get_mut(&number) {
            search.banned = Some(over.token.clone());
            search.found = (first == start).then_some(1);
            search.at.insert(first, 1);
            search.seen.push(Seen { node: first, depth: 1, from: vec![over] });
        }
        Ok(number)
    }

    fn remember(&mut self, more: usize) -> Result<()> {
        self.nodes += more;
        if self.nodes > MOST_NODES {
            return Err(wrong(
                "the searches for shortest paths come to more than 5 million nodes; say from where to where",
            ));
        }
        Ok(())
    }

    /// Whether a node is new to a search and to be gone on from.
    fn visit(
        &mut self,
        number: i64,
        (here, depth): (Node, i64),
        there: Node,
        over: &mut dyn FnMut(usize) -> Step,
    ) -> Result<bool> {
        let Some(search) = self.open.get_mut(&number) else { return Ok(false) };
        let far = depth + 1;
        if search.found.is_some_and(|found| far > found || !search.all) {
            return Ok(false);
        }
        let parent = if depth == 0 { Some(0) } else { search.at.get(&here).copied() };
        let Some(parent) = parent else { return Ok(false) };
        if let Some(&at) = search.at.get(&there) {
            let also = search.all && search.seen.get(at).is_some_and(|seen| seen.depth == far);
            if also
                && !search.is_banned(&over(parent))
                && let Some(seen) = search.seen.get_mut(at)
            {
                seen.from.push(over(parent));
            }
            return Ok(false);
        }
        let over = over(parent);
        if search.is_banned(&over) {
            return Ok(false);
        }
        search.at.insert(there, search.seen.len());
        search.seen.push(Seen { node: there, depth: far, from: vec![over] });
        if search.target == Some(there) {
            search.found = Some(far);
        }
        self.remember(1)?;
        Ok(true)
    }

    /// The paths to a node, as a JSON array; each as three texts: nodes and edges in turn, the edges as members of a
    /// list, and the edges as a trail.
    fn paths(&self, number: i64, to: Node) -> Result<Option<String>> {
        let Some(search) = self.open.get(&number) else { return Ok(None) };
        let last = search.at.get(&to).copied().unwrap_or(0);
        let (mut found, mut text) = (Vec::new(), 0);
        let mut open = vec![(last, Vec::<&Step>::new())];
        while let Some((at, steps)) = open.pop() {
            let Some(seen) = search.seen.get(at) else { continue };
            if at == 0 {
                let path = search.written(&steps, last);
                text += path.iter().map(String::len).sum::<usize>();
                if text > MOST_TEXT {
                    let many = "there are too many shortest paths between two nodes; `any shortest` takes one";
                    return Err(wrong(many));
                }
                found.push(Json::from(path.to_vec()));
                continue;
            }
            let wanted = if search.all { seen.from.len() } else { 1 };
            for step in seen.from.iter().take(wanted).rev() {
                let mut steps = steps.clone();
                steps.push(step);
                open.push((step.parent, steps));
            }
        }
        Ok(Some(Json::from(found).to_string()))
    }
}

fn wrong(what: &str) -> Error {
    Error::UserFunctionError(error::sent(Mistake::SearchSize, -1, what).into())
}

impl Search {
    fn is_banned(&self, step: &Step) -> bool {
        self.banned.as_ref() == Some(&step.token)
    }

    /// A path given by its steps, the last one first.
    fn written(&self, steps: &[&Step], last: usize) -> [String; 3] {
        let mut out = [String::new(), String::new(), String::new()];
        let name = |at: usize| {
            let (kind, id) = self.seen.get(at).map_or((0, 0), |seen| seen.node);
            format!("[{kind},{id}]")
        };
        // Each step with the node behind it in the order written.
        let mut behind = last;
        let ends =
            steps.iter().map(|step| (std::mem::replace(&mut behind, step.parent), step.parent));
        let all: Vec<(&&Step, (usize, usize))> = steps.iter().zip(ends).collect();
        let mut add = |step: &Step, node: String| {
            let member = step.member.as_ref().unwrap_or(&step.token);
            let [way, edges, trail] = &mut out;
            way.extend([",", &step.token, ",", &node]);
            edges.extend([",", member]);
            trail.push_str(&step.token);
        };
        if self.backwards {
            for (step, (_, before)) in &all {
                add(step, name(*before));
            }
        } else {
            for (step, (behind, _)) in all.iter().rev() {
                add(step, name(*behind));
            }
        }
        out
    }
}
