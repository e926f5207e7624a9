//! Lists of sessions: by place, folder and words, in pages. One row that
//! makes no sense never hides the others.

use protocol::{
    Ancestor, MessageId, Place, SessionEntry, SessionId, SessionPage, SessionState, SessionSummary,
    ShelfQuery, StopReason,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::Store;
use crate::encoding::{from_sql, from_tag, to_tag};
use crate::error::{Fault, StoreError};
use crate::search::Words;

/// How many sessions a page holds when the caller does not say.
pub const SESSION_LIST_LIMIT: usize = 200;

/// The most sessions a page holds, whatever was asked for.
const SESSION_PAGE_LIMIT: u32 = 10_000;

/// Sessions named when a beginning of an id fits several.
const CANDIDATES: usize = 8;

/// A session's row with the end of its latest turn.
const COLUMNS: &str = "s.id, s.title, s.workspace, s.created_ms, s.updated_ms, s.message_count,
    s.place, s.placed_ms, s.parent_id, s.parent_message_id, s.source,
    (SELECT t.reason FROM turns t WHERE t.session_id = s.id ORDER BY t.started_ms DESC, t.id DESC LIMIT 1)";

/// What the shelf shows: neither half-made nor half-removed sessions.
const VISIBLE: &str = "s.place IN ('active', 'archived', 'trashed')";

impl Store {
    /// Active sessions by last message, newest first, at most
    /// `SESSION_LIST_LIMIT`. With words, those in whose title or messages
    /// all of them occur.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sessions(&self, words: Option<String>) -> Result<Vec<SessionSummary>, StoreError> {
        let query = ShelfQuery {
            words: words.unwrap_or_default(),
            ..ShelfQuery::default()
        };
        let page = self.shelf(&query).await?;
        Ok(page
            .entries
            .into_iter()
            .map(|entry| entry.summary)
            .collect())
    }

    /// One page of the sessions that fit the query.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn shelf(&self, query: &ShelfQuery) -> Result<SessionPage, StoreError> {
        let query = query.clone();
        self.call(move |database| page(&database.connection, &query))
            .await
    }

    /// Sessions whose id begins with `start`, a few of them, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sessions_by_prefix(&self, start: &str) -> Result<Vec<SessionEntry>, StoreError> {
        let start = start.to_owned();
        self.call(move |database| by_prefix(&database.connection, &start))
            .await
    }

    /// The session that was brought in from `source`, wherever it lies.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn session_from(&self, source: &str) -> Result<Option<SessionId>, StoreError> {
        let source = source.to_owned();
        self.call(move |database| imported(&database.connection, &source))
            .await
    }
}

/// One session, if it is visible.
pub(crate) fn one(connection: &Connection, id: &SessionId) -> Result<Option<SessionEntry>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM sessions s WHERE s.id = ? AND {VISIBLE}");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row([id.as_str()], read).optional()?)
}

pub(crate) fn imported(connection: &Connection, source: &str) -> Result<Option<SessionId>, Fault> {
    let sql = format!("SELECT s.id FROM sessions s WHERE s.source = ? AND {VISIBLE}");
    let id: Option<String> = connection
        .prepare_cached(&sql)?
        .query_row([source], |row| row.get(0))
        .optional()?;
    Ok(id.map(SessionId::from))
}

fn page(connection: &Connection, query: &ShelfQuery) -> Result<SessionPage, Fault> {
    let words = Words::parse(&query.words);
    let mut conditions = Conditions::of(query);
    words.each(|word| conditions.hold_word(word));
    let filter = conditions.sql();
    // The rows are chosen first, so that turns are looked up for them only.
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions s WHERE s.id IN
             (SELECT s.id FROM sessions s WHERE {filter}
              ORDER BY s.updated_ms DESC, s.id DESC LIMIT ? OFFSET ?)
         ORDER BY s.updated_ms DESC, s.id DESC"
    );
    let limit = match query.limit {
        0 => i64::try_from(SESSION_LIST_LIMIT).unwrap_or(i64::MAX),
        limit => i64::from(limit.min(SESSION_PAGE_LIMIT)),
    };
    let paging = [limit, i64::from(query.offset)].map(Value::Integer);
    let mut statement = connection.prepare_cached(&sql)?;
    let values = conditions.values.iter().cloned().chain(paging);
    let rows = statement.query_map(params_from_iter(values), read)?;
    let entries = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let total: i64 = connection
        .prepare_cached(&format!("SELECT count(*) FROM sessions s WHERE {filter}"))?
        .query_row(params_from_iter(&conditions.values), |row| row.get(0))?;
    Ok(SessionPage {
        entries,
        total: from_sql(total),
    })
}

