//! The voice of the app: an actor that feeds presses into the push-to-talk
//! machine, carries out its effects on the capture, whisper and sound
//! threads, and tells the shell what happens. It needs no async runtime, and
//! no call on the handle waits for a device or a model.

mod actor;
mod outbox;

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use ts_rs::TS;

use crate::VoiceError;
use crate::capture::{Device, Source};
use crate::push_to_talk::VoiceState;
use actor::{Actor, Message};

/// Messages that may wait for the actor, which never waits for anything but
/// them.
const INBOX: usize = 64;

/// Events that may wait for the shell.
const EVENTS: usize = 64;

/// How voice is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceConfig {
    /// Id or name of the microphone; none for the system's default.
    pub microphone: Option<String>,
    /// The speech model's file; empty when none is installed yet.
    pub model_path: PathBuf,
    /// Spoken language as a two-letter code; none lets the model find out.
    pub language: Option<String>,
    /// Names and words likely to be said, newest last.
    pub vocabulary: String,
    /// False refuses presses.
    pub enabled: bool,
    /// Loudness of the sound cues from 0 to 1; 0 is mute.
    pub cue_volume: f32,
}

impl Default for VoiceConfig {
    fn default() -> Self {
        Self {
            microphone: None,
            model_path: PathBuf::new(),
            language: None,
            vocabulary: String::new(),
            enabled: true,
            cue_volume: 0.6,
        }
    }
}

/// What voice tells the shell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VoiceEvent {
    /// The state changed.
    State {
        /// The new one.
        state: VoiceState,
    },
    /// How loud it is now; thirty times a second while listening.
    Level {
        /// Root mean square, 0 to 1.
        rms: f32,
    },
    /// What the user said.
    Transcript {
        /// The words; never empty.
        text: String,
        /// Length of the recording in milliseconds.
        #[ts(type = "number")]
        audio_ms: u64,
        /// Time in the model in milliseconds.
        #[ts(type = "number")]
        decode_ms: u64,
    },
    /// A small thing worth saying.
    Hint {
        /// One sentence.
        text: String,
    },
}

/// The stream of events; it ends when voice is shut down.
pub type VoiceEvents = mpsc::Receiver<VoiceEvent>;

/// Handle on voice; every call returns at once. Dropping it shuts voice down.
#[derive(Debug)]
pub struct Voice {
    tx: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Voice {
    /// Starts voice on the machine's microphones.
    ///
    /// # Errors
    /// `Microphone` or `Engine` when the system gives no thread.
    pub fn start(config: VoiceConfig) -> Result<(Self, VoiceEvents), VoiceError> {
        Self::start_with(config, || Box::new(Device))
    }

    /// Starts voice on another source; `source` makes a new one whenever the
    /// old one hangs.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(
        config: VoiceConfig,
        source: impl Fn() -> Box<dyn Source> + Send + 'static,
    ) -> Result<(Self, VoiceEvents), VoiceError> {
        let (tx, rx) = sync_channel(INBOX);
        let (events_tx, events) = mpsc::channel(EVENTS);
        let actor = Actor::new(config, Box::new(source), tx.clone(), events_tx)?;
        let thread = std::thread::Builder::new()
            .name("voice".to_owned())
            .spawn(move || actor.run(rx))
            .map_err(|error| VoiceError::Engine {
                detail: error.to_string(),
            })?;
        let voice = Self {
            tx,
            thread: Mutex::new(Some(thread)),
        };
        Ok((voice, events))
    }

    /// The key went down. Repeats while it is held do nothing.
    pub fn press(&self) {
        self.send(Message::Pressed {
            at_ms: actor::now_ms(),
        });
    }

    /// The key went up.
    pub fn release(&self) {
        self.send(Message::Released {
            at_ms: actor::now_ms(),
        });
    }

    /// Forget what was said and stop.
    pub fn cancel(&self) {
        self.send(Message::Cancelled);
    }

    /// Transcribe the kept recording again, after an error.
    pub fn retry(&self) {
        self.send(Message::Retry);
    }

    /// Use these settings from now on.
    pub fn configure(&self, config: VoiceConfig) {
        self.send(Message::Configure(config));
    }

    /// Switch push-to-talk on or off, as the setting `enabled` does.
    #[allow(
        clippy::fn_params_excessive_bools,
        reason = "a switch has two positions"
    )]
    pub fn set_enabled(&self, enabled: bool) {
        self.send(Message::Enable(enabled));
    }

    /// Ends voice: closes the microphone and stops transcribing. Waits until
    /// the actor has ended.
    pub fn shutdown(&self) {
        self.send(Message::Shutdown);
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the voice thread panicked");
        }
    }

    fn send(&self, message: Message) {
        if self.tx.send(message).is_err() {
            tracing::debug!("voice has ended already");
        }
    }
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.shutdown();
    }
}

#[cfg(test)]
mod tests;
