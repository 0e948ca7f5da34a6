//! What a row rests on as a value, which becomes a member of its object in JSON.

use super::cite::Labels;
use super::findings::{Basis, Findings, Other, Reading, Statement};
use crate::base::value::Value;
use crate::cite::Entry;

/// What one row rests on.
pub fn why(basis: &Basis, findings: &Findings) -> Value {
    let statements = basis.statements.iter().filter_map(|id| {
        let mut members = act(findings.statements.get(id)?);
        let chains = findings.chains_of(id, basis).into_iter();
        let chains = chains.map(|chain| chain.into_iter().map(teller).collect());
        members.push(("told_by".to_owned(), Value::List(chains.map(Value::List).collect())));
        let told = findings.told(id).into_iter().map(teller).collect();
        members.push(("tells_of".to_owned(), Value::List(told)));
        let read = findings.where_read(id, basis).into_iter();
        let read = read.map(|reading| where_read(reading, findings)).collect();
        members.push(("read_in".to_owned(), Value::List(read)));
        Some(Value::Map(members))
    });
    let mut members = vec![("statements".to_owned(), Value::List(statements.collect()))];
    let others = basis.others.iter().filter_map(|id| findings.others.get(id)).flatten();
    let (mut ties, mut sources) = (Vec::new(), Vec::new());
    for Other { tie, source } in others {
        let known_from = findings.sources.get(source).map_or(Value::Null, cited);
        match tie {
            Some(tie) => ties.push(map([("tie", tie.clone()), ("known_from", known_from)])),
            None => sources.push(known_from),
        }
    }
    for (name, list) in [("ties", ties), ("sources", sources)] {
        if !list.is_empty() {
            members.push((name.to_owned(), Value::List(list)));
        }
    }
    if basis.more > 0 {
        let more = i64::try_from(basis.more).unwrap_or(i64::MAX);
        members.push(("more_statements".to_owned(), Value::Int(more)));
    }
    Value::Map(members)
}

/// The sources with these labels, each with the key it is cited by.
pub fn cite(keys: &[String], findings: &Findings, labels: &Labels) -> Value {
    let all = labels.list(findings).filter(|(key, _, _)| keys.contains(key));
    let all = all.map(|(key, source, _)| {
        let mut members = vec![("key".to_owned(), Value::Text(key))];
        members.extend(citation(source));
        Value::Map(members)
    });
    Value::List(all.collect())
}

fn teller(statement: &Statement) -> Value {
    Value::Map(act(statement))
}

fn act(one: &Statement) -> Vec<(String, Value)> {
    let audience = one.audience.iter().cloned().map(Value::Text).collect();
    let members = [
        ("statement", Value::Text(one.key.clone())),
        ("speaker", Value::Text(one.speaker.clone())),
        ("identity", text(one.identity.as_ref())),
        ("described_as", text(one.described.as_ref())),
        ("act", Value::Text(one.act.clone())),
        ("claim", text(one.claim.as_ref())),
        ("date", text(one.date.as_ref())),
        ("record", text(one.record.as_ref())),
        ("to", Value::List(audience)),
    ];
    let coded_as = one.coded_as.iter().map(|name| ("coded_as", Value::Text(name.clone())));
    let members = members.into_iter().chain(coded_as);
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn where_read(reading: &Reading, findings: &Findings) -> Value {
    let Reading { id: _, source, locator, mode, quote, cites } = reading;
    let mut members = findings.sources.get(source).map(citation).unwrap_or_default();
    let more = [("locator", locator), ("mode", mode), ("quote", quote), ("cites", cites)];
    members.extend(more.map(|(name, value)| (name.to_owned(), text(value.as_ref()))));
    Value::Map(members)
}

fn cited(source: &Entry) -> Value {
    Value::Map(citation(source))
}

fn citation(source: &Entry) -> Vec<(String, Value)> {
    let Entry { key, title, publisher, author, published, url, .. } = source;
    let author = author.as_ref().map(|author| &author.text);
    let members = [
        ("source", Value::Text(key.clone())),
        ("title", Value::Text(title.clone())),
        ("publisher", text(publisher.as_ref())),
        ("author", text(author)),
        ("published", text(published.as_ref())),
        ("url", text(url.as_ref())),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(value: Option<&String>) -> Value {
    value.map_or(Value::Null, |text| Value::Text(text.clone()))
}
