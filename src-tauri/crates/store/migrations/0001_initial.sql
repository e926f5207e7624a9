-- Sessions, their messages, turns and the answers to permission questions.
-- Times are Unix milliseconds. `folded` columns are lower-case copies for
-- search, because SQLite folds ASCII only.

CREATE TABLE sessions (
    id            TEXT    NOT NULL PRIMARY KEY,
    title         TEXT    NOT NULL,
    title_folded  TEXT    NOT NULL,
    workspace     TEXT    NOT NULL,
    mode          TEXT    NOT NULL DEFAULT 'ask',
    created_ms    INTEGER NOT NULL,
    updated_ms    INTEGER NOT NULL,
    message_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX sessions_by_update ON sessions (updated_ms DESC, id DESC);

CREATE TABLE messages (
    id         TEXT    NOT NULL PRIMARY KEY,
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    turn_id    TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    blocks     TEXT    NOT NULL,
    folded     TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    UNIQUE (session_id, position)
) STRICT;

CREATE TABLE turns (
    id                 TEXT    NOT NULL PRIMARY KEY,
    session_id         TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    run_id             TEXT    NOT NULL,
    provider           TEXT    NOT NULL,
    model              TEXT    NOT NULL,
    started_ms         INTEGER NOT NULL,
    finished_ms        INTEGER,
    reason             TEXT,
    input_tokens       INTEGER NOT NULL DEFAULT 0,
    output_tokens      INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens  INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX turns_by_session ON turns (session_id, started_ms);
CREATE INDEX turns_unfinished ON turns (started_ms) WHERE finished_ms IS NULL;

CREATE TABLE approvals (
    request_id TEXT    NOT NULL PRIMARY KEY,
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    call_id    TEXT    NOT NULL,
    tool       TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    request    TEXT    NOT NULL,
    answer     TEXT    NOT NULL,
    by         TEXT    NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;

CREATE INDEX approvals_by_session ON approvals (session_id, at_ms);
