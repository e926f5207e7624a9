#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::{GivenFile, decode};

fn file(data: &str) -> GivenFile {
    GivenFile {
        name: "a.png".into(),
        data: data.into(),
    }
}

#[test]
fn a_file_of_the_window_arrives_byte_for_byte() {
    let cases: [(&str, &[u8]); 4] = [
        ("", b""),
        ("iVBORw0K", b"\x89PNG\r\n"),
        ("/w==", b"\xff"),
        ("AAEC", b"\0\x01\x02"),
    ];
    for (text, bytes) in cases {
        let attachment = decode(file(text)).unwrap();
        assert_eq!(attachment.name, "a.png");
        assert_eq!(attachment.data, bytes, "{text}");
    }
}

#[test]
fn a_file_that_was_cut_is_refused_by_name() {
    for text in ["iVBORw0", "data:image/png;base64,AAEC", "AA EC"] {
        let error = decode(file(text)).unwrap_err();
        assert!(error.message.contains("`a.png`"), "{}", error.message);
        assert_eq!(error.hints, ["Attach it again."]);
    }
}
