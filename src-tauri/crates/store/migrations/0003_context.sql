-- What stands for the first part of a session's history, the newest one that
-- was not taken back in force; and the messages the user pinned.

CREATE TABLE compactions (
    id         INTEGER NOT NULL PRIMARY KEY,
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    first_kept TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    undone_ms  INTEGER
) STRICT;

CREATE INDEX compactions_by_session ON compactions (session_id, id);

CREATE TABLE pins (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    PRIMARY KEY (session_id, message_id)
) STRICT;
