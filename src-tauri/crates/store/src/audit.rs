//! The audit ledger: a chain of entries, each with a hash over itself and
//! the one before. Entries are added and read, never changed; they outlive
//! their sessions.
//!
//! The chain shows that an entry was changed, left out or cut off. Whoever
//! may write the file can also write a whole new chain; a hash noted
//! elsewhere tells.

use protocol::{
    AuditBreak, AuditCheck, AuditEntry, AuditKind, AuditQuery, AuditRecord, SessionId, ToolCallId,
};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::Store;
use crate::database::Database;
use crate::encoding::{from_sql, from_tag, to_sql, to_tag};
use crate::error::{Fault, StoreError};

/// The most entries of one reading.
pub const AUDIT_LIMIT: u32 = 1_000;

/// More entries than this do not wait for the next write.
const WAITING_LIMIT: usize = 256;

impl Store {
    /// Adds an entry, and what waits before it.
    ///
    /// # Errors
    /// When it cannot be made durable; then it is not kept, and what it tells
    /// must not be done.
    pub async fn add_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let entry = entry.clone();
        self.call(move |database| write_with(database, entry)).await
    }

    /// Adds an entry that becomes durable with the next message, reading of
    /// the ledger or closing, whichever is first: for what changes nothing
    /// and would otherwise cost a write of its own.
    ///
    /// # Errors
    /// When too many wait and cannot be made durable; then it is not kept.
    pub async fn add_audit_later(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let entry = entry.clone();
        self.call(move |database| {
            if database.audit_waiting.len() >= WAITING_LIMIT {
                return write_with(database, entry);
            }
            database.audit_waiting.push(entry);
            Ok(())
        })
        .await
    }

    /// The entries that fit, the newest first; one of a kind that this build
    /// does not know is left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        let query = query.clone();
        self.call(move |database| {
            write_waiting(database)?;
            list(&database.connection, &query)
        })
        .await
    }

    /// Looks through the whole chain, and whether `noted`, a hash it ended
    /// with at some time, is still in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn check_audit(&self, noted: Option<&str>) -> Result<AuditCheck, StoreError> {
        let noted = noted.map(str::to_owned);
        self.call(move |database| {
            write_waiting(database)?;
            check(&database.connection, noted.as_deref())
        })
        .await
    }
}

/// Makes everything that waits durable.
pub(crate) fn write_waiting(database: &mut Database) -> Result<(), Fault> {
    if database.audit_waiting.is_empty() {
        return Ok(());
    }
    let transaction = database
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)?;
    append(&transaction, &database.audit_waiting)?;
    transaction.commit()?;
    database.audit_waiting.clear();
    Ok(())
}

/// Writes an entry behind what waits. One that cannot be written does not
/// wait: what it tells will not have been done.
fn write_with(database: &mut Database, entry: AuditEntry) -> Result<(), Fault> {
    database.audit_waiting.push(entry);
    let written = write_waiting(database);
    if written.is_err() {
        database.audit_waiting.pop();
    }
    written
}

/// Writes what waits in a transaction that has more to write, and tells
/// whether it did. A ledger that cannot be written costs no message.
pub(crate) fn write_within(
    transaction: &mut Transaction<'_>,
    waiting: &[AuditEntry],
) -> Result<bool, Fault> {
    if waiting.is_empty() {
        return Ok(true);
    }
    let savepoint = transaction.savepoint()?;
    if let Err(fault) = append(&savepoint, waiting) {
        tracing::warn!(?fault, "the audit ledger could not be written and waits");
        return Ok(false);
    }
    savepoint.commit()?;
    Ok(true)
}

/// Adds entries to the end of the chain. Needs a transaction that writes, so
/// that two processes never add to the same end.
fn append(connection: &Connection, entries: &[AuditEntry]) -> Result<(), Fault> {
    if entries.is_empty() {
        return Ok(());
    }
    let (mut number, mut hash) = head(connection)?;
    for entry in entries {
        number += 1;
        let link = Link::of(entry)?;
        hash = link.hash(number, &hash);
        connection
            .prepare_cached(
                "INSERT INTO audit (id, at_ms, kind, session_id, call_id, subject, detail, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                number,
                link.at_ms,
                link.kind,
                link.session_id,
                link.call_id,
                link.subject,
                link.detail,
                hash,
            ])?;
    }
    set_head(connection, number, &hash)
}

/// Makes a chain of what an earlier format holds, and closes the table to
/// changes.
pub(crate) fn fill(connection: &Connection) -> Result<(), Fault> {
    let mut hash = String::new();
    let mut last = 0;
    for (number, (link, _)) in chain(connection)? {
        hash = link.hash(number, &hash);
        last = number;
        connection.execute(
            "UPDATE audit SET hash = ?2 WHERE id = ?1",
            params![number, hash],
        )?;
    }
    set_head(connection, last, &hash)?;
    connection.execute_batch(
        "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
             BEGIN SELECT raise(ABORT, 'the audit ledger is only added to'); END;
         CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
             BEGIN SELECT raise(ABORT, 'the audit ledger is only added to'); END;",
    )?;
    Ok(())
}

/// What the hash of an entry covers, as the row holds it.
struct Link {
    at_ms: i64,
    kind: String,
    session_id: Option<String>,
    call_id: Option<String>,
    subject: String,
    detail: String,
}

