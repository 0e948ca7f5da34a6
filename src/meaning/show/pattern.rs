//! Nodes, edges and paths of a match, spelled as patterns.

use super::names::Names;
use crate::meaning::question::{
    Alternative, EdgePattern, Expr, Group, Match, NodePattern, NodesOnce, PathPattern, Pick, Repeat,
};

impl Names<'_> {
    /// Everything in a match, one text each: nodes, edges, paths, conditions, edges that must differ.
    pub(super) fn parts(&self, found: &Match) -> Vec<String> {
        let Match { optional: _, nodes, edges, paths, conditions, different, picks } = found;
        let edge_name =
            |at: &usize| edges.get(*at).map_or("?", |edge: &EdgePattern| self.of_var(edge.var));
        let nodes = nodes.iter().map(|node| self.node(node));
        let paths = paths.iter().map(|path| self.path(path, edges));
        let conditions =
            conditions.iter().map(|condition| format!("where {}", self.expr(condition)));
        let different =
            different.iter().map(|(a, b)| format!("different {}, {}", edge_name(a), edge_name(b)));
        let edges = edges.iter().map(|edge| self.edge(edge));
        let picks = picks.iter().map(|pick| self.pick(pick));
        nodes.chain(edges).chain(paths).chain(picks).chain(conditions).chain(different).collect()
    }

    fn pick(&self, pick: &Pick) -> String {
        format!("{} {{ {} }}", self.wanted(pick), self.parts(&pick.found).join(", "))
    }

    /// Which paths are wanted, and between which nodes.
    pub(crate) fn wanted(&self, pick: &Pick) -> String {
        let Pick { most, lengths, start, end, found: _ } = pick;
        let groups = if *lengths { " groups" } else { "" };
        format!("shortest {most}{groups} from {} to {}", self.of_var(*start), self.of_var(*end))
    }

    /// `(a:Actor)`; a node that was known before is followed by `, known`.
    pub(crate) fn node(&self, node: &NodePattern) -> String {
        let NodePattern { var, kinds, bound } = node;
        let known = if *bound { ", known" } else { "" };
        format!("({}:{}{known})", self.written(*var), self.kinds(kinds))
    }

    /// `(a:Actor 'Rubio')`, `(:Actor)`, `(a)`: as it is drawn in a question, where variables go by the names they were given.
    pub(crate) fn drawn_node(&self, node: &NodePattern, text: Option<&str>) -> String {
        let NodePattern { var, kinds, bound } = node;
        let name = self.written(*var);
        let kinds = match self.kinds(kinds).as_str() {
            "%" => String::new(),
            _ if *bound => String::new(),
            kinds => format!(":{kinds}"),
        };
        let text = text.map(|text| format!(" '{text}'")).unwrap_or_default();
        format!("({name}{kinds}{text})")
    }

    /// `-[s:denies]->`, or `<-[s:denies]-` seen from its right end.
    pub(crate) fn drawn_edge(&self, edge: &EdgePattern, from_right: bool) -> String {
        let EdgePattern { var, left: _, right: _, alternatives, repeat, known: _ } = edge;
        let name = self.written(*var);
        let times = repeat.as_ref().map(|repeat| self.repeat(repeat)).unwrap_or_default();
        if let Some(group) = repeat.as_ref().and_then(|repeat| repeat.group.as_ref()) {
            let group = Group { lists: Vec::new(), ..(**group).clone() };
            return format!("({}){times}", self.group(&group));
        }
        let (tail, label, head) = self.arrow(alternatives);
        let (tail, head) = match (from_right, tail, head) {
            (true, _, "->") => ("<-", "-"),
            (true, "<-", _) => ("-", "->"),
            (_, tail, head) => (tail, head),
        };
        format!("{tail}[{name}:{label}]{head}{times}")
    }

    /// `(a)-[s:denies]->(c)`, with the quantifier and what must hold of every single edge.
    pub(crate) fn edge(&self, edge: &EdgePattern) -> String {
        let EdgePattern { var, left, right, alternatives, repeat, known } = edge;
        let (left, right) = (self.of_var(*left), self.of_var(*right));
        if let Some((repeat, group)) =
            repeat.as_ref().and_then(|repeat| Some((repeat, repeat.group.as_ref()?)))
        {
            return format!("({left})({}){}({right})", self.group(group), self.repeat(repeat));
        }
        let (tail, label, head) = self.arrow(alternatives);
        let times = repeat.as_ref().map(|repeat| self.repeat(repeat)).unwrap_or_default();
        let known = known.map(|known| format!(" = {}", self.of_var(known))).unwrap_or_default();
        format!("({left}){tail}[{}:{label}{known}]{head}{times}({right})", self.written(*var))
    }

    /// The path that repeats: its edges in order, what must hold, and the lists its variables make.
    fn group(&self, group: &Group) -> String {
        let Group { first: _, last: _, body, steps, lists, once } = group;
        let edges = steps.iter().filter_map(|(at, _)| body.edges.get(*at));
        let edges: Vec<String> = edges.map(|edge| self.edge(edge)).collect();
        let held = if body.conditions.is_empty() {
            String::new()
        } else {
            format!(" where {}", self.all(&body.conditions))
        };
        let lists: Vec<&str> = lists.iter().map(|(list, _)| self.of_var(*list)).collect();
        let lists =
            if lists.is_empty() { String::new() } else { format!("; lists {}", lists.join(", ")) };
        let once = once.map_or("", |_| "; nodes once");
        format!("{}{held}{lists}{once}", edges.join(", "))
    }

    /// The arrow and its labels. Where some point one way and some the other, each says which.
    fn arrow(&self, alternatives: &[Alternative]) -> (&'static str, String, &'static str) {
        let there = || alternatives.iter().filter(|one| !one.reversed);
        let back = || alternatives.iter().filter(|one| one.reversed);
        let all = self.alternatives(alternatives);
        if !alternatives.is_empty() && alternatives.iter().all(|one| one.symmetric) {
            return ("-", all, "-");
        }
        match (there().count(), back().count()) {
            (0, 1..) => ("<-", all, "-"),
            (_, 0) => ("-", all, "->"),
            (_, _) if self.alternatives(there()) == self.alternatives(back()) => ("-", all, "-"),
            (_, _) => {
                let both =
                    format!("{}> <{}", self.alternatives(there()), self.alternatives(back()));
                ("-", both, "-")
            }
        }
    }

    fn repeat(&self, repeat: &Repeat) -> String {
        let Repeat { min, max, each, conditions, walk, group: _ } = repeat;
        let max = max.map(|max| max.to_string()).unwrap_or_default();
        let walk = if *walk { " walk" } else { "" };
        let held = self.all(conditions);
        let held = if conditions.is_empty() {
            String::new()
        } else {
            format!("<each {} where {held}>", self.of_var(*each))
        };
        format!("{{{min},{max}}}{walk}{held}")
    }

    fn path(&self, path: &PathPattern, edges: &[EdgePattern]) -> String {
        let PathPattern { var, start, steps, once } = path;
        let once = match once {
            None => "",
            Some(NodesOnce::All) => " acyclic",
            Some(NodesOnce::ButEnds) => " simple",
        };
        let steps = steps.iter().map(|(at, node)| {
            (edges.get(*at).map_or("?", |edge| self.of_var(edge.var)), self.of_var(*node))
        });
        format!("{} ={once} {}", self.of_var(*var), along(self.of_var(*start), steps))
    }

    /// Conditions that must all hold.
    pub(crate) fn all(&self, conditions: &[Expr]) -> String {
        conditions.iter().map(|one| self.inside_and(one)).collect::<Vec<_>>().join(" and ")
    }
}

/// `(a)-[s]-(c)`
pub(crate) fn along<'n>(start: &str, steps: impl Iterator<Item = (&'n str, &'n str)>) -> String {
    let steps = steps.map(|(edge, node)| format!("-[{edge}]-({node})"));
    format!("({start}){}", steps.collect::<Vec<_>>().concat())
}
