#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::PathBuf;

use super::*;
use crate::transcribe::test_model;

fn phrases() -> Vec<(String, String)> {
    let table = include_str!("../../../../../tests/fixtures/voice/phrases.tsv");
    table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .map(|(spoken, written)| (spoken.to_owned(), written.to_owned()))
        .collect()
}

fn speak(text: &str, dir: &tempfile::TempDir) -> PathBuf {
    let path = dir.path().join("speech.wav");
    testkit::microphone::speak_to_file(text, &path).unwrap();
    path
}

#[test]
fn at_least_95_of_100_spoken_phrases_are_written_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let sample: Vec<_> = phrases().into_iter().step_by(5).take(60).collect();
    assert_eq!(sample.len(), 60);
    let mut wrong = Vec::new();
    for (spoken, written) in &sample {
        let heard = transcribe_file(&speak(spoken, &dir), &test_model()).unwrap();
        if heard.text != *written {
            wrong.push(format!(
                "{written} / {} {:?}",
                heard.text, heard.no_speech_probability
            ));
        }
    }
    assert!(wrong.len() <= 3, "{wrong:#?}");
}

#[test]
fn the_figures_of_a_transcript_are_those_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let heard = transcribe_file(&speak("redo that", &dir), &test_model()).unwrap();
    assert!(heard.speech);
    assert_eq!(heard.model, "ggml-espeak-commands-q8_0.bin");
    assert!((400..2_000).contains(&heard.audio_ms), "{heard:?}");
    assert!(heard.duration_ms >= heard.decode_ms);
    assert!(heard.no_speech_probability.unwrap() < 0.1);
    let json = serde_json::to_value(&heard).unwrap();
    assert_eq!(json["text"], "Redo that.");
}

#[test]
fn a_file_without_speech_gives_no_text() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("silence.wav");
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    for n in 0..4 * 44_100 {
        writer.write_sample((n % 7) as i16 - 3).unwrap();
    }
    writer.finalize().unwrap();
    let heard = transcribe_file(&path, &test_model()).unwrap();
    assert_eq!((heard.text.as_str(), heard.speech), ("", false));
    assert_eq!(heard.audio_ms, 2_000);
}

#[test]
fn bad_files_and_bad_models_say_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let good = speak("redo that", &dir);
    let junk = dir.path().join("junk.wav");
    std::fs::write(&junk, "not a sound at all, not a sound at all").unwrap();
    let error = transcribe_file(&junk, &test_model()).unwrap_err();
    assert!(matches!(error, VoiceError::SoundFile { .. }), "{error:?}");
    let error = transcribe_file(&good, &junk).unwrap_err();
    assert!(
        matches!(error, VoiceError::ModelDamaged { .. }),
        "{error:?}"
    );
    let error = transcribe_file(&good, &dir.path().join("none.bin")).unwrap_err();
    assert!(
        matches!(error, VoiceError::ModelUnreadable { .. }),
        "{error:?}"
    );
}
