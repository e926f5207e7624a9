//! What a command wants done.

use protocol::{Effort, PermissionMode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the engine, or the window, has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Condense the conversation; the focus is what to keep above all.
    Compact {
        /// In the user's words.
        focus: Option<String>,
    },
    /// Take the last compaction back.
    UndoCompaction,
    /// Keep the last answer through compactions, or no longer.
    Pin,
    /// Put the files back as they were before the last change.
    Undo,
    /// Take an undo back.
    Redo,
    /// Another model from the next message on.
    Model {
        /// Its name in the provider's words, or `provider/name`.
        name: String,
    },
    /// Another effort from the next message on.
    Effort {
        /// The effort; none asks for the one in force.
        effort: Option<Effort>,
    },
    /// Another permission mode.
    Mode {
        /// The mode.
        mode: PermissionMode,
    },
    /// Say what the gate would say of a call, without making it.
    TestPolicy {
        /// A command, `Read(path)` or `Edit(path)`.
        what: String,
    },
    /// Tell the feature flags.
    Flags,
    /// Turn a feature flag on or off.
    SetFlag {
        /// Its name.
        name: String,
        /// None leaves it to its default.
        on: Option<bool>,
    },
    /// Another title for the session.
    Rename {
        /// The title.
        title: String,
    },
    /// A new session with this history.
    Fork,
    /// Put the session away.
    Archive,
    /// A new, empty session.
    New,
    /// Give the model this to do.
    Submit {
        /// The request.
        text: String,
    },
    /// Show something in the window.
    Open(Page),
}

/// Something the window can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// What fills the context window.
    Context,
    /// Tokens and money.
    Usage,
    /// The notes for agents.
    Memory,
    /// The points a session can go back to.
    Rewind,
    /// The list of commands.
    Commands,
    /// The settings.
    Settings,
    /// Rules, trusted folders and the mode of new sessions.
    Permissions,
    /// What was asked for, decided and done.
    Audit,
    /// What the folder brings along.
    Trust,
    /// Saving the session as a file.
    Export,
}
