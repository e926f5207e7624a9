//! Sums over turns: by day and model, and by turn of one session. Money is
//! not known here; prices belong to the catalogue.

use protocol::{DayUsage, SessionId, TurnId, TurnUsage, Usage};
use rusqlite::Row;

use crate::Store;
use crate::encoding::from_sql;
use crate::error::StoreError;

/// Rows of the sum by day: a year of a few models.
const DAY_ROWS: u32 = 2_000;

/// Turns of one session that are listed, the newest.
const TURN_ROWS: u32 = 5_000;

const MS_PER_DAY: i64 = 86_400_000;

impl Store {
    /// Tokens by day (UTC) and model, newest day first; costs are left open.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn usage_by_day(&self) -> Result<Vec<DayUsage>, StoreError> {
        self.call(move |database| {
            let mut query = database.connection.prepare_cached(
                "SELECT sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), \
                        sum(cache_write_tokens), provider, model, started_ms / ?1, count(*) \
                 FROM turns GROUP BY started_ms / ?1, provider, model \
                 ORDER BY started_ms / ?1 DESC, provider, model LIMIT ?2",
            )?;
            let rows = query.query_map((MS_PER_DAY, DAY_ROWS), |row| {
                Ok(DayUsage {
                    day: from_sql(row.get(6)?),
                    provider: row.get(4)?,
                    model: row.get(5)?,
                    turns: from_sql(row.get(7)?),
                    usage: usage(row)?,
                    cost_usd: None,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The turns of a session, oldest first; costs are left open.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn usage_by_turn(&self, session: &SessionId) -> Result<Vec<TurnUsage>, StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let mut query = database.connection.prepare_cached(
                "SELECT * FROM (SELECT input_tokens, output_tokens, cache_read_tokens, \
                        cache_write_tokens, provider, model, started_ms, id \
                 FROM turns WHERE session_id = ?1 ORDER BY started_ms DESC, id DESC LIMIT ?2) \
                 ORDER BY started_ms, id",
            )?;
            let rows = query.query_map((session.as_str(), TURN_ROWS), |row| {
                Ok(TurnUsage {
                    turn_id: TurnId::from(row.get::<_, String>(7)?),
                    started_ms: from_sql(row.get(6)?),
                    provider: row.get(4)?,
                    model: row.get(5)?,
                    usage: usage(row)?,
                    cost_usd: None,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// The first four columns.
fn usage(row: &Row<'_>) -> rusqlite::Result<Usage> {
    Ok(Usage {
        input_tokens: from_sql(row.get(0)?),
        output_tokens: from_sql(row.get(1)?),
        cache_read_tokens: from_sql(row.get(2)?),
        cache_write_tokens: from_sql(row.get(3)?),
    })
}