fn by_prefix(connection: &Connection, start: &str) -> Result<Vec<SessionEntry>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions s WHERE substr(s.id, 1, length(?1)) = ?1 AND {VISIBLE}
         ORDER BY s.updated_ms DESC, s.id DESC LIMIT {CANDIDATES}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([start], read)?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// The conditions on a session `s`, with their values in order.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    terms: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl Conditions {
    /// Place and folder of the query.
    pub(crate) fn of(query: &ShelfQuery) -> Self {
        let mut conditions = Self::default();
        let mut places = query.places.clone();
        places.sort_unstable();
        places.dedup();
        if places.is_empty() {
            places.push(Place::Active);
        }
        let names: Vec<String> = places
            .iter()
            .map(|place| format!("'{}'", place.name()))
            .collect();
        conditions
            .terms
            .push(format!("s.place IN ({})", names.join(", ")));
        if let Some(workspace) = &query.workspace {
            conditions.hold("s.workspace = ?", workspace.clone());
        }
        conditions
    }

    /// Adds a condition of one value.
    pub(crate) fn hold(&mut self, term: &str, value: String) {
        self.terms.push(term.to_owned());
        self.values.push(Value::Text(value));
    }

    fn hold_word(&mut self, word: &crate::search::Word) {
        let term = if word.is_indexed() {
            "s.id IN (SELECT d.session_id FROM search CROSS JOIN documents d ON d.id = search.rowid
                      WHERE search MATCH ?)"
        } else {
            "s.id IN (SELECT d.session_id FROM documents d WHERE instr(d.text, ?) > 0)"
        };
        self.hold(term, word.pattern());
    }

    pub(crate) fn sql(&self) -> String {
        self.terms.join(" AND ")
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<SessionEntry> {
    let id: String = row.get(0)?;
    let last_reason: Option<String> = row.get(11)?;
    Ok(SessionEntry {
        summary: SessionSummary {
            state: state_after(&id, last_reason),
            id: id.into(),
            title: lossy(row, 1)?,
            workspace: lossy(row, 2)?,
            created_ms: from_sql(row.get(3)?),
            updated_ms: from_sql(row.get(4)?),
            message_count: from_sql(row.get(5)?),
        },
        place: place_of(row.get(6)?),
        placed_ms: from_sql(row.get(7)?),
        parent: row
            .get::<_, Option<String>>(8)?
            .map(|session| {
                Ok::<_, rusqlite::Error>(Ancestor {
                    session_id: session.into(),
                    message_id: row.get::<_, Option<String>>(9)?.map(MessageId::from),
                })
            })
            .transpose()?,
        source: row.get(10)?,
    })
}

/// Text that is no UTF-8 is shown as well as it can be.
fn lossy(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(column)?.as_bytes()?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

pub(crate) fn place_of(name: String) -> Place {
    from_tag(name).unwrap_or_default()
}

fn state_after(session: &str, reason: Option<String>) -> SessionState {
    let failed = to_tag(StopReason::Failed).ok();
    if let Some(reason) = &reason
        && from_tag::<StopReason>(reason.clone()).is_err()
    {
        tracing::warn!(
            session,
            reason,
            "a turn ended for a reason this build does not know"
        );
    }
    if reason.is_some() && reason == failed {
        SessionState::Failed
    } else {
        SessionState::Idle
    }
}
