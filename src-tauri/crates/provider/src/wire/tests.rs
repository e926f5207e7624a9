#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

//! The corpus: recorded and constructed streams of every wire, each with the
//! events it must give.

pub(super) mod history;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::{Events, Fault, Framing, Ids, dialect, versioned};
use crate::catalog::Wire;
use crate::{lines, sse};

/// Every wire with its folder and the fewest cases it must have.
const CORPUS: &[(Wire, &str, usize)] = &[
    (Wire::Anthropic, "anthropic", 28),
    (Wire::Openai, "openai", 16),
    (Wire::OpenaiChat, "openai_chat", 26),
    (Wire::Gemini, "gemini", 14),
    (Wire::Ollama, "ollama", 10),
];

fn data<'a>(framing: Framing, chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    let mut data = Vec::new();
    match framing {
        Framing::Events => {
            let mut decoder = sse::Decoder::new();
            let mut frames = Vec::new();
            for chunk in chunks {
                decoder.push(chunk, &mut frames).unwrap();
            }
            data.extend(frames.into_iter().map(|frame| frame.data));
        }
        Framing::Lines => {
            let mut decoder = lines::Decoder::default();
            for chunk in chunks {
                decoder.push(chunk, &mut data).unwrap();
            }
            decoder.end(&mut data);
        }
    }
    data
}

/// The events of a stream, one a line, and its failure.
fn decode(wire: Wire, label: &str, data: &[String]) -> String {
    let mut out = Events::new();
    let result = feed(wire, data, &mut out);
    let mut text = out.iter().fold(String::new(), |mut text, event| {
        writeln!(text, "{event:?}").unwrap();
        text
    });
    if let Err(fault) = result {
        let failure = fault.into_failure(label);
        assert!(!failure.error.hint.is_empty());
        writeln!(
            text,
            "{:?} {:?} {:?}",
            failure.error.kind, failure.again, failure.error.message
        )
        .unwrap();
    }
    text
}

fn feed(wire: Wire, data: &[String], out: &mut Events) -> Result<(), Fault> {
    let mut decoder = dialect(wire).decoder(Ids::new(|| 0xabcd, &[]));
    for data in data {
        decoder.frame(data, out)?;
    }
    if decoder.is_finished() {
        Ok(())
    } else {
        decoder.end(out)
    }
}

fn check_wire(wire: Wire, folder: &str, least: usize) -> String {
    let framing = dialect(wire).framing();
    let extension = match framing {
        Framing::Events => "sse",
        Framing::Lines => "ndjson",
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("test_data")
        .join(folder);
    let mut case_count = 0;
    let mut wrong = String::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|found| found != extension) {
            continue;
        }
        case_count += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        let whole = data(framing, [bytes.as_slice()]);
        let label = match wire {
            Wire::Anthropic => "Anthropic",
            _ => "The model",
        };
        let events = decode(wire, label, &whole);
        if events != expected {
            write!(wrong, "=== {folder}/{name}\n{events}").unwrap();
        }
        // Equal frames are equal events: the decoder sees nothing else.
        assert_eq!(data(framing, bytes.chunks(1)), whole, "{name} byte by byte");
        for at in 1..bytes.len() {
            let (first, second) = bytes.split_at(at);
            assert_eq!(
                data(framing, [first, second]),
                whole,
                "{name} split at {at}"
            );
        }
    }
    assert!(case_count >= least, "{folder} has {case_count} cases");
    wrong
}

#[test]
fn recorded_streams_decode_the_same_wherever_they_are_split() {
    let wrong: String = CORPUS
        .iter()
        .map(|&(wire, folder, least)| check_wire(wire, folder, least))
        .collect();
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A good stream cut after any frame is a failure or the whole answer, and
/// whatever call it delivers is one the whole answer has, too.
#[test]
fn a_cut_stream_never_yields_a_call_the_model_did_not_finish() {
    for &(wire, folder, _) in CORPUS {
        let framing = dialect(wire).framing();
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("test_data")
            .join(folder);
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == "txt") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let whole_data = data(framing, [bytes.as_slice()]);
            let events = decode(wire, "X", &whole_data);
            let whole = calls(&events);
            for at in 0..whole_data.len() {
                let cut = decode(wire, "X", &whole_data[..at]);
                assert!(
                    calls(&cut).is_subset(&whole),
                    "{} cut at {at}: {cut}",
                    path.display()
                );
            }
        }
    }
}

fn calls(events: &str) -> BTreeSet<&str> {
    events
        .lines()
        .filter(|line| line.starts_with("BlockDone(ToolCall"))
        .collect()
}

#[test]
fn base_urls_lead_to_each_wire() {
    let check = |wire: Wire, base_url: &str, expected: &str| {
        assert_eq!(dialect(wire).url(base_url, "m"), expected, "{base_url}");
    };
    check(
        Wire::Anthropic,
        "https://api.anthropic.com",
        "https://api.anthropic.com/v1/messages",
    );
    check(
        Wire::Anthropic,
        "https://gateway.example/anthropic/v1",
        "https://gateway.example/anthropic/v1/messages",
    );
    check(
        Wire::Openai,
        "https://api.openai.com/v1",
        "https://api.openai.com/v1/responses",
    );
    check(
        Wire::Openai,
        "http://127.0.0.1:4000",
        "http://127.0.0.1:4000/v1/responses",
    );
    check(
        Wire::OpenaiChat,
        "https://openrouter.ai/api/v1",
        "https://openrouter.ai/api/v1/chat/completions",
    );
    check(
        Wire::OpenaiChat,
        "http://127.0.0.1:1234/v1/chat/completions",
        "http://127.0.0.1:1234/v1/chat/completions",
    );
    let gemini = "https://g.example/v1beta/models/m:streamGenerateContent?alt=sse";
    check(Wire::Gemini, "https://g.example", gemini);
    check(Wire::Gemini, "https://g.example/v1beta", gemini);
    let ollama = "http://127.0.0.1:11434/api/chat";
    check(Wire::Ollama, "http://127.0.0.1:11434", ollama);
    check(Wire::Ollama, "http://127.0.0.1:11434/v1", ollama);
    check(Wire::Ollama, "http://127.0.0.1:11434/api", ollama);
    assert_eq!(versioned("http://h/"), "http://h/");
}

#[test]
fn a_models_name_cannot_become_another_address() {
    let url = dialect(Wire::Gemini).url("https://g.example", "x?key=1#y z");
    assert_eq!(
        url,
        "https://g.example/v1beta/models/x%3Fkey%3D1%23y%20z:streamGenerateContent?alt=sse"
    );
}
