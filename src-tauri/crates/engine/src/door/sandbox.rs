//! Whether commands can be confined here, and what the gate must know of it.

use std::path::PathBuf;

use exec::{NoSandbox, Sandbox};
use protocol::{ErrorInfo, ErrorKind, EventKind, NoticeLevel, PermissionMode};
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
    /// confined.
    ///
    /// # Errors
    /// When they cannot; then the mode is refused.
    pub(super) async fn wall_in(
        &self,
        session: &Session,
        mode: PermissionMode,
    ) -> Result<(), ErrorInfo> {
        if mode != PermissionMode::Auto {
            return Ok(());
        }
        match Sandbox::of_machine().await {
            Ok(_) => {
                session.set_sandbox(Some(self.own_places()));
                Ok(())
            }
            Err(why) => {
                session.set_sandbox(None);
                Err(no_auto(&why))
            }
        }
    }

    /// Looks where a turn begins whether the session's mode may be used here
    /// and now; it may have come by settings, or from another machine. If not,
    /// the session works in mode `ask` from then on, and the user is told once.
    pub(super) async fn settle_mode(&self, session: &Session) -> Result<(), ErrorInfo> {
        let mode = session.mode();
        let may = match self.may_use(&session.workspace, mode).await {
            Ok(()) => self.wall_in(session, mode).await,
            refused => refused,
        };
        let Err(refused) = may else {
            return Ok(());
        };
        session.set_mode(PermissionMode::Ask);
        self.store
            .set_mode(&session.id, PermissionMode::Ask)
            .await?;
        let text = format!("{} This session works in mode ask.", refused.message);
        if lock(&self.told).insert(text.clone()) {
            session.emit(EventKind::Notice {
                level: NoticeLevel::Warning,
                text,
            });
        }
        Ok(())
    }

    /// Settings, sessions and logs: other sessions' words, and keys that a
    /// file may hold.
    pub(super) fn own_places(&self) -> Vec<PathBuf> {
        let home = &self.home;
        [&home.config, &home.data, &home.state, &home.cache]
            .into_iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect()
    }
}

fn no_auto(why: &NoSandbox) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("Mode auto is refused, because there is no sandbox here: {why}."),
        "`fam doctor` says what is missing. Choose another mode until it is there.",
    )
}
