//! The plan's nodes.
//!
//! `match (v:Venue)-[:within]->*(:Venue 'Canada'), (s:Statement)-[:at]->(v) return s.key` becomes
//!
//! ```text
//! Project  s.key
//!   Join   s, at          the statements at each of them
//!     Walk within         backwards from Canada to v, any number of times
//!       Join  Canada      the selective end comes first
//!         Start
//! ```

use std::collections::BTreeSet;

use crate::meaning::catalog::KindSet;
use crate::meaning::question::{
    EdgePattern, Expr, NodePattern, NodesOnce, Output, Projection, SetOperator, Unfolding, VarId,
};

/// A step, with the steps before it.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// One row without variables.
    Start,
    /// Each row is extended by the nodes and edges that fit.
    Join {
        /// The rows before.
        input: Box<Plan>,
        /// What is joined.
        block: Block,
    },
    /// Each row is extended along a repeated edge.
    Walk {
        /// The rows before.
        input: Box<Plan>,
        /// The repeated edge.
        walk: Walk,
    },
    /// Each row is extended by path variables, whose parts are all known.
    Paths {
        /// The rows before.
        input: Box<Plan>,
        /// The paths.
        paths: Vec<Trace>,
    },
    /// Each row is extended by what the inner plan finds, or by nulls.
    Optional {
        /// The rows before.
        input: Box<Plan>,
        /// What to look for; it starts from the variables shared.
        inner: Box<Plan>,
        /// Variables of the rows before that the inner plan reads.
        shared: BTreeSet<VarId>,
        /// Variables it gives.
        own: BTreeSet<VarId>,
    },
    /// Each row is extended by those paths that are wanted.
    Pick {
        /// The rows before.
        input: Box<Plan>,
        /// Which paths, and how they are found.
        pick: Box<Picking>,
    },
    /// Rows that do not fulfil the condition are dropped.
    Filter {
        /// The rows before.
        input: Box<Plan>,
        /// The condition.
        condition: Expr,
    },
    /// Rows become other rows.
    Project {
        /// The rows before.
        input: Box<Plan>,
        /// Into what.
        projection: Projection,
    },
    /// Each row is extended by values computed for it.
    Let {
        /// The rows before.
        input: Box<Plan>,
        /// The values; a later one may read an earlier one.
        values: Vec<(VarId, Expr)>,
    },
    /// Each row is repeated for every member of a list.
    Unfold {
        /// The rows before.
        input: Box<Plan>,
        /// The list.
        unfolding: Unfolding,
    },
    /// Each row is extended by the rows of an inner plan that is run for it.
    Apply {
        /// The rows before.
        input: Box<Plan>,
        /// What to run; it starts from the variables shared.
        inner: Box<Plan>,
        /// Whether rows for which it gives nothing are kept.
        optional: bool,
        /// Variables of the rows before that the inner plan reads.
        shared: BTreeSet<VarId>,
        /// Variables it gives.
        own: BTreeSet<VarId>,
    },
    /// The rows of several plans as one; each plan starts from the same row.
    Combine {
        /// The first.
        first: Box<Branch>,
        /// The others, each joined to what all before it give.
        others: Vec<(SetOperator, Branch)>,
        /// What comes of it: each column with a type that holds those of every branch.
        columns: Vec<Output>,
    },
}

/// One of several plans whose rows become one.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The plan.
    pub plan: Plan,
    /// The variables it gives, one for each column.
    pub gives: Vec<VarId>,
}

/// Nodes and single edges found together, in whatever order the database likes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// Nodes; those bound are there already.
    pub nodes: Vec<NodePattern>,
    /// Edges between them.
    pub edges: Vec<EdgePattern>,
    /// What must hold.
    pub conditions: Vec<Expr>,
    /// Edges that must not be one and the same.
    pub different: Vec<(VarId, VarId)>,
}

/// A repeated edge, followed from an end that is known.
#[expect(clippy::struct_excessive_bools, reason = "four answers to four unlike questions")]
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    /// The edge.
    pub edge: EdgePattern,
    /// Whether it is followed from its right end.
    pub backwards: bool,
    /// Kinds the far end may be.
    pub far_kinds: KindSet,
    /// Whether the far end is known already.
    pub far_bound: bool,
    /// Whether the edges passed are asked for, as a list or in a path.
    pub kept: bool,
    /// Whether only the ends matter, not how often and by which way they are reached.
    pub reach: bool,
    /// Other edges it must not pass.
    pub different: Vec<VarId>,
    /// What is found at each step, where a whole path repeats; the node it starts from is known.
    pub block: Option<Block>,
}

/// Which paths of a pattern are wanted, for each pair of ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Picking {
    /// How many at most: of paths, or of lengths.
    pub most: u32,
    /// Whether lengths are counted rather than paths.
    pub lengths: bool,
    /// The first node and the last.
    pub ends: [VarId; 2],
    /// The path.
    pub path: Trace,
    /// Variables of the rows before that finding reads.
    pub shared: BTreeSet<VarId>,
    /// Variables it gives.
    pub own: BTreeSet<VarId>,
    /// How the paths are found.
    pub how: Finding,
}

/// How paths are found of which some are wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// All of them, of which the first are taken.
    All(Plan),
    /// Node by node, the nearest first, each node once.
    Nearest(Walk),
}

/// A path variable and what it runs along.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Its variable.
    pub var: VarId,
    /// The first node.
    pub start: VarId,
    /// Edges, each with the node it leads to.
    pub steps: Vec<(VarId, VarId)>,
    /// How far its nodes must differ, if at all.
    pub once: Option<NodesOnce>,
}
