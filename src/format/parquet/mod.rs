//! Parquet, for data frames and databases of columns: a feature of its own, because its library is heavy. Here stands what holds with and
//! without it.

#[cfg(feature = "parquet")]
mod columns;

use std::io::Write;
#[cfg(not(feature = "parquet"))]
use std::io::{self, ErrorKind};

#[cfg(not(feature = "parquet"))]
use super::{Column, Tally, Value};
use super::{Look, Sink};

/// What to do where this program is built without it.
#[cfg(feature = "parquet")]
pub const MISSING: Option<&str> = None;
/// What to do where this program is built without it.
#[cfg(not(feature = "parquet"))]
pub const MISSING: Option<&str> = Some(
    "build it with `cargo install --path . --features parquet`, or write csv or jsonl, which DuckDB reads, too",
);

/// Starts writing to `out`.
#[cfg(feature = "parquet")]
pub(super) fn start<'w>(out: &'w mut dyn Write, _: Look) -> Box<dyn Sink + 'w> {
    Box::new(columns::Parquet::new(out))
}

/// Starts writing nothing at all.
#[cfg(not(feature = "parquet"))]
pub(super) fn start<'w>(_: &'w mut dyn Write, _: Look) -> Box<dyn Sink + 'w> {
    Box::new(Absent)
}

/// In the place of what is not built in; it refuses everything.
#[cfg(not(feature = "parquet"))]
struct Absent;

#[cfg(not(feature = "parquet"))]
impl Sink for Absent {
    fn begin(&mut self, _: &[Column]) -> io::Result<()> {
        Err(io::Error::new(ErrorKind::Unsupported, "this dixit is built without parquet"))
    }

    fn row(&mut self, _: &[Value]) -> io::Result<()> {
        self.begin(&[])
    }

    fn end(&mut self) -> io::Result<Tally> {
        self.begin(&[]).map(|()| Tally::default())
    }
}

#[cfg(all(test, not(feature = "parquet")))]
mod tests {
    use crate::format::{Look, named};

    #[test]
    fn without_the_feature_it_says_how_to_get_it() {
        let format = named("parquet").unwrap();
        assert!(format.missing.unwrap().contains("--features parquet"));
        let mut out = Vec::new();
        let mut sink = format.start(&mut out, Look::PLAIN);
        assert!(sink.begin(&[]).is_err() && sink.row(&[]).is_err() && sink.end().is_err());
        drop(sink);
        assert!(out.is_empty());
    }
}
