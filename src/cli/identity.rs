//! What is about who is who, and about what is sound, asked of a store and done to one.

use std::path::Path;

use super::change::{Done, Reason, change};
use super::engine::{Store, of_store};
use super::failure::Failure;
use crate::store::aliases::Alias;
use crate::store::batch::Batch;
use crate::store::check::{Finding, check, look_through};
use crate::store::history::Known;
use crate::store::judge::Judgement;
use crate::store::twins::Twin;

impl Store {
    /// The judgements that actors are one.
    pub(crate) fn judgements(&self) -> Result<Vec<Judgement>, Failure> {
        self.reader.judgements().map_err(of_store)
    }

    /// The other names of some nodes, or of all.
    pub(crate) fn aliases(&self, of: Option<&[Known]>) -> Result<Vec<Alias>, Failure> {
        self.reader.aliases(of).map_err(of_store)
    }

    /// Nodes of a kind, or of all kinds that are looked at, that may be one.
    pub(crate) fn twins(&self, kind: Option<&str>) -> Result<Vec<Twin>, Failure> {
        self.reader.twins(kind).map_err(of_store)
    }

    /// Everything that breaks a rule of the store, and where that is asked for, what a reader should look at.
    pub(crate) fn check(&self, rules_only: bool) -> Result<Vec<Finding>, Failure> {
        let found = if rules_only { check(&self.reader) } else { look_through(&self.reader) };
        found.map_err(of_store)
    }
}

/// Judges that actors are one with the first of them, or lets each stand for itself again. Gives remarks besides.
pub(crate) fn judge(
    path: &Path,
    actors: &[String],
    undo: bool,
    reason: &Reason,
) -> Result<(Done, Vec<String>), Failure> {
    let act = |batch: &mut Batch<'_>| {
        let mut remarks = Vec::new();
        let named = actors.iter().map(|text| batch.actor(text)).collect::<Result<Vec<_>, _>>()?;
        if undo {
            for actor in &named {
                if !batch.judge_alone(actor)? {
                    remarks.push(format!("'{}' stands for itself already", actor.key));
                }
            }
            return Ok(remarks);
        }
        let Some((first, others)) = named.split_first() else { return Ok(remarks) };
        for other in others {
            let items = (batch.wikidata_of(first)?, batch.wikidata_of(other)?);
            if first.id == other.id {
                remarks.push(format!("'{}' was named twice: it is one actor", first.key));
            } else if !batch.judge_same(first, other)? {
                remarks.push(format!("'{}' and '{}' are one already", first.key, other.key));
            } else if let (Some(one), Some(two)) = items
                && one != two
            {
                let (a, b) = (&first.key, &other.key);
                remarks.push(format!("'{a}' is {one} at Wikidata, and '{b}' is {two}"));
            }
        }
        Ok(remarks)
    };
    change(path, reason, act)
}

/// Names that a node is given and that are taken from it.
pub(crate) struct Names<'a> {
    pub(crate) of: &'a str,
    pub(crate) add: &'a [String],
    pub(crate) remove: &'a [String],
}

/// Gives a node further names and takes others away. Gives remarks besides.
pub(crate) fn rename(
    path: &Path,
    names: &Names<'_>,
    reason: &Reason,
) -> Result<(Done, Vec<String>), Failure> {
    let Names { of, add, remove } = names;
    change(path, reason, |batch| {
        let (kind, node) = batch.any(of)?;
        batch.rename((kind, &node), add, remove)
    })
}

/// Judges that two actors are two.
pub(crate) fn differ(
    path: &Path,
    pair: [&str; 2],
    reason: &Reason,
) -> Result<(Done, Vec<String>), Failure> {
    change(path, reason, |batch| {
        let [one, other] = pair;
        let (one, other) = (batch.actor(one)?, batch.actor(other)?);
        let fresh = batch.judge_different(&one, &other)?;
        let known = || format!("'{}' and '{}' are judged to be two already", one.key, other.key);
        Ok((!fresh).then(known).into_iter().collect())
    })
}

/// A breach of a promise in one line.
pub(crate) fn finding_line(found: &Finding) -> String {
    format!("{} {} '{}' {}", found.rule.code, found.kind, found.key, found.rule.what)
}
