//! Removing for good: rows, index entries and the space they took. It goes
//! in small steps, so that other sessions can write in between; a session
//! that is being removed is invisible from the first step on.

use protocol::{SessionId, TrashSize};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::Store;
use crate::encoding::{from_sql, to_sql};
use crate::error::{Fault, StoreError};
use crate::index;

/// Messages removed in one step.
const STEP: i64 = 100;

/// Pages given back to the disk in one step: 1 MiB of 4 KiB pages.
const STEP_PAGES: u32 = 256;

/// A draft older than this was left by a crash: no fork or import takes a day.
const DRAFT_MS: u64 = 24 * 60 * 60 * 1000;

/// SQLite's number for `auto_vacuum = INCREMENTAL`.
const INCREMENTAL: i64 = 2;

/// Which sessions of the trash to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trash {
    /// All of them.
    All,
    /// Those that were put there before this Unix time in milliseconds.
    Before(u64),
}

impl Store {
    /// Removes sessions of the trash for good and gives the space back to
    /// the disk; tells which. After a crash the next call goes on.
    ///
    /// # Errors
    /// When the file cannot be written. What is removed stays removed.
    pub async fn empty_trash(
        &self,
        trash: Trash,
        now_ms: u64,
    ) -> Result<Vec<SessionId>, StoreError> {
        let condemned = self
            .call(move |database| condemn(&database.connection, trash, now_ms))
            .await?;
        let mut removed = false;
        while let Some(id) = self
            .call(|database| next_gone(&database.connection))
            .await?
        {
            self.clear(&id).await?;
            removed = true;
        }
        if removed {
            self.give_back().await?;
        }
        Ok(condemned)
    }

    /// What is in the trash.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn trash_size(&self) -> Result<TrashSize, StoreError> {
        self.call(|database| size(&database.connection)).await
    }

    /// Removes one session of the trash for good and gives the space back.
    ///
    /// # Errors
    /// `UnknownSession` when the trash has no such session, or when the file
    /// cannot be written.
    pub async fn remove_trashed(&self, id: &SessionId) -> Result<(), StoreError> {
        let gone = id.clone();
        self.call(move |database| {
            let found = database.connection.execute(
                "UPDATE sessions SET place = 'gone', source = NULL WHERE id = ?1 AND place = 'trashed'",
                [gone.as_str()],
            )?;
            match found {
                0 => Err(Fault::unknown(&gone)),
                _ => Ok(()),
            }
        })
        .await?;
        self.clear(id).await?;
        self.give_back().await
    }

    /// Removes one session at once and for good.
    pub(crate) async fn remove(&self, id: &SessionId) -> Result<(), StoreError> {
        let gone = id.clone();
        self.call(move |database| {
            database.connection.execute(
                "UPDATE sessions SET place = 'gone', source = NULL WHERE id = ?1",
                [gone.as_str()],
            )?;
            Ok(())
        })
        .await?;
        self.clear(id).await
    }

    async fn clear(&self, id: &SessionId) -> Result<(), StoreError> {
        while self.clear_step(id.clone()).await? {}
        Ok(())
    }

    async fn clear_step(&self, id: SessionId) -> Result<bool, StoreError> {
        self.call(move |database| {
            index::repairing(&mut database.connection, |connection| {
                clear_some(connection, &id)
            })
        })
        .await
    }

    /// Free pages go back to the disk. A file of an earlier format learns
    /// first to do that in steps, which rewrites it once.
    async fn give_back(&self) -> Result<(), StoreError> {
        self.call(|database| learn_to_shrink(&database.connection))
            .await?;
        while self
            .call(|database| shrink_some(&database.connection))
            .await?
        {}
        Ok(())
    }
}

/// Lengths only: SQLite finds them without reading the messages.
fn size(connection: &Connection) -> Result<TrashSize, Fault> {
    let count = |row: &rusqlite::Row<'_>, column| row.get::<_, i64>(column).map(from_sql);
    Ok(connection.query_row(
        "SELECT (SELECT count(*) FROM sessions WHERE place = 'trashed'),
                count(*), coalesce(sum(octet_length(m.blocks)), 0)
         FROM sessions s JOIN messages m ON m.session_id = s.id WHERE s.place = 'trashed'",
        [],
        |row| {
            Ok(TrashSize {
                sessions: count(row, 0)?,
                messages: count(row, 1)?,
                bytes: count(row, 2)?,
            })
        },
    )?)
}

fn condemn(connection: &Connection, trash: Trash, now_ms: u64) -> Result<Vec<SessionId>, Fault> {
    // A clock that was set back leaves times of the future; they count as
    // recent.
    let (before, all) = match trash {
        Trash::All => (0, true),
        Trash::Before(at_ms) => (to_sql(at_ms), false),
    };
    let mut update = connection.prepare(
        "UPDATE sessions SET place = 'gone', source = NULL
         WHERE place = 'trashed' AND (placed_ms < ?1 OR ?2) RETURNING id",
    )?;
    let ids = update.query_map(params![before, all], |row| row.get::<_, String>(0))?;
    let condemned = ids
        .map(|id| id.map(SessionId::from))
        .collect::<Result<_, _>>()?;
    connection.execute(
        "UPDATE sessions SET place = 'gone', source = NULL WHERE place = 'draft' AND placed_ms < ?1",
        [to_sql(now_ms.saturating_sub(DRAFT_MS))],
    )?;
    Ok(condemned)
}

fn next_gone(connection: &Connection) -> Result<Option<SessionId>, Fault> {
    let id: Option<String> = connection
        .query_row(
            "SELECT id FROM sessions WHERE place = 'gone' LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(id.map(SessionId::from))
}

/// True while something of the session is left.
fn clear_some(connection: &mut Connection, id: &SessionId) -> Result<bool, Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut removed = 0;
    for sql in [
        "DELETE FROM documents WHERE id IN (SELECT id FROM documents WHERE session_id = ?1 LIMIT ?2)",
        "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE session_id = ?1 LIMIT ?2)",
    ] {
        removed += transaction
            .prepare_cached(sql)?
            .execute(params![id.as_str(), STEP])?;
    }
    if removed == 0 {
        transaction
            .prepare_cached("DELETE FROM sessions WHERE id = ?1 AND place = 'gone'")?
            .execute([id.as_str()])?;
    }
    transaction.commit()?;
    Ok(removed > 0)
}

fn learn_to_shrink(connection: &Connection) -> Result<(), Fault> {
    let mode: i64 = connection.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
    if mode == INCREMENTAL {
        return Ok(());
    }
    connection.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    connection.execute("VACUUM", [])?;
    Ok(())
}

/// True while free pages are left.
fn shrink_some(connection: &Connection) -> Result<bool, Fault> {
    let free = || connection.query_row("PRAGMA freelist_count", [], |row| row.get::<_, i64>(0));
    let before = free()?;
    if before == 0 {
        return Ok(false);
    }
    connection.execute_batch(&format!("PRAGMA incremental_vacuum({STEP_PAGES})"))?;
    Ok(free()? < before)
}
