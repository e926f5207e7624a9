//! Spreads events to all subscribers, in order, without ever waiting for a
//! slow one: who falls too far behind is told so and reads the session anew.

use protocol::Event;
use tokio::sync::broadcast::{self, error::RecvError};

/// Events kept for a slow subscriber. At some 200 bytes an event this is
/// below 2 MB, and far more than one answer makes.
const BACKLOG: usize = 8192;

/// The sending side, shared by all sessions.
#[derive(Debug, Clone)]
pub(crate) struct Hub {
    tx: broadcast::Sender<Event>,
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
        let _ = self.tx.send(event);
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
    rx: broadcast::Receiver<Event>,
}

/// This many events were lost; read the sessions anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged(pub u64);

impl EventStream {
    /// The next event; `None` when the engine is gone. Cancel-safe.
    pub async fn next(&mut self) -> Option<Result<Event, Lagged>> {
        match self.rx.recv().await {
            Ok(event) => Some(Ok(event)),
            Err(RecvError::Lagged(count)) => Some(Err(Lagged(count))),
            Err(RecvError::Closed) => None,
        }
    }
}
