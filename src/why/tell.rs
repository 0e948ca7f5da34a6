//! What a row rests on as lines of text, and the list of sources below them.

use super::cite::{Labels, citation};
use super::findings::{Basis, Findings, Other, Reading, Statement};
use crate::format::below::{Entry, Line};
use crate::format::text::shown;

/// What one row rests on, under the number of the row.
pub fn entry(row: usize, basis: &Basis, findings: &Findings, labels: &mut Labels) -> Entry {
    let mut lines = Vec::new();
    for id in &basis.statements {
        if !findings.is_teller_of(id, &basis.statements) {
            lines.extend(statement(id, basis, findings, labels));
        }
    }
    let others = basis.others.iter().filter_map(|id| findings.others.get(id)).flatten();
    for Other { tie, source } in others {
        let key = labels.of(source, None);
        match tie {
            Some(tie) => {
                let tie = shown(tie).unwrap_or_default();
                lines.push(Line::new(0, format!("{tie}, known from [{key}]")));
            }
            None if basis.statements.is_empty() => {
                lines.push(Line::new(0, format!("the source [{key}]")));
            }
            None => {}
        }
    }
    if basis.more > 0 {
        let statements = if basis.more == 1 { "statement" } else { "statements" };
        lines.push(Line::new(0, format!("and {} more {statements}", basis.more)));
    }
    if lines.is_empty() {
        lines.push(Line::new(0, "nothing was said in this row, and no source is in it".to_owned()));
    }
    Entry { label: row.to_string(), lines }
}

/// The sources that were cited.
pub fn sources(findings: &Findings, labels: &Labels) -> Vec<Entry> {
    let cited = labels.list(findings);
    cited
        .map(|(label, source, locators)| Entry {
            label: format!("[{label}]"),
            lines: vec![Line::new(0, citation(source, locators))],
        })
        .collect()
}

fn statement(id: &str, basis: &Basis, findings: &Findings, labels: &mut Labels) -> Vec<Line> {
    let Some(one) = findings.statements.get(id) else { return Vec::new() };
    let mut lines = vec![Line::new(0, one.key.clone())];
    let sources = findings.named_sources(id, basis);
    for (nth, chain) in findings.chains_of(id, basis).into_iter().enumerate() {
        // Two chains one below the other must not read as one.
        let also = if nth > 0 { "and also " } else { "" };
        let tellers = chain.iter().map(|teller| {
            let read = teller.readings.iter();
            let read =
                read.filter(|one| sources.is_empty() || sources.contains(one.source.as_str()));
            format!("{}{}", act(teller), places(read, labels))
        });
        lines.push(Line::new(1, format!("{also}{} →", tellers.collect::<Vec<_>>().join(" → "))));
    }
    lines.push(Line::new(1, with_claim(one)));
    for told in findings.told(id) {
        lines.push(Line::new(1, format!("→ {}", with_claim(told))));
    }
    for reading in findings.where_read(id, basis) {
        lines.push(Line::new(2, where_read(reading, labels)));
    }
    lines
}

fn with_claim(one: &Statement) -> String {
    let claim = one.claim.as_ref().map(|claim| format!(": {claim}")).unwrap_or_default();
    format!("{}{claim}", act(one))
}

/// Who did what, when, to whom and on what terms.
fn act(one: &Statement) -> String {
    let Statement { speaker, coded_as, identity, described, act, date, record, audience, .. } = one;
    let described = described.as_ref().map(|words| format!(": “{words}”")).unwrap_or_default();
    let identity = identity.as_ref().map(|identity| format!("{identity}{described}"));
    let coded_as = coded_as.as_ref().map(|name| format!("coded as {name}"));
    let who: Vec<String> = identity.into_iter().chain(coded_as).collect();
    let who = if who.is_empty() { String::new() } else { format!(" ({})", who.join("; ")) };
    let mut text = format!("{speaker}{who} {act}");
    for part in [date, record].into_iter().flatten() {
        text.push_str(", ");
        text.push_str(part);
    }
    if !audience.is_empty() {
        text.push_str(", to ");
        text.push_str(&audience.join(" and "));
    }
    text
}

/// The places where a teller's own words were read, in short, with the words.
fn places<'r>(readings: impl Iterator<Item = &'r Reading>, labels: &mut Labels) -> String {
    let mut places = Vec::new();
    for reading in readings {
        let key = place(reading, labels);
        let quote = reading.quote.as_ref().map(|quote| format!(": “{quote}”")).unwrap_or_default();
        let place = format!(" [{key}{quote}]");
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places.concat()
}

/// The label of the source, and where in it.
fn place(reading: &Reading, labels: &mut Labels) -> String {
    let key = labels.of(&reading.source, reading.locator.as_deref());
    let locator = reading.locator.as_ref().map(|locator| format!(" {locator}")).unwrap_or_default();
    format!("{key}{locator}")
}

/// Where it was read, in which way, and the words.
fn where_read(reading: &Reading, labels: &mut Labels) -> String {
    let mut text = format!("[{}]", place(reading, labels));
    let cites = reading.cites.as_ref().map(|cites| format!("citing “{cites}”"));
    let how: Vec<String> = reading.mode.iter().cloned().chain(cites).collect();
    if !how.is_empty() {
        text.push(' ');
        text.push_str(&how.join(", "));
    }
    if let Some(quote) = &reading.quote {
        text.push_str(": “");
        text.push_str(quote);
        text.push('”');
    }
    text
}
