//! The store at its door: real files, real processes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod audit;
mod branches;
mod compactions;
mod crash;
mod damage;
mod places;
mod searching;
mod spending;
mod transcript;
mod trust;
mod turns;
mod versions;

use std::path::PathBuf;

use protocol::{
    Block, Message, MessageId, Origin, Role, SessionId, SessionState, SessionSummary, TurnId,
};
use tempfile::TempDir;

use crate::Store;

/// A folder that goes away with the test, and a database file in it.
fn fresh() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("sessions.db");
    (folder, path)
}

fn summary(id: &str, title: &str, updated_ms: u64) -> SessionSummary {
    SessionSummary {
        id: SessionId::from(id),
        title: title.to_owned(),
        workspace: "/home/ada/project".to_owned(),
        state: SessionState::Idle,
        created_ms: 1,
        updated_ms,
        message_count: 0,
    }
}

fn text(id: &str, text: &str, created_ms: u64) -> Message {
    Message {
        id: MessageId::from(id),
        turn_id: TurnId::from("turn"),
        role: Role::User,
        origin: Origin::Typed,
        blocks: vec![Block::Text {
            text: text.to_owned(),
        }]
        .into(),
        created_ms,
    }
}

async fn store_with_session(path: &std::path::Path) -> (Store, SessionId) {
    let store = Store::open(path).await.unwrap();
    let session = summary("s1", "First", 10);
    store.create_session(&session).await.unwrap();
    (store, session.id)
}
