//! What a store has on one actor or one claim, as a document in Markdown with citations as pandoc reads them. What
//! others say that somebody said stays apart from what was read as that actor's own words.

use std::collections::BTreeSet;
use std::io::Write;

use super::bibliography::{CITED, entry};
use super::markup::{address, plain};
use super::out::Out;
use super::rows::{claims_held, given, owned, text, texts, truth};
use super::{Error, Options, Report, World};
use crate::base::value::Value;
use crate::cite::citation_key;

const WHO: &str = include_str!("queries/who.dixit");
const WHICH: &str = include_str!("queries/which.dixit");
const POSITIONS: &str = include_str!("queries/positions.dixit");
const TIES: &str = include_str!("queries/ties_of.dixit");
const LINKS: &str = include_str!("queries/links_of.dixit");
const CLASHES: &str = include_str!("queries/clashes_of.dixit");
const RIVALS: &str = include_str!("queries/rivals.dixit");

/// Writes the dossier of the actor or of the claim that is named.
pub(super) fn write(
    world: &dyn World,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<Report, Error> {
    claims_held(world)?;
    let mut dossier =
        Dossier { world, w: out.file()?, report: Report::default(), cited: BTreeSet::new() };
    match (&options.actor, &options.claim) {
        (Some(actor), None) => dossier.actor(actor, options)?,
        (None, Some(claim)) => dossier.claim(claim, options)?,
        _ => {
            let next = "as in `dixit export dossier --actor Rubio`".to_owned();
            let what = "a dossier is of one actor or of one claim".to_owned();
            return Err(Error::Usage(what, Some(next)));
        }
    }
    dossier.sources()?;
    Ok(dossier.report)
}

struct Dossier<'d> {
    world: &'d dyn World,
    w: &'d mut dyn Write,
    report: Report,
    /// Keys of the sources that were cited.
    cited: BTreeSet<String>,
}

/// One statement, as the question `positions` tells it.
struct Said {
    speaker: String,
    speaker_name: String,
    act: String,
    polarity: i64,
    claim: Option<String>,
    date: Option<String>,
    venue: Option<String>,
    manner: Vec<String>,
    relayed: bool,
    tellers: Vec<String>,
    about: Vec<String>,
    sources: Vec<String>,
    quotes: Vec<String>,
    note: Option<String>,
}

fn said(row: &[Value]) -> Said {
    let list = |at| texts(row, at).into_iter().map(str::to_owned).collect();
    let polarity = if let Some(Value::Int(polarity)) = row.get(4) { *polarity } else { 0 };
    Said {
        speaker: owned(row, 1).unwrap_or_default(),
        speaker_name: owned(row, 2).unwrap_or_default(),
        act: owned(row, 3).unwrap_or_default(),
        polarity,
        claim: owned(row, 6),
        date: owned(row, 7),
        venue: owned(row, 8),
        manner: [owned(row, 9), owned(row, 10)].into_iter().flatten().collect(),
        relayed: truth(row, 11),
        tellers: list(12),
        about: list(13),
        sources: list(14),
        quotes: list(15),
        note: owned(row, 16),
    }
}

/// Of the rows that a name finds, the only one.
fn one(rows: &[Vec<Value>], noun: &str, name: &str) -> Result<Vec<Value>, Error> {
    let keys: Vec<&str> = rows.iter().filter_map(|row| text(row, 0)).collect();
    match rows {
        [row] => Ok(row.clone()),
        [] => Err(Error::Name(format!("no {noun} is called '{name}'"), None)),
        _ => {
            let what = format!("'{name}' may be more than one {noun}");
            Err(Error::Name(what, Some(format!("write the key: {}", keys.join(" or ")))))
        }
    }
}

