//! A graph in memory, made from the rows of a small world as the catalogue says.

use super::{value::Value, worlds::World};
use dixit::base::{date::Date, fold::fold};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: &'static str,
    pub(crate) key: String,
    pub(crate) properties: BTreeMap<&'static str, Value>,
    /// Key, name and aliases, folded.
    pub(crate) names: Vec<String>,
    /// The edge it is.
    pub(crate) edge: Option<usize>,
    /// Whether a pattern without a label leaves it out.
    pub(crate) as_edge: bool,
}

#[derive(Debug)]
pub(crate) struct Edge {
    /// Which row of the catalogue's edges.
    pub(crate) family: &'static str,
    pub(crate) name: String,
    /// Lower-case names it goes by, its own among them.
    pub(crate) labels: Vec<String>,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) properties: BTreeMap<&'static str, Value>,
    /// The node it stands as.
    pub(crate) node: Option<usize>,
    pub(crate) symmetric: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
}

/// Act, family and polarity, as far as tests use them.
pub(crate) const ACTS: &[(&str, &str, i64)] = &[
    ("asserts", "assertive", 1),
    ("denies", "assertive", -1),
    ("doubts", "assertive", -1),
    ("questions", "assertive", 0),
    ("reports", "assertive", 0),
    ("urges", "directive", 1),
    ("supports", "expressive", 1),
    ("disowns", "assertive", -1),
];

pub(crate) const STATEMENT_LINKS: &[&str] = &[
    "reports",
    "denies_account",
    "disowns",
    "reverses",
    "follows",
    "repeats",
    "replies_to",
    "retracts",
];
pub(crate) const CLAIM_LINKS: &[&str] =
    &["contradicts", "tension", "equivalent", "implies", "supports", "refines"];
pub(crate) const STATEMENT_CLAIM_LINKS: &[&str] = &["supports_claim", "counts_against"];
pub(crate) const SOURCE_LINKS: &[&str] = &["cites", "quotes", "corrects", "retracts"];
pub(crate) const RELATIONS: &[&str] = &["holds_office", "member_of", "works_for", "part_of"];

struct Builder<'w> {
    world: &'w World,
    graph: Graph,
}

impl Graph {
    pub(crate) fn of(world: &World) -> Self {
        let mut builder = Builder { world, graph: Self::default() };
        builder.nodes();
        builder.statements();
        builder.node_edges();
        builder.attestations();
        builder.links();
        builder.relations();
        builder.assessments();
        super::declared::extend(world, &mut builder.graph);
        for row in world.rows("same_as") {
            let graph = &mut builder.graph;
            if let (Some(actor), Some(same)) =
                (graph.find("Actor", row.get("actor")), graph.find("Actor", row.get("same")))
            {
                graph.unite(actor, same);
            }
        }
        builder.graph
    }

    /// One node stands for two: what went to either goes to it, and it goes by the names of both.
    fn unite(&mut self, gone: usize, stays: usize) {
        let Node { properties, names, .. } = self.nodes.remove(gone);
        let moved = |node: usize| match node {
            node if node == gone => stays - usize::from(stays > gone),
            node => node - usize::from(node > gone),
        };
        for edge in &mut self.edges {
            (edge.from, edge.to) = (moved(edge.from), moved(edge.to));
            edge.node = edge.node.map(moved);
        }
        let one = &mut self.nodes[moved(gone)];
        one.names.extend(names);
        let own = &one.properties["name"];
        let mut others: Vec<String> = Vec::new();
        for held in [&one.properties, &properties] {
            if let Value::List(members) = &held["aliases"] {
                others.extend(members.iter().map(|name| match name {
                    Value::Text(name) => name.clone(),
                    _ => panic!("other names are texts"),
                }));
            }
        }
        if let Value::Text(name) = &properties["name"]
            && properties["name"] != *own
        {
            others.push(name.clone());
        }
        others.sort_unstable();
        others.dedup();
        let others = others.into_iter().map(Value::Text).collect();
        one.properties.insert("aliases", Value::List(others));
    }

    pub(crate) fn find(&self, kind: &str, key: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.kind == kind && node.key == key)
    }

    /// The node any kind may have under this key; keys of a tiny world are its own across kinds.
    fn any(&self, key: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.key == key && !node.as_edge)
    }
}

fn text(cell: &str) -> Value {
    if cell.is_empty() { Value::Null } else { Value::text(cell) }
}

fn date(cell: &str) -> Value {
    if cell.is_empty() {
        Value::Null
    } else {
        Value::Date(Date::parse(cell).expect("the dates of worlds are dates"))
    }
}

