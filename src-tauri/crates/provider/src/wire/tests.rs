#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::VecDeque;
use std::fmt::Write;
use std::path::Path;

use super::Decoder;
use crate::StreamEvent;
use crate::failure::Failure;
use crate::sse::{self, Frame};

fn frames<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Frame> {
    let mut decoder = sse::Decoder::new();
    let mut frames = Vec::new();
    for chunk in chunks {
        decoder.push(chunk, &mut frames).unwrap();
    }
    frames
}

/// The events of a stream, one a line, and its failure.
fn decode(frames: &[Frame]) -> String {
    let mut out = VecDeque::new();
    let result = feed(frames, &mut out);
    let mut text = out.iter().fold(String::new(), |mut text, event| {
        writeln!(text, "{event:?}").unwrap();
        text
    });
    if let Err(failure) = result {
        writeln!(
            text,
            "{:?} {:?} {:?}",
            failure.error.kind, failure.again, failure.error.message
        )
        .unwrap();
    }
    text
}

fn feed(frames: &[Frame], out: &mut VecDeque<StreamEvent>) -> Result<(), Failure> {
    let mut decoder = Decoder::new();
    for frame in frames {
        decoder.frame(&frame.data, out)?;
    }
    if decoder.is_finished() {
        Ok(())
    } else {
        decoder.end(out)
    }
}

#[test]
fn recorded_streams_decode_the_same_wherever_they_are_split() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/anthropic");
    let mut case_count = 0;
    let mut wrong = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "sse") {
            continue;
        }
        case_count += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        let whole = frames([bytes.as_slice()]);
        let events = decode(&whole);
        if events != expected {
            write!(wrong, "=== {name}\n{events}").unwrap();
        }
        // Equal frames are equal events: the decoder sees nothing else.
        assert_eq!(frames(bytes.chunks(1)), whole, "{name} byte by byte");
        for at in 1..bytes.len() {
            let (first, second) = bytes.split_at(at);
            assert_eq!(frames([first, second]), whole, "{name} split at {at}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(case_count >= 28, "the corpus has {case_count} cases");
}
