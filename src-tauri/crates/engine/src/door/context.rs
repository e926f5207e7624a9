//! The context of a session, from outside a turn: what fills it, condensing
//! it by hand, taking that back, pins, and what was spent.

use std::sync::Arc;

use agent::context::Compaction;
use protocol::{ContextReport, ErrorInfo, ErrorKind, Message, Role, SessionId, Usage, UsageReport};
use provider::catalog;

use super::{Engine, Inner, turns};
use crate::clock::now_ms;
use crate::context::{ContextKeeper, ContextState, condense};
use crate::exchange;
use crate::session::Session;

impl Engine {
    /// What the next request of a session would hold.
    ///
    /// # Errors
    /// No such session, or no provider can be used.
    pub async fn context(&self, id: &SessionId) -> Result<ContextReport, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let keeper = keeper(&self.inner, &session).await?;
        let history = history(&self.inner, &session).await?;
        Ok(keeper.report(&history))
    }

    /// Condenses the older part of a session now; `focus` is what to keep
    /// above all. False when there is nothing to condense yet. May run beside
    /// a turn: what it says meanwhile stays as it is.
    ///
    /// # Errors
    /// No such session, no provider, or it cannot be made durable.
    pub async fn compact(&self, id: &SessionId, focus: Option<&str>) -> Result<bool, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let keeper = keeper(&self.inner, &session).await?;
        let claim = Arc::clone(&session.condensing).try_lock_owned();
        let Ok(_claim) = claim else {
            return Err(ErrorInfo::new(
                ErrorKind::Busy,
                "The conversation is being condensed already.",
                "Wait a moment.",
            ));
        };
        let history = history(&self.inner, &session).await?;
        condense(&keeper, &history, focus).await
    }

    /// Takes the last compaction back, exactly; false when there was none.
    ///
    /// # Errors
    /// No such session, or it cannot be made durable.
    pub async fn undo_compaction(&self, id: &SessionId) -> Result<bool, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let undone = self.inner.store.undo_compaction(id, now_ms()).await?;
        session.set_compaction(stored_compaction(&self.inner, id).await?);
        Ok(undone)
    }

    /// Pins the last answer, or unpins it; true when it is pinned now.
    ///
    /// # Errors
    /// No such session, no answer yet, or it cannot be made durable.
    pub async fn toggle_pin(&self, id: &SessionId) -> Result<bool, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let history = history(&self.inner, &session).await?;
        let is_answer =
            |message: &&Message| message.role == Role::Assistant && !message.text().is_empty();
        let last = history.iter().rev().find(is_answer);
        let Some(message) = last.map(|message| &message.id) else {
            return Err(ErrorInfo::new(
                ErrorKind::NotFound,
                "There is no answer to pin yet.",
                "Ask something first.",
            ));
        };
        let pinned = self.inner.store.toggle_pin(id, message).await?;
        session.set_pinned(self.inner.store.pins(id).await?);
        Ok(pinned)
    }

    /// What was spent: by day and model, and by turn of one session.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn usage_report(&self, id: Option<&SessionId>) -> Result<UsageReport, ErrorInfo> {
        let store = &self.inner.store;
        let mut days = store.usage_by_day().await?;
        for day in &mut days {
            day.cost_usd = cost(&day.provider, &day.model, &day.usage);
        }
        let mut turns = match id {
            Some(id) => store.usage_by_turn(id).await?,
            None => Vec::new(),
        };
        for turn in &mut turns {
            turn.cost_usd = cost(&turn.provider, &turn.model, &turn.usage);
        }
        Ok(UsageReport { days, turns })
    }
}

/// The context of a session as the store has it.
pub(super) async fn restored(inner: &Inner, id: &SessionId) -> Result<ContextState, ErrorInfo> {
    let compaction = stored_compaction(inner, id).await?;
    let pinned = inner.store.pins(id).await?;
    Ok(ContextState::restored(compaction, pinned))
}

async fn stored_compaction(inner: &Inner, id: &SessionId) -> Result<Option<Compaction>, ErrorInfo> {
    let stored = inner.store.compaction(id).await?;
    Ok(stored.map(|stored| Compaction {
        first_kept: stored.first_kept,
        text: stored.text,
        created_ms: stored.created_ms,
    }))
}

/// The history as it is now; a running turn keeps the session's own copy.
async fn history(inner: &Inner, session: &Session) -> Result<Vec<Message>, ErrorInfo> {
    if let Ok(history) = session.history.try_lock() {
        return Ok(history.clone());
    }
    let (messages, _) = inner.store.readable_messages(&session.id).await?;
    Ok(exchange::mend(messages))
}

async fn keeper(inner: &Arc<Inner>, session: &Arc<Session>) -> Result<ContextKeeper, ErrorInfo> {
    let chosen = inner.choose_provider(session).await?;
    Ok(turns::keeper(inner, session, &chosen).await)
}

/// The sums are of many requests, so a price that depends on the length of
/// one prompt is taken as for short ones.
pub(super) fn cost(provider: &str, model: &str, usage: &Usage) -> Option<f64> {
    let entry = catalog::load(provider).ok()?;
    let model = entry.model(model)?;
    let price = provider::catalog::Model {
        long_prompt: None,
        ..model.clone()
    };
    price.cost(usage)
}
