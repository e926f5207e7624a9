#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::encoding::{chunks, decode_chunk, encode_chunk};
use super::*;

fn entry(path: &[u8], node: Node) -> Entry {
    Entry {
        path: path.into(),
        node,
    }
}

fn file(size: u64) -> Node {
    Node::File {
        mode: 0o755,
        size,
        hash: ContentHash::of(&size.to_le_bytes()),
    }
}

fn folder(partial: Option<Gap>) -> Node {
    Node::Folder {
        mode: 0o1777,
        partial,
    }
}

fn mixed() -> Vec<Entry> {
    vec![
        entry(b"", folder(None)),
        entry(b"a", folder(Some(Gap::TooSlow))),
        entry(b"a/b", file(u64::MAX)),
        entry(b"a/\xff\xfe", Node::Absent),
        entry(
            b"link",
            Node::Link {
                target: (*b"../x\xff").into(),
            },
        ),
        entry(b"pipe", Node::LeftOut(Gap::Special)),
    ]
}

#[test]
fn a_chunk_reads_back_as_it_was() {
    let manifest = Manifest::new(mixed());
    let bytes = encode_chunk(manifest.entries());
    assert_eq!(decode_chunk(&bytes).unwrap(), manifest.entries());
}

#[test]
fn a_cut_or_flipped_chunk_never_panics() {
    let bytes = encode_chunk(Manifest::new(mixed()).entries());
    let whole = decode_chunk(&bytes);
    for length in 0..bytes.len() {
        assert_ne!(decode_chunk(&bytes[..length]), whole);
        let mut flipped = bytes.clone();
        flipped[length] ^= 0x80;
        assert_ne!(decode_chunk(&flipped), whole);
    }
}

#[test]
fn chunks_hold_all_entries_in_order() {
    let entries: Vec<_> = (0..5000)
        .map(|number| entry(format!("f{number:05}").as_bytes(), file(number)))
        .collect();
    let cut: Vec<&[Entry]> = chunks(&entries).collect();
    assert_eq!(cut.concat(), entries);
    assert!(cut.len() > 20, "{} chunks", cut.len());
    // A new entry moves no cut but its own.
    let mut more = entries.clone();
    more.insert(2500, entry(b"f02499x", file(1)));
    let same = chunks(&more).filter(|chunk| cut.contains(chunk)).count();
    assert!(same + 2 >= cut.len(), "{same} of {}", cut.len());
}

#[test]
fn the_nearest_listed_folder_says_what_an_unlisted_path_was() {
    let manifest = Manifest::new(mixed());
    let check = |path: &[u8], expected: State<'_>| {
        assert_eq!(manifest.state(path), expected, "{}", path.escape_ascii());
    };
    check(b"nothing", State::Nothing);
    check(b"nothing/below", State::Nothing);
    check(b"a/c", State::Unknown(Gap::TooSlow));
    check(b"a/c/d", State::Unknown(Gap::TooSlow));
    check(b"a/b/c", State::Nothing);
    check(b"a/\xff\xfe", State::Nothing);
    check(b"a/\xff\xfe/x", State::Nothing);
    check(b"pipe", State::Unknown(Gap::Special));
    check(b"link/x", State::Nothing);
    check(b"a/b", State::Known(&file(u64::MAX)));
}

#[test]
fn a_list_knows_nothing_before_it_is_filled() {
    let empty = Manifest::default();
    assert_eq!(empty.state(b"a"), State::Unknown(Gap::Unreadable));
}
