//! Everything a subscriber can see of a session, in order.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Answer, AnsweredBy, ErrorInfo, Message, MessageId, PermissionMode, PermissionRequest, Question,
    RequestId, SessionId, SessionSummary, ToolCall, ToolCallId, ToolResult, TurnId, Usage,
};

/// One thing that happened. `seq` grows by one per session and process run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Event {
    /// The session it happened in.
    pub session_id: SessionId,
    /// Position in the session's stream, from 1; gaps mean loss.
    #[ts(type = "number")]
    pub seq: u64,
    /// Unix time in milliseconds.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened. The tag `type` is the stable name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    /// The session's line in the list changed (or appeared).
    SessionUpdated {
        /// The new line.
        summary: SessionSummary,
    },
    /// A turn began.
    TurnStarted {
        /// The turn.
        turn_id: TurnId,
        /// Provider id, for example `anthropic`.
        provider: String,
        /// Model name.
        model: String,
        /// Mode in force.
        mode: PermissionMode,
    },
    /// A message is complete and durable in the store.
    MessageAdded {
        /// The message.
        message: Message,
    },
    /// An answer begins to stream; `message_added` with the same id ends it.
    MessageStarted {
        /// The message to come.
        message_id: MessageId,
    },
    /// More text of the streaming answer.
    TextDelta {
        /// The streaming message.
        message_id: MessageId,
        /// What to append.
        text: String,
    },
    /// More reasoning of the streaming answer.
    ThinkingDelta {
        /// The streaming message.
        message_id: MessageId,
        /// What to append.
        text: String,
    },
    /// What streamed of this message is void: the request is made again.
    MessageDiscarded {
        /// The message that will not be completed.
        message_id: MessageId,
    },
    /// A tool call was judged and is about to run, or waits for an answer.
    ToolCallStarted {
        /// The call.
        call: ToolCall,
        /// Verb in plain words, past tense comes from the card: "Read".
        title: String,
        /// What it is about: path, pattern, command.
        subject: String,
        /// True when it cannot change anything.
        read_only: bool,
    },
    /// Live output of a running tool.
    ToolOutput {
        /// The call.
        call_id: ToolCallId,
        /// Which stream it came from.
        stream: OutputStream,
        /// What to append; bytes that are no UTF-8 are replaced.
        text: String,
    },
    /// A tool call ended, in whatever way.
    ToolCallFinished {
        /// Its result, as the model will read it.
        result: ToolResult,
    },
    /// The user is asked for a permission.
    PermissionAsked {
        /// The question.
        request: PermissionRequest,
    },
    /// An answer left a rule behind, which holds from now on.
    RuleSaved {
        /// The rule.
        rule: String,
        /// The only folder it holds in; none means everywhere.
        project: Option<String>,
    },
    /// A permission question was answered.
    PermissionAnswered {
        /// The question.
        request_id: RequestId,
        /// The answer.
        answer: Answer,
        /// Who answered.
        by: AnsweredBy,
    },
    /// The `ask_user` tool asks something.
    QuestionAsked {
        /// The question.
        question: Question,
    },
    /// An `ask_user` question was answered or withdrawn.
    QuestionAnswered {
        /// The question.
        request_id: RequestId,
        /// The answer; none when nobody answered.
        answer: Option<String>,
    },
    /// The todo list changed; the whole new list.
    TodosChanged {
        /// The list as the `todo` tool wrote it.
        #[ts(type = "unknown")]
        todos: serde_json::Value,
    },
    /// The provider failed in a way that may pass; it is asked again.
    RetryScheduled {
        /// Number of the coming attempt, from 2.
        attempt: u32,
        /// Wait before it, in milliseconds.
        #[ts(type = "number")]
        delay_ms: u64,
        /// What failed.
        reason: String,
    },
    /// Tokens of the request that just ended.
    UsageReported {
        /// The request's tokens.
        usage: Usage,
    },
    /// A request was counted: how full the context is.
    ContextChanged {
        /// Tokens of the request and its answer.
        #[ts(type = "number")]
        used_tokens: u64,
        /// Tokens the model takes; none when that is not known.
        #[ts(type = "number | null")]
        window: Option<u64>,
    },
    /// The older part of the conversation is being condensed.
    CompactionStarted {},
    /// Condensing ended; when both numbers are the same, it failed.
    CompactionFinished {
        /// Tokens of the next request before.
        #[ts(type = "number")]
        before_tokens: u64,
        /// Tokens of the next request now.
        #[ts(type = "number")]
        after_tokens: u64,
    },
    /// Something the user should know that ends nothing.
    Notice {
        /// How loud.
        level: NoticeLevel,
        /// One sentence.
        text: String,
    },
    /// The permission mode changed.
    ModeChanged {
        /// The mode in force from now on.
        mode: PermissionMode,
    },
    /// The turn is over.
    TurnFinished {
        /// The turn.
        turn_id: TurnId,
        /// Why it ended.
        reason: StopReason,
        /// The error, when the reason is `failed`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<ErrorInfo>,
        /// Tokens of the whole turn.
        usage: Usage,
        /// Wall time in milliseconds.
        #[ts(type = "number")]
        duration_ms: u64,
    },
}

/// Which stream live output came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutputStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How loud a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// Something works less well than it could.
    Warning,
}

/// Why a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The model had nothing more to do.
    Done,
    /// The user stopped it.
    Cancelled,
    /// A limit was reached.
    Limit,
    /// The model refused.
    Refused,
    /// A call that needed an answer got none, in a run without a user.
    Unanswered,
    /// An error ended it.
    Failed,
}
