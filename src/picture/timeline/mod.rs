//! Who said what when: a mark for each thing that has a date, in lanes. Knows rows and their columns, no kinds.

mod axis;
mod draw;
mod layout;
pub mod read;

use super::frame::Caption;
use super::page::Table;
use super::side::Side;
use super::svg::Drawing;

/// A picture of marks in lanes, with at least one mark.
#[derive(Debug)]
pub struct Timeline {
    /// In the order of their lanes' first appearance, and of time within a lane.
    pub marks: Vec<Mark>,
    /// The same as a table.
    pub table: Table,
}

/// Something that has a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where it belongs.
    pub lane: String,
    /// Its date.
    pub when: When,
    /// The bold beginning of its label.
    pub head: String,
    /// The rest of its label.
    pub text: String,
    /// Which side it takes.
    pub side: Side,
    /// Whether it is only known because somebody else tells of it.
    pub relayed: bool,
    /// What is shown under the mouse, line by line.
    pub details: Vec<String>,
    /// Its row in the table.
    pub row: usize,
}

/// A time, in days from 1970-01-01. At least one end is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct When {
    /// The beginning of the first day it may be.
    pub from: Option<f64>,
    /// The end of the last day it may be; for a moment, the moment.
    pub to: Option<f64>,
    /// What its extent means.
    pub extent: Extent,
}

/// What the time between both ends of a date means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// It was on this day.
    Day,
    /// It was at this moment.
    Moment,
    /// It was at some time in between.
    Uncertain,
    /// It lasted from the beginning to the end.
    Lasting,
}

/// How many marks a picture takes unless more are asked for.
pub const MOST_MARKS: usize = 200;

/// Draws it.
pub fn draw(timeline: &Timeline, caption: &Caption, linked: bool) -> Drawing {
    draw::draw(&layout::arrange(timeline, caption), timeline, caption, linked)
}
