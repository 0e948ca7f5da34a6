//! CSL-JSON and BibTeX.

use super::{World, fixture, left_out};

const SOURCES: &str = "SELECT s.key, title, k.term, p.name, a.name, coalesce(published_text, published_first), url, s.note
  FROM source AS s LEFT JOIN term AS k ON k.id = s.kind LEFT JOIN actor AS p ON p.id = s.publisher
    LEFT JOIN actor AS a ON a.id = s.author WHERE s.id > 6 ORDER BY s.id";

#[test]
fn items_of_csl_become_sources_with_their_people() {
    let (world, report) = World::with("library.csl.json");
    assert_eq!(
        world.rows(SOURCES),
        [
            "finch2025|The bridge was late|article|The Courier|Dora Finch|20250306|https://courier.example/bridge|",
            "works2024|Bridges and their keepers|document|State Press|Office of Works|2024-24|https://doi.org/10.5555/12345678|in Works series",
            "span|A span of years|document|||2019-11/2020-02||",
            "about|About 1950|document|||1950~||",
            "press|In press|document|||||dated: forthcoming",
        ]
    );
    assert_eq!(world.relations(), ["library:jan-van-der-brug|wrote|finch2025|||||finch2025|"]);
    assert_eq!(left_out(&report), ["1 property"]);
}

#[test]
fn entries_of_bibtex_become_the_same() {
    let (world, report) = World::with("library.bib");
    assert_eq!(
        world.rows(SOURCES),
        [
            "finch2025|The bridge was late|article|The Courier|Dora Finch|20250306|https://courier.example/bridge|",
            "works2024|Brücken and their keepers|document|State Press|Office of Works|2024-24|https://doi.org/10.5555/12345678|",
            "talk|Rust|article|State Press|Ada Quill|2023-02||in Meeting of inspectors",
            "meeting|Meeting of inspectors|document|State Press||2023-02||",
            "span|A span of years|document|||2019-11/2020-02||",
            "press|In press|document|||||dated: forthcoming",
        ]
    );
    assert_eq!(world.relations(), ["library:jan-van-der-brug|wrote|finch2025|||||finch2025|"]);
    assert_eq!(left_out(&report), ["1 property"]);
}

#[test]
fn a_name_is_one_actor_within_a_file_and_never_beyond_it() {
    let mut world = World::geneva();
    let one = "@book{a, title={A}, author={Ignatius, David}}\n@book{b, title={B}, author={David Ignatius}}";
    let two = "@book{c, title={C}, author={David Ignatius}}";
    let accent = "@book{d, title={D}, author={David Ignátius}}\n@book{e, title={E}, author={David Ignatius}}";
    for (name, text) in [("one.bib", one), ("two.bib", two), ("three.bib", accent)] {
        let path = world.file(name, text);
        world.import(&path);
        world.again(&path);
    }
    let who = "SELECT s.key, a.key FROM source AS s JOIN actor AS a ON a.id = s.author WHERE s.key IN ('a', 'b', 'c') ORDER BY 1";
    assert_eq!(
        world.rows(who),
        ["a|one:david-ignatius", "b|one:david-ignatius", "c|two:david-ignatius"]
    );
    assert_eq!(world.rows("SELECT count(*) FROM actor WHERE name = 'David Ignatius'"), ["4"]);
    assert_eq!(world.rows("SELECT count(*) FROM actor WHERE key GLOB 'three:*'"), ["2"]);
}

#[test]
fn commands_around_a_text_are_taken_off() {
    let mut world = World::geneva();
    let path = world.file(
        "one.bib",
        "@misc{a, title={On \\emph{rust}}, author={Quill, Ada and others}, howpublished={\\url{https://courier.example/a_b}}}",
    );
    world.import(&path);
    assert_eq!(
        world.rows(SOURCES),
        ["a|On rust|document||Ada Quill|||https://courier.example/a_b"]
    );
    assert_eq!(world.relations(), [""; 0]);
}

