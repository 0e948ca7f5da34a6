//! Charts of a result: which there are, what each needs of the columns, and how they become text or a picture.

pub mod axis;
mod bar;
mod canvas;
pub mod data;
pub mod errors;
mod heatmap;
mod line;
mod palette;
mod svg;
#[cfg(test)]
mod tests;
mod timeline;

use crate::base::clean;
use crate::base::value::{Column, Row};
use crate::format::Look;

/// A way to draw a result.
#[derive(Debug)]
pub struct Chart {
    /// What `--chart` calls it.
    pub name: &'static str,
    /// What it shows and needs, in one line.
    pub about: &'static str,
    /// Rows that are drawn unless more are wanted.
    pub most: usize,
    build: fn(&Sheet) -> Result<Box<dyn Figure>, Unfit>,
}

/// Every chart.
pub const CHARTS: &[Chart] = &[
    Chart {
        name: "bar",
        about: "a bar for each text or date, as long as its number",
        most: 60,
        build: bar::build,
    },
    Chart {
        name: "line",
        about: "a line along dates or numbers, one for each number or text",
        most: 10_000,
        build: line::build,
    },
    Chart {
        name: "timeline",
        about: "a lane for each text, with its dates; a date that is not certain is a span",
        most: 500,
        build: timeline::build,
    },
    Chart {
        name: "heatmap",
        about: "a square for each pair of texts, as dark as its number",
        most: 2500,
        build: heatmap::build,
    },
];

/// What a chart is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Block characters.
    Text,
    /// A picture of shapes.
    Svg,
    /// A picture of points.
    Png,
}

impl Medium {
    /// The picture that a file ending means, in any case.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }
}

/// A result to draw.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// Why a result cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// There is no column of numbers.
    NoNumbers,
    /// There are only numbers, and too few for an axis.
    NoAxis,
    /// There is no column of dates.
    NoDates,
    /// There is nothing to name the other side of a heat map.
    NoPairs,
    /// Two rows say something about the same place.
    Twice(String),
    /// No value can be drawn.
    Nothing,
}

/// A chart of a result, ready to be drawn.
pub(super) trait Figure {
    /// What stands in the terminal, in at most so many cells a line.
    fn text(&self, look: Look, width: usize) -> String;
    /// The inside of a picture and its height in points; it is [`svg::WIDTH`] wide.
    fn picture(&self) -> (maud::Markup, f64);
    /// One sentence that says what is shown.
    fn summary(&self) -> String;
    /// What is not shown, each as a sentence without a full stop.
    fn remarks(&self) -> Vec<String>;
}

/// A result that has become a chart.
pub struct Drawing {
    figure: Box<dyn Figure>,
    title: Option<String>,
}

impl Drawing {
    /// As text, each line ended.
    pub fn text(&self, look: Look) -> String {
        let width = look.width.unwrap_or(USUAL).max(NARROWEST);
        let mut text = String::new();
        if let Some(title) = &self.title {
            for line in super::cell::fold(title, super::cell::Sort::Words, width - 1, 3, "…").lines
            {
                text.push_str(&canvas::bold(&format!(" {line}"), look.colour));
            }
            text.push('\n');
        }
        text + &self.figure.text(look, width)
    }

    /// As an SVG document.
    pub fn svg(&self) -> String {
        let (inside, height) = self.figure.picture();
        svg::document(self.title.as_deref(), &self.figure.summary(), &inside, height)
    }

    /// What is left out.
    pub fn remarks(&self) -> Vec<String> {
        self.figure.remarks()
    }
}

/// The width of a chart that goes nowhere with a width.
const USUAL: usize = 80;
/// No chart can be drawn in fewer cells.
const NARROWEST: usize = 20;

/// Makes a chart of a result.
pub fn draw(chart: &Chart, mut sheet: Sheet, title: Option<&str>) -> Result<Drawing, Unfit> {
    for column in &mut sheet.columns {
        column.name = clean::line(&column.name).into_owned();
    }
    let title = title.map(|title| clean::line(title.trim()).into_owned());
    let figure = (chart.build)(&sheet)?;
    Ok(Drawing { figure, title: title.filter(|title| !title.is_empty()) })
}

/// The chart of that name, in any case.
pub fn named(name: &str) -> Option<&'static Chart> {
    CHARTS.iter().find(|chart| chart.name.eq_ignore_ascii_case(name))
}

/// The names of all charts, as a sentence lists them.
pub fn names() -> String {
    CHARTS.iter().map(|chart| chart.name).collect::<Vec<_>>().join(", ")
}
