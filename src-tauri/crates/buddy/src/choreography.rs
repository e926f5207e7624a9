//! Motion, written once for every animal: per look a face, props, a resting
//! attitude and curves on named parts.
//!
//! Times are frames of a twelfth of a second since the look began, so loops
//! repeat exactly and their pictures can be cached. Which parts an animal has
//! is none of this module's business; a part it lacks is skipped by the rig.

use std::{borrow::Borrow, collections::BTreeMap, sync::Arc};

use serde::Deserialize;

use crate::{mood::Look, pose::BLINK_FRAMES};

/// The name of a group of a drawing; cheap to copy into every pose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "String")]
pub struct PartName(Arc<str>);

impl From<String> for PartName {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

impl From<&str> for PartName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl Borrow<str> for PartName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Which pair of eyes shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eyes {
    Open,
    Closed,
    Happy,
    Focus,
    Wide,
}

/// Which mouth shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mouth {
    Smile,
    Open,
    Flat,
}

/// What an animal does while it has one look.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choreography {
    pub eyes: Eyes,
    pub mouth: Mouth,
    /// Props of the rig that show, by group name.
    #[serde(default)]
    pub props: Vec<PartName>,
    /// One blink falls at random into each stretch of this length.
    #[serde(default)]
    pub blink_every_frames: Option<u64>,
    #[serde(default)]
    pub hold: Vec<Hold>,
    #[serde(default)]
    pub curves: Vec<Curve>,
}

/// A resting displacement of parts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub parts: Vec<PartName>,
    #[serde(default)]
    pub dx: f32,
    #[serde(default)]
    pub dy: f32,
    #[serde(default)]
    pub rotate: f32,
    /// Added to 1.
    #[serde(default)]
    pub scale_x: f32,
    /// Added to 1.
    #[serde(default)]
    pub scale_y: f32,
}

/// What a curve moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Dx,
    Dy,
    Rotate,
    ScaleX,
    ScaleY,
    /// Both scales at once.
    Scale,
    Opacity,
}

/// The shape of one period. All start and end at rest, so that a curve may
/// begin and stop without a jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wave {
    /// There, back, there the other way, back.
    Sine,
    /// Softly out and softly back: a breath.
    Swell,
    /// A ballistic arc.
    Hop,
    /// A quick out and a slow return: a nod, a key press.
    Tap,
    /// Out, kept there, and back: a glance.
    Glance,
    /// A shiver that dies away.
    Tremble,
}

/// When a curve runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    #[default]
    Always,
    /// Once, when the look begins.
    Once,
    /// At the start of each stretch of `every_frames`.
    Steady,
    /// Somewhere in each stretch of `every_frames`, by the seed.
    Random,
}

/// One movement of one channel of some parts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    pub parts: Vec<PartName>,
    pub channel: Channel,
    pub wave: Wave,
    pub amplitude: f32,
    pub period_frames: u64,
    /// Where in the period it starts, 0 to 1; only for endless curves.
    #[serde(default)]
    pub phase: f32,
    #[serde(default = "one")]
    pub cycles: u64,
    #[serde(default)]
    pub repeat: Repeat,
    #[serde(default)]
    pub every_frames: u64,
}

fn one() -> u64 {
    1
}

/// A species' departures from the common table, for one look.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    pub look: String,
    #[serde(default)]
    pub eyes: Option<Eyes>,
    #[serde(default)]
    pub mouth: Option<Mouth>,
    /// Parts the common holds and curves leave alone.
    #[serde(default)]
    pub still: Vec<PartName>,
    #[serde(default)]
    pub hold: Vec<Hold>,
    #[serde(default)]
    pub curves: Vec<Curve>,
}

/// The whole table: a choreography for every look.
#[derive(Debug, Clone, PartialEq)]
pub struct Choreographies {
    looks: BTreeMap<&'static str, Choreography>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    looks: BTreeMap<String, Choreography>,
}

