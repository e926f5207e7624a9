//! What can go wrong between the microphone and the text, with the words a
//! person reads. It does not decide what happens next; the pipeline does.

use std::path::PathBuf;

use protocol::{ErrorInfo, ErrorKind};

/// Everything that can go wrong in this crate but installing a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// There is no microphone at all.
    #[error("No microphone was found.")]
    NoMicrophone,
    /// Another program holds the microphone.
    #[error("The microphone is in use by another program.")]
    Busy,
    /// The system does not let us listen.
    #[error("The system does not allow access to the microphone.")]
    Denied,
    /// The microphone delivers nothing but zeros.
    #[error("The microphone gives only silence.")]
    Silent,
    /// The microphone went away while it was in use.
    #[error("The microphone stopped while recording.")]
    Lost,
    /// The microphone was opened but never gave a sample.
    #[error("The microphone did not start.")]
    NotStarting,
    /// Anything else the audio system says.
    #[error("The microphone cannot be used: {detail}.")]
    Microphone {
        /// The audio system's own words.
        detail: String,
    },
    /// No speech model was chosen.
    #[error("No speech model is installed.")]
    NoModel,
    /// The model file is not there or cannot be read.
    #[error("The speech model `{}` cannot be read: {detail}.", path.display())]
    ModelUnreadable {
        /// The file asked for.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The model file is no whole whisper model.
    #[error("The speech model `{}` is damaged: {detail}.", path.display())]
    ModelDamaged {
        /// The file asked for.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The speech engine failed.
    #[error("The speech could not be transcribed: {detail}.")]
    Engine {
        /// The engine's words.
        detail: String,
    },
    /// Transcribing took longer than anybody would wait.
    #[error("Transcribing took too long and was stopped.")]
    TimedOut,
    /// The caller withdrew the request.
    #[error("Transcribing was cancelled.")]
    Cancelled,
    /// The language is none that whisper knows.
    #[error("`{language}` is not a language the speech model knows.")]
    Language {
        /// What was asked for.
        language: String,
    },
    /// The sound file cannot be read.
    #[error("The sound file `{}` cannot be read: {detail}.", path.display())]
    SoundFile {
        /// The file asked for.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Nothing is kept that could be tried again.
    #[error("There is no recording to try again.")]
    NothingKept,
    /// The feature was left out at compile time.
    #[error("This build has no voice.")]
    NotBuilt,
    /// The voice thread is gone.
    #[error("The voice part of the app is not running.")]
    Stopped,
}

impl VoiceError {
    /// What a shell may branch on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoMicrophone
            | Self::Busy
            | Self::Denied
            | Self::Silent
            | Self::Lost
            | Self::NotStarting
            | Self::Microphone { .. }
            | Self::NotBuilt => ErrorKind::Microphone,
            Self::NoModel
            | Self::ModelUnreadable { .. }
            | Self::ModelDamaged { .. }
            | Self::Engine { .. }
            | Self::TimedOut => ErrorKind::SpeechModel,
            Self::Cancelled | Self::NothingKept | Self::Language { .. } => ErrorKind::Usage,
            Self::SoundFile { .. } => ErrorKind::Usage,
            Self::Stopped => ErrorKind::Internal,
        }
    }

    /// The error as it crosses to a shell, with what the user can do.
    #[must_use]
    pub fn info(&self) -> ErrorInfo {
        ErrorInfo::new(self.kind(), self.to_string(), self.hint())
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::NoMicrophone => {
                "Connect a microphone, or check that the system's sound settings show one."
            }
            Self::Busy => {
                "Close the program that records, or choose another microphone in the settings."
            }
            Self::Denied => {
                "Allow microphone access for this app in the system's privacy settings."
            }
            Self::Silent => {
                "Check that the microphone is not muted, or choose another one in the settings."
            }
            Self::Lost => {
                "Check the connection. What you said until then is kept and can be tried again."
            }
            Self::NotStarting => {
                "Another program may be holding it: close that one, or reconnect a wireless microphone, and try again."
            }
            Self::Microphone { .. } => "Choose another microphone in the settings.",
            Self::NoModel => "Choose a speech model in the settings; it is downloaded once.",
            Self::ModelUnreadable { .. } => {
                "Choose another speech model in the settings, or download this one again."
            }
            Self::ModelDamaged { .. } => {
                "Delete the file and download the speech model again in the settings."
            }
            Self::Engine { .. } => "Try again; the recording is kept.",
            Self::TimedOut => "Try again, or choose a smaller speech model in the settings.",
            Self::Cancelled => "Hold the key and speak again.",
            Self::Language { .. } => "Use a two-letter code such as `en` or `de`, or `auto`.",
            Self::SoundFile { .. } => {
                "Use a WAV file with 8 to 32 bit integer or 32 bit float samples."
            }
            Self::NothingKept => "Hold the key and speak again.",
            Self::NotBuilt => "Type instead, or build Familiar with its feature `voice`.",
            Self::Stopped => "Restart the app.",
        }
    }
}
