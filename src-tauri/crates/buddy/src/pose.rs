//! From a moment to a pose: a pure function of look, time and seed, so that
//! a frame can be tested and a contact sheet drawn without a window.
//!
//! A pose says what shows and how far each part is displaced; turning that
//! into a drawing is the rig's work.

use std::collections::BTreeMap;

use crate::{
    choreography::{Choreographies, Eyes, Mouth, PartName},
    mood::{Look, MoodMachine},
};

mod rhythm;
mod sketch;

pub(crate) use rhythm::BLINK_FRAMES;
use sketch::sketch;

/// One frame while something moves: twelve a second.
pub const FRAME_MS: u64 = 84;
/// How long one look takes to become another.
pub const BLEND_MS: u64 = 150;

/// Whether the user wants things to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Motion {
    #[default]
    Full,
    /// The first still frame of each look, no blends.
    Reduced,
}

/// Where the eyes rest, in thirds of the way: -1, 0 or 1 per axis, right and
/// down positive. Coarse, so that its pictures can be cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Gaze {
    x: i8,
    y: i8,
}

impl Gaze {
    /// Toward a point `dx`, `dy` away from the face, in multiples of the
    /// pet's size; within a third of its size it looks straight ahead.
    #[must_use]
    pub fn toward(dx: f32, dy: f32) -> Self {
        let step = |way: f32| i8::from(way > 0.34) - i8::from(way < -0.34);
        Self {
            x: step(dx),
            y: step(dy),
        }
    }
}

/// Everything a pose depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub look: Look,
    /// When the look began.
    pub since_ms: u64,
    /// The look before it and when that began.
    pub previous: Option<(Look, u64)>,
    pub now_ms: u64,
    /// Makes two companions blink at different times.
    pub seed: u64,
    pub gaze: Gaze,
    pub motion: Motion,
}

impl Moment {
    /// How the machine's look is seen at `now_ms`.
    #[must_use]
    pub fn of(machine: &MoodMachine, now_ms: u64, seed: u64) -> Self {
        let (since_ms, previous) = machine.since();
        Self {
            since_ms,
            previous,
            seed,
            ..Self::still(machine.look(), now_ms)
        }
    }

    /// A look that began at zero, seen at `now_ms`.
    #[must_use]
    pub fn still(look: Look, now_ms: u64) -> Self {
        Self {
            look,
            since_ms: 0,
            previous: None,
            now_ms,
            seed: 0,
            gaze: Gaze::default(),
            motion: Motion::Full,
        }
    }

    fn elapsed_ms(&self) -> u64 {
        self.now_ms.saturating_sub(self.since_ms)
    }

    fn frame(&self) -> u64 {
        self.elapsed_ms() / FRAME_MS
    }

    fn blends(&self) -> bool {
        self.previous.is_some() && self.elapsed_ms() < BLEND_MS
    }
}

/// How far one part is displaced, in the steps that a picture can show:
/// quarters of a unit, half degrees, 1/256 of a scale, sixteenths of opacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Shift {
    dx: i16,
    dy: i16,
    rotate: i16,
    scale_x: i16,
    scale_y: i16,
    fade: i16,
}

impl Shift {
    pub(crate) fn dx(self) -> f32 {
        f32::from(self.dx) / 4.0
    }
    pub(crate) fn dy(self) -> f32 {
        f32::from(self.dy) / 4.0
    }
    pub(crate) fn degrees(self) -> f32 {
        f32::from(self.rotate) / 2.0
    }
    pub(crate) fn scale_x(self) -> f32 {
        1.0 + f32::from(self.scale_x) / 256.0
    }
    pub(crate) fn scale_y(self) -> f32 {
        1.0 + f32::from(self.scale_y) / 256.0
    }
    pub(crate) fn opacity(self) -> f32 {
        (1.0 - f32::from(self.fade) / 16.0).clamp(0.0, 1.0)
    }
}

/// What shows and where; equal poses are equal pictures.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pose {
    pub eyes: Eyes,
    pub mouth: Mouth,
    shifts: BTreeMap<PartName, Shift>,
    props: BTreeMap<PartName, u8>,
}

impl Pose {
    pub(crate) fn shift(&self, part: &str) -> Option<Shift> {
        self.shifts.get(part).copied()
    }

    /// How much of a prop shows, from 0 to 1.
    #[must_use]
    pub fn prop(&self, name: &str) -> f32 {
        self.props
            .get(name)
            .map_or(0.0, |sixteenths| f32::from(*sixteenths) / 16.0)
    }
}

/// The pose of a moment.
#[must_use]
pub fn pose(choreographies: &Choreographies, moment: &Moment) -> Pose {
    let choreography = choreographies.of(moment.look);
    if moment.motion == Motion::Reduced {
        return sketch(choreography, moment, None).settle();
    }
    let target = sketch(choreography, moment, Some(moment.frame()));
    let Some((look, since_ms)) = moment.previous.filter(|_| moment.blends()) else {
        return target.settle();
    };
    let before = Moment {
        look,
        since_ms,
        previous: None,
        now_ms: moment.since_ms,
        ..*moment
    };
    let start = sketch(choreographies.of(look), &before, Some(before.frame()));
    let lead_ms = moment.elapsed_ms() + FRAME_MS / 2;
    start
        .toward(&target, (lead_ms as f32 / BLEND_MS as f32).min(1.0))
        .settle()
}

/// When the picture may change next; none when it will not by itself.
#[must_use]
pub fn next_frame_at(choreographies: &Choreographies, moment: &Moment) -> Option<u64> {
    if moment.motion == Motion::Reduced {
        return None;
    }
    let frame = moment.frame();
    let at = |frame: u64| moment.since_ms + frame * FRAME_MS;
    if moment.blends() {
        return Some(at(frame + 1));
    }
    let choreography = choreographies.of(moment.look);
    let curves = choreography.curves.iter();
    curves
        .filter_map(|curve| rhythm::next_of_curve(curve, moment.seed, frame))
        .chain(rhythm::next_blink(choreography, moment.seed, frame))
        .min()
        .map(at)
}

#[cfg(test)]
mod tests;