impl Link {
    fn of(entry: &AuditEntry) -> Result<Self, Fault> {
        Ok(Self {
            at_ms: to_sql(entry.at_ms),
            kind: to_tag(entry.kind)?,
            session_id: entry.session_id.as_ref().map(|id| id.as_str().to_owned()),
            call_id: entry.call_id.as_ref().map(|id| id.as_str().to_owned()),
            subject: entry.subject.clone(),
            detail: entry.detail.clone(),
        })
    }

    /// Every part goes in with its length, so that no two entries have the
    /// same bytes.
    fn hash(&self, number: i64, before: &str) -> String {
        let mut sha = Sha256::new();
        let mut part = |bytes: &[u8]| {
            sha.update((bytes.len() as u64).to_be_bytes());
            sha.update(bytes);
        };
        part(before.as_bytes());
        part(&number.to_be_bytes());
        part(&self.at_ms.to_be_bytes());
        part(self.kind.as_bytes());
        for id in [&self.session_id, &self.call_id] {
            match id {
                Some(id) => part(id.as_bytes()),
                None => part(b"\0"),
            }
        }
        part(self.subject.as_bytes());
        part(self.detail.as_bytes());
        sha.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// A number, what stands there, and its hash.
type Numbered = (i64, (Link, String));

/// All rows in order, with the hash that stands there.
fn chain(connection: &Connection) -> Result<Vec<Numbered>, Fault> {
    let mut query = connection.prepare(
        "SELECT id, at_ms, kind, session_id, call_id, subject, detail, hash FROM audit ORDER BY id",
    )?;
    let rows = query.query_map([], |row| {
        let link = Link {
            at_ms: row.get(1)?,
            kind: row.get(2)?,
            session_id: row.get(3)?,
            call_id: row.get(4)?,
            subject: row.get(5)?,
            detail: row.get(6)?,
        };
        Ok((row.get(0)?, (link, row.get(7)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn check(connection: &Connection, noted: Option<&str>) -> Result<AuditCheck, Fault> {
    let (end, head) = head(connection)?;
    let mut hash = String::new();
    let mut count = 0;
    let mut has_head = noted.is_none();
    let mut broken: Option<(i64, &str)> = None;
    for (number, (link, stands)) in chain(connection)? {
        count += 1;
        if number != count {
            broken = Some((count, "the entry is missing"));
            break;
        }
        hash = link.hash(number, &hash);
        if hash != stands {
            broken = Some((number, "the entry, or one before it, was changed"));
            break;
        }
        has_head |= noted == Some(hash.as_str());
    }
    if broken.is_none() && count < end {
        broken = Some((count + 1, "the entries from here on were cut off"));
    }
    if broken.is_none() && hash != head {
        broken = Some((count, "the end of the ledger is not the one on record"));
    }
    Ok(AuditCheck {
        count: from_sql(count),
        head,
        has_head,
        broken: broken.map(|(number, detail)| AuditBreak {
            number: from_sql(number),
            detail: detail.to_owned(),
        }),
    })
}

fn head(connection: &Connection) -> Result<(i64, String), Fault> {
    Ok(connection
        .prepare_cached("SELECT number, hash FROM audit_head WHERE only = 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn set_head(connection: &Connection, number: i64, hash: &str) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE audit_head SET number = ?1, hash = ?2 WHERE only = 1")?
        .execute(params![number, hash])?;
    Ok(())
}

fn list(connection: &Connection, query: &AuditQuery) -> Result<Vec<AuditRecord>, Fault> {
    let kinds = query
        .kinds
        .iter()
        .map(|kind| to_tag(*kind))
        .collect::<Result<Vec<_>, _>>()?;
    let kinds = format!(",{},", kinds.join(","));
    let mut statement = connection.prepare_cached(
        "SELECT at_ms, kind, session_id, subject, detail, call_id, id, hash FROM audit
         WHERE id < ?1 AND (?2 = ',,' OR instr(?2, ',' || kind || ',') > 0)
         ORDER BY id DESC LIMIT ?3",
    )?;
    let before = query.before.map_or(i64::MAX, to_sql);
    let limit = query.limit.min(AUDIT_LIMIT);
    let rows = statement.query_map(params![before, kinds, limit], record_and_kind)?;
    let records: Result<_, rusqlite::Error> = rows.filter_map(of_known_kind).collect();
    Ok(records?)
}

/// A record with the name of its kind, which this build may not know.
fn record_and_kind(row: &Row<'_>) -> rusqlite::Result<(String, AuditRecord)> {
    let session: Option<String> = row.get(2)?;
    let call: Option<String> = row.get(5)?;
    let entry = AuditEntry {
        at_ms: from_sql(row.get(0)?),
        kind: AuditKind::LeakFound,
        session_id: session.map(SessionId::from),
        call_id: call.map(ToolCallId::from),
        subject: row.get(3)?,
        detail: row.get(4)?,
    };
    let record = AuditRecord {
        number: from_sql(row.get(6)?),
        hash: row.get(7)?,
        entry,
    };
    Ok((row.get(1)?, record))
}

fn of_known_kind(
    row: rusqlite::Result<(String, AuditRecord)>,
) -> Option<rusqlite::Result<AuditRecord>> {
    match row {
        Ok((kind, mut record)) => {
            record.entry.kind = from_tag(kind).ok()?;
            Some(Ok(record))
        }
        Err(error) => Some(Err(error)),
    }
}
