//! A page around a picture: the picture itself, and below it the same as a table. No script at all, and a content policy
//! that allows nothing but the page's own style.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::svg::Drawing;
use crate::base::{clean, page};

/// What is drawn, as a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The headings.
    pub heads: Vec<String>,
    /// The rows, each as long as the headings.
    pub rows: Vec<Vec<String>>,
}

const STYLE: &str = "
body { margin: 0; color: #1a1a1a; background: #fff; font: 14px/1.4 Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif }
main { padding: 8px }
figure { margin: 0; overflow: auto }
figure svg { display: block; margin: 0 auto }
a { color: inherit; text-decoration: none }
svg a:hover text, svg a:focus text { text-decoration: underline }
table { border-collapse: collapse; margin: 16px; font-size: 13px }
caption { text-align: left; font-weight: bold; padding: 4px 8px }
th, td { text-align: left; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid #d9d9d9; overflow-wrap: break-word }
tr:target { background: #fff3c4 }
@media print {
  main { padding: 0 }
  figure { overflow: visible }
  figure svg { width: 100%; height: auto }
  table { display: none }
}
";

/// On paper a picture fills one page, which is turned as the picture is; the table stays on the screen.
const ACROSS: &str = "@page { size: A4 landscape; margin: 10mm } @media print { figure svg { max-height: 188mm } }\n";
const UPRIGHT: &str =
    "@page { size: A4 portrait; margin: 10mm } @media print { figure svg { max-height: 275mm } }\n";

/// The page.
pub fn page(drawing: &Drawing, table: &Table) -> String {
    let paper = if drawing.height > drawing.width { UPRIGHT } else { ACROSS };
    let style = [STYLE, paper].concat();
    let policy = page::policy(&style);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (clean::line(&drawing.title)) }
                style { (PreEscaped(&style)) }
            }
            body {
                main {
                    figure tabindex="0" { (drawing.svg()) }
                    (rows(table))
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn rows(table: &Table) -> Markup {
    html! {
        table {
            caption { "What the picture shows" }
            thead { tr { @for head in &table.heads { th scope="col" { (clean::line(head)) } } } }
            tbody {
                @for (at, row) in table.rows.iter().enumerate() {
                    tr id=(format!("row-{}", at + 1)) {
                        @for cell in row { td { (clean::line(cell)) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_needs_no_escaping() {
        assert!([STYLE, ACROSS, UPRIGHT].iter().all(|part| !part.contains(['<', '>', '&'])));
    }
}
