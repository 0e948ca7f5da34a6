//! A folder of notes in Markdown that link to each other: one for each actor, claim, source, venue, event and topic.
//! Statements are told in the notes of their speaker and of their claim; what others relay stays apart.

use super::amount::{Sort, expect};
use super::beside::{Beside, beside, of_folder, shown};
use super::markup::{address, plain};
use super::note::{front, link, path};
use super::out::Out;
use super::rows::{claims_held, text, texts, truth};
use super::{Error, Options, Report, World};
use crate::base::value::Value;

const ACTORS: &str = include_str!("queries/note_actors.dixit");
const CLAIMS: &str = include_str!("queries/note_claims.dixit");

/// Notes of things that say nothing.
struct Plain {
    noun: &'static str,
    folder: &'static str,
    question: &'static str,
    /// Names of fields, and where they stand in a row.
    fields: &'static [(&'static str, usize)],
    /// What it is joined to: in a word, where the key stands, where the name stands, and the folder.
    joins: &'static [(&'static str, usize, usize, &'static str)],
    url: Option<usize>,
    note: usize,
}

const PLAIN: &[Plain] = &[
    Plain {
        noun: "source",
        folder: "sources",
        question: include_str!("queries/works.dixit"),
        fields: &[("kind", 2), ("access", 10), ("published", 8)],
        joins: &[("written by", 3, 4, "actors"), ("published by", 5, 6, "actors")],
        url: Some(7),
        note: 9,
    },
    Plain {
        noun: "venue",
        folder: "venues",
        question: include_str!("queries/venues.dixit"),
        fields: &[("kind", 2), ("wikidata", 4), ("aliases", 6)],
        joins: &[("within", 3, 3, "venues"), ("known from", 5, 5, "sources")],
        url: None,
        note: 7,
    },
    Plain {
        noun: "event",
        folder: "events",
        question: include_str!("queries/events.dixit"),
        fields: &[("kind", 2), ("date", 3), ("aliases", 7)],
        joins: &[
            ("at", 4, 4, "venues"),
            ("within", 5, 5, "events"),
            ("known from", 6, 6, "sources"),
        ],
        url: None,
        note: 8,
    },
    Plain {
        noun: "topic",
        folder: "topics",
        question: include_str!("queries/topics.dixit"),
        fields: &[("kind", 2), ("aliases", 4)],
        joins: &[("within", 3, 3, "topics")],
        url: None,
        note: 5,
    },
];

