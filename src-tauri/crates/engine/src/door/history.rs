//! Histories: reading them in pages, going back in them, forking them. What
//! is cut away stays on its branch; a running turn keeps its session.

use std::sync::Arc;

use agent::close_open_calls;
use protocol::{
    Ancestor, Branch, Cut, CutMade, ErrorInfo, ErrorKind, Message, MessageId, MessagePage,
    SessionId, SessionState, SessionSummary, TurnId,
};
use serde::Serialize;
use store::{PageAt, Provenance, Store};
use ts_rs::TS;

use super::{Engine, Inner, lock};
use crate::clock::now_ms;
use crate::session::Session;
use crate::{SessionView, exchange, title};

/// Messages a window gets at first: several screens, and far below what
/// would make opening slow.
const VIEW_MESSAGES: u32 = 200;

/// A new session that begins with another one's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Forked {
    /// The new session.
    pub summary: SessionSummary,
    /// How much of the old one it has.
    pub cut: CutMade,
}

impl Engine {
    /// Messages before the message `before`, at most `limit` of them.
    ///
    /// # Errors
    /// No such session or message, or the store cannot be read.
    pub async fn older_messages(
        &self,
        id: &SessionId,
        before: &MessageId,
        limit: u32,
    ) -> Result<MessagePage, ErrorInfo> {
        self.page(id, PageAt::Before(before.clone()), limit).await
    }

    /// Messages after the message `after`, at most `limit` of them. The first
    /// may be the result of a call that stands before.
    ///
    /// # Errors
    /// No such session or message, or the store cannot be read.
    pub async fn newer_messages(
        &self,
        id: &SessionId,
        after: &MessageId,
        limit: u32,
    ) -> Result<MessagePage, ErrorInfo> {
        let at = PageAt::After(after.clone());
        Ok(self.inner.store.message_page(id, at, limit).await?)
    }

    /// A message, as a search found it, with what stands around it.
    ///
    /// # Errors
    /// No such session or message, or the store cannot be read.
    pub async fn messages_around(
        &self,
        id: &SessionId,
        message: &MessageId,
        limit: u32,
    ) -> Result<MessagePage, ErrorInfo> {
        self.page(id, PageAt::Around(message.clone()), limit).await
    }

    async fn page(&self, id: &SessionId, at: PageAt, limit: u32) -> Result<MessagePage, ErrorInfo> {
        let mut page = self.inner.store.message_page(id, at, limit).await?;
        page.older += exchange::without_orphans_at_start(&mut page.messages) as u64;
        Ok(page)
    }

    /// A session with its whole history, to be written out.
    ///
    /// # Errors
    /// No such session, or the store cannot be read.
    pub async fn whole_session(&self, id: &SessionId) -> Result<SessionView, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let mut view = session.view();
        if session.is_stored() {
            let (messages, unreadable) = self.inner.store.readable_messages(id).await?;
            view.unreadable = some_of(unreadable.len() as u64);
            complete(&mut view, messages);
        }
        Ok(view)
    }

    /// A new session with the history of `id` up to the cut.
    ///
    /// # Errors
    /// No such session or message, or the store cannot be written.
    pub async fn fork_session(&self, id: &SessionId, cut: &Cut) -> Result<Forked, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let (mut messages, _) = self.inner.store.readable_messages(id).await?;
        let cut = exchange::cut(&messages, cut)?;
        messages.truncate(usize::try_from(cut.kept).unwrap_or(usize::MAX));
        let mut messages = exchange::mend(messages);
        for message in &mut messages {
            message.id = MessageId::new();
        }
        let now = now_ms();
        let old = session.summary();
        let summary = SessionSummary {
            id: SessionId::new(),
            title: title::from_request(&format!("{} (fork)", old.title)),
            workspace: old.workspace,
            state: SessionState::Idle,
            created_ms: now,
            updated_ms: now,
            message_count: messages.len() as u64,
        };
        let parent = Ancestor {
            session_id: id.clone(),
            message_id: cut.last_kept.clone(),
        };
        let store = &self.inner.store;
        store
            .add_session(&summary, Provenance::Fork(parent), messages, now)
            .await?;
        store.set_mode(&summary.id, session.mode()).await?;
        Ok(Forked { summary, cut })
    }

    /// Ends the session's history at the cut, to send another request from
    /// there. What came after stays on its branch: see
    /// [`Engine::branches`] and [`Engine::choose_branch`].
    ///
    /// # Errors
    /// No such session or message, a turn runs, or the store cannot be
    /// written.
    pub async fn rewind_session(&self, id: &SessionId, cut: &Cut) -> Result<CutMade, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let claim = Claim::of(&session)?;
        let (messages, _) = self.inner.store.readable_messages(id).await?;
        let cut = exchange::cut(&messages, cut)?;
        self.inner
            .store
            .rewind(id, cut.last_kept.as_ref(), now_ms())
            .await?;
        reload(&self.inner, &session).await?;
        drop(claim);
        Ok(cut)
    }

    /// The lines of history the session has; none before its first message.
    ///
    /// # Errors
    /// No such session, or the store cannot be read.
    pub async fn branches(&self, id: &SessionId) -> Result<Vec<Branch>, ErrorInfo> {
        let open = lock(&self.inner.sessions).get(id).cloned();
        if open.is_some_and(|session| !session.is_stored()) {
            return Ok(Vec::new());
        }
        Ok(self.inner.store.branches(id).await?)
    }

    /// Goes on with another line of the session's history.
    ///
    /// # Errors
    /// No such session or branch, a turn runs, or the store cannot be
    /// written.
    pub async fn choose_branch(&self, id: &SessionId, number: u64) -> Result<(), ErrorInfo> {
        let open = lock(&self.inner.sessions).get(id).cloned();
        let Some(session) = open else {
            // Not opened first: a damaged branch could not be opened.
            return Ok(self.inner.store.choose_branch(id, number).await?);
        };
        let claim = Claim::of(&session)?;
        self.inner.store.choose_branch(id, number).await?;
        reload(&self.inner, &session).await?;
        drop(claim);
        Ok(())
    }
}

