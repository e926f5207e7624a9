//! How the pitch moves. A speaking voice glides all the time; strings, pipes,
//! bells and hum hold their pitch and jump to the next, and noise has none.
//! Measured on human recordings, synthetic voices, plucked strings, chords
//! and an orchestra: of the moments with a pitch, human speech moves in seven
//! of ten or more and the shortest synthetic words in four, music in two.

use std::f32::consts::LOG2_E;

use super::features::FRAME_MS;
use crate::SAMPLE_RATE;

/// A voice is between these; the lags in samples.
const SHORTEST_LAG: usize = SAMPLE_RATE as usize / 400;
const LONGEST_LAG: usize = SAMPLE_RATE as usize / 60;

/// Sound compared with itself to find the pitch: 25 milliseconds. Longer
/// windows blur the fast falls of short words.
const WINDOW: usize = SAMPLE_RATE as usize / 40;

/// Less likeness than this is no pitch.
const LEAST_LIKENESS: f32 = 0.55;

/// Of several likely lags the shortest counts that is nearly the best.
const NEARLY: f32 = 0.9;

/// The pitch is compared over so many frames.
const APART: usize = 3;

/// Smaller steps hold the pitch, greater ones jump.
const STILL_CENTS: f32 = 6.0;
const JUMP_CENTS: f32 = 200.0;

/// Moments looked at in a clip at most; they are spread over all of it.
const MOST_MOMENTS: usize = 160;

/// What makes it speech: so many moving moments, and such a share of all.
const LEAST_MOVING: usize = 4;
const LEAST_SHARE: f32 = 0.36;

/// How the pitch moved in the moments that have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Movement {
    pub moving: usize,
    pub other: usize,
}

impl Movement {
    pub(super) fn is_speech(self) -> bool {
        let all = self.moving + self.other;
        self.moving >= LEAST_MOVING && self.moving as f32 >= LEAST_SHARE * all as f32
    }
}

/// Follows the pitch through the frames that may hold a voice.
pub(super) fn movement(clip: &[f32], voiced: &[usize]) -> Movement {
    let pairs: Vec<usize> = voiced
        .iter()
        .copied()
        .filter(|frame| voiced.binary_search(&(frame + APART)).is_ok())
        .collect();
    let step = pairs.len().div_ceil(MOST_MOMENTS).max(1);
    let mut movement = Movement::default();
    for frame in pairs.into_iter().step_by(step) {
        let Some((before, after)) = pitch(clip, frame).zip(pitch(clip, frame + APART)) else {
            continue;
        };
        let cents = 1_200.0 * (after / before).ln().abs() * LOG2_E;
        if (STILL_CENTS..JUMP_CENTS).contains(&cents) {
            movement.moving += 1;
        } else {
            movement.other += 1;
        }
    }
    movement
}

/// The pitch in a frame, in hertz.
fn pitch(clip: &[f32], frame: usize) -> Option<f32> {
    let start = frame * FRAME_MS as usize * SAMPLE_RATE as usize / 1_000;
    let here = clip.get(start..start + WINDOW)?;
    let reach = clip.get(start..start + WINDOW + LONGEST_LAG + 1)?;
    let energy = energy(here);
    let mut lagged = self::energy(&reach[SHORTEST_LAG..SHORTEST_LAG + WINDOW]);
    let mut likeness = Vec::with_capacity(LONGEST_LAG - SHORTEST_LAG);
    for lag in SHORTEST_LAG..LONGEST_LAG {
        let product: f32 = here.iter().zip(&reach[lag..]).map(|(a, b)| a * b).sum();
        likeness.push(product / (energy * lagged).sqrt().max(1e-9));
        lagged += reach[lag + WINDOW].powi(2) - reach[lag].powi(2);
        lagged = lagged.max(0.0);
    }
    let best = likeness.iter().copied().fold(0.0, f32::max);
    if best < LEAST_LIKENESS {
        return None;
    }
    let mut peak = likeness.iter().position(|value| *value > best * NEARLY)?;
    while likeness
        .get(peak + 1)
        .is_some_and(|next| *next > likeness[peak])
    {
        peak += 1;
    }
    let lag = (SHORTEST_LAG + peak) as f32 + between(&likeness, peak);
    Some(SAMPLE_RATE as f32 / lag)
}

/// Where the true peak lies between the samples of the curve.
fn between(curve: &[f32], peak: usize) -> f32 {
    let neighbours = peak
        .checked_sub(1)
        .and_then(|before| curve.get(before))
        .zip(curve.get(peak + 1));
    let Some((before, after)) = neighbours else {
        return 0.0;
    };
    let bend = before - 2.0 * curve[peak] + after;
    if bend.abs() < 1e-9 {
        return 0.0;
    }
    (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
}

fn energy(samples: &[f32]) -> f32 {
    samples.iter().map(|x| x * x).sum()
}
