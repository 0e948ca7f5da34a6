//! A projection in the language of Graphviz: signs as colours, arrowheads and words, what is only relayed dashed.

use std::fmt;
use std::io::Write;

use super::out::Out;
use super::projection::{self, Edge, Node, Projection, Sign};
use super::{Error, Options, Report, World};
use crate::base::clean;

/// A text in quotation marks: the only way text gets into the file. What would act becomes visible.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = clean::block(self.0);
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        write!(f, "\"{escaped}\"")
    }
}

/// Writes the projection.
pub(super) fn write(
    world: &dyn World,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<Report, Error> {
    let graph = projection::wanted(world, options)?;
    let projection = graph.projection;
    let mut report = Report::default();
    let w: &mut dyn Write = out.file()?;
    let Projection { about, directed, .. } = projection;
    let (sort, arrow) = if *directed { ("digraph", "->") } else { ("graph", "--") };
    let title = format!("{}: {about}", options.store);
    writeln!(w, "{sort} {{\n  label={}; labelloc=t; fontname=Arial;", Quoted(&title))?;
    writeln!(w, "  node [fontname=Arial]; edge [fontname=Arial];")?;
    graph.nodes(&mut |one| {
        report.wrote("node", 1);
        node(w, one)
    })?;
    graph.edges(&mut |one| {
        report.wrote("edge", 1);
        edge(w, one, arrow)
    })?;
    writeln!(w, "}}")?;
    Ok(report)
}

fn node(w: &mut dyn Write, node: &Node<'_>) -> Result<(), Error> {
    let Node { id, label, kind, sort, unnamed } = node;
    let style = if *unnamed { " style=dashed" } else { "" };
    let sort = sort.map(|sort| format!(" sort={}", Quoted(sort))).unwrap_or_default();
    let (id, label, kind) = (Quoted(id), Quoted(label), Quoted(kind));
    Ok(writeln!(w, "  {id} [label={label} kind={kind}{sort}{style}];")?)
}

fn edge(w: &mut dyn Write, edge: &Edge<'_>, arrow: &str) -> Result<(), Error> {
    let Edge { from, to, sign, weight, own, relayed, first, last } = edge;
    // Blue, vermilion and grey: most people with a colour vision deficiency tell them apart.
    let (colour, head) = match sign {
        Sign::For => ("#0072B2", "normal"),
        Sign::Against => ("#D55E00", "tee"),
        Sign::Neutral => ("#6B6B6B", "normal"),
    };
    let style = if *own == 0 { " style=dashed" } else { "" };
    let day = |name: &str, day: Option<&str>| {
        day.map(|day| format!(" {name}={}", Quoted(day))).unwrap_or_default()
    };
    let days = day("first", *first) + &day("last", *last);
    let (from, to, colour) = (Quoted(from), Quoted(to), Quoted(colour));
    let (word, known) = (Quoted(sign.word()), Quoted(edge.known()));
    Ok(writeln!(
        w,
        "  {from} {arrow} {to} [sign={word} weight={weight} known={known} own={own} relayed={relayed}{days} color={colour} arrowhead={head}{style}];"
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_quotation_marks() {
        assert_eq!(Quoted("a\"]; x [\\").to_string(), "\"a\\\"]; x [\\\\\"");
        assert_eq!(Quoted("a\nb\u{1b}").to_string(), "\"a\\nb␛\"");
    }
}