/// The session as a window shows it when it opens one.
pub(super) async fn view(inner: &Inner, id: &SessionId) -> Result<SessionView, ErrorInfo> {
    let session = inner.session(id).await?;
    // The view first: what happens between the two reads is in the events
    // after `last_seq`, and a message seen twice has one id.
    let mut view = session.view();
    if session.is_stored() {
        let mut page = inner
            .store
            .message_page(id, PageAt::Latest, VIEW_MESSAGES)
            .await?;
        let orphans = exchange::without_orphans_at_start(&mut page.messages) as u64;
        view.older = some_of(page.older + orphans);
        view.unreadable = some_of(page.unreadable.len() as u64);
        complete(&mut view, page.messages);
    }
    Ok(view)
}

/// A stored history as a turn needs it: damaged rows left out, exchanges made
/// whole, and closed where a crash left calls open.
pub(super) async fn mended(store: &Store, id: &SessionId) -> Result<Vec<Message>, ErrorInfo> {
    let (messages, unreadable) = store.readable_messages(id).await?;
    if !unreadable.is_empty() {
        tracing::warn!(session = %id, count = unreadable.len(), "the session goes on without damaged messages");
    }
    let mut history = exchange::mend(messages);
    if let Some(message) = close_open_calls(&history, now_ms()) {
        store.append_message(id, &message).await?;
        history.push(message);
    }
    Ok(history)
}

/// Puts the answer that streams, if any, behind what is stored.
fn complete(view: &mut SessionView, mut messages: Vec<Message>) {
    view.messages
        .retain(|partial| messages.iter().all(|message| message.id != partial.id));
    messages.append(&mut view.messages);
    view.messages = messages;
}

fn some_of(count: u64) -> Option<u64> {
    Some(count).filter(|count| *count > 0)
}

async fn reload(inner: &Inner, session: &Session) -> Result<(), ErrorInfo> {
    let history = mended(&inner.store, &session.id).await?;
    session.files.forget();
    session.history_changed(&history);
    *session.history.lock().await = history;
    Ok(())
}

/// Keeps turns out of a session while its history changes.
pub(super) struct Claim<'a> {
    session: &'a Session,
    state: SessionState,
}

impl<'a> Claim<'a> {
    pub(super) fn of(session: &'a Arc<Session>) -> Result<Self, ErrorInfo> {
        let state = session.summary().state;
        let nothing = tokio_util::sync::CancellationToken::new();
        if session.begin(&TurnId::new(), &nothing) {
            return Ok(Self { session, state });
        }
        Err(ErrorInfo::new(
            ErrorKind::Busy,
            "A turn is running in this session.",
            "Wait for it to end, or stop it first.",
        ))
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.session.end(self.state);
    }
}

impl Inner {
    /// Forgets the open session, so that the next call reads the store.
    pub(super) fn forget(&self, id: &SessionId) {
        lock(&self.sessions).remove(id);
    }
}
