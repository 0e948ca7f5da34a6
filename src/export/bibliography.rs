//! The sources as a bibliography: CSL-JSON or BibTeX.

use super::out::Out;
use super::rows::{claims_held, given, owned};
use super::{Error, Options, Report, World};
use crate::base::value::Value;
use crate::cite::{Entry, Name, Venue, bibtex, csl};

pub(super) const CITED: &str = include_str!("queries/cited.dixit");

/// Writes one array of CSL-JSON 1.0.2.
pub(super) fn csl(
    world: &dyn World,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<Report, Error> {
    claims_held(world)?;
    let w = out.file()?;
    w.write_all(b"[")?;
    let mut before = "\n";
    let report = each(world, options, &mut |entry| {
        let item = serde_json::to_string_pretty(&csl::csl(entry))
            .map_err(|error| Error::Write(error.into()))?;
        write!(w, "{before}{item}")?;
        before = ",\n";
        Ok(())
    })?;
    w.write_all(if before == "\n" { b"]\n" } else { b"\n]\n" })?;
    Ok(report)
}

/// Writes BibTeX, an entry a source.
pub(super) fn bibtex(
    world: &dyn World,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<Report, Error> {
    claims_held(world)?;
    let w = out.file()?;
    let mut before = "";
    each(world, options, &mut |entry| {
        write!(w, "{before}{}", bibtex::bibtex(entry))?;
        before = "\n";
        Ok(())
    })
}

fn each(
    world: &dyn World,
    options: &Options,
    receive: &mut dyn FnMut(&Entry) -> Result<(), Error>,
) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut count = 0;
    let values =
        [("actor", given(options.actor.as_ref())), ("claim", given(options.claim.as_ref()))];
    world.ask(CITED, &values, &mut |row| {
        count += 1;
        receive(&entry(row))
    })?;
    report.wrote("source", count);
    if count == 0 {
        report.remark("there are no such sources");
    }
    Ok(report)
}

/// A row of the question `cited` as an entry.
pub(super) fn entry(row: &[Value]) -> Entry {
    let author =
        owned(row, 3).map(|text| Name { text, kind: owned(row, 4), identity: owned(row, 5) });
    let venue = owned(row, 7).map(|name| Venue { name, kind: owned(row, 8) });
    Entry {
        key: owned(row, 0).unwrap_or_default(),
        title: owned(row, 1).unwrap_or_default(),
        kind: owned(row, 2),
        author,
        publisher: owned(row, 6),
        venue,
        published: owned(row, 9),
        url: owned(row, 10),
        access: owned(row, 11),
    }
}
