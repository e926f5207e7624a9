//! Events on their way to the shell. A slow shell loses levels, which the
//! next one replaces, and nothing else; the actor never waits for it.

use std::collections::VecDeque;

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

use super::VoiceEvent;

/// Far more than a shell can be behind and live; then the oldest go.
const MOST_WAITING: usize = 256;

#[derive(Debug)]
pub(super) struct Outbox {
    tx: Sender<VoiceEvent>,
    waiting: VecDeque<VoiceEvent>,
}

impl Outbox {
    pub(super) fn new(tx: Sender<VoiceEvent>) -> Self {
        Self {
            tx,
            waiting: VecDeque::new(),
        }
    }

    pub(super) fn send(&mut self, event: VoiceEvent) {
        let level = matches!(event, VoiceEvent::Level { .. });
        if level && !self.waiting.is_empty() {
            return;
        }
        self.waiting.push_back(event);
        self.flush();
        if level {
            self.waiting
                .retain(|event| !matches!(event, VoiceEvent::Level { .. }));
        }
        if self.waiting.len() > MOST_WAITING {
            tracing::warn!("the shell does not read voice events");
            self.waiting.pop_front();
        }
    }

    /// Sends what waits as far as there is room; true when all is gone.
    pub(super) fn flush(&mut self) -> bool {
        while let Some(event) = self.waiting.pop_front() {
            match self.tx.try_send(event) {
                Ok(()) => {}
                Err(TrySendError::Full(event)) => {
                    self.waiting.push_front(event);
                    return false;
                }
                Err(TrySendError::Closed(_)) => self.waiting.clear(),
            }
        }
        true
    }
}

#[cfg(test)]
mod tests;
