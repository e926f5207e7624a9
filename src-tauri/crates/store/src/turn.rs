//! Turns: when each began and ended, why, and what it used.

use protocol::{SessionId, StopReason, TurnId, Usage};
use rusqlite::{ErrorCode, params};

use crate::Store;
use crate::database::Database;
use crate::encoding::{from_sql, to_sql, to_tag};
use crate::error::{Fault, StoreError};

/// The beginning of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnStart {
    /// The session it belongs to.
    pub session: SessionId,
    /// The turn.
    pub turn: TurnId,
    /// Provider id, for example `anthropic`.
    pub provider: String,
    /// Model name.
    pub model: String,
    /// Unix time in milliseconds.
    pub at_ms: u64,
}

impl Store {
    /// Notes that a turn began in this process.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn turn_started(&self, start: &TurnStart) -> Result<(), StoreError> {
        let start = start.clone();
        self.call(move |database| {
            let run = database.run.id();
            database
                .connection
                .prepare_cached(
                    "INSERT INTO turns (id, session_id, run_id, provider, model, started_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    start.turn.as_str(),
                    start.session.as_str(),
                    run,
                    start.provider,
                    start.model,
                    to_sql(start.at_ms),
                ])
                .map_err(|error| missing_session(error, &start.session))?;
            Ok(())
        })
        .await
    }

    /// Notes that a turn ended, why, and what it used.
    ///
    /// # Errors
    /// When it cannot be made durable. A turn nobody noted the start of is
    /// left alone.
    pub async fn turn_finished(
        &self,
        turn: &TurnId,
        reason: StopReason,
        usage: Usage,
        at_ms: u64,
    ) -> Result<(), StoreError> {
        let turn = turn.clone();
        self.call(move |database| {
            let changed = database
                .connection
                .prepare_cached(
                    "UPDATE turns SET finished_ms = ?2, reason = ?3, input_tokens = ?4, output_tokens = ?5,
                     cache_read_tokens = ?6, cache_write_tokens = ?7 WHERE id = ?1",
                )?
                .execute(params![
                    turn.as_str(),
                    to_sql(at_ms),
                    to_tag(reason)?,
                    to_sql(usage.input_tokens),
                    to_sql(usage.output_tokens),
                    to_sql(usage.cache_read_tokens),
                    to_sql(usage.cache_write_tokens),
                ])?;
            if changed == 0 {
                tracing::warn!(%turn, "a turn ended that never began");
            }
            Ok(())
        })
        .await
    }

    /// Turns a crash cut, oldest first: begun, not ended, and their process
    /// is gone. Turns that run now, here or in another process, are not in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unfinished_turns(&self) -> Result<Vec<(SessionId, TurnId)>, StoreError> {
        self.call(|database| unfinished(database)).await
    }

    /// Tokens of all turns of the session that ended.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn usage_total(&self, session: &SessionId) -> Result<Usage, StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let usage = database
                .connection
                .prepare_cached(
                    "SELECT coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
                     coalesce(sum(cache_read_tokens), 0), coalesce(sum(cache_write_tokens), 0)
                     FROM turns WHERE session_id = ?",
                )?
                .query_row([session.as_str()], |row| {
                    Ok(Usage {
                        input_tokens: from_sql(row.get(0)?),
                        output_tokens: from_sql(row.get(1)?),
                        cache_read_tokens: from_sql(row.get(2)?),
                        cache_write_tokens: from_sql(row.get(3)?),
                    })
                })?;
            Ok(usage)
        })
        .await
    }
}

fn unfinished(database: &Database) -> Result<Vec<(SessionId, TurnId)>, Fault> {
    let mut statement = database.connection.prepare_cached(
        "SELECT session_id, id, run_id FROM turns WHERE finished_ms IS NULL ORDER BY started_ms, id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    let mut turns = Vec::new();
    for row in rows {
        let (session, turn, run) = row?;
        if !database.run.lives(&run) {
            turns.push((session.into(), turn.into()));
        }
    }
    Ok(turns)
}

/// The only foreign key of these tables is the session.
pub(crate) fn missing_session(error: rusqlite::Error, session: &SessionId) -> Fault {
    let foreign_key = rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY;
    let code = error
        .sqlite_error()
        .map(|inner| (inner.code, inner.extended_code));
    if code == Some((ErrorCode::ConstraintViolation, foreign_key)) {
        return Fault::unknown(session);
    }
    Fault::Sql(error)
}
