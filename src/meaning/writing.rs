//! What a writing query means: a question that gives a row for each time it writes, what is done with every row, and a
//! question about the rows afterwards, if it returns something.

use super::question::{Constant, ExprKind, Question, Step};
use crate::record::edit::Edits;

/// A resolved writing query.
#[derive(Debug, Clone)]
pub struct Writing {
    /// What is read, all of it before anything changes.
    pub reading: Question,
    /// What is done.
    pub edits: Edits,
    /// What it returns.
    pub answer: Option<Answer>,
}

/// The question that a writing query asks at its end. It starts from the rows that were written for.
#[derive(Debug, Clone)]
pub struct Answer(pub(super) Question);

impl Answer {
    /// The question about these rows: a JSON array with an array for each row, which holds what the edits say is given.
    pub fn about(&self, rows: String) -> Question {
        let mut question = self.0.clone();
        if let Some(Step::For(unfolding)) = question.query.first.steps.first_mut() {
            unfolding.list.kind = ExprKind::Constant(Constant::Text(rows));
        }
        question
    }
}
