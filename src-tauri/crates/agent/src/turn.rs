//! The loop itself: request, calls, results, again.

use std::path::PathBuf;
use std::sync::Arc;

use protocol::{
    Block, Effort, ErrorInfo, ErrorKind, EventKind, Message, MessageId, NoticeLevel, Origin, Role,
    StopReason, ToolCall, TurnId, Usage,
};
use provider::{Finish, Provider, Request};
use tokio_util::sync::CancellationToken;
use tool::{FileLedger, Registry};

use crate::answer::{self, Answer, AnswerEnd};
use crate::calls::{CallContext, run_calls};
use crate::limits::Used;
use crate::{Limits, TurnPorts, close_open_calls};

/// All that one turn needs.
pub struct Turn {
    /// The turn's id, also on every message it makes.
    pub id: TurnId,
    /// Who answers.
    pub provider: Arc<dyn Provider>,
    /// Model name in the provider's words.
    pub model: String,
    /// System prompt.
    pub system: String,
    /// Most tokens of one answer.
    pub max_output_tokens: u32,
    /// How hard to think.
    pub effort: Effort,
    /// The tools on offer.
    pub registry: Registry,
    /// Absolute path of the workspace.
    pub workspace: PathBuf,
    /// Files seen in this session.
    pub files: Arc<FileLedger>,
    /// What stops it.
    pub limits: Limits,
    /// Who stops it.
    pub cancel: CancellationToken,
}

/// How a turn ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnEnd {
    /// Why.
    pub reason: StopReason,
    /// The error, when the reason is `failed`.
    pub error: Option<ErrorInfo>,
    /// Tokens of all its requests.
    pub usage: Usage,
}

impl TurnEnd {
    /// A turn that ended before its first request.
    #[must_use]
    pub fn failed(error: ErrorInfo) -> Self {
        Self {
            reason: StopReason::Failed,
            error: Some(error),
            usage: Usage::default(),
        }
    }
}

/// Runs one turn on `history`, whose last message is the user's request.
/// New messages are appended to it as they become durable; whenever this
/// returns or is cancelled through `turn.cancel`, the history is valid.
pub async fn run_turn(
    turn: &Turn,
    ports: &Arc<dyn TurnPorts>,
    history: &mut Vec<Message>,
) -> TurnEnd {
    let mut progress = Progress::default();
    loop {
        if let Some(words) = turn.limits.reached(&progress.used) {
            ports.emit(EventKind::Notice {
                level: NoticeLevel::Warning,
                text: words,
            });
            return progress.end(StopReason::Limit, None);
        }
        match step(turn, ports, history, &mut progress).await {
            Ok(Step::Again) => {}
            Ok(Step::End(reason)) => return progress.end(reason, None),
            Err(error) => return progress.end(StopReason::Failed, Some(error)),
        }
    }
}

#[derive(Default)]
struct Progress {
    used: Used,
    unanswered: bool,
}

impl Progress {
    fn end(self, reason: StopReason, error: Option<ErrorInfo>) -> TurnEnd {
        let reason = match reason {
            StopReason::Done if self.unanswered => StopReason::Unanswered,
            reason => reason,
        };
        TurnEnd {
            reason,
            error,
            usage: self.used.usage,
        }
    }
}

enum Step {
    Again,
    End(StopReason),
}

/// One request and the calls it asks for.
async fn step(
    turn: &Turn,
    ports: &Arc<dyn TurnPorts>,
    history: &mut Vec<Message>,
    progress: &mut Progress,
) -> Result<Step, ErrorInfo> {
    let mut answer = ask(turn, ports, history, progress).await;
    if let Some(said) = answer.overflow()
        && may_ask_again(turn, ports, history, (progress, said)).await
    {
        // Nothing of it is kept, and none of its calls was run.
        ports.emit(EventKind::MessageDiscarded {
            message_id: answer.message_id,
        });
        answer = ask(turn, ports, history, progress).await;
    }
    let calls: Vec<ToolCall> = answer
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::ToolCall(call) => Some(call.clone()),
            _ => None,
        })
        .collect();
    if has_content(&answer.blocks) {
        let message = Message {
            id: answer.message_id,
            turn_id: turn.id.clone(),
            role: Role::Assistant,
            origin: Origin::Program,
            blocks: answer.blocks.into(),
            created_ms: ports.now_ms(),
        };
        append(ports, history, message).await?;
    } else {
        ports.emit(EventKind::MessageDiscarded {
            message_id: answer.message_id,
        });
    }

    match answer.end {
        AnswerEnd::Cancelled => {
            close(ports, history).await?;
            Ok(Step::End(StopReason::Cancelled))
        }
        AnswerEnd::Failed(error) => {
            close(ports, history).await?;
            Err(error)
        }
        AnswerEnd::Finished(finish) if calls.is_empty() => after_words(finish, ports),
        AnswerEnd::Finished(_) => after_calls(turn, ports, history, progress, calls).await,
    }
}

