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
const BOTH_ENDS: i64 = 8;

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
    /// Whether it goes on from both ends in turn, a step each, until the two sides meet.
    both: bool,
    target: Option<Node>,
    /// An edge that is passed already.
    banned: Option<Box<str>>,
    /// The side and the depth from which the target, or the other side, was come to.
    found: Option<(usize, i64)>,
    /// Where the sides met, the first place first.
    met: Vec<Node>,
    /// What was come to from the start, and from the target.
    sides: [Side; 2],
}

#[derive(Debug, Default)]
struct Side {
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

/// An edge of a path with the nodes before and behind it.
type Leg<'s> = (&'s Step, Node, Node);

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
    connection.create_scalar_function("dixit_search_visit", 9, flags, move |context| {
        let (here, there) = (node(context, 3)?, node(context, 5)?);
        let (search, depth, side) =
            (integer(context, 0)?, integer(context, 1)?, integer(context, 2)?);
        let side = usize::from(side == 1);
        of.lock().visit(search, (here, depth, side), there, &|parent| step(context, 7, parent))
    })?;
    let of = searches.clone();
    connection.create_scalar_function("dixit_search_met", 4, flags, move |context| {
        let side = usize::from(integer(context, 1)? == 1);
        Ok(of.lock().has_met(integer(context, 0)?, side, node(context, 2)?))
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
        let both = how & BOTH_ENDS != 0;
        let none_needed = passed && target == Some(start);
        let search = Search {
            all: how & ALL != 0,
            backwards: how & BACKWARDS != 0,
            both,
            target,
            banned: None,
            found: none_needed.then_some((0, -1)),
            met: none_needed.then_some(start).into_iter().collect(),
            sides: [
                Side::of(start, passed),
                target.filter(|_| both).map(|target| Side::of(target, true)).unwrap_or_default(),
            ],
        };
        self.open.insert(self.next, search);
        Ok(self.next)
    }

    /// A search for the way back to its start that has passed one edge already, and must not pass it again.
    fn open_over(&mut self, how: i64, (start, first): (Node, Node), over: Step) -> Result<i64> {
        let how = how & !START_IS_PASSED & !BOTH_ENDS;
        let number = self.open(how, start, Some(start))?;
        self.remember(1)?;
        if let Some(search) = self.open.get_mut(&number) {
            search.banned = Some(over.token.clone());
            search.found = (first == start).then_some((0, 0));
            let [side, _] = &mut search.sides;
            side.add(Seen { node: first, depth: 1, from: vec![over] });
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
        here: (Node, i64, usize),
        there: Node,
        over: &dyn Fn(usize) -> Step,
    ) -> Result<bool> {
        let Some(search) = self.open.get_mut(&number) else { return Ok(false) };
        match search.visit(here, there, over) {
            Some(goes_on) => {
                self.remember(1)?;
                Ok(goes_on)
            }
            None => Ok(false),
        }
    }

    /// Whether this is the place by which the end of a search that goes on from both ends is told.
    fn has_met(&self, number: i64, side: usize, node: Node) -> bool {
        let Some(search) = self.open.get(&number) else { return false };
        let first = search.met.first() == Some(&node);
        !search.both || (first && search.found.is_some_and(|(from, _)| from == side))
    }

    /// The paths to a node, as a JSON array; each as three texts: nodes and edges in turn, the edges as members of a
    /// list, and the edges as a trail.
    fn paths(&self, number: i64, to: Node) -> Result<Option<String>> {
        let Some(search) = self.open.get(&number) else { return Ok(None) };
        let [start, target] = &search.sides;
        let (mut found, mut text) = (Vec::new(), 0);
        let places = if search.both { search.met.clone() } else { vec![to] };
        for place in places {
            for mut first in start.ways(place, search.all) {
                first.reverse();
                let back = if search.both { target.ways(place, search.all) } else { vec![vec![]] };
                for rest in back {
                    let rest =
                        rest.into_iter().map(|(step, before, behind)| (step, behind, before));
                    let legs: Vec<Leg<'_>> = first.iter().copied().chain(rest).collect();
                    let path = search.written(&legs);
                    text += path.iter().map(String::len).sum::<usize>();
                    if text > MOST_TEXT {
                        return Err(wrong("there are too many shortest paths between two nodes"));
                    }
                    found.push(Json::from(path.to_vec()));
                    if !search.all {
                        return Ok(Some(Json::from(found).to_string()));
                    }
                }
            }
        }
        Ok(Some(Json::from(found).to_string()))
    }
}

fn wrong(what: &str) -> Error {
    Error::UserFunctionError(error::sent(Mistake::SearchSize, -1, what).into())
}

impl Side {
    fn of(first: Node, passed: bool) -> Self {
        let seen = vec![Seen { node: first, depth: 0, from: Vec::new() }];
        Self { seen, at: passed.then_some((first, 0)).into_iter().collect() }
    }

    fn add(&mut self, seen: Seen) {
        self.at.insert(seen.node, self.seen.len());
        self.seen.push(seen);
    }

    /// The ways to a node, each from its last edge to its first; many ways are many texts, which are counted later.
    fn ways(&self, to: Node, all: bool) -> Vec<Vec<Leg<'_>>> {
        const MOST_WAYS: usize = 1 << 20;
        let mut ways = Vec::new();
        let mut open = vec![(self.at.get(&to).copied().unwrap_or(0), Vec::new())];
        while let Some((at, mut legs)) = open.pop() {
            let Some(seen) = self.seen.get(at) else { continue };
            if at == 0 {
                ways.push(legs);
                if ways.len() > MOST_WAYS {
                    break;
                }
                continue;
            }
            let wanted = if all { seen.from.len() } else { 1 };
            let before = |step: &Step| self.seen.get(step.parent).map(|parent| parent.node);
            let steps = seen.from.iter().take(wanted);
            let mut steps = steps.filter_map(|step| Some((step, before(step)?, seen.node)));
            let Some(first) = steps.next() else { continue };
            for other in steps {
                let mut legs = legs.clone();
                legs.push(other);
                open.push((other.0.parent, legs));
            }
            // The first goes on with what was there: a long way is not copied at each of its nodes.
            legs.push(first);
            open.push((first.0.parent, legs));
        }
        ways
    }
}

