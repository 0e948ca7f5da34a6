//! How much an export will ask for, as far as that is known before: so that somebody who waits sees how far it is.

use super::{Among, Error, World};
use crate::base::value::Value;
use crate::record::declared;

const HOW_MANY: &str = include_str!("queries/how_many.dixit");

/// A sort of rows, by its place in the answer to how much there is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sort {
    Actors,
    Venues,
    Topics,
    Events,
    Sources,
    Claims,
    Statements,
    Readings,
    Ties,
    Judgements,
    Participants,
    Reports,
}

impl Sort {
    /// All of them.
    const ALL: [Self; 12] = [
        Self::Actors,
        Self::Venues,
        Self::Topics,
        Self::Events,
        Self::Sources,
        Self::Claims,
        Self::Statements,
        Self::Readings,
        Self::Ties,
        Self::Judgements,
        Self::Participants,
        Self::Reports,
    ];
}

/// Tells that rows of these sorts will be asked for, each as often as it is named. Nothing where there are no claims.
pub(super) fn expect(world: &dyn World, sorts: &[Sort]) -> Result<(), Error> {
    if !world.catalogue().graph.claims {
        return Ok(());
    }
    world.ask(HOW_MANY, &[], &mut |row| {
        world.expect(sorts.iter().map(|sort| count(row.get(*sort as usize))).sum());
        Ok(())
    })
}

/// Tells that all that there is will be asked for.
pub(super) fn expect_all(world: &dyn World) -> Result<(), Error> {
    expect(world, &Sort::ALL)?;
    each_declared(world, &mut |_, count| world.expect(count))
}

/// How many nodes and edges of each declared kind there are: whether it is a node or an edge, and the number.
pub(super) fn each_declared(
    world: &dyn World,
    receive: &mut dyn FnMut(&'static str, u64),
) -> Result<(), Error> {
    let catalogue = world.catalogue();
    let kinds = catalogue.kinds.iter().filter(|kind| kind.id >= declared::FIRST);
    let edges = catalogue.edges.iter().filter(|edge| edge.id >= declared::FIRST);
    let kinds = kinds.map(|kind| ("node", Among::Kind(kind.id), "match (n) return count(*)"));
    let edges = edges
        .map(|edge| ("edge", Among::Edge(edge.id), "match ()-[e]->() return count(distinct e)"));
    for (noun, part, text) in kinds.chain(edges) {
        world.ask_written(part, text, &mut |row| {
            receive(noun, count(row.first()));
            Ok(())
        })?;
    }
    Ok(())
}

/// A count as a row has it.
pub(super) fn count(value: Option<&Value>) -> u64 {
    let Some(Value::Int(count)) = value else { return 0 };
    u64::try_from(*count).unwrap_or(0)
}