/// One request and its answer.
async fn ask(
    turn: &Turn,
    ports: &Arc<dyn TurnPorts>,
    history: &[Message],
    progress: &mut Progress,
) -> Answer {
    progress.used.requests += 1;
    let stream = turn.provider.stream(Request {
        model: turn.model.clone(),
        system: turn.system.clone(),
        messages: ports.fit(history).await,
        tools: turn.registry.specs().to_vec(),
        max_output_tokens: turn.max_output_tokens,
        effort: turn.effort,
    });
    let answer = answer::collect(stream, ports.as_ref(), &turn.cancel).await;
    ports.counted(&answer.usage);
    progress.used.usage += answer.usage;
    progress.used.spent_usd += turn.limits.cost(&answer.usage);
    answer
}

/// Makes room after a request that was too long; false when there is none to
/// be made, or no further request is allowed.
async fn may_ask_again(
    turn: &Turn,
    ports: &Arc<dyn TurnPorts>,
    history: &[Message],
    (progress, said): (&Progress, &str),
) -> bool {
    if turn.limits.reached(&progress.used).is_some() {
        return false;
    }
    tokio::select! {
        biased;
        () = turn.cancel.cancelled() => false,
        // Cancel-safe: what condenses goes on by itself.
        has_room = ports.overflowed(history, said) => has_room,
    }
}

/// A message of reasoning alone answers nothing and no wire takes it back.
fn has_content(blocks: &[Block]) -> bool {
    blocks
        .iter()
        .any(|block| matches!(block, Block::Text { .. } | Block::ToolCall(_)))
}

fn window_full() -> ErrorInfo {
    ErrorInfo {
        kind: ErrorKind::ContextOverflow,
        message: "The conversation fills the model's window, so the answer is cut.".into(),
        hints: vec![
            "Condense it with `/compact`, or start a new session.".into(),
            "Choose a model with a larger context window with `/model`.".into(),
        ],
    }
}

fn after_words(finish: Finish, ports: &Arc<dyn TurnPorts>) -> Result<Step, ErrorInfo> {
    match finish {
        Finish::EndTurn | Finish::ToolCalls => Ok(Step::End(StopReason::Done)),
        Finish::Pause => Ok(Step::Again),
        Finish::Refusal => Ok(Step::End(StopReason::Refused)),
        Finish::ContextFull => Err(window_full()),
        Finish::MaxTokens => {
            ports.emit(EventKind::Notice {
                level: NoticeLevel::Warning,
                text: "The answer reached the model's output limit and is cut. Say \"go on\" for the rest.".into(),
            });
            Ok(Step::End(StopReason::Limit))
        }
    }
}

async fn after_calls(
    turn: &Turn,
    ports: &Arc<dyn TurnPorts>,
    history: &mut Vec<Message>,
    progress: &mut Progress,
    calls: Vec<ToolCall>,
) -> Result<Step, ErrorInfo> {
    progress.used.calls += u32::try_from(calls.len()).unwrap_or(u32::MAX);
    let ctx = CallContext {
        ports,
        registry: &turn.registry,
        workspace: &turn.workspace,
        files: &turn.files,
        cancel: &turn.cancel,
    };
    let done = run_calls(&ctx, calls).await;
    progress.unanswered |= done.unanswered;
    let message = Message {
        id: MessageId::new(),
        turn_id: turn.id.clone(),
        role: Role::User,
        origin: Origin::Program,
        blocks: done.results.into_iter().map(Block::ToolResult).collect(),
        created_ms: ports.now_ms(),
    };
    append(ports, history, message).await?;
    if turn.cancel.is_cancelled() {
        return Ok(Step::End(StopReason::Cancelled));
    }
    Ok(Step::Again)
}

/// Makes `message` durable, then part of the history.
async fn append(
    ports: &Arc<dyn TurnPorts>,
    history: &mut Vec<Message>,
    message: Message,
) -> Result<(), ErrorInfo> {
    history.push(ports.append(message).await?);
    Ok(())
}

async fn close(ports: &Arc<dyn TurnPorts>, history: &mut Vec<Message>) -> Result<(), ErrorInfo> {
    if let Some(message) = close_open_calls(history, ports.now_ms()) {
        append(ports, history, message).await?;
    }
    Ok(())
}
