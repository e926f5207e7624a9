//! One recording as it grows, and the pure rules around it: when it is full,
//! when it holds only zeros, when a microphone counts as dead. Time comes in
//! as a parameter.

use std::time::{Duration, Instant};

use crate::MAX_RECORDING_SECONDS;
use crate::push_to_talk::Take;

/// A microphone that delivered and then says nothing for this long is gone.
pub(super) const STALLED_AFTER: Duration = Duration::from_millis(500);

/// After so much sound of only zeros the user is told.
const DEAD_AFTER_SECONDS: f64 = 2.0;

/// Sound from just before the press that is kept when the microphone was
/// open already: people start to speak as they press.
const PRE_ROLL_SECONDS: f64 = 0.3;

/// A recording that grows.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) take: Take,
    pub(super) samples: Vec<f32>,
    pub(super) ready: bool,
    sample_rate: u32,
    all_zero: bool,
    told_dead: bool,
    told_full: bool,
}

/// What a recording has to say after it grew.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    Ready,
    Dead,
    Full,
}

impl Recording {
    pub(super) fn new(take: Take, sample_rate: u32, pre_roll: Vec<f32>) -> Self {
        Self {
            take,
            all_zero: pre_roll.iter().all(|sample| *sample == 0.0),
            samples: pre_roll,
            ready: false,
            sample_rate,
            told_dead: false,
            told_full: false,
        }
    }

    /// Appends samples, none beyond the greatest length.
    pub(super) fn grow(&mut self, samples: &[f32]) -> Vec<Said> {
        let mut said = Vec::new();
        if samples.is_empty() {
            return said;
        }
        let most = (MAX_RECORDING_SECONDS * self.sample_rate) as usize;
        let room = most.saturating_sub(self.samples.len());
        self.samples.extend(samples.iter().take(room));
        self.all_zero &= samples.iter().all(|sample| *sample == 0.0);
        if !self.ready {
            self.ready = true;
            said.push(Said::Ready);
        }
        if self.is_dead() && !self.told_dead {
            self.told_dead = true;
            said.push(Said::Dead);
        }
        if self.samples.len() >= most && !self.told_full {
            self.told_full = true;
            said.push(Said::Full);
        }
        said
    }

    /// True when it is long enough to say that the microphone is dead.
    pub(super) fn is_dead(&self) -> bool {
        let seconds = self.samples.len() as f64 / f64::from(self.sample_rate);
        self.all_zero && seconds >= DEAD_AFTER_SECONDS
    }
}

/// Keeps the newest bit of sound while nothing is recorded.
pub(super) fn trim_pre_roll(samples: &mut Vec<f32>, sample_rate: u32) {
    let most = (PRE_ROLL_SECONDS * f64::from(sample_rate)) as usize;
    let surplus = samples.len().saturating_sub(most);
    samples.drain(..surplus);
}

/// Watches that samples keep coming once they came.
#[derive(Debug)]
pub(super) struct Watch {
    last: Option<Instant>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self { last: None }
    }

    /// Notes whether samples came; true when the microphone is stalled.
    pub(super) fn stalled(&mut self, came: usize, now: Instant) -> bool {
        if came > 0 {
            self.last = Some(now);
        }
        self.last
            .is_some_and(|last| now.saturating_duration_since(last) >= STALLED_AFTER)
    }
}
