//! Files that are meant to hurt: too deep, too long, too many, of the wrong sort.

use std::{fs, io, iter, os::unix::fs::symlink, path::Path};

/// A file and what it holds.
type Input = (&'static str, fn() -> Vec<u8>);

fn many(part: &str, times: usize) -> String {
    part.repeat(times)
}

/// Parts with their numbers, joined.
fn numbered(times: usize, part: impl Fn(usize) -> String, between: &str) -> String {
    (0..times).map(part).collect::<Vec<_>>().join(between)
}

fn around(open: &str, inside: &str, close: &str, times: usize) -> String {
    many(open, times) + inside + &many(close, times)
}

const QUERIES: &[Input] = &[
    ("deep-brackets.q", || format!("return {}", around("(", "1", ")", 100_000)).into()),
    ("deep-lists.q", || format!("return {}", around("[", "1", "]", 100_000)).into()),
    ("deep-maps.q", || format!("return {}", around("{a: ", "1", "}", 50_000)).into()),
    ("deep-not.q", || format!("return {} true", many("not ", 200_000)).into()),
    ("deep-minus.q", || format!("return {}1", many("- ", 200_000)).into()),
    ("deep-case.q", || {
        format!("return {}", around("case when true then ", "1", " end", 20_000)).into()
    }),
    ("deep-exists.q", || {
        let deep = around("exists { match (a:Actor) where ", "true", " }", 5_000);
        format!("match (a:Actor) where {deep} return a.key").into()
    }),
    ("deep-calls.q", || format!("return {}", around("abs(", "1", ")", 50_000)).into()),
    ("deep-sub-paths.q", || {
        format!("match {} return 1", around("(", "(a)-[:reports]->(b)", "){1,2}", 5_000)).into()
    }),
    ("deep-labels.q", || {
        format!("match (a:{}) return 1", around("(", "Actor", ")", 100_000)).into()
    }),
    ("deep-comments.q", || (around("/*", " ", "*/", 100_000) + "return 1").into()),
    ("blanks.q", || (many(" ", 1_000_000) + "return 1").into()),
    ("lines.q", || (many("\n", 1_000_000) + "return 1").into()),
    ("name.q", || format!("return {}", many("a", 1_000_000)).into()),
    ("text.q", || format!("return '{}'", many("a", 1_000_000)).into()),
    ("text-17-mb.q", || format!("return '{}'", many("a", 17_000_000)).into()),
    ("semicolons.q", || many(";", 1_000_000).into()),
    ("unterminated.q", || format!("return '{}", many("a", 1_000_000)).into()),
    ("open-comment.q", || format!("return 1 /* {}", many("a", 1_000_000)).into()),
    ("junk.q", || many("\u{1}§¿", 100_000).into()),
    ("nul.q", || b"return 'a\0b'".to_vec()),
    ("nul-outside.q", || b"return \0 1".to_vec()),
    ("not-utf-8.q", || b"return '\xff\xfe\xc0\x80'".to_vec()),
    ("utf-16.q", || {
        iter::once(0xfeff).chain("return 1".encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }),
    ("bom.q", || b"\xef\xbb\xbfreturn 1".to_vec()),
    ("escapes.q", || b"return '\x1b[2J\x1b]0;evil\x07' as `\x1b[31mred`".to_vec()),
    ("bidi.q", || "return '\u{202e}evil\u{2066}' as `\u{202e}name`".into()),
    ("ors.q", || {
        format!(
            "match (a:Actor) where {} return 1",
            numbered(20_000, |i| format!("a.key = 'k{i}'"), " or ")
        )
        .into()
    }),
    ("ands.q", || {
        format!(
            "match (a:Actor) where {} return 1",
            numbered(20_000, |i| format!("a.key <> 'k{i}'"), " and ")
        )
        .into()
    }),
    ("pluses.q", || format!("return {}", numbered(50_000, |i| i.to_string(), " + ")).into()),
    ("unions.q", || numbered(5_000, |i| format!("return {i} as x"), " union all ").into()),
    ("nexts.q", || (many("return 1 as x next ", 5_000) + "return 1").into()),
    ("columns.q", || {
        format!("return {}", numbered(20_000, |i| format!("{i} as c{i}"), ", ")).into()
    }),
    ("patterns.q", || {
        format!("match {} return 1", numbered(2_000, |i| format!("(a{i}:Actor)"), ", ")).into()
    }),
    ("chain.q", || {
        format!(
            "match (s0){} return 1",
            numbered(2_000, |i| format!("-[:reports]->(s{})", i + 1), "")
        )
        .into()
    }),
    ("optionals.q", || {
        (many("optional match (:Actor)-[:said]->(:Claim) ", 1_000) + "return 1").into()
    }),
    ("list.q", || {
        format!("return size([{}]) as n", numbered(100_000, |i| i.to_string(), ", ")).into()
    }),
    ("in-list.q", || {
        format!(
            "match (a:Actor) where a.key in [{}] return count(*) as n",
            numbered(50_000, |i| format!("'k{i}'"), ", ")
        )
        .into()
    }),
    ("queries.q", || many("return 1;\n", 3_000).into()),
    ("mistakes.q", || many("match (a:Nothing) return a.x;\n", 3_000).into()),
    ("regex-size.q", || {
        b"match (a:Actor) where a.name =~ '((((a{100}){100}){100}){100})' return a.key".to_vec()
    }),
    ("regex-back.q", || {
        format!("return '{}' =~ '(a+)+(a+)+(a+)+$' as x", many("a", 5_000) + "!").into()
    }),
    ("regex-deep.q", || format!("return 'a' =~ '{}' as x", around("(", "a", ")", 100_000)).into()),
    ("doubling.q", || {
        (String::from("let a0 = 'aaaaaaaaaaaaaaaa' ")
            + &numbered(60, |i| format!("let a{} = a{i} || a{i} ", i + 1), "")
            + "return size(a60) as n")
            .into()
    }),
    ("definitions.q", || {
        (numbered(40, |i| format!("define d{}(x: int) as d{i}(x) + d{i}(x)\n", i + 1), "")
            .replacen("d0(x) + d0(x)", "x", 1)
            + "return d40(1)")
            .into()
    }),
    ("itself.q", || b"define f(x: int) as f(x)\nreturn f(1)".to_vec()),
    ("params.q", || {
        (numbered(5_000, |i| format!("param $p{i}: int = {i}\n"), "") + "return 1").into()
    }),
    ("search.q", || {
        format!("match (c:Claim) where c.text matches '{}' return c.key", many("(", 10_000)).into()
    }),
    ("search-near.q", || {
        format!(
            "match (c:Claim) where c.text matches '{}' return c.key",
            numbered(3_000, |_| "plan*".to_owned(), " OR ")
        )
        .into()
    }),
    ("use-itself.dixit", || b"use 'use-itself.dixit'\nreturn 1".to_vec()),
    ("use-a.dixit", || b"use 'use-b.dixit'\nreturn 1".to_vec()),
    ("use-b.dixit", || b"use 'use-a.dixit'\nreturn 1".to_vec()),
    ("use-passwd.dixit", || b"use '../../../../../../../../etc/passwd'\nreturn 1".to_vec()),
    ("use-zero.dixit", || b"use '/dev/zero'\nreturn 1".to_vec()),
    ("use-folder.dixit", || b"use '.'\nreturn 1".to_vec()),
    ("use-many.dixit", || (many("use 'bom.q'\n", 3_000) + "return 1").into()),
];

const SHEET: &str = "speaker,act,claim,source,mode\n";

const FILES: &[Input] = &[
    ("columns.csv", || (numbered(1_000_000, |i| format!("c{i}"), ",") + "\n").into()),
    ("same-columns.csv", || (many("speaker,", 200_000) + "act\n").into()),
    ("line.csv", || many("a", 100_000_000).into()),
    ("line-behind.csv", || (SHEET.to_owned() + &many("a", 50_000_000)).into()),
    ("quote.csv", || (SHEET.to_owned() + "\"" + &many("a\n", 10_000_000)).into()),
    ("cell.csv", || {
        (SHEET.to_owned() + "A,asserts," + &many("b", 2_000_000) + ",S,direct\n").into()
    }),
    ("nul.csv", || b"speaker,act,claim,source,mode\nA\0,asserts,B,S,direct\n".to_vec()),
    ("utf-16.csv", || {
        iter::once(0xfeff).chain(SHEET.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }),
    ("latin-1.csv", || b"speaker,act,claim,source,mode\nJos\xe9,asserts,B,S,direct\n".to_vec()),
    ("empty.csv", Vec::new),
    ("blanks.csv", || many("\n", 3_000_000).into()),
    ("commas.csv", || (SHEET.to_owned() + &many(",,,,\n", 100_000)).into()),
    ("wide-row.csv", || (SHEET.to_owned() + &many(",", 3_000_000)).into()),
    ("control.csv", || {
        (SHEET.to_owned() + "\u{1b}[2J\u{202e}x,asserts,\u{7}y,../../etc,direct\n").into()
    }),
    ("formula.csv", || (SHEET.to_owned() + "=cmd|' /C calc'!A0,asserts,+1+1,@S,direct\n").into()),
    ("mistakes.csv", || (SHEET.to_owned() + &many("A,nothing,B,S,direct\n", 20_000)).into()),
    ("relays.csv", || {
        ("key,speaker,act,claim,source,mode,reports\n".to_owned()
            + &numbered(2_000, |i| format!("s{i},A,asserts,B,S,direct,s{}\n", (i + 1) % 2_000), ""))
            .into()
    }),
    ("deep.jsonl", || around("[", "1", "]", 200_000).into()),
    ("deep-map.jsonl", || around("{\"a\":", "1", "}", 200_000).into()),
    ("deep-property.jsonl", || {
        format!(
            "{{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"A\"],\"properties\":{{\"x\":{}}}}}\n",
            around("[", "1", "]", 100)
        )
        .into()
    }),
    ("numbers.jsonl", || {
        b"{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"A\"],\"properties\":{\"x\":1e999,\"y\":123456789012345678901234567890}}\n".to_vec()
    }),
    ("line.jsonl", || format!("{{\"type\":\"node\",\"id\":\"{}\"}}", many("a", 20_000_000)).into()),
    ("labels.jsonl", || {
        numbered(1_000, |i| format!("{{\"type\":\"node\",\"id\":\"{i}\",\"labels\":[\"L{i}\"],\"properties\":{{\"p{i}\":1}}}}"), "\n").into()
    }),
    ("sql-names.jsonl", || {
        b"{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"A\\\"; DROP TABLE change; --\"],\"properties\":{\"x\\\" int); --\":1}}\n".to_vec()
    }),
    ("nul.jsonl", || {
        b"{\"type\":\"node\",\"id\":\"a\\u0000b\",\"labels\":[\"A\"],\"properties\":{}}\n".to_vec()
    }),
    ("half.jsonl", || b"{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"A\"],\"prop".to_vec()),
    ("bomb.xml", || {
        let entities = numbered(
            20,
            |i| format!("<!ENTITY e{} \"{}\">", i + 1, many(&format!("&e{i};"), 10)),
            "\n",
        );
        format!("<?xml version=\"1.0\"?>\n<!DOCTYPE graphml [<!ENTITY e0 \"a\">{entities}]>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph>&e20;</graph></graphml>").into()
    }),
    ("deep.graphml", || {
        format!(
            "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">{}</graphml>",
            around("<graph>", "", "</graph>", 200_000)
        )
        .into()
    }),
    ("outside.graphml", || {
        b"<?xml version=\"1.0\"?><!DOCTYPE g [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><graph><node id=\"&x;\"/></graph></graphml>".to_vec()
    }),
    ("deep.bib", || format!("@book{{a, title = {}}}", around("{", "x", "}", 200_000)).into()),
    ("doubling.bib", || {
        ("@string{s0 = \"aaaaaaaaaa\"}\n".to_owned()
            + &numbered(60, |i| format!("@string{{s{} = s{i} # s{i}}}\n", i + 1), "")
            + "@book{a, title = s60, author = {A, B}, year = 2000}")
            .into()
    }),
    ("circle.bib", || b"@string{a = b}\n@string{b = a # \"x\"}\n@book{k, title = a}".to_vec()),
    ("chain.bib", || {
        (numbered(50_000, |i| format!("@string{{s{i} = s{}}}\n", i + 1), "")
            + "@book{a, title = s0}")
            .into()
    }),
    ("references.bib", || b"@string{me = \"a\"}\n@book{a, title = {x}, crossref = me}".to_vec()),
    ("deep.json", || around("[{\"id\":", "1", "}]", 100_000).into()),
    ("deep.toml", || format!("a = {}", around("[", "1", "]", 100_000)).into()),
    ("long.toml", || numbered(300_000, |i| format!("k{i} = 1"), "\n").into()),
    ("unknown.toml", || b"[columns]\nevil = 'evil'\n".to_vec()),
    ("circle.stix.json", || {
        let id = |i| format!("identity--{i:08x}-0000-4000-8000-000000000000");
        let identity = |i: usize| {
            format!(
                "{{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"{}\",\"created_by_ref\":\"{}\",\"created\":\"2025-01-01T00:00:00.000Z\",\"modified\":\"2025-01-01T00:00:00.000Z\",\"name\":\"Same Name\",\"identity_class\":\"organization\"}}",
                id(i),
                id((i + 1) % 5_000)
            )
        };
        let objects = numbered(5_000, identity, ",");
        format!("{{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{objects}]}}").into()
    }),
    ("references.stix.json", || {
        let id = |i| format!("note--{i:08x}-0000-4000-8000-000000000000");
        let all = numbered(300, |i| format!("\"{}\"", id(i)), ",");
        let note = |i| {
            format!(
                "{{\"type\":\"note\",\"spec_version\":\"2.1\",\"id\":\"{}\",\"created\":\"2025-01-01T00:00:00.000Z\",\"modified\":\"2025-01-01T00:00:00.000Z\",\"content\":\"x\",\"object_refs\":[{all}]}}",
                id(i)
            )
        };
        let objects = numbered(1_000, note, ",");
        format!("{{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{objects}]}}").into()
    }),
    ("keys.graphml", || {
        graphml(&numbered(
            50_000,
            |i| format!("<key id=\"k{i}\" for=\"node\" attr.name=\"n{i}\" attr.type=\"string\"/>"),
            "",
        ))
    }),
    ("attributes.graphml", || {
        let attributes = numbered(100_000, |i| format!("a{i}=\"{i}\""), " ");
        graphml(&format!("<graph edgedefault=\"directed\"><node id=\"a\" {attributes}/></graph>"))
    }),
    ("ends.graphml", || {
        let edges =
            numbered(50_000, |i| format!("<edge source=\"n{i}\" target=\"n{}\"/>", i + 1), "");
        graphml(&format!("<graph edgedefault=\"directed\">{edges}</graph>"))
    }),
    ("names.ftm.json", || {
        let names = numbered(200_000, |i| format!("\"N{i}\""), ",");
        format!("{{\"id\":\"p\",\"schema\":\"Person\",\"properties\":{{\"name\":[{names}]}}}}\n")
            .into()
    }),
    ("circle.ftm.json", || {
        let membership = |i: usize| {
            format!(
                "{{\"id\":\"m{i}\",\"schema\":\"Membership\",\"properties\":{{\"member\":[\"m{}\"],\"organization\":[\"m{i}\"],\"startDate\":[\"99999999999-99\"]}}}}\n",
                (i + 1) % 1_000
            )
        };
        numbered(1_000, membership, "").into()
    }),
    ("labels.wikidata.json", || {
        let labels = numbered(
            100_000,
            |i| format!("\"l{i}\":{{\"language\":\"l{i}\",\"value\":\"x\"}}"),
            ",",
        );
        format!("{{\"entities\":{{\"Q1\":{{\"type\":\"item\",\"id\":\"Q1\",\"labels\":{{{labels}}},\"claims\":{{}}}}}}}}").into()
    }),
    ("times.wikidata.json", || {
        let office = |(i, time): (usize, &str)| {
            format!(
                "\"Q{i}\":{{\"type\":\"item\",\"id\":\"Q{i}\",\"labels\":{{\"en\":{{\"language\":\"en\",\"value\":\"A\\u001b[2J\"}}}},\"claims\":{{\"P39\":[{{\"mainsnak\":{{\"snaktype\":\"value\",\"property\":\"P39\",\"datavalue\":{{\"value\":{{\"entity-type\":\"item\",\"id\":\"Q{i}\"}},\"type\":\"wikibase-entityid\"}}}},\"type\":\"statement\",\"id\":\"x\",\"rank\":\"normal\",\"qualifiers\":{{\"P580\":[{{\"snaktype\":\"value\",\"property\":\"P580\",\"datavalue\":{{\"value\":{{\"time\":\"{time}\",\"precision\":11}},\"type\":\"time\"}}}}]}}}}]}}}}"
            )
        };
        let times = [
            "+99999999999999999999-00-00T00:00:00Z",
            "-13798000000-00-00T00:00:00Z",
            "+2025-99-99T99:99:99Z",
            "",
            "\u{662}",
        ];
        let entities: Vec<String> = times.into_iter().enumerate().map(office).collect();
        format!("{{\"entities\":{{{}}}}}", entities.join(",")).into()
    }),
    ("columns.sparql.json", || {
        let names = numbered(100_000, |i| format!("\"v{i}\""), ",");
        format!("{{\"head\":{{\"vars\":[\"person\",{names}]}},\"results\":{{\"bindings\":[{{\"person\":{{\"type\":\"uri\",\"value\":\"http://www.wikidata.org/entity/Q1\"}},\"personLabel\":{{\"type\":\"literal\",\"value\":\"x\"}}}}]}}}}").into()
    }),
    ("items.sparql.json", || {
        let row = "{\"person\":{\"type\":\"uri\",\"value\":\"http://www.wikidata.org/entity/Q99999999999999999999999\"},\"office\":{\"type\":\"uri\",\"value\":\"javascript:alert(1)\"}}";
        let rows = numbered(5_000, |_| row.to_owned(), ",");
        format!("{{\"head\":{{\"vars\":[\"person\",\"office\"]}},\"results\":{{\"bindings\":[{rows}]}}}}").into()
    }),
    ("dates.csl.json", || {
        let dates = [
            "[[99999999999999999999999]]",
            "[[-5]]",
            "[[\"x\"]]",
            "[[2025,99,99]]",
            "[[]]",
            "[[1e300]]",
        ];
        let entry = |(i, date)| {
            format!(
                "{{\"id\":\"a{i}\",\"type\":\"book\",\"title\":\"x\",\"issued\":{{\"date-parts\":{date}}}}}"
            )
        };
        format!("[{}]", dates.into_iter().enumerate().map(entry).collect::<Vec<_>>().join(","))
            .into()
    }),
    ("authors.csl.json", || {
        let authors = numbered(10_000, |i| format!("{{\"family\":\"F{i}\",\"given\":\"g\"}}"), ",");
        format!("[{{\"id\":\"a\",\"type\":\"book\",\"title\":\"x\",\"author\":[{authors}]}}]")
            .into()
    }),
    ("authors.bib", || {
        format!("@book{{k, title={{T}}, author={{{}}}}}", many(" and ", 100_000)).into()
    }),
    ("wide-table.csv", || {
        let names = numbered(200_000, |i| format!("c{i}"), ",");
        format!("key,{names}\na{}\n", many(",1", 200_000)).into()
    }),
    ("edges.csv", || {
        ("from,to\n".to_owned() + &numbered(20_000, |i| format!("a{i},a{i}\n"), "")).into()
    }),
    ("text.xlsx", || b"this is no spreadsheet".to_vec()),
    ("zip.xlsx", || b"PK\x03\x04 and then nothing that is a zip archive".to_vec()),
    ("config-deep/dixit/config.toml", || format!("a = {}", around("[", "1", "]", 100_000)).into()),
    ("config-long/dixit/config.toml", || many("# a\n", 4_000_000).into()),
    ("config-wrong/dixit/config.toml", || b"timeout = 'soon'\ncolor = 7\nevil = [1]\n".to_vec()),
    ("config-binary/dixit/config.toml", || vec![0xff; 100_000]),
    ("config-folder/dixit/config.toml/x", Vec::new),
];

fn graphml(inside: &str) -> Vec<u8> {
    format!("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">{inside}</graphml>").into()
}

/// A file of Discourse Network Analyzer whose tables have no index, so that each look-up would read a table whole.
const UNINDEXED: &str = "
CREATE TABLE SETTINGS(Property TEXT, Value TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT, Section TEXT, Notes TEXT,
  Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER, Label TEXT);
CREATE TABLE VARIABLES(ID INTEGER, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATAINTEGER(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE ENTITIES(ID INTEGER, VariableId INTEGER, Value TEXT, ChildOf INTEGER);
CREATE TABLE DATASHORTTEXT(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
CREATE TABLE DATALONGTEXT(ID INTEGER, StatementId INTEGER, VariableId INTEGER, Value TEXT);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER, VariableId INTEGER, AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER, EntityId INTEGER, AttributeVariableId INTEGER, AttributeValue TEXT);
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement');
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
  (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1);
INSERT INTO DOCUMENTS VALUES (7, 'Talks', 'Ada: it holds.', 1, '', '', '', '', '', 1309824000);
INSERT INTO ENTITIES VALUES (1, 1, 'Ada Quill', NULL), (4, 3, 'The bridge holds.', NULL);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
  INSERT INTO STATEMENTS SELECT i, 1, 7, 5, 14, 1 FROM n;
INSERT INTO DATASHORTTEXT SELECT ID, ID, 1, 1 FROM STATEMENTS UNION ALL SELECT ID, ID, 3, 4 FROM STATEMENTS;
INSERT INTO DATABOOLEAN SELECT ID, ID, 4, 1 FROM STATEMENTS;
";

/// Numbers of statements that lead out of every text.
const OUTSIDE: &str = "DELETE FROM STATEMENTS WHERE ID > 100;
UPDATE STATEMENTS SET Start = -9223372036854775808, Stop = 9223372036854775807;
UPDATE DOCUMENTS SET Date = 9223372036854775807";

fn database(path: &Path, sql: &[&str]) -> io::Result<()> {
    let connection = rusqlite::Connection::open(path).map_err(io::Error::other)?;
    sql.iter().try_for_each(|sql| connection.execute_batch(sql)).map_err(io::Error::other)
}

/// Makes all of them in a folder, with folders, links and pipes that are none.
pub fn make(folder: &Path) -> io::Result<()> {
    for (name, content) in QUERIES.iter().chain(FILES) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, content())?;
    }
    fs::write(folder.join("bomb.xlsx"), spreadsheet(BOMB)?)?;
    fs::write(folder.join("far.xlsx"), spreadsheet(FAR)?)?;
    database(&folder.join("unindexed.dna"), &[UNINDEXED])?;
    database(&folder.join("outside.dna"), &[UNINDEXED, OUTSIDE])?;
    fs::create_dir(folder.join("empty"))?;
    fs::create_dir(folder.join("around"))?;
    symlink("..", folder.join("around/again"))?;
    symlink("loop-b.dixit", folder.join("loop-a.dixit"))?;
    symlink("loop-a.dixit", folder.join("loop-b.dixit"))?;
    nix::unistd::mkfifo(&folder.join("pipe"), nix::sys::stat::Mode::S_IRWXU)?;
    for number in 0..2_000 {
        let next = format!("use 'chain-{}.dixit'\nreturn 1", number + 1);
        fs::create_dir_all(folder.join("chain"))?;
        fs::write(folder.join(format!("chain/chain-{number}.dixit")), next)?;
    }
    Ok(())
}

/// A cell whose text is a thousand times as long as the archive.
const BOMB: &str = "bomb";
/// Two cells, as far apart as a sheet allows.
const FAR: &str = "far";

fn spreadsheet(sort: &str) -> io::Result<Vec<u8>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut written = Ok(());
    for (column, name) in SHEET.trim().split(',').enumerate() {
        let column = u16::try_from(column).unwrap_or(0);
        written = written.and_then(|()| sheet.write(0, column, name).map(|_| ()));
    }
    if sort == BOMB {
        let text = many("a", 32_000);
        for row in 1..20_000 {
            written = written.and_then(|()| sheet.write(row, 2, &text).map(|_| ()));
        }
    } else {
        written = written.and_then(|()| sheet.write(1_048_575, 16_383, "far away").map(|_| ()));
    }
    written.and_then(|()| workbook.save_to_buffer()).map_err(io::Error::other)
}
