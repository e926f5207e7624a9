//! The loop's only ways out. `engine` stands behind them; tests and replays
//! put a recorder there.

use std::sync::Arc;

use async_trait::async_trait;
use permission::{CallPlan, Grant, Refusal, Verdict};
use protocol::{
    Answer, AnsweredBy, ErrorInfo, EventKind, Message, PermissionRequest, ToolCall, ToolResult,
    Usage,
};
use tool::{AskPort, Jobs, TrashPort};

/// Judges calls and remembers what was allowed for the session.
pub trait GatePort: Send + Sync {
    /// Judges one call under the mode in force now.
    fn judge(&self, call: &ToolCall, plan: &CallPlan) -> Verdict;

    /// Turns an answer into a grant.
    ///
    /// # Errors
    /// The refusal, when the answer was no.
    fn settle(&self, request: &PermissionRequest, answer: &Answer) -> Result<Grant, Refusal>;
}

/// What was decided on a call.
#[derive(Debug, Clone, Copy)]
pub enum Word<'a> {
    /// It runs.
    Allowed(&'a Grant),
    /// It does not.
    Refused(&'a Refusal),
}

/// Everything a turn needs from outside.
#[async_trait]
pub trait TurnPorts: Send + Sync {
    /// Makes a message durable, then tells subscribers. When this returns,
    /// the message survives a crash; what comes back is the message as it is
    /// kept, without what must not be kept.
    async fn append(&self, message: Message) -> Result<Message, ErrorInfo>;

    /// Tells subscribers.
    fn emit(&self, kind: EventKind);

    /// The messages of the next request, out of the whole history.
    async fn fit(&self, history: &[Message]) -> Vec<Message>;

    /// A request was refused, or its answer cut, because this history is more
    /// than the model takes; `said` is what the provider said of it, empty
    /// when the answer was cut. True when the next request will have less.
    async fn overflowed(&self, history: &[Message], said: &str) -> bool;

    /// Learns what the provider counted for the last request.
    fn counted(&self, usage: &Usage);

    /// A model called a decoy; nothing runs. It is told to the user and kept
    /// on record.
    async fn decoy_called(&self, call: &ToolCall);

    /// The gate's word on a call, for the record. An error means that it
    /// cannot be recorded; then the call must not run.
    async fn ruled(&self, call: &ToolCall, plan: &CallPlan, word: Word<'_>) -> Result<(), Refusal>;

    /// The result without what must not travel or be kept.
    fn cleaned(&self, result: ToolResult) -> ToolResult;

    /// What came of a call, for the record.
    async fn ended(&self, call: &ToolCall, result: &ToolResult);

    /// Looks at a call before the gate is asked; a refusal is final.
    async fn forbid(&self, call: &ToolCall, plan: &CallPlan) -> Option<Refusal>;

    /// The session's commands in the background.
    fn jobs(&self) -> Arc<Jobs>;

    /// Where deleted files go.
    fn trash(&self) -> Arc<dyn TrashPort>;

    /// Variables that commands get besides the usual ones.
    fn variables(&self) -> Vec<(String, String)>;

    /// Asks the user and waits, without a time limit, until an answer comes
    /// or the turn is cancelled (then `None`).
    async fn permit(&self, request: PermissionRequest) -> Option<(Answer, AnsweredBy)>;

    /// A call that may run is about to; it waits for this, at most until the
    /// turn is cancelled. `may_change` says that more than the agent's own
    /// notes may change.
    async fn before_run(&self, call: &ToolCall, plan: &CallPlan, may_change: bool);

    /// The call ended, in whatever way. What comes back is added to its
    /// result, for the model to read.
    async fn after_run(&self, call: &ToolCall, plan: &CallPlan, may_change: bool)
    -> Option<String>;

    /// The gate.
    fn gate(&self) -> &dyn GatePort;

    /// The way of tools to the user.
    fn ask(&self) -> Arc<dyn AskPort>;

    /// Unix time in milliseconds.
    fn now_ms(&self) -> u64;
}
