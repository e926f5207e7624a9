#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fmt::Write;
use std::path::Path;

use super::{Decoder, EventTooLarge, Frame, MAX_EVENT_BYTES};

fn decode(chunks: &[&[u8]]) -> Vec<Frame> {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    for chunk in chunks {
        decoder.push(chunk, &mut frames).unwrap();
    }
    frames
}

fn show(frames: &[Frame]) -> String {
    frames.iter().fold(String::new(), |mut text, frame| {
        writeln!(text, "{:?} {:?} {:?}", frame.event, frame.data, frame.id).unwrap();
        text
    })
}

#[test]
fn the_corpus_decodes_the_same_wherever_it_is_split() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/sse");
    let mut case_count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "sse") {
            continue;
        }
        case_count += 1;
        let bytes = std::fs::read(&path).unwrap();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        let whole = decode(&[&bytes]);
        assert_eq!(show(&whole), expected, "{}", path.display());
        for at in 0..=bytes.len() {
            assert_eq!(
                decode(&[&bytes[..at], &bytes[at..]]),
                whole,
                "{} split at {at}",
                path.display()
            );
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decode(&single), whole, "{} byte by byte", path.display());
    }
    assert!(case_count >= 7, "the corpus has {case_count} cases");
}

#[test]
fn the_reconnect_time_is_kept_when_it_is_a_number() {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    decoder
        .push(b"retry: 1500\nretry: soon\n", &mut frames)
        .unwrap();
    assert_eq!(decoder.reconnect_ms(), Some(1500));
    assert_eq!(frames, []);
}

#[test]
fn an_event_without_its_blank_line_is_not_delivered() {
    assert_eq!(decode(&[b"data: half\n"]), []);
    assert_eq!(decode(&[b"data: half"]), []);
}

#[test]
fn an_endless_line_is_refused() {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    let chunk = vec![b'x'; MAX_EVENT_BYTES / 4];
    let results: Vec<_> = (0..5).map(|_| decoder.push(&chunk, &mut frames)).collect();
    assert_eq!(
        results,
        [Ok(()), Ok(()), Ok(()), Ok(()), Err(EventTooLarge)]
    );
}

#[test]
fn endless_data_lines_are_refused() {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    let mut line = b"data:".to_vec();
    line.resize(MAX_EVENT_BYTES / 4, b'x');
    line.push(b'\n');
    let result = (0..6).try_for_each(|_| decoder.push(&line, &mut frames));
    assert_eq!(result, Err(EventTooLarge));
}

#[test]
fn a_large_event_in_tiny_chunks_arrives_whole() {
    let mut bytes = b"data: ".to_vec();
    bytes.resize(4 * 1024 * 1024, b'x');
    bytes.extend_from_slice(b"\n\n");
    let chunks: Vec<&[u8]> = bytes.chunks(7).collect();
    let frames = decode(&chunks);
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].data.len(), 4 * 1024 * 1024 - 6);
}

/// Feeds a stream in chunks until it ends or is refused: how many bytes came
/// in, how many looks at a byte they cost, and the most that was kept.
fn cost(stream: impl Iterator<Item = Vec<u8>>) -> (usize, usize, usize) {
    let mut decoder = Decoder::new();
    let mut frames = Vec::new();
    let (mut fed, mut kept) = (0, 0);
    for chunk in stream {
        fed += chunk.len();
        let pushed = decoder.push(&chunk, &mut frames);
        kept = kept.max(decoder.line.capacity() + decoder.data.capacity());
        frames.clear();
        if pushed.is_err() {
            break;
        }
    }
    (fed, decoder.scanned_bytes, kept)
}

#[test]
fn a_hundred_mebibytes_cost_one_look_a_byte_and_little_memory() {
    const TOTAL: usize = 100 * 1024 * 1024;
    for size in [16 * 1024, 1024 * 1024] {
        // One event without end is refused at the limit.
        let endless = (0..TOTAL / size).map(|_| vec![b'x'; size]);
        let (fed, scanned, kept) = cost(endless);
        assert!(fed <= MAX_EVENT_BYTES + size, "{fed} bytes were taken");
        assert!(scanned <= fed, "{scanned} looks at {fed} bytes");
        assert!(kept <= 4 * MAX_EVENT_BYTES, "{kept} bytes were kept");
        // As many bytes in honest events all pass.
        let mut event = b"data: ".to_vec();
        event.resize(size - 2, b'x');
        event.extend_from_slice(b"\n\n");
        let (fed, scanned, kept) = cost((0..TOTAL / size).map(|_| event.clone()));
        assert_eq!((fed, scanned), (TOTAL, TOTAL));
        assert!(kept <= 4 * size, "{kept} bytes were kept");
    }
}
