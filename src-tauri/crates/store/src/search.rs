//! Search over all history: titles, what was said, and what tools were asked
//! and answered. Any text is a valid query; the ranking is that of FTS5 over
//! the newest matches, so that a common word costs no more than a rare one.

use std::collections::HashMap;

use protocol::{
    MessageId, Origin, Role, SearchHit, SearchPage, SessionId, ShelfQuery, SnippetPart,
};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use crate::Store;
use crate::branch::{self, Path};
use crate::encoding::{from_sql, from_tag};
use crate::error::{Fault, StoreError};
use crate::index;
use crate::shelf::{Conditions, place_of};

mod words;

pub(crate) use words::{Word, Words};

/// Hits of a page when the caller does not say.
const USUAL_HITS: u32 = 30;

/// The most hits of a page.
const MOST_HITS: u32 = 200;

/// Newest matches that are ranked.
const CANDIDATES: i64 = 2_000;

/// Words of a snippet; FTS5 allows 64.
const SNIPPET_WORDS: u32 = 24;

/// Characters before and after a literal hit.
const SNIPPET_SIDE: usize = 60;

/// Stand around a hit in SQLite's answer; no document holds them.
const HIT_START: char = '\u{1}';
const HIT_END: char = '\u{2}';

/// Columns of a hit, but for rank and snippet.
const COLUMNS: &str = "d.session_id, d.message_id, s.title, s.workspace, s.place,
    coalesce(m.created_ms, s.updated_ms), m.role, m.origin, m.branch, m.position";

const FROM: &str = "JOIN sessions s ON s.id = d.session_id
    LEFT JOIN messages m ON m.id = d.message_id";

impl Store {
    /// Messages and titles that hold all words, best first. No words find
    /// nothing.
    ///
    /// # Errors
    /// When the file cannot be read; never for what was typed.
    pub async fn search(&self, query: &ShelfQuery) -> Result<SearchPage, StoreError> {
        let query = query.clone();
        self.call(move |database| {
            index::repairing(&mut database.connection, |connection| {
                search(connection, &query)
            })
        })
        .await
    }

    /// Makes the search index anew from what it indexes; slow on a large
    /// file. For when [`Store::check`] finds that they do not agree.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn repair_search(&self) -> Result<(), StoreError> {
        self.call(|database| index::rebuild(&database.connection))
            .await
    }
}

fn search(connection: &Connection, query: &ShelfQuery) -> Result<SearchPage, Fault> {
    let words = Words::parse(&query.words);
    let limit = match query.limit {
        0 => USUAL_HITS,
        limit => limit.min(MOST_HITS),
    };
    let mut conditions = Conditions::of(query);
    for literal in words.literals() {
        conditions.hold("instr(d.text, ?) > 0", literal.to_owned());
    }
    // One more than asked for tells whether there are more.
    let paging = [limit + 1, query.offset].map(|number| Value::Integer(i64::from(number)));
    let mut rows = match words.expression() {
        _ if words.is_empty() => Vec::new(),
        Some(expression) => indexed(connection, &expression, (&conditions, &paging))?,
        None => scanned(connection, &words, (&conditions, &paging))?,
    };
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    Ok(SearchPage {
        hits: mark_superseded(connection, rows)?,
        more,
    })
}

/// Looks the words up, newest documents first, and ranks those.
fn indexed(
    connection: &Connection,
    expression: &str,
    (conditions, paging): (&Conditions, &[Value]),
) -> Result<Vec<Found>, Fault> {
    let filter = conditions.sql();
    let expression = Value::Text(expression.to_owned());
    let floor = format!(
        "SELECT min(id) FROM (SELECT search.rowid AS id FROM search
         CROSS JOIN documents d ON d.id = search.rowid {FROM}
         WHERE search MATCH ? AND {filter} ORDER BY search.rowid DESC LIMIT {CANDIDATES})"
    );
    let values = std::iter::once(&expression).chain(&conditions.values);
    let floor: Option<i64> = connection
        .prepare_cached(&floor)?
        .query_row(params_from_iter(values), |row| row.get(0))?;
    let Some(floor) = floor else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT {COLUMNS}, search.rank,
         snippet(search, 0, char(1), char(2), '…', {SNIPPET_WORDS})
         FROM search CROSS JOIN documents d ON d.id = search.rowid {FROM}
         WHERE search MATCH ? AND search.rowid >= ? AND {filter}
         ORDER BY search.rank LIMIT ? OFFSET ?"
    );
    let floor = Value::Integer(floor);
    let values = [&expression, &floor]
        .into_iter()
        .chain(&conditions.values)
        .chain(paging);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        let snippet: String = row.get(11)?;
        Found::read(row, row.get(10)?, marked(&snippet))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Looks through all documents for signs the index does not know.
