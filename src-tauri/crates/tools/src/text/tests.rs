#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::{Decoded, Form, Unwritable, clip_line, counted, decode, size};

/// A text with its encoding where that is not UTF-8, or what else it is.
type Seen<T> = Result<(T, Option<&'static str>), &'static str>;

fn text(bytes: &[u8]) -> Seen<String> {
    match decode(bytes) {
        Decoded::Text(text, form) => Ok((text, form.foreign())),
        Decoded::Binary(kind) => Err(kind),
    }
}

fn in_encoding(label: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
    let (bytes, _, missing) = encoding.encode(text);
    assert!(!missing, "{label}");
    bytes.into_owned()
}

#[test]
fn encodings_are_told_apart() {
    let cases: Vec<(&[u8], Seen<&str>)> = vec![
        (b"", Ok(("", None))),
        ("naïve 🦀".as_bytes(), Ok(("naïve 🦀", None))),
        (b"\xef\xbb\xbfbom", Ok(("bom", None))),
        (b"caf\xe9", Ok(("café", Some("windows-1252")))),
        (b"\xff\xfeh\0i\0", Ok(("hi", Some("UTF-16 LE")))),
        (b"\xfe\xff\0h\0i", Ok(("hi", Some("UTF-16 BE")))),
        (b"one\0", Err("binary data")),
        (b"one\0two\0", Err("binary data")),
        (b"h\0i\0\r\0\n\0", Ok(("hi\r\n", Some("UTF-16 LE")))),
        (b"\0h\0i\0\n", Ok(("hi\n", Some("UTF-16 BE")))),
        (b"\xff\xfe\x00\xd8", Ok(("\u{fffd}", Some("UTF-16 LE")))),
        (b"\xff\xfe\0\0h\0\0\0", Err("text in UTF-32")),
        (b"\x01\0\x02\0\x03\0", Err("binary data")),
        (b"\x89PNG\r\n\x1a\n\0\0", Err("a PNG image")),
        (b"\x7fELF\x02\x01", Ok(("\u{7f}ELF\u{2}\u{1}", None))),
        (b"\x7fELF\0", Err("a compiled program")),
        (b"\x1f\x8b\x08\xff", Err("gzip-compressed data")),
        (b"text\0more", Err("binary data")),
    ];
    for (bytes, expected) in cases {
        let expected = expected.map(|(text, encoding)| (text.to_owned(), encoding));
        assert_eq!(text(bytes), expected, "{bytes:?}");
    }
    let old = [
        (
            "shift_jis",
            "Shift_JIS",
            "これは日本語の文章です。設定ファイルを読み込みます。\n",
        ),
        ("gbk", "GBK", "这是一个中文的配置文件，请不要随意修改。\n"),
        ("euc-kr", "EUC-KR", "이 파일은 한국어로 쓰여 있습니다.\n"),
        (
            "windows-1251",
            "windows-1251",
            "Это файл настроек, его нельзя удалять.\n",
        ),
    ];
    for (label, name, words) in old {
        let expected = Ok((words.to_owned(), Some(name)));
        assert_eq!(text(&in_encoding(label, words)), expected);
    }
}

#[test]
fn a_text_goes_back_as_it_came() {
    let words = "eins\r\nzwei\n\ndrei – ok";
    let units =
        |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { words.encode_utf16().flat_map(unit).collect() };
    let marked = |mark: &[u8], rest: Vec<u8>| [mark, rest.as_slice()].concat();
    for bytes in [
        words.as_bytes().to_vec(),
        marked(b"\xef\xbb\xbf", words.as_bytes().to_vec()),
        units(u16::to_le_bytes),
        units(u16::to_be_bytes),
        marked(b"\xff\xfe", units(u16::to_le_bytes)),
        marked(b"\xfe\xff", units(u16::to_be_bytes)),
        in_encoding("windows-1252", words),
    ] {
        let Decoded::Text(text, form) = decode(&bytes) else {
            panic!("{bytes:?} is text");
        };
        assert_eq!(text, words);
        assert_eq!(form.encode(&text), Ok(bytes));
    }
}

#[test]
fn what_cannot_go_back_is_told_before_anything_changes() {
    let Decoded::Text(_, form) = decode(b"caf\xe9") else {
        panic!("text");
    };
    let missing = Unwritable::Character('→', "windows-1252");
    assert_eq!(form.encode("café → tea"), Err(missing));
    // Half of a pair: shown, but never written back.
    let Decoded::Text(_, form) = decode(b"\xff\xfeh\0\x00\xd8i\0") else {
        panic!("text");
    };
    assert_eq!(form.check(), Err(Unwritable::Inexact("UTF-16 LE")));
}

#[test]
fn a_text_written_anew_gets_the_line_ends_of_its_file() {
    let form = |bytes: &[u8]| match decode(bytes) {
        Decoded::Text(_, form) => form,
        Decoded::Binary(_) => panic!("text"),
    };
    assert_eq!(form(b"a\r\nb\r\n").fitted("x\ny\n"), "x\r\ny\r\n");
    assert_eq!(form(b"a\r\nb\n").fitted("x\ny\n"), "x\ny\n");
    assert_eq!(form(b"a\r\n").fitted("x\r\ny\n"), "x\r\ny\n");
    assert_eq!(Form::NEW.fitted("x\n"), "x\n");
    assert_eq!(form(b"\xef\xbb\xbfa").fitted("\u{feff}x"), "x");
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
