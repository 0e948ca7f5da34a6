//! Who contradicts whom: pairs of actors of whom one affirms a claim that the other one disputes. Pairs may be a thousand
//! times as many as statements, so none is kept: positions are, and the pairs of one actor after the other are made of them.

use std::collections::HashMap;
use std::ops::Range;

use super::rows::text;
use super::{Error, World};
use crate::base::date::{Date, NO_FIRST, NO_LAST};
use crate::base::value::Value;

const POSITIONS: &str = include_str!("queries/actor_actor.dixit");

/// On which side of a claim an actor is.
#[derive(Debug, Clone, Copy)]
struct Position {
    actor: u32,
    claim: u32,
    affirms: bool,
    /// Whether it is known only from what somebody else relays.
    told: bool,
    /// The first day it may have been taken, as `yyyymmdd`; [`NO_LAST`] where that is not known.
    first: u32,
    /// The last one; [`NO_FIRST`] where that is not known.
    last: u32,
}

/// All positions.
#[derive(Debug, Default)]
pub(super) struct Positions {
    /// The kind of those who have one.
    kind: String,
    /// The keys of those who have one, in order.
    keys: Vec<String>,
    /// Those of one actor stand together, and there those on one claim.
    all: Vec<Position>,
    /// Where those of each actor begin; one place more than there are actors.
    begins: Vec<usize>,
    /// Places in `all`: claim by claim, there side by side, there in the order of the actors.
    by_claim: Vec<u32>,
    /// For each claim, where in `by_claim` it is disputed and where it is affirmed.
    sides: Vec<[Range<usize>; 2]>,
}

/// How two actors contradict each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clash {
    /// On how many claims.
    pub(super) weight: u32,
    /// On how many of them one of the two is known only from what somebody else relays.
    pub(super) relayed: u32,
    /// The first day on which one of them may have taken a side, as `yyyymmdd`.
    pub(super) first: Option<i64>,
    /// The last one.
    pub(super) last: Option<i64>,
}

/// The clash of the actor in hand with another one, in the making.
#[derive(Clone)]
struct Slot {
    weight: u32,
    relayed: u32,
    first: u32,
    last: u32,
    /// The claim that came last, and whether it counts as relayed.
    claim: u32,
    told: bool,
}

/// Takes a clash of two actors, by their places among the keys.
type Take<'t> = &'t mut dyn FnMut(usize, usize, &Clash) -> Result<(), Error>;

impl Positions {
    /// Asks for all positions on the claims that are wanted.
    pub(super) fn asked(world: &dyn World, claim: Value) -> Result<Self, Error> {
        let mut found = Self::default();
        let mut claims: HashMap<String, u32> = HashMap::new();
        world.ask(POSITIONS, &[("claim", claim)], &mut |row| {
            let (Some(kind), Some(actor), Some(claim)) = (text(row, 0), text(row, 1), text(row, 2))
            else {
                return Ok(());
            };
            if found.kind.is_empty() {
                kind.clone_into(&mut found.kind);
            }
            if found.keys.last().is_none_or(|last| last != actor) {
                found.keys.push(actor.to_owned());
                found.begins.push(found.all.len());
            }
            let next = small(claims.len())?;
            let known = claims.get(claim).copied();
            found.all.push(Position {
                actor: small(found.keys.len() - 1)?,
                claim: known.unwrap_or_else(|| *claims.entry(claim.to_owned()).or_insert(next)),
                affirms: matches!(row.get(3), Some(Value::Int(1..))),
                told: matches!(row.get(4), Some(Value::Int(1..))),
                first: day(text(row, 5), NO_LAST),
                last: day(text(row, 6), NO_FIRST),
            });
            Ok(())
        })?;
        found.begins.push(found.all.len());
        small(found.all.len())?;
        found.index(claims.len());
        Ok(found)
    }

