//! Graphs as JSON lines, one node or edge a line: read once to see what there is, then again to write it. What is new is
//! declared where that is asked for; what is declared is held to its types.

mod forms;
mod graphml;
mod headed;
mod ids;
mod infer;
pub(super) mod line;
mod lines;
mod rows;
pub(super) mod table;
pub(super) mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::standard::shown;
use super::{Error, Progress, Refusal, Report, Request};
use crate::record::catalogue::Catalogue;
use crate::record::declared;
use crate::record::graph::{self, Contradiction, GraphType, Part, Reason};
use crate::store::Writer;
use crate::store::load::Load;
use crate::store::log::{Action, Change};
use forms::Part as File;
use ids::Ids;
use infer::{Place, Seen};
use line::Item;
use lines::Counter;

/// How many refusals a report keeps; all are counted.
const KEPT: usize = 100;

/// Whether all these files are graphs; an error where only some are.
pub(super) fn is_graph(paths: &[PathBuf]) -> Result<bool, Error> {
    let mut others = paths.iter().filter(|path| forms::form(path).is_none());
    match others.next() {
        None => Ok(!paths.is_empty()),
        Some(other) if paths.iter().any(|path| forms::form(path).is_some()) => {
            let why = "this is no graph; import it by itself".to_owned();
            Err(Error::Nothing(other.clone(), why))
        }
        Some(_) => Ok(false),
    }
}

/// Imports graphs.
pub(super) fn import(
    writer: &mut Writer,
    request: &Request,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let paths = &request.paths;
    let bytes: u64 =
        paths.iter().filter_map(|path| path.metadata().ok()).map(|meta| meta.len()).sum();
    let mut counter = Counter::new(progress, bytes * 2);
    let catalogue = writer.catalogue()?;
    let mut load = writer.load(request.dry_run)?;
    let mut session = Session::new(paths);
    session.look(&load, &catalogue, request, &mut counter)?;
    session.left_out = std::mem::take(&mut counter.left_out);
    session.remarks = std::mem::take(&mut counter.remarks);
    // What can still be judged is, so that all mistakes are told together.
    let mut goes_on = !session.repeats;
    if goes_on {
        let wanted = session.graph_type(&catalogue, request);
        goes_on = session.declare(&mut load, &catalogue, &wanted, request)?;
    }
    if goes_on {
        counter.total = counter.done + bytes * if session.late { 2 } else { 1 };
        rows::write(&mut session, &load, request, &mut counter)?;
    }
    counter.done = counter.total;
    counter.tell();
    session.finish(load, request)
}

/// Where a node is: its kind and, once it is written, its id; before that the line it stands on.
#[derive(Debug, Clone, Copy)]
struct At {
    kind: u32,
    place: Place,
    id: i64,
}

/// An import in progress.
struct Session {
    parts: Vec<File>,
    files: Vec<String>,
    seen: Seen,
    nodes: Ids<At>,
    /// Whether some edge stands before its nodes.
    late: bool,
    /// Whether a node is there twice.
    repeats: bool,
    /// Of each edge of the graph type, which of the edges seen it is.
    origins: Vec<usize>,
    added: Vec<(String, u64)>,
    changed: Vec<(String, u64)>,
    unchanged: u64,
    left_out: BTreeMap<String, u64>,
    remarks: BTreeSet<String>,
    refused: Vec<Refusal>,
    refused_count: u64,
}

impl Session {
    fn new(paths: &[PathBuf]) -> Self {
        Self {
            parts: paths.iter().map(|path| File::new(path)).collect(),
            files: paths.iter().map(|path| shown(path)).collect(),
            seen: Seen::default(),
            nodes: Ids::new(),
            late: false,
            repeats: false,
            origins: Vec::new(),
            added: Vec::new(),
            changed: Vec::new(),
            unchanged: 0,
            left_out: BTreeMap::new(),
            remarks: BTreeSet::new(),
            refused: Vec::new(),
            refused_count: 0,
        }
    }

    fn refuse(&mut self, place: Place, reason: String, suggestion: Option<String>) {
        self.refused_count += 1;
        if self.refused.len() < KEPT {
            let file = self.files.get(place.0).cloned().unwrap_or_default();
            self.refused.push(Refusal { file, line: place.1, column: None, reason, suggestion });
        }
    }

    fn refuse_cell(
        &mut self,
        place: Place,
        column: Option<String>,
        reason: String,
        suggestion: Option<String>,
    ) {
        self.refuse(place, reason, suggestion);
        if self.refused_count <= KEPT as u64
            && let Some(last) = self.refused.last_mut()
        {
            last.column = column;
        }
    }

