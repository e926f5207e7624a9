//! One compaction: notes from the model, all else from the history, durable
//! before it is in force.

use agent::context::{Compaction, FALLBACK_STATE, Ledger, Material, summary_request};
use protocol::{ErrorInfo, EventKind, Message, ToolCall};
use std::time::Duration;
use store::StoredCompaction;

use super::ContextKeeper;
use crate::clock::now_ms;
use crate::side_job::SideJobs;

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
    let notes = notes(keeper, history, focus).await;
    if keeper.shutdown.is_cancelled() {
        return Ok(false);
    }
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
/// nothing, or the conversation is too long to ask for it. The offline commander takes no notes.
async fn notes(keeper: &ContextKeeper, history: &[Message], focus: Option<&str>) -> Option<String> {
    if keeper.frame.offline {
        return None;
    }
    let messages = keeper.for_notes(history)?;
    let request = summary_request(keeper.frame.request(messages), focus, now_ms());
    let jobs = SideJobs {
        session: &keeper.session,
        store: &keeper.store,
        provider: &keeper.frame.provider,
        shutdown: &keeper.shutdown,
    };
    jobs.text(request, PATIENCE).await
}
