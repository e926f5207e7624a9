#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::{Decoded, clip_line, counted, decode, size};

#[test]
fn encodings_are_told_apart() {
    let utf8 = |text: &str| Decoded::Utf8(text.to_owned());
    let cases: Vec<(&[u8], Decoded)> = vec![
        (b"", utf8("")),
        ("naïve 🦀".as_bytes(), utf8("naïve 🦀")),
        (b"\xef\xbb\xbfbom", utf8("\u{feff}bom")),
        (
            b"caf\xe9",
            Decoded::Other("café".to_owned(), "not UTF-8; shown as Latin-1"),
        ),
        (
            b"\xff\xfeh\0i\0",
            Decoded::Other("hi".to_owned(), "UTF-16 LE"),
        ),
        (
            b"\xfe\xff\0h\0i",
            Decoded::Other("hi".to_owned(), "UTF-16 BE"),
        ),
        (
            b"\xff\xfe\x00\xd8",
            Decoded::Other("\u{fffd}".to_owned(), "UTF-16 LE"),
        ),
        (b"\x89PNG\r\n\x1a\n\0\0", Decoded::Binary("a PNG image")),
        (b"\x7fELF\x02\x01", utf8("\u{7f}ELF\u{2}\u{1}")),
        (b"\x7fELF\0", Decoded::Binary("a compiled program")),
        (b"\x1f\x8b\x08\xff", Decoded::Binary("gzip-compressed data")),
        (b"text\0more", Decoded::Binary("binary data")),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode(bytes.to_vec()), expected, "{bytes:?}");
    }
}

#[test]
fn sizes_and_counts_read_well() {
    for (bytes, words) in [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1536, "1.5 KiB"),
        (5 << 30, "5.0 GiB"),
        (u64::MAX, "16777216.0 TiB"),
    ] {
        assert_eq!(size(bytes), words);
    }
    assert_eq!(
        [counted(1, "line"), counted(0, "line"), counted(2, "match")],
        ["1 line", "0 lines", "2 matches"]
    );
}

#[test]
fn a_long_line_is_cut_at_a_character() {
    assert_eq!(clip_line("abc", 3), ("abc", false));
    assert_eq!(clip_line("a🦀b", 3), ("a", true));
}
