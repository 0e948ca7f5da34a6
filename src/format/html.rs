//! A page with one table: complete in itself, without scripts, and with a content policy that allows nothing but its own
//! style. It is well-formed XML, too. What stands in the data is text in it, never markup.

use std::io::{self, Write};

use maud::{Markup, Render as _, html};

use super::below::{Entry, Part};
use super::cell::is_address;
use super::text::{citations, shown};
use super::{Sink, Tally};
use crate::base::value::{Column, Holds, Value};
use crate::base::{clean, page};

const STYLE: &str = "
body { margin: 0; color: #1a1a1a; background: #fff; font: 14px/1.4 Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif }
main { padding: 8px }
table { border-collapse: collapse }
th, td { text-align: start; vertical-align: top; padding: 4px 8px; border-bottom: 1px solid #d9d9d9; overflow-wrap: break-word }
thead th { position: sticky; top: 0; background: #fff; border-bottom: 2px solid #1a1a1a }
td { white-space: pre-line }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.null { color: #767676 }
h2 { font-size: 16px; margin: 24px 8px 8px }
dl { margin: 0 8px; display: grid; grid-template-columns: max-content auto; column-gap: 12px }
dt { grid-column: 1; font-weight: bold }
dd { grid-column: 2; margin: 0; overflow-wrap: anywhere }
.d1 { padding-left: 16px }
.d2 { padding-left: 32px }
dt:target, dt:target + dd { background: #fff3c4 }
@media print { main { padding: 0 } thead th { position: static } a { color: inherit } }
";

/// Writes a page.
pub struct Html<'w> {
    out: &'w mut dyn Write,
    columns: Vec<Column>,
    below: Vec<Part>,
}

impl<'w> Html<'w> {
    /// Writes to `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out, columns: Vec::new(), below: Vec::new() }
    }
}

impl Sink for Html<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.to_vec();
        let policy = page::policy(STYLE).render().into_string();
        write!(
            self.out,
            "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"referrer\" content=\"no-referrer\"/>\n<title>Answer</title>\n<style>{STYLE}</style>\n</head>\n\
             <body>\n<main>\n<table>\n"
        )?;
        let heads = html! {
            thead { tr { @for column in columns {
                th scope="col" class=[class(column)] { (clean::line(&column.name)) }
            } } }
        };
        writeln!(self.out, "{}\n<tbody>", heads.into_string())
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        let row = html! {
            tr { @for (column, value) in self.columns.iter().zip(row) { (cell(column, value)) } }
        };
        writeln!(self.out, "{}", row.into_string())
    }

    fn below(&mut self, heading: &'static str, entries: Vec<Entry>) {
        self.below.push(Part { heading, entries });
    }

    fn end(&mut self) -> io::Result<Tally> {
        self.out.write_all(b"</tbody>\n</table>\n")?;
        for part in self.below.iter().filter(|part| !part.entries.is_empty()) {
            writeln!(self.out, "{}", told(part).into_string())?;
        }
        self.out.write_all(b"</main>\n</body>\n</html>\n")?;
        Ok(Tally::default())
    }
}

fn class(column: &Column) -> Option<&'static str> {
    column.is_numeric().then_some("n")
}

/// A cell; an address that stands alone is a link, and the key of a source leads to it.
fn cell(column: &Column, value: &Value) -> Markup {
    let text = shown(value).map(|text| clean::block(&text).into_owned());
    html! {
        @match text {
            _ if column.holds == Holds::Citations => td {
                @for (at, key) in citations(value).iter().enumerate() {
                    @if at > 0 { "; " }
                    a href=(format!("#{}", anchor(key))) { (clean::line(key)) }
                }
            },
            None => td class="null" title="nothing known" {},
            Some(text) if is_address(&text) => td { a href=(text) rel="noreferrer noopener" { (text) } },
            Some(text) => td class=[class(column)] dir=[is_words(value).then_some("auto")] { (text) },
        }
    }
}

/// Whether it may be of a script that is written from the right.
fn is_words(value: &Value) -> bool {
    matches!(
        value,
        Value::Text(_) | Value::List(_) | Value::Map(_) | Value::Node(_) | Value::Path(_)
    )
}

/// The name of the place in the page where a label stands.
fn anchor(label: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.:".contains(c) { c } else { '-' };
    format!("at-{}", label.trim_matches(['[', ']']).chars().map(plain).collect::<String>())
}

