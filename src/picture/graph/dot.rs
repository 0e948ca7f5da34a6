//! A graph in the language of Graphviz, for those who lay it out with other programs.

use std::fmt;

use super::{Edge, Graph, shape};
use crate::base::clean;
use crate::picture::side::Side;
use crate::picture::svg::GREY;

/// A text in quotation marks: the only way text gets into the file.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = clean::block(self.0);
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        write!(f, "\"{escaped}\"")
    }
}

/// The file.
pub fn write(graph: &Graph, title: &str) -> String {
    let Graph { nodes, edges, .. } = graph;
    let mut lines = vec![
        "digraph {".to_owned(),
        format!("  label={}; labelloc=t; fontname=Arial;", Quoted(title)),
        "  node [fontname=Arial]; edge [fontname=Arial];".to_owned(),
    ];
    for (at, node) in nodes.iter().enumerate() {
        let mut text = node.label.clone();
        if !node.note.is_empty() {
            text = format!("{text}\n{}", node.note);
        }
        let shape = shape::of(node.kind).dot;
        let style = if node.unnamed { " style=dashed" } else { "" };
        lines.push(format!("  n{at} [label={} shape={shape}{style}];", Quoted(&text)));
    }
    for edge in edges {
        let Edge { from, to, side, relayed, both, .. } = edge;
        let colour = if *side == Side::None { GREY } else { side.colour() };
        let head = if *side == Side::Against { "tee" } else { "normal" };
        let way = if *both { " dir=both" } else { "" };
        let style = if *relayed { " style=dashed" } else { "" };
        lines.push(format!(
            "  n{from} -> n{to} [label={} color={} arrowhead={head}{way}{style}];",
            Quoted(&edge.written()),
            Quoted(colour)
        ));
    }
    lines.push("}".to_owned());
    lines.join("\n") + "\n"
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
