//! What follows when a provider says that a conversation is too long: the
//! window is known to be smaller, and the older part is condensed at once.

use std::sync::Arc;

use agent::context::visible;
use protocol::Message;

use super::{ContextKeeper, condense, share};

/// Share of a refused request that is taken for the most the model takes.
/// Estimates are off by less, and a wrong guess is corrected by the next
/// refusal.
const LEARNT: f64 = 0.85;

/// Masking alone is enough when it leaves at most this share of what was
/// refused: nobody knows by how much it was too long.
const MASKED_ENOUGH: f64 = 0.5;

impl ContextKeeper {
    /// Makes room after a request with this history was refused as too long;
    /// true when the next one will be smaller.
    pub async fn overflowed(&self, history: &[Message]) -> bool {
        let refused = self.sent_tokens(history);
        let learnt = share(refused, LEARNT);
        tracing::info!(model = %self.frame.model, refused, "the conversation is too long for the model");
        self.state().learn(&self.frame.model, learnt);
        self.mask_more(history);
        if self.sent_tokens(history) <= share(refused, MASKED_ENOUGH) {
            return true;
        }
        let claim = Arc::clone(&self.session.condensing).lock_owned().await;
        // The one that ran may have been enough.
        if self.sent_tokens(history) > learnt {
            let (keeper, history) = (self.clone(), history.to_vec());
            let condensing = self.tasks.spawn(async move {
                let done = condense(&keeper, &history, None).await;
                keeper.tell(done);
                drop(claim);
            });
            if let Err(error) = condensing.await {
                tracing::error!(%error, "condensing broke off");
            }
        }
        self.sent_tokens(history) <= learnt
    }

    /// The messages a request for notes goes through; none when even they are
    /// more than the model takes.
    pub(super) fn for_notes(&self, history: &[Message]) -> Option<Vec<Message>> {
        let messages = self.state().visible(history);
        let Some(room) = self.room() else {
            return Some(messages);
        };
        if self.tokens(&messages) <= room {
            return Some(messages);
        }
        let compaction = self.state().compaction.clone();
        let masked = visible(history, compaction.as_ref(), history.len());
        (self.tokens(&masked) <= room).then_some(masked)
    }

    /// Tokens of the request this history becomes.
    fn sent_tokens(&self, history: &[Message]) -> u64 {
        let messages = self.state().visible(history);
        self.tokens(&messages)
    }
}
