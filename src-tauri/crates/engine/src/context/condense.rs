//! One compaction: notes from the model, all else from the history, durable
//! before it is in force.

use agent::context::{Compaction, FALLBACK_STATE, Ledger, Material, summary_request};
use futures::StreamExt;
use protocol::{ErrorInfo, EventKind, Message, StopReason, ToolCall, TurnId, Usage};
use provider::StreamEvent;
use std::time::Duration;
use store::{StoredCompaction, TurnStart};

use super::ContextKeeper;
use crate::clock::now_ms;

/// Longest wait for the model's notes; without them the ledger alone stands.
const PATIENCE: Duration = Duration::from_secs(180);

/// Condenses the older part of `history`. False when there is nothing to
/// condense. `focus` is what the user wants kept above all.
///
/// # Errors
/// When it cannot be made durable; nothing changes then.
pub(crate) async fn condense(
    keeper: &ContextKeeper,
    history: &[Message],
    focus: Option<&str>,
) -> Result<bool, ErrorInfo> {
    let Some(cut) = keeper.cut(history) else {
        return Ok(false);
    };
    keeper.session.emit(EventKind::CompactionStarted {});
    let before = keeper.report(history).used;
    let notes = tokio::select! {
        // Cancel-safe: the stream is dropped, which closes the connection.
        () = keeper.shutdown.cancelled() => return Ok(false),
        notes = notes(keeper, history, focus) => notes,
    };
    let state = notes.unwrap_or_else(|| FALLBACK_STATE.to_owned());
    let compaction = Compaction {
        first_kept: history[cut].id.clone(),
        text: ledger(keeper, history, cut).render(&state),
        created_ms: now_ms(),
    };
    let kept = keeper
        .store
        .add_compaction(&keeper.session.id, &stored(&compaction))
        .await;
    if let Err(error) = kept {
        keeper.session.emit(EventKind::CompactionFinished {
            before_tokens: before,
            after_tokens: before,
        });
        return Err(error.into());
    }
    keeper.state().set_compaction(Some(compaction));
    keeper.session.emit(EventKind::CompactionFinished {
        before_tokens: before,
        after_tokens: keeper.report(history).used,
    });
    Ok(true)
}

fn ledger(keeper: &ContextKeeper, history: &[Message], cut: usize) -> Ledger {
    let pinned = keeper.state().pinned.clone();
    let todos = keeper.todos();
    let changes = |call: &ToolCall| {
        let tool = keeper.frame.registry.get(&call.name);
        tool.is_none_or(|tool| !tool.read_only())
    };
    Ledger::of(&Material {
        history,
        cut,
        pinned: &pinned,
        changes: &changes,
        todos: &todos,
    })
}

fn stored(compaction: &Compaction) -> StoredCompaction {
    StoredCompaction {
        first_kept: compaction.first_kept.clone(),
        text: compaction.text.clone(),
        created_ms: compaction.created_ms,
    }
}

/// What the model writes; none when it fails, takes too long, or says
/// nothing. The offline commander takes no notes.
async fn notes(keeper: &ContextKeeper, history: &[Message], focus: Option<&str>) -> Option<String> {
    if keeper.frame.offline {
        return None;
    }
    let messages = keeper.state().visible(history);
    let request = summary_request(keeper.frame.request(messages), focus, now_ms());
    let mut stream = keeper.frame.provider.stream(request);
    let started_ms = now_ms();
    let mut spent = Usage::default();
    let read = async {
        let mut text = String::new();
        while let Some(item) = stream.next().await {
            match item {
                Ok(StreamEvent::Text(more)) => text.push_str(&more),
                Ok(StreamEvent::Discarded) => text.clear(),
                Ok(StreamEvent::Usage(usage)) => spent = usage,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "no notes for the compaction");
                    return None;
                }
            }
        }
        Some(text)
    };
    let text = tokio::time::timeout(PATIENCE, read).await.ok().flatten();
    record(keeper, started_ms, spent).await;
    text.filter(|text| !text.trim().is_empty())
}

/// Books what the notes took as a turn of its own, so that sums and budgets
/// know of it.
async fn record(keeper: &ContextKeeper, at_ms: u64, usage: Usage) {
    if usage == Usage::default() {
        return;
    }
    keeper.session.emit(EventKind::UsageReported { usage });
    let start = TurnStart {
        session: keeper.session.id.clone(),
        turn: TurnId::new(),
        provider: keeper.frame.provider.id().to_owned(),
        model: keeper.frame.model.clone(),
        at_ms,
    };
    let store = &keeper.store;
    let booked = match store.turn_started(&start).await {
        Ok(()) => {
            store
                .turn_finished(&start.turn, StopReason::Done, usage, now_ms())
                .await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = booked {
        tracing::warn!(%error, "the use of a compaction could not be recorded");
    }
}
