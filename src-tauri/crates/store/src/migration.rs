//! From any earlier format to the newest, one file per step.
//!
//! A released file never changes; a new format is a new file and one line in
//! the table below.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::Fault;
use crate::{audit, index};

type Fill = fn(&Connection) -> Result<(), Fault>;

/// One step to the next format.
pub(crate) struct Migration {
    pub(crate) file: &'static str,
    sql: &'static str,
    /// What SQL alone cannot do, in the same transaction.
    fill: Option<Fill>,
}

/// Every step in order; the first makes format 1.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        file: "0001_initial.sql",
        sql: include_str!("../migrations/0001_initial.sql"),
        fill: None,
    },
    Migration {
        file: "0002_history.sql",
        sql: include_str!("../migrations/0002_history.sql"),
        fill: Some(index::fill),
    },
    Migration {
        file: "0003_context.sql",
        sql: include_str!("../migrations/0003_context.sql"),
        fill: None,
    },
    Migration {
        file: "0004_audit.sql",
        sql: include_str!("../migrations/0004_audit.sql"),
        fill: None,
    },
    Migration {
        file: "0005_ledger.sql",
        sql: include_str!("../migrations/0005_ledger.sql"),
        fill: Some(audit::fill),
    },
];

/// Marks our databases in SQLite's `application_id` field: "Faml".
pub(crate) const APPLICATION_ID: i64 = 0x4661_6d6c;

/// The newest format this build knows.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// What stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Ours, of this version; 0 is an empty file.
    Version(i64),
    /// Somebody else's tables.
    Foreign,
}

/// Reads the file's format, in one transaction: another process may be
/// making the file right now.
pub(crate) fn format(connection: &mut Connection) -> Result<Format, Fault> {
    let look = connection.transaction()?;
    let number = |sql: &str| look.query_row(sql, [], |row| row.get::<_, i64>(0));
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    let empty = tables == 0 && application == 0 && version == 0;
    if application == APPLICATION_ID || empty {
        Ok(Format::Version(version))
    } else {
        Ok(Format::Foreign)
    }
}

/// Applies what is missing up to `target`. Each step is one transaction, and
/// looks again inside it, since another process may have been faster.
pub(crate) fn migrate_to(connection: &mut Connection, target: i64) -> Result<(), Fault> {
    for (version, step) in (1..=target).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let at: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if at >= version {
            continue;
        }
        transaction.execute_batch(step.sql)?;
        if let Some(fill) = step.fill {
            fill(&transaction)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
        tracing::debug!(file = step.file, "the session database has a new format");
    }
    Ok(())
}
