//! Sessions: making, listing, searching, naming, their mode, their end.

use protocol::{PermissionMode, SessionId, SessionState, SessionSummary, StopReason};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::Store;
use crate::encoding::{from_sql, from_tag, to_sql};
use crate::error::{Fault, StoreError};

/// The most sessions a list holds; the user finds older ones by searching.
pub const SESSION_LIST_LIMIT: usize = 200;

/// Words of a search that count.
const QUERY_WORDS: usize = 8;

/// A session's row with the end of its latest turn.
const SUMMARY: &str = "SELECT s.id, s.title, s.workspace, s.created_ms, s.updated_ms, s.message_count,
    (SELECT t.reason FROM turns t WHERE t.session_id = s.id ORDER BY t.started_ms DESC, t.id DESC LIMIT 1)
    FROM sessions s";

/// One word must stand in the title or in what was said.
const CONTAINS: &str = "(instr(s.title_folded, ?) > 0 OR EXISTS
    (SELECT 1 FROM messages m WHERE m.session_id = s.id AND instr(m.folded, ?) > 0))";

impl Store {
    /// Adds a session. Its state is not kept: it follows from its turns.
    ///
    /// # Errors
    /// When it cannot be made durable, or the id is taken.
    pub async fn create_session(&self, summary: &SessionSummary) -> Result<(), StoreError> {
        let summary = summary.clone();
        self.call(move |database| insert(&database.connection, &summary))
            .await
    }

    /// Sessions by last message, newest first, at most `SESSION_LIST_LIMIT`.
    /// With a query, those whose title or messages hold all of its words.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sessions(&self, query: Option<String>) -> Result<Vec<SessionSummary>, StoreError> {
        self.call(move |database| list(&database.connection, query.as_deref().unwrap_or_default()))
            .await
    }

    /// One session; none when there is no such.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn session(&self, id: &SessionId) -> Result<Option<SessionSummary>, StoreError> {
        let id = id.clone();
        self.call(move |database| {
            let mut statement = database
                .connection
                .prepare_cached(&format!("{SUMMARY} WHERE s.id = ?"))?;
            statement
                .query_row([id.as_str()], SummaryRow::read)
                .optional()?
                .map(SummaryRow::parse)
                .transpose()
        })
        .await
    }

    /// Gives a session another title.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn rename(&self, id: &SessionId, title: &str) -> Result<(), StoreError> {
        let folded = title.to_lowercase();
        let title = title.to_owned();
        let sql = "UPDATE sessions SET title = ?2, title_folded = ?3 WHERE id = ?1";
        self.change(id, move |connection, id| {
            connection
                .prepare_cached(sql)?
                .execute(params![id, title, folded])
        })
        .await
    }

    /// Removes a session and all that belongs to it.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn delete_session(&self, id: &SessionId) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE id = ?1";
        self.change(id, move |connection, id| {
            connection.prepare_cached(sql)?.execute([id])
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

fn insert(connection: &Connection, summary: &SessionSummary) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO sessions (id, title, title_folded, workspace, mode, created_ms, updated_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            summary.id.as_str(),
            summary.title,
            summary.title.to_lowercase(),
            summary.workspace,
            PermissionMode::default().name(),
            to_sql(summary.created_ms),
            to_sql(summary.updated_ms),
        ])?;
    Ok(())
}

fn list(connection: &Connection, query: &str) -> Result<Vec<SessionSummary>, Fault> {
    let words: Vec<String> = query
        .split_whitespace()
        .take(QUERY_WORDS)
        .map(str::to_lowercase)
        .collect();
    let filter = match words.len() {
        0 => String::new(),
        count => format!("WHERE {}", vec![CONTAINS; count].join(" AND ")),
    };
    let sql = format!(
        "{SUMMARY} {filter} ORDER BY s.updated_ms DESC, s.id DESC LIMIT {SESSION_LIST_LIMIT}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let values = words.iter().flat_map(|word| [word, word]);
    let rows = statement.query_map(params_from_iter(values), SummaryRow::read)?;
    rows.map(|row| row.map_err(Fault::from)?.parse()).collect()
}

/// A row as SQLite has it, before its words are understood.
struct SummaryRow {
    summary: SessionSummary,
    last_reason: Option<String>,
}

impl SummaryRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let id: String = row.get(0)?;
        Ok(Self {
            summary: SessionSummary {
                id: id.into(),
                title: row.get(1)?,
                workspace: row.get(2)?,
                state: SessionState::Idle,
                created_ms: from_sql(row.get(3)?),
                updated_ms: from_sql(row.get(4)?),
                message_count: from_sql(row.get(5)?),
            },
            last_reason: row.get(6)?,
        })
    }

    fn parse(self) -> Result<SessionSummary, Fault> {
        let Self {
            mut summary,
            last_reason,
        } = self;
        let reason = last_reason.map(from_tag::<StopReason>).transpose();
        let reason = reason.map_err(|error| Fault::unreadable(&summary.id, error))?;
        if reason == Some(StopReason::Failed) {
            summary.state = SessionState::Failed;
        }
        Ok(summary)
    }
}
