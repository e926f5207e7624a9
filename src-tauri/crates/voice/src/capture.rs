//! Records the microphone: an owned thread opens it when a recording starts,
//! keeps it open for a while after, measures the level and notices when it
//! dies. What is recorded leaves as one clip per recording; nothing is
//! judged or transcribed here.

#[cfg(feature = "native")]
mod device;
#[cfg(not(feature = "native"))]
#[path = "capture/no_device.rs"]
mod device;
mod feed;
mod level;
mod recording;
mod wav_source;
mod worker;

use std::any::Any;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

pub use device::{Device, microphones};
pub use feed::Feed;
pub use wav_source::{AfterEnd, Pace, WavSource};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::VoiceError;
use crate::push_to_talk::Take;

/// Commands that may wait; more would mean that opening the device hangs.
const INBOX: usize = 16;

/// A microphone that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Microphone {
    /// Stable id, to be kept in the settings.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// True for the one the system would choose.
    pub is_default: bool,
}

/// Something that can be listened to.
pub trait Source: Send + 'static {
    /// Opens the wanted microphone (by id or name), or the default one, and
    /// lets it push into the feed until the returned stream is dropped.
    /// Called on the capture thread and may take its time.
    ///
    /// # Errors
    /// `NoMicrophone`, `Busy`, `Denied` or `Microphone`.
    fn open(&mut self, wanted: Option<&str>, feed: Feed) -> Result<Stream, VoiceError>;
}

/// An open microphone.
pub struct Stream {
    /// Samples per second that it pushes.
    pub sample_rate: u32,
    /// Its name.
    pub name: String,
    /// True when another than the wanted one was opened.
    pub substitute: bool,
    /// Dropping this closes it.
    pub keep: Box<dyn Any>,
}

/// What the capture thread says.
#[derive(Debug, Clone, PartialEq)]
pub enum CaptureEvent {
    /// The first sample of this recording is there.
    Ready {
        /// The recording.
        take: Take,
        /// Name of the microphone if it is not the wanted one.
        substitute: Option<String>,
    },
    /// How loud it is; at most thirty times a second while recording.
    Level {
        /// Root mean square, 0 to 1.
        rms: f32,
    },
    /// The microphone has given nothing but zeros for a while.
    Dead {
        /// The recording.
        take: Take,
    },
    /// The microphone could not be opened.
    Failed {
        /// The recording.
        take: Take,
        /// Why.
        error: VoiceError,
    },
    /// The microphone went away; this was heard until then.
    Lost {
        /// The recording.
        take: Take,
        /// Why.
        error: VoiceError,
        /// What was heard, at [`crate::SAMPLE_RATE`].
        clip: Arc<[f32]>,
    },
    /// The recording reached its greatest length and waits to be finished.
    Full {
        /// The recording.
        take: Take,
    },
    /// The recording was finished.
    Finished {
        /// The recording.
        take: Take,
        /// What was heard, at [`crate::SAMPLE_RATE`].
        clip: Arc<[f32]>,
        /// True when all of it, and more than a moment, was zeros.
        dead: bool,
    },
}

/// Where the capture thread's events go.
pub type CaptureEvents = Box<dyn FnMut(CaptureEvent) + Send>;

enum Command {
    Start { take: Take, wanted: Option<String> },
    Finish { take: Take },
    Discard { take: Take },
    Close,
}

/// Handle on the capture thread; dropping it ends the thread, which then
/// closes the microphone.
#[derive(Debug)]
pub struct Capture {
    tx: SyncSender<Command>,
}

impl Capture {
    /// Starts the thread; the source is opened with the first recording.
    ///
    /// # Errors
    /// `Microphone` when the system gives no thread.
    pub fn start(source: Box<dyn Source>, events: CaptureEvents) -> Result<Self, VoiceError> {
        let (tx, rx) = sync_channel(INBOX);
        std::thread::Builder::new()
            .name("voice-capture".to_owned())
            .spawn(move || worker::run(&rx, source, events))
            .map_err(|error| VoiceError::Microphone {
                detail: error.to_string(),
            })?;
        Ok(Self { tx })
    }

    /// Starts a recording on the wanted microphone, or the default one.
    ///
    /// # Errors
    /// `NotStarting` when the thread hangs in the audio system.
    pub fn record(&self, take: Take, wanted: Option<String>) -> Result<(), VoiceError> {
        self.send(Command::Start { take, wanted })
    }

    /// Ends a recording; its clip comes as an event.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn finish(&self, take: Take) -> Result<(), VoiceError> {
        self.send(Command::Finish { take })
    }

    /// Ends a recording and forgets it.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn discard(&self, take: Take) -> Result<(), VoiceError> {
        self.send(Command::Discard { take })
    }

    /// Closes the microphone if it is not recording.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn close(&self) -> Result<(), VoiceError> {
        self.send(Command::Close)
    }

    fn send(&self, command: Command) -> Result<(), VoiceError> {
        self.tx.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => VoiceError::NotStarting,
            TrySendError::Disconnected(_) => VoiceError::Stopped,
        })
    }
}

#[cfg(test)]
mod tests;
