//! What is read word by word. Names are written in one alphabet. Quotes are found in the text of their source, where the store holds that. White space, case, accents, dashes and marks
//! of quotation do not count, and where a quote leaves something out (`…`, `[…]`, `...`) its pieces are looked for in order.

use super::{Finding, MOST, Rule, Search, Weight};
use crate::base::fold::fold;
use crate::base::likeness::mixes_scripts;
use crate::store::error::Error;

static MIXED: Rule = Rule {
    code: "L10",
    weight: Weight::Look,
    what: "has a name with letters of several alphabets",
    next: "letters that look the same are not found as the same: write the name in one alphabet",
};
static UNQUOTED: Rule = Rule {
    code: "L07",
    weight: Weight::Look,
    what: "is quoted with words that its source does not have",
    next: "compare the quote with the source: a word left out is written as `…`",
};

impl Search<'_> {
    /// Names whose words mix alphabets.
    pub(super) fn mixed_names(&mut self) -> Result<(), Error> {
        let sql = "SELECT 'actor', key, name FROM actor UNION ALL SELECT 'venue', key, name FROM venue
           UNION ALL SELECT 'actor', a.key, n.name FROM alias AS n JOIN actor AS a ON n.kind = 1 AND a.id = n.node";
        let mut found = Vec::new();
        self.rows(sql, |row| {
            let name = String::from_utf8_lossy(row.get_ref(2)?.as_bytes().unwrap_or_default());
            if !name.is_ascii() && mixes_scripts(&name) {
                let detail = Some(format!("'{}'", shortened(&name)));
                found.push(Finding { rule: &MIXED, kind: row.get(0)?, key: row.get(1)?, detail });
            }
            Ok(found.len() < MOST)
        })?;
        self.findings.append(&mut found);
        Ok(())
    }

    pub(super) fn quotes(&mut self) -> Result<(), Error> {
        let sql = "SELECT o.id, o.body, x.quote, s.key, o.key FROM source AS o
             CROSS JOIN attestation AS x ON x.source = o.id JOIN statement AS s ON s.id = x.statement
           WHERE o.body IS NOT NULL AND x.quote IS NOT NULL ORDER BY o.id";
        let (mut found, mut body): (Vec<Finding>, Option<(i64, String)>) = (Vec::new(), None);
        self.rows(sql, |row| {
            let source: i64 = row.get(0)?;
            let read = |at: usize| -> rusqlite::Result<String> {
                Ok(String::from_utf8_lossy(row.get_ref(at)?.as_bytes().unwrap_or_default()).into())
            };
            if body.as_ref().is_none_or(|(known, _)| *known != source) {
                body = Some((source, plain(&read(1)?)));
            }
            let quote = read(2)?;
            let text = body.as_ref().map_or("", |(_, text)| text.as_str());
            if let Some(piece) = missing(&quote, text) {
                found.push(Finding {
                    rule: &UNQUOTED,
                    kind: "statement".to_owned(),
                    key: read(3)?,
                    detail: Some(format!("'{}', in {}", shortened(&piece), read(4)?)),
                });
            }
            Ok(found.len() < MOST)
        })?;
        self.findings.append(&mut found);
        Ok(())
    }
}

/// The first piece of a quote that does not follow in a text, both told plainly; nothing where all do.
fn missing(quote: &str, text: &str) -> Option<String> {
    let quote = quote.replace("[...]", "…").replace("...", "…").replace("[…]", "…");
    let mut rest = text;
    for piece in quote.split('…').map(plain).filter(|piece| !piece.is_empty()) {
        match rest.split_once(&piece) {
            Some((_, after)) => rest = after,
            None => return Some(piece),
        }
    }
    None
}

/// A text without what does not count in a quote.
fn plain(text: &str) -> String {
    let marks = |c: &char| !"\"'“”„‟‘’‚‛«»‹›`´".contains(*c);
    let spaced = |c: char| if "-‐‑‒–—―−".contains(c) { ' ' } else { c };
    fold(&text.chars().filter(marks).map(spaced).collect::<String>())
}

/// The beginning of a text, for a message.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_count_in_a_quote() {
        let body = plain("“The   plan,” he said — firmly —\nwas  OURS, and Zoë’s.");
        for quote in [
            "the plan",
            "\"The plan,\" he said",
            "firmly - was ours",
            "The plan … was ours",
            "the plan [...] and zoe's",
            "... was ours ...",
        ] {
            assert_eq!(missing(quote, &body), None, "{quote}");
        }
    }

    #[test]
    fn what_is_not_there_is_told() {
        let body = plain("The plan was ours.");
        assert_eq!(missing("the plan was theirs", &body).as_deref(), Some("the plan was theirs"));
        assert_eq!(missing("was … the plan", &body).as_deref(), Some("the plan"));
    }
}
