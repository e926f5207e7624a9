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

/// Masking alone is enough when it leaves at most this share of what the model
/// takes: nobody may know by how much it was too long.
const MASKED_ENOUGH: f64 = 0.6;

/// Smaller numbers in a refusal are no counts of tokens.
const LEAST_COUNT: u64 = 512;

impl ContextKeeper {
    /// Makes room after a request with this history was refused as too long,
    /// in the words `said`; true when the next one will be smaller.
    pub async fn overflowed(&self, history: &[Message], said: &str) -> bool {
        let refused = self.sent_tokens(history);
        let learnt = share(refused, LEARNT * stated_share(said).unwrap_or(1.0));
        tracing::info!(model = %self.frame.model, refused, "the conversation is too long for the model");
        self.state().learn(&self.frame.model, learnt);
        self.mask_more(history);
        if self.sent_tokens(history) <= share(learnt, MASKED_ENOUGH) {
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
        // What is said of the model may be wrong; trying costs one request.
        self.sent_tokens(history) <= share(refused, LEARNT)
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

/// Which share of the refused request the model would have taken, where the
/// provider says both numbers: "9000 tokens > 8192 maximum". The largest is
/// taken for the request, the next for the model; which of the rest it is
/// matters little, since far less than all is kept.
fn stated_share(said: &str) -> Option<f64> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    let words = said.split(|c: char| !is_part(c));
    let counts = words.filter_map(|word| word.trim_matches(['.', ':']).parse::<u64>().ok());
    let mut counts: Vec<u64> = counts.filter(|count| *count >= LEAST_COUNT).collect();
    counts.sort_unstable();
    counts.dedup();
    let [.., limit, asked] = counts[..] else {
        return None;
    };
    #[expect(clippy::cast_precision_loss, reason = "token counts stay below 2^52")]
    let share = limit as f64 / asked as f64;
    Some(share)
}

#[cfg(test)]
mod tests;
