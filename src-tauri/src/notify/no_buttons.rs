//! Where notifications have no buttons that we could hear yet (macOS,
//! Windows): the question is announced, and answered elsewhere.

use protocol::RequestId;

use crate::brief::{Brief, Choice};

/// Nothing has to be kept here.
#[derive(Default)]
pub struct Questions;

impl Questions {
    /// Announces the question.
    pub fn ask(
        &self,
        _: RequestId,
        brief: Brief,
    ) -> impl Future<Output = Option<Choice>> + Send + use<> {
        async move {
            let shown = tokio::task::spawn_blocking(move || {
                super::show("Familiar asks for permission", &brief.title);
            });
            if let Err(error) = shown.await {
                tracing::warn!(%error, "the question could not be announced");
            }
            None
        }
    }

    /// A notification cannot be taken back here.
    pub fn withdraw(&self, _: &RequestId) {}
}
