//! Which permission questions were put, and what was answered by whom: the
//! record a user can look back on.

use protocol::{Answer, AnsweredBy, PermissionRequest, SessionId};
use rusqlite::{Connection, params};

use crate::Store;
use crate::encoding::{from_sql, from_tag, to_json, to_sql, to_tag};
use crate::error::{Fault, StoreError};
use crate::turn::missing_session;

/// One question with its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// What was asked.
    pub request: PermissionRequest,
    /// What was answered.
    pub answer: Answer,
    /// By whom.
    pub by: AnsweredBy,
    /// Unix time in milliseconds.
    pub at_ms: u64,
}

impl Store {
    /// Records the answer to a permission question.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn record_approval(
        &self,
        session: &SessionId,
        approval: &Approval,
    ) -> Result<(), StoreError> {
        let (session, approval) = (session.clone(), approval.clone());
        self.call(move |database| insert(&database.connection, &session, &approval))
            .await
    }

    /// All answers of a session, oldest first.
    ///
    /// # Errors
    /// `Unreadable` when an entry makes no sense to this build.
    pub async fn approvals(&self, session: &SessionId) -> Result<Vec<Approval>, StoreError> {
        let session = session.clone();
        self.call(move |database| list(&database.connection, &session))
            .await
    }
}

fn insert(connection: &Connection, session: &SessionId, approval: &Approval) -> Result<(), Fault> {
    let request = &approval.request;
    connection
        .prepare_cached(
            "INSERT INTO approvals (request_id, session_id, call_id, tool, subject, request, answer, by, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            request.id.as_str(),
            session.as_str(),
            request.call.id.as_str(),
            request.call.name,
            request.subject,
            to_json(request)?,
            to_json(&approval.answer)?,
            to_tag(approval.by)?,
            to_sql(approval.at_ms),
        ])
        .map_err(|error| missing_session(error, session))?;
    Ok(())
}

fn list(connection: &Connection, session: &SessionId) -> Result<Vec<Approval>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT request, answer, by, at_ms FROM approvals WHERE session_id = ? ORDER BY at_ms, rowid",
    )?;
    let rows = statement.query_map([session.as_str()], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, i64>(3)?,
        ))
    })?;
    rows.map(|row| {
        let (request, answer, by, at_ms) = row.map_err(|error| Fault::row(session, error))?;
        parse((&request, &answer, by), at_ms).map_err(|error| Fault::unreadable(session, error))
    })
    .collect()
}

fn parse(
    (request, answer, by): (&str, &str, String),
    at_ms: i64,
) -> Result<Approval, serde_json::Error> {
    Ok(Approval {
        request: serde_json::from_str(request)?,
        answer: serde_json::from_str(answer)?,
        by: from_tag(by)?,
        at_ms: from_sql(at_ms),
    })
}