impl Search {
    /// Comes to a node; nothing where that tells nothing new, else whether to go on from there.
    fn visit(
        &mut self,
        (here, depth, side): (Node, i64, usize),
        there: Node,
        over: &dyn Fn(usize) -> Step,
    ) -> Option<bool> {
        let last = self.found.is_none_or(|found| self.all && found == (side, depth));
        let other = self.sides.get(1 - side)?.at.contains_key(&there);
        let own = self.sides.get(side)?;
        let parent = if depth == 0 { 0 } else { own.at.get(&here).copied()? };
        let far = depth + 1;
        let before = own.at.get(&there).copied();
        let again = |at: usize| own.seen.get(at).is_some_and(|seen| seen.depth == far);
        if !last || before.is_some_and(|at| !self.all || !again(at)) {
            return None;
        }
        let step = over(parent);
        if self.banned.as_ref() == Some(&step.token) {
            return None;
        }
        let own = self.sides.get_mut(side)?;
        if let Some(at) = before {
            own.seen.get_mut(at)?.from.push(step);
            return None;
        }
        own.add(Seen { node: there, depth: far, from: vec![step] });
        if self.both && other {
            self.met.push(there);
        }
        let arrived = if self.both { other } else { self.target == Some(there) };
        if !arrived {
            return Some(self.found.is_none());
        }
        let first = self.found.is_none();
        self.found = Some((side, depth));
        Some(first)
    }

    /// A path as texts.
    fn written(&self, legs: &[Leg<'_>]) -> [String; 3] {
        let mut out = [String::new(), String::new(), String::new()];
        let mut add = |step: &Step, (kind, id): Node| {
            let member = step.member.as_ref().unwrap_or(&step.token);
            let [way, edges, trail] = &mut out;
            way.extend([",", &step.token, ",", &format!("[{kind},{id}]")]);
            edges.extend([",", member]);
            trail.push_str(&step.token);
        };
        if self.backwards {
            for (step, before, _) in legs.iter().rev() {
                add(step, *before);
            }
        } else {
            for (step, _, behind) in legs {
                add(step, *behind);
            }
        }
        out
    }
}
