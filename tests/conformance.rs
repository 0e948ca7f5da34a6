//! docs/conformance.md tells the truth about GQL: what it says is there runs on the example's store, and what it says is
//! not there is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot run fails")]

mod house;

use dixit::base::source::Source;
use dixit::script;
use house::{Asked, ROOT, arguments, rendered};

/// A row of a table: whether the feature is there, and a query with it.
struct Claim {
    there: bool,
    query: String,
}

fn claims() -> Vec<Claim> {
    let path = std::path::Path::new(ROOT).join("docs/conformance.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, gql) = text.split_once("\n## GQL\n").unwrap();
    let (gql, _) = gql.split_once("\n### Graph types\n").unwrap();
    let claim = |line: &str| {
        // A bar inside a cell has a backslash in front.
        let cells: Vec<String> =
            line.replace("\\|", "\0").split(" | ").map(|cell| cell.replace('\0', "|")).collect();
        let [_, here, example] = cells.as_slice() else { return None };
        let query = example.trim_end_matches(" |").strip_prefix('`')?.strip_suffix('`')?;
        // `dixit write` is shown elsewhere.
        (!query.starts_with("dixit "))
            .then(|| Claim { there: here != "no", query: query.to_owned() })
    };
    gql.lines().filter(|line| line.starts_with("| ")).filter_map(claim).collect()
}

fn answer(query: &str, world: &Asked) -> Result<usize, String> {
    let source = Source::inline(query);
    let saved = script::read(&source).map_err(|mistakes| rendered(&mistakes, &source))?;
    let arguments = arguments(&saved, &[]);
    let mut rows = 0;
    for query in &saved.queries {
        let compiled = world.compile(query, &arguments);
        let compiled = compiled.map_err(|mistakes| rendered(&mistakes, &source))?;
        rows += world.rows(&compiled)?.len();
    }
    Ok(rows)
}

#[test]
fn what_is_there_runs_and_what_is_not_is_refused() {
    let world = Asked::new("geneva");
    let claims = claims();
    assert!(claims.len() >= 50, "the tables are read");
    let mut wrong = Vec::new();
    for Claim { there, query } in claims {
        match (there, answer(&query, &world)) {
            (true, Ok(0)) => wrong.push(format!("no rows: {query}")),
            (true, Ok(_)) | (false, Err(_)) => {}
            (true, Err(why)) => wrong.push(format!("refused: {query}\n{why}")),
            (false, Ok(_)) => wrong.push(format!("answered after all: {query}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