/// Why a table of choreographies is not usable.
#[derive(Debug, thiserror::Error)]
pub enum ChoreographyError {
    #[error("the choreography table does not parse")]
    Parse(#[from] toml::de::Error),
    #[error("the look `{0}` has no choreography")]
    MissingLook(&'static str),
    #[error("there is no look called `{0}`")]
    UnknownLook(String),
    #[error("a curve of `{look}` has a period of zero or a stretch shorter than its movement")]
    BadCurve { look: String },
    #[error("the eyes of `{look}` would blink without a pause")]
    BadBlink { look: &'static str },
}

impl Choreographies {
    /// Reads the common table.
    pub fn parse(text: &str) -> Result<Self, ChoreographyError> {
        let mut table: Table = toml::from_str(text)?;
        let mut looks = BTreeMap::new();
        for look in Look::ALL {
            let name = look.name();
            let choreography = table
                .looks
                .remove(name)
                .ok_or(ChoreographyError::MissingLook(name))?;
            check_curves(name, &choreography.curves)?;
            check_blink(name, &choreography)?;
            looks.insert(name, choreography);
        }
        match table.looks.into_keys().next() {
            Some(name) => Err(ChoreographyError::UnknownLook(name)),
            None => Ok(Self { looks }),
        }
    }

    /// The table with a species' departures worked in.
    pub fn with_overrides(&self, overrides: &[Override]) -> Result<Self, ChoreographyError> {
        let mut looks = self.looks.clone();
        for change in overrides {
            let choreography = looks
                .get_mut(change.look.as_str())
                .ok_or_else(|| ChoreographyError::UnknownLook(change.look.clone()))?;
            check_curves(&change.look, &change.curves)?;
            apply(change, choreography);
        }
        Ok(Self { looks })
    }

    /// What to do in `look`. Every look is present by construction.
    #[must_use]
    pub fn of(&self, look: Look) -> &Choreography {
        &self.looks[look.name()]
    }
}

impl Curve {
    /// Frames from its start to its rest; none when it never rests.
    #[must_use]
    pub fn lasts_frames(&self) -> Option<u64> {
        (self.repeat != Repeat::Always).then_some(self.period_frames * self.cycles)
    }
}

impl Wave {
    /// The value at `t` in 0..1 of a period, within -1..=1.
    #[must_use]
    pub fn at(self, t: f32) -> f32 {
        use std::f32::consts::{PI, TAU};
        match self {
            Self::Sine => (TAU * t).sin(),
            Self::Swell => 0.5 - 0.5 * (TAU * t).cos(),
            Self::Hop => 4.0 * t * (1.0 - t),
            Self::Tap if t < 0.3 => (PI * t / 0.6).sin(),
            Self::Tap => 0.5 + 0.5 * (PI * (t - 0.3) / 0.7).cos(),
            Self::Glance => (4.0 * (PI * t).sin()).min(1.0),
            Self::Tremble => (TAU * 4.0 * t).sin() * (1.0 - t),
        }
    }
}

fn apply(change: &Override, choreography: &mut Choreography) {
    choreography.eyes = change.eyes.unwrap_or(choreography.eyes);
    choreography.mouth = change.mouth.unwrap_or(choreography.mouth);
    let moves = |part: &PartName| !change.still.contains(part);
    for hold in &mut choreography.hold {
        hold.parts.retain(moves);
    }
    for curve in &mut choreography.curves {
        curve.parts.retain(moves);
    }
    choreography.hold.extend(change.hold.iter().cloned());
    choreography.curves.extend(change.curves.iter().cloned());
}

fn check_curves(look: &str, curves: &[Curve]) -> Result<(), ChoreographyError> {
    let fits = |curve: &Curve| {
        let stretch = curve.lasts_frames().unwrap_or(1);
        let slotted = matches!(curve.repeat, Repeat::Steady | Repeat::Random);
        stretch > 0 && curve.period_frames > 0 && (!slotted || curve.every_frames > stretch)
    };
    if curves.iter().all(fits) {
        return Ok(());
    }
    Err(ChoreographyError::BadCurve {
        look: look.to_owned(),
    })
}

fn check_blink(look: &'static str, choreography: &Choreography) -> Result<(), ChoreographyError> {
    match choreography.blink_every_frames {
        Some(every) if every <= BLINK_FRAMES => Err(ChoreographyError::BadBlink { look }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
