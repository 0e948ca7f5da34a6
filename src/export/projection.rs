//! Smaller graphs that are made of the statements: what each is called, and the questions that give its nodes and edges.

use std::collections::{BTreeMap, BTreeSet};

use super::clash::{Clash, Positions};
use super::rows::given;
use super::{Error, Options, World};
use crate::base::closest::closest;
use crate::base::count::counted;
use crate::base::date::day_text;
use crate::base::value::Value;

/// A graph made of statements.
pub(super) struct Projection {
    /// What `--projection` calls it.
    pub(super) name: &'static str,
    /// What it shows, as a title.
    pub(super) about: &'static str,
    /// Whether its edges have a direction.
    pub(super) directed: bool,
    nodes: &'static str,
    edges: Edges,
}

/// Where the edges of a projection come from.
#[derive(Clone, Copy)]
enum Edges {
    /// A question gives them.
    Asked(&'static str),
    /// They are made of the positions of actors.
    Clashes,
}

/// More edges than these are written only where somebody says so: no program for graphs draws them.
const MOST: u64 = 1_000_000;
const WHO: &str = include_str!("queries/who.dixit");

/// All of them; the first one where none is named.
pub(super) const PROJECTIONS: &[Projection] = &[
    Projection {
        name: "actor-claim",
        about: "who takes which side on which claim",
        directed: true,
        nodes: include_str!("queries/actor_claim_nodes.dixit"),
        edges: Edges::Asked(include_str!("queries/actor_claim.dixit")),
    },
    Projection {
        name: "actor-actor",
        about: "who contradicts whom",
        directed: false,
        nodes: include_str!("queries/actor_actor_nodes.dixit"),
        edges: Edges::Clashes,
    },
    Projection {
        name: "attribution",
        about: "who relays whom",
        directed: true,
        nodes: include_str!("queries/attribution_nodes.dixit"),
        edges: Edges::Asked(include_str!("queries/attribution.dixit")),
    },
];

/// A node of a projection.
pub(super) struct Node<'r> {
    /// Its kind and its key: `Actor:mike-rounds`.
    pub(super) id: String,
    /// Its name or text.
    pub(super) label: &'r str,
    /// Its kind.
    pub(super) kind: &'r str,
    /// What kind of actor or claim it is.
    pub(super) sort: Option<&'r str>,
    /// Whether it is an actor that is not known by name.
    pub(super) unnamed: bool,
}

/// An edge of a projection.
pub(super) struct Edge<'r> {
    /// The id of the node it leaves.
    pub(super) from: String,
    /// The id of the node it enters.
    pub(super) to: String,
    /// Which side it stands for.
    pub(super) sign: Sign,
    /// How many statements or claims it stands for.
    pub(super) weight: i64,
    /// How many of them are the speaker's own.
    pub(super) own: i64,
    /// How many of them somebody else relays.
    pub(super) relayed: i64,
    /// The first day it may have been said, as far as that is known.
    pub(super) first: Option<&'r str>,
    /// The last one.
    pub(super) last: Option<&'r str>,
}

/// For, against or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    For,
    Against,
    Neutral,
}

impl Sign {
    /// In a word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Neutral => "neutral",
        }
    }

    /// As a number.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::For => 1,
            Self::Against => -1,
            Self::Neutral => 0,
        }
    }
}

impl Edge<'_> {
    /// Whether it stands for somebody's own position, or only for what others relay.
    pub(super) fn known(&self) -> &'static str {
        match (self.own, self.relayed) {
            (_, 0) => "own",
            (0, _) => "relayed",
            (_, _) => "own and relayed",
        }
    }
}

/// The projection that is asked for.
fn named(options: &Options) -> Result<&'static Projection, Error> {
    let Some(name) = options.projection.as_deref() else {
        return PROJECTIONS.first().ok_or(Error::Asked);
    };
    PROJECTIONS.iter().find(|one| one.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let what = format!("there is no projection `{name}`");
        let names: Vec<&str> = PROJECTIONS.iter().map(|one| one.name).collect();
        let near = closest(name, names.iter().copied());
        let next = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names.join(", ")),
        };
        Error::Usage(what, Some(next))
    })
}

