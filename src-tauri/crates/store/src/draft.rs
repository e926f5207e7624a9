//! Brings in whole conversations: forks and imports. They are written in
//! steps, so that other sessions can write in between, and show up at once
//! when complete; what a crash leaves half-made is never seen.

use protocol::{Ancestor, Message, Place, SessionId, SessionSummary};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::Store;
use crate::encoding::to_sql;
use crate::error::{Fault, StoreError};
use crate::{index, session, shelf};

/// Messages written in one step; a step stays well below what a waiting
/// append would notice.
const STEP: usize = 100;

/// Where a conversation that is brought in comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// Another session of this store.
    Fork(Ancestor),
    /// Another program: `<program>:<its id>`. The same one is taken once.
    Import(String),
}

impl Store {
    /// Adds a session with its messages, all or none. The messages need ids
    /// no other message has.
    ///
    /// # Errors
    /// `AlreadyImported`, or when it cannot be made durable.
    pub async fn add_session(
        &self,
        summary: &SessionSummary,
        provenance: Provenance,
        messages: Vec<Message>,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let (draft, id) = (summary.clone(), summary.id.clone());
        self.call(move |database| {
            index::repairing(&mut database.connection, |connection| {
                begin(connection, &draft, (&provenance, now_ms))
            })
        })
        .await?;
        let written = self.write(&id, messages).await;
        if written.is_err() {
            self.remove(&id).await?;
        }
        written
    }

    async fn write(&self, id: &SessionId, messages: Vec<Message>) -> Result<(), StoreError> {
        let mut messages = messages.into_iter();
        loop {
            let step: Vec<Message> = messages.by_ref().take(STEP).collect();
            if step.is_empty() {
                break;
            }
            self.append_messages(id, step).await?;
        }
        let id = id.clone();
        self.call(move |database| {
            let shown = database.connection.execute(
                "UPDATE sessions SET place = ?2, placed_ms = 0 WHERE id = ?1 AND place = 'draft'",
                params![id.as_str(), Place::Active.name()],
            )?;
            match shown {
                0 => Err(Fault::unknown(&id)),
                _ => Ok(()),
            }
        })
        .await
    }
}

fn begin(
    connection: &mut Connection,
    summary: &SessionSummary,
    (provenance, now_ms): (&Provenance, u64),
) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Provenance::Import(source) = provenance {
        if let Some(session) = shelf::imported(&transaction, source)? {
            return Err(Fault::Known(StoreError::AlreadyImported {
                origin: source.clone(),
                session,
            }));
        }
        // A crash in an earlier import left this one half-made.
        transaction.execute(
            "UPDATE sessions SET source = NULL, place = 'gone' WHERE source = ?1",
            [source],
        )?;
    }
    session::insert(&transaction, summary, "draft")?;
    let id = summary.id.as_str();
    transaction.execute(
        "UPDATE sessions SET placed_ms = ?2 WHERE id = ?1",
        params![id, to_sql(now_ms)],
    )?;
    match provenance {
        Provenance::Fork(parent) => transaction.execute(
            "UPDATE sessions SET parent_id = ?2, parent_message_id = ?3 WHERE id = ?1",
            params![
                id,
                parent.session_id.as_str(),
                parent.message_id.as_ref().map(protocol::MessageId::as_str)
            ],
        )?,
        Provenance::Import(source) => transaction.execute(
            "UPDATE sessions SET source = ?2 WHERE id = ?1",
            params![id, source],
        )?,
    };
    transaction.commit()?;
    Ok(())
}
