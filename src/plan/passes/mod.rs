//! Improvements of a plan, one file each; every one leaves the answer as it is.

mod keys_first;

use super::Plan;
use crate::meaning::question::Var;

/// An improvement: a plan for a better one, and the variables it adds to those of the question.
type Pass = fn(Plan, &mut Vec<Var>) -> Plan;

/// All improvements, in order.
pub const PASSES: &[(&str, Pass)] =
    &[("group by keys first, look labels up last", keys_first::keys_first)];

/// Improves a plan; what variables that takes join those of its question.
pub fn improve(plan: Plan, vars: &mut Vec<Var>) -> Plan {
    PASSES.iter().fold(plan, |plan, (_, pass)| pass(plan, vars))
}