/// A projection of a store, narrowed as the options say.
pub(super) struct Graph<'g> {
    pub(super) projection: &'static Projection,
    world: &'g dyn World,
    options: &'g Options,
    /// What edges are made of, unless a question gives them.
    positions: Option<Positions>,
    /// The keys of those of whom an edge has to tell, where somebody is named.
    whose: Option<BTreeSet<String>>,
    /// The ids of the nodes that have an edge, where not all have one.
    joined: Option<BTreeSet<String>>,
}

/// The graph that is asked for. Refuses one that would be too large for anybody, unless it was asked for so.
pub(super) fn wanted<'g>(world: &'g dyn World, options: &'g Options) -> Result<Graph<'g>, Error> {
    if !world.catalogue().graph.claims {
        let what = "this graph is made of claims and statements, and this store has no such kinds";
        let next = "`dixit export graphml` writes what it has".to_owned();
        return Err(Error::Name(what.to_owned(), Some(next)));
    }
    let projection = named(options)?;
    let mut graph =
        Graph { projection, world, options, positions: None, whose: None, joined: None };
    match projection.edges {
        Edges::Clashes => {
            let claim = given(options.claim.as_ref());
            graph.positions = Some(Positions::asked(world, claim)?);
            graph.whose = whose(world, options)?;
            graph.survey()?;
        }
        Edges::Asked(_) if options.min.is_some_and(|min| min > 1) => {
            let mut joined = BTreeSet::new();
            graph.edges(&mut |edge| {
                joined.extend([edge.from.clone(), edge.to.clone()]);
                Ok(())
            })?;
            graph.joined = Some(joined);
        }
        Edges::Asked(_) => {}
    }
    Ok(graph)
}

/// The keys of the actors that go by a name, if one is given.
fn whose(world: &dyn World, options: &Options) -> Result<Option<BTreeSet<String>>, Error> {
    if options.actor.is_none() {
        return Ok(None);
    }
    let mut keys = BTreeSet::new();
    world.ask(WHO, &[("actor", given(options.actor.as_ref()))], &mut |row| {
        keys.extend(row.first().and_then(text).map(str::to_owned));
        Ok(())
    })?;
    Ok(Some(keys))
}

