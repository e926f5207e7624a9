#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;

fn text(header: &str, bytes: &[u8]) -> Result<String, String> {
    let read = ContentType::parse(header).text_of(bytes);
    read.map(|(_, text)| text)
}

#[test]
fn letters_of_all_kinds_are_read() {
    for (header, bytes, expected) in [
        ("text/html; charset=utf-8", "é".as_bytes(), "é"),
        ("text/html;charset=\"ISO-8859-1\"", b"\xe9", "é"),
        ("text/plain; charset=windows-1251", b"\xcf\xf0\xe8", "При"),
        ("text/plain; charset=Shift_JIS", b"\x93\xfa\x96\x7b", "日本"),
        ("text/plain; charset=gb18030", b"\xc4\xe3", "你"),
        ("text/plain; charset=utf-16le", b"h\0i\0", "hi"),
        // Without a word from the server.
        ("text/plain", "é".as_bytes(), "é"),
        ("text/plain", b"\xe9\x93", "é“"),
        ("text/plain; charset=nonsense", "é".as_bytes(), "é"),
        // A mark at the start speaks louder.
        ("text/plain; charset=latin1", b"\xef\xbb\xbf\xc3\xa9", "é"),
        ("text/html", b"\xff\xfeh\0i\0", "hi"),
        ("text/html", b"\xfe\xff\0h\0i", "hi"),
        // What the page says of itself.
        (
            "text/html",
            b"<meta charset=koi8-r>\xc1",
            "<meta charset=koi8-r>а",
        ),
        (
            "text/html",
            b"<meta content='text/html; charset = \"koi8-r\"'>\xc1",
            "<meta content='text/html; charset = \"koi8-r\"'>а",
        ),
        (
            "text/html; charset=latin1",
            b"<meta charset=koi8-r>\xe9",
            "<meta charset=koi8-r>é",
        ),
        (
            "text/html",
            b"<meta charset=utf-16>\xc3\xa9",
            "<meta charset=utf-16>é",
        ),
        ("text/plain", b"charset=koi8-r \xc3\xa9", "charset=koi8-r é"),
        ("text/plain; charset=utf-8", b"a\xffb", "a\u{fffd}b"),
        ("text/plain", b"", ""),
    ] {
        assert_eq!(text(header, bytes).as_deref(), Ok(expected), "{header}");
    }
}

#[test]
fn what_is_no_text_is_named() {
    for (header, bytes, what) in [
        ("application/pdf", &b"%PDF"[..], "a PDF document"),
        ("image/png", b"", "an image (`image/png`)"),
        ("image/svg+xml", b"", "an image (`image/svg+xml`)"),
        ("video/mp4", b"", "a video (`video/mp4`)"),
        ("application/zip", b"", "an archive (`application/zip`)"),
        ("application/x-tar", b"", "an archive (`application/x-tar`)"),
        (
            "application/octet-stream",
            b"text",
            "a file of type `application/octet-stream`",
        ),
        ("nonsense", b"", "a file of type `nonsense`"),
        ("text/plain", b"a\0b", "a binary file"),
        ("", b"\x7fELF\0\0", "a binary file"),
    ] {
        assert_eq!(text(header, bytes), Err(what.to_owned()), "{header}");
    }
}

#[test]
fn pages_are_known_by_name_or_by_their_start() {
    for (header, bytes, expected) in [
        ("text/html", &b"x"[..], Media::Html),
        ("TEXT/HTML; x=y", b"x", Media::Html),
        ("application/xhtml+xml", b"x", Media::Html),
        ("", b" \n<!DOCTYPE HTML><p>", Media::Html),
        ("", b"<html>", Media::Html),
        ("", b"# Title", Media::Text),
        ("text/markdown", b"<html>", Media::Text),
        ("application/ld+json", b"{}", Media::Text),
        ("application/json", b"{}", Media::Text),
        ("application/atom+xml", b"<feed/>", Media::Text),
    ] {
        let (media, _) = ContentType::parse(header).text_of(bytes).unwrap();
        assert_eq!(media, expected, "{header}");
    }
}
