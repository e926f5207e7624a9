#![allow(clippy::unwrap_used, reason = "tests")]

use super::Decoder;
use crate::sse::{EventTooLarge, MAX_EVENT_BYTES};

fn decode(chunks: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::default();
    let mut lines = Vec::new();
    for chunk in chunks {
        decoder.push(chunk, &mut lines).unwrap();
    }
    decoder.end(&mut lines);
    lines
}

#[test]
fn lines_are_the_same_wherever_they_are_split() {
    let bytes = "{\"a\":\"größe\"}\r\n\n  {\"b\":1}\n{\"last\":true}".as_bytes();
    let expected = ["{\"a\":\"größe\"}", "{\"b\":1}", "{\"last\":true}"];
    for at in 0..=bytes.len() {
        assert_eq!(decode(&[&bytes[..at], &bytes[at..]]), expected, "{at}");
    }
}

#[test]
fn an_endless_line_is_refused() {
    let mut decoder = Decoder::default();
    let mut lines = Vec::new();
    let chunk = vec![b'x'; MAX_EVENT_BYTES / 2];
    assert_eq!(decoder.push(&chunk, &mut lines), Ok(()));
    assert_eq!(decoder.push(&chunk, &mut lines), Ok(()));
    assert_eq!(decoder.push(b"x", &mut lines), Err(EventTooLarge));
}