#[test]
fn what_tex_says_in_several_ways_is_one_text() {
    let mut world = World::geneva();
    let text = r#"
@misc{a, title={na{\"\i}ve, Mart\'{\i}n, \'\i n, \v{c}, {\L}}, author={S{\'\i}lva, Jos{\'e} and others}}
@misc{b, title="A {"}word{"} -- ``said'' by~all", year="2001"}
@misc{c, title={{\it Rust}, H\textsubscript{2}O \ldots{} \unknown{x}}, crossref={nobody}}
"#;
    let path = world.file("tex.bib", text);
    let report = world.import(&path);
    world.again(&path);
    assert_eq!(
        world.rows("SELECT key, title, published_first FROM source WHERE id > 6 ORDER BY id"),
        [
            "a|naïve, Martín, ín, č, Ł|",
            "b|A \"word\" – “said” by all|20010101",
            r"c|Rust, H2O … \unknown{x}|",
        ]
    );
    assert_eq!(world.rows("SELECT name FROM actor WHERE key GLOB 'tex:*'"), ["José Sílva"]);
    assert_eq!(left_out(&report), ["1 dangling cross-reference", "1 unnamed author"]);
}

#[test]
fn dates_and_titles_of_csl_keep_what_they_say() {
    let mut world = World::geneva();
    let text = r#"[{"id": "a", "type": "book", "title": "On <i>rust</i> in H<sub>2</sub>O, 1 < 2", "issued": {"date-parts": [[1950], [1952]], "circa": true}},{"id": "b", "type": "book", "title": "B", "issued": {"date-parts": [[1999]], "season": 3}}]"#;
    let path = world.file("c.json", text);
    world.import(&path);
    assert_eq!(
        world.rows("SELECT key, title, published_text FROM source WHERE id > 6 ORDER BY id"),
        ["a|On rust in H2O, 1 < 2|1950~/1952~", "b|B|1999-23"]
    );
    assert_eq!(
        World::refused("l.json", text.replace("[[1999]]", "[[-44]]")),
        [
            "1 issued.date-parts: in 'b': '-0044-23' is not a date [write it as in 2025-11-22, 2025-11 or 2025]"
        ]
    );
}

#[test]
fn mistakes_in_csl_are_named_with_line_and_variable() {
    let text = fixture("library.csl.json");
    assert_eq!(
        World::refused("l.json", text.replace("\"id\": \"span\"", "\"id\": \"works2024\"")),
        ["22 id: the id 'works2024' stands in line 12, too [give one another id]"]
    );
    assert_eq!(
        World::refused("l.json", text.replace("\"report\"", "\"raport\"")),
        ["14 type: 'raport' is no type of CSL [closest: report]"]
    );
    assert_eq!(
        World::refused("l.json", text.replace("[[\"2025\", 3, 6]]", "[[\"2025\", 13, 6]]")),
        [
            "8 issued.date-parts: '2025-13-06' is not a date [write it as in 2025-11-22, 2025-11 or 2025]"
        ]
    );
}

#[test]
fn mistakes_in_bibtex_are_named_with_line_and_field() {
    let text = fixture("library.bib");
    assert_eq!(
        World::refused("l.bib", text.replace("{span,", "{talk,")),
        ["34 key: the key 'talk' stands in line 21, too [give one of the two another key]"]
    );
    assert_eq!(
        World::refused("l.bib", text.replace("year      = 2023", "year = {2023-99}")),
        ["27 year: '2023-99-02' is not a date [write it as in 2025-11-22, 2025-11 or 2025]"]
    );
    assert_eq!(
        World::refused("l.bib", text.replace("{span,", "{,")),
        ["34 key: the entry has no key"]
    );
    let open = text.replace("{A span of years}, ", "{A span of years, ");
    let refused = World::refused("l.bib", open);
    assert!(
        refused.iter().all(|line| line.contains("this cannot be read as BibTeX")),
        "{refused:?}"
    );
    assert_eq!(
        World::refused("l.bib", text.replace("journal = courier", "journal = gazette")),
        ["7: unknown abbreviation \"gazette\""]
    );
}
