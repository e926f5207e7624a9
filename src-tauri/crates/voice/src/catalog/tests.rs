#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::HashSet;

use super::*;

#[test]
fn the_shipped_table_is_sound() {
    let models = parse(TABLE).unwrap();
    assert_eq!(models.len(), 7);
    let names: HashSet<_> = models.iter().map(|model| &model.name).collect();
    assert_eq!(names.len(), models.len());
    for model in &models {
        let name = &model.name;
        let revision = "5359861c739e955e79d9a303bcbc70fb988958b1";
        assert_eq!(
            model.url,
            format!(
                "https://huggingface.co/ggerganov/whisper.cpp/resolve/{revision}/ggml-{name}.bin"
            )
        );
        assert_eq!(model.sha256.len(), 64, "{name}");
        assert!(
            model
                .sha256
                .chars()
                .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
        );
        assert!((30_000_000..600_000_000).contains(&model.bytes), "{name}");
        assert_eq!(model.licence, "MIT");
        assert_eq!(model.language == "en", name.contains(".en"), "{name}");
        assert!(!model.note.is_empty());
    }
    assert_eq!(models.iter().filter(|model| model.recommended).count(), 1);
}

#[test]
fn models_are_found_by_name() {
    assert_eq!(
        find("base.en-q5_1").unwrap().file_name(),
        "ggml-base.en-q5_1.bin"
    );
    assert_eq!(find("huge"), None);
}

#[test]
fn an_unknown_key_is_refused() {
    assert!(parse("[[model]]\nname = \"x\"\ncolour = \"red\"").is_err());
}