impl Graph<'_> {
    /// Finds who has an edge, and how many edges there are.
    fn survey(&mut self) -> Result<(), Error> {
        let Some(positions) = &self.positions else { return Ok(()) };
        let mut met = vec![false; positions.keys().len()];
        let mut by_weight: BTreeMap<u32, u64> = BTreeMap::new();
        let mut edges = 0;
        self.clashes(positions, &mut |one, other, clash| {
            edges += 1;
            *by_weight.entry(clash.weight).or_default() += 1;
            for at in [one, other] {
                met.get_mut(at).into_iter().for_each(|met| *met = true);
            }
            Ok(())
        })?;
        if edges > MOST && self.options.min.is_none() {
            return Err(too_many(self.projection, edges, &by_weight));
        }
        self.world.expect(edges);
        let keys = positions.keys().iter().zip(met).filter(|(_, met)| *met);
        self.joined = Some(keys.map(|(key, _)| id_of(positions.kind(), key)).collect());
        Ok(())
    }

    /// The clashes that are wanted.
    fn clashes(
        &self,
        positions: &Positions,
        receive: &mut dyn FnMut(usize, usize, &Clash) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let least = self.options.min.unwrap_or(0);
        let is_wanted: Option<Vec<bool>> = self
            .whose
            .as_ref()
            .map(|whose| positions.keys().iter().map(|key| whose.contains(key)).collect());
        let wanted = |at: usize| {
            is_wanted.as_ref().is_none_or(|wanted| wanted.get(at).copied().unwrap_or_default())
        };
        positions.clashes(self.world, &mut |one, other, clash| {
            if u64::from(clash.weight) < least || !(wanted(one) || wanted(other)) {
                return Ok(());
            }
            receive(one, other, clash)
        })
    }

    /// Hands on its nodes, in the order of their keys.
    pub(super) fn nodes(
        &self,
        receive: &mut dyn FnMut(&Node<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let values = values(self.options);
        // The question about those who clash is about no one of them.
        let values = if self.positions.is_some() { &values[1..] } else { &values[..] };
        self.world.ask(self.projection.nodes, values, &mut |row| {
            let [kind, key, label, sort, unnamed] = row else { return Ok(()) };
            let kind = text(kind).unwrap_or_default();
            let id = id(kind, key);
            if self.joined.as_ref().is_some_and(|joined| !joined.contains(&id)) {
                return Ok(());
            }
            receive(&Node {
                id,
                label: text(label).unwrap_or_default(),
                kind,
                sort: text(sort),
                unnamed: *unnamed == Value::Bool(true),
            })
        })
    }

    /// Hands on its edges: one for a pair of nodes and a sign.
    pub(super) fn edges(
        &self,
        receive: &mut dyn FnMut(&Edge<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match (self.projection.edges, &self.positions) {
            (Edges::Asked(question), _) => self.asked(question, receive),
            (Edges::Clashes, None) => Ok(()),
            (Edges::Clashes, Some(positions)) => {
                self.clashes(positions, &mut |one, other, clash| {
                    self.world.advance(1)?;
                    let key = |at: usize| positions.keys().get(at).map_or("", String::as_str);
                    let [first, last] = [clash.first, clash.last].map(|day| day.map(day_text));
                    receive(&Edge {
                        from: id_of(positions.kind(), key(one)),
                        to: id_of(positions.kind(), key(other)),
                        sign: Sign::Against,
                        weight: clash.weight.into(),
                        own: (clash.weight - clash.relayed).into(),
                        relayed: clash.relayed.into(),
                        first: first.as_deref(),
                        last: last.as_deref(),
                    })
                })
            }
        }
    }

    /// The edges that a question gives.
    fn asked(
        &self,
        question: &str,
        receive: &mut dyn FnMut(&Edge<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.world.ask(question, &values(self.options), &mut |row| {
            let [from_kind, from, to_kind, to, side, weight, own, relayed, first, last] = row
            else {
                return Ok(());
            };
            let weight = number(weight);
            if self.options.min.is_some_and(|min| u64::try_from(weight).unwrap_or(0) < min) {
                return Ok(());
            }
            receive(&Edge {
                from: id(text(from_kind).unwrap_or_default(), from),
                to: id(text(to_kind).unwrap_or_default(), to),
                sign: match number(side) {
                    1.. => Sign::For,
                    0 => Sign::Neutral,
                    ..0 => Sign::Against,
                },
                weight,
                own: number(own),
                relayed: number(relayed),
                first: text(first),
                last: text(last),
            })
        })
    }
}

/// Refuses a graph that nobody can draw; says what is left of it with the least weight that makes it small enough.
fn too_many(projection: &Projection, edges: u64, by_weight: &BTreeMap<u32, u64>) -> Error {
    let all = counted(edges, "edge");
    let name = projection.name;
    let what = format!("{name} would have {all}, more than programs for graphs take");
    let mut left = edges;
    let mut fitting = by_weight.iter().filter_map(|(weight, count)| {
        left -= count;
        (left <= MOST && left > 0).then_some((weight + 1, left))
    });
    let next = match fitting.next() {
        Some((min, left)) => {
            let left = counted(left, "edge");
            format!(
                "`--min {min}` leaves {left}; --actor and --claim narrow it too, and `--min 1` writes all of it"
            )
        }
        None => "narrow it by --actor or --claim, or write all of it with `--min 1`".to_owned(),
    };
    Error::Name(what, Some(next))
}

fn values(options: &Options) -> [(&'static str, Value); 2] {
    [("actor", given(options.actor.as_ref())), ("claim", given(options.claim.as_ref()))]
}

fn id(kind: &str, key: &Value) -> String {
    id_of(kind, text(key).unwrap_or_default())
}

fn id_of(kind: &str, key: &str) -> String {
    format!("{kind}:{key}")
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) | Value::Date(text) => Some(text),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::DateTime(_)
        | Value::Duration(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Node(_)
        | Value::Edge(_)
        | Value::Path(_) => None,
    }
}

fn number(value: &Value) -> i64 {
    if let Value::Int(number) = value { *number } else { 0 }
}
