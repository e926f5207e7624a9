//! Whether commands can be confined here, and what the gate must know of it.

use std::path::PathBuf;

use exec::Sandbox;
use protocol::{EventKind, NoticeLevel, PermissionMode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Engine, Inner, lock};
use crate::session::Session;

/// Whether commands can be confined on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SandboxStatus {
    /// They can.
    pub available: bool,
    /// What holds them, or what is missing.
    pub detail: String,
}

impl Engine {
    /// Looks whether commands can be confined here. The first look tries it
    /// out, which takes some milliseconds.
    pub async fn sandbox(&self) -> SandboxStatus {
        match Sandbox::of_machine().await {
            Ok(_) => SandboxStatus {
                available: true,
                detail: "bubblewrap, Landlock and a filter of system calls".to_owned(),
            },
            Err(why) => SandboxStatus {
                available: false,
                detail: why.to_string(),
            },
        }
    }
}

impl Inner {
    /// Tells the gate of a session in mode `auto` whether commands can be
    /// confined, and the user once when they cannot.
    pub(super) async fn wall_in(&self, session: &Session, mode: PermissionMode) {
        if mode != PermissionMode::Auto {
            return;
        }
        let why = match Sandbox::of_machine().await {
            Ok(_) => return session.set_sandbox(Some(self.own_places())),
            Err(why) => why,
        };
        session.set_sandbox(None);
        let text = format!("There is no sandbox here, so mode auto asks as ask does: {why}.");
        if lock(&self.told).insert(text.clone()) {
            session.emit(EventKind::Notice {
                level: NoticeLevel::Warning,
                text,
            });
        }
    }

    /// Settings, sessions and logs: other sessions' words, and keys that a
    /// file may hold.
    fn own_places(&self) -> Vec<PathBuf> {
        let home = &self.home;
        [&home.config, &home.data, &home.state, &home.cache]
            .into_iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect()
    }
}
