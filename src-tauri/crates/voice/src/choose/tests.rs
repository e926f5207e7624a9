#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use super::find_model;
use crate::VoiceError;

fn small_model() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../tests/fixtures/voice/ggml-espeak-commands-q8_0.bin")
}

#[test]
fn without_a_wish_the_installed_model_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(find_model("", folder.path()), Err(VoiceError::NoModel));
    let installed = crate::install::install_file(&small_model(), folder.path()).unwrap();
    assert_eq!(find_model(" ", folder.path()), Ok(installed));
}

#[test]
fn a_path_is_taken_as_it_is_and_a_name_is_looked_for_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = small_model();
    assert_eq!(
        find_model(&path.display().to_string(), folder.path()),
        Ok(path)
    );
    let missing = find_model("base.en-q5_1", folder.path()).unwrap_err();
    let VoiceError::ModelUnreadable { path, .. } = missing else {
        unreachable!("{missing}")
    };
    assert!(path.starts_with(folder.path()));
}
