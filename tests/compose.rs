//! A query called for each row gives what it gives for that row alone: with all names or with those imported, and with
//! `optional` besides one row of nulls where it gives nothing.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run fails")]

mod house;

use std::collections::BTreeMap;

use dixit::base::source::Source;
use dixit::base::value::{Row, Value};
use dixit::lang;
use dixit::meaning::resolve::Arguments;
use house::Asked;

/// Queries about one node `a` that give two columns, `k` and `l`; parts of a set operation stand in lines of their own.
const ABOUT_ACTORS: &[&[&str]] = &[
    &["match (a)-[s:said]->(c:Claim) return c.key as k, s.key as l"],
    &["match (a)-[s:said]->(c:Claim) return c.key as k, count(*) as l"],
    &["match (a)-[s:said]->(c:Claim) return count(*) as k, min(c.key) as l"],
    &["match (a)-[s:said]->(c:Claim) return c.key as k, s.key as l order by l limit 2"],
    &["match (a)-[s:said]->(c:Claim) return s as k, c as l order by c.key offset 1 limit 1"],
    &["match (a)-[s:said]->(c) optional match (s)-[:at]->(v)-[:within]->(w) return c as k, w as l"],
    &[
        "optional match (a)-[s:said]->(c:Claim) optional match (s)-[:at]->(v:Venue)-[:within]->*(w) \
       return w as k, count(distinct s) as l",
    ],
    &["match (a)<-[:by]-(s)<-[r:reports]-*(t), (t)-[:by]->(b) return b as k, size(r) as l"],
    &["match (a)<-[:by]-(s)<-[r:reports]-*(t)-[q:reports]->*(u) return u as k, count(*) as l"],
    &["match (a)-[e]-(x) return x as k, type(e) as l"],
    &["match (a)-[e]-(x) return distinct kind(x) as k, 1 as l"],
    &[
        "match (a)-[e]-(x) with x, count(*) as n where n > 1 match (x)-[f]-(y) return y as k, n as l",
    ],
    &["for i in range(1, count { (a)-[:said]->() }) return i as k, a.name as l"],
    &["for s in collect { match (a)-[s:said]->() return s order by s.key } with ordinality o \
       match (s)-[:at]->(v) return v as k, o as l"],
    &[
        "return a.name as k, count { (a)-[:said]->() } as l",
        "union",
        "match (a)-[:member_of]->(b) return b.name as k, 1 as l",
    ],
    &[
        "match (a)-[:member_of|holds_office]->(b) return b as k, 1 as l",
        "union all",
        "match (a)-[s:said]->(c) return c as k, 2 as l",
    ],
    &[
        "match (a)-[s:said]->(c) return c as k, 2 as l",
        "except",
        "match (a)-[s:denies]->(c) return c as k, 2 as l",
    ],
    &[
        "match (a)-[s:said]->(c) return c as k, 2 as l",
        "except all",
        "match (a)-[s:denies]->(c) return c as k, 2 as l",
    ],
    &[
        "match (a)-[s:said]->(c) return c as k, s.date as l",
        "intersect all",
        "match (a)-[s:disputes]->(c) return c as k, s.date as l",
    ],
    &[
        "match (a)-[s:denies]->(c) return c as k, s.date as l",
        "otherwise",
        "match (a)-[s:said]->(c) return c as k, s.date as l",
        "otherwise",
        "return null as k, null as l",
    ],
    &["match p = (a)-[s:said]->(c) return p as k, length(p) as l"],
    &["match p = (a)<-[:by]-()-[:reports]->+(t) return nodes(p) as k, edges(p) as l"],
    &[
        "call (a) { match (a)-[s:said]->(c) return c, count(*) as n order by n desc, c.key limit 2 } \
       optional call (c) { match (c)<-[d:denies]-(b) return b order by b.key limit 1 } \
       return c as k, [n, size(b.key)] as l",
    ],
    &["match (a)-[s:said]->(c) return collect_list(c) as k, \
       value { match (a)-[x:said]->(y) return y order by y.key, x.key limit 1 } as l"],
    &["optional { match (a)-[s:said]->(c) match (c)<-[d:disputes]-(b) } return c as k, b as l"],
    &[
        "match (b:Actor) where b.kind = a.kind and count { (b)-[:said]->() } > count { (a)-[:said]->() } \
       return b as k, count { (b)-[:said]->() } as l order by l, b.key limit 3",
    ],
    &[
        "let n = count { (a)-[:said]->() }, m = n * 2 with a, n, m where m > 4 return n as k, m as l",
    ],
];

