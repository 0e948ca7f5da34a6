//! Why an answer makes no picture, in plain words: the code, what is wrong, what to do next.

use super::timeline::read::Wrong;

/// A code, what is wrong, what to do.
pub type Told = (&'static str, String, String);

/// What keeps rows from becoming a timeline.
pub fn no_timeline(wrong: Wrong) -> Told {
    match wrong {
        Wrong::Empty => empty(),
        Wrong::NoDateColumn => no_date_column(),
        Wrong::NoDates { column, rows } => no_dates(&column, rows),
        Wrong::NoLane(by, known, near) => no_lane(&by, &known, near.as_deref()),
    }
}

/// D0950: nothing was found, so there is nothing to draw.
pub fn empty() -> Told {
    (
        "D0950",
        "nothing was found, so there is nothing to draw".to_owned(),
        "`dixit query` with the same query and --why tells which part of it leaves nothing"
            .to_owned(),
    )
}

/// D0951: no column of the answer holds dates.
fn no_date_column() -> Told {
    (
        "D0951",
        "a timeline needs dates, and no column of this answer holds any".to_owned(),
        "return a date, as in `return a.name, c.text, s.date`, or the statements themselves"
            .to_owned(),
    )
}

/// D0952: there is a column for dates, and all of them are unknown.
fn no_dates(column: &str, rows: usize) -> Told {
    let what = if rows == 1 {
        format!("the only row has no date: `{column}` is empty")
    } else {
        format!("none of the {rows} rows has a date: `{column}` is empty throughout")
    };
    ("D0952", what, "a timeline needs dates; `dixit graph` draws what has none".to_owned())
}

/// D0953: lanes are asked for by a column that is not there.
fn no_lane(by: &str, known: &[String], near: Option<&str>) -> Told {
    let next = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("lanes can be made by {}", known.join(", ")),
    };
    ("D0953", format!("there is no column called `{by}` to make lanes by"), next)
}

/// D0954: there are more things than a picture takes.
pub fn too_many((count, nouns): (usize, &str), most: usize, narrower: &str, option: &str) -> Told {
    (
        "D0954",
        format!("{count} {nouns} are too many for a picture that can be read; it takes {most}"),
        format!("{narrower}, or allow more with {option} {count}"),
    )
}

/// D0955: no row of the answer holds anything that can be drawn.
pub fn no_nodes() -> Told {
    (
        "D0955",
        "a graph needs nodes, and this answer holds none".to_owned(),
        "return nodes and edges or a path, as in `match p = (a:Actor)-[:said]->(:Claim) return p`"
            .to_owned(),
    )
}
