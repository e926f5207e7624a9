#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;
use crate::transcribe::test_model;

fn refusal(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("model.bin");
    std::fs::write(&path, bytes).unwrap();
    inspect(&path).unwrap_err().to_string()
}

#[test]
fn the_test_model_is_whole() {
    let header = inspect(&test_model()).unwrap();
    assert_eq!(header.vocabulary, 51_864);
    assert_eq!(header.audio_ctx, 1_500);
    assert_eq!((header.audio_layers, header.text_layers), (4, 2));
    assert!(!header.is_multilingual());
}

#[test]
fn a_cut_model_is_refused_wherever_it_is_cut() {
    let whole = std::fs::read(test_model()).unwrap();
    for length in [
        0,
        3,
        4,
        40,
        48,
        100,
        60_000,
        whole.len() / 2,
        whole.len() - 40_000,
        whole.len() - 1,
    ] {
        let refusal = refusal(&whole[..length]);
        assert!(refusal.contains("is damaged"), "{length}: {refusal}");
    }
    let mut longer = whole;
    longer.extend([0; 64]);
    assert!(refusal(&longer).contains("is damaged"));
}

#[test]
fn foreign_files_are_refused_by_their_first_bytes() {
    assert!(refusal(&[b'x'; 4_096]).contains("no whisper model"));
    let html = "<html>404 Not Found</html>".repeat(40);
    assert!(refusal(html.as_bytes()).contains("no whisper model"));
}

#[test]
fn random_damage_never_panics() {
    let whole = std::fs::read(test_model()).unwrap();
    let head = &whole[..2_000_000];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("model.bin");
    let mut rng = fastrand::Rng::with_seed(5);
    for _ in 0..60 {
        let mut bytes = head.to_vec();
        for _ in 0..8 {
            let end = if rng.bool() { 60 } else { bytes.len() };
            let at = rng.usize(4..end);
            bytes[at] = rng.u8(..);
        }
        std::fs::write(&path, &bytes).unwrap();
        assert!(inspect(&path).is_err());
    }
}

#[test]
fn a_missing_file_says_so() {
    let error = inspect(Path::new("/nowhere/ggml-base.en.bin")).unwrap_err();
    assert!(error.to_string().contains("no such file"));
    assert_eq!(error.kind(), protocol::ErrorKind::SpeechModel);
    let folder = inspect(&std::env::temp_dir()).unwrap_err();
    assert!(folder.to_string().contains("no file"));
}