const ABOUT_VENUES: &[&[&str]] = &[
    &["match (a)-[:within]->{0,2}(b)-[:within]->{0,2}(c) return b as k, c as l"],
    &["match (a)-[:within]->{0,2}(b)-[:within]->{0,2}(c)-[:within]->{0,2}(d)-[:within]->{0,1}(e) \
       -[:within]->{0,1}(f)-[:within]->{0,1}(g) return b as k, g as l"],
    &["optional match (a)-[:within]->(b)-[:within]->(c) \
       optional match (b)<-[:within]-(d)-[:known_from]->(e) \
       optional match (c)<-[:within]-(x)<-[:within]-(y) \
       optional match (c)-[:within]->(g)-[e2]->(h) \
       optional match (h)-[]->(i)-[]->(j) \
       optional match (j)<-[]-(k)-[]->(l) return y as k, l as l"],
    &["match p = (a)-[:within]->*(b) with a, p, b order by length(p) desc limit 1 \
       return b as k, collect { for n in nodes(p) return n } as l"],
];

#[test]
fn a_called_query_gives_what_it_gives_alone() {
    let asked = Asked::new("geneva");
    for (kind, queries) in [("Actor", ABOUT_ACTORS), ("Venue", ABOUT_VENUES)] {
        for parts in queries {
            let alone = alone(&asked, kind, parts);
            assert!(alone.values().any(|rows| !rows.is_empty()), "{parts:?} finds nothing at all");
            let query = parts.join(" ");
            for head in ["call (a)", "call", "optional call (a)"] {
                let text = format!("match (a:{kind}) {head} {{ {query} }} return a.key as z, k, l");
                let mut wanted = Vec::new();
                for (key, rows) in &alone {
                    let nothing = rows.is_empty() && head.starts_with("optional");
                    let gaps = [vec![Value::Null, Value::Null]];
                    for row in if nothing { &gaps[..] } else { rows } {
                        let mut whole = vec![Value::Text(key.clone())];
                        whole.extend(row.iter().cloned());
                        wanted.push(format!("{whole:?}"));
                    }
                }
                let mut got: Vec<String> =
                    rows(&asked, &text).iter().map(|row| format!("{row:?}")).collect();
                got.sort();
                wanted.sort();
                assert_eq!(got, wanted, "{text}");
            }
        }
    }
}

/// What a query gives for each node of a kind, asked one by one.
fn alone(asked: &Asked, kind: &str, parts: &[&str]) -> BTreeMap<String, Vec<Row>> {
    let keys = rows(asked, &format!("match (a:{kind}) return a.key as k"));
    let mut found = BTreeMap::new();
    for key in keys {
        let [Value::Text(key)] = key.as_slice() else { continue };
        let start = format!("match (a:{kind}) where a.key = '{key}' ");
        let part = |(at, part): (usize, &&str)| {
            if at % 2 == 0 { format!("{start}{part}") } else { (*part).to_owned() }
        };
        let text = parts.iter().enumerate().map(part).collect::<Vec<_>>().join(" ");
        found.insert(key.clone(), rows(asked, &text));
    }
    found
}

fn rows(asked: &Asked, text: &str) -> Vec<Row> {
    let source = Source::inline(text);
    let script = lang::parse(&source).unwrap();
    let compiled = asked.compile(&script.queries[0], &Arguments::default());
    asked.rows(&compiled.unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"))).unwrap()
}
