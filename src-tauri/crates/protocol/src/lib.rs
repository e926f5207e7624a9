//! The nouns every room of the house speaks: ids, messages, tool calls,
//! permission questions, events, usage, error kinds.
//!
//! Nothing here does anything: no IO, no policy, no defaults that decide.
//! Every type crosses the IPC border and the store as JSON, so the serde
//! names are stable; renaming one is a breaking change.
#![deny(missing_docs)]

mod access;
mod address;
mod attachment;
mod audit;
mod blocks;
mod confinement;
mod context;
mod decision;
mod effort;
mod error_kind;
mod event;
mod history;
mod host;
mod id;
mod message;
mod mode;
mod rule_use;
mod session;
mod spending;
mod tool_spec;
mod trust;
mod usage;
mod visible;

pub use access::{Access, Span};
pub use address::is_public_address;
pub use attachment::{Attachment, MediaType};
pub use audit::{AuditBreak, AuditCheck, AuditEntry, AuditKind, AuditQuery, AuditRecord};
pub use blocks::Blocks;
pub use confinement::Confinement;
pub use context::{ContextPart, ContextPartKind, ContextReport};
pub use decision::{Answer, AnsweredBy, Finding, PermissionRequest, Question, QuestionOption};
pub use effort::{Effort, UnknownEffort};
pub use error_kind::{ErrorInfo, ErrorKind};
pub use event::{Event, EventKind, NoticeLevel, OutputStream, StopReason};
pub use history::{
    Ancestor, Branch, Cut, CutMade, MessagePage, Place, SearchHit, SearchPage, SessionEntry,
    SessionPage, ShelfQuery, SnippetPart, TrashSize, UnreadableMessage,
};
pub use host::{Host, HostError, HostPattern};
pub use id::{MessageId, RequestId, SessionId, ToolCallId, TurnId};
pub use message::{Block, Message, Origin, Outcome, Role, ToolCall, ToolResult};
pub use mode::PermissionMode;
pub use rule_use::RuleUse;
pub use session::{SessionState, SessionSummary};
pub use spending::{DayUsage, TurnUsage, UsageReport};
pub use tool_spec::ToolSpec;
pub use trust::TrustedFolder;
pub use usage::Usage;
pub use visible::{
    INVISIBLE, REORDERING, is_invisible, push_visible, readable, visible, visible_line,
};
