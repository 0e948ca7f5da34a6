//! Looks for nodes that may be one: actors, venues, sources and claims. Only those are compared that share a block, a text
//! that two names have in common only if they may be alike; so a hundred thousand names take seconds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Row;

use super::Reader;
use super::error::Error;
use super::judge::judged_two;
use crate::base::count::with_article;
use crate::base::fold::fold;
use crate::base::likeness::{Form, Likeness, blocks, likeness};

/// Two nodes that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The kind, in lower case.
    pub kind: &'static str,
    /// Key and name of the one that more is known of.
    pub one: (String, String),
    /// Key and name of the other.
    pub other: (String, String),
    /// How likely they are one, of a hundred.
    pub weight: u8,
    /// Why they may be.
    pub why: String,
}

/// A kind in which twins are looked for.
struct Kind {
    name: &'static str,
    /// Nodes: id, key, name, what tells them for certain (an item, an address), what keeps two apart, and how often used.
    nodes: &'static str,
    /// What `certain` is called.
    certain: &'static str,
    /// Whether two that differ in what tells them for certain are two.
    told_apart: bool,
}

/// Actors without a name belong to their source, and are never one with others.
const KINDS: &[Kind] = &[
    Kind {
        name: "actor",
        nodes: "SELECT a.id, a.key, a.name, a.wikidata, k.term, (SELECT count(*) FROM (SELECT 1 FROM statement WHERE speaker = a.id LIMIT 100))
          FROM actor AS a LEFT JOIN term AS i ON i.id = a.identity LEFT JOIN term AS k ON k.id = a.kind
          WHERE coalesce(i.term, 'named') = 'named' ORDER BY a.id",
        certain: "the same item at Wikidata",
        told_apart: true,
    },
    Kind {
        name: "venue",
        nodes: "SELECT v.id, v.key, v.name, v.wikidata, v.within, (SELECT count(*) FROM (SELECT 1 FROM statement WHERE venue = v.id LIMIT 100))
          FROM venue AS v ORDER BY v.id",
        certain: "the same item at Wikidata",
        told_apart: true,
    },
    Kind {
        name: "source",
        nodes: "SELECT o.id, o.key, o.title, o.url, coalesce(o.published_text, o.published_first), (SELECT count(*) FROM (SELECT 1 FROM attestation WHERE source = o.id LIMIT 100))
          FROM source AS o ORDER BY o.id",
        certain: "the same address",
        told_apart: false,
    },
    Kind {
        name: "claim",
        nodes: "SELECT c.id, c.key, c.text, NULL, NULL, (SELECT count(*) FROM (SELECT 1 FROM statement WHERE claim = c.id LIMIT 100))
          FROM claim AS c ORDER BY c.id",
        certain: "",
        told_apart: false,
    },
];

struct Node {
    id: i64,
    key: String,
    name: String,
    certain: Option<String>,
    apart: Option<String>,
    used: i64,
}

/// So many names may share a block before it says too little.
const MOST_ALIKE: usize = 50;
/// So many other names of a kind are looked at.
const MOST_NAMES: i64 = 2_000_000;

impl Reader {
    /// Pairs of nodes that may be one, the likeliest first; of one kind, or of all in which twins are looked for.
    pub fn twins(&self, kind: Option<&str>) -> Result<Vec<Twin>, Error> {
        let mut all = Vec::new();
        for known in KINDS.iter().filter(|known| kind.is_none_or(|kind| kind == known.name)) {
            all.extend(self.twins_of(known).map_err(|error| self.failed(error))?);
        }
        all.sort_by(|a, b| {
            b.weight
                .cmp(&a.weight)
                .then_with(|| (a.kind, &a.one.0, &a.other.0).cmp(&(b.kind, &b.one.0, &b.other.0)))
        });
        Ok(all)
    }

    fn twins_of(&self, kind: &Kind) -> rusqlite::Result<Vec<Twin>> {
        let connection = self.connection();
        let stored = super::catalogue::kinds(connection)?;
        let Some(number) = stored.iter().find(|row| row.table == kind.name).map(|row| row.id)
        else {
            return Ok(Vec::new());
        };
        let nodes: Vec<Node> =
            connection.prepare(kind.nodes)?.query_map([], node)?.collect::<Result<_, _>>()?;
        let mut search = Search { kind, found: BTreeMap::new() };
        search.certain(&nodes);
        let names = self.names_of(&nodes, number)?;
        search.names(&nodes, &names);
        let one = self.judged(number)?;
        let two = judged_two(connection, number)?;
        Ok(search.told(&nodes, (&one, &two)))
    }

