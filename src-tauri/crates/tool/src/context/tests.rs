#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;

use super::{Extent, FileLedger, FileStamp};

#[test]
fn a_stamp_matches_only_the_same_content() {
    let stamp = FileStamp::of(b"one", Extent::Whole);
    for (content, same) in [
        (&b"one"[..], true),
        (b"onf", false),
        (b"one\n", false),
        (b"", false),
    ] {
        assert_eq!(stamp.matches(content), same, "{content:?}");
    }
}

#[test]
fn the_ledger_knows_what_was_seen_last() {
    let (whole, part) = (
        FileStamp::of(b"one", Extent::Whole),
        FileStamp::of(b"one", Extent::Part),
    );
    let changed = FileStamp::of(b"two", Extent::Part);
    let cases = [
        (vec![], None),
        (vec![part], Some(part)),
        (vec![part, whole], Some(whole)),
        (vec![whole, part], Some(whole)),
        (vec![whole, changed], Some(changed)),
        (vec![whole, changed, part], Some(part)),
    ];
    for (noted, expected) in cases {
        let ledger = FileLedger::default();
        for stamp in &noted {
            ledger.note(Path::new("/w/a"), *stamp);
        }
        assert_eq!(ledger.seen(Path::new("/w/a")), expected, "{noted:?}");
        assert_eq!(ledger.seen(Path::new("/w/b")), None);
    }
}
