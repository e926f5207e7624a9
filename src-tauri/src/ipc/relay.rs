//! Carries events to the window, one batch per frame. Text deltas of one
//! message merge; nothing else is reordered or dropped. With the window
//! closed, nothing is kept: it reads the session anew when it opens.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use protocol::EventKind;
use tauri::ipc::Channel;
use tokio::sync::mpsc;

use super::types::ShellEvent;

/// One frame at 60 Hz: merging for longer shows, for shorter only costs.
const FRAME: Duration = Duration::from_millis(16);

/// Events between the core and the relay. Ten thousand small events are
/// below 4 MB; beyond, the window is told to read anew.
const QUEUE: usize = 10_000;

/// The sending side; cheap to use from any thread.
pub struct Relay {
    tx: mpsc::Sender<ShellEvent>,
    lost: std::sync::atomic::AtomicU64,
}

/// Where the window listens; none while it is closed.
#[derive(Default)]
pub struct Listener(Mutex<Option<Channel<Vec<ShellEvent>>>>);

impl Listener {
    /// Sends to this channel from now on.
    pub fn set(&self, channel: Option<Channel<Vec<ShellEvent>>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = channel;
    }

    fn send(&self, batch: Vec<ShellEvent>) {
        let mut channel = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = channel.as_ref() else { return };
        if let Err(error) = open.send(batch) {
            tracing::debug!(%error, "the window stopped listening");
            *channel = None;
        }
    }
}

impl Relay {
    /// A relay and the queue that [`pump`] empties.
    pub fn new() -> (Self, mpsc::Receiver<ShellEvent>) {
        let (tx, rx) = mpsc::channel(QUEUE);
        (
            Self {
                tx,
                lost: std::sync::atomic::AtomicU64::new(0),
            },
            rx,
        )
    }

    /// Queues an event; never waits.
    pub fn send(&self, event: ShellEvent) {
        use std::sync::atomic::Ordering::Relaxed;
        if self.tx.try_send(event).is_err() {
            self.lost.fetch_add(1, Relaxed);
            return;
        }
        if self.lost.load(Relaxed) > 0 {
            let count = self.lost.swap(0, Relaxed);
            if self.tx.try_send(ShellEvent::Lagged { count }).is_err() {
                self.lost.fetch_add(count, Relaxed);
            }
        }
    }
}

/// Sends what is queued, frame by frame, until the relay is gone.
pub async fn pump(mut queue: mpsc::Receiver<ShellEvent>, listener: std::sync::Arc<Listener>) {
    while let Some(first) = queue.recv().await {
        tokio::time::sleep(FRAME).await;
        let mut batch = vec![first];
        while let Ok(event) = queue.try_recv() {
            push_merged(&mut batch, event);
        }
        listener.send(batch);
    }
}

/// Appends `event`, or lets it flow into the last one if both are deltas of
/// the same text, or both levels.
fn push_merged(batch: &mut Vec<ShellEvent>, event: ShellEvent) {
    match (batch.last_mut(), event) {
        (Some(ShellEvent::Agent { event: last }), ShellEvent::Agent { event: next })
            if last.session_id == next.session_id =>
        {
            if let Some(unmerged) = merge(last, next) {
                batch.push(ShellEvent::Agent { event: unmerged });
            }
        }
        (
            Some(ShellEvent::Voice {
                event: last @ voice::VoiceEvent::Level { .. },
            }),
            ShellEvent::Voice {
                event: next @ voice::VoiceEvent::Level { .. },
            },
        ) => *last = next,
        (_, event) => batch.push(event),
    }
}

/// Merges `next` into `last`; gives it back when it does not belong there.
fn merge(last: &mut protocol::Event, next: protocol::Event) -> Option<protocol::Event> {
    match (&mut last.kind, &next.kind) {
        (
            EventKind::TextDelta { message_id, text },
            EventKind::TextDelta {
                message_id: same,
                text: more,
            },
        )
        | (
            EventKind::ThinkingDelta { message_id, text },
            EventKind::ThinkingDelta {
                message_id: same,
                text: more,
            },
        ) if message_id == same => text.push_str(more),
        (
            EventKind::ToolOutput {
                call_id,
                stream,
                text,
            },
            EventKind::ToolOutput {
                call_id: same,
                stream: same_stream,
                text: more,
            },
        ) if call_id == same && stream == same_stream => text.push_str(more),
        _ => return Some(next),
    }
    last.seq = next.seq;
    last.at_ms = next.at_ms;
    None
}

#[cfg(test)]
mod tests;