/// What stands below the table.
fn told(part: &Part) -> Markup {
    html! {
        h2 { (part.heading) }
        dl {
            @for Entry { label, lines } in &part.entries {
                dt id=(format!("{}{}", if part.heading == "Sources" { "" } else { "row-" }, anchor(label))) { (clean::line(label)) }
                @for (depth, text) in lines.iter().map(super::below::Line::parts) {
                    dd class=[depth_class(depth)] { (clean::line(text)) }
                }
            }
        }
    }
}

fn depth_class(depth: usize) -> Option<&'static str> {
    match depth {
        0 => None,
        1 => Some("d1"),
        _ => Some("d2"),
    }
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node, ParsingOptions};

    use super::*;
    use crate::format::below::Line;
    use crate::format::samples::{HOSTILE, text, write};

    fn read(page: &str) -> Document<'_> {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        Document::parse_with_options(page, options)
            .unwrap_or_else(|error| panic!("{error}: {page}"))
    }

    fn cells(page: &Document<'_>) -> Vec<String> {
        let cells = page
            .descendants()
            .filter(|node| node.has_tag_name(("http://www.w3.org/1999/xhtml", "td")));
        cells
            .map(|cell| {
                cell.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect()
            })
            .collect()
    }

    #[test]
    fn a_page_is_complete_and_its_cells_come_back() {
        let rows = [
            vec![text("Marco Rubio"), Value::Int(-3), Value::Null],
            vec![text("https://example.org/?a=b&c"), Value::Int(4), text("javascript:alert(1)")],
        ];
        let page = write("html", &["a.name", "n", "x"], &rows);
        let read = read(&page);
        assert_eq!(
            cells(&read),
            ["Marco Rubio", "-3", "", "https://example.org/?a=b&c", "4", "javascript:alert(1)"]
        );
        let links: Vec<&str> =
            read.descendants().filter_map(|node| node.attribute("href")).collect();
        assert_eq!(links, ["https://example.org/?a=b&c"]);
        assert_eq!(page.matches("class=\"n\"").count(), 3, "the heading and two numbers");
        assert!(!STYLE.contains(['<', '>', '&']), "the style needs no escaping");
    }

    #[test]
    fn hostile_texts_stay_texts() {
        let long = "<b>&amp;</td>".repeat(3200);
        let hostile = [
            "</script><script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "]]>",
            "\"' onclick=x",
            "&lt;",
            "<!--",
            long.as_str(),
        ];
        let row: Vec<Value> = hostile.iter().map(|one| text(one)).collect();
        let page = write("html", &["</style>", "b", "c", "d", "e", "f", "g"], &[row]);
        let read = read(&page);
        assert_eq!(cells(&read), hostile);
        let known = [
            "html", "head", "meta", "title", "style", "body", "main", "table", "thead", "tbody",
            "tr", "th", "td",
        ];
        let elements = read.descendants().filter(Node::is_element);
        assert!(
            elements
                .map(|node| node.tag_name().name().to_owned())
                .all(|name| known.contains(&name.as_str()))
        );
        let page = write("html", &["x"], &[vec![text(HOSTILE)]]);
        assert!(!page.chars().any(|c| clean::acts(c) && !matches!(c, '\n' | '\t')), "{page}");
    }

    #[test]
    fn a_citation_leads_to_its_source() {
        let mut out = Vec::new();
        let mut sink = Html::new(&mut out);
        sink.begin(&[Column { name: "cite".to_owned(), holds: Holds::Citations }]).unwrap();
        sink.row(&[Value::List(vec![text("a-1"), text("b")])]).unwrap();
        let entry = |label: &str| Entry {
            label: label.to_owned(),
            lines: vec![Line::new(0, "A <title>".to_owned())],
        };
        sink.below("Sources", vec![entry("[a-1]"), entry("[b]")]);
        sink.end().unwrap();
        drop(sink);
        let page = String::from_utf8(out).unwrap();
        let read = read(&page);
        let of = |name| {
            read.descendants()
                .filter_map(move |node| node.attribute(name))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(of("href"), ["#at-a-1", "#at-b"]);
        assert_eq!(of("id"), ["at-a-1", "at-b"]);
        assert_eq!(cells(&read), ["a-1; b"]);
    }
}
