#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;

fn tone(rate: u32, hz: f32, seconds: f32) -> Vec<f32> {
    (0..(rate as f32 * seconds) as usize)
        .map(|n| (n as f32 * hz * std::f32::consts::TAU / rate as f32).sin() * 0.5)
        .collect()
}

#[test]
fn a_tone_keeps_its_length_and_loudness_at_any_rate() {
    for rate in [
        8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000,
    ] {
        let out = resample(tone(rate, 440.0, 1.0), rate, 16_000).unwrap();
        assert!(out.len().abs_diff(16_000) <= 2, "{rate}: {}", out.len());
        let middle = &out[4_000..12_000];
        let rms = (middle.iter().map(|x| x * x).sum::<f32>() / 8_000.0).sqrt();
        assert!((rms - 0.3535).abs() < 0.01, "{rate}: {rms}");
    }
}

#[test]
fn nothing_above_eight_kilohertz_folds_down() {
    let out = resample(tone(48_000, 12_000.0, 1.0), 48_000, 16_000).unwrap();
    let middle = &out[4_000..12_000];
    let rms = (middle.iter().map(|x| x * x).sum::<f32>() / 8_000.0).sqrt();
    assert!(rms < 0.002, "{rms}");
}

#[test]
fn channels_are_averaged() {
    assert_eq!(mono(&[1.0, 0.0, 0.5, 0.5, 1.0], 2), [0.5, 0.5]);
    assert_eq!(mono(&[0.25, 0.5], 1), [0.25, 0.5]);
}

#[test]
fn empty_stays_empty() {
    assert!(resample(Vec::new(), 48_000, 16_000).unwrap().is_empty());
}