    /// Puts the positions claim by claim and side by side.
    fn index(&mut self, claims: usize) {
        let place = |one: &Position| (one.claim, one.affirms);
        self.by_claim = (0..).take(self.all.len()).collect();
        let all = &self.all;
        // Sorting keeps the order of the actors.
        self.by_claim.sort_by_key(|at| all.get(index(*at)).map(place));
        self.sides = vec![[0..0, 0..0]; claims];
        for (at, one) in self.by_claim.iter().enumerate() {
            let Some(one) = all.get(index(*one)) else { continue };
            let sides = self.sides.get_mut(index(one.claim));
            let Some(side) = sides.and_then(|sides| sides.get_mut(usize::from(one.affirms))) else {
                continue;
            };
            let begin = if side.start == side.end { at } else { side.start };
            *side = begin..at + 1;
        }
    }

    /// The kind of the actors.
    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    /// The keys of the actors, in order.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Hands on each pair of actors who contradict each other, the one with the lesser key in front, in the order of both.
    pub(super) fn clashes(&self, world: &dyn World, receive: Take<'_>) -> Result<(), Error> {
        let mut slots: Vec<Option<Slot>> = vec![None; self.keys.len()];
        let mut met: Vec<u32> = Vec::new();
        for (actor, bounds) in self.begins.windows(2).enumerate() {
            world.advance(0)?;
            let [begin, end] = bounds else { continue };
            for own in self.all.get(*begin..*end).unwrap_or_default() {
                for other in self.against(own) {
                    let Some(slot) = slots.get_mut(index(other.actor)) else { continue };
                    if slot.is_none() {
                        met.push(other.actor);
                    }
                    slot.get_or_insert(NEW).add(own, other);
                }
            }
            met.sort_unstable();
            for other in met.drain(..) {
                if let Some(slot) = slots.get_mut(index(other)).and_then(Option::take) {
                    receive(actor, index(other), &slot.clash())?;
                }
            }
        }
        Ok(())
    }

    /// Positions on the other side of a claim, of actors whose keys come later.
    fn against(&self, own: &Position) -> impl Iterator<Item = &Position> {
        let sides = self.sides.get(index(own.claim));
        let other = sides.and_then(|sides| sides.get(usize::from(!own.affirms)));
        let all = other.and_then(|side| self.by_claim.get(side.clone())).unwrap_or_default();
        let actor = |at: &u32| self.all.get(index(*at)).map_or(0, |one| one.actor);
        let begin = all.partition_point(|at| actor(at) <= own.actor);
        let later = all.get(begin..).unwrap_or_default();
        later.iter().filter_map(|at| self.all.get(index(*at)))
    }
}

const NEW: Slot =
    Slot { weight: 0, relayed: 0, first: u32::MAX, last: 0, claim: u32::MAX, told: false };

impl Slot {
    /// Adds two positions on one claim. One that the two take both ways counts once, and as their own where one way is.
    fn add(&mut self, own: &Position, other: &Position) {
        let told = own.told || other.told;
        if self.claim != own.claim {
            (self.claim, self.told) = (own.claim, told);
            self.weight += 1;
            self.relayed += u32::from(told);
        } else if self.told && !told {
            self.told = false;
            self.relayed -= 1;
        }
        self.first = self.first.min(own.first).min(other.first);
        self.last = self.last.max(own.last).max(other.last);
    }

    fn clash(&self) -> Clash {
        let known = |day: u32, none: i64| Some(i64::from(day)).filter(|day| *day != none);
        Clash {
            weight: self.weight,
            relayed: self.relayed,
            first: known(self.first, NO_LAST),
            last: known(self.last, NO_FIRST),
        }
    }
}

/// A day as a number, or what stands for none.
fn day(text: Option<&str>, none: i64) -> u32 {
    let day = text.and_then(|text| Date::parse(text).ok()?.exact());
    u32::try_from(day.unwrap_or(none)).unwrap_or_default()
}

/// A number of things as it is kept; more than four thousand million have no place.
fn small(count: usize) -> Result<u32, Error> {
    let refused = || Error::Name("there are too many positions".to_owned(), None);
    u32::try_from(count).map_err(|_| refused())
}

fn index(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
