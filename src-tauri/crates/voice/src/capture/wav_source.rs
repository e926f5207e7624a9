//! A WAV file as a microphone, at the pace of sound or as fast as it is
//! drained. For tests and for trying the app where nothing can be recorded.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Feed, Source, Stream};
use crate::{SAMPLE_RATE, VoiceError, wav};

const CHUNK: usize = SAMPLE_RATE as usize / 50;

/// How fast the file plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As sound does.
    Real,
    /// As fast as it is drained.
    Unpaced,
}

/// What the microphone does when the file has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterEnd {
    /// Silence with a little noise, as a quiet room.
    Room,
    /// Nothing any more, without a word: as an unplugged one often does.
    Stall,
    /// It reports that it is gone.
    Gone,
}

/// The file as a source.
#[derive(Debug, Clone)]
pub struct WavSource {
    path: PathBuf,
    pace: Pace,
    after: AfterEnd,
}

impl WavSource {
    /// Plays the file at that pace, then goes on as told.
    #[must_use]
    pub fn new(path: &Path, pace: Pace, after: AfterEnd) -> Self {
        Self {
            path: path.to_owned(),
            pace,
            after,
        }
    }
}

impl Source for WavSource {
    fn open(&mut self, wanted: Option<&str>, feed: Feed) -> Result<Stream, VoiceError> {
        let samples = wav::read_wav(&self.path)?;
        let (pace, after) = (self.pace, self.after);
        let alive = Arc::new(());
        let watched = Arc::downgrade(&alive);
        std::thread::Builder::new()
            .name("voice-wav".to_owned())
            .spawn(move || {
                let listening = || watched.strong_count() > 0;
                play(&samples, feed, pace, after, &listening);
            })
            .map_err(|error| VoiceError::Microphone {
                detail: error.to_string(),
            })?;
        Ok(Stream {
            sample_rate: SAMPLE_RATE,
            name: self.path.display().to_string(),
            substitute: wanted.is_some(),
            keep: Box::new(alive),
        })
    }
}

fn play(
    samples: &[f32],
    mut feed: Feed,
    pace: Pace,
    after: AfterEnd,
    listening: &dyn Fn() -> bool,
) {
    let step = Duration::from_secs_f64(CHUNK as f64 / f64::from(SAMPLE_RATE));
    for chunk in samples.chunks(CHUNK) {
        push(&mut feed, chunk, pace, step);
        if !listening() {
            return;
        }
    }
    match after {
        AfterEnd::Stall => {}
        AfterEnd::Gone => feed.alarm().raise(VoiceError::Lost),
        AfterEnd::Room => {
            let room: Vec<f32> = (0..CHUNK).map(|n| (n % 3) as f32 * 1e-5).collect();
            while listening() {
                push(&mut feed, &room, Pace::Real, step);
            }
        }
    }
}

fn push(feed: &mut Feed, chunk: &[f32], pace: Pace, step: Duration) {
    match pace {
        Pace::Real => std::thread::sleep(step),
        Pace::Unpaced => {
            while feed.room() < chunk.len() && !feed.is_closed() {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }
    feed.push(chunk.iter().copied(), 1);
}
