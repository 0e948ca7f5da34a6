//! Smaller graphs that are made of the statements: what each is called, and the questions that give its nodes and edges.

use super::{Error, Options, World};
use crate::base::closest::closest;
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
    edges: &'static str,
}

/// All of them; the first one where none is named.
pub(super) const PROJECTIONS: &[Projection] = &[
    Projection {
        name: "actor-claim",
        about: "who takes which side on which claim",
        directed: true,
        nodes: include_str!("queries/actor_claim_nodes.dixit"),
        edges: include_str!("queries/actor_claim.dixit"),
    },
    Projection {
        name: "actor-actor",
        about: "who contradicts whom",
        directed: false,
        nodes: include_str!("queries/actor_actor_nodes.dixit"),
        edges: include_str!("queries/actor_actor.dixit"),
    },
    Projection {
        name: "attribution",
        about: "who relays whom",
        directed: true,
        nodes: include_str!("queries/attribution_nodes.dixit"),
        edges: include_str!("queries/attribution.dixit"),
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
pub(super) fn wanted(world: &dyn World, options: &Options) -> Result<&'static Projection, Error> {
    if !world.catalogue().graph.claims {
        let what = "this graph is made of claims and statements, and this store has no such kinds";
        let next = "`dixit export graphml` writes what it has".to_owned();
        return Err(Error::Name(what.to_owned(), Some(next)));
    }
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

impl Projection {
    /// Hands on its nodes, in the order of their keys.
    pub(super) fn nodes(
        &self,
        world: &dyn World,
        options: &Options,
        receive: &mut dyn FnMut(&Node<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        world.ask(self.nodes, &values(options), &mut |row| {
            let [kind, key, label, sort, unnamed] = row else { return Ok(()) };
            let kind = text(kind).unwrap_or_default();
            receive(&Node {
                id: id(kind, key),
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
        world: &dyn World,
        options: &Options,
        receive: &mut dyn FnMut(&Edge<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        world.ask(self.edges, &values(options), &mut |row| {
            let [from_kind, from, to_kind, to, side, weight, own, relayed, first, last] = row
            else {
                return Ok(());
            };
            receive(&Edge {
                from: id(text(from_kind).unwrap_or_default(), from),
                to: id(text(to_kind).unwrap_or_default(), to),
                sign: match number(side) {
                    1.. => Sign::For,
                    0 => Sign::Neutral,
                    ..0 => Sign::Against,
                },
                weight: number(weight),
                own: number(own),
                relayed: number(relayed),
                first: text(first),
                last: text(last),
            })
        })
    }
}

fn values(options: &Options) -> [(&'static str, Value); 2] {
    let value = |given: &Option<String>| given.clone().map_or(Value::Null, Value::Text);
    [("actor", value(&options.actor)), ("claim", value(&options.claim))]
}

fn id(kind: &str, key: &Value) -> String {
    format!("{kind}:{}", text(key).unwrap_or_default())
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