impl Dossier<'_> {
    fn rows(&self, question: &str, values: &[(&str, Value)]) -> Result<Vec<Vec<Value>>, Error> {
        let mut rows = Vec::new();
        self.world.ask(question, values, &mut |row| {
            rows.push(row.to_vec());
            Ok(())
        })?;
        Ok(rows)
    }

    fn line(&mut self, line: &str) -> Result<(), Error> {
        Ok(writeln!(self.w, "{line}")?)
    }

    fn heading(&mut self, title: &str) -> Result<(), Error> {
        Ok(write!(self.w, "\n## {title}\n\n")?)
    }

    fn actor(&mut self, name: &str, options: &Options) -> Result<(), Error> {
        let rows = self.rows(WHO, &[("actor", Value::Text(name.to_owned()))])?;
        let who = one(&rows, "actor", name)?;
        let key = owned(&who, 0).unwrap_or_default();
        self.head(text(&who, 1).unwrap_or(&key), options)?;
        let mut facts = vec![text(&who, 2).map(plain), text(&who, 3).map(plain)];
        facts.push(text(&who, 4).map(|words| format!("described as “{}”", plain(words))));
        let aliases: Vec<String> = texts(&who, 5).into_iter().map(plain).collect();
        facts.push((!aliases.is_empty()).then(|| format!("also {}", aliases.join(", "))));
        facts.push(text(&who, 6).map(|item| format!("Wikidata {}", plain(item))));
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        self.line(&format!("{} ({})", facts.join("; "), plain(&key)))?;
        if let Some(note) = text(&who, 7) {
            self.line(&format!("\n{}", plain(note)))?;
        }
        self.report.wrote("actor", 1);
        self.ties(&key)?;
        let values = [("actor", Value::Text(key.clone())), ("claim", Value::Null)];
        let all: Vec<Said> = self.rows(POSITIONS, &values)?.iter().map(|row| said(row)).collect();
        let all: Vec<Said> = all.into_iter().filter(|said| said.speaker == key).collect();
        self.report.wrote("statement", all.len() as u64);
        let own = |said: &&Said| !said.relayed && said.about.is_empty();
        self.statements("What was said", all.iter().filter(own), false)?;
        self.statements("What others say was said", all.iter().filter(|said| said.relayed), false)?;
        let tells = |said: &&Said| !said.relayed && !said.about.is_empty();
        self.statements("What is told of others", all.iter().filter(tells), false)?;
        self.links(&key)?;
        self.clashes(&key)
    }

    fn claim(&mut self, name: &str, options: &Options) -> Result<(), Error> {
        let rows = self.rows(WHICH, &[("claim", Value::Text(name.to_owned()))])?;
        let which = one(&rows, "claim", name)?;
        let key = owned(&which, 0).unwrap_or_default();
        self.head(text(&which, 1).unwrap_or(&key), options)?;
        let mut facts: Vec<String> = text(&which, 2).map(plain).into_iter().collect();
        facts.extend(texts(&which, 3).into_iter().map(|topic| format!("on {}", plain(topic))));
        facts.push(format!("({})", plain(&key)));
        self.line(&facts.join("; ").replace("; (", " ("))?;
        if let Some(note) = text(&which, 4) {
            self.line(&format!("\n{}", plain(note)))?;
        }
        self.report.wrote("claim", 1);
        let values = [("actor", Value::Null), ("claim", Value::Text(key.clone()))];
        let all: Vec<Said> = self.rows(POSITIONS, &values)?.iter().map(|row| said(row)).collect();
        self.report.wrote("statement", all.len() as u64);
        for (title, side) in [("For it", 1), ("Against it", -1), ("Neither", 0)] {
            let here = |said: &&Said| said.polarity == side && !said.relayed;
            self.statements(title, all.iter().filter(here), true)?;
        }
        let relayed = all.iter().filter(|said| said.relayed);
        self.statements("What others say was said about it", relayed, true)?;
        self.rivals(&key)
    }

    fn head(&mut self, title: &str, options: &Options) -> Result<(), Error> {
        let day = options.now.get(..10).unwrap_or_default();
        writeln!(self.w, "# {}\n", plain(title))?;
        Ok(writeln!(self.w, "From {}, {day}.\n", plain(&options.store))?)
    }

    fn ties(&mut self, key: &str) -> Result<(), Error> {
        let rows = self.rows(TIES, &[("key", Value::Text(key.to_owned()))])?;
        if !rows.is_empty() {
            self.heading("Offices and ties")?;
        }
        for row in &rows {
            let name = |at| text(row, at).map(plain).unwrap_or_default();
            let mut line = format!("- {} *{}* {}", name(0), name(1).replace("\\_", " "), name(2));
            line.extend(text(row, 3).map(|role| format!(", {}", plain(role))));
            let dates = [(4, "from"), (5, "to"), (6, "as of")];
            for (at, word) in dates {
                line.extend(text(row, at).map(|date| format!(", {word} {}", plain(date))));
            }
            let cited = self.cite(&[owned(row, 7).unwrap_or_default()]);
            self.line(&format!("{line} {cited}"))?;
        }
        Ok(())
    }

    fn statements<'s>(
        &mut self,
        title: &str,
        all: impl Iterator<Item = &'s Said>,
        named: bool,
    ) -> Result<(), Error> {
        let mut begun = false;
        for said in all {
            if !begun {
                self.heading(title)?;
                begun = true;
            }
            let line = self.sentence(said, named);
            self.line(&line)?;
        }
        Ok(())
    }

    /// `- 2025-11-22, Halifax: Mike Rounds *asserts*: … [@news]`
    fn sentence(&mut self, said: &Said, named: bool) -> String {
        let date = said.date.as_deref().map_or_else(|| "undated".to_owned(), plain);
        let mut line = format!("- {date}");
        line.extend(said.venue.as_deref().map(|venue| format!(", {}", plain(venue))));
        line.push_str(": ");
        if named || said.relayed {
            line.push_str(&plain(&said.speaker_name));
            line.push(' ');
        }
        line.extend([format!("*{}*", plain(&said.act).replace("\\_", " "))]);
        line.extend(said.claim.as_deref().map(|claim| format!(": {}", plain(claim))));
        if !said.about.is_empty() {
            line.extend([format!(" (what {} said)", listed(&said.about))]);
        }
        if !said.tellers.is_empty() {
            line.extend([format!(" — as {} tells it", listed(&said.tellers))]);
        }
        if !said.manner.is_empty() {
            line.extend([format!(" ({})", listed(&said.manner))]);
        }
        for quote in &said.quotes {
            line.extend([format!(" “{}”", plain(quote))]);
        }
        line.extend(said.note.as_deref().map(|note| format!(" — note: {}", plain(note))));
        let cited = self.cite(&said.sources);
        format!("{line} {cited}")
    }

    fn links(&mut self, key: &str) -> Result<(), Error> {
        let rows = self.rows(LINKS, &[("key", Value::Text(key.to_owned()))])?;
        if !rows.is_empty() {
            self.heading("Reversals, denials of accounts and the like")?;
        }
        for row in &rows {
            let name = |at| text(row, at).map(plain).unwrap_or_default();
            let link = name(1).replace("\\_", " ");
            let date = text(row, 3).map_or_else(|| "undated".to_owned(), plain);
            let other = text(row, 4).map_or_else(|| "undated".to_owned(), plain);
            let basis = text(row, 7).map(|basis| format!(", {}", plain(basis))).unwrap_or_default();
            self.line(&format!(
                "- {date}: {} *{link}* a statement of {} of {other} ({} → {}{basis})",
                name(0),
                name(2),
                name(5),
                name(6)
            ))?;
        }
        Ok(())
    }

    fn clashes(&mut self, key: &str) -> Result<(), Error> {
        let rows = self.rows(CLASHES, &[("key", Value::Text(key.to_owned()))])?;
        if !rows.is_empty() {
            self.heading("Who takes the other side")?;
        }
        for row in &rows {
            let side = if matches!(row.get(2), Some(Value::Int(1))) { "for" } else { "against" };
            let other = if side == "for" { "against" } else { "for" };
            let told = |at| if truth(row, at) { ", only as told by others" } else { "" };
            self.line(&format!(
                "- {}: {side} it here{}; {other} it {}{}",
                text(row, 1).map(plain).unwrap_or_default(),
                told(3),
                text(row, 4).map(plain).unwrap_or_default(),
                told(5)
            ))?;
        }
        Ok(())
    }

    fn rivals(&mut self, key: &str) -> Result<(), Error> {
        let rows = self.rows(RIVALS, &[("key", Value::Text(key.to_owned()))])?;
        if !rows.is_empty() {
            self.heading("Other claims")?;
        }
        // A link that holds both ways comes both ways, and is told once.
        let forwards: BTreeSet<_> = rows
            .iter()
            .filter(|row| truth(row, 3))
            .map(|row| (text(row, 1), text(row, 2)))
            .collect();
        let told =
            |row: &&Vec<Value>| truth(row, 3) || !forwards.contains(&(text(row, 1), text(row, 0)));
        for row in rows.iter().filter(told) {
            let how = text(row, 1).map(plain).unwrap_or_default().replace("\\_", " ");
            let line = if truth(row, 3) {
                format!("- *{how}*: {}", text(row, 2).map(plain).unwrap_or_default())
            } else {
                format!("- {} *{how}* it", text(row, 0).map(plain).unwrap_or_default())
            };
            self.line(&line)?;
        }
        Ok(())
    }

    /// `[@news; @post]`, and remembers to list them.
    fn cite(&mut self, sources: &[String]) -> String {
        self.cited.extend(sources.iter().cloned());
        let keys: Vec<String> =
            sources.iter().map(|key| format!("@{}", citation_key(key))).collect();
        if keys.is_empty() { String::new() } else { format!("[{}]", keys.join("; ")) }
    }

    /// The sources that were cited, each with what a reader needs to find it.
    fn sources(&mut self) -> Result<(), Error> {
        let values = [("actor", given(None)), ("claim", given(None))];
        let cited = std::mem::take(&mut self.cited);
        if cited.is_empty() {
            return Ok(());
        }
        self.heading("Sources")?;
        let (world, mut lines) = (self.world, Vec::new());
        world.ask(CITED, &values, &mut |row| {
            if text(row, 0).is_some_and(|key| cited.contains(key)) {
                lines.push(entry(row));
            }
            Ok(())
        })?;
        for entry in &lines {
            let mut parts: Vec<String> =
                entry.author.iter().map(|author| plain(&author.text)).collect();
            parts.push(format!("*{}*", plain(&entry.title)));
            parts.extend(entry.publisher.as_deref().map(plain));
            parts.extend(entry.published.as_deref().map(plain));
            parts.extend(entry.url.as_deref().map(address));
            let key = citation_key(&entry.key);
            self.line(&format!("- [@{key}] {}", parts.join(". ")))?;
        }
        self.report.wrote("source", lines.len() as u64);
        Ok(())
    }
}

fn listed(parts: &[String]) -> String {
    parts.iter().map(|part| plain(part)).collect::<Vec<_>>().join(", ")
}
