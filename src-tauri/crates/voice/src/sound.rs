//! Short generated tones that tell what the microphone does. Played on an
//! output that is opened for them and closed again soon after, because an
//! open output keeps wireless headsets in their poor two-way mode. Never
//! fatal: without an output it is silent.

use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use rodio::DeviceSinkBuilder;
use rodio::buffer::SamplesBuffer;

use crate::push_to_talk::Cue;

const RATE: u32 = 48_000;
const INBOX: usize = 4;

/// The output is closed this long after the last tone began. No longer than
/// the tone needs: while it is open it asks PulseAudio for the shortest
/// latency there is, which costs the whole machine, and the recording most.
const CLOSE_AFTER: Duration = Duration::from_millis(500);

/// Loudness of a cue at full volume; it must not drown speech.
const LOUDEST: f32 = 0.2;

/// Plays cues; dropping it ends its thread after the last one.
#[derive(Debug, Clone)]
pub struct Sounds {
    tx: SyncSender<(Cue, f32)>,
}

impl Sounds {
    /// Starts the thread; no output is opened before the first cue. None when
    /// the system gives no thread.
    #[must_use]
    pub fn start() -> Option<Self> {
        let (tx, rx) = sync_channel(INBOX);
        let started = std::thread::Builder::new()
            .name("voice-sounds".to_owned())
            .spawn(move || run(&rx));
        match started {
            Ok(_) => Some(Self { tx }),
            Err(error) => {
                tracing::warn!(%error, "no thread for sounds");
                None
            }
        }
    }

    /// Plays a cue at a volume from 0 to 1; 0 opens nothing. A cue that comes
    /// too fast after others is skipped.
    pub fn play(&self, cue: Cue, volume: f32) {
        if volume > 0.0 && self.tx.try_send((cue, volume.min(1.0))).is_err() {
            tracing::debug!(?cue, "skipped a sound");
        }
    }
}

fn run(rx: &Receiver<(Cue, f32)>) {
    let mut output: Option<rodio::MixerDeviceSink> = None;
    loop {
        let received = if output.is_some() {
            rx.recv_timeout(CLOSE_AFTER)
        } else {
            rx.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match received {
            Ok((cue, volume)) => {
                if output.is_none() {
                    output = open();
                }
                if let Some(output) = &output {
                    output.mixer().add(buffer(cue, volume));
                }
            }
            Err(RecvTimeoutError::Timeout) => output = None,
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn open() -> Option<rodio::MixerDeviceSink> {
    let opened = DeviceSinkBuilder::from_default_device().and_then(|builder| {
        builder
            .with_error_callback(|error| tracing::debug!(%error, "sound output"))
            .open_stream()
    });
    match opened {
        Ok(mut output) => {
            output.log_on_drop(false);
            Some(output)
        }
        Err(error) => {
            tracing::debug!(%error, "no sound output");
            None
        }
    }
}

fn buffer(cue: Cue, volume: f32) -> SamplesBuffer {
    const MONO: NonZero<u16> = NonZero::<u16>::MIN;
    const AT: NonZero<u32> = NonZero::new(RATE).unwrap();
    SamplesBuffer::new(MONO, AT, samples(cue, volume))
}

/// The tones of a cue: rising to start, falling to stop, low twice for an
/// error.
fn samples(cue: Cue, volume: f32) -> Vec<f32> {
    let notes: &[(f32, f32)] = match cue {
        Cue::Start => &[(660.0, 0.05), (880.0, 0.07)],
        Cue::Stop => &[(880.0, 0.05), (660.0, 0.07)],
        Cue::Error => &[(330.0, 0.09), (0.0, 0.04), (330.0, 0.12)],
    };
    notes
        .iter()
        .flat_map(|(hz, seconds)| note(*hz, *seconds, volume * LOUDEST))
        .collect()
}

/// A soft tone: its loudness rises and falls as half a sine wave does.
fn note(hz: f32, seconds: f32, gain: f32) -> impl Iterator<Item = f32> {
    let count = (seconds * RATE as f32) as usize;
    (0..count).map(move |n| {
        let swell = (n as f32 / count as f32 * std::f32::consts::PI).sin();
        (n as f32 * hz * std::f32::consts::TAU / RATE as f32).sin() * swell * gain
    })
}

#[cfg(test)]
mod tests;