    fn refuse_all(&mut self, place: Place, reasons: Vec<String>) {
        for reason in reasons {
            self.refuse(place, reason, None);
        }
    }

    /// Reads everything once: which kinds, edges and properties there are, and which nodes.
    fn look(
        &mut self,
        load: &Load<'_>,
        catalogue: &Catalogue,
        request: &Request,
        counter: &mut Counter<'_>,
    ) -> Result<(), Error> {
        let parts = self.parts.clone();
        forms::each(&parts, counter, &mut |place, item| {
            load.go_on()?;
            match item {
                Err(why) => self.refuse(place, why, None),
                Ok(Item::Node(node)) => self.look_at_node(&node, place, request.dates),
                Ok(Item::Edge(mut edge)) => self.look_at_edge(&mut edge, place, request.dates),
            }
            Ok(())
        })?;
        if !self.late || self.repeats {
            return Ok(());
        }
        self.seen.forget_edges();
        forms::each(&parts, counter, &mut |place, item| {
            if let Ok(Item::Edge(mut edge)) = item {
                for end in [&edge.from, &edge.to] {
                    self.look_in_store(end, place, load, catalogue)?;
                }
                self.look_at_edge(&mut edge, place, request.dates);
            }
            Ok(())
        })
    }

    fn look_at_node(&mut self, node: &line::Node<'_>, place: Place, dates: bool) {
        let kind = self.seen.kind(&node.labels, place);
        if let Some(seen) = self.seen.kinds.get_mut(kind) {
            seen.count += 1;
            seen.properties.see(&node.properties, place, dates);
        }
        let at = At { kind: u32::try_from(kind).unwrap_or(u32::MAX), place, id: 0 };
        if let Some(before) = self.nodes.insert(&node.id, at) {
            let file = self.files.get(before.place.0).cloned().unwrap_or_default();
            let reason =
                format!("the node '{}' is there already: {file}:{}", node.id, before.place.1);
            self.repeats = true;
            self.refuse(place, reason, None);
        }
    }

    /// An edge that holds both ways joins its kinds in the order in which they were seen.
    fn turn(&self, edge: &mut line::Edge<'_>) {
        let kind = |id: &str| self.nodes.get(id).map(|at| at.kind);
        if edge.both && kind(&edge.from) > kind(&edge.to) {
            std::mem::swap(&mut edge.from, &mut edge.to);
        }
    }

    fn look_at_edge(&mut self, edge: &mut line::Edge<'_>, place: Place, dates: bool) {
        self.turn(edge);
        let kind = |id: &str| self.nodes.get(id).map(|at| at.kind as usize);
        let (Some(from), Some(to)) = (kind(&edge.from), kind(&edge.to)) else {
            self.late = true;
            return;
        };
        let at = self.seen.edge(&edge.name, (from, to), place);
        if let Some(seen) = self.seen.edges.get_mut(at) {
            if *seen.both.get_or_insert(edge.both) != edge.both {
                let reason = format!(
                    "the edge `{}` holds one way in one place and both ways in another",
                    edge.name
                );
                return self.refuse(
                    place,
                    reason,
                    Some("give one of them another name".to_owned()),
                );
            }
            seen.properties.see(&edge.properties, place, dates);
        }
    }

    /// Finds a node that no line of the files gives in the store.
    fn look_in_store(
        &mut self,
        id: &str,
        place: Place,
        load: &Load<'_>,
        catalogue: &Catalogue,
    ) -> Result<(), Error> {
        if self.nodes.get(id).is_some() {
            return Ok(());
        }
        let mut found = Vec::new();
        for kind in catalogue.kinds.iter().filter(|kind| kind.id >= declared::FIRST) {
            found.extend(load.id_of(&kind.table, id)?.map(|row| (kind, row)));
        }
        match found.as_slice() {
            [(kind, row)] => {
                let labels: Vec<_> =
                    declared::labels_of(kind).into_iter().map(Into::into).collect();
                let number = u32::try_from(self.seen.kind(&labels, place)).unwrap_or(u32::MAX);
                self.nodes.insert(id, At { kind: number, place, id: *row });
            }
            [] => self.refuse(place, format!("there is no node '{id}'"), None),
            [(one, _), (other, _), ..] => {
                let reason = format!("'{id}' may be a {} or a {}", one.name, other.name);
                self.refuse(place, reason, None);
            }
        }
        Ok(())
    }

