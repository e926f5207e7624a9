//! When movements happen: where a curve stands at a frame, when the next one
//! starts, when the eyes blink. Only time, no parts.

use crate::choreography::{Choreography, Curve, Eyes, Repeat};

/// How long a blink lasts.
pub(crate) const BLINK_FRAMES: u64 = 2;

/// When a curve next changes the picture; none when it has come to rest.
pub(super) fn next_of_curve(curve: &Curve, seed: u64, frame: u64) -> Option<u64> {
    let Some(lasts) = curve.lasts_frames() else {
        return Some(frame + 1);
    };
    match curve.repeat {
        Repeat::Once => (frame < lasts).then_some(frame + 1),
        _ => Some(next_change(frame, lasts, |slot| {
            curve_start(curve, seed, slot)
        })),
    }
}

/// When the next blink starts or the present one ends.
pub(super) fn next_blink(choreography: &Choreography, seed: u64, frame: u64) -> Option<u64> {
    let every = choreography.blink_every_frames?;
    let salt = blink_salt(seed);
    Some(next_change(frame, BLINK_FRAMES, |slot| {
        slot_start(salt, slot, every, BLINK_FRAMES)
    }))
}

/// The next frame in which something that lasts `lasts` frames differs,
/// where `start_of` gives its start in a stretch counted from zero.
fn next_change(frame: u64, lasts: u64, start_of: impl Fn(u64) -> (u64, u64)) -> u64 {
    let (start, every) = start_of(0);
    let slot = frame / every.max(1);
    let start = if slot == 0 { start } else { start_of(slot).0 };
    if frame < start {
        start
    } else if frame < start + lasts {
        frame + 1
    } else {
        start_of(slot + 1).0
    }
}

/// Curves of one rhythm start together, so that a breath moves body and head
/// at once.
fn curve_start(curve: &Curve, seed: u64, slot: u64) -> (u64, u64) {
    let every = curve.every_frames;
    match (curve.repeat, curve.lasts_frames()) {
        (Repeat::Random, Some(lasts)) => {
            slot_start(mix(seed ^ every ^ (lasts << 32)), slot, every, lasts)
        }
        _ => (slot * every, every),
    }
}

/// Start of the event of a stretch, and the stretch's length.
fn slot_start(salt: u64, slot: u64, every: u64, lasts: u64) -> (u64, u64) {
    let room = every.saturating_sub(lasts).max(1);
    (slot * every + mix(salt.wrapping_add(slot)) % room, every)
}

fn blink_salt(seed: u64) -> u64 {
    mix(seed ^ 0xB11_4B11)
}

/// SplitMix64: spreads a seed well enough for blinking.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Where a curve is at a frame, in units of its amplitude; none at rest.
pub(super) fn curve_at(curve: &Curve, seed: u64, frame: u64) -> Option<f32> {
    let inside = match curve.lasts_frames() {
        None => frame,
        Some(lasts) => {
            let start = match curve.repeat {
                Repeat::Once | Repeat::Always => 0,
                _ => curve_start(curve, seed, frame / curve.every_frames).0,
            };
            frame.checked_sub(start).filter(|inside| *inside < lasts)?
        }
    };
    let turns = (inside % curve.period_frames) as f32 / curve.period_frames as f32;
    let phase = if curve.repeat == Repeat::Always {
        curve.phase
    } else {
        0.0
    };
    Some(curve.wave.at((turns + phase).fract()))
}

/// Whether the eyes are shut by a blink.
pub(super) fn blinks(choreography: &Choreography, seed: u64, frame: u64) -> bool {
    let Some(every) = choreography.blink_every_frames else {
        return false;
    };
    if !matches!(choreography.eyes, Eyes::Open | Eyes::Focus) {
        return false;
    }
    let (start, _) = slot_start(blink_salt(seed), frame / every, every, BLINK_FRAMES);
    (start..start + BLINK_FRAMES).contains(&frame)
}
