//! The LIAR benchmark comes in through its mapping, row by row. The data is not part of this project; where it does not
//! lie next to it, this test only says so.

#![expect(clippy::print_stderr, reason = "a test that is left out says so")]

use dixit::{
    import::{Request, import},
    store::{self, Limits, check::check},
};
use std::path::Path;

#[test]
fn every_row_of_liar_is_taken() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = here.join("../shared/data/liar");
    if !data.is_dir() {
        eprintln!("note: the LIAR data is not at hand, so its import is not tested");
        return;
    }
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("liar.dixit");
    let mut writer = store::create(&path).unwrap();
    let request = Request {
        paths: ["train.tsv", "valid.tsv", "test.tsv"].map(|name| data.join(name)).to_vec(),
        map: Some(here.join("examples/liar.toml")),
        create_missing: true,
        now: "2026-01-01T00:00:00Z".to_owned(),
        ..Request::default()
    };
    let report = import(&mut writer, &request, &mut |_| ()).unwrap();
    assert_eq!(report.refused, []);
    let reader = store::open(&path, &Limits::default()).unwrap();
    let counts = reader.counts().unwrap();
    for (kind, count) in
        [("Statement", 12836), ("Attestation", 12836), ("Assessment", 12836), ("Claim", 12810)]
    {
        assert!(counts.contains(&(kind.to_owned(), count)), "{kind}: {counts:?}");
    }
    assert_eq!(check(&reader).unwrap(), []);
    let again = import(&mut writer, &request, &mut |_| ()).unwrap();
    assert_eq!((again.added, again.changed, again.refused), (vec![], vec![], vec![]));
}
