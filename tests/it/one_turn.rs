//! One request to a fresh engine that may do everything, up to the end of its
//! turn.

use engine::{Engine, Home, Options, Submission};
use protocol::{ErrorInfo, EventKind, Message, PermissionMode, StopReason};
use testkit::Workspace;

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// How the turn ended, and what the session holds then.
pub struct Ended {
    pub reason: StopReason,
    pub error: Option<ErrorInfo>,
    pub messages: Vec<Message>,
}

/// `notes.txt` with two lines is there to be read.
pub async fn one_turn(options: Options, submission: Submission) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new().with_file("notes.txt", "one\ntwo\n");
    let options = Options {
        permission_mode: Some(PermissionMode::Bypass),
        unattended: true,
        ..options
    };
    let engine = Engine::open(Home::below(folder.path()), options)
        .await
        .unwrap();
    let mut events = engine.subscribe();
    let session = engine.start_session(workspace.root()).unwrap().id;
    engine.submit(&session, submission).await.unwrap();
    loop {
        let event = tokio::time::timeout(PATIENCE, events.next()).await;
        let event = event.expect("an event comes in time").unwrap().unwrap();
        if let EventKind::TurnFinished { reason, error, .. } = event.kind {
            let messages = engine.open_session(&session).await.unwrap().messages;
            engine.shutdown().await;
            return Ended {
                reason,
                error,
                messages,
            };
        }
    }
}