fn aliases(cell: &str) -> Vec<&str> {
    let mut names: Vec<&str> = cell.split(';').map(str::trim).filter(|n| !n.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Builder<'_> {
    fn node(&mut self, kind: &'static str, key: &str, names: &[&str]) -> usize {
        let names = names.iter().chain([&key]).map(|name| fold(name)).collect();
        let (key, properties) = (key.to_owned(), BTreeMap::new());
        self.graph.nodes.push(Node { kind, key, properties, names, edge: None, as_edge: false });
        self.graph.nodes.len() - 1
    }

    fn edge(&mut self, family: &'static str, name: &str, from: usize, to: usize) -> usize {
        self.graph.edges.push(Edge {
            family,
            name: name.to_owned(),
            labels: vec![name.to_owned()],
            from,
            to,
            properties: BTreeMap::new(),
            node: None,
            symmetric: false,
        });
        self.graph.edges.len() - 1
    }

    fn set(&mut self, node: usize, name: &'static str, value: Value) {
        self.graph.nodes[node].properties.insert(name, value);
    }

    fn nodes(&mut self) {
        let plain: [(&str, &'static str, &str, &[&'static str]); 6] = [
            (
                "actors",
                "Actor",
                "name",
                &["name", "kind", "identity", "described_as", "wikidata", "note"],
            ),
            ("venues", "Venue", "name", &["name", "kind", "wikidata", "note"]),
            ("topics", "Topic", "name", &["name", "kind", "note"]),
            ("events", "Event", "name", &["name", "kind", "note"]),
            ("sources", "Source", "title", &["title", "kind", "access", "url", "body", "note"]),
            (
                "claims",
                "Claim",
                "text",
                &["text", "kind", "subject", "predicate", "object", "note"],
            ),
        ];
        for (stem, kind, name, columns) in plain {
            for row in self.world.rows(stem) {
                let others = aliases(row.get("aliases"));
                let names: Vec<&str> = others.iter().copied().chain([row.get(name)]).collect();
                let node = self.node(kind, row.get("key"), &names);
                self.set(node, "key", text(row.get("key")));
                for column in columns {
                    self.set(node, column, text(row.get(column)));
                }
                if kind != "Claim" {
                    let others = others.into_iter().map(Value::text).collect();
                    self.set(node, "aliases", Value::List(others));
                }
                match kind {
                    "Event" => self.set(node, "date", date(row.get("date"))),
                    "Source" => self.set(node, "published", date(row.get("published"))),
                    _ => {}
                }
            }
        }
    }

    fn statements(&mut self) {
        for row in self.world.rows("statements") {
            let node = self.node("Statement", row.get("key"), &[]);
            self.set(node, "key", text(row.get("key")));
            for column in ["certainty", "record", "utterance", "note"] {
                self.set(node, column, text(row.get(column)));
            }
            self.set(node, "date", date(row.get("date")));
            let act = row.get("act");
            let (_, family, polarity) = ACTS.iter().find(|known| known.0 == act).unwrap();
            self.set(node, "act", text(act));
            self.set(node, "family", Value::text(family));
            self.set(node, "polarity", Value::Int(*polarity));
            let speaker = self.graph.find("Actor", row.get("speaker")).unwrap();
            self.edge("by", "by", node, speaker);
            if let Some(claim) = self.graph.find("Claim", row.get("claim")) {
                self.edge("of", "of", node, claim);
                let said = self.edge("act", act, speaker, claim);
                let labels = &mut self.graph.edges[said].labels;
                labels.push("said".to_owned());
                match polarity {
                    1 => labels.push("affirms".to_owned()),
                    -1 => labels.push("disputes".to_owned()),
                    _ => {}
                }
                self.graph.edges[said].node = Some(node);
                self.graph.nodes[node].edge = Some(said);
            }
        }
    }

    /// Edges that are a cell of a node's row.
    fn node_edges(&mut self) {
        let cells: [(&str, &str, &str, &'static str, &str); 11] = [
            ("statements", "Statement", "venue", "at", "Venue"),
            ("statements", "Statement", "event", "during", "Event"),
            ("venues", "Venue", "within", "within", "Venue"),
            ("events", "Event", "within", "within", "Event"),
            ("topics", "Topic", "within", "within", "Topic"),
            ("events", "Event", "venue", "at", "Venue"),
            ("sources", "Source", "venue", "at", "Venue"),
            ("sources", "Source", "publisher", "published_by", "Actor"),
            ("sources", "Source", "author", "written_by", "Actor"),
            ("venues", "Venue", "basis", "known_from", "Source"),
            ("events", "Event", "basis", "known_from", "Source"),
        ];
        for (stem, kind, column, name, target) in cells {
            for row in self.world.rows(stem) {
                let from = self.graph.find(kind, row.get("key")).unwrap();
                if let Some(to) = self.graph.find(target, row.get(column)) {
                    self.edge(name, name, from, to);
                }
            }
        }
        for row in self.world.rows("claims") {
            let from = self.graph.find("Claim", row.get("key")).unwrap();
            for topic in row.get("topic").split(';').filter(|key| !key.is_empty()) {
                let to = self.graph.find("Topic", topic).unwrap();
                self.edge("on", "on", from, to);
            }
        }
        for row in self.world.rows("claim_about") {
            let from = self.graph.find("Claim", row.get("claim")).unwrap();
            let to = self.graph.any(row.get("about")).unwrap();
            self.edge("about", "about", from, to);
        }
        for row in self.world.rows("statement_actors") {
            let from = self.graph.find("Statement", row.get("statement")).unwrap();
            let to = self.graph.find("Actor", row.get("actor")).unwrap();
            let name = match row.get("role") {
                "audience" => "to",
                "on-behalf-of" => "on_behalf_of",
                _ => "with",
            };
            self.edge("participant", name, from, to);
        }
    }

    /// An edge with a node of its own, told apart from other nodes.
    fn reified(&mut self, kind: &'static str, key: &str, edge: usize) -> usize {
        let node = self.node(kind, key, &[]);
        self.graph.nodes[node].edge = Some(edge);
        self.graph.nodes[node].as_edge = true;
        self.graph.edges[edge].node = Some(node);
        node
    }

    fn attestations(&mut self) {
        for row in self.world.rows("attestations") {
            let from = self.graph.find("Statement", row.get("statement")).unwrap();
            let to = self.graph.find("Source", row.get("source")).unwrap();
            let edge = self.edge("in", "in", from, to);
            let node = self.reified("Attestation", "", edge);
            for column in ["mode", "quote", "locator", "note"] {
                self.set(node, column, text(row.get(column)));
            }
            if let Some(cited) = self.graph.find("Source", row.get("cites")) {
                self.edge("attestation-cites", "cites", node, cited);
            }
        }
    }

    fn links(&mut self) {
        for row in self.world.rows("links") {
            let (from, to) = (row.get("from"), row.get("to"));
            let name = row.get("relation");
            let (from, to) = (self.graph.any(from).unwrap(), self.graph.any(to).unwrap());
            let family = match (self.graph.nodes[from].kind, self.graph.nodes[to].kind) {
                ("Statement", "Statement") => "statement-link",
                ("Statement", _) => "statement-claim-link",
                _ => "claim-link",
            };
            let edge = self.edge(family, name, from, to);
            let found = &mut self.graph.edges[edge];
            found.symmetric = matches!(name, "contradicts" | "tension" | "equivalent");
            found.properties.insert("basis", text(row.get("basis")));
            found.properties.insert("note", text(row.get("note")));
        }
        for row in self.world.rows("source_links") {
            let from = self.graph.find("Source", row.get("from")).unwrap();
            let to = self.graph.find("Source", row.get("to")).unwrap();
            let edge = self.edge("source-link", row.get("relation"), from, to);
            self.graph.edges[edge].properties.insert("note", text(row.get("note")));
        }
    }

    fn relations(&mut self) {
        for row in self.world.rows("relations") {
            let from = self.graph.any(row.get("from")).unwrap();
            let to = self.graph.any(row.get("to")).unwrap();
            let edge = self.edge("relation", row.get("relation"), from, to);
            let node = self.reified("Relation", row.get("key"), edge);
            for column in ["key", "relation", "role", "note"] {
                self.set(node, column, text(row.get(column)));
            }
            for column in ["valid_from", "valid_to", "as_of"] {
                self.set(node, column, date(row.get(column)));
            }
            if let Some(source) = self.graph.find("Source", row.get("source")) {
                self.edge("relation-known-from", "known_from", node, source);
            }
        }
    }

    fn assessments(&mut self) {
        for row in self.world.rows("assessments") {
            let node = self.node("Assessment", row.get("key"), &[]);
            for column in ["key", "scale", "value", "assessor", "note"] {
                self.set(node, column, text(row.get(column)));
            }
            self.set(node, "date", date(row.get("date")));
            let target = self.graph.any(row.get("target")).unwrap();
            self.edge("rates", "rates", node, target);
        }
    }
}
