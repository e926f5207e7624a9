//! Sessions: making, naming, their mode, where they lie. Lists are read in
//! `shelf`, whole conversations are brought in by `draft`.

use protocol::{PermissionMode, Place, SessionEntry, SessionId, SessionSummary};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::Store;
use crate::encoding::to_sql;
use crate::error::{Fault, StoreError};
use crate::{index, shelf};

impl Store {
    /// Adds a session. Its state is not kept: it follows from its turns.
    ///
    /// # Errors
    /// When it cannot be made durable, or the id is taken.
    pub async fn create_session(&self, summary: &SessionSummary) -> Result<(), StoreError> {
        let summary = summary.clone();
        self.call(move |database| {
            index::repairing(&mut database.connection, |connection| {
                create(connection, &summary)
            })
        })
        .await
    }

    /// One session; none when there is no such.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn session(&self, id: &SessionId) -> Result<Option<SessionSummary>, StoreError> {
        Ok(self.entry(id).await?.map(|entry| entry.summary))
    }

    /// One session with where it lies and what it comes from.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn entry(&self, id: &SessionId) -> Result<Option<SessionEntry>, StoreError> {
        let id = id.clone();
        self.call(move |database| shelf::one(&database.connection, &id))
            .await
    }

    /// Gives a session another title.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn rename(&self, id: &SessionId, title: &str) -> Result<(), StoreError> {
        let (id, title) = (id.clone(), title.to_owned());
        self.call(move |database| {
            index::repairing(&mut database.connection, |connection| {
                rename(connection, &id, &title)
            })
        })
        .await
    }

    /// Puts a session into the list, the archive or the trash.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn place(&self, id: &SessionId, place: Place, now_ms: u64) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET placed_ms = CASE place WHEN ?2 THEN placed_ms ELSE ?3 END, place = ?2
                   WHERE id = ?1 AND place NOT IN ('draft', 'gone')";
        self.change(id, move |connection, id| {
            connection
                .prepare_cached(sql)?
                .execute(params![id, place.name(), to_sql(now_ms)])
        })
        .await
    }

    /// Sets the session's permission mode.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn set_mode(&self, id: &SessionId, mode: PermissionMode) -> Result<(), StoreError> {
        let sql = "UPDATE sessions SET mode = ?2 WHERE id = ?1";
        self.change(id, move |connection, id| {
            connection
                .prepare_cached(sql)?
                .execute(params![id, mode.name()])
        })
        .await
    }

    /// The session's permission mode.
    ///
    /// # Errors
    /// `UnknownSession`; `Unreadable` when the mode is none this build knows.
    pub async fn mode(&self, id: &SessionId) -> Result<PermissionMode, StoreError> {
        let id = id.clone();
        self.call(move |database| {
            let name: Option<String> = database
                .connection
                .prepare_cached("SELECT mode FROM sessions WHERE id = ?")?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()?;
            let name = name.ok_or_else(|| Fault::unknown(&id))?;
            name.parse().map_err(|error| Fault::unreadable(&id, error))
        })
        .await
    }

    /// Runs a statement that must touch exactly the session `id`.
    async fn change<F>(&self, id: &SessionId, statement: F) -> Result<(), StoreError>
    where
        F: FnOnce(&Connection, &str) -> rusqlite::Result<usize> + Send + 'static,
    {
        let id = id.clone();
        self.call(
            move |database| match statement(&database.connection, id.as_str())? {
                0 => Err(Fault::unknown(&id)),
                _ => Ok(()),
            },
        )
        .await
    }
}

fn create(connection: &mut Connection, summary: &SessionSummary) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    insert(&transaction, summary, Place::Active.name())?;
    transaction.commit()?;
    Ok(())
}

fn rename(connection: &mut Connection, id: &SessionId, title: &str) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let changed = transaction
        .prepare_cached("UPDATE sessions SET title = ?2 WHERE id = ?1")?
        .execute(params![id.as_str(), title])?;
    if changed == 0 {
        return Err(Fault::unknown(id));
    }
    index::set_title(&transaction, id, title)?;
    transaction.commit()?;
    Ok(())
}

/// Adds the row and its title's document, in the caller's transaction.
pub(crate) fn insert(
    connection: &Connection,
    summary: &SessionSummary,
    place: &str,
) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO sessions (id, title, workspace, mode, created_ms, updated_ms, place)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            summary.id.as_str(),
            summary.title,
            summary.workspace,
            PermissionMode::default().name(),
            to_sql(summary.created_ms),
            to_sql(summary.updated_ms),
            place,
        ])?;
    index::set_title(connection, &summary.id, &summary.title)
}
