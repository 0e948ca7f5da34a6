//! What the messages say, and that the grammar's description is the grammar.

use super::{header, is_unfinished, parse, split};
use crate::base::source::{Source, Span};

/// The code, the marked text, and what the only message about `text` says to do: below it, or else at the place.
fn check(text: &str, code: &str, marked: &str, help: &str) {
    let source = Source::inline(text);
    let mistakes = parse(&source).expect_err(text);
    let [mistake] = mistakes.as_slice() else { panic!("{text}: {mistakes:#?}") };
    let span = mistake.labels.first().map_or(Span::default(), |label| label.span);
    let at_place = mistake.labels.first().map_or("", |label| label.text.as_str());
    let found = mistake.help.as_deref().unwrap_or(at_place);
    let told = help.is_empty() || found == help;
    assert!(told, "{text}\n{mistake:#?}");
    assert_eq!((mistake.code, source.slice(span)), (code, marked), "{text}\n{mistake:#?}");
}

#[test]
fn unreadable_tokens_are_explained() {
    check("match (a:Actor 'Rubio) return a", "D0101", "'", "write ' where the text ends");
    check("return 'it's'", "D0102", "'", "double it inside the quotes: `'it''s'`");
    check("return `a", "D0103", "`", "");
    check("return 1 /* all", "D0104", "/*", "write `*/` where it ends");
    check(r"return 'a\d'", "D0105", r"\d", r"for a plain backslash write `\\`");
    check("return 5m", "D0106", "5m", "a name that begins with a digit stands in back-ticks: `5m`");
    check("return 9223372036854775808", "D0107", "9223372036854775808", "");
    check("return 1 + 99999999999999999999", "D0107", "99999999999999999999", "");
    check("match ()-->{5000000000}() return 1", "D0108", "5000000000", "");
    check("return 2025-11-2", "D0109", "2025-11-2", "did you mean 2025-11-02?");
    check(
        "return 2025-11-22T10:00",
        "D0110",
        "2025-11-22T10:00",
        "write `datetime '2025-11-22T10:00:00Z'`, or the day alone",
    );
    check("return $", "D0112", "$", "");
    check("return 1 # one", "D0113", "#", "");
}

#[test]
fn misspelt_keywords_are_recognised() {
    check("mtch (a) return a", "D0205", "mtch", "did you mean `match`?");
    check("match (a) retrun a", "D0205", "retrun", "did you mean `return`?");
    check("match (a) wher a.x = 1 return a", "D0205", "wher", "did you mean `where`?");
    check("match (a) return a oder by a", "D0205", "oder", "did you mean `order`?");
    check("match (a) return a lmit 5", "D0205", "lmit", "did you mean `limit`?");
    check(
        "match (a) where a.x contans 'y' return a",
        "D0205",
        "contans",
        "did you mean `contains`?",
    );
}

#[test]
fn brackets_and_commas_are_looked_after() {
    check("match (a:Actor return a", "D0208", "(", "");
    check("match (a:Actor-[:x]->(b) return a", "D0208", "(", "");
    check("match (a) where (a.x = 1 or a.y return a", "D0208", "(", "");
    check("return [1, 2", "D0208", "[", "");
    check("match (a {x: 1) return a", "D0208", "{", "");
    check("return 1)", "D0209", ")", "");
    check("return [1 2]", "D0213", "2", "is a comma missing in front of this?");
    check("match (a) return a.x b.y", "D0213", "b", "is a comma missing in front of this?");
    check("match (a) return a, b, limit 3", "D0214", ",", "");
    check("match (a) (b) return a", "D0213", "(", "is a comma missing in front of this?");
}

#[test]
fn the_shape_of_a_query_is_explained() {
    check("match (a)", "D0210", "", "for example `return *`");
    check(
        "match (a) return a match (b)",
        "D0211",
        "match",
        "put it in front of `return`, or `;` between two queries",
    );
    check(
        "match (a) return a limit 1 order by a",
        "D0217",
        "order",
        "the order is: `order by`, `offset`, `limit`",
    );
    check("return 1; param $x: text", "D0218", "$x", "move this `param` line to the top");
    check("return 1 = not 2", "D0219", "not", "put it in parentheses: `(not …)`");
    let long = format!("return 1 < [{}] < 3", ["1"; 80].join(", "));
    check(&long, "D0212", "<", "say both: `a < b and b < c`");
    check("match a-[:x]->(b) return b", "D0215", "a", "a node stands in parentheses: `(a)`");
    check("match (a)-[:x]->b return b", "D0215", "b", "a node stands in parentheses: `(b)`");
    check(
        "match (:Actor Rubio) return 1",
        "D0216",
        "Rubio",
        "a text to look for stands in quotes: `'Rubio'`",
    );
    check("match (a) return", "D0220", "return", "");
    check("-- only a comment", "D0202", "", "a short one is `match (a:Actor) return a.name`");
}

