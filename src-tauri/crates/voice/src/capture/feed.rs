//! The bounded ring between an audio callback and the capture thread. The
//! callback mixes to one channel and pushes; it never waits and never
//! allocates.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ringbuf::traits::{Consumer, Observer, Producer, Split};
use ringbuf::{HeapCons, HeapProd, HeapRb};

use crate::VoiceError;

/// Room for more than a second at any rate that microphones have.
const CAPACITY: usize = 262_144;

#[derive(Debug, Default)]
struct Shared {
    dropped: AtomicU64,
    failure: Mutex<Option<VoiceError>>,
    closed: AtomicBool,
}

/// The end that the audio callback pushes into.
pub struct Feed {
    samples: HeapProd<f32>,
    shared: Arc<Shared>,
}

/// Reports that the source failed; for error callbacks.
#[derive(Debug, Clone)]
pub struct Alarm(Arc<Shared>);

/// The end that the capture thread drains.
pub(super) struct Drain {
    samples: HeapCons<f32>,
    shared: Arc<Shared>,
}

pub(super) fn feed() -> (Feed, Drain) {
    let (producer, consumer) = HeapRb::new(CAPACITY).split();
    let shared = Arc::new(Shared::default());
    let feed = Feed {
        samples: producer,
        shared: Arc::clone(&shared),
    };
    let drain = Drain {
        samples: consumer,
        shared,
    };
    (feed, drain)
}

impl Feed {
    /// Pushes interleaved frames, mixed to one channel. What does not fit is
    /// dropped and counted.
    pub fn push(&mut self, interleaved: impl ExactSizeIterator<Item = f32>, channels: u16) {
        let channels = usize::from(channels.max(1));
        let frames = interleaved.len() / channels;
        let room = self.samples.vacant_len();
        let mut samples = interleaved;
        let mixed = (0..frames.min(room)).map(|_| {
            let sum: f32 = samples.by_ref().take(channels).sum();
            let mean = sum / channels as f32;
            if mean.is_finite() { mean } else { 0.0 }
        });
        self.samples.push_iter(mixed);
        if frames > room {
            let lost = (frames - room) as u64;
            self.shared.dropped.fetch_add(lost, Ordering::Relaxed);
        }
    }

    /// How many mixed samples fit now.
    #[must_use]
    pub fn room(&self) -> usize {
        self.samples.vacant_len()
    }

    /// True when nobody listens any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.closed.load(Ordering::Relaxed)
    }

    /// A way to report failure from elsewhere.
    #[must_use]
    pub fn alarm(&self) -> Alarm {
        Alarm(Arc::clone(&self.shared))
    }
}

impl Alarm {
    /// The source is gone; the first reason counts.
    pub fn raise(&self, error: VoiceError) {
        self.0
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }
}

impl Drain {
    /// Appends everything that has arrived.
    pub(super) fn take_into(&mut self, samples: &mut Vec<f32>) {
        samples.extend(self.samples.pop_iter());
    }

    /// Why the source failed, if it did.
    pub(super) fn failure(&self) -> Option<VoiceError> {
        self.shared
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Samples that did not fit since the last question.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped.swap(0, Ordering::Relaxed)
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
    }
}