    /// What was seen as a graph type; of what is declared already, the declared types count.
    fn graph_type(&mut self, catalogue: &Catalogue, request: &Request) -> GraphType {
        let mut wanted = GraphType {
            name: catalogue.graph.name.clone(),
            open: catalogue.graph.open || request.open,
            ..GraphType::default()
        };
        for kind in &self.seen.kinds {
            let mut kind = Seen::kind_type(kind, request.dates);
            if let Some(known) = graph::kind_with(catalogue, &kind.labels) {
                hold(&mut kind.properties, &known.table, catalogue);
            }
            wanted.kinds.push(kind);
        }
        let mut origins = Vec::new();
        for (at, edge) in self.seen.edges.iter().enumerate() {
            let mut edge = self.seen.edge_type(edge, request.dates);
            if let Some((known, turned)) = edge_between(catalogue, &edge) {
                hold(&mut edge.properties, &known.table, catalogue);
                edge.symmetric = known.symmetric;
                if turned {
                    std::mem::swap(&mut edge.from, &mut edge.to);
                }
            }
            let same = wanted.edges.iter_mut().find(|other| {
                (&other.name, &other.from, &other.to) == (&edge.name, &edge.from, &edge.to)
            });
            if let Some(other) = same {
                unite(&mut other.properties, edge.properties);
            } else {
                wanted.edges.push(edge);
                origins.push(at);
            }
        }
        self.origins = origins;
        wanted
    }

    /// Adds what is new, or refuses it where that was not asked for; tells whether all that is wanted is there now.
    fn declare(
        &mut self,
        load: &mut Load<'_>,
        catalogue: &Catalogue,
        wanted: &GraphType,
        request: &Request,
    ) -> Result<bool, Error> {
        let before = self.refused_count;
        for (at, kind) in wanted.kinds.iter().enumerate() {
            let known = graph::kind_with(catalogue, &kind.labels);
            if let Some(known) = known.filter(|known| known.id < declared::FIRST) {
                self.refuse_contradiction((Part::Kind(at), Reason::BuiltIn(known.name.clone())));
            }
        }
        if self.refused_count > before {
            return Ok(false);
        }
        match graph::additions(catalogue, wanted) {
            Ok(additions) if additions.is_empty() || request.infer => {
                load.add(&additions)?;
                if wanted.open != catalogue.graph.open {
                    load.name_graph(&wanted.name, wanted.open)?;
                }
            }
            Ok(_) => self.refuse_new(catalogue, wanted),
            Err(wrong) => {
                for contradiction in wrong {
                    self.refuse_contradiction(contradiction);
                }
            }
        }
        Ok(self.refused_count == before)
    }

    /// Refuses what is not declared.
    fn refuse_new(&mut self, catalogue: &Catalogue, wanted: &GraphType) {
        let mut news: Vec<(Part, String)> = Vec::new();
        for (at, kind) in wanted.kinds.iter().enumerate() {
            let name = declared::kind_name(&kind.labels);
            match graph::kind_with(catalogue, &kind.labels) {
                None => news.push((Part::Kind(at), format!("there is no kind `{name}`"))),
                Some(known) => news.extend(kind.properties.iter().enumerate().filter_map(
                    |(place, property)| {
                        let is_new = !has(catalogue, &known.table, &property.name);
                        let reason = format!("{name} has no property `{}`", property.name);
                        is_new.then_some((Part::KindProperty(at, place), reason))
                    },
                )),
            }
        }
        for (at, edge) in wanted.edges.iter().enumerate() {
            let ends = [&edge.from, &edge.to].map(|labels| declared::kind_name(labels));
            let [from, to] = ends;
            match edge_between(catalogue, edge) {
                None => news.push((
                    Part::Edge(at),
                    format!("there is no edge `{}` from {from} to {to}", edge.name),
                )),
                Some((known, _)) => news.extend(edge.properties.iter().enumerate().filter_map(
                    |(place, property)| {
                        let is_new = !has(catalogue, &known.table, &property.name);
                        let reason =
                            format!("the edge {} has no property `{}`", edge.name, property.name);
                        is_new.then_some((Part::EdgeProperty(at, place), reason))
                    },
                )),
            }
        }
        for (part, reason) in news {
            self.refuse(self.place(part), reason, Some("`--infer` adds what is new".to_owned()));
        }
    }

