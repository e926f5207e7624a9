#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::mpsc;

use super::*;
use crate::speech_gate::tests::spoken;

fn model() -> SpeechModel {
    SpeechModel {
        path: test_model(),
        ..SpeechModel::default()
    }
}

fn ask(transcriber: &Transcriber, model: SpeechModel, clip: &[f32]) -> Result<Heard, VoiceError> {
    let (tx, rx) = mpsc::channel();
    transcriber
        .hear(model, clip.into(), move |heard| tx.send(heard).unwrap())
        .unwrap();
    rx.recv_timeout(Duration::from_secs(120)).unwrap()
}

#[test]
fn a_spoken_phrase_becomes_its_text() {
    let transcriber = Transcriber::start().unwrap();
    transcriber.warm(model());
    let clip = spoken("create a file called hello dot text");
    let heard = ask(&transcriber, model(), &clip).unwrap();
    assert_eq!(heard.text, "Create a file called hello.txt.");
    assert!(heard.no_speech_probability.unwrap() < 0.01);
    let again = ask(&transcriber, model(), &spoken("redo that")).unwrap();
    assert_eq!(again.text, "Redo that.");
}

#[test]
fn a_missing_or_broken_model_is_an_error_and_the_thread_lives_on() {
    let dir = tempfile::tempdir().unwrap();
    let broken = dir.path().join("broken.bin");
    let whole = std::fs::read(test_model()).unwrap();
    std::fs::write(&broken, &whole[..whole.len() / 3]).unwrap();
    let transcriber = Transcriber::start().unwrap();
    let clip = spoken("redo that");
    for (path, wanted) in [
        (PathBuf::new(), "No speech model"),
        (dir.path().join("none.bin"), "no such file"),
        (broken, "is damaged"),
    ] {
        let error = ask(&transcriber, SpeechModel { path, ..model() }, &clip).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
        assert_eq!(error.kind(), protocol::ErrorKind::SpeechModel);
        assert!(!error.info().hints[0].is_empty());
    }
    assert_eq!(
        ask(&transcriber, model(), &clip).unwrap().text,
        "Redo that."
    );
}

#[test]
fn an_aborted_clip_ends_as_cancelled() {
    let mut engine = Engine::load(&test_model()).unwrap();
    let abort = AtomicBool::new(true);
    let heard = hear(&mut engine, &model(), &spoken("redo that"), &abort);
    assert_eq!(heard, Err(VoiceError::Cancelled));
    abort.store(false, Ordering::Relaxed);
    let heard = hear(&mut engine, &model(), &spoken("redo that"), &abort).unwrap();
    assert_eq!(heard.text, "Redo that.");
}

#[test]
fn the_model_itself_knows_silence_from_speech() {
    let mut engine = Engine::load(&test_model()).unwrap();
    let abort = AtomicBool::new(false);
    let silence = vec![0.0; 2 * SAMPLE_RATE as usize];
    let nobody = engine.decode(&model(), &silence, &abort).unwrap();
    assert!(nobody.no_speech > 0.9, "{nobody:?}");
    let speech = engine
        .decode(&model(), &spoken("redo that"), &abort)
        .unwrap();
    assert!(speech.no_speech < 0.01, "{speech:?}");
}

#[test]
fn a_vocabulary_helps_and_never_leaks() {
    let mut engine = Engine::load(&test_model()).unwrap();
    let abort = AtomicBool::new(false);
    let model = SpeechModel {
        vocabulary: "the parser, \0 the loader, main.rs".to_owned(),
        ..model()
    };
    let heard = hear(&mut engine, &model, &spoken("show the context"), &abort).unwrap();
    assert_eq!(heard.text, "Show the context.");
    let silence = engine.decode(&model, &[0.0; 32_000], &abort).unwrap();
    assert!(
        !text_guard::echoes(&silence.text, &model.vocabulary),
        "{silence:?}"
    );
}

#[test]
fn an_unknown_language_does_not_matter_to_an_english_model() {
    let mut engine = Engine::load(&test_model()).unwrap();
    let model = SpeechModel {
        language: Some("xx".to_owned()),
        ..model()
    };
    let heard = hear(
        &mut engine,
        &model,
        &spoken("redo that"),
        &AtomicBool::new(false),
    )
    .unwrap();
    assert_eq!(heard.text, "Redo that.");
}

#[test]
fn a_long_recording_is_heard_to_its_end() {
    let mut engine = Engine::load(&test_model()).unwrap();
    let phrase = spoken("show the context");
    let rate = SAMPLE_RATE as usize;
    let mut clip = vec![0.0; 45 * rate];
    for at in [2, 38] {
        clip[at * rate..at * rate + phrase.len()].copy_from_slice(&phrase);
    }
    let heard = hear(&mut engine, &model(), &clip, &AtomicBool::new(false)).unwrap();
    assert_eq!(heard.text, "Show the context. Show the context.");
}
