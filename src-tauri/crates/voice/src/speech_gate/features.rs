//! What the speech gate measures in every hundredth of a second: loudness
//! and the voice probability of a small recurrent network (RNNoise). How the
//! pitch moves is measured in `pitch`.

use nnnoiseless::DenoiseState;

use crate::SAMPLE_RATE;
use crate::resample::resample;

/// Length of a frame.
pub(super) const FRAME_MS: u64 = 10;

const DETECTOR_RATE: u32 = 48_000;
const FRAME_SAMPLES: usize = SAMPLE_RATE as usize / 100;

/// The detector was trained on speech of ordinary loudness; quieter clips
/// are lifted to it, by this much at most.
const USUAL_LEVEL: f32 = 0.25;
const MOST_GAIN: f32 = 30.0;

/// A clip in frames.
pub(super) struct Frames {
    rms: Vec<f32>,
    voice: Vec<f32>,
}

impl Frames {
    pub(super) fn of(clip: &[f32]) -> Self {
        let rms: Vec<f32> = clip.chunks_exact(FRAME_SAMPLES).map(rms).collect();
        let loudest = rms.iter().copied().fold(0.0, f32::max);
        let gain = (USUAL_LEVEL / loudest.max(f32::MIN_POSITIVE)).clamp(1.0, MOST_GAIN);
        let voice = voice_probabilities(clip, gain, rms.len());
        Self { rms, voice }
    }

    pub(super) fn len(&self) -> usize {
        self.rms.len()
    }

    pub(super) fn loudest_db(&self) -> f32 {
        let loudest = self.rms.iter().copied().fold(0.0, f32::max);
        20.0 * loudest.max(1e-9).log10()
    }

    /// Frames in which a voice is at least this likely.
    pub(super) fn voiced(&self, probability: f32) -> Vec<usize> {
        (0..self.voice.len())
            .filter(|frame| self.voice[*frame] >= probability)
            .collect()
    }
}

fn rms(frame: &[f32]) -> f32 {
    (frame.iter().map(|x| x * x).sum::<f32>() / frame.len() as f32).sqrt()
}

/// The detector's probability for every frame of the clip.
fn voice_probabilities(clip: &[f32], gain: f32, frames: usize) -> Vec<f32> {
    let Ok(wide) = resample(clip.to_vec(), SAMPLE_RATE, DETECTOR_RATE) else {
        return Vec::new();
    };
    // The detector counts in 16-bit samples.
    let scale = gain * f32::from(i16::MAX);
    let mut detector = DenoiseState::new();
    let mut input = [0.0; DenoiseState::FRAME_SIZE];
    let mut output = [0.0; DenoiseState::FRAME_SIZE];
    let mut voice = Vec::with_capacity(frames);
    for frame in wide.chunks_exact(DenoiseState::FRAME_SIZE).take(frames) {
        for (scaled, sample) in input.iter_mut().zip(frame) {
            *scaled = (sample * scale).clamp(-32_768.0, 32_767.0);
        }
        voice.push(detector.process_frame(&mut output, &input));
    }
    voice
}
