//! Push-to-talk: from a held key to text. Captures the chosen microphone,
//! refuses silence and noise, transcribes speech on a local whisper model and
//! says what happens as events. It knows nothing of windows, hotkeys or the
//! agent; the shell presses, releases and reads the events.

#![cfg_attr(
    not(feature = "native"),
    allow(dead_code, reason = "much of it only serves a microphone and whisper")
)]

mod choose;
mod error;
mod resample;
mod wav;

pub mod capture;
pub mod catalog;
pub mod file;
pub mod install;
pub mod model_file;
pub mod pipeline;
pub mod push_to_talk;
#[cfg(feature = "native")]
pub mod sound;
#[cfg(not(feature = "native"))]
#[path = "no_sound.rs"]
pub mod sound;
pub mod speech_gate;
pub mod transcribe;

pub use capture::{Microphone, microphones};
pub use choose::find_model;
pub use error::VoiceError;
pub use file::{Transcript, transcribe_file};
pub use pipeline::{Voice, VoiceConfig, VoiceEvent, VoiceEvents};
pub use push_to_talk::VoiceState;

/// Whether this build can listen and transcribe at all.
pub const AVAILABLE: bool = cfg!(feature = "native");

/// Samples per second of every clip inside this crate: what whisper wants.
pub const SAMPLE_RATE: u32 = 16_000;

/// The longest recording of one press; a longer one ends by itself.
pub const MAX_RECORDING_SECONDS: u32 = 120;