    /// The names of all nodes: by the place of the node, its own first.
    fn names_of(&self, nodes: &[Node], kind: i64) -> rusqlite::Result<Vec<(usize, Form)>> {
        let place: HashMap<i64, usize> =
            nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let mut names: Vec<(usize, Form)> =
            nodes.iter().enumerate().map(|(at, node)| (at, Form::new(&node.name))).collect();
        let sql = "SELECT node, name FROM alias WHERE kind = ?1 LIMIT ?2";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([kind, MOST_NAMES])?;
        while let Some(row) = rows.next()? {
            if let Some(&at) = place.get(&row.get(0)?) {
                names.push((at, Form::new(&row.get::<_, String>(1)?)));
            }
        }
        Ok(names)
    }

    /// What each judged node is read as.
    fn judged(&self, kind: i64) -> rusqlite::Result<HashMap<i64, i64>> {
        let sql = "SELECT node, same FROM same_as WHERE kind = ?1";
        let mut statement = self.connection().prepare(sql)?;
        statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }
}

fn node(row: &Row<'_>) -> rusqlite::Result<Node> {
    let text = |at: usize| -> rusqlite::Result<Option<String>> {
        use rusqlite::types::ValueRef;
        Ok(match row.get_ref(at)? {
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => None,
        })
    };
    Ok(Node {
        id: row.get(0)?,
        key: text(1)?.unwrap_or_default(),
        name: text(2)?.unwrap_or_default(),
        certain: text(3)?.map(|text| address(&text)).filter(|text| !text.is_empty()),
        apart: text(4)?,
        used: row.get(5)?,
    })
}

/// An address without what does not tell two apart: how it is fetched, `www.`, a mark within, where one came from.
fn address(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.strip_prefix("www.").unwrap_or(text);
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let (host, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let host = host.to_ascii_lowercase();
    let path = format!("{host}{}", rest.trim_end_matches('/'));
    let kept: Vec<&str> =
        query.split('&').filter(|part| !part.is_empty() && !part.starts_with("utm_")).collect();
    if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) }
}

/// What was found of a pair, by the places of its nodes, the lesser first.
struct Search<'k> {
    kind: &'k Kind,
    found: BTreeMap<(usize, usize), Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Certain,
    /// Whether one of the two names is not the usual one.
    Name(Likeness, bool),
}

impl Reason {
    fn weight(self) -> u8 {
        match self {
            Self::Certain => 99,
            Self::Name(likeness, other) => likeness.weight() - if other { 5 } else { 0 },
        }
    }
}

