//! What the log of a store tells: its changes, what became of a node, what differs between two moments.

use super::engine::{Store, of_store};
use super::failure::Failure;
use crate::base::instant::Instant;
use crate::store::difference::{self, Detail, Receive};
use crate::store::history::{Entry, Event, Known};

impl Store {
    /// All changes, the latest first.
    pub(crate) fn changes(&self) -> Result<Vec<Entry>, Failure> {
        self.reader.changes().map_err(of_store)
    }

    /// The number of the last change; 0 before the first.
    pub(crate) fn last_change(&self) -> Result<i64, Failure> {
        self.change_at(&Instant::end_of(99_991_231))
    }

    /// The last change at a moment.
    pub(crate) fn change_at(&self, moment: &Instant) -> Result<i64, Failure> {
        self.reader.change_at(moment).map_err(of_store)
    }

    /// The last change whose rows the log does not keep.
    pub(crate) fn last_without_rows(&self) -> Result<Option<i64>, Failure> {
        self.reader.last_without_rows().map_err(of_store)
    }

    /// What the changes after one number up to another did.
    pub(crate) fn differences(
        &self,
        span: (i64, i64),
        detail: Detail,
        receive: Receive<'_>,
    ) -> Result<(), Failure> {
        self.reader.start();
        self.reader.difference(span, detail, receive).map_err(of_store)
    }

    /// What another store has otherwise.
    pub(crate) fn differs_from(
        &self,
        other: &Self,
        detail: Detail,
        receive: Receive<'_>,
    ) -> Result<(), Failure> {
        self.reader.start();
        other.reader.start();
        difference::between(&self.reader, &other.reader, detail, receive).map_err(of_store)
    }

    /// The nodes that go by a text, or did.
    pub(crate) fn known(&self, text: &str) -> Result<Vec<Known>, Failure> {
        self.reader.known(text).map_err(of_store)
    }

    /// What became of a node.
    pub(crate) fn history(&self, node: &Known) -> Result<Vec<Event>, Failure> {
        self.reader.history(node).map_err(of_store)
    }
}
