//! One request to a fresh engine, up to the end of its turn.

use protocol::{ErrorInfo, EventKind, Message, StopReason};
use testkit::Workspace;

use super::turns::PATIENCE;
use crate::{Engine, Home, Options, Submission};

/// How the turn ended, and what the session holds then.
pub(super) struct Ended {
    pub(super) reason: StopReason,
    pub(super) error: Option<ErrorInfo>,
    pub(super) messages: Vec<Message>,
}

/// # Panics
/// When no event comes in time.
pub(super) async fn one_turn(options: Options, workspace: &Workspace, text: &str) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(Home::below(folder.path()), options)
        .await
        .unwrap();
    let mut events = engine.subscribe();
    let session = engine.start_session(workspace.root()).unwrap().id;
    engine
        .submit(&session, Submission::typed(text))
        .await
        .unwrap();
    let (reason, error) = loop {
        let event = tokio::time::timeout(PATIENCE, events.next()).await;
        let event = event.expect("an event comes in time").unwrap().unwrap();
        if let EventKind::TurnFinished { reason, error, .. } = event.kind {
            break (reason, error);
        }
    };
    let messages = engine.open_session(&session).await.unwrap().messages;
    engine.shutdown().await;
    Ended {
        reason,
        error,
        messages,
    }
}