impl Search<'_> {
    fn add(&mut self, one: usize, other: usize, reason: Reason) {
        if one == other {
            return;
        }
        let known = self.found.entry((one.min(other), one.max(other))).or_insert(reason);
        *known = (*known).min(reason);
    }

    fn certain(&mut self, nodes: &[Node]) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (at, node) in nodes.iter().enumerate() {
            if let Some(certain) = node.certain.as_deref() {
                let known = *first.entry(certain).or_insert(at);
                self.add(known, at, Reason::Certain);
            }
        }
    }

    fn names(&mut self, nodes: &[Node], names: &[(usize, Form)]) {
        let mut shared: Vec<(u64, u32)> = Vec::new();
        for (at, (_, form)) in names.iter().enumerate() {
            let Ok(at) = u32::try_from(at) else { break };
            shared.extend(blocks(form).iter().map(|block| (hash(block), at)));
        }
        shared.sort_unstable();
        let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
        for block in shared.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1) {
            // Of too many each is compared with the first: who has the same name is found so, and the rest says too little.
            let most = if block.len() > MOST_ALIKE { 1 } else { block.len() };
            for (place, (_, one)) in block.iter().enumerate().take(most) {
                pairs.extend(block.iter().skip(place + 1).map(|(_, other)| (*one, *other)));
            }
        }
        let name = |at: u32| names.get(usize::try_from(at).ok()?);
        for (a, b) in pairs {
            let (Some((one, a_form)), Some((other, b_form))) = (name(a), name(b)) else { continue };
            if one == other {
                continue;
            }
            if let Some(likeness) = likeness(a_form, b_form) {
                let usual = usize::try_from(a.max(b)).is_ok_and(|at| at < nodes.len());
                self.add(*one, *other, Reason::Name(likeness, !usual));
            }
        }
    }

    fn told(
        self,
        nodes: &[Node],
        (one, two): (&HashMap<i64, i64>, &BTreeSet<(i64, i64)>),
    ) -> Vec<Twin> {
        let Self { kind, found } = self;
        let read_as = |id: i64| one.get(&id).copied().unwrap_or(id);
        let place: HashMap<i64, usize> =
            nodes.iter().enumerate().map(|(at, node)| (node.id, at)).collect();
        let pair = |a: i64, b: i64| (a.min(b), a.max(b));
        let two: BTreeSet<(i64, i64)> =
            two.iter().map(|(a, b)| pair(read_as(*a), read_as(*b))).collect();
        // What is judged to be one is told once, with the strongest reason that any of it gives.
        let mut pairs: BTreeMap<(i64, i64), Reason> = BTreeMap::new();
        for ((a, b), reason) in found {
            let (Some(a), Some(b)) = (nodes.get(a), nodes.get(b)) else { continue };
            let (a, b) = pair(read_as(a.id), read_as(b.id));
            if a != b && !two.contains(&(a, b)) {
                let known = pairs.entry((a, b)).or_insert(reason);
                *known = (*known).min(reason);
            }
        }
        let node = |id: i64| place.get(&id).and_then(|at| nodes.get(*at));
        let texts = kind.texts(nodes);
        let mut twins = Vec::new();
        for ((a, b), reason) in pairs {
            let (Some(a), Some(b)) = (node(a), node(b)) else { continue };
            let differ = |a: &Option<String>, b: &Option<String>| {
                a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| a != b)
            };
            if kind.told_apart && differ(&a.certain, &b.certain) || texts.says_little(a, b) {
                continue;
            }
            let mut weight = reason.weight();
            let mut why = match reason {
                Reason::Certain => kind.certain.to_owned(),
                Reason::Name(likeness, false) => likeness.words().to_owned(),
                Reason::Name(likeness, true) => {
                    format!("{}, among the other names", likeness.words())
                }
            };
            if let (Some(one), Some(other), true) = (&a.apart, &b.apart, differ(&a.apart, &b.apart))
            {
                weight = weight.saturating_sub(30);
                why += &kind.apart((one, other));
            }
            let (first, second) = if b.used > a.used { (b, a) } else { (a, b) };
            let told = |node: &Node| (node.key.clone(), node.name.clone());
            let kind = kind.name;
            twins.push(Twin { kind, one: told(first), other: told(second), weight, why });
        }
        twins
    }
}

/// The texts that several claims have, folded: of each the first claim, and how many there are.
#[derive(Default)]
struct Texts(HashMap<String, (i64, usize)>);

/// A text of fewer words that many claims have is no proposition, such as "it".
const WORDS: usize = 3;

impl Texts {
    /// Whether a pair says nothing that others do not: the text is too short for so many, or each is told beside the first.
    fn says_little(&self, a: &Node, b: &Node) -> bool {
        let folded = fold(&a.name);
        let Some((first, count)) = self.0.get(&folded).copied() else { return false };
        let is_short = folded.split(' ').count() < WORDS;
        count > 2 && folded == fold(&b.name) && (is_short || (a.id != first && b.id != first))
    }
}

impl Kind {
    /// What is told of claims; others are told by their names, which few share.
    fn texts(&self, nodes: &[Node]) -> Texts {
        let mut texts = Texts::default();
        for node in nodes.iter().filter(|_| self.name == "claim") {
            texts.0.entry(fold(&node.name)).or_insert((node.id, 0)).1 += 1;
        }
        texts
    }

    /// What speaks against it, in words.
    fn apart(&self, (one, other): (&str, &str)) -> String {
        match self.name {
            "actor" => format!("; but {} and {}", with_article(one), with_article(other)),
            "source" => "; but not of the same day".to_owned(),
            _ => "; but not within the same".to_owned(),
        }
    }
}

/// Blocks are known by a number: two that share one by chance are compared, and found not to be alike.
fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_compared_by_what_they_lead_to() {
        for text in [
            "https://www.Example.org/a/?utm_source=x#top",
            "http://example.org/a",
            "example.org/a/",
        ] {
            assert_eq!(address(text), "example.org/a");
        }
        assert_ne!(address("https://x.org/?id=1"), address("https://x.org/?id=2"));
    }
}