/// Where statements go that pass a test, under their heading.
type Section = (&'static str, fn(&[Value]) -> bool);

const OF_ACTORS: &[Section] = &[
    ("What was said", |row| !truth(row, 23) && texts(row, 26).is_empty()),
    ("What others say was said", |row| truth(row, 23)),
    ("What is told of others", |row| !truth(row, 23) && !texts(row, 26).is_empty()),
];

const OF_CLAIMS: &[Section] = &[
    ("For it", |row| !truth(row, 23) && side(row) > 0),
    ("Against it", |row| !truth(row, 23) && side(row) < 0),
    ("Neither", |row| !truth(row, 23) && side(row) == 0),
    ("What others say was said about it", |row| truth(row, 23)),
];

/// What is asked for: statements are told twice.
const ROWS: &[Sort] =
    &[Sort::Statements, Sort::Statements, Sort::Sources, Sort::Venues, Sort::Events, Sort::Topics];

/// Writes all notes.
pub(super) fn write(world: &dyn World, _: &Options, out: &mut Out<'_>) -> Result<Report, Error> {
    claims_held(world)?;
    expect(world, ROWS)?;
    let mut report = Report::default();
    let mut besides = Report::default();
    let mut all = beside(world, &mut besides)?;
    speaking(world, out, &mut report, (true, of_folder(&mut all, "actors")))?;
    speaking(world, out, &mut report, (false, of_folder(&mut all, "claims")))?;
    for sort in PLAIN {
        let (mut count, mut beside) = (0, of_folder(&mut all, sort.folder));
        world.ask(sort.question, &[], &mut |row| {
            count += 1;
            let note = plain_note(sort, row) + &sections(&mut beside, row)?;
            put(out, sort.folder, row, &note)
        })?;
        report.wrote(sort.noun, count);
    }
    besides.written.iter().for_each(|(noun, count)| report.wrote(noun, *count));
    besides.left_out.iter().for_each(|(noun, count)| report.leave_out(noun, *count));
    Ok(report)
}

/// What a note tells besides.
fn sections(beside: &mut Option<&mut Beside>, row: &[Value]) -> Result<String, Error> {
    let key = text(row, 0).unwrap_or_default();
    beside.as_mut().map_or(Ok(String::new()), |beside| beside.sections(key))
}

fn put(out: &mut Out<'_>, folder: &str, row: &[Value], note: &str) -> Result<(), Error> {
    let name = format!("{}.md", path(folder, text(row, 0).unwrap_or_default()));
    out.named(&name, |w| Ok(w.write_all(note.as_bytes())?))
}

/// A note in the making: of an actor or a claim, whose statements come row by row.
struct Draft {
    first: Vec<Value>,
    /// What stands in each section.
    told: Vec<String>,
}

/// Writes the notes of actors or of claims.
fn speaking(
    world: &dyn World,
    out: &mut Out<'_>,
    report: &mut Report,
    (of_actors, mut beside): (bool, Option<&mut Beside>),
) -> Result<(), Error> {
    let (noun, folder, question, sections) = if of_actors {
        ("actor", "actors", ACTORS, OF_ACTORS)
    } else {
        ("claim", "claims", CLAIMS, OF_CLAIMS)
    };
    let (mut notes, mut statements) = (0, 0);
    let mut draft: Option<Draft> = None;
    world.ask(question, &[], &mut |row| {
        if draft.as_ref().is_some_and(|draft| draft.first.first() != row.first())
            && let Some(done) = draft.take()
        {
            finish(out, &done, (folder, sections, of_actors), &mut beside)?;
        }
        let draft = draft.get_or_insert_with(|| {
            notes += 1;
            Draft { first: row.to_vec(), told: vec![String::new(); sections.len()] }
        });
        if text(row, 8).is_some() {
            statements += u64::from(of_actors);
            for ((_, belongs), told) in sections.iter().zip(&mut draft.told) {
                if belongs(row) {
                    told.push_str(&sentence(row, of_actors));
                }
            }
        }
        Ok(())
    })?;
    if let Some(done) = draft {
        finish(out, &done, (folder, sections, of_actors), &mut beside)?;
    }
    report.wrote(noun, notes);
    report.wrote("statement", statements);
    Ok(())
}

/// Writes a note whose rows have all come.
fn finish(
    out: &mut Out<'_>,
    done: &Draft,
    (folder, parts, of_actors): (&str, &[Section], bool),
    beside: &mut Option<&mut Beside>,
) -> Result<(), Error> {
    let note = finished(done, parts, of_actors) + &sections(beside, &done.first)?;
    put(out, folder, &done.first, &note)
}

fn finished(draft: &Draft, sections: &[Section], of_actor: bool) -> String {
    let row = draft.first.as_slice();
    let title = text(row, 1).or(text(row, 0)).unwrap_or_default();
    let field = |at| text(row, at).into_iter().collect::<Vec<_>>();
    let mut note = if of_actor {
        front(&[
            ("key", field(0)),
            ("type", vec!["actor"]),
            ("kind", field(2)),
            ("identity", field(3)),
            ("wikidata", field(5)),
            ("aliases", texts(row, 6)),
        ])
    } else {
        front(&[("key", field(0)), ("type", vec!["claim"]), ("kind", field(2))])
    };
    note.extend([format!("# {}\n", plain(title))]);
    if of_actor {
        let described = text(row, 4).map(|words| format!("\nDescribed as “{}”.\n", plain(words)));
        note.extend(described);
    } else {
        joined(&mut note, "on", &listed(row, 3, 4, "topics"));
        joined(&mut note, "about", &about(row));
    }
    note.extend(text(row, 7).map(|words| format!("\nNote: {}\n", plain(words))));
    for ((heading, _), told) in sections.iter().zip(&draft.told) {
        if !told.is_empty() {
            note.extend([format!("\n## {heading}\n\n{told}")]);
        }
    }
    note
}

/// What a claim is about, as far as that has a note; all else by its key.
fn about(row: &[Value]) -> String {
    let Some(Value::List(nodes)) = row.get(5) else { return String::new() };
    let one = |node: &Value| match node {
        Value::Node(node) => Some(shown(node)),
        _ => None,
    };
    nodes.iter().filter_map(one).collect::<Vec<_>>().join(", ")
}

fn side(row: &[Value]) -> i64 {
    if let Some(Value::Int(side)) = row.get(10) { *side } else { 0 }
}

/// Links to what two lists of a row name: their keys, and what they are called.
fn listed(row: &[Value], keys: usize, names: usize, folder: &str) -> String {
    let all = texts(row, keys).into_iter().zip(texts(row, names));
    all.map(|(key, name)| link(folder, key, name)).collect::<Vec<_>>().join(", ")
}

fn joined(note: &mut String, word: &str, links: &str) {
    if !links.is_empty() {
        // A list stands apart from what is above it.
        let apart = if note.ends_with("]]\n") { "" } else { "\n" };
        note.extend([format!("{apart}- {word}: {links}\n")]);
    }
}

/// `- 2025-11-22, [[venues/halifax|Halifax]]: *asserts*: [[claims/…|…]] … ([[sources/…|…]])`
fn sentence(row: &[Value], of_actor: bool) -> String {
    let one = |folder, key, name| {
        text(row, key).map(|key| link(folder, key, text(row, name).unwrap_or(key)))
    };
    let mut line = format!("- {}", text(row, 11).map_or_else(|| "undated".to_owned(), plain));
    line.extend(one("venues", 16, 17).map(|venue| format!(", {venue}")));
    line.extend(one("events", 18, 19).map(|event| format!(", {event}")));
    line.push_str(": ");
    if !of_actor || truth(row, 23) {
        line.extend(one("actors", 12, 13).map(|speaker| format!("{speaker} ")));
    }
    let act = text(row, 9).unwrap_or_default().replace('_', " ");
    line.extend([format!("*{}*", plain(&act))]);
    if of_actor {
        line.extend(one("claims", 14, 15).map(|claim| format!(": {claim}")));
    }
    let told = listed(row, 26, 27, "actors");
    if !told.is_empty() {
        let what = listed(row, 28, 29, "claims");
        let colon = if what.is_empty() { "" } else { ": " };
        line.extend([format!(" (what {told} said{colon}{what})")]);
    }
    if truth(row, 23) {
        line.extend([format!(" — as {} tells it", listed(row, 24, 25, "actors"))]);
    }
    let manner: Vec<String> =
        [20, 21].into_iter().filter_map(|at| text(row, at).map(plain)).collect();
    if !manner.is_empty() {
        line.extend([format!(" ({})", manner.join(", "))]);
    }
    for quote in texts(row, 32) {
        line.extend([format!(" “{}”", plain(quote))]);
    }
    line.extend(text(row, 22).map(|note| format!(" — note: {}", plain(note))));
    let sources = listed(row, 30, 31, "sources");
    format!("{line} ({sources})\n")
}

fn plain_note(sort: &Plain, row: &[Value]) -> String {
    let mut fields =
        vec![("key", vec![text(row, 0).unwrap_or_default()]), ("type", vec![sort.noun])];
    for (name, at) in sort.fields {
        let one = text(row, *at).into_iter().collect::<Vec<_>>();
        fields.push((name, if one.is_empty() { texts(row, *at) } else { one }));
    }
    let mut note = front(&fields);
    let title = text(row, 1).or(text(row, 0)).unwrap_or_default();
    note.extend([format!("# {}\n", plain(title))]);
    for (word, key, name, folder) in sort.joins {
        let to = text(row, *key).map(|key| link(folder, key, text(row, *name).unwrap_or(key)));
        joined(&mut note, word, &to.unwrap_or_default());
    }
    let url = sort.url.and_then(|at| text(row, at));
    note.extend(url.map(|url| format!("\n{}\n", address(url))));
    note.extend(text(row, sort.note).map(|words| format!("\nNote: {}\n", plain(words))));
    note
}
