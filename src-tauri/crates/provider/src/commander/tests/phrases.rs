//! Every phrase the speech model is trained on, with its intent, as a table
//! in `test_data/commander/phrases.tsv`.

use std::path::Path;

use crate::commander::intent::{Intent, parse};
use crate::commander::utterance::Voice;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rows(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
        .collect()
}

fn spoken(text: &str) -> String {
    format!("{:?}", parse(text, Voice::Spoken))
}

#[test]
fn every_phrase_has_the_intent_of_the_table() {
    let table = rows(&root().join("test_data/commander/phrases.tsv"));
    assert!(table.len() >= 300, "{} rows", table.len());
    let wrong: Vec<String> = table
        .iter()
        .filter(|(phrase, intent)| spoken(phrase) != *intent)
        .map(|(phrase, intent)| {
            format!("{phrase}\n  table:  {intent}\n  parsed: {}", spoken(phrase))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_holds_every_phrase_of_the_speech_model() {
    let table = rows(&root().join("test_data/commander/phrases.tsv"));
    let phrases = rows(&root().join("../../../tests/fixtures/voice/phrases.tsv"));
    let missing: Vec<&String> = phrases
        .iter()
        .skip(1)
        .map(|(_, written)| written)
        .filter(|written| table.iter().all(|(phrase, _)| phrase != *written))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn words_as_spoken_mean_the_same_as_written() {
    for (raw, written) in rows(&root().join("../../../tests/fixtures/voice/phrases.tsv"))
        .iter()
        .skip(1)
    {
        let numbers = written.chars().any(|c| c.is_ascii_digit());
        if !numbers {
            assert_eq!(spoken(raw), spoken(written), "{raw}");
        }
    }
}

#[test]
fn nothing_said_by_a_person_breaks_the_parser() {
    let odd = [
        "",
        " ",
        ".",
        "...",
        "?",
        "\"",
        "'",
        "“",
        "``",
        "$",
        "!",
        "\u{0}",
        "please",
        "can you",
        "okay okay okay",
        "run",
        "open",
        "create a file called",
        "replace with in",
        "search for",
        "write \"\" to",
        "é",
        "🦀",
        "open 🦀.rs",
        "the the the",
        "{file}",
        "a|b?",
        "{x+}",
    ];
    for text in odd {
        for voice in [Voice::Typed, Voice::Spoken] {
            let intent = parse(text, voice);
            assert!(
                !matches!(intent, Intent::Delete { .. }),
                "{text:?}: {intent:?}"
            );
        }
    }
    for wall in [
        "search for a in b ",
        "replace with in ",
        "create a file called with content ",
    ] {
        let intent = parse(&wall.repeat(2_000), Voice::Typed);
        assert!(!matches!(intent, Intent::Delete { .. }), "{intent:?}");
    }
}
