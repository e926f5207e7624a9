//! Requests to a model that are not part of a conversation, such as notes for a
//! compaction or a title: one answer as text, its use booked like a turn's.
//!
//! They run in tasks of the engine and never delay the user's own request.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use protocol::{EventKind, StopReason, TurnId, Usage};
use provider::{Provider, Request, StreamEvent};
use store::{Store, TurnStart};
use tokio_util::sync::CancellationToken;

use crate::clock::now_ms;
use crate::session::Session;

/// Where side jobs of a session run and are booked.
pub(crate) struct SideJobs<'a> {
    pub session: &'a Arc<Session>,
    pub store: &'a Store,
    pub provider: &'a Arc<dyn Provider>,
    /// Ends the job at once.
    pub shutdown: &'a CancellationToken,
}

impl SideJobs<'_> {
    /// The text of the answer; none when it failed, took longer than
    /// `patience`, or said nothing.
    pub async fn text(&self, request: Request, patience: Duration) -> Option<String> {
        let model = request.model.clone();
        let started_ms = now_ms();
        let mut spent = Usage::default();
        let read = self.read(request, &mut spent);
        let text = tokio::select! {
            // Cancel-safe: the stream is dropped, which closes the connection.
            () = self.shutdown.cancelled() => None,
            text = tokio::time::timeout(patience, read) => text.ok().flatten(),
        };
        self.book(model, started_ms, spent).await;
        text.filter(|text| !text.trim().is_empty())
    }

    async fn read(&self, request: Request, spent: &mut Usage) -> Option<String> {
        let mut stream = self.provider.stream(request);
        let mut text = String::new();
        while let Some(item) = stream.next().await {
            match item {
                Ok(StreamEvent::Text(more)) => text.push_str(&more),
                Ok(StreamEvent::Discarded) => text.clear(),
                Ok(StreamEvent::Usage(usage)) => *spent = usage,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "a side job got no answer");
                    return None;
                }
            }
        }
        Some(text)
    }

    /// Books the use as a turn of its own, so that sums and budgets know of it.
    async fn book(&self, model: String, at_ms: u64, usage: Usage) {
        if usage == Usage::default() {
            return;
        }
        self.session.emit(EventKind::UsageReported { usage });
        let start = TurnStart {
            session: self.session.id.clone(),
            turn: TurnId::new(),
            provider: self.provider.id().to_owned(),
            model,
            at_ms,
        };
        let booked = match self.store.turn_started(&start).await {
            Ok(()) => {
                self.store
                    .turn_finished(&start.turn, StopReason::Done, usage, now_ms())
                    .await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = booked {
            tracing::warn!(%error, "the use of a side job could not be recorded");
        }
    }
}
