#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::Cleaner;

fn clean_in_two(bytes: &[u8], border: usize) -> String {
    let mut cleaner = Cleaner::default();
    let mut text = String::new();
    cleaner.feed(&bytes[..border], &mut text);
    cleaner.feed(&bytes[border..], &mut text);
    cleaner.finish(&mut text);
    text
}

/// Whatever the chunk border, the text is the same.
fn check(bytes: &[u8], expected: &str) {
    for border in 0..=bytes.len() {
        assert_eq!(clean_in_two(bytes, border), expected, "cut at {border}");
    }
    let mut cleaner = Cleaner::default();
    let mut text = String::new();
    for byte in bytes {
        cleaner.feed(&[*byte], &mut text);
    }
    cleaner.finish(&mut text);
    assert_eq!(text, expected, "byte by byte");
}

#[test]
fn characters_survive_every_chunk_border() {
    check(
        "naïve café 日本語 🦀 e\u{301}\n".as_bytes(),
        "naïve café 日本語 🦀 e\u{301}\n",
    );
}

#[test]
fn broken_utf8_becomes_replacement_characters() {
    check(b"a\xffb", "a\u{fffd}b");
    check(b"a\xe2\x82", "a\u{fffd}");
    check(b"a\xe2\x82z", "a\u{fffd}z");
    check(b"\xed\xa0\x80.", "\u{fffd}\u{fffd}\u{fffd}.");
}

#[test]
fn escape_sequences_are_dropped() {
    check(b"\x1b[1;31mred\x1b[0m plain", "red plain");
    check(b"\x1b]0;title\x07text", "text");
    check(b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link");
    check(b"\x1b(Bx\x1b7y\x1b[?25lz", "xyz");
    check("\u{9b}31mred".as_bytes(), "red");
}

#[test]
fn carriage_returns_become_lines() {
    check(b"a\r\nb\r\n", "a\nb\n");
    check(b"10%\r50%\r100%\n", "10%\n50%\n100%\n");
    check(b"a\r\r\nb", "a\nb");
    check(b"end\r", "end\n");
}

#[test]
fn other_control_characters_are_dropped() {
    check(b"a\0b\x07c\x08d\x7fe\tf\n", "abcde\tf\n");
}

#[test]
fn an_endless_sequence_does_not_swallow_the_rest() {
    let mut bytes = b"\x1b]0;".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', super::SEQUENCE_CHARS * 2));
    bytes.extend_from_slice(b"still here");
    assert!(clean_in_two(&bytes, 7).ends_with("still here"));
}
