#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use hound::{WavSpec, WavWriter};

use super::*;

fn spec(bits: u16, format: SampleFormat, channels: u16, rate: u32) -> WavSpec {
    WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: bits,
        sample_format: format,
    }
}

/// One second of a half-scale 300 Hz tone in the given kind of file.
fn write_tone(path: &Path, spec: WavSpec) {
    let mut writer = WavWriter::create(path, spec).unwrap();
    for n in 0..spec.sample_rate {
        let x = (n as f32 * 300.0 * std::f32::consts::TAU / spec.sample_rate as f32).sin() * 0.5;
        for _ in 0..spec.channels {
            match spec.sample_format {
                SampleFormat::Float => writer.write_sample(x).unwrap(),
                SampleFormat::Int => {
                    let full = (1_i64 << (spec.bits_per_sample - 1)) as f32 - 1.0;
                    writer.write_sample((x * full) as i32).unwrap();
                }
            }
        }
    }
    writer.finalize().unwrap();
}

#[test]
fn every_common_kind_reads_to_the_same_tone() {
    let dir = tempfile::tempdir().unwrap();
    for (bits, format) in [
        (8, SampleFormat::Int),
        (16, SampleFormat::Int),
        (24, SampleFormat::Int),
        (32, SampleFormat::Int),
        (32, SampleFormat::Float),
    ] {
        for channels in [1, 2, 6] {
            for rate in [8_000, 22_050, 44_100, 48_000] {
                let path = dir.path().join("tone.wav");
                write_tone(&path, spec(bits, format, channels, rate));
                let samples = read_wav(&path).unwrap();
                let rms =
                    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32).sqrt();
                let name = format!("{bits} {format:?} {channels} {rate}");
                assert!(
                    samples.len().abs_diff(16_000) <= 2,
                    "{name}: {}",
                    samples.len()
                );
                assert!((rms - 0.3535).abs() < 0.01, "{name}: {rms}");
            }
        }
    }
}

fn refusal(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.wav");
    std::fs::write(&path, bytes).unwrap();
    read_wav(&path).unwrap_err().to_string()
}

#[test]
fn bad_files_are_refused_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole.wav");
    write_tone(&whole, spec(16, SampleFormat::Int, 1, 16_000));
    let whole = std::fs::read(whole).unwrap();
    assert!(refusal(b"").contains("cut short"), "{}", refusal(b""));
    assert!(refusal(b"ID3 this is an mp3 in truth, and long enough").contains("no WAV file"));
    assert!(refusal(&whole[..whole.len() / 2]).contains("cut short"));
    assert!(refusal(&whole[..44]).contains("cut short"));
    let missing = read_wav(&dir.path().join("missing.wav")).unwrap_err();
    assert!(missing.to_string().contains("no such file"));
    assert!(missing.info().hints[0].contains("WAV"));
}

#[test]
fn a_streamed_file_ends_where_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("streamed.wav");
    write_tone(&path, spec(16, SampleFormat::Int, 1, 16_000));
    let mut bytes = std::fs::read(&path).unwrap();
    let data = bytes.windows(4).position(|w| w == b"data").unwrap();
    bytes[data + 4..data + 8].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(read_wav(&path).unwrap().len(), 16_000);
}

#[test]
fn an_empty_recording_is_no_sound() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("empty.wav");
    WavWriter::create(&path, spec(16, SampleFormat::Int, 1, 16_000))
        .unwrap()
        .finalize()
        .unwrap();
    assert!(
        read_wav(&path)
            .unwrap_err()
            .to_string()
            .contains("no sound")
    );
}