fn scanned(
    connection: &Connection,
    words: &Words,
    (conditions, paging): (&Conditions, &[Value]),
) -> Result<Vec<Found>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS}, 0.0, d.text FROM documents d {FROM} WHERE {}
         ORDER BY d.id DESC LIMIT ? OFFSET ?",
        conditions.sql()
    );
    let literal = words.literals().next().unwrap_or_default();
    let mut statement = connection.prepare_cached(&sql)?;
    let values = conditions.values.iter().chain(paging);
    let rows = statement.query_map(params_from_iter(values), |row| {
        let text: String = row.get(11)?;
        Found::read(row, row.get(10)?, around(&text, literal))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A hit with the place of its message among the branches.
struct Found {
    hit: SearchHit,
    stands: Option<(i64, i64)>,
}

impl Found {
    fn read(row: &Row<'_>, rank: f64, snippet: Vec<SnippetPart>) -> rusqlite::Result<Self> {
        let session: String = row.get(0)?;
        let message: String = row.get(1)?;
        let role: Option<String> = row.get(6)?;
        let origin: Option<String> = row.get(7)?;
        let branch: Option<i64> = row.get(8)?;
        let position: Option<i64> = row.get(9)?;
        Ok(Self {
            hit: SearchHit {
                session_id: session.into(),
                title: row.get(2)?,
                workspace: row.get(3)?,
                place: place_of(row.get(4)?),
                message_id: (message != index::TITLE).then(|| MessageId::from(message)),
                role: role.and_then(|role| from_tag::<Role>(role).ok()),
                origin: origin.and_then(|origin| from_tag::<Origin>(origin).ok()),
                branch: branch.map(from_sql),
                superseded: false,
                at_ms: from_sql(row.get(5)?),
                rank,
                snippet,
            },
            stands: branch.zip(position),
        })
    }
}

fn mark_superseded(connection: &Connection, rows: Vec<Found>) -> Result<Vec<SearchHit>, Fault> {
    let mut paths: HashMap<SessionId, Option<Path>> = HashMap::new();
    let mut hits = Vec::with_capacity(rows.len());
    for Found { mut hit, stands } in rows {
        if let Some((branch, position)) = stands {
            // A session whose branches are damaged is found all the same.
            let path = paths
                .entry(hit.session_id.clone())
                .or_insert_with(|| branch::path(connection, &hit.session_id).ok());
            hit.superseded = path
                .as_ref()
                .is_some_and(|path| !path.holds(branch, position));
        }
        hits.push(hit);
    }
    Ok(hits)
}

/// Parts at the marks SQLite left.
fn marked(snippet: &str) -> Vec<SnippetPart> {
    let mut parts = Vec::new();
    let mut hit = false;
    for piece in snippet.split([HIT_START, HIT_END]) {
        push(&mut parts, piece, hit);
        hit = !hit;
    }
    parts
}

/// The surroundings of the first place where `literal` stands.
fn around(text: &str, literal: &str) -> Vec<SnippetPart> {
    let mut parts = Vec::new();
    let Some(start) = text.find(literal) else {
        push(&mut parts, text, false);
        return parts;
    };
    let (before, rest) = text.split_at(start);
    let (hit, after) = rest.split_at(literal.len());
    let skipped = before.chars().count().saturating_sub(SNIPPET_SIDE);
    let head: String = before.chars().skip(skipped).collect();
    let tail: String = after.chars().take(SNIPPET_SIDE).collect();
    let lead = if skipped > 0 { "…" } else { "" };
    let trail = if tail.len() < after.len() { "…" } else { "" };
    push(&mut parts, &format!("{lead}{head}"), false);
    push(&mut parts, hit, true);
    push(&mut parts, &format!("{tail}{trail}"), false);
    parts
}

/// A snippet is one line.
fn push(parts: &mut Vec<SnippetPart>, text: &str, hit: bool) {
    if !text.is_empty() {
        parts.push(SnippetPart {
            text: text.replace('\n', " "),
            hit,
        });
    }
}