#[test]
fn habits_of_other_languages_are_answered() {
    check("select a from b", "D0207", "select", "write `match (b:b) return b.a`");
    check("match (a) where a.x == 1 return a", "D0207", "==", "write `=`");
    check("match (a) where a.x => 1 return a", "D0207", "=>", "write `>=`");
    check("match (a) where a.x && a.y return a", "D0207", "&&", "write `and`");
    check("match (a) where !a.x return a", "D0207", "!", "write `not`");
    check("match (?a) return a", "D0207", "?", "write `a`");
    check("match (a) return a limit 5, 10", "D0207", "limit 5,", "write `offset 5 limit 10`");
    check(
        "match (a) where a.x is not 5 return a",
        "D0207",
        "is not",
        "to compare values write `<>`",
    );
    check(
        "merge (a) return a",
        "D0207",
        "merge",
        "`match` looks for things, `insert` makes new ones",
    );
    check(
        "call db.labels() yield x",
        "D0207",
        "db",
        "`dixit schema` lists kinds, edges and properties",
    );
    check("match (a) set a:B", "D0207", "a:", "write `set a.name = …`");
    check("match (a) set a.x = 1, a += {y: 1}", "D0207", "a +", "write `set a.name = …`");
    check("match (a) return a {.name}", "D0207", "a {", "write a map: `{name: a.name}`");
    check(
        "load csv from 'x' as y return y",
        "D0207",
        "load",
        "`dixit import` brings files into the store",
    );
    check("create index on x", "D0207", "index", "what is declared is indexed by itself");
    check("match (a) where a.x in (1, 2) return a", "D0207", "(", "write `x in [1, 2]`");
    check("match (a {'x': 1}) return a", "D0207", "'x'", "write `{name: …}`");
    check("match (a) where a.x is nul return a", "D0205", "nul", "did you mean `null`?");
    check("return [1, 2][0:1]", "D0207", ":", "write `list[1..3]`");
    check("match (a) return a.*", "D0207", "*", "`return a` shows all of it");
}

#[test]
fn each_query_reports_its_own_mistake() {
    let mistakes = parse(&Source::inline("retrun 1; return 2; match (a")).unwrap_err();
    assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), ["D0205", "D0208"]);
}

#[test]
fn queries_are_found_without_their_parameters() {
    let source = Source::inline("param $x: int = 1 -- help\nreturn $x;\n-- more\nreturn 2 ;");
    let queries: Vec<&str> = split(&source).into_iter().map(|span| source.slice(span)).collect();
    assert_eq!(queries, ["return $x", "return 2"]);
    let script = parse(&source).unwrap();
    assert_eq!(script.params.first().and_then(|param| param.help.as_deref()), Some("help"));
}

#[test]
fn the_leading_comment_is_the_header() {
    let text = "-- Who changed sides\n-- and how\n\n-- not this\nreturn 1";
    assert_eq!(header(&Source::inline(text)), "Who changed sides\nand how");
    assert_eq!(header(&Source::inline("/* one\n two */ \nreturn 1")), "one\ntwo");
    assert_eq!(header(&Source::inline("return 1 -- x")), "");
}

#[test]
fn headings_are_squeezed_but_for_quotes() {
    let script = parse(&Source::inline("return  a . b  +\n 'x  y' as z, f( 1,2 )")).unwrap();
    let headings: Vec<&str> = script
        .queries
        .iter()
        .flat_map(|query| &query.linear.result.as_ref().unwrap().items)
        .map(|item| item.heading.as_str())
        .collect();
    assert_eq!(headings, ["a . b + 'x  y'", "f( 1,2 )"]);
}

/// The productions in a text, one for each line that has `:=`.
fn productions(text: &str, prefix: &str, suffix: &str) -> Vec<String> {
    let trim = |line: &str| {
        let line = line.strip_prefix(prefix)?.strip_suffix(suffix)?;
        line.split_once(" := ").map(|_| line.to_owned())
    };
    let mut found: Vec<String> = text.lines().filter_map(trim).collect();
    found.sort();
    found
}

#[test]
fn the_description_of_the_grammar_lists_its_rules() {
    let sources = [
        include_str!("grammar/clause.rs"),
        include_str!("grammar/expr.rs"),
        include_str!("grammar/inner.rs"),
        include_str!("grammar/literal.rs"),
        include_str!("grammar/pattern.rs"),
        include_str!("grammar/query.rs"),
        include_str!("grammar/script.rs"),
        include_str!("grammar/write.rs"),
    ];
    let described = productions(include_str!("../../docs/grammar.md"), "", "");
    assert_eq!(productions(&sources.concat(), "/// `", "`"), described);
}

#[test]
fn a_text_that_breaks_off_is_told_from_one_that_is_wrong() {
    for text in [
        "match (a:Actor)",
        "match (a:Actor",
        "match (a) where a.name = 'Rub",
        "match (a) return a.name,",
        "match (a) return a order by",
        "match (a) where",
        "/* a remark",
        "define f(x: int) as",
        "return 1; match (a",
        "return \"it\\\"",
    ] {
        assert!(is_unfinished(&Source::inline(text)), "{text}");
    }
    for text in [
        "match (a:Actor) return a",
        "match (a:Actor);",
        "match (a where a return a",
        "match (:Actor 'Rubio's') return 1",
        "retrun 1",
        "return '\\q'",
        "param $x: date",
        "define f(x: int) as x + 1",
        "-- a remark",
        "",
    ] {
        assert!(!is_unfinished(&Source::inline(text)), "{text}");
    }
}
