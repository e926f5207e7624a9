//! From a moment to a pose: a pure function of look, time and seed, so that
//! a frame can be tested and a contact sheet drawn without a window.
//!
//! A pose says what shows and how far each part is displaced; turning that
//! into a drawing is the rig's work.

use std::collections::BTreeMap;

use crate::{
    choreography::{Channel, Choreographies, Choreography, Curve, Eyes, Mouth, PartName, Repeat},
    mood::Look,
};

/// One frame while something moves: twelve a second.
pub const FRAME_MS: u64 = 84;
/// How long one look takes to become another.
pub const BLEND_MS: u64 = 150;
const BLINK_FRAMES: u64 = 2;

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
    let blink = choreography.blink_every_frames.map(|every| {
        let salt = blink_salt(moment.seed);
        next_change(frame, BLINK_FRAMES, |slot| {
            slot_start(salt, slot, every, BLINK_FRAMES)
        })
    });
    curves
        .filter_map(|curve| next_of_curve(curve, moment.seed, frame))
        .chain(blink)
        .min()
        .map(at)
}

fn next_of_curve(curve: &Curve, seed: u64, frame: u64) -> Option<u64> {
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
fn curve_at(curve: &Curve, seed: u64, frame: u64) -> Option<f32> {
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

fn blinks(choreography: &Choreography, seed: u64, frame: u64) -> bool {
    let Some(every) = choreography.blink_every_frames else {
        return false;
    };
    if !matches!(choreography.eyes, Eyes::Open | Eyes::Focus) {
        return false;
    }
    let (start, _) = slot_start(blink_salt(seed), frame / every, every, BLINK_FRAMES);
    (start..start + BLINK_FRAMES).contains(&frame)
}

#[derive(Debug, Clone, Copy, Default)]
struct Loose {
    dx: f32,
    dy: f32,
    rotate: f32,
    scale_x: f32,
    scale_y: f32,
    fade: f32,
}

impl Loose {
    fn add(&mut self, channel: Channel, value: f32) {
        match channel {
            Channel::Dx => self.dx += value,
            Channel::Dy => self.dy += value,
            Channel::Rotate => self.rotate += value,
            Channel::ScaleX => self.scale_x += value,
            Channel::ScaleY => self.scale_y += value,
            Channel::Scale => {
                self.scale_x += value;
                self.scale_y += value;
            }
            Channel::Opacity => self.fade -= value,
        }
    }

    fn toward(self, other: Self, way: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * way;
        Self {
            dx: mix(self.dx, other.dx),
            dy: mix(self.dy, other.dy),
            rotate: mix(self.rotate, other.rotate),
            scale_x: mix(self.scale_x, other.scale_x),
            scale_y: mix(self.scale_y, other.scale_y),
            fade: mix(self.fade, other.fade),
        }
    }

    fn settle(self) -> Shift {
        let step = |value: f32, steps: f32| (value * steps).round() as i16;
        Shift {
            dx: step(self.dx, 4.0),
            dy: step(self.dy, 4.0),
            rotate: step(self.rotate, 2.0),
            scale_x: step(self.scale_x, 256.0),
            scale_y: step(self.scale_y, 256.0),
            fade: step(self.fade, 16.0),
        }
    }
}

/// A pose before it is cut into steps.
struct Sketch {
    eyes: Eyes,
    mouth: Mouth,
    parts: BTreeMap<PartName, Loose>,
    props: BTreeMap<PartName, f32>,
}

fn sketch(choreography: &Choreography, moment: &Moment, frame: Option<u64>) -> Sketch {
    let mut parts: BTreeMap<PartName, Loose> = BTreeMap::new();
    for hold in &choreography.hold {
        for part in &hold.parts {
            let loose = parts.entry(part.clone()).or_default();
            loose.dx += hold.dx;
            loose.dy += hold.dy;
            loose.rotate += hold.rotate;
            loose.scale_x += hold.scale_x;
            loose.scale_y += hold.scale_y;
        }
    }
    for curve in &choreography.curves {
        let Some(at) = frame.and_then(|frame| curve_at(curve, moment.seed, frame)) else {
            continue;
        };
        for part in &curve.parts {
            let loose = parts.entry(part.clone()).or_default();
            loose.add(curve.channel, curve.amplitude * at);
        }
    }
    gaze(moment.gaze, &mut parts);
    let shut = frame.is_some_and(|frame| blinks(choreography, moment.seed, frame));
    Sketch {
        eyes: if shut {
            Eyes::Closed
        } else {
            choreography.eyes
        },
        mouth: choreography.mouth,
        parts,
        props: choreography
            .props
            .iter()
            .map(|prop| (prop.clone(), 1.0))
            .collect(),
    }
}

fn gaze(gaze: Gaze, parts: &mut BTreeMap<PartName, Loose>) {
    if gaze == Gaze::default() {
        return;
    }
    let loose = parts.entry("eyes-open".into()).or_default();
    loose.dx += 1.75 * f32::from(gaze.x);
    loose.dy += 1.25 * f32::from(gaze.y);
}

impl Sketch {
    fn toward(mut self, target: &Self, way: f32) -> Self {
        for part in target.parts.keys() {
            self.parts.entry(part.clone()).or_default();
        }
        for (part, loose) in &mut self.parts {
            let there = target.parts.get(part).copied().unwrap_or_default();
            *loose = loose.toward(there, way);
        }
        for prop in target.props.keys() {
            self.props.entry(prop.clone()).or_default();
        }
        for (prop, shown) in &mut self.props {
            let there = target.props.get(prop).copied().unwrap_or_default();
            *shown += (there - *shown) * way;
        }
        if way >= 0.5 {
            self.eyes = target.eyes;
            self.mouth = target.mouth;
        }
        self
    }

    fn settle(self) -> Pose {
        let shifts = self
            .parts
            .into_iter()
            .map(|(part, loose)| (part, loose.settle()));
        let props = self
            .props
            .into_iter()
            .map(|(prop, shown)| (prop, (shown * 16.0).round() as u8));
        Pose {
            eyes: self.eyes,
            mouth: self.mouth,
            shifts: shifts
                .filter(|(_, shift)| *shift != Shift::default())
                .collect(),
            props: props.filter(|(_, shown)| *shown > 0).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
