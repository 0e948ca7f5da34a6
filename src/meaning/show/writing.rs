//! What a writing query does for each row, as readable text; `dixit explain --stage changes` prints it.

use super::Names;
use crate::meaning::catalog::Catalog;
use crate::meaning::question::{Question, Step};
use crate::record::edit::{Assign, Delete, Edit, Edits, End, Join, Link, Make, Place, Set};

/// Shows what is done with the rows that a question reads.
pub fn show(reading: &Question, edits: &Edits, catalog: &Catalog) -> String {
    let names = Names::of(&reading.vars, catalog);
    let values = reading
        .query
        .first
        .steps
        .iter()
        .rev()
        .find_map(|step| if let Step::Let(values) = step { Some(values) } else { None });
    let columns = values.map_or_else(Vec::new, |values| {
        values.iter().map(|(_, value)| names.expr(value)).collect()
    });
    let shown = Shown { columns, edits, catalog };
    let steps = edits.steps.iter().map(|step| shown.step(step));
    std::iter::once("for each row\n".to_owned()).chain(steps).collect::<Vec<_>>().concat()
}

struct Shown<'e> {
    columns: Vec<String>,
    edits: &'e Edits,
    catalog: &'e Catalog,
}

impl Shown<'_> {
    fn step(&self, edit: &Edit) -> String {
        let line = match edit {
            Edit::Make(make) => self.make(make),
            Edit::Join(Join { from, to, edge, number, span: _ }) => {
                let (from, to) = (self.place(*from), self.place(to.node));
                format!("lead `{edge}` of {from} to {to}, as #{}", number.1 + 1)
            }
            Edit::Link(link) => self.link(link),
            Edit::Set(Set { of, choices, span: _ }) => {
                let value =
                    choices.first().map_or_else(String::new, |(_, assign)| self.assign(assign));
                format!("set {}.{value}", self.place(*of))
            }
            Edit::Delete(Delete { nodes, edges, detach }) => {
                let all = nodes.iter().chain(edges).map(|(place, _)| self.place(*place));
                let how = if *detach { "detach delete" } else { "delete" };
                format!("{how} {}", all.collect::<Vec<_>>().join(", "))
            }
        };
        format!("  {line}\n")
    }

    fn make(&self, make: &Make) -> String {
        let Make { number, kind, cells, ends, term, span: _ } = make;
        let term = term.as_ref().map_or_else(String::new, |term| format!(" `{}`", term.name));
        let ends = ends.iter().map(|end| self.end(end));
        let cells = cells.iter().map(|cell| self.assign(cell));
        let parts: Vec<String> = ends.chain(cells).collect();
        format!("make {}{term} #{} with {}", self.kind(*kind), number + 1, parts.join(", "))
    }

    fn link(&self, link: &Link) -> String {
        let Link { table: _, from, to, term: _, symmetric, cells, edge, number, span: _ } = link;
        let (from, to) = (self.place(from.node), self.place(to.node));
        let ways = if *symmetric { ", both ways" } else { "" };
        let cells: Vec<String> =
            cells.iter().map(|cell| format!(", {}", self.assign(cell))).collect();
        format!("link {from} by `{edge}` to {to}{ways}{}, as #{}", cells.concat(), number.1 + 1)
    }

    fn end(&self, end: &End) -> String {
        format!("{} → {}", end.column, self.place(end.node))
    }

    fn assign(&self, assign: &Assign) -> String {
        let value = assign.value.and_then(|column| self.columns.get(column));
        format!("{} = {}", assign.property, value.map_or("null", String::as_str))
    }

    fn place(&self, place: Place) -> String {
        match place {
            Place::Read(column) => self.columns.get(column).cloned().unwrap_or_default(),
            Place::Made(number) => format!("#{}", number + 1),
            Place::Found(at) => match self.edits.found.get(at) {
                Some(found) => {
                    let text = self.columns.get(found.text).map_or("", String::as_str);
                    format!("the {} called {text}", self.kind(found.kind))
                }
                None => String::new(),
            },
        }
    }

    fn kind(&self, number: i64) -> &str {
        let known = self.catalog.kinds().find(|(_, kind)| kind.id == number);
        known.map_or("node", |(_, kind)| kind.name.as_str())
    }
}
