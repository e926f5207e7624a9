//! When permission rules last decided something.

use protocol::RuleUse;
use rusqlite::params;

use crate::Store;
use crate::encoding::{from_sql, to_sql};
use crate::error::StoreError;

impl Store {
    /// Adds what was counted since the last time.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn add_rule_uses(&self, uses: Vec<RuleUse>) -> Result<(), StoreError> {
        self.call(move |database| {
            let transaction = database.connection.transaction()?;
            for used in &uses {
                transaction
                    .prepare_cached(
                        "INSERT INTO rule_uses (rule, count, used_ms) VALUES (?1, ?2, ?3)
                         ON CONFLICT (rule) DO UPDATE
                         SET count = count + ?2, used_ms = max(used_ms, ?3)",
                    )?
                    .execute(params![used.rule, to_sql(used.count), to_sql(used.used_ms)])?;
            }
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    /// All rules that ever decided something.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn rule_uses(&self) -> Result<Vec<RuleUse>, StoreError> {
        self.call(|database| {
            let mut query = database
                .connection
                .prepare_cached("SELECT rule, count, used_ms FROM rule_uses ORDER BY rule")?;
            let rows = query.query_map([], |row| {
                Ok(RuleUse {
                    rule: row.get(0)?,
                    count: from_sql(row.get(1)?),
                    used_ms: from_sql(row.get(2)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