    /// The line where a part of the graph type was seen first.
    fn place(&self, part: Part) -> Place {
        let kinds = &self.seen.kinds;
        let edge = |at: usize| self.seen.edges.get(*self.origins.get(at)?);
        let found = match part {
            Part::Kind(at) => kinds.get(at).map(|kind| kind.place),
            Part::KindProperty(at, place) => kinds
                .get(at)
                .and_then(|kind| kind.properties.all.get(place))
                .map(|column| column.place),
            Part::Edge(at) | Part::From(at) | Part::To(at) => edge(at).map(|edge| edge.place),
            Part::EdgeProperty(at, place) => edge(at).map(|edge| {
                edge.properties.all.get(place).map_or(edge.place, |column| column.place)
            }),
        };
        found.unwrap_or((0, 1))
    }

    fn refuse_contradiction(&mut self, (part, reason): Contradiction) {
        let suggestion = match &reason {
            Reason::BuiltIn(_) => Some(
                "import it into a store of its own: `dixit import … --bare --db FILE`".to_owned(),
            ),
            _ => None,
        };
        self.refuse(self.place(part), reason.to_string(), suggestion);
    }

    fn finish(mut self, load: Load<'_>, request: &Request) -> Result<Report, Error> {
        self.refused.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        let several = self.seen.kinds.iter().filter(|kind| kind.labels.len() > 1);
        let several: u64 = several.map(|kind| kind.count).sum();
        let unlabelled: u64 = self
            .seen
            .kinds
            .iter()
            .filter(|kind| kind.labels.is_empty())
            .map(|kind| kind.count)
            .sum();
        let mut remarks: Vec<String> = std::mem::take(&mut self.remarks).into_iter().collect();
        if several > 0 {
            let nodes = counted(several, "node has", "nodes have");
            remarks.push(format!(
                "{nodes} several labels; each set of labels is a kind, as in `(a:A&B)`"
            ));
        }
        if unlabelled > 0 {
            let nodes = counted(unlabelled, "node has", "nodes have");
            remarks.push(format!("{nodes} no label; the kind of such nodes is called `Node`"));
        }
        let report = Report {
            left_out: self.left_out.into_iter().collect(),
            added: self.added,
            changed: self.changed,
            unchanged: self.unchanged,
            remarks,
            refused: self.refused,
            refused_count: self.refused_count,
            dry_run: request.dry_run,
            ..Report::default()
        };
        if request.dry_run || report.refused_count > 0 {
            return Ok(report);
        }
        let (who, why) = (request.who.as_deref(), request.why.as_deref());
        let change =
            Change { at: &request.now, who, why, action: Action::Import, files: &self.files };
        load.keep(&change)?;
        Ok(report)
    }
}

fn counted(count: u64, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

/// Adds the properties of the same edge as it was seen in the other direction.
fn unite(known: &mut Vec<graph::PropertyType>, more: Vec<graph::PropertyType>) {
    for property in more {
        match known.iter_mut().find(|one| one.name == property.name) {
            None => known.push(property),
            Some(one) if one.ty != property.ty => one.ty = graph::ValueType::Any,
            Some(_) => {}
        }
    }
}

/// Gives properties that are declared their declared types.
fn hold(properties: &mut [graph::PropertyType], table: &str, catalogue: &Catalogue) {
    for property in properties {
        let known =
            catalogue.properties.iter().find(|row| row.table == table && row.name == property.name);
        if let Some(row) = known {
            property.ty = graph::ValueType::named(&row.ty).unwrap_or_else(|| property.ty.clone());
            property.required = row.required;
        }
    }
}

fn has(catalogue: &Catalogue, table: &str, name: &str) -> bool {
    catalogue.properties.iter().any(|row| row.table == table && row.name == name)
}

/// The declared edge of that name between two kinds, and whether it is a symmetric one declared the other way round.
fn edge_between<'c>(
    catalogue: &'c Catalogue,
    edge: &graph::EdgeType,
) -> Option<(&'c crate::record::catalogue::Edge, bool)> {
    let kind = |labels: &[String]| graph::kind_with(catalogue, labels).map(|kind| kind.id);
    let (from, to) = (kind(&edge.from)?, kind(&edge.to)?);
    let mut named = catalogue
        .edges
        .iter()
        .filter(|row| row.id >= declared::FIRST && row.name.as_deref() == Some(edge.name.as_str()));
    named.find_map(|row| match (row.from.kind, row.to.kind) {
        (Some(a), Some(b)) if (a, b) == (from, to) => Some((row, false)),
        (Some(a), Some(b)) if row.symmetric && (b, a) == (from, to) => Some((row, true)),
        _ => None,
    })
}
