//! A pose while it is being made: holds, curves and gaze added up as plain
//! numbers, mixed with another one during a blend, then cut into steps.

use std::collections::BTreeMap;

use super::{Gaze, Moment, Pose, Shift, rhythm};
use crate::choreography::{Channel, Choreography, Eyes, Mouth, PartName};

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
pub(super) struct Sketch {
    eyes: Eyes,
    mouth: Mouth,
    parts: BTreeMap<PartName, Loose>,
    props: BTreeMap<PartName, f32>,
}

/// The sketch of a moment at a frame; without a frame, only what is held.
pub(super) fn sketch(choreography: &Choreography, moment: &Moment, frame: Option<u64>) -> Sketch {
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
        let Some(at) = frame.and_then(|frame| rhythm::curve_at(curve, moment.seed, frame)) else {
            continue;
        };
        for part in &curve.parts {
            let loose = parts.entry(part.clone()).or_default();
            loose.add(curve.channel, curve.amplitude * at);
        }
    }
    gaze(moment.gaze, &mut parts);
    let shut = frame.is_some_and(|frame| rhythm::blinks(choreography, moment.seed, frame));
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
    pub(super) fn toward(mut self, target: &Self, way: f32) -> Self {
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

    pub(super) fn settle(self) -> Pose {
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
