//! A plan as an indented tree: each step on a line, the rows it starts from below it.
//! The same plan always gives the same text; `dixit explain --stage plan` prints it.

use super::tree::{Block, Finding, Picking, Plan, Trace, Walk};
use crate::meaning::catalog::Catalog;
use crate::meaning::question::{Expr, Question, VarId};
use crate::meaning::show::{Names, along, set_operator};

/// Shows a plan; the question gives the variables their names.
pub fn show(plan: &Plan, question: &Question, catalog: &Catalog) -> String {
    let mut tree = Tree { names: Names::of(&question.vars, catalog), text: String::new() };
    tree.plan(plan, 0);
    tree.text
}

struct Tree<'c> {
    names: Names<'c>,
    text: String,
}

impl Tree<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn plan(&mut self, plan: &Plan, depth: usize) {
        let (text, input) = match plan {
            Plan::Start => return self.line(depth, "start"),
            Plan::Join { input, block } => (self.block(block), input),
            Plan::Walk { input, walk } => (self.walk(walk), input),
            Plan::Paths { input, paths } => (self.paths(paths), input),
            Plan::Filter { input, condition } => {
                (format!("filter {}", self.names.expr(condition)), input)
            }
            Plan::Project { input, projection } => {
                (format!("project {}", self.names.projection(projection, "; ")), input)
            }
            Plan::Pick { input, pick } => {
                self.line(depth, &self.pick(pick));
                if let Finding::All(inner) = &pick.how {
                    self.line(depth + 1, "for each row of");
                    self.plan(input, depth + 2);
                    self.line(depth + 1, "of what is found by");
                    return self.plan(inner, depth + 2);
                }
                return self.plan(input, depth + 1);
            }
            Plan::Let { input, values } => (format!("let {}", self.values(values)), input),
            Plan::Unfold { input, unfolding } => (self.names.unfolding(unfolding), input),
            Plan::Apply { input, inner, optional, shared, own } => {
                let (shared, own) = (self.names.of_vars(shared), self.names.of_vars(own));
                let head = if *optional { "optional call" } else { "call" };
                self.line(depth, &format!("{head} {own}; given {shared}"));
                self.line(depth + 1, "for each row of");
                self.plan(input, depth + 2);
                self.line(depth + 1, "run");
                return self.plan(inner, depth + 2);
            }
            Plan::Combine { first, others, columns } => {
                let columns = self.names.of_vars(columns.iter().map(|column| &column.var));
                self.line(depth, &format!("combine {columns}"));
                self.plan(&first.plan, depth + 2);
                for (how, branch) in others {
                    self.line(depth + 1, set_operator(*how));
                    self.plan(&branch.plan, depth + 2);
                }
                return;
            }
            Plan::Optional { input, inner, shared, own } => {
                let (shared, own) = (self.names.of_vars(shared), self.names.of_vars(own));
                self.line(depth, &format!("optional {own}; given {shared}"));
                self.line(depth + 1, "for each row of");
                self.plan(input, depth + 2);
                self.line(depth + 1, "what is found by");
                return self.plan(inner, depth + 2);
            }
        };
        self.line(depth, &text);
        self.plan(input, depth + 1);
    }

    fn values(&self, values: &[(VarId, Expr)]) -> String {
        let value = |(var, value): &(VarId, Expr)| {
            format!("{} = {}", self.names.of_var(*var), self.names.expr(value))
        };
        values.iter().map(value).collect::<Vec<_>>().join(", ")
    }

    fn block(&self, block: &Block) -> String {
        let Block { nodes, edges, conditions, different } = block;
        let names = &self.names;
        let nodes = nodes.iter().map(|node| names.node(node));
        let found: Vec<String> = nodes.chain(edges.iter().map(|edge| names.edge(edge))).collect();
        let held = if conditions.is_empty() {
            String::new()
        } else {
            format!("; where {}", names.all(conditions))
        };
        let different = different
            .iter()
            .map(|(a, b)| format!("; different {}, {}", names.of_var(*a), names.of_var(*b)));
        let different = different.collect::<Vec<_>>().concat();
        format!("join {}{held}{different}", found.join(", "))
    }

    fn walk(&self, walk: &Walk) -> String {
        let Walk { edge, backwards, far_kinds, far_bound, kept, reach, different, block } = walk;
        let names = &self.names;
        let near = if *backwards { edge.right } else { edge.left };
        let far = if *backwards { edge.left } else { edge.right };
        let notes = [
            Some(format!("from {}", names.of_var(near))),
            (!far_bound).then(|| format!("to {}:{}", names.of_var(far), names.kinds(far_kinds))),
            kept.then(|| format!("keeping {}", names.of_var(edge.var))),
            reach.then(|| "ends only".to_owned()),
            block.as_ref().map(|block| format!("each {}", self.block(block))),
            (!different.is_empty()).then(|| format!("without {}", names.of_vars(different))),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        format!("walk {}; {}", names.edge(edge), notes.join("; "))
    }

    fn pick(&self, pick: &Picking) -> String {
        let Picking { most, lengths, ends: [start, end], path, shared, own: _, how } = pick;
        let what = if *lengths { "lengths" } else { "paths" };
        let (start, end) = (self.names.of_var(*start), self.names.of_var(*end));
        let how = match how {
            Finding::All(_) => String::new(),
            Finding::Nearest(walk) => format!("; nearest first, {}", self.walk(walk)),
        };
        let given = self.names.of_vars(shared);
        let path = self.names.of_var(path.var);
        format!("pick the {most} shortest {what} {path} from {start} to {end}; given {given}{how}")
    }

    fn paths(&self, paths: &[Trace]) -> String {
        let names = &self.names;
        let path = |path: &Trace| {
            let Trace { var, start, steps, once } = path;
            let once = if once.is_some() { " nodes once" } else { "" };
            let steps = steps.iter().map(|(edge, node)| (names.of_var(*edge), names.of_var(*node)));
            format!("{} ={once} {}", names.of_var(*var), along(names.of_var(*start), steps))
        };
        format!("paths {}", paths.iter().map(path).collect::<Vec<_>>().join(", "))
    }
}
