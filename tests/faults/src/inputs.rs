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
    ("text.xlsx", || b"this is no spreadsheet".to_vec()),
    ("zip.xlsx", || b"PK\x03\x04 and then nothing that is a zip archive".to_vec()),
    ("config-deep/dixit/config.toml", || format!("a = {}", around("[", "1", "]", 100_000)).into()),
    ("config-long/dixit/config.toml", || many("# a\n", 4_000_000).into()),
    ("config-wrong/dixit/config.toml", || b"timeout = 'soon'\ncolor = 7\nevil = [1]\n".to_vec()),
    ("config-binary/dixit/config.toml", || vec![0xff; 100_000]),
    ("config-folder/dixit/config.toml/x", Vec::new),
];

/// Makes all of them in a folder, with folders, links and pipes that are none.
pub fn make(folder: &Path) -> io::Result<()> {
    for (name, content) in QUERIES.iter().chain(FILES) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, content())?;
    }
    fs::write(folder.join("bomb.xlsx"), spreadsheet(BOMB)?)?;
    fs::write(folder.join("far.xlsx"), spreadsheet(FAR)?)?;
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
