//! The shelf of sessions: where each one lies, what a search finds, and how
//! a long history is read in pages.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Message, MessageId, Origin, Role, SessionId, SessionSummary};

/// Where a session lies.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the list.
    #[default]
    Active,
    /// Out of the list, kept for good.
    Archived,
    /// In the trash; it can be restored until the trash is emptied.
    Trashed,
}

impl Place {
    /// All places, in the order above.
    pub const ALL: [Self; 3] = [Self::Active, Self::Archived, Self::Trashed];

    /// The serde name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Trashed => "trashed",
        }
    }
}

/// What a session was forked from. It may be gone by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ancestor {
    /// The other session.
    pub session_id: SessionId,
    /// The last message of it that this one starts with; none when it
    /// starts empty.
    pub message_id: Option<MessageId>,
}

/// A session's line with everything the shelf knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionEntry {
    /// Its line in the list.
    #[serde(flatten)]
    pub summary: SessionSummary,
    /// Where it lies.
    pub place: Place,
    /// Since when, Unix time in milliseconds; 0 when it never moved.
    #[ts(type = "number")]
    pub placed_ms: u64,
    /// What it was forked from.
    pub parent: Option<Ancestor>,
    /// What it was imported from: `claude-code:<id>`, `codex:<id>`.
    pub source: Option<String>,
}

/// What emptying the trash removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct TrashSize {
    /// Sessions in it.
    #[ts(type = "number")]
    pub sessions: u64,
    /// Their messages, those on abandoned branches included.
    #[ts(type = "number")]
    pub messages: u64,
    /// What the messages take on disk, without the search index.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What to look for on the shelf.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ShelfQuery {
    /// The user's words, as typed. All must be there; the last one may be
    /// the beginning of a word; `"…"` holds words together.
    pub words: String,
    /// Only sessions of this folder.
    pub workspace: Option<String>,
    /// Only sessions that lie here; empty means active ones.
    pub places: Vec<Place>,
    /// The most rows to bring back; 0 means the usual number.
    pub limit: u32,
    /// How many rows to leave out first.
    pub offset: u32,
}

/// Some lines of the shelf, the session with the newest message first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionPage {
    /// The lines.
    pub entries: Vec<SessionEntry>,
    /// How many fit the query in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// A piece of a snippet. Joined, the pieces are the snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SnippetPart {
    /// Plain text.
    pub text: String,
    /// True when this piece is what was looked for.
    pub hit: bool,
}

/// One place where a search found all its words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchHit {
    /// The session.
    pub session_id: SessionId,
    /// Its title.
    pub title: String,
    /// Its folder.
    pub workspace: String,
    /// Where it lies.
    pub place: Place,
    /// The message; none when the title itself is the hit.
    pub message_id: Option<MessageId>,
    /// Who speaks in it.
    pub role: Option<Role>,
    /// How the message came to be: what a tool answered is a user's message
    /// that nobody typed.
    pub origin: Option<Origin>,
    /// The line of history it stands on; none when the title is the hit.
    #[ts(type = "number | null")]
    pub branch: Option<u64>,
    /// The message belongs to an abandoned branch: opening the session does
    /// not show it until that branch is chosen.
    pub superseded: bool,
    /// Time of the message, or of the session's last one: Unix time in
    /// milliseconds.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// Smaller is better; comparable within one search only.
    pub rank: f64,
    /// The words around the hit.
    pub snippet: Vec<SnippetPart>,
}

/// Some hits, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchPage {
    /// The hits.
    pub hits: Vec<SearchHit>,
    /// True when there are further ones.
    pub more: bool,
}

/// A stored message that makes no sense to this build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnreadableMessage {
    /// Which one.
    pub message_id: MessageId,
    /// What does not fit.
    pub detail: String,
}

/// A stretch of a history, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MessagePage {
    /// The messages.
    pub messages: Vec<Message>,
    /// How many come before the first of them.
    #[ts(type = "number")]
    pub older: u64,
    /// How many come after the last of them.
    #[ts(type = "number")]
    pub newer: u64,
    /// Messages of this stretch that are left out because they are damaged.
    pub unreadable: Vec<UnreadableMessage>,
}

/// A line of a session's history that begins somewhere on another one. The
/// rows of a branch are never changed; going back only chooses another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Branch {
    /// 0 is the line the session began with.
    #[ts(type = "number")]
    pub number: u64,
    /// True for the line the session shows and goes on with.
    pub current: bool,
    /// The line it left; none for the one the session began with.
    #[ts(type = "number | null")]
    pub parent: Option<u64>,
    /// The last message it has in common with the line it left; none when
    /// it begins at the very start.
    pub after: Option<MessageId>,
    /// The first request on it, cut short; empty while there is none.
    pub begins_with: String,
    /// Its own messages.
    #[ts(type = "number")]
    pub message_count: u64,
    /// Unix time in milliseconds of its making; 0 for the first line.
    #[ts(type = "number")]
    pub created_ms: u64,
}

/// Where to cut a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "side", content = "message_id", rename_all = "snake_case")]
pub enum Cut {
    /// Keep this message and all before it.
    Through(MessageId),
    /// Keep what is before this message.
    Before(MessageId),
    /// Keep everything.
    End,
}

/// Where a history was cut in fact. A cut never parts a tool call from its
/// result, so it can lie beside the place asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CutMade {
    /// The last message kept; none when nothing is.
    pub last_kept: Option<MessageId>,
    /// How many messages are kept.
    #[ts(type = "number")]
    pub kept: u64,
    /// By how many messages the cut lies later (or, negative, earlier) than
    /// asked, so as not to part a tool call from its result.
    #[ts(type = "number")]
    pub moved: i64,
}
