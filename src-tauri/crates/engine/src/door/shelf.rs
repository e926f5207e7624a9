//! The shelf of sessions: search, lists, archive and trash, and what comes in
//! from other programs.

use std::path::{Path, PathBuf};

use protocol::{
    ErrorInfo, ErrorKind, Place, SearchPage, SessionEntry, SessionId, SessionPage, SessionState,
    SessionSummary, ShelfQuery, TrashSize,
};
use serde::Serialize;
use store::{Provenance, StoreError, Trash};
use ts_rs::TS;

use super::history::Claim;
use super::{Engine, lock, off_runtime};
use crate::clock::now_ms;
use crate::import::{self, Conversation, ImportSource, Skipped};
use crate::redaction;
use crate::title;

/// How long a session stays in the trash before it is removed for good.
pub const TRASH_DAYS: u64 = 30;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What to remove from the trash for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrashScope {
    /// Everything in it.
    All,
    /// What has been there for this many days.
    OlderThanDays(u64),
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct Imported {
    /// The new sessions.
    pub sessions: Vec<SessionSummary>,
    /// Conversations that were here before.
    #[ts(type = "number")]
    pub known: u64,
    /// Conversations without a message.
    #[ts(type = "number")]
    pub empty: u64,
    /// What could not be read, by file.
    pub skipped: Vec<Skipped>,
}

impl Engine {
    /// Messages and titles that hold all words, best first.
    ///
    /// # Errors
    /// When the store cannot be read; never for what was typed.
    pub async fn search(&self, query: &ShelfQuery) -> Result<SearchPage, ErrorInfo> {
        Ok(self.inner.store.search(query).await?)
    }

    /// One page of the sessions that fit the query, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn shelf(&self, query: &ShelfQuery) -> Result<SessionPage, ErrorInfo> {
        let mut page = self.inner.store.shelf(query).await?;
        let open = lock(&self.inner.sessions);
        for entry in &mut page.entries {
            if let Some(session) = open.get(&entry.summary.id) {
                entry.summary = session.summary();
            }
        }
        Ok(page)
    }

    /// The session whose id begins with `start`.
    ///
    /// # Errors
    /// `NotFound` when there is none, `Usage` when there are several.
    pub async fn find_session(&self, start: &str) -> Result<SessionEntry, ErrorInfo> {
        let start = start.trim();
        let mut found = match start {
            "" => Vec::new(),
            _ => self.inner.store.sessions_by_prefix(start).await?,
        };
        if let Some(exact) = found
            .iter()
            .position(|one| one.summary.id.as_str() == start)
        {
            return Ok(found.swap_remove(exact));
        }
        match found.len() {
            0 => Err(ErrorInfo::new(
                ErrorKind::NotFound,
                format!("There is no session `{start}`."),
                "`fam session list --all` shows the sessions there are.",
            )),
            1 => Ok(found.swap_remove(0)),
            _ => Err(ambiguous(start, &found)),
        }
    }

    /// Puts a session into the list, the archive or the trash.
    ///
    /// # Errors
    /// No such session, a turn runs in it, or the store cannot be written.
    pub async fn place_session(&self, id: &SessionId, place: Place) -> Result<(), ErrorInfo> {
        let open = lock(&self.inner.sessions).get(id).cloned();
        let Some(session) = open else {
            return Ok(self.inner.store.place(id, place, now_ms()).await?);
        };
        let claim = Claim::of(&session)?;
        if session.is_stored() {
            self.inner.store.place(id, place, now_ms()).await?;
        }
        drop(claim);
        if place == Place::Trashed {
            self.inner.forget(id);
        }
        Ok(())
    }

    /// Removes sessions of the trash for good, with their checkpoints; tells
    /// how many.
    ///
    /// # Errors
    /// When the store cannot be written. What is removed stays removed.
    pub async fn empty_trash(&self, scope: TrashScope) -> Result<u64, ErrorInfo> {
        let now = now_ms();
        let trash = match scope {
            TrashScope::All => Trash::All,
            TrashScope::OlderThanDays(days) => {
                Trash::Before(now.saturating_sub(days.saturating_mul(DAY_MS)))
            }
        };
        let removed = self.inner.store.empty_trash(trash, now).await?;
        for id in &removed {
            self.clean_up_after(id).await;
        }
        Ok(removed.len() as u64)
    }

    /// What emptying the trash would remove.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn trash_size(&self) -> Result<TrashSize, ErrorInfo> {
        Ok(self.inner.store.trash_size().await?)
    }

    /// Removes one session of the trash for good, with its checkpoints.
    ///
    /// # Errors
    /// `NotFound` when the trash has no such session, or the store cannot be
    /// written.
    pub async fn delete_session(&self, id: &SessionId) -> Result<(), ErrorInfo> {
        self.inner.store.remove_trashed(id).await?;
        self.clean_up_after(id).await;
        Ok(())
    }

    /// What a session that was removed for good leaves in memory and beside
    /// the store.
    async fn clean_up_after(&self, id: &SessionId) {
        self.inner.forget(id);
        // What is left over goes with the quota's next sweep.
        if let Err(error) = self.inner.checkpoints.forget(id).await {
            tracing::warn!(session = %id, %error, "checkpoints could not be removed");
        }
    }

    /// Brings in what another program wrote, from `folder` or from where it
    /// usually is. Nothing there is changed; what was brought in before is
    /// left as it is.
    ///
    /// # Errors
    /// `NotFound` when there is no such folder, or the store cannot be
    /// written. Files that cannot be read are named in the answer.
    pub async fn import_sessions(
        &self,
        source: ImportSource,
        folder: Option<&Path>,
    ) -> Result<Imported, ErrorInfo> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => source.usual_folder()?,
        };
        let files = off_runtime(move || import::files(source, &folder)).await?;
        let mut imported = Imported::default();
        for file in files {
            self.import_file(source, file, &mut imported).await?;
        }
        Ok(imported)
    }

    async fn import_file(
        &self,
        source: ImportSource,
        file: PathBuf,
        imported: &mut Imported,
    ) -> Result<(), ErrorInfo> {
        let read = off_runtime(move || Ok(import::read(source, &file))).await?;
        imported.skipped.extend(read.skipped);
        let Some(conversation) = read.conversation else {
            imported.empty += 1;
            return Ok(());
        };
        let (mut summary, provenance, mut messages) = shelve(source, conversation);
        let redactor = &self.inner.redactor;
        summary.title = redactor.redact(&summary.title).into_owned();
        for message in &mut messages {
            if let Some(clean) = redaction::message(redactor, message) {
                *message = clean;
            }
        }
        let added = self
            .inner
            .store
            .add_session(&summary, provenance, messages, now_ms())
            .await;
        match added {
            Ok(()) => imported.sessions.push(summary),
            Err(StoreError::AlreadyImported { .. }) => imported.known += 1,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

fn shelve(
    source: ImportSource,
    conversation: Conversation,
) -> (SessionSummary, Provenance, Vec<protocol::Message>) {
    let messages = conversation.messages;
    let first = messages
        .iter()
        .find(|message| message.role == protocol::Role::User && !message.text().trim().is_empty());
    let title = conversation
        .title
        .or_else(|| first.map(protocol::Message::text))
        .unwrap_or_default();
    let time = |message: Option<&protocol::Message>| message.map_or(0, |one| one.created_ms);
    let summary = SessionSummary {
        id: SessionId::new(),
        title: title::from_request(&title),
        workspace: conversation.workspace,
        state: SessionState::Idle,
        created_ms: time(messages.first()),
        updated_ms: time(messages.last()),
        message_count: messages.len() as u64,
    };
    let origin = format!("{}:{}", source.name(), conversation.id);
    (summary, Provenance::Import(origin), messages)
}

fn ambiguous(start: &str, found: &[SessionEntry]) -> ErrorInfo {
    let candidates = found
        .iter()
        .map(|entry| format!("{}  {}", entry.summary.id, entry.summary.title));
    ErrorInfo {
        kind: ErrorKind::Usage,
        message: format!("Several sessions begin with `{start}`."),
        hints: std::iter::once("Give more of the id:".to_owned())
            .chain(candidates)
            .collect(),
    }
}
