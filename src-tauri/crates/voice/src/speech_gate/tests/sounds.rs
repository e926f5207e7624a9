//! Sounds a microphone may hear, spoken and not.

use super::*;

const RATE: usize = SAMPLE_RATE as usize;

/// The text as the plain synthetic voice says it.
pub(crate) fn spoken(text: &str) -> Vec<f32> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("speech.wav");
    testkit::microphone::speak_to_file(text, &path).unwrap();
    crate::wav::read_wav(&path).unwrap()
}

pub(crate) fn white(seconds: f32, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..(seconds * RATE as f32) as usize)
        .map(|_| rng.f32() * 2.0 - 1.0)
        .collect()
}

/// Noise that falls by three decibels an octave (Kellet's filter).
pub(crate) fn pink(seconds: f32, seed: u64) -> Vec<f32> {
    let mut poles = [0.0_f32; 3];
    white(seconds, seed)
        .into_iter()
        .map(|x| {
            poles[0] = 0.997_65 * poles[0] + x * 0.099_046;
            poles[1] = 0.963 * poles[1] + x * 0.296_516_4;
            poles[2] = 0.57 * poles[2] + x * 1.052_691_3;
            (poles.iter().sum::<f32>() + x * 0.1848) * 0.2
        })
        .collect()
}

/// Noise that falls by six decibels an octave.
pub(crate) fn brown(seconds: f32, seed: u64) -> Vec<f32> {
    let mut level = 0.0_f32;
    white(seconds, seed)
        .into_iter()
        .map(|x| {
            level = level * 0.995 + x * 0.06;
            level.clamp(-1.0, 1.0)
        })
        .collect()
}

/// Mains hum with its overtones.
pub(crate) fn hum(seconds: f32, hz: f32) -> Vec<f32> {
    (0..(seconds * RATE as f32) as usize)
        .map(|n| {
            let t = n as f32 / RATE as f32 * std::f32::consts::TAU * hz;
            (t.sin() + (2.0 * t).sin() * 0.5 + (3.0 * t).sin() * 0.3 + (5.0 * t).sin() * 0.1) * 0.5
        })
        .collect()
}

/// One sample clicks.
pub(crate) fn clicks(seconds: f32, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut clip = vec![0.0; (seconds * RATE as f32) as usize];
    for _ in 0..(seconds * 6.0) as usize {
        let at = rng.usize(0..clip.len());
        clip[at] = 0.9;
    }
    clip
}

/// Keys: short bursts of noise with a low thump.
pub(crate) fn keyboard(seconds: f32, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut clip = vec![0.0_f32; (seconds * RATE as f32) as usize];
    let mut at = 800;
    while at + 2_000 < clip.len() {
        let pitch = 90.0 + rng.f32() * 80.0;
        for n in 0..1_600 {
            let fade = (-(n as f32) / 180.0).exp();
            let thump = (n as f32 * pitch * std::f32::consts::TAU / RATE as f32).sin();
            clip[at + n] += ((rng.f32() * 2.0 - 1.0) * 0.7 + thump * 0.3) * fade;
        }
        at += 1_200 + rng.usize(0..3_000);
    }
    clip
}

/// Plucked strings (Karplus and Strong), note after note.
pub(crate) fn plucked(seconds: f32, seed: u64, chord: bool) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut clip = vec![0.0_f32; (seconds * RATE as f32) as usize];
    let notes = [110.0, 130.8, 146.8, 164.8, 196.0, 220.0, 261.6, 329.6];
    let mut at = 0;
    while at < clip.len() {
        for _ in 0..if chord { 3 } else { 1 } {
            let hz = notes[rng.usize(0..notes.len())];
            let mut string: Vec<f32> = (0..(RATE as f32 / hz) as usize)
                .map(|_| rng.f32() * 2.0 - 1.0)
                .collect();
            for (n, sample) in clip[at..].iter_mut().enumerate() {
                let i = n % string.len();
                let next = (i + 1) % string.len();
                *sample += string[i] * 0.4;
                string[i] = (string[i] + string[next]) * 0.498;
            }
        }
        at += RATE / 4 + rng.usize(0..RATE / 3);
    }
    let most = clip.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    clip.iter().map(|x| x / most * 0.8).collect()
}

pub(crate) fn scaled(clip: &[f32], gain: f32) -> Vec<f32> {
    clip.iter().map(|x| x * gain).collect()
}
