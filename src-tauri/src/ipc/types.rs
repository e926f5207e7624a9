//! What crosses the border to the window and is no noun of the core.

use engine::{ActiveProvider, ProviderStatus, SandboxStatus, Settings};
use protocol::{ErrorInfo, Event, MessageId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use voice::{Microphone, VoiceEvent};

/// All the window needs besides sessions.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AppState {
    /// Version of the app.
    pub version: String,
    /// Folder of settings and data.
    pub home: String,
    /// Folder new sessions work in.
    pub workspace: Option<String>,
    /// Git branch checked out there.
    pub branch: Option<String>,
    /// Settings in force.
    pub settings: Settings,
    /// What each provider needs or has.
    pub providers: Vec<ProviderStatus>,
    /// Who answers now.
    pub active: ActiveProvider,
    /// Microphones, speech model, hotkey.
    pub voice: VoiceStatus,
    /// The pets on offer.
    pub species: Vec<SpeciesInfo>,
    /// Whether commands can be confined.
    pub sandbox: SandboxStatus,
    /// What does not work, with hints.
    pub notices: Vec<ErrorInfo>,
    /// Familiar was never set up here.
    pub first_start: bool,
}

/// What push-to-talk has to work with.
#[derive(Debug, Clone, Serialize, TS)]
pub struct VoiceStatus {
    /// The speech model in use.
    pub model: SpeechModelStatus,
    /// Microphones there are.
    pub microphones: Vec<Microphone>,
    /// The global hotkey.
    pub hotkey: HotkeyStatus,
}

/// The speech model in use.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SpeechModelStatus {
    /// It is on disk.
    pub installed: bool,
    /// Its name; empty when there is none.
    pub name: String,
    /// Where it is, or would be.
    pub path: String,
}

/// The global hotkey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct HotkeyStatus {
    /// It is grabbed.
    pub active: bool,
    /// One sentence: which keys, or why not.
    pub detail: String,
}

/// A speech model of the catalogue.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SpeechModel {
    /// Catalogue name.
    pub name: String,
    /// Size on disk.
    #[ts(type = "number")]
    pub bytes: u64,
    /// `en` or `multilingual`.
    pub language: String,
    /// Licence of the weights.
    pub licence: String,
    /// What it is good for.
    pub note: String,
    /// It is on disk.
    pub installed: bool,
}

/// A pet on offer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SpeciesInfo {
    /// Stable name.
    pub name: String,
    /// Name to read.
    pub label: String,
    /// Rarity tier.
    pub rarity: buddy::Rarity,
}

/// How many sessions lie where.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ShelfCounts {
    /// In the list.
    #[ts(type = "number")]
    pub active: u64,
    /// In the archive.
    #[ts(type = "number")]
    pub archived: u64,
    /// In the trash.
    #[ts(type = "number")]
    pub trashed: u64,
    /// Days a session stays in the trash.
    #[ts(type = "number")]
    pub trash_days: u64,
}

/// The files of a request.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct GivenFiles {
    /// New ones.
    pub attachments: Vec<GivenFile>,
    /// A message of the session, whose files go along as they are.
    pub attachments_of: Option<MessageId>,
}

/// A file that goes along with a request.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct GivenFile {
    /// Its name.
    pub name: String,
    /// Its bytes in base64, with padding.
    pub data: String,
}

/// Progress of a model download.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InstallProgress {
    /// Catalogue name.
    pub name: String,
    /// Bytes so far.
    #[ts(type = "number")]
    pub received: u64,
    /// Bytes in all.
    #[ts(type = "number")]
    pub total: u64,
    /// It is installed.
    pub done: bool,
    /// It failed.
    pub error: Option<ErrorInfo>,
}

/// One thing the window is told.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum ShellEvent {
    /// Of a session.
    Agent {
        /// The engine's event.
        event: Event,
    },
    /// Of the microphone.
    Voice {
        /// The pipeline's event.
        event: VoiceEvent,
    },
    /// The settings changed, here or elsewhere (tray).
    Settings {
        /// In force from now on.
        settings: Settings,
    },
    /// Something of the app's state changed.
    State {
        /// All of it.
        state: Box<AppState>,
    },
    /// A speech model is being installed.
    Install {
        /// How far.
        progress: InstallProgress,
    },
    /// The window should show this session.
    FocusSession {
        /// Which.
        session_id: String,
    },
    /// What was said goes with the files in the composer; the window sends
    /// both.
    Heard {
        /// The words.
        text: String,
    },
    /// What was said could not be sent; it belongs into the composer.
    Draft {
        /// The words.
        text: String,
        /// Why it was not sent.
        error: ErrorInfo,
    },
    /// Events were lost; read everything anew.
    Lagged {
        /// How many.
        #[ts(type = "number")]
        count: u64,
    },
}
