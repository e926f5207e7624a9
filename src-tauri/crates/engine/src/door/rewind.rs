//! The way back for files: plan, rewind, undo, redo. Messages are another
//! matter; a rewind of both is this and then that.

use std::sync::Arc;

use checkpoint::{CheckpointError, OnConflict, Pick, Settle, Timeline};
use protocol::{Cut, ErrorInfo, ErrorKind, MessageId, SessionId, SessionState, TurnId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Engine, Inner, job_failed, usable_workspace};
use crate::checkpoints::Rewind;
use crate::clock::now_ms;
use crate::session::Session;

/// What goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RewindScope {
    /// The files of the workspace.
    Files,
    /// The conversation.
    Chat,
    /// Both.
    Both,
}

impl Engine {
    /// Goes back to right before a message of the user. The files first: when
    /// they cannot, the conversation stays, too. What came after stays on its
    /// branch, and [`Engine::undo_code`] takes the files' part back.
    ///
    /// # Errors
    /// As [`Engine::rewind_code`] and [`Engine::rewind_session`].
    pub async fn rewind(
        &self,
        id: &SessionId,
        message: &MessageId,
        scope: RewindScope,
        on_conflict: OnConflict,
    ) -> Result<Rewind, ErrorInfo> {
        let files = if scope == RewindScope::Chat {
            Rewind::default()
        } else {
            self.rewind_code(id, message, on_conflict).await?
        };
        if scope != RewindScope::Files {
            self.rewind_session(id, &Cut::Before(message.clone()))
                .await?;
        }
        Ok(files)
    }

    /// What putting the files back as they were when `message` was sent would
    /// do now. Changes nothing.
    ///
    /// # Errors
    /// No such session, no checkpoint of this message, or one that cannot be
    /// read.
    pub async fn plan_code_rewind(
        &self,
        id: &SessionId,
        message: &MessageId,
    ) -> Result<Rewind, ErrorInfo> {
        let session = self.inner.session(id).await?;
        usable_workspace(&session.workspace)?;
        let message = message.clone();
        let plan = self.inner.checkpoints.with(&session, move |timeline| {
            let Some(target) = timeline.at_message(&message) else {
                return Ok(None);
            };
            timeline.plan(target, &Pick::All).map(Some)
        });
        plan.await?.map(Rewind::from).ok_or_else(no_checkpoint)
    }

    /// Puts the files back as they were when `message` was sent. What others
    /// changed since the last call goes with it only when `on_conflict` says
    /// so. [`Engine::undo_code`] takes it back.
    ///
    /// # Errors
    /// As [`Engine::plan_code_rewind`]; a turn runs; the disk is full; an
    /// earlier rewind was cut off. Nothing was changed then.
    pub async fn rewind_code(
        &self,
        id: &SessionId,
        message: &MessageId,
        on_conflict: OnConflict,
    ) -> Result<Rewind, ErrorInfo> {
        let message = message.clone();
        let done = alone(&self.inner, id, move |timeline| {
            let Some(target) = timeline.at_message(&message) else {
                return Ok(None);
            };
            timeline
                .rewind(target, &Pick::All, on_conflict, now_ms())
                .map(Some)
        });
        done.await?.map(Rewind::from).ok_or_else(no_checkpoint)
    }

    /// Takes back the latest change of files in this session: a turn's or a
    /// rewind's.
    ///
    /// # Errors
    /// As [`Engine::rewind_code`], and when there is nothing to undo.
    pub async fn undo_code(&self, id: &SessionId) -> Result<Rewind, ErrorInfo> {
        let done = alone(&self.inner, id, |timeline| timeline.undo(now_ms()));
        done.await.map(Rewind::from)
    }

    /// Makes the change of files again that was undone last.
    ///
    /// # Errors
    /// As [`Engine::rewind_code`], and when there is nothing to redo.
    pub async fn redo_code(&self, id: &SessionId) -> Result<Rewind, ErrorInfo> {
        let done = alone(&self.inner, id, |timeline| timeline.redo(now_ms()));
        done.await.map(Rewind::from)
    }

    /// True when a rewind of this session was cut off and waits for
    /// [`Engine::settle_code_rewind`].
    ///
    /// # Errors
    /// No such session, or the note of the rewind cannot be read.
    pub async fn has_unfinished_rewind(&self, id: &SessionId) -> Result<bool, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let unfinished = self
            .inner
            .checkpoints
            .with(&session, |timeline| timeline.unfinished());
        Ok(unfinished.await?.is_some())
    }

    /// Finishes a rewind that was cut off, or takes back what it did.
    ///
    /// # Errors
    /// As [`Engine::rewind_code`], and when none was cut off.
    pub async fn settle_code_rewind(
        &self,
        id: &SessionId,
        how: Settle,
    ) -> Result<Rewind, ErrorInfo> {
        let done = alone(&self.inner, id, move |timeline| {
            timeline.settle(how, now_ms())
        });
        done.await.map(Rewind::from)
    }
}

/// Works on the files of a session while no turn does. Goes on to its end
/// when the caller is gone.
async fn alone<T: Send + 'static>(
    inner: &Arc<Inner>,
    id: &SessionId,
    work: impl FnOnce(&mut Timeline) -> Result<T, CheckpointError> + Send + 'static,
) -> Result<T, ErrorInfo> {
    let session = inner.session(id).await?;
    usable_workspace(&session.workspace)?;
    if !session.begin(&TurnId::new(), &inner.shutdown.child_token()) {
        return Err(ErrorInfo::new(
            ErrorKind::Busy,
            "A turn is running in this session.",
            "Wait for it to end, or stop it first.",
        ));
    }
    let keeper = Arc::clone(&inner.checkpoints);
    let claimed: Arc<Session> = Arc::clone(&session);
    let job = inner.tasks.spawn(async move {
        let done = keeper.with(&claimed, work).await;
        claimed.files.forget();
        claimed.end(SessionState::Idle);
        done
    });
    job.await.unwrap_or_else(|error| Err(job_failed(&error)))
}

fn no_checkpoint() -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::NotFound,
        "There is no checkpoint of this message.",
        "It may have been dropped to stay within the disk quota; pick a later message.",
    )
}
