//! Pictures: timelines and graphs as SVG, HTML, PNG and DOT. Takes rows of an answer and gives markup; knows no store, no
//! terminal and no kinds. What the standard pictures show is asked by the queries in `queries/`.

pub mod errors;
pub mod frame;
pub mod graph;
pub mod page;
#[cfg(test)]
mod samples;
pub mod shipped;
pub mod side;
pub mod svg;
pub mod text;
pub mod timeline;
pub mod values;
