//! Spreads events to all subscribers, in order, without ever waiting for a
//! slow one: who falls too far behind is told so and reads the session anew.

use std::sync::Arc;

use protocol::Event;
use tokio::sync::broadcast::{self, error::RecvError};

/// Events kept for a slow subscriber: some 20 s of the fastest models. The
/// channel makes room for all of them at once, 40 bytes each.
const BACKLOG: usize = 4096;

/// The sending side, shared by all sessions.
#[derive(Debug, Clone)]
pub(crate) struct Hub {
    /// Behind a pointer, since the channel's room is as large as its items.
    tx: broadcast::Sender<Arc<Event>>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self {
            tx: broadcast::channel(BACKLOG).0,
        }
    }

    /// Sends to whoever listens now.
    pub(crate) fn send(&self, event: Event) {
        // No subscriber is no error: the store has what must last.
        let _ = self.tx.send(Arc::new(event));
    }

    pub(crate) fn subscribe(&self) -> EventStream {
        EventStream {
            rx: self.tx.subscribe(),
        }
    }
}

/// The receiving side.
#[derive(Debug)]
pub struct EventStream {
    rx: broadcast::Receiver<Arc<Event>>,
}

/// This many events were lost; read the sessions anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged(pub u64);

impl EventStream {
    /// The next event; `None` when the engine is gone. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Event, Lagged>> {
        match self.rx.recv().await {
            Ok(event) => Some(Ok(Arc::unwrap_or_clone(event))),
            Err(RecvError::Lagged(count)) => Some(Err(Lagged(count))),
            Err(RecvError::Closed) => None,
        }
    }
}
