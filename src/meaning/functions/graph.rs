//! Functions of nodes, edges and paths.

use super::Means;
use super::Takes;
use super::{Function, Gives, row};

pub(super) const FUNCTIONS: &[Function] = &[
    row("kind", &[Takes::Node], Gives::Text, Means::Kind, "the kind of a node"),
    row("labels", &[Takes::Node], Gives::Texts, Means::Labels, "the labels of a node, as a list"),
    Function {
        aliases: &["type"],
        ..row("edge_name", &[Takes::Edge], Gives::Text, Means::EdgeName, "the name of an edge")
    },
    Function {
        aliases: &["elementid", "id"],
        ..row(
            "element_id",
            &[Takes::Element],
            Gives::Text,
            Means::ElementId,
            "what tells a node or an edge from all others in this store",
        )
    },
    Function {
        aliases: &["path_length"],
        ..row(
            "length",
            &[Takes::Sized],
            Gives::Int,
            Means::Size,
            "edges of a path, members or characters",
        )
    },
    row("nodes", &[Takes::Path], Gives::Nodes, Means::PathPart, "the nodes of a path"),
    Function {
        aliases: &["relationships"],
        ..row("edges", &[Takes::Path], Gives::Edges, Means::PathPart, "the edges of a path")
    },
    row(
        "score",
        &[Takes::Node],
        Gives::Float,
        Means::Score,
        "the rank of the full-text match on a node; higher is better",
    ),
];
