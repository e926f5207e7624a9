#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;

mod sounds;

pub(crate) use sounds::spoken;
use sounds::{brown, clicks, hum, keyboard, pink, plucked, scaled, white};

const GAINS: [f32; 3] = [1.0, 0.1, 0.01];

#[track_caller]
fn refused(name: &str, clip: &[f32]) {
    for gain in GAINS {
        let verdict = judge(&scaled(clip, gain));
        assert!(verdict.is_err(), "{name} at {gain}: {verdict:?}");
    }
}

#[test]
fn silence_is_no_speech() {
    assert_eq!(judge(&[]), Err(NoSpeech::Dead));
    assert_eq!(judge(&vec![0.0; 48_000]), Err(NoSpeech::Dead));
    assert_eq!(judge(&[0.5; 800]), Err(NoSpeech::TooShort));
    assert!(matches!(
        judge(&scaled(&white(2.0, 1), 0.001)),
        Err(NoSpeech::Quiet { .. })
    ));
}

#[test]
fn noise_of_any_colour_is_no_speech() {
    for seed in 0..3 {
        refused("white", &white(1.5, seed));
        refused("pink", &pink(1.5, seed));
        refused("brown", &brown(1.5, seed));
    }
}

#[test]
fn hum_is_no_speech() {
    for hz in [50.0, 60.0, 100.0, 120.0] {
        refused("hum", &hum(1.5, hz));
    }
}

#[test]
fn clicks_and_keys_are_no_speech() {
    for seed in 0..3 {
        refused("clicks", &clicks(1.5, seed));
        refused("keyboard", &keyboard(1.5, seed));
    }
}

#[test]
fn plucked_strings_are_no_speech() {
    for seed in 0..4 {
        refused("string", &plucked(1.5, seed, false));
        refused("chord", &plucked(1.5, seed, true));
    }
}

#[test]
fn words_are_speech_loud_and_quiet() {
    for text in [
        "yes",
        "no",
        "stop",
        "hello",
        "allow",
        "redo that",
        "confirm thunder",
        "is the agent slow",
    ] {
        for gain in [1.0, 0.1, 0.03] {
            let clip = scaled(&spoken(text), gain);
            assert!(judge(&clip).is_ok(), "{text} at {gain}: {:?}", judge(&clip));
        }
    }
}

#[test]
fn words_in_some_noise_are_speech() {
    for (name, noise) in [
        ("white", white(4.0, 3)),
        ("pink", pink(4.0, 3)),
        ("hum", hum(4.0, 50.0)),
    ] {
        let mut clip = spoken("create a file called hello dot text");
        for (sample, noise) in clip.iter_mut().zip(noise) {
            *sample += noise * 0.01;
        }
        assert!(judge(&clip).is_ok(), "{name}: {:?}", judge(&clip));
    }
}

#[test]
fn the_silence_around_the_words_is_cut_away() {
    let words = spoken("make a plan");
    let mut clip = vec![1e-4; 32_000];
    clip.extend(&words);
    clip.extend(vec![1e-4; 32_000]);
    let range = judge(&clip).unwrap().range();
    assert!(range.start > 20_000 && range.start <= 32_000, "{range:?}");
    assert!(range.end >= 32_000 + words.len() - 4_000, "{range:?}");
    assert!(range.end < clip.len() - 16_000, "{range:?}");
}
