//! The capture thread: opens, drains, watches and closes. One struct owned
//! by one loop; every rule about a recording itself is in `recording`.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::feed::{Drain, feed};
use super::level::Meter;
use super::recording::{Recording, Said, Watch, trim_pre_roll};
use super::{CaptureEvent, CaptureEvents, Command, Source, Stream};
use crate::push_to_talk::Take;
use crate::resample::resample;
use crate::{SAMPLE_RATE, VoiceError};

/// How often an open microphone is drained.
const TICK: Duration = Duration::from_millis(10);

/// The microphone stays open this long after a recording: opening it takes
/// longer than people wait before they speak.
const KEEP_WARM: Duration = Duration::from_secs(30);

/// Sound still on its way when the key goes up: one delivery and a little.
const TAIL: Duration = Duration::from_millis(200);

pub(super) fn run(rx: &Receiver<Command>, source: Box<dyn Source>, events: CaptureEvents) {
    let mut worker = Worker {
        source,
        events,
        open: None,
        recording: None,
    };
    loop {
        let received = if worker.open.is_some() {
            rx.recv_timeout(TICK)
        } else {
            rx.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match received {
            Ok(command) => worker.obey(command),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        worker.tick(Instant::now());
    }
}

struct Open {
    stream: Stream,
    wanted: Option<String>,
    drain: Drain,
    watch: Watch,
    meter: Meter,
    pre_roll: Vec<f32>,
    idle_since: Instant,
}

struct Active {
    recording: Recording,
    /// Set once the recording is to end: when its tail has come in.
    ends_at: Option<Instant>,
}

struct Worker {
    source: Box<dyn Source>,
    events: CaptureEvents,
    open: Option<Open>,
    recording: Option<Active>,
}

impl Worker {
    fn obey(&mut self, command: Command) {
        match command {
            Command::Start { take, wanted } => self.start(take, wanted),
            Command::Finish { take } => {
                let ends_at = Instant::now() + TAIL;
                if let Some(active) = self.active(take) {
                    active.ends_at.get_or_insert(ends_at);
                }
            }
            Command::Discard { take } => {
                if self.active(take).is_some() {
                    self.recording = None;
                    self.rest();
                }
            }
            Command::Close => {
                if self.recording.is_none() {
                    self.open = None;
                }
            }
        }
    }

    fn active(&mut self, take: Take) -> Option<&mut Active> {
        self.recording
            .as_mut()
            .filter(|active| active.recording.take == take)
    }

    fn start(&mut self, take: Take, wanted: Option<String>) {
        // A finished recording may still wait for its tail: it ends now.
        if self
            .recording
            .as_ref()
            .is_some_and(|active| active.ends_at.is_some())
        {
            self.drain_into_recording();
            self.finish();
        }
        self.recording = None;
        let now = Instant::now();
        let usable = self.open.as_mut().is_some_and(|open| {
            open.wanted == wanted && open.drain.failure().is_none() && !open.is_stalled(now)
        });
        if !usable {
            self.open = None;
            if let Err(error) = self.open_source(wanted) {
                (self.events)(CaptureEvent::Failed { take, error });
                return;
            }
        }
        if let Some(open) = &mut self.open {
            let pre_roll = std::mem::take(&mut open.pre_roll);
            open.meter = Meter::default();
            self.recording = Some(Active {
                recording: Recording::new(take, open.stream.sample_rate, pre_roll),
                ends_at: None,
            });
        }
    }

    fn open_source(&mut self, wanted: Option<String>) -> Result<(), VoiceError> {
        let (feed, drain) = feed();
        let started = Instant::now();
        let stream = self.source.open(wanted.as_deref(), feed)?;
        tracing::debug!(
            microphone = stream.name,
            ms = started.elapsed().as_millis(),
            "opened"
        );
        self.open = Some(Open {
            stream,
            wanted,
            drain,
            watch: Watch::new(),
            meter: Meter::default(),
            pre_roll: Vec::new(),
            idle_since: Instant::now(),
        });
        Ok(())
    }

    fn tick(&mut self, now: Instant) {
        let came = self.drain_into_recording();
        let Some(open) = &mut self.open else { return };
        if open.watch.stalled(came, now) {
            self.lost(VoiceError::Lost);
            return;
        }
        if let Some(error) = open.drain.failure() {
            self.lost(error);
            return;
        }
        match &self.recording {
            Some(active) if active.ends_at.is_some_and(|end| now >= end) => self.finish(),
            None if now.saturating_duration_since(open.idle_since) >= KEEP_WARM => {
                tracing::debug!("closing the idle microphone");
                self.open = None;
            }
            _ => {}
        }
    }

    /// Moves what arrived into the recording, or into the pre-roll.
    fn drain_into_recording(&mut self) -> usize {
        let Some(open) = &mut self.open else { return 0 };
        let mut samples = Vec::new();
        open.drain.take_into(&mut samples);
        let dropped = open.drain.dropped();
        if dropped > 0 {
            tracing::warn!(dropped, "the machine is too busy; samples were lost");
        }
        let Some(active) = &mut self.recording else {
            open.pre_roll.extend_from_slice(&samples);
            trim_pre_roll(&mut open.pre_roll, open.stream.sample_rate);
            return samples.len();
        };
        let take = active.recording.take;
        for said in active.recording.grow(&samples) {
            (self.events)(match said {
                Said::Ready => CaptureEvent::Ready {
                    take,
                    substitute: open.stream.substitute.then(|| open.stream.name.clone()),
                },
                Said::Dead => CaptureEvent::Dead { take },
                Said::Full => CaptureEvent::Full { take },
            });
        }
        if let Some(level) = open.meter.read(&samples, open.stream.sample_rate) {
            (self.events)(level);
        }
        samples.len()
    }

    fn finish(&mut self) {
        let Some(active) = self.recording.take() else {
            return;
        };
        let dead = active.recording.is_dead();
        let take = active.recording.take;
        let rate = self.sample_rate();
        self.rest();
        let event = match clip(active.recording.samples, rate) {
            Ok(clip) => CaptureEvent::Finished { take, clip, dead },
            Err(error) => CaptureEvent::Failed { take, error },
        };
        (self.events)(event);
    }

    fn lost(&mut self, error: VoiceError) {
        tracing::warn!(%error, "lost the microphone");
        let rate = self.sample_rate();
        self.open = None;
        let Some(active) = self.recording.take() else {
            return;
        };
        let take = active.recording.take;
        let clip = clip(active.recording.samples, rate).unwrap_or_default();
        (self.events)(CaptureEvent::Lost { take, error, clip });
    }

    fn rest(&mut self) {
        if let Some(open) = &mut self.open {
            open.idle_since = Instant::now();
            open.pre_roll.clear();
        }
    }

    fn sample_rate(&self) -> u32 {
        self.open
            .as_ref()
            .map_or(SAMPLE_RATE, |open| open.stream.sample_rate)
    }
}

impl Open {
    fn is_stalled(&mut self, now: Instant) -> bool {
        self.watch.stalled(0, now)
    }
}

fn clip(samples: Vec<f32>, sample_rate: u32) -> Result<Arc<[f32]>, VoiceError> {
    resample(samples, sample_rate, SAMPLE_RATE)
        .map(Into::into)
        .map_err(|detail| VoiceError::Microphone { detail })
}
